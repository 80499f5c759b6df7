//! What a text says by itself, whatever listing it stands in, found once for listings that share it.

use super::knowledge::Knowledge;
use super::words::{WordCount, WordField, Words};
use crate::lexicon::Hit;
use crate::text::{Folded, Undone, hash_of};

/// Longer texts are read anew each time, which bounds the memory that a memo takes.
const MAX_KEPT_BYTES: usize = 2048;

/// The most texts that a memo keeps.
const MAX_KEPT: usize = 256;

/// A text, folded, restored and searched.
#[derive(Debug, Default)]
pub(super) struct ReadText {
    pub(super) folded: Folded,
    /// The disguises that were undone.
    pub(super) undone: Vec<Undone>,
    /// All terms of the lexicons, which nobody has judged by the listing.
    pub(super) hits: Vec<Hit>,
    /// The terms that are learned from.
    pub(super) words: Vec<WordCount>,
}

impl ReadText {
    /// Reads a text that sellers write freely.
    pub(super) fn read(
        &mut self,
        text: &str,
        field: WordField,
        knowledge: &Knowledge,
        words: &mut Words<'_>,
    ) {
        self.restore(text, knowledge);
        words.count(field, &self.folded, &mut self.words);
    }

    /// Reads a text without a look at what is learned from.
    pub(super) fn restore(&mut self, text: &str, knowledge: &Knowledge) {
        knowledge.restore_into(&mut self.folded, &mut self.undone, text);
        knowledge.matcher().find(&self.folded, &mut self.hits);
    }

    /// Reads a name, which is folded and no more.
    pub(super) fn read_name(
        &mut self,
        text: &str,
        field: WordField,
        knowledge: &Knowledge,
        words: &mut Words<'_>,
    ) {
        knowledge.fold_into(&mut self.folded, text);
        words.count(field, &self.folded, &mut self.words);
    }
}

/// Texts of a field that were read already: many listings have the same brand, and a seller's listings
/// often the same description. What is kept hangs on the texts before, what comes out does not.
#[derive(Debug)]
pub(super) struct Memo {
    /// By their hashes, one at least; a text takes the place of another.
    kept: Vec<Kept>,
    other: ReadText,
}

#[derive(Debug, Default)]
struct Kept {
    /// The text as it was written, where there is one.
    written: Option<String>,
    read: ReadText,
}

impl Memo {
    /// A memo for so many listings.
    pub(super) fn new(n_listings: usize) -> Memo {
        let mut kept = Vec::new();
        kept.resize_with(n_listings.clamp(1, MAX_KEPT), Kept::default);
        Memo { kept, other: ReadText::default() }
    }

    /// What a text says, read by `read` unless it was read before.
    pub(super) fn get(&mut self, text: &str, read: impl FnOnce(&mut ReadText)) -> &ReadText {
        if text.len() > MAX_KEPT_BYTES {
            read(&mut self.other);
            return &self.other;
        }
        let place = hash_of(text.as_bytes()) as usize % self.kept.len();
        let kept = &mut self.kept[place];
        if kept.written.as_deref() != Some(text) {
            read(&mut kept.read);
            let written = kept.written.get_or_insert_default();
            written.clear();
            written.push_str(text);
        }
        &kept.read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every text is read as if it were the first, and one that was read last is not read again.
    #[test]
    fn a_text_is_read_once_and_as_if_alone() {
        let long = "bag ".repeat(600);
        let mut memo = Memo::new(2);
        let mut n_read = 0;
        for text in ["Bag", "Bag", "", "", "Shoe", "Bag", &long, &long, "Hat", "hat", "Hat"] {
            let read = memo.get(text, |own| {
                n_read += 1;
                own.folded.fold_into(text);
            });
            assert_eq!(read.folded.as_str(), crate::text::folded_string(text));
        }
        // Two places: of eleven texts the second Bag and the second empty one are known for sure, and
        // long ones never are.
        assert!((7..=9).contains(&n_read), "{n_read}");
    }
}
