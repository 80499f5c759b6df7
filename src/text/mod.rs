//! Text made comparable: one folding for listings, lexicons and brand names alike.

mod characters;
mod disguise;
mod fold;
mod restore;
mod skeleton;
mod tags;
mod tokens;
mod vocabulary;

pub(crate) use characters::{is_alphanumeric, is_word_bound};
pub use disguise::{Disguise, DisguiseSet, Undone};
pub(crate) use fold::Ways;
pub use fold::{Folded, fold};
pub use restore::disguises_of_folding;
pub(crate) use tokens::each_term;
pub use vocabulary::Vocabulary;

/// The folded form of a text.
pub(crate) fn folded_string(text: &str) -> String {
    fold(text).as_str().to_owned()
}
