//! Fitting the linear model: the only place that knows linfa.

mod dense;
mod groups;
mod isotonic;
mod joint;
mod platt;
mod vectors;

pub(crate) use isotonic::fit_isotonic;
pub(crate) use platt::fit_platt;

use dense::{DenseParams, fit_dense};
use joint::{JointParams, fit_joint};

use crate::error::Result;
use crate::features::FeatureMatrix;
use crate::model::LinearModel;

/// Listings to fit on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Examples<'a> {
    /// Their columns.
    pub(crate) matrix: &'a FeatureMatrix,
    /// True for counterfeit.
    pub(crate) labels: &'a [bool],
    /// How many listings each counts as; one each without weights.
    pub(crate) weights: Option<&'a [f64]>,
}

/// How strongly coefficients are held back, group by group, as scikit-learn's 1/C; a group without a
/// penalty is left out of the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Penalties {
    /// Of signals and further columns.
    pub(crate) dense: f64,
    /// Of the quantile bins of numbers.
    pub(crate) bins: Option<f64>,
    /// Of words.
    pub(crate) words: Option<f64>,
}

/// How exact a fit has to be.
#[derive(Clone, Debug)]
pub(crate) enum Effort {
    /// A fit that is kept, from where another one ended.
    Full(Option<LinearModel>),
    /// A fit that is judged or compared with others and not kept, from where another one ended.
    Rough(Option<LinearModel>),
}

/// A fit that has converged.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fitted {
    /// A coefficient for each column of the matrix, 0 for those of groups that are left out.
    pub(crate) linear: LinearModel,
    /// The Euclidean norm of the gradient there, per row.
    pub(crate) gradient_norm: f64,
}

/// Fits P(counterfeit): by linfa-logistic where a fit is kept in which dense columns alone count and each
/// row once, or where the joint fit of such columns does not converge, and by the joint fit otherwise.
///
/// # Errors
/// One class only, a penalty that is not above 0, or no convergence.
pub(crate) fn fit(examples: Examples<'_>, penalties: Penalties, effort: Effort) -> Result<Fitted> {
    let Examples { matrix, labels, weights } = examples;
    let is_used = |penalty: Option<f64>, n_columns: usize| penalty.is_some() && n_columns > 0;
    let is_sparse = is_used(penalties.bins, matrix.bins.n_columns())
        || is_used(penalties.words, matrix.words.n_columns());
    let start = match effort {
        Effort::Full(start) if !is_sparse && weights.is_none() => start,
        Effort::Rough(start) if !is_sparse && weights.is_none() => {
            // In a fraction of the time; where columns all but separate the classes linfa gets further.
            match fit_joint(examples, JointParams::new(penalties, Effort::Rough(start))) {
                Ok(fitted) => return Ok(fitted),
                Err(_) => None,
            }
        }
        effort => return fit_joint(examples, JointParams::new(penalties, effort)),
    };
    let params = DenseParams::new(penalties.dense).starting_from(start.as_ref());
    let mut fitted = fit_dense(&matrix.dense, labels, params)?;
    fitted.linear.coefficients.resize(matrix.n_columns(), 0.0);
    Ok(fitted)
}
