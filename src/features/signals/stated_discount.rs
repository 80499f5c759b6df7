//! How large a discount the listing states.
//!
//! # Measures
//! (former price - price) / former price, from `was_price`; 0 where the price is not below it.
//!
//! # Why it points to a counterfeit
//! Savings that are too good draw buyers to fakes. Genuine sales state discounts as well, so the
//! direction is the marketplace's own.
//!
//! # When missing
//! An empty former price counts as missing.
//!
//! # How it is evaded
//! No former price is stated.
//!
//! # Source
//! Wadleigh, Drew and Moore (WWW 2015): percent savings.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct StatedDiscount;

impl Signal for StatedDiscount {
    fn name(&self) -> &'static str {
        "stated_discount"
    }

    fn source(&self) -> &'static str {
        include_str!("stated_discount.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::WasPrice, Column::Price]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::WasPrice).and_then(|was| match row.number(Column::Price) {
            Cell::Value(price) => Cell::Value(((was - price) / was).max(0.0)),
            Cell::Missing | Cell::Unknown => Cell::Unknown,
        })
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let share = value.value().filter(|value| *value >= 0.05)?;
        let was = row.number(Column::WasPrice).value()?;
        let text = format!("states a discount of {:.0} % from {was}", share * 100.0);
        Reason::new("DISCOUNT_STATED", text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn the_discount_is_a_share_of_the_former_price() {
        let with = |price: f64, was: f64| Listing {
            price: Some(price),
            was_price: Some(was),
            ..Listing::new("1", "bag")
        };
        with_row(&with(20.0, 80.0), |row| {
            assert_eq!(StatedDiscount.value(&row), Cell::Value(0.75));
            let reason = StatedDiscount.reason(&row, Cell::Value(0.75)).unwrap();
            assert_eq!(reason.text, "states a discount of 75 % from 80");
        });
        with_row(&with(90.0, 80.0), |row| assert_eq!(StatedDiscount.value(&row), Cell::Value(0.0)));
        with_row(&with(90.0, f64::NAN), |row| {
            assert_eq!(StatedDiscount.value(&row), Cell::Missing);
        });
        with_row(&with(f64::NAN, 80.0), |row| {
            assert_eq!(StatedDiscount.value(&row), Cell::Unknown);
        });
    }
}
