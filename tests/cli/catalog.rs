//! What the program tells of its model, its signals and its simulator.

use std::path::Path;

use pinchbeck::SIGNALS;
use serde_json::Value;

use crate::runner::{DONE, FAULT, Folder, ROOT, pinchbeck};

#[test]
fn the_codes_of_reasons() {
    pinchbeck(&["signals", "--codes"]).ended(DONE).snapshot("signals_codes");
}

#[test]
fn the_default_model_has_a_card() {
    pinchbeck(&["inspect"]).ended(DONE).snapshot("inspect");
}

#[test]
fn the_card_in_the_repository_is_what_inspect_prints() {
    let printed = pinchbeck(&["inspect", "--format", "markdown"]).ended(DONE).stdout;
    let card =
        std::fs::read_to_string(Path::new(ROOT).join("models/default.md")).expect("the card");
    assert!(card == printed, "pinchbeck inspect --format markdown > models/default.md");
}

#[test]
fn the_card_as_json_says_what_the_model_file_does() {
    let ran = pinchbeck(&["inspect", "models/default.json", "--format", "json"]).ended(DONE);
    let card: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let file = std::fs::read_to_string(Path::new(ROOT).join("models/default.json")).expect("it");
    let file: Value = serde_json::from_str(&file).expect("JSON");
    assert_eq!(card["sha256"], file["sha256"]);
    let model = &file["model"];
    assert_eq!(card["calibration"]["kind"], "isotonic");
    assert_eq!(card["calibration"]["slope"], model["calibration"]["slope"]);
    assert_eq!(card["calibration"]["knots"], model["calibration"]["knots"]);
    assert_eq!(card["warnings"], model["card"]["warnings"]);
    assert_eq!(card["threshold"]["kind"], "fixed");
    let coefficients = card["coefficients"].as_array().expect("a list");
    assert_eq!(coefficients.len(), model["coefficients"].as_object().expect("an object").len());
    let brand = coefficients.iter().find(|own| own["column"] == "brand_only_in_title");
    let brand = brand.expect("the column");
    assert_eq!((&brand["expected_sign"], &brand["unexpected_sign"]), (&"+".into(), &true.into()));
    assert!(brand["rise"].as_f64().expect("a number") < 0.0, "{brand}");
}

/// Where nothing predicts the label the card says so, in every format.
#[test]
fn a_model_that_learned_nothing_says_so() {
    let folder = Folder::new();
    let (data, model) = (folder.path("noise.csv"), folder.path("noise.json"));
    let market = ["--rows", "2000", "--effects", "none", "--seed", "3", "--base-rate", "20%"];
    pinchbeck(&[&["simulate", "-o", &data], &market[..]].concat()).ended(DONE);
    pinchbeck(&["train", &data, "-o", &model, "--no-bins", "--no-words"]).ended(DONE);
    for format in ["text", "markdown", "json"] {
        let card = pinchbeck(&["inspect", &model, "--format", format]).ended(DONE).stdout;
        assert!(card.contains("nothing was learned that holds for other sellers"), "{card}");
    }
}

#[test]
fn the_embedded_model_is_the_file_of_the_repository() {
    let embedded = pinchbeck(&["inspect"]).ended(DONE).stdout;
    let file = pinchbeck(&["inspect", "models/default.json"]).ended(DONE).stdout;
    let without_name = |card: &str| card.split_once('\n').map(|(_, rest)| rest.to_owned());
    assert_eq!(without_name(&embedded), without_name(&file));
}

#[test]
fn the_signals_are_listed() {
    let ran = pinchbeck(&["signals"]).ended(DONE);
    for signal in SIGNALS {
        assert!(ran.stdout.contains(signal.name()), "{} is not listed", signal.name());
    }
    ran.snapshot("signals");
}

#[test]
fn a_signal_is_documented() {
    pinchbeck(&["signals", "seller_age_days"]).ended(DONE).snapshot("signals_seller_age_days");
}

#[test]
fn every_signal_has_all_headings() {
    for signal in SIGNALS {
        let text = pinchbeck(&["signals", signal.name()]).ended(DONE).stdout;
        for heading in [
            "\nMeasures\n",
            "\nWhy it points to a counterfeit\n",
            "\nWhen missing\n",
            "\nHow it is evaded\n",
            "\nSource\n",
        ] {
            assert!(text.contains(heading), "{}: no{heading}in\n{text}", signal.name());
        }
    }
}

#[test]
fn an_unknown_signal_is_a_fault() {
    let ran = pinchbeck(&["signals", "seller_age"]).ended(FAULT);
    assert_eq!(ran.stdout, "");
    ran.snapshot("signals_unknown");
}

#[test]
fn a_small_market_is_simulated() {
    let args = ["simulate", "--rows", "4", "--seed", "5", "--languages", "en"];
    pinchbeck(&args).ended(DONE).snapshot("simulate");
}

#[test]
fn a_market_of_nothing_is_refused() {
    let folder = Folder::new();
    let output = folder.path("out.csv");
    pinchbeck(&["simulate", "--rows", "0", "-o", &output])
        .ended(FAULT)
        .snapshot("simulate_no_rows");
    assert!(folder.names().is_empty());
}
