//! How many of the reviews call the goods fake.
//!
//! # Measures
//! (reviews that say so + 0.02) / (reviews + 2): the share, drawn towards 1 in 100 with the weight of
//! two reviews. Without a count of reviews (they + 0.02) / (they + 2).
//!
//! # Why it points to a counterfeit
//! Buyers have the goods in their hands. It is the strongest signal of detectors that can see it, and
//! comes late.
//!
//! # When missing
//! An empty count counts as missing; data without the column says nothing.
//!
//! # How it is evaded
//! Reviews are bought, and listings opened anew.
//!
//! # Source
//! PAST2212 fake-product-detector (its largest weight); Alibaba, reports on intellectual property.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct FakeReviewShare;

impl Signal for FakeReviewShare {
    fn name(&self) -> &'static str {
        "fake_review_share"
    }

    fn source(&self) -> &'static str {
        include_str!("fake_review_share.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::FakeReviewCount, Column::ReviewCount]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::FakeReviewCount).map(|fake| {
            let all = row.number(Column::ReviewCount).value().unwrap_or(fake).max(fake);
            (fake + PRIOR_SHARE * PRIOR_WEIGHT) / (all + PRIOR_WEIGHT)
        })
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value()?;
        let fake = row.number(Column::FakeReviewCount).value().filter(|own| *own >= 1.0)?;
        let text = match row.number(Column::ReviewCount).value() {
            Some(all) => format!("{fake:.0} of {:.0} reviews call the goods fake", all.max(fake)),
            None => format!("{fake:.0} reviews call the goods fake"),
        };
        Reason::new("REVIEWS_FAKE", text)
    }
}

/// The share of such reviews where nothing is known.
const PRIOR_SHARE: f64 = 0.01;

/// How many reviews that is worth.
const PRIOR_WEIGHT: f64 = 2.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn the_share_is_drawn_towards_one_in_a_hundred() {
        let with = |fake: f64, all: f64| Listing {
            fake_review_count: Some(fake),
            review_count: Some(all),
            ..Listing::new("1", "bag")
        };
        // (3 + 0.02) / (8 + 2)
        with_row(&with(3.0, 8.0), |row| {
            let value = FakeReviewShare.value(&row).value().unwrap();
            assert!((value - 0.302).abs() < 1e-12);
            let reason = FakeReviewShare.reason(&row, Cell::Value(value)).unwrap();
            assert_eq!(reason.text, "3 of 8 reviews call the goods fake");
        });
        with_row(&with(0.0, 0.0), |row| {
            assert!((FakeReviewShare.value(&row).value().unwrap() - 0.01).abs() < 1e-12);
        });
        with_row(&with(f64::NAN, 8.0), |row| {
            assert_eq!(FakeReviewShare.value(&row), Cell::Missing);
        });
        with_row(&Listing::new("1", "bag"), |row| {
            assert_eq!(FakeReviewShare.value(&row), Cell::Unknown);
        });
    }
}
