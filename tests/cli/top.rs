//! `pinchbeck score --top`: the riskiest listings, the riskiest first.

use crate::runner::{DONE, FAULT, Folder, bash, pinchbeck, pinchbeck_reading};

const EXPORT: &str = "fixtures/listings/export.csv";
const FIRST_LOOK: &str = "fixtures/listings/first_look.csv";

/// The lines of a scored CSV, with the probability of each; it stands behind `n` columns.
fn ranked(csv: &str, n: usize) -> Vec<(f64, String)> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let records = reader.records().map(|record| record.expect("a record"));
    let mut rows: Vec<(f64, String)> =
        records.map(|own| (own[n].parse().expect("a number"), format!("{own:?}"))).collect();
    // Positions are part of what is shown of a record.
    for (_, own) in &mut rows {
        *own = own.split_once('[').map_or_else(String::new, |(_, cells)| cells.to_owned());
    }
    rows
}

#[test]
fn the_riskiest_are_those_of_the_whole_output_when_sorted() {
    let all = pinchbeck(&["score", EXPORT, "--columns", "listing_id,price"]).ended(DONE).stdout;
    let mut expected = ranked(&all, 2);
    expected.sort_by(|a, b| b.0.total_cmp(&a.0));
    for n in [1, 7, 299, 300, 1000] {
        let args = ["score", EXPORT, "--columns", "listing_id,price", "--top", &n.to_string()];
        let top = pinchbeck(&args).ended(DONE);
        assert_eq!(ranked(&top.stdout, 2), expected[..n.min(300)], "--top {n}");
    }
}

#[test]
fn of_equals_those_come_first_that_stand_first() {
    let args = ["score", FIRST_LOOK, FIRST_LOOK, "--columns", "scores", "--top", "5"];
    let twice = pinchbeck(&args).ended(DONE).stdout;
    let ids: Vec<&str> = twice.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!((ids[0], ids[2]), (ids[1], ids[3]), "{ids:?}");
    assert!(ids[0] != ids[2] && ids[2] != ids[4], "{ids:?}");
}

#[test]
fn formats_streams_and_budgets_go_with_it() {
    let base = ["score", FIRST_LOOK, "--columns", "scores", "--top", "3"];
    let told = pinchbeck(&[&base[..], &["--review-budget", "2"]].concat()).ended(DONE);
    told.snapshot("score_top");
    let of_file = pinchbeck(&base).ended(DONE).stdout;
    let args = ["score", "-", "--columns", "scores", "--top", "3"];
    assert_eq!(pinchbeck_reading(FIRST_LOOK, &args).ended(DONE).stdout, of_file);
    let folder = Folder::new();
    for format in ["ndjson", "parquet"] {
        let out = folder.path(&format!("top.{format}"));
        pinchbeck(&[&base[..], &["-o", &out]].concat()).ended(DONE);
        let columns = "listing_id,counterfeit_probability";
        let again = pinchbeck(&["check", &out]);
        assert!(again.stdout.contains("counterfeit_probability"), "{columns}: {}", again.stderr);
    }
    let ndjson = folder.read("top.ndjson");
    let first = of_file.lines().nth(1).and_then(|line| line.split(',').next()).expect("an id");
    assert!(ndjson.starts_with(&format!("{{\"listing_id\":\"{first}\"")), "{ndjson}");
    pinchbeck(&["score", FIRST_LOOK, "--top", "0"]).ended(FAULT);
}

#[test]
fn quiet_leaves_faults_alone() {
    let ran = pinchbeck(&["score", FIRST_LOOK, "--quiet"]).ended(DONE);
    assert_eq!(ran.stderr, "");
    assert_eq!(ran.stdout, pinchbeck(&["score", FIRST_LOOK]).ended(DONE).stdout);
    let ran = pinchbeck(&["score", "no-such-file.csv", "-q"]).ended(FAULT);
    assert!(ran.stderr.contains("no-such-file.csv"), "{}", ran.stderr);
}

/// A terminal is made by `script`, which is part of util-linux; without it only the silence elsewhere
/// is tested.
#[test]
fn progress_is_shown_on_a_terminal_only() {
    let folder = Folder::new();
    let (big, out) = (folder.path("big.csv"), folder.path("out.csv"));
    // More records than are looked at before scoring begins, then a pause that makes people wonder.
    bash(&format!("(cat {EXPORT}; for i in $(seq 59); do tail -n +2 {EXPORT}; done) > {big}"));
    let slowly = format!("(head -n 12000 {big}; sleep 1.2; tail -n +12001 {big})");
    let piped = bash(&format!("{slowly} | \"$0\" score - -o {out}")).ended(DONE);
    assert!(!piped.stderr.contains(['\r', '\u{1b}']), "{:?}", piped.stderr);
    if bash("command -v script").status != DONE {
        return;
    }
    let shown = |options: &str| {
        let command = format!("stty cols 100; {slowly} | '$0' score - -o {out} {options}");
        bash(&format!("TERM=xterm script -qec \"{command}\" /dev/null")).ended(DONE).stdout
    };
    let told = shown("");
    assert!(told.contains(" rows, ") && told.contains(" rows/s"), "{told:?}");
    // The bar is gone at the end, and the account stands alone.
    let account = told.trim_end().rsplit('\n').next().unwrap_or_default();
    assert!(account.contains("pinchbeck: 18000 rows read"), "{told:?}");
    assert_eq!(shown("--quiet"), "");
}
