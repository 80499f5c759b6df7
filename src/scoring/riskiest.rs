//! The N riskiest listings of a whole input, in the order of their scores.

use std::cmp::Ordering;
use std::mem;

use super::scorer::Score;
use crate::error::Result;
use crate::input::RawBatch;

/// How many listings are looked at together on their way out.
const BLOCK_ROWS: usize = 2048;

/// The listings with the highest probabilities, of equals those that come first. What is held grows
/// with their number, and not with that of all listings.
pub struct Riskiest {
    n: usize,
    kept: Vec<Kept>,
    n_kept: usize,
    /// The lowest probability among the best `n` so far; who comes later must be above it.
    floor: Option<f64>,
}

/// Listings of one file.
struct Kept {
    raw: RawBatch,
    /// The position of each in the input.
    positions: Vec<u64>,
    scores: Vec<Score>,
}

impl Riskiest {
    /// The best `n` of no listing yet; at least one.
    pub fn new(n: usize) -> Riskiest {
        Riskiest { n: n.max(1), kept: Vec::new(), n_kept: 0, floor: None }
    }

    /// Offers what of a block comes into question. Blocks are offered in the order of the input.
    ///
    /// # Errors
    /// As [`Candidates::of`].
    pub fn offer(&mut self, candidates: Candidates) -> Result<()> {
        let mut own = candidates.0;
        if let Some(floor) = self.floor {
            own.retain(|(probability, _)| probability > floor)?;
        }
        if own.scores.is_empty() {
            return Ok(());
        }
        self.n_kept += own.scores.len();
        self.kept.push(own);
        // Half as many again may be held, so that few blocks make for going through all.
        if self.n_kept > self.n + self.n / 2 + BLOCK_ROWS { self.compact() } else { Ok(()) }
    }

    /// The listings in the order of their scores, in blocks.
    ///
    /// # Errors
    /// As [`Candidates::of`].
    pub fn ranked(mut self) -> Result<Vec<(RawBatch, Vec<Score>)>> {
        self.compact()?;
        let mut order: Vec<(usize, usize)> = Vec::new();
        for (at, own) in self.kept.iter().enumerate() {
            order.extend((0..own.scores.len()).map(|row| (at, row)));
        }
        let rank =
            |place: &(usize, usize)| self.kept.get(place.0).and_then(|own| own.rank(place.1));
        order.sort_by(|a, b| match (rank(a), rank(b)) {
            (Some(a), Some(b)) => by_risk(&a, &b),
            _ => Ordering::Equal,
        });
        let mut blocks = Vec::new();
        for run in order.chunk_by(|a, b| a.0 == b.0).flat_map(|run| run.chunks(BLOCK_ROWS)) {
            let Some(own) = run.first().and_then(|place| self.kept.get(place.0)) else { continue };
            let rows: Vec<u32> = run.iter().map(|place| place.1 as u32).collect();
            let scores = run.iter().filter_map(|place| own.scores.get(place.1).cloned());
            blocks.push((own.raw.take(&rows)?, scores.collect()));
        }
        Ok(blocks)
    }

    /// Lets go of what is not among the best `n`, and joins what is left of each file.
    fn compact(&mut self) -> Result<()> {
        let mut kept = mem::take(&mut self.kept);
        if let Some(last) = last_of_best(self.n, kept.iter().flat_map(Kept::ranks)) {
            self.floor = Some(last.0);
            for own in &mut kept {
                own.retain(|rank| by_risk(&rank, &last) != Ordering::Greater)?;
            }
        }
        kept.retain(|own| !own.scores.is_empty());
        self.n_kept = kept.iter().map(|own| own.scores.len()).sum();
        let is_one_file = |a: &Kept, b: &Kept| a.raw.is_like(&b.raw);
        while !kept.is_empty() {
            let n = kept.chunk_by(is_one_file).next().map_or(1, <[Kept]>::len);
            let rest = kept.split_off(n);
            self.kept.push(Kept::joined(mem::replace(&mut kept, rest))?);
        }
        Ok(())
    }
}

/// The listings of a block that can be among the best of all. Found where the block was scored, so that
/// little has to wait for its turn.
pub struct Candidates(Kept);

impl Candidates {
    /// The best `n` of a block, in its order; `n_before` records of the input stand before it.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Format`] for columns of which no rows can be taken.
    pub fn of(n: usize, raw: RawBatch, scores: Vec<Score>, n_before: u64) -> Result<Candidates> {
        let positions = (n_before..).take(scores.len()).collect();
        let mut own = Kept { raw, positions, scores };
        if let Some(last) = last_of_best(n, own.ranks()) {
            own.retain(|rank| by_risk(&rank, &last) != Ordering::Greater)?;
        }
        Ok(Candidates(own))
    }
}

impl Kept {
    fn rank(&self, row: usize) -> Option<(f64, u64)> {
        Some((self.scores.get(row)?.probability, *self.positions.get(row)?))
    }

    fn ranks(&self) -> impl Iterator<Item = (f64, u64)> {
        let probabilities = self.scores.iter().map(|score| score.probability);
        probabilities.zip(self.positions.iter().copied())
    }

    fn retain(&mut self, is_kept: impl Fn((f64, u64)) -> bool) -> Result<()> {
        let kept: Vec<bool> = self.ranks().map(is_kept).collect();
        if !kept.contains(&false) {
            return Ok(());
        }
        let rows = (0..).zip(&kept).filter(|(_, is_kept)| **is_kept).map(|(row, _)| row);
        self.raw = self.raw.take(&rows.collect::<Vec<u32>>())?;
        let mut each = kept.iter();
        self.positions.retain(|_| each.next() == Some(&true));
        let mut each = kept.iter();
        self.scores.retain(|_| each.next() == Some(&true));
        // Few are kept of many, and for long.
        self.positions.shrink_to_fit();
        self.scores.shrink_to_fit();
        Ok(())
    }

    /// Parts of one file as one.
    fn joined(mut parts: Vec<Kept>) -> Result<Kept> {
        let batches: Vec<&RawBatch> = parts.iter().map(|own| &own.raw).collect();
        let raw = RawBatch::joined(&batches)?;
        let positions = parts.iter().flat_map(|own| own.positions.iter().copied()).collect();
        let scores = parts.iter_mut().flat_map(|own| mem::take(&mut own.scores)).collect();
        Ok(Kept { raw, positions, scores })
    }
}

/// The last of the best `n`, where there are more.
fn last_of_best(n: usize, ranks: impl Iterator<Item = (f64, u64)>) -> Option<(f64, u64)> {
    let mut ranks: Vec<(f64, u64)> = ranks.collect();
    if ranks.len() <= n {
        return None;
    }
    let (_, last, _) = ranks.select_nth_unstable_by(n.saturating_sub(1), by_risk);
    Some(*last)
}

/// The riskier first, and of equals the one that stands first in the input.
fn by_risk(a: &(f64, u64), b: &(f64, u64)) -> Ordering {
    b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::cast::AsArray;
    use arrow_array::{ArrayRef, RecordBatch, StringArray};
    use proptest::prelude::*;

    use super::*;
    use crate::scoring::RiskBand;

    fn score(probability: f64) -> Score {
        Score {
            probability,
            log_odds: 0.0,
            band: RiskBand::of(probability),
            flagged: false,
            memberships: Vec::new(),
            reasons: Vec::new(),
        }
    }

    /// Records of one of two files, each with its position as its only cell.
    fn block(positions: std::ops::Range<usize>, file: usize) -> RawBatch {
        let ids: StringArray = positions.map(|at| Some(at.to_string())).collect();
        let table = RecordBatch::try_from_iter(vec![("id", Arc::new(ids) as ArrayRef)]);
        RawBatch::of(table.expect("a batch"), ["a.csv", "b.csv"][file])
    }

    proptest! {
        #[test]
        fn they_are_the_first_of_all_when_sorted(
            levels in prop::collection::vec(0_u16..40, 1..6000),
            n in prop_oneof![Just(1), 2_usize..50, 50_usize..7000],
            block_rows in 1_usize..700,
            n_first_file in 0_usize..6000,
        ) {
            let probabilities: Vec<f64> = levels.iter().map(|own| f64::from(*own) / 40.0).collect();
            let mut riskiest = Riskiest::new(n);
            for begin in (0..probabilities.len()).step_by(block_rows) {
                let end = probabilities.len().min(begin + block_rows);
                let raw = block(begin..end, usize::from(begin >= n_first_file));
                let scores = probabilities[begin..end].iter().map(|own| score(*own)).collect();
                let candidates = Candidates::of(n, raw, scores, begin as u64).expect("taken");
                riskiest.offer(candidates).expect("offered");
            }
            let mut found = Vec::new();
            for (raw, scores) in riskiest.ranked().expect("ranked") {
                prop_assert_eq!(raw.n_records(), scores.len());
                let ids = raw.table.column(0).as_string::<i32>().clone();
                for (id, score) in ids.iter().flatten().zip(scores) {
                    found.push((score.probability, id.parse::<u64>().expect("a number")));
                }
            }
            let mut expected: Vec<(f64, u64)> = probabilities.into_iter().zip(0..).collect();
            expected.sort_by(by_risk);
            expected.truncate(n);
            prop_assert_eq!(found, expected);
        }
    }
}
