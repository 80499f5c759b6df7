//! The numbers a model is fitted on: a dense block, column by column, and two sparse ones, row by row.

/// A dense matrix in column-major order, as linfa's products of transposed matrices want it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DenseMatrix {
    n_rows: usize,
    n_columns: usize,
    values: Vec<f64>,
}

impl DenseMatrix {
    /// A matrix of zeros.
    pub(crate) fn zeros(n_rows: usize, n_columns: usize) -> Self {
        DenseMatrix { n_rows, n_columns, values: vec![0.0; n_rows * n_columns] }
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.n_rows
    }

    pub(crate) fn n_columns(&self) -> usize {
        self.n_columns
    }

    pub(crate) fn column(&self, column: usize) -> &[f64] {
        &self.values[column * self.n_rows..(column + 1) * self.n_rows]
    }

    pub(crate) fn set(&mut self, row: usize, column: usize, value: f64) {
        self.values[column * self.n_rows + row] = value;
    }

    /// All values, column after column.
    pub(crate) fn values(&self) -> &[f64] {
        &self.values
    }
}

/// Rows of which most columns are 0: of each row the columns that are not, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SparseMatrix {
    n_columns: usize,
    /// Where each row ends.
    ends: Vec<usize>,
    columns: Vec<u32>,
    /// In single precision, which is exact enough to learn from: there are very many of them.
    values: Vec<f32>,
}

impl SparseMatrix {
    /// A matrix without rows.
    pub(crate) fn new(n_columns: usize) -> Self {
        SparseMatrix { n_columns, ..SparseMatrix::default() }
    }

    pub(crate) fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// Adds a value to the row that is being written.
    pub(crate) fn push(&mut self, column: usize, value: f64) {
        self.columns.push(column as u32);
        self.values.push(value as f32);
    }

    /// Ends the row that is being written.
    pub(crate) fn end_row(&mut self) {
        self.ends.push(self.columns.len());
    }

    /// How many values there are.
    pub(crate) fn n_values(&self) -> usize {
        self.values.len()
    }

    /// The columns of a row that are not 0, with their values.
    pub(crate) fn row(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        let range = start..self.ends[row];
        let columns = self.columns[range.clone()].iter();
        let values = self.values[range].iter().map(|value| f64::from(*value));
        columns.zip(values).map(|(column, value)| (*column as usize, value))
    }
}

/// All columns of a model for some listings: first the dense ones, then those of bins, then those of
/// words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FeatureMatrix {
    pub(crate) dense: DenseMatrix,
    pub(crate) bins: SparseMatrix,
    pub(crate) words: SparseMatrix,
}

impl FeatureMatrix {
    /// A matrix of dense columns alone.
    #[cfg(feature = "train")]
    pub(crate) fn from_dense(dense: DenseMatrix) -> FeatureMatrix {
        let mut empty = SparseMatrix::new(0);
        (0..dense.n_rows()).for_each(|_| empty.end_row());
        FeatureMatrix { dense, bins: empty.clone(), words: empty }
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.dense.n_rows()
    }

    /// How many columns there are together.
    pub(crate) fn n_columns(&self) -> usize {
        self.dense.n_columns() + self.bins.n_columns() + self.words.n_columns()
    }

    /// The log-odds of each row under an intercept and a coefficient for each column, summed in the
    /// order of the columns.
    pub(crate) fn log_odds(&self, intercept: f64, coefficients: &[f64]) -> Vec<f64> {
        let (dense, rest) = coefficients.split_at(self.dense.n_columns());
        let (bins, words) = rest.split_at(self.bins.n_columns());
        let mut sums = vec![intercept; self.n_rows()];
        for (column, coefficient) in dense.iter().enumerate() {
            for (sum, value) in sums.iter_mut().zip(self.dense.column(column)) {
                *sum += coefficient * value;
            }
        }
        for (block, own) in [(&self.bins, bins), (&self.words, words)] {
            if own.iter().any(|coefficient| *coefficient != 0.0) {
                for (row, sum) in sums.iter_mut().enumerate() {
                    *sum += block.row(row).map(|(at, value)| own[at] * value).sum::<f64>();
                }
            }
        }
        sums
    }
}
