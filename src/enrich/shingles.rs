//! The pieces by which two texts are compared: runs of three words, or of four characters where a
//! script puts no blank between words.

use super::hash::{hash, hash_of};

/// Words in a piece.
const N_WORDS: usize = 3;

/// Characters in a piece of a script without blanks.
const N_CHARS: usize = 4;

/// A text of fewer words than this is compared as a whole only: "black leather bag" is no copy of
/// anything. Two characters of a script without blanks are about a word.
const LEAST_WORDS: usize = 5;

/// Buffers for the pieces of one text after the other.
#[derive(Debug, Default)]
pub(super) struct Shingles {
    word: String,
    words: Vec<u64>,
    chars: Vec<char>,
}

impl Shingles {
    /// Hands the hash of each piece of a folded text to `put`; false, and none, where the text is
    /// too short to be compared by its pieces.
    ///
    /// Digits are all one: prices, sizes and numbers of articles differ between copies of a text,
    /// and a run of digits reads as `0`. Punctuation does not count.
    pub(super) fn of(&mut self, folded: &str, mut put: impl FnMut(u64)) -> bool {
        self.words.clear();
        self.chars.clear();
        for c in folded.chars() {
            if is_unspaced(c) {
                self.end_word();
                if c.is_alphanumeric() {
                    self.chars.push(c);
                }
            } else if c.is_numeric() {
                if !self.word.ends_with('0') {
                    self.word.push('0');
                }
            } else if c.is_alphanumeric() {
                self.word.push(c);
            } else {
                self.end_word();
            }
        }
        self.end_word();
        if self.words.len() + self.chars.len() / 2 < LEAST_WORDS {
            return false;
        }
        if self.words.len() < N_WORDS {
            self.words.iter().for_each(|word| put(*word));
        }
        for window in self.words.windows(N_WORDS) {
            put(hash_of(array::<N_WORDS>(window.iter().copied())));
        }
        if self.chars.len() < N_CHARS {
            self.chars.iter().for_each(|c| put(hash_of([u64::from(*c)])));
        }
        for window in self.chars.windows(N_CHARS) {
            put(hash_of(array::<N_CHARS>(window.iter().map(|c| u64::from(*c)))));
        }
        true
    }

    fn end_word(&mut self) {
        if !self.word.is_empty() {
            self.words.push(hash(self.word.as_bytes()));
            self.word.clear();
        }
    }
}

/// The first values as an array.
fn array<const N: usize>(values: impl Iterator<Item = u64>) -> [u64; N] {
    let mut all = [0; N];
    all.iter_mut().zip(values).for_each(|(own, value)| *own = value);
    all
}

/// True for characters of the scripts that are written without blanks between words: Han, kana,
/// Thai, Lao, Burmese and Khmer.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn pieces(text: &str) -> BTreeSet<u64> {
        let mut found = BTreeSet::new();
        let is_long = Shingles::default().of(text, |piece| {
            found.insert(piece);
        });
        assert_eq!(is_long, !found.is_empty(), "{text}");
        found
    }

    #[test]
    fn words_make_pieces_of_three() {
        // a b c, b c d, c d e; punctuation and blanks do not count.
        assert_eq!(pieces("aa bb cc dd ee").len(), 3);
        assert_eq!(pieces("aa, bb - cc. dd ee!"), pieces("aa bb cc dd ee"));
        // One word exchanged at the end: two of four pieces are in both.
        let (one, other) = (pieces("aa bb cc dd ee"), pieces("aa bb cc dd ff"));
        assert_eq!((one.intersection(&other).count(), one.union(&other).count()), (2, 4));
    }

    #[test]
    fn scripts_without_blanks_make_pieces_of_four_characters() {
        // Ten characters: seven windows of four.
        assert_eq!(pieces("高品质真皮手提包现货").len(), 7);
        assert!(!pieces("กระเป๋าหนังแท้สีดำ").is_empty());
        // A brand among them is words: two words are two pieces beside the seven.
        assert_eq!(pieces("velmora 高品质真皮 bag 手提包现货").len(), 7 + 2);
    }

    #[test]
    fn digits_are_all_one() {
        assert_eq!(pieces("shoe size 42 only 19.99 eur"), pieces("shoe size 7 only 150.5 eur"));
        assert_ne!(pieces("shoe size 42 only new eur"), pieces("shoe size xl only new eur"));
        assert_eq!(pieces("card rtx3080 in a box"), pieces("card rtx4090 in a box"));
    }

    #[test]
    fn short_texts_have_no_pieces() {
        assert!(pieces("black leather bag new").is_empty());
        assert!(pieces("真皮手提包现货黑").is_empty());
        assert!(pieces("").is_empty());
    }
}
