//! Other sellers use the same picture.
//!
//! # Measures
//! How many other sellers use the same picture in the export. Used as ln(1 + value).
//!
//! # Why it points to a counterfeit
//! Who has the goods takes pictures of them. The same picture with many sellers is a workshop's, or the
//! brand's catalogue.
//!
//! # When missing
//! Without the column, which `pinchbeck enrich` adds, the value is unknown; an empty cell counts as
//! missing.
//!
//! # How it is evaded
//! Pictures are mirrored, cut or filtered; only equal hashes are seen.
//!
//! # Source
//! Cheung et al. 2019 (graphs of images); PAST2212.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column, Transform};

/// See the module's documentation.
pub(crate) struct ImageCopies;

impl Signal for ImageCopies {
    fn name(&self) -> &'static str {
        "image_copies"
    }

    fn source(&self) -> &'static str {
        include_str!("image_copies.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::ImageCopySellerCount]
    }

    fn transform(&self) -> Transform {
        Transform::Log1p
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::ImageCopySellerCount)
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let _ = row;
        let n = value.value().filter(|value| *value >= 1.0)?;
        Reason::new("DUPLICATE_IMAGE", format!("{n:.0} other sellers use the same picture"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn other_sellers_are_counted_and_told() {
        let with =
            |n: f64| Listing { image_copy_seller_count: Some(n), ..Listing::new("1", "bag") };
        with_row(&with(3.0), |row| {
            assert_eq!(ImageCopies.value(&row), Cell::Value(3.0));
            let reason = ImageCopies.reason(&row, Cell::Value(3.0)).unwrap();
            assert_eq!(reason.text, "3 other sellers use the same picture");
            assert_eq!(ImageCopies.reason(&row, Cell::Value(0.0)), None);
        });
        with_row(&with(f64::NAN), |row| assert_eq!(ImageCopies.value(&row), Cell::Missing));
    }
}
