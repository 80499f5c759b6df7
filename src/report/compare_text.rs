//! Two models side by side, for reading in a terminal.

use super::changes::{self, Change};
use super::text::wrapped;
use super::verdict;
use crate::error::visible;
use crate::evaluation::Comparison;
use crate::evaluation::metrics::ReliabilityBin;
use crate::model::Model;

/// How many coefficients, and how many words, are shown.
const MOST_SHOWN: usize = 15;

/// Two models and, where labeled listings were given, how they do on them; at most `n_changes` of the
/// listings that change sides are listed.
pub fn comparison_text(
    names: [&str; 2],
    models: [&Model; 2],
    compared: Option<&Comparison>,
    n_changes: usize,
) -> String {
    let mut text = format!("old {}\nnew {}\n", visible(names[0]), visible(names[1]));
    if let Some(compared) = compared {
        text.push_str(&format!("\n{}", wrapped(verdict::conclusion(compared))));
        for ground in verdict::grounds(compared) {
            text.push_str(&format!("  {ground}\n"));
        }
        for warning in &compared.warnings {
            text.push_str(&format!("\nWarning\n{}", wrapped(&visible(warning))));
        }
        text.push_str(&metrics_text(compared));
        text.push_str(&reliability_text(compared));
        text.push_str(&flags_text(compared, n_changes));
    }
    text.push_str(&format!("\n{:<34} {:>22} {:>22}\n", "settings", "old", "new"));
    for (name, [old, new]) in changes::settings(models) {
        let mark = if old == new { "" } else { "  *" };
        text.push_str(&format!("{name:<34} {:>22} {:>22}{mark}\n", visible(&old), visible(&new)));
    }
    text.push_str(&changes_text("coefficients per sd", &changes::coefficients(models)));
    text.push_str(&changes_text("words", &changes::words(models)));
    text
}

fn changes_text(title: &str, changes: &[Change]) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let number = |own: Option<f64>| own.map_or("-".to_owned(), |own| format!("{own:+.4}"));
    let mut text = format!("\n{title:<44} {:>11} {:>11}\n", "old", "new");
    for own in changes.iter().take(MOST_SHOWN) {
        let (old, new) = (number(own.old), number(own.new));
        let note = match (own.old, own.new) {
            (Some(_), None) => "  old alone",
            (None, Some(_)) => "  new alone",
            _ => "",
        };
        text.push_str(&format!("{:<44} {old:>11} {new:>11}{note}\n", visible(&own.column)));
    }
    let n_more = changes.len().saturating_sub(MOST_SHOWN);
    if n_more > 0 {
        text.push_str(&format!("and {n_more} that changed less\n"));
    }
    text
}

fn metrics_text(own: &Comparison) -> String {
    let has_intervals = own.differences.iter().any(|own| own.interval.is_some());
    let title = if has_intervals { "95 % interval" } else { "" };
    let line = |cells: [&str; 5]| {
        let [metric, old, new, difference, interval] = cells;
        let line = format!("{metric:<26} {old:>9} {new:>9} {difference:>11}  {interval}");
        format!("{}\n", line.trim_end())
    };
    let mut text = format!("\n{}", line(["metric", "old", "new", "difference", title]));
    for found in &own.differences {
        let interval = found.interval.map_or(String::new(), |interval| {
            format!("{:+.4} to {:+.4}", interval.low, interval.high)
        });
        let (old, new) = (format!("{:.4}", found.old), format!("{:.4}", found.new));
        let difference = format!("{:+.4}", found.new - found.old);
        text.push_str(&line([&found.metric, &old, &new, &difference, &interval]));
    }
    text
}

/// What was predicted and what was found, bin by bin, the old model on the left.
fn reliability_text(own: &Comparison) -> String {
    let [of_old, of_new] = &own.reliability;
    let mut text = format!(
        "\n{:<17} {:>7} {:>10} {:>10} {:>9} {:>10} {:>10}\n",
        "calibration", "old: n", "predicted", "observed", "new: n", "predicted", "observed"
    );
    for at in 0..of_old.len().max(of_new.len()) {
        let [n, predicted, observed] = bin_cells(of_old.get(at));
        let [n_new, predicted_new, observed_new] = bin_cells(of_new.get(at));
        let bin = format!("  bin {}", at + 1);
        let line = format!(
            "{bin:<17} {n:>7} {predicted:>10} {observed:>10} {n_new:>9} {predicted_new:>10} {observed_new:>10}"
        );
        text.push_str(&format!("{}\n", line.trim_end()));
    }
    text
}

/// How many listings a bin has, what was predicted of them and what was found; nothing without a bin.
fn bin_cells(bin: Option<&ReliabilityBin>) -> [String; 3] {
    bin.map_or_else(Default::default, |own| {
        let share = |value: f64| format!("{value:.4}");
        [own.n.to_string(), share(own.mean_predicted), share(own.observed_rate)]
    })
}

fn flags_text(own: &Comparison, n_changes: usize) -> String {
    let mut text = format!(
        "\n{:<34} {:>9} {:>12}\n",
        format!("flagged from {:.4} and {:.4} on", own.thresholds[0], own.thresholds[1]),
        "listings",
        "counterfeit"
    );
    for (name, own) in ["by both", "by the old one alone", "by the new one alone", "by none"]
        .into_iter()
        .zip(own.flags)
    {
        text.push_str(&format!("{name:<34} {:>9} {:>12}\n", own.n, own.n_positive));
    }
    if own.changed.is_empty() || n_changes == 0 {
        return text;
    }
    text.push_str(&format!("\n{:<34} {:>8} {:>8}  label\n", "changed sides", "old", "new"));
    for changed in own.changed.iter().take(n_changes) {
        let label = if changed.is_counterfeit { "counterfeit" } else { "genuine" };
        text.push_str(&format!(
            "{:<34} {:>8.4} {:>8.4}  {label}\n",
            visible(&changed.listing_id),
            changed.old,
            changed.new
        ));
    }
    let n_more = own.changed.len().saturating_sub(n_changes);
    if n_more > 0 {
        text.push_str(&format!("and {n_more} whose probability changes less\n"));
    }
    text
}
