//! Claims of authenticity are stacked on each other.
//!
//! # Measures
//! The number of different claims of authenticity in title and description beyond the first.
//!
//! # Why it points to a counterfeit
//! One claim is what honest sellers write. Several on top of each other answer a doubt that nobody has
//! raised.
//!
//! # When missing
//! A listing always has a title; without a description the title alone is searched.
//!
//! # How it is evaded
//! The claims go into the pictures.
//!
//! # Source
//! entrupy.com (authentic plastered all over); the step from one to several is judgement.

use std::collections::HashSet;

use super::term_evidence::quoting;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::lexicon::Kind;
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct StackedClaims;

impl Signal for StackedClaims {
    fn name(&self) -> &'static str {
        "stacked_claims"
    }

    fn source(&self) -> &'static str {
        include_str!("stacked_claims.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title, Column::Description]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.text(Column::Title).or(|| row.text(Column::Description)).map(|_| {
            let claims = row.hits().filter(|(_, term)| term.kind == Kind::AuthenticityClaim);
            let different: HashSet<&str> = claims.map(|(_, term)| term.folded.as_str()).collect();
            different.len().saturating_sub(1) as f64
        })
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let is_claim = |term: &crate::lexicon::Term| term.kind == Kind::AuthenticityClaim;
        quoting(row, Cell::Value(1.0), "AUTH_OVERCLAIM", "stacks claims of authenticity:", is_claim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn the_first_claim_is_free() {
        for (title, expected) in [
            ("Gucci bag", 0.0),
            ("genuine Gucci bag", 0.0),
            ("100% authentic, guaranteed genuine Gucci bag, original", 2.0),
            ("original original original", 0.0),
        ] {
            with_row(&Listing::new("1", title), |row| {
                assert_eq!(StackedClaims.value(&row), Cell::Value(expected), "{title}");
            });
        }
        with_row(&Listing::new("1", ""), |row| {
            assert_eq!(StackedClaims.value(&row), Cell::Missing);
        });
    }
}
