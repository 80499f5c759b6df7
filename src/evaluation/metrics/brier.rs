//! Brier score: the squared error of the probabilities.

use super::super::judged::Ranking;

/// The mean of the squared difference between probability and label (1 for counterfeit), 0 to 1
/// (Brier, "Verification of forecasts expressed in terms of probability", 1950, for two classes
/// in the halved form, as scikit-learn's `brier_score_loss`).
pub fn brier(ranking: &Ranking) -> f64 {
    let mut sum = 0.0;
    for tie in ranking.ties() {
        let miss = 1.0 - tie.score;
        sum += tie.n_positive as f64 * miss * miss;
        sum += (tie.n - tie.n_positive) as f64 * tie.score * tie.score;
    }
    sum / ranking.n() as f64
}

#[cfg(test)]
mod tests {
    use super::super::super::examples::{coarse, fine};
    use super::*;

    #[test]
    fn agrees_with_scikit_learn() {
        // sklearn.metrics.brier_score_loss(y, s) on `fine` and `coarse`
        assert!((brier(&fine().ranking()) - 0.1663604166666667).abs() < 1e-9);
        assert!((brier(&coarse().ranking()) - 0.18624999999999997).abs() < 1e-9);
    }
}
