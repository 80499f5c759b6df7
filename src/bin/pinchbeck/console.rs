//! What the program says to the person: messages on standard error, results on standard output.

use std::fmt::Display;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use pinchbeck::Result;
use pinchbeck::error::visible;
use pinchbeck::report::{Target, write_text};

use crate::progress;

static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// Leaves out all messages but faults from here on.
pub(crate) fn be_quiet() {
    IS_QUIET.store(true, Ordering::Relaxed);
}

/// A line on standard error, unless it is to be quiet.
pub(crate) fn message(text: &dyn Display) {
    if !IS_QUIET.load(Ordering::Relaxed) {
        fault(text);
    }
}

/// A line on standard error. A standard error that is closed is no reason to stop.
pub(crate) fn fault(text: &dyn Display) {
    // In one write, so that it does not tear into what others write to the same terminal.
    let line = format!("pinchbeck: {text}\n");
    progress::aside(|| {
        let _ = std::io::stderr().write_all(line.as_bytes());
    });
}

/// Several such lines.
pub(crate) fn messages(lines: &[String]) {
    for line in lines {
        message(line);
    }
}

/// What clap says of a wrong use, on standard error. It quotes arguments as they are, which may
/// come from anywhere; here nothing in them acts on the terminal.
pub(crate) fn refusal(text: &str) {
    let lines: Vec<String> = text.lines().map(visible).collect();
    let _ = std::io::stderr().write_all(format!("{}\n", lines.join("\n")).as_bytes());
}

/// A result on standard output.
pub(crate) fn result(text: &str) -> Result<()> {
    write_text(&Target::Stdout, text)
}
