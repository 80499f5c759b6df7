//! The scorer: a model made ready to score batches, frames and single listings.

use std::sync::Arc;

use arrow_schema::SchemaRef;

use super::explain::Explanation;
use crate::error::{ErrorKind, Result};
use crate::features::{
    Encoder, FeatureSource, FittedFeature, Knowledge, Prepared, Row, Weights, WordField, Words,
};
use crate::input::Input;
use crate::listing::{Cell, Listing, ListingBatch, Mapping, ResolvedMapping};
use crate::lists::{ListKind, Lists, Membership};
use crate::model::Model;

/// Contributions below this many log-odds are not worth a reason: they change a probability by
/// less than 5 points wherever it stands.
const MIN_REASON: f64 = 0.2;

/// How scores are made and told.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreSettings {
    /// The most reasons a listing is given.
    pub max_reasons: usize,
    /// The day that ages are counted to, in days since 1970-01-01; without one, a date alone
    /// tells no age.
    pub as_of: Option<f64>,
    /// Another threshold than the model's.
    pub threshold: Option<f64>,
}

impl Default for ScoreSettings {
    fn default() -> Self {
        ScoreSettings { max_reasons: 3, as_of: None, threshold: None }
    }
}

/// A model made ready to score. `Send + Sync`; share one between threads.
#[derive(Debug)]
pub struct Scorer {
    model: Model,
    knowledge: Arc<Knowledge>,
    settings: ScoreSettings,
    lists: Lists,
    /// Intercept and coefficients with the calibration multiplied in, so that the sum of the
    /// contributions is the calibrated log-odds.
    intercept: f64,
    weights: Weights,
}

/// The score of one listing.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// P(counterfeit), 0 to 1.
    pub probability: f64,
    /// Calibrated log-odds, of which the probability is the logistic function.
    pub log_odds: f64,
    /// Where the probability stands.
    pub band: RiskBand,
    /// Whether people should look at it: from the threshold on, or as a list says.
    pub flagged: bool,
    /// The lists that it is on, the strongest first.
    pub memberships: Vec<Membership>,
    /// The lists that it is on, then what raised the score, strongest first.
    pub reasons: Vec<WeightedReason>,
}

impl Score {
    /// What decides the flag: allow-listed is never flagged, deny-listed always, and all others as
    /// the score says.
    pub fn flag(&mut self, by_score: bool) {
        self.flagged = self.ruled().unwrap_or(by_score);
    }

    /// What a list says of the flag, if one does.
    pub fn ruled(&self) -> Option<bool> {
        ruling(&self.memberships)
    }
}

/// What lists say of a flag: the strongest that says anything decides.
pub(super) fn ruling(memberships: &[Membership]) -> Option<bool> {
    memberships.iter().find_map(|own| match own.kind {
        ListKind::Allow => Some(false),
        ListKind::Deny => Some(true),
        ListKind::Watch => None,
    })
}

/// A reason with its weight.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightedReason {
    /// Stable code, such as `PRICE_LOW`.
    pub code: &'static str,
    /// The signal, or the user's column, that speaks.
    pub signal: String,
    /// The signal's value; NaN where the absence of a value is the reason.
    pub value: f64,
    /// Log-odds that it adds.
    pub contribution: f64,
    /// Plain words.
    pub evidence: String,
}

/// Where a calibrated probability stands. The bounds do not move with the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RiskBand {
    /// Fewer than 1 in 10 such listings are counterfeit.
    Low,
    /// From 1 in 10 to 1 in 2.
    Elevated,
    /// More often counterfeit than not.
    High,
    /// At least 9 in 10.
    Critical,
}

impl RiskBand {
    /// The band of a probability.
    pub fn of(probability: f64) -> RiskBand {
        match probability {
            p if p >= 0.9 => RiskBand::Critical,
            p if p >= 0.5 => RiskBand::High,
            p if p >= 0.1 => RiskBand::Elevated,
            _ => RiskBand::Low,
        }
    }

    /// The band as outputs spell it.
    pub fn name(self) -> &'static str {
        match self {
            RiskBand::Low => "low",
            RiskBand::Elevated => "elevated",
            RiskBand::High => "high",
            RiskBand::Critical => "critical",
        }
    }
}

impl Scorer {
    /// A scorer of a model with the knowledge that is part of this crate.
    ///
    /// # Errors
    /// As [`Scorer::with_knowledge`].
    pub fn new(model: Model) -> Result<Scorer> {
        Scorer::with_knowledge(model, Arc::new(Knowledge::builtin()?))
    }

    /// A scorer of a model that knows other words than those that are part of this crate. A model
    /// that was trained with others is accepted, as terms may be added without training again.
    ///
    /// # Errors
    /// [`ErrorKind::Width`] when coefficients and features of the model differ in number.
    pub fn with_knowledge(model: Model, knowledge: Arc<Knowledge>) -> Result<Scorer> {
        model.linear.check_width(model.extractor.n_columns())?;
        let slope = model.calibration.slope();
        let coefficients = model.linear.coefficients.iter().map(|c| slope * c).collect();
        let weights = Weights::new(&model.extractor, coefficients);
        let intercept = model.calibration.scale(model.linear.intercept);
        Ok(Scorer {
            model,
            knowledge,
            settings: ScoreSettings::default(),
            lists: Lists::default(),
            intercept,
            weights,
        })
    }

    /// The same scorer with other settings.
    #[must_use]
    pub fn with_settings(mut self, settings: ScoreSettings) -> Scorer {
        self.settings = settings;
        self
    }

    /// The same scorer with lists that stand above the score.
    #[must_use]
    pub fn with_lists(mut self, lists: Lists) -> Scorer {
        self.lists = lists;
        self
    }

    /// The lists in force.
    pub fn lists(&self) -> &Lists {
        &self.lists
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// What it knows beside the model.
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// The settings.
    pub fn settings(&self) -> &ScoreSettings {
        &self.settings
    }

    /// The threshold in force.
    pub fn threshold(&self) -> f64 {
        self.settings.threshold.unwrap_or(self.model.threshold.probability)
    }

    /// Where scoring begins: the scaled log-odds of a listing that is average in everything.
    pub fn base_log_odds(&self) -> f64 {
        self.intercept
    }

    /// Scores one listing.
    pub fn score_listing(&self, listing: &Listing) -> Score {
        let batch = ListingBatch::from_listings(std::slice::from_ref(listing));
        let prepared = self.prepare(&batch);
        let view = prepared.view(self.model.extractor.state());
        self.score_row(&view.row(0), &mut Buffers::default())
    }

    /// Scores listings, in their order.
    pub fn score_listings(&self, listings: &[Listing]) -> Vec<Score> {
        self.score_batch(&ListingBatch::from_listings(listings))
    }

    /// Scores a batch, row by row; no row's score depends on another row.
    pub fn score_batch(&self, batch: &ListingBatch) -> Vec<Score> {
        let prepared = self.prepare(batch);
        let view = prepared.view(self.model.extractor.state());
        let mut buffers = Buffers::default();
        (0..batch.len()).map(|row| self.score_row(&view.row(row), &mut buffers)).collect()
    }

    /// Explains the score of the listing at `row` of a batch, contribution by contribution.
    pub fn explain(&self, batch: &ListingBatch, row: usize) -> Explanation {
        let prepared = self.prepare(batch);
        Explanation::new(self, &prepared.row(self.model.extractor.state(), row))
    }

    /// Explains the scores of a batch, in its order. An explanation is large: of many listings, take
    /// them a block at a time.
    pub fn explain_batch(&self, batch: &ListingBatch) -> Vec<Explanation> {
        let prepared = self.prepare(batch);
        let view = prepared.view(self.model.extractor.state());
        (0..batch.len()).map(|row| Explanation::new(self, &view.row(row))).collect()
    }

    /// Explains the score of one listing.
    pub fn explain_listing(&self, listing: &Listing) -> Explanation {
        self.explain(&ListingBatch::from_listings(std::slice::from_ref(listing)), 0)
    }

    /// Finds the columns of a file for this model: the user's mapping and the further columns that
    /// the model was trained on.
    ///
    /// # Errors
    /// A column that scoring, the mapping or the model needs is not there, or could be several.
    pub fn resolve(
        &self,
        mapping: &Mapping,
        file: &str,
        schema: &SchemaRef,
    ) -> Result<ResolvedMapping> {
        let own = self.model.extra_columns();
        let names = own.numeric.iter().map(|(name, _)| name).chain(&own.categorical);
        for name in names {
            if schema.field_with_name(name).is_err() {
                return Err(ErrorKind::Model {
                    path: file.to_owned(),
                    problem: format!(
                        "the model was trained with the column {} of the user's own, which this file does not have; add it or retrain without it",
                        crate::error::excerpt(name)
                    ),
                }
                .into());
            }
        }
        mapping.clone().with_extra(own).resolve(file, schema, false)
    }

    /// Finds the columns of an input that this scorer needs, in all of its files.
    ///
    /// # Errors
    /// Those of [`Scorer::resolve`], and files that differ in what is needed.
    pub fn resolve_input(&self, mapping: &Mapping, input: &Input) -> Result<ResolvedMapping> {
        self.resolve(mapping, &input.name(), input.schema())?;
        mapping.clone().with_extra(self.model.extra_columns()).resolve_input(input, false)
    }

    fn prepare<'a>(&'a self, batch: &'a ListingBatch) -> Prepared<'a> {
        let mut encoders = [None; WordField::ALL.len()];
        for feature in self.model.extractor.features() {
            if let (FeatureSource::Words(field), Encoder::Words(encoder)) =
                (&feature.source, &feature.encoder)
            {
                encoders[*field as usize] = Some(encoder);
            }
        }
        Prepared::with_words(batch, &self.knowledge, self.settings.as_of, Words::known(encoders))
    }

    /// What each feature of the model says of a listing, in the order of the model.
    pub(super) fn facts<'a>(&'a self, row: &Row<'a>) -> impl Iterator<Item = Fact<'a>> {
        let features = self.model.extractor.features().iter().enumerate();
        features.map(move |(place, feature)| self.fact(place, feature, row))
    }

    fn fact<'a>(&'a self, place: usize, feature: &'a FittedFeature, row: &Row<'a>) -> Fact<'a> {
        let value = feature.number(row);
        let contribution = self.weights.contribution(place, feature, row, value);
        Fact { place, feature, value, contribution }
    }

    fn score_row<'a>(&'a self, row: &Row<'a>, buffers: &mut Buffers<'a>) -> Score {
        let mut log_odds = self.intercept;
        let Buffers { facts, rises } = buffers;
        facts.clear();
        let features = self.model.extractor.features().iter().enumerate();
        for (place, feature) in features.filter(|(place, _)| self.weights.counts(*place)) {
            let fact = self.fact(place, feature, row);
            log_odds += fact.contribution;
            if fact.contribution != 0.0 {
                facts.push(fact);
            }
        }
        log_odds += self.model.calibration.correction(log_odds);
        let probability = logistic(log_odds);
        let memberships = self.memberships(row);
        let mut reasons: Vec<WeightedReason> =
            memberships.iter().map(WeightedReason::of_list).collect();
        reasons.extend(self.reasons(row, facts, self.settings.max_reasons, rises));
        Score {
            probability,
            log_odds,
            band: RiskBand::of(probability),
            flagged: ruling(&memberships).unwrap_or(probability >= self.threshold()),
            memberships,
            reasons,
        }
    }

    /// The lists that a listing is on.
    pub(super) fn memberships(&self, row: &Row<'_>) -> Vec<Membership> {
        self.lists.of(row.prepared().listings(), row.index(), self.settings.as_of)
    }

    /// The strongest reasons that raise the score. Signals that speak of the same fact share a
    /// code; their contributions are added before they are ranked.
    ///
    /// No reason of a family is stronger than what its facts raise together, so families are put into words
    /// from the one that raises most, until none can have a reason among the strongest. `rises` is a buffer
    /// for what each raises.
    pub(super) fn reasons(
        &self,
        row: &Row<'_>,
        facts: &[Fact<'_>],
        max_reasons: usize,
        rises: &mut Vec<f64>,
    ) -> Vec<WeightedReason> {
        rises.clear();
        rises.resize(self.model.extractor.features().len(), 0.0);
        for fact in facts {
            rises[self.weights.family(fact.place)] += fact.contribution.max(0.0);
        }
        let family = |fact: &Fact<'_>| self.weights.family(fact.place);
        let rise = |fact: &Fact<'_>| rises[family(fact)];
        let mut told: Vec<Fact<'_>> =
            facts.iter().filter(|fact| rise(fact) >= MIN_REASON).copied().collect();
        told.sort_by(|a, b| rise(b).total_cmp(&rise(a)).then_with(|| family(a).cmp(&family(b))));
        // Each with the place of its first fact, by which those of equal strength are in order.
        let mut found: Vec<(usize, WeightedReason)> = Vec::new();
        for of_family in told.chunk_by(|a, b| family(a) == family(b)) {
            let most = rise(&of_family[0]);
            let n_stronger = found.iter().filter(|(_, own)| own.contribution > most).count();
            if n_stronger >= max_reasons {
                break;
            }
            let first = found.len();
            for fact in of_family.iter().filter(|fact| !self.is_against_its_sign(fact)) {
                let Some(reason) = self.reason(fact, row) else { continue };
                let is_same =
                    |other: &WeightedReason| other.code == reason.code && other.merges(&reason);
                match found[first..].iter_mut().find(|(_, other)| is_same(other)) {
                    Some((_, other)) => other.merge(reason),
                    None => found.push((fact.place, reason)),
                }
            }
            found.retain(|(_, reason)| reason.contribution >= MIN_REASON);
        }
        found.sort_by(|a, b| b.1.contribution.total_cmp(&a.1.contribution).then(a.0.cmp(&b.0)));
        found.truncate(max_reasons);
        found.into_iter().map(|(_, reason)| reason).collect()
    }

    /// What a feature has to say of a listing, whichever way it moves the score.
    pub(super) fn reason(&self, fact: &Fact<'_>, row: &Row<'_>) -> Option<WeightedReason> {
        let Fact { feature, value: cell, contribution, .. } = *fact;
        let extra = |name: &str, value: Cell<String>| match value {
            Cell::Value(value) => Some(("EXTRA", format!("{name} is {value}"))),
            Cell::Missing => Some(("EXTRA", format!("{name} is empty"))),
            Cell::Unknown => None,
        };
        let (code, evidence) = match &feature.source {
            FeatureSource::Signal(signal) => {
                let reason = signal.reason(row, cell)?;
                (reason.code, reason.text)
            }
            FeatureSource::ExtraNumber(name, _) => {
                extra(name, cell.map(|value| value.to_string()))?
            }
            FeatureSource::ExtraCategory(name) => {
                let value = row.prepared().listings().extra_category(name, row.index());
                extra(name, value.map(crate::error::visible))?
            }
            FeatureSource::Words(field) => ("LEARNED_WORDS", self.told_words(*field, fact, row)?),
        };
        let signal = feature.source.name().to_owned();
        let value = cell.value().unwrap_or(f64::NAN);
        Some(WeightedReason { code, signal, value, contribution, evidence })
    }

    /// The contributions of the words of a field, the largest in size first.
    pub(super) fn word_contributions<'a>(
        &self,
        feature: &'a FittedFeature,
        row: &Row<'_>,
    ) -> Vec<(&'a str, f64)> {
        let Encoder::Words(encoder) = &feature.encoder else { return Vec::new() };
        let mut words: Vec<(&str, f64)> = Vec::new();
        feature.encode(row, Cell::Unknown, |column, value| {
            let term = &encoder.terms()[column - feature.first_column].0;
            words.push((term, self.weights.coefficients()[column] * value));
        });
        words.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(b.0)));
        words
    }

    /// The words of a field that move the score the way that the field does, the strongest first.
    fn told_words(&self, field: WordField, fact: &Fact<'_>, row: &Row<'_>) -> Option<String> {
        let mut words = self.word_contributions(fact.feature, row);
        words.retain(|(_, own)| (*own > 0.0) == (fact.contribution > 0.0) && *own != 0.0);
        let told: Vec<String> =
            words.iter().take(MAX_WORDS_TOLD).map(|(term, _)| format!("“{term}”")).collect();
        if told.is_empty() {
            return None;
        }
        let whose = if fact.contribution > 0.0 { "counterfeit" } else { "genuine" };
        let noun = field.column().info().noun;
        Some(format!("words as in the {noun} of {whose} listings: {}", told.join(", ")))
    }

    /// True when a signal's value weighs against the direction that its documentation expects,
    /// such as many ratings that raise the risk. It counts, and `explain` shows it, but it is no
    /// reason that a seller could answer.
    fn is_against_its_sign(&self, fact: &Fact<'_>) -> bool {
        fact.value.value().is_some() && self.weights.is_against_its_sign(fact.place)
    }
}

/// What is needed for one listing, used again for the next.
#[derive(Default)]
struct Buffers<'a> {
    facts: Vec<Fact<'a>>,
    /// What the features of each family that raise the score add to it.
    rises: Vec<f64>,
}

/// The most words of a field that a reason quotes.
const MAX_WORDS_TOLD: usize = 4;

/// What one feature says of a listing.
#[derive(Clone, Copy)]
pub(super) struct Fact<'a> {
    /// The feature's place in the model.
    place: usize,
    pub(super) feature: &'a FittedFeature,
    /// The raw number behind it.
    pub(super) value: Cell<f64>,
    /// Log-odds that it adds: the sum over its columns.
    pub(super) contribution: f64,
}

impl WeightedReason {
    /// That a listing is on a list, which adds nothing to its score.
    fn of_list(own: &Membership) -> WeightedReason {
        WeightedReason {
            code: own.kind.code(),
            signal: own.kind.name().to_owned(),
            value: f64::NAN,
            contribution: 0.0,
            evidence: own.evidence.clone(),
        }
    }

    /// Reasons of one code merge when they tell the same fact, or quote the listing with the same
    /// words before the quote: says “A” and says “B”.
    fn merges(&self, other: &WeightedReason) -> bool {
        let lead = before_quote(&self.evidence);
        self.evidence == other.evidence || (lead.is_some() && lead == before_quote(&other.evidence))
    }

    fn merge(&mut self, other: WeightedReason) {
        if self.evidence != other.evidence {
            let lead = before_quote(&other.evidence).unwrap_or_default();
            self.evidence = format!("{}, {}", self.evidence, &other.evidence[lead.len()..]);
        }
        if other.contribution > self.contribution {
            self.signal = other.signal;
            self.value = other.value;
        }
        self.contribution += other.contribution;
    }
}

/// What stands before the first quote of a reason.
fn before_quote(evidence: &str) -> Option<&str> {
    evidence.split_once('“').map(|(lead, _)| lead)
}

/// The probability of log-odds: 1 / (1 + exp(-x)), by `libm`, the same on every machine.
pub(crate) fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-log_odds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_begin_at_their_bounds() {
        use RiskBand::{Critical, Elevated, High, Low};
        let bands = [0.0, 0.099, 0.1, 0.499, 0.5, 0.899, 0.9, 1.0].map(RiskBand::of);
        assert_eq!(bands, [Low, Low, Elevated, Elevated, High, High, Critical, Critical]);
    }

    #[test]
    fn the_logistic_function_has_its_textbook_values() {
        assert_eq!(logistic(0.0), 0.5);
        assert!((logistic(libm::log(3.0)) - 0.75).abs() < 1e-15);
        assert_eq!(logistic(-800.0), 0.0);
        assert_eq!(logistic(800.0), 1.0);
    }

    #[test]
    fn a_scorer_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Scorer>();
    }
}
