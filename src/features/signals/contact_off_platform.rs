//! The text asks the buyer to get in touch outside the marketplace.
//!
//! # Measures
//! 1 where title or description name a messenger or ask for a private message; else 0.
//!
//! # Why it points to a counterfeit
//! Pictures, prices and the brand are shown where the marketplace cannot look.
//!
//! # When missing
//! A listing always has a title; without a description the title alone is searched.
//!
//! # How it is evaded
//! Handles without the messenger's name, contact details inside the pictures.
//!
//! # Source
//! Corsearch Zeal seller network; Mercari help.

use super::term_evidence::{presence, quoting};
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::lexicon::Kind;
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct ContactOffPlatform;

impl Signal for ContactOffPlatform {
    fn name(&self) -> &'static str {
        "contact_off_platform"
    }

    fn source(&self) -> &'static str {
        include_str!("contact_off_platform.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title, Column::Description]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        presence(row, |term| term.kind == Kind::Contact)
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        quoting(row, value, "CONTACT_OFF_PLATFORM", "asks for contact by", |term| {
            term.kind == Kind::Contact
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn only_text_that_says_it_counts() {
        with_row(&Listing::new("1", "Bag, whatsapp me"), |row| {
            assert_eq!(ContactOffPlatform.value(&row), Cell::Value(1.0));
            assert_eq!(
                ContactOffPlatform.reason(&row, Cell::Value(1.0)).unwrap().code,
                "CONTACT_OFF_PLATFORM"
            );
        });
        with_row(&Listing::new("1", "Leather bag with strap"), |row| {
            assert_eq!(ContactOffPlatform.value(&row), Cell::Value(0.0));
            assert_eq!(ContactOffPlatform.reason(&row, Cell::Value(0.0)), None);
        });
    }

    #[test]
    fn a_listing_without_text_is_missing() {
        with_row(&Listing::new("1", ""), |row| {
            assert_eq!(ContactOffPlatform.value(&row), Cell::Missing);
        });
    }
}
