//! From a model and listings to probabilities, bands, flags and reasons.

mod budget;
mod explain;
mod in_order;
mod pipeline;
mod provenance;
mod ranking;
mod riskiest;
mod scorer;

pub use budget::BudgetCut;
pub use explain::{Contribution, Explanation};
pub use pipeline::{Account, Pipeline, ScoredBlock};
pub use provenance::Provenance;
pub use ranking::Ranking;
pub use riskiest::{Candidates, Riskiest};
pub(crate) use scorer::logistic;
pub use scorer::{RiskBand, Score, ScoreSettings, Scorer, WeightedReason};

pub use crate::lists::{ListKind, Lists, Membership};
pub use crate::model::{Budget, OperatingPoint, Policy, Threshold};
