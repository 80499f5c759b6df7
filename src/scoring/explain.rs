//! One score taken apart: the additive waterfall from the base rate to the probability.

use super::scorer::{Fact, RiskBand, Scorer, WeightedReason, logistic, ruling};
use crate::features::Row;
use crate::lists::Membership;

/// A score as a sum: base + contributions + correction, in order, is the log-odds to the last bit.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// Scaled log-odds of a listing that is average in everything.
    pub base_log_odds: f64,
    /// What each feature adds, in the order of the model; features that add nothing are there too.
    pub contributions: Vec<Contribution>,
    /// What the calibration adds to the sum of them; 0 of a model without a correction.
    pub correction: f64,
    /// The reasons of the score, all of them, strongest first.
    pub reasons: Vec<WeightedReason>,
    /// The sum.
    pub log_odds: f64,
    /// Its logistic function: P(counterfeit).
    pub probability: f64,
    /// Where the probability stands.
    pub band: RiskBand,
    /// Whether people should look at it: from the threshold on, or as a list says.
    pub flagged: bool,
    /// The lists that it is on, the strongest first.
    pub memberships: Vec<Membership>,
    /// The threshold in force.
    pub threshold: f64,
}

/// What one feature adds to a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// The signal, or the user's column.
    pub signal: String,
    /// Its value; `None` where there is none.
    pub value: Option<f64>,
    /// Log-odds that it adds.
    pub log_odds: f64,
    /// Stable code of the fact, where there is one to tell.
    pub code: Option<&'static str>,
    /// The fact in plain words, where there is one to tell.
    pub evidence: Option<String>,
    /// What each of its words adds, the largest in size first; of a feature that is none of words,
    /// nothing.
    pub words: Vec<(String, f64)>,
}

impl Explanation {
    pub(super) fn new(scorer: &Scorer, row: &Row<'_>) -> Explanation {
        let base_log_odds = scorer.base_log_odds();
        let mut log_odds = base_log_odds;
        let facts: Vec<Fact<'_>> = scorer.facts(row).collect();
        let mut contributions = Vec::with_capacity(facts.len());
        for fact in &facts {
            log_odds += fact.contribution;
            let reason = scorer.reason(fact, row);
            let words = scorer.word_contributions(fact.feature, row);
            contributions.push(Contribution {
                signal: fact.feature.source.name().to_owned(),
                value: fact.value.value(),
                log_odds: fact.contribution,
                code: reason.as_ref().map(|reason| reason.code),
                evidence: reason.map(|reason| reason.evidence),
                words: words.into_iter().map(|(term, own)| (term.to_owned(), own)).collect(),
            });
        }
        let correction = scorer.model().calibration().correction(log_odds);
        log_odds += correction;
        let probability = logistic(log_odds);
        let memberships = scorer.memberships(row);
        Explanation {
            base_log_odds,
            contributions,
            correction,
            reasons: scorer.reasons(row, &facts, usize::MAX, &mut Vec::new()),
            log_odds,
            probability,
            band: RiskBand::of(probability),
            flagged: ruling(&memberships).unwrap_or(probability >= scorer.threshold()),
            memberships,
            threshold: scorer.threshold(),
        }
    }

    /// The contributions that are not zero, the largest in size first.
    pub fn by_size(&self) -> Vec<&Contribution> {
        let mut sorted: Vec<&Contribution> =
            self.contributions.iter().filter(|own| own.log_odds != 0.0).collect();
        sorted.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
        sorted
    }
}
