//! Training: split by seller, fit, calibrate, resolve the threshold, evaluate on sellers never
//! seen, refit on all.

mod comparison;
mod cross_validation;
mod labeled;
mod leakage;
mod search;

pub use comparison::{compare, has_trained_on};
pub use labeled::LabeledSet;

use std::collections::HashSet;

use crate::error::{ErrorKind, Result};
use crate::evaluation::metrics::{all_operating_points, confusion, operating_points};
use crate::evaluation::{
    Bootstrap, Evaluation, EvaluationParams, Judged, Ranking, random_split, stratified_group_split,
    time_split,
};
use crate::features::{FeatureSpec, Knowledge, Prepared, Words};
use crate::listing::{Column, ExtraColumns};
use crate::model::{
    Card, LexiconInfo, Model, OperatingPoint, Policy, SplitSummary, Threshold, ThresholdSpread,
    TrainingData,
};
use crate::scoring::{Scorer, logistic};
use cross_validation::{Learned, Learner};
use search::Candidates;

/// Fewer counterfeits than this among the held-out listings make every figure uncertain.
const FEW_POSITIVES: usize = 50;

/// How a model is trained. `TrainingParams::default()` are the defaults of the command line.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct TrainingParams {
    /// Share of the listings whose sellers are held out for the evaluation, above 0 and below 1.
    pub holdout: f64,
    /// Folds of the cross-validation by seller, at least 2.
    pub n_folds: usize,
    /// Seed of the splits and the bootstrap.
    pub seed: u64,
    /// How the threshold is decided.
    pub policy: Policy,
    /// L2 penalties of signals and further columns to choose from, as scikit-learn's 1/C.
    pub penalties: Vec<f64>,
    /// L2 penalties of the quantile bins in which a number has another slope to choose from; none to have
    /// straight lines alone, which are always among the choices.
    pub bin_penalties: Vec<f64>,
    /// L2 penalties of words to choose from; none to learn no words. That words are not worth
    /// learning is among the choices; on little data they are learned unless the folds clearly say so.
    pub word_penalties: Vec<f64>,
    /// Learn words even if left-out sellers are judged no better with them.
    pub always_words: bool,
    /// Take the strongest penalties within one standard error of the best, and not the best.
    pub one_standard_error: bool,
    /// Fit coefficients on this share of the genuine listings, above 0 and up to 1, and correct the
    /// intercept; of very many listings most are genuine, and the last of them say little.
    pub negatives: Option<f64>,
    /// Also judge on the latest listings by `listed_at`.
    pub by_time: bool,
    /// Fit the saved model on all rows after the evaluation.
    pub refit: bool,
    /// The true share of counterfeits where the labeled data has another; shifts the intercept.
    pub base_rate: Option<f64>,
    /// Further columns to learn from.
    pub extra: ExtraColumns,
    /// The day that ages are counted to, in days since 1970-01-01.
    pub as_of: Option<f64>,
    /// The first paragraph of the card.
    pub note: String,
}

impl Default for TrainingParams {
    fn default() -> Self {
        TrainingParams {
            holdout: 0.2,
            n_folds: 5,
            seed: 0,
            policy: Policy::Fixed(0.5),
            penalties: vec![1.0, 10.0, 100.0],
            bin_penalties: vec![1.0, 10.0, 100.0],
            word_penalties: vec![0.02, 0.1, 0.5, 2.0, 10.0, 50.0],
            always_words: false,
            one_standard_error: false,
            negatives: None,
            by_time: false,
            refit: true,
            base_rate: None,
            extra: ExtraColumns::default(),
            as_of: None,
            note: String::new(),
        }
    }
}

/// A trained model and how it did, split by split.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The model to save.
    pub model: Model,
    /// The splits by name: `random` and `time` (if asked for) show what an easier or another
    /// question gives, `group` is the cross-validation by seller, `holdout` the sellers never seen.
    pub evaluations: Vec<(&'static str, Evaluation)>,
}

impl TrainingParams {
    /// The parameters, once every value makes sense.
    ///
    /// # Errors
    /// [`ErrorKind::Option`] naming the option.
    pub fn check(self) -> Result<ValidTrainingParams> {
        let fault = |option, expected: &str, found: String| {
            Err(ErrorKind::Option { option, expected: expected.to_owned(), found }.into())
        };
        if !(self.holdout > 0.0 && self.holdout < 1.0) {
            return fault("--holdout", "a share above 0% and below 100%", self.holdout.to_string());
        }
        if self.n_folds < 2 {
            return fault("--folds", "at least 2", self.n_folds.to_string());
        }
        let is_wrong = |penalty: &f64| !penalty.is_finite() || *penalty <= 0.0;
        if self.penalties.is_empty() || self.penalties.iter().any(is_wrong) {
            return fault("--penalty", "numbers above 0", format!("{:?}", self.penalties));
        }
        let groups =
            [("--word-penalty", &self.word_penalties), ("--bin-penalty", &self.bin_penalties)];
        if let Some((option, found)) = groups.iter().find(|(_, own)| own.iter().any(is_wrong)) {
            return fault(option, "numbers above 0", format!("{found:?}"));
        }
        if let Some(share) = self.negatives.filter(|share| !(*share > 0.0 && *share <= 1.0)) {
            return fault("--negatives", "a share above 0% and up to 100%", share.to_string());
        }
        if let Some(rate) = self.base_rate.filter(|rate| !(*rate > 0.0 && *rate < 1.0)) {
            return fault("--base-rate", "a share between 0 and 1", rate.to_string());
        }
        Ok(ValidTrainingParams(self))
    }
}

/// Parameters whose values have been checked.
#[derive(Clone, Debug)]
pub struct ValidTrainingParams(TrainingParams);

impl ValidTrainingParams {
    /// Trains a model with the knowledge that is part of this crate.
    ///
    /// # Errors
    /// As [`ValidTrainingParams::fit_with`].
    pub fn fit(&self, set: &LabeledSet) -> Result<Trained> {
        self.fit_with(set, &Knowledge::builtin()?)
    }

    /// Trains a model.
    ///
    /// # Errors
    /// Too few sellers or labels, a fit that does not converge, or a policy that cannot be met.
    pub fn fit_with(&self, set: &LabeledSet, knowledge: &Knowledge) -> Result<Trained> {
        let params = &self.0;
        let with_words = !params.word_penalties.is_empty();
        let words = if with_words { Words::Counted(Box::default()) } else { Words::Unused };
        let prepared =
            Prepared::with_words(set.listings(), knowledge, params.as_of, words).with_numbers();
        let spec = FeatureSpec::new(&params.extra, !params.bin_penalties.is_empty(), with_words)?;
        let learner = Learner {
            set,
            prepared: &prepared,
            spec: &spec,
            n_folds: params.n_folds,
            seed: params.seed,
            negatives: params.negatives,
            learns_again: params.refit,
        };
        let shares = [1.0 - params.holdout, params.holdout];
        let parts = stratified_group_split(set.households(), set.labels(), &shares, params.seed)?;
        let (kept, held_out) = divide(&parts);
        both_classes(set, &held_out)?;
        let candidates = Candidates {
            dense: params.penalties.clone(),
            bins: params.bin_penalties.clone(),
            words: params.word_penalties.clone(),
            always_words: params.always_words,
            one_standard_error: params.one_standard_error,
        };
        let learned = learner.learn(&kept, &candidates)?;
        let threshold = self.threshold(set, &learned)?;
        let judge = |members: &[usize], log_odds: &[f64]| {
            evaluate_members(set, members, log_odds, threshold.probability, params.seed)
        };
        let mut evaluations = Vec::new();
        let mut other = |name, before: Vec<usize>, after: Vec<usize>| -> Result<()> {
            if both_classes(set, &before).is_err() || both_classes(set, &after).is_err() {
                return Ok(());
            }
            let (extractor, fitted) = learner.fit_roughly(&before, learned.penalties)?;
            let raw = learner.log_odds(&extractor, &fitted.linear, &after);
            let log_odds: Vec<f64> =
                raw.iter().map(|value| learned.calibration.apply(*value)).collect();
            evaluations.push((name, judge(&after, &log_odds)?));
            Ok(())
        };
        let all: Vec<usize> = (0..set.len()).collect();
        // Of very many listings as many as the folds judge, so that the two can be compared.
        let some = learner.judged(&all)?;
        let (before, after) = divide(&random_split(some.len(), &shares, params.seed)?);
        let of_some = |places: Vec<usize>| places.into_iter().map(|at| some[at]).collect();
        other("random", of_some(before), of_some(after))?;
        let mut n_copies = 0;
        if params.by_time {
            let (before, after) = divide(&time_split(&set.times(), params.holdout)?);
            let (after, copies) = without_copies(set, &before, after);
            n_copies = copies;
            other("time", before, after)?;
        }
        evaluations.push(("group", judge(&learned.judged, &learned.out_of_fold)?));
        let raw = learner.log_odds(&learned.extractor, &learned.fitted.linear, &held_out);
        let log_odds: Vec<f64> =
            raw.iter().map(|value| learned.calibration.apply(*value)).collect();
        evaluations.push(("holdout", judge(&held_out, &log_odds)?));

        let last = if params.refit { learner.learn_again(&all, learned)? } else { learned };
        let leaks = leakage::leaks(set, &prepared, &last.extractor);
        let mut model = self.model(set, knowledge, last, &evaluations)?;
        model.card.warnings.extend(leaks);
        if n_copies > 0 {
            model.card.warnings.push(format!(
                "{n_copies} of the latest listings have nearly the text of an earlier one and are left out of the split by time"
            ));
        }
        Ok(Trained { model, evaluations })
    }

    /// The points as they are at the stated base rate, if one is stated.
    fn at_base_rate(&self, set: &LabeledSet, points: Vec<OperatingPoint>) -> Vec<OperatingPoint> {
        match self.0.base_rate {
            None => points,
            Some(to) => {
                let from = set.n_positive() as f64 / set.len() as f64;
                points.into_iter().map(|point| point.at_base_rate(from, to)).collect()
            }
        }
    }

    /// What a threshold gives on left-out sellers, at the stated base rate if one is stated.
    fn spread(
        &self,
        set: &LabeledSet,
        judged: &Judged<'_>,
        threshold: f64,
    ) -> Option<ThresholdSpread> {
        let from = set.n_positive() as f64 / set.len() as f64;
        let to = self.0.base_rate.unwrap_or(from);
        let is_moved = self.0.base_rate.is_some();
        // Where the threshold was before probabilities were moved; left alone where they were not, as the
        // way there and back rounds, and a threshold is the probability of some listing.
        let moved = OperatingPoint { threshold, flagged_share: 0.0, precision: 0.0, recall: 0.0 };
        let own = if is_moved { moved.at_base_rate(to, from).threshold } else { threshold };
        let point = |ranking: &Ranking| {
            let found = confusion(ranking, own);
            let point = OperatingPoint {
                threshold: own,
                flagged_share: found.n_flagged as f64 / ranking.n() as f64,
                precision: found.precision().unwrap_or_default(),
                recall: found.recall().unwrap_or_default(),
            };
            (if is_moved { point.at_base_rate(from, to) } else { point }, found.n_flagged > 0)
        };
        let bootstrap = Bootstrap::with_seed(self.0.seed);
        let interval = |metric: &dyn Fn(OperatingPoint, bool) -> Option<f64>| {
            let own = bootstrap.interval(judged, |ranking| {
                let (point, flags) = point(ranking);
                metric(point, flags)
            })?;
            Some((own.low, own.high))
        };
        Some(ThresholdSpread {
            flagged_share: interval(&|point, _| Some(point.flagged_share))?,
            precision: interval(&|point, flags| flags.then_some(point.precision)),
            recall: interval(&|point, _| Some(point.recall))?,
        })
    }

    /// The threshold that the policy means on left-out sellers.
    fn threshold(&self, set: &LabeledSet, own: &Learned) -> Result<Threshold> {
        let (scores, labels, groups) = judged_parts(set, &own.judged, &own.out_of_fold);
        let judged = Judged::new(&scores, &labels, &groups)?;
        let points = all_operating_points(judged.ranking());
        self.0.policy.resolve(&points, own.n_members as u64)
    }

    fn model(
        &self,
        set: &LabeledSet,
        knowledge: &Knowledge,
        learned: Learned,
        evaluations: &[(&'static str, Evaluation)],
    ) -> Result<Model> {
        let params = &self.0;
        let (scores, labels, groups) = judged_parts(set, &learned.judged, &learned.out_of_fold);
        let judged = Judged::new(&scores, &labels, &groups)?;
        let points = self.at_base_rate(set, all_operating_points(judged.ranking()));
        let threshold = params.policy.resolve(&points, learned.n_members as u64)?;
        let mut card = Card {
            note: params.note.clone(),
            crate_version: env!("CARGO_PKG_VERSION").to_owned(),
            data: TrainingData {
                sha256: set.digest(),
                n: set.len(),
                n_positive: set.n_positive(),
                n_sellers: set.n_sellers(),
            },
            penalty: learned.penalties.dense,
            word_penalty: learned.penalties.words,
            bin_penalty: learned.penalties.bins,
            one_standard_error: params.one_standard_error,
            gradient_norm: learned.fitted.gradient_norm,
            sample_weight: set.weight_column().map(str::to_owned),
            negatives: params.negatives,
            spread: self.spread(set, &judged, threshold.probability),
            seed: params.seed,
            n_folds: learned.n_folds,
            holdout: params.holdout,
            refitted: params.refit,
            lexicons: knowledge
                .digests()
                .iter()
                .map(|own| LexiconInfo {
                    language: own.language.clone(),
                    version: own.version.clone(),
                    sha256: own.sha256.clone(),
                })
                .collect(),
            evaluation: evaluations.iter().map(|(name, own)| summary(name, own)).collect(),
            warnings: warnings(set, evaluations, params.by_time),
        };
        let mut calibration = learned.calibration;
        if let Some(rate) = params.base_rate {
            let shift = prior_shift(set.n_positive() as f64 / set.len() as f64, rate);
            calibration = calibration.shifted(shift);
            card.warnings.push(format!(
                "the intercept was moved by {shift:.4} log-odds to the stated base rate of {rate}, the threshold with it; the evaluation is that of the labeled data"
            ));
        }
        Ok(Model {
            extractor: learned.extractor,
            linear: learned.fitted.linear,
            calibration,
            threshold,
            operating_points: self.at_base_rate(set, operating_points(judged.ranking())),
            card,
        })
    }
}

/// Judges a scorer on labeled listings.
///
/// # Errors
/// None beyond what [`LabeledSet::new`] has checked.
pub fn evaluate(scorer: &Scorer, set: &LabeledSet, seed: u64) -> Result<Evaluation> {
    let scores = scorer.score_batch(set.listings());
    let probabilities: Vec<f64> = set.rows().iter().map(|&row| scores[row].probability).collect();
    let all: Vec<usize> = (0..set.len()).collect();
    let slices = set.slices(&all);
    let judged = Judged::new(&probabilities, set.labels(), set.groups())?;
    let params = EvaluationParams { threshold: scorer.threshold(), seed, slice_by: &slices };
    Evaluation::new(&judged, &params)
}

fn evaluate_members(
    set: &LabeledSet,
    members: &[usize],
    log_odds: &[f64],
    threshold: f64,
    seed: u64,
) -> Result<Evaluation> {
    let (scores, labels, groups) = judged_parts(set, members, log_odds);
    let slices = set.slices(members);
    let judged = Judged::new(&scores, &labels, &groups)?;
    Evaluation::new(&judged, &EvaluationParams { threshold, seed, slice_by: &slices })
}

/// Probabilities, labels and sellers of some labeled rows.
fn judged_parts(
    set: &LabeledSet,
    members: &[usize],
    log_odds: &[f64],
) -> (Vec<f64>, Vec<bool>, Vec<u32>) {
    (
        log_odds.iter().map(|value| logistic(*value)).collect(),
        members.iter().map(|&own| set.labels()[own]).collect(),
        members.iter().map(|&own| set.groups()[own]).collect(),
    )
}

/// The rows of part 0 and those of part 1.
fn divide(parts: &[u32]) -> (Vec<usize>, Vec<usize>) {
    (0..parts.len()).partition(|&at| parts[at] == 0)
}

/// The later rows that are no copies of an earlier one, and how many are.
fn without_copies(set: &LabeledSet, before: &[usize], after: Vec<usize>) -> (Vec<usize>, usize) {
    let known: HashSet<u64> = before.iter().filter_map(|&own| set.families()[own]).collect();
    let n = after.len();
    let is_new = |own: &usize| set.families()[*own].is_none_or(|family| !known.contains(&family));
    let after: Vec<usize> = after.into_iter().filter(is_new).collect();
    let n_copies = n - after.len();
    (after, n_copies)
}

fn both_classes(set: &LabeledSet, members: &[usize]) -> Result<()> {
    let n_positive = members.iter().filter(|&&own| set.labels()[own]).count();
    if n_positive > 0 && n_positive < members.len() {
        return Ok(());
    }
    Err(ErrorKind::TooFew {
        what: "sellers with counterfeit listings to learn from and to hold out",
        found: n_positive.min(1),
        needed: 2,
    }
    .into())
}

/// By how many log-odds a prior of `from` must be moved to be `to` (King and Zeng 2001).
fn prior_shift(from: f64, to: f64) -> f64 {
    libm::log(to / (1.0 - to)) - libm::log(from / (1.0 - from))
}

fn summary(name: &str, own: &Evaluation) -> SplitSummary {
    SplitSummary {
        split: name.to_owned(),
        n: own.n,
        n_positive: own.n_positive,
        average_precision: own.average_precision,
        average_precision_interval: own
            .average_precision_interval
            .map(|interval| (interval.low, interval.high)),
        roc_auc: own.roc_auc,
        at: own.queues.iter().map(|queue| (queue.k, queue.precision, queue.recall)).collect(),
        log_loss: own.log_loss,
        brier: own.brier,
        ece: own.ece,
        calibration_slope: own.calibration.map(|line| line.slope),
        threshold: own.at_threshold.threshold,
        precision: own.at_threshold.precision(),
        recall: own.at_threshold.recall().unwrap_or_default(),
    }
}

fn warnings(
    set: &LabeledSet,
    evaluations: &[(&'static str, Evaluation)],
    by_time: bool,
) -> Vec<String> {
    let mut warnings = Vec::new();
    let named = |name: &str| evaluations.iter().find(|(own, _)| *own == name).map(|(_, own)| own);
    let holdout = named("holdout");
    if let Some(nothing) = named("group").and_then(learned_nothing) {
        warnings.push(nothing);
    }
    if let Some(column) = set.weight_column() {
        warnings.push(format!(
            "listings count as {} says in the fit, its choice and the calibration; the figures count each listing once",
            crate::error::excerpt(column)
        ));
    }
    if set.n_sellers() == 0 {
        warnings.push(format!(
            "the data does not tell sellers apart (no {}): listings of one seller may stand on both sides of every split, and how the model does on sellers it has not seen is not known",
            Column::SellerId.name()
        ));
    }
    if set.n_sharing() > 0 {
        warnings.push(format!(
            "{} sellers have a text nearly equal to another's: they stand together on one side of every split by seller",
            set.n_sharing()
        ));
    }
    if let Some(holdout) = holdout.filter(|own| own.n_positive < FEW_POSITIVES) {
        warnings.push(format!(
            "only {} of the held-out listings are counterfeit: the figures are uncertain, look at the interval",
            holdout.n_positive
        ));
    }
    if by_time && !set.listings().has(Column::ListedAt) {
        warnings.push(format!("no {}: there is no split by time", Column::ListedAt.name()));
    }
    warnings
}

/// That a model is no better than guessing on left-out sellers, as far as can be told.
fn learned_nothing(own: &Evaluation) -> Option<String> {
    let base_rate = own.n_positive as f64 / own.n as f64;
    let interval = own.average_precision_interval.filter(|interval| interval.low <= base_rate)?;
    Some(format!(
        "nothing was learned that holds for other sellers: on those left out the average precision is {:.4} ({:.4} to {:.4}), and {:.4} of the listings are counterfeit",
        own.average_precision, interval.low, interval.high, base_rate
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prior_is_moved_in_log_odds() {
        // logit(0.5) - logit(0.25) = 0 - ln(1/3) = ln 3
        assert!((prior_shift(0.25, 0.5) - libm::log(3.0)).abs() < 1e-12);
        assert_eq!(prior_shift(0.1, 0.1), 0.0);
    }
}
