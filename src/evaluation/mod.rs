//! How good a model is on rows it has not seen: splits, metrics, intervals and slices.

mod bootstrap;
mod clusters;
mod compare;
#[cfg(test)]
mod examples;
mod judged;
pub mod metrics;
mod slices;
mod split;

pub use bootstrap::{Bootstrap, Interval, Side};
pub use compare::{
    Changed, Comparison, ComparisonParams, Difference, Flags, MIN_POSITIVE_GROUPS, Verdict,
};
pub use judged::{Judged, Ranking, Tie};
pub use slices::{MAX_SLICES, MIN_SLICE_ROWS, Slice, SliceBy};
pub use split::{random_split, stratified_group_split, time_split};

use crate::error::Result;

use metrics::{CalibrationLine, Confusion, ReliabilityBin};

/// The sizes of review queue at which precision and recall are given.
pub const QUEUE_SIZES: [usize; 6] = [10, 50, 100, 200, 500, 1000];

/// What an evaluation needs to know beside the judged rows.
#[derive(Clone, Debug)]
pub struct EvaluationParams<'a> {
    /// Rows whose probability is at least this are flagged.
    pub threshold: f64,
    /// Seed of the bootstrap.
    pub seed: u64,
    /// The columns by which the rows are sliced; may be empty.
    pub slice_by: &'a [SliceBy<'a>],
}

/// Precision and recall of a review queue, ties counted honestly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Queue {
    /// How many listings with the highest scores are reviewed.
    pub k: usize,
    /// The share of counterfeits among them.
    pub precision: f64,
    /// The share of all counterfeits that are among them.
    pub recall: f64,
}

/// What is known of a model from rows it has not seen. Each number is defined at the function of
/// [`metrics`] that computes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// How many rows there are.
    pub n: usize,
    /// How many of them are counterfeit.
    pub n_positive: usize,
    /// How many groups (sellers) they come from.
    pub n_groups: usize,
    /// Average precision.
    pub average_precision: f64,
    /// Its 95 % interval from resampling groups, unless that would mean nothing
    /// (see [`Bootstrap::interval`]).
    pub average_precision_interval: Option<Interval>,
    /// Area under the receiver operating characteristic.
    pub roc_auc: f64,
    /// Precision and recall at those [`QUEUE_SIZES`] that do not exceed `n`.
    pub queues: Vec<Queue>,
    /// Logarithmic loss in nats.
    pub log_loss: f64,
    /// Brier score.
    pub brier: f64,
    /// Expected calibration error.
    pub ece: f64,
    /// Calibration slope and intercept, if the line exists.
    pub calibration: Option<CalibrationLine>,
    /// The reliability table, from the lowest scores to the highest.
    pub reliability: Vec<ReliabilityBin>,
    /// Threshold, precision, recall and what is flagged.
    pub at_threshold: Confusion,
    /// The largest recall at a precision of at least 0.95, if a threshold reaches that.
    pub recall_at_precision_95: Option<f64>,
    /// The largest slices of the columns asked for.
    pub slices: Vec<Slice>,
}

impl Evaluation {
    /// Computes every metric of the judged rows.
    ///
    /// # Errors
    ///
    /// When a column to slice by does not have one value a row.
    pub fn new(judged: &Judged<'_>, params: &EvaluationParams<'_>) -> Result<Self> {
        let ranking = judged.ranking();
        let queue = |k| {
            Some(Queue {
                k,
                precision: metrics::precision_at(ranking, k)?,
                recall: metrics::recall_at(ranking, k)?,
            })
        };
        Ok(Evaluation {
            n: ranking.n(),
            n_positive: ranking.n_positive(),
            n_groups: judged.n_groups(),
            average_precision: metrics::average_precision(ranking),
            average_precision_interval: Bootstrap::with_seed(params.seed)
                .interval(judged, |resample| Some(metrics::average_precision(resample))),
            roc_auc: metrics::roc_auc(ranking),
            queues: QUEUE_SIZES.into_iter().filter_map(queue).collect(),
            log_loss: metrics::log_loss(ranking),
            brier: metrics::brier(ranking),
            ece: metrics::ece(ranking),
            calibration: metrics::calibration_line(ranking),
            reliability: metrics::reliability(ranking),
            at_threshold: metrics::confusion(ranking, params.threshold),
            recall_at_precision_95: metrics::recall_at_precision(ranking, 0.95),
            slices: slices::slices(judged, params.slice_by, params.threshold)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluate(example: &examples::Example, seed: u64, slice_by: &[SliceBy<'_>]) -> Evaluation {
        let judged = Judged::new(&example.scores, &example.labels, &example.groups).unwrap();
        let params = EvaluationParams { threshold: 0.5, seed, slice_by };
        Evaluation::new(&judged, &params).unwrap()
    }

    #[test]
    fn an_evaluation_holds_what_scikit_learn_finds() {
        // The commands stand beside the tests of the single metrics; the data is `fine`.
        let found = evaluate(&examples::fine(), 0, &[]);
        assert_eq!((found.n, found.n_positive, found.n_groups), (48, 19, 9));
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-6);
        close(found.average_precision, 0.8082453221782289);
        close(found.roc_auc, 0.8266787658802177);
        close(found.log_loss, 0.49168752740901617);
        close(found.brier, 0.1663604166666667);
        close(found.ece, 0.14604166666666668);
        let line = found.calibration.unwrap();
        close(line.slope, 1.1753272738552856);
        close(line.intercept, 0.2890644384910965);
        assert_eq!(found.reliability.len(), 10);
        assert_eq!(found.at_threshold.n_flagged, 16);
        close(found.at_threshold.precision().unwrap(), 0.625);
        close(found.at_threshold.recall().unwrap(), 0.5263157894736842);
        close(found.recall_at_precision_95.unwrap(), 0.47368421052631576);
        let [queue] = found.queues[..] else {
            panic!("48 rows hold one queue: {:?}", found.queues);
        };
        assert_eq!(queue.k, 10);
        close(queue.precision, 0.9);
        close(queue.recall, 0.47368421052631576);
    }

    #[test]
    fn the_order_of_the_rows_changes_no_number() {
        let mut example = examples::coarse();
        let before = evaluate(&example, 3, &[]);
        example.scores.reverse();
        example.labels.reverse();
        example.groups.reverse();
        assert_eq!(evaluate(&example, 3, &[]), before);
        assert_ne!(evaluate(&example, 4, &[]), before);
    }

    #[test]
    fn a_slice_of_all_rows_repeats_the_whole() {
        let example = examples::fine();
        let by = SliceBy { name: "any", values: vec![Some("same"); example.scores.len()] };
        let found = evaluate(&example, 0, &[by]);
        let [whole] = &found.slices[..] else {
            panic!("{:?}", found.slices);
        };
        assert_eq!((whole.n, whole.n_positive), (found.n, found.n_positive));
        assert_eq!(whole.average_precision, Some(found.average_precision));
        assert_eq!(whole.precision_at_threshold, found.at_threshold.precision());
        assert_eq!(whole.recall_at_threshold, found.at_threshold.recall());
    }
}
