//! Where the words of a folded text stand, found once for all that look for words in it.

use unicode_normalization::char::is_combining_mark;

use super::characters::{is_unspaced, is_word_bound};
use super::hashed::hash_of;

/// The words of a folded text, and what tells at once that other ways of writing are not in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct WordIndex {
    words: Vec<IndexedWord>,
    /// The characters of ASCII between words.
    signs: AsciiSet,
    /// The other characters between words, each with where it stands.
    beyond: Vec<(usize, char)>,
    is_made: bool,
    has_unspaced: bool,
    has_marks: bool,
}

/// A word: a run of letters and digits of scripts that put spaces between words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IndexedWord {
    /// Where it begins, in bytes of the folded text.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    /// [`hash_of`] it.
    pub(crate) hash: u64,
    /// Whether it is of the letters a to z alone.
    pub(crate) is_plain: bool,
    /// Whether a character stands twice in a row.
    pub(crate) has_run: bool,
}

impl IndexedWord {
    /// The word itself.
    pub(crate) fn of<'a>(&self, text: &'a str) -> &'a str {
        &text[self.start..self.end]
    }

    /// Its length in bytes.
    pub(crate) fn n_bytes(&self) -> usize {
        self.end - self.start
    }
}

/// A set of characters of ASCII.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct AsciiSet(u128);

impl AsciiSet {
    /// Adds a character; others are passed over.
    pub(crate) fn add(&mut self, c: char) {
        if c.is_ascii() {
            self.0 |= 1 << u32::from(c);
        }
    }

    /// Whether a character is in both.
    pub(crate) fn overlaps(self, other: AsciiSet) -> bool {
        self.0 & other.0 != 0
    }
}

/// Small letters of ASCII.
const SMALL: u8 = 1;

/// Digits of ASCII.
const DIGIT: u8 = 2;

/// Capitals of ASCII, which folded text does not have.
const CAPITAL: u8 = 4;

/// Bytes of characters beyond ASCII.
const BEYOND: u8 = 8;

/// What each byte may be in a word; 0 for what is in none.
const KINDS: [u8; 256] = {
    let mut kinds = [BEYOND; 256];
    let mut byte = 0;
    while byte < 128 {
        kinds[byte as usize] = match byte {
            b'a'..=b'z' => SMALL,
            b'0'..=b'9' => DIGIT,
            b'A'..=b'Z' => CAPITAL,
            _ => 0,
        };
        byte += 1;
    }
    kinds
};

impl WordIndex {
    /// The index of a text by itself.
    pub(crate) fn of(text: &str) -> WordIndex {
        let mut own = WordIndex::default();
        own.make(text);
        own
    }

    /// Whether a text was indexed.
    pub(crate) fn is_made(&self) -> bool {
        self.is_made
    }

    /// The words in their order.
    pub(crate) fn words(&self) -> &[IndexedWord] {
        &self.words
    }

    /// The characters of ASCII between words.
    pub(crate) fn signs(&self) -> AsciiSet {
        self.signs
    }

    /// The other characters between words, each with where it stands.
    pub(crate) fn beyond(&self) -> &[(usize, char)] {
        &self.beyond
    }

    /// Whether a character of a script without spaces is in the text.
    pub(crate) fn has_unspaced(&self) -> bool {
        self.has_unspaced
    }

    /// Whether a mark that joins the character before it is in the text.
    pub(crate) fn has_marks(&self) -> bool {
        self.has_marks
    }

    /// Forgets the text.
    pub(super) fn clear(&mut self) {
        let mut words = std::mem::take(&mut self.words);
        let mut beyond = std::mem::take(&mut self.beyond);
        words.clear();
        beyond.clear();
        *self = WordIndex { words, beyond, ..WordIndex::default() };
    }

    /// Indexes a text in place of the one before.
    pub(super) fn make(&mut self, text: &str) {
        self.clear();
        self.is_made = true;
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let kind = KINDS[usize::from(byte)];
            if kind & (SMALL | DIGIT | CAPITAL) != 0 {
                at = self.push_word(text, at);
            } else if kind == 0 {
                self.signs.add(char::from(byte));
                at += 1;
            } else {
                let Some(c) = text[at..].chars().next() else { break };
                if is_word_bound(c) {
                    at = self.push_word(text, at);
                } else {
                    self.note(c);
                    self.beyond.push((at, c));
                    at += c.len_utf8();
                }
            }
        }
    }

    /// Adds the word that begins here; returns where it ends.
    fn push_word(&mut self, text: &str, start: usize) -> usize {
        let bytes = text.as_bytes();
        let mut at = start;
        // The kinds of all characters.
        let mut kinds = 0;
        // No character of a word is zero.
        let (mut last, mut has_run) = (0, false);
        while let Some(&byte) = bytes.get(at) {
            let kind = KINDS[usize::from(byte)];
            let (code, length) = match kind {
                0 => break,
                BEYOND => {
                    let c = text[at..].chars().next().filter(|c| is_word_bound(*c));
                    let Some(c) = c else { break };
                    self.note(c);
                    (u32::from(c), c.len_utf8())
                }
                _ => (u32::from(byte), 1),
            };
            kinds |= kind;
            has_run |= code == last;
            last = code;
            at += length;
        }
        let is_plain = kinds == SMALL;
        let hash = hash_of(&bytes[start..at]);
        self.words.push(IndexedWord { start, end: at, hash, is_plain, has_run });
        at
    }

    /// Notes what a character beyond ASCII is.
    fn note(&mut self, c: char) {
        // Latin with marks and Cyrillic letters are neither.
        if !matches!(c, 'à'..='ÿ' | 'а'..='я') {
            self.has_unspaced |= is_unspaced(c);
            self.has_marks |= is_combining_mark(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<&str> {
        WordIndex::of(text).words().iter().map(|own| own.of(text)).collect()
    }

    #[test]
    fn words_stand_between_signs_and_scripts_without_spaces() {
        assert_eq!(words("new lv包 1:1, кожа!"), ["new", "lv", "1", "1", "кожа"]);
        assert_eq!(words(""), [""; 0]);
        let signs = |text| WordIndex::of(text).signs();
        assert!(signs("new bag!").overlaps(signs("!")));
        assert!(!signs("new bag!").overlaps(signs("?包")));
        assert_eq!(WordIndex::of("new 包。").beyond(), [(4, '包'), (7, '。')]);
        let index = WordIndex::of("包 ก็ e\u{301}");
        assert!(index.has_unspaced() && index.has_marks());
    }

    #[test]
    fn what_words_are_made_of_is_noted() {
        let text = "bag seller 1a 22 кожа йй";
        let index = WordIndex::of(text);
        let own: Vec<(bool, bool)> =
            index.words().iter().map(|own| (own.is_plain, own.has_run)).collect();
        let expected = [
            (true, false),
            (true, true),
            (false, false),
            (false, true),
            (false, false),
            (false, true),
        ];
        assert_eq!(own, expected);
    }

    proptest! {
        #[test]
        fn words_are_the_runs_of_their_characters(text in "[a-c1 !ж包é\u{301}ก]{0,40}") {
            let expected: Vec<&str> =
                text.split(|c| !is_word_bound(c)).filter(|word| !word.is_empty()).collect();
            prop_assert_eq!(words(&text), expected);
            let index = WordIndex::of(&text);
            prop_assert_eq!(index.has_unspaced(), text.chars().any(is_unspaced));
            prop_assert_eq!(index.has_marks(), text.chars().any(is_combining_mark));
        }
    }
}
