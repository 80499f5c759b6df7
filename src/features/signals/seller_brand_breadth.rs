//! How many brands the seller offers for so many listings.
//!
//! # Measures
//! Brands of the seller in the export beyond the first / listings of the seller in the export.
//!
//! # Why it points to a counterfeit
//! Dealers keep to a few brands or have many listings of each. Who sells fakes offers one piece each of
//! everything that sells.
//!
//! # When missing
//! Without the column, which `pinchbeck enrich` adds, the value is unknown; an empty cell counts as
//! missing.
//!
//! # How it is evaded
//! By several accounts, one a brand.
//!
//! # Source
//! Ozon E-CUP 2025 (aggregates of sellers); the ratio is judgement.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct SellerBrandBreadth;

impl Signal for SellerBrandBreadth {
    fn name(&self) -> &'static str {
        "seller_brand_breadth"
    }

    fn source(&self) -> &'static str {
        include_str!("seller_brand_breadth.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::SellerBrandCount, Column::SellerExportCount]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::SellerBrandCount).and_then(|brands| {
            match row.number(Column::SellerExportCount) {
                Cell::Value(listings) if listings >= 1.0 => {
                    Cell::Value((brands - 1.0).max(0.0) / listings)
                }
                _ => Cell::Unknown,
            }
        })
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let brands = row.number(Column::SellerBrandCount).value().filter(|own| *own >= 3.0)?;
        let listings = row.number(Column::SellerExportCount).value()?;
        let text = format!("the seller offers {brands:.0} brands in {listings:.0} listings");
        Reason::new("SELLER_MANY_BRANDS", text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn the_first_brand_is_free() {
        let with = |brands: f64, listings: f64| Listing {
            seller_brand_count: Some(brands),
            seller_export_count: Some(listings),
            ..Listing::new("1", "bag")
        };
        with_row(&with(5.0, 8.0), |row| {
            assert_eq!(SellerBrandBreadth.value(&row), Cell::Value(0.5));
            let reason = SellerBrandBreadth.reason(&row, Cell::Value(0.5)).unwrap();
            assert_eq!(reason.text, "the seller offers 5 brands in 8 listings");
        });
        with_row(&with(0.0, 3.0), |row| {
            assert_eq!(SellerBrandBreadth.value(&row), Cell::Value(0.0));
        });
        with_row(&with(f64::NAN, 3.0), |row| {
            assert_eq!(SellerBrandBreadth.value(&row), Cell::Missing);
        });
    }
}
