//! The share of sold pieces that came back as not genuine.
//!
//! # Measures
//! (returns as not genuine + 0.02) / (sales + 1): shrunk towards 2 % with the weight of one sale.
//! Cut at 1.
//!
//! # Why it points to a counterfeit
//! The buyer held the piece and says it is a fake. Strong, but it comes late: count only returns
//! that were known at the time for which the listing is scored.
//!
//! # When missing
//! Neutral: `missing_fake_return_count` counts the absence.
//!
//! # How it is evaded
//! The seller refunds before the reason of the return is recorded.
//!
//! # Source
//! Ozon E-CUP 2025 schema (`item_count_fake_returns`).

use super::return_rate::{returned_of_sold, shrunk_rate};
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// The share that a listing without sales is given.
const PRIOR: f64 = 0.02;

/// See the module's documentation.
pub(crate) struct FakeReturnRate;

impl Signal for FakeReturnRate {
    fn name(&self) -> &'static str {
        "fake_return_rate"
    }

    fn source(&self) -> &'static str {
        include_str!("fake_return_rate.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::FakeReturnCount, Column::SalesCount]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        shrunk_rate(row, Column::FakeReturnCount, PRIOR)
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let (returns, sales) = returned_of_sold(row, Column::FakeReturnCount, value)?;
        Reason::new(
            "RETURNS_FAKE",
            format!("{returns} of {sales} pieces sold came back as not genuine"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn the_rate_is_shrunk_and_nothing_returned_is_no_reason() {
        let mut listing = Listing {
            sales_count: Some(9.0),
            fake_return_count: Some(3.0),
            ..Listing::new("1", "bag")
        };
        // (3 + 0.02) / (9 + 1) = 0.302
        with_row(&listing, |row| {
            assert!((FakeReturnRate.value(&row).value().unwrap() - 0.302).abs() < 1e-12);
        });
        listing.fake_return_count = Some(0.0);
        with_row(&listing, |row| {
            assert_eq!(FakeReturnRate.reason(&row, FakeReturnRate.value(&row)), None);
        });
        listing.fake_return_count = Some(f64::NAN);
        with_row(&listing, |row| assert_eq!(FakeReturnRate.value(&row), Cell::Unknown));
    }
}
