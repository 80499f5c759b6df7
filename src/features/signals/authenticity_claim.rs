//! The text insists that the goods are genuine.
//!
//! # Measures
//! 1 where title or description hold a claim of authenticity such as "100% authentic"; else 0.
//!
//! # Why it points to a counterfeit
//! Sellers of genuine goods rarely need to say so. On moderated data the word "original" is neutral,
//! "authentic" leans counterfeit; the direction is the marketplace's own.
//!
//! # When missing
//! A listing always has a title; without a description the title alone is searched.
//!
//! # How it is evaded
//! The claim is left to the pictures.
//!
//! # Source
//! entrupy.com; riclix.com; field data.

use super::term_evidence::{presence, quoting};
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::lexicon::Kind;
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct AuthenticityClaim;

impl Signal for AuthenticityClaim {
    fn name(&self) -> &'static str {
        "authenticity_claim"
    }

    fn source(&self) -> &'static str {
        include_str!("authenticity_claim.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title, Column::Description]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        presence(row, |term| term.kind == Kind::AuthenticityClaim)
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        quoting(row, value, "AUTH_OVERCLAIM", "claims", |term| term.kind == Kind::AuthenticityClaim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn only_text_that_says_it_counts() {
        with_row(&Listing::new("1", "Bag 100% authentic"), |row| {
            assert_eq!(AuthenticityClaim.value(&row), Cell::Value(1.0));
            assert_eq!(
                AuthenticityClaim.reason(&row, Cell::Value(1.0)).unwrap().code,
                "AUTH_OVERCLAIM"
            );
        });
        with_row(&Listing::new("1", "Leather bag with strap"), |row| {
            assert_eq!(AuthenticityClaim.value(&row), Cell::Value(0.0));
            assert_eq!(AuthenticityClaim.reason(&row, Cell::Value(0.0)), None);
        });
    }

    #[test]
    fn a_listing_without_text_is_missing() {
        with_row(&Listing::new("1", ""), |row| {
            assert_eq!(AuthenticityClaim.value(&row), Cell::Missing);
        });
    }
}
