//! Text that would act on a terminal: whatever the program says of it shows it escaped.

use std::fs;
use std::path::Path;

use crate::runner::{DONE, FAULT, Folder, ROOT, Ran, pinchbeck};

/// The id of the first record of the fixture.
const ID: &str = "\u{1b}[31mA-1\u{1b}[0m";

/// Fails for a character that a terminal would act on or not show.
fn assert_harmless(text: &str) {
    for (n, line) in text.lines().enumerate() {
        for c in line.chars() {
            let hidden = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
            assert!(!c.is_control() && !hidden, "line {}: {c:?} in {line:?}", n + 1);
        }
    }
}

/// A fault of which nothing but a harmless message is seen.
fn refused(args: &[&str]) -> Ran {
    let ran = pinchbeck(args).ended(FAULT);
    assert_eq!(ran.stdout, "");
    assert_harmless(&ran.stderr);
    ran
}

#[test]
fn an_explanation_is_harmless() {
    let file = "fixtures/malformed/hostile_text.csv";
    let ran = pinchbeck(&["explain", file, "--id", ID]).ended(DONE);
    assert_harmless(&ran.stdout);
    assert_harmless(&ran.stderr);
    ran.snapshot("hostile_explain");
    let ran = pinchbeck(&["explain", file, "--id", ID, "--format", "json"]).ended(DONE);
    assert_harmless(&ran.stdout);
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(value["listing_id"], ID);
    let ran = pinchbeck(&["explain", file, "--id", "A-2\nA-3"]).ended(DONE);
    assert!(
        ran.stdout.starts_with("Statement of reasons for listing A-2\\nA-3\n"),
        "{}",
        ran.stdout
    );
    let unknown = refused(&["explain", file, "--id", "\u{1b}[2J\u{202e}"]);
    assert!(unknown.stderr.contains("\\u{1b}[2J\\u{202e}"), "{}", unknown.stderr);
    unknown.snapshot("hostile_unknown_id");
}

#[test]
fn a_message_of_a_cell_is_harmless() {
    let folder = Folder::new();
    let out = folder.path("out.csv");
    let file = "fixtures/malformed/hostile_price.csv";
    let ran = refused(&["score", file, "--strict", "-o", &out]);
    assert!(ran.stderr.contains("\\u{1b}[2J\\u{202e}cheap\\n"), "{}", ran.stderr);
    ran.snapshot("hostile_price");
}

#[test]
fn a_message_of_a_header_is_harmless() {
    refused(&["score", "fixtures/malformed/hostile_header.csv"]).snapshot("hostile_header");
}

// The parser of TOML quotes the faulty line as it stands.
#[test]
fn a_message_of_a_mapping_is_harmless() {
    let mapping = "fixtures/malformed/hostile.toml";
    let ran = refused(&["score", "fixtures/listings/first_look.csv", "--mapping", mapping]);
    assert!(ran.stderr.contains(mapping) && ran.stderr.contains("line 3"), "{}", ran.stderr);
}

#[test]
fn messages_of_arguments_are_harmless() {
    let listings = "fixtures/listings/first_look.csv";
    let evil = "\u{1b}[2J\u{202e}x";
    for args in [
        ["score", listings, "--columns", evil],
        ["score", listings, "--model", evil],
        ["score", listings, "--mapping", evil],
        ["score", listings, "--threshold", evil],
        ["score", evil, "--reasons", "1"],
        ["simulate", "--languages", evil, "--unlabeled"],
        ["simulate", "--effects", evil, "--unlabeled"],
    ] {
        let ran = pinchbeck(&args).ended(FAULT);
        assert_eq!(ran.stdout, "");
        assert_harmless(&ran.stderr);
    }
    assert_harmless(&pinchbeck(&["signals", evil]).ended(FAULT).stderr);
    assert_harmless(&pinchbeck(&["inspect", evil]).ended(FAULT).stderr);
}

#[test]
fn a_file_by_a_hostile_name_is_named_harmlessly() {
    let folder = Folder::new();
    let listings = fs::read(Path::new(ROOT).join("fixtures/malformed/price.csv")).expect("read");
    let evil = "\u{1b}[2J\u{202e}";
    let file = folder.write(&format!("{evil}.csv"), listings);
    assert_harmless(&pinchbeck(&["score", &file, "--strict"]).ended(FAULT).stderr);
    assert_harmless(&pinchbeck(&["score", &file]).ended(DONE).stderr);
    let problems = folder.path(&format!("{evil}problems.csv"));
    let ran = pinchbeck(&["score", &file, "--problems", &problems]).ended(DONE);
    assert_harmless(&ran.stderr);
}

// The values of category columns are printed as slices.
#[test]
fn the_figures_of_an_evaluation_are_harmless() {
    let folder = Folder::new();
    let labeled = fs::read_to_string(Path::new(ROOT).join("fixtures/listings/labeled.csv"));
    let evil = labeled.expect("read").replace(",Zelquist,", ",\u{1b}[2JZel\u{202e},");
    let file = folder.write("labeled.csv", evil);
    let ran = pinchbeck(&["evaluate", &file]).ended(DONE);
    assert!(ran.stdout.contains("\\u{1b}[2J"), "{}", ran.stdout);
    assert_harmless(&ran.stdout);
}

#[test]
fn scored_text_passes_unchanged() {
    let ran = pinchbeck(&["score", "fixtures/malformed/hostile_text.csv", "--raw-text"]);
    let ran = ran.ended(DONE);
    assert_harmless(&ran.stderr);
    let mut scored = csv::Reader::from_reader(ran.stdout.as_bytes());
    let file = Path::new(ROOT).join("fixtures/malformed/hostile_text.csv");
    let mut own = csv::Reader::from_path(file).expect("the fixture opens");
    let records = scored.records().zip(own.records());
    for (scored, own) in records.map(|(a, b)| (a.expect("a record"), b.expect("a record"))) {
        assert!(scored.iter().take(own.len()).eq(own.iter()));
    }
}
