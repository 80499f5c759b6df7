//! The terms of a folded text that are learned from: words, pairs of words, and pairs of characters in
//! scripts without spaces.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use unicode_normalization::char::is_combining_mark;

use super::characters::{is_alphanumeric, is_unspaced};
use super::fold::Folded;
use super::hashed::{ByHash, hash_of, hash_of_pair};
use super::index::WordIndex;

/// Shorter words say nothing by themselves, and pairs are made across them, as scikit-learn's default
/// token pattern has it.
const MIN_WORD_CHARS: usize = 2;

/// Longer words are keys and codes, not words.
const MAX_WORD_BYTES: usize = 64;

/// A term of a text: a word, a pair of words or of characters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Term<'a> {
    /// The same for the same term, wherever it stands; different ones rarely share it.
    pub(crate) hash: u64,
    first: &'a str,
    /// The other word of a pair.
    second: Option<&'a str>,
}

impl<'a> Term<'a> {
    fn word(text: &'a str) -> Term<'a> {
        Term { hash: hash_of(text.as_bytes()), first: text, second: None }
    }

    fn pair(first: Term<'a>, second: Term<'a>) -> Term<'a> {
        let hash = hash_of_pair(first.hash, second.hash);
        Term { hash, first: first.first, second: Some(second.first) }
    }

    /// The term that a text is, with a blank between the words of a pair.
    pub(crate) fn of(text: &'a str) -> Term<'a> {
        match text.split_once(' ') {
            Some((first, second)) => Term::pair(Term::word(first), Term::word(second)),
            None => Term::word(text),
        }
    }

    /// Whether this is the term of a text.
    pub(crate) fn is(&self, text: &str) -> bool {
        match self.second {
            None => self.first == text,
            Some(second) => text
                .strip_prefix(self.first)
                .and_then(|rest| rest.strip_prefix(' '))
                .is_some_and(|rest| rest == second),
        }
    }
}

impl std::fmt::Display for Term<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.first)?;
        match self.second {
            Some(second) => write!(formatter, " {second}"),
            None => Ok(()),
        }
    }
}

/// Hands every term of a folded text to `put`, in the order of the text: each word of two characters or
/// more, each two words in a row with one blank between them, and of each run of Han, kana, Hangul
/// or Thai each two characters in a row, or the one that it is.
pub(crate) fn each_term<'a>(folded: &'a Folded, put: impl FnMut(Term<'a>)) {
    let index = folded.index();
    if index.is_made() && !index.has_unspaced() && !index.has_marks() {
        each_term_of_words(folded.as_str(), index, put);
    } else {
        each_term_of_runs(folded.as_str(), put);
    }
}

/// The terms of a text in which runs of characters of terms are words of the index.
fn each_term_of_words<'a>(text: &'a str, index: &WordIndex, mut put: impl FnMut(Term<'a>)) {
    let mut last: Option<Term<'a>> = None;
    for own in index.words() {
        let word = own.of(text);
        if is_learned(word) {
            let term = Term { hash: own.hash, first: word, second: None };
            put(term);
            if let Some(last) = last {
                put(Term::pair(last, term));
            }
            last = Some(term);
        }
    }
}

/// The terms of any text.
fn each_term_of_runs<'a>(text: &'a str, mut put: impl FnMut(Term<'a>)) {
    let mut last: Option<Term<'a>> = None;
    let mut rest = text;
    while let Some(start) = rest.find(is_of_term) {
        rest = &rest[start..];
        let unspaced = rest.starts_with(is_unspaced);
        let end = rest
            .find(|c: char| !is_of_term(c) || (is_unspaced(c) != unspaced && !is_combining_mark(c)))
            .unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end.max(1));
        rest = behind;
        if unspaced {
            each_pair_of_characters(run, &mut put);
            last = None;
        } else if is_learned(run) {
            let term = Term::word(run);
            put(term);
            if let Some(last) = last {
                put(Term::pair(last, term));
            }
            last = Some(term);
        }
    }
}

/// Whether a word has a length of which words are learned from.
fn is_learned(word: &str) -> bool {
    word.len() <= MAX_WORD_BYTES && word.chars().nth(MIN_WORD_CHARS - 1).is_some()
}

fn each_pair_of_characters<'a>(run: &'a str, put: &mut impl FnMut(Term<'a>)) {
    let mut places = run.char_indices().map(|(at, _)| at).chain([run.len()]);
    let (Some(mut first), Some(mut second)) = (places.next(), places.next()) else { return };
    let mut n_pairs = 0;
    for third in places {
        put(Term::word(&run[first..third]));
        (first, second) = (second, third);
        n_pairs += 1;
    }
    if n_pairs == 0 {
        put(Term::word(&run[first..second]));
    }
}

/// Numbers of terms: a term is looked up without being put together.
#[derive(Clone, Debug, Default)]
pub(crate) struct TermNumbers {
    by_hash: ByHash<u32>,
    /// Of terms that share their hash with an earlier one.
    others: HashMap<Arc<str>, u32>,
}

impl TermNumbers {
    /// The number of a term; `text_of` gives the text of the term of a number.
    pub(crate) fn get<'a>(&self, term: &Term<'_>, text_of: impl Fn(u32) -> &'a str) -> Option<u32> {
        let number = *self.by_hash.get(&term.hash)?;
        if term.is(text_of(number)) {
            Some(number)
        } else {
            self.others.get(term.to_string().as_str()).copied()
        }
    }

    /// Numbers a term that has no number.
    pub(crate) fn insert(&mut self, hash: u64, text: &Arc<str>, number: u32) {
        match self.by_hash.entry(hash) {
            Entry::Vacant(free) => {
                free.insert(number);
            }
            Entry::Occupied(_) => {
                self.others.insert(Arc::clone(text), number);
            }
        }
    }
}

fn is_of_term(c: char) -> bool {
    is_alphanumeric(c) || is_unspaced(c) || is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        each_term(&crate::text::fold(text), |own| found.push(own.to_string()));
        found
    }

    #[test]
    fn words_and_pairs_of_words() {
        assert_eq!(terms("Люкс копия"), ["люкс", "копия", "люкс копия"]);
        // scikit-learn: TfidfVectorizer(ngram_range=(1, 2)).build_analyzer()("a bag, new bag 1:1")
        // gives bag, new, bag, bag new, new bag; "1:1" has no word of two characters.
        assert_eq!(terms("a bag, new bag 1:1"), ["bag", "new", "bag new", "bag", "new bag"]);
        assert_eq!(terms(""), [""; 0]);
        assert_eq!(terms("नकली जूते"), ["नकली", "जूते", "नकली जूते"]);
        assert_eq!(terms(&"x".repeat(65)), [""; 0]);
    }

    #[test]
    fn pairs_of_characters_without_spaces() {
        assert_eq!(terms("高仿包"), ["高仿", "仿包"]);
        assert_eq!(terms("新 LV包"), ["新", "lv", "包"]);
        assert_eq!(terms("ナイキ nike shoes"), ["ナイ", "イキ", "nike", "shoes", "nike shoes"]);
    }

    #[test]
    fn terms_have_numbers_even_if_they_share_a_hash() {
        let texts: Vec<Arc<str>> = vec!["bag".into(), "new bag".into(), "shoe".into()];
        let mut numbers = TermNumbers::default();
        for (number, text) in (0..).zip(&texts) {
            numbers.insert(7, text, number);
        }
        let number = |text| {
            let term = Term { hash: 7, ..Term::of(text) };
            numbers.get(&term, |number| &texts[number as usize])
        };
        assert_eq!(
            ["bag", "new bag", "shoe", "belt"].map(number),
            [Some(0), Some(1), Some(2), None]
        );
        assert!(!Term::of("new bag").is("new") && !Term::of("new").is("new bag"));
        assert!(!Term::of("new bag").is("newbag") && !Term::of("new ba").is("new bag"));
    }

    proptest! {
        #[test]
        fn both_ways_give_the_same_terms(text in "[a-c1 !-ж包é]{0,40}") {
            let folded = crate::text::fold(&text);
            let (mut short, mut long) = (Vec::new(), Vec::new());
            each_term(&folded, |own| short.push((own.hash, own.to_string())));
            each_term_of_runs(folded.as_str(), |own| long.push((own.hash, own.to_string())));
            prop_assert_eq!(&short, &long);
            for (hash, text) in &short {
                prop_assert_eq!(Term::of(text).hash, *hash);
            }
        }
    }
}
