//! The fitted feature stage: state and encoders, and the columns they make of a listing.

use super::encoders::{BinEncoder, CategoryEncoder, Encoder, NumberEncoder, WordEncoder};
use super::matrix::{BinMatrix, DenseMatrix, FeatureMatrix, SparseMatrix};
use super::prepared::{Prepared, Row};
use super::spec::{FeatureSource, FeatureSpec};
use super::state::FittedState;
use crate::listing::Cell;
use crate::text::Term;

/// One feature with its fitted encoder and the place of its columns in the model.
#[derive(Clone, Debug)]
pub(crate) struct FittedFeature {
    pub(crate) source: FeatureSource,
    pub(crate) encoder: Encoder,
    /// Index of its first column among all columns of the model.
    pub(crate) first_column: usize,
    /// Index of the first column of its bins, where it has any.
    pub(crate) first_bin: usize,
}

/// The fitted feature stage.
#[derive(Clone, Debug)]
pub(crate) struct Extractor {
    state: FittedState,
    features: Vec<FittedFeature>,
    n_dense: usize,
    n_bins: usize,
    n_words: usize,
}

impl Extractor {
    /// Learns state and encoders from the listings at `rows`.
    pub(crate) fn fit(spec: &FeatureSpec, prepared: &Prepared<'_>, rows: &[usize]) -> Extractor {
        let state = FittedState::fit(prepared, rows);
        let view = prepared.view(&state);
        let spreads = prepared.census().map(|own| own.spreads(rows.iter().copied()));
        let mut features = Vec::with_capacity(spec.sources.len());
        for source in &spec.sources {
            let encoder = match source {
                FeatureSource::Signal(signal) => {
                    let cells = source.numbers(&view, rows).into_iter();
                    Encoder::Number(NumberEncoder::fit(signal.transform(), cells, spec.bins))
                }
                FeatureSource::ExtraNumber(_, transform) => {
                    let cells = source.numbers(&view, rows).into_iter();
                    Encoder::Number(NumberEncoder::fit(*transform, cells, spec.bins))
                }
                FeatureSource::ExtraCategory(name) => Encoder::Category(CategoryEncoder::fit(
                    rows.iter().map(|&row| prepared.listings().extra_category(name, row)),
                )),
                FeatureSource::Words(field) => {
                    Encoder::Words(match prepared.census().zip(spreads.as_ref()) {
                        Some((census, spreads)) => {
                            WordEncoder::fit(*field, census, rows.len(), spreads)
                        }
                        None => WordEncoder::from_terms(Vec::new()),
                    })
                }
            };
            features.push((source.clone(), encoder));
        }
        Self::from_parts(state, features)
    }

    /// The stage of these parts, as read from a model file. Its columns are the dense ones of all
    /// features, then all bins, then all words.
    pub(crate) fn from_parts(
        state: FittedState,
        parts: Vec<(FeatureSource, Encoder)>,
    ) -> Extractor {
        let is_words = |encoder: &Encoder| matches!(encoder, Encoder::Words(_));
        let n_of = |words: bool| -> usize {
            let own = parts.iter().filter(|(_, encoder)| is_words(encoder) == words);
            own.map(|(_, encoder)| encoder.n_columns()).sum()
        };
        let (n_dense, n_words) = (n_of(false), n_of(true));
        let n_bins =
            parts.iter().filter_map(|(_, own)| own.bins()).map(BinEncoder::n_columns).sum();
        let (mut dense, mut bin, mut word) = (0, n_dense, n_dense + n_bins);
        let mut features = Vec::with_capacity(parts.len());
        for (source, encoder) in parts {
            let next = if is_words(&encoder) { &mut word } else { &mut dense };
            let first_column = *next;
            *next += encoder.n_columns();
            let first_bin = bin;
            bin += encoder.bins().map_or(0, BinEncoder::n_columns);
            features.push(FittedFeature { source, encoder, first_column, first_bin });
        }
        Extractor { state, features, n_dense, n_bins, n_words }
    }

    pub(crate) fn state(&self) -> &FittedState {
        &self.state
    }

    pub(crate) fn features(&self) -> &[FittedFeature] {
        &self.features
    }

    /// How many columns the features make together.
    pub(crate) fn n_columns(&self) -> usize {
        self.n_dense + self.n_bins + self.n_words
    }

    /// How many columns are bins of numbers.
    pub(crate) fn n_bins(&self) -> usize {
        self.n_bins
    }

    /// How many columns are words.
    pub(crate) fn n_words(&self) -> usize {
        self.n_words
    }

    /// The names of all columns in order.
    pub(crate) fn column_names(&self) -> Vec<String> {
        let is_words = |own: &&FittedFeature| matches!(own.encoder, Encoder::Words(_));
        let names = |own: &FittedFeature| own.encoder.column_names(own.source.name());
        let bins = self
            .features
            .iter()
            .filter_map(|own| Some(own.encoder.bins()?.column_names(own.source.name())));
        let dense = self.features.iter().filter(|own| !is_words(own)).map(names);
        let words = self.features.iter().filter(is_words).map(names);
        dense.chain(bins).chain(words).flatten().collect()
    }

    /// The same stage with bins and words or without them.
    pub(crate) fn with_only(self, bins: bool, words: bool) -> Extractor {
        let is_kept = |own: &FittedFeature| words || !matches!(own.encoder, Encoder::Words(_));
        let part = |own: FittedFeature| {
            (own.source, if bins { own.encoder } else { own.encoder.without_bins() })
        };
        let parts = self.features.into_iter().filter(is_kept).map(part).collect();
        Extractor::from_parts(self.state, parts)
    }

    /// The columns of the listings at `rows`, for the fit.
    pub(crate) fn matrix(&self, prepared: &Prepared<'_>, rows: &[usize]) -> FeatureMatrix {
        let mut dense = DenseMatrix::zeros(rows.len(), self.n_dense);
        let mut bins = BinMatrix::default();
        let view = prepared.view(&self.state);
        for feature in &self.features {
            let numbers = feature.source.numbers(&view, rows);
            for (target, (&row, own)) in rows.iter().zip(&numbers).enumerate() {
                let row = view.row(row);
                feature.encode_dense(&row, *own, |column, value| dense.set(target, column, value));
            }
            if let Some(own) = feature.encoder.bins() {
                let places = numbers.iter().map(|cell| cell.value().map(|value| own.place(value)));
                bins.push(own.means(), places);
            }
        }
        let mut words = SparseMatrix::new(self.n_words);
        let before = self.n_dense + self.n_bins;
        for &row in rows {
            let row = view.row(row);
            for feature in &self.features {
                feature.encode_words(&row, |column, value| words.push(column - before, value));
            }
            words.end_row();
        }
        words.pack();
        FeatureMatrix { dense, bins, words }
    }

    /// The coefficients of a model of another stage at the columns of this one that mean the same, 0 at
    /// others: a place for a fit to begin.
    pub(crate) fn carry(&self, from: &Extractor, before: &[f64]) -> Vec<f64> {
        let mut coefficients = vec![0.0; self.n_columns()];
        for feature in &self.features {
            let name = feature.source.name();
            let Some(other) = from.features.iter().find(|own| own.source.name() == name) else {
                continue;
            };
            if let (Encoder::Words(own), Encoder::Words(words)) = (&feature.encoder, &other.encoder)
            {
                for (place, (term, _)) in own.terms().iter().enumerate() {
                    if let Some(found) = words.place(&Term::of(term)) {
                        coefficients[feature.first_column + place] =
                            before[other.first_column + found as usize];
                    }
                }
                continue;
            }
            let names = other.encoder.column_names(name);
            for (place, column) in feature.encoder.column_names(name).into_iter().enumerate() {
                if let Some(found) = names.iter().position(|own| *own == column) {
                    coefficients[feature.first_column + place] = before[other.first_column + found];
                }
            }
            let (own, bins) = (feature.bin_columns(), other.bin_columns());
            if own.len() == bins.len() {
                coefficients[own].copy_from_slice(&before[bins]);
            }
        }
        coefficients
    }
}

impl FittedFeature {
    /// Hands the feature's columns of one listing that are not 0 to `put`, by their index in the model.
    /// `number` is its [`FittedFeature::number`], which may be dear and is needed for the reasons too.
    pub(crate) fn encode(&self, row: &Row<'_>, number: Cell<f64>, mut put: impl FnMut(usize, f64)) {
        if let (Some(bins), Cell::Value(value)) = (self.encoder.bins(), number) {
            bins.encode(value, |bin, own| put(self.first_bin + bin, own));
        }
        self.encode_but_bins(row, number, put);
    }

    /// The same without the columns of its bins.
    pub(crate) fn encode_but_bins(
        &self,
        row: &Row<'_>,
        number: Cell<f64>,
        mut put: impl FnMut(usize, f64),
    ) {
        self.encode_dense(row, number, &mut put);
        self.encode_words(row, put);
    }

    fn encode_dense(&self, row: &Row<'_>, number: Cell<f64>, mut put: impl FnMut(usize, f64)) {
        let shifted = |column: usize, value: f64| put(self.first_column + column, value);
        match (&self.encoder, &self.source) {
            (Encoder::Number(encoder), _) => encoder.encode(number, shifted),
            (Encoder::Category(encoder), FeatureSource::ExtraCategory(name)) => {
                let cell = row.prepared().listings().extra_category(name, row.index());
                encoder.encode(cell, shifted);
            }
            (Encoder::Category(_) | Encoder::Words(_), _) => {}
        }
    }

    fn encode_words(&self, row: &Row<'_>, mut put: impl FnMut(usize, f64)) {
        if let (Encoder::Words(encoder), FeatureSource::Words(field)) =
            (&self.encoder, &self.source)
        {
            let (words, counted) = row.words(*field);
            let words = words.iter().copied();
            encoder.encode(words, counted, |column, value| put(self.first_column + column, value));
        }
    }

    /// The indices of its columns.
    pub(crate) fn columns(&self) -> impl Iterator<Item = usize> + use<> {
        let own = self.first_column..self.first_column + self.encoder.n_columns();
        own.chain(self.bin_columns())
    }

    /// The indices of the columns of its bins.
    pub(crate) fn bin_columns(&self) -> std::ops::Range<usize> {
        self.first_bin..self.first_bin + self.encoder.bins().map_or(0, BinEncoder::n_columns)
    }

    /// How far a number's contribution rises from its least training value to its greatest, in
    /// log-odds; 0 for anything else.
    pub(crate) fn rise(&self, coefficients: &[f64]) -> f64 {
        let Encoder::Number(NumberEncoder { scale, bins, .. }) = &self.encoder else { return 0.0 };
        let line = scale.map_or(0.0, |own| coefficients[self.first_column] * own.width());
        let through = bins.as_ref().map_or(0.0, |_| coefficients[self.bin_columns()].iter().sum());
        line + through
    }

    /// True when the fitted effect of a signal goes the other way than its documentation expects.
    pub(crate) fn is_against_its_sign(&self, coefficients: &[f64]) -> bool {
        match &self.source {
            FeatureSource::Signal(signal) => {
                signal.expected_sign().contradicts(self.rise(coefficients))
            }
            FeatureSource::ExtraNumber(..)
            | FeatureSource::ExtraCategory(_)
            | FeatureSource::Words(_) => false,
        }
    }

    /// The raw number behind the feature; unknown for a category and for words.
    pub(crate) fn number(&self, row: &Row<'_>) -> Cell<f64> {
        self.source.number(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Knowledge;
    use crate::listing::{ExtraColumns, Listing, ListingBatch};

    /// The matrix of a fit and what is scored column by column are the same, and a listing that tells no
    /// number has just the intercept of the model.
    #[test]
    fn what_is_scored_is_what_was_fitted() {
        let listing = |number: u32| Listing {
            seller_age_days: Some(f64::from(number * number % 997)),
            sales_count: (!number.is_multiple_of(3)).then(|| f64::from(number % 41)),
            image_count: Some(if number.is_multiple_of(4) {
                f64::NAN
            } else {
                f64::from(number % 11)
            }),
            ..Listing::new(number.to_string(), "bag")
        };
        let mut listings: Vec<Listing> = (0..500).map(listing).collect();
        listings.push(Listing::new("none", "bag"));
        let batch = ListingBatch::from_listings(&listings);
        let knowledge = Knowledge::builtin().unwrap();
        let prepared = Prepared::new(&batch, &knowledge, None);
        let spec = FeatureSpec::new(&ExtraColumns::default(), true, false).unwrap();
        let rows: Vec<usize> = (0..listings.len()).collect();
        let extractor = Extractor::fit(&spec, &prepared, &rows);
        assert!(extractor.n_bins() > 20, "{}", extractor.n_bins());
        let n_columns = extractor.n_columns();
        let coefficients: Vec<f64> = (0..n_columns).map(|at| (at * 7 % 11) as f64 - 5.0).collect();
        let fitted = extractor.matrix(&prepared, &rows).log_odds(0.5, &coefficients);
        for (row, fitted) in rows.into_iter().zip(fitted) {
            let row = prepared.row(extractor.state(), row);
            let mut bins = 0.0;
            let mut scored = 0.5;
            for feature in extractor.features() {
                feature.encode(&row, feature.number(&row), |column, value| {
                    scored += coefficients[column] * value;
                    if column >= extractor.n_dense {
                        bins += f64::from(u8::from(value != 0.0));
                    }
                });
            }
            // The matrix keeps places in bins in single precision.
            assert!((scored - fitted).abs() < 1e-4, "{scored} {fitted}");
            assert_eq!(bins > 0.0, row.index() < 500);
        }
    }
}
