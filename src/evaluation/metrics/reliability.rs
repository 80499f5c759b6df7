//! The reliability table: what was predicted against what was observed.

use super::super::judged::Ranking;

/// How many bins the reliability table and the expected calibration error have at most.
pub const N_BINS: usize = 10;

/// Rows of similar score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReliabilityBin {
    /// How many rows there are, at least 1.
    pub n: usize,
    /// Mean of their predicted probabilities.
    pub mean_predicted: f64,
    /// The share of counterfeits among them.
    pub observed_rate: f64,
}

/// The rows in at most [`N_BINS`] bins of about equal count, from the lowest scores to the highest.
///
/// A row is in bin floor([`N_BINS`] (r - 1/2) / n), where r is its rank from 1, lowest first, the
/// mean rank among rows of equal score. So tied rows are in one bin, and without ties no two bins
/// differ by more than one row. Ties can make bins uneven; empty bins are left out.
pub fn reliability(ranking: &Ranking) -> Vec<ReliabilityBin> {
    let mut bins: Vec<(usize, ReliabilityBin)> = Vec::with_capacity(N_BINS);
    let mut below = 0;
    for tie in ranking.ties().iter().rev() {
        // Twice (r - 1/2), which is whole.
        let twice_rank = 2 * below + tie.n;
        let index = N_BINS * twice_rank / (2 * ranking.n());
        below += tie.n;
        let positive = tie.n_positive as f64;
        let predicted = tie.n as f64 * tie.score;
        match bins.last_mut() {
            Some((last, bin)) if *last == index => {
                bin.n += tie.n;
                bin.mean_predicted += predicted;
                bin.observed_rate += positive;
            }
            _ => bins.push((
                index,
                ReliabilityBin { n: tie.n, mean_predicted: predicted, observed_rate: positive },
            )),
        }
    }
    // Until here the bins hold sums.
    let to_means = |(_, sums): (usize, ReliabilityBin)| ReliabilityBin {
        n: sums.n,
        mean_predicted: sums.mean_predicted / sums.n as f64,
        observed_rate: sums.observed_rate / sums.n as f64,
    };
    bins.into_iter().map(to_means).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::examples::{coarse, fine};
    use super::*;

    #[test]
    fn agrees_with_bins_by_mean_rank() {
        // b = np.floor(10 * (scipy.stats.rankdata(s) - 0.5) / len(s))
        // [((b == i).sum(), s[b == i].mean(), y[b == i].mean()) for i in np.unique(b)]
        let of_fine = [
            (5, 0.012, 0.0),
            (5, 0.078, 0.0),
            (4, 0.1625, 0.25),
            (6, 0.21666666666666665, 0.3333333333333333),
            (4, 0.29, 0.5),
            (5, 0.392, 0.2),
            (5, 0.468, 0.6),
            (4, 0.55, 0.25),
            (5, 0.646, 0.8),
            (5, 0.784, 1.0),
        ];
        let of_coarse = [
            (5, 0.08, 0.2),
            (6, 0.2, 0.3333333333333333),
            (6, 0.3, 0.3333333333333333),
            (8, 0.4, 0.125),
            (3, 0.5, 0.6666666666666666),
            (5, 0.6, 0.4),
            (3, 0.7666666666666666, 1.0),
            (4, 0.925, 1.0),
        ];
        for (example, expected) in [(fine(), &of_fine[..]), (coarse(), &of_coarse[..])] {
            let bins = reliability(&example.ranking());
            assert_eq!(bins.len(), expected.len());
            for (bin, &(n, predicted, observed)) in bins.iter().zip(expected) {
                assert_eq!(bin.n, n);
                assert!((bin.mean_predicted - predicted).abs() < 1e-9);
                assert!((bin.observed_rate - observed).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn one_score_for_all_makes_one_bin() {
        let ranking = Ranking::new(&[0.25; 40], &[true, false].repeat(20)).unwrap();
        let expected = ReliabilityBin { n: 40, mean_predicted: 0.25, observed_rate: 0.5 };
        assert_eq!(reliability(&ranking), [expected]);
    }
}
