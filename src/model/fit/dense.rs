//! The dense fit: linfa-logistic behind a wrapper that knows its traps.
//!
//! linfa-logistic 0.8.1 models the probability of the majority class, reports no failure to
//! converge, panics on a matrix of another width and takes NaN for an error. Here the coefficients
//! are turned to P(counterfeit), convergence is judged by the gradient at the result, and the
//! width is the matrix's own.

use linfa::DatasetBase;
use linfa::prelude::{Fit, ParamGuard};
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, ArrayView2, ShapeBuilder};

use crate::error::{ErrorKind, Result};
use crate::features::DenseMatrix;
use crate::model::{Calibration, LinearModel};

/// Settings of the dense fit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DenseParams {
    /// L2 penalty: the loss is the sum of log-losses plus penalty / 2 times the squared norm of
    /// the coefficients; the intercept is free. It is scikit-learn's 1/C.
    pub(crate) penalty: f64,
    /// Iterations of L-BFGS at the most.
    pub(crate) max_iterations: u64,
}

impl DenseParams {
    pub(crate) fn new(penalty: f64) -> Self {
        DenseParams { penalty, max_iterations: 500 }
    }
}

/// What the optimizer is asked for: Euclidean norm of the gradient, per row.
const GRADIENT_GOAL: f64 = 1e-9;

/// What is accepted as converged: the norm at which rounding stops the line search on large data
/// is below this, and coefficients move in the seventh digit at the most.
const GRADIENT_TOLERANCE: f64 = 1e-7;

/// Fits P(counterfeit) on the columns of `matrix`; `labels` are true for counterfeit.
///
/// # Errors
/// One class only, a number that is not finite, or no convergence.
pub(crate) fn fit_dense(
    matrix: &DenseMatrix,
    labels: &[bool],
    params: DenseParams,
) -> Result<LinearModel> {
    if labels.len() != matrix.n_rows() {
        return Err(fault(format!("{} labels for {} rows", labels.len(), matrix.n_rows())));
    }
    let n = matrix.n_rows();
    let n_positive = labels.iter().filter(|label| **label).count();
    if n_positive == 0 || n_positive == n {
        return Err(fault("the labels are all of one class".to_owned()));
    }
    if matrix.n_columns() == 0 {
        let odds = n_positive as f64 / (n - n_positive) as f64;
        return Ok(LinearModel { intercept: libm::log(odds), coefficients: Vec::new() });
    }
    let shape = (n, matrix.n_columns()).f();
    let records =
        ArrayView2::from_shape(shape, matrix.values()).map_err(|error| fault(error.to_string()))?;
    let targets = Array1::from_iter(labels.iter().copied());
    let dataset = DatasetBase::new(records, targets);
    let fitted = LogisticRegression::default()
        .alpha(params.penalty)
        .max_iterations(params.max_iterations)
        .gradient_tolerance(GRADIENT_GOAL * n as f64)
        .check()
        .and_then(|checked| checked.fit(&dataset))
        .map_err(|error| fault(error.to_string()))?;

    // linfa's positive class is the more frequent one; ours is the counterfeit.
    let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    let model = LinearModel {
        intercept: sign * fitted.intercept(),
        coefficients: fitted.params().iter().map(|value| sign * value).collect(),
    };
    let gradient_norm = gradient_norm(matrix, labels, params.penalty, &model) / n as f64;
    if gradient_norm > GRADIENT_TOLERANCE || !gradient_norm.is_finite() {
        return Err(ErrorKind::NotConverged {
            gradient_norm,
            tolerance: GRADIENT_TOLERANCE,
            max_iterations: params.max_iterations,
        }
        .into());
    }
    Ok(model)
}

/// Platt scaling: the logistic regression of the label on raw log-odds. Falls back to no change
/// where it would turn the order round, as it does when the scores hold no information.
///
/// # Errors
/// As [`fit_dense`].
pub(crate) fn fit_platt(log_odds: &[f64], labels: &[bool]) -> Result<Calibration> {
    let n = log_odds.len().max(1) as f64;
    let mean = log_odds.iter().sum::<f64>() / n;
    let squares = log_odds.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
    let sd = libm::sqrt(squares / n);
    if sd <= 1e-9 {
        return Ok(Calibration::IDENTITY);
    }
    let mut matrix = DenseMatrix::zeros(log_odds.len(), 1);
    for (row, value) in log_odds.iter().enumerate() {
        matrix.set(row, 0, (value - mean) / sd);
    }
    // A trace of a penalty, so that scores that separate the classes still have a finite slope.
    let fitted = fit_dense(&matrix, labels, DenseParams::new(1e-3))?;
    let slope = fitted.coefficients[0] / sd;
    let intercept = fitted.intercept - slope * mean;
    Ok(Calibration::platt(slope, intercept).unwrap_or(Calibration::IDENTITY))
}

/// Euclidean norm of the gradient of the penalized loss.
fn gradient_norm(matrix: &DenseMatrix, labels: &[bool], penalty: f64, model: &LinearModel) -> f64 {
    let mut log_odds = vec![model.intercept; matrix.n_rows()];
    for (column, coefficient) in model.coefficients.iter().enumerate() {
        for (sum, value) in log_odds.iter_mut().zip(matrix.column(column)) {
            *sum += coefficient * value;
        }
    }
    let residuals: Vec<f64> = log_odds
        .iter()
        .zip(labels)
        .map(|(log_odds, label)| 1.0 / (1.0 + libm::exp(-log_odds)) - f64::from(*label))
        .collect();
    let mut squares = residuals.iter().sum::<f64>();
    squares *= squares;
    for (column, coefficient) in model.coefficients.iter().enumerate() {
        let dot: f64 = residuals.iter().zip(matrix.column(column)).map(|(r, x)| r * x).sum();
        let partial = dot + penalty * coefficient;
        squares += partial * partial;
    }
    libm::sqrt(squares)
}

fn fault(detail: String) -> crate::error::Error {
    ErrorKind::Fit { detail }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten rows, two columns; the second is the noise.
    fn data() -> (DenseMatrix, Vec<bool>) {
        let rows = [
            (-1.5, 0.3, false),
            (-1.0, -0.7, false),
            (-0.8, 1.1, false),
            (-0.3, 0.2, true),
            (-0.2, -1.2, false),
            (0.1, 0.9, false),
            (0.4, -0.4, true),
            (0.9, 0.5, false),
            (1.1, -0.9, true),
            (1.6, 0.1, true),
        ];
        let mut matrix = DenseMatrix::zeros(rows.len(), 2);
        for (row, (a, b, _)) in rows.iter().enumerate() {
            matrix.set(row, 0, *a);
            matrix.set(row, 1, *b);
        }
        (matrix, rows.iter().map(|(_, _, label)| *label).collect())
    }

    /// `LogisticRegression(C=1/0.5, tol=1e-12, max_iter=10000).fit(X, y)` in scikit-learn.
    #[test]
    fn coefficients_agree_with_scikit_learn() {
        let (matrix, labels) = data();
        let model = fit_dense(&matrix, &labels, DenseParams::new(0.5)).unwrap();
        let expected = (-0.5747371991660868, [1.152896466856967, -0.4959149591616137]);
        assert!((model.intercept - expected.0).abs() < 1e-6, "{}", model.intercept);
        for (own, other) in model.coefficients.iter().zip(expected.1) {
            assert!((own - other).abs() < 1e-6, "{:?}", model.coefficients);
        }
    }

    /// Pins that linfa-logistic models the majority class: with the labels' shares exchanged the
    /// sign of our coefficients must still be that of counterfeit.
    #[test]
    fn the_probability_is_of_counterfeit_whichever_class_is_larger() {
        let (matrix, labels) = data();
        let flipped: Vec<bool> = labels.iter().map(|label| !label).collect();
        let minority = fit_dense(&matrix, &labels, DenseParams::new(0.5)).unwrap();
        let majority = fit_dense(&matrix, &flipped, DenseParams::new(0.5)).unwrap();
        assert!(minority.coefficients[0] > 0.5);
        for (a, b) in minority.coefficients.iter().zip(&majority.coefficients) {
            assert!((a + b).abs() < 1e-6);
        }
        assert!((minority.intercept + majority.intercept).abs() < 1e-6);
    }

    /// Pins that linfa-logistic returns `Ok` without having converged.
    #[test]
    fn too_few_iterations_are_an_error() {
        let (matrix, labels) = data();
        let params = DenseParams { penalty: 0.5, max_iterations: 1 };
        let error = fit_dense(&matrix, &labels, params).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::NotConverged { .. }), "{error}");
    }

    /// Pins that linfa-logistic panics in `predict` on another width; we check first.
    #[test]
    fn another_width_is_an_error() {
        let (matrix, labels) = data();
        let model = fit_dense(&matrix, &labels, DenseParams::new(0.5)).unwrap();
        assert!(model.check_width(2).is_ok());
        let error = model.check_width(3).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Width { expected: 2, found: 3 }));
    }

    #[test]
    fn numbers_that_are_not_finite_and_single_classes_are_errors() {
        let (mut matrix, labels) = data();
        assert!(fit_dense(&matrix, &[true; 10], DenseParams::new(0.5)).is_err());
        matrix.set(0, 0, f64::NAN);
        assert!(fit_dense(&matrix, &labels, DenseParams::new(0.5)).is_err());
    }

    #[test]
    fn without_columns_the_intercept_is_the_log_odds_of_the_base_rate() {
        let matrix = DenseMatrix::zeros(4, 0);
        let labels = [true, false, false, false];
        let model = fit_dense(&matrix, &labels, DenseParams::new(1.0)).unwrap();
        assert!((model.intercept + libm::log(3.0)).abs() < 1e-12);
    }

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
        let calibration = fit_platt(&log_odds, &labels).unwrap();
        assert!((calibration.slope() - 1.0).abs() < 1e-4);
        assert!(calibration.intercept().abs() < 1e-4);
    }

    #[test]
    fn scores_that_point_the_wrong_way_are_left_alone() {
        let calibration = fit_platt(&[-1.0, -0.5, 0.5, 1.0], &[true, true, false, false]).unwrap();
        assert_eq!(calibration, Calibration::IDENTITY);
    }
}
