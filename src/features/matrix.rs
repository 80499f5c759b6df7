//! The numbers a model is fitted on: a dense block, places in bins, and words row by row.

use std::ops::Range;

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
    /// For each column, where its value stands in packed vectors; empty where nothing was packed.
    places: Vec<u32>,
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

    /// Puts the columns of most values first, once all rows are written, so that what most products need of
    /// a vector stands together: few columns have most of the values, as few words are most of a text.
    pub(crate) fn pack(&mut self) {
        let mut n_values = vec![0_u32; self.n_columns];
        for column in &self.columns {
            n_values[*column as usize] += 1;
        }
        let mut order: Vec<u32> = (0..self.n_columns as u32).collect();
        order.sort_by_key(|column| std::cmp::Reverse(n_values[*column as usize]));
        self.places = vec![0; self.n_columns];
        for (place, column) in (0..).zip(order) {
            self.places[column as usize] = place;
        }
        for column in &mut self.columns {
            *column = self.places[*column as usize];
        }
    }

    /// A vector with a value for each column as the products of this matrix take it.
    pub(crate) fn packed(&self, vector: &[f64]) -> Vec<f64> {
        let mut packed = vector.to_vec();
        for (own, place) in vector.iter().zip(&self.places) {
            packed[*place as usize] = *own;
        }
        packed
    }

    /// The same the other way.
    pub(crate) fn unpacked(&self, packed: &[f64]) -> Vec<f64> {
        if self.places.is_empty() {
            return packed.to_vec();
        }
        self.places.iter().map(|place| packed[*place as usize]).collect()
    }

    /// Adds to `sums` the product of each row of a range and a packed vector.
    pub(crate) fn add_products(&self, vector: &[f64], rows: Range<usize>, sums: &mut [f64]) {
        for (sum, row) in sums.iter_mut().zip(rows) {
            let (columns, values) = self.parts(row);
            let product =
                |(column, value): (&u32, &f32)| vector[*column as usize] * f64::from(*value);
            // Four sums side by side: one alone would wait for each addition.
            let (fours, columns) = columns.as_chunks::<4>();
            let (values_of_fours, values) = values.as_chunks::<4>();
            let mut of_fours = [0.0; 4];
            for (columns, values) in fours.iter().zip(values_of_fours) {
                for (own, at) in of_fours.iter_mut().zip(columns.iter().zip(values)) {
                    *own += product(at);
                }
            }
            let rest: f64 = columns.iter().zip(values).map(product).sum();
            *sum += of_fours.iter().sum::<f64>() + rest;
        }
    }

    /// Adds to `sums`, which are packed, the columns of the rows of a range, each row times its factor.
    pub(crate) fn add_columns(&self, factors: &[f64], rows: Range<usize>, sums: &mut [f64]) {
        for (factor, row) in factors.iter().zip(rows) {
            self.row(row).for_each(|(at, value)| sums[at] += factor * value);
        }
    }

    /// Adds to `sums`, which are packed, the squares of the columns of all rows, each row times its factor.
    pub(crate) fn add_squares(&self, factors: &[f64], sums: &mut [f64]) {
        for (row, factor) in factors.iter().enumerate() {
            self.row(row).for_each(|(at, value)| sums[at] += factor * value * value);
        }
    }

    /// The columns of a row that are not 0, by their places in packed vectors, with their values.
    pub(crate) fn row(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let (columns, values) = self.parts(row);
        columns.iter().zip(values).map(|(column, value)| (*column as usize, f64::from(*value)))
    }

    fn parts(&self, row: usize) -> (&[u32], &[f32]) {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        let range = start..self.ends[row];
        (&self.columns[range.clone()], &self.values[range])
    }
}

/// The columns of bins: of each number that has bins, where its value stands in them.
///
/// A row has come through all bins of a number before its own, and some of the way through that, so the
/// place says what stands in every column, and products with all columns need one look at each place. Each
/// column is less its mean; a row without the number has 0 in every column.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct BinMatrix {
    numbers: Vec<BinnedNumber>,
    n_columns: usize,
}

/// One number of all rows, by its place in its bins.
#[derive(Clone, Debug, PartialEq)]
struct BinnedNumber {
    /// Index of its first column among the columns of bins.
    first: usize,
    /// The mean of each column.
    means: Vec<f64>,
    /// The bin of each row; of a row without the number, how many bins there are.
    bins: Vec<u8>,
    /// How far each row has come through its bin, from 0 to 1.
    ways: Vec<f32>,
}

impl BinMatrix {
    /// Adds a number with these means of its columns and these places of its rows: the bin, and how far
    /// through it. There are fewer than 256 bins.
    pub(crate) fn push(
        &mut self,
        means: &[f64],
        places: impl Iterator<Item = Option<(usize, f64)>>,
    ) {
        let n_bins = means.len();
        let (bins, ways) = places
            .map(|place| place.unwrap_or((n_bins, 0.0)))
            .map(|(bin, way)| (bin as u8, way as f32))
            .unzip();
        let (first, means) = (self.n_columns, means.to_vec());
        self.numbers.push(BinnedNumber { first, means, bins, ways });
        self.n_columns += n_bins;
    }

    pub(crate) fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// How many places there are.
    pub(crate) fn n_values(&self) -> usize {
        self.numbers.iter().map(|own| own.bins.len()).sum()
    }

    /// Adds to `sums` the product of each row of a range and a vector.
    pub(crate) fn add_products(&self, vector: &[f64], rows: Range<usize>, sums: &mut [f64]) {
        for own in &self.numbers {
            let vector = &vector[own.first..own.first + own.means.len()];
            let average: f64 =
                vector.iter().zip(&own.means).map(|(value, mean)| value * mean).sum();
            // What a row has gathered where its bin begins, and what it gathers in the bin.
            let mut gathered = -average;
            let mut of_bins = Vec::with_capacity(vector.len() + 1);
            for value in vector {
                of_bins.push((gathered, *value));
                gathered += value;
            }
            of_bins.push((0.0, 0.0));
            let places = own.bins[rows.clone()].iter().zip(&own.ways[rows.clone()]);
            for (sum, (bin, way)) in sums.iter_mut().zip(places) {
                let (before, within) = of_bins[usize::from(*bin)];
                *sum += before + within * f64::from(*way);
            }
        }
    }

    /// Adds to `sums` the columns of the rows of a range, each row times its factor.
    pub(crate) fn add_columns(&self, factors: &[f64], rows: Range<usize>, sums: &mut [f64]) {
        for own in &self.numbers {
            let sums = &mut sums[own.first..own.first + own.means.len()];
            let total = own.gather(factors, rows.clone(), |way| way, sums);
            sums.iter_mut().zip(&own.means).for_each(|(sum, mean)| *sum -= mean * total);
        }
    }

    /// Adds to `sums` the squares of the columns of all rows, each row times its factor.
    pub(crate) fn add_squares(&self, factors: &[f64], sums: &mut [f64]) {
        for own in &self.numbers {
            let sums = &mut sums[own.first..own.first + own.means.len()];
            // The sum of (x - m)^2 is that of x^2 less 2 m times that of x, and m^2 for each.
            let rows = || 0..factors.len();
            let mut of_columns = vec![0.0; own.means.len()];
            own.gather(factors, rows(), |way| way, &mut of_columns);
            let total = own.gather(factors, rows(), |way| way * way, sums);
            for ((sum, mean), of_column) in sums.iter_mut().zip(&own.means).zip(of_columns) {
                *sum += mean * (mean * total - 2.0 * of_column);
            }
        }
    }
}

impl BinnedNumber {
    /// Adds to `sums` each column before its mean is taken off, changed, times the factors of the rows; the
    /// factors of all rows that have the number.
    fn gather(
        &self,
        factors: &[f64],
        rows: Range<usize>,
        change: impl Fn(f64) -> f64,
        sums: &mut [f64],
    ) -> f64 {
        // The factors of the rows in each bin, and the same times their changed way through it.
        let mut of_bins = vec![(0.0, 0.0); self.means.len() + 1];
        let places = self.bins[rows.clone()].iter().zip(&self.ways[rows]);
        for (factor, (bin, way)) in factors.iter().zip(places) {
            let (whole, part) = &mut of_bins[usize::from(*bin)];
            *whole += factor;
            *part += factor * change(f64::from(*way));
        }
        of_bins.pop();
        let mut beyond = 0.0;
        for (sum, (whole, part)) in sums.iter_mut().zip(of_bins).rev() {
            *sum += part + beyond;
            beyond += whole;
        }
        beyond
    }
}

/// All columns of a model for some listings: first the dense ones, then those of bins, then those of
/// words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FeatureMatrix {
    pub(crate) dense: DenseMatrix,
    pub(crate) bins: BinMatrix,
    pub(crate) words: SparseMatrix,
}

impl FeatureMatrix {
    /// A matrix of dense columns alone.
    #[cfg(feature = "train")]
    pub(crate) fn from_dense(dense: DenseMatrix) -> FeatureMatrix {
        let mut words = SparseMatrix::new(0);
        (0..dense.n_rows()).for_each(|_| words.end_row());
        FeatureMatrix { dense, bins: BinMatrix::default(), words }
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
        let is_used = |own: &[f64]| own.iter().any(|coefficient| *coefficient != 0.0);
        if is_used(bins) {
            self.bins.add_products(bins, 0..sums.len(), &mut sums);
        }
        if is_used(words) {
            self.words.add_products(&self.words.packed(words), 0..sums.len(), &mut sums);
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of three columns the last has most values and the first has none.
    #[test]
    fn packed_columns_give_the_products_of_those_that_are_not() {
        let rows: [&[(usize, f64)]; 4] =
            [&[(1, 1.0), (2, 2.0)], &[(2, 3.0)], &[], &[(1, -1.0), (2, 0.5)]];
        let mut plain = SparseMatrix::new(3);
        for row in rows {
            for (column, value) in row {
                plain.push(*column, *value);
            }
            plain.end_row();
        }
        let mut packed = plain.clone();
        packed.pack();
        let vector = [7.0, 10.0, 100.0];
        assert_eq!(packed.packed(&vector), [100.0, 10.0, 7.0]);
        assert_eq!(packed.unpacked(&packed.packed(&vector)), vector);
        assert_eq!(
            (plain.packed(&vector), plain.unpacked(&vector)),
            (vector.into(), vector.into())
        );
        // By hand: 10 + 200, 300, 0, -10 + 50.
        let mut products = [0.0; 4];
        packed.add_products(&packed.packed(&vector), 0..4, &mut products);
        assert_eq!(products, [210.0, 300.0, 0.0, 40.0]);
        // By hand, with factors 1, 2, 3 and 4: column 1 has 1 - 4, column 2 has 2 + 6 + 2; the squares
        // 1 + 4 and 4 + 18 + 1.
        let (mut sums, mut squares) = ([0.0; 3], [0.0; 3]);
        packed.add_columns(&[1.0, 2.0, 3.0, 4.0], 0..4, &mut sums);
        packed.add_squares(&[1.0, 2.0, 3.0, 4.0], &mut squares);
        assert_eq!(packed.unpacked(&sums), [0.0, -3.0, 10.0]);
        assert_eq!(packed.unpacked(&squares), [0.0, 5.0, 23.0]);
    }
}
