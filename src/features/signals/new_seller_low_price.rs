//! A new seller asks a low price.
//!
//! # Measures
//! How new the seller is times how low the price is: ln(365) - ln(1 + days) of `seller_age_days`, 0 from 364 days
//! on, times -`price_log_ratio`, 0 where the price is not below its reference. 2.5 is half the reference
//! asked by a seller of 9 days.
//!
//! # Why it points to a counterfeit
//! An old seller may be clearing stock, and a new one asking the usual price may just have begun. Both together
//! are what an account looks like that was opened to sell fakes before it is closed.
//!
//! # When missing
//! Without price, reference price or the seller's age the value is unknown; that one of them is missing is
//! the matter of their own signals.
//!
//! # How it is evaded
//! The account is bought or left to ripen, or the price is nearly the genuine one.
//!
//! # Source
//! Judgement: an interaction of two signals, which a sum of both cannot say.

use super::price_log_ratio::{PriceLogRatio, price_reason};
use super::seller_age_days::SellerAgeDays;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct NewSellerLowPrice;

impl Signal for NewSellerLowPrice {
    fn name(&self) -> &'static str {
        "new_seller_low_price"
    }

    fn source(&self) -> &'static str {
        include_str!("new_seller_low_price.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[
            Column::Price,
            Column::ListPrice,
            Column::Brand,
            Column::Category,
            Column::Condition,
            Column::Currency,
            Column::SellerAgeDays,
            Column::SellerRegisteredAt,
            Column::ListedAt,
        ]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn reads_state(&self) -> bool {
        true
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        let Cell::Value(age) = SellerAgeDays.value(row) else { return Cell::Unknown };
        let Cell::Value(log_ratio) = PriceLogRatio.value(row) else { return Cell::Unknown };
        let newness = libm::log(YEAR_DAYS) - libm::log1p(age.max(0.0));
        Cell::Value(newness.max(0.0) * (-log_ratio).max(0.0))
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let value = value.value().filter(|value| *value > 0.0)?;
        // By how much it is low is told by the price signals.
        price_reason(row, -value).filter(|own| own.code == "PRICE_LOW")?;
        let days = SellerAgeDays.value(row).value()?.floor();
        let unit = if days == 1.0 { "day" } else { "days" };
        let text = format!("a low price is asked by an account of {days} {unit}");
        Reason::new("PRICE_LOW_NEW_SELLER", text)
    }
}

/// A seller of a year is not new at all.
const YEAR_DAYS: f64 = 365.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    fn listing(price: f64, age: f64) -> Listing {
        Listing {
            price: Some(price),
            list_price: Some(100.0),
            seller_age_days: Some(age),
            ..Listing::new("1", "bag")
        }
    }

    #[test]
    fn newness_times_lowness() {
        for (price, age, expected) in [
            // (ln 365 - ln 10) ln 2 = 3.5973122605884453 x 0.6931471805599453
            (50.0, 9.0, 2.493_466_851_020_604),
            // ln 365 ln 4 = 5.8998973535824910 x 1.3862943611198906
            (25.0, 0.0, 8.178_994_432_457_573),
            (100.0, 9.0, 0.0),
            (200.0, 9.0, 0.0),
            (50.0, 364.0, 0.0),
            (50.0, 4000.0, 0.0),
        ] {
            with_row(&listing(price, age), |row| {
                let found = NewSellerLowPrice.value(&row).value().unwrap();
                assert!((found - expected).abs() < 1e-12, "{price} {age}: {found}");
            });
        }
        with_row(&listing(50.0, 9.0), |row| {
            let reason = NewSellerLowPrice.reason(&row, NewSellerLowPrice.value(&row)).unwrap();
            assert_eq!(reason.code, "PRICE_LOW_NEW_SELLER");
            assert_eq!(reason.text, "a low price is asked by an account of 9 days");
        });
        with_row(&listing(95.0, 9.0), |row| {
            let value = NewSellerLowPrice.value(&row);
            assert_eq!(NewSellerLowPrice.reason(&row, value), None);
        });
    }

    #[test]
    fn without_one_of_both_it_is_unknown() {
        for (price, age) in [(f64::NAN, 9.0), (50.0, f64::NAN)] {
            with_row(&listing(price, age), |row| {
                assert_eq!(NewSellerLowPrice.value(&row), Cell::Unknown);
            });
        }
        let no_age = Listing { seller_age_days: None, ..listing(50.0, 9.0) };
        with_row(&no_age, |row| assert_eq!(NewSellerLowPrice.value(&row), Cell::Unknown));
        let no_reference = Listing { list_price: None, ..listing(50.0, 9.0) };
        with_row(&no_reference, |row| assert_eq!(NewSellerLowPrice.value(&row), Cell::Unknown));
    }
}
