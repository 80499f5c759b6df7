//! How many ratings the seller has received.
//!
//! # Measures
//! The count of ratings, used as ln(1 + count).
//!
//! # Why it points to a counterfeit
//! Long records are lost when an account is closed; sellers of fakes start again with none.
//!
//! # When missing
//! An empty count is evidence of its own; it is not the same as zero.
//!
//! # How it is evaded
//! Ratings are bought in bulk, or earned with goods that cost a few cents.
//!
//! # Source
//! PAST2212/fake-product-detector; Ozon E-CUP 2025 data.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column, Transform};

/// See the module's documentation.
pub(crate) struct SellerFeedbackCount;

impl Signal for SellerFeedbackCount {
    fn name(&self) -> &'static str {
        Column::SellerFeedbackCount.name()
    }

    fn source(&self) -> &'static str {
        include_str!("seller_feedback_count.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::SellerFeedbackCount]
    }

    fn transform(&self) -> Transform {
        Transform::Log1p
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Lowers
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::SellerFeedbackCount)
    }

    fn reason(&self, _: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        match value {
            Cell::Unknown => None,
            Cell::Missing => {
                Reason::new("SELLER_FEEDBACK_MISSING", "the seller's count of ratings is not given")
            }
            Cell::Value(count) => Reason::new(
                "SELLER_FEEDBACK",
                format!(
                    "seller has received {count} {}",
                    if count == 1.0 { "rating" } else { "ratings" }
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn a_count_of_zero_is_not_a_missing_count() {
        let listing = Listing { seller_feedback_count: Some(0.0), ..Listing::new("1", "bag") };
        with_row(&listing, |row| assert_eq!(SellerFeedbackCount.value(&row), Cell::Value(0.0)));
        let listing = Listing { seller_feedback_count: Some(f64::NAN), ..Listing::new("1", "bag") };
        with_row(&listing, |row| assert_eq!(SellerFeedbackCount.value(&row), Cell::Missing));
    }
}
