//! Expected calibration error.

use super::super::judged::Ranking;
use super::reliability::reliability;

/// The mean over the rows of the distance between the mean prediction and the observed rate of the
/// row's bin, 0 to 1, with the bins of [`reliability`] (Naeini, Cooper and Hauskrecht, "Obtaining
/// well calibrated probabilities using Bayesian binning", AAAI 2015, with bins of equal count,
/// because few listings score high and bins of equal width would be nearly empty there).
pub fn ece(ranking: &Ranking) -> f64 {
    let gaps = reliability(ranking)
        .into_iter()
        .map(|bin| bin.n as f64 * (bin.mean_predicted - bin.observed_rate).abs());
    gaps.sum::<f64>() / ranking.n() as f64
}

#[cfg(test)]
mod tests {
    use super::super::super::examples::{coarse, fine};
    use super::*;

    #[test]
    fn agrees_with_bins_by_mean_rank() {
        // b = np.floor(10 * (scipy.stats.rankdata(s) - 0.5) / len(s))
        // sum((b == i).sum() * abs(s[b == i].mean() - y[b == i].mean()) for i in np.unique(b)) / len(s)
        assert!((ece(&fine().ranking()) - 0.14604166666666668).abs() < 1e-9);
        assert!((ece(&coarse().ranking()) - 0.1575).abs() < 1e-9);
    }
}
