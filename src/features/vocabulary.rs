//! Which brands the training listings name, so that a brand can be found in a title.

use std::collections::{BTreeMap, BTreeSet};

use super::prepared::Prepared;
use crate::listing::{Cell, Column};
use crate::text::is_alphanumeric;

/// A brand counts as known from this many listings on.
const MIN_LISTINGS: usize = 3;

/// Shorter brands are left out: they are found inside ordinary titles.
const MIN_CHARS: usize = 3;

/// The most brands kept, the most frequent first.
const MAX_BRANDS: usize = 20_000;

/// The most words a brand may have.
const MAX_WORDS: usize = 4;

/// The folded brand names of the training listings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BrandVocabulary {
    brands: BTreeSet<String>,
}

impl BrandVocabulary {
    /// Learns the brands of the listings at `rows`.
    pub(crate) fn fit(prepared: &Prepared<'_>, rows: &[usize]) -> BrandVocabulary {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for &row in rows {
            if let Cell::Value(brand) = prepared.listings().text(Column::Brand, row) {
                *counts.entry(crate::text::folded_string(brand)).or_default() += 1;
            }
        }
        let mut known: Vec<(String, usize)> = counts
            .into_iter()
            .filter(|(brand, n)| *n >= MIN_LISTINGS && brand.chars().count() >= MIN_CHARS)
            .filter(|(brand, _)| words(brand).count() <= MAX_WORDS)
            .collect();
        known.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        known.truncate(MAX_BRANDS);
        BrandVocabulary { brands: known.into_iter().map(|(brand, _)| brand).collect() }
    }

    /// The vocabulary of these folded names.
    pub(crate) fn from_brands(brands: impl IntoIterator<Item = String>) -> Self {
        BrandVocabulary { brands: brands.into_iter().collect() }
    }

    /// The names in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.brands.iter().map(String::as_str)
    }

    /// The first known brand that a text names as whole words, the longest first.
    pub(crate) fn find(&self, text: &str) -> Option<&str> {
        if self.brands.is_empty() {
            return None;
        }
        let folded = crate::text::folded_string(text);
        let spans: Vec<(usize, &str)> = words(&folded).collect();
        for first in 0..spans.len() {
            for n_words in (1..=MAX_WORDS.min(spans.len() - first)).rev() {
                let (start, _) = spans[first];
                let (last, word) = spans[first + n_words - 1];
                let known =
                    folded.get(start..last + word.len()).and_then(|run| self.brands.get(run));
                if let Some(brand) = known {
                    return Some(brand);
                }
            }
        }
        None
    }
}

/// The runs of letters and digits in a text with their offsets.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !is_alphanumeric(c))
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brand_is_found_as_whole_words_only() {
        let brands = ["velmora", "north kestrane"].map(String::from);
        let vocabulary = BrandVocabulary::from_brands(brands);
        assert_eq!(vocabulary.find("New VELMORA bag"), Some("velmora"));
        assert_eq!(vocabulary.find("jacket, North Kestrane!"), Some("north kestrane"));
        assert_eq!(vocabulary.find("velmorama"), None);
        assert_eq!(vocabulary.find("north of kestrane"), None);
    }
}
