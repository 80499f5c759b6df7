//! The numbers a model is fitted on: one dense block, column by column.

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
