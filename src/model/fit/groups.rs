//! The groups of columns of the joint fit, each under a penalty of its own.

use std::ops::Range;

use super::Penalties;
use crate::features::{BinMatrix, FeatureMatrix, SparseMatrix};
use crate::model::LinearModel;

/// The groups of columns that are fitted, one behind the other.
pub(super) struct Groups<'a> {
    pub(super) dense_penalty: f64,
    pub(super) n_dense: usize,
    pub(super) others: Vec<Group<'a>>,
    pub(super) n_columns: usize,
}

/// A block of columns under one penalty.
pub(super) struct Group<'a> {
    pub(super) block: Block<'a>,
    pub(super) penalty: f64,
    /// Place of its first column among those that are fitted.
    pub(super) first: usize,
    /// Place of its first column among all columns of the matrix.
    pub(super) first_of_all: usize,
}

/// Columns that are not dense.
#[derive(Clone, Copy)]
pub(super) enum Block<'a> {
    Bins(&'a BinMatrix),
    Words(&'a SparseMatrix),
}

impl Block<'_> {
    pub(super) fn n_columns(self) -> usize {
        match self {
            Block::Bins(own) => own.n_columns(),
            Block::Words(own) => own.n_columns(),
        }
    }

    pub(super) fn n_values(self) -> usize {
        match self {
            Block::Bins(own) => own.n_values(),
            Block::Words(own) => own.n_values(),
        }
    }

    /// A vector with a value for each column as the products of the block take it.
    fn packed(self, vector: &[f64]) -> Vec<f64> {
        match self {
            Block::Bins(_) => vector.to_vec(),
            Block::Words(own) => own.packed(vector),
        }
    }

    /// The same the other way.
    fn unpacked(self, packed: &[f64]) -> Vec<f64> {
        match self {
            Block::Bins(_) => packed.to_vec(),
            Block::Words(own) => own.unpacked(packed),
        }
    }

    pub(super) fn add_products(self, vector: &[f64], rows: Range<usize>, sums: &mut [f64]) {
        match self {
            Block::Bins(own) => own.add_products(vector, rows, sums),
            Block::Words(own) => own.add_products(vector, rows, sums),
        }
    }

    pub(super) fn add_columns(self, factors: &[f64], rows: Range<usize>, sums: &mut [f64]) {
        match self {
            Block::Bins(own) => own.add_columns(factors, rows, sums),
            Block::Words(own) => own.add_columns(factors, rows, sums),
        }
    }

    pub(super) fn add_squares(self, factors: &[f64], sums: &mut [f64]) {
        match self {
            Block::Bins(own) => own.add_squares(factors, sums),
            Block::Words(own) => own.add_squares(factors, sums),
        }
    }
}

impl Group<'_> {
    /// Its columns among those that are fitted.
    pub(super) fn columns(&self) -> Range<usize> {
        self.first..self.first + self.block.n_columns()
    }
}

impl<'a> Groups<'a> {
    pub(super) fn new(matrix: &'a FeatureMatrix, penalties: Penalties) -> Groups<'a> {
        let n_dense = matrix.dense.n_columns();
        let mut groups = Groups {
            dense_penalty: penalties.dense,
            n_dense,
            others: Vec::new(),
            n_columns: n_dense,
        };
        let mut first_of_all = n_dense;
        let (bins, words) = (Block::Bins(&matrix.bins), Block::Words(&matrix.words));
        for (block, penalty) in [(bins, penalties.bins), (words, penalties.words)] {
            if let Some(penalty) = penalty {
                let first = groups.n_columns;
                groups.others.push(Group { block, penalty, first, first_of_all });
                groups.n_columns += block.n_columns();
            }
            first_of_all += block.n_columns();
        }
        groups
    }

    /// The coefficients that are fitted, packed, and the intercept.
    pub(super) fn compact(&self, own: &LinearModel) -> Vec<f64> {
        let mut vector = own.coefficients[..self.n_dense].to_vec();
        for group in &self.others {
            let range = group.first_of_all..group.first_of_all + group.block.n_columns();
            vector.extend(group.block.packed(&own.coefficients[range]));
        }
        vector.push(own.intercept);
        vector
    }

    /// A coefficient for each column of the matrix, of packed ones.
    pub(super) fn expand(&self, vector: &[f64], n_columns: usize) -> LinearModel {
        let mut coefficients = vec![0.0; n_columns];
        coefficients[..self.n_dense].copy_from_slice(&vector[..self.n_dense]);
        for group in &self.others {
            let n = group.block.n_columns();
            coefficients[group.first_of_all..group.first_of_all + n]
                .copy_from_slice(&group.block.unpacked(&vector[group.columns()]));
        }
        LinearModel { intercept: vector[self.n_columns], coefficients }
    }

    /// The penalty of each parameter; none of the intercept.
    pub(super) fn penalties(&self) -> impl Iterator<Item = f64> + '_ {
        let dense = std::iter::repeat_n(self.dense_penalty, self.n_dense);
        let others = self
            .others
            .iter()
            .flat_map(|own| std::iter::repeat_n(own.penalty, own.block.n_columns()));
        dense.chain(others).chain(std::iter::once(0.0))
    }

    /// How many values there are for each column, over all rows.
    pub(super) fn values_per_column(&self, n_rows: usize) -> usize {
        let others: usize = self.others.iter().map(|own| own.block.n_values()).sum();
        (self.n_dense * n_rows + others) / (self.n_columns + 1)
    }
}
