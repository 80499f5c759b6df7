//! The fitted feature stage: state and encoders, and the columns they make of a listing.

use super::encoders::{CategoryEncoder, Encoder, NumberEncoder, WordEncoder};
use super::matrix::{DenseMatrix, FeatureMatrix, SparseMatrix};
use super::prepared::{Prepared, Row};
use super::spec::{FeatureSource, FeatureSpec};
use super::state::FittedState;
use crate::listing::Cell;

/// One feature with its fitted encoder and the place of its columns in the model.
#[derive(Clone, Debug)]
pub(crate) struct FittedFeature {
    pub(crate) source: FeatureSource,
    pub(crate) encoder: Encoder,
    /// Index of its first column among all columns of the model.
    pub(crate) first_column: usize,
}

/// The fitted feature stage.
#[derive(Clone, Debug)]
pub(crate) struct Extractor {
    state: FittedState,
    features: Vec<FittedFeature>,
    n_columns: usize,
}

impl Extractor {
    /// Learns state and encoders from the listings at `rows`.
    pub(crate) fn fit(spec: &FeatureSpec, prepared: &Prepared<'_>, rows: &[usize]) -> Extractor {
        let state = FittedState::fit(prepared, rows);
        let mut features = Vec::with_capacity(spec.sources.len());
        for source in &spec.sources {
            let encoder = match source {
                FeatureSource::Signal(signal) => {
                    let cells = rows.iter().map(|&row| signal.value(&prepared.row(&state, row)));
                    Encoder::Number(NumberEncoder::fit(signal.transform(), cells))
                }
                FeatureSource::ExtraNumber(name, transform) => {
                    let cells = rows.iter().map(|&row| prepared.listings().extra_number(name, row));
                    Encoder::Number(NumberEncoder::fit(*transform, cells))
                }
                FeatureSource::ExtraCategory(name) => Encoder::Category(CategoryEncoder::fit(
                    rows.iter().map(|&row| prepared.listings().extra_category(name, row)),
                )),
                FeatureSource::Words(field) => Encoder::Words(match prepared.census() {
                    Some(census) => {
                        WordEncoder::fit(*field, census, rows, |row| prepared.words(row))
                    }
                    None => WordEncoder::from_terms(Vec::new()),
                }),
            };
            features.push((source.clone(), encoder));
        }
        Self::from_parts(state, features)
    }

    /// The stage of these parts, as read from a model file.
    pub(crate) fn from_parts(
        state: FittedState,
        features: Vec<(FeatureSource, Encoder)>,
    ) -> Extractor {
        let mut n_columns = 0;
        let features = features
            .into_iter()
            .map(|(source, encoder)| {
                let first_column = n_columns;
                n_columns += encoder.n_columns();
                FittedFeature { source, encoder, first_column }
            })
            .collect();
        Extractor { state, features, n_columns }
    }

    pub(crate) fn state(&self) -> &FittedState {
        &self.state
    }

    pub(crate) fn features(&self) -> &[FittedFeature] {
        &self.features
    }

    /// How many columns the features make together.
    pub(crate) fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// The names of all columns in order.
    pub(crate) fn column_names(&self) -> Vec<String> {
        self.features
            .iter()
            .flat_map(|feature| feature.encoder.column_names(feature.source.name()))
            .collect()
    }

    /// How many columns stand before those of words.
    pub(crate) fn n_dense(&self) -> usize {
        let is_words = |feature: &&FittedFeature| matches!(feature.encoder, Encoder::Words(_));
        self.features.iter().find(is_words).map_or(self.n_columns, |feature| feature.first_column)
    }

    /// The same stage without the words of fields.
    pub(crate) fn without_words(&self) -> Extractor {
        let is_kept = |own: &&FittedFeature| !matches!(own.encoder, Encoder::Words(_));
        let kept = self.features.iter().filter(is_kept);
        let parts = kept.map(|own| (own.source.clone(), own.encoder.clone())).collect();
        Extractor::from_parts(self.state.clone(), parts)
    }

    /// The columns of the listings at `rows`, for the fit.
    pub(crate) fn matrix(&self, prepared: &Prepared<'_>, rows: &[usize]) -> FeatureMatrix {
        let n_dense = self.n_dense();
        let mut dense = DenseMatrix::zeros(rows.len(), n_dense);
        let mut sparse = SparseMatrix::new(self.n_columns - n_dense);
        for (target, &row) in rows.iter().enumerate() {
            let row = prepared.row(&self.state, row);
            for feature in &self.features {
                let number = feature.number(&row);
                feature.encode(&row, number, |column, value| match column.checked_sub(n_dense) {
                    None => dense.set(target, column, value),
                    Some(column) => sparse.push(column, value),
                });
            }
            sparse.end_row();
        }
        FeatureMatrix { dense, sparse }
    }
}

impl FittedFeature {
    /// Hands the feature's columns of one listing to `put`, by their index in the model. `number` is
    /// its [`FittedFeature::number`], which may be dear and is needed for the reasons too.
    pub(crate) fn encode(&self, row: &Row<'_>, number: Cell<f64>, mut put: impl FnMut(usize, f64)) {
        let shifted = |column: usize, value: f64| put(self.first_column + column, value);
        match (&self.encoder, &self.source) {
            (Encoder::Number(encoder), _) => encoder.encode(number, shifted),
            (Encoder::Category(encoder), FeatureSource::ExtraCategory(name)) => {
                let cell = row.prepared().listings().extra_category(name, row.index());
                encoder.encode(cell, shifted);
            }
            (Encoder::Words(encoder), FeatureSource::Words(field)) => {
                let (words, counted) = row.words(*field);
                encoder.encode(words, counted, shifted);
            }
            (Encoder::Category(_) | Encoder::Words(_), _) => {}
        }
    }

    /// The raw number behind the feature; unknown for a category and for words.
    pub(crate) fn number(&self, row: &Row<'_>) -> Cell<f64> {
        match &self.source {
            FeatureSource::Signal(signal) => signal.value(row),
            FeatureSource::ExtraNumber(name, _) => {
                row.prepared().listings().extra_number(name, row.index())
            }
            FeatureSource::ExtraCategory(_) | FeatureSource::Words(_) => Cell::Unknown,
        }
    }
}
