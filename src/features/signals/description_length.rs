//! How long the description is.
//!
//! # Measures
//! The number of characters of the description, used as ln(1 + characters).
//!
//! # Why it points to a counterfeit
//! Sellers of fakes often say little: no material, no size, no model number. Weak on its own.
//!
//! # When missing
//! An empty description is evidence of its own.
//!
//! # How it is evaded
//! The brand's own text is copied.
//!
//! # Source
//! Kaggle peers of the field; Mutemi and Bacao 2023 (text added little).

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column, Transform};

/// Descriptions shorter than a line are spoken of as short.
const SHORT_CHARS: f64 = 80.0;

/// See the module's documentation.
pub(crate) struct DescriptionLength;

impl Signal for DescriptionLength {
    fn name(&self) -> &'static str {
        "description_length"
    }

    fn source(&self) -> &'static str {
        include_str!("description_length.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Description]
    }

    fn transform(&self) -> Transform {
        Transform::Log1p
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Lowers
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.text(Column::Description).map(|text| text.chars().count() as f64)
    }

    fn reason(&self, _: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        match value {
            Cell::Unknown => None,
            Cell::Missing => Reason::new("DESCRIPTION_MISSING", "the listing has no description"),
            Cell::Value(count) => {
                let code =
                    if count < SHORT_CHARS { "DESCRIPTION_SHORT" } else { "DESCRIPTION_LENGTH" };
                Reason::new(code, format!("description of {count} characters"))
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
    fn characters_are_counted_not_bytes() {
        let listing =
            Listing { description: Some("копия".into()), ..Listing::new("1", "bag") };
        with_row(&listing, |row| assert_eq!(DescriptionLength.value(&row), Cell::Value(5.0)));
        let listing = Listing { description: Some("  ".into()), ..Listing::new("1", "bag") };
        with_row(&listing, |row| assert_eq!(DescriptionLength.value(&row), Cell::Missing));
    }
}
