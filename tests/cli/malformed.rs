//! Input that cannot be used: one message that names the place, status 2, and nothing written.

use std::fs;
use std::path::Path;

use crate::runner::{DONE, FAULT, Folder, ROOT, pinchbeck, pinchbeck_reading};

/// Runs a command that must be refused and holds its message against a snapshot; `OUT` among the
/// arguments is a path that must not exist afterwards, and `names` is what the message must hold.
fn refuses(snapshot: &str, args: &[&str], names: &[&str]) {
    refuses_in(&Folder::new(), snapshot, args, names);
}

fn refuses_in(folder: &Folder, snapshot: &str, args: &[&str], names: &[&str]) {
    let before = folder.names();
    let out = folder.path("out");
    let args: Vec<&str> =
        args.iter().map(|arg| if *arg == "OUT" { out.as_str() } else { arg }).collect();
    let ran = pinchbeck(&args).ended(FAULT).within(folder);
    assert_eq!(ran.stdout, "", "a fault prints nothing on standard output");
    assert_eq!(folder.names(), before, "a fault leaves no file behind");
    for name in names {
        assert!(ran.stderr.contains(name), "{name:?} is not in\n{}", ran.stderr);
    }
    ran.snapshot(snapshot);
}

/// The default model's file, for damaging.
fn model() -> String {
    fs::read_to_string(Path::new(ROOT).join("models/default.json")).expect("the default model")
}

#[test]
fn a_missing_required_column() {
    let file = "fixtures/malformed/no_title.csv";
    let names = [file, "`title`", "listing_id, brand, price, currency", "mapping"];
    refuses("malformed_no_title", &["score", file, "-o", "OUT"], &names);
}

#[test]
fn a_mapping_with_an_unknown_target() {
    let (file, mapping) =
        ("fixtures/malformed/price.csv", "fixtures/malformed/unknown_target.toml");
    let args = ["score", file, "--mapping", mapping, "-o", "OUT"];
    refuses("malformed_mapping_target", &args, &[mapping, "[columns]", "\"cost\""]);
}

#[test]
fn a_mapping_onto_a_column_that_is_not_there() {
    let (file, mapping) = ("fixtures/malformed/price.csv", "fixtures/malformed/absent_column.toml");
    let args = ["score", file, "--mapping", mapping, "-o", "OUT"];
    refuses("malformed_mapping_column", &args, &[mapping, "price", "\"unit price\"", file]);
}

#[test]
fn a_mapping_that_is_not_toml() {
    let (file, mapping) = ("fixtures/malformed/price.csv", "fixtures/malformed/syntax.toml");
    let args = ["score", file, "--mapping", mapping, "-o", "OUT"];
    refuses("malformed_mapping_syntax", &args, &[mapping, "line 3", "column 9"]);
}

#[test]
fn a_price_that_is_no_number() {
    let file = "fixtures/malformed/price.csv";
    let names =
        [file, "record 3", "line 4", "column price", "expected a positive", "found \"ask seller\""];
    refuses("malformed_price", &["score", file, "--strict", "-o", "OUT"], &names);
}

#[test]
fn an_empty_file() {
    let file = "fixtures/malformed/empty.csv";
    refuses("malformed_empty", &["score", file, "-o", "OUT"], &[file, "empty"]);
}

#[test]
fn a_header_without_records() {
    let file = "fixtures/malformed/header_only.csv";
    refuses("malformed_header_only", &["score", file, "-o", "OUT"], &[file, "header"]);
}

#[test]
fn labels_of_one_class() {
    let file = "fixtures/malformed/one_class.csv";
    let names = [file, "column is_counterfeit", "12", "genuine"];
    refuses("malformed_one_class", &["train", file, "-o", "OUT"], &names);
}

#[test]
fn a_label_that_says_neither() {
    let file = "fixtures/malformed/label.csv";
    let names = [
        file,
        "record 2",
        "line 3",
        "column is_counterfeit",
        "expected a label",
        "found \"maybe\"",
    ];
    refuses("malformed_label_text", &["train", file, "--strict", "-o", "OUT"], &names);
}

#[test]
fn a_date_that_could_be_two() {
    let file = "fixtures/malformed/date.csv";
    let names =
        [file, "record 2", "line 3", "column listed_at", "expected a date", "found \"02/03/2025\""];
    refuses("malformed_date", &["score", file, "--strict", "-o", "OUT"], &names);
}

#[test]
fn json_that_ends_too_early() {
    let file = "fixtures/malformed/cut.ndjson";
    let names = [file, "record 2", "line 2", "JSON"];
    refuses("malformed_ndjson", &["score", file, "--strict", "-o", "OUT"], &names);
}

#[test]
fn a_model_cut_in_half() {
    let folder = Folder::new();
    let text = model();
    let mut half = text.len() / 2;
    while !text.is_char_boundary(half) {
        half += 1;
    }
    let file = folder.write("cut.json", &text[..half]);
    let args = ["score", "fixtures/listings/first_look.csv", "--model", &file, "-o", "OUT"];
    refuses_in(&folder, "malformed_model_cut", &args, &["cut.json", "cut short"]);
}

#[test]
fn a_model_with_a_coefficient_changed() {
    let folder = Folder::new();
    let text = model();
    let (before, after) = text.split_once("\"seller_age_days\": ").expect("the coefficient");
    let (_, rest) = after.split_once(',').expect("its end");
    let file = folder.write("edited.json", format!("{before}\"seller_age_days\": 0.5,{rest}"));
    let args = ["score", "fixtures/listings/first_look.csv", "--model", &file, "-o", "OUT"];
    refuses_in(&folder, "malformed_model_edited", &args, &["edited.json", "SHA-256", "changed"]);
}

#[test]
fn a_model_with_an_unknown_key() {
    let folder = Folder::new();
    let text = model().replacen("\"threshold\": {", "\"hook\": \"on_load\", \"threshold\": {", 1);
    let file = folder.write("unknown_key.json", text);
    let args = ["score", "fixtures/listings/first_look.csv", "--model", &file, "-o", "OUT"];
    refuses_in(&folder, "malformed_model_unknown_key", &args, &["unknown_key.json", "hook"]);
}

#[test]
fn a_model_of_a_later_version() {
    let folder = Folder::new();
    let text = model().replacen("\"format_version\": 1", "\"format_version\": 999", 1);
    let file = folder.write("later.json", text);
    let args = ["score", "fixtures/listings/first_look.csv", "--model", &file, "-o", "OUT"];
    refuses_in(&folder, "malformed_model_version", &args, &["later.json", "999"]);
}

#[test]
fn listings_in_place_of_a_model() {
    let file = "fixtures/listings/first_look.csv";
    let args = ["score", file, "--model", file, "-o", "OUT"];
    refuses("malformed_model_is_csv", &args, &[file, "not a model file"]);
}

#[test]
fn an_output_directory_that_is_not_there() {
    let folder = Folder::new();
    let out = folder.path("absent/scored.csv");
    let args = ["score", "fixtures/listings/first_look.csv", "-o", &out];
    refuses_in(&folder, "malformed_output_directory", &args, &["absent"]);
}

#[test]
fn a_model_of_a_column_that_the_file_lacks() {
    let folder = Folder::new();
    let (model, mapping) = (folder.path("own.json"), "fixtures/malformed/extra_column.toml");
    let labeled = "fixtures/listings/labeled.csv";
    pinchbeck(&["train", labeled, "--mapping", mapping, "-o", &model]).ended(DONE);
    let file = "fixtures/listings/first_look.csv";
    let args = ["score", file, "--model", &model, "-o", "OUT"];
    refuses_in(&folder, "malformed_feature_mismatch", &args, &[file, "\"quantity\""]);
}

#[test]
fn a_record_of_the_wrong_length() {
    let file = "fixtures/malformed/ragged.csv";
    let names = [file, "record 2", "line 3", "9 fields", "7"];
    refuses("malformed_ragged", &["score", file, "--strict", "-o", "OUT"], &names);
}

#[test]
fn a_cell_that_is_not_of_the_encoding() {
    let file = "fixtures/malformed/undecodable.csv";
    let names = [file, "record 2", "line 3", "column title", "UTF-8", "caf\\xE9"];
    refuses("malformed_undecodable", &["score", file, "--strict", "-o", "OUT"], &names);
}

#[test]
fn a_quote_that_is_never_closed() {
    let file = "fixtures/malformed/unclosed_quote.csv";
    let names = [file, "record 2", "line 3", "quote"];
    refuses("malformed_unclosed_quote", &["score", file, "--strict", "-o", "OUT"], &names);
}

#[test]
fn a_compressed_file_that_was_cut_short() {
    let file = "fixtures/malformed/cut.csv.gz";
    refuses("malformed_cut_gzip", &["score", file, "-o", "OUT"], &[file, "cannot"]);
}

#[test]
fn a_column_name_twice() {
    let file = "fixtures/malformed/duplicate_column.csv";
    let names = [file, "\"price\"", "3 and 4"];
    refuses("malformed_duplicate_column", &["score", file, "-o", "OUT"], &names);
}

#[test]
fn two_columns_that_could_be_one_of_ours() {
    let file = "fixtures/malformed/ambiguous_column.csv";
    let names = [file, "ean, upc", "`gtin`", "mapping"];
    refuses("malformed_ambiguous_column", &["score", file, "-o", "OUT"], &names);
}

#[test]
fn a_file_that_is_not_there() {
    let file = "fixtures/malformed/absent.csv";
    refuses("malformed_absent_file", &["score", file, "-o", "OUT"], &[file]);
}

#[test]
fn a_folder_without_a_file_that_is_read() {
    refuses(
        "malformed_directory",
        &["score", "src/scoring", "-o", "OUT"],
        &["src/scoring", "folder"],
    );
}

#[test]
fn a_pattern_that_matches_nothing() {
    let pattern = "fixtures/malformed/*.orc";
    refuses("malformed_pattern", &["score", pattern, "-o", "OUT"], &[pattern, "matches"]);
}

#[test]
fn parquet_that_is_damaged() {
    let file = "fixtures/malformed/damaged.parquet";
    refuses("malformed_parquet", &["score", file, "-o", "OUT"], &[file, "Parquet"]);
}

#[test]
fn two_files_of_different_columns() {
    let (one, other) = ("fixtures/malformed/price.csv", "fixtures/malformed/other_columns.csv");
    let names = [one, other, "`title`", "name"];
    refuses("malformed_two_files", &["score", one, other, "-o", "OUT"], &names);
}

#[test]
fn a_workbook_that_was_cut_short() {
    let file = "fixtures/malformed/cut.xlsx";
    refuses("malformed_cut_xlsx", &["score", file, "-o", "OUT"], &[file, "xlsx"]);
}

#[test]
fn a_sheet_that_is_not_there() {
    let args = ["score", "fixtures/listings/workbook.xlsx", "--sheet", "Prices", "-o", "OUT"];
    refuses("malformed_sheet", &args, &["--sheet", "Notes, Listings, Other"]);
}

#[test]
fn a_zip_archive() {
    let file = "fixtures/malformed/archive.zip";
    refuses("malformed_zip", &["score", file, "-o", "OUT"], &[file, "zip archive", "decompress"]);
}

#[test]
fn a_web_page_by_the_name_of_an_export() {
    let file = "fixtures/malformed/login.csv";
    refuses("malformed_login", &["score", file, "-o", "OUT"], &[file, "web page", "login"]);
}

#[test]
fn one_object_that_holds_all_others() {
    let file = "fixtures/malformed/wrapper.json";
    refuses("malformed_wrapper", &["score", file, "-o", "OUT"], &[file, "\"items\"", "jq"]);
}

#[test]
fn json_nested_too_deep() {
    let file = "fixtures/malformed/deep.ndjson";
    let names = [file, "record 2", "127 levels", "--max-depth"];
    refuses("malformed_deep", &["score", file, "--strict", "-o", "OUT"], &names);
    let args = ["score", file, "--strict", "--max-depth", "300", "--columns", "scores"];
    pinchbeck(&args).ended(DONE);
}

#[test]
fn a_cell_beyond_the_limit() {
    let file = "fixtures/malformed/long_cell.csv";
    let names = [file, "record 2", "column title", "2000 bytes", "--max-cell"];
    let args = ["score", file, "--strict", "--max-cell", "2000", "-o", "OUT"];
    refuses("malformed_long_cell", &args, &names);
    pinchbeck(&["score", file, "--strict"]).ended(DONE);
    let names = [file, "record 2", "--max-record"];
    let args = ["score", file, "--strict", "--max-record", "2000", "-o", "OUT"];
    refuses("malformed_long_record", &args, &names);
    let names = [file, "at most 1 columns", "--max-columns"];
    let args = ["score", file, "--max-columns", "1", "-o", "OUT"];
    refuses("malformed_many_columns", &args, &names);
}

#[test]
fn a_price_that_could_be_two() {
    let file = "fixtures/malformed/open_price.csv";
    let names = [file, "record 1", "column price", "--decimal", "found \"1.299\""];
    refuses("malformed_open_price", &["score", file, "--strict", "-o", "OUT"], &names);
    pinchbeck(&["score", file, "--strict", "--decimal", ","]).ended(DONE);
}

#[test]
fn a_review_budget_of_a_stream() {
    let folder = Folder::new();
    let out = folder.path("out.csv");
    let input = "fixtures/listings/first_look.csv";
    let args = ["score", "-", "--review-budget", "5", "-o", &out];
    let ran = pinchbeck_reading(input, &args).ended(FAULT);
    assert!(folder.names().is_empty());
    ran.snapshot("malformed_budget_of_stream");
}

#[test]
fn a_review_budget_of_nothing() {
    let args = ["score", "fixtures/listings/first_look.csv", "--review-budget", "0", "-o", "OUT"];
    refuses("malformed_budget_of_nothing", &args, &["--review-budget", "0"]);
}

#[test]
fn a_precision_that_no_threshold_has() {
    let folder = Folder::new();
    let (noise, model) = (folder.path("noise.csv"), folder.path("noise.json"));
    // Labels that have nothing to do with the listings, so no threshold is precise.
    let args = ["simulate", "--rows", "400", "--effects", "none", "--label-noise", "40%"];
    pinchbeck(&[&args[..], &["--seed", "7", "-o", &noise]].concat()).ended(DONE);
    pinchbeck(&["train", &noise, "-o", &model]).ended(DONE);
    let args = ["score", &noise, "--model", &model, "--min-precision", "0.95", "-o", "OUT"];
    let names = ["precision of at least 0.95", "best precision"];
    refuses_in(&folder, "malformed_min_precision", &args, &names);
    let args = ["train", &noise, "--policy", "min-precision=0.95", "-o", "OUT"];
    refuses_in(&folder, "malformed_min_precision_train", &args, &names);
}

#[test]
fn a_policy_that_is_none() {
    let args = ["train", "fixtures/listings/labeled.csv", "--policy", "best", "-o", "OUT"];
    refuses("malformed_policy", &args, &["--policy", "min-precision=P", "best"]);
}

#[test]
fn a_file_that_was_scored_before() {
    let folder = Folder::new();
    let first = folder.path("scored.csv");
    pinchbeck(&["score", "fixtures/listings/first_look.csv", "-o", &first]).ended(DONE);
    let args = ["score", &first, "-o", "OUT"];
    refuses_in(&folder, "malformed_scored_twice", &args, &["\"counterfeit_probability\""]);
}

#[test]
fn a_column_to_pass_that_is_not_there() {
    let args = ["score", "fixtures/listings/first_look.csv", "--columns", "nope", "-o", "OUT"];
    refuses("malformed_columns", &args, &["--columns", "\"nope\""]);
}

#[test]
fn a_label_column_that_is_not_there() {
    let args = ["train", "fixtures/listings/labeled.csv", "--label", "fake", "-o", "OUT"];
    refuses("malformed_label", &args, &["\"fake\"", "fixtures/listings/labeled.csv"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let args = ["score", "fixtures/listings/first_look.csv", "-o", "/dev/full"];
    pinchbeck(&args).ended(FAULT).snapshot("malformed_full_disk");
}

// A rejects file by the name of the output would replace it, and with it all scores.
#[test]
fn two_outputs_by_one_name() {
    let folder = Folder::new();
    let out = folder.path("out.csv");
    let roundabout = folder.path("./out.csv");
    let ragged = "fixtures/malformed/ragged.csv";
    for args in [
        ["score", ragged, "-o", &out, "--rejects", &out],
        ["score", ragged, "-o", &out, "--rejects", &roundabout],
        ["score", ragged, "--problems", &out, "--rejects", &out],
        ["train", "fixtures/listings/labeled.csv", "-o", &out, "--metrics", &out],
    ] {
        let ran = pinchbeck(&args).ended(FAULT);
        assert!(ran.stderr.contains("out.csv"), "{}", ran.stderr);
        assert!(folder.names().is_empty(), "{args:?} leaves {:?}", folder.names());
    }
}

#[test]
fn a_metrics_file_that_cannot_be_written_leaves_no_model() {
    let folder = Folder::new();
    let (model, metrics) = (folder.path("model.json"), folder.path("absent/metrics.json"));
    let args = ["train", "fixtures/listings/labeled.csv", "-o", &model, "--metrics", &metrics];
    let ran = pinchbeck(&args).ended(FAULT);
    assert!(ran.stderr.contains("absent"), "{}", ran.stderr);
    assert_eq!(ran.stdout, "");
    assert!(folder.names().is_empty(), "{:?}", folder.names());
}
