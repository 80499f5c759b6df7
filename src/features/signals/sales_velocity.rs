//! How many pieces the listing sells a day.
//!
//! # Measures
//! Pieces sold / (days live + 1). Used as ln(1 + value).
//!
//! # Why it points to a counterfeit
//! Fakes at a fraction of the price sell fast as long as the listing lives.
//!
//! # When missing
//! Without sales or age the value is unknown; that one of them is missing is the matter of their own
//! signals.
//!
//! # How it is evaded
//! Sales are spread over many listings.
//!
//! # Source
//! Ozon E-CUP 2025 (sales of 30 days against age).

use super::listing_age_days::ListingAgeDays;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column, Transform};

/// See the module's documentation.
pub(crate) struct SalesVelocity;

impl Signal for SalesVelocity {
    fn name(&self) -> &'static str {
        "sales_velocity"
    }

    fn source(&self) -> &'static str {
        include_str!("sales_velocity.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::SalesCount, Column::ListingAgeDays, Column::ListedAt]
    }

    fn transform(&self) -> Transform {
        Transform::Log1p
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        match (row.number(Column::SalesCount), ListingAgeDays.value(row)) {
            (Cell::Value(sold), Cell::Value(days)) => Cell::Value(sold / (days + 1.0)),
            _ => Cell::Unknown,
        }
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let _ = row;
        let a_day = value.value().filter(|value| *value >= 1.0)?;
        Reason::new("SALES_VELOCITY", format!("the listing sells {a_day:.1} pieces a day"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn sales_are_divided_by_the_days_and_one_more() {
        let with = |sales: f64, days: f64| Listing {
            sales_count: Some(sales),
            listing_age_days: Some(days),
            ..Listing::new("1", "bag")
        };
        with_row(&with(50.0, 9.0), |row| {
            assert_eq!(SalesVelocity.value(&row), Cell::Value(5.0));
            let reason = SalesVelocity.reason(&row, Cell::Value(5.0)).unwrap();
            assert_eq!(reason.text, "the listing sells 5.0 pieces a day");
        });
        with_row(&with(f64::NAN, 9.0), |row| assert_eq!(SalesVelocity.value(&row), Cell::Unknown));
    }
}
