//! `pinchbeck compare`: an old and a new model side by side.

use std::path::Path;

use serde_json::Value;

use crate::runner::{DONE, FAULT, Folder, ROOT, Ran, pinchbeck};

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
    let args = [DEFAULT, &new, LABELED, "--format", "json", "--changes", "1000"];
    let ran = compared(&args).ended(DONE);
    let value: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let listings = &value["listings"];
    assert_eq!(listings["n"], 3000);
    let flagged = |side: &str| listings["flagged"][side]["n"].as_u64().expect("a count");
    let changed = listings["changed"].as_array().expect("a list").len() as u64;
    assert_eq!(flagged("old_only") + flagged("new_only"), changed);
    assert_eq!(listings["n_changed"], changed);
    let sum: u64 = ["both", "old_only", "new_only", "none"].into_iter().map(flagged).sum();
    assert_eq!(sum, 3000);
    for own in listings["metrics"].as_array().expect("a list") {
        let number = |key: &str| own[key].as_f64().expect("a number");
        assert!((number("new") - number("old") - number("difference")).abs() < 1e-12, "{own}");
    }
    for side in ["old", "new"] {
        let bins = listings["reliability"][side].as_array().expect("a list");
        let n: u64 = bins.iter().map(|bin| bin[0].as_u64().expect("a count")).sum();
        assert_eq!(n, 3000, "{side}");
    }
    assert_eq!(listings["ranking"], "not_shown_better");
    assert_eq!(listings["probabilities"], "not_shown_better");
    assert_eq!(value["settings"]["l2_penalty"]["new"], "1000");
}

#[test]
fn a_model_is_not_shown_to_be_better_than_itself() {
    let ran = compared(&[DEFAULT, DEFAULT, LABELED]).ended(DONE);
    assert!(ran.stdout.contains("The new model is not shown to be better"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("coefficients per sd"), "{}", ran.stdout);
}

/// The first listings of the fixture that are counterfeit, and as many genuine ones; `columns` says
/// what is kept of each row.
fn few(folder: &Folder, n_positive: usize, keeps_seller: bool) -> String {
    let mut reader = csv::Reader::from_path(Path::new(ROOT).join(LABELED)).expect("the fixture");
    let header = reader.headers().expect("a header").clone();
    let at = |name: &str| header.iter().position(|own| own == name).expect("the column");
    let (label, seller) = (at("is_counterfeit"), at("seller_id"));
    let kept = |row: &csv::StringRecord| -> csv::StringRecord {
        let cells = row.iter().enumerate().filter(|(at, _)| keeps_seller || *at != seller);
        cells.map(|(_, cell)| cell).collect()
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&kept(&header)).expect("a header");
    let (mut n, mut sellers) = ([0, 0], Vec::new());
    for row in reader.records().map(|row| row.expect("a row")) {
        let class = usize::from(matches!(&row[label], "1" | "true"));
        let is_known = sellers.contains(&row[seller].to_owned());
        if n[class] < [20, n_positive][class] && !(class == 1 && is_known) {
            n[class] += 1;
            sellers.push(row[seller].to_owned());
            writer.write_record(&kept(&row)).expect("a row");
        }
    }
    assert_eq!(n, [20, n_positive]);
    folder.write("few.csv", writer.into_inner().expect("the rows"))
}

/// Confident verdicts on next to nothing were the fault.
#[test]
fn of_few_counterfeits_there_is_no_verdict() {
    let folder = Folder::new();
    let (new, input) = (trained(&folder), few(&folder, 4, true));
    let ran = compared(&[DEFAULT, &new, &input, "--changes", "2"]).ended(DONE).within(&folder);
    assert!(ran.stdout.contains("sellers with a counterfeit: only 4"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("95 %"), "{}", ran.stdout);
    ran.snapshot("compare_few");
    let json = compared(&[DEFAULT, &new, &input, "--format", "json"]).ended(DONE).stdout;
    let value: Value = serde_json::from_str(&json).expect("JSON");
    let listings = &value["listings"];
    assert!(listings["ranking"].is_null() && listings["probabilities"].is_null(), "{listings}");
    assert_eq!(listings["n_positive_groups"], 4);
}

#[test]
fn what_the_data_cannot_tell_is_warned_about() {
    let folder = Folder::new();
    let input = few(&folder, 10, false);
    let ran = compared(&[DEFAULT, DEFAULT, &input]).ended(DONE);
    for warning in [
        "does not tell sellers apart",
        "sellers with a counterfeit: only 10",
        "only 10 of the listings",
        "cannot be known",
    ] {
        let text = ran.stdout.replace("\n  ", " ");
        assert!(text.contains(warning), "{warning}: {text}");
    }
}

#[test]
fn a_capacity_and_a_number_of_changes_are_what_is_shown() {
    let folder = Folder::new();
    let new = trained(&folder);
    let args = [DEFAULT, &new, LABELED, "--review-budget", "2%", "--changes", "3"];
    let ran = compared(&args).ended(DONE);
    // 2 % of 3000 listings are 60.
    let own = compared(&[DEFAULT, &new, LABELED, "--review-budget", "60"]).ended(DONE);
    let of = |text: &str, name: &str| -> String {
        let line = text.lines().find(|line| line.starts_with(name)).expect("the metric");
        line[26..58].to_owned()
    };
    assert_eq!(of(&ran.stdout, "recall_at_2%"), of(&own.stdout, "recall_at_60"));
    assert!(!ran.stdout.contains("recall_at_50 "), "{}", ran.stdout);
    let listed = ran.stdout.split_once("changed sides").expect("the list").1;
    assert_eq!(listed.lines().take_while(|line| !line.starts_with("and ")).count(), 4);
}

#[test]
fn the_bins_and_words_of_one_model_alone_are_told() {
    let folder = Folder::new();
    let new = folder.path("words.json");
    let args = ["train", LABELED, "-o", &new, "--penalty", "100", "--word-penalty", "2"];
    pinchbeck(&args).ended(DONE);
    let json = compared(&[&new, DEFAULT, "--format", "json"]).ended(DONE).stdout;
    let value: Value = serde_json::from_str(&json).expect("JSON");
    let n_words = value["settings"]["words"]["old"].as_str().expect("a count").to_owned();
    let words = value["words"].as_array().expect("a list");
    assert_eq!(words.len().to_string(), n_words);
    assert!(words.iter().all(|own| own["new"].is_null()), "{words:?}");
    let sizes = |list: &str| -> Vec<f64> {
        let own = |own: &Value, side: &str| own[side].as_f64().unwrap_or_default();
        let list = value[list].as_array().expect("a list").iter();
        list.map(|change| (own(change, "new") - own(change, "old")).abs()).collect()
    };
    for list in ["coefficients", "words"] {
        assert!(sizes(list).is_sorted_by(|a, b| a >= b), "{list}");
    }
}

#[test]
fn options_about_listings_need_listings() {
    compared(&[DEFAULT, DEFAULT, "--changes", "3"]).ended(FAULT).snapshot("usage_compare");
    for option in [
        ["--review-budget", "5"],
        ["--threshold", "0.5"],
        ["--seed", "1"],
        ["--label", "x"],
        ["--group", "x"],
        ["--mapping", "x.toml"],
        ["--max-cell", "1MiB"],
        ["--lexicon", "x.csv"],
        ["--as-of", "2026-01-31"],
    ] {
        let ran = compared(&[&[DEFAULT, DEFAULT], &option[..]].concat()).ended(FAULT);
        assert!(ran.stderr.contains("<INPUT>...") && ran.stderr.contains(option[0]), "{ran:?}");
    }
    let ran = compared(&[DEFAULT, DEFAULT, "--strict"]).ended(FAULT);
    assert!(ran.stderr.contains("<INPUT>..."), "{}", ran.stderr);
}

#[test]
fn listings_without_labels_and_files_that_are_no_models_are_refused() {
    let ran = compared(&[DEFAULT, DEFAULT, "fixtures/listings/export.csv"]).ended(FAULT);
    assert!(ran.stderr.contains("is_counterfeit"), "{}", ran.stderr);
    let ran = compared(&[DEFAULT, LABELED]).ended(FAULT);
    assert!(ran.stderr.contains(LABELED), "{}", ran.stderr);
}
