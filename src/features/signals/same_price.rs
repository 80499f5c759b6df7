//! The seller asks one price for different goods.
//!
//! # Measures
//! The share of the seller's listings of other goods in the export that have the price of this one, 0
//! to 1.
//!
//! # Why it points to a counterfeit
//! Fakes of different brands cost their maker the same, and are sold so. Discount stores do it too.
//!
//! # When missing
//! Without the column, which `pinchbeck enrich` adds, the value is unknown; an empty cell counts as
//! missing.
//!
//! # How it is evaded
//! Prices are made to differ by cents.
//!
//! # Source
//! Wadleigh, Drew and Moore (WWW 2015): duplicate prices.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct SamePrice;

impl Signal for SamePrice {
    fn name(&self) -> &'static str {
        "same_price"
    }

    fn source(&self) -> &'static str {
        include_str!("same_price.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::SellerSamePriceShare]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::SellerSamePriceShare)
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let _ = row;
        let share = value.value().filter(|value| *value >= 0.25)?;
        let text =
            format!("{:.0} % of the seller's other goods have the same price", share * 100.0);
        Reason::new("SAME_PRICE", text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn the_share_is_the_value_and_told_from_a_quarter_on() {
        let with = |share: f64| Listing {
            seller_same_price_share: Some(share),
            ..Listing::new("1", "bag")
        };
        with_row(&with(0.5), |row| {
            assert_eq!(SamePrice.value(&row), Cell::Value(0.5));
            let reason = SamePrice.reason(&row, Cell::Value(0.5)).unwrap();
            assert_eq!(reason.text, "50 % of the seller's other goods have the same price");
            assert_eq!(SamePrice.reason(&row, Cell::Value(0.2)), None);
        });
        with_row(&with(f64::NAN), |row| assert_eq!(SamePrice.value(&row), Cell::Missing));
    }
}
