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

use super::Fitted;
use super::vectors::{ConjugateGradients, dot, fault, norm};
use crate::error::{ErrorKind, Result};
use crate::features::DenseMatrix;
use crate::model::LinearModel;

/// Settings of the dense fit.
#[derive(Clone, Debug)]
pub(crate) struct DenseParams {
    /// L2 penalty: the loss is the sum of log-losses plus penalty / 2 times the squared norm of
    /// the coefficients; the intercept is free. It is scikit-learn's 1/C.
    pub(crate) penalty: f64,
    /// Iterations of L-BFGS at the most.
    pub(crate) max_iterations: u64,
    /// Where to begin, which need not fit well.
    start: Option<LinearModel>,
}

impl DenseParams {
    pub(crate) fn new(penalty: f64) -> Self {
        DenseParams { penalty, max_iterations: 500, start: None }
    }

    /// The same from where another fit ended; coefficients beyond the columns are passed over.
    pub(crate) fn starting_from(self, start: Option<&LinearModel>) -> Self {
        DenseParams { start: start.cloned(), ..self }
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
) -> Result<Fitted> {
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
        let linear = LinearModel { intercept: libm::log(odds), coefficients: Vec::new() };
        return Ok(Fitted { linear, gradient_norm: 0.0 });
    }
    let shape = (n, matrix.n_columns()).f();
    let records =
        ArrayView2::from_shape(shape, matrix.values()).map_err(|error| fault(error.to_string()))?;
    let targets = Array1::from_iter(labels.iter().copied());
    let dataset = DatasetBase::new(records, targets);
    let mut settings = LogisticRegression::default()
        .alpha(params.penalty)
        .max_iterations(params.max_iterations)
        .gradient_tolerance(GRADIENT_GOAL * n as f64);
    if let Some(start) = &params.start {
        // linfa's positive class is the more frequent one.
        let sign = if n_positive * 2 > n { 1.0 } else { -1.0 };
        let columns = start.coefficients.iter().take(matrix.n_columns());
        let own = columns.chain(std::iter::once(&start.intercept)).map(|own| sign * own);
        settings = settings.initial_params(own.collect());
    }
    let fitted = settings
        .check()
        .and_then(|checked| checked.fit(&dataset))
        .map_err(|error| fault(error.to_string()))?;

    // linfa's positive class is the more frequent one; ours is the counterfeit.
    let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    let model = LinearModel {
        intercept: sign * fitted.intercept(),
        coefficients: fitted.params().iter().map(|value| sign * value).collect(),
    };
    let model = polish(matrix, labels, params.penalty, model);
    let gradient_norm = norm(&gradient(matrix, labels, params.penalty, &model)) / n as f64;
    if gradient_norm > GRADIENT_TOLERANCE || !gradient_norm.is_finite() {
        return Err(ErrorKind::NotConverged {
            gradient_norm,
            tolerance: GRADIENT_TOLERANCE,
            max_iterations: params.max_iterations,
        }
        .into());
    }
    Ok(Fitted { linear: model, gradient_norm })
}

/// One Newton step from where the optimizer stopped, by conjugate gradients with the diagonal of the
/// Hessian as preconditioner.
///
/// L-BFGS stops somewhere near the optimum, and where depends on rounding: on the order of the rows
/// and on the matrix kernels of the processor. The step squares that error, so that the same data gives
/// the same coefficients to 1e-9 on every machine. It is left out where it does not help, which is
/// where the fit has not converged.
fn polish(matrix: &DenseMatrix, labels: &[bool], penalty: f64, model: LinearModel) -> LinearModel {
    let slope = gradient(matrix, labels, penalty, &model);
    let weights: Vec<f64> = probabilities(matrix, &model).map(|p| p * (1.0 - p)).collect();
    let hessian = Hessian { matrix, weights: &weights, penalty };
    let step = SOLVER.step(&slope, &hessian.diagonal(), |vector| hessian.times(vector));
    let polished = LinearModel {
        intercept: model.intercept + step[matrix.n_columns()],
        coefficients: model.coefficients.iter().zip(&step).map(|(own, step)| own + step).collect(),
    };
    let after = norm(&gradient(matrix, labels, penalty, &polished));
    if after < norm(&slope) { polished } else { model }
}

/// Conjugate gradients need at most as many iterations as columns; some tens do on standardized
/// ones.
const SOLVER: ConjugateGradients = ConjugateGradients { tolerance: 1e-6, max_iterations: 200 };

/// The Hessian of the penalized loss, known by what it does to a vector; the intercept is last.
struct Hessian<'a> {
    matrix: &'a DenseMatrix,
    /// p (1 - p) of each row.
    weights: &'a [f64],
    penalty: f64,
}

impl Hessian<'_> {
    fn times(&self, vector: &[f64]) -> Vec<f64> {
        let mut image = vec![vector[self.matrix.n_columns()]; self.matrix.n_rows()];
        for (column, factor) in vector[..self.matrix.n_columns()].iter().enumerate() {
            for (sum, value) in image.iter_mut().zip(self.matrix.column(column)) {
                *sum += factor * value;
            }
        }
        for (value, weight) in image.iter_mut().zip(self.weights) {
            *value *= weight;
        }
        let columns = 0..self.matrix.n_columns();
        let mut product: Vec<f64> = columns
            .map(|column| dot(self.matrix.column(column), &image) + self.penalty * vector[column])
            .collect();
        product.push(image.iter().sum());
        product
    }

    /// Positive everywhere: a row has a weight above 0 unless its probability is 0 or 1 to the
    /// last bit.
    fn diagonal(&self) -> Vec<f64> {
        let square = |column: usize| -> f64 {
            let pairs = self.matrix.column(column).iter().zip(self.weights);
            pairs.map(|(value, weight)| value * value * weight).sum()
        };
        let mut diagonal: Vec<f64> = (0..self.matrix.n_columns())
            .map(|column| (square(column) + self.penalty).max(f64::MIN_POSITIVE))
            .collect();
        diagonal.push(self.weights.iter().sum::<f64>().max(f64::MIN_POSITIVE));
        diagonal
    }
}

/// P(counterfeit) of each row.
fn probabilities(matrix: &DenseMatrix, model: &LinearModel) -> impl Iterator<Item = f64> {
    let mut log_odds = vec![model.intercept; matrix.n_rows()];
    for (column, coefficient) in model.coefficients.iter().enumerate() {
        for (sum, value) in log_odds.iter_mut().zip(matrix.column(column)) {
            *sum += coefficient * value;
        }
    }
    log_odds.into_iter().map(|log_odds| 1.0 / (1.0 + libm::exp(-log_odds)))
}

/// The gradient of the penalized loss, the intercept's part last.
fn gradient(matrix: &DenseMatrix, labels: &[bool], penalty: f64, model: &LinearModel) -> Vec<f64> {
    let residuals: Vec<f64> = probabilities(matrix, model)
        .zip(labels)
        .map(|(probability, label)| probability - f64::from(*label))
        .collect();
    let mut gradient: Vec<f64> = model
        .coefficients
        .iter()
        .enumerate()
        .map(|(column, own)| dot(&residuals, matrix.column(column)) + penalty * own)
        .collect();
    gradient.push(residuals.iter().sum());
    gradient
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
        let model = fit_dense(&matrix, &labels, DenseParams::new(0.5)).unwrap().linear;
        let expected = (-0.5747371991660868, [1.152896466856967, -0.4959149591616137]);
        assert!((model.intercept - expected.0).abs() < 1e-6, "{}", model.intercept);
        for (own, other) in model.coefficients.iter().zip(expected.1) {
            assert!((own - other).abs() < 1e-6, "{:?}", model.coefficients);
        }
    }

    #[test]
    fn where_a_fit_begins_does_not_move_its_end() {
        let (matrix, labels) = data();
        let own = fit_dense(&matrix, &labels, DenseParams::new(0.5)).unwrap().linear;
        let start = LinearModel { intercept: 2.0, coefficients: vec![-3.0, 1.0, 7.0] };
        let params = DenseParams::new(0.5).starting_from(Some(&start));
        let other = fit_dense(&matrix, &labels, params).unwrap().linear;
        assert!((own.intercept - other.intercept).abs() < 1e-8);
        for (own, other) in own.coefficients.iter().zip(&other.coefficients) {
            assert!((own - other).abs() < 1e-8);
        }
    }

    /// Pins that linfa-logistic models the majority class: with the labels' shares exchanged the
    /// sign of our coefficients must still be that of counterfeit.
    #[test]
    fn the_probability_is_of_counterfeit_whichever_class_is_larger() {
        let (matrix, labels) = data();
        let flipped: Vec<bool> = labels.iter().map(|label| !label).collect();
        let minority = fit_dense(&matrix, &labels, DenseParams::new(0.5)).unwrap().linear;
        let majority = fit_dense(&matrix, &flipped, DenseParams::new(0.5)).unwrap().linear;
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
        let params = DenseParams { max_iterations: 1, ..DenseParams::new(0.5) };
        let error = fit_dense(&matrix, &labels, params).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::NotConverged { .. }), "{error}");
    }

    /// Pins that linfa-logistic panics in `predict` on another width; we check first.
    #[test]
    fn another_width_is_an_error() {
        let (matrix, labels) = data();
        let model = fit_dense(&matrix, &labels, DenseParams::new(0.5)).unwrap().linear;
        assert!(model.check_width(2).is_ok());
        let error = model.check_width(3).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Width { expected: 2, found: 3 }));
    }

    /// The order of the rows changes every rounding, as another processor's kernels do.
    #[test]
    fn rounding_does_not_move_the_coefficients() {
        let n = 2_000;
        let mut state = 1_u64;
        let mut draw = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let rows: Vec<([f64; 4], bool)> = (0..n)
            .map(|_| {
                let x = [draw() - 0.5, 4.0 * draw(), draw() * draw(), f64::from(draw() < 0.01)];
                (x, draw() < 0.1 + 0.3 * (x[0] + 0.5) + 0.4 * x[3])
            })
            .collect();
        let fitted = |order: &[usize]| {
            let mut matrix = DenseMatrix::zeros(n, 4);
            let mut labels = Vec::new();
            for (row, &source) in order.iter().enumerate() {
                for (column, value) in rows[source].0.iter().enumerate() {
                    matrix.set(row, column, *value);
                }
                labels.push(rows[source].1);
            }
            fit_dense(&matrix, &labels, DenseParams::new(1.0)).unwrap().linear
        };
        let forward: Vec<usize> = (0..n).collect();
        let shuffled: Vec<usize> = (0..n).map(|row| row * 997 % n).collect();
        let (one, two) = (fitted(&forward), fitted(&shuffled));
        assert!((one.intercept - two.intercept).abs() < 1e-11);
        for (a, b) in one.coefficients.iter().zip(&two.coefficients) {
            assert!((a - b).abs() < 1e-11, "{a} {b}");
        }
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
        let model = fit_dense(&matrix, &labels, DenseParams::new(1.0)).unwrap().linear;
        assert!((model.intercept + libm::log(3.0)).abs() < 1e-12);
    }
}
