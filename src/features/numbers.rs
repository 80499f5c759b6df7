//! The numbers of signals, found once for all models that are fitted on the same listings.

use std::collections::HashMap;

use rayon::prelude::*;

use super::prepared::Prepared;
use super::signals::SIGNALS;
use super::state::FittedState;
use crate::listing::Cell;

/// The numbers of every signal that does not read the fitted state, by the signal's name.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    of_signals: HashMap<&'static str, Kept>,
}

/// One number of each listing.
#[derive(Debug, PartialEq)]
enum Kept {
    /// The same of all.
    Same(Cell<f64>),
    /// Of each its own: NaN where it is missing, [`UNKNOWN`] where it is unknown.
    Each(Vec<f64>),
}

/// How an unknown number is kept. A signal whose values are not all finite is not kept.
const UNKNOWN: f64 = f64::NEG_INFINITY;

impl Numbers {
    /// Finds the numbers of a batch.
    pub(crate) fn of(prepared: &Prepared<'_>) -> Numbers {
        let state = FittedState::default();
        let kept = SIGNALS.par_iter().filter(|signal| !signal.reads_state()).filter_map(|signal| {
            let rows = 0..prepared.listings().len();
            let cells = rows.map(|row| signal.value(&prepared.row(&state, row)));
            Some((signal.name(), Kept::of(cells)?))
        });
        Numbers { of_signals: kept.collect() }
    }

    /// The number of a signal of a listing; `None` where it is not kept.
    pub(crate) fn get(&self, signal: &str) -> Option<impl Fn(usize) -> Cell<f64> + '_> {
        let kept = self.of_signals.get(signal)?;
        Some(|row| kept.cell(row))
    }
}

impl Kept {
    /// The cells of all listings; `None` where one of them holds what cannot be kept.
    fn of(cells: impl ExactSizeIterator<Item = Cell<f64>>) -> Option<Kept> {
        let mut cells = cells.peekable();
        let first = *cells.peek()?;
        let mut values = Vec::with_capacity(cells.len());
        let mut is_same = true;
        for cell in cells {
            is_same &= cell == first;
            values.push(match cell {
                Cell::Value(value) if value.is_finite() => value,
                Cell::Value(_) => return None,
                Cell::Missing => f64::NAN,
                Cell::Unknown => UNKNOWN,
            });
        }
        Some(if is_same { Kept::Same(first) } else { Kept::Each(values) })
    }

    fn cell(&self, row: usize) -> Cell<f64> {
        match self {
            Kept::Same(cell) => *cell,
            Kept::Each(values) => match values[row] {
                UNKNOWN => Cell::Unknown,
                value if value.is_nan() => Cell::Missing,
                value => Cell::Value(value),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Knowledge;
    use crate::listing::{Listing, ListingBatch};

    #[test]
    fn what_is_kept_comes_back() {
        let cells = [Cell::Value(1.5), Cell::Missing, Cell::Unknown, Cell::Value(0.0)];
        let kept = Kept::of(cells.into_iter()).unwrap();
        assert!((0..4).all(|row| kept.cell(row) == cells[row]), "{kept:?}");
        assert_eq!(Kept::of([Cell::Missing; 3].into_iter()), Some(Kept::Same(Cell::Missing)));
        assert_eq!(Kept::of([Cell::Value(f64::INFINITY)].into_iter()), None);
    }

    /// Listings of one brand at twenty prices, and the state that is learned from them.
    #[test]
    fn a_signal_says_whether_it_reads_the_fitted_state() {
        let listing = |at: u32| Listing {
            brand: Some(if at == 0 { "" } else { "velmora" }.to_owned()),
            category: Some("bags".to_owned()),
            price: Some(20.0 + f64::from(at)),
            list_price: None,
            ..Listing::filled("velmora shoulder bag", 1.0)
        };
        let batch = ListingBatch::from_listings(&(0..20).map(listing).collect::<Vec<_>>());
        let knowledge = Knowledge::builtin().unwrap();
        let prepared = Prepared::new(&batch, &knowledge, None);
        let rows: Vec<usize> = (0..20).collect();
        let (none, learned) = (FittedState::default(), FittedState::fit(&prepared, &rows));
        for signal in SIGNALS {
            let differs = rows.iter().any(|&row| {
                signal.value(&prepared.row(&none, row))
                    != signal.value(&prepared.row(&learned, row))
            });
            assert_eq!(differs, signal.reads_state(), "{}", signal.name());
        }
    }
}
