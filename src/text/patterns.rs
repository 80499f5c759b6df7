//! Many patterns found in one pass over a folded text.

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError};

/// Patterns to be found wherever they stand, overlapping or not.
///
/// Most texts are ASCII once folded, and most patterns are not: the ASCII patterns have a table of all
/// transitions of their own, which is several times faster than what all patterns together can have in
/// bounded memory, and finds the same in such a text.
#[derive(Debug)]
pub(crate) struct Patterns {
    all: AhoCorasick,
    ascii: AhoCorasick,
    /// Of each ASCII pattern, its place among all.
    places: Vec<usize>,
}

/// A pattern that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FoundPattern {
    /// Its place in the list that the patterns were made of.
    pub(crate) pattern: usize,
    /// Where it begins, in bytes of the text.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
}

impl Patterns {
    /// The patterns of a list.
    ///
    /// # Errors
    /// Where they are too many for an automaton.
    pub(crate) fn new(spellings: &[String]) -> Result<Patterns, BuildError> {
        let is_ascii = |(_, own): &(usize, &String)| own.is_ascii();
        let (places, ascii): (Vec<usize>, Vec<&String>) =
            spellings.iter().enumerate().filter(is_ascii).unzip();
        Ok(Patterns {
            all: AhoCorasick::new(spellings)?,
            ascii: AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(ascii)?,
            places,
        })
    }

    /// All that is found in a text, by where it ends.
    pub(crate) fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = FoundPattern> + 'a {
        let (automaton, places) =
            if text.is_ascii() { (&self.ascii, Some(&self.places)) } else { (&self.all, None) };
        automaton.find_overlapping_iter(text).map(move |found| {
            let own = found.pattern().as_usize();
            FoundPattern {
                pattern: places.map_or(own, |places| places[own]),
                start: found.start(),
                end: found.end(),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// An ASCII text behind a letter that is not ASCII is searched for all patterns: what is found is
        /// the same, moved by the letter.
        #[test]
        fn ascii_texts_are_searched_like_others(
            spellings in prop::collection::vec("[abé -]{1,3}", 1..12),
            text in "[ab -]{0,20}",
        ) {
            let patterns = Patterns::new(&spellings).unwrap();
            let short: Vec<FoundPattern> = patterns.find(&text).collect();
            let moved = format!("ж{text}");
            let long: Vec<FoundPattern> = patterns
                .find(&moved)
                .map(|own| FoundPattern { start: own.start - 2, end: own.end - 2, ..own })
                .collect();
            prop_assert_eq!(short, long);
        }
    }
}
