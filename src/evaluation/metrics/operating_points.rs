//! The thresholds one could choose, with what each would cost and bring.

use super::super::judged::Ranking;
use crate::model::OperatingPoint;

/// How many operating points are given at most.
pub const MAX_POINTS: usize = 200;

/// Every distinct score as a threshold, from high to low.
pub fn all_operating_points(ranking: &Ranking) -> Vec<OperatingPoint> {
    let (mut flagged, mut caught) = (0, 0);
    let points = ranking.ties().iter().map(|tie| {
        flagged += tie.n;
        caught += tie.n_positive;
        OperatingPoint {
            threshold: tie.score,
            flagged_share: flagged as f64 / ranking.n() as f64,
            precision: caught as f64 / flagged as f64,
            recall: caught as f64 / ranking.n_positive() as f64,
        }
    });
    points.collect()
}

/// At most [`MAX_POINTS`] of the distinct scores as thresholds, from high to low.
///
/// When there are more, the first is kept, and the first to reach each of 99 even steps of recall
/// and each of 100 even steps of the flagged share: the former draw the curve where counterfeits
/// are rare, the latter its tail.
pub fn operating_points(ranking: &Ranking) -> Vec<OperatingPoint> {
    let all = all_operating_points(ranking);
    if all.len() <= MAX_POINTS {
        return all;
    }
    let mut step = (u32::MAX, u32::MAX);
    let mut points = Vec::new();
    for point in all {
        let reached = (percent(point.recall).min(99), percent(point.flagged_share));
        if reached != step {
            points.push(point);
        }
        step = reached;
    }
    points
}

/// Whole percent of a share of two counts, without falling short by a rounding error.
fn percent(share: f64) -> u32 {
    (100.0 * share + 1e-9) as u32
}

#[cfg(test)]
mod tests {
    use super::super::super::examples::coarse;
    use super::*;

    #[test]
    fn agrees_with_scikit_learn() {
        // p, r, t = sklearn.metrics.precision_recall_curve(y, s)
        // [(c, (s >= c).mean(), a, b) for a, b, c in zip(p, r, t)][::-1][:5]
        let expected = [
            (1.0, 0.025, 1.0, 0.058823529411764705),
            (0.9, 0.1, 1.0, 0.23529411764705882),
            (0.8, 0.15, 1.0, 0.35294117647058826),
            (0.7, 0.175, 1.0, 0.4117647058823529),
            (0.6, 0.3, 0.75, 0.5294117647058824),
        ];
        let points = operating_points(&coarse().ranking());
        assert_eq!(points.len(), 11);
        for (point, (threshold, flagged, precision, recall)) in points.iter().zip(expected) {
            assert_eq!(point.threshold, threshold);
            assert!((point.flagged_share - flagged).abs() < 1e-9);
            assert!((point.precision - precision).abs() < 1e-9);
            assert!((point.recall - recall).abs() < 1e-9);
        }
    }

    #[test]
    fn many_thresholds_are_thinned_without_gaps_in_recall_or_flagged_share() {
        // Counterfeits are one in fifty and stand in the upper tenth, five apart.
        let n = 10_000;
        let scores: Vec<f64> = (0..n).map(|row| 1.0 - f64::from(row) / f64::from(n)).collect();
        let labels: Vec<bool> = (0..n).map(|row| row < 1000 && row % 5 == 0).collect();
        let points = operating_points(&Ranking::new(&scores, &labels).unwrap());
        assert!(points.len() <= MAX_POINTS, "{}", points.len());
        assert_eq!(points.first().map(|p| p.threshold), Some(1.0));
        assert_eq!(points.last().map(|p| (p.flagged_share, p.recall)), Some((1.0, 1.0)));
        for pair in points.windows(2) {
            assert!(pair[0].threshold > pair[1].threshold);
            assert!(pair[1].recall - pair[0].recall < 0.0101);
            assert!(pair[1].flagged_share - pair[0].flagged_share < 0.0101);
        }
    }
}
