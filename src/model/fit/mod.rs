//! Fitting the linear model: the only place that knows linfa.

mod dense;
mod joint;
mod vectors;

pub(crate) use dense::{DenseParams, fit_dense, fit_platt};
pub(crate) use joint::{JointParams, fit_joint};
