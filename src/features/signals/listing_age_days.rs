//! How long the listing has been live.
//!
//! # Measures
//! Days the listing has been live: the column `listing_age_days` where there is one, else the day
//! given as `--as-of` less `listed_at`. Used as ln(1 + days).
//!
//! # Why it points to a counterfeit
//! Listings of fakes are found and removed, so the ones that are live are young. On moderated data
//! the median counterfeit is 9 days old, the median genuine listing 146.
//!
//! # When missing
//! An empty age is evidence of its own. A listing of a later day than the one given is neutral.
//!
//! # How it is evaded
//! An old, harmless listing is edited into another product and keeps its age and its reviews.
//!
//! # Source
//! Ozon E-CUP 2025 data.

use super::seller_age_days::days_between;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column, Transform};

/// See the module's documentation.
pub(crate) struct ListingAgeDays;

impl Signal for ListingAgeDays {
    fn name(&self) -> &'static str {
        Column::ListingAgeDays.name()
    }

    fn source(&self) -> &'static str {
        include_str!("listing_age_days.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::ListingAgeDays, Column::ListedAt]
    }

    fn transform(&self) -> Transform {
        Transform::Log1p
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Lowers
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::ListingAgeDays).or(|| match row.as_of() {
            None => Cell::Unknown,
            Some(as_of) => {
                row.number(Column::ListedAt).and_then(|listed| days_between(listed, as_of))
            }
        })
    }

    fn reason(&self, _: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        match value {
            Cell::Unknown => None,
            Cell::Missing => {
                Reason::new("LISTING_AGE_MISSING", "the age of the listing is not given")
            }
            Cell::Value(days) => {
                let count = days.floor();
                let unit = if count == 1.0 { "day" } else { "days" };
                let code = if days < 30.0 { "LISTING_NEW" } else { "LISTING_AGE" };
                Reason::new(code, format!("listing has been live for {count} {unit}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn an_age_is_used_as_given_and_an_empty_one_is_missing() {
        let listing = Listing { listing_age_days: Some(9.0), ..Listing::new("1", "bag") };
        with_row(&listing, |row| {
            assert_eq!(ListingAgeDays.value(&row), Cell::Value(9.0));
            assert_eq!(
                ListingAgeDays.reason(&row, Cell::Value(9.0)),
                Reason::new("LISTING_NEW", "listing has been live for 9 days")
            );
        });
        let listing = Listing { listing_age_days: Some(f64::NAN), ..Listing::new("1", "bag") };
        with_row(&listing, |row| assert_eq!(ListingAgeDays.value(&row), Cell::Missing));
    }

    #[test]
    fn a_date_alone_tells_no_age_without_the_day_to_count_to() {
        let listing = Listing { listed_at: Some(20_000.0), ..Listing::new("1", "bag") };
        with_row(&listing, |row| assert_eq!(ListingAgeDays.value(&row), Cell::Unknown));
    }
}
