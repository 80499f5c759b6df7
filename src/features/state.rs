//! What is learned from training listings without looking at their labels.

use super::prepared::Prepared;
use super::prices::PriceReference;
use super::vocabulary::BrandVocabulary;

/// The fitted state of the signals. Never learned from the batch that is scored.
#[derive(Clone, Debug, Default)]
pub(crate) struct FittedState {
    pub(crate) prices: PriceReference,
    pub(crate) brands: BrandVocabulary,
}

impl FittedState {
    /// Learns the state from the listings at `rows`.
    pub(crate) fn fit(prepared: &Prepared<'_>, rows: &[usize]) -> FittedState {
        FittedState {
            prices: PriceReference::fit(prepared, rows),
            brands: BrandVocabulary::fit(prepared, rows),
        }
    }
}
