//! How many pieces the listing has sold.
//!
//! # Measures
//! The count of pieces sold, in the period that the export covers; used as ln(1 + count).
//!
//! # Why it points to a counterfeit
//! Genuine listings stay and go on selling; listings of fakes are young and often removed before
//! they sell much.
//!
//! # When missing
//! An empty count is evidence of its own.
//!
//! # How it is evaded
//! Orders are placed by the seller's friends.
//!
//! # Source
//! Ozon E-CUP 2025 data.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column, Transform};

/// See the module's documentation.
pub(crate) struct SalesCount;

impl Signal for SalesCount {
    fn name(&self) -> &'static str {
        Column::SalesCount.name()
    }

    fn source(&self) -> &'static str {
        include_str!("sales_count.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::SalesCount]
    }

    fn transform(&self) -> Transform {
        Transform::Log1p
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Lowers
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::SalesCount)
    }

    fn reason(&self, _: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        match value {
            Cell::Unknown => None,
            Cell::Missing => Reason::new("SALES_MISSING", "the count of pieces sold is not given"),
            Cell::Value(count) => {
                let unit = if count == 1.0 { "piece" } else { "pieces" };
                Reason::new("SALES", format!("listing has sold {count} {unit}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn sales_are_counted_and_their_absence_is_missing() {
        let listing = Listing { sales_count: Some(12.0), ..Listing::new("1", "bag") };
        with_row(&listing, |row| {
            assert_eq!(
                SalesCount.reason(&row, SalesCount.value(&row)),
                Reason::new("SALES", "listing has sold 12 pieces")
            );
        });
        let listing = Listing { sales_count: Some(f64::NAN), ..Listing::new("1", "bag") };
        with_row(&listing, |row| assert_eq!(SalesCount.value(&row), Cell::Missing));
    }
}
