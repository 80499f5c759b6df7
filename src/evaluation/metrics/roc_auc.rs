//! Area under the receiver operating characteristic.

use super::super::judged::Ranking;

/// The chance that a counterfeit drawn at random scores higher than a genuine listing drawn at
/// random, a tie counting one half (the Mann-Whitney statistic, scikit-learn's `roc_auc_score`).
pub fn roc_auc(ranking: &Ranking) -> f64 {
    let (mut positives_above, mut sum) = (0, 0.0);
    for tie in ranking.ties() {
        let negatives = (tie.n - tie.n_positive) as f64;
        sum += negatives * (positives_above as f64 + 0.5 * tie.n_positive as f64);
        positives_above += tie.n_positive;
    }
    sum / (ranking.n_positive() as f64 * ranking.n_negative() as f64)
}

#[cfg(test)]
mod tests {
    use super::super::super::examples::{coarse, fine};
    use super::*;

    #[test]
    fn agrees_with_scikit_learn() {
        // sklearn.metrics.roc_auc_score(y, s) on `fine` and `coarse`
        assert!((roc_auc(&fine().ranking()) - 0.8266787658802177).abs() < 1e-9);
        assert!((roc_auc(&coarse().ranking()) - 0.7493606138107416).abs() < 1e-9);
    }

    #[test]
    fn a_tie_counts_one_half() {
        let ranking = Ranking::new(&[0.3, 0.3], &[true, false]).unwrap();
        assert_eq!(roc_auc(&ranking), 0.5);
    }
}
