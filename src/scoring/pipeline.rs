//! The batch pipeline: blocks in, scored blocks out, in order, whatever the number of threads.

use std::ops::AddAssign;
use std::thread;

use super::in_order::in_order;
use super::scorer::{Score, Scorer};
use crate::error::Result;
use crate::input::{Block, Input, Problem, RawBatch, Reject};
use crate::listing::{Mapping, ResolvedMapping};

/// A scorer joined to the columns of one input.
pub struct Pipeline<'a> {
    scorer: &'a Scorer,
    mapping: ResolvedMapping,
    n_threads: usize,
}

/// A block of records with the score of each.
#[derive(Debug)]
pub struct ScoredBlock {
    /// The records as they stand in the file.
    pub raw: RawBatch,
    /// A score for each record.
    pub scores: Vec<Score>,
    /// The cells that could not be read; they are missing for the model.
    pub problems: Vec<Problem>,
    /// The records that could not be read; they are not among `raw`.
    pub rejects: Vec<Reject>,
    /// How many records of the input that could be read stand before these.
    pub n_before: u64,
    /// How much of the input was read when these had been, 0 to 1, where that can be told.
    pub share_read: Option<f64>,
}

/// What became of the records of an input: read = scored + rejected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Records that were read.
    pub n_read: u64,
    /// Records that were scored.
    pub n_scored: u64,
    /// Records that could not be read.
    pub n_rejected: u64,
    /// Scored records that were flagged.
    pub n_flagged: u64,
    /// Cells that could not be read.
    pub n_problems: u64,
}

impl<'a> Pipeline<'a> {
    /// Joins a scorer to an input. `threads` of 0 means one a core.
    ///
    /// # Errors
    /// A column that the model or the scoring needs is not there.
    pub fn new(
        scorer: &'a Scorer,
        input: &Input,
        mapping: &Mapping,
        threads: usize,
    ) -> Result<Pipeline<'a>> {
        let mapping = scorer.resolve_input(mapping, input)?;
        let n_threads = match threads {
            0 => thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        Ok(Pipeline { scorer, mapping, n_threads })
    }

    /// The columns that were found.
    pub fn mapping(&self) -> &ResolvedMapping {
        &self.mapping
    }

    /// Scores the rest of the input and hands each block to `sink`, in order.
    ///
    /// # Errors
    /// As [`Pipeline::run_with`].
    pub fn run(
        &self,
        input: &mut Input,
        sink: impl FnMut(ScoredBlock) -> Result<()> + Send,
    ) -> Result<Account> {
        self.run_with(input, Ok, sink)
    }

    /// Scores the rest of the input, does `work` on each scored block, on several threads at once, and
    /// hands what came of it to `sink`, in order. Little more is held than one block a thread.
    ///
    /// # Errors
    /// The first error in the order of the input, of reading, `work` or `sink`; all before it went to
    /// `sink`.
    pub fn run_with<T: Send>(
        &self,
        input: &mut Input,
        work: impl Fn(ScoredBlock) -> Result<T> + Sync,
        mut sink: impl FnMut(T) -> Result<()> + Send,
    ) -> Result<Account> {
        let mut account = Account::default();
        let mut n_before = 0;
        in_order(
            self.n_threads,
            || {
                let block = input.next_block()?;
                Ok(block.map(|block| {
                    let own = Placed { n_before, share_read: input.share_read(), block };
                    n_before += own.block.batch.n_records() as u64;
                    own
                }))
            },
            |placed| {
                let scored = self.score(placed)?;
                Ok((Account::of(&scored), work(scored)?))
            },
            |(own, worked)| {
                account += own;
                sink(worked)
            },
        )?;
        Ok(account)
    }

    fn score(&self, placed: Placed) -> Result<ScoredBlock> {
        let Placed { block, n_before, share_read } = placed;
        let read = self.mapping.read(&block.batch)?;
        let mut problems = block.problems;
        problems.extend(read.problems);
        // In the order of the records, so that a list of them does not hang on the size of blocks.
        problems.sort_by_key(|problem| problem.location.record);
        Ok(ScoredBlock {
            scores: self.scorer.score_batch(&read.listings),
            raw: block.batch,
            problems,
            rejects: block.rejects,
            n_before,
            share_read,
        })
    }
}

/// A block, and where in the input it stands.
struct Placed {
    block: Block,
    n_before: u64,
    share_read: Option<f64>,
}

impl Account {
    fn of(block: &ScoredBlock) -> Account {
        let (n_scored, n_rejected) = (block.scores.len() as u64, block.rejects.len() as u64);
        Account {
            n_read: n_scored + n_rejected,
            n_scored,
            n_rejected,
            n_flagged: block.scores.iter().filter(|score| score.flagged).count() as u64,
            n_problems: block.problems.len() as u64,
        }
    }
}

impl AddAssign for Account {
    fn add_assign(&mut self, other: Account) {
        self.n_read += other.n_read;
        self.n_scored += other.n_scored;
        self.n_rejected += other.n_rejected;
        self.n_flagged += other.n_flagged;
        self.n_problems += other.n_problems;
    }
}
