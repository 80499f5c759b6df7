//! Precision and recall of a review queue of k listings.

use super::super::judged::Ranking;

/// The share of counterfeits among the `k` highest scores, 0 to 1; `None` when `k` is 0 or exceeds
/// the number of rows.
///
/// Where the k-th score is tied, chance decides which of the tied rows are in the queue. The
/// result is then the mean over all orders of the tied rows: each stands in for all of them with
/// their share of counterfeits. Sorting alone would reward or punish the order of the file.
pub fn precision_at(ranking: &Ranking, k: usize) -> Option<f64> {
    Some(caught_in(ranking, k)? / k as f64)
}

/// The share of all counterfeits that are among the `k` highest scores, 0 to 1, with ties as in
/// [`precision_at`]; `None` when `k` is 0 or exceeds the number of rows.
pub fn recall_at(ranking: &Ranking, k: usize) -> Option<f64> {
    Some(caught_in(ranking, k)? / ranking.n_positive() as f64)
}

/// The expected number of counterfeits among the `k` highest scores.
fn caught_in(ranking: &Ranking, k: usize) -> Option<f64> {
    if k == 0 || k > ranking.n() {
        return None;
    }
    let (mut room, mut caught) = (k, 0.0);
    for tie in ranking.ties() {
        if tie.n >= room {
            return Some(caught + tie.n_positive as f64 * (room as f64 / tie.n as f64));
        }
        room -= tie.n;
        caught += tie.n_positive as f64;
    }
    Some(caught)
}

#[cfg(test)]
mod tests {
    use super::super::super::examples::{coarse, fine};
    use super::*;

    #[test]
    fn agrees_with_every_row_standing_in_for_its_tie() {
        // e = np.array([y[s == v].mean() for v in s])[np.argsort(-s, kind="stable")]
        // for k in (1, 10, 17, 25): print(e[:k].sum() / k, e[:k].sum() / y.sum())
        let of_fine = [
            (1, 1.0, 0.05263157894736842),
            (10, 0.9, 0.47368421052631576),
            (17, 0.6470588235294118, 0.5789473684210527),
            (25, 0.6, 0.7894736842105263),
        ];
        let of_coarse = [
            (1, 1.0, 0.058823529411764705),
            (10, 0.82, 0.48235294117647065),
            (17, 0.6617647058823529, 0.6617647058823529),
            (25, 0.5066666666666666, 0.7450980392156863),
        ];
        for (example, expected) in [(fine(), of_fine), (coarse(), of_coarse)] {
            let ranking = example.ranking();
            for (k, precision, recall) in expected {
                assert!((precision_at(&ranking, k).unwrap() - precision).abs() < 1e-9);
                assert!((recall_at(&ranking, k).unwrap() - recall).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn a_queue_of_no_listing_or_of_more_than_there_are_is_undefined() {
        let ranking = fine().ranking();
        assert_eq!(precision_at(&ranking, 0), None);
        assert_eq!(recall_at(&ranking, 49), None);
        assert_eq!(recall_at(&ranking, 48), Some(1.0));
    }
}
