//! The goods are dispatched from another country than the seller's.
//!
//! # Measures
//! 1 where seller country and place of dispatch are both two-letter codes and differ; 0 where they are
//! the same.
//!
//! # Why it points to a counterfeit
//! Dispatch from elsewhere hides where the goods are made; it is also how cross-border trade and
//! warehouses work, so the direction is the marketplace's own.
//!
//! # When missing
//! Without both, or where one of them is no code, the value is unknown.
//!
//! # How it is evaded
//! The place of dispatch is not stated truly.
//!
//! # Source
//! Soldner et al. (arXiv 2406.05021): origin moderates the risk.

use crate::error::visible;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct ShipsFromMismatch;

impl Signal for ShipsFromMismatch {
    fn name(&self) -> &'static str {
        "ships_from_mismatch"
    }

    fn source(&self) -> &'static str {
        include_str!("ships_from_mismatch.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::SellerCountry, Column::ShipsFrom]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        match countries(row) {
            Some((seller, from)) => Cell::Value(f64::from(!seller.eq_ignore_ascii_case(from))),
            None => Cell::Unknown,
        }
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let (seller, from) = countries(row)?;
        let text =
            format!("the seller is in {} and dispatches from {}", visible(seller), visible(from));
        Reason::new("SHIPS_FROM_MISMATCH", text)
    }
}

/// The codes of both countries.
fn countries<'a>(row: &Row<'a>) -> Option<(&'a str, &'a str)> {
    Some((row.country(Column::SellerCountry)?, row.country(Column::ShipsFrom)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn only_two_codes_can_differ() {
        let with = |seller: &str, from: &str| Listing {
            seller_country: Some(seller.into()),
            ships_from: Some(from.into()),
            ..Listing::new("1", "bag")
        };
        for (seller, from, expected) in [
            ("DE", "CN", Cell::Value(1.0)),
            ("de", "DE ", Cell::Value(0.0)),
            ("Germany", "CN", Cell::Unknown),
            ("", "CN", Cell::Unknown),
        ] {
            with_row(&with(seller, from), |row| {
                assert_eq!(ShipsFromMismatch.value(&row), expected, "{seller} {from}");
            });
        }
        with_row(&with("DE", "CN"), |row| {
            let reason = ShipsFromMismatch.reason(&row, Cell::Value(1.0)).unwrap();
            assert_eq!(reason.text, "the seller is in DE and dispatches from CN");
        });
    }
}
