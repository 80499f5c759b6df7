//! Average precision: the area under the precision-recall curve, by steps.

use super::super::judged::Ranking;

/// The sum over the distinct scores, from high to low, of the recall gained times the precision
/// there, without interpolation (scikit-learn's `average_precision_score`); 0 to 1, and the share
/// of counterfeits for scores that say nothing.
pub fn average_precision(ranking: &Ranking) -> f64 {
    let (mut flagged, mut caught, mut sum) = (0, 0, 0.0);
    for tie in ranking.ties() {
        flagged += tie.n;
        caught += tie.n_positive;
        sum += tie.n_positive as f64 * (caught as f64 / flagged as f64);
    }
    sum / ranking.n_positive() as f64
}

#[cfg(test)]
mod tests {
    use super::super::super::examples::{coarse, fine};
    use super::*;

    #[test]
    fn agrees_with_scikit_learn() {
        // sklearn.metrics.average_precision_score(y, s) on `fine` and `coarse`
        assert!((average_precision(&fine().ranking()) - 0.8082453221782289).abs() < 1e-9);
        assert!((average_precision(&coarse().ranking()) - 0.7531827169802301).abs() < 1e-9);
    }

    #[test]
    fn a_score_that_says_nothing_has_the_share_of_counterfeits() {
        let ranking = Ranking::new(&[0.5; 8], &[true, false, false, false].repeat(2)).unwrap();
        assert_eq!(average_precision(&ranking), 0.25);
    }
}
