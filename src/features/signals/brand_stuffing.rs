//! The title names several brands that have nothing to do with each other.
//!
//! # Measures
//! How many unrelated brands of the table the title names beyond the first; names that only say what the
//! goods fit do not count, but for goods to wear or to put on.
//!
//! # Why it points to a counterfeit
//! Brands in the title draw searches for all of them to goods of none.
//!
//! # When missing
//! A listing always has a title.
//!
//! # How it is evaded
//! The brands go into the description or the search words.
//!
//! # Source
//! eBay, policy on keyword spamming.

use super::brand_evidence::unrelated_brands;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct BrandStuffing;

impl Signal for BrandStuffing {
    fn name(&self) -> &'static str {
        "brand_stuffing"
    }

    fn source(&self) -> &'static str {
        include_str!("brand_stuffing.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.text(Column::Title).map(|_| unrelated_brands(row).len().saturating_sub(1) as f64)
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let names: Vec<&str> = unrelated_brands(row).into_iter().take(MAX_TOLD).collect();
        Reason::new("BRAND_STUFFING", format!("the title names the brands {}", names.join(", ")))
    }
}

/// The most brands that a reason names.
const MAX_TOLD: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    fn value(title: &str) -> Cell<f64> {
        let mut found = Cell::Unknown;
        with_row(&Listing::new("1", title), |row| found = BrandStuffing.value(&row));
        found
    }

    #[test]
    fn related_brands_and_mere_mentions_do_not_count() {
        assert_eq!(value("Gucci Prada Chanel style bag"), Cell::Value(2.0));
        assert_eq!(value("Nike Air Jordan sneakers"), Cell::Value(0.0));
        assert_eq!(value("case for iPhone Samsung Huawei"), Cell::Value(0.0));
        assert_eq!(value("bag"), Cell::Value(0.0));
        assert_eq!(value(""), Cell::Missing);
        with_row(&Listing::new("1", "Gucci and Prada bag"), |row| {
            let reason = BrandStuffing.reason(&row, Cell::Value(1.0)).unwrap();
            assert_eq!(reason.text, "the title names the brands Gucci, Prada");
        });
    }
}
