//! The product code is used for several brands.
//!
//! # Measures
//! Brands under which the export offers this product code (GTIN) beyond the first. Used as ln(1 +
//! value).
//!
//! # Why it points to a counterfeit
//! A code belongs to one article of one brand. Codes that are copied to pass a form meet other brands.
//!
//! # When missing
//! Without the column, which `pinchbeck enrich` adds, the value is unknown; an empty cell counts as
//! missing.
//!
//! # How it is evaded
//! The brand field is left empty too.
//!
//! # Source
//! GS1 General Specifications; the count is judgement.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column, Transform};

/// See the module's documentation.
pub(crate) struct GtinConflict;

impl Signal for GtinConflict {
    fn name(&self) -> &'static str {
        "gtin_conflict"
    }

    fn source(&self) -> &'static str {
        include_str!("gtin_conflict.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::GtinBrandCount]
    }

    fn transform(&self) -> Transform {
        Transform::Log1p
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::GtinBrandCount).map(|brands| (brands - 1.0).max(0.0))
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value >= 1.0)?;
        let brands = row.number(Column::GtinBrandCount).value()?;
        let text = format!("the product code (GTIN) is used for {brands:.0} brands");
        Reason::new("GTIN_CONFLICT", text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn brands_beyond_the_first_count() {
        let with = |n: f64| Listing { gtin_brand_count: Some(n), ..Listing::new("1", "bag") };
        with_row(&with(3.0), |row| {
            assert_eq!(GtinConflict.value(&row), Cell::Value(2.0));
            let reason = GtinConflict.reason(&row, Cell::Value(2.0)).unwrap();
            assert_eq!(reason.text, "the product code (GTIN) is used for 3 brands");
        });
        with_row(&with(1.0), |row| assert_eq!(GtinConflict.value(&row), Cell::Value(0.0)));
        with_row(&with(f64::NAN), |row| assert_eq!(GtinConflict.value(&row), Cell::Missing));
    }
}
