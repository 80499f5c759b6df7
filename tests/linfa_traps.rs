//! The traps of linfa 0.8.1 and linfa-logistic 0.8.1, each pinned as it is.
//!
//! A test here fails when an upgrade mends a trap, or makes a new one of it. `src/model/fit/dense.rs`
//! is the only place that knows linfa; each test says what is done about the trap there, so that it
//! can be undone with it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use linfa::DatasetBase;
use linfa::prelude::{Fit, ParamGuard, ToConfusionMatrix};
use linfa_logistic::{FittedLogisticRegression, LogisticRegression};
use ndarray::{Array1, Array2, array};

/// Eight rows of one column: the larger the value, the likelier `true`.
fn records() -> Array2<f64> {
    array![[-2.0], [-1.5], [-1.0], [-0.5], [0.0], [0.5], [1.5], [2.0]]
}

/// Three of eight are `true`, all among the larger values.
fn minority() -> Array1<bool> {
    array![false, false, false, false, true, false, true, true]
}

fn fit(records: Array2<f64>, targets: Array1<bool>) -> FittedLogisticRegression<f64, bool> {
    LogisticRegression::default().fit(&DatasetBase::new(records, targets)).unwrap()
}

/// The wrapper turns the signs by `labels().pos.class`, in one line, and never calls
/// `predict_probabilities`.
#[test]
#[expect(clippy::disallowed_methods, reason = "the trap itself")]
fn probabilities_are_of_the_more_frequent_class() {
    let few = fit(records(), minority());
    assert!(!few.labels().pos.class, "the positive class is the more frequent one, here `false`");
    let of = few.predict_probabilities(&array![[-2.0], [2.0]]);
    assert!(of[0] > 0.5 && of[1] < 0.5, "rises where `true` becomes rare: {of}");

    let many = fit(records(), minority().mapv(|label| !label));
    assert!(many.labels().pos.class, "the same rows with the labels exchanged");
    let of = many.predict_probabilities(&array![[-2.0], [2.0]]);
    assert!(of[0] > 0.5 && of[1] < 0.5, "of `true`, which is now the more frequent one: {of}");
}

/// The wrapper computes the gradient at the returned coefficients and makes an error of a norm
/// that is too large.
#[test]
fn a_fit_that_did_not_converge_is_ok() {
    let dataset = DatasetBase::new(records(), minority());
    let with = |max_iterations| {
        LogisticRegression::default()
            .alpha(0.1)
            .max_iterations(max_iterations)
            .gradient_tolerance(1e-9)
            .check()
            .unwrap()
            .fit(&dataset)
            .unwrap()
    };
    let (stopped, converged) = (with(1), with(500));
    let apart = (stopped.params()[0] - converged.params()[0]).abs();
    assert!(apart > 0.05, "one iteration ends {apart} from the optimum and says nothing");
}

/// The wrapper predicts with `LinearModel`, whose width is checked against the matrix's.
#[test]
#[expect(clippy::disallowed_methods, reason = "the trap itself")]
fn predicting_with_another_width_panics() {
    let fitted = fit(records(), minority());
    let wide = array![[1.0, 2.0]];
    let outcome = catch_unwind(AssertUnwindSafe(|| fitted.predict_probabilities(&wide)));
    assert!(outcome.is_err());
}

/// Nothing of ours uses linfa's metrics; `evaluation::metrics` has its own.
#[test]
#[expect(clippy::disallowed_methods, reason = "the trap itself")]
fn precision_and_recall_are_exchanged() {
    // Of 4 predicted positive 3 are right; of 5 positive 3 are found: precision 3/4, recall 3/5.
    let predicted = array![true, true, true, true, false, false, false, false];
    let truth = array![true, true, true, false, true, true, false, false];
    let confusion = predicted.confusion_matrix(&truth).unwrap();
    let (precision, recall) = (confusion.precision(), confusion.recall());
    assert!((precision - 3.0 / 5.0).abs() < 1e-6, "precision() gives the recall: {precision}");
    assert!((recall - 3.0 / 4.0).abs() < 1e-6, "recall() gives the precision: {recall}");
}

/// Encoders give a missing number the mean, so no NaN reaches the matrix; one that does is the
/// fit's error, not a panic.
#[test]
fn nan_is_refused_as_an_error() {
    let mut records = records();
    records[[0, 0]] = f64::NAN;
    let dataset = DatasetBase::new(records, minority());
    assert!(LogisticRegression::default().fit(&dataset).is_err());
}

/// The wrapper takes no weights, so that nobody can believe they count.
#[test]
fn weights_change_nothing() {
    let weights = array![1.0, 1.0, 1.0, 1.0, 50.0, 1.0, 1.0, 1.0];
    let weighted = DatasetBase::new(records(), minority()).with_weights(weights);
    let fitted = LogisticRegression::default().fit(&weighted).unwrap();
    let plain = fit(records(), minority());
    assert_eq!(fitted.params(), plain.params());
    assert_eq!(fitted.intercept(), plain.intercept());
}

/// The wrapper refuses labels of one class before linfa sees them; linfa's own answer is an error
/// as well, without a word on which column it is about.
#[test]
fn a_single_class_is_an_error() {
    let dataset = DatasetBase::new(records(), Array1::from_elem(8, true));
    assert!(LogisticRegression::default().fit(&dataset).is_err());
}
