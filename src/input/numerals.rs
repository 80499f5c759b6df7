//! Digits as people write them: marks, blanks between thousands, words for thousands and millions.

use std::borrow::Cow;

use super::decimal::{DecimalConvention, DecimalMark, Marks, marks};

/// Words for powers of ten behind a number, in lower case, and the power. `mil` is not among them:
/// it is a thousand in Spanish and a million in English.
const MAGNITUDES: &[(&str, u8)] = &[
    ("k", 3),
    ("тыс.", 3),
    ("тыс", 3),
    ("tsd.", 3),
    ("tsd", 3),
    ("tys.", 3),
    ("tys", 3),
    ("bin", 3),
    ("rb", 3),
    ("ribu", 3),
    ("nghìn", 3),
    ("ngàn", 3),
    ("พัน", 3),
    ("千", 3),
    ("천", 3),
    ("万", 4),
    ("萬", 4),
    ("만", 4),
    ("w", 4),
    ("lakh", 5),
    ("m", 6),
    ("mn", 6),
    ("mln", 6),
    ("mln.", 6),
    ("mio", 6),
    ("mio.", 6),
    ("млн", 6),
    ("млн.", 6),
    ("milyon", 6),
    ("jt", 6),
    ("juta", 6),
    ("triệu", 6),
    ("ล้าน", 6),
    ("百万", 6),
    ("백만", 6),
    ("crore", 7),
    ("亿", 8),
    ("億", 8),
    ("억", 8),
    ("bn", 9),
    ("mrd", 9),
    ("mrd.", 9),
    ("млрд", 9),
    ("млрд.", 9),
];

/// The text with full-width, Arabic and Thai digits, marks and signs as ASCII has them.
pub(super) fn normalized(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let plain = |c: char| match c {
        // The full-width forms of ASCII stand in its order.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2007}' => ' ',
        '\u{660}'..='\u{669}' => digit(c, '\u{660}'),
        '\u{6f0}'..='\u{6f9}' => digit(c, '\u{6f0}'),
        '\u{e50}'..='\u{e59}' => digit(c, '\u{e50}'),
        '\u{66b}' => '.',
        '\u{66c}' => ',',
        '\u{2212}' | '\u{fe63}' => '-',
        '\u{ffe5}' => '¥',
        '\u{ffe1}' => '£',
        '\u{ffe6}' => '₩',
        '\u{301c}' => '~',
        _ => c,
    };
    Cow::Owned(text.chars().map(plain).collect())
}

fn digit(c: char, zero: char) -> char {
    char::from_digit(c as u32 - zero as u32, 10).unwrap_or(c)
}

/// A number without a sign.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Numeral<'a> {
    /// With the power of ten; finite.
    pub(super) value: f64,
    /// The word for the power of ten as it stands; empty where there is none.
    pub(super) word: &'a str,
}

/// A number without a sign, in the text that [`normalized`] gives: digits, and behind them a power
/// of ten in a word or as an exponent. `None` for what cannot be read or could be two numbers.
pub(super) fn unsigned(text: &str, convention: DecimalConvention) -> Option<Numeral<'_>> {
    let text = text.trim();
    if let Some(value) = simple(text, convention) {
        return value.map(|value| Numeral { value, word: "" });
    }
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) if is_exponent(exponent) => (digits, Some(exponent)),
        _ => (text, None),
    };
    let (plain, word) = if let Some(exponent) = exponent {
        (plain_fraction(digits, convention)? + "e" + exponent, "")
    } else {
        let (digits, word, power) = split_magnitude(text);
        let plain = plain_digits(digits, convention)?;
        (if power > 0 { format!("{plain}e{power}") } else { plain }, word)
    };
    let value: f64 = plain.parse().ok()?;
    value.is_finite().then_some(Numeral { value, word })
}

/// The share that a number of per cents means, to the last digit: dividing by 100 would round once
/// more, and 33.3 % would not be 0.333.
pub(super) fn percent(text: &str, convention: DecimalConvention) -> Option<f64> {
    let plain = plain_digits(text.trim(), convention)?;
    let value: f64 = format!("{plain}e-2").parse().ok()?;
    value.is_finite().then_some(value)
}

/// The most digits that [`simple`] looks at.
const SIMPLE_BYTES: usize = 24;

/// ASCII digits with at most one mark, by far the most frequent, without an allocation; `None` for
/// everything else and for what the mark leaves open.
pub(super) fn simple(text: &str, convention: DecimalConvention) -> Option<Option<f64>> {
    let bytes = text.as_bytes();
    let mut plain = [0_u8; SIMPLE_BYTES];
    let mut mark = None;
    for (index, (byte, slot)) in bytes.iter().zip(plain.iter_mut()).enumerate() {
        *slot = match byte {
            b'0'..=b'9' => *byte,
            b'.' | b',' if mark.is_none() && index > 0 => {
                mark = Some((index, *byte));
                b'.'
            }
            _ => return None,
        };
    }
    let is_certain = match mark {
        None => !bytes.is_empty(),
        Some((at, mark)) => {
            let n_behind = bytes.len().saturating_sub(at + 1);
            n_behind > 0
                && match convention {
                    DecimalConvention::Point => mark == b'.',
                    DecimalConvention::Comma => mark == b',',
                    DecimalConvention::EachAlone => n_behind != 3,
                }
        }
    };
    if !is_certain {
        return None;
    }
    let plain = std::str::from_utf8(plain.get(..bytes.len())?).ok()?;
    Some(plain.parse().ok().filter(|value: &f64| value.is_finite()))
}

fn is_exponent(text: &str) -> bool {
    is_digits(text.strip_prefix(['+', '-']).unwrap_or(text))
}

/// The digits, and the word behind them with the power of ten that it names.
fn split_magnitude(text: &str) -> (&str, &str, u8) {
    let end = text.rfind(|c: char| c.is_ascii_digit()).map_or(0, |at| at + 1);
    let (digits, word) = text.split_at(end);
    let word = word.trim();
    if word.is_empty() {
        return (text, "", 0);
    }
    let lower = word.to_lowercase();
    let found = MAGNITUDES.iter().find(|(own, _)| *own == lower);
    found.map_or((text, "", 0), |(_, power)| (digits, word, *power))
}

/// The number with a point as decimal mark and nothing between thousands.
fn plain_digits(text: &str, convention: DecimalConvention) -> Option<String> {
    let text = text.trim();
    let is_spaced = text.contains(is_group_blank);
    let found = marks(text);
    let decimal = match (found, convention) {
        (Marks::Plain, _) => None,
        (Marks::Decided(mark), DecimalConvention::EachAlone) => Some(mark),
        (Marks::Open(_), DecimalConvention::EachAlone) => return None,
        (Marks::Decided(mark), _) if has_both(text) || is_spaced => Some(mark),
        // A lone mark is the decimal mark or separates thousands, as the convention has it.
        (_, DecimalConvention::Point) => text.contains('.').then_some(DecimalMark::Point),
        (_, DecimalConvention::Comma) => text.contains(',').then_some(DecimalMark::Comma),
    };
    let Some(decimal) = decimal else { return whole(text) };
    let decimal = decimal.char();
    let Some((left, right)) = text.split_once(decimal) else { return whole(text) };
    if !is_digits(right) {
        return None;
    }
    let mut plain = if left.is_empty() { "0".to_owned() } else { whole(left)? };
    plain.push('.');
    plain.push_str(right);
    Some(plain)
}

fn has_both(text: &str) -> bool {
    text.contains('.') && text.contains(',')
}

/// Digits and at most one decimal mark, as numbers with an exponent have.
fn plain_fraction(text: &str, convention: DecimalConvention) -> Option<String> {
    let decimal = match convention {
        DecimalConvention::Comma => ',',
        DecimalConvention::Point | DecimalConvention::EachAlone => '.',
    };
    match text.split_once(decimal) {
        None => is_digits(text).then(|| text.to_owned()),
        Some((left, right)) => {
            (is_digits(left) && is_digits(right)).then(|| format!("{left}.{right}"))
        }
    }
}

/// A whole number, its thousands separated by one kind of character or not at all. The Indian way
/// of `1,29,000` has two digits in the groups but the last.
fn whole(text: &str) -> Option<String> {
    let Some(separator) = text.chars().find(|c| !c.is_ascii_digit()) else {
        return is_digits(text).then(|| text.to_owned());
    };
    if !is_group_blank(separator) && !matches!(separator, '.' | ',') {
        return None;
    }
    let groups: Vec<&str> = text.split(separator).collect();
    let (first, rest) = groups.split_first()?;
    let (last, middle) = rest.split_last()?;
    // `0,299` is a fraction whose mark is not the expected one, not 299.
    let is_first = is_digits(first) && first.len() <= 3 && !first.starts_with('0');
    let are_of = |n: usize| middle.iter().all(|group| is_digits(group) && group.len() == n);
    let is_indian = separator == ',' && !middle.is_empty() && first.len() <= 2 && are_of(2);
    let is_grouped = is_digits(last) && last.len() == 3 && (are_of(3) || is_indian);
    (is_first && is_grouped).then(|| groups.concat())
}

/// Characters that separate thousands and nothing else.
fn is_group_blank(c: char) -> bool {
    matches!(c, ' ' | '\'' | '\u{2019}')
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::DecimalConvention::{Comma, EachAlone, Point};
    use super::*;

    fn value(text: &str, convention: DecimalConvention) -> Option<f64> {
        unsigned(&normalized(text), convention).map(|own| own.value)
    }

    #[test]
    fn a_word_is_told_as_it_stands() {
        let word = |text| unsigned(text, EachAlone).map(|own| own.word);
        assert_eq!(word("12"), Some(""));
        assert_eq!(word("1e3"), Some(""));
        assert_eq!(word("1,5 Mio."), Some("Mio."));
        assert_eq!(word("5 kg"), None);
    }

    // The literals are the doubles nearest to the decimal shares.
    #[test]
    fn per_cents_are_shares_to_the_last_digit() {
        assert_eq!(percent("33.3", Point), Some(0.333));
        assert_eq!(percent("99,9", Comma), Some(0.999));
        assert_eq!(percent("100", EachAlone), Some(1.0));
        assert_eq!(percent("1.234", EachAlone), None);
        assert_eq!(percent("", Point), None);
    }

    #[test]
    fn words_for_powers_of_ten() {
        for (text, expected) in [
            ("1.2k", 1200.0),
            ("3,4 тыс.", 3400.0),
            ("1.5M", 1_500_000.0),
            ("2 млн", 2_000_000.0),
            ("1.2万", 12_000.0),
            ("3千", 3000.0),
            ("1,5 Mio.", 1_500_000.0),
            ("2만", 20_000.0),
            ("0.5亿", 50_000_000.0),
            ("7 tys.", 7000.0),
        ] {
            assert_eq!(value(text, EachAlone), Some(expected), "{text}");
        }
        for text in ["k", "1k2", "1 kg", "5 mil", "3万5千", "1.234k"] {
            assert_eq!(value(text, EachAlone), None, "{text}");
        }
        assert_eq!(value("1.234k", Comma), Some(1_234_000.0));
        assert_eq!(value("1.234k", Point), Some(1234.0));
    }

    #[test]
    fn digits_of_other_scripts() {
        for (text, expected) in [
            ("１，２９９．５０", 1299.5),
            ("٥٠٠", 500.0),
            ("۱۲٫۵", 12.5),
            ("๙๙", 99.0),
            ("1\u{3000}299", 1299.0),
        ] {
            assert_eq!(value(text, EachAlone), Some(expected), "{text}");
        }
    }

    #[test]
    fn thousands_in_groups() {
        assert_eq!(value("1,29,000", EachAlone), Some(129_000.0));
        assert_eq!(value("1,29,000.50", Point), Some(129_000.5));
        assert_eq!(value("12,34,56,789", Point), Some(123_456_789.0));
        assert_eq!(value("1,29,00", EachAlone), None);
        assert_eq!(value("123,45,678", EachAlone), None);
        assert_eq!(value("1.299.000", EachAlone), Some(1_299_000.0));
    }

    #[test]
    fn alone_a_number_is_read_only_where_there_is_one_way() {
        assert_eq!(value("1.299", EachAlone), None);
        assert_eq!(value("1,299", EachAlone), None);
        assert_eq!(value("12.99", EachAlone), Some(12.99));
        assert_eq!(value("12,99", EachAlone), Some(12.99));
        assert_eq!(value("1.299,00", EachAlone), Some(1299.0));
        assert_eq!(value("1299.125", EachAlone), Some(1299.125));
    }

    proptest! {
        #[test]
        fn the_short_way_reads_what_the_long_one_does(text in "[0-9]{1,4}[.,]?[0-9]{0,5}[.,]?") {
            for convention in [Point, Comma, EachAlone] {
                if let Some(short) = simple(&text, convention) {
                    let long = plain_digits(&text, convention).and_then(|own| own.parse().ok());
                    prop_assert_eq!(short, long, "{}", text);
                }
            }
        }
    }
}
