//! How long the seller has been registered.
//!
//! # Measures
//! Days from the seller's registration to the listing: the column `seller_age_days` where there is
//! one, else `listed_at` (or the day given as `--as-of`) less `seller_registered_at`.
//! Used as ln(1 + days).
//!
//! # Why it points to a counterfeit
//! Accounts that sell fakes are closed and opened again. On moderated data the median account
//! behind a counterfeit is 318 days old, behind a genuine listing 630.
//!
//! # When missing
//! An empty age is evidence of its own. A registration after the listing is neutral: one of the two
//! dates is wrong.
//!
//! # How it is evaded
//! Old accounts are bought or taken over; they then list goods they never listed before.
//!
//! # Source
//! Ozon E-CUP 2025 data; Mutemi and Bacao 2023.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column, Transform};

/// Accounts younger than this are spoken of as new: the first quarter of a year.
const NEW_DAYS: f64 = 90.0;

/// Times of one day may seem to lie before each other, as zones differ.
const ZONES_DAYS: f64 = 1.0;

/// The days from one date to another; unknown where they contradict each other, which says
/// something about the data and nothing about the seller.
pub(super) fn days_between(from: f64, to: f64) -> Cell<f64> {
    let days = to - from;
    if days >= -ZONES_DAYS { Cell::Value(days.max(0.0)) } else { Cell::Unknown }
}

/// See the module's documentation.
pub(crate) struct SellerAgeDays;

impl Signal for SellerAgeDays {
    fn name(&self) -> &'static str {
        Column::SellerAgeDays.name()
    }

    fn source(&self) -> &'static str {
        include_str!("seller_age_days.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::SellerAgeDays, Column::SellerRegisteredAt, Column::ListedAt]
    }

    fn transform(&self) -> Transform {
        Transform::Log1p
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Lowers
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::SellerAgeDays).or(|| {
            row.number(Column::SellerRegisteredAt).and_then(|registered| {
                let listed = row.number(Column::ListedAt);
                let until = listed.or(|| row.as_of().map_or(Cell::Unknown, Cell::Value));
                until.and_then(|until| days_between(registered, until))
            })
        })
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let days = match value {
            Cell::Unknown => return None,
            Cell::Missing => {
                return Reason::new(
                    "SELLER_AGE_MISSING",
                    "the age of the seller's account is not given",
                );
            }
            Cell::Value(days) => days,
        };
        let code = if days < NEW_DAYS { "SELLER_NEW" } else { "SELLER_AGE" };
        let count = days.floor();
        let unit = if count == 1.0 { "day" } else { "days" };
        if row.number(Column::ListedAt).value().is_some() {
            Reason::new(code, format!("seller registered {count} {unit} before the listing"))
        } else {
            Reason::new(code, format!("the seller's account is {count} {unit} old"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn dates_give_the_age_where_no_age_is_given() {
        let listing = Listing {
            listed_at: Some(20_000.5),
            seller_registered_at: Some(19_994.0),
            ..Listing::new("1", "bag")
        };
        with_row(&listing, |row| {
            let value = SellerAgeDays.value(&row);
            assert_eq!(value, Cell::Value(6.5));
            assert_eq!(
                SellerAgeDays.reason(&row, value),
                Reason::new("SELLER_NEW", "seller registered 6 days before the listing")
            );
        });
    }

    #[test]
    fn a_registration_after_the_listing_is_no_evidence() {
        let listing = Listing {
            listed_at: Some(20_000.0),
            seller_registered_at: Some(20_031.0),
            ..Listing::new("1", "bag")
        };
        with_row(&listing, |row| assert_eq!(SellerAgeDays.value(&row), Cell::Unknown));
    }

    #[test]
    fn an_empty_age_is_missing() {
        let listing = Listing { seller_age_days: Some(f64::NAN), ..Listing::new("1", "bag") };
        with_row(&listing, |row| assert_eq!(SellerAgeDays.value(&row), Cell::Missing));
    }
}
