//! Amounts of money and plain numbers as people and exports write them.

use super::currency::{self, Mark};

/// What stands between the whole and the fraction where a number alone does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    /// `12.50`
    Point,
    /// `12,50`
    Comma,
}

impl DecimalMark {
    fn char(self) -> char {
        match self {
            DecimalMark::Point => '.',
            DecimalMark::Comma => ',',
        }
    }
}

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Amount {
    /// The number, finite, in the unit of the currency; may be negative or zero.
    pub(crate) value: f64,
    /// The ISO 4217 code that the text names. `None` where it names none, and for signs that
    /// several currencies share (`$`, `¥`): guessing there would be a wrong price in silence.
    pub(crate) currency: Option<&'static str>,
}

/// Reads an amount of money with or without a currency on either side.
///
/// A point and a comma in one number: the last is the decimal mark. Only one of them: it is the
/// decimal mark if it is `mark`, and separates thousands if it is not and stands where thousands
/// are separated. Blanks and apostrophes separate thousands. What fits no reading is `None`, never
/// a guess: `1,29` with [`DecimalMark::Point`] is not read.
pub(crate) fn parse_amount(text: &str, mark: DecimalMark) -> Option<Amount> {
    let (sign, rest) = split_sign(text.trim());
    let (before, rest) = currency::split_before(rest);
    let (inner_sign, rest) =
        if sign.is_none() { split_sign(rest.trim_start()) } else { (None, rest) };
    let (behind, rest) = currency::split_behind(rest.trim());
    let currency = match (before, behind) {
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => one.code(),
        (Some(one), Some(other)) => Mark::together(one, other)?,
    };
    let is_negative = sign.or(inner_sign).unwrap_or(false);
    let value = unsigned(rest.trim(), mark)?;
    Some(Amount { value: if is_negative { -value } else { value }, currency })
}

/// Reads a number without a unit, by the same rules: counts, ratings, days. Always finite.
pub(crate) fn parse_number(text: &str, mark: DecimalMark) -> Option<f64> {
    let (sign, rest) = split_sign(text.trim());
    let value = unsigned(rest, mark)?;
    Some(if sign == Some(true) { -value } else { value })
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

/// A number that begins with a digit or its decimal mark.
fn unsigned(text: &str, mark: DecimalMark) -> Option<f64> {
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, Some(exponent)),
        None => (text, None),
    };
    let mut plain = if exponent.is_some() {
        plain_fraction(digits, mark.char())?
    } else {
        plain_digits(digits, mark)?
    };
    if let Some(exponent) = exponent {
        let bare = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if !is_digits(bare) {
            return None;
        }
        plain.push('e');
        plain.push_str(exponent);
    }
    let value: f64 = plain.parse().ok()?;
    value.is_finite().then_some(value)
}

/// The number with a point as decimal mark and nothing between thousands.
fn plain_digits(text: &str, mark: DecimalMark) -> Option<String> {
    let (last_point, last_comma) = (text.rfind('.'), text.rfind(','));
    let is_spaced = text.contains(is_group_blank);
    let decimal = match (last_point, last_comma) {
        (None, None) => None,
        (Some(point), Some(comma)) => Some(if point > comma { '.' } else { ',' }),
        (point, _) => {
            let only = if point.is_some() { '.' } else { ',' };
            // Nobody separates thousands in two ways, so a mark beside blanks is the decimal mark.
            (only == mark.char() || is_spaced).then_some(only)
        }
    };
    let Some(decimal) = decimal else {
        return whole(text);
    };
    let (left, right) = text.split_once(decimal)?;
    if !is_digits(right) {
        return None;
    }
    let mut plain = if left.is_empty() { "0".to_owned() } else { whole(left)? };
    plain.push('.');
    plain.push_str(right);
    Some(plain)
}

/// Digits and at most one decimal mark, as numbers with an exponent have.
fn plain_fraction(text: &str, decimal: char) -> Option<String> {
    match text.split_once(decimal) {
        None => is_digits(text).then(|| text.to_owned()),
        Some((left, right)) => {
            (is_digits(left) && is_digits(right)).then(|| format!("{left}.{right}"))
        }
    }
}

/// A whole number, its thousands separated by one kind of character or not at all.
fn whole(text: &str) -> Option<String> {
    let Some(separator) = text.chars().find(|c| !c.is_ascii_digit()) else {
        return is_digits(text).then(|| text.to_owned());
    };
    if !is_group_blank(separator) && !matches!(separator, '.' | ',') {
        return None;
    }
    let mut groups = text.split(separator);
    let first = groups.next()?;
    // `0,299` is a fraction whose mark is not the expected one, not 299.
    let is_first = is_digits(first) && first.len() <= 3 && !first.starts_with('0');
    if !is_first || !groups.all(|group| is_digits(group) && group.len() == 3) {
        return None;
    }
    Some(text.split(separator).collect())
}

/// Characters that separate thousands and nothing else: blanks, among them the no-break and thin
/// ones, and apostrophes.
fn is_group_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\'' | '\u{2019}')
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::DecimalMark::{Comma, Point};
    use super::*;

    fn value(text: &str, mark: DecimalMark) -> Option<f64> {
        parse_amount(text, mark).map(|amount| amount.value)
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
            assert_eq!(parse_amount(text, Comma), Some(Amount { value, currency }), "{text}");
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
            "1,29,000.00",
            "1.2.3",
            "1.299.000",
            "1,299.00.00",
            "12 99",
            "1  299",
            "1 299'000",
            "1 299,000.00",
            "10-20",
            "5-",
            "--5",
            "-€-5",
            "5.",
            "1e",
            "1e1.5",
            "e5",
            "1,299e3",
            "12%",
            "eur 5",
            "XXQ 5",
            "5 pieces",
            "€5 USD",
            "$5 €",
            "(5)",
            "1e999",
            "０５",
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
        for text in ["4.7%", "$5", "5 EUR", "NaN", "inf", "1e400", "four"] {
            assert_eq!(parse_number(text, Point), None, "{text}");
        }
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
