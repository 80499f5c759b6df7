//! Random draws, all from one seeded stream, so that a seed gives the same market again.

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// A seeded stream of draws.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Dice(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number from 0 to below 1.
    pub(crate) fn unit(&mut self) -> f64 {
        self.0.random()
    }

    /// True with this probability; never for 0, always for 1.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A whole number from 0 to below `n`; 0 when `n` is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { self.0.random_range(0..n as u64) as usize }
    }

    /// A standard normal deviate.
    pub(crate) fn normal(&mut self) -> f64 {
        self.0.sample(StandardNormal)
    }

    /// A log-normal deviate; `spread` is the standard deviation of its logarithm.
    pub(crate) fn log_normal(&mut self, median: f64, spread: f64) -> f64 {
        median * libm::exp(spread * self.normal())
    }

    /// Successes among `n` trials.
    pub(crate) fn successes(&mut self, n: f64, probability: f64) -> f64 {
        (0..n as u64).filter(|_| self.chance(probability)).count() as f64
    }

    /// One of a pool that is not empty.
    pub(crate) fn pick<'a, T>(&mut self, pool: &'a [T]) -> &'a T {
        &pool[self.below(pool.len())]
    }

    /// Brings a slice into random order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        items.shuffle(&mut self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certain_and_impossible_events_are_just_that() {
        let mut dice = Dice::new(3);
        assert!((0..1000).all(|_| dice.chance(1.0) && !dice.chance(0.0)));
        assert_eq!(dice.below(1), 0);
    }

    #[test]
    fn half_of_the_log_normal_deviates_lie_below_the_median() {
        let mut dice = Dice::new(5);
        let below = (0..10_000).filter(|_| dice.log_normal(146.0, 1.2) < 146.0).count();
        // Binomial(10000, 1/2): mean 5000, standard deviation 50; four of them either side.
        assert!((4800..=5200).contains(&below), "{below}");
    }
}
