//! Title and brand field name different brands.
//!
//! # Measures
//! 1 where the brand field is filled and the title names a brand of the table that is neither that
//! brand nor of its group, and does so to say what the goods are; 0 else. The name in “case for iPhone”
//! says what the goods fit and does not count, but for goods to wear or to put on.
//!
//! # Why it points to a counterfeit
//! The brand that sells stands in the title; the brand field is filled with something that no filter
//! looks for.
//!
//! # When missing
//! Data without a brand column says nothing. An empty brand field is `missing_brand`'s and
//! `brand_only_in_title`'s matter.
//!
//! # How it is evaded
//! The brand field repeats the brand of the title.
//!
//! # Source
//! Corsearch Zeal; Ozon E-CUP 2025 (`brand_in_name`).

use super::brand_evidence::other_brand;
use super::term_evidence::quoted;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct BrandTitleMismatch;

impl Signal for BrandTitleMismatch {
    fn name(&self) -> &'static str {
        "brand_title_mismatch"
    }

    fn source(&self) -> &'static str {
        include_str!("brand_title_mismatch.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Brand, Column::Title]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        match row.text(Column::Brand) {
            Cell::Unknown => Cell::Unknown,
            Cell::Missing => Cell::Value(0.0),
            Cell::Value(_) => Cell::Value(f64::from(other_brand(row).is_some())),
        }
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let (mention, brand) = other_brand(row)?;
        let declared = quoted(row.text(Column::Brand).value()?);
        let written = quoted(row.written(mention.field, &mention.source));
        let text = format!(
            "the title names {written} ({}) and the brand field says {declared}",
            brand.name
        );
        Reason::new("BRAND_MISMATCH", text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    fn value(title: &str, brand: Option<&str>) -> Cell<f64> {
        let listing = Listing { brand: brand.map(String::from), ..Listing::new("1", title) };
        let mut found = Cell::Unknown;
        with_row(&listing, |row| found = BrandTitleMismatch.value(&row));
        found
    }

    #[test]
    fn only_an_unrelated_brand_that_names_the_goods_counts() {
        assert_eq!(value("Gucci bag", Some("NoName")), Cell::Value(1.0));
        assert_eq!(value("Gucci bag", Some("ＧＵＣＣＩ")), Cell::Value(0.0));
        assert_eq!(value("Jordan 1 sneakers", Some("Nike")), Cell::Value(0.0));
        assert_eq!(value("Case for iPhone 15", Some("Spigen")), Cell::Value(0.0));
        assert_eq!(value("Headphones for iPhone", Some("Velmora")), Cell::Value(0.0));
        assert_eq!(value("Xiaomi Mijia kettle", Some("Mijia")), Cell::Value(0.0));
        assert_eq!(value("Bag for Gucci lovers", Some("Velmora")), Cell::Value(1.0));
        assert_eq!(value("plain bag", Some("Velmora")), Cell::Value(0.0));
        assert_eq!(value("Gucci bag", Some("")), Cell::Value(0.0));
        assert_eq!(value("Gucci bag", None), Cell::Unknown);
    }
}
