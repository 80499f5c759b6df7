//! Finding many words at once, each whole or as the beginning of a word.

use aho_corasick::AhoCorasick;

use crate::error::{ErrorKind, Location, Result};
use crate::text::{folded_string, is_word_bound};

/// Finds words in a folded text, all in one pass.
#[derive(Debug)]
pub(crate) struct WordFinder {
    automaton: AhoCorasick,
    /// For each word, whether it may go on.
    open: Vec<bool>,
}

/// A word that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FoundWord {
    /// Its place in the list that the finder was made of.
    pub(crate) word: usize,
    /// Where it begins, in bytes of the folded text.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
}

impl WordFinder {
    /// A finder of words as tables write them: not yet folded, with `*` behind a word that may go
    /// on. `name` is the table, for errors.
    ///
    /// # Errors
    /// [`ErrorKind::Lexicon`] if the words are too many for an automaton.
    pub(crate) fn new<'a>(
        name: &str,
        words: impl IntoIterator<Item = &'a str>,
    ) -> Result<WordFinder> {
        let (spellings, open): (Vec<String>, Vec<bool>) = words
            .into_iter()
            .map(|word| (folded_string(word.trim_end_matches('*')), word.ends_with('*')))
            .unzip();
        let automaton = AhoCorasick::new(&spellings).map_err(|error| ErrorKind::Lexicon {
            location: Location::file(name),
            problem: error.to_string(),
        })?;
        Ok(WordFinder { automaton, open })
    }

    /// The words in a folded text, by where they end. Words may overlap.
    pub(crate) fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = FoundWord> + 'a {
        self.automaton.find_overlapping_iter(text).filter_map(move |found| {
            let (word, start, end) = (found.pattern().as_usize(), found.start(), found.end());
            let open = self.open.get(word).copied().unwrap_or_default();
            is_whole_word(text, start, end, open).then_some(FoundWord { word, start, end })
        })
    }
}

/// The words of a field of a table, in which `|` stands between them.
pub(crate) fn words_of(field: &str) -> impl Iterator<Item = &str> {
    field.split('|').filter(|word| !word.trim().is_empty())
}

/// Whether a stretch of text is a word, or with `open` the beginning of one.
pub(crate) fn is_whole_word(text: &str, start: usize, end: usize, open: bool) -> bool {
    let first = text[start..end].chars().next();
    let last = text[start..end].chars().next_back();
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    let cut_before = first.is_some_and(is_word_bound) && before.is_some_and(is_word_bound);
    let cut_after = !open && last.is_some_and(is_word_bound) && after.is_some_and(is_word_bound);
    !(cut_before || cut_after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_or_as_beginnings() {
        let finder = WordFinder::new("w.csv", words_of("Bag|shoe*||  |包")).unwrap();
        let found: Vec<_> = finder.find("bagel bag shoehorn horseshoe 包包").collect();
        let at = |word, start, end| FoundWord { word, start, end };
        assert_eq!(found, [at(0, 6, 9), at(1, 10, 14), at(2, 29, 32), at(2, 32, 35)]);
    }
}
