//! Finding thousands of words and phrases in a folded text at once, each whole or as the beginning of a
//! word.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use super::bits::CharacterBits;
use super::characters::is_word_bound;
use super::hashed::{NumbersByHash, hash_of};
use super::index::{AsciiSet, WordIndex};

/// The most bytes by which words that may go on are looked up.
const MAX_HEAD_BYTES: usize = 4;

/// Finds patterns: words and phrases in folded form.
///
/// A pattern that begins with a letter or digit of a script with spaces can only stand where a word of
/// the text begins, and is looked up by its first word. The others, of scripts without spaces and of
/// signs, are looked up by their first character, where the text has any like it.
#[derive(Debug)]
pub(crate) struct Finder {
    patterns: Vec<Pattern>,
    /// Patterns by their first word.
    by_word: NumbersByHash,
    /// Patterns of a single word that may go on, by their first bytes.
    by_head: NumbersByHash,
    /// How many bytes these are.
    head_lengths: Vec<usize>,
    /// Patterns that need not begin where a word does, by their first character.
    by_character: NumbersByHash,
    first_characters: CharacterBits,
    /// Those of ASCII among these.
    first_signs: AsciiSet,
    /// All patterns, for the long way.
    all: OnceLock<Option<AhoCorasick>>,
}

#[derive(Debug)]
struct Pattern {
    text: Box<str>,
    /// Whether the word that it ends with may go on.
    is_open: bool,
}

/// A pattern that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// Where it ends, in bytes of the folded text.
    pub(crate) end: usize,
    /// Where it begins.
    pub(crate) start: usize,
    /// Its place in the list that the finder was made of.
    pub(crate) pattern: usize,
}

impl Finder {
    /// A finder of folded patterns, each with whether its last word may go on. Nothing is found of an
    /// empty one.
    pub(crate) fn new(patterns: impl IntoIterator<Item = (Box<str>, bool)>) -> Finder {
        let patterns = patterns.into_iter().map(|(text, is_open)| Pattern { text, is_open });
        let patterns: Vec<Pattern> = patterns.collect();
        let [mut by_word, mut by_head, mut by_character] = [const { Vec::new() }; 3];
        let mut head_lengths = Vec::new();
        let (mut first_signs, mut first_characters) =
            (AsciiSet::default(), CharacterBits::default());
        for (number, pattern) in (0..).zip(&patterns) {
            let Some(first) = pattern.text.chars().next() else { continue };
            let text = pattern.text.as_bytes();
            let word = pattern.text.find(|c| !is_word_bound(c)).unwrap_or(text.len());
            if word == 0 {
                by_character.push((hash_of_character(first), number));
                first_characters.add(first.into());
                first_signs.add(first);
            } else if pattern.is_open && word == text.len() {
                let length = word.min(MAX_HEAD_BYTES);
                head_lengths.push(length);
                by_head.push((hash_of(&text[..length]), number));
            } else {
                by_word.push((hash_of(&text[..word]), number));
            }
        }
        head_lengths.sort_unstable();
        head_lengths.dedup();
        Finder {
            by_word: NumbersByHash::new(by_word),
            by_head: NumbersByHash::new(by_head),
            head_lengths,
            by_character: NumbersByHash::new(by_character),
            first_characters,
            first_signs,
            all: OnceLock::new(),
            patterns,
        }
    }

    /// Hands every place of every pattern in a folded text to `put`, in no order that matters; they may
    /// overlap. A text that is not indexed is searched the long way, with the same outcome.
    pub(crate) fn find(&self, text: &str, index: &WordIndex, mut put: impl FnMut(Found)) {
        if !index.is_made() {
            return self.find_the_long_way(text, put);
        }
        for word in index.words() {
            for &number in self.by_word.of(word.hash) {
                self.check(text, word.start, number, &mut put);
            }
            if self.by_head.is_empty() {
                continue;
            }
            let bytes = &text.as_bytes()[word.start..word.end];
            for head in self.head_lengths.iter().map_while(|length| bytes.get(..*length)) {
                for &number in self.by_head.of(hash_of(head)) {
                    self.check(text, word.start, number, &mut put);
                }
            }
        }
        self.find_between_words(text, index.beyond().iter().copied(), &mut put);
        if self.first_signs.overlaps(index.signs()) {
            let signs = text.char_indices().filter(|(_, c)| c.is_ascii());
            self.find_between_words(text, signs, &mut put);
        }
    }

    /// Finds the patterns that begin with one of these characters, each with where it stands.
    fn find_between_words(
        &self,
        text: &str,
        characters: impl Iterator<Item = (usize, char)>,
        put: &mut impl FnMut(Found),
    ) {
        for (at, c) in characters.filter(|(_, c)| self.first_characters.has((*c).into())) {
            for &number in self.by_character.of(hash_of_character(c)) {
                self.check(text, at, number, put);
            }
        }
    }

    /// By an automaton of all patterns.
    fn find_the_long_way(&self, text: &str, mut put: impl FnMut(Found)) {
        let texts = || self.patterns.iter().map(|own| &*own.text);
        let Some(automaton) = self.all.get_or_init(|| AhoCorasick::new(texts()).ok()) else {
            return self.find(text, &WordIndex::of(text), put);
        };
        for found in automaton.find_overlapping_iter(text).filter(|own| !own.is_empty()) {
            let number = found.pattern().as_u32();
            self.put_whole(text, found.start(), number, &mut put);
        }
    }

    /// Looks whether a pattern stands here.
    fn check(&self, text: &str, start: usize, number: u32, put: &mut impl FnMut(Found)) {
        if text[start..].starts_with(&*self.patterns[number as usize].text) {
            self.put_whole(text, start, number, put);
        }
    }

    /// Hands on a pattern that stands here, if it is whole.
    fn put_whole(&self, text: &str, start: usize, number: u32, put: &mut impl FnMut(Found)) {
        let pattern = &self.patterns[number as usize];
        let end = start + pattern.text.len();
        if is_whole_word(text, start, end, pattern.is_open) {
            put(Found { end, start, pattern: number as usize });
        }
    }
}

fn hash_of_character(c: char) -> u64 {
    hash_of(&u32::from(c).to_le_bytes())
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
    use proptest::prelude::*;

    use super::*;

    fn found(patterns: &[(&str, bool)], text: &str, index: &WordIndex) -> Vec<Found> {
        let patterns = patterns.iter().map(|(text, is_open)| ((*text).into(), *is_open));
        let finder = Finder::new(patterns);
        let mut found = Vec::new();
        finder.find(text, index, |own| found.push(own));
        found.sort_unstable();
        found
    }

    #[test]
    fn whole_words_and_beginnings_are_found() {
        let patterns = [
            ("bag", false),
            ("shoe", true),
            ("made in italy", false),
            ("包", false),
            ("a货", false),
        ];
        let text = "bags bag, shoehorn made in italy 超a货包";
        let own = found(&patterns, text, &WordIndex::of(text));
        let words: Vec<&str> = own.iter().map(|own| &text[own.start..own.end]).collect();
        assert_eq!(words, ["bag", "shoe", "made in italy", "a货", "包"]);
        assert_eq!(own[0].pattern, 0);
        assert_eq!(found(&[("", true), ("", false)], "a b", &WordIndex::of("a b")), []);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// A text that is not indexed is searched by an automaton of all patterns.
        #[test]
        fn both_ways_find_the_same(
            patterns in proptest::collection::vec(("[ab1:包ж -]{0,6}", any::<bool>()), 0..8),
            text in "[ab1:包ж -]{0,40}",
        ) {
            let patterns: Vec<(&str, bool)> =
                patterns.iter().map(|(own, is_open)| (own.as_str(), *is_open)).collect();
            let short = found(&patterns, &text, &WordIndex::of(&text));
            prop_assert_eq!(short, found(&patterns, &text, &WordIndex::default()));
        }
    }
}
