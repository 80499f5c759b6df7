//! `pinchbeck compare`: an old and a new model side by side.

use serde_json::Value;

use crate::runner::{DONE, FAULT, Folder, Ran, pinchbeck};

const LABELED: &str = "fixtures/listings/labeled.csv";
const DEFAULT: &str = "models/default.json";

/// A model of few signals' weight, trained on the fixture.
fn trained(folder: &Folder) -> String {
    let model = folder.path("new.json");
    pinchbeck(&["train", LABELED, "-o", &model, "--no-words", "--penalty", "1000"]).ended(DONE);
    model
}

fn compared(args: &[&str]) -> Ran {
    pinchbeck(&[&["compare"], args].concat())
}

#[test]
fn two_models_are_told_apart_on_labeled_listings_and_by_their_cards() {
    let folder = Folder::new();
    let new = trained(&folder);
    compared(&[DEFAULT, &new, LABELED]).ended(DONE).within(&folder).snapshot("compare");
    compared(&[DEFAULT, &new]).ended(DONE).within(&folder).snapshot("compare_cards");
}

#[test]
fn json_says_the_same() {
    let folder = Folder::new();
    let new = trained(&folder);
    let ran = compared(&[DEFAULT, &new, LABELED, "--format", "json"]).ended(DONE);
    let value: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let listings = &value["listings"];
    assert_eq!(listings["n"], 3000);
    let flagged = |side: &str| listings["flagged"][side]["n"].as_u64().expect("a count");
    let changed = listings["changed"].as_array().expect("a list").len() as u64;
    assert_eq!(flagged("old_only") + flagged("new_only"), changed);
    let sum: u64 = ["both", "old_only", "new_only", "none"].into_iter().map(flagged).sum();
    assert_eq!(sum, 3000);
    for own in listings["metrics"].as_array().expect("a list") {
        let number = |key: &str| own[key].as_f64().expect("a number");
        assert!((number("new") - number("old") - number("difference")).abs() < 1e-12, "{own}");
    }
    assert_eq!(value["settings"]["l2_penalty"]["new"], "1000");
}

#[test]
fn a_model_is_not_shown_to_be_better_than_itself() {
    let ran = compared(&[DEFAULT, DEFAULT, LABELED]).ended(DONE);
    assert!(ran.stdout.contains("The new model is not shown to be better"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("coefficients per sd"), "{}", ran.stdout);
}

#[test]
fn listings_without_labels_and_files_that_are_no_models_are_refused() {
    let ran = compared(&[DEFAULT, DEFAULT, "fixtures/listings/export.csv"]).ended(FAULT);
    assert!(ran.stderr.contains("is_counterfeit"), "{}", ran.stderr);
    let ran = compared(&[DEFAULT, LABELED]).ended(FAULT);
    assert!(ran.stderr.contains(LABELED), "{}", ran.stderr);
}
