//! How the values of arguments are read, and what is said of those that cannot be.

use std::str::FromStr;

use pinchbeck::input::{DateOrder, DecimalMark};
use pinchbeck::{Error, ErrorKind};

/// A value that the library parses; clap names the option itself.
pub(crate) fn parsed<T: FromStr<Err = Error>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: Error| match error.kind() {
        ErrorKind::Option { expected, .. } => format!("expected {expected}"),
        _ => error.to_string(),
    })
}

/// A share: `0.2` or `20%`.
pub(crate) fn share(text: &str) -> Result<f64, String> {
    let parsed = match text.trim().strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => text.trim().parse::<f64>(),
    };
    parsed
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "expected a number from 0 to 1 or a percentage such as 20%".to_owned())
}

pub(crate) fn decimal(text: &str) -> Result<DecimalMark, String> {
    match text {
        "." | "point" => Ok(DecimalMark::Point),
        "," | "comma" => Ok(DecimalMark::Comma),
        _ => Err("expected `.` or `,`".to_owned()),
    }
}

pub(crate) fn date_order(text: &str) -> Result<DateOrder, String> {
    DateOrder::from_name(text).ok_or_else(|| "expected `dmy` or `mdy`".to_owned())
}

/// A number of bytes: `1048576`, `64KiB` or `32MiB`.
pub(crate) fn size(text: &str) -> Result<usize, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text.get(digits.len()..).unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "b" => Some(1),
        "k" | "kb" | "kib" => Some(1024),
        "m" | "mb" | "mib" => Some(1024 * 1024),
        "g" | "gb" | "gib" => Some(1024 * 1024 * 1024),
        _ => None,
    };
    let number = digits.parse::<usize>().ok().filter(|number| *number > 0);
    number
        .zip(unit)
        .and_then(|(number, unit)| number.checked_mul(unit))
        .ok_or_else(|| "expected a number of bytes such as 1048576, 64KiB or 32MiB".to_owned())
}

/// A number of bytes that is worth sorting in.
pub(crate) fn memory(text: &str) -> Result<usize, String> {
    let least = 1024 * 1024;
    size(text)
        .ok()
        .filter(|bytes| *bytes >= least)
        .ok_or_else(|| "expected a number of bytes from 1MiB on, such as 64MiB or 4GiB".to_owned())
}

pub(crate) fn day(text: &str) -> Result<f64, String> {
    pinchbeck::input::parse_day(text).ok_or_else(|| "expected a day such as 2026-01-31".to_owned())
}

/// One ASCII character, or `tab`.
pub(crate) fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [one] if one.is_ascii() && !matches!(one, b'"' | b'\n' | b'\r') => Ok(*one),
        _ => Err("expected one ASCII character, or `tab`".to_owned()),
    }
}
