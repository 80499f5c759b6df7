//! A number becomes a transformed, standardized column and a missing-indicator.

use super::{BinEncoder, Indicator};
use crate::listing::{Cell, Transform};

/// A number that is the same in all training rows but fewer than these is no column: so few rows
/// cannot be learned from, and where all of them are of one class the fit would run away.
const MIN_OTHERS: usize = 5;

/// A fitted encoder of a number.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NumberEncoder {
    pub(crate) transform: Transform,
    /// Mean and standard deviation of the transformed training values; `None` where they did not
    /// vary, and the number is no column.
    pub(crate) scale: Option<Scale>,
    /// Whether the value was missing, where that varied in training.
    pub(crate) missing: Option<Indicator>,
    /// Quantile bins, where they were asked for and the value varies.
    pub(crate) bins: Option<BinEncoder>,
}

/// The transformed training values in four numbers.
///
/// A value beyond those of training counts as the most extreme of them, so that one absurd number
/// in a file cannot outweigh everything else that is known of a listing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    pub(crate) mean: f64,
    pub(crate) sd: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Scale {
    /// From the least to the greatest column value.
    pub(crate) fn width(self) -> f64 {
        (self.max - self.min) / self.sd
    }

    /// The standardized column value of a transformed value.
    fn encode(self, value: f64) -> f64 {
        (value.clamp(self.min, self.max) - self.mean) / self.sd
    }
}

impl NumberEncoder {
    /// Learns from the training cells of the number, bins too if wanted.
    pub(crate) fn fit(
        transform: Transform,
        cells: impl Iterator<Item = Cell<f64>>,
        with_bins: bool,
    ) -> Self {
        let mut transformed: Vec<f64> = Vec::new();
        let mut raw: Vec<f64> = Vec::new();
        let mut n_missing = 0;
        for cell in cells {
            match cell {
                Cell::Value(value) => {
                    transformed.push(transform.apply(value));
                    if with_bins {
                        raw.push(value);
                    }
                }
                Cell::Missing => n_missing += 1,
                Cell::Unknown => {}
            }
        }
        let values = || transformed.iter().copied();
        let n = transformed.len();
        let mean = values().sum::<f64>() / n.max(1) as f64;
        let squares = values().map(|value| (value - mean) * (value - mean)).sum::<f64>();
        let sd = libm::sqrt(squares / n.max(1) as f64);
        let min = values().fold(f64::INFINITY, f64::min);
        let max = values().fold(f64::NEG_INFINITY, f64::max);
        let varies = n_others(&transformed) >= MIN_OTHERS
            && sd > 1e-9 * mean.abs().max(1e-9)
            && sd.is_finite();
        NumberEncoder {
            transform,
            scale: varies.then_some(Scale { mean, sd, min, max }),
            missing: Indicator::fit(n_missing, n + n_missing),
            bins: Some(raw)
                .filter(|_| varies && with_bins)
                .and_then(|raw| BinEncoder::fit(transform, raw)),
        }
    }

    pub(crate) fn n_columns(&self) -> usize {
        usize::from(self.scale.is_some()) + usize::from(self.missing.is_some())
    }

    /// Standard deviation of a column in units of the transformed value.
    pub(crate) fn unit(&self, column: usize) -> Option<f64> {
        let value = self.scale.map(|scale| scale.sd);
        let missing = self.missing.map(Indicator::sd);
        value.into_iter().chain(missing).nth(column)
    }

    pub(crate) fn column_names(&self, feature: &str) -> Vec<String> {
        let value = self.scale.map(|_| feature.to_owned());
        let missing = self.missing.map(|_| format!("{feature}:missing"));
        value.into_iter().chain(missing).collect()
    }

    /// Hands each column's value to `put`, by its place among the encoder's columns. A missing
    /// value is the mean; an unknown one the mean in every column, the indicator too.
    pub(crate) fn encode(&self, cell: Cell<f64>, mut put: impl FnMut(usize, f64)) {
        let mut column = 0;
        if let Some(scale) = self.scale {
            let standardized =
                cell.value().map_or(0.0, |value| scale.encode(self.transform.apply(value)));
            put(column, standardized);
            column += 1;
        }
        if let Some(missing) = self.missing {
            let value = match cell {
                Cell::Value(_) => missing.encode(false),
                Cell::Missing => missing.encode(true),
                Cell::Unknown => 0.0,
            };
            put(column, value);
        }
    }
}

/// How many values are not the one that more than half of them are; where there is no such value, at
/// least half of them (the majority vote of Boyer and Moore 1991).
fn n_others(values: &[f64]) -> usize {
    let (mut majority, mut lead) = (f64::NAN, 0_usize);
    for &value in values {
        if lead == 0 {
            (majority, lead) = (value, 1);
        } else if value == majority {
            lead += 1;
        } else {
            lead -= 1;
        }
    }
    values.iter().filter(|value| **value != majority).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(encoder: &NumberEncoder, cell: Cell<f64>) -> Vec<f64> {
        let mut values = vec![f64::NAN; encoder.n_columns()];
        encoder.encode(cell, |column, value| values[column] = value);
        values
    }

    #[test]
    fn a_number_is_standardized_and_its_absence_is_a_column() {
        let mut cells: Vec<Cell<f64>> = (0..5).map(|_| Cell::Missing).collect();
        cells.extend([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0].map(Cell::Value));
        let encoder = NumberEncoder::fit(Transform::Identity, cells.iter().copied(), false);
        // The textbook series with mean 5 and standard deviation 2.
        assert_eq!(encoder.scale, Some(Scale { mean: 5.0, sd: 2.0, min: 2.0, max: 9.0 }));
        assert_eq!(encoder.column_names("x"), ["x", "x:missing"]);
        assert_eq!(encoded(&encoder, Cell::Value(9.0))[0], 2.0);
        assert_eq!(encoded(&encoder, Cell::Missing)[0], 0.0);
        assert!(encoded(&encoder, Cell::Missing)[1] > 0.0);
        assert_eq!(encoded(&encoder, Cell::Unknown), [0.0, 0.0]);
        assert_eq!(encoded(&encoder, Cell::Value(1e300))[0], 2.0);
    }

    #[test]
    fn a_number_that_hardly_varies_is_no_column() {
        let with = |n_ones: usize| {
            let cells = (0..100).map(|at| Cell::Value(f64::from(u8::from(at < n_ones))));
            NumberEncoder::fit(Transform::Identity, cells, false).n_columns()
        };
        assert_eq!([with(4), with(5), with(95), with(96)], [0, 1, 1, 0]);
    }

    #[test]
    fn a_number_that_never_varies_is_no_column() {
        let cells = [Cell::Value(3.0); 10];
        let encoder = NumberEncoder::fit(Transform::Log1p, cells.iter().copied(), false);
        assert_eq!(encoder.n_columns(), 0);
        assert!(encoded(&encoder, Cell::Value(9.0)).is_empty());
    }
}
