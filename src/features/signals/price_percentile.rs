//! Where the price stands among those of its peers.
//!
//! # Measures
//! The share of the training listings of the same brand, category, condition and currency, with the
//! fallback of `price_log_ratio`, that are cheaper: 0 is cheaper than all, 1 dearer than all. Linear
//! between the deciles that the model keeps.
//!
//! # Why it points to a counterfeit
//! Where prices of one kind of goods scatter over several orders of magnitude, a rank says more than a
//! ratio.
//!
//! # When missing
//! Neutral: `price_log_ratio` counts an empty price.
//!
//! # How it is evaded
//! As `price_log_ratio`.
//!
//! # Source
//! Red Points, seller risk score (percentile scale); quantiles by Hyndman and Fan (1996), definition 7.

use super::price_log_ratio::{among_peers, price_reason};
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct PricePercentile;

impl Signal for PricePercentile {
    fn name(&self) -> &'static str {
        "price_percentile"
    }

    fn source(&self) -> &'static str {
        include_str!("price_percentile.rs")
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
        among_peers(row, |log_price, cell| cell.percentile(log_price))
    }

    fn family(&self) -> &'static str {
        "price_log_ratio"
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().and_then(|share| price_reason(row, share - 0.5))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    use crate::features::{FittedState, Knowledge, Prepared};
    use crate::listing::ListingBatch;

    #[test]
    fn the_rank_among_eleven_prices_is_told_in_tenths() {
        let with = |price: f64| Listing { price: Some(price), ..Listing::new("1", "bag") };
        let mut listings: Vec<Listing> = (10..=20).map(|price| with(f64::from(price))).collect();
        listings.extend([with(1.0), with(99.0)]);
        let batch = ListingBatch::from_listings(&listings);
        let knowledge = Knowledge::builtin().unwrap();
        let prepared = Prepared::new(&batch, &knowledge, None);
        let state = FittedState::fit(&prepared, &(0..11).collect::<Vec<_>>());
        for (row, expected) in [(0, 0.0), (3, 0.3), (10, 1.0), (11, 0.0), (12, 1.0)] {
            let found = PricePercentile.value(&prepared.row(&state, row)).value().unwrap();
            assert!((found - expected).abs() < 1e-9, "{row}: {found}");
        }
    }

    #[test]
    fn a_price_below_its_list_price_and_above_its_peers_is_spoken_of_once() {
        use crate::features::signals::price_log_ratio::PriceLogRatio;
        let with = |price: f64| Listing {
            price: Some(price),
            list_price: Some(100.0),
            ..Listing::new("1", "bag")
        };
        let listings: Vec<Listing> = [20.0, 20.0, 20.0, 20.0, 20.0, 40.0].map(with).into();
        let batch = ListingBatch::from_listings(&listings);
        let knowledge = Knowledge::builtin().unwrap();
        let prepared = Prepared::new(&batch, &knowledge, None);
        let state = FittedState::fit(&prepared, &[0, 1, 2, 3, 4, 5]);
        let row = prepared.row(&state, 5);
        let reason = |signal: &dyn Signal| signal.reason(&row, signal.value(&row));
        let of_ratio = reason(&PriceLogRatio).unwrap();
        assert_eq!(of_ratio.text, "price 60 % below the list price of 100");
        assert_eq!(reason(&PricePercentile), None);
    }

    #[test]
    fn without_a_price_or_peers_nothing_is_known() {
        for price in [f64::NAN, 5.0] {
            let listing = Listing { price: Some(price), ..Listing::new("1", "bag") };
            with_row(&listing, |row| assert_eq!(PricePercentile.value(&row), Cell::Unknown));
        }
    }
}
