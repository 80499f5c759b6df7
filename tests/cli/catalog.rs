//! What the program tells of its model, its signals and its simulator.

use pinchbeck::SIGNALS;

use crate::runner::{DONE, FAULT, Folder, pinchbeck};

#[test]
fn the_codes_of_reasons() {
    pinchbeck(&["signals", "--codes"]).ended(DONE).snapshot("signals_codes");
}

#[test]
fn the_default_model_has_a_card() {
    pinchbeck(&["inspect"]).ended(DONE).snapshot("inspect");
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
