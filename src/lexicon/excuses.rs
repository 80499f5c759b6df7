//! Innocent meanings of terms: AAA batteries, models at a scale of 1:1, licensed replicas.

use std::collections::HashMap;

use super::categories::is_whole_word;
use crate::error::Result;
use crate::reference_file::{ReferenceFile, fault};
use crate::text::folded_string;

/// An innocent meaning.
#[derive(Clone, Debug)]
pub(crate) struct Excuse {
    /// Words that show that it is meant, and whether they may go on.
    words: Vec<(String, bool)>,
    /// How many words away they may stand; anywhere in the listing without it.
    within: Option<usize>,
    /// What it is, for people.
    pub(crate) why: String,
}

/// All innocent meanings, by folded term.
#[derive(Debug, Default)]
pub(crate) struct Excuses {
    excuses: Vec<Excuse>,
    by_term: HashMap<String, Vec<usize>>,
}

impl Excuses {
    /// Reads the table `terms,words,within,why`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Reference`] with file, line and column for a field that is empty or no
    /// distance.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Excuses> {
        let mut own = Excuses::default();
        for row in &ReferenceFile::parse(name, text, &["terms", "words", "within", "why"])?.rows {
            let [terms, words, within, why] = row.cells.as_slice() else { continue };
            let within = match within.as_str() {
                "listing" => None,
                number => Some(number.parse().map_err(|_| {
                    let problem = "expected `listing` or a number of words".to_owned();
                    fault(row.place.clone().column("within"), problem)
                })?),
            };
            let is_something = |text: &&str| !text.trim().is_empty();
            let words = words
                .split('|')
                .filter(is_something)
                .map(|word| (folded_string(word.trim_end_matches('*')), word.ends_with('*')))
                .collect();
            for term in terms.split('|').filter(is_something) {
                own.by_term.entry(folded_string(term)).or_default().push(own.excuses.len());
            }
            own.excuses.push(Excuse { words, within, why: why.clone() });
        }
        Ok(own)
    }

    /// The innocent meaning that a term has here, as its index, where one is shown. `field` is the
    /// folded text that the term stands in, from `start` to `end`; `others` are the other texts of
    /// the listing.
    pub(crate) fn find(
        &self,
        term: &str,
        field: &str,
        (start, end): (usize, usize),
        others: &[&str],
    ) -> Option<usize> {
        self.by_term.get(term)?.iter().copied().find(|&index| {
            let excuse = &self.excuses[index];
            match excuse.within {
                None => {
                    excuse.is_in(&field[..start])
                        || excuse.is_in(&field[end..])
                        || others.iter().any(|text| excuse.is_in(text))
                }
                Some(n_words) => {
                    excuse.is_in(last_words(&field[..start], n_words))
                        || excuse.is_in(first_words(&field[end..], n_words))
                }
            }
        })
    }

    /// What an innocent meaning is.
    pub(crate) fn why(&self, index: usize) -> &str {
        self.excuses.get(index).map_or("", |own| &own.why)
    }
}

impl Excuse {
    fn is_in(&self, text: &str) -> bool {
        self.words.iter().any(|(word, open)| {
            text.match_indices(word.as_str())
                .any(|(at, _)| is_whole_word(text, at, at + word.len(), *open))
        })
    }
}

fn first_words(text: &str, n: usize) -> &str {
    let text = text.trim_start();
    text.match_indices(' ').nth(n.saturating_sub(1)).map_or(text, |(at, _)| &text[..at])
}

fn last_words(text: &str, n: usize) -> &str {
    let text = text.trim_end();
    text.rmatch_indices(' ').nth(n.saturating_sub(1)).map_or(text, |(at, _)| &text[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str =
        "terms,words,within,why\nAAA,batter*|pilas,listing,a size\nfake,fur,2,fur\n";

    fn why(term: &str, text: &str, others: &[&str]) -> String {
        let excuses = Excuses::parse("e.csv", TABLE).unwrap();
        let start = text.find(term).unwrap();
        let found = excuses.find(term, text, (start, start + term.len()), others);
        found.map_or("", |index| excuses.why(index)).to_owned()
    }

    #[test]
    fn a_word_within_reach_excuses() {
        assert_eq!(why("aaa", "12 aaa long life batteries", &[]), "a size");
        assert_eq!(why("aaa", "12 aaa", &["pilas alcalinas"]), "a size");
        assert_eq!(why("aaa", "nike aaa", &["combat"]), "");
        assert_eq!(why("fake", "fake white fur", &[]), "fur");
        assert_eq!(why("fake", "fake bag of white fur", &[]), "");
        assert_eq!(why("fake", "fur collar, fake", &[]), "fur");
    }

    #[test]
    fn the_built_in_table_reads_and_excuses_no_brand_by_itself() {
        let excuses = Excuses::parse("excuses.csv", include_str!("excuses.csv")).unwrap();
        assert!(excuses.excuses.len() > 20);
        assert!(excuses.excuses.iter().all(|own| !own.why.is_empty() && !own.words.is_empty()));
    }
}
