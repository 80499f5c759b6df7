//! Innocent meanings of terms: AAA batteries, models at a scale of 1:1, licensed replicas.

use std::ops::Range;

use super::words::{finder_of, words_of};
use super::{ClassSet, Scene};
use crate::error::{Result, excerpt};
use crate::reference_file::{ReferenceFile, fault};
use crate::text::{Finder, Folded, Found, KnownMap, folded_string};

/// How far from a term words are counted, in bytes, so that the time stays linear in a text without
/// blanks.
const MAX_REACH: usize = 200;

/// What ends a clause within which words stand beside each other.
const ENDS_CLAUSE: [char; 9] = [',', '.', ';', ':', '!', '?', '(', ')', '|'];

/// An innocent meaning.
#[derive(Clone, Debug)]
struct Excuse {
    /// How many words away the words that show it may stand; anywhere in the listing without it.
    within: Option<usize>,
    /// Goods that it cannot be about: a watch is no model at a scale.
    not_for: ClassSet,
    /// What it is, for people.
    why: String,
}

/// All innocent meanings, by folded term.
#[derive(Debug)]
pub(crate) struct Excuses {
    all: Vec<Excuse>,
    finder: Finder,
    /// The excuse of each word of the finder.
    excuse_of: Vec<usize>,
    by_term: KnownMap<String, Vec<usize>>,
}

/// What of innocent meanings a text of a listing shows.
#[derive(Debug)]
pub(crate) struct Shown<'a> {
    text: &'a str,
    /// The excuse that a word shows, and the word, in order of the excuse and of the word's start.
    words: Vec<(usize, Found)>,
}

impl Excuses {
    /// Reads the table `terms,words,within,not_for,why`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Reference`] with file, line and column for what is no distance or no class
    /// of goods.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Excuses> {
        let file =
            ReferenceFile::parse(name, text, &["terms", "words", "within", "not_for", "why"])?;
        let (mut excuses, mut all_words, mut excuse_of) = (Vec::new(), Vec::new(), Vec::new());
        let mut by_term: KnownMap<String, Vec<usize>> = KnownMap::default();
        for row in &file.rows {
            let [terms, words, within, not_for, why] = row.cells.as_slice() else { continue };
            let within = match within.as_str() {
                "listing" => None,
                number => Some(number.parse().map_err(|_| {
                    let problem = "expected `listing` or a number of words".to_owned();
                    fault(row.place.clone().column("within"), problem)
                })?),
            };
            let not_for = ClassSet::from_names(not_for).map_err(|found| {
                let problem = format!("an unknown class of goods, {}", excerpt(found));
                fault(row.place.clone().column("not_for"), problem)
            })?;
            all_words.extend(words_of(words));
            excuse_of.resize(all_words.len(), excuses.len());
            for term in words_of(terms) {
                by_term.entry(folded_string(term)).or_default().push(excuses.len());
            }
            excuses.push(Excuse { within, not_for, why: why.clone() });
        }
        let finder = finder_of(all_words);
        Ok(Excuses { all: excuses, finder, excuse_of, by_term })
    }

    /// The innocent meanings that a folded term may have, as indices.
    pub(crate) fn of_term(&self, term: &str) -> &[usize] {
        self.by_term.get(term).map_or(&[], Vec::as_slice)
    }

    /// Looks for the words of all innocent meanings in a folded text, in one pass.
    pub(crate) fn shown_by<'a>(&self, text: &'a Folded) -> Shown<'a> {
        let mut words: Vec<(usize, Found)> = Vec::new();
        let (index, text) = (text.index(), text.as_str());
        self.finder.find(text, index, |found| words.push((self.excuse_of[found.pattern], found)));
        words.sort_unstable_by_key(|(excuse, found)| (*excuse, found.start, found.end));
        Shown { text, words }
    }

    /// The first of a term's innocent meanings that is shown, and that the goods may have: of words right
    /// beside the term, as far as the listing tells them; of words anywhere, as far as its brands do. `field` is the text that the term
    /// stands in, from `start` to `end`; `others` are the other texts of the listing.
    pub(crate) fn find(
        &self,
        of_term: &[usize],
        field: &Shown<'_>,
        (start, end): (usize, usize),
        others: &[Shown<'_>],
        scene: &Scene<'_>,
    ) -> Option<usize> {
        let is_beside = |own: &Found| own.end <= start || end <= own.start;
        let may_be = |own: &Excuse| {
            let goods = if own.within.is_none() { scene.goods() } else { scene.classes };
            !own.not_for.overlaps(goods)
        };
        let possible = of_term.iter().copied().filter(|&index| may_be(&self.all[index]));
        possible.into_iter().find(|&index| match self.all[index].within {
            None => {
                field.of(index, 0).any(|own| is_beside(&own))
                    || others.iter().any(|text| text.of(index, 0).next().is_some())
            }
            Some(n_words) => {
                let reach = field.reach((start, end), n_words);
                let mut near = field.of(index, reach.start).take_while(|own| own.start < reach.end);
                near.any(|own| is_beside(&own) && own.end <= reach.end)
            }
        })
    }

    /// What an innocent meaning is.
    pub(crate) fn why(&self, index: usize) -> &str {
        self.all.get(index).map_or("", |own| &own.why)
    }
}

impl Shown<'_> {
    /// The words that show an excuse and begin at `from` or later, in order.
    fn of(&self, excuse: usize, from: usize) -> impl Iterator<Item = Found> + '_ {
        let first = self.words.partition_point(|(own, found)| (*own, found.start) < (excuse, from));
        let rest = self.words[first..].iter().take_while(move |(own, _)| *own == excuse);
        rest.map(|(_, found)| *found)
    }

    /// The stretch of text that so many words before and behind a term take, within its clause and at
    /// most [`MAX_REACH`] bytes each.
    fn reach(&self, (start, end): (usize, usize), n_words: usize) -> Range<usize> {
        let nth = n_words.saturating_sub(1);
        let mut floor = start.saturating_sub(MAX_REACH)..=start;
        let floor = floor.find(|at| self.text.is_char_boundary(*at)).unwrap_or(start);
        let floor = self.text[floor..start].rfind(ENDS_CLAUSE).map_or(floor, |at| floor + at + 1);
        let before = self.text[floor..start].trim_end();
        let first = before.rmatch_indices(' ').nth(nth).map_or(floor, |(at, _)| floor + at);
        let ceiling = (end + MAX_REACH).min(self.text.len());
        let ceiling = (end..=ceiling).rev().find(|at| self.text.is_char_boundary(*at));
        let ceiling = ceiling.unwrap_or(end);
        let ceiling = self.text[end..ceiling].find(ENDS_CLAUSE).map_or(ceiling, |at| end + at);
        let rest = &self.text[end..ceiling];
        let behind = rest.trim_start();
        let last = behind.match_indices(' ').nth(nth).map(|(at, _)| ceiling - behind.len() + at);
        first..last.unwrap_or(ceiling)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    const TABLE: &str =
        "terms,words,within,not_for,why\nAAA,batter*|pilas,listing,shoes,a size\nfake,fur,2,,fur\n";

    fn why(term: &str, text: &str, others: &[&str]) -> String {
        let excuses = Excuses::parse("e.csv", TABLE).unwrap();
        let start = text.find(term).unwrap();
        let (text, others) = (fold(text), others.iter().map(|own| fold(own)));
        let others: Vec<Folded> = others.collect();
        let others: Vec<Shown<'_>> = others.iter().map(|own| excuses.shown_by(own)).collect();
        let span = (start, start + term.len());
        let found = excuses.find(
            excuses.of_term(term),
            &excuses.shown_by(&text),
            span,
            &others,
            &Scene::default(),
        );
        found.map_or("", |index| excuses.why(index)).to_owned()
    }

    #[test]
    fn a_word_within_reach_excuses() {
        assert_eq!(why("aaa", "12 aaa long life batteries", &[]), "a size");
        assert_eq!(why("aaa", "12 aaa", &["pilas alcalinas"]), "a size");
        assert_eq!(why("aaa", "nike aaa", &["combat"]), "");
        assert_eq!(why("fake", "fake white fur", &[]), "fur");
        assert_eq!(why("fake", "fake bag of white fur", &[]), "");
        assert_eq!(why("fake", "fur collar fake", &[]), "fur");
        assert_eq!(why("fake", "fake, fur", &[]), "", "the comma ends the clause");
    }

    #[test]
    fn goods_that_it_cannot_be_about_have_no_excuse() {
        let table = "terms,words,within,not_for,why\nreplica,scale,listing,watches,a model\nreplica,jersey,2,watches,a jersey\n";
        let excuses = Excuses::parse("e.csv", table).unwrap();
        let watches = ClassSet::from_name("watches").unwrap();
        let why = |text: &str, classes, of_brands| {
            let scene = Scene { classes, of_brands, ..Scene::default() };
            let text = fold(text);
            let shown = excuses.shown_by(&text);
            let found = excuses.find(excuses.of_term("replica"), &shown, (0, 7), &[], &scene);
            found.map_or("", |index| excuses.why(index)).to_owned()
        };
        let none = ClassSet::default();
        assert_eq!(why("replica to scale", none, none), "a model");
        assert_eq!(why("replica to scale", watches, none), "");
        assert_eq!(why("replica to scale", none, watches), "", "the brand makes watches");
        assert_eq!(
            why("replica jersey", none, watches),
            "a jersey",
            "beside it the brand is no matter"
        );
        assert_eq!(why("replica jersey", watches, none), "");
        let wrong = Excuses::parse("e.csv", "terms,words,within,not_for,why\na,b,2,hats,c\n");
        let problem = wrong.unwrap_err().to_string();
        assert!(
            problem.starts_with("e.csv: line 2, column not_for: an unknown class"),
            "{problem}"
        );
    }

    #[test]
    fn the_built_in_table_reads_and_excuses_no_brand_by_itself() {
        let excuses = Excuses::parse("excuses.csv", include_str!("excuses.csv")).unwrap();
        assert!(excuses.all.len() > 20);
        assert!(excuses.all.iter().all(|own| !own.why.is_empty()));
        assert!((0..excuses.all.len()).all(|own| excuses.excuse_of.contains(&own)));
    }
}
