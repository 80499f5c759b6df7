//! Amounts of money and plain numbers as people and exports write them.

use super::currency::{self, Mark};
use super::decimal::{DecimalConvention, DecimalMark};
use super::numerals::{normalized, percent, simple, unsigned};

/// The longest text that is read as a number, in bytes.
const MAX_BYTES: usize = 100;

/// What stands between the bounds of a range.
const BETWEEN: &[&str] =
    &["-", "\u{2013}", "\u{2014}", "~", "..", "…", "至", "到", " to ", " bis ", " до "];

/// Words that are powers of ten beside an amount and units in a column of numbers: `3w` are weeks
/// and `5 m` months, minutes or meters.
const UNITS: &[&str] = &["m", "w", "W"];

/// What stands behind an amount for "no cents", or for a minus.
pub(super) const DASHES: &[char] = &['-', '\u{2013}', '\u{2014}'];

/// What stands before a price that is the lowest of several, in lower case.
const FROM_BEFORE: &[&str] = &[
    "starting at",
    "starts at",
    "starting from",
    "from",
    "à partir de",
    "a partir de",
    "a partire da",
    "desde",
    "dès",
    "ab",
    "от",
    "od",
    "da",
    "mulai dari",
    "mulai",
    "từ",
    "~",
];

/// What stands behind such a price.
const FROM_BEHIND: &[&str] = &["起", "から", "より", "부터", "~"];

/// Words that say that nothing is to be paid, or that there is no price yet, in lower case.
const NO_PRICE: &[&str] = &[
    "free",
    "for free",
    "gratis",
    "kostenlos",
    "umsonst",
    "zu verschenken",
    "gratuit",
    "gratuito",
    "gratuita",
    "grátis",
    "бесплатно",
    "даром",
    "отдам даром",
    "безкоштовно",
    "ücretsiz",
    "bedava",
    "za darmo",
    "miễn phí",
    "免费",
    "免費",
    "無料",
    "무료",
    "무료나눔",
    "مجاني",
    "مجانا",
    "ฟรี",
    "negotiable",
    "on request",
    "price on request",
    "auf anfrage",
    "preis auf anfrage",
    "vb",
    "sur demande",
    "a consultar",
    "sob consulta",
    "договорная",
    "цена договорная",
    "по запросу",
    "面议",
    "面議",
    "价格面议",
    "要相談",
    "가격문의",
];

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Amount {
    /// The number, finite, in the unit of the currency; may be negative or zero.
    pub(crate) value: f64,
    /// What the text says of the currency: a code, or a sign that several currencies share (`$`,
    /// `¥`), which is no code, as guessing one would be a wrong price in silence.
    pub(crate) mark: Option<Mark>,
}

/// What a text says of a price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Priced {
    /// An amount.
    Amount(Amount),
    /// The lowest of several: of a range, or "from" it on.
    Lowest(Amount),
    /// That there is none: `free`, `on request`.
    NoPrice,
}

/// Reads an amount of money with or without a currency on either side.
///
/// A point and a comma in one number: the last is the decimal mark. Only one of them is what the
/// convention says. Blanks and apostrophes separate thousands. Parentheses and a minus on either
/// side make it negative. What fits no reading is `None`, never a guess: `1,29` with
/// [`DecimalConvention::Point`] is not read, nor is `1-2k`, of which the 1 may be a thousand.
pub(crate) fn parse_amount(text: &str, convention: DecimalConvention) -> Option<Priced> {
    if let Some(value) = simple(text, convention).flatten() {
        return Some(Priced::Amount(Amount { value, mark: None }));
    }
    let text = text.trim();
    if text.len() > MAX_BYTES {
        return None;
    }
    let normal = normalized(text);
    let normal = normal.trim();
    if let Some(found) = single(normal, convention) {
        return Some(Priced::Amount(found.amount));
    }
    let lower = normal.to_lowercase();
    if NO_PRICE.contains(&lower.as_str()) {
        return Some(Priced::NoPrice);
    }
    let lowest = from(&lower, normal, convention).or_else(|| range(normal, convention))?;
    Some(Priced::Lowest(lowest))
}

/// An amount, and whether a word for a power of ten stands behind it.
#[derive(Clone, Copy)]
struct Single {
    amount: Amount,
    has_word: bool,
}

/// The mark of two, of which one may be absent; `None` when they contradict.
fn joined(one: Option<Mark>, other: Option<Mark>) -> Option<Option<Mark>> {
    match (one, other) {
        (Some(one), Some(other)) => match Mark::together(one, other)? {
            Some(code) => Some(Some(Mark::Known(code))),
            None => Some(Some(one)),
        },
        (one, other) => Some(one.or(other)),
    }
}

/// Reads a number without a unit, by the same rules: counts, ratings, days. A percentage is the
/// share that it means, and `1000+` the 1000 that are certain. Always finite.
pub(crate) fn parse_number(text: &str, convention: DecimalConvention) -> Option<f64> {
    if let Some(value) = simple(text, convention).flatten() {
        return Some(value);
    }
    if text.len() > MAX_BYTES {
        return None;
    }
    let normal = normalized(text);
    let (sign, rest) = split_sign(normal.trim());
    let rest = rest.trim_end();
    let value = if let Some(share) = rest.strip_suffix('%') {
        percent(share, convention)?
    } else {
        let found = unsigned(rest.strip_suffix('+').unwrap_or(rest), convention)?;
        Some(found.value).filter(|_| !UNITS.contains(&found.word))?
    };
    Some(if sign == Some(true) { -value } else { value })
}

/// True for what is read as an amount or as a number.
pub(super) fn is_number(text: &str, convention: DecimalConvention) -> bool {
    let amount = parse_amount(text, convention);
    matches!(amount, Some(Priced::Amount(_) | Priced::Lowest(_)))
        || parse_number(text, convention).is_some()
}

/// One amount, in text that [`normalized`] gave.
fn single(text: &str, convention: DecimalConvention) -> Option<Single> {
    if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let mut found = single(inner.trim(), convention)?;
        found.amount.value = -Some(found.amount.value).filter(|value| *value >= 0.0)?;
        return Some(found);
    }
    let (sign, rest) = split_sign(text);
    let (before, rest) = currency::split_before(rest);
    let (inner_sign, rest) =
        if sign.is_none() { split_sign(rest.trim_start()) } else { (None, rest) };
    let (behind, rest) = currency::split_behind(rest.trim());
    let mark = joined(before, behind)?;
    let rest = rest.trim();
    let sign = sign.or(inner_sign);
    let (found, is_negative) = if let Some((whole, decimal)) = without_cents(rest) {
        // The mark before the dash is the decimal mark, so it cannot separate thousands as well.
        (unsigned(Some(whole).filter(|own| !own.contains(decimal.char()))?, decimal.into())?, sign)
    } else if let Some(rest) = rest.strip_suffix(DASHES).filter(|_| sign.is_none()) {
        (unsigned(rest, convention)?, Some(true))
    } else {
        (unsigned(rest, convention)?, sign)
    };
    let value = if is_negative == Some(true) { -found.value } else { found.value };
    Some(Single { amount: Amount { value, mark }, has_word: !found.word.is_empty() })
}

/// The whole number and the decimal mark of an amount with a dash or two in place of its cents, as
/// in `500,-`, `12.-` and `500,--`.
fn without_cents(text: &str) -> Option<(&str, DecimalMark)> {
    let rest = text.strip_suffix(DASHES)?;
    let rest = rest.strip_suffix(DASHES).unwrap_or(rest);
    let comma = rest.strip_suffix(',').map(|whole| (whole, DecimalMark::Comma));
    comma.or_else(|| rest.strip_suffix('.').map(|whole| (whole, DecimalMark::Point)))
}

/// A price that is the lowest of several.
fn from(lower: &str, text: &str, convention: DecimalConvention) -> Option<Amount> {
    let before = FROM_BEFORE.iter().find_map(|word| {
        let rest = lower.strip_prefix(word)?;
        let ends = !rest.starts_with(char::is_alphabetic);
        // Lower case may have another length; what is left has the same number of characters.
        let n_chars = rest.chars().count();
        let skip = text.chars().count().checked_sub(n_chars)?;
        let at = text.char_indices().nth(skip).map(|(at, _)| at)?;
        ends.then(|| text.get(at..)).flatten()
    });
    let rest = before.or_else(|| FROM_BEHIND.iter().find_map(|word| text.strip_suffix(word)))?;
    let rest = rest.trim();
    single(rest, convention).map(|found| found.amount).or_else(|| range(rest, convention))
}

/// The lower bound of a range whose bounds can both be read and are in order.
fn range(text: &str, convention: DecimalConvention) -> Option<Amount> {
    BETWEEN.iter().find_map(|between| {
        text.match_indices(between).find_map(|(at, _)| {
            let left = single(text.get(..at)?.trim(), convention)?;
            let right = single(text.get(at + between.len()..)?.trim(), convention)?;
            // In `5-10k` the k may be meant for both.
            let is_certain = left.has_word || !right.has_word;
            let (left, right) = (left.amount, right.amount);
            let mark = joined(left.mark, right.mark)?;
            let is_ordered = left.value >= 0.0 && left.value <= right.value;
            (is_certain && is_ordered).then_some(Amount { value: left.value, mark })
        })
    })
}

/// True for minus, false for plus, and what stands behind it.
fn split_sign(text: &str) -> (Option<bool>, &str) {
    let mut chars = text.chars();
    match chars.next() {
        Some('-' | '\u{2212}') => (Some(true), chars.as_str()),
        Some('+') => (Some(false), chars.as_str()),
        _ => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::decimal::DecimalConvention::{Comma, EachAlone, Point};
    use super::*;

    fn value(text: &str, convention: DecimalConvention) -> Option<f64> {
        match parse_amount(text, convention) {
            Some(Priced::Amount(amount)) => Some(amount.value),
            _ => None,
        }
    }

    /// An amount and its code.
    fn coded(text: &str, convention: DecimalConvention) -> Option<(f64, Option<&'static str>)> {
        match parse_amount(text, convention)? {
            Priced::Amount(own) => Some((own.value, own.mark.and_then(Mark::code))),
            _ => None,
        }
    }

    /// The lowest of several amounts and its code.
    fn lowest(text: &str, convention: DecimalConvention) -> Option<(f64, Option<&'static str>)> {
        match parse_amount(text, convention)? {
            Priced::Lowest(own) => Some((own.value, own.mark.and_then(Mark::code))),
            _ => None,
        }
    }

    #[test]
    fn one_mark_alone_is_read_as_told() {
        assert_eq!(value("1.299", Point), Some(1.299));
        assert_eq!(value("1.299", Comma), Some(1299.0));
        assert_eq!(value("1,299", Point), Some(1299.0));
        assert_eq!(value("1,299", Comma), Some(1.299));
        assert_eq!(value("12.5", Point), Some(12.5));
        assert_eq!(value("12,5", Comma), Some(12.5));
        assert_eq!(value("1,299,000", Point), Some(1_299_000.0));
        assert_eq!(value(".99", Point), Some(0.99));
    }

    #[test]
    fn two_marks_tell_themselves_apart() {
        for mark in [Point, Comma] {
            assert_eq!(value("1,299.50", mark), Some(1299.5));
            assert_eq!(value("1.299,50", mark), Some(1299.5));
            assert_eq!(value("1.234.567,8", mark), Some(1_234_567.8));
            assert_eq!(value("1 299,50", mark), Some(1299.5));
            assert_eq!(value("1\u{202f}299.50", mark), Some(1299.5));
            assert_eq!(value("1'299.50", mark), Some(1299.5));
            assert_eq!(value("12\u{a0}345\u{a0}678", mark), Some(12_345_678.0));
        }
    }

    #[test]
    fn numbers_as_programs_write_them() {
        for mark in [Point, Comma] {
            assert_eq!(value("1e3", mark), Some(1000.0));
            assert_eq!(value("5E-2", mark), Some(0.05));
            assert_eq!(value("0", mark), Some(0.0));
            assert_eq!(value("007", mark), Some(7.0));
        }
        assert_eq!(value("1.5e+3", Point), Some(1500.0));
        assert_eq!(value("1,5e3", Comma), Some(1500.0));
    }

    #[test]
    fn signs_and_currencies_on_either_side() {
        let cases = [
            ("-5", -5.0, None),
            ("\u{2212}5", -5.0, None),
            ("+5", 5.0, None),
            ("$1,299.00", 1299.0, None),
            ("US$1,299.00", 1299.0, Some("USD")),
            ("US $9,99", 9.99, Some("USD")),
            ("$9,99 USD", 9.99, Some("USD")),
            ("CAD $9,99", 9.99, Some("CAD")),
            ("¥1,299.00", 1299.0, None),
            ("1.299,00 €", 1299.0, Some("EUR")),
            ("€-5", -5.0, Some("EUR")),
            ("-€5", -5.0, Some("EUR")),
            ("R$ 65,73", 65.73, Some("BRL")),
            ("1 299,00 ₽", 1299.0, Some("RUB")),
            ("49,99 zł", 49.99, Some("PLN")),
            ("₺1.299,00", 1299.0, Some("TRY")),
            ("₹ 500", 500.0, Some("INR")),
            ("₩15,000.00", 15000.0, Some("KRW")),
            ("£12", 12.0, Some("GBP")),
            ("EUR 12", 12.0, Some("EUR")),
            ("12EUR", 12.0, Some("EUR")),
            ("\u{a0}12\u{a0}CHF ", 12.0, Some("CHF")),
            ("€ 12 EUR", 12.0, Some("EUR")),
        ];
        for (text, value, currency) in cases {
            assert_eq!(coded(text, Comma), Some((value, currency)), "{text}");
        }
    }

    #[test]
    fn what_could_be_wrong_is_not_read() {
        for text in [
            "",
            " ",
            "-",
            "€",
            ".",
            ",",
            "N/A",
            "NaN",
            "inf",
            "1,29",
            "12,5",
            "0,299",
            "1,2345",
            "1,299,00",
            "1.2.3",
            "1.299.000",
            "1,299.00.00",
            "12 99",
            "1  299",
            "1 299'000",
            "1 299,000.00",
            "--5",
            "-€-5",
            "5.",
            "1e",
            "1e1.5",
            "e5",
            "1,299e3",
            "12%",
            "XXQ 5",
            "5 pieces",
            "€5 USD",
            "$5 €",
            "1e999",
            "5 EUR EUR",
            "EUREUR 5",
        ] {
            assert_eq!(parse_amount(text, Point), None, "{text}");
        }
    }

    #[test]
    fn a_number_has_no_unit() {
        assert_eq!(parse_number(" 4,7 ", Comma), Some(4.7));
        assert_eq!(parse_number("1 024", Point), Some(1024.0));
        assert_eq!(parse_number("\u{2212}1.5", Point), Some(-1.5));
        for (text, expected) in [
            ("98.5%", 0.985),
            ("4 %", 0.04),
            ("1000+", 1000.0),
            ("1.2k", 1200.0),
            ("3 тыс.", 3000.0),
            ("-7%", -0.07),
            ("33.3 %", 0.333),
        ] {
            assert_eq!(parse_number(text, Point), Some(expected), "{text}");
        }
        for text in ["$5", "5 EUR", "NaN", "inf", "1e400", "four", "10-20", "(5)", "%", "+"] {
            assert_eq!(parse_number(text, Point), None, "{text}");
        }
    }

    #[test]
    fn amounts_as_people_around_the_world_write_them() {
        let cases = [
            ("500 руб.", 500.0, Some("RUB")),
            ("1 299 р.", 1299.0, Some("RUB")),
            ("500,-", 500.0, None),
            ("12.-", 12.0, None),
            ("CHF 12.-", 12.0, Some("CHF")),
            ("Fr. 1'299.50", 1299.5, Some("CHF")),
            ("(5.00)", -5.0, None),
            ("($5.00)", -5.0, None),
            ("5-", -5.0, None),
            ("eur 5", 5.0, Some("EUR")),
            ("5 Euro", 5.0, Some("EUR")),
            ("￥１，２９９．００", 1299.0, None),
            ("1.2万", 12_000.0, None),
            ("1.2万円", 12_000.0, Some("JPY")),
            ("3万원", 30_000.0, Some("KRW")),
            ("1,29,000.00", 129_000.0, None),
            ("₹1,29,000", 129_000.0, Some("INR")),
            ("Rp 150.000,50", 150_000.5, Some("IDR")),
            ("99 kr", 99.0, None),
            ("120 元", 120.0, None),
            ("3,4 тыс. руб.", 3400.0, Some("RUB")),
            ("U$S 20", 20.0, Some("USD")),
            ("2.5M ₫", 2_500_000.0, Some("VND")),
        ];
        for (text, value, currency) in cases {
            assert_eq!(coded(text, EachAlone), Some((value, currency)), "{text}");
        }
        let lowest_of = [
            ("¥99起", 99.0, None),
            ("from $10", 10.0, None),
            ("От 500 руб.", 500.0, Some("RUB")),
            ("от 5 до 10 ₽", 5.0, Some("RUB")),
            ("ab 12,50 €", 12.5, Some("EUR")),
            ("A partir de R$ 10,00", 10.0, Some("BRL")),
            ("100円から", 100.0, Some("JPY")),
            ("10-20", 10.0, None),
            ("10 – 20 €", 10.0, Some("EUR")),
            ("$10 - $20", 10.0, None),
            ("US$ 1,299.00 - 1,500.00", 1299.0, Some("USD")),
            ("10~20元", 10.0, None),
            ("10.00 - 10.00", 10.0, None),
            ("1k-2k", 1000.0, None),
        ];
        for (text, value, currency) in lowest_of {
            assert_eq!(lowest(text, EachAlone), Some((value, currency)), "{text}");
        }
        for text in
            ["free", "Gratis", "БЕСПЛАТНО", "免费", "無料", "kostenlos", "Preis auf Anfrage"]
        {
            assert_eq!(parse_amount(text, EachAlone), Some(Priced::NoPrice), "{text}");
        }
        for text in [
            "ask seller",
            "20-10",
            "10-20-30",
            "€10 - $20",
            "2024-12-31",
            "abc 5",
            "abs 5",
            "up to 5",
            "5 or 6",
            "-5-",
            "(-5)",
            "5 мил",
            "1.299-1.399",
            "1-2万",
            "10-20k",
            "5–10 тыс. руб.",
            "900-1.2k",
            "1,299,-",
            "-5,00 -",
        ] {
            assert_eq!(parse_amount(text, EachAlone), None, "{text}");
        }
    }

    /// The mark before the dash is the decimal mark: `1.299,-` was read as 1.299 where points stood
    /// before fractions.
    #[test]
    fn a_dash_for_no_cents_tells_the_decimal_mark() {
        for convention in [Point, Comma, EachAlone] {
            for text in ["1.299,-", "1,299.-", "1.299,– €", "CHF 1'299.–", "1 299,--"] {
                assert_eq!(coded(text, convention).map(|own| own.0), Some(1299.0), "{text}");
            }
            assert_eq!(value("500,-", convention), Some(500.0));
            assert_eq!(value("-500,-", convention), Some(-500.0));
            assert_eq!(value("1,299,-", convention), None);
            assert_eq!(value("12.5,-", convention), None);
        }
    }

    /// `3w` in a column of days was 30,000 days.
    #[test]
    fn letters_that_are_units_too_are_powers_of_ten_for_money_alone() {
        for text in ["3w", "5 m", "1.5W"] {
            assert_eq!(parse_number(text, Point), None, "{text}");
        }
        assert_eq!(parse_number("1.5M", Point), Some(1_500_000.0));
        assert_eq!(value("£1.5m", Point), Some(1_500_000.0));
        assert_eq!(value("1.5w", Point), Some(15_000.0));
    }

    /// The cents as people of one convention write them: thousands separated, two decimals.
    fn written(cents: u64, separator: &str, decimal: char) -> String {
        let digits = (cents / 100).to_string();
        let mut whole = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                whole.push_str(separator);
            }
            whole.push(digit);
        }
        format!("{whole}{decimal}{:02}", cents % 100)
    }

    proptest! {
        #[test]
        fn every_amount_with_cents_is_read_back_in_every_convention(
            cents in 0u64..100_000_000_000,
        ) {
            let expected = cents as f64 / 100.0;
            let conventions = [
                (",", '.', Point), (".", ',', Comma), (" ", ',', Comma),
                ("\u{a0}", ',', Comma), ("\u{202f}", ',', Comma), ("'", '.', Point), ("", '.', Point),
            ];
            for (separator, decimal, mark) in conventions {
                let text = written(cents, separator, decimal);
                prop_assert_eq!(value(&text, mark), Some(expected), "{}", text);
            }
        }

        #[test]
        fn under_the_wrong_mark_an_amount_with_cents_is_right_or_not_read(
            cents in 0u64..100_000_000_000,
        ) {
            let text = written(cents, ".", ',');
            let found = value(&text, Point);
            prop_assert!(found.is_none() || found == Some(cents as f64 / 100.0), "{}", text);
        }

        #[test]
        fn any_text_is_read_as_a_finite_number_or_not_at_all(text in "\\PC{0,12}") {
            for mark in [Point, Comma] {
                prop_assert!(value(&text, mark).is_none_or(f64::is_finite));
            }
        }
    }
}
