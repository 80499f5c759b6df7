//! How a model did: the metrics file and its text.

use serde_json::{Map, Value, json};

use crate::error::visible;
use crate::evaluation::Evaluation;

/// The metrics file: one JSON object a split, by the split's name.
pub fn metrics_json(evaluations: &[(&str, Evaluation)]) -> String {
    let splits: Map<String, Value> =
        evaluations.iter().map(|(name, own)| ((*name).to_owned(), split_json(own))).collect();
    let mut text = format!("{:#}", Value::Object(splits));
    text.push('\n');
    text
}

fn split_json(own: &Evaluation) -> Value {
    let by_k = |of: fn(&crate::evaluation::Queue) -> f64| -> Value {
        let pairs = own.queues.iter().map(|queue| (queue.k.to_string(), json!(of(queue))));
        Value::Object(pairs.collect())
    };
    json!({
        "n": own.n,
        "n_positive": own.n_positive,
        "n_groups": own.n_groups,
        "average_precision": own.average_precision,
        "average_precision_interval":
            own.average_precision_interval.map(|interval| [interval.low, interval.high]),
        "roc_auc": own.roc_auc,
        "precision_at": by_k(|queue| queue.precision),
        "recall_at": by_k(|queue| queue.recall),
        "log_loss": own.log_loss,
        "brier": own.brier,
        "ece": own.ece,
        "calibration_slope": own.calibration.map(|line| line.slope),
        "calibration_intercept": own.calibration.map(|line| line.intercept),
        "threshold": own.at_threshold.threshold,
        "precision": own.at_threshold.precision(),
        "recall": own.at_threshold.recall(),
        "n_flagged": own.at_threshold.n_flagged,
        "recall_at_precision_95": own.recall_at_precision_95,
        "reliability": own
            .reliability
            .iter()
            .map(|bin| json!({
                "n": bin.n,
                "mean_predicted": bin.mean_predicted,
                "observed_rate": bin.observed_rate,
            }))
            .collect::<Vec<_>>(),
        "slices": own
            .slices
            .iter()
            .map(|slice| json!({
                "by": slice.by,
                "value": slice.value,
                "n": slice.n,
                "n_positive": slice.n_positive,
                "average_precision": slice.average_precision,
                "mean_score": slice.mean_score,
                "precision_at_threshold": slice.precision_at_threshold,
                "recall_at_threshold": slice.recall_at_threshold,
            }))
            .collect::<Vec<_>>(),
    })
}

/// The metrics of several splits, side by side, and the slices of the last.
pub fn evaluation_text(evaluations: &[(&str, Evaluation)]) -> String {
    let mut text = String::new();
    let mut line = |name: &str, cells: Vec<String>| {
        text.push_str(&format!("{name:<28}"));
        for cell in cells {
            text.push_str(&format!("{cell:>16}"));
        }
        text.push('\n');
    };
    let each = |of: &dyn Fn(&Evaluation) -> String| -> Vec<String> {
        evaluations.iter().map(|(_, own)| of(own)).collect()
    };
    line("split", evaluations.iter().map(|(name, _)| (*name).to_owned()).collect());
    line("listings", each(&|own| own.n.to_string()));
    line("counterfeit", each(&|own| own.n_positive.to_string()));
    line("groups (sellers)", each(&|own| own.n_groups.to_string()));
    line("base rate", each(&|own| number(own.n_positive as f64 / own.n as f64)));
    line("average precision", each(&|own| number(own.average_precision)));
    line(
        "  95 % interval",
        each(&|own| {
            own.average_precision_interval.map_or_else(
                || "-".to_owned(),
                |interval| format!("{:.3} to {:.3}", interval.low, interval.high),
            )
        }),
    );
    line("ROC AUC", each(&|own| number(own.roc_auc)));
    for k in crate::evaluation::QUEUE_SIZES {
        let at = |own: &Evaluation| own.queues.iter().find(|queue| queue.k == k).copied();
        if !evaluations.iter().any(|(_, own)| at(own).is_some()) {
            continue;
        }
        let precision = |own: &Evaluation| optional(at(own).map(|queue| queue.precision));
        let recall = |own: &Evaluation| optional(at(own).map(|queue| queue.recall));
        line(&format!("precision in the first {k}"), each(&precision));
        line(&format!("recall in the first {k}"), each(&recall));
    }
    line("log-loss", each(&|own| number(own.log_loss)));
    line("Brier score", each(&|own| number(own.brier)));
    line("ECE", each(&|own| number(own.ece)));
    line("calibration slope", each(&|own| optional(own.calibration.map(|line| line.slope))));
    line(
        "calibration intercept",
        each(&|own| optional(own.calibration.map(|line| line.intercept))),
    );
    line("threshold", each(&|own| number(own.at_threshold.threshold)));
    line("  flagged", each(&|own| own.at_threshold.n_flagged.to_string()));
    line("  precision", each(&|own| optional(own.at_threshold.precision())));
    line("  recall", each(&|own| optional(own.at_threshold.recall())));
    line("recall at precision 0.95", each(&|own| optional(own.recall_at_precision_95)));
    if let Some((name, own)) = evaluations.last().filter(|(_, own)| !own.slices.is_empty()) {
        text.push_str(&slices_text(name, own));
    }
    text
}

fn slices_text(name: &str, own: &Evaluation) -> String {
    let mut text = format!(
        "\nslices of {name:<26}{:>16}{:>16}{:>16}{:>16}{:>16}\n",
        "listings", "counterfeit", "avg. precision", "mean score", "recall"
    );
    for slice in &own.slices {
        let value = slice.value.as_deref().map_or_else(|| "(missing)".to_owned(), visible);
        let label: String = format!("{} {value}", slice.by).chars().take(35).collect();
        text.push_str(&format!(
            "{label:<36}{:>16}{:>16}{:>16}{:>16}{:>16}\n",
            slice.n,
            slice.n_positive,
            optional(slice.average_precision),
            number(slice.mean_score),
            optional(slice.recall_at_threshold),
        ));
    }
    text
}

fn number(value: f64) -> String {
    format!("{value:.4}")
}

fn optional(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), number)
}
