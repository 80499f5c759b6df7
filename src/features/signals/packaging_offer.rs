//! The packaging or the papers of a brand are offered.
//!
//! # Measures
//! 1 where title or description hold a term of the lexicons for boxes, dust bags, tags, cards and
//! receipts that counts; else 0.
//!
//! # Why it points to a counterfeit
//! Packaging is sold to dress up fakes, and “full set with receipt” is offered with them. Honest resale
//! names the box as well, so the direction is the marketplace's own.
//!
//! # When missing
//! A listing always has a title; without a description the title alone is searched.
//!
//! # How it is evaded
//! Not named in the text.
//!
//! # Source
//! Judgement; the lexicons mark each term.

use super::term_evidence::{presence, quoting};
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::lexicon::Kind;
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct PackagingOffer;

impl Signal for PackagingOffer {
    fn name(&self) -> &'static str {
        "packaging_offer"
    }

    fn source(&self) -> &'static str {
        include_str!("packaging_offer.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title, Column::Description]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        presence(row, |term| term.kind == Kind::Packaging)
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        quoting(row, value, "PACKAGING", "offers packaging or papers:", |term| {
            term.kind == Kind::Packaging
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn packaging_is_seen_and_its_denial_is_not() {
        with_row(&Listing::new("1", "Gucci bag with dust bag"), |row| {
            assert_eq!(PackagingOffer.value(&row), Cell::Value(1.0));
            let reason = PackagingOffer.reason(&row, Cell::Value(1.0)).unwrap();
            assert_eq!(reason.text, "offers packaging or papers: “dust bag”");
        });
        with_row(&Listing::new("1", "Gucci bag"), |row| {
            assert_eq!(PackagingOffer.value(&row), Cell::Value(0.0));
        });
        with_row(&Listing::new("1", ""), |row| {
            assert_eq!(PackagingOffer.value(&row), Cell::Missing);
        });
    }
}
