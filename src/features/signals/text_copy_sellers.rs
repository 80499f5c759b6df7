//! Other sellers use nearly the same text.
//!
//! # Measures
//! How many other sellers have nearly the same text in the export. Used as ln(1 + value).
//!
//! # Why it points to a counterfeit
//! Independent traders do not write the same words. Where the text is not the brand's own, they are
//! one, or buy from one workshop.
//!
//! # When missing
//! Without the column, which `pinchbeck enrich` adds, the value is unknown; an empty cell counts as
//! missing.
//!
//! # How it is evaded
//! Texts are written anew by machine.
//!
//! # Source
//! Cheung et al. 2019 and 2023; Corsearch Zeal, seller networks.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column, Transform};

/// See the module's documentation.
pub(crate) struct TextCopySellers;

impl Signal for TextCopySellers {
    fn name(&self) -> &'static str {
        "text_copy_sellers"
    }

    fn source(&self) -> &'static str {
        include_str!("text_copy_sellers.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::TextCopySellerCount]
    }

    fn transform(&self) -> Transform {
        Transform::Log1p
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::TextCopySellerCount)
    }

    fn family(&self) -> &'static str {
        "text_copies"
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let _ = row;
        let n = value.value().filter(|value| *value >= 1.0)?;
        Reason::new("DUPLICATE_TEXT", format!("{n:.0} other sellers have nearly the same text"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn other_sellers_are_counted_and_told() {
        let with = |n: f64| Listing { text_copy_seller_count: Some(n), ..Listing::new("1", "bag") };
        with_row(&with(3.0), |row| {
            assert_eq!(TextCopySellers.value(&row), Cell::Value(3.0));
            let reason = TextCopySellers.reason(&row, Cell::Value(3.0)).unwrap();
            assert_eq!(reason.text, "3 other sellers have nearly the same text");
            assert_eq!(TextCopySellers.reason(&row, Cell::Value(0.0)), None);
        });
        with_row(&with(f64::NAN), |row| assert_eq!(TextCopySellers.value(&row), Cell::Missing));
    }
}
