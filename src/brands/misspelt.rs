//! Brands that are misspelt by one letter: left out, put in, changed, or two exchanged.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Shorter names are one letter away from too many real words.
const MIN_CHARS: usize = 5;

/// Real words that are one letter away from a brand.
static REAL_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("real_words.txt").lines().filter(|line| !line.starts_with('#')).collect()
});

/// Names by what is left of them when one letter is left out, so that a misspelt name is found
/// without a look at all names (Garbe's symmetric deletion).
#[derive(Clone, Debug, Default)]
pub(super) struct Misspelt {
    names: Vec<(Box<str>, usize)>,
    by_rest: HashMap<u64, Vec<u32>>,
}

impl Misspelt {
    /// Adds a folded name of a brand. Only single words of letters take part.
    pub(super) fn add(&mut self, name: &str, brand: usize) {
        let n_chars = name.chars().count();
        if n_chars < MIN_CHARS || !name.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return;
        }
        let index = self.names.len() as u32;
        self.names.push((name.into(), brand));
        for rest in rests(name) {
            let found = self.by_rest.entry(rest).or_default();
            if !found.contains(&index) {
                found.push(index);
            }
        }
    }

    /// The brand that a folded word is one letter away from; `None` for a brand's own name, for a
    /// real word, and for one that could be two brands.
    pub(super) fn brand(&self, word: &str) -> Option<usize> {
        let is_plain = word.bytes().all(|byte| byte.is_ascii_lowercase());
        if !is_plain || !(MIN_CHARS..32).contains(&word.len()) || REAL_WORDS.contains(word) {
            return None;
        }
        let mut found: Option<usize> = None;
        for rest in rests(word) {
            for &index in self.by_rest.get(&rest).map_or(&[][..], Vec::as_slice) {
                let (name, brand) = &self.names[index as usize];
                if **name == *word {
                    return None;
                }
                // Who alters a name keeps its first letter, as that is what people see.
                let is_near = name.as_bytes().first() == word.as_bytes().first()
                    && is_one_edit(name.as_bytes(), word.as_bytes());
                if is_near {
                    if found.is_some_and(|other| other != *brand) {
                        return None;
                    }
                    found = Some(*brand);
                }
            }
        }
        found
    }
}

/// Hashes of a word and of what is left of it without one of its letters.
fn rests(word: &str) -> impl Iterator<Item = u64> {
    let bytes = word.as_bytes();
    (0..=bytes.len()).map(move |left_out| {
        let kept = bytes.iter().enumerate().filter(move |(at, _)| *at != left_out);
        kept.fold(0xcbf2_9ce4_8422_2325, |hash: u64, (_, byte)| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        })
    })
}

/// Whether one insertion, deletion, change or exchange of neighbors makes one of the other
/// (Damerau's distance 1).
fn is_one_edit(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([], []) => false,
        ([one, two, rest @ ..], [first, second, other @ ..])
            if one == second && two == first && rest == other =>
        {
            true
        }
        ([_, rest @ ..], [_, other @ ..]) if rest == other => true,
        ([_, rest @ ..], other) if rest == other => true,
        (rest, [_, other @ ..]) if rest == other => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brand(word: &str) -> Option<usize> {
        let mut misspelt = Misspelt::default();
        for (brand, name) in ["chanel", "gucci", "adidas", "puma", "coach"].into_iter().enumerate()
        {
            misspelt.add(name, brand);
        }
        misspelt.brand(word)
    }

    #[test]
    fn one_letter_makes_a_misspelt_brand() {
        for (word, expected) in [
            ("chaanel", Some(0)),
            ("chnel", Some(0)),
            ("guccy", Some(1)),
            ("gucic", Some(1)),
            ("adidos", Some(2)),
            ("abidas", Some(2)),
            ("chanel", None),
            ("channel", None),
            ("couch", None),
            ("pumaa", None),
            ("hanel", None),
            ("abibos", None),
        ] {
            assert_eq!(brand(word), expected, "{word}");
        }
    }

    #[test]
    fn edits_are_counted_as_damerau_does() {
        for (a, b, expected) in [
            ("ab", "ba", true),
            ("abc", "ac", true),
            ("abc", "abcd", true),
            ("abc", "axc", true),
            ("abc", "abc", false),
            ("abcd", "badc", false),
            ("", "a", true),
        ] {
            assert_eq!(is_one_edit(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
        }
    }
}
