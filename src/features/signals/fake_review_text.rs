//! Reviews say in words that the goods are fake.
//!
//! # Measures
//! How many terms of the lexicons for complaints the text of reviews holds that nothing beside them
//! denies. Used as ln(1 + value).
//!
//! # Why it points to a counterfeit
//! Buyers have the goods in their hands, and write it.
//!
//! # When missing
//! An empty text counts as missing; data without the column says nothing.
//!
//! # How it is evaded
//! Reviews are deleted or drowned.
//!
//! # Source
//! Alibaba, reports on intellectual property (semantic patterns in comments); PAST2212.

use super::term_evidence::quoted;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column, Transform};

/// See the module's documentation.
pub(crate) struct FakeReviewText;

impl Signal for FakeReviewText {
    fn name(&self) -> &'static str {
        "fake_review_text"
    }

    fn source(&self) -> &'static str {
        include_str!("fake_review_text.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::ReviewText]
    }

    fn transform(&self) -> Transform {
        Transform::Log1p
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.text(Column::ReviewText).map(|_| row.complaints().count() as f64)
    }

    fn family(&self) -> &'static str {
        "fake_review_share"
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let mut quotes: Vec<String> = Vec::new();
        for (hit, _) in row.complaints() {
            let quote = quoted(row.written(hit.field, &hit.source));
            if quotes.len() < 3 && !quotes.contains(&quote) {
                quotes.push(quote);
            }
        }
        Reason::new("REVIEWS_FAKE", format!("reviews say {}", quotes.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn complaints_are_found_in_reviews_only() {
        let with = |review: &str| Listing {
            review_text: Some(review.into()),
            ..Listing::new("1", "this is fake")
        };
        with_row(&with("It is a fake! Total fake."), |row| {
            assert_eq!(FakeReviewText.value(&row), Cell::Value(2.0));
            let reason = FakeReviewText.reason(&row, Cell::Value(2.0)).unwrap();
            assert!(reason.text.starts_with("reviews say “"), "{}", reason.text);
        });
        with_row(&with("Great, not a fake"), |row| {
            assert_eq!(FakeReviewText.value(&row), Cell::Value(0.0));
        });
        with_row(&with(""), |row| assert_eq!(FakeReviewText.value(&row), Cell::Missing));
        with_row(&Listing::new("1", "fake"), |row| {
            assert_eq!(FakeReviewText.value(&row), Cell::Unknown);
        });
    }
}
