//! The words of the fields of listings, counted: what learned text is made of.

use std::collections::HashMap;
use std::sync::Arc;

use super::encoders::WordEncoder;
use crate::listing::Column;
use crate::text::{Folded, Term, TermNumbers, each_term};

/// A field whose words are learned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum WordField {
    Title,
    Description,
    Category,
    Brand,
}

impl WordField {
    /// All fields, in the order of the model's columns.
    pub(crate) const ALL: [WordField; 4] =
        [WordField::Title, WordField::Description, WordField::Category, WordField::Brand];

    /// The name of the feature, in model files and reports.
    pub(crate) fn feature_name(self) -> &'static str {
        match self {
            WordField::Title => "words_in_title",
            WordField::Description => "words_in_description",
            WordField::Category => "words_in_category",
            WordField::Brand => "words_in_brand",
        }
    }

    /// The field of a feature.
    pub(crate) fn from_feature_name(name: &str) -> Option<WordField> {
        WordField::ALL.into_iter().find(|field| field.feature_name() == name)
    }

    /// The column that the words stand in.
    pub(crate) fn column(self) -> Column {
        match self {
            WordField::Title => Column::Title,
            WordField::Description => Column::Description,
            WordField::Category => Column::Category,
            WordField::Brand => Column::Brand,
        }
    }
}

/// How often a term stands in a field of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WordCount {
    /// The term: its place in the encoder of the field, or its number in a [`WordCensus`].
    pub(crate) term: u32,
    /// How often, at most 65,535 times.
    pub(crate) n: u16,
}

impl WordCount {
    /// Counts terms, which are sorted on the way.
    fn count(terms: &mut [u32]) -> impl Iterator<Item = WordCount> + '_ {
        terms.sort_unstable();
        terms
            .chunk_by(|a, b| a == b)
            .map(|run| WordCount { term: run[0], n: u16::try_from(run.len()).unwrap_or(u16::MAX) })
    }
}

/// Where the numbers of terms come from.
#[derive(Debug)]
pub(crate) enum Words<'a> {
    /// No words are looked at.
    Unused,
    /// The terms that the encoder of each field knows.
    Known {
        /// The encoders, by field; none of a field that is not looked at.
        encoders: [Option<&'a WordEncoder>; WordField::ALL.len()],
        /// What was counted.
        rows: WordRows,
        /// The terms of a text, used again for the next.
        terms: Vec<u32>,
    },
    /// All terms, numbered as they come.
    Counted(Box<WordCensus>),
}

/// All terms of labeled listings, and whose they are.
#[derive(Debug, Default)]
pub(crate) struct WordCensus {
    numbers: [TermNumbers; WordField::ALL.len()],
    terms: Vec<(WordField, Arc<str>)>,
    sellers: HashMap<Box<str>, u32>,
    /// The seller of each listing, numbered; `None` where it is not known.
    seller_of: Vec<Option<u32>>,
    rows: WordRows,
    /// The terms of a text, used again for the next.
    buffer: Vec<u32>,
}

/// The terms of listings, field after field and listing after listing.
#[derive(Debug, Default)]
pub(crate) struct WordRows {
    counts: Vec<WordCount>,
    /// Where the counts of each field of each listing end.
    ends: Vec<usize>,
}

impl WordRows {
    /// Notes the terms of the next field: of each listing all fields, in the order of
    /// [`WordField::ALL`].
    pub(crate) fn push_field(&mut self, words: &[WordCount]) {
        self.counts.extend_from_slice(words);
        self.ends.push(self.counts.len());
    }

    /// The terms of a field of a listing, in the order of their numbers; none where no words were
    /// looked at.
    pub(crate) fn words(&self, field: WordField, row: usize) -> &[WordCount] {
        let at = row * WordField::ALL.len() + field as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).unwrap_or(&0);
        self.ends.get(at).map_or(&[], |end| &self.counts[*start..*end])
    }
}

/// How many listings and sellers have a term.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spread {
    pub(crate) n_listings: u32,
    /// Counted by changes of seller from one listing with the term to the next, which for a term of two
    /// sellers are two at least; a listing without a seller counts as a seller of its own.
    pub(crate) n_sellers: u8,
}

impl WordCensus {
    /// The number of a term.
    pub(crate) fn number(&mut self, field: WordField, term: &Term<'_>) -> u32 {
        let numbers = &mut self.numbers[field as usize];
        if let Some(number) = numbers.get(term, |number| &self.terms[number as usize].1) {
            return number;
        }
        let number = self.terms.len() as u32;
        let text: Arc<str> = term.to_string().into();
        numbers.insert(term.hash, &text, number);
        self.terms.push((field, text));
        number
    }

    /// The field and the text of each term, by number.
    pub(crate) fn terms(&self) -> &[(WordField, Arc<str>)] {
        &self.terms
    }

    /// Notes whose the next listing is.
    pub(crate) fn push_seller(&mut self, seller: Option<&str>) {
        let next = self.sellers.len() as u32;
        let number = seller.map(|own| match self.sellers.get(own) {
            Some(number) => *number,
            None => *self.sellers.entry(own.into()).or_insert(next),
        });
        self.seller_of.push(number);
    }

    /// Notes the terms of the next field, as [`WordRows::push_field`] does.
    #[cfg(test)]
    pub(crate) fn push_field(&mut self, terms: &mut [u32]) {
        let words: Vec<WordCount> = WordCount::count(terms).collect();
        self.rows.push_field(&words);
    }

    /// The terms of the listings.
    pub(crate) fn rows(&self) -> &WordRows {
        &self.rows
    }

    /// Whether sellers are known at all.
    pub(crate) fn knows_sellers(&self) -> bool {
        !self.sellers.is_empty()
    }

    /// How far each term is spread over the listings `rows`.
    pub(crate) fn spreads(&self, rows: impl Iterator<Item = usize>) -> Vec<Spread> {
        let mut spreads = vec![Spread::default(); self.terms.len()];
        let mut last_seller = vec![u32::MAX; self.terms.len()];
        let n_fields = WordField::ALL.len();
        for row in rows {
            let seller = self.seller_of.get(row).copied().flatten();
            let WordRows { counts, ends } = &self.rows;
            let start = (row * n_fields).checked_sub(1).map_or(0, |before| ends[before]);
            for own in &counts[start..ends[(row + 1) * n_fields - 1]] {
                let term = own.term as usize;
                let spread = &mut spreads[term];
                spread.n_listings += 1;
                if seller.is_none_or(|seller| last_seller[term] != seller) {
                    spread.n_sellers = spread.n_sellers.saturating_add(1);
                    last_seller[term] = seller.unwrap_or(u32::MAX);
                }
            }
        }
        spreads
    }

    /// Forgets the terms that no encoder would keep, whatever part of the listings it is fitted on, and
    /// numbers the others by field and text. What is left needs no more than its counts.
    pub(crate) fn settle(&mut self) {
        let spreads = self.spreads(0..self.seller_of.len());
        let knows_sellers = self.knows_sellers();
        let terms = std::mem::take(&mut self.terms);
        let is_kept = |own: &usize| WordEncoder::keeps(spreads[*own], knows_sellers);
        let mut kept: Vec<usize> = (0..terms.len()).filter(is_kept).collect();
        kept.sort_unstable_by(|&a, &b| terms[a].cmp(&terms[b]));
        let mut number_of = vec![None; terms.len()];
        for (number, &before) in kept.iter().enumerate() {
            number_of[before] = Some(number as u32);
        }
        self.terms = kept.into_iter().map(|own| terms[own].clone()).collect();
        self.numbers = Default::default();
        let WordRows { counts, ends } = &mut self.rows;
        let (mut n_kept, mut start) = (0, 0);
        for end in ends {
            let first = n_kept;
            for at in start..*end {
                let own = counts[at];
                if let Some(term) = number_of[own.term as usize] {
                    counts[n_kept] = WordCount { term, ..own };
                    n_kept += 1;
                }
            }
            counts[first..n_kept].sort_unstable();
            start = std::mem::replace(end, n_kept);
        }
        counts.truncate(n_kept);
        counts.shrink_to_fit();
    }
}

impl Words<'_> {
    /// No terms counted yet of those that these encoders know.
    pub(crate) fn known(encoders: [Option<&WordEncoder>; WordField::ALL.len()]) -> Words<'_> {
        Words::Known { encoders, rows: WordRows::default(), terms: Vec::new() }
    }

    /// Puts the terms of a text of a field in the place of `counts`, in the order of their numbers.
    pub(crate) fn count(&mut self, field: WordField, text: &Folded, counts: &mut Vec<WordCount>) {
        counts.clear();
        match self {
            Words::Unused => {}
            Words::Known { encoders, terms, .. } => {
                if let Some(encoder) = encoders[field as usize] {
                    terms.clear();
                    each_term(text, |term| terms.extend(encoder.place(&term)));
                    counts.extend(WordCount::count(terms));
                }
            }
            Words::Counted(census) => {
                let mut terms = std::mem::take(&mut census.buffer);
                terms.clear();
                each_term(text, |term| terms.push(census.number(field, &term)));
                counts.extend(WordCount::count(&mut terms));
                census.buffer = terms;
            }
        }
    }

    /// Notes the terms of the next field of the listing, as [`WordRows::push_field`] does.
    pub(crate) fn push_field(&mut self, words: &[WordCount]) {
        match self {
            Words::Unused => {}
            Words::Known { rows, .. } => rows.push_field(words),
            Words::Counted(census) => census.rows.push_field(words),
        }
    }
}
