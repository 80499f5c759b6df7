//! Dates and times as exports write them, as days since 1970-01-01.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Seconds of a day.
const DAY_SECONDS: f64 = 86_400.0;

/// Nanoseconds of a day.
const DAY_NANOSECONDS: f64 = 86_400.0e9;

/// Names that some databases write behind a time that is in UTC.
const UTC_NAMES: [&str; 2] = ["UTC", "GMT"];

/// Reads a date or a time: days since 1970-01-01 00:00 UTC with a fraction.
///
/// Read are ISO 8601 dates and date-times with `T` or a space between, with or without an offset,
/// `Z`, `UTC` or `GMT`; ten digits as seconds and thirteen as milliseconds since 1970. A time
/// without a zone counts as UTC. Day-first and month-first dates are not told apart and not read.
pub(crate) fn parse_date(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return match text.len() {
            8 => iso(text),
            10 => Some(text.parse::<f64>().ok()? / DAY_SECONDS),
            13 => Some(text.parse::<f64>().ok()? / (DAY_SECONDS * 1000.0)),
            _ => None,
        };
    }
    if let Some(local) = UTC_NAMES.iter().find_map(|name| text.strip_suffix(name)) {
        return civil(local.trim_end());
    }
    // Some exports leave a space before the offset, which ISO 8601 does not have.
    match text.rsplit_once(' ') {
        Some((time, offset)) if time.contains(':') && offset.starts_with(['+', '-']) => {
            iso(&format!("{}{offset}", time.trim_end()))
        }
        _ => iso(text),
    }
}

/// Reads a day as ISO 8601 writes it, `2026-01-31`: days since 1970-01-01.
pub fn parse_day(text: &str) -> Option<f64> {
    parse_date(text).filter(|_| text.trim().contains('-'))
}

fn iso(text: &str) -> Option<f64> {
    match Timestamp::from_str(text) {
        Ok(timestamp) => Some(days(timestamp)),
        Err(_) => civil(text),
    }
}

/// A date or date-time that names no zone. One that does and came this far is broken, as what
/// `Timestamp` refuses `DateTime` would read without its offset.
fn civil(text: &str) -> Option<f64> {
    let has_time = text.contains(':');
    let behind_date = text.get(10..).unwrap_or_default();
    if has_time && behind_date.contains(['+', '-', '[', 'Z', 'z']) {
        return None;
    }
    let local = DateTime::from_str(text).ok()?;
    let zoned = local.to_zoned(TimeZone::UTC).ok()?;
    Some(days(zoned.timestamp()))
}

fn days(timestamp: Timestamp) -> f64 {
    timestamp.as_second() as f64 / DAY_SECONDS
        + f64::from(timestamp.subsec_nanosecond()) / DAY_NANOSECONDS
}

#[cfg(test)]
mod tests {
    use super::*;

    // Days from: date -u -d '2024-02-29' +%s, divided by 86400: 1709164800 / 86400 = 19782.
    #[test]
    fn dates_and_times_of_one_day() {
        for text in ["2024-02-29", " 2024-02-29 ", "20240229", "2024-02-29T00:00:00Z"] {
            assert_eq!(parse_date(text), Some(19_782.0), "{text}");
        }
        for text in [
            "2024-02-29T12:00",
            "2024-02-29 12:00:00",
            "2024-02-29 12:00:00.000",
            "2024-02-29t12:00:00z",
            "2024-02-29T12:00:00+00:00",
            "2024-02-29 12:00:00+00",
            "2024-02-29 14:00:00 +0200",
            "2024-02-29T06:30:00-05:30",
            "2024-02-29 12:00:00 UTC",
            "2024-02-29 12:00:00 GMT",
            "1709208000",
            "1709208000000",
        ] {
            assert_eq!(parse_date(text), Some(19_782.5), "{text}");
        }
        assert_eq!(parse_date("1969-12-31T12:00:00Z"), Some(-0.5));
    }

    #[test]
    fn what_is_no_date_or_could_be_two_is_not_read() {
        for text in [
            "",
            " ",
            "29.02.2024",
            "02/03/2024",
            "2023-02-29",
            "2024-13-01",
            "2024-02",
            "20241301",
            "12:00",
            "17092",
            "170920800000",
            "2024-02-29T25:00:00",
            "2024-02-29T12:00:00+99:00",
            "yesterday",
            "２０２４-02-29",
            "é",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
