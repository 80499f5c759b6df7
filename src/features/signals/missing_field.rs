//! A field that the export has and this listing leaves empty.
//!
//! # Measures
//! 1 where the field is empty, 0 where it is filled. One signal a field; fields whose value is a
//! signal of its own have their missing-indicator there.
//!
//! # Why it points to a counterfeit
//! Sellers of fakes fill in less: no product code, no brand, no country. On moderated data 9.8 % of
//! listings without a brand are counterfeit against 4.5 % of those with one. For other fields the
//! direction is the marketplace's own; the fit decides.
//!
//! # When missing
//! An export without the column says nothing about the listing, and the signal is neutral.
//!
//! # How it is evaded
//! The field is filled with something harmless.
//!
//! # Source
//! Ozon E-CUP 2025 data: missing values inform.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct MissingField {
    pub(crate) column: Column,
    pub(crate) name: &'static str,
}

impl Signal for MissingField {
    fn name(&self) -> &'static str {
        self.name
    }

    fn source(&self) -> &'static str {
        include_str!("missing_field.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        std::slice::from_ref(&self.column.info().column)
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        match row.is_missing(self.column) {
            None => Cell::Unknown,
            Some(is) => Cell::Value(f64::from(is)),
        }
    }

    fn reason(&self, _: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        if value != Cell::Value(1.0) {
            return None;
        }
        let noun = self.column.info().noun;
        if noun.starts_with("seller") {
            Reason::new("SELLER_GAP", format!("no {noun} is given"))
        } else {
            Reason::new("CATALOGUE_GAP", format!("the listing gives no {noun}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn empty_filled_and_unknown_are_three_things() {
        let signal = MissingField { column: Column::Gtin, name: "missing_gtin" };
        let with = |gtin: Option<&str>| Listing {
            gtin: gtin.map(String::from),
            ..Listing::new("1", "bag")
        };
        with_row(&with(Some("")), |row| {
            assert_eq!(signal.value(&row), Cell::Value(1.0));
            assert_eq!(
                signal.reason(&row, Cell::Value(1.0)).unwrap().text,
                "the listing gives no product code (GTIN)"
            );
        });
        with_row(&with(Some("04006381333931")), |row| {
            assert_eq!(signal.value(&row), Cell::Value(0.0));
            assert_eq!(signal.reason(&row, Cell::Value(0.0)), None);
        });
        with_row(&with(None), |row| assert_eq!(signal.value(&row), Cell::Unknown));
    }
}
