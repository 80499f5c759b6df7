//! `pinchbeck evaluate`: a model judged on labeled listings.

use serde_json::Value;

use crate::runner::{DONE, Folder, pinchbeck};
use crate::train::METRICS;

const LABELED: &str = "fixtures/listings/labeled.csv";

#[test]
fn figures_are_printed_and_written() {
    let folder = Folder::new();
    let metrics = folder.path("metrics.json");
    let ran = pinchbeck(&["evaluate", LABELED, "--metrics", &metrics]).ended(DONE);
    ran.within(&folder).snapshot("evaluate");
    let value: Value = serde_json::from_str(&folder.read("metrics.json")).expect("JSON");
    for key in METRICS {
        assert!(value["evaluate"].get(key).is_some(), "no {key}");
    }
    assert_eq!(value["evaluate"]["n"], 3000);
}

// The counts come from the fixture and from the output of `score`, not from the evaluation.
#[test]
fn precision_and_recall_are_those_of_the_flags_that_score_sets() {
    let args = ["score", LABELED, "--threshold", "0.3", "--columns", "listing_id,is_counterfeit"];
    let scored = pinchbeck(&args).ended(DONE).stdout;
    let mut reader = csv::Reader::from_reader(scored.as_bytes());
    let rows: Vec<(bool, bool)> = reader
        .records()
        .map(|record| record.expect("a record"))
        .map(|record| (&record[1] == "1", &record[4] == "true"))
        .collect();
    let count = |of: fn(&(bool, bool)) -> bool| rows.iter().filter(|row| of(row)).count() as f64;
    let (hits, positives, flags) =
        (count(|row| row.0 && row.1), count(|row| row.0), count(|row| row.1));

    let folder = Folder::new();
    let metrics = folder.path("metrics.json");
    let args = ["evaluate", LABELED, "--threshold", "0.3", "--metrics", &metrics];
    pinchbeck(&args).ended(DONE);
    let value: Value = serde_json::from_str(&folder.read("metrics.json")).expect("JSON");
    let own = &value["evaluate"];
    assert_eq!(own["n_positive"].as_f64(), Some(positives));
    assert_eq!(own["n_flagged"].as_f64(), Some(flags));
    assert_eq!(own["precision"].as_f64(), Some(hits / flags));
    assert_eq!(own["recall"].as_f64(), Some(hits / positives));
}
