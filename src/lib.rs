//! Scores marketplace listings for counterfeit risk, and says why.
//!
//! ```
//! use pinchbeck::{Listing, Model, Scorer};
//!
//! let scorer = Scorer::new(Model::embedded()?)?;
//! let listing = Listing {
//!     seller_age_days: Some(6.0),
//!     ..Listing::new("A-17", "Leather bag, 1:1 replica, mirror quality")
//! };
//! let score = scorer.score_listing(&listing);
//! assert!(score.reasons[0].evidence.starts_with("says “"));
//! # Ok::<(), pinchbeck::Error>(())
//! ```
//!
//! Data flows one way: [`input`] reads files, [`listing`] makes listings of their records,
//! [`features`] turns listings into numbers, [`model`] holds what was learned, [`scoring`] scores
//! and explains, [`report`] writes. With the feature `train`, [`evaluation`] judges, [`training`]
//! learns and [`simulate`] makes a marketplace with known truth to try it all on.
//!
//! The library never prints, never exits and does not panic on foreign bytes. Scoring one listing
//! is scoring a batch of one; a listing's score depends on the listing and the model alone.
#![forbid(unsafe_code)]

mod artifact;
pub mod brands;
pub mod check;
mod digest;
pub mod enrich;
pub mod error;
#[cfg(feature = "train")]
pub mod evaluation;
#[cfg_attr(
    not(feature = "train"),
    expect(dead_code, unused_imports, reason = "features are fitted where training is built")
)]
pub mod features;
pub mod input;
pub mod lexicon;
pub mod listing;
pub mod lists;
pub mod model;
mod reference_file;
pub mod report;
pub mod scoring;
#[cfg(feature = "train")]
pub mod simulate;
pub mod text;
#[cfg(feature = "train")]
pub mod training;

pub use artifact::FORMAT_VERSION;
pub use error::{Error, ErrorKind, Location, Result};
pub use features::{Knowledge, SIGNALS, Signal, SignalDoc};
pub use input::{Format, Input, ReadOptions};
pub use listing::{Column, Listing, ListingBatch, Mapping};
pub use model::Model;
pub use scoring::{Explanation, RiskBand, Score, ScoreSettings, Scorer};
