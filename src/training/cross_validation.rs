//! Learning on some labeled rows: cross-validation by seller, penalty, calibration and fit.

use rayon::prelude::*;

use super::labeled::LabeledSet;
use crate::error::{ErrorKind, Result};
use crate::evaluation::stratified_group_split;
use crate::features::{Extractor, FeatureSpec, Prepared};
use crate::model::fit::{DenseParams, fit_dense, fit_platt};
use crate::model::{Calibration, LinearModel};

/// What learning on some labeled rows gives.
#[derive(Clone, Debug)]
pub(super) struct Learned {
    pub(super) extractor: Extractor,
    pub(super) linear: LinearModel,
    pub(super) calibration: Calibration,
    pub(super) penalty: f64,
    /// Calibrated log-odds of each row from a model that had not seen its seller.
    pub(super) out_of_fold: Vec<f64>,
    pub(super) n_folds: usize,
}

/// What is learned from: features of a labeled set.
pub(super) struct Learner<'a> {
    pub(super) set: &'a LabeledSet,
    pub(super) prepared: &'a Prepared<'a>,
    pub(super) spec: &'a FeatureSpec,
    pub(super) n_folds: usize,
    pub(super) seed: u64,
}

/// One fold: the models for each penalty judged on the sellers left out.
struct FoldScores {
    members: Vec<usize>,
    /// Raw log-odds of the members, penalty by penalty.
    log_odds: Vec<Vec<f64>>,
}

impl Learner<'_> {
    /// Learns from the labeled rows `members` (places among them). Of `penalties` the one with the
    /// least log-loss on left-out sellers is chosen; equals go to the strongest.
    ///
    /// # Errors
    /// Too few sellers, folds of one class, no convergence.
    pub(super) fn learn(&self, members: &[usize], penalties: &[f64]) -> Result<Learned> {
        let labels: Vec<bool> = members.iter().map(|&own| self.set.labels()[own]).collect();
        let folds = self.folds(members, &labels)?;
        let n_folds = folds.iter().max().map_or(0, |last| *last as usize + 1);
        let scores: Vec<FoldScores> = (0..n_folds as u32)
            .into_par_iter()
            .map(|fold| self.score_fold(members, &folds, fold, penalties))
            .collect::<Result<_>>()?;
        let out_of_fold = |choice: usize| {
            let mut values = vec![0.0; members.len()];
            for fold in &scores {
                for (&at, value) in fold.members.iter().zip(&fold.log_odds[choice]) {
                    values[at] = *value;
                }
            }
            values
        };
        let losses: Vec<f64> =
            (0..penalties.len()).map(|choice| log_loss(&out_of_fold(choice), &labels)).collect();
        let mut choice = 0;
        for (other, loss) in losses.iter().enumerate() {
            let better = *loss < losses[choice] - 1e-12;
            let stronger = *loss <= losses[choice] && penalties[other] > penalties[choice];
            if better || stronger {
                choice = other;
            }
        }
        let raw = out_of_fold(choice);
        let calibration = fit_platt(&raw, &labels)?;
        let (extractor, linear) = self.fit(members, penalties[choice])?;
        Ok(Learned {
            extractor,
            linear,
            calibration,
            penalty: penalties[choice],
            out_of_fold: raw.iter().map(|value| calibration.apply(*value)).collect(),
            n_folds,
        })
    }

    /// Fits features and coefficients on the labeled rows `members`.
    ///
    /// # Errors
    /// One class only, or no convergence.
    pub(super) fn fit(&self, members: &[usize], penalty: f64) -> Result<(Extractor, LinearModel)> {
        let rows = self.rows(members);
        let labels: Vec<bool> = members.iter().map(|&own| self.set.labels()[own]).collect();
        let extractor = Extractor::fit(self.spec, self.prepared, &rows);
        let matrix = extractor.matrix(self.prepared, &rows);
        let linear = fit_dense(&matrix, &labels, DenseParams::new(penalty))?;
        Ok((extractor, linear))
    }

    /// Raw log-odds of the labeled rows `members`.
    pub(super) fn log_odds(
        &self,
        extractor: &Extractor,
        linear: &LinearModel,
        members: &[usize],
    ) -> Vec<f64> {
        let matrix = extractor.matrix(self.prepared, &self.rows(members));
        let mut sums = vec![linear.intercept; members.len()];
        for (column, coefficient) in linear.coefficients.iter().enumerate() {
            for (sum, value) in sums.iter_mut().zip(matrix.column(column)) {
                *sum += coefficient * value;
            }
        }
        sums
    }

    fn rows(&self, members: &[usize]) -> Vec<usize> {
        members.iter().map(|&own| self.set.rows()[own]).collect()
    }

    /// Folds by seller; fewer than asked for where fewer sellers have counterfeits.
    fn folds(&self, members: &[usize], labels: &[bool]) -> Result<Vec<u32>> {
        let groups: Vec<u32> = members.iter().map(|&own| self.set.groups()[own]).collect();
        let mut with_positive: Vec<u32> = groups
            .iter()
            .zip(labels)
            .filter(|(_, label)| **label)
            .map(|(group, _)| *group)
            .collect();
        with_positive.sort_unstable();
        with_positive.dedup();
        let n_folds = self.n_folds.min(with_positive.len());
        if n_folds < 2 {
            return Err(ErrorKind::TooFew {
                what: "sellers with counterfeit listings to learn from and to hold out",
                found: with_positive.len(),
                needed: 2,
            }
            .into());
        }
        stratified_group_split(&groups, labels, &vec![1.0; n_folds], self.seed)
    }

    fn score_fold(
        &self,
        members: &[usize],
        folds: &[u32],
        fold: u32,
        penalties: &[f64],
    ) -> Result<FoldScores> {
        let (kept, left_out): (Vec<usize>, Vec<usize>) =
            (0..members.len()).partition(|&at| folds[at] != fold);
        let kept: Vec<usize> = kept.into_iter().map(|at| members[at]).collect();
        let judged: Vec<usize> = left_out.iter().map(|&at| members[at]).collect();
        let rows = self.rows(&kept);
        let labels: Vec<bool> = kept.iter().map(|&own| self.set.labels()[own]).collect();
        let extractor = Extractor::fit(self.spec, self.prepared, &rows);
        let matrix = extractor.matrix(self.prepared, &rows);
        let mut log_odds = Vec::with_capacity(penalties.len());
        for &penalty in penalties {
            let linear = fit_dense(&matrix, &labels, DenseParams::new(penalty))?;
            log_odds.push(self.log_odds(&extractor, &linear, &judged));
        }
        Ok(FoldScores { members: left_out, log_odds })
    }
}

/// Mean negative log-likelihood of labels under raw log-odds, in nats: ln(1 + exp(-x)) of a
/// counterfeit, ln(1 + exp(x)) of a genuine listing.
fn log_loss(log_odds: &[f64], labels: &[bool]) -> f64 {
    let total: f64 = log_odds
        .iter()
        .zip(labels)
        .map(|(value, label)| {
            let margin = if *label { -value } else { *value };
            margin.max(0.0) + libm::log1p(libm::exp(-margin.abs()))
        })
        .sum();
    total / log_odds.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_loss_of_even_odds_is_ln_2() {
        let loss = log_loss(&[0.0, 0.0], &[true, false]);
        assert!((loss - std::f64::consts::LN_2).abs() < 1e-15);
        // A counterfeit at log-odds ln 3 (probability 0.75): -ln 0.75 = 0.2876820724517809
        let loss = log_loss(&[libm::log(3.0)], &[true]);
        assert!((loss - 0.287_682_072_451_780_9).abs() < 1e-12);
    }
}
