//! How many different values there are, counted up to a bound.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The most values that are told apart; counting further would cost memory without end.
pub(super) const BOUND: usize = 10_000;

/// A count of different values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distinct {
    /// This many.
    Exactly(usize),
    /// More than this many.
    MoreThan(usize),
}

impl Distinct {
    /// True where there are at most so many.
    pub fn is_at_most(self, n: usize) -> bool {
        matches!(self, Distinct::Exactly(own) if own <= n)
    }
}

/// Counts different values by their 64-bit hashes.
#[derive(Debug, Default)]
pub(super) struct DistinctCounter {
    seen: HashSet<u64>,
    is_full: bool,
}

impl DistinctCounter {
    pub(super) fn add(&mut self, hash: u64) {
        if self.is_full {
            return;
        }
        self.seen.insert(hash);
        if self.seen.len() > BOUND {
            self.is_full = true;
            self.seen = HashSet::new();
        }
    }

    pub(super) fn count(&self) -> Distinct {
        if self.is_full { Distinct::MoreThan(BOUND) } else { Distinct::Exactly(self.seen.len()) }
    }
}

/// The hash of a text; the same in every run.
pub(super) fn text_hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_count_once_and_only_up_to_the_bound() {
        let mut counter = DistinctCounter::default();
        for text in ["a", "b", "a", ""] {
            counter.add(text_hash(text));
        }
        assert_eq!(counter.count(), Distinct::Exactly(3));
        for n in 0..BOUND as u64 {
            counter.add(n);
        }
        assert_eq!(counter.count(), Distinct::MoreThan(10_000));
        assert!(counter.seen.is_empty());
        assert!(Distinct::Exactly(3).is_at_most(3));
        assert!(!Distinct::Exactly(4).is_at_most(3));
        assert!(!Distinct::MoreThan(1).is_at_most(3));
    }
}
