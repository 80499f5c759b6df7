//! pinchbeck
#![forbid(unsafe_code)]
pub mod error;
mod input;
mod listing;
pub use error::*;
pub use listing::*;
