//! The coefficients of a model, made ready to be summed over the columns of listings.

use super::encoders::BinEncoder;
use super::extractor::{Extractor, FittedFeature};
use super::prepared::Row;
use crate::listing::Cell;

/// Coefficients by column, and what follows from them once for all listings.
#[derive(Clone, Debug)]
pub(crate) struct Weights {
    coefficients: Vec<f64>,
    features: Vec<FeatureWeights>,
}

/// What is known of a feature's coefficients.
#[derive(Clone, Debug)]
struct FeatureWeights {
    /// Whether it can move a score at all.
    counts: bool,
    /// Whether the fitted effect goes the other way than the signal's documentation expects.
    is_against_its_sign: bool,
    /// The place of the first feature that may tell the same facts.
    family: usize,
    bins: Option<BinWeights>,
}

/// The contributions of a number's bins.
#[derive(Clone, Debug)]
struct BinWeights {
    /// For each bin, what a number adds that has come through all bins before it and not begun this one.
    at_start: Vec<f64>,
    /// For each bin, what its whole way adds: its coefficient.
    of_way: Vec<f64>,
}

impl Weights {
    /// Those of an extractor's columns.
    pub(crate) fn new(extractor: &Extractor, coefficients: Vec<f64>) -> Weights {
        let family = |feature: &FittedFeature| {
            let own = feature.source.family();
            let same = |other: &FittedFeature| other.source.family() == own;
            extractor.features().iter().position(same).unwrap_or_default()
        };
        let own = |feature: &FittedFeature| FeatureWeights {
            family: family(feature),
            counts: feature.columns().any(|column| coefficients[column] != 0.0),
            is_against_its_sign: feature.is_against_its_sign(&coefficients),
            bins: feature
                .encoder
                .bins()
                .map(|bins| BinWeights::new(bins, &coefficients[feature.bin_columns()])),
        };
        let features = extractor.features().iter().map(own).collect();
        Weights { coefficients, features }
    }

    /// The coefficient of each column.
    pub(crate) fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// Whether the feature at this place can move a score at all.
    pub(crate) fn counts(&self, place: usize) -> bool {
        self.features[place].counts
    }

    /// Whether the fitted effect of the signal at this place goes the other way than its documentation
    /// expects.
    pub(crate) fn is_against_its_sign(&self, place: usize) -> bool {
        self.features[place].is_against_its_sign
    }

    /// The place of the first feature that may tell the same facts as the one at this place.
    pub(crate) fn family(&self, place: usize) -> usize {
        self.features[place].family
    }

    /// The log-odds that the feature at this place adds: the sum over its columns.
    pub(crate) fn contribution(
        &self,
        place: usize,
        feature: &FittedFeature,
        row: &Row<'_>,
        number: Cell<f64>,
    ) -> f64 {
        let mut sum = 0.0;
        feature.encode_but_bins(row, number, |column, value| {
            sum += self.coefficients[column] * value;
        });
        match (&self.features[place].bins, feature.encoder.bins(), number) {
            (Some(weights), Some(bins), Cell::Value(value)) => {
                let (bin, way) = bins.place(value);
                sum + weights.at_start[bin] + weights.of_way[bin] * way
            }
            _ => sum,
        }
    }
}

impl BinWeights {
    fn new(bins: &BinEncoder, coefficients: &[f64]) -> BinWeights {
        let of_average = bins.means().iter().zip(coefficients).map(|(mean, own)| mean * own);
        let mut come_through = -of_average.sum::<f64>();
        let at_start = coefficients.iter().map(|own| {
            let before = come_through;
            come_through += own;
            before
        });
        BinWeights { at_start: at_start.collect(), of_way: coefficients.to_vec() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::Transform;

    /// By hand: means 0.5, 0.4 and 0.3 under coefficients 1, -2 and 4 are 0.5 - 0.8 + 1.2 = 0.9 off, and a
    /// number half through the second bin has come 1 - 2 / 2.
    #[test]
    fn a_number_adds_the_ways_that_it_has_come_through() {
        let edges = vec![0.0, 10.0, 20.0, 30.0];
        let bins = BinEncoder::from_parts(Transform::Identity, edges, vec![0.5, 0.4, 0.3]).unwrap();
        let coefficients = [1.0, -2.0, 4.0];
        let weights = BinWeights::new(&bins, &coefficients);
        for value in [-5.0, 0.0, 7.0, 15.0, 29.0, 99.0] {
            let (bin, way) = bins.place(value);
            let own = weights.at_start[bin] + weights.of_way[bin] * way;
            let mut sum = 0.0;
            bins.encode(value, |bin, column| sum += coefficients[bin] * column);
            assert!((own - sum).abs() < 1e-12, "{value}");
        }
        let (bin, way) = bins.place(15.0);
        assert!((weights.at_start[bin] + weights.of_way[bin] * way + 0.9).abs() < 1e-12);
    }
}
