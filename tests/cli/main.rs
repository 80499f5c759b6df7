//! The command line as its users meet it: what it prints, what it writes, how it ends.
//!
//! A snapshot holds the exit status, standard output and standard error of one command. They are
//! written anew with `SNAPSHOTS=overwrite cargo test --release --test cli`, and then read.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod catalog;
mod check;
mod compare;
#[cfg(unix)]
mod conflicts;
#[cfg(unix)]
mod endings;
mod enrich;
mod evaluate;
mod explain;
mod fixtures;
mod help;
mod hostile;
#[cfg(unix)]
mod interrupt;
mod lexicon;
mod lists;
mod malformed;
mod outputs;
#[cfg(unix)]
mod readme;
mod runner;
mod score;
mod snapshots;
#[cfg(unix)]
mod top;
mod train;
