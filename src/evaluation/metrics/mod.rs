//! How good probabilities and their ranking are: one metric a file, and the registry [`METRICS`].

mod average_precision;
mod brier;
mod calibration_line;
mod confusion;
mod ece;
mod log_loss;
mod operating_points;
mod recall_at_precision;
mod reliability;
mod roc_auc;
mod top_k;

pub use average_precision::average_precision;
pub use brier::brier;
pub use calibration_line::{CalibrationLine, calibration_line};
pub use confusion::{Confusion, confusion};
pub use ece::ece;
pub use log_loss::log_loss;
pub use operating_points::{MAX_POINTS, all_operating_points, operating_points};
pub use recall_at_precision::recall_at_precision;
pub use reliability::{N_BINS, ReliabilityBin, reliability};
pub use roc_auc::roc_auc;
pub use top_k::{precision_at, recall_at};

use super::judged::Ranking;

/// A metric that is one number and needs no further choice.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Its name in metrics files.
    pub name: &'static str,
    /// What it measures, its range and which end is good, in one sentence.
    pub description: &'static str,
    /// Computes it; `None` where it is undefined.
    pub compute: fn(&Ranking) -> Option<f64>,
}

/// Every metric that is one number.
pub const METRICS: &[Metric] = &[
    Metric {
        name: "average_precision",
        description: "Area under the precision-recall curve by steps, from the share of counterfeits (no skill) to 1 (best).",
        compute: |ranking| Some(average_precision(ranking)),
    },
    Metric {
        name: "roc_auc",
        description: "Chance that a counterfeit scores higher than a genuine listing, from 0.5 (no skill) to 1 (best).",
        compute: |ranking| Some(roc_auc(ranking)),
    },
    Metric {
        name: "recall_at_precision_95",
        description: "Largest share of the counterfeits that can be flagged while at least 95 % of the flagged listings are counterfeit, up to 1 (best).",
        compute: |ranking| recall_at_precision(ranking, 0.95),
    },
    Metric {
        name: "log_loss",
        description: "Mean surprise of the labels under the probabilities, in nats, from 0 (best).",
        compute: |ranking| Some(log_loss(ranking)),
    },
    Metric {
        name: "brier",
        description: "Mean squared error of the probabilities, from 0 (best) to 1.",
        compute: |ranking| Some(brier(ranking)),
    },
    Metric {
        name: "ece",
        description: "Mean distance between predicted and observed rate over ten bins of equal count, from 0 (best) to 1.",
        compute: |ranking| Some(ece(ranking)),
    },
    Metric {
        name: "calibration_slope",
        description: "Slope of the labels on the log-odds of the predictions: 1 is best, below 1 the predictions are too extreme.",
        compute: |ranking| calibration_line(ranking).map(|line| line.slope),
    },
    Metric {
        name: "calibration_intercept",
        description: "Log-odds of the labels where the prediction is one half: 0 is best, below 0 the predictions there are too high.",
        compute: |ranking| calibration_line(ranking).map(|line| line.intercept),
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::examples::fine;
    use super::*;

    #[test]
    fn names_are_unique_and_fit_a_metrics_file() {
        let names: BTreeSet<&str> = METRICS.iter().map(|metric| metric.name).collect();
        assert_eq!(names.len(), METRICS.len());
        for name in names {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(name.starts_with(|c: char| c.is_ascii_lowercase()), "{name}");
            assert!(name.chars().all(plain), "{name}");
        }
    }

    #[test]
    fn every_metric_is_described_in_a_sentence_of_its_own() {
        let texts: BTreeSet<&str> = METRICS.iter().map(|metric| metric.description).collect();
        assert_eq!(texts.len(), METRICS.len());
        for text in texts {
            assert!(text.len() > 40 && text.ends_with('.'), "{text}");
            assert!(text.starts_with(|c: char| c.is_ascii_uppercase()), "{text}");
        }
    }

    /// A metric that looked at the rows' order or number, and not at the rates, would change.
    #[test]
    fn every_metric_is_the_same_for_rows_that_are_doubled_and_reversed() {
        let example = fine();
        let mut scores = example.scores.repeat(2);
        let mut labels = example.labels.repeat(2);
        scores.reverse();
        labels.reverse();
        let doubled = Ranking::new(&scores, &labels).unwrap();
        for metric in METRICS {
            let once = (metric.compute)(&example.ranking()).unwrap();
            let twice = (metric.compute)(&doubled).unwrap();
            assert!((once - twice).abs() < 1e-9, "{}: {once} {twice}", metric.name);
        }
    }

    #[test]
    fn perfect_probabilities_have_perfect_metrics() {
        let ranking = Ranking::new(&[1.0, 0.0, 1.0, 0.0], &[true, false, true, false]).unwrap();
        let expected = [
            ("average_precision", Some(1.0)),
            ("roc_auc", Some(1.0)),
            ("recall_at_precision_95", Some(1.0)),
            ("log_loss", Some(0.0)),
            ("brier", Some(0.0)),
            ("ece", Some(0.0)),
            ("calibration_slope", None),
            ("calibration_intercept", None),
        ];
        assert_eq!(METRICS.len(), expected.len());
        for (metric, (name, value)) in METRICS.iter().zip(expected) {
            assert_eq!(metric.name, name);
            match ((metric.compute)(&ranking), value) {
                (Some(found), Some(value)) => assert!((found - value).abs() < 1e-15, "{name}"),
                (found, value) => assert_eq!(found, value, "{name}"),
            }
        }
    }
}
