//! Fitting the linear model: the only place that knows linfa.

mod dense;

pub(crate) use dense::{DenseParams, fit_dense, fit_platt};
