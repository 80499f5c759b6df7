//! Columns whose numbers are not of the scale that their name promises.
//!
//! Each rule speaks of what is hardly ever right, names its figures and changes nothing: the user
//! decides.

use super::distinct::Distinct;
use super::profile::{ColumnProfile, Range};
use crate::listing::{Column, Kind};

/// Fewer values than this say nothing about a scale.
const MIN_VALUES: u64 = 30;

/// Days of a hundred years: no seller and no listing is that old.
const CENTURY_DAYS: f64 = 36_525.0;

/// 1995-01-01, before which no marketplace had a listing: `date -u -d 1995-01-01 +%s` / 86400.
const MARKETPLACES_BEGIN: f64 = 9_131.0;

/// 2100-01-01, likewise.
const FAR_FUTURE: f64 = 47_482.0;

/// What is surprising about a column, a sentence each.
pub(super) fn surprises(column: Column, profile: &ColumnProfile) -> Vec<String> {
    let mut found = Vec::new();
    let n = profile.n_present();
    if profile.n_records > 0 && n == 0 {
        found.push("holds nothing that can be read".to_owned());
    }
    if n >= MIN_VALUES && profile.distinct == Distinct::Exactly(1) && is_expected_to_vary(column) {
        found.push("holds one value only".to_owned());
    }
    if matches!(column, Column::ListingId | Column::SellerId | Column::Gtin) {
        found.extend(damaged_ids(&profile.examples));
    }
    let Some(range) = profile.range.as_ref().filter(|_| n >= MIN_VALUES) else {
        return found;
    };
    match (column, column.info().kind) {
        (_, Kind::Money) => found.extend(log_transformed(range)),
        (Column::ListingAgeDays | Column::SellerAgeDays, _) => found.extend(not_days(range)),
        (_, Kind::Date) => found.extend(not_dates(range)),
        (Column::SellerRating, _) if range.largest > 100.0 => found.push(format!(
            "goes up to {}, and a rating hardly goes beyond 100; it may be a count",
            shown(range.largest)
        )),
        (_, Kind::Count) => found.extend(not_counts(range)),
        (_, Kind::Label) if profile.distinct == Distinct::Exactly(1) => {
            let class = if range.median == 1.0 { "counterfeit" } else { "genuine" };
            found.push(format!("says {class} of every record; both are needed to learn"));
        }
        _ => {}
    }
    found
}

/// Ids, titles and prices differ from listing to listing; a currency or a language need not.
fn is_expected_to_vary(column: Column) -> bool {
    matches!(
        column,
        Column::ListingId
            | Column::Title
            | Column::Price
            | Column::ListingAgeDays
            | Column::SellerAgeDays
            | Column::SellerId
    )
}

/// Ids that went through a spreadsheet or a data frame as numbers.
fn damaged_ids(examples: &[String]) -> Option<String> {
    let first = examples.first()?;
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_rounded = |text: &str| {
        let (head, power) = text.split_once(['E', 'e'])?;
        Some(head.starts_with(|c: char| c.is_ascii_digit()) && power.starts_with(['+', '-']))
    };
    if examples.iter().any(|own| is_rounded(own) == Some(true)) {
        return Some(format!(
            "was a number in a spreadsheet and has lost digits: {first}; export it as text"
        ));
    }
    let has_fraction = examples.iter().all(|own| own.strip_suffix(".0").is_some_and(is_digits));
    has_fraction.then(|| {
        format!("was a number with a fraction in a data frame: {first}; leading zeros are lost")
    })
}

/// Prices that were put on a logarithmic scale: nearly all have more than two decimals, and they
/// spread as a bell around their mean instead of far to the right. Prices in a currency with mills,
/// or multiplied by an exchange rate, have as many decimals and spread as prices do; logarithms
/// that were rounded to two decimals are not found.
fn log_transformed(range: &Range) -> Option<String> {
    let values = &range.sorted;
    let n = values.len() as f64;
    let has_many_decimals =
        |value: &&f64| ((*value * 100.0) - (*value * 100.0).round()).abs() > 1e-6;
    let n_fine = values.iter().filter(has_many_decimals).count() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let moment = |power: i32| values.iter().map(|v| (v - mean).powi(power)).sum::<f64>() / n;
    let sd = moment(2).sqrt();
    let (spread, skewness) = (sd / mean, moment(3) / sd.powi(3));
    let is_bell = spread < 0.5 && skewness.abs() < 1.0;
    (n_fine / n >= 0.9 && is_bell && sd > 0.0).then(|| {
        format!(
            "looks like the logarithm of a price: {:.0} % of the values have more than two \
             decimals, and 80 % lie between {} and {}, around a mean of {}; price signals need \
             the price itself",
            100.0 * n_fine / n,
            shown(range.quantile(0.1)),
            shown(range.quantile(0.9)),
            shown(mean),
        )
    })
}

/// Ages that are not in days.
fn not_days(range: &Range) -> Option<String> {
    let (median, largest) = (range.median, range.largest);
    let about = |unit: &str| {
        format!(
            "looks like {unit}: the median is {}, the largest {}",
            shown(median),
            shown(largest)
        )
    };
    if median > 1e11 {
        return Some(about("a time since 1970 in milliseconds, where days are expected"));
    }
    if median > 5e8 {
        return Some(about("a time since 1970 in seconds, where days are expected"));
    }
    if median > CENTURY_DAYS {
        return Some(about("seconds or minutes, where days are expected"));
    }
    let is_fractional = |value: &&f64| value.fract() != 0.0;
    let n_fractional = range.sorted.iter().filter(is_fractional).count();
    if largest <= 30.0 && n_fractional * 2 > range.sorted.len() {
        return Some(about("years, where days are expected"));
    }
    if largest > CENTURY_DAYS {
        return Some(format!("goes up to {} days, which is more than a century", shown(largest)));
    }
    None
}

/// Dates outside the time of marketplaces.
fn not_dates(range: &Range) -> Option<String> {
    let is_outside = |day: f64| !(MARKETPLACES_BEGIN..FAR_FUTURE).contains(&day);
    let n_outside = range.sorted.iter().filter(|day| is_outside(**day)).count();
    (n_outside > 0).then(|| {
        format!(
            "{:.1} % of the dates lie before 1995 or behind 2099",
            100.0 * n_outside as f64 / range.sorted.len() as f64
        )
    })
}

/// Counts that are shares or were scaled.
fn not_counts(range: &Range) -> Option<String> {
    let n_fractional = range.sorted.iter().filter(|value| value.fract() != 0.0).count();
    (n_fractional * 2 > range.sorted.len()).then(|| {
        format!(
            "{:.0} % of the values have a fraction, and pieces are counted whole",
            100.0 * n_fractional as f64 / range.sorted.len() as f64
        )
    })
}

fn shown(value: f64) -> String {
    if value.abs() >= 1000.0 || value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::super::profile::Profiler;
    use super::*;

    fn of(column: Column, values: impl IntoIterator<Item = f64>) -> Vec<String> {
        let mut profiler = Profiler::default();
        for (position, value) in values.into_iter().enumerate() {
            profiler.number(position as u64, value);
        }
        surprises(column, &profiler.finish())
    }

    /// Prices between 5 and 3000, evenly spread on a logarithmic scale.
    fn prices() -> impl Iterator<Item = f64> {
        (0..200).map(|n| libm::exp(1.6 + f64::from(n) * 0.032))
    }

    #[test]
    fn logarithms_of_prices_are_told_from_prices() {
        let cents = |price: f64| (price * 100.0).round() / 100.0;
        assert_eq!(of(Column::Price, prices().map(cents)), [""; 0]);
        // Converted by a rate, prices have many decimals and spread as before.
        assert_eq!(of(Column::Price, prices().map(|price| price * 1.0837)), [""; 0]);
        let said = of(Column::Price, prices().map(|price| 100.0 * libm::log(price * 60.0)));
        assert_eq!(said.len(), 1);
        assert!(said[0].starts_with("looks like the logarithm of a price: 100 %"), "{}", said[0]);
        // Prices of one product lie close together, with two decimals.
        let same = (0..100).map(|n| 60.0 + f64::from(n % 20) / 4.0);
        assert_eq!(of(Column::ListPrice, same), [""; 0]);
    }

    #[test]
    fn ages_in_other_units_are_told_from_days() {
        let days = || (0..100).map(|n| f64::from(n * 31));
        assert_eq!(of(Column::SellerAgeDays, days()), [""; 0]);
        for (factor, part) in [(86_400.0, "seconds or minutes"), (1.0 / 365.25, "years")] {
            let said = of(Column::SellerAgeDays, days().map(|days| days * factor));
            assert!(said[0].contains(part), "{said:?}");
        }
        let epoch = |scale: f64| (0..100).map(move |n| (1.7e9 + f64::from(n) * 1e5) * scale);
        assert!(of(Column::ListingAgeDays, epoch(1.0))[0].contains("since 1970 in seconds"));
        assert!(of(Column::ListingAgeDays, epoch(1000.0))[0].contains("in milliseconds"));
        let mixed = days().chain([99_999.0]);
        assert!(of(Column::ListingAgeDays, mixed)[0].contains("99999 days"));
    }

    #[test]
    fn dates_counts_labels_and_constants() {
        let dates = || (0..99).map(|n| 19_000.0 + f64::from(n));
        assert_eq!(of(Column::ListedAt, dates()), [""; 0]);
        let said = of(Column::ListedAt, dates().chain([0.0]));
        assert_eq!(said, ["1.0 % of the dates lie before 1995 or behind 2099"]);
        let shares = (0..100).map(|n| f64::from(n) / 100.0);
        assert!(of(Column::SalesCount, shares)[0].contains("99 % of the values have a fraction"));
        assert!(of(Column::IsCounterfeit, [0.0; 40])[0].contains("genuine of every record"));
        assert_eq!(of(Column::IsCounterfeit, (0..40).map(|n| f64::from(n % 2))), [""; 0]);
        assert_eq!(of(Column::Price, [5.0; 40]), ["holds one value only"]);
        assert_eq!(of(Column::Price, [5.0; 10]), [""; 0], "too few to say");
        let ratings = (0..40).map(|n| f64::from(n * 50));
        assert!(of(Column::SellerRating, ratings)[0].contains("up to 1950"));
        let ids = |texts: &[&str]| {
            let mut profiler = Profiler::default();
            for text in texts {
                profiler.text(text);
            }
            surprises(Column::Gtin, &profiler.finish())
        };
        assert!(ids(&["4.00638E+12", "4006381333931"])[0].contains("lost digits"));
        assert!(ids(&["4006381333931.0", "12.0"])[0].contains("with a fraction"));
        assert_eq!(ids(&["4006381333931", "0012.0"]), [""; 0]);
        assert_eq!(ids(&["ABC-1E+2"]), [""; 0]);
        let mut empty = Profiler::default();
        empty.empty();
        assert_eq!(surprises(Column::Brand, &empty.finish()), ["holds nothing that can be read"]);
    }
}
