//! Help, version, completions and the manual page.

use crate::runner::{DONE, FAULT, pinchbeck};

#[test]
fn help_names_the_commands() {
    pinchbeck(&["--help"]).ended(DONE).snapshot("help");
}

#[test]
fn every_command_has_help() {
    for (command, name) in [
        ("score", "help_score"),
        ("train", "help_train"),
        ("evaluate", "help_evaluate"),
        ("compare", "help_compare"),
        ("explain", "help_explain"),
        ("inspect", "help_inspect"),
        ("signals", "help_signals"),
        ("simulate", "help_simulate"),
        ("completions", "help_completions"),
        ("man", "help_man"),
    ] {
        pinchbeck(&[command, "--help"]).ended(DONE).snapshot(name);
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    let ran = pinchbeck(&["--version"]).ended(DONE);
    assert_eq!(ran.stdout, concat!("pinchbeck ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn wrong_use_is_a_fault_that_says_what_is_right() {
    pinchbeck(&[]).ended(FAULT).snapshot("usage_no_command");
    pinchbeck(&["score"]).ended(FAULT).snapshot("usage_no_input");
    pinchbeck(&["scor", "a.csv"]).ended(FAULT).snapshot("usage_misspelled");
    let both = ["score", "a.csv", "--threshold", "0.5", "--review-budget", "5"];
    pinchbeck(&both).ended(FAULT).snapshot("usage_two_thresholds");
}

#[test]
fn completions_are_a_script_for_the_shell() {
    let ran = pinchbeck(&["completions", "bash"]).ended(DONE);
    assert_eq!(ran.stdout.lines().next(), Some("_pinchbeck() {"));
    assert!(ran.stdout.contains("--review-budget"));
}

#[test]
fn the_manual_page_is_roff() {
    let ran = pinchbeck(&["man"]).ended(DONE);
    assert!(ran.stdout.contains("\n.TH pinchbeck 1 "), "{}", ran.stdout);
    assert!(ran.stdout.contains("\n.SH NAME\n"));
}
