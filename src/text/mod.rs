//! Text made comparable: one folding for listings, lexicons and brand names alike.

mod characters;
mod fold;
mod tags;

pub use fold::{Folded, fold};

/// The folded form of a text.
pub(crate) fn folded_string(text: &str) -> String {
    fold(text).as_str().to_owned()
}
