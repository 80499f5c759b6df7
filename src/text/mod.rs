//! Text made comparable: one folding for listings, lexicons and brand names alike.

mod bits;
mod characters;
mod disguise;
mod finder;
mod fold;
mod hashed;
mod index;
mod restore;
mod skeleton;
mod tags;
mod tokens;
mod vocabulary;

pub(crate) use bits::Bits;
pub(crate) use characters::is_alphanumeric;
pub use disguise::{Disguise, DisguiseSet, Undone};
pub(crate) use finder::{Finder, Found, is_whole_word};
pub(crate) use fold::Ways;
pub use fold::{Folded, fold};
pub(crate) use hashed::{ByHash, KnownMap, hash_of};
pub(crate) use index::IndexedWord;
pub use restore::disguises_of_folding;
pub(crate) use tokens::{Term, TermNumbers, each_term};
pub use vocabulary::Vocabulary;

/// The folded form of a text.
pub(crate) fn folded_string(text: &str) -> String {
    fold(text).as_str().to_owned()
}
