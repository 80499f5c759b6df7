//! The share of sold pieces that came back.
//!
//! # Measures
//! (returns + 0.05) / (sales + 1): the share of pieces returned, shrunk towards 5 % with the weight
//! of one sale, so that one return of one sale is not 100 %. Cut at 1.
//!
//! # Why it points to a counterfeit
//! Buyers return what is not what they ordered.
//!
//! # When missing
//! Neutral: `missing_return_count` and the sales count's own indicator count the absence.
//!
//! # How it is evaded
//! Refunds are given without a return, outside the platform.
//!
//! # Source
//! Ozon E-CUP 2025 data; empirical-Bayes shrinkage of a proportion.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// The share that a listing without sales is given.
const PRIOR: f64 = 0.05;

/// See the module's documentation.
pub(crate) struct ReturnRate;

impl Signal for ReturnRate {
    fn name(&self) -> &'static str {
        "return_rate"
    }

    fn source(&self) -> &'static str {
        include_str!("return_rate.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::ReturnCount, Column::SalesCount]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        shrunk_rate(row, Column::ReturnCount, PRIOR)
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let (returns, sales) = returned_of_sold(row, Column::ReturnCount, value)?;
        Reason::new("RETURNS", format!("{returns} of {sales} pieces sold came back"))
    }
}

/// (count + prior) / (sales + 1), at most 1; unknown where either is not given.
pub(super) fn shrunk_rate(row: &Row<'_>, count: Column, prior: f64) -> Cell<f64> {
    match (row.number(count), row.number(Column::SalesCount)) {
        (Cell::Value(count), Cell::Value(sales)) => {
            Cell::Value(((count + prior) / (sales + 1.0)).min(1.0))
        }
        _ => Cell::Unknown,
    }
}

/// The counts behind a rate, where something was returned.
pub(super) fn returned_of_sold(
    row: &Row<'_>,
    count: Column,
    value: Cell<f64>,
) -> Option<(f64, f64)> {
    value.value()?;
    let returns = row.number(count).value().filter(|returns| *returns > 0.0)?;
    Some((returns, row.number(Column::SalesCount).value()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn few_sales_are_shrunk_towards_the_prior() {
        let listing =
            Listing { sales_count: Some(1.0), return_count: Some(1.0), ..Listing::new("1", "bag") };
        // (1 + 0.05) / (1 + 1) = 0.525
        with_row(&listing, |row| {
            assert!((ReturnRate.value(&row).value().unwrap() - 0.525).abs() < 1e-12);
            assert_eq!(
                ReturnRate.reason(&row, ReturnRate.value(&row)),
                Reason::new("RETURNS", "1 of 1 pieces sold came back")
            );
        });
    }

    #[test]
    fn an_empty_count_is_neutral_here() {
        let listing = Listing {
            sales_count: Some(1.0),
            return_count: Some(f64::NAN),
            ..Listing::new("1", "bag")
        };
        with_row(&listing, |row| assert_eq!(ReturnRate.value(&row), Cell::Unknown));
    }
}
