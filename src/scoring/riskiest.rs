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
    /// The best `n` of no listing yet.
    pub fn new(n: usize) -> Riskiest {
        Riskiest { n, kept: Vec::new(), n_kept: 0, floor: None }
    }

    /// Offers the records of a block with their scores; `n_before` stand before them in the input.
    /// Blocks are offered in the order of the input.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Format`] for columns of which no rows can be taken.
    pub fn offer(&mut self, raw: &RawBatch, scores: Vec<Score>, n_before: u64) -> Result<()> {
        let is_above = |score: &Score| self.floor.is_none_or(|floor| score.probability > floor);
        let rows: Vec<u32> =
            (0..).zip(&scores).filter(|(_, own)| is_above(own)).map(|(row, _)| row).collect();
        if rows.is_empty() || self.n == 0 {
            return Ok(());
        }
        let positions = rows.iter().map(|row| n_before + u64::from(*row)).collect();
        let raw = raw.take(&rows)?;
        let scores = scores.into_iter().filter(is_above).collect();
        self.n_kept += rows.len();
        self.kept.push(Kept { raw, positions, scores });
        // Half as many again may be held, so that few blocks make for going through all.
        if self.n_kept > self.n + self.n / 2 + BLOCK_ROWS { self.compact() } else { Ok(()) }
    }

    /// The listings in the order of their scores, in blocks.
    ///
    /// # Errors
    /// As [`Riskiest::offer`].
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
        let ranks = |own: &Kept| (0..own.scores.len()).filter_map(|row| own.rank(row)).collect();
        let mut all: Vec<(f64, u64)> =
            self.kept.iter().flat_map(|own| -> Vec<(f64, u64)> { ranks(own) }).collect();
        let mut kept = mem::take(&mut self.kept);
        if all.len() > self.n {
            let (_, last, _) = all.select_nth_unstable_by(self.n.saturating_sub(1), by_risk);
            self.floor = Some(last.0);
            for own in &mut kept {
                own.retain(*last)?;
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

impl Kept {
    fn rank(&self, row: usize) -> Option<(f64, u64)> {
        Some((self.scores.get(row)?.probability, *self.positions.get(row)?))
    }

    /// Keeps what does not come behind `last`.
    fn retain(&mut self, last: (f64, u64)) -> Result<()> {
        let is_kept = |rank: (f64, u64)| by_risk(&rank, &last) != Ordering::Greater;
        let rows: Vec<usize> =
            (0..self.scores.len()).filter(|&row| self.rank(row).is_some_and(is_kept)).collect();
        if rows.len() == self.scores.len() {
            return Ok(());
        }
        let numbers: Vec<u32> = rows.iter().map(|&row| row as u32).collect();
        self.raw = self.raw.take(&numbers)?;
        self.positions = rows.iter().filter_map(|&row| self.positions.get(row).copied()).collect();
        self.scores = rows.iter().filter_map(|&row| self.scores.get(row).cloned()).collect();
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
            n in prop_oneof![Just(0), Just(1), 2_usize..50, 50_usize..7000],
            block_rows in 1_usize..700,
            n_first_file in 0_usize..6000,
        ) {
            let probabilities: Vec<f64> = levels.iter().map(|own| f64::from(*own) / 40.0).collect();
            let mut riskiest = Riskiest::new(n);
            for begin in (0..probabilities.len()).step_by(block_rows) {
                let end = probabilities.len().min(begin + block_rows);
                let raw = block(begin..end, usize::from(begin >= n_first_file));
                let scores = probabilities[begin..end].iter().map(|own| score(*own)).collect();
                riskiest.offer(&raw, scores, begin as u64).expect("offered");
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
