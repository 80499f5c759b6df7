//! Platt scaling: log-odds that mean what they say (Platt 1999).

use super::{Effort, Examples, Penalties, fit};
use crate::error::Result;
use crate::features::{DenseMatrix, FeatureMatrix};
use crate::model::Calibration;

/// Where the scores hold no information, a standard deviation of them is worth so many log-odds: enough to
/// keep their order, too little to be seen in a probability.
const FLAT: f64 = 1e-3;

/// Platt scaling: the logistic regression of the label on raw log-odds. Where it would turn the order
/// round, as it does when the scores hold no information, every listing is given the share of
/// counterfeits, but for a trace that keeps the order.
///
/// # Errors
/// As [`fit`].
pub(crate) fn fit_platt(
    log_odds: &[f64],
    labels: &[bool],
    weights: Option<&[f64]>,
) -> Result<Calibration> {
    let n = log_odds.len().max(1) as f64;
    let mean = log_odds.iter().sum::<f64>() / n;
    let squares = log_odds.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
    let sd = libm::sqrt(squares / n);
    if sd <= 1e-9 {
        return Ok(at_base_rate(labels, weights, mean, 1.0));
    }
    let mut dense = DenseMatrix::zeros(log_odds.len(), 1);
    for (row, value) in log_odds.iter().enumerate() {
        dense.set(row, 0, (value - mean) / sd);
    }
    let matrix = FeatureMatrix::from_dense(dense);
    // A trace of a penalty, so that scores that separate the classes still have a finite slope.
    let penalties = Penalties { dense: 1e-3, bins: None, words: None };
    let examples = Examples { matrix: &matrix, labels, weights };
    let fitted = fit(examples, penalties, Effort::Full(None))?.linear;
    let slope = fitted.coefficients[0] / sd;
    let intercept = fitted.intercept - slope * mean;
    let flat = || at_base_rate(labels, weights, mean, FLAT / sd);
    Ok(Calibration::platt(slope, intercept).unwrap_or_else(flat))
}

/// The scaling of this slope that gives the mean raw log-odds the share of counterfeits.
fn at_base_rate(labels: &[bool], weights: Option<&[f64]>, mean: f64, slope: f64) -> Calibration {
    let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
    let (mut positive, mut negative) = (0.0, 0.0);
    for (row, label) in labels.iter().enumerate() {
        *(if *label { &mut positive } else { &mut negative }) += weight(row);
    }
    let intercept = libm::log(positive) - libm::log(negative) - slope * mean;
    Calibration::platt(slope, intercept).unwrap_or(Calibration::IDENTITY)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A slope of 1 and an intercept of 0 are what data drawn from the scores themselves give:
    /// here each score stands with its own share of labels.
    #[test]
    fn platt_scaling_of_calibrated_scores_changes_little() {
        let mut log_odds = Vec::new();
        let mut labels = Vec::new();
        for (n_positive, n) in [(10, 100), (30, 100), (50, 100), (70, 100), (90, 100)] {
            for row in 0..n {
                log_odds.push(libm::log(f64::from(n_positive) / f64::from(n - n_positive)));
                labels.push(row < n_positive);
            }
        }
        let calibration = fit_platt(&log_odds, &labels, None).unwrap();
        assert!((calibration.slope() - 1.0).abs() < 1e-4);
        assert!(calibration.intercept().abs() < 1e-4);
    }

    /// One of four is counterfeit and has the lowest score: log-odds ln(1/3) for all, in the old order.
    #[test]
    fn scores_that_point_the_wrong_way_are_given_the_base_rate() {
        let labels = [true, false, false, false];
        let scores = [-1.0, -0.5, 0.5, 1.0];
        let calibration = fit_platt(&scores, &labels, None).unwrap();
        let own = scores.map(|score| calibration.apply(score));
        assert!(own.is_sorted_by(|a, b| a < b));
        assert!(own.iter().all(|own| (own - libm::log(1.0 / 3.0)).abs() < 2e-3), "{own:?}");
    }

    /// Weights 1, 1 and 2 of which 2 are of the counterfeit: even odds.
    #[test]
    fn scores_that_are_all_the_same_are_given_the_base_rate() {
        let weights = [1.0, 1.0, 2.0];
        let calibration = fit_platt(&[5.0; 3], &[false, false, true], Some(&weights)).unwrap();
        assert!(calibration.apply(5.0).abs() < 1e-12);
    }
}
