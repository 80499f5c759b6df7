//! Logarithmic loss of the probabilities.

use super::super::judged::Ranking;

/// The mean of minus the natural logarithm of the probability given to what turned out true, in
/// nats.
///
/// Probabilities are kept [`f64::EPSILON`] away from 0 and 1, as by scikit-learn's `log_loss`, so
/// that one certain error costs 36 nats and not infinity.
pub fn log_loss(ranking: &Ranking) -> f64 {
    let nats = |p: f64| -libm::log(p.clamp(f64::EPSILON, 1.0 - f64::EPSILON));
    let mut sum = 0.0;
    for tie in ranking.ties() {
        sum += tie.n_positive as f64 * nats(tie.score);
        sum += (tie.n - tie.n_positive) as f64 * nats(1.0 - tie.score);
    }
    sum / ranking.n() as f64
}

#[cfg(test)]
mod tests {
    use super::super::super::examples::{coarse, fine};
    use super::*;

    #[test]
    fn agrees_with_scikit_learn() {
        // sklearn.metrics.log_loss(y, y_proba=s) on `fine` and `coarse`
        assert!((log_loss(&fine().ranking()) - 0.49168752740901617).abs() < 1e-9);
        assert!((log_loss(&coarse().ranking()) - 0.5506460182777593).abs() < 1e-9);
    }

    #[test]
    fn certain_errors_are_clipped_as_by_scikit_learn() {
        // sklearn.metrics.log_loss([1, 0, 0], y_proba=[0.0, 1.0, 1e-300])
        let ranking = Ranking::new(&[0.0, 1.0, 1e-300], &[true, false, false]).unwrap();
        assert!((log_loss(&ranking) - 24.029102259411435).abs() < 1e-9);
    }
}
