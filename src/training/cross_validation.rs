//! Learning on some labeled rows: cross-validation by seller, penalties, calibration and fit.

use rayon::prelude::*;

use super::labeled::LabeledSet;
use super::search::{Candidates, Fold, Search, log_loss};
use crate::error::{ErrorKind, Result};
use crate::evaluation::{random_split, stratified_group_split};
use crate::features::{Extractor, FeatureSpec, Prepared};
use crate::model::fit::{Effort, Examples, Fitted, Penalties, fit, fit_isotonic, fit_platt};
use crate::model::{Calibration, LinearModel};

/// Penalties are chosen, and probabilities calibrated, on at most so many labeled rows, of whole sellers:
/// more make neither better in the digits that matter, and take their time.
const MAX_JUDGED: usize = 20_000;

/// Of each class so many listings must be judged before Platt scaling is corrected by isotonic
/// regression, which needs more to learn from (Niculescu-Mizil and Caruana 2005).
const MIN_ISOTONIC: usize = 1_000;

/// What learning on some labeled rows gives.
#[derive(Clone, Debug)]
pub(super) struct Learned {
    pub(super) extractor: Extractor,
    pub(super) fitted: Fitted,
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

/// Among which penalties is chosen.
#[derive(Clone, Copy, Debug)]
enum Choice<'a> {
    /// These.
    Given(Penalties),
    /// Those that do best on left-out sellers.
    Among(&'a Candidates),
}

/// What is learned from: features of a labeled set.
pub(super) struct Learner<'a> {
    pub(super) set: &'a LabeledSet,
    pub(super) prepared: &'a Prepared<'a>,
    pub(super) spec: &'a FeatureSpec,
    pub(super) n_folds: usize,
    pub(super) seed: u64,
    /// The share of the genuine listings that coefficients are fitted on; all without one.
    pub(super) negatives: Option<f64>,
    /// Whether a fit on more rows follows the first and is kept in its place.
    pub(super) learns_again: bool,
}

impl Learner<'_> {
    /// Learns from the labeled rows `members` (places among them).
    ///
    /// # Errors
    /// Too few sellers, folds of one class, no convergence.
    pub(super) fn learn(&self, members: &[usize], candidates: &Candidates) -> Result<Learned> {
        self.learn_from(members, Choice::Among(candidates), None)
    }

    /// Learns again from more labeled rows, with the penalties found before. Where as many were judged as
    /// ever are, what was learned of probabilities stays.
    ///
    /// # Errors
    /// As [`Learner::learn`].
    pub(super) fn learn_again(&self, members: &[usize], before: Learned) -> Result<Learned> {
        let start = Some((&before.extractor, &before.fitted.linear));
        if before.judged.len() == before.n_members {
            return self.learn_from(members, Choice::Given(before.penalties), start);
        }
        let (extractor, fitted) = self.fit(members, before.penalties, start)?;
        Ok(Learned { extractor, fitted, n_members: members.len(), ..before })
    }

    fn learn_from(
        &self,
        members: &[usize],
        choice: Choice<'_>,
        start: Option<(&Extractor, &LinearModel)>,
    ) -> Result<Learned> {
        let judged = self.judged(members)?;
        let labels = self.labels(&judged);
        let weights = self.weights(&judged);
        let weights = weights.as_deref();
        let numbers = self.folds(&judged, &labels)?;
        let n_folds = numbers.iter().max().map_or(0, |last| *last as usize + 1);
        let folds: Vec<Fold> = (0..n_folds as u32)
            .into_par_iter()
            .map(|fold| self.fold(&judged, &numbers, fold))
            .collect::<Result<_>>()?;
        let mut search = Search::new(folds, &labels, weights);
        let best = match choice {
            Choice::Given(penalties) => search.one(penalties)?,
            Choice::Among(candidates) => search.best(candidates)?,
        };
        drop(search);
        let mut calibration = fit_platt(&best.log_odds, &labels, weights)?;
        if is_isotonic_better(&best.log_odds, &labels, weights, &numbers)? {
            calibration = fit_isotonic(&calibration, &best.log_odds, &labels, weights);
        }
        let (extractor, fitted) = self.fit(members, best.penalties, start)?;
        Ok(Learned {
            extractor,
            fitted,
            penalties: best.penalties,
            out_of_fold: best.log_odds.iter().map(|own| calibration.apply(*own)).collect(),
            calibration,
            judged,
            n_folds,
            n_members: members.len(),
        })
    }

    /// The labeled rows that are judged: all, or of very many a part of whole sellers.
    ///
    /// # Errors
    /// Too few sellers.
    pub(super) fn judged(&self, members: &[usize]) -> Result<Vec<usize>> {
        if members.len() <= MAX_JUDGED {
            return Ok(members.to_vec());
        }
        let share = MAX_JUDGED as f64 / members.len() as f64;
        // Sellers and not households: one of these may have as many listings as are judged.
        let groups: Vec<u32> = members.iter().map(|&own| self.set.groups()[own]).collect();
        let labels: Vec<bool> = members.iter().map(|&own| self.set.labels()[own]).collect();
        let parts = stratified_group_split(&groups, &labels, &[share, 1.0 - share], self.seed)?;
        let kept = members.iter().zip(parts).filter(|(_, part)| *part == 0);
        Ok(kept.map(|(own, _)| *own).collect())
    }

    /// Fits features and coefficients on the labeled rows `members`, beginning where another fit ended.
    ///
    /// # Errors
    /// One class only, or no convergence.
    fn fit(
        &self,
        members: &[usize],
        penalties: Penalties,
        start: Option<(&Extractor, &LinearModel)>,
    ) -> Result<(Extractor, Fitted)> {
        self.fit_to(members, penalties, |extractor| {
            if start.is_none() && self.learns_again {
                return Effort::Rough(None);
            }
            Effort::Full(start.map(|(from, linear)| LinearModel {
                intercept: linear.intercept,
                coefficients: extractor.carry(from, &linear.coefficients),
            }))
        })
    }

    /// Fits features and coefficients well enough to be judged and thrown away.
    ///
    /// # Errors
    /// One class only, or no convergence.
    pub(super) fn fit_roughly(
        &self,
        members: &[usize],
        penalties: Penalties,
    ) -> Result<(Extractor, Fitted)> {
        self.fit_to(members, penalties, |_| Effort::Rough(None))
    }

    fn fit_to(
        &self,
        members: &[usize],
        penalties: Penalties,
        effort: impl Fn(&Extractor) -> Effort,
    ) -> Result<(Extractor, Fitted)> {
        let extractor = Extractor::fit(self.spec, self.prepared, &self.rows(members))
            .with_only(penalties.bins.is_some(), penalties.words.is_some());
        let (thinned, shift) = self.thinned(members)?;
        let matrix = extractor.matrix(self.prepared, &self.rows(&thinned));
        let labels = self.labels(&thinned);
        let weights = self.weights(&thinned);
        let examples = Examples { matrix: &matrix, labels: &labels, weights: weights.as_deref() };
        let mut fitted = fit(examples, penalties, effort(&extractor))?;
        fitted.linear.intercept += shift;
        Ok((extractor, fitted))
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

    fn labels(&self, members: &[usize]) -> Vec<bool> {
        members.iter().map(|&own| self.set.labels()[own]).collect()
    }

    fn weights(&self, members: &[usize]) -> Option<Vec<f64>> {
        let weights = self.set.weights()?;
        Some(members.iter().map(|&own| weights[own]).collect())
    }

    /// The labeled rows that coefficients are fitted on, and by how much the intercept is to be moved for
    /// the genuine listings that were left out: the logarithm of the share kept, as all other
    /// coefficients are the same in what is left (King and Zeng 2001, prior correction).
    fn thinned(&self, members: &[usize]) -> Result<(Vec<usize>, f64)> {
        let all = || Ok((members.to_vec(), 0.0));
        let Some(share) = self.negatives.filter(|share| *share < 1.0) else { return all() };
        let is_positive = |&own: &usize| self.set.labels()[own];
        let (mut thinned, negatives): (Vec<usize>, Vec<usize>) =
            members.iter().copied().partition(is_positive);
        let parts = random_split(negatives.len(), &[share, 1.0 - share], self.seed)?;
        let kept = negatives.iter().zip(&parts).filter(|(_, part)| **part == 0);
        let n_positive = thinned.len();
        thinned.extend(kept.map(|(own, _)| *own));
        let n_kept = thinned.len() - n_positive;
        if n_kept == 0 {
            return all();
        }
        thinned.sort_unstable();
        Ok((thinned, libm::log(n_kept as f64 / negatives.len() as f64)))
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

    fn fold(&self, judged: &[usize], numbers: &[u32], fold: u32) -> Result<Fold> {
        let (kept, left_out): (Vec<usize>, Vec<usize>) =
            (0..judged.len()).partition(|&at| numbers[at] != fold);
        let of_judged =
            |places: &[usize]| -> Vec<usize> { places.iter().map(|&at| judged[at]).collect() };
        let kept = of_judged(&kept);
        let extractor = Extractor::fit(self.spec, self.prepared, &self.rows(&kept));
        let (thinned, shift) = self.thinned(&kept)?;
        Ok(Fold {
            labels: self.labels(&thinned),
            weights: self.weights(&thinned),
            matrix: extractor.matrix(self.prepared, &self.rows(&thinned)),
            left_out_matrix: extractor.matrix(self.prepared, &self.rows(&of_judged(&left_out))),
            left_out,
            shift,
            last: None,
        })
    }
}

/// Whether isotonic regression makes probabilities better on sellers that it has not seen: it is
/// fitted on every other fold and judged on those between.
fn is_isotonic_better(
    log_odds: &[f64],
    labels: &[bool],
    weights: Option<&[f64]>,
    folds: &[u32],
) -> Result<bool> {
    let n_positive = labels.iter().filter(|label| **label).count();
    if n_positive.min(labels.len() - n_positive) < MIN_ISOTONIC {
        return Ok(false);
    }
    let (mut before, mut after) = (0.0, 0.0);
    for side in 0..2 {
        let (learn, judge): (Vec<usize>, Vec<usize>) =
            (0..labels.len()).partition(|&at| folds[at] % 2 == side);
        let of = |places: &[usize]| -> (Vec<f64>, Vec<bool>, Option<Vec<f64>>) {
            let weights = weights.map(|own| places.iter().map(|&at| own[at]).collect());
            let labels = places.iter().map(|&at| labels[at]).collect();
            (places.iter().map(|&at| log_odds[at]).collect(), labels, weights)
        };
        let (own, known, weight) = of(&learn);
        let platt = fit_platt(&own, &known, weight.as_deref())?;
        let isotonic = fit_isotonic(&platt, &own, &known, weight.as_deref());
        let (own, known, weight) = of(&judge);
        let loss = |calibration: &Calibration| {
            let calibrated: Vec<f64> = own.iter().map(|own| calibration.apply(*own)).collect();
            log_loss(&calibrated, &known, weight.as_deref()) * known.len() as f64
        };
        before += loss(&platt);
        after += loss(&isotonic);
    }
    Ok(after < before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Knowledge;
    use crate::listing::{ExtraColumns, Listing, ListingBatch};

    /// 2,400 sellers of 10 listings, of whom the first 240 share a text: what is judged has its share of
    /// them, and whole sellers.
    #[test]
    fn of_a_large_household_as_much_is_judged_as_of_others() {
        let words: Vec<String> = (1..=30).map(|n| format!("word{n}")).collect();
        let listing = |row: usize| {
            let (seller, place) = (row / 10, row % 10);
            let shared = seller < 240 && place == 0;
            let title = if shared { words.join(" ") } else { format!("bag {row}") };
            Listing {
                seller_id: Some(format!("{seller:04}")),
                ..Listing::new(row.to_string(), title)
            }
        };
        let listings: Vec<Listing> = (0..24_000).map(listing).collect();
        let labels = (0..24_000).map(|row| f64::from(u8::from(row % 7 == 0))).collect();
        let batch = ListingBatch::from_listings(&listings).with_labels(labels);
        let set = LabeledSet::new(batch, "test", "label").unwrap();
        assert_eq!(set.n_sharing(), 240);
        let knowledge = Knowledge::builtin().unwrap();
        let prepared = Prepared::new(set.listings(), &knowledge, None);
        let spec = FeatureSpec::new(&ExtraColumns::default(), false, false).unwrap();
        let learner = Learner {
            set: &set,
            prepared: &prepared,
            spec: &spec,
            n_folds: 5,
            seed: 0,
            negatives: None,
            learns_again: false,
        };
        let all: Vec<usize> = (0..set.len()).collect();
        let judged = learner.judged(&all).unwrap();
        assert!((19_900..=20_100).contains(&judged.len()), "{}", judged.len());
        assert!(judged.chunks(10).all(|own| own[9] == own[0] + 9 && own[0] % 10 == 0));
        let n_sharing = judged.iter().filter(|own| **own < 2_400).count();
        assert!((1_800..=2_200).contains(&n_sharing), "{n_sharing}");
    }
}
