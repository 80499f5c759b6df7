//! What a statement of reasons must say of a listing: the facts and circumstances relied on, and the
//! automated means that found them.
//!
//! The order follows Article 17(3) of Regulation (EU) 2022/2065 (Digital Services Act): (b) the facts
//! and circumstances relied on, (c) the use made of automated means. What is for the platform to
//! decide, the decision and its scope (a), its ground (d, e) and redress (f), is left blank.

use serde_json::{Value, json};

use super::text::wrapped;
use crate::error::visible;
use crate::features::ReasonCode;
use crate::scoring::{Contribution, Explanation, Provenance, WeightedReason};

/// What speaks against a counterfeit is told from this many log-odds on.
const WORTH_TELLING: f64 = 0.05;

/// Who and what is spoken of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject<'a> {
    /// Identifier of the listing.
    pub listing_id: &'a str,
    /// Its title.
    pub title: Option<&'a str>,
    /// The seller, by name or id.
    pub seller: Option<&'a str>,
    /// The day of the assessment, as ISO 8601, where one was given.
    pub day: Option<&'a str>,
}

/// The statement, without the waterfall.
pub(super) fn statement_text(
    subject: &Subject<'_>,
    own: &Explanation,
    provenance: &Provenance,
) -> String {
    let mut text = format!("Statement of reasons for listing {}\n\n", visible(subject.listing_id));
    let lines = [("Title", subject.title), ("Seller", subject.seller), ("As of", subject.day)];
    for (name, value) in lines {
        if let Some(value) = value {
            text.push_str(&format!("  {name:<8} {}\n", visible(value)));
        }
    }
    text.push_str(&format!("  {:<8} {}\n", "Result", result(own)));

    text.push_str("\nFacts and circumstances relied on\n");
    let mut number = 0;
    for member in &own.memberships {
        number += 1;
        let told = format!("{number}. {} [{}]", sentence(&member.evidence), member.kind.code());
        text.push_str(&wrapped(&visible(&told)));
    }
    for reason in &own.reasons {
        number += 1;
        let told = format!(
            "{number}. {} [{}, adds {:.2} to the log-odds]",
            sentence(&reason.evidence),
            reason.code,
            reason.contribution
        );
        text.push_str(&wrapped(&visible(&told)));
    }
    if number == 0 {
        text.push_str("  None that raises the risk by itself.\n");
    }

    let against = against(own);
    if !against.is_empty() {
        text.push_str("\nWhat speaks for the seller\n");
        for (evidence, log_odds) in against {
            let told = format!("- {} [takes {:.2}]", sentence(evidence), -log_odds);
            text.push_str(&wrapped(&visible(&told)));
        }
    }

    text.push_str("\nUse of automated means\n");
    text.push_str(&wrapped(&means(own, provenance)));
    text.push_str("\nTo be completed by whoever decides\n");
    for blank in
        ["Decision and its scope:", "Ground in law or terms, and why it applies:", "Redress:"]
    {
        text.push_str(&format!("  {blank}\n"));
    }
    text
}

/// The same facts as JSON, to stand in the explanation of a listing.
pub(super) fn statement_json(own: &Explanation, provenance: &Provenance) -> Vec<(String, Value)> {
    let reasons: Vec<Value> = own.reasons.iter().map(reason_json).collect();
    let lists: Vec<Value> = own
        .memberships
        .iter()
        .map(|own| json!({"code": own.kind.code(), "evidence": own.evidence}))
        .collect();
    let lexicons: Vec<Value> = provenance
        .lexicons
        .iter()
        .map(|own| json!({"language": own.language, "version": own.version, "sha256": own.sha256}))
        .collect();
    let means = json!({
        "program": provenance.program,
        "model_sha256": provenance.model_sha256,
        "policy": provenance.policy,
        "lexicons": lexicons,
    });
    vec![
        ("lists".to_owned(), lists.into()),
        ("reasons".to_owned(), reasons.into()),
        ("automated_means".to_owned(), means),
    ]
}

fn reason_json(own: &WeightedReason) -> Value {
    let code = ReasonCode::of(own.code);
    json!({
        "code": own.code,
        "group": code.map(|code| code.group.name()),
        "meaning": code.map(|code| code.meaning),
        "answer": code.map(|code| code.answer),
        "evidence": own.evidence,
        "log_odds": own.contribution,
    })
}

fn result(own: &Explanation) -> String {
    let flagged = if own.flagged { "flagged" } else { "not flagged" };
    format!(
        "probability {:.4}, risk {}, {flagged} at the threshold of {:.4}",
        own.probability,
        own.band.name(),
        own.threshold
    )
}

fn means(own: &Explanation, provenance: &Provenance) -> String {
    let lexicons: Vec<String> = provenance
        .lexicons
        .iter()
        .map(|own| format!("{} {} ({})", own.language, own.version, short(&own.sha256)))
        .collect();
    visible(&format!(
        "The listing was assessed by automated means: {}, a logistic regression whose score is the sum \
         of the contributions below, with the model of SHA-256 {} and the lexicons {}. Listings are \
         flagged from a probability of {:.4} on (policy {}). The probability is an estimate from what \
         the listing says; it is not a finding that the goods are counterfeit, and nobody has looked \
         at the goods.",
        provenance.program,
        provenance.model_sha256,
        lexicons.join(", "),
        own.threshold,
        provenance.policy,
    ))
}

/// The facts that lower the risk, the strongest first.
fn against(own: &Explanation) -> Vec<(&str, f64)> {
    let mut told: Vec<(&str, f64)> = Vec::new();
    // Signals that tell the same fact are one fact, whichever way each of them moves the score.
    let counts = |own: &&Contribution| own.log_odds != 0.0;
    for contribution in own.contributions.iter().filter(counts) {
        let Some(evidence) = contribution.evidence.as_deref() else { continue };
        match told.iter_mut().find(|(other, _)| *other == evidence) {
            Some((_, sum)) => *sum += contribution.log_odds,
            None => told.push((evidence, contribution.log_odds)),
        }
    }
    told.retain(|(_, log_odds)| *log_odds <= -WORTH_TELLING);
    told.sort_by(|a, b| a.1.total_cmp(&b.1));
    told
}

/// A fact as a sentence: a capital first and a full stop last.
fn sentence(fact: &str) -> String {
    let mut chars = fact.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str().trim_end_matches('.'))
}

fn short(sha256: &str) -> &str {
    sha256.get(..12).unwrap_or(sha256)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Listing, Model, ScoreSettings, Scorer};

    #[test]
    fn a_fact_becomes_a_sentence() {
        assert_eq!(sentence("says “1:1”"), "Says “1:1”.");
        assert_eq!(sentence("ändert."), "Ändert.");
        assert_eq!(sentence(""), ".");
    }

    #[test]
    fn the_facts_are_those_of_the_score_and_in_its_order() {
        let scorer = Scorer::new(Model::embedded().unwrap())
            .unwrap()
            .with_settings(ScoreSettings { max_reasons: 99, ..ScoreSettings::default() });
        let listing = Listing {
            seller_age_days: Some(3.0),
            listing_age_days: Some(2.0),
            ..Listing::new("L-1", "Bag, mirror quality replica, WhatsApp")
        };
        let own = scorer.explain_listing(&listing);
        assert_eq!(own.reasons, scorer.score_listing(&listing).reasons);
        let provenance = scorer.provenance().unwrap();
        let subject = Subject { listing_id: "L-1", ..Subject::default() };
        let text = statement_text(&subject, &own, &provenance);
        let places: Vec<Option<usize>> =
            own.reasons.iter().map(|reason| text.find(reason.code)).collect();
        assert!(places.len() > 2 && places.iter().all(Option::is_some) && places.is_sorted());
        assert!(text.contains(&provenance.model_sha256));
    }
}
