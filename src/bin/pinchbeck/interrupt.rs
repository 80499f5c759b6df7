//! Ctrl-C and a request to terminate: no output appears, nothing is left beside it.

use std::process;
use std::thread;

use pinchbeck::report::remove_unfinished;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::{console, progress};

/// What a shell adds to the number of a signal that ended a program.
const SIGNALED: i32 = 128;

/// Watches for signals from another thread. Hanging up is left alone, as `nohup` has it ignored.
pub(crate) fn watch() {
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            remove_unfinished();
            progress::clear();
            console::fault(
                &"interrupted; no file was written, and what went to standard output is not complete",
            );
            process::exit(SIGNALED + signal);
        }
    });
}
