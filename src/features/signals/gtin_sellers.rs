//! Other sellers use the same product code.
//!
//! # Measures
//! How many other sellers use the same product code (GTIN) in the export. Used as ln(1 + value).
//!
//! # Why it points to a counterfeit
//! The code of a genuine article is what many honest sellers share, and what fakes copy; the fit
//! decides.
//!
//! # When missing
//! Without the column, which `pinchbeck enrich` adds, the value is unknown; an empty cell counts as
//! missing.
//!
//! # How it is evaded
//! The code is left out, or made up.
//!
//! # Source
//! Google product data practice; judgement.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column, Transform};

/// See the module's documentation.
pub(crate) struct GtinSellers;

impl Signal for GtinSellers {
    fn name(&self) -> &'static str {
        "gtin_sellers"
    }

    fn source(&self) -> &'static str {
        include_str!("gtin_sellers.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::GtinSellerCount]
    }

    fn transform(&self) -> Transform {
        Transform::Log1p
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::GtinSellerCount)
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let _ = row;
        let n = value.value().filter(|value| *value >= 1.0)?;
        Reason::new("GTIN_SHARED", format!("{n:.0} other sellers use the same product code (GTIN)"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn other_sellers_are_counted_and_told() {
        let with = |n: f64| Listing { gtin_seller_count: Some(n), ..Listing::new("1", "bag") };
        with_row(&with(3.0), |row| {
            assert_eq!(GtinSellers.value(&row), Cell::Value(3.0));
            let reason = GtinSellers.reason(&row, Cell::Value(3.0)).unwrap();
            assert_eq!(reason.text, "3 other sellers use the same product code (GTIN)");
            assert_eq!(GtinSellers.reason(&row, Cell::Value(0.0)), None);
        });
        with_row(&with(f64::NAN), |row| assert_eq!(GtinSellers.value(&row), Cell::Missing));
    }
}
