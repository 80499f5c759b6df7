//! The words of the fields of listings, counted: what learned text is made of.

use std::collections::HashMap;
use std::sync::Arc;

use super::encoders::WordEncoder;
use crate::listing::Column;

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
    pub(crate) fn count(terms: &mut [u32]) -> impl Iterator<Item = WordCount> + '_ {
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
    /// Of these fields the terms that an encoder knows.
    Known(Vec<(WordField, &'a WordEncoder)>),
    /// All terms, numbered as they come.
    Counted(Box<WordCensus>),
}

/// All terms of labeled listings, and whose they are.
#[derive(Debug, Default)]
pub(crate) struct WordCensus {
    numbers: [HashMap<Arc<str>, u32>; WordField::ALL.len()],
    terms: Vec<(WordField, Arc<str>)>,
    sellers: HashMap<Box<str>, u32>,
    /// The seller of each listing, numbered; `None` where it is not known.
    seller_of: Vec<Option<u32>>,
    /// The terms of all listings, field after field and listing after listing.
    counts: Vec<WordCount>,
    /// Where the counts of each field of each listing end.
    ends: Vec<usize>,
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
    pub(crate) fn number(&mut self, field: WordField, term: &str) -> u32 {
        let numbers = &mut self.numbers[field as usize];
        if let Some(number) = numbers.get(term) {
            return *number;
        }
        let number = self.terms.len() as u32;
        let term: Arc<str> = term.into();
        numbers.insert(Arc::clone(&term), number);
        self.terms.push((field, term));
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

    /// Notes the terms of the next field: of each listing all fields, in the order of
    /// [`WordField::ALL`].
    pub(crate) fn push_field(&mut self, terms: &mut [u32]) {
        self.counts.extend(WordCount::count(terms));
        self.ends.push(self.counts.len());
    }

    /// The terms of a field of a listing, by number.
    pub(crate) fn words(&self, field: WordField, row: usize) -> &[WordCount] {
        let at = row * WordField::ALL.len() + field as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.counts[start..self.ends[at]]
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
            let start = (row * n_fields).checked_sub(1).map_or(0, |before| self.ends[before]);
            for own in &self.counts[start..self.ends[(row + 1) * n_fields - 1]] {
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
        let (mut n_kept, mut start) = (0, 0);
        for end in &mut self.ends {
            let first = n_kept;
            for at in start..*end {
                let own = self.counts[at];
                if let Some(term) = number_of[own.term as usize] {
                    self.counts[n_kept] = WordCount { term, ..own };
                    n_kept += 1;
                }
            }
            self.counts[first..n_kept].sort_unstable();
            start = std::mem::replace(end, n_kept);
        }
        self.counts.truncate(n_kept);
        self.counts.shrink_to_fit();
    }
}

impl Words<'_> {
    /// The number of a term of a field, where it has one.
    pub(crate) fn number(&mut self, field: WordField, term: &str) -> Option<u32> {
        match self {
            Words::Unused => None,
            Words::Known(encoders) => {
                let (_, encoder) = encoders.iter().find(|(own, _)| *own == field)?;
                encoder.place(term)
            }
            Words::Counted(census) => Some(census.number(field, term)),
        }
    }

    /// Whether the words of a field are looked at.
    pub(crate) fn reads(&self, field: WordField) -> bool {
        match self {
            Words::Unused => false,
            Words::Known(encoders) => encoders.iter().any(|(own, _)| *own == field),
            Words::Counted(_) => true,
        }
    }
}
