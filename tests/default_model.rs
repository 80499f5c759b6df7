//! The shipped default model is what its recipe gives, and its card is its own.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use pinchbeck::Model;
use pinchbeck::report::card_markdown;
use pinchbeck::simulate::{DEFAULT_MODEL_NOTE, train_default_model};

/// The name that the card gives the model, relative to the root of the repository.
const NAME: &str = "models/default.json";

fn shipped() -> Model {
    Model::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(NAME)).unwrap()
}

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

#[test]
fn the_recipe_gives_the_shipped_model() {
    let (own, shipped) = (train_default_model().unwrap().model, shipped());
    let close = |what: &str, found: f64, expected: f64| {
        let fault = format!("{what}: {found} where {NAME} has {expected}; run the example again");
        assert!((found - expected).abs() <= 1e-9, "{fault}");
    };
    let (found, expected) = (own.coefficients(), shipped.coefficients());
    let names = |all: &[pinchbeck::model::Coefficient]| -> Vec<String> {
        all.iter().map(|own| own.column.clone()).collect()
    };
    assert_eq!(names(&found), names(&expected));
    for (found, expected) in found.iter().zip(&expected) {
        close(&found.column, found.standardized, expected.standardized);
        assert_eq!(found.unexpected_sign, expected.unexpected_sign, "{}", found.column);
    }
    close("intercept", own.intercept(), shipped.intercept());
    close("slope", own.calibration().slope(), shipped.calibration().slope());
    close("calibration", own.calibration().intercept(), shipped.calibration().intercept());
    close("threshold", own.threshold().probability, shipped.threshold().probability);
    assert_eq!(own.threshold().policy, shipped.threshold().policy);
    assert_eq!(own.operating_points().len(), shipped.operating_points().len());

    let (found, expected) = (own.card(), shipped.card());
    assert_eq!(found.data, expected.data);
    assert_eq!(found.lexicons, expected.lexicons);
    assert_eq!(found.penalty, expected.penalty);
    assert_eq!((found.seed, found.n_folds), (expected.seed, expected.n_folds));
    assert_eq!(found.warnings, expected.warnings);
    assert_eq!(found.evaluation.len(), expected.evaluation.len());
    for (found, expected) in found.evaluation.iter().zip(&expected.evaluation) {
        assert_eq!(found.split, expected.split);
        assert_eq!((found.n, found.n_positive), (expected.n, expected.n_positive));
        close(&found.split, found.average_precision, expected.average_precision);
        close(&found.split, found.log_loss, expected.log_loss);
    }
}

#[test]
fn the_embedded_model_is_the_file() {
    let (embedded, shipped) = (Model::embedded().unwrap(), shipped());
    assert_eq!(embedded.digest().unwrap(), shipped.digest().unwrap());
    let text = read(NAME);
    let stated = format!("\"sha256\": \"{}\"", embedded.digest().unwrap());
    assert!(text.contains(&stated), "{NAME} does not state {stated}");
    assert_eq!(String::from_utf8(embedded.to_bytes().unwrap()).unwrap(), text);
}

#[test]
fn the_card_is_what_inspect_prints_and_holds_the_note() {
    let model = Model::embedded().unwrap();
    assert_eq!(model.card().note, DEFAULT_MODEL_NOTE);
    let printed = card_markdown("embedded default", &model).unwrap();
    assert_eq!(read("models/default.md"), printed, "run the example again");
}

/// A model for everybody must not know a column that only its author has, nor a price in a
/// currency that real listings have.
#[test]
fn the_default_model_needs_nothing_of_the_users_and_knows_no_real_prices() {
    let extra = shipped().extra_columns();
    assert!(extra.numeric.is_empty() && extra.categorical.is_empty());
    let value: serde_json::Value = serde_json::from_str(&read(NAME)).unwrap();
    let prices = value["model"]["prices"].as_array().unwrap();
    assert!(!prices.is_empty());
    assert!(prices.iter().all(|cell| cell["currency"] == "XTS"), "a currency but the test code");
}
