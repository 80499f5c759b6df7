//! A trained model: feature stage, linear coefficients, calibration, threshold and its card.

mod calibration;
mod card;
#[cfg(feature = "train")]
pub(crate) mod fit;
mod threshold;

pub use calibration::Calibration;
pub use card::{Card, LexiconInfo, SplitSummary, ThresholdSpread, TrainingData};
pub use threshold::{Budget, OperatingPoint, Policy, Threshold};

use crate::error::Result;
use crate::features::{Encoder, ExpectedSign, Extractor, FeatureSource, FittedFeature};

/// A trained model. Nothing in it changes when it scores.
///
/// Loading and saving are in [`Model::load`], [`Model::from_bytes`], [`Model::embedded`] and
/// [`Model::to_bytes`].
#[derive(Clone, Debug)]
pub struct Model {
    pub(crate) extractor: Extractor,
    pub(crate) linear: LinearModel,
    pub(crate) calibration: Calibration,
    pub(crate) threshold: Threshold,
    pub(crate) operating_points: Vec<OperatingPoint>,
    pub(crate) card: Card,
}

/// The coefficients of a logistic regression on standardized columns.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LinearModel {
    /// Log-odds of a listing that is average in every column.
    pub(crate) intercept: f64,
    /// Log-odds for one standard deviation of each column, in column order.
    pub(crate) coefficients: Vec<f64>,
}

/// A column of a model with its coefficient, for reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Coefficient {
    /// The column's name: the signal's, or the signal's with `:missing`.
    pub column: String,
    /// Change of the calibrated log-odds for one standard deviation of the column; for a bin, of an
    /// indicator with the column's mean, which the column nearly is.
    pub standardized: f64,
    /// Change of the scaled log-odds for one unit of the transformed signal, such as one step
    /// of ln(1 + days), or for the way through a bin from its lower edge to its upper; `None` for
    /// indicator columns of categories.
    pub per_unit: Option<f64>,
    /// For a number of a signal, the sign that its documentation expects.
    pub expected_sign: Option<ExpectedSign>,
    /// For a number of a signal, how far the calibrated log-odds rise from its least training value to
    /// its greatest, its bins counted in: what is held against the expected sign.
    pub rise: Option<f64>,
    /// True when the sign is not the one that the signal's documentation expects.
    pub unexpected_sign: bool,
}

/// A word or a pair of words that a model has learned.
#[derive(Clone, Debug, PartialEq)]
pub struct LearnedWord {
    /// The canonical column that it stands in.
    pub field: &'static str,
    /// The folded words, or characters of a script without spaces.
    pub term: String,
    /// Change of the calibrated log-odds for a field that says this word and no other.
    pub coefficient: f64,
}

impl Model {
    /// What the model was trained on and how well it works.
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// The stored threshold and the policy it came from.
    pub fn threshold(&self) -> &Threshold {
        &self.threshold
    }

    /// How raw log-odds become calibrated ones.
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// What each threshold did on the validation rows, from the highest threshold down.
    pub fn operating_points(&self) -> &[OperatingPoint] {
        &self.operating_points
    }

    /// Log-odds, scaled as the coefficients are, of a listing that is average in every column.
    pub fn intercept(&self) -> f64 {
        self.calibration.scale(self.linear.intercept)
    }

    /// The model's columns in its own order, but for words, with scaled coefficients.
    pub fn coefficients(&self) -> Vec<Coefficient> {
        let slope = self.calibration.slope();
        let own = |column: usize| slope * self.linear.coefficients[column];
        let mut coefficients = Vec::with_capacity(self.linear.coefficients.len());
        let is_words = |feature: &&FittedFeature| matches!(feature.encoder, Encoder::Words(_));
        for feature in self.extractor.features().iter().filter(|own| !is_words(own)) {
            let names = feature.encoder.column_names(feature.source.name());
            for (offset, column) in names.into_iter().enumerate() {
                let standardized = own(feature.first_column + offset);
                let per_unit = feature.encoder.unit(offset).map(|unit| standardized / unit);
                let signal = match &feature.source {
                    FeatureSource::Signal(signal) if column == signal.name() => Some(signal),
                    _ => None,
                };
                coefficients.push(Coefficient {
                    column,
                    standardized,
                    per_unit,
                    expected_sign: signal.map(|own| own.expected_sign()),
                    rise: signal.map(|_| slope * feature.rise(&self.linear.coefficients)),
                    unexpected_sign: signal.is_some()
                        && feature.is_against_its_sign(&self.linear.coefficients),
                });
            }
        }
        for feature in self.extractor.features() {
            let Some(bins) = feature.encoder.bins() else { continue };
            let names = bins.column_names(feature.source.name());
            for (offset, (column, mean)) in names.into_iter().zip(bins.means()).enumerate() {
                let coefficient = own(feature.first_bin + offset);
                coefficients.push(Coefficient {
                    column,
                    standardized: coefficient * libm::sqrt(mean * (1.0 - mean)),
                    per_unit: Some(coefficient),
                    expected_sign: None,
                    rise: None,
                    unexpected_sign: false,
                });
            }
        }
        coefficients
    }

    /// The words that the model has learned, those that tell most first.
    pub fn words(&self) -> Vec<LearnedWord> {
        let slope = self.calibration.slope();
        let mut words = Vec::new();
        for feature in self.extractor.features() {
            let (FeatureSource::Words(field), Encoder::Words(encoder)) =
                (&feature.source, &feature.encoder)
            else {
                continue;
            };
            for (place, (term, _)) in encoder.terms().iter().enumerate() {
                let coefficient = slope * self.linear.coefficients[feature.first_column + place];
                let field = field.column().name();
                words.push(LearnedWord { field, term: term.to_string(), coefficient });
            }
        }
        words.sort_by(|a, b| b.coefficient.abs().total_cmp(&a.coefficient.abs()));
        words
    }

    /// The signals that make no column, because they did not vary in training.
    pub fn unused_signals(&self) -> Vec<&str> {
        self.extractor
            .features()
            .iter()
            .filter(|feature| feature.encoder.n_columns() == 0)
            .map(|feature| feature.source.name())
            .collect()
    }

    /// The currencies in which the model knows prices, with the number of its price cells; an
    /// empty code stands for listings without a currency.
    pub fn price_cells(&self) -> Vec<(&str, usize)> {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for (key, _) in self.extractor.state().prices.sorted() {
            match counts.last_mut() {
                Some((currency, n)) if *currency == key.currency => *n += 1,
                _ => counts.push((&key.currency, 1)),
            }
        }
        counts
    }

    /// How many words and pairs of words the model has learned, each in its field.
    pub fn n_words(&self) -> usize {
        self.extractor.n_words()
    }

    /// How many quantile bins of numbers the model has.
    pub fn n_bins(&self) -> usize {
        self.extractor.n_bins()
    }

    /// How many brands the model knows by name.
    pub fn n_brands(&self) -> usize {
        self.extractor.state().brands.iter().count()
    }

    /// The names of further columns, beyond the canonical ones, that the data must have.
    pub fn extra_columns(&self) -> crate::listing::ExtraColumns {
        let mut extra = crate::listing::ExtraColumns::default();
        for feature in self.extractor.features() {
            match &feature.source {
                FeatureSource::Signal(_) | FeatureSource::Words(_) => {}
                FeatureSource::ExtraNumber(name, transform) => {
                    extra.numeric.push((name.clone(), *transform));
                }
                FeatureSource::ExtraCategory(name) => {
                    extra.categorical.push(name.clone());
                }
            }
        }
        extra
    }
}

impl LinearModel {
    /// Checks that the model fits a matrix of so many columns.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Width`].
    pub(crate) fn check_width(&self, n_columns: usize) -> Result<()> {
        if self.coefficients.len() == n_columns {
            return Ok(());
        }
        let expected = self.coefficients.len();
        Err(crate::error::ErrorKind::Width { expected, found: n_columns }.into())
    }
}
