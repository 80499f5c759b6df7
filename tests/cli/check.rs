//! `pinchbeck check`: what is in a file, what will be used, what is wrong.

use pinchbeck::Mapping;
use serde_json::Value;

use crate::runner::{DONE, FAULT, Folder, pinchbeck};

const PORTAL: &str = "examples/portal.csv";
const WORKBOOK: &str = "fixtures/listings/workbook.xlsx";

#[test]
fn an_export_is_looked_through() {
    pinchbeck(&["check", PORTAL]).ended(DONE).snapshot("check_portal");
    pinchbeck(&["check", WORKBOOK]).ended(DONE).snapshot("check_workbook");
    pinchbeck(&["check", "fixtures/malformed/ragged.csv"]).ended(DONE).snapshot("check_ragged");
    pinchbeck(&["check", PORTAL, "--format", "json"]).ended(DONE).snapshot("check_json");
}

#[test]
fn what_keeps_a_file_from_being_scored_is_told_beside_the_rest() {
    for (file, name) in [
        ("fixtures/malformed/ambiguous_column.csv", "check_ambiguous"),
        ("fixtures/malformed/no_title.csv", "check_no_title"),
    ] {
        let ran = pinchbeck(&["check", file]).ended(FAULT);
        assert!(ran.stdout.contains("cannot be scored yet"), "{}", ran.stdout);
        ran.snapshot(name);
    }
    // What cannot be read at all has nothing beside it.
    let ran = pinchbeck(&["check", "fixtures/malformed/login.csv"]).ended(FAULT);
    assert_eq!(ran.stdout, "");
}

#[test]
fn the_json_counts_what_the_text_counts() {
    let ran = pinchbeck(&["check", "fixtures/listings/export.csv", "--format", "json"]);
    let found: Value = serde_json::from_str(&ran.ended(DONE).stdout).expect("JSON");
    assert_eq!(found["records"]["read"], 300);
    assert_eq!(found["can_be_scored"], true);
    assert_eq!(found["repeated_ids"]["ids"], 0);
    let columns = found["columns"].as_array().expect("columns");
    let price = columns.iter().find(|own| own["name"] == "price").expect("a price");
    assert_eq!(price["state"], "recognized");
    assert_eq!(price["profile"]["present"], 300);
    assert_eq!(price["surprises"].as_array().map(Vec::len), Some(0));
}

/// A mapping that was written says of the file what was found without it.
#[test]
fn a_written_mapping_maps_as_none_did() {
    let folder = Folder::new();
    let mapping = folder.path("mapping.toml");
    for file in ["fixtures/listings/renamed.csv", PORTAL, "fixtures/listings/export.csv"] {
        pinchbeck(&["check", file, "--write-mapping", &mapping]).ended(DONE);
        Mapping::from_toml("mapping.toml", &folder.read("mapping.toml")).expect("a mapping");
        let scored = |args: &[&str]| {
            let args = [&["score", file, "--columns", "scores"], args].concat();
            pinchbeck(&args).ended(DONE).stdout
        };
        assert_eq!(scored(&[]), scored(&["--mapping", &mapping]), "{file}");
    }
    let file = "fixtures/malformed/ambiguous_column.csv";
    let ran = pinchbeck(&["check", file, "--write-mapping", &mapping]).ended(FAULT);
    let text = folder.read("mapping.toml");
    assert!(
        text.contains("# choose one of these:\n# gtin = \"ean\"\n# gtin = \"upc\"\n"),
        "{text}"
    );
    Mapping::from_toml("mapping.toml", &text).expect("a mapping");
    ran.and_file(&folder, "mapping.toml").snapshot("check_write_mapping");
}

#[test]
fn listings_are_written_as_they_were_read() {
    let ran = pinchbeck(&["check", PORTAL, "--write-listings", "-"]).ended(DONE);
    let first: Value =
        serde_json::from_str(ran.stdout.lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["_record"], 1);
    assert_eq!(first["listing_id"], "0041");
    assert_eq!(first["price"], 89);
    assert_eq!(first["list_price"], 1299);
    assert_eq!(first["currency"], "EUR");
    assert_eq!(first["brand"], Value::Null);
    // By hand: 2026-03-02 is what the file says.
    assert_eq!(first["listed_at"], "2026-03-02T00:00:00Z");
    assert!(first.get("gtin").is_none(), "a column that is not there has no key");
    ran.snapshot("check_listings");
}

#[test]
fn workbooks_and_arrays_are_scored_as_other_files_are() {
    let args = ["score", WORKBOOK, "--columns", "listing_id,price,listed_at"];
    pinchbeck(&args).ended(DONE).snapshot("score_workbook");
    let args = ["score", WORKBOOK, "--sheet", "Other"];
    pinchbeck(&args).ended(DONE).snapshot("score_sheet");
    let args = ["score", "fixtures/malformed/broken_array.json"];
    let folder = Folder::new();
    let rejects = folder.path("rejects.csv");
    let ran = pinchbeck(&[&args[..], &["--rejects", &rejects]].concat()).ended(DONE);
    ran.and_file(&folder, "rejects.csv").snapshot("score_broken_array");
}

#[test]
fn folders_are_read_with_the_columns_of_their_names() {
    let folder = Folder::new();
    for (country, rows) in [("DE", "1,bag\n2,belt\n"), ("FR", "3,hat\n")] {
        let path = folder.as_path().join(format!("export/ships_from={country}"));
        std::fs::create_dir_all(&path).expect("a folder");
        std::fs::write(path.join("part.csv"), format!("listing_id,title\n{rows}"))
            .expect("written");
        std::fs::write(path.join("_SUCCESS"), "").expect("written");
    }
    for (name, text) in [("README.md", "notes"), ("empty.csv", "listing_id,title\n")] {
        std::fs::write(folder.as_path().join("export").join(name), text).expect("written");
    }
    let ran = pinchbeck(&["score", &folder.path("export")]).ended(DONE).within(&folder);
    ran.snapshot("score_folder");
    let pattern = folder.path("export/*/part.csv");
    let ran = pinchbeck(&["score", &pattern, "--columns", "listing_id,ships_from"]).ended(DONE);
    assert!(ran.stdout.contains("\n3,FR,"), "{}", ran.stdout);
}
