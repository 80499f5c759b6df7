//! Recall under a floor on precision.

use super::super::judged::Ranking;

/// The largest recall of any threshold whose precision is at least `floor` (0 to 1); `None` when no
/// threshold reaches it.
pub fn recall_at_precision(ranking: &Ranking, floor: f64) -> Option<f64> {
    let (mut flagged, mut caught, mut best) = (0, 0, None);
    for tie in ranking.ties() {
        flagged += tie.n;
        caught += tie.n_positive;
        if caught as f64 / flagged as f64 >= floor {
            best = Some(caught as f64 / ranking.n_positive() as f64);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::super::super::examples::{coarse, fine};
    use super::*;

    #[test]
    fn agrees_with_scikit_learn() {
        // p, r, t = sklearn.metrics.precision_recall_curve(y, s); r[:-1][p[:-1] >= floor].max()
        let expected = [
            (0.95, 0.47368421052631576, 0.4117647058823529),
            (0.8, 0.5263157894736842, 0.4117647058823529),
            (0.6, 0.7894736842105263, 0.6470588235294118),
        ];
        for (floor, of_fine, of_coarse) in expected {
            let recall = recall_at_precision(&fine().ranking(), floor).unwrap();
            assert!((recall - of_fine).abs() < 1e-9);
            let recall = recall_at_precision(&coarse().ranking(), floor).unwrap();
            assert!((recall - of_coarse).abs() < 1e-9);
        }
    }

    #[test]
    fn a_floor_that_no_threshold_reaches_has_no_recall() {
        let ranking = Ranking::new(&[0.9, 0.5, 0.1], &[false, true, true]).unwrap();
        assert_eq!(recall_at_precision(&ranking, 0.95), None);
        assert_eq!(recall_at_precision(&ranking, 0.66), Some(1.0));
    }
}
