//! The fitted feature stage: state and encoders, and the columns they make of a listing.

use super::encoders::{CategoryEncoder, Encoder, NumberEncoder};
use super::matrix::DenseMatrix;
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

    /// The columns of the listings at `rows`, for the fit.
    pub(crate) fn matrix(&self, prepared: &Prepared<'_>, rows: &[usize]) -> DenseMatrix {
        let mut matrix = DenseMatrix::zeros(rows.len(), self.n_columns);
        for (target, &row) in rows.iter().enumerate() {
            let row = prepared.row(&self.state, row);
            for feature in &self.features {
                let number = feature.number(&row);
                feature.encode(&row, number, |column, value| matrix.set(target, column, value));
            }
        }
        matrix
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
            (Encoder::Category(_), _) => {}
        }
    }

    /// The raw number behind the feature; unknown for a category.
    pub(crate) fn number(&self, row: &Row<'_>) -> Cell<f64> {
        match &self.source {
            FeatureSource::Signal(signal) => signal.value(row),
            FeatureSource::ExtraNumber(name, _) => {
                row.prepared().listings().extra_number(name, row.index())
            }
            FeatureSource::ExtraCategory(_) => Cell::Unknown,
        }
    }
}
