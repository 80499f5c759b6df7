//! How many kinds of goods the seller offers for so many listings.
//!
//! # Measures
//! Categories of the seller in the export beyond the first / listings of the seller in the export.
//!
//! # Why it points to a counterfeit
//! Unrelated goods of everything that sells come from no trade; general stores have them too, with many
//! listings of each.
//!
//! # When missing
//! Without the column, which `pinchbeck enrich` adds, the value is unknown; an empty cell counts as
//! missing.
//!
//! # How it is evaded
//! By several accounts, one a category.
//!
//! # Source
//! Ozon E-CUP 2025 (aggregates of sellers); the ratio is judgement.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct SellerCategoryBreadth;

impl Signal for SellerCategoryBreadth {
    fn name(&self) -> &'static str {
        "seller_category_breadth"
    }

    fn source(&self) -> &'static str {
        include_str!("seller_category_breadth.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::SellerCategoryCount, Column::SellerExportCount]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::SellerCategoryCount).and_then(|kinds| {
            match row.number(Column::SellerExportCount) {
                Cell::Value(listings) if listings >= 1.0 => {
                    Cell::Value((kinds - 1.0).max(0.0) / listings)
                }
                _ => Cell::Unknown,
            }
        })
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let kinds = row.number(Column::SellerCategoryCount).value().filter(|own| *own >= 3.0)?;
        let listings = row.number(Column::SellerExportCount).value()?;
        let text =
            format!("the seller offers goods of {kinds:.0} categories in {listings:.0} listings");
        Reason::new("SELLER_MANY_CATEGORIES", text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn the_first_category_is_free() {
        let with = |kinds: f64, listings: f64| Listing {
            seller_category_count: Some(kinds),
            seller_export_count: Some(listings),
            ..Listing::new("1", "bag")
        };
        with_row(&with(4.0, 6.0), |row| {
            assert_eq!(SellerCategoryBreadth.value(&row), Cell::Value(0.5));
            let reason = SellerCategoryBreadth.reason(&row, Cell::Value(0.5)).unwrap();
            assert_eq!(reason.text, "the seller offers goods of 4 categories in 6 listings");
        });
        with_row(&with(f64::NAN, 3.0), |row| {
            assert_eq!(SellerCategoryBreadth.value(&row), Cell::Missing);
        });
    }
}
