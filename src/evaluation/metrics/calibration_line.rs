//! Calibration slope and intercept: the line through the log-odds of the predictions.

use super::super::judged::Ranking;

/// The logistic regression of the label on the log-odds of the prediction, unpenalized (Cox, "Two
/// further applications of a model for binary regression", 1958). Perfect calibration is slope 1
/// and intercept 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CalibrationLine {
    /// Below 1 the predictions are too extreme, above 1 too timid, below 0 upside down.
    pub slope: f64,
    /// In log-odds, fitted together with the slope: the log-odds of the labels where the
    /// prediction is one half.
    pub intercept: f64,
}

/// Fits the line by Newton's method.
///
/// Predictions are kept [`f64::EPSILON`] away from 0 and 1, as in
/// [`log_loss`](super::log_loss()), so that they have log-odds.
///
/// `None` when a threshold on the score parts the classes without overlap, so that no best line
/// exists (this includes scores that are all equal), and when the steps do not converge.
pub fn calibration_line(ranking: &Ranking) -> Option<CalibrationLine> {
    let mut points: Vec<Point> = ranking
        .ties()
        .iter()
        .map(|tie| {
            let p = tie.score.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
            Point {
                x: libm::log(p) - libm::log1p(-p),
                n: tie.n as f64,
                n_positive: tie.n_positive as f64,
            }
        })
        .collect();
    if separable(&points) {
        return None;
    }
    let n = ranking.n() as f64;
    let mean = points.iter().map(|p| p.n * p.x).sum::<f64>() / n;
    let variance = points.iter().map(|p| p.n * (p.x - mean) * (p.x - mean)).sum::<f64>() / n;
    let deviation = variance.sqrt();
    // Standardized log-odds make the two parameters alike in size whatever the predictions.
    for point in &mut points {
        point.x = (point.x - mean) / deviation;
    }
    let Line { level, rise } = newton(&points, n)?;
    let slope = rise / deviation;
    Some(CalibrationLine { slope, intercept: level - slope * mean })
}

/// Rows of equal prediction.
struct Point {
    x: f64,
    n: f64,
    n_positive: f64,
}

/// A line of log-odds: `level + rise * x`.
#[derive(Clone, Copy)]
struct Line {
    level: f64,
    rise: f64,
}

/// Newton steps before the fit is given up; from the base rate about six are needed.
const MAX_STEPS: usize = 100;

/// The step, relative to the parameters, that is the last: what Newton's method leaves is about the
/// square of its step. A bound on the gradient would have to know its rounding over all rows.
const LAST_STEP: f64 = 1e-8;

/// Whether the classes touch at one point at most, in which case the likelihood has no maximum
/// (Albert and Anderson, "On the existence of maximum likelihood estimates in logistic regression
/// models", 1984). Points come from high to low.
fn separable(points: &[Point]) -> bool {
    let positives = || points.iter().filter(|p| p.n_positive > 0.0).map(|p| p.x);
    let negatives = || points.iter().filter(|p| p.n_positive < p.n).map(|p| p.x);
    match (positives().next(), positives().next_back(), negatives().next(), negatives().next_back())
    {
        (Some(top_positive), Some(low_positive), Some(top_negative), Some(low_negative)) => {
            low_positive >= top_negative || low_negative >= top_positive
        }
        _ => true,
    }
}

/// The line of greatest likelihood over `n` rows, or `None` without convergence.
fn newton(points: &[Point], n: f64) -> Option<Line> {
    let n_positive: f64 = points.iter().map(|p| p.n_positive).sum();
    let mut line = Line { level: libm::log(n_positive / (n - n_positive)), rise: 0.0 };
    let mut loss = loss_of(points, line) / n;
    for _ in 0..MAX_STEPS {
        let (mut g0, mut g1, mut h00, mut h01, mut h11) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for point in points {
            let p = 1.0 / (1.0 + libm::exp(-(line.level + line.rise * point.x)));
            let residual = point.n * p - point.n_positive;
            let weight = point.n * p * (1.0 - p);
            g0 += residual;
            g1 += residual * point.x;
            h00 += weight;
            h01 += weight * point.x;
            h11 += weight * point.x * point.x;
        }
        let determinant = h00 * h11 - h01 * h01;
        if !(determinant.is_finite() && determinant > 0.0) {
            return None;
        }
        let step = Line {
            level: (h11 * g0 - h01 * g1) / determinant,
            rise: (h00 * g1 - h01 * g0) / determinant,
        };
        if step.level.abs().max(step.rise.abs())
            <= LAST_STEP * (1.0 + line.level.abs().max(line.rise.abs()))
        {
            return Some(Line { level: line.level - step.level, rise: line.rise - step.rise });
        }
        (line, loss) = descend(points, n, line, step, loss)?;
    }
    None
}

/// The longest of step, half step, quarter step and so on that does not raise the loss per row.
/// Newton's full step can overshoot where the curve is flat.
fn descend(points: &[Point], n: f64, from: Line, step: Line, loss: f64) -> Option<(Line, f64)> {
    let mut length = 1.0;
    while length > 1e-6 {
        let to =
            Line { level: from.level - length * step.level, rise: from.rise - length * step.rise };
        let reached = loss_of(points, to) / n;
        // Near the optimum the loss changes by less than its rounding over millions of rows.
        if reached <= loss + 1e-10 * loss.abs() {
            return Some((to, reached));
        }
        length *= 0.5;
    }
    None
}

/// The negative log-likelihood of a line, in nats.
fn loss_of(points: &[Point], line: Line) -> f64 {
    points
        .iter()
        .map(|point| {
            let z = line.level + line.rise * point.x;
            // ln(1 + e^z) without overflow.
            let softplus = z.max(0.0) + libm::log1p(libm::exp(-z.abs()));
            point.n * softplus - point.n_positive * z
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::super::super::examples::{coarse, fine};
    use super::*;

    #[test]
    fn agrees_with_scikit_learn() {
        // from sklearn.linear_model import LogisticRegression
        // e = np.finfo(float).eps; p = np.clip(s, e, 1 - e); x = np.log(p / (1 - p))[:, None]
        // m = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-14, max_iter=1000).fit(x, y)
        // print(m.coef_[0, 0], m.intercept_[0])
        let expected = [
            (fine(), 1.1753272738552856, 0.2890644384910965),
            (coarse(), 0.9001017207030015, -0.04432730539422983),
        ];
        for (example, slope, intercept) in expected {
            let line = calibration_line(&example.ranking()).unwrap();
            assert!((line.slope - slope).abs() < 1e-6, "{line:?}");
            assert!((line.intercept - intercept).abs() < 1e-6, "{line:?}");
        }
    }

    #[test]
    fn predictions_that_are_right_on_average_have_slope_1_and_intercept_0() {
        // 4 rows at 0.25 with 1 counterfeit, 10 at 0.9 with 9.
        let scores = [vec![0.25; 4], vec![0.9; 10]].concat();
        let labels = [vec![true, false, false, false], vec![true; 9], vec![false]].concat();
        let line = calibration_line(&Ranking::new(&scores, &labels).unwrap()).unwrap();
        assert!((line.slope - 1.0).abs() < 1e-9, "{line:?}");
        assert!(line.intercept.abs() < 1e-9, "{line:?}");
        let upside_down: Vec<bool> = labels.iter().map(|label| !label).collect();
        let line = calibration_line(&Ranking::new(&scores, &upside_down).unwrap()).unwrap();
        assert!((line.slope + 1.0).abs() < 1e-9, "{line:?}");
    }

    #[test]
    fn classes_without_overlap_have_no_line() {
        let line = |scores: &[f64], labels: &[bool]| {
            calibration_line(&Ranking::new(scores, labels).unwrap())
        };
        assert_eq!(line(&[0.9, 0.8, 0.2], &[true, true, false]), None);
        assert_eq!(line(&[0.9, 0.8, 0.2], &[false, false, true]), None);
        assert_eq!(line(&[0.9, 0.5, 0.5, 0.2], &[true, true, false, false]), None);
        assert_eq!(line(&[0.4, 0.4], &[true, false]), None);
        assert!(line(&[0.9, 0.5, 0.4, 0.2], &[true, false, true, false]).is_some());
    }

    #[test]
    fn predictions_many_magnitudes_apart_still_converge() {
        // The same comparison with s = np.array([1e-12, 1e-9, 1e-9, 1e-3, 0.5, 1 - 1e-9, 1.0])
        // and y = np.array([0, 1, 0, 0, 1, 0, 1])
        let scores = [1e-12, 1e-9, 1e-9, 1e-3, 0.5, 1.0 - 1e-9, 1.0];
        let labels = [false, true, false, false, true, false, true];
        let line = calibration_line(&Ranking::new(&scores, &labels).unwrap()).unwrap();
        assert!((line.slope - 0.029913534374420694).abs() < 1e-6, "{line:?}");
        assert!((line.intercept + 0.2226507236354225).abs() < 1e-6, "{line:?}");
    }
}
