//! How many pictures the listing has.
//!
//! # Measures
//! Pictures in the listing. Used as ln(1 + value).
//!
//! # Why it points to a counterfeit
//! Who has the goods can take pictures of them; who copies a catalogue has one or two. The direction is
//! the marketplace's own.
//!
//! # When missing
//! An empty count is evidence of its own.
//!
//! # How it is evaded
//! Pictures are copied in number.
//!
//! # Source
//! Corsearch Zeal, image count.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column, Transform};

/// See the module's documentation.
pub(crate) struct ImageCount;

impl Signal for ImageCount {
    fn name(&self) -> &'static str {
        Column::ImageCount.name()
    }

    fn source(&self) -> &'static str {
        include_str!("image_count.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::ImageCount]
    }

    fn transform(&self) -> Transform {
        Transform::Log1p
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::ImageCount)
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let _ = row;
        let n = value.value()?;
        match n {
            n if n < 1.0 => Reason::new("FEW_IMAGES", "the listing has no picture"),
            n if n < 2.0 => Reason::new("FEW_IMAGES", "the listing has one picture"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn few_pictures_are_told() {
        let with = |n: f64| Listing { image_count: Some(n), ..Listing::new("1", "bag") };
        with_row(&with(1.0), |row| {
            assert_eq!(ImageCount.value(&row), Cell::Value(1.0));
            let reason = ImageCount.reason(&row, Cell::Value(1.0)).unwrap();
            assert_eq!(reason.text, "the listing has one picture");
            assert_eq!(ImageCount.reason(&row, Cell::Value(6.0)), None);
        });
        with_row(&with(f64::NAN), |row| assert_eq!(ImageCount.value(&row), Cell::Missing));
    }
}
