//! Dates and times as exports write them, as days since 1970-01-01.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::date_order::{DateOrder, Numeric};
use super::months::month_named;
use super::numerals::{is_digits, normalized};

/// Seconds of a day.
const DAY_SECONDS: f64 = 86_400.0;

/// Nanoseconds of a day.
const DAY_NANOSECONDS: f64 = 86_400.0e9;

/// The longest text that is read as a date, in bytes.
const MAX_BYTES: usize = 100;

/// Names of zones and their offsets in minutes. Those of North America are the ones of RFC 2822;
/// other abbreviations mean several zones each.
const ZONES: &[(&str, i32)] = &[
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("ut", 0),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
];

/// Words of a written date beside its day, month and year.
const FILLERS: &[&str] =
    &["de", "del", "of", "the", "den", "der", "le", "di", "dnia", "r", "г", "года", "yılı"];

/// Reads a date or a time: days since 1970-01-01 00:00 UTC with a fraction.
///
/// Read are ISO 8601; seconds, milliseconds, microseconds and nanoseconds since 1970 by their
/// number of digits; year, month and day with `/`, `.`, `-` or 年月日 between them; day, month and a
/// year of four digits where `order` or the numbers tell which is which; months by their names in
/// the larger languages of Europe; with a time of 24 hours or with AM and PM, and an offset, `UTC`
/// or a zone of RFC 2822. A time without a zone counts as UTC.
///
/// Not read are years of two digits, and zones by the name of a place, as there is no table of them
/// here.
pub(crate) fn parse_date(text: &str, order: DateOrder) -> Option<f64> {
    let text = text.trim();
    if let Some(days) = since_1970(text) {
        return days;
    }
    if text.len() > MAX_BYTES {
        return None;
    }
    let normal = normalized(text);
    let text = normal.trim();
    if let Some(days) = iso_8601(text) {
        return Some(days);
    }
    let text = text
        .replace(['年', '月'], "-")
        .replace('日', " ")
        .replace("년 ", "-")
        .replace("월 ", "-")
        .replace(['년', '월'], "-")
        .replace('일', " ");
    let (date, time) = split_time(&text);
    let date = date.trim().trim_end_matches(',').trim_end();
    let date = without_weekday(date);
    let date = match numeric(date) {
        Some(numeric) => numeric.date(order)?,
        None => named(date)?,
    };
    let day = days(date.to_zoned(TimeZone::UTC).ok()?.timestamp());
    match time {
        None => Some(day),
        Some(time) => Some(day + time_of_day(time.trim())?),
    }
}

/// Reads a day as ISO 8601 writes it, `2026-01-31`: days since 1970-01-01.
pub fn parse_day(text: &str) -> Option<f64> {
    let text = text.trim();
    Some(text).filter(|own| own.contains('-')).and_then(iso_8601)
}

/// What the order of day and month in a cell could be; `None` for a cell that is no numeric date
/// with the year behind.
pub(super) fn numeric_date(cell: &str) -> Option<Numeric> {
    let normal = normalized(cell.trim());
    let (date, _) = split_time(&normal);
    numeric(without_weekday(date.trim().trim_end_matches(',')))
}

/// Numbers that count from 1970, by their digits; `None` for other texts.
fn since_1970(text: &str) -> Option<Option<f64>> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    if !is_digits(whole) || fraction.is_some_and(|own| !is_digits(own)) {
        return None;
    }
    let per_day = match whole.len() {
        8 if fraction.is_none() => return Some(iso(text)),
        10 => DAY_SECONDS,
        13 => DAY_SECONDS * 1e3,
        16 => DAY_SECONDS * 1e6,
        19 => DAY_NANOSECONDS,
        _ => return Some(None),
    };
    Some(text.parse::<f64>().ok().map(|number| number / per_day))
}

fn iso_8601(text: &str) -> Option<f64> {
    let is_dated = text.get(..4).is_some_and(is_digits)
        && text.get(4..).is_some_and(|rest| rest.starts_with(['-', 'T']));
    if !is_dated && !text.starts_with(['-', '+']) {
        return None;
    }
    for name in ["UTC", "GMT"] {
        if let Some(local) = text.strip_suffix(name) {
            return civil(local.trim_end());
        }
    }
    // Some exports leave a space before the offset, which ISO 8601 does not have.
    match text.rsplit_once(' ') {
        Some((time, offset)) if time.contains(':') && offset.starts_with(['+', '-']) => {
            iso(&format!("{}{offset}", time.trim_end()))
        }
        _ => iso(text),
    }
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

/// The date, and the time where there is a colon.
fn split_time(text: &str) -> (&str, Option<&str>) {
    let Some(colon) = text.find(':') else { return (text, None) };
    let before = text.get(..colon).unwrap_or_default();
    let begin = before.rfind([' ', 'T', ',']).map_or(0, |at| at + 1);
    (text.get(..begin).unwrap_or_default().trim_end_matches('T'), text.get(begin..))
}

/// A weekday is passed over: what it says the date says too.
fn without_weekday(date: &str) -> &str {
    match date.split_once(',') {
        Some((word, rest))
            if word.trim_end_matches('.').chars().all(char::is_alphabetic)
                && month_named(&word.to_lowercase()).is_none() =>
        {
            rest.trim()
        }
        _ => date,
    }
}

/// Three numbers with one kind of separator between them.
fn numeric(date: &str) -> Option<Numeric> {
    let separator = date.chars().find(|c| !c.is_ascii_digit())?;
    if !matches!(separator, '/' | '.' | '-') {
        return None;
    }
    let date = date.trim_end_matches(separator);
    let mut parts = date.split(separator).map(str::trim);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let small = |part: &str| {
        let is_small = is_digits(part) && part.len() <= 2;
        is_small.then(|| part.parse::<i8>().ok()).flatten()
    };
    let year = |part: &str| {
        let is_year = is_digits(part) && part.len() == 4;
        is_year.then(|| part.parse::<i16>().ok()).flatten()
    };
    if let Some(year) = year(first) {
        return Some(Numeric::YearFirst(year, small(second)?, small(third)?));
    }
    Some(Numeric::YearLast(small(first)?, small(second)?, year(third)?))
}

/// A date with the name of its month, in whatever order.
fn named(date: &str) -> Option<Date> {
    let lower = date.to_lowercase();
    let (mut day, mut month, mut year) = (None, None, None);
    let words = lower.split([' ', ',', '.', '-', '/']).filter(|word| !word.is_empty());
    for word in words {
        let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
        let suffix = word.get(digits.len()..).unwrap_or_default();
        if is_digits(digits) && matches!(suffix, "" | "st" | "nd" | "rd" | "th" | "er" | "º" | "ª")
        {
            let slot: &mut Option<i16> = match digits.len() {
                1 | 2 => &mut day,
                4 => &mut year,
                _ => return None,
            };
            if slot.replace(digits.parse().ok()?).is_some() {
                return None;
            }
        } else if let Some(number) = month_named(word) {
            if month.replace(number).is_some() {
                return None;
            }
        } else if !FILLERS.contains(&word) {
            return None;
        }
    }
    Date::new(year?, month?, i8::try_from(day?).ok()?).ok()
}

/// A time with what stands behind it, as a share of a day; beyond 0 and 1 where the zone says so.
fn time_of_day(text: &str) -> Option<f64> {
    let lower = text.to_ascii_lowercase();
    let end = lower
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.' | ',')))
        .unwrap_or(lower.len());
    let (clock, rest) = lower.split_at(end);
    let mut parts = clock.trim_end_matches([',', '.']).split(':');
    let mut number = |limit: u32, digits: std::ops::RangeInclusive<usize>| {
        let part = parts.next()?;
        let is_sound = is_digits(part) && digits.contains(&part.len());
        is_sound.then(|| part.parse::<u32>().ok().filter(|own| *own < limit)).flatten()
    };
    let hour = number(24, 1..=2)?;
    let minute = number(60, 2..=2)?;
    let second = match parts.next() {
        None => 0.0,
        Some(part) => {
            let part = part.replace(',', ".");
            let whole = part.split('.').next().unwrap_or_default();
            let value: f64 = part.parse().ok()?;
            Some(value).filter(|own| whole.len() == 2 && *own < 60.0)?
        }
    };
    if parts.next().is_some() {
        return None;
    }
    let rest = rest.trim();
    let (half, zone) = [("a.m.", false), ("p.m.", true), ("am", false), ("pm", true)]
        .into_iter()
        .find_map(|(word, is_afternoon)| Some((is_afternoon, rest.strip_prefix(word)?)))
        .map_or((None, rest), |(is_afternoon, rest)| (Some(is_afternoon), rest));
    let hour = match half {
        None => hour,
        Some(is_afternoon) if (1..=12).contains(&hour) => {
            hour % 12 + if is_afternoon { 12 } else { 0 }
        }
        Some(_) => return None,
    };
    let offset = offset_minutes(zone.trim())?;
    let seconds = f64::from(hour * 3600 + minute * 60) + second - f64::from(offset) * 60.0;
    Some(seconds / DAY_SECONDS)
}

/// The offset of a zone in minutes; 0 where none is named.
fn offset_minutes(zone: &str) -> Option<i32> {
    let zone = zone.trim_start_matches('(').trim_end_matches(')');
    if zone.is_empty() {
        return Some(0);
    }
    if let Some((_, minutes)) = ZONES.iter().find(|(name, _)| *name == zone) {
        return Some(*minutes);
    }
    let bare = zone.strip_prefix("gmt").or_else(|| zone.strip_prefix("utc")).unwrap_or(zone);
    let (sign, digits) = match bare.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, bare.strip_prefix('-')?),
    };
    let digits = digits.replace(':', "");
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.as_str(), "0"),
        4 => digits.split_at(2),
        _ => return None,
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    // The widest offset in use is UTC+14.
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // Days from: date -u -d '2024-02-29' +%s, divided by 86400: 1709164800 / 86400 = 19782.
    #[test]
    fn dates_and_times_of_one_day() {
        for text in ["2024-02-29", " 2024-02-29 ", "20240229", "2024-02-29T00:00:00Z"] {
            assert_eq!(parse_date(text, DateOrder::EachAlone), Some(19_782.0), "{text}");
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
            assert_eq!(parse_date(text, DateOrder::EachAlone), Some(19_782.5), "{text}");
        }
        assert_eq!(parse_date("1969-12-31T12:00:00Z", DateOrder::EachAlone), Some(-0.5));
    }

    #[test]
    fn what_is_no_date_or_could_be_two_is_not_read() {
        for text in [
            "",
            " ",
            "02/03/2024",
            "02.03.2024",
            "29/02/24",
            "31/12/24 10:00",
            "2024/13/01",
            "32/12/2024",
            "13/13/2024",
            "1/2/3/2024",
            "31-Dec-24",
            "December 2024",
            "31 Brumaire 2024",
            "Dec 31 2024 Jan",
            "2024-02-29 10:00 [Europe/Berlin]",
            "2024-02-29 10:00 CET",
            "29/02/2024 13:00 PM",
            "29/02/2024 0:30 AM",
            "29/02/2024 10:60",
            "29/02/2024 10:00+19:00",
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
            "é",
        ] {
            assert_eq!(parse_date(text, DateOrder::EachAlone), None, "{text}");
        }
    }

    // As above: day 19782 is 2024-02-29, and its noon 19782.5.
    #[test]
    fn one_day_as_the_world_writes_it() {
        for text in [
            "29.02.2024",
            "29/02/2024",
            "02/29/2024",
            "2-29-2024",
            "2024/02/29",
            "2024.02.29",
            "2024. 2. 29.",
            "2024年2月29日",
            "2024년 2월 29일",
            "２０２４-02-29",
            "29 Feb 2024",
            "Feb 29, 2024",
            "Thursday, February 29th, 2024",
            "29-Feb-2024",
            "29. Februar 2024",
            "29 de fevereiro de 2024",
            "29 février 2024",
            "29 febbraio 2024",
            "29 de febrero de 2024",
            "29 февраля 2024 г.",
            "29 lutego 2024 r.",
            "29 Şubat 2024",
        ] {
            assert_eq!(parse_date(text, DateOrder::EachAlone), Some(19_782.0), "{text}");
        }
        for text in [
            "29.02.2024 12:00",
            "29/02/2024, 12:00:00",
            "02/29/2024 12:00:00 PM",
            "2024/02/29 12:00",
            "Thu, 29 Feb 2024 14:00:00 +0200",
            "Feb 29, 2024 4:00:00 AM PST",
            "29 Feb 2024 15:00 GMT+3",
            "2024年2月29日 12:00",
            "1709208000.0",
            "1709208000000000",
            "1709208000000000000",
        ] {
            assert_eq!(parse_date(text, DateOrder::EachAlone), Some(19_782.5), "{text}");
        }
    }

    // date -u -d 2024-03-02 +%s is 1709337600: day 19784; 2024-02-03 is 1706918400: 19756.
    #[test]
    fn the_order_of_day_and_month_is_that_of_the_column() {
        assert_eq!(parse_date("02/03/2024", DateOrder::DayFirst), Some(19_784.0));
        assert_eq!(parse_date("02/03/2024", DateOrder::MonthFirst), Some(19_756.0));
        assert_eq!(parse_date("29/02/2024", DateOrder::MonthFirst), None);
        assert_eq!(parse_date("02/29/2024", DateOrder::DayFirst), None);
        // 2024-03-03 is day 19785 in whatever order.
        assert_eq!(parse_date("03/03/2024", DateOrder::EachAlone), Some(19_785.0));
        assert_eq!(parse_date("2024/03/02", DateOrder::MonthFirst), Some(19_784.0));
    }

    proptest! {
        #[test]
        fn dates_are_read_back_in_the_order_that_their_column_tells(
            dates in prop::collection::vec((1970i16..2100, 1i8..=12, 1i8..=28), 1..20),
            is_day_first in any::<bool>(),
            separator in prop::sample::select(vec!['/', '.', '-']),
        ) {
            // The 25th tells which number is the day.
            let dates = dates.into_iter().chain([(2024, 3, 25)]);
            let written: Vec<(String, Date)> = dates
                .map(|(year, month, day)| {
                    let (one, other) = if is_day_first { (day, month) } else { (month, day) };
                    let text = format!("{one:02}{separator}{other:02}{separator}{year}");
                    (text, Date::new(year, month, day).expect("a date"))
                })
                .collect();
            let mut evidence = super::super::date_order::DateEvidence::default();
            for (text, _) in &written {
                evidence.add(text);
            }
            let order = evidence.decide().order;
            for (text, date) in written {
                let midnight = date.to_zoned(TimeZone::UTC).expect("a time").timestamp();
                let expected = midnight.as_second() as f64 / DAY_SECONDS;
                prop_assert_eq!(parse_date(&text, order), Some(expected), "{}", text);
            }
        }

        #[test]
        fn any_text_is_a_finite_day_or_none(text in "\\PC{0,24}|[0-9/. :APM-]{0,20}") {
            for order in [DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::EachAlone] {
                prop_assert!(parse_date(&text, order).is_none_or(f64::is_finite));
            }
        }
    }
}
