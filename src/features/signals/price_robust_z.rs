//! Price against its peers, in robust standard deviations.
//!
//! # Measures
//! (ln price - ln median) / spread over the training listings of the same brand, category, condition
//! and currency, with the fallback of `price_log_ratio`. The spread is 1.4826 times the median
//! absolute deviation of the log prices, at least 0.05. Cut at -8 and 8.
//!
//! # Why it points to a counterfeit
//! The same 40 % below the median is ordinary where prices scatter and remarkable where they do
//! not.
//!
//! # When missing
//! Neutral: `price_log_ratio` counts an empty price.
//!
//! # How it is evaded
//! As `price_log_ratio`; a spread of prices for one item widens the scale.
//!
//! # Source
//! Robust z-score (Iglewicz and Hoaglin 1993), as used by price-anomaly filters of the trade.

use super::price_log_ratio::{among_peers, price_reason};
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// Beyond this many deviations one more says nothing.
const LIMIT: f64 = 8.0;

/// See the module's documentation.
pub(crate) struct PriceRobustZ;

impl Signal for PriceRobustZ {
    fn name(&self) -> &'static str {
        "price_robust_z"
    }

    fn source(&self) -> &'static str {
        include_str!("price_robust_z.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Price, Column::Brand, Column::Category, Column::Condition, Column::Currency]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn reads_state(&self) -> bool {
        true
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        among_peers(row, |log_price, cell| {
            ((log_price - cell.log_reference) / cell.spread).clamp(-LIMIT, LIMIT)
        })
    }

    fn family(&self) -> &'static str {
        "price_log_ratio"
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().and_then(|z| price_reason(row, z))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::{FittedState, Knowledge, Prepared};
    use crate::listing::{Listing, ListingBatch};

    #[test]
    fn deviations_are_counted_in_robust_spreads() {
        let listings: Vec<Listing> = [50.0, 80.0, 90.0, 100.0, 110.0, 125.0, 200.0]
            .map(|price| Listing { price: Some(price), ..Listing::new("1", "bag") })
            .into();
        let batch = ListingBatch::from_listings(&listings);
        let knowledge = Knowledge::builtin().unwrap();
        let prepared = Prepared::new(&batch, &knowledge, None);
        let state = FittedState::fit(&prepared, &[0, 1, 2, 3, 4, 5, 6]);
        // One cell, no parent. ln deviations from ln 100: .693 .223 .105 0 .095 .223 .693, whose
        // median is ln(125 / 100) = 0.22314; z of 50 = ln(0.5) / (1.4826 * 0.22314) = -2.0952.
        let z = PriceRobustZ.value(&prepared.row(&state, 0)).value().unwrap();
        assert!((z + std::f64::consts::LN_2 / (1.4826 * 0.223_143_551_314_209_76)).abs() < 1e-9);
    }

    #[test]
    fn an_empty_price_is_left_to_the_ratio() {
        let listing = Listing { price: Some(f64::NAN), ..Listing::new("1", "bag") };
        super::super::term_evidence::with_row(&listing, |row| {
            assert_eq!(PriceRobustZ.value(&row), Cell::Unknown);
        });
    }
}
