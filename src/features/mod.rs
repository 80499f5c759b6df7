//! From listings to numbers: signals, the state they learn, and the encoders behind them.
//!
//! To add a signal: write one file in `signals/` and add one line to [`SIGNALS`].

mod encoders;
mod extractor;
mod findings;
mod knowledge;
mod matrix;
mod numbers;
mod places;
mod prepared;
mod price_list;
mod prices;
mod reason_codes;
mod signal;
mod signals;
mod spec;
mod state;
mod texts;
mod vocabulary;
mod weights;
mod words;

pub(crate) use encoders::{
    BinEncoder, CategoryEncoder, Encoder, Indicator, NumberEncoder, Scale, WordEncoder,
};
pub(crate) use extractor::{Extractor, FittedFeature};
pub use findings::{Finding, Findings, findings};
pub use knowledge::Knowledge;
pub(crate) use matrix::{BinMatrix, DenseMatrix, FeatureMatrix, SparseMatrix};
pub(crate) use prepared::{Prepared, Row};
pub use price_list::{ExchangeRates, PriceList};
pub(crate) use prices::{N_QUANTILES, PriceCell, PriceKey, PriceReference};
pub use reason_codes::{REASON_CODES, ReasonCode, ReasonGroup};
pub use signal::{ExpectedSign, Reason, Signal, SignalDoc};
pub use signals::SIGNALS;
pub(crate) use spec::{FeatureSource, FeatureSpec};
pub(crate) use state::FittedState;
pub(crate) use vocabulary::BrandVocabulary;
pub(crate) use weights::Weights;
pub(crate) use words::{WordField, Words};
