//! The batch pipeline: blocks in, scored blocks out, in order, whatever the number of threads.

use rayon::prelude::*;

use super::scorer::{Score, Scorer};
use crate::error::{ErrorKind, Result};
use crate::input::{Block, Input, Problem, RawBatch, Reject};
use crate::listing::{Mapping, ResolvedMapping};

/// A scorer joined to the columns of one input.
pub struct Pipeline<'a> {
    scorer: &'a Scorer,
    mapping: ResolvedMapping,
    pool: rayon::ThreadPool,
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
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|error| ErrorKind::Threads { detail: error.to_string() })?;
        Ok(Pipeline { scorer, mapping, pool })
    }

    /// The columns that were found.
    pub fn mapping(&self) -> &ResolvedMapping {
        &self.mapping
    }

    /// Scores the rest of the input and hands each block to `sink`, in order.
    ///
    /// # Errors
    /// Those of reading, and those of `sink`.
    pub fn run(
        &self,
        input: &mut Input,
        mut sink: impl FnMut(ScoredBlock) -> Result<()>,
    ) -> Result<Account> {
        let mut account = Account::default();
        loop {
            let mut blocks: Vec<Block> = Vec::new();
            while blocks.len() < self.pool.current_num_threads() {
                match input.next_block()? {
                    Some(block) => blocks.push(block),
                    None => break,
                }
            }
            if blocks.is_empty() {
                return Ok(account);
            }
            let scored: Vec<Result<ScoredBlock>> = self
                .pool
                .install(|| blocks.into_par_iter().map(|block| self.score(block)).collect());
            for block in scored {
                let block = block?;
                account.add(&block);
                sink(block)?;
            }
        }
    }

    fn score(&self, block: Block) -> Result<ScoredBlock> {
        let read = self.mapping.read(&block.batch)?;
        let mut problems = block.problems;
        problems.extend(read.problems);
        Ok(ScoredBlock {
            scores: self.scorer.score_batch(&read.listings),
            raw: block.batch,
            problems,
            rejects: block.rejects,
        })
    }
}

impl Account {
    fn add(&mut self, block: &ScoredBlock) {
        let (n_scored, n_rejected) = (block.scores.len() as u64, block.rejects.len() as u64);
        self.n_read += n_scored + n_rejected;
        self.n_scored += n_scored;
        self.n_rejected += n_rejected;
        self.n_flagged += block.scores.iter().filter(|score| score.flagged).count() as u64;
        self.n_problems += block.problems.len() as u64;
    }
}
