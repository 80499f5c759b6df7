//! The search for penalties on left-out sellers, group of columns by group of columns.

use rayon::prelude::*;

use crate::error::{ErrorKind, Result};
use crate::features::FeatureMatrix;
use crate::model::LinearModel;
use crate::model::fit::{Effort, Examples, Penalties, fit, fit_platt};

/// The penalties to choose from.
#[derive(Clone, Debug)]
pub(super) struct Candidates {
    /// Of signals and further columns.
    pub(super) dense: Vec<f64>,
    /// Of the quantile bins of numbers; none to have no bins.
    pub(super) bins: Vec<f64>,
    /// Of words; none to have no words.
    pub(super) words: Vec<f64>,
    /// Whether words are taken even if they are worth nothing.
    pub(super) always_words: bool,
    /// Whether the strongest within one standard error of the best are taken (Breiman et al. 1984).
    pub(super) one_standard_error: bool,
}

/// One fold: what is learned from and the sellers left out.
pub(super) struct Fold {
    /// Places of the left out among the judged.
    pub(super) left_out: Vec<usize>,
    pub(super) labels: Vec<bool>,
    pub(super) weights: Option<Vec<f64>>,
    pub(super) matrix: FeatureMatrix,
    pub(super) left_out_matrix: FeatureMatrix,
    /// What the intercept of a fit is moved by.
    pub(super) shift: f64,
    /// The fit before, where the next one begins.
    pub(super) last: Option<LinearModel>,
}

/// Penalties and how they did on left-out sellers.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    pub(super) penalties: Penalties,
    /// Raw log-odds of the judged.
    pub(super) log_odds: Vec<f64>,
    /// Of the log-odds once they are calibrated.
    log_loss: f64,
    /// The same of each fold.
    fold_losses: Vec<f64>,
}

/// Fits under different penalties on the same folds.
pub(super) struct Search<'a> {
    folds: Vec<Fold>,
    labels: &'a [bool],
    weights: Option<&'a [f64]>,
}

impl<'a> Search<'a> {
    /// A search on folds of judged listings with these labels and weights.
    pub(super) fn new(folds: Vec<Fold>, labels: &'a [bool], weights: Option<&'a [f64]>) -> Self {
        Search { folds, labels, weights }
    }

    /// How these penalties do.
    pub(super) fn one(&mut self, penalties: Penalties) -> Result<Tried> {
        let of_folds: Vec<Vec<f64>> = self
            .folds
            .par_iter_mut()
            .map(|fold| fold.log_odds(penalties))
            .collect::<Result<_>>()?;
        let mut log_odds = vec![0.0; self.labels.len()];
        for (fold, own) in self.folds.iter().zip(&of_folds) {
            for (&place, value) in fold.left_out.iter().zip(own) {
                log_odds[place] = *value;
            }
        }
        // What counts is what is left once probabilities are calibrated: a weak penalty on words ranks
        // well and is far too sure of itself.
        let calibration = fit_platt(&log_odds, self.labels, self.weights)?;
        let calibrated: Vec<f64> = log_odds.iter().map(|own| calibration.apply(*own)).collect();
        let of_fold = |fold: &Fold| {
            let labels: Vec<bool> = fold.left_out.iter().map(|&at| self.labels[at]).collect();
            let own: Vec<f64> = fold.left_out.iter().map(|&at| calibrated[at]).collect();
            let weights = self.weights.map(|weights| -> Vec<f64> {
                fold.left_out.iter().map(|&at| weights[at]).collect()
            });
            log_loss(&own, &labels, weights.as_deref())
        };
        Ok(Tried {
            penalties,
            log_loss: log_loss(&calibrated, self.labels, self.weights),
            fold_losses: self.folds.iter().map(of_fold).collect(),
            log_odds,
        })
    }

    /// The best penalties: first of the dense columns alone, then of bins beside them, then of words
    /// beside both, then of the dense columns again. Bins and words are taken if they are better than
    /// nothing by more than the noise of the folds; words on little data unless they are worse by more.
    pub(super) fn best(&mut self, candidates: &Candidates) -> Result<Tried> {
        let alone = |dense: f64| Penalties { dense, bins: None, words: None };
        let mut all = self.path(&candidates.dense, alone)?;
        let lines = chosen(all.clone(), false).ok_or_else(nothing)?;
        let alone = lines.penalties;
        let beside = |bins: f64| Penalties { bins: Some(bins), ..alone };
        let tried = self.path(&candidates.bins, beside)?;
        let with_bins = taken(lines, tried, &mut all);
        let before = with_bins.penalties;
        let beside = |words: f64| Penalties { words: Some(words), ..before };
        let tried = self.path(&candidates.words, beside)?;
        let is_taken = |with_words: &Tried| {
            candidates.always_words
                || (self.tells_little() && !with_bins.is_clearly_better_than(with_words))
        };
        let found = match chosen(tried.clone(), false).filter(is_taken) {
            Some(with_words) => {
                all = tried;
                with_words
            }
            None => taken(with_bins, tried, &mut all),
        };
        let with = found.penalties;
        if with != alone {
            let beside = |dense: f64| Penalties { dense, ..with };
            let is_stronger = |dense: &f64| *dense > with.dense;
            let (mut stronger, mut weaker): (Vec<f64>, Vec<f64>) = candidates
                .dense
                .iter()
                .copied()
                .filter(|dense| *dense != with.dense)
                .partition(is_stronger);
            stronger.sort_by(f64::total_cmp);
            weaker.sort_by(|a, b| b.total_cmp(a));
            for side in [stronger, weaker] {
                all.extend(self.until_worse(found.log_loss, side.into_iter().map(beside))?);
            }
        }
        chosen(all, candidates.one_standard_error).ok_or_else(nothing)
    }

    /// Whether there are too few listings of a class for the folds to tell what words are worth.
    fn tells_little(&self) -> bool {
        let n_positive = self.labels.iter().filter(|label| **label).count();
        n_positive.min(self.labels.len() - n_positive) < MIN_TO_JUDGE_WORDS
    }

    /// Tries penalties from the strongest to the weakest, up to the first that is worse than the one
    /// before, as the weakest take longest.
    fn path(&mut self, values: &[f64], penalties: impl Fn(f64) -> Penalties) -> Result<Vec<Tried>> {
        let mut values = values.to_vec();
        values.sort_by(|a, b| b.total_cmp(a));
        self.until_worse(f64::INFINITY, values.into_iter().map(penalties))
    }

    /// Tries penalties one after the other, each fit from where the one before ended, up to the first that
    /// is worse than the one before it; `before` is the log-loss before the first.
    fn until_worse(
        &mut self,
        mut before: f64,
        penalties: impl Iterator<Item = Penalties>,
    ) -> Result<Vec<Tried>> {
        let mut path: Vec<Tried> = Vec::new();
        for penalties in penalties {
            let tried = self.one(penalties)?;
            let log_loss = tried.log_loss;
            path.push(tried);
            if log_loss > before {
                break;
            }
            before = log_loss;
        }
        Ok(path)
    }
}

impl Fold {
    /// Raw log-odds of the left out under some penalties.
    fn log_odds(&mut self, penalties: Penalties) -> Result<Vec<f64>> {
        let examples = Examples {
            matrix: &self.matrix,
            labels: &self.labels,
            weights: self.weights.as_deref(),
        };
        let linear = fit(examples, penalties, Effort::Rough(self.last.take()))?.linear;
        let own =
            self.left_out_matrix.log_odds(linear.intercept + self.shift, &linear.coefficients);
        self.last = Some(linear);
        Ok(own)
    }
}

impl Tried {
    /// Whether this is better in the mean over the folds by more than [`CLEAR`] standard errors of that
    /// mean.
    fn is_clearly_better_than(&self, other: &Tried) -> bool {
        let gains: Vec<f64> = self
            .fold_losses
            .iter()
            .zip(&other.fold_losses)
            .map(|(own, other)| other - own)
            .collect();
        mean(&gains) > CLEAR * standard_error(&gains)
    }
}

/// With five folds a gain of so many standard errors is met by chance in one of twenty trials (one-sided
/// 5 % point of Student's t with 4 degrees of freedom: 2.13).
const CLEAR: f64 = 2.13;

/// With fewer listings of a class the folds differ by more than words are worth, and what is known of
/// labeled marketplaces decides: text tells more than all else. On the export of `benches/peers/README.md`, with
/// 61 counterfeits, words are worth 0.25 of average precision, which five folds do not show beyond their noise.
const MIN_TO_JUDGE_WORDS: usize = 300;

/// Adds what was tried to all that was, if the best of it is worth its columns; the best so far.
fn taken(best: Tried, tried: Vec<Tried>, all: &mut Vec<Tried>) -> Tried {
    match chosen(tried.clone(), false) {
        Some(with) if with.is_clearly_better_than(&best) => {
            all.extend(tried);
            with
        }
        _ => best,
    }
}

/// The one with the least log-loss, or by the rule of one standard error the one that holds the
/// coefficients back most of those that are within it.
fn chosen(tried: Vec<Tried>, one_standard_error: bool) -> Option<Tried> {
    let least = tried.iter().min_by(|a, b| a.log_loss.total_cmp(&b.log_loss))?;
    let margin = if one_standard_error { standard_error(&least.fold_losses) } else { 0.0 };
    let most = least.log_loss + margin;
    let within = tried.into_iter().filter(|own| own.log_loss <= most);
    within.reduce(
        |best, own| {
            if own.penalties.is_stronger_than(best.penalties) { own } else { best }
        },
    )
}

fn nothing() -> crate::error::Error {
    ErrorKind::Fit { detail: "there are no penalties to choose from".to_owned() }.into()
}

impl Penalties {
    /// Whether this holds the coefficients back more; columns that are left out are held back most.
    fn is_stronger_than(self, other: Penalties) -> bool {
        let key = |own: Penalties| {
            let group = |penalty: Option<f64>| penalty.unwrap_or(f64::INFINITY);
            (group(own.words), group(own.bins), own.dense)
        };
        key(self) > key(other)
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The standard error of the mean of values; 0 of a single one.
fn standard_error(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let own = mean(values);
    let squares: f64 = values.iter().map(|value| (value - own) * (value - own)).sum();
    if n > 1.0 { libm::sqrt(squares / (n - 1.0) / n) } else { 0.0 }
}

/// Mean negative log-likelihood of labels under raw log-odds, in nats: ln(1 + exp(-x)) of a
/// counterfeit, ln(1 + exp(x)) of a genuine listing.
pub(super) fn log_loss(log_odds: &[f64], labels: &[bool], weights: Option<&[f64]>) -> f64 {
    let (mut total, mut sum) = (0.0, 0.0);
    for (row, (value, label)) in log_odds.iter().zip(labels).enumerate() {
        let weight = weights.map_or(1.0, |weights| weights[row]);
        let margin = if *label { -value } else { *value };
        sum += weight * (margin.max(0.0) + libm::log1p(libm::exp(-margin.abs())));
        total += weight;
    }
    if total > 0.0 { sum / total } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_loss_of_even_odds_is_ln_2() {
        let loss = log_loss(&[0.0, 0.0], &[true, false], None);
        assert!((loss - std::f64::consts::LN_2).abs() < 1e-15);
        // A counterfeit at log-odds ln 3 (probability 0.75): -ln 0.75 = 0.2876820724517809
        let loss = log_loss(&[libm::log(3.0)], &[true], None);
        assert!((loss - 0.287_682_072_451_780_9).abs() < 1e-12);
    }

    fn tried(dense: f64, words: Option<f64>, fold_losses: &[f64]) -> Tried {
        Tried {
            penalties: Penalties { dense, bins: None, words },
            log_odds: Vec::new(),
            log_loss: mean(fold_losses),
            fold_losses: fold_losses.to_vec(),
        }
    }

    /// Of three folds the paired differences 0.01, 0.02 and 0.03 have mean 0.02 and standard error
    /// 0.01 / sqrt(3) = 0.0058, 3.5 of them; 0.05, -0.05 and 0.01 have mean 0.0033 and standard error 0.029.
    #[test]
    fn a_group_of_columns_must_be_better_by_more_than_the_noise_of_the_folds() {
        let without = tried(1.0, None, &[0.30, 0.40, 0.50]);
        assert!(tried(1.0, Some(1.0), &[0.29, 0.38, 0.47]).is_clearly_better_than(&without));
        assert!(!tried(1.0, Some(1.0), &[0.25, 0.45, 0.49]).is_clearly_better_than(&without));
        assert!(!without.is_clearly_better_than(&without));
    }

    #[test]
    fn few_listings_of_a_class_tell_little() {
        let tells_little = |n_positive: usize, n_negative: usize| {
            let labels: Vec<bool> =
                (0..n_positive + n_negative).map(|at| at < n_positive).collect();
            Search::new(Vec::new(), &labels, None).tells_little()
        };
        assert!(tells_little(299, 5000) && tells_little(5000, 299));
        assert!(!tells_little(300, 5000) && !tells_little(300, 300));
    }

    /// The best has a mean of 0.40 and a standard error of 0.1 / sqrt(3) = 0.0577.
    #[test]
    fn the_rule_of_one_standard_error_takes_the_strongest_penalty_within_it() {
        let all = || {
            vec![
                tried(100.0, None, &[0.50, 0.50, 0.50]),
                tried(10.0, None, &[0.45, 0.45, 0.46]),
                tried(1.0, None, &[0.30, 0.40, 0.50]),
                tried(0.1, None, &[0.31, 0.41, 0.51]),
            ]
        };
        let dense = |rule| chosen(all(), rule).unwrap().penalties.dense;
        assert_eq!((dense(false), dense(true)), (1.0, 10.0));
        // What is no worse is taken where it holds back more.
        let equal = vec![tried(1.0, Some(1.0), &[0.4]), tried(1.0, None, &[0.4])];
        assert_eq!(chosen(equal, false).unwrap().penalties.words, None);
    }
}
