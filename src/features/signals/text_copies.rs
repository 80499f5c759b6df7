//! Other listings have nearly the same text.
//!
//! # Measures
//! Other listings of the export with nearly the same title and description. Used as ln(1 + value).
//!
//! # Why it points to a counterfeit
//! One workshop serves many sellers, with one text. Texts of the brand or of the marketplace are copied
//! honestly, so the direction is the marketplace's own.
//!
//! # When missing
//! Without the column, which `pinchbeck enrich` adds, the value is unknown; an empty cell counts as
//! missing.
//!
//! # How it is evaded
//! Texts are written anew by machine.
//!
//! # Source
//! Mutemi and Bacao 2023; Cheung et al. 2019.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column, Transform};

/// See the module's documentation.
pub(crate) struct TextCopies;

impl Signal for TextCopies {
    fn name(&self) -> &'static str {
        "text_copies"
    }

    fn source(&self) -> &'static str {
        include_str!("text_copies.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::TextCopyCount]
    }

    fn transform(&self) -> Transform {
        Transform::Log1p
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::TextCopyCount)
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let _ = row;
        let n = value.value().filter(|value| *value >= 1.0)?;
        Reason::new("DUPLICATE_TEXT", format!("{n:.0} other listings have nearly the same text"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn copies_are_counted_and_told() {
        let with = |n: f64| Listing { text_copy_count: Some(n), ..Listing::new("1", "bag") };
        with_row(&with(7.0), |row| {
            assert_eq!(TextCopies.value(&row), Cell::Value(7.0));
            let reason = TextCopies.reason(&row, Cell::Value(7.0)).unwrap();
            assert_eq!(reason.text, "7 other listings have nearly the same text");
            assert_eq!(TextCopies.reason(&row, Cell::Value(0.0)), None);
        });
        with_row(&with(f64::NAN), |row| assert_eq!(TextCopies.value(&row), Cell::Missing));
    }
}
