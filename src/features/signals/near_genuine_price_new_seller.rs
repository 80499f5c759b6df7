//! A new seller asks nearly the genuine price.
//!
//! # Measures
//! 1 where the price is 0.7 to 1.05 times the list price and the seller registered less than 90 days
//! before the listing; 0 else.
//!
//! # Why it points to a counterfeit
//! The best copies are sold as the genuine article, at nearly its price, by accounts without a past.
//!
//! # When missing
//! Without price, list price or the seller's age the value is unknown.
//!
//! # How it is evaded
//! The account is bought, or left to ripen.
//!
//! # Source
//! Judgement; the catalogue of signals marks it as an interaction.

use super::seller_age_days::SellerAgeDays;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct NearGenuinePriceNewSeller;

impl Signal for NearGenuinePriceNewSeller {
    fn name(&self) -> &'static str {
        "near_genuine_price_new_seller"
    }

    fn source(&self) -> &'static str {
        include_str!("near_genuine_price_new_seller.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[
            Column::Price,
            Column::ListPrice,
            Column::SellerAgeDays,
            Column::SellerRegisteredAt,
            Column::ListedAt,
        ]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        let price = row.number(Column::Price).value();
        let list_price = row.number(Column::ListPrice).value();
        let age = SellerAgeDays.value(row).value();
        match (price, list_price, age) {
            (Some(price), Some(list_price), Some(age)) => {
                let is_near = NEAR.contains(&(price / list_price));
                Cell::Value(f64::from(is_near && age < NEW_DAYS))
            }
            _ => Cell::Unknown,
        }
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let share = row.number(Column::Price).value()? / row.number(Column::ListPrice).value()?;
        let age = SellerAgeDays.value(row).value()?;
        let text = format!(
            "asks {:.0} % of the list price, registered {age:.0} days before the listing",
            share * 100.0
        );
        Reason::new("PRICE_NEAR_GENUINE_NEW_SELLER", text)
    }
}

/// Price / list price of what is sold as genuine.
const NEAR: std::ops::RangeInclusive<f64> = 0.7..=1.05;

/// A seller younger than this is new.
const NEW_DAYS: f64 = 90.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn both_must_hold() {
        let with = |price: f64, age: f64| Listing {
            price: Some(price),
            list_price: Some(100.0),
            seller_age_days: Some(age),
            ..Listing::new("1", "bag")
        };
        for (price, age, expected) in [
            (80.0, 10.0, Cell::Value(1.0)),
            (69.0, 10.0, Cell::Value(0.0)),
            (106.0, 10.0, Cell::Value(0.0)),
            (80.0, 90.0, Cell::Value(0.0)),
            (f64::NAN, 10.0, Cell::Unknown),
        ] {
            with_row(&with(price, age), |row| {
                assert_eq!(NearGenuinePriceNewSeller.value(&row), expected, "{price} {age}");
            });
        }
        with_row(&with(80.0, 10.0), |row| {
            let reason = NearGenuinePriceNewSeller.reason(&row, Cell::Value(1.0)).unwrap();
            assert_eq!(
                reason.text,
                "asks 80 % of the list price, registered 10 days before the listing"
            );
        });
    }
}
