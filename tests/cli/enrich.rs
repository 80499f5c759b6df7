//! `pinchbeck enrich`: what only the whole export knows.

use crate::runner::{DONE, FAULT, Folder, pinchbeck};

const INPUT: &str = "fixtures/listings/first_look.csv";

#[test]
fn columns_are_added_behind_those_of_the_export() {
    let folder = Folder::new();
    let out = folder.path("out.csv");
    pinchbeck(&["enrich", INPUT, "-o", &out])
        .ended(DONE)
        .and_file(&folder, "out.csv")
        .snapshot("enrich");
}

#[test]
fn a_small_memory_gives_the_same_file() {
    let folder = Folder::new();
    let (large, small) = (folder.path("large.csv"), folder.path("small.csv"));
    let input = "fixtures/listings/labeled.csv";
    pinchbeck(&["enrich", input, "-o", &large]).ended(DONE);
    pinchbeck(&["enrich", input, "--memory", "1MiB", "--threads", "1", "-o", &small]).ended(DONE);
    assert!(folder.read("large.csv") == folder.read("small.csv"));
}

#[test]
fn an_enriched_file_is_scored_and_not_enriched_again() {
    let folder = Folder::new();
    let (out, again) = (folder.path("out.csv"), folder.path("again.csv"));
    pinchbeck(&["enrich", INPUT, "-o", &out]).ended(DONE);
    let scored =
        |file: &str| pinchbeck(&["score", file, "--columns", "listing_id"]).ended(DONE).stdout;
    // The default model does without these columns, and they may not change it.
    assert_eq!(scored(&out), scored(INPUT));
    let ran = pinchbeck(&["enrich", &out, "-o", &again]).ended(FAULT).within(&folder);
    assert_eq!(ran.stdout, "");
    ran.snapshot("malformed_enriched_twice");
    let ran = pinchbeck(&["enrich", "-", "-o", &again]).ended(FAULT).within(&folder);
    ran.snapshot("malformed_enrich_stream");
}
