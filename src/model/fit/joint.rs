//! The joint fit: dense and sparse columns in one logistic regression, each group under a penalty of its
//! own.
//!
//! linfa-logistic holds no sparse matrix and one penalty, so this is an estimator of our own behind linfa's
//! traits, on the L-BFGS that linfa-logistic uses too (argmin), and brought to its optimum by Newton
//! steps. On dense columns alone the two agree, which a test shows.
//!
//! L-BFGS walks in coefficients that are scaled by the root of the loss's curvature along each of them where
//! it begins: a column that stands in every row and one that stands in five are then equally steep. The
//! squared norm of the gradient in that scale is about twice the loss that is left to be gained.

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

use super::groups::Groups;
use super::vectors::{ConjugateGradients, dot, fault, norm};
use super::{Effort, Examples, Fitted, Penalties};
use crate::error::{Error, ErrorKind, Result};
use crate::features::{DenseMatrix, FeatureMatrix};
use crate::model::LinearModel;

/// Settings of the joint fit: the loss is the sum of log-losses plus half of each group's penalty times
/// the squared norm of its coefficients; the intercept is free.
#[derive(Clone, Debug)]
pub(crate) struct JointParams(ValidJointParams);

/// Settings that make sense.
#[derive(Clone, Debug)]
pub(crate) struct ValidJointParams {
    penalties: Penalties,
    /// Whether Newton steps bring the gradient down to [`FINAL_GOAL`].
    is_final: bool,
    start: Option<LinearModel>,
}

/// The Euclidean norm of the gradient, per row, of a fit that is kept.
const FINAL_GOAL: f64 = 1e-9;

/// What is accepted as converged where rounding stops the steps before the goal.
const ACCEPTED: f64 = 1e-7;

/// The norm of the scaled gradient at which L-BFGS ends: a millionth of a nat per row is left to be gained,
/// some hundredths of what folds differ by.
const ROUGH_GOAL: f64 = 1e-3;

/// What is accepted of a fit that is only compared with others; beyond it Newton steps take over.
const ROUGHLY_ACCEPTED: f64 = 1e-2;

/// Iterations of L-BFGS at the most.
const MAX_ITERATIONS: u64 = 500;

/// Vectors that L-BFGS remembers.
const HISTORY: usize = 10;

/// Rows are summed up in at most so many parts, whatever the number of threads, so that sums are the same.
const MAX_PARTS: usize = 16;

/// A part has so many values for each column at least, as it needs a sum of each.
const MIN_PART_VALUES: usize = 4;

/// So many rows go forward and backward before the next, while the caches hold their values.
const BLOCK_ROWS: usize = 512;

/// Newton steps at the most.
const MAX_NEWTON_STEPS: usize = 8;

/// How far the first Newton step brings the gradient down; each further one by the square of what the one
/// before did, as exact as its model is (Eisenstat and Walker 1996, choice 2).
const FIRST_FORCING: f64 = 0.03;

/// Iterations of conjugate gradients for a Newton step at the most.
const MAX_CONJUGATE: usize = 200;

impl JointParams {
    pub(crate) fn new(penalties: Penalties, effort: Effort) -> Self {
        let (is_final, start) = match effort {
            Effort::Full(start) => (true, start),
            Effort::Rough(start) => (false, start),
        };
        JointParams(ValidJointParams { penalties, is_final, start })
    }
}

impl ParamGuard for JointParams {
    type Checked = ValidJointParams;
    type Error = linfa::Error;

    fn check_ref(&self) -> std::result::Result<&ValidJointParams, linfa::Error> {
        let Penalties { dense, bins, words } = self.0.penalties;
        let mut given = [Some(dense), bins, words].into_iter().flatten();
        match given.find(|penalty| !penalty.is_finite() || *penalty <= 0.0) {
            None => Ok(&self.0),
            Some(found) => {
                Err(linfa::Error::Parameters(format!("a penalty above 0 expected, found {found}")))
            }
        }
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
    type Object = Fitted;

    /// Fits P(counterfeit); the targets are true for counterfeit. Weights of the dataset, if there are
    /// any, are how many rows each row counts as.
    ///
    /// # Errors
    /// One class only, widths that differ, or no convergence.
    fn fit(&self, dataset: &DatasetBase<&'a FeatureMatrix, Array1<bool>>) -> Result<Fitted> {
        let matrix = *dataset.records();
        let labels: Vec<bool> = dataset.targets().iter().copied().collect();
        if labels.len() != matrix.n_rows() {
            return Err(fault(format!("{} labels for {} rows", labels.len(), matrix.n_rows())));
        }
        let weights = match dataset.weights() {
            Some(weights) => weights.iter().map(|own| f64::from(*own)).collect(),
            None => vec![1.0; labels.len()],
        };
        self.fit_weighted(matrix, &labels, &weights)
    }
}

impl ValidJointParams {
    /// Fits rows that count as `weights` each; linfa's datasets hold weights of single precision only.
    fn fit_weighted(
        &self,
        matrix: &FeatureMatrix,
        labels: &[bool],
        weights: &[f64],
    ) -> Result<Fitted> {
        let total: f64 = weights.iter().sum();
        let counted = weights.iter().zip(labels).filter(|(_, label)| **label);
        let positive: f64 = counted.map(|(weight, _)| weight).sum();
        if positive <= 0.0 || total - positive <= 0.0 {
            return Err(fault("the labels are all of one class".to_owned()));
        }
        let groups = Groups::new(matrix, self.penalties);
        let loss = Loss { groups: &groups, dense: &matrix.dense, labels, weights };
        let start = if let Some(start) = &self.start {
            start.check_width(matrix.n_columns())?;
            groups.compact(start)
        } else {
            let mut start = vec![0.0; groups.n_columns];
            start.push(libm::log(positive / (total - positive)));
            start
        };
        let scales = loss.scales(&start);
        let (found, gradient) = loss.approach(start, &scales);
        let scaled: Vec<f64> = gradient.iter().zip(&scales).map(|(own, by)| own / by).collect();
        let (found, gradient_norm) = if !self.is_final && norm(&scaled) <= ROUGHLY_ACCEPTED {
            (found, norm(&gradient))
        } else {
            // A fit that is kept, or one whose line search ended early.
            let (found, gradient_norm) = loss.finish(found, FINAL_GOAL);
            if gradient_norm > ACCEPTED || !gradient_norm.is_finite() {
                let (tolerance, max_iterations) = (ACCEPTED, MAX_ITERATIONS);
                let problem = ErrorKind::NotConverged { gradient_norm, tolerance, max_iterations };
                return Err(problem.into());
            }
            (found, gradient_norm)
        };
        Ok(Fitted { linear: groups.expand(&found, matrix.n_columns()), gradient_norm })
    }
}

/// Fits P(counterfeit) on dense and sparse columns.
///
/// # Errors
/// One class only, a penalty that is not above 0, or no convergence.
pub(crate) fn fit_joint(examples: Examples<'_>, params: JointParams) -> Result<Fitted> {
    let Examples { matrix, labels, weights } = examples;
    let params = params.check()?;
    match weights {
        Some(weights) if weights.len() == labels.len() && labels.len() == matrix.n_rows() => {
            params.fit_weighted(matrix, labels, weights)
        }
        Some(weights) => Err(fault(format!("{} weights for {} rows", weights.len(), labels.len()))),
        None => params.fit(&DatasetBase::new(matrix, Array1::from_iter(labels.iter().copied()))),
    }
}

/// The penalized loss, as a mean over the rows. Parameters are the coefficients and the intercept.
struct Loss<'a> {
    groups: &'a Groups<'a>,
    dense: &'a DenseMatrix,
    labels: &'a [bool],
    weights: &'a [f64],
}

impl Loss<'_> {
    fn n_rows(&self) -> f64 {
        self.labels.len() as f64
    }

    /// Something of the rows, added up block by block and part by part: a sum, and one for each column.
    fn sum_of_parts(
        &self,
        add: impl Fn(Range<usize>, &mut f64, &mut [f64]) + Sync,
    ) -> (f64, Vec<f64>) {
        let n = self.labels.len();
        let n_parts = (self.groups.values_per_column(n) / MIN_PART_VALUES).clamp(1, MAX_PARTS);
        let size = n.div_ceil(n_parts).max(1);
        let n_sums = self.groups.n_columns + 1;
        let parts: Vec<(f64, Vec<f64>)> = (0..n.div_ceil(size))
            .into_par_iter()
            .map(|part| {
                let mut own = (0.0, vec![0.0; n_sums]);
                let end = ((part + 1) * size).min(n);
                for start in (part * size..end).step_by(BLOCK_ROWS) {
                    add(start..(start + BLOCK_ROWS).min(end), &mut own.0, &mut own.1);
                }
                own
            })
            .collect();
        let mut parts = parts.into_iter();
        let mut total = parts.next().unwrap_or_else(|| (0.0, vec![0.0; n_sums]));
        for (own, sums) in parts {
            total.0 += own;
            total.1.iter_mut().zip(sums).for_each(|(sum, own)| *sum += own);
        }
        total
    }

    /// What each row of a part makes of the parameters: the products of its columns and the
    /// parameters, the intercept included.
    fn forward(&self, parameters: &[f64], rows: Range<usize>) -> Vec<f64> {
        let mut sums = vec![parameters[self.groups.n_columns]; rows.len()];
        for (column, own) in parameters[..self.groups.n_dense].iter().enumerate() {
            let values = &self.dense.column(column)[rows.clone()];
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += own * value);
        }
        for group in &self.groups.others {
            group.block.add_products(&parameters[group.columns()], rows.clone(), &mut sums);
        }
        sums
    }

    /// Adds the columns of the rows of a part, each times the row's factor.
    fn backward(&self, factors: &[f64], rows: Range<usize>, sums: &mut [f64]) {
        for (column, sum) in sums[..self.groups.n_dense].iter_mut().enumerate() {
            *sum += dot(factors, &self.dense.column(column)[rows.clone()]);
        }
        for group in &self.groups.others {
            group.block.add_columns(factors, rows.clone(), &mut sums[group.columns()]);
        }
        sums[self.groups.n_columns] += factors.iter().sum::<f64>();
    }

    /// The loss and its gradient.
    fn evaluate(&self, parameters: &[f64]) -> (f64, Vec<f64>) {
        let (mut loss, mut gradient) = self.sum_of_parts(|rows, loss, sums| {
            let mut log_odds = self.forward(parameters, rows.clone());
            let known = self.labels[rows.clone()].iter().zip(&self.weights[rows.clone()]);
            for (own, (label, weight)) in log_odds.iter_mut().zip(known) {
                let label = f64::from(*label);
                // ln(1 + e^x) - label x and 1 / (1 + e^-x), without overflow.
                let small = libm::exp(-own.abs());
                *loss += weight * (own.max(0.0) + libm::log(1.0 + small) - label * *own);
                let p = if *own < 0.0 { small } else { 1.0 } / (1.0 + small);
                *own = weight * (p - label);
            }
            self.backward(&log_odds, rows, sums);
        });
        let penalties = self.groups.penalties();
        for ((slope, own), penalty) in gradient.iter_mut().zip(parameters).zip(penalties) {
            loss += penalty / 2.0 * own * own;
            *slope = (*slope + penalty * own) / self.n_rows();
        }
        (loss / self.n_rows(), gradient)
    }

    /// The Hessian times a vector, where each row has its curvature p (1 - p).
    fn hessian_times(&self, curvatures: &[f64], vector: &[f64]) -> Vec<f64> {
        let (_, mut product) = self.sum_of_parts(|rows, _, sums| {
            let mut image = self.forward(vector, rows.clone());
            let factors = &curvatures[rows.clone()];
            image.iter_mut().zip(factors).for_each(|(own, factor)| *own *= factor);
            self.backward(&image, rows, sums);
        });
        for ((own, value), penalty) in product.iter_mut().zip(vector).zip(self.groups.penalties()) {
            *own = (*own + penalty * value) / self.n_rows();
        }
        product
    }

    /// The curvature of each row: its weight times p (1 - p).
    fn curvatures(&self, parameters: &[f64]) -> Vec<f64> {
        let log_odds = self.forward(parameters, 0..self.labels.len());
        let curvature = |(own, weight): (f64, &f64)| {
            let p = 1.0 / (1.0 + libm::exp(-own));
            weight * p * (1.0 - p)
        };
        log_odds.into_iter().zip(self.weights).map(curvature).collect()
    }

    /// The diagonal of the Hessian, where rows have these curvatures; positive everywhere.
    fn diagonal(&self, curvatures: &[f64]) -> Vec<f64> {
        let mut diagonal = vec![0.0; self.groups.n_columns + 1];
        for (column, own) in diagonal[..self.groups.n_dense].iter_mut().enumerate() {
            let values = self.dense.column(column).iter().zip(curvatures);
            *own = values.map(|(value, factor)| value * value * factor).sum();
        }
        for group in &self.groups.others {
            group.block.add_squares(curvatures, &mut diagonal[group.columns()]);
        }
        diagonal[self.groups.n_columns] = curvatures.iter().sum();
        for (own, penalty) in diagonal.iter_mut().zip(self.groups.penalties()) {
            *own = ((*own + penalty) / self.n_rows()).max(f64::MIN_POSITIVE);
        }
        diagonal
    }

    /// The roots of the Hessian's diagonal.
    fn scales(&self, parameters: &[f64]) -> Vec<f64> {
        self.diagonal(&self.curvatures(parameters)).into_iter().map(libm::sqrt).collect()
    }

    /// Goes near the optimum by L-BFGS in coefficients times `scales`; where its line search fails, it stays
    /// where it began. The parameters and the gradient there.
    fn approach(&self, start: Vec<f64>, scales: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let first: Vec<f64> = start.iter().zip(scales).map(|(own, by)| own * by).collect();
        let problem = Remembered { loss: self, scales, last: Mutex::new(None) };
        let solver = LBFGS::new(MoreThuenteLineSearch::new(), HISTORY)
            .with_tolerance_grad(ROUGH_GOAL)
            .and_then(|solver| solver.with_tolerance_cost(0.0));
        let run = solver.and_then(|solver| {
            let executor = Executor::new(problem, solver);
            executor.configure(|state| state.param(first).max_iters(MAX_ITERATIONS)).run()
        });
        let scaled = run.ok().and_then(|mut result| result.state.take_best_param());
        let unscaled = |own: Vec<f64>| -> Vec<f64> {
            own.iter().zip(scales).map(|(own, by)| own / by).collect()
        };
        let found = scaled.map(unscaled).filter(|own| own.iter().all(|value| value.is_finite()));
        let found = found.unwrap_or(start);
        let (_, gradient) = self.evaluate(&found);
        (found, gradient)
    }

    /// Newton steps until the gradient is at its goal or no step brings it down; the parameters and
    /// the norm of the gradient per row.
    fn finish(&self, mut parameters: Vec<f64>, gradient_goal: f64) -> (Vec<f64>, f64) {
        let (mut loss, mut gradient) = self.evaluate(&parameters);
        let mut forcing = FIRST_FORCING;
        for _ in 0..MAX_NEWTON_STEPS {
            if norm(&gradient) <= gradient_goal {
                break;
            }
            let tolerance = forcing.max(gradient_goal / norm(&gradient) / 2.0).min(FIRST_FORCING);
            let step = self.newton_step(&parameters, &gradient, tolerance);
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
            let gained = norm(&better.2) / norm(&gradient);
            forcing = gained * gained;
            (parameters, loss, gradient) = better;
        }
        let gradient_norm = norm(&gradient);
        (parameters, gradient_norm)
    }

    /// The Newton step, down to a share of the gradient.
    fn newton_step(&self, parameters: &[f64], gradient: &[f64], tolerance: f64) -> Vec<f64> {
        let curvatures = self.curvatures(parameters);
        let diagonal = self.diagonal(&curvatures);
        let solver = ConjugateGradients { tolerance, max_iterations: MAX_CONJUGATE };
        solver.step(gradient, &diagonal, |vector| self.hessian_times(&curvatures, vector))
    }
}

/// Parameters with the loss and the gradient there.
type Point = (Vec<f64>, f64, Vec<f64>);

/// The loss of scaled parameters as argmin asks for it, value and gradient one after the other: both are
/// computed at once and remembered.
struct Remembered<'a, 'b> {
    loss: &'a Loss<'b>,
    scales: &'a [f64],
    last: Mutex<Option<Point>>,
}

impl Remembered<'_, '_> {
    fn at<T>(&self, parameters: &[f64], take: impl Fn(&Point) -> T) -> T {
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match &*last {
            Some(point) if point.0 == parameters => take(point),
            _ => {
                let own: Vec<f64> =
                    parameters.iter().zip(self.scales).map(|(own, by)| own / by).collect();
                let (loss, mut gradient) = self.loss.evaluate(&own);
                gradient.iter_mut().zip(self.scales).for_each(|(own, by)| *own /= by);
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
    use crate::features::{BinMatrix, SparseMatrix};
    use crate::model::fit::{DenseParams, fit_dense};

    /// Words under a penalty of their own, no bins.
    fn params(dense: f64, words: f64, effort: Effort) -> JointParams {
        JointParams::new(Penalties { dense, bins: None, words: Some(words) }, effort)
    }

    fn joint(
        matrix: &FeatureMatrix,
        labels: &[bool],
        weights: Option<&[f64]>,
        params: JointParams,
    ) -> LinearModel {
        fit_joint(Examples { matrix, labels, weights }, params).unwrap().linear
    }

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
        (FeatureMatrix { words: sparse, ..FeatureMatrix::from_dense(dense) }, labels)
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
        let fitted = joint(&matrix, &labels, None, params(2.0, 0.5, Effort::Full(None)));
        assert!((fitted.intercept - INTERCEPT).abs() < 1e-7, "{}", fitted.intercept);
        for (own, expected) in fitted.coefficients.iter().zip(COEFFICIENTS) {
            assert!((own - expected).abs() < 1e-7, "{own} {expected}");
        }
        // A rough fit that begins elsewhere ends nearby.
        let start = joint(&matrix, &labels, None, params(20.0, 20.0, Effort::Full(None)));
        let rough = joint(&matrix, &labels, None, params(2.0, 0.5, Effort::Rough(Some(start))));
        assert!((rough.coefficients[0] - COEFFICIENTS[0]).abs() < 1e-3);
    }

    #[test]
    fn on_dense_columns_alone_it_is_the_dense_fit() {
        let (matrix, labels) = example();
        let matrix = FeatureMatrix::from_dense(matrix.dense);
        let own = joint(&matrix, &labels, None, params(3.0, 1.0, Effort::Full(None)));
        let dense = fit_dense(&matrix.dense, &labels, DenseParams::new(3.0)).unwrap().linear;
        assert!((own.intercept - dense.intercept).abs() < 1e-6);
        for (own, other) in own.coefficients.iter().zip(&dense.coefficients) {
            assert!((own - other).abs() < 1e-6, "{own} {other}");
        }
    }

    #[test]
    fn a_weight_of_two_is_the_row_twice_and_a_group_without_a_penalty_is_left_out() {
        let (matrix, labels) = example();
        let n = labels.len();
        let weights: Vec<f64> = (0..n).map(|row| if row % 3 == 0 { 2.0 } else { 1.0 }).collect();
        let rows = || (0..n).flat_map(|row| vec![row; if row % 3 == 0 { 2 } else { 1 }]);
        let mut dense = DenseMatrix::zeros(rows().count(), 2);
        let mut words = SparseMatrix::new(6);
        for (to, row) in rows().enumerate() {
            for column in 0..2 {
                dense.set(to, column, matrix.dense.column(column)[row]);
            }
            matrix.words.row(row).for_each(|(at, value)| words.push(at, value));
            words.end_row();
        }
        let repeated = FeatureMatrix { words, ..FeatureMatrix::from_dense(dense) };
        let own: Vec<bool> = rows().map(|row| labels[row]).collect();
        let weighted =
            joint(&matrix, &labels, Some(&weights), params(2.0, 0.5, Effort::Full(None)));
        let twice = joint(&repeated, &own, None, params(2.0, 0.5, Effort::Full(None)));
        assert!((weighted.intercept - twice.intercept).abs() < 1e-6);
        for (a, b) in weighted.coefficients.iter().zip(&twice.coefficients) {
            assert!((a - b).abs() < 1e-6, "{a} {b}");
        }
        let alone = Penalties { dense: 2.0, bins: None, words: None };
        let alone = joint(&matrix, &labels, None, JointParams::new(alone, Effort::Full(None)));
        assert_eq!(alone.coefficients[2..], [0.0; 6]);
    }

    /// Places in bins are the same columns as those that are written out.
    #[test]
    fn places_in_bins_are_fitted_as_their_columns_are() {
        let (matrix, labels) = example();
        let mut draw = draws();
        let mut words = SparseMatrix::new(7);
        let mut places: Vec<Vec<Option<(usize, f64)>>> = vec![Vec::new(); 2];
        let means = [&[0.75, 0.5, 0.125][..], &[0.5, 0.375, 0.25, 0.125]];
        for _ in 0..labels.len() {
            for (number, first) in [(0, 0), (1, 3)] {
                let n_bins = means[number].len();
                let place =
                    (draw(5) > 0).then(|| (draw(n_bins as u64) as usize, draw(5) as f64 / 4.0));
                places[number].push(place);
                let Some((own, way)) = place else { continue };
                for (bin, mean) in means[number].iter().enumerate() {
                    let column = match bin.cmp(&own) {
                        std::cmp::Ordering::Less => 1.0,
                        std::cmp::Ordering::Equal => way,
                        std::cmp::Ordering::Greater => 0.0,
                    };
                    words.push(first + bin, column - mean);
                }
            }
            words.end_row();
        }
        let mut bins = BinMatrix::default();
        for (means, places) in means.iter().zip(places) {
            bins.push(means, places.into_iter());
        }
        let dense = || FeatureMatrix::from_dense(matrix.dense.clone());
        let written = FeatureMatrix { words, ..dense() };
        let placed = FeatureMatrix { bins, ..dense() };
        let penalties = Penalties { dense: 2.0, bins: Some(0.5), words: None };
        let own = JointParams::new(penalties, Effort::Full(None));
        let placed = joint(&placed, &labels, None, own);
        let written = joint(&written, &labels, None, params(2.0, 0.5, Effort::Full(None)));
        assert!((placed.intercept - written.intercept).abs() < 1e-9);
        assert_eq!(placed.coefficients.len(), 9);
        for (own, other) in placed.coefficients.iter().zip(&written.coefficients) {
            assert!((own - other).abs() < 1e-9, "{own} {other}");
        }
    }

    #[test]
    fn what_cannot_be_fitted_is_an_error() {
        let (matrix, labels) = example();
        let problem = |labels: &[bool], weights: Option<&[f64]>, params| {
            let examples = Examples { matrix: &matrix, labels, weights };
            fit_joint(examples, params).unwrap_err().to_string()
        };
        let full = || params(1.0, 1.0, Effort::Full(None));
        assert!(problem(&[true; 300], None, full()).contains("one class"));
        assert!(problem(&labels[1..], None, full()).contains("299 labels"));
        assert!(problem(&labels, Some(&[1.0]), full()).contains("1 weights"));
        assert!(problem(&labels, None, params(1.0, 0.0, Effort::Full(None))).contains("above 0"));
        let narrow = LinearModel { intercept: 0.0, coefficients: vec![0.0] };
        let rough = params(1.0, 1.0, Effort::Rough(Some(narrow)));
        assert!(problem(&labels, None, rough).contains("columns"), "width");
    }
}
