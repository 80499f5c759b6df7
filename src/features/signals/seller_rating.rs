//! The seller's average rating.
//!
//! # Measures
//! The rating on the scale of the marketplace, as it is; the model standardizes it, so any scale
//! will do as long as training and scoring use the same.
//!
//! # Why it points to a counterfeit
//! Buyers of fakes complain. A low average is weak evidence; most sellers stand near the top.
//!
//! # When missing
//! A seller without a rating is new or sells nothing; that is evidence of its own.
//!
//! # How it is evaded
//! Ratings are bought, or earned with cheap genuine goods before the fakes are listed.
//!
//! # Source
//! Ozon E-CUP 2025 data; PAST2212/fake-product-detector.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct SellerRating;

impl Signal for SellerRating {
    fn name(&self) -> &'static str {
        Column::SellerRating.name()
    }

    fn source(&self) -> &'static str {
        include_str!("seller_rating.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::SellerRating]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Lowers
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::SellerRating)
    }

    fn reason(&self, _: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        match value {
            Cell::Unknown => None,
            Cell::Missing => Reason::new("SELLER_UNRATED", "the seller has no rating"),
            Cell::Value(rating) => {
                Reason::new("SELLER_RATING", format!("seller rating of {rating}"))
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
    fn the_rating_is_used_as_it_is_and_its_absence_is_told() {
        let listing = Listing { seller_rating: Some(3.2), ..Listing::new("1", "bag") };
        with_row(&listing, |row| assert_eq!(SellerRating.value(&row), Cell::Value(3.2)));
        let listing = Listing { seller_rating: Some(f64::NAN), ..Listing::new("1", "bag") };
        with_row(&listing, |row| {
            assert_eq!(SellerRating.value(&row), Cell::Missing);
            assert_eq!(
                SellerRating.reason(&row, SellerRating.value(&row)),
                Reason::new("SELLER_UNRATED", "the seller has no rating")
            );
        });
    }
}
