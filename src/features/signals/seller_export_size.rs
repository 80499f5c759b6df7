//! How many listings the seller has in the export.
//!
//! # Measures
//! Listings of the seller in the export, this one among them. Used as ln(1 + value).
//!
//! # Why it points to a counterfeit
//! Sellers of fakes are small and many on one marketplace and large on another; the fit decides.
//!
//! # When missing
//! Without the column, which `pinchbeck enrich` adds, the value is unknown; an empty cell counts as
//! missing.
//!
//! # How it is evaded
//! The listings are spread over several accounts.
//!
//! # Source
//! Ozon E-CUP 2025 (aggregates of sellers).

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column, Transform};

/// See the module's documentation.
pub(crate) struct SellerExportSize;

impl Signal for SellerExportSize {
    fn name(&self) -> &'static str {
        "seller_export_size"
    }

    fn source(&self) -> &'static str {
        include_str!("seller_export_size.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::SellerExportCount]
    }

    fn transform(&self) -> Transform {
        Transform::Log1p
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::SellerExportCount)
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let _ = (row, value);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn the_count_is_the_value_and_no_reason() {
        let with = |n: f64| Listing { seller_export_count: Some(n), ..Listing::new("1", "bag") };
        with_row(&with(12.0), |row| {
            assert_eq!(SellerExportSize.value(&row), Cell::Value(12.0));
            assert_eq!(SellerExportSize.reason(&row, Cell::Value(12.0)), None);
        });
        with_row(&with(f64::NAN), |row| assert_eq!(SellerExportSize.value(&row), Cell::Missing));
    }
}
