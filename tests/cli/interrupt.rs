//! A run that is stopped half-way.

use std::fmt::Write as _;
use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::runner::{DONE, Folder, bash};

/// More records than the blocks that are read before the output is begun.
const N_RECORDS: usize = 100_000;

/// 128 and the number of the signal.
const INTERRUPTED: i32 = 130;

// Ctrl-C left the temporary file beside the output.
#[test]
fn an_interrupted_run_leaves_nothing() {
    let folder = Folder::new();
    let out = folder.write("out.csv", "what was there before\n");
    let mut records = "listing_id,title\n".to_owned();
    for row in 0..N_RECORDS {
        writeln!(records, "{row},Zelquist belt").expect("memory takes all");
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_pinchbeck"))
        .args(["score", "-", "--threads", "2", "-o", &out])
        .args(["--problems", &folder.path("problems.csv"), "--rejects", &folder.path("r.csv")])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(records.as_bytes()).expect("the program reads");
    // The input stays open, so the program cannot be done; it has begun to write when its
    // temporary file is there.
    let mut n_looked = 0;
    while folder.names().len() < 4 {
        n_looked += 1;
        assert!(n_looked < 600, "no output was begun");
        thread::sleep(Duration::from_millis(50));
    }
    bash(&format!("kill -INT {}", child.id())).ended(DONE);
    let ended = child.wait_with_output().expect("the program ends");
    drop(input);
    assert_eq!(ended.status.code(), Some(INTERRUPTED));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("interrupted"));
    assert_eq!(folder.names(), ["out.csv"]);
    assert_eq!(folder.read("out.csv"), "what was there before\n");
}
