//! The price is in another currency than that of the seller's country.
//!
//! # Measures
//! 1 where the currency is not that of the seller's country (ISO 4217), or without one not that of the
//! place of dispatch; 0 where it is.
//!
//! # Why it points to a counterfeit
//! A seller who says to be at home asks in the currency of somewhere else. Cross-border trade does so
//! too, so the direction is the marketplace's own.
//!
//! # When missing
//! Without a currency or a known two-letter country code the value is unknown.
//!
//! # How it is evaded
//! The currency of the stated country is used.
//!
//! # Source
//! Wadleigh et al. (2015): currencies of sites that sell counterfeits.

use crate::error::visible;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct CurrencyMismatch;

impl Signal for CurrencyMismatch {
    fn name(&self) -> &'static str {
        "currency_mismatch"
    }

    fn source(&self) -> &'static str {
        include_str!("currency_mismatch.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Currency, Column::SellerCountry, Column::ShipsFrom]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        match currencies(row) {
            Some((own, _, home)) => Cell::Value(f64::from(!own.eq_ignore_ascii_case(home))),
            None => Cell::Unknown,
        }
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let (own, country, home) = currencies(row)?;
        let text =
            format!("the price is in {} and the currency of {country} is {home}", visible(own));
        Reason::new("CURRENCY_MISMATCH", text)
    }
}

/// The currency, the country of the seller or else of dispatch, and its currency.
fn currencies<'a>(row: &Row<'a>) -> Option<(&'a str, String, &'a str)> {
    let own = row.text(Column::Currency).value()?.trim();
    [Column::SellerCountry, Column::ShipsFrom].into_iter().find_map(|column| {
        let country = row.country(column)?.to_ascii_uppercase();
        let home = row.knowledge().places().currency(&country)?;
        Some((own, country, home))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn the_currency_is_that_of_the_country_or_not() {
        let with = |currency: &str, seller: &str, from: &str| Listing {
            currency: Some(currency.into()),
            seller_country: Some(seller.into()),
            ships_from: Some(from.into()),
            ..Listing::new("1", "bag")
        };
        for (currency, seller, from, expected) in [
            ("CNY", "de", "CN", Cell::Value(1.0)),
            ("eur", "DE", "CN", Cell::Value(0.0)),
            ("CNY", "", "cn", Cell::Value(0.0)),
            ("CNY", "China", "", Cell::Unknown),
            ("", "CN", "CN", Cell::Unknown),
        ] {
            with_row(&with(currency, seller, from), |row| {
                assert_eq!(CurrencyMismatch.value(&row), expected, "{currency} {seller} {from}");
            });
        }
        with_row(&with("CNY", "de", ""), |row| {
            let reason = CurrencyMismatch.reason(&row, Cell::Value(1.0)).unwrap();
            assert_eq!(reason.text, "the price is in CNY and the currency of DE is EUR");
        });
    }
}
