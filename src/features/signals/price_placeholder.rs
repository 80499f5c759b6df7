//! The price is none that goods are sold at.
//!
//! # Measures
//! 1 for a price of 1 or less, of 123, 1234 or 12345, or of the same digit three times or more (111,
//! 9999, 99999); else 0.
//!
//! # Why it points to a counterfeit
//! The real price is agreed in a message, out of sight of the marketplace.
//!
//! # When missing
//! An empty price is `price_log_ratio`'s matter.
//!
//! # How it is evaded
//! A price that looks like one is given.
//!
//! # Source
//! Rules of second-hand marketplaces; the list is judgement.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct PricePlaceholder;

impl Signal for PricePlaceholder {
    fn name(&self) -> &'static str {
        "price_placeholder"
    }

    fn source(&self) -> &'static str {
        include_str!("price_placeholder.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Price]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        match row.number(Column::Price) {
            Cell::Value(price) => Cell::Value(f64::from(is_placeholder(price))),
            Cell::Missing | Cell::Unknown => Cell::Unknown,
        }
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let price = row.number(Column::Price).value()?;
        Reason::new("PRICE_PLACEHOLDER", format!("the price of {price} is a placeholder"))
    }
}

fn is_placeholder(price: f64) -> bool {
    let digits = format!("{price}");
    let same = digits.len() >= 3 && digits.bytes().all(|digit| digit == digits.as_bytes()[0]);
    price <= 1.0 || same || matches!(digits.as_str(), "123" | "1234" | "12345")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn placeholders_are_told_from_prices() {
        for price in [1.0, 0.01, 123.0, 1234.0, 111.0, 9999.0, 99_999.0] {
            assert!(is_placeholder(price), "{price}");
        }
        for price in [2.0, 99.0, 99.99, 100.0, 1299.0, 111.5, 12.0] {
            assert!(!is_placeholder(price), "{price}");
        }
        let with = |price: f64| Listing { price: Some(price), ..Listing::new("1", "bag") };
        with_row(&with(9999.0), |row| {
            assert_eq!(PricePlaceholder.value(&row), Cell::Value(1.0));
            let reason = PricePlaceholder.reason(&row, Cell::Value(1.0)).unwrap();
            assert_eq!(reason.text, "the price of 9999 is a placeholder");
        });
        with_row(&with(f64::NAN), |row| assert_eq!(PricePlaceholder.value(&row), Cell::Unknown));
    }
}
