//! Days since 1970-01-01 written out again, the reverse of reading dates.

use jiff::Timestamp;

/// Microseconds of a day. Finer than that a day with a fraction does not hold.
const DAY_MICROSECONDS: f64 = 86_400.0e6;

/// The time in ISO 8601 and UTC, such as `2024-02-29T12:00:00Z`; `None` beyond the years -9999 to
/// 9999.
pub(crate) fn iso_time(days: f64) -> Option<String> {
    let microseconds = (days * DAY_MICROSECONDS).round();
    if microseconds.abs() > 1e18 {
        return None;
    }
    let time = Timestamp::from_microsecond(microseconds as i64).ok()?;
    Some(time.to_string())
}

/// The day alone, such as `2024-02-29`; for days beyond the calendar their number.
pub fn iso_day(days: f64) -> String {
    let time = iso_time(days);
    let day = time.as_deref().and_then(|time| time.split_once('T')).map(|(day, _)| day.to_owned());
    day.unwrap_or_else(|| format!("day {days}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    // date -u -d @1709208000 +%FT%TZ gives 2024-02-29T12:00:00Z; 1709208000 / 86400 = 19782.5.
    #[test]
    fn times_are_written_as_they_were_read() {
        assert_eq!(iso_time(19_782.5).as_deref(), Some("2024-02-29T12:00:00Z"));
        assert_eq!(iso_time(-0.5).as_deref(), Some("1969-12-31T12:00:00Z"));
        assert_eq!(iso_time(1e12), None);
        assert_eq!(iso_time(f64::NAN).as_deref(), Some("1970-01-01T00:00:00Z"));
        assert_eq!(iso_day(19_782.999), "2024-02-29");
        assert_eq!(iso_day(1e12), "day 1000000000000");
    }

    #[test]
    fn every_second_of_a_day_comes_back_without_a_fraction() {
        for second in 0..86_400_u32 {
            let days = (1_709_164_800.0 + f64::from(second)) / 86_400.0;
            let time = format!(
                "2024-02-29T{:02}:{:02}:{:02}Z",
                second / 3600,
                second / 60 % 60,
                second % 60
            );
            assert_eq!(iso_time(days), Some(time));
        }
    }
}
