//! Platt scaling: log-odds that mean what they say (Platt 1999).

use super::{Effort, Examples, Penalties, fit};
use crate::error::Result;
use crate::features::{DenseMatrix, FeatureMatrix};
use crate::model::Calibration;

/// Platt scaling: the logistic regression of the label on raw log-odds. Falls back to no change
/// where it would turn the order round, as it does when the scores hold no information.
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
        return Ok(Calibration::IDENTITY);
    }
    let mut dense = DenseMatrix::zeros(log_odds.len(), 1);
    for (row, value) in log_odds.iter().enumerate() {
        dense.set(row, 0, (value - mean) / sd);
    }
    let matrix = FeatureMatrix::from_dense(dense);
    // A trace of a penalty, so that scores that separate the classes still have a finite slope.
    let penalties = Penalties { dense: 1e-3, bins: None, words: None };
    let examples = Examples { matrix: &matrix, labels, weights };
    let fitted = fit(examples, penalties, Effort::Full)?.linear;
    let slope = fitted.coefficients[0] / sd;
    let intercept = fitted.intercept - slope * mean;
    Ok(Calibration::platt(slope, intercept).unwrap_or(Calibration::IDENTITY))
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

    #[test]
    fn scores_that_point_the_wrong_way_are_left_alone() {
        let calibration =
            fit_platt(&[-1.0, -0.5, 0.5, 1.0], &[true, true, false, false], None).unwrap();
        assert_eq!(calibration, Calibration::IDENTITY);
    }
}
