//! A batch made ready for the signals: its text folded and searched once.

use std::ops::Range;

use super::knowledge::Knowledge;
use super::state::FittedState;
use crate::lexicon::{Hit, Term};
use crate::listing::{Cell, Column, ListingBatch};
use crate::text::Folded;

/// The fields whose text is searched for terms.
const SEARCHED: [Column; 2] = [Column::Title, Column::Description];

/// A batch with what its text says, found once for all signals.
#[derive(Debug)]
pub(crate) struct Prepared<'a> {
    listings: &'a ListingBatch,
    knowledge: &'a Knowledge,
    /// The day that ages are counted to, in days since 1970-01-01; without one, the dates of the
    /// listing itself.
    as_of: Option<f64>,
    hits: Vec<TextHit>,
    /// One past the last hit of each row.
    hit_ends: Vec<usize>,
}

/// A term that was found in a listing's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextHit {
    /// The field it stands in.
    pub(crate) field: Column,
    /// Index of the term in the lexicon.
    pub(crate) term: usize,
    /// The bytes of the field, as the seller wrote them.
    pub(crate) source: Range<usize>,
    /// True where the words before it deny it: "no replicas".
    pub(crate) negated: bool,
}

impl<'a> Prepared<'a> {
    pub(crate) fn new(
        listings: &'a ListingBatch,
        knowledge: &'a Knowledge,
        as_of: Option<f64>,
    ) -> Self {
        let mut hits = Vec::new();
        let mut hit_ends = Vec::with_capacity(listings.len());
        let mut folded = Folded::default();
        let mut found: Vec<Hit> = Vec::new();
        for row in 0..listings.len() {
            for field in SEARCHED {
                let Cell::Value(text) = listings.text(field, row) else { continue };
                folded.fold_into(text);
                knowledge.matcher().find(&folded, &mut found);
                hits.extend(found.iter().map(|hit| TextHit {
                    field,
                    term: hit.term,
                    source: folded.source_range(hit.start..hit.end),
                    negated: hit.negated,
                }));
            }
            hit_ends.push(hits.len());
        }
        Prepared { listings, knowledge, as_of, hits, hit_ends }
    }

    pub(crate) fn listings(&self) -> &'a ListingBatch {
        self.listings
    }

    /// One listing of the batch, seen with the fitted state.
    pub(crate) fn row<'r>(&'r self, state: &'r FittedState, index: usize) -> Row<'r> {
        Row { prepared: self, state, index }
    }
}

/// One listing as a signal sees it: its cells, what its text says, and the fitted state.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    prepared: &'a Prepared<'a>,
    state: &'a FittedState,
    index: usize,
}

impl<'a> Row<'a> {
    /// A text cell.
    pub fn text(&self, column: Column) -> Cell<&'a str> {
        self.prepared.listings.text(column, self.index)
    }

    /// A numeric cell.
    pub fn number(&self, column: Column) -> Cell<f64> {
        self.prepared.listings.number(column, self.index)
    }

    /// Whether a cell is empty; `None` when the data has no such column.
    pub fn is_missing(&self, column: Column) -> Option<bool> {
        self.prepared.listings.is_missing(column, self.index)
    }

    /// The day that ages are counted to, in days since 1970-01-01, where the caller gave one.
    pub fn as_of(&self) -> Option<f64> {
        self.prepared.as_of
    }

    pub(crate) fn prepared(&self) -> &'a Prepared<'a> {
        self.prepared
    }

    pub(crate) fn state(&self) -> &'a FittedState {
        self.state
    }

    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// The terms in title and description that nothing before them denies.
    pub(crate) fn hits(&self) -> impl Iterator<Item = (&'a TextHit, &'a Term)> + use<'a> {
        let prepared = self.prepared;
        let start = match self.index {
            0 => 0,
            index => prepared.hit_ends[index - 1],
        };
        prepared.hits[start..prepared.hit_ends[self.index]]
            .iter()
            .filter(|hit| !hit.negated)
            .map(|hit| (hit, &prepared.knowledge.matcher().terms()[hit.term]))
    }

    /// What the seller wrote where a term was found.
    pub(crate) fn quote(&self, hit: &TextHit) -> &'a str {
        match self.text(hit.field) {
            Cell::Value(text) => text.get(hit.source.clone()).unwrap_or_default(),
            Cell::Missing | Cell::Unknown => "",
        }
    }
}
