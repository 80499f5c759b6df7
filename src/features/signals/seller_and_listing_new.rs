//! Seller and listing are both new.
//!
//! # Measures
//! 1 where the seller registered less than 90 days before the listing and the listing has been live for
//! less than 30 days; else 0. Ages are those of `seller_age_days` and `listing_age_days`.
//!
//! # Why it points to a counterfeit
//! Accounts that are made to sell fakes sell at once and are gone soon; a new listing of an old seller,
//! or an old one of a new seller, is another matter.
//!
//! # When missing
//! Without both ages the value is unknown; that an age is missing is the matter of the signals of the
//! ages.
//!
//! # How it is evaded
//! Accounts are bought or left to ripen.
//!
//! # Source
//! Ozon E-CUP 2025, features of public solutions.

use super::{listing_age_days::ListingAgeDays, seller_age_days::SellerAgeDays};
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct SellerAndListingNew;

impl Signal for SellerAndListingNew {
    fn name(&self) -> &'static str {
        "seller_and_listing_new"
    }

    fn source(&self) -> &'static str {
        include_str!("seller_and_listing_new.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[
            Column::SellerAgeDays,
            Column::SellerRegisteredAt,
            Column::ListingAgeDays,
            Column::ListedAt,
        ]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        match (SellerAgeDays.value(row), ListingAgeDays.value(row)) {
            (Cell::Value(seller), Cell::Value(listing)) => {
                Cell::Value(f64::from(seller < SELLER_DAYS && listing < LISTING_DAYS))
            }
            _ => Cell::Unknown,
        }
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let seller = SellerAgeDays.value(row).value()?;
        let listing = ListingAgeDays.value(row).value()?;
        let days = |n: f64| if n == 1.0 { "1 day".to_owned() } else { format!("{n:.0} days") };
        let text = format!(
            "seller registered {} before the listing, which has been live for {}",
            days(seller),
            days(listing)
        );
        Reason::new("SELLER_AND_LISTING_NEW", text)
    }
}

/// A seller younger than this is new.
const SELLER_DAYS: f64 = 90.0;

/// A listing younger than this is new.
const LISTING_DAYS: f64 = 30.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn both_must_be_new() {
        let with = |seller: f64, listing: f64| Listing {
            seller_age_days: Some(seller),
            listing_age_days: Some(listing),
            ..Listing::new("1", "bag")
        };
        for (seller, listing, expected) in [
            (10.0, 5.0, Cell::Value(1.0)),
            (90.0, 5.0, Cell::Value(0.0)),
            (10.0, 30.0, Cell::Value(0.0)),
            (f64::NAN, 5.0, Cell::Unknown),
        ] {
            with_row(&with(seller, listing), |row| {
                assert_eq!(SellerAndListingNew.value(&row), expected);
            });
        }
    }
}
