//! A model's card as JSON, with everything in it.

use serde_json::{Value, json};

use crate::features::ExpectedSign;
use crate::model::{Coefficient, Model, Policy, SplitSummary, ThresholdSpread};

/// A model as a card in JSON; numbers are not rounded, and lists are whole.
///
/// # Errors
/// None for a model that was trained or loaded.
pub fn card_json(name: &str, model: &Model) -> crate::Result<String> {
    let card = model.card();
    let lexicon = |own: &crate::model::LexiconInfo| json!({"language": own.language, "version": own.version, "sha256": own.sha256});
    let words = model.words();
    let word = |own: &crate::model::LearnedWord| json!({"field": own.field, "term": own.term, "coefficient": own.coefficient});
    let cells = model.price_cells();
    let cell = |own: &(&str, usize)| json!({"currency": own.0, "n_cells": own.1});
    let value = json!({
        "model": name,
        "sha256": model.digest()?,
        "note": card.note,
        "data": {
            "n": card.data.n,
            "n_positive": card.data.n_positive,
            "n_sellers": card.data.n_sellers,
            "sha256": card.data.sha256,
        },
        "crate_version": card.crate_version,
        "lexicons": card.lexicons.iter().map(lexicon).collect::<Vec<Value>>(),
        "method": {
            "penalty": card.penalty,
            "bin_penalty": card.bin_penalty,
            "word_penalty": card.word_penalty,
            "n_bins": model.n_bins(),
            "n_words": model.n_words(),
            "one_standard_error": card.one_standard_error,
            "gradient_norm": card.gradient_norm,
            "sample_weight": card.sample_weight,
            "negatives": card.negatives,
            "seed": card.seed,
            "n_folds": card.n_folds,
            "holdout": card.holdout,
            "refitted": card.refitted,
        },
        "scope": {
            "prices": cells.iter().map(cell).collect::<Vec<Value>>(),
            "n_brands": model.n_brands(),
            "unused_signals": model.unused_signals(),
        },
        "evaluation": card.evaluation.iter().map(split_json).collect::<Vec<Value>>(),
        "warnings": card.warnings,
        "calibration": calibration_json(model),
        "threshold": {
            "probability": model.threshold().probability,
            "policy": model.threshold().policy.to_string(),
            "kind": policy_name(model.threshold().policy),
            "spread": card.spread.as_ref().map(spread_json),
        },
        "intercept": model.intercept(),
        "coefficients":
            model.coefficients().iter().map(coefficient_json).collect::<Vec<Value>>(),
        "words": words.iter().map(word).collect::<Vec<Value>>(),
    });
    Ok(format!("{value:#}\n"))
}

fn calibration_json(model: &Model) -> Value {
    let own = model.calibration();
    json!({
        "kind": if own.knots().is_empty() { "platt" } else { "isotonic" },
        "slope": own.slope(),
        "intercept": own.intercept(),
        "knots": own.knots().iter().map(|(from, to)| json!([from, to])).collect::<Vec<Value>>(),
    })
}

fn policy_name(own: Policy) -> &'static str {
    match own {
        Policy::Fixed(_) => "fixed",
        Policy::Budget(_) => "review_budget",
        Policy::MinPrecision(_) => "min_precision",
        Policy::MinRecall(_) => "min_recall",
        Policy::Cost { .. } => "cost",
    }
}

fn spread_json(own: &ThresholdSpread) -> Value {
    let ends = |(low, high): (f64, f64)| [low, high];
    json!({
        "flagged_share": ends(own.flagged_share),
        "precision": own.precision.map(ends),
        "recall": ends(own.recall),
    })
}

fn split_json(own: &SplitSummary) -> Value {
    let at = |(k, precision, recall): &(usize, f64, f64)| json!({"k": k, "precision": precision, "recall": recall});
    json!({
        "split": own.split,
        "n": own.n,
        "n_positive": own.n_positive,
        "average_precision": own.average_precision,
        "average_precision_interval": own.average_precision_interval.map(|(low, high)| [low, high]),
        "roc_auc": own.roc_auc,
        "at": own.at.iter().map(at).collect::<Vec<Value>>(),
        "log_loss": own.log_loss,
        "brier": own.brier,
        "ece": own.ece,
        "calibration_slope": own.calibration_slope,
        "threshold": own.threshold,
        "precision": own.precision,
        "recall": own.recall,
    })
}

fn coefficient_json(own: &Coefficient) -> Value {
    json!({
        "column": own.column,
        "standardized": own.standardized,
        "per_unit": own.per_unit,
        "expected_sign": own.expected_sign.map(ExpectedSign::symbol),
        "rise": own.rise,
        "unexpected_sign": own.unexpected_sign,
    })
}
