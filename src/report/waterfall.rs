//! One score taken apart, as text and as JSON.

use serde_json::json;

use super::statement::{Subject, statement_json, statement_text};
use crate::error::visible;
use crate::listing::Column;
use crate::scoring::{Explanation, Provenance, logistic};

/// Contributions below this many log-odds are summed up in one line of the text.
const SMALL: f64 = 0.05;

/// A statement of reasons, and below it the waterfall from the base rate to the probability, the
/// largest steps first.
pub fn explanation_text(
    subject: &Subject<'_>,
    own: &Explanation,
    provenance: &Provenance,
) -> String {
    let mut text = statement_text(subject, own, provenance);
    text.push_str("\nHow the score comes about\n");
    text.push_str(&format!("\n{:>9} {:>9} {:>12}\n", "log-odds", "sum", "probability"));
    let mut sum = own.base_log_odds;
    let mut step = |amount: String, sum: f64, what: &str| {
        text.push_str(&format!("{amount:>9} {sum:>9.3} {:>12.4}  {what}\n", logistic(sum)));
    };
    step(String::new(), sum, "an average listing of the training data");
    let (large, small): (Vec<Step>, Vec<Step>) =
        steps(own).into_iter().partition(|step| step.log_odds.abs() >= SMALL);
    for own in large {
        sum += own.log_odds;
        step(format!("{:+.3}", own.log_odds), sum, &visible(&own.what()));
    }
    if !small.is_empty() {
        let rest: f64 = small.iter().map(|step| step.log_odds).sum();
        let what = format!("{} smaller contributions", small.len());
        sum = own.log_odds - own.correction;
        step(format!("{rest:+.3}"), sum, &what);
    }
    if own.correction != 0.0 {
        let what = "what such scores turned out to mean (calibration)";
        step(format!("{:+.3}", own.correction), own.log_odds, what);
    }
    text.push_str(&format!(
        "{:>9} {:>9.3} {:>12.4}  the score\n",
        "=", own.log_odds, own.probability
    ));
    text
}

/// One line of the waterfall: signals that speak of the same fact together.
struct Step<'a> {
    signals: Vec<&'a str>,
    value: Option<f64>,
    evidence: Option<&'a str>,
    log_odds: f64,
}

impl Step<'_> {
    fn what(&self) -> String {
        let signals = self.signals.join(", ");
        match (self.evidence, self.value) {
            (Some(evidence), _) => format!("{evidence} [{signals}]"),
            (None, Some(value)) => format!("{signals} = {}", short(value)),
            (None, None) => format!("{signals}: no value"),
        }
    }
}

/// The contributions that are not zero, those with the same evidence added, the largest first.
fn steps(own: &Explanation) -> Vec<Step<'_>> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    for contribution in own.contributions.iter().filter(|own| own.log_odds != 0.0) {
        let evidence = contribution.evidence.as_deref();
        let same = steps.iter_mut().find(|step| evidence.is_some() && step.evidence == evidence);
        if let Some(step) = same {
            step.signals.push(&contribution.signal);
            step.log_odds += contribution.log_odds;
        } else {
            steps.push(Step {
                signals: vec![&contribution.signal],
                value: contribution.value,
                evidence,
                log_odds: contribution.log_odds,
            });
        }
    }
    steps.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
    steps
}

/// The waterfall as JSON. `base_log_odds`, then the contributions and then the correction, added in their
/// order, are `log_odds` to the last bit.
pub fn explanation_json(
    subject: &Subject<'_>,
    own: &Explanation,
    provenance: &Provenance,
) -> String {
    let contributions: Vec<_> = own
        .contributions
        .iter()
        .map(|contribution| {
            let mut value = json!({
                "signal": contribution.signal,
                "value": contribution.value,
                "log_odds": contribution.log_odds,
                "code": contribution.code,
                "evidence": contribution.evidence,
            });
            if !contribution.words.is_empty() {
                let word = |(term, log_odds): &(String, f64)| json!([term, log_odds]);
                value["words"] = contribution.words.iter().map(word).collect();
            }
            value
        })
        .collect();
    let mut value = json!({
        (Column::ListingId.name()): subject.listing_id,
        "probability": own.probability,
        "log_odds": own.log_odds,
        "risk_band": own.band.name(),
        "flagged": own.flagged,
        "threshold": own.threshold,
        "base_log_odds": own.base_log_odds,
        "contributions": contributions,
        "correction": own.correction,
    });
    if let Some(object) = value.as_object_mut() {
        object.extend(statement_json(own, provenance));
    }
    format!("{value:#}\n")
}

/// A number with at most four decimals and no trailing zeros.
fn short(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
