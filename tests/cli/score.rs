//! `pinchbeck score`: what is flagged, what is shown, how it ends.

use std::io::Write;

use flate2::write::GzEncoder;

use crate::runner::{DONE, FAULT, FLAGGED, Folder, bash, pinchbeck, pinchbeck_reading};

const FIRST_LOOK: &str = "fixtures/listings/first_look.csv";
const EXPORT: &str = "fixtures/listings/export.csv";

/// The scored rows of an output with the columns `listing_id,...,flagged,reasons,reason_codes`:
/// the id, the probability and the flag.
fn rows(csv: &str) -> Vec<(String, f64, bool)> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let at = |name: &str| header.iter().position(|own| own == name).expect("the column");
    let (id, probability, flagged) =
        (at("listing_id"), at("counterfeit_probability"), at("flagged"));
    reader
        .records()
        .map(|record| {
            let record = record.expect("a record");
            let probability = record[probability].parse().expect("a number");
            (record[id].to_owned(), probability, &record[flagged] == "true")
        })
        .collect()
}

#[test]
fn a_first_look_shows_all_columns_and_three_reasons() {
    pinchbeck(&["score", FIRST_LOOK]).ended(DONE).snapshot("score_first_look");
}

#[test]
fn only_the_scores_with_a_review_budget() {
    let ran = pinchbeck(&["score", EXPORT, "--columns", "scores", "--review-budget", "5"]);
    ran.ended(DONE).first_lines(12).snapshot("score_review_budget");
}

#[test]
fn a_review_budget_flags_exactly_the_riskiest() {
    let ran = pinchbeck(&["score", EXPORT, "--columns", "scores", "--review-budget", "5"]);
    let rows = rows(&ran.ended(DONE).stdout);
    assert_eq!(rows.len(), 300);
    let of = |wanted: bool| rows.iter().filter(move |row| row.2 == wanted).map(|row| row.1);
    assert_eq!(of(true).count(), 5);
    let lowest = of(true).fold(f64::INFINITY, f64::min);
    assert!(of(false).all(|probability| probability <= lowest));

    let share = pinchbeck(&["score", EXPORT, "--columns", "scores", "--review-budget", "10%"]);
    let n_flagged = share.ended(DONE).stdout.matches(",true,").count();
    assert_eq!(n_flagged, 30);
}

#[test]
fn chosen_columns_stand_in_the_order_in_which_they_are_named() {
    let ran = pinchbeck(&["score", FIRST_LOOK, "--columns", "price,listing_id"]);
    ran.ended(DONE).first_lines(3).snapshot("score_chosen_columns");
}

/// The same bytes behind gzip of two members and behind zstd, whatever the file is called.
#[test]
fn compression_is_seen_through() {
    let folder = Folder::new();
    let plain = std::fs::read(FIRST_LOOK).expect("the fixture");
    let gzip = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).expect("memory takes all");
        encoder.finish().expect("memory takes all")
    };
    let (one, two) = plain.split_at(plain.len() / 2);
    let compressed = [
        folder.write("export.csv.gz", [gzip(one), gzip(two)].concat()),
        folder.write("export.csv", zstd::encode_all(&plain[..], 3).expect("memory takes all")),
    ];
    let budget = ["--review-budget", "2"];
    let expected = pinchbeck(&[&["score", FIRST_LOOK], &budget[..]].concat()).ended(DONE).stdout;
    for path in &compressed {
        let ran = pinchbeck(&[&["score", path], &budget[..]].concat()).ended(DONE);
        assert_eq!(ran.stdout, expected, "{path}");
    }
}

#[test]
fn standard_input_scores_as_the_file_does() {
    let ran = pinchbeck_reading(FIRST_LOOK, &["score", "-", "--columns", "scores"]).ended(DONE);
    let of_file = pinchbeck(&["score", FIRST_LOOK, "--columns", "scores"]).ended(DONE);
    assert_eq!(ran.stdout, of_file.stdout);
    ran.first_lines(3).snapshot("score_standard_input");
}

#[test]
fn several_files_are_one_table() {
    let args = ["score", FIRST_LOOK, FIRST_LOOK, "--columns", "scores", "--review-budget", "4"];
    let rows = rows(&pinchbeck(&args).ended(DONE).stdout);
    assert_eq!(rows.len(), 24);
    assert_eq!(rows.iter().filter(|row| row.2).count(), 4);
    assert!(rows[..12].iter().zip(&rows[12..]).all(|(a, b)| a.0 == b.0 && a.1 == b.1));
}

#[test]
fn the_status_tells_of_flags_only_when_asked() {
    let base = ["score", FIRST_LOOK, "--columns", "scores", "--review-budget", "2"];
    let ran = pinchbeck(&[&base[..], &["--fail-on-flagged"]].concat());
    ran.ended(FLAGGED).snapshot("score_fail_on_flagged");
    pinchbeck(&base).ended(DONE);
    let none = ["score", FIRST_LOOK, "--columns", "scores", "--threshold", "1"];
    let ran = pinchbeck(&[&none[..], &["--fail-on-flagged"]].concat());
    ran.ended(DONE).first_lines(2).snapshot("score_nothing_flagged");
}

#[test]
fn a_threshold_flags_from_its_probability_on() {
    for threshold in [0.05, 0.2, 0.9] {
        let text = threshold.to_string();
        let ran = pinchbeck(&["score", EXPORT, "--columns", "scores", "--threshold", &text]);
        let rows = rows(&ran.ended(DONE).stdout);
        assert!(
            rows.iter().all(|(_, probability, flagged)| *flagged == (*probability >= threshold))
        );
    }
    let args = ["score", FIRST_LOOK, "--columns", "scores", "--threshold", "10%"];
    pinchbeck(&args).ended(DONE).snapshot("score_threshold");
}

#[test]
fn a_precision_or_a_recall_becomes_a_threshold() {
    let args = ["score", FIRST_LOOK, "--columns", "scores", "--min-precision", "0.5"];
    pinchbeck(&args).ended(DONE).first_lines(1).snapshot("score_min_precision");
    let args = ["score", FIRST_LOOK, "--columns", "scores", "--min-recall", "50%"];
    pinchbeck(&args).ended(DONE).first_lines(1).snapshot("score_min_recall");
}

#[test]
fn as_many_reasons_as_are_asked_for() {
    let args = ["score", FIRST_LOOK, "--columns", "scores", "--reasons", "0"];
    pinchbeck(&args).ended(DONE).snapshot("score_no_reasons");
    let args = ["score", FIRST_LOOK, "--columns", "scores", "--reasons", "5"];
    pinchbeck(&args).ended(DONE).snapshot("score_five_reasons");
}

#[test]
fn formulas_get_an_apostrophe_unless_raw_text_is_wanted() {
    let input = "fixtures/malformed/formulas.csv";
    pinchbeck(&["score", input]).ended(DONE).snapshot("score_formulas");
    pinchbeck(&["score", input, "--raw-text"]).ended(DONE).snapshot("score_formulas_raw");
}

#[test]
fn cells_that_cannot_be_read_are_listed() {
    let folder = Folder::new();
    let problems = folder.path("problems.csv");
    let args = ["score", "fixtures/malformed/price.csv", "--problems", &problems];
    let ran = pinchbeck(&args).ended(DONE);
    assert_eq!(rows(&ran.stdout).len(), 4);
    ran.and_file(&folder, "problems.csv").snapshot("score_problems");
}

#[test]
fn records_that_cannot_be_read_are_listed_and_none_is_lost() {
    for (input, n_records, n_rejected, name) in [
        ("fixtures/malformed/ragged.csv", 4, 2, "score_rejects_ragged"),
        ("fixtures/malformed/unclosed_quote.csv", 3, 1, "score_rejects_unclosed_quote"),
    ] {
        let folder = Folder::new();
        let rejects = folder.path("rejects.csv");
        let ran = pinchbeck(&["score", input, "--rejects", &rejects]).ended(DONE);
        let n_out = rows(&ran.stdout).len();
        let rejected =
            csv::Reader::from_path(&rejects).expect("the rejects").into_records().count();
        assert_eq!((n_out + rejected, rejected), (n_records, n_rejected), "{input}");
        let account = format!("{n_records} rows read, {n_out} scored, {n_rejected} rejected, ");
        assert!(ran.stderr.contains(&account), "{}", ran.stderr);
        ran.and_file(&folder, "rejects.csv").snapshot(name);
    }
}

#[test]
fn what_cannot_be_read_is_told_where_nobody_asked_for_a_list() {
    for (input, name) in [
        ("fixtures/malformed/price.csv", "score_unreadable_cell"),
        ("fixtures/malformed/ragged.csv", "score_unreadable_record"),
        ("fixtures/malformed/undecodable.csv", "score_undecodable"),
    ] {
        pinchbeck(&["score", input, "--columns", "scores"]).ended(DONE).snapshot(name);
    }
}

#[test]
fn encodings_are_told_from_the_text_and_said() {
    for (input, options, name) in [
        ("fixtures/malformed/invalid_utf8.csv", &[][..], "score_windows_1252"),
        ("fixtures/malformed/utf16.csv", &[], "score_utf16"),
        ("fixtures/malformed/invalid_utf8.csv", &["--encoding", "latin2"], "score_given_encoding"),
    ] {
        let args = [&["score", input, "--columns", "listing_id,title"], options].concat();
        pinchbeck(&args).ended(DONE).snapshot(name);
    }
    let args = ["score", "fixtures/malformed/utf16.csv", "--encoding", "klingon"];
    pinchbeck(&args).ended(FAULT).snapshot("usage_encoding");
}

#[test]
fn other_names_are_recognized_and_said() {
    let ran = pinchbeck(&["score", "fixtures/listings/renamed.csv", "--columns", "scores"]);
    ran.ended(DONE).snapshot("score_renamed");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let with = |threads| pinchbeck(&["score", EXPORT, "--threads", threads]).ended(DONE).stdout;
    assert_eq!(with("1"), with("3"));
}

// Regression for programs that call it a fault when `head` has seen enough.
#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let script = "set -o pipefail; \"$0\" score fixtures/listings/labeled.csv -o - | head -1";
    bash(script).ended(DONE).snapshot("score_closed_pipe");
}
