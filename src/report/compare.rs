//! Two models side by side, as text and as JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::text::wrapped;
use crate::error::visible;
use crate::evaluation::{Changed, Comparison, Difference, Verdict};
use crate::listing::Column;
use crate::model::Model;

/// How many coefficients, and how many words, are shown.
const MOST_SHOWN: usize = 15;

/// A coefficient of two models; `None` where a model has no such column.
struct Change {
    column: String,
    old: Option<f64>,
    new: Option<f64>,
}

impl Change {
    fn size(&self) -> f64 {
        (self.new.unwrap_or_default() - self.old.unwrap_or_default()).abs()
    }
}

/// Two models and, where labeled listings were given, how they do on them.
pub fn comparison_text(
    names: [&str; 2],
    models: [&Model; 2],
    compared: Option<&Comparison>,
) -> String {
    let mut text = format!("old {}\nnew {}\n", visible(names[0]), visible(names[1]));
    if let Some(compared) = compared {
        text.push_str(&format!("\n{}", wrapped(&verdict(compared))));
        text.push_str(&compared_text(compared));
    }
    text.push_str(&format!("\n{:<34} {:>22} {:>22}\n", "settings", "old", "new"));
    for (name, [old, new]) in settings(models) {
        let mark = if old == new { "" } else { "  *" };
        text.push_str(&format!("{name:<34} {:>22} {:>22}{mark}\n", visible(&old), visible(&new)));
    }
    for (title, changes) in
        [("coefficients per sd", coefficients(models)), ("words", words(models))]
    {
        if changes.is_empty() {
            continue;
        }
        text.push_str(&format!("\n{title:<44} {:>11} {:>11}\n", "old", "new"));
        for own in changes.iter().take(MOST_SHOWN) {
            let number = |own: Option<f64>| own.map_or("-".to_owned(), |own| format!("{own:+.4}"));
            text.push_str(&format!(
                "{:<44} {:>11} {:>11}\n",
                visible(&own.column),
                number(own.old),
                number(own.new)
            ));
        }
        let n_more = changes.len().saturating_sub(MOST_SHOWN);
        if n_more > 0 {
            text.push_str(&format!("and {n_more} that changed less\n"));
        }
    }
    text
}

/// The same as JSON.
pub fn comparison_json(
    names: [&str; 2],
    models: [&Model; 2],
    compared: Option<&Comparison>,
) -> String {
    let changes = |changes: Vec<Change>| -> Vec<Value> {
        let one = |own: Change| json!({"column": own.column, "old": own.old, "new": own.new});
        changes.into_iter().map(one).collect()
    };
    let key = |name: &str| name.to_lowercase().replace([' ', '-'], "_");
    let settings: BTreeMap<String, Value> = settings(models)
        .into_iter()
        .map(|(name, [old, new])| (key(name), json!({"old": old, "new": new})))
        .collect();
    let on_data = compared.map(|own| {
        let differences: Vec<Value> = own.differences.iter().map(difference_json).collect();
        let flags = ["both", "old_only", "new_only", "none"].into_iter().zip(own.flags);
        let flags: BTreeMap<&str, Value> = flags
            .map(|(name, own)| (name, json!({"n": own.n, "n_positive": own.n_positive})))
            .collect();
        json!({
            "n": own.n,
            "n_positive": own.n_positive,
            "verdict": match own.verdict() {
                Verdict::Better => "better",
                Verdict::Worse => "worse",
                Verdict::NotShown => "not_shown",
            },
            "metrics": differences,
            "flagged": flags,
            "changed": own.changed.iter().map(changed_json).collect::<Vec<Value>>(),
        })
    });
    let value = json!({
        "old": names[0],
        "new": names[1],
        "settings": settings,
        "coefficients": changes(coefficients(models)),
        "words": changes(words(models)),
        "listings": on_data,
    });
    format!("{value:#}\n")
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

/// Whether the new model is better, in a sentence.
fn verdict(own: &Comparison) -> String {
    let begin = match own.verdict() {
        Verdict::Better => "The new model is better",
        Verdict::Worse => "The new model is worse",
        Verdict::NotShown => "The new model is not shown to be better",
    };
    let Some(found) = own.difference("average_precision") else { return format!("{begin}.") };
    let interval = found.interval.map_or("no interval".to_owned(), |interval| {
        format!("95 % interval {:+.4} to {:+.4}", interval.low, interval.high)
    });
    format!(
        "{begin}: on {} listings, {} of them counterfeit, its average precision differs by {:+.4} ({interval}).",
        own.n,
        own.n_positive,
        found.new - found.old
    )
}

fn compared_text(own: &Comparison) -> String {
    let mut text = format!(
        "\n{:<26} {:>9} {:>9} {:>11}  {}\n",
        "metric", "old", "new", "difference", "95 % interval"
    );
    for found in &own.differences {
        let interval = found.interval.map_or(String::new(), |interval| {
            format!("{:+.4} to {:+.4}", interval.low, interval.high)
        });
        let line = format!(
            "{:<26} {:>9.4} {:>9.4} {:>+11.4}  {interval}",
            found.metric,
            found.old,
            found.new,
            found.new - found.old
        );
        text.push_str(&format!("{}\n", line.trim_end()));
    }
    text.push_str(&format!("\n{:<26} {:>9} {:>12}\n", "flagged", "listings", "counterfeit"));
    for (name, own) in ["by both", "by the old one alone", "by the new one alone", "by none"]
        .into_iter()
        .zip(own.flags)
    {
        text.push_str(&format!("{name:<26} {:>9} {:>12}\n", own.n, own.n_positive));
    }
    if own.changed.is_empty() {
        return text;
    }
    text.push_str(&format!("\n{:<34} {:>8} {:>8}  label\n", "changed sides", "old", "new"));
    for changed in own.changed.iter().take(MOST_SHOWN) {
        let label = if changed.is_counterfeit { "counterfeit" } else { "genuine" };
        text.push_str(&format!(
            "{:<34} {:>8.4} {:>8.4}  {label}\n",
            visible(&changed.listing_id),
            changed.old,
            changed.new
        ));
    }
    let n_more = own.changed.len().saturating_sub(MOST_SHOWN);
    if n_more > 0 {
        text.push_str(&format!("and {n_more} whose probability changes less\n"));
    }
    text
}

/// What the cards say of data and method.
fn settings(models: [&Model; 2]) -> Vec<(&'static str, [String; 2])> {
    let of = |tell: &dyn Fn(&Model) -> String| models.map(tell);
    let optional = |own: Option<f64>| own.map_or("none".to_owned(), |own| own.to_string());
    vec![
        ("listings trained on", of(&|own| own.card().data.n.to_string())),
        ("counterfeit", of(&|own| own.card().data.n_positive.to_string())),
        ("sellers", of(&|own| own.card().data.n_sellers.to_string())),
        ("data sha256", of(&|own| own.card().data.sha256.chars().take(12).collect())),
        ("L2 penalty", of(&|own| own.card().penalty.to_string())),
        ("L2 penalty of bins", of(&|own| optional(own.card().bin_penalty))),
        ("L2 penalty of words", of(&|own| optional(own.card().word_penalty))),
        ("words", of(&|own| own.n_words().to_string())),
        ("calibration slope", of(&|own| format!("{:.4}", own.calibration().slope()))),
        ("calibration intercept", of(&|own| format!("{:+.4}", own.calibration().intercept()))),
        ("calibration knots", of(&|own| own.calibration().knots().len().to_string())),
        ("threshold", of(&|own| format!("{:.4}", own.threshold().probability))),
        ("policy", of(&|own| own.threshold().policy.to_string())),
        ("log-odds of an average listing", of(&|own| format!("{:+.4}", own.intercept()))),
    ]
}

/// The coefficients that differ, the largest changes first.
fn coefficients(models: [&Model; 2]) -> Vec<Change> {
    let of = |model: &Model| -> Vec<(String, f64)> {
        model.coefficients().into_iter().map(|own| (own.column, own.standardized)).collect()
    };
    changes(models.map(of))
}

/// The words that differ, the largest changes first.
fn words(models: [&Model; 2]) -> Vec<Change> {
    let of = |model: &Model| -> Vec<(String, f64)> {
        let words = model.words().into_iter();
        words.map(|own| (format!("{}: {}", own.field, own.term), own.coefficient)).collect()
    };
    changes(models.map(of))
}

fn changes([old, new]: [Vec<(String, f64)>; 2]) -> Vec<Change> {
    let mut all: BTreeMap<String, [Option<f64>; 2]> = BTreeMap::new();
    for (side, own) in [old, new].into_iter().enumerate() {
        for (column, value) in own {
            all.entry(column).or_default()[side] = Some(value);
        }
    }
    let mut changes: Vec<Change> = all
        .into_iter()
        .filter(|(_, [old, new])| old != new)
        .map(|(column, [old, new])| Change { column, old, new })
        .collect();
    changes.sort_by(|a, b| b.size().total_cmp(&a.size()).then_with(|| a.column.cmp(&b.column)));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_one_model_and_the_largest_changes_come_with_their_sides() {
        let own = |pairs: &[(&str, f64)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
        };
        let found = changes([
            own(&[("a", 1.0), ("b", 0.5), ("same", 2.0)]),
            own(&[("a", 1.25), ("c", -0.5), ("same", 2.0)]),
        ]);
        let told: Vec<_> =
            found.iter().map(|own| (own.column.as_str(), own.old, own.new)).collect();
        assert_eq!(
            told,
            [("b", Some(0.5), None), ("c", None, Some(-0.5)), ("a", Some(1.0), Some(1.25))]
        );
    }
}
