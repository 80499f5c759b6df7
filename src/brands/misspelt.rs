//! Brands that are misspelt by one letter a word: left out, put in, changed, or two exchanged; of names of
//! four letters only two exchanged, or i for l.

use std::collections::HashSet;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::text::{Bits, ByHash, IndexedWord, KnownMap, is_alphanumeric};

/// Shorter names are one letter away from too many real words.
const MIN_CHARS: usize = 5;

/// Shorter names are not looked for under a wrong letter and a repeated one.
const MIN_TWICE_CHARS: usize = 6;

/// How many letters the names have of which only some changes count.
const SHORT_CHARS: usize = 4;

/// Shorter words of a name of several words must be as they are.
const MIN_WORD_CHARS: usize = 4;

/// So many bits that of 8,000 hashes, as a thousand names have, 3 % of all others are let through.
const N_REST_BITS: usize = 1 << 18;

/// Real words that are one letter away from a brand.
static REAL_WORDS: LazyLock<HashSet<&str, FixedState>> = LazyLock::new(|| {
    include_str!("real_words.txt").lines().filter(|line| !line.starts_with('#')).collect()
});

/// Names by what is left of them when one letter is left out, so that a misspelt name is found
/// without a look at all names (Garbe's symmetric deletion).
#[derive(Clone, Debug, Default)]
pub(super) struct Misspelt {
    names: Vec<(Box<str>, usize)>,
    by_rest: ByHash<Vec<u32>>,
    /// Names of several words, found by the longest of them.
    phrases: Vec<Phrase>,
    phrase_by_rest: ByHash<Vec<u32>>,
    /// Names of [`MIN_TWICE_CHARS`] letters and more without repeated letters, as they are in
    /// `by_collapsed`.
    collapsed: Vec<(String, usize)>,
    by_collapsed: ByHash<Vec<u32>>,
    /// The misspelt forms of names of four letters.
    short: KnownMap<String, usize>,
    /// Which hashes are in any of the tables by what is left.
    any_rest: Bits<N_REST_BITS>,
}

/// A name of several words.
#[derive(Clone, Debug)]
struct Phrase {
    words: Vec<Box<str>>,
    /// Which of the words is the longest.
    longest: usize,
    brand: usize,
}

impl Misspelt {
    /// Adds a folded name of four letters with two of them exchanged or an i for an l, which counts only
    /// for goods of the brand: in so few letters any other change makes too many words.
    pub(super) fn add_short(&mut self, name: &str, brand: usize) {
        let is_plain = name.bytes().all(|byte| byte.is_ascii_lowercase());
        if name.len() != SHORT_CHARS || !is_plain {
            return;
        }
        for at in 1..SHORT_CHARS {
            let mut letters = name.as_bytes().to_vec();
            letters[at] = match letters[at] {
                b'i' => b'l',
                b'l' => b'i',
                other => other,
            };
            self.add_short_form(name, &letters, brand);
            let mut letters = name.as_bytes().to_vec();
            if at + 1 < SHORT_CHARS {
                letters.swap(at, at + 1);
            }
            self.add_short_form(name, &letters, brand);
        }
    }

    fn add_short_form(&mut self, name: &str, letters: &[u8], brand: usize) {
        let form: String = letters.iter().map(|byte| char::from(*byte)).collect();
        if form != name && !REAL_WORDS.contains(form.as_str()) {
            self.short.entry(form).or_insert(brand);
        }
    }

    /// The brand that a folded word with a letter too many times is one further letter away from, as
    /// `addidaz` is. So much counts only for goods of the brand.
    pub(super) fn brand_with_repeats(&self, word: &str) -> Option<usize> {
        let is_plain = word.bytes().all(|byte| byte.is_ascii_lowercase());
        if !is_plain || !(MIN_TWICE_CHARS..32).contains(&word.len()) {
            return None;
        }
        let form = without_repeats(word);
        let singular = word.strip_suffix('s').unwrap_or(word);
        let is_real = [word, singular, &form].into_iter().any(|own| REAL_WORDS.contains(own));
        if form.len() == word.len() || is_real {
            return None;
        }
        let mut found = rests(&form).filter_map(|rest| self.by_collapsed.get(&rest)).flatten();
        let near = found.find_map(|&index| {
            let (name, brand) = &self.collapsed[index as usize];
            let is_near = name.as_bytes().first() == form.as_bytes().first()
                && is_one_edit(name.as_bytes(), form.as_bytes());
            is_near.then_some(*brand)
        });
        near.filter(|brand| !self.names.iter().any(|(name, own)| own == brand && **name == *word))
    }

    /// The brand of four letters that a folded word misspells.
    pub(super) fn short_brand(&self, word: &str) -> Option<usize> {
        self.short.get(word).copied()
    }

    /// Makes ready what tells most words at once. Names may be added no more.
    pub(super) fn settle(&mut self) {
        let tables = [&self.by_rest, &self.phrase_by_rest, &self.by_collapsed];
        for rest in tables.into_iter().flat_map(ByHash::keys) {
            self.any_rest.add(*rest);
        }
    }

    /// False for a word of which neither [`Misspelt::brand`], [`Misspelt::phrase`], [`Misspelt::short_brand`]
    /// nor [`Misspelt::brand_with_repeats`] finds anything.
    pub(super) fn may_be_near(&self, text: &str, own: &IndexedWord) -> bool {
        let word = own.of(text);
        let is_known = || rests(word).any(|rest| self.any_rest.has(rest));
        match word.len() {
            _ if !own.is_plain => false,
            ..SHORT_CHARS => false,
            SHORT_CHARS => self.short.contains_key(word) || is_known(),
            length if own.has_run && length >= MIN_TWICE_CHARS => {
                let form = || without_repeats(word);
                is_known() || rests(&form()).any(|rest| self.any_rest.has(rest))
            }
            _ => is_known(),
        }
    }

    /// Adds a folded name of a brand. Only words of plain letters take part.
    pub(super) fn add(&mut self, name: &str, brand: usize) {
        if name.contains(' ') {
            self.add_phrase(name, brand);
            return;
        }
        let n_chars = name.chars().count();
        if n_chars < MIN_CHARS || !name.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return;
        }
        if n_chars >= MIN_TWICE_CHARS {
            let form = without_repeats(name);
            let index = self.collapsed.len() as u32;
            for rest in rests(&form) {
                self.by_collapsed.entry(rest).or_default().push(index);
            }
            self.collapsed.push((form, brand));
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

    fn add_phrase(&mut self, name: &str, brand: usize) {
        let words: Vec<Box<str>> = words(name).map(Box::from).collect();
        let Some(longest) = (0..words.len()).max_by_key(|at| words[*at].len()) else { return };
        let is_plain = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase());
        if words.len() < 2
            || words[longest].len() < MIN_CHARS
            || !words.iter().all(|word| is_plain(word))
        {
            return;
        }
        let index = self.phrases.len() as u32;
        for rest in rests(&words[longest]) {
            let found = self.phrase_by_rest.entry(rest).or_default();
            if !found.contains(&index) {
                found.push(index);
            }
        }
        self.phrases.push(Phrase { words, longest, brand });
    }

    /// The name of several words that stands around the word at `at`, each word as it is or one letter
    /// away, and at least one of them away: the brand, and the first and the last of the words.
    pub(super) fn phrase(&self, text: &[&str], at: usize) -> Option<(usize, usize, usize)> {
        let is_plain = text[at].bytes().all(|byte| byte.is_ascii_lowercase());
        if !is_plain || !(MIN_CHARS - 1..32).contains(&text[at].len()) {
            return None;
        }
        rests(text[at]).find_map(|rest| {
            self.phrase_by_rest.get(&rest)?.iter().find_map(|&index| {
                let phrase = &self.phrases[index as usize];
                let first = at.checked_sub(phrase.longest)?;
                let last = first + phrase.words.len() - 1;
                let own = text.get(first..=last)?;
                let mut n_wrong = 0;
                for (word, name) in own.iter().zip(&phrase.words) {
                    let is_same = **word == **name;
                    n_wrong += usize::from(!is_same);
                    if !is_same && !is_altered(word, name) {
                        return None;
                    }
                }
                (n_wrong > 0).then_some((phrase.brand, first, last))
            })
        })
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

/// The words of a folded text.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_alphanumeric(c)).filter(|word| !word.is_empty())
}

/// Whether a word is a name with one wrong letter, not its plural and not another real word.
fn is_altered(word: &str, name: &str) -> bool {
    name.len() >= MIN_WORD_CHARS
        && word.as_bytes().first() == name.as_bytes().first()
        && word.strip_suffix('s') != Some(name)
        && !REAL_WORDS.contains(word)
        && is_one_edit(name.as_bytes(), word.as_bytes())
}

/// A word with every run of a letter as one.
fn without_repeats(word: &str) -> String {
    let mut last = None;
    word.chars().filter(|c| last.replace(*c) != Some(*c)).collect()
}

/// Hashes of a word and of what is left of it without one of its letters. A hash is that of a polynomial
/// in its letters, so that each costs a step whatever the length of the word.
fn rests(word: &str) -> impl Iterator<Item = u64> {
    let bytes = word.as_bytes();
    let whole = polynomial(bytes);
    let (mut before, mut power) = (0_u64, 1_u64);
    let without = bytes.iter().map(move |byte| {
        let upto = before.wrapping_add(power.wrapping_mul(letter(*byte)));
        // What stands behind the letter moves one place forward.
        let behind = whole.wrapping_sub(upto).wrapping_mul(BASE_INVERSE);
        let rest = before.wrapping_add(behind);
        (before, power) = (upto, power.wrapping_mul(BASE));
        mixed(rest)
    });
    without.chain(std::iter::once(mixed(whole)))
}

/// The base of the polynomial: any odd number of many bits.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// Its inverse modulo 2^64.
const BASE_INVERSE: u64 = inverse(BASE);

/// The inverse of an odd number modulo 2^64, by Newton's iteration: each step doubles the bits that hold.
const fn inverse(odd: u64) -> u64 {
    let mut own = odd;
    let mut n_steps = 0;
    while n_steps < 6 {
        own = own.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(own)));
        n_steps += 1;
    }
    own
}

fn polynomial(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |sum: u64, byte| sum.wrapping_mul(BASE).wrapping_add(letter(*byte)))
}

/// No letter is zero, so that length tells.
fn letter(byte: u8) -> u64 {
    u64::from(byte) + 1
}

/// A hash of which all bits depend on all of the polynomial.
fn mixed(sum: u64) -> u64 {
    let sum = (sum ^ (sum >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    sum ^ (sum >> 32)
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
    fn a_repeated_letter_and_a_wrong_one() {
        let mut misspelt = Misspelt::default();
        for (brand, name) in ["adidas", "chanel", "gucci"].into_iter().enumerate() {
            misspelt.add(name, brand);
        }
        for word in ["addidaz", "adidoss", "addiddos"] {
            assert_eq!(misspelt.brand_with_repeats(word), Some(0), "{word}");
        }
        // A word, its plural, nothing repeated, a short name.
        for word in ["channel", "channels", "adidos", "gguccy", "adidas"] {
            assert_eq!(misspelt.brand_with_repeats(word), None, "{word}");
        }
    }

    #[test]
    fn of_four_letters_two_may_be_exchanged_and_an_i_be_an_l() {
        let mut misspelt = Misspelt::default();
        for (brand, name) in ["nike", "fila", "bose", "chanel"].into_iter().enumerate() {
            misspelt.add_short(name, brand);
        }
        for word in ["nkie", "nlke"] {
            assert_eq!(misspelt.short_brand(word), Some(0), "{word}");
        }
        for word in ["flia", "fial", "flla", "fiia"] {
            assert_eq!(misspelt.short_brand(word), Some(1), "{word}");
        }
        // A name, the brand itself, a first letter that is another, a letter that looks like none.
        for word in ["niek", "nike", "inke", "bike", "nuke", "boes", "chnael"] {
            assert_eq!(misspelt.short_brand(word), None, "{word}");
        }
    }

    #[test]
    fn a_name_of_several_words_may_be_wrong_in_each() {
        let mut misspelt = Misspelt::default();
        for (brand, name) in ["louis vuitton", "dolce & gabbana", "tag heuer"].iter().enumerate() {
            misspelt.add(name, brand);
        }
        let found = |text: &str| {
            let words: Vec<&str> = words(text).collect();
            (0..words.len()).find_map(|at| misspelt.phrase(&words, at))
        };
        assert_eq!(found("a luis vuiton bag"), Some((0, 1, 2)));
        assert_eq!(found("luois vuitton"), Some((0, 0, 1)));
        assert_eq!(found("dolce gabana belt"), Some((1, 0, 1)));
        assert_eq!(found("tag hauer"), Some((2, 0, 1)));
        for innocent in ["louis vuitton", "louis vuittons", "tug heuer", "vuiton", "lucas vuiton"] {
            assert_eq!(found(innocent), None, "{innocent}");
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
