//! The text declines to stand for the goods being genuine.
//!
//! # Measures
//! 1 where title or description hold a disclaimer such as "cannot guarantee authenticity"; else 0.
//!
//! # Why it points to a counterfeit
//! Who sells what he knows to be a fake keeps a way out open.
//!
//! # When missing
//! A listing always has a title; without a description the title alone is searched.
//!
//! # How it is evaded
//! The disclaimer is given in a message.
//!
//! # Source
//! colotanblog.com (Japanese), pc-magazin.de (German); seeds in the other languages.

use super::term_evidence::{presence, quoting};
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::lexicon::Kind;
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct AuthenticityDisclaimer;

impl Signal for AuthenticityDisclaimer {
    fn name(&self) -> &'static str {
        "authenticity_disclaimer"
    }

    fn source(&self) -> &'static str {
        include_str!("authenticity_disclaimer.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title, Column::Description]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        presence(row, |term| term.kind == Kind::Disclaimer)
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        quoting(row, value, "AUTH_DISCLAIMER", "says", |term| term.kind == Kind::Disclaimer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn only_text_that_says_it_counts() {
        with_row(&Listing::new("1", "Bag, cannot guarantee authenticity"), |row| {
            assert_eq!(AuthenticityDisclaimer.value(&row), Cell::Value(1.0));
            assert_eq!(
                AuthenticityDisclaimer.reason(&row, Cell::Value(1.0)).unwrap().code,
                "AUTH_DISCLAIMER"
            );
        });
        with_row(&Listing::new("1", "Leather bag with strap"), |row| {
            assert_eq!(AuthenticityDisclaimer.value(&row), Cell::Value(0.0));
            assert_eq!(AuthenticityDisclaimer.reason(&row, Cell::Value(0.0)), None);
        });
    }

    #[test]
    fn a_listing_without_text_is_missing() {
        with_row(&Listing::new("1", ""), |row| {
            assert_eq!(AuthenticityDisclaimer.value(&row), Cell::Missing);
        });
    }
}
