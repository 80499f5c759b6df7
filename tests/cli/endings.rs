//! Outputs that cannot be completed: a disk that is full, a pipe that is closed.

use crate::runner::{DONE, FAULT, Folder, bash, pinchbeck};

const LABELED: &str = "fixtures/listings/labeled.csv";

/// Longer than what is gathered before anything goes to the operating system.
#[test]
fn a_full_disk_is_told_in_every_format() {
    for format in ["csv", "ndjson", "parquet"] {
        for threads in ["1", "3"] {
            let args = ["score", LABELED, "-o", "/dev/full", "--format", format];
            let ran = pinchbeck(&[&args[..], &["--threads", threads]].concat()).ended(FAULT);
            let last = ran.stderr.lines().last().unwrap_or_default();
            assert!(last.starts_with("pinchbeck: /dev/full: cannot write"), "{last}");
        }
    }
    let ran = bash(&format!("\"$0\" score {LABELED} > /dev/full")).ended(FAULT);
    assert!(ran.stderr.contains("standard output: cannot write"), "{}", ran.stderr);
    let ran = pinchbeck(&["score", LABELED, "-o", "/dev/full", "--top", "2000"]).ended(FAULT);
    assert!(ran.stderr.contains("/dev/full: cannot write"), "{}", ran.stderr);
}

/// Whoever closes the pipe has seen enough; lists of what could not be read would not be complete.
#[test]
fn a_closed_pipe_ends_in_silence_and_leaves_nothing() {
    let folder = Folder::new();
    let (problems, big) = (folder.path("problems.csv"), folder.path("big.csv"));
    let make =
        format!("(cat {LABELED}; for i in $(seq 20); do tail -n +2 {LABELED}; done) > {big}");
    bash(&make).ended(DONE);
    for options in ["", "--format ndjson", "--threads 1", "--top 20000"] {
        let script = format!(
            "set -o pipefail; \"$0\" score {big} --problems {problems} {options} | head -1"
        );
        let ran = bash(&script).ended(DONE);
        assert_eq!(ran.stdout.lines().count(), 1);
        assert!(!ran.stderr.contains("rows read"), "{}", ran.stderr);
        assert_eq!(folder.names(), ["big.csv"], "{options}");
    }
}
