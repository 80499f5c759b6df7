//! The words of the fields of listings, counted: what learned text is made of.

use std::collections::HashMap;

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
    pub(crate) field: WordField,
    /// The term: its place in the encoder of the field, or its number in a [`WordCensus`].
    pub(crate) term: u32,
    pub(crate) n: u32,
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
    numbers: [HashMap<Box<str>, u32>; WordField::ALL.len()],
    terms: Vec<(WordField, Box<str>)>,
    sellers: HashMap<Box<str>, u32>,
    /// The seller of each listing, numbered; `None` where it is not known.
    seller_of: Vec<Option<u32>>,
}

impl WordCensus {
    /// The number of a term.
    pub(crate) fn number(&mut self, field: WordField, term: &str) -> u32 {
        let numbers = &mut self.numbers[field as usize];
        if let Some(number) = numbers.get(term) {
            return *number;
        }
        let number = self.terms.len() as u32;
        numbers.insert(term.into(), number);
        self.terms.push((field, term.into()));
        number
    }

    /// The field and the text of each term, by number.
    pub(crate) fn terms(&self) -> &[(WordField, Box<str>)] {
        &self.terms
    }

    /// Notes whose the next listing is.
    pub(crate) fn push_seller(&mut self, seller: Option<&str>) {
        let next = self.sellers.len() as u32;
        let number = seller.map(|own| *self.sellers.entry(own.into()).or_insert(next));
        self.seller_of.push(number);
    }

    /// The seller of a listing.
    pub(crate) fn seller(&self, row: usize) -> Option<u32> {
        self.seller_of.get(row).copied().flatten()
    }

    /// Whether sellers are known at all.
    pub(crate) fn knows_sellers(&self) -> bool {
        !self.sellers.is_empty()
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
