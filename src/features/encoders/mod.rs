//! From raw values to model columns: encoders fitted on training rows, blind to labels.

mod bins;
mod category;
mod number;
mod word;

pub(crate) use bins::BinEncoder;
pub(crate) use category::CategoryEncoder;
pub(crate) use number::{NumberEncoder, Scale};
pub(crate) use word::WordEncoder;

/// A fitted encoder.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Encoder {
    /// Of a number.
    Number(NumberEncoder),
    /// Of a category.
    Category(CategoryEncoder),
    /// Of the words of a field.
    Words(WordEncoder),
}

impl Encoder {
    /// How many columns it makes, those of bins apart.
    pub(crate) fn n_columns(&self) -> usize {
        match self {
            Encoder::Number(encoder) => encoder.n_columns(),
            Encoder::Category(encoder) => encoder.n_columns(),
            Encoder::Words(encoder) => encoder.terms().len(),
        }
    }

    /// The bins of a number, where it has any.
    pub(crate) fn bins(&self) -> Option<&BinEncoder> {
        match self {
            Encoder::Number(encoder) => encoder.bins.as_ref(),
            Encoder::Category(_) | Encoder::Words(_) => None,
        }
    }

    /// The same encoder without bins.
    pub(crate) fn without_bins(mut self) -> Encoder {
        if let Encoder::Number(encoder) = &mut self {
            encoder.bins = None;
        }
        self
    }

    /// How many units of the transformed value one step of a column is: its standard deviation;
    /// `None` for columns of a category and of words.
    pub(crate) fn unit(&self, column: usize) -> Option<f64> {
        match self {
            Encoder::Number(encoder) => encoder.unit(column),
            Encoder::Category(_) | Encoder::Words(_) => None,
        }
    }

    /// The names of its columns behind the feature's own name, those of bins apart.
    pub(crate) fn column_names(&self, feature: &str) -> Vec<String> {
        match self {
            Encoder::Number(encoder) => encoder.column_names(feature),
            Encoder::Category(encoder) => encoder.column_names(feature),
            Encoder::Words(encoder) => encoder.column_names(feature),
        }
    }
}

/// An indicator column, centered and scaled like any other, so that a value that is unknown is
/// the average and adds nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Indicator {
    /// Share of training rows where it was 1.
    pub(crate) share: f64,
}

impl Indicator {
    /// The indicator of something seen `n` times among `total` rows; `None` where it is constant,
    /// and so says nothing, or all but constant, and so cannot be learned from.
    pub(crate) fn fit(n: usize, total: usize) -> Option<Indicator> {
        const MIN_EACH: usize = 5;
        let learnable = n >= MIN_EACH && total - n >= MIN_EACH;
        learnable.then(|| Indicator { share: n as f64 / total as f64 })
    }

    /// Standard deviation of the indicator.
    pub(crate) fn sd(self) -> f64 {
        libm::sqrt(self.share * (1.0 - self.share))
    }

    /// The column's value: (x - share) / sqrt(share (1 - share)).
    pub(crate) fn encode(self, is: bool) -> f64 {
        (f64::from(is) - self.share) / self.sd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_indicator_has_mean_zero_and_variance_one() {
        // 20 of 100: (1 - 0.2) / 0.4 = 2 and (0 - 0.2) / 0.4 = -0.5
        let indicator = Indicator::fit(20, 100).unwrap();
        assert!((indicator.encode(true) - 2.0).abs() < 1e-12);
        assert!((indicator.encode(false) + 0.5).abs() < 1e-12);
    }

    #[test]
    fn a_constant_indicator_is_no_column() {
        assert_eq!(Indicator::fit(0, 100), None);
        assert_eq!(Indicator::fit(100, 100), None);
        assert_eq!(Indicator::fit(4, 100), None);
    }
}
