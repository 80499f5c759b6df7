//! Two models side by side, as JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::changes::{self, Change};
use super::verdict;
use crate::evaluation::metrics::ReliabilityBin;
use crate::evaluation::{Changed, Comparison, Difference};
use crate::listing::Column;
use crate::model::Model;

/// Two models and, where labeled listings were given, how they do on them; at most `n_changes` of the
/// listings that change sides are listed.
pub fn comparison_json(
    names: [&str; 2],
    models: [&Model; 2],
    compared: Option<&Comparison>,
    n_changes: usize,
) -> String {
    let changed = |changes: Vec<Change>| -> Vec<Value> {
        let one = |own: Change| json!({"column": own.column, "old": own.old, "new": own.new});
        changes.into_iter().map(one).collect()
    };
    let key = |name: &str| name.to_lowercase().replace([' ', '-'], "_");
    let settings: BTreeMap<String, Value> = changes::settings(models)
        .into_iter()
        .map(|(name, [old, new])| (key(name), json!({"old": old, "new": new})))
        .collect();
    let value = json!({
        "old": names[0],
        "new": names[1],
        "settings": settings,
        "coefficients": changed(changes::coefficients(models)),
        "words": changed(changes::words(models)),
        "listings": compared.map(|own| listings_json(own, n_changes)),
    });
    format!("{value:#}\n")
}

fn listings_json(own: &Comparison, n_changes: usize) -> Value {
    let differences: Vec<Value> = own.differences.iter().map(difference_json).collect();
    let flags = ["both", "old_only", "new_only", "none"].into_iter().zip(own.flags);
    let flags: BTreeMap<&str, Value> = flags
        .map(|(name, own)| (name, json!({"n": own.n, "n_positive": own.n_positive})))
        .collect();
    let [of_old, of_new] = &own.reliability;
    json!({
        "n": own.n,
        "n_positive": own.n_positive,
        "n_groups": own.n_groups,
        "n_positive_groups": own.n_positive_groups,
        "ranking": verdict::name(own.ranking()),
        "probabilities": verdict::name(own.probabilities()),
        "conclusion": verdict::conclusion(own),
        "warnings": own.warnings,
        "metrics": differences,
        "reliability": {"old": reliability_json(of_old), "new": reliability_json(of_new)},
        "thresholds": {"old": own.thresholds[0], "new": own.thresholds[1]},
        "flagged": flags,
        "n_changed": own.changed.len(),
        "changed": own.changed.iter().take(n_changes).map(changed_json).collect::<Vec<Value>>(),
    })
}

fn reliability_json(bins: &[ReliabilityBin]) -> Vec<Value> {
    let one = |own: &ReliabilityBin| json!([own.n, own.mean_predicted, own.observed_rate]);
    bins.iter().map(one).collect()
}

fn changed_json(own: &Changed) -> Value {
    json!({
        (Column::ListingId.name()): own.listing_id,
        "old": own.old,
        "new": own.new,
        (Column::IsCounterfeit.name()): own.is_counterfeit,
    })
}

fn difference_json(own: &Difference) -> Value {
    json!({
        "metric": own.metric,
        "old": own.old,
        "new": own.new,
        "difference": own.new - own.old,
        "interval": own.interval.map(|interval| [interval.low, interval.high]),
    })
}
