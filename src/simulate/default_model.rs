//! How the shipped default model is made: one market, one seed, one training.

use super::{Market, MarketSpec};
use crate::error::Result;
use crate::listing::ListingBatch;
use crate::training::{LabeledSet, Trained, TrainingParams};

/// The first paragraph of the default model's card.
pub const DEFAULT_MODEL_NOTE: &str = "A starting point, trained on simulated listings only: it shows what the program does and ranks an export without any labels, but its figures below say nothing about real listings. Its probabilities are not those of your marketplace. Label a few hundred listings of your own (pick them at random, not only the flagged ones) and run `pinchbeck train` on them; until then read the order and the reasons, not the probability, and set the flags by a review budget.";

/// Trains the default model: the same market and settings every time.
///
/// # Errors
/// None on a machine where the tests pass.
pub fn train_default_model() -> Result<Trained> {
    let market = MarketSpec { n_listings: 40_000, seed: 20_261, ..MarketSpec::default() }
        .check()?
        .simulate();
    // The words of simulated listings are an invention too: none are learned.
    let params = TrainingParams {
        note: DEFAULT_MODEL_NOTE.to_owned(),
        word_penalties: Vec::new(),
        ..TrainingParams::default()
    };
    params.check()?.fit_with(&market.labeled()?, &super::knowledge()?)
}

impl Market {
    /// The market's listings with their labels.
    ///
    /// # Errors
    /// A market so small that its labels do not differ.
    pub fn labeled(&self) -> Result<LabeledSet> {
        let labels = self.is_counterfeit.iter().map(|label| f64::from(*label)).collect();
        let listings = ListingBatch::from_listings(&self.listings).with_labels(labels);
        LabeledSet::new(listings, "simulated market", "label")
    }
}
