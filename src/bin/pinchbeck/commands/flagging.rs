//! Which scored listings are flagged, and the first of two readings that a review budget takes.

use pinchbeck::scoring::{Budget, BudgetCut, Lists, Pipeline, Ranking, ScoredBlock};
use pinchbeck::{Input, Result, Score};

use super::listed::ListTally;
use crate::progress::Progress;

/// What decides the flag of a listing on no list.
#[derive(Clone, Copy)]
pub(super) enum FlagRule {
    /// From this probability on.
    Threshold(f64),
    /// The riskiest of the input.
    Cut(BudgetCut),
}

/// What was flagged of a block.
pub(super) struct Flagged {
    pub(super) n_flagged: u64,
    pub(super) tally: ListTally,
}

impl FlagRule {
    /// The cut of a review budget through a whole input.
    pub(super) fn of_budget(
        budget: Budget,
        pipeline: &Pipeline<'_>,
        input: &mut Input,
        is_quiet: bool,
    ) -> Result<FlagRule> {
        let mut ranking = Ranking::new();
        let mut progress = Progress::new("first reading: ", is_quiet);
        pipeline.run_with(
            input,
            |block| {
                // What a list decides takes no place of the budget.
                let open = |own: &Score| own.ruled().is_none().then_some(own.probability);
                let probabilities: Vec<Option<f64>> = block.scores.iter().map(open).collect();
                Ok((probabilities, block.rejects.len(), block.share_read))
            },
            |(probabilities, n_rejects, share)| {
                progress.advance((probabilities.len() + n_rejects) as u64, share);
                probabilities.into_iter().try_for_each(|own| ranking.push(own))
            },
        )?;
        ranking.cut(budget).map(FlagRule::Cut)
    }

    /// The lowest probability that is flagged; `None` when none is.
    pub(super) fn lowest(self) -> Option<f64> {
        match self {
            FlagRule::Threshold(own) => Some(own),
            FlagRule::Cut(own) => own.threshold(),
        }
    }

    /// Flags the listings of a block by this rule and by lists.
    pub(super) fn flag(self, block: &mut ScoredBlock, lists: &Lists) -> Flagged {
        let mut own = Flagged { n_flagged: 0, tally: ListTally::new(lists) };
        for (position, score) in (block.n_before..).zip(&mut block.scores) {
            let by_score = match self {
                FlagRule::Threshold(threshold) => score.probability >= threshold,
                FlagRule::Cut(cut) => cut.flags(score.probability, position),
            };
            score.flag(by_score);
            own.tally.note(score, by_score);
            own.n_flagged += u64::from(score.flagged);
        }
        own
    }
}
