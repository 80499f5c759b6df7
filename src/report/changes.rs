//! What differs between two model files: settings, coefficients and words.

use std::collections::BTreeMap;

use crate::model::Model;

/// A coefficient of two models, in log-odds; `None` where a model has no such column.
pub(super) struct Change {
    /// The name of the column, or the field and the word.
    pub(super) column: String,
    /// Of the old model.
    pub(super) old: Option<f64>,
    /// Of the new one.
    pub(super) new: Option<f64>,
}

impl Change {
    fn size(&self) -> f64 {
        (self.new.unwrap_or_default() - self.old.unwrap_or_default()).abs()
    }
}

/// What the cards say of data and method.
pub(super) fn settings(models: [&Model; 2]) -> Vec<(&'static str, [String; 2])> {
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
pub(super) fn coefficients(models: [&Model; 2]) -> Vec<Change> {
    let of = |model: &Model| -> Vec<(String, f64)> {
        model.coefficients().into_iter().map(|own| (own.column, own.standardized)).collect()
    };
    changes(models.map(of))
}

/// The words that differ, the largest changes first.
pub(super) fn words(models: [&Model; 2]) -> Vec<Change> {
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
