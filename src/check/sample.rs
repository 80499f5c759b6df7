//! Numbers of which a bounded sample is kept, the same for the same input.

use std::collections::BinaryHeap;

/// The most numbers that are kept.
const SAMPLE: usize = 8192;

/// A sample of the numbers that were added: those whose positions have the smallest hashes. Which
/// numbers these are depends on the input alone, not on how it is cut into blocks, and every
/// number has the same chance to be among them.
#[derive(Debug, Default)]
pub(super) struct Sample {
    /// Hashes with the bits of their numbers, the largest hash on top.
    kept: BinaryHeap<(u64, u64)>,
    n_seen: u64,
}

impl Sample {
    /// Adds a number that stands at a position of the input.
    pub(super) fn add(&mut self, position: u64, value: f64) {
        self.n_seen += 1;
        let entry = (mixed(position), value.to_bits());
        if self.kept.len() < SAMPLE {
            self.kept.push(entry);
        } else if self.kept.peek().is_some_and(|largest| entry < *largest) {
            self.kept.pop();
            self.kept.push(entry);
        }
    }

    /// The numbers that were kept, in ascending order.
    pub(super) fn sorted(&self) -> Vec<f64> {
        let mut values: Vec<f64> =
            self.kept.iter().map(|&(_, bits)| f64::from_bits(bits)).collect();
        values.sort_by(f64::total_cmp);
        values
    }

    /// True when more numbers were added than are kept.
    pub(super) fn is_partial(&self) -> bool {
        self.n_seen > self.kept.len() as u64
    }
}

/// The number below which a share of sorted numbers lies: the smallest with at least this share
/// at or below it. `None` of no numbers.
pub(super) fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let rank = (share * sorted.len() as f64).ceil().max(1.0) as usize;
    sorted.get(rank - 1).or(sorted.last()).copied()
}

/// The middle of sorted numbers, or the mean of the two in the middle.
pub(super) fn median(sorted: &[f64]) -> Option<f64> {
    let upper = sorted.get(sorted.len() / 2).copied()?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = sorted.get(sorted.len() / 2 - 1).copied()?;
    Some(lower + (upper - lower) / 2.0)
}

/// The finalizer of `SplitMix64` (Steele, Lea and Flood 2014): a bijection, so no two positions tie.
fn mixed(position: u64) -> u64 {
    let mut z = position.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_numbers_are_all_kept() {
        let mut sample = Sample::default();
        for (position, value) in [5.0, 1.0, 3.0].into_iter().enumerate() {
            sample.add(position as u64, value);
        }
        assert_eq!(sample.sorted(), [1.0, 3.0, 5.0]);
        assert!(!sample.is_partial());
    }

    #[test]
    fn of_many_numbers_a_fair_part_is_kept_whatever_their_order() {
        let (mut forwards, mut backwards) = (Sample::default(), Sample::default());
        let n = 100_000_u64;
        for position in 0..n {
            forwards.add(position, position as f64);
            backwards.add(n - 1 - position, (n - 1 - position) as f64);
        }
        let sorted = forwards.sorted();
        assert_eq!(sorted.len(), 8192);
        assert_eq!(sorted, backwards.sorted());
        assert!(forwards.is_partial());
        // The median of 8192 uniform numbers has a standard deviation of n / (2 sqrt(8192)).
        let off = (median(&sorted).unwrap() - 50_000.0).abs();
        assert!(off < 4.0 * 100_000.0 / (2.0 * 8192_f64.sqrt()), "{off}");
    }

    // SplitMix64 seeded with 0 gives e220a8397b1dcdaf first and 6e789e6aa1b965f4 next.
    #[test]
    fn the_hash_is_that_of_splitmix64() {
        assert_eq!(mixed(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(mixed(0x9e37_79b9_7f4a_7c15), 0x6e78_9e6a_a1b9_65f4);
    }

    // numpy.median([1, 2, 3, 10]) is 2.5; ranks by hand.
    #[test]
    fn medians_and_quantiles_by_hand() {
        assert_eq!(median(&[1.0, 2.0, 3.0, 10.0]), Some(2.5));
        assert_eq!(median(&[1.0, 2.0, 10.0]), Some(2.0));
        assert_eq!(median(&[]), None);
        let tens: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!(quantile(&tens, 0.05), Some(1.0));
        assert_eq!(quantile(&tens, 0.5), Some(5.0));
        assert_eq!(quantile(&tens, 0.95), Some(10.0));
        assert_eq!(quantile(&tens, 0.0), Some(1.0));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
