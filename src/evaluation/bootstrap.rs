//! Intervals from resampling whole groups, because the listings of one seller are not independent.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::judged::{Judged, Ranking};

/// How a bootstrap is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    /// How many resamples are drawn.
    pub n_resamples: usize,
    /// The share of resamples that the interval covers, between 0 and 1.
    pub level: f64,
    /// Seed of the `ChaCha8` generator.
    pub seed: u64,
}

impl Bootstrap {
    /// 200 resamples and a 95 % interval.
    pub fn with_seed(seed: u64) -> Self {
        Bootstrap { n_resamples: 200, level: 0.95, seed }
    }

    /// The percentile interval of a metric under resampling of the groups with replacement.
    ///
    /// Each resample draws as many groups as there are, and takes all rows of a drawn group as
    /// often as the group was drawn (Field and Welsh, "Bootstrapping clustered data", J. R. Stat.
    /// Soc. B 69, 2007: the cluster bootstrap). Resamples with one class, or in which the metric is
    /// undefined, are skipped. The ends are linearly interpolated quantiles, as `NumPy`'s default.
    ///
    /// `None` when there is one group only, or when more than half of the resamples were skipped:
    /// what is left would be a selected sample.
    ///
    /// Sorting is done once, so a resample costs time in proportion to the rows.
    pub fn interval(
        &self,
        judged: &Judged<'_>,
        metric: impl Fn(&Ranking) -> Option<f64>,
    ) -> Option<Interval> {
        let rows = resampled(judged);
        self.of_groups(judged.n_groups(), 1, |times| vec![rows(times).as_ref().and_then(&metric)])
            .pop()
            .flatten()
    }

    /// The same of the differences between two rankings of the same rows in the same groups, the second
    /// minus the first: each resample draws the same groups for both, and for all of the numbers that
    /// `measure` takes of a ranking, of the first or the second, `n_numbers` of them.
    pub fn paired_intervals(
        &self,
        first: &Judged<'_>,
        second: &Judged<'_>,
        n_numbers: usize,
        measure: impl Fn(&Ranking, Side) -> Vec<Option<f64>>,
    ) -> Vec<Option<Interval>> {
        let (one, other) = (resampled(first), resampled(second));
        self.of_groups(first.n_groups(), n_numbers, |times| {
            let (Some(one), Some(other)) = (one(times), other(times)) else { return Vec::new() };
            let pairs = measure(&one, Side::First).into_iter().zip(measure(&other, Side::Second));
            pairs.map(|(one, other)| Some(other? - one?)).collect()
        })
    }

    /// The intervals of numbers that depend on how often each group was drawn.
    fn of_groups(
        &self,
        n_groups: usize,
        n_numbers: usize,
        numbers: impl Fn(&[usize]) -> Vec<Option<f64>>,
    ) -> Vec<Option<Interval>> {
        if n_groups < 2 {
            return vec![None; n_numbers];
        }
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let mut times = vec![0_usize; n_groups];
        let mut values = vec![Vec::with_capacity(self.n_resamples); n_numbers];
        for _ in 0..self.n_resamples {
            times.fill(0);
            for _ in 0..n_groups {
                // Drawn as 64 bits, so that every platform draws the same groups.
                let drawn = rng.random_range(0..n_groups as u64) as usize;
                if let Some(count) = times.get_mut(drawn) {
                    *count += 1;
                }
            }
            for (values, number) in values.iter_mut().zip(numbers(&times)) {
                values.extend(number);
            }
        }
        values.into_iter().map(|values| self.ends(values)).collect()
    }

    /// The interval of what the resamples gave.
    fn ends(&self, mut values: Vec<f64>) -> Option<Interval> {
        if values.len() * 2 < self.n_resamples {
            return None;
        }
        values.sort_unstable_by(f64::total_cmp);
        let tail = (1.0 - self.level) / 2.0;
        Some(Interval {
            low: quantile(&values, tail)?,
            high: quantile(&values, 1.0 - tail)?,
            level: self.level,
            n_resamples: values.len(),
        })
    }
}

/// Which of two rankings is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The first, from which differences count.
    First,
    /// The second.
    Second,
}

/// The ranking of a resample in which each group stands so many times; `None` of one class alone.
fn resampled(judged: &Judged<'_>) -> impl Fn(&[usize]) -> Option<Ranking> + use<> {
    let rows: Vec<(f64, bool, u32)> =
        judged.descending().map(|(_, score, label, group)| (score, label, group)).collect();
    move |times| {
        Ranking::from_descending(rows.iter().map(|&(score, label, group)| {
            (score, label, times.get(group as usize).copied().unwrap_or(0))
        }))
    }
}

/// Where a metric lies under resampling, in the metric's own unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The share of resamples between the ends, between 0 and 1.
    pub level: f64,
    /// How many resamples the ends are taken from, the skipped ones not counted.
    pub n_resamples: usize,
}

/// The linearly interpolated quantile of ascending values at `share` (0 to 1), definition 7 of
/// Hyndman and Fan, "Sample quantiles in statistical packages", 1996; `None` without values.
fn quantile(ascending: &[f64], share: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let below = place.floor() as usize;
    let low = *ascending.get(below)?;
    let high = *ascending.get((below + 1).min(last))?;
    Some(low + (place - place.floor()) * (high - low))
}

#[cfg(test)]
mod tests {
    use super::super::examples;
    use super::super::metrics::average_precision;
    use super::*;

    fn base_rate(ranking: &Ranking) -> Option<f64> {
        Some(ranking.n_positive() as f64 / ranking.n() as f64)
    }

    #[test]
    fn quantiles_agree_with_numpy() {
        // python -c "import numpy as np; print(np.quantile([1, 2, 4, 8, 16], [0, .025, .3, .975, 1]))"
        let values = [1.0, 2.0, 4.0, 8.0, 16.0];
        let expected = [(0.0, 1.0), (0.025, 1.1), (0.3, 2.4), (0.975, 15.2), (1.0, 16.0)];
        for (share, value) in expected {
            assert!((quantile(&values, share).unwrap() - value).abs() < 1e-12);
        }
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn groups_that_are_copies_of_each_other_leave_no_uncertainty() {
        let one = [(0.9, true), (0.6, false), (0.6, true), (0.1, false)];
        let rows: Vec<_> = (0..12).flat_map(|g| one.map(|(s, l)| (s, l, g))).collect();
        let scores: Vec<f64> = rows.iter().map(|row| row.0).collect();
        let labels: Vec<bool> = rows.iter().map(|row| row.1).collect();
        let groups: Vec<u32> = rows.iter().map(|row| row.2).collect();
        let judged = Judged::new(&scores, &labels, &groups).unwrap();
        let interval = Bootstrap::with_seed(1)
            .interval(&judged, |ranking| Some(average_precision(ranking)))
            .unwrap();
        // By hand: half of the positives at precision 1, half at 2/3.
        assert!((interval.low - 5.0 / 6.0).abs() < 1e-12);
        assert!((interval.high - 5.0 / 6.0).abs() < 1e-12);
        assert_eq!(interval.n_resamples, 200);
    }

    #[test]
    fn the_width_is_that_of_independent_groups_and_not_of_rows() {
        // 100 groups of 25 rows of one class each: the share of positives has the standard error
        // sqrt(0.25 / 100) = 0.05, where 2500 independent rows would have 0.01.
        let n = 2500;
        let labels: Vec<bool> = (0..n).map(|row| (row / 25) % 2 == 0).collect();
        let groups: Vec<u32> = (0..n).map(|row| row / 25).collect();
        let scores = vec![0.5; n as usize];
        let judged = Judged::new(&scores, &labels, &groups).unwrap();
        let drawn = Bootstrap { n_resamples: 4000, ..Bootstrap::with_seed(3) };
        let interval = drawn.interval(&judged, base_rate).unwrap();
        let expected = 1.96 * 0.05;
        assert!((interval.high - 0.5 - expected).abs() < 0.011, "{interval:?}");
        assert!((0.5 - interval.low - expected).abs() < 0.011, "{interval:?}");
    }

    #[test]
    fn the_order_of_the_rows_changes_nothing_and_the_seed_does() {
        let mut example = examples::fine();
        let draw = |example: &examples::Example, seed| {
            let judged = Judged::new(&example.scores, &example.labels, &example.groups).unwrap();
            Bootstrap::with_seed(seed)
                .interval(&judged, |ranking| Some(average_precision(ranking)))
                .unwrap()
        };
        let before = draw(&example, 5);
        example.scores.reverse();
        example.labels.reverse();
        example.groups.reverse();
        assert_eq!(draw(&example, 5), before);
        assert_ne!(draw(&example, 6), before);
        let truth = average_precision(&example.ranking());
        assert!(before.low < truth && truth < before.high);
    }

    #[test]
    fn an_interval_that_would_mean_nothing_is_not_given() {
        let labels = [true, false, false];
        let one_group = Judged::new(&[0.9, 0.1, 0.2], &labels, &[8, 8, 8]).unwrap();
        assert_eq!(Bootstrap::with_seed(0).interval(&one_group, base_rate), None);
        let two_groups = Judged::new(&[0.9, 0.1, 0.2], &labels, &[8, 8, 9]).unwrap();
        assert_eq!(Bootstrap::with_seed(0).interval(&two_groups, |_| None), None);
    }
}
