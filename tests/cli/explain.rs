//! `pinchbeck explain`: one score taken apart.

use serde_json::Value;

use crate::runner::{DONE, FAULT, pinchbeck};

const INPUT: &str = "fixtures/listings/first_look.csv";

#[test]
fn a_waterfall_from_the_base_rate_to_the_probability() {
    pinchbeck(&["explain", INPUT, "--id", "F-12"]).ended(DONE).snapshot("explain_text");
}

#[test]
fn json_adds_up_to_the_last_bit() {
    let ran = pinchbeck(&["explain", INPUT, "--id", "F-04", "--format", "json"]).ended(DONE);
    let value: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let number = |value: &Value| value.as_f64().expect("a number");
    let contributions = value["contributions"].as_array().expect("a list");
    let sum = contributions
        .iter()
        .fold(number(&value["base_log_odds"]), |sum, own| sum + number(&own["log_odds"]));
    let sum = sum + number(&value["correction"]);
    assert_eq!(sum.to_bits(), number(&value["log_odds"]).to_bits());
    ran.snapshot("explain_json");
}

#[test]
fn the_probability_is_that_of_score() {
    let scored = pinchbeck(&["score", INPUT, "--columns", "scores"]).ended(DONE).stdout;
    let mut reader = csv::Reader::from_reader(scored.as_bytes());
    for record in reader.records().map(|record| record.expect("a record")) {
        let args = ["explain", INPUT, "--id", &record[0], "--format", "json"];
        let value: Value =
            serde_json::from_str(&pinchbeck(&args).ended(DONE).stdout).expect("JSON");
        let own = value["probability"].as_f64().map(f64::to_bits);
        assert_eq!(own, record[1].parse::<f64>().ok().map(f64::to_bits), "{}", &record[0]);
    }
}

#[test]
fn an_unknown_id_is_a_fault() {
    let ran = pinchbeck(&["explain", INPUT, "--id", "F-99"]).ended(FAULT);
    assert_eq!(ran.stdout, "");
    ran.snapshot("explain_unknown_id");
}

// A price above its peers was once explained by how far it is below another price.
#[test]
fn a_price_that_is_said_to_be_low_is_below_what_its_signal_compares_with() {
    for id in ["F-01", "F-02", "F-04", "F-06", "F-10", "F-12"] {
        let args = ["explain", INPUT, "--id", id, "--format", "json"];
        let value: Value =
            serde_json::from_str(&pinchbeck(&args).ended(DONE).stdout).expect("JSON");
        for own in value["contributions"].as_array().expect("a list") {
            let low = own["code"] == "PRICE_LOW";
            let middle = if own["signal"] == "price_percentile" { 0.5 } else { 0.0 };
            assert!(!low || own["value"].as_f64() < Some(middle), "{id}: {own}");
        }
    }
}
