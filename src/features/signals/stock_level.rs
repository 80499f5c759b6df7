//! How many pieces are on offer.
//!
//! # Measures
//! The quantity on offer. Used as ln(1 + value).
//!
//! # Why it points to a counterfeit
//! Goods that are scarce at the brand are not in stock by the hundred. For everyday goods a high stock
//! means nothing.
//!
//! # When missing
//! An empty quantity is evidence of its own.
//!
//! # How it is evaded
//! The stock is given as one piece at a time.
//!
//! # Source
//! Corsearch Zeal, auto-moderation by stock count.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column, Transform};

/// See the module's documentation.
pub(crate) struct StockLevel;

impl Signal for StockLevel {
    fn name(&self) -> &'static str {
        "stock_level"
    }

    fn source(&self) -> &'static str {
        include_str!("stock_level.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Quantity]
    }

    fn transform(&self) -> Transform {
        Transform::Log1p
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::Quantity)
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let _ = row;
        let n = value.value().filter(|value| *value >= MANY)?;
        Reason::new("STOCK_HIGH", format!("{n:.0} pieces are on offer"))
    }
}

/// A stock from here on is worth telling.
const MANY: f64 = 100.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn the_quantity_is_the_value_and_told_when_high() {
        let with = |n: f64| Listing { quantity: Some(n), ..Listing::new("1", "bag") };
        with_row(&with(400.0), |row| {
            assert_eq!(StockLevel.value(&row), Cell::Value(400.0));
            let reason = StockLevel.reason(&row, Cell::Value(400.0)).unwrap();
            assert_eq!(reason.text, "400 pieces are on offer");
            assert_eq!(StockLevel.reason(&row, Cell::Value(3.0)), None);
        });
        with_row(&with(f64::NAN), |row| assert_eq!(StockLevel.value(&row), Cell::Missing));
    }
}
