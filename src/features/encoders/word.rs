//! The words of a field become sublinear tf-idf: a column a term.

use std::sync::Arc;

use crate::features::words::{Spread, WordCensus, WordCount, WordField};
use crate::text::{Term, TermNumbers};

/// A term of fewer training listings is left out: scikit-learn's `min_df`.
const MIN_LISTINGS: u32 = 2;

/// A term of a single seller says who sells, not what: it needs this many.
const MIN_SELLERS: u8 = 2;

/// The most terms of a field, those of most listings first.
const MAX_TERMS: usize = 100_000;

/// A fitted encoder of the words of one field.
#[derive(Clone, Debug)]
pub(crate) struct WordEncoder {
    /// The terms in order, each with its inverse document frequency.
    terms: Vec<(Arc<str>, f64)>,
    places: TermNumbers,
    /// For each number of the census that it was fitted on, the place of the term; empty where it was
    /// read from a model file.
    of_census: Vec<Option<u32>>,
    /// Whether the census numbers the terms in their order.
    is_in_order: bool,
}

impl PartialEq for WordEncoder {
    fn eq(&self, other: &WordEncoder) -> bool {
        self.terms == other.terms
    }
}

impl WordEncoder {
    /// Whether a term that is spread so far is learned from: it stands in at least two listings and, where
    /// sellers are known, with at least two sellers.
    pub(crate) fn keeps(spread: Spread, knows_sellers: bool) -> bool {
        spread.n_listings >= MIN_LISTINGS && (!knows_sellers || spread.n_sellers >= MIN_SELLERS)
    }

    /// Learns the terms of a field of which [`WordEncoder::keeps`] is true, from `n` training listings over
    /// which the terms of the census are spread as `spreads` says.
    ///
    /// The inverse document frequency is ln((1 + n) / (1 + df)) + 1, as scikit-learn's
    /// `TfidfTransformer` smooths it; listings without a word in the field count among the n.
    pub(crate) fn fit(
        field: WordField,
        census: &WordCensus,
        n: usize,
        spreads: &[Spread],
    ) -> WordEncoder {
        let terms = census.terms();
        let knows_sellers = census.knows_sellers();
        let is_kept = |&term: &usize| {
            terms[term].0 == field && WordEncoder::keeps(spreads[term], knows_sellers)
        };
        let mut kept: Vec<usize> = (0..terms.len()).filter(is_kept).collect();
        let text = |term: usize| &terms[term].1;
        if kept.len() > MAX_TERMS {
            let n_listings = |term: usize| spreads[term].n_listings;
            kept.sort_by(|&a, &b| {
                n_listings(b).cmp(&n_listings(a)).then_with(|| text(a).cmp(text(b)))
            });
            kept.truncate(MAX_TERMS);
        }
        kept.sort_by(|&a, &b| text(a).cmp(text(b)));
        let idf = |term: usize| {
            let n_listings = f64::from(spreads[term].n_listings);
            libm::log((1.0 + n as f64) / (1.0 + n_listings)) + 1.0
        };
        let mut of_census = vec![None; terms.len()];
        for (place, &term) in kept.iter().enumerate() {
            of_census[term] = Some(place as u32);
        }
        let terms = kept.into_iter().map(|term| (Arc::clone(text(term)), idf(term))).collect();
        let is_in_order = of_census.iter().flatten().is_sorted();
        WordEncoder { of_census, is_in_order, ..WordEncoder::from_terms(terms) }
    }

    /// An encoder of these terms with their inverse document frequencies, in order.
    pub(crate) fn from_terms(terms: Vec<(Arc<str>, f64)>) -> WordEncoder {
        let mut places = TermNumbers::default();
        for (place, (term, _)) in (0..).zip(&terms) {
            places.insert(Term::of(term).hash, term, place);
        }
        WordEncoder { terms, places, of_census: Vec::new(), is_in_order: true }
    }

    /// The terms in order, each with its inverse document frequency.
    pub(crate) fn terms(&self) -> &[(Arc<str>, f64)] {
        &self.terms
    }

    /// The names of its columns: the feature's own name, a colon and the term.
    pub(crate) fn column_names(&self, feature: &str) -> Vec<String> {
        self.terms.iter().map(|(term, _)| [feature, ":", term].concat()).collect()
    }

    /// The place of a term among the terms.
    pub(crate) fn place(&self, term: &Term<'_>) -> Option<u32> {
        self.places.get(term, |place| &self.terms[place as usize].0)
    }

    /// Hands the columns of one listing to `put`: (1 + ln count) times the inverse document frequency,
    /// divided by the Euclidean norm over the field. `words` are the counts of the field's terms in the
    /// order of their numbers, which are those of a census if `counted`.
    pub(crate) fn encode(
        &self,
        words: impl Iterator<Item = WordCount> + Clone,
        counted: bool,
        mut put: impl FnMut(usize, f64),
    ) {
        let weight = |own: WordCount| {
            let place = if counted {
                (*self.of_census.get(own.term as usize)?)? as usize
            } else {
                own.term as usize
            };
            let (_, idf) = self.terms.get(place)?;
            let n = if own.n == 1 { 1.0 } else { 1.0 + libm::log(f64::from(own.n)) };
            Some((place, n * idf))
        };
        let weights = || words.clone().filter_map(weight);
        let norm = |squares: f64| libm::sqrt(squares);
        // The order of summation is that of the terms, whatever they were numbered by.
        if !counted || self.is_in_order {
            let norm = norm(weights().map(|(_, weight)| weight * weight).sum());
            weights().for_each(|(place, weight)| put(place, weight / norm));
        } else {
            let mut weights: Vec<(usize, f64)> = weights().collect();
            weights.sort_unstable_by_key(|(place, _)| *place);
            let norm = norm(weights.iter().map(|(_, weight)| weight * weight).sum());
            for (place, weight) in weights {
                put(place, weight / norm);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A census of (seller, words in the title).
    fn census(listings: &[(Option<&str>, &[&str])]) -> WordCensus {
        let mut census = WordCensus::default();
        for (seller, text) in listings {
            census.push_seller(*seller);
            for field in WordField::ALL {
                let words = if field == WordField::Title { *text } else { &[] };
                let mut terms: Vec<u32> =
                    words.iter().map(|word| census.number(field, &Term::of(word))).collect();
                census.push_field(&mut terms);
            }
        }
        census
    }

    fn fitted(listings: &[(Option<&str>, &[&str])]) -> (WordEncoder, Vec<Vec<(usize, f64)>>) {
        let fitted = |census: &WordCensus| {
            let spreads = census.spreads(0..listings.len());
            let encoder = WordEncoder::fit(WordField::Title, census, listings.len(), &spreads);
            let encoded = (0..listings.len()).map(|row| {
                let mut columns = Vec::new();
                let words = census.rows().words(WordField::Title, row).iter().copied();
                encoder.encode(words, true, |at, value| columns.push((at, value)));
                columns
            });
            let encoded: Vec<_> = encoded.collect();
            (encoder, encoded)
        };
        let mut census = census(listings);
        let before = fitted(&census);
        census.settle();
        assert_eq!(before, fitted(&census), "what is forgotten would not have been kept");
        before
    }

    /// Expected: scikit-learn 1.9.1,
    /// `TfidfVectorizer(sublinear_tf=True, min_df=2).fit_transform(["fake bag bag", "fake shoe", "bag new", "new shoe shoe shoe"])`.
    #[test]
    fn values_are_those_of_scikit_learn() {
        const HALF: f64 = std::f64::consts::FRAC_1_SQRT_2;
        let (encoder, encoded) = fitted(&[
            (None, &["fake", "bag", "bag"]),
            (None, &["fake", "shoe"]),
            (None, &["bag", "new"]),
            (None, &["new", "shoe", "shoe", "shoe"]),
        ]);
        let terms: Vec<&str> = encoder.terms().iter().map(|(term, _)| &**term).collect();
        assert_eq!(terms, ["bag", "fake", "new", "shoe"]);
        assert!((encoder.terms()[0].1 - 1.510_825_623_765_990_7).abs() < 1e-12);
        let expected = [
            [(0, 0.861_036_995_943_976_3), (1, 0.508_542_320_378_326_7)],
            [(1, HALF), (3, HALF)],
            [(0, HALF), (2, HALF)],
            [(2, 0.430_165_282_498_795_9), (3, 0.902_750_148_010_362_2)],
        ];
        for (found, expected) in encoded.iter().zip(expected) {
            assert_eq!(found.len(), expected.len());
            for ((at, value), (place, own)) in found.iter().zip(expected) {
                assert_eq!(*at, place);
                assert!((value - own).abs() < 1e-9, "{value} {own}");
            }
        }
    }

    #[test]
    fn a_term_of_one_listing_or_one_seller_is_left_out() {
        let (encoder, _) = fitted(&[
            (Some("a"), &["shared", "own", "once"]),
            (Some("a"), &["own", "shared"]),
            (Some("b"), &["shared", "twice"]),
            (None, &["twice"]),
        ]);
        let terms: Vec<&str> = encoder.terms().iter().map(|(term, _)| &**term).collect();
        assert_eq!(terms, ["shared", "twice"]);
    }

    #[test]
    fn a_census_and_a_model_give_the_same_columns() {
        let (encoder, encoded) = fitted(&[(None, &["b", "a", "a"]), (None, &["a", "b", "c"])]);
        let loaded = WordEncoder::from_terms(encoder.terms().to_vec());
        assert_eq!(loaded, encoder);
        let mut columns = Vec::new();
        let words = [("a", 2), ("b", 1)]
            .map(|(term, n)| WordCount { term: loaded.place(&Term::of(term)).unwrap(), n });
        loaded.encode(words.into_iter(), false, |at, value| columns.push((at, value)));
        assert_eq!(columns, encoded[0]);
        assert_eq!(loaded.place(&Term::of("c")), None);
    }
}
