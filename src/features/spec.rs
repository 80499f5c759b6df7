//! Which features a model has: signals and the user's further columns, before anything is fitted.

use std::collections::HashSet;

use super::prepared::{Row, View};
use super::signal::Signal;
use super::signals::SIGNALS;
use super::words::WordField;
use crate::error::{ErrorKind, Result, excerpt};
use crate::listing::{Cell, ExtraColumns, Transform};

/// Where a feature's raw value comes from.
#[derive(Clone)]
pub(crate) enum FeatureSource {
    /// One of the built-in signals.
    Signal(&'static dyn Signal),
    /// A numeric column of the user's, by their name.
    ExtraNumber(String, Transform),
    /// A categorical column of the user's, by their name.
    ExtraCategory(String),
    /// The words of a field, learned from labels.
    Words(WordField),
}

impl FeatureSource {
    /// The feature's name in model files and reports.
    pub(crate) fn name(&self) -> &str {
        match self {
            FeatureSource::Signal(signal) => signal.name(),
            FeatureSource::ExtraNumber(name, _) | FeatureSource::ExtraCategory(name) => name,
            FeatureSource::Words(field) => field.feature_name(),
        }
    }

    /// The family of features that may tell the same fact.
    pub(crate) fn family(&self) -> &str {
        match self {
            FeatureSource::Signal(signal) => signal.family(),
            FeatureSource::ExtraNumber(..)
            | FeatureSource::ExtraCategory(_)
            | FeatureSource::Words(_) => self.name(),
        }
    }

    /// The raw number of a listing; unknown for a category and for words.
    pub(crate) fn number(&self, row: &Row<'_>) -> Cell<f64> {
        match self {
            FeatureSource::Signal(signal) => signal.value(row),
            FeatureSource::ExtraNumber(name, _) => {
                row.prepared().listings().extra_number(name, row.index())
            }
            FeatureSource::ExtraCategory(_) | FeatureSource::Words(_) => Cell::Unknown,
        }
    }

    /// The raw numbers of the listings at `rows`, as [`FeatureSource::number`] gives them.
    pub(crate) fn numbers(&self, view: &View<'_>, rows: &[usize]) -> Vec<Cell<f64>> {
        match view.kept(self.name()) {
            Some(kept) => rows.iter().map(|&row| kept(row)).collect(),
            None => rows.iter().map(|&row| self.number(&view.row(row))).collect(),
        }
    }

    /// What kind of source it is, in model files.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            FeatureSource::Signal(_) => "signal",
            FeatureSource::ExtraNumber(..) => "extra_numeric",
            FeatureSource::ExtraCategory(_) => "extra_categorical",
            FeatureSource::Words(_) => "words",
        }
    }
}

impl std::fmt::Debug for FeatureSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind(), self.name())
    }
}

/// The features of a model in their order: the signals first, as in [`SIGNALS`], then the user's, then
/// the words of the fields.
#[derive(Clone, Debug)]
pub(crate) struct FeatureSpec {
    pub(crate) sources: Vec<FeatureSource>,
    /// Whether numbers become bins too.
    pub(crate) bins: bool,
}

impl FeatureSpec {
    /// All signals and the user's further columns, their numbers as bins too if wanted; with `words` those
    /// of the fields too.
    ///
    /// # Errors
    /// [`ErrorKind::Mapping`] for a further column whose name could be that of another column of
    /// the model: a signal's name, one with `=` or `:[`, one that ends in `:missing` or `:rare` or begins
    /// as the words of a field do, or the same name as a number and as a category.
    pub(crate) fn new(extra: &ExtraColumns, bins: bool, words: bool) -> Result<Self> {
        let names = extra.numeric.iter().map(|(name, _)| name).chain(&extra.categorical);
        let mut seen = HashSet::new();
        for name in names {
            let is_signal = SIGNALS.iter().any(|signal| signal.name() == name);
            let is_reserved = name.contains('=')
                || name.contains(":[")
                || name.ends_with(":missing")
                || name.ends_with(":rare")
                || WordField::ALL.iter().any(|field| name.starts_with(field.feature_name()));
            if is_signal || is_reserved || !seen.insert(name) {
                return Err(ErrorKind::Mapping {
                    file: "[extra]".to_owned(),
                    problem: format!(
                        "{} is also the name of another column of the model; rename it in the data",
                        excerpt(name)
                    ),
                }
                .into());
            }
        }
        let signals = SIGNALS.iter().map(|signal| FeatureSource::Signal(*signal));
        let numbers = extra
            .numeric
            .iter()
            .map(|(name, transform)| FeatureSource::ExtraNumber(name.clone(), *transform));
        let categories =
            extra.categorical.iter().map(|name| FeatureSource::ExtraCategory(name.clone()));
        let fields = WordField::ALL.into_iter().filter(|_| words).map(FeatureSource::Words);
        Ok(FeatureSpec {
            sources: signals.chain(numbers).chain(categories).chain(fields).collect(),
            bins,
        })
    }
}
