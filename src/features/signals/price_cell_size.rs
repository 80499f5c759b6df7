//! How many listings the price is compared with.
//!
//! # Measures
//! The number of training listings of the peers that `price_log_ratio` compares with. Used as ln(1 +
//! value).
//!
//! # Why it points to a counterfeit
//! Brands that are faked are offered often; a comparison with few listings says less. The direction is
//! the marketplace's own.
//!
//! # When missing
//! Without a price or peers the value is unknown.
//!
//! # How it is evaded
//! It cannot be: it is a property of the training data.
//!
//! # Source
//! Catalogue of signals: the size of the cell as a feature of its own.

use super::price_log_ratio::among_peers;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column, Transform};

/// See the module's documentation.
pub(crate) struct PriceCellSize;

impl Signal for PriceCellSize {
    fn name(&self) -> &'static str {
        "price_cell_size"
    }

    fn source(&self) -> &'static str {
        include_str!("price_cell_size.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Price, Column::Brand, Column::Category, Column::Condition, Column::Currency]
    }

    fn transform(&self) -> Transform {
        Transform::Log1p
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn reads_state(&self) -> bool {
        true
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        among_peers(row, |_, cell| cell.n as f64)
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        // Nothing that a seller could answer.
        let _ = (row, value);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    use crate::features::{FittedState, Knowledge, Prepared};
    use crate::listing::ListingBatch;

    #[test]
    fn the_peers_are_counted() {
        let with = |price: f64| Listing { price: Some(price), ..Listing::new("1", "bag") };
        let listings: Vec<Listing> = [5.0, 6.0, 7.0, 8.0, 9.0, 10.0].map(with).into();
        let batch = ListingBatch::from_listings(&listings);
        let knowledge = Knowledge::builtin().unwrap();
        let prepared = Prepared::new(&batch, &knowledge, None);
        let state = FittedState::fit(&prepared, &[0, 1, 2, 3, 4, 5]);
        let row = prepared.row(&state, 0);
        assert_eq!(PriceCellSize.value(&row), Cell::Value(6.0));
        assert_eq!(PriceCellSize.reason(&row, Cell::Value(6.0)), None);
        with_row(&with(5.0), |row| assert_eq!(PriceCellSize.value(&row), Cell::Unknown));
        with_row(&with(f64::NAN), |row| assert_eq!(PriceCellSize.value(&row), Cell::Unknown));
    }
}
