//! A review budget met exactly: the riskiest N of a whole input, ties broken by their order.

use crate::model::Budget;

/// Where a budget cuts the ranking of all listings of an input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BudgetCut {
    /// Probability and position of the last listing that is flagged; `None` when none is.
    last: Option<(f64, u64)>,
}

impl BudgetCut {
    /// The cut for the probabilities of all listings in the order of the input. Of listings with
    /// the same probability those that come first are flagged.
    pub fn new(probabilities: &[f64], budget: Budget) -> BudgetCut {
        let n = budget.of(probabilities.len() as u64) as usize;
        let mut ranked: Vec<(f64, u64)> =
            probabilities.iter().enumerate().map(|(at, p)| (*p, at as u64)).collect();
        let before = |a: &(f64, u64), b: &(f64, u64)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        let last = n.checked_sub(1).filter(|last| *last < ranked.len()).map(|last| {
            let (_, cut, _) = ranked.select_nth_unstable_by(last, before);
            *cut
        });
        BudgetCut { last }
    }

    /// The cut behind a listing of this probability and position.
    pub(super) fn behind(probability: f64, position: u64) -> BudgetCut {
        BudgetCut { last: Some((probability, position)) }
    }

    /// The cut before all listings.
    pub(super) fn nothing() -> BudgetCut {
        BudgetCut { last: None }
    }

    /// Whether the listing at this position (from 0) of the input is within the budget.
    pub fn flags(self, probability: f64, position: u64) -> bool {
        self.last.is_some_and(|(cut, last)| {
            probability > cut || (probability == cut && position <= last)
        })
    }

    /// The lowest probability that is flagged; `None` when nothing is.
    pub fn threshold(self) -> Option<f64> {
        self.last.map(|(cut, _)| cut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ties_at_the_cut_go_to_the_first() {
        let scores = [0.2, 0.9, 0.5, 0.5, 0.5];
        let cut = BudgetCut::new(&scores, Budget::Count(3));
        let flagged: Vec<bool> =
            scores.iter().enumerate().map(|(at, p)| cut.flags(*p, at as u64)).collect();
        assert_eq!(flagged, [false, true, true, true, false]);
        assert_eq!(cut.threshold(), Some(0.5));
    }

    #[test]
    fn nothing_is_flagged_of_nothing() {
        assert_eq!(BudgetCut::new(&[], Budget::Count(3)).threshold(), None);
    }

    proptest! {
        #[test]
        fn exactly_the_budget_is_flagged_and_no_better_listing_is_passed(
            scores in prop::collection::vec(0_u8..5, 1..60),
            count in 1_u64..70,
        ) {
            let scores: Vec<f64> = scores.into_iter().map(|s| f64::from(s) / 5.0).collect();
            let cut = BudgetCut::new(&scores, Budget::Count(count));
            let flagged: Vec<bool> =
                scores.iter().enumerate().map(|(at, p)| cut.flags(*p, at as u64)).collect();
            let n = flagged.iter().filter(|own| **own).count() as u64;
            prop_assert_eq!(n, count.min(scores.len() as u64));
            for (a, own) in scores.iter().zip(&flagged) {
                for (b, other) in scores.iter().zip(&flagged) {
                    prop_assert!(!(*own && !other && a < b));
                }
            }
        }
    }
}
