//! What a threshold flags, and how much of it is right.

use super::super::judged::Ranking;

/// The counts at a threshold, from which precision and recall follow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Confusion {
    /// Rows whose probability is at least this are flagged.
    pub threshold: f64,
    /// How many rows there are.
    pub n: usize,
    /// How many of them are counterfeit.
    pub n_positive: usize,
    /// How many rows are flagged.
    pub n_flagged: usize,
    /// How many of the flagged rows are counterfeit.
    pub n_caught: usize,
}

impl Confusion {
    /// The share of the flagged rows that are counterfeit; `None` when nothing is flagged.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.n_caught, self.n_flagged)
    }

    /// The share of the counterfeits that are flagged; `None` when there is none.
    pub fn recall(&self) -> Option<f64> {
        ratio(self.n_caught, self.n_positive)
    }

    /// The share of all rows that are flagged; `None` without rows.
    pub fn flagged_share(&self) -> Option<f64> {
        ratio(self.n_flagged, self.n)
    }
}

/// Counts the rows whose probability is at least `threshold`. A threshold above 1 flags nothing,
/// and so does NaN.
pub fn confusion(ranking: &Ranking, threshold: f64) -> Confusion {
    let flagged = ranking.ties().iter().take_while(|tie| tie.score >= threshold);
    let (n_flagged, n_caught) =
        flagged.fold((0, 0), |(flagged, caught), tie| (flagged + tie.n, caught + tie.n_positive));
    Confusion { threshold, n: ranking.n(), n_positive: ranking.n_positive(), n_flagged, n_caught }
}

fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::super::super::examples::{coarse, fine};
    use super::*;

    #[test]
    fn agrees_with_scikit_learn() {
        // for t in (0.3, 0.5, 0.75): print((s >= t).sum(),
        //     sklearn.metrics.precision_score(y, s >= t), sklearn.metrics.recall_score(y, s >= t))
        let of_fine = [
            (0.3, 25, 0.6, 0.7894736842105263),
            (0.5, 16, 0.625, 0.5263157894736842),
            (0.75, 3, 1.0, 0.15789473684210525),
        ];
        let of_coarse = [
            (0.3, 29, 0.4827586206896552, 0.8235294117647058),
            (0.5, 15, 0.7333333333333333, 0.6470588235294118),
            (0.75, 6, 1.0, 0.35294117647058826),
        ];
        for (example, expected) in [(fine(), of_fine), (coarse(), of_coarse)] {
            for (threshold, flagged, precision, recall) in expected {
                let found = confusion(&example.ranking(), threshold);
                assert_eq!(found.n_flagged, flagged);
                assert!((found.precision().unwrap() - precision).abs() < 1e-9);
                assert!((found.recall().unwrap() - recall).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn a_threshold_that_flags_nothing_has_no_precision() {
        for threshold in [1.01, f64::NAN] {
            let found = confusion(&fine().ranking(), threshold);
            assert_eq!(found.n_flagged, 0);
            assert_eq!(found.precision(), None);
            assert_eq!(found.recall(), Some(0.0));
            assert_eq!(found.flagged_share(), Some(0.0));
        }
        assert_eq!(confusion(&fine().ranking(), 0.0).flagged_share(), Some(1.0));
    }
}
