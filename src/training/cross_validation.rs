//! Learning on some labeled rows: cross-validation by seller, penalty, calibration and fit.

use rayon::prelude::*;

use super::labeled::LabeledSet;
use crate::error::{ErrorKind, Result};
use crate::evaluation::stratified_group_split;
use crate::features::{Extractor, FeatureMatrix, FeatureSpec, Prepared};
use crate::model::fit::{DenseParams, JointParams, fit_dense, fit_joint, fit_platt};
use crate::model::{Calibration, LinearModel};

/// Penalties are chosen, and probabilities calibrated, on at most so many labeled rows, of whole sellers:
/// more make neither better in the digits that matter, and take their time.
const MAX_JUDGED: usize = 50_000;

/// What learning on some labeled rows gives.
#[derive(Clone, Debug)]
pub(super) struct Learned {
    pub(super) extractor: Extractor,
    pub(super) linear: LinearModel,
    pub(super) calibration: Calibration,
    pub(super) penalties: Penalties,
    /// The labeled rows that were judged by a model that had not seen their seller.
    pub(super) judged: Vec<usize>,
    /// Calibrated log-odds of each of them.
    pub(super) out_of_fold: Vec<f64>,
    pub(super) n_folds: usize,
    /// How many labeled rows it was learned from.
    pub(super) n_members: usize,
}

/// How strongly coefficients are held back, as scikit-learn's 1/C.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Penalties {
    /// Of signals and further columns.
    pub(super) dense: f64,
    /// Of words; without one no words are learned.
    pub(super) words: Option<f64>,
}

/// Among which penalties is chosen.
#[derive(Clone, Copy, Debug)]
pub(super) enum Choice<'a> {
    /// These.
    Given(Penalties),
    /// The best for signals alone, then the best for words beside it, then the best for signals beside
    /// those words; of all these the best.
    Among { dense: &'a [f64], words: &'a [f64] },
}

/// What is learned from: features of a labeled set.
pub(super) struct Learner<'a> {
    pub(super) set: &'a LabeledSet,
    pub(super) prepared: &'a Prepared<'a>,
    pub(super) spec: &'a FeatureSpec,
    pub(super) n_folds: usize,
    pub(super) seed: u64,
}

/// One fold: what is learned from and the sellers left out.
struct Fold {
    /// Places of the left out among the judged.
    left_out: Vec<usize>,
    labels: Vec<bool>,
    matrix: FeatureMatrix,
    left_out_matrix: FeatureMatrix,
}

/// Penalties and how they did on left-out sellers.
struct Tried {
    penalties: Penalties,
    /// Raw log-odds of the judged.
    log_odds: Vec<f64>,
    /// Of the log-odds once they are calibrated.
    log_loss: f64,
}

impl Learner<'_> {
    /// Learns from the labeled rows `members` (places among them). Of the penalties to choose from those
    /// with the least log-loss on left-out sellers, after calibration, are taken.
    ///
    /// # Errors
    /// Too few sellers, folds of one class, no convergence.
    pub(super) fn learn(&self, members: &[usize], choice: Choice<'_>) -> Result<Learned> {
        let judged = self.judged(members)?;
        let labels: Vec<bool> = judged.iter().map(|&own| self.set.labels()[own]).collect();
        let numbers = self.folds(&judged, &labels)?;
        let n_folds = numbers.iter().max().map_or(0, |last| *last as usize + 1);
        let folds: Vec<Fold> = (0..n_folds as u32)
            .into_par_iter()
            .map(|fold| self.fold(&judged, &numbers, fold))
            .collect();
        let best = best_of(&folds, &labels, choice)?;
        let calibration = fit_platt(&best.log_odds, &labels)?;
        let (extractor, linear) = self.fit(members, best.penalties)?;
        Ok(Learned {
            extractor,
            linear,
            calibration,
            penalties: best.penalties,
            out_of_fold: best.log_odds.iter().map(|own| calibration.apply(*own)).collect(),
            judged,
            n_folds,
            n_members: members.len(),
        })
    }

    /// The labeled rows that are judged: all, or of very many a part of whole sellers.
    fn judged(&self, members: &[usize]) -> Result<Vec<usize>> {
        if members.len() <= MAX_JUDGED {
            return Ok(members.to_vec());
        }
        let share = MAX_JUDGED as f64 / members.len() as f64;
        let groups: Vec<u32> = members.iter().map(|&own| self.set.households()[own]).collect();
        let labels: Vec<bool> = members.iter().map(|&own| self.set.labels()[own]).collect();
        let parts = stratified_group_split(&groups, &labels, &[share, 1.0 - share], self.seed)?;
        let kept = members.iter().zip(parts).filter(|(_, part)| *part == 0);
        Ok(kept.map(|(own, _)| *own).collect())
    }

    /// Fits features and coefficients on the labeled rows `members`.
    ///
    /// # Errors
    /// One class only, or no convergence.
    pub(super) fn fit(
        &self,
        members: &[usize],
        penalties: Penalties,
    ) -> Result<(Extractor, LinearModel)> {
        let rows = self.rows(members);
        let labels: Vec<bool> = members.iter().map(|&own| self.set.labels()[own]).collect();
        let extractor = Extractor::fit(self.spec, self.prepared, &rows);
        let extractor =
            if penalties.words.is_some() { extractor } else { extractor.without_words() };
        let matrix = extractor.matrix(self.prepared, &rows);
        let linear = match penalties.words {
            // Words that no two sellers share leave no column.
            Some(words) if matrix.sparse.n_columns() > 0 => {
                fit_joint(&matrix, &labels, JointParams::new(penalties.dense, words))?
            }
            _ => fit_dense(&matrix.dense, &labels, DenseParams::new(penalties.dense))?,
        };
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
        matrix.log_odds(linear.intercept, &linear.coefficients)
    }

    fn rows(&self, members: &[usize]) -> Vec<usize> {
        members.iter().map(|&own| self.set.rows()[own]).collect()
    }

    /// Folds by seller; fewer than asked for where fewer sellers have counterfeits.
    fn folds(&self, members: &[usize], labels: &[bool]) -> Result<Vec<u32>> {
        let groups: Vec<u32> = members.iter().map(|&own| self.set.households()[own]).collect();
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

    fn fold(&self, judged: &[usize], numbers: &[u32], fold: u32) -> Fold {
        let (kept, left_out): (Vec<usize>, Vec<usize>) =
            (0..judged.len()).partition(|&at| numbers[at] != fold);
        let of_judged =
            |places: &[usize]| -> Vec<usize> { places.iter().map(|&at| judged[at]).collect() };
        let kept = of_judged(&kept);
        let rows = self.rows(&kept);
        let extractor = Extractor::fit(self.spec, self.prepared, &rows);
        Fold {
            labels: kept.iter().map(|&own| self.set.labels()[own]).collect(),
            matrix: extractor.matrix(self.prepared, &rows),
            left_out_matrix: extractor.matrix(self.prepared, &self.rows(&of_judged(&left_out))),
            left_out,
        }
    }
}

impl Fold {
    /// Raw log-odds of the left out under each of some penalties; each fit begins where the one before
    /// ended.
    fn log_odds(&self, path: &[Penalties]) -> Result<Vec<Vec<f64>>> {
        let mut last: Option<LinearModel> = None;
        let mut log_odds = Vec::with_capacity(path.len());
        for penalties in path {
            let linear = match penalties.words {
                Some(words) if self.matrix.sparse.n_columns() > 0 => {
                    let params = JointParams::new(penalties.dense, words).rough(last.take());
                    let linear = fit_joint(&self.matrix, &self.labels, params)?;
                    last = Some(linear.clone());
                    linear
                }
                _ => fit_without_words(&self.matrix, &self.labels, penalties.dense)?,
            };
            log_odds.push(self.left_out_matrix.log_odds(linear.intercept, &linear.coefficients));
        }
        Ok(log_odds)
    }
}

/// Tries penalties on all folds.
fn tried(folds: &[Fold], labels: &[bool], path: &[Penalties]) -> Result<Vec<Tried>> {
    let of_folds: Vec<Vec<Vec<f64>>> =
        folds.par_iter().map(|fold| fold.log_odds(path)).collect::<Result<_>>()?;
    let tried = path.iter().enumerate().map(|(at, &penalties)| -> Result<Tried> {
        let mut log_odds = vec![0.0; labels.len()];
        for (fold, own) in folds.iter().zip(&of_folds) {
            for (&place, value) in fold.left_out.iter().zip(&own[at]) {
                log_odds[place] = *value;
            }
        }
        // What counts is what is left once probabilities are calibrated: a weak penalty on words ranks
        // well and is far too sure of itself.
        let calibration = fit_platt(&log_odds, labels)?;
        let calibrated: Vec<f64> = log_odds.iter().map(|own| calibration.apply(*own)).collect();
        Ok(Tried { penalties, log_loss: log_loss(&calibrated, labels), log_odds })
    });
    tried.collect()
}

fn best_of(folds: &[Fold], labels: &[bool], choice: Choice<'_>) -> Result<Tried> {
    let best = |tried: Vec<Tried>| {
        tried.into_iter().reduce(|best, own| {
            let is_stronger = own.penalties.is_stronger_than(best.penalties);
            let is_better = own.log_loss < best.log_loss - 1e-12
                || (own.log_loss <= best.log_loss && is_stronger);
            if is_better { own } else { best }
        })
    };
    let try_all = |path: Vec<Penalties>| tried(folds, labels, &path);
    let found = match choice {
        Choice::Given(penalties) => best(try_all(vec![penalties])?),
        Choice::Among { dense, words } => {
            let alone = |&dense: &f64| Penalties { dense, words: None };
            let without = best(try_all(dense.iter().map(alone).collect())?);
            let mut all: Vec<Tried> = without.into_iter().collect();
            if let (Some(own), false) = (all.first(), words.is_empty()) {
                let own = own.penalties.dense;
                // The strongest first, so that each fit is near the one before.
                let mut words = words.to_vec();
                words.sort_by(|a, b| b.total_cmp(a));
                let beside = |&words: &f64| Penalties { dense: own, words: Some(words) };
                let with = best(try_all(words.iter().map(beside).collect())?);
                if let Some(with) = with {
                    let words = with.penalties.words;
                    let others = dense.iter().filter(|&&other| other != own);
                    let others = others.map(|&dense| Penalties { dense, words });
                    all.push(with);
                    all.extend(try_all(others.collect())?);
                }
            }
            best(all)
        }
    };
    let nothing = || ErrorKind::Fit { detail: "there are no penalties to choose from".to_owned() };
    Ok(found.ok_or_else(nothing)?)
}

/// Fits the dense columns; the words have coefficients of 0.
fn fit_without_words(matrix: &FeatureMatrix, labels: &[bool], penalty: f64) -> Result<LinearModel> {
    let mut linear = fit_dense(&matrix.dense, labels, DenseParams::new(penalty))?;
    linear.coefficients.resize(matrix.n_columns(), 0.0);
    Ok(linear)
}

impl Penalties {
    /// Whether this holds the coefficients back more; words that are not learned are held back most.
    fn is_stronger_than(self, other: Penalties) -> bool {
        let words = |own: Penalties| own.words.unwrap_or(f64::INFINITY);
        (words(self), self.dense) > (words(other), other.dense)
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
