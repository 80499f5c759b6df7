//! Ratings and sales of the seller do not fit each other.
//!
//! # Measures
//! 1 where the seller has a rating and no ratings that it could come from, or the listing has sold
//! pieces and the seller has no ratings; else 0.
//!
//! # Why it points to a counterfeit
//! Bought or carried-over ratings, and sales that are booked to look busy, leave such gaps.
//!
//! # When missing
//! Without the count of ratings the value is unknown.
//!
//! # How it is evaded
//! By buying ratings too.
//!
//! # Source
//! Public solutions to marketplace counterfeit detection (sold and no feedback).

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct RatingWithoutFeedback;

impl Signal for RatingWithoutFeedback {
    fn name(&self) -> &'static str {
        "rating_without_feedback"
    }

    fn source(&self) -> &'static str {
        include_str!("rating_without_feedback.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::SellerRating, Column::SellerFeedbackCount, Column::SalesCount]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        match row.number(Column::SellerFeedbackCount) {
            Cell::Value(n) => {
                let has_rating =
                    row.number(Column::SellerRating).value().is_some_and(|own| own > 0.0);
                let has_sold = row.number(Column::SalesCount).value().is_some_and(|own| own > 0.0);
                Cell::Value(f64::from(n < 1.0 && (has_rating || has_sold)))
            }
            Cell::Missing | Cell::Unknown => Cell::Unknown,
        }
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let text = match row.number(Column::SalesCount) {
            Cell::Value(sold) if sold > 0.0 => {
                format!("{sold:.0} pieces are sold and the seller has no ratings")
            }
            _ => "the seller has a rating and no ratings that it could come from".to_owned(),
        };
        Reason::new("RATING_SHAPE", text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn a_rating_or_sales_need_feedback() {
        let with = |rating: f64, feedback: f64, sales: f64| Listing {
            seller_rating: Some(rating),
            seller_feedback_count: Some(feedback),
            sales_count: Some(sales),
            ..Listing::new("1", "bag")
        };
        for (listing, expected) in [
            (with(4.8, 0.0, 0.0), Cell::Value(1.0)),
            (with(f64::NAN, 0.0, 40.0), Cell::Value(1.0)),
            (with(4.8, 12.0, 40.0), Cell::Value(0.0)),
            (with(f64::NAN, 0.0, 0.0), Cell::Value(0.0)),
            (with(4.8, f64::NAN, 40.0), Cell::Unknown),
        ] {
            with_row(&listing, |row| assert_eq!(RatingWithoutFeedback.value(&row), expected));
        }
    }
}
