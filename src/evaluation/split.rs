//! Parts of the rows to learn from and to judge on: by group, by time, and at random.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::error::{Error, ErrorKind, Result};

use super::clusters::Clusters;
use super::judged::check_length;

/// Divides rows into parts so that no group (seller) stands in two parts, with about the wanted
/// share of either class in each. Returns the index of every row's part, below `shares.len()`.
///
/// `shares` are positive and are divided by their sum: `[0.8, 0.2]` keeps a fifth out, `[1.0; 5]`
/// makes five folds. `labels` are true for counterfeit.
///
/// The rule is that of scikit-learn's `StratifiedGroupKFold`, for any shares: group after group
/// goes to the part that keeps the class counts of the groups placed so far nearest to the shares
/// (least sum of squares of counts divided by the size of their class, then fewest rows for the
/// share, then the first). Groups that can unbalance most come first: those with the largest sum
/// of squares of such counts. Equals are shuffled by the seed. Because each step fills all parts in
/// proportion, large sellers are spread over the parts and not heaped in the largest.
///
/// The parts depend on the ids of the groups and their class counts, not on the order of rows.
///
/// # Errors
///
/// When labels and groups differ in length, when a share is not a positive number, and when there
/// are fewer groups than parts.
pub fn stratified_group_split(
    groups: &[u32],
    labels: &[bool],
    shares: &[f64],
    seed: u64,
) -> Result<Vec<u32>> {
    check_length("the groups", groups.len(), labels.len())?;
    let shares = normalized(shares)?;
    let clusters = Clusters::new(groups);
    if clusters.n < shares.len() {
        return Err(ErrorKind::TooFew {
            what: "groups (sellers) to divide",
            found: clusters.n,
            needed: shares.len(),
        }
        .into());
    }
    let n_positive = labels.iter().filter(|&&label| label).count();
    let totals = [labels.len() - n_positive, n_positive];
    let mut counts = vec![[0_usize; 2]; clusters.n];
    for (&group, &label) in clusters.of_row.iter().zip(labels) {
        if let Some([negative, positive]) = counts.get_mut(group as usize) {
            *if label { positive } else { negative } += 1;
        }
    }

    let mut order: Vec<(usize, [usize; 2])> = counts.into_iter().enumerate().collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    order.sort_by(|a, b| {
        let weight = |counts| squares(counts, totals);
        weight(b.1).total_cmp(&weight(a.1))
    });

    let mut parts: Vec<Part> = shares.into_iter().map(Part::new).collect();
    let mut part_of_group = vec![0_u32; clusters.n];
    let mut placed = [0_usize; 2];
    for (group, counts) in order {
        placed = [placed[0] + counts[0], placed[1] + counts[1]];
        let n_placed = placed[0] + placed[1];
        let nearest = parts
            .iter_mut()
            .enumerate()
            .map(|(index, part)| {
                let cost = part.cost(counts, placed, totals);
                (cost, part.surplus(n_placed), index, part)
            })
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        if let (Some((.., index, part)), Some(slot)) = (nearest, part_of_group.get_mut(group)) {
            part.counts = [part.counts[0] + counts[0], part.counts[1] + counts[1]];
            *slot = index as u32;
        }
    }
    let part_of_row = clusters.of_row.iter();
    Ok(part_of_row.map(|&group| part_of_group.get(group as usize).copied().unwrap_or(0)).collect())
}

/// Divides `n` rows into parts at random, sellers cut apart: only to show by how much such a split
/// flatters a model. Returns the index of every row's part; every part is within one row of its
/// share. `shares` are as in [`stratified_group_split`].
///
/// # Errors
///
/// When a share is not a positive number.
pub fn random_split(n: usize, shares: &[f64], seed: u64) -> Result<Vec<u32>> {
    let shares = normalized(shares)?;
    let mut ends: Vec<usize> = Vec::with_capacity(shares.len());
    let mut sum = 0.0;
    for share in shares {
        sum += share;
        ends.push((sum * n as f64).round() as usize);
    }
    // Rounding of the sum must not leave the last row without a part.
    if let Some(end) = ends.last_mut() {
        *end = n;
    }
    let mut parts: Vec<u32> =
        (0..n).map(|place| ends.partition_point(|&end| end <= place) as u32).collect();
    parts.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    Ok(parts)
}

/// Divides rows by time: the latest rows, about `share` of those whose time is known, are part 1,
/// all others part 0.
///
/// `times` may have any unit and origin; NaN is unknown and goes to part 0. Rows of one time are
/// never parted: the cut is made between two times, where the size of part 1 is nearest to the
/// share, and of two equally near sizes the smaller is taken. So part 1 is empty when all times are
/// equal or unknown and the share is at most one half.
///
/// # Errors
///
/// When the share is not between 0 and 1.
pub fn time_split(times: &[f64], share: f64) -> Result<Vec<u32>> {
    if !(share > 0.0 && share < 1.0) {
        return Err(unusable_share("a number between 0 and 1", share));
    }
    let mut known: Vec<f64> = times.iter().copied().filter(|time| !time.is_nan()).collect();
    known.sort_unstable_by(|a, b| b.total_cmp(a));
    let wanted = share * known.len() as f64;
    let mut first_late = f64::NAN;
    let mut n_late = 0;
    let mut distance = wanted;
    for same in known.chunk_by(|a, b| a == b) {
        n_late += same.len();
        let candidate = (n_late as f64 - wanted).abs();
        if candidate >= distance {
            break;
        }
        distance = candidate;
        first_late = same.first().copied().unwrap_or(f64::NAN);
    }
    // A comparison with NaN is false, so unknown times and an empty part 1 need no case.
    Ok(times.iter().map(|&time| u32::from(time >= first_late)).collect())
}

/// A part that is being filled.
struct Part {
    /// The share of every class it should hold; all shares add up to 1.
    share: f64,
    /// Rows of the negative and of the positive class.
    counts: [usize; 2],
}

impl Part {
    fn new(share: f64) -> Self {
        Part { share, counts: [0; 2] }
    }

    /// What putting a group of `counts` here adds to the sum of squares over all parts of
    /// (count - share * placed) / total, up to a term that is the same for all parts; `placed`
    /// includes the group.
    ///
    /// With x the deviation of this part when the group goes elsewhere and f the group's counts
    /// over the totals, the sum grows by (x + f)^2 - x^2 = 2 f x + f^2, and f is the same for all.
    fn cost(&self, counts: [usize; 2], placed: [usize; 2], totals: [usize; 2]) -> f64 {
        let of_class = |class: usize| {
            let total = totals[class] as f64;
            let deviation = self.counts[class] as f64 - self.share * placed[class] as f64;
            counts[class] as f64 / total * (deviation / total)
        };
        let present = (0..2).filter(|&class| totals[class] > 0);
        present.map(of_class).sum()
    }

    /// Rows it has beyond its share of the rows placed.
    fn surplus(&self, n_placed: usize) -> f64 {
        (self.counts[0] + self.counts[1]) as f64 - self.share * n_placed as f64
    }
}

/// The sum over the classes of the square of count over total.
fn squares(counts: [usize; 2], totals: [usize; 2]) -> f64 {
    let present = counts.into_iter().zip(totals).filter(|&(_, total)| total > 0);
    present
        .map(|(count, total)| (count as f64 / total as f64) * (count as f64 / total as f64))
        .sum()
}

/// The shares divided by their sum.
fn normalized(shares: &[f64]) -> Result<Vec<f64>> {
    if let Some(&share) = shares.iter().find(|s| !(s.is_finite() && **s > 0.0)) {
        return Err(unusable_share("positive numbers", share));
    }
    let sum: f64 = shares.iter().sum();
    if shares.is_empty() || !sum.is_finite() {
        return Err(unusable_share("positive numbers with a finite sum", sum));
    }
    Ok(shares.iter().map(|share| share / sum).collect())
}

fn unusable_share(expected: &str, found: f64) -> Error {
    ErrorKind::Option {
        option: "shares of a split",
        expected: expected.to_owned(),
        found: format!("{found:?}"),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    /// Rows of the negative and the positive class in each of `n_parts` parts.
    fn class_counts(parts: &[u32], labels: &[bool], n_parts: usize) -> Vec<[f64; 2]> {
        let mut counts = vec![[0.0; 2]; n_parts];
        for (&part, &label) in parts.iter().zip(labels) {
            counts[part as usize][usize::from(label)] += 1.0;
        }
        counts
    }

    /// Either a hold-out or folds.
    fn shares() -> impl Strategy<Value = Vec<f64>> {
        prop_oneof![
            (0.05_f64..0.95).prop_map(|share| vec![1.0 - share, share]),
            (2_usize..6).prop_map(|k| vec![1.0; k]),
        ]
    }

    /// Rows as (group id, label), with at least as many groups as parts.
    fn rows() -> impl Strategy<Value = Vec<(u32, bool)>> {
        prop::collection::vec((0_u32..40, prop::bool::weighted(0.3)), 60..250)
            .prop_map(|rows| rows.into_iter().map(|(g, l)| (g * g * 977, l)).collect())
            .prop_filter("six groups", |rows: &Vec<(u32, bool)>| {
                rows.iter().map(|row| row.0).collect::<BTreeSet<_>>().len() >= 6
            })
    }

    proptest! {
        #[test]
        fn every_group_stands_in_one_part(rows in rows(), shares in shares(), seed: u64) {
            let (groups, labels): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
            let parts = stratified_group_split(&groups, &labels, &shares, seed).unwrap();
            prop_assert_eq!(parts.len(), groups.len());
            let mut part_of = BTreeMap::new();
            for (group, part) in groups.iter().zip(&parts) {
                prop_assert!((*part as usize) < shares.len());
                prop_assert_eq!(part_of.entry(group).or_insert(part), &part);
            }
        }

        #[test]
        fn permuting_the_rows_permutes_the_parts(
            (rows, shuffled) in rows().prop_flat_map(|rows| {
                let places: Vec<usize> = (0..rows.len()).collect();
                (Just(rows), Just(places).prop_shuffle())
            }),
            shares in shares(),
            seed: u64,
        ) {
            let (groups, labels): (Vec<_>, Vec<_>) = rows.iter().copied().unzip();
            let parts = stratified_group_split(&groups, &labels, &shares, seed).unwrap();
            let (groups, labels): (Vec<_>, Vec<_>) = shuffled.iter().map(|&i| rows[i]).unzip();
            let permuted = stratified_group_split(&groups, &labels, &shares, seed).unwrap();
            let expected: Vec<u32> = shuffled.iter().map(|&i| parts[i]).collect();
            prop_assert_eq!(permuted, expected);
        }

        /// A group of one class goes to the part with the largest deficit in it, and deficits add
        /// up to 0; so with two parts, or with equal ones, none strays further than one group.
        #[test]
        fn groups_of_one_class_meet_the_shares_within_the_largest_group(
            sizes in prop::collection::vec((1_usize..30, any::<bool>()), 6..60),
            shares in shares(),
            seed: u64,
        ) {
            let (mut groups, mut labels) = (Vec::new(), Vec::new());
            for (id, &(size, label)) in sizes.iter().enumerate() {
                groups.extend(vec![id as u32; size]);
                labels.extend(vec![label; size]);
            }
            let parts = stratified_group_split(&groups, &labels, &shares, seed).unwrap();
            let sum: f64 = shares.iter().sum();
            for class in [false, true] {
                let of_class = |l: &(usize, bool)| if l.1 == class { l.0 } else { 0 };
                let total: usize = sizes.iter().map(of_class).sum();
                let largest = sizes.iter().map(of_class).max().unwrap_or(0) as f64;
                let counts = class_counts(&parts, &labels, shares.len());
                for (count, share) in counts.iter().zip(&shares) {
                    let wanted = share / sum * total as f64;
                    prop_assert!((count[usize::from(class)] - wanted).abs() <= largest + 1e-9);
                }
            }
        }

        /// Drawing the part of a group at random by the shares s would add (1 - sum of s^2) |f|^2
        /// to the squared deviation on average, f being the group's counts over the class totals,
        /// so the best part never adds more.
        #[test]
        fn mixed_groups_stay_within_the_bound_of_the_rule(
            rows in rows(), shares in shares(), seed: u64,
        ) {
            let (groups, labels): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
            let parts = stratified_group_split(&groups, &labels, &shares, seed).unwrap();
            let totals = class_counts(&vec![0; labels.len()], &labels, 1)[0];
            let ids: BTreeSet<u32> = groups.iter().copied().collect();
            let of_group: Vec<u32> = (groups.iter())
                .map(|g| ids.iter().position(|id| id == g).unwrap() as u32)
                .collect();
            let over_totals = |count: [f64; 2], share: f64| -> f64 {
                (0..2)
                    .filter(|&class| totals[class] > 0.0)
                    .map(|class| (count[class] / totals[class] - share).powi(2))
                    .sum()
            };
            let sum: f64 = shares.iter().sum();
            let normalized: Vec<f64> = shares.iter().map(|share| share / sum).collect();
            let deviation: f64 = class_counts(&parts, &labels, shares.len())
                .into_iter()
                .zip(&normalized)
                .map(|(count, &share)| over_totals(count, share))
                .sum();
            let of_groups: f64 = class_counts(&of_group, &labels, ids.len())
                .into_iter()
                .map(|count| over_totals(count, 0.0))
                .sum();
            let spread = 1.0 - normalized.iter().map(|share| share * share).sum::<f64>();
            prop_assert!(deviation <= spread * of_groups + 1e-9);
        }

        #[test]
        fn a_random_split_meets_the_shares_within_a_row(
            n in 0_usize..200, shares in shares(), seed: u64,
        ) {
            let parts = random_split(n, &shares, seed).unwrap();
            prop_assert_eq!(parts.len(), n);
            let sum: f64 = shares.iter().sum();
            for (part, share) in shares.iter().enumerate() {
                let count = parts.iter().filter(|&&p| p as usize == part).count() as f64;
                prop_assert!((count - share / sum * n as f64).abs() <= 1.0 + 1e-9);
            }
        }

        #[test]
        fn part_1_is_later_than_part_0(
            times in prop::collection::vec(prop_oneof![Just(f64::NAN), (0_i32..30).prop_map(f64::from)], 1..80),
            share in 0.05_f64..0.95,
        ) {
            let parts = time_split(&times, share).unwrap();
            let of = |part| {
                times.iter().zip(&parts).filter(move |p| *p.1 == part).map(|p| *p.0)
            };
            prop_assert!(of(1).all(|time| !time.is_nan()));
            let latest_early = of(0).filter(|t| !t.is_nan()).fold(-1.0, f64::max);
            prop_assert!(of(1).all(|time| time > latest_early));
        }
    }

    #[test]
    fn equal_groups_are_dealt_by_the_seed() {
        let groups: Vec<u32> = (0..100).collect();
        let labels: Vec<bool> = (0..100).map(|row| row % 10 == 0).collect();
        let split = |seed| stratified_group_split(&groups, &labels, &[0.8, 0.2], seed).unwrap();
        assert_eq!(split(1), split(1));
        assert_ne!(split(1), split(2));
        assert_eq!(class_counts(&split(1), &labels, 2), [[72.0, 8.0], [18.0, 2.0]]);
    }

    #[test]
    fn large_groups_are_spread_and_not_heaped_in_the_largest_part() {
        // Ten sellers of 10 rows and a hundred of 1 row, one class: a fifth of either kind.
        let mut groups: Vec<u32> = (0..100).map(|row| row / 10).collect();
        groups.extend(1000..1100);
        let parts = stratified_group_split(&groups, &[false; 200], &[0.8, 0.2], 4).unwrap();
        let held_out = |rows: &[u32]| rows.iter().filter(|&&part| part == 1).count();
        assert_eq!(held_out(&parts[..100]), 20);
        assert_eq!(held_out(&parts[100..]), 20);
    }

    #[test]
    fn the_largest_group_is_placed_first_so_that_small_ones_can_make_up_for_it() {
        // One seller of 20 rows and twenty of 1 row; placed last, the large one would tip 10 : 10
        // to 30 : 10.
        let mut groups: Vec<u32> = (0..20).collect();
        groups.extend([99; 20]);
        let parts = stratified_group_split(&groups, &[true; 40], &[1.0, 1.0], 0).unwrap();
        assert_eq!(parts.iter().filter(|&&part| part == 0).count(), 20);
    }

    #[test]
    fn splits_that_make_no_sense_are_refused() {
        let message = |result: Result<Vec<u32>>| result.unwrap_err().to_string();
        assert_eq!(
            message(stratified_group_split(&[1, 1], &[true, false], &[0.5, 0.5], 0)),
            "groups (sellers) to divide: 1 found, at least 2 needed"
        );
        assert_eq!(
            message(random_split(3, &[0.8, -0.2], 0)),
            "shares of a split: expected positive numbers, found -0.2"
        );
        assert_eq!(
            message(time_split(&[1.0], f64::NAN)),
            "shares of a split: expected a number between 0 and 1, found NaN"
        );
        assert!(random_split(3, &[], 0).is_err());
        assert!(stratified_group_split(&[1, 2], &[true], &[1.0], 0).is_err());
    }

    #[test]
    fn the_cut_in_time_is_the_nearest_that_parts_no_tie() {
        // Of 6 known times 2 are wanted; the two nearest cuts give 1 and 3, and 1 is smaller.
        let times = [5.0, 3.0, f64::NAN, 4.0, 4.0, 1.0, 2.0];
        assert_eq!(time_split(&times, 0.34).unwrap(), [1, 0, 0, 1, 1, 0, 0]);
        assert_eq!(time_split(&times, 1.0 / 3.0).unwrap(), [1, 0, 0, 0, 0, 0, 0]);
        assert_eq!(time_split(&[7.0, 7.0, 7.0], 0.2).unwrap(), [0, 0, 0]);
        assert_eq!(time_split(&[f64::NAN, f64::NAN], 0.2).unwrap(), [0, 0]);
        assert_eq!(time_split(&[0.0, -0.0, -1.0], 0.6).unwrap(), [1, 1, 0]);
    }
}
