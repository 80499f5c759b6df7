//! The table that a command writes: its format, its delimiter, and inputs that can be read twice.

use std::path::{Path, PathBuf};

use pinchbeck::error::visible;
use pinchbeck::input::input_paths;
use pinchbeck::report::TableFormat;
use pinchbeck::{ErrorKind, Format, Input, Result};

use super::opened;
use crate::args::FormatArg;
use crate::console;

/// Refuses output names that promise what is not written.
pub(super) fn check_ending(output: Option<&PathBuf>) -> Result<()> {
    const OTHERS: [&str; 8] = ["gz", "gzip", "zst", "zstd", "bz2", "xz", "zip", "xlsx"];
    let ending = output.and_then(|path| path.extension()).unwrap_or_default();
    if !OTHERS.iter().any(|other| ending.eq_ignore_ascii_case(other)) {
        return Ok(());
    }
    Err(ErrorKind::Option {
        option: "--output",
        expected: "a name for CSV, NDJSON or Parquet, which are not compressed on writing"
            .to_owned(),
        found: format!("\".{}\"", visible(&ending.to_string_lossy())),
    }
    .into())
}

/// The format that was asked for; else by the ending of the output, else that of the input.
pub(super) fn format(
    asked: Option<FormatArg>,
    output: Option<&PathBuf>,
    input: &Input,
) -> TableFormat {
    let by_name = || output.and_then(|path| TableFormat::from_ending(path));
    let as_input = match (input.format(), output) {
        // Parquet cannot be looked at in a terminal.
        (Format::Parquet, None) => TableFormat::Csv,
        (format, _) => TableFormat::like(format),
    };
    asked.map(TableFormat::from).or_else(by_name).unwrap_or(as_input)
}

/// Tab for a file that is named so, else comma.
pub(super) fn delimiter(output: Option<&PathBuf>) -> u8 {
    let ending = output.and_then(|path| path.extension());
    if ending.is_some_and(|ending| ending.eq_ignore_ascii_case("tsv")) { b'\t' } else { b',' }
}

/// Refuses inputs that can be read once only, for the sake of an option or a command.
pub(super) fn check_readable_twice(inputs: &[PathBuf], option: &'static str) -> Result<()> {
    let paths = input_paths(inputs)?;
    let Some(stream) = paths.iter().find(|path| opened::is_stream(path)) else { return Ok(()) };
    Err(ErrorKind::Option {
        option,
        expected: "an input that can be read twice".to_owned(),
        found: format!("{}; write it to a file first", stream_name(stream)),
    }
    .into())
}

/// Says how many cells are not as they were.
pub(super) fn tell_neutralized(n_neutralized: u64) {
    if n_neutralized > 0 {
        console::message(&format!(
            "texts that a spreadsheet would run as a formula, now behind an apostrophe: {n_neutralized}; --raw-text leaves them"
        ));
    }
}

fn stream_name(stream: &Path) -> String {
    match stream.to_string_lossy() {
        name if name == "-" => "standard input".to_owned(),
        name => visible(&name),
    }
}
