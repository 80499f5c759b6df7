//! The joint fit: dense and sparse columns in one logistic regression, each group under a penalty of its
//! own.
//!
//! linfa-logistic holds no sparse matrix and one penalty, so this is an estimator of our own behind linfa's
//! traits, on the L-BFGS that linfa-logistic uses too (argmin), and brought to its optimum by Newton
//! steps. On dense columns alone the two agree, which a test shows.

use std::ops::Range;
use std::sync::Mutex;

use argmin::core::{CostFunction, Error as ArgminError, Executor, Gradient};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use linfa::DatasetBase;
use linfa::dataset::Records;
use linfa::prelude::{Fit, ParamGuard};
use ndarray::Array1;
use rayon::prelude::*;

use super::vectors::{ConjugateGradients, dot, fault, norm};
use crate::error::{Error, ErrorKind, Result};
use crate::features::FeatureMatrix;
use crate::model::LinearModel;

/// Settings of the joint fit: the loss is the sum of log-losses plus half of each group's penalty times
/// the squared norm of its coefficients; the intercept is free.
#[derive(Clone, Debug)]
pub(crate) struct JointParams(ValidJointParams);

/// Settings that make sense.
#[derive(Clone, Debug)]
pub(crate) struct ValidJointParams {
    dense_penalty: f64,
    sparse_penalty: f64,
    /// Euclidean norm of the gradient, per row, at which the fit is done.
    gradient_goal: f64,
    max_iterations: u64,
    start: Option<LinearModel>,
}

/// The gradient goal of a fit that is kept.
const FINAL_GOAL: f64 = 1e-9;

/// The gradient goal of a fit that is compared with others: coefficients move in the third digit.
const ROUGH_GOAL: f64 = 1e-5;

/// What is accepted as converged where rounding stops the line search before the goal.
const ACCEPTED_OVER_GOAL: f64 = 100.0;

/// Vectors that L-BFGS remembers.
const HISTORY: usize = 10;

/// Rows are summed up in so many parts, whatever the number of threads, so that sums are the same.
const N_PARTS: usize = 16;

/// Newton steps at the most.
const MAX_NEWTON_STEPS: usize = 8;

/// How a Newton step is found.
const SOLVER: ConjugateGradients = ConjugateGradients { tolerance: 1e-3, max_iterations: 200 };

impl JointParams {
    /// Settings of a fit that is kept.
    pub(crate) fn new(dense_penalty: f64, sparse_penalty: f64) -> Self {
        JointParams(ValidJointParams {
            dense_penalty,
            sparse_penalty,
            gradient_goal: FINAL_GOAL,
            max_iterations: 500,
            start: None,
        })
    }

    /// The same for a fit that is compared with others, from where another one ended.
    pub(crate) fn rough(mut self, start: Option<LinearModel>) -> Self {
        self.0.gradient_goal = ROUGH_GOAL;
        self.0.start = start;
        self
    }
}

impl ParamGuard for JointParams {
    type Checked = ValidJointParams;
    type Error = linfa::Error;

    fn check_ref(&self) -> std::result::Result<&ValidJointParams, linfa::Error> {
        let penalties = [self.0.dense_penalty, self.0.sparse_penalty];
        if penalties.iter().all(|penalty| penalty.is_finite() && *penalty > 0.0) {
            return Ok(&self.0);
        }
        Err(linfa::Error::Parameters(format!("penalties above 0 expected, found {penalties:?}")))
    }

    fn check(self) -> std::result::Result<ValidJointParams, linfa::Error> {
        self.check_ref()?;
        Ok(self.0)
    }
}

impl Records for &FeatureMatrix {
    type Elem = f64;

    fn nsamples(&self) -> usize {
        self.n_rows()
    }

    fn nfeatures(&self) -> usize {
        self.n_columns()
    }
}

impl<'a> Fit<&'a FeatureMatrix, Array1<bool>, Error> for ValidJointParams {
    type Object = LinearModel;

    /// Fits P(counterfeit); the targets are true for counterfeit.
    ///
    /// # Errors
    /// One class only, widths that differ, or no convergence.
    fn fit(&self, dataset: &DatasetBase<&'a FeatureMatrix, Array1<bool>>) -> Result<LinearModel> {
        let matrix = *dataset.records();
        let labels: Vec<bool> = dataset.targets().iter().copied().collect();
        let n_positive = labels.iter().filter(|label| **label).count();
        if labels.len() != matrix.n_rows() {
            return Err(fault(format!("{} labels for {} rows", labels.len(), matrix.n_rows())));
        }
        if n_positive == 0 || n_positive == labels.len() {
            return Err(fault("the labels are all of one class".to_owned()));
        }
        let loss = Loss { matrix, labels: &labels, params: self };
        let start = if let Some(start) = &self.start {
            start.clone().into_vector(matrix.n_columns())?
        } else {
            let odds = n_positive as f64 / (labels.len() - n_positive) as f64;
            let mut start = vec![0.0; matrix.n_columns()];
            start.push(libm::log(odds));
            start
        };
        let found = loss.approach(start);
        let (found, gradient_norm) = loss.finish(found);
        let tolerance = self.gradient_goal * ACCEPTED_OVER_GOAL;
        if gradient_norm > tolerance || !gradient_norm.is_finite() {
            let max_iterations = self.max_iterations;
            return Err(ErrorKind::NotConverged { gradient_norm, tolerance, max_iterations }.into());
        }
        Ok(LinearModel::from_vector(found))
    }
}

/// Fits P(counterfeit) on dense and sparse columns; `labels` are true for counterfeit.
///
/// # Errors
/// One class only, a penalty that is not above 0, or no convergence.
pub(crate) fn fit_joint(
    matrix: &FeatureMatrix,
    labels: &[bool],
    params: JointParams,
) -> Result<LinearModel> {
    let dataset = DatasetBase::new(matrix, Array1::from_iter(labels.iter().copied()));
    params.check()?.fit(&dataset)
}

impl LinearModel {
    /// The coefficients with the intercept last.
    fn into_vector(self, n_columns: usize) -> Result<Vec<f64>> {
        self.check_width(n_columns)?;
        let mut vector = self.coefficients;
        vector.push(self.intercept);
        Ok(vector)
    }

    fn from_vector(mut vector: Vec<f64>) -> LinearModel {
        let intercept = vector.pop().unwrap_or_default();
        LinearModel { intercept, coefficients: vector }
    }
}

/// The penalized loss, as a mean over the rows. Parameters are the coefficients and the intercept.
struct Loss<'a> {
    matrix: &'a FeatureMatrix,
    labels: &'a [bool],
    params: &'a ValidJointParams,
}

impl Loss<'_> {
    fn n_rows(&self) -> f64 {
        self.labels.len() as f64
    }

    /// The penalty of a parameter; none of the intercept.
    fn penalty(&self, at: usize) -> f64 {
        if at < self.matrix.dense.n_columns() {
            self.params.dense_penalty
        } else if at < self.matrix.n_columns() {
            self.params.sparse_penalty
        } else {
            0.0
        }
    }

    /// Something of each part of the rows, added up in the order of the parts.
    fn sum_of_parts(
        &self,
        of_part: impl Fn(Range<usize>, &mut [f64]) -> f64 + Sync,
    ) -> (f64, Vec<f64>) {
        let n = self.labels.len();
        let size = n.div_ceil(N_PARTS).max(1);
        let parts: Vec<(f64, Vec<f64>)> = (0..n.div_ceil(size))
            .into_par_iter()
            .map(|part| {
                let mut sums = vec![0.0; self.matrix.n_columns() + 1];
                let own = of_part(part * size..((part + 1) * size).min(n), &mut sums);
                (own, sums)
            })
            .collect();
        let mut total = (0.0, vec![0.0; self.matrix.n_columns() + 1]);
        for (own, sums) in parts {
            total.0 += own;
            total.1.iter_mut().zip(sums).for_each(|(sum, own)| *sum += own);
        }
        total
    }

    /// What each row of a part makes of the parameters: the products of its columns and the
    /// parameters, the intercept included.
    fn forward(&self, parameters: &[f64], rows: Range<usize>) -> Vec<f64> {
        let n_dense = self.matrix.dense.n_columns();
        let (dense, rest) = parameters.split_at(n_dense);
        let intercept = parameters[self.matrix.n_columns()];
        let mut sums = vec![intercept; rows.len()];
        for (column, own) in dense.iter().enumerate() {
            let values = &self.matrix.dense.column(column)[rows.clone()];
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += own * value);
        }
        for (sum, row) in sums.iter_mut().zip(rows) {
            *sum += self.matrix.sparse.row(row).map(|(at, value)| rest[at] * value).sum::<f64>();
        }
        sums
    }

    /// Adds the columns of the rows of a part, each times the row's factor.
    fn backward(&self, factors: &[f64], rows: Range<usize>, sums: &mut [f64]) {
        let n_dense = self.matrix.dense.n_columns();
        for (column, sum) in sums[..n_dense].iter_mut().enumerate() {
            let values = &self.matrix.dense.column(column)[rows.clone()];
            *sum += dot(factors, values);
        }
        for (factor, row) in factors.iter().zip(rows) {
            for (at, value) in self.matrix.sparse.row(row) {
                sums[n_dense + at] += factor * value;
            }
        }
        sums[self.matrix.n_columns()] += factors.iter().sum::<f64>();
    }

    /// The loss and its gradient.
    fn evaluate(&self, parameters: &[f64]) -> (f64, Vec<f64>) {
        let (mut loss, mut gradient) = self.sum_of_parts(|rows, sums| {
            let mut log_odds = self.forward(parameters, rows.clone());
            let mut loss = 0.0;
            for (own, label) in log_odds.iter_mut().zip(&self.labels[rows.clone()]) {
                let label = f64::from(*label);
                // ln(1 + e^x) - label x, without overflow.
                loss += own.max(0.0) + libm::log1p(libm::exp(-own.abs())) - label * *own;
                *own = 1.0 / (1.0 + libm::exp(-*own)) - label;
            }
            self.backward(&log_odds, rows, sums);
            loss
        });
        for (at, (slope, own)) in gradient.iter_mut().zip(parameters).enumerate() {
            let penalty = self.penalty(at);
            loss += penalty / 2.0 * own * own;
            *slope = (*slope + penalty * own) / self.n_rows();
        }
        (loss / self.n_rows(), gradient)
    }

    /// The Hessian times a vector, where each row has its weight p (1 - p).
    fn hessian_times(&self, weights: &[f64], vector: &[f64]) -> Vec<f64> {
        let (_, mut product) = self.sum_of_parts(|rows, sums| {
            let mut image = self.forward(vector, rows.clone());
            image.iter_mut().zip(&weights[rows.clone()]).for_each(|(own, weight)| *own *= weight);
            self.backward(&image, rows, sums);
            0.0
        });
        for (at, (own, value)) in product.iter_mut().zip(vector).enumerate() {
            *own = (*own + self.penalty(at) * value) / self.n_rows();
        }
        product
    }

    /// Goes near the optimum by L-BFGS; where its line search fails, it stays where it began.
    fn approach(&self, start: Vec<f64>) -> Vec<f64> {
        let problem = Remembered { loss: self, last: Mutex::new(None) };
        let solver = LBFGS::new(MoreThuenteLineSearch::new(), HISTORY)
            .with_tolerance_grad(self.params.gradient_goal)
            .and_then(|solver| solver.with_tolerance_cost(0.0));
        let Ok(solver) = solver else { return start };
        let run = Executor::new(problem, solver)
            .configure(|state| state.param(start.clone()).max_iters(self.params.max_iterations))
            .run();
        let found = run.ok().and_then(|mut result| result.state.take_best_param());
        found.filter(|own| own.iter().all(|value| value.is_finite())).unwrap_or(start)
    }

    /// Newton steps until the gradient is at its goal or no step brings it down; the parameters and
    /// the norm of the gradient per row.
    fn finish(&self, mut parameters: Vec<f64>) -> (Vec<f64>, f64) {
        let (mut loss, mut gradient) = self.evaluate(&parameters);
        for _ in 0..MAX_NEWTON_STEPS {
            if norm(&gradient) <= self.params.gradient_goal {
                break;
            }
            let step = self.newton_step(&parameters, &gradient);
            let mut length = 1.0;
            let better = loop {
                let moved: Vec<f64> =
                    parameters.iter().zip(&step).map(|(own, step)| own + length * step).collect();
                let (moved_loss, moved_gradient) = self.evaluate(&moved);
                let is_better =
                    norm(&moved_gradient) < norm(&gradient) && moved_loss <= loss + 1e-12;
                if is_better {
                    break Some((moved, moved_loss, moved_gradient));
                }
                length /= 4.0;
                if length < 1e-3 {
                    break None;
                }
            };
            let Some(better) = better else { break };
            (parameters, loss, gradient) = better;
        }
        let gradient_norm = norm(&gradient);
        (parameters, gradient_norm)
    }

    /// The Newton step.
    fn newton_step(&self, parameters: &[f64], gradient: &[f64]) -> Vec<f64> {
        let log_odds = self.forward(parameters, 0..self.labels.len());
        let weight = |own: f64| {
            let p = 1.0 / (1.0 + libm::exp(-own));
            p * (1.0 - p)
        };
        let weights: Vec<f64> = log_odds.into_iter().map(weight).collect();
        let unconditioned = vec![1.0; gradient.len()];
        SOLVER.step(gradient, &unconditioned, |vector| self.hessian_times(&weights, vector))
    }
}

/// Parameters with the loss and the gradient there.
type Point = (Vec<f64>, f64, Vec<f64>);

/// The loss as argmin asks for it, value and gradient one after the other: both are computed at once
/// and remembered.
struct Remembered<'a, 'b> {
    loss: &'a Loss<'b>,
    last: Mutex<Option<Point>>,
}

impl Remembered<'_, '_> {
    fn at<T>(&self, parameters: &[f64], take: impl Fn(&Point) -> T) -> T {
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match &*last {
            Some(point) if point.0 == parameters => take(point),
            _ => {
                let (loss, gradient) = self.loss.evaluate(parameters);
                take(last.insert((parameters.to_vec(), loss, gradient)))
            }
        }
    }
}

impl CostFunction for Remembered<'_, '_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, parameters: &Vec<f64>) -> std::result::Result<f64, ArgminError> {
        Ok(self.at(parameters, |point| point.1))
    }
}

impl Gradient for Remembered<'_, '_> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, parameters: &Vec<f64>) -> std::result::Result<Vec<f64>, ArgminError> {
        Ok(self.at(parameters, |point| point.2.clone()))
    }
}

impl From<linfa::Error> for Error {
    fn from(error: linfa::Error) -> Error {
        fault(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::{DenseMatrix, SparseMatrix};
    use crate::model::fit::{DenseParams, fit_dense};

    /// The numbers of `tests/peers/sklearn_joint.py`.
    fn draws() -> impl FnMut(u64) -> u64 {
        let mut state: u64 = 20_261;
        move |below| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        }
    }

    fn example() -> (FeatureMatrix, Vec<bool>) {
        let mut draw = draws();
        let mut dense = DenseMatrix::zeros(300, 2);
        let mut sparse = SparseMatrix::new(6);
        let mut labels = Vec::new();
        for row in 0..300 {
            let first = (draw(2001) as f64 - 1000.0) / 500.0;
            let second = (draw(2001) as f64 - 1000.0) / 500.0;
            let mut words = [0.0; 6];
            for _ in 0..3 {
                words[draw(6) as usize] += 0.5;
            }
            let noise = ((draw(2001) + draw(2001)) as f64 - 2000.0) / 1000.0;
            labels.push(first + 2.0 * words[0] - 2.0 * words[1] + noise > 0.3);
            dense.set(row, 0, first);
            dense.set(row, 1, second);
            for (column, value) in words.into_iter().enumerate().filter(|(_, own)| *own != 0.0) {
                sparse.push(column, value);
            }
            sparse.end_row();
        }
        (FeatureMatrix { dense, sparse }, labels)
    }

    /// Expected: `python tests/peers/sklearn_joint.py`, scikit-learn 1.9.1.
    #[test]
    fn coefficients_agree_with_scikit_learn() {
        const INTERCEPT: f64 = -0.559_220_176_523_375_9;
        const COEFFICIENTS: [f64; 8] = [
            1.816_412_574_661_699_7,
            -0.001_647_443_433_501_345_5,
            3.212_689_855_255_206_3,
            -3.034_890_372_125_478,
            -0.471_968_384_042_801_06,
            0.316_658_270_153_275_2,
            -0.160_988_022_676_304_05,
            0.138_498_653_436_097_66,
        ];
        let (matrix, labels) = example();
        assert_eq!(labels.iter().filter(|label| **label).count(), 137);
        let fitted = fit_joint(&matrix, &labels, JointParams::new(2.0, 0.5)).unwrap();
        assert!((fitted.intercept - INTERCEPT).abs() < 1e-7, "{}", fitted.intercept);
        for (own, expected) in fitted.coefficients.iter().zip(COEFFICIENTS) {
            assert!((own - expected).abs() < 1e-7, "{own} {expected}");
        }
        // A rough fit that begins elsewhere ends nearby.
        let start = fit_joint(&matrix, &labels, JointParams::new(20.0, 20.0)).unwrap();
        let rough = JointParams::new(2.0, 0.5).rough(Some(start));
        let rough = fit_joint(&matrix, &labels, rough).unwrap();
        assert!((rough.coefficients[0] - COEFFICIENTS[0]).abs() < 1e-3);
    }

    #[test]
    fn on_dense_columns_alone_it_is_the_dense_fit() {
        let (matrix, labels) = example();
        let mut sparse = SparseMatrix::new(0);
        for _ in &labels {
            sparse.end_row();
        }
        let matrix = FeatureMatrix { dense: matrix.dense, sparse };
        let joint = fit_joint(&matrix, &labels, JointParams::new(3.0, 1.0)).unwrap();
        let dense = fit_dense(&matrix.dense, &labels, DenseParams::new(3.0)).unwrap();
        assert!((joint.intercept - dense.intercept).abs() < 1e-6);
        for (own, other) in joint.coefficients.iter().zip(&dense.coefficients) {
            assert!((own - other).abs() < 1e-6, "{own} {other}");
        }
    }

    #[test]
    fn what_cannot_be_fitted_is_an_error() {
        let (matrix, labels) = example();
        let problem =
            |labels: &[bool], params| fit_joint(&matrix, labels, params).unwrap_err().to_string();
        assert!(problem(&[true; 300], JointParams::new(1.0, 1.0)).contains("one class"));
        assert!(problem(&labels[1..], JointParams::new(1.0, 1.0)).contains("299 labels"));
        assert!(problem(&labels, JointParams::new(1.0, 0.0)).contains("penalties above 0"));
        let narrow = LinearModel { intercept: 0.0, coefficients: vec![0.0] };
        assert!(
            fit_joint(&matrix, &labels, JointParams::new(1.0, 1.0).rough(Some(narrow))).is_err()
        );
    }
}
