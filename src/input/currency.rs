//! Currencies as they stand beside an amount: codes and signs.

/// What names a currency beside an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// A code, or a sign that only one currency uses.
    Known(&'static str),
    /// A sign that several currencies share, and their codes.
    Shared(&'static str, &'static [&'static str]),
}

impl Mark {
    /// The ISO 4217 code, where the mark alone tells it.
    pub(crate) fn code(self) -> Option<&'static str> {
        match self {
            Mark::Known(code) => Some(code),
            Mark::Shared(..) => None,
        }
    }

    /// The code, or the sign where that is all there is, for messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Mark::Known(name) | Mark::Shared(name, _) => name,
        }
    }

    /// True when an amount with this mark can be one in the currency that a text names alone, by a
    /// code or a sign. A text that names no currency known here contradicts a code, as it may
    /// be another, and not a sign, as it may be one of those that share it.
    pub(crate) fn agrees_with(self, text: &str) -> bool {
        match mark_alone(text) {
            Some(other) => Mark::together(self, other).is_some(),
            None => matches!(self, Mark::Shared(..)),
        }
    }

    /// The code that two marks of one amount name together; `None` when they contradict.
    pub(super) fn together(one: Mark, other: Mark) -> Option<Option<&'static str>> {
        match (one, other) {
            (Mark::Known(one), Mark::Known(other)) => (one == other).then_some(Some(one)),
            (Mark::Known(code), Mark::Shared(_, codes))
            | (Mark::Shared(_, codes), Mark::Known(code)) => {
                codes.contains(&code).then_some(Some(code))
            }
            (one, other) => (one == other).then_some(None),
        }
    }
}

/// The code of a currency that is named by a code, a sign or a word alone. A sign that several
/// currencies share means the default where that is one of them.
pub(crate) fn currency_code(text: &str, default: Option<&str>) -> Option<&'static str> {
    match mark_alone(text)? {
        Mark::Known(code) => Some(code),
        Mark::Shared(_, codes) => codes.iter().find(|own| Some(**own) == default).copied(),
    }
}

/// What a text says that is a code, a sign or a word and nothing else.
fn mark_alone(text: &str) -> Option<Mark> {
    let text = text.trim();
    let sign = || SIGNS.iter().find(|(sign, _)| is_same(text, sign)).map(|(_, mark)| *mark);
    known(text).map(Mark::Known).or_else(sign)
}

/// Signs and words and what they mean; those that end or begin with another stand before it. Latin
/// letters count in either case.
const SIGNS: &[(&str, Mark)] = &[
    ("US$", Mark::Known("USD")),
    ("US $", Mark::Known("USD")),
    ("U$S", Mark::Known("USD")),
    ("CA$", Mark::Known("CAD")),
    ("AU$", Mark::Known("AUD")),
    ("HK$", Mark::Known("HKD")),
    ("NT$", Mark::Known("TWD")),
    ("MX$", Mark::Known("MXN")),
    ("NZ$", Mark::Known("NZD")),
    ("S$", Mark::Known("SGD")),
    ("C$", Mark::Shared("C$", &["CAD", "NIO"])),
    ("A$", Mark::Known("AUD")),
    ("R$", Mark::Known("BRL")),
    ("€", Mark::Known("EUR")),
    ("euros", Mark::Known("EUR")),
    ("euro", Mark::Known("EUR")),
    ("£", Mark::Known("GBP")),
    ("₽", Mark::Known("RUB")),
    ("рублей", Mark::Known("RUB")),
    ("руб.", Mark::Known("RUB")),
    ("руб", Mark::Known("RUB")),
    ("р.", Mark::Known("RUB")),
    ("р", Mark::Known("RUB")),
    ("zł", Mark::Known("PLN")),
    ("zl", Mark::Known("PLN")),
    ("₺", Mark::Known("TRY")),
    ("TL", Mark::Known("TRY")),
    ("₹", Mark::Known("INR")),
    ("₩", Mark::Known("KRW")),
    ("원", Mark::Known("KRW")),
    ("円", Mark::Known("JPY")),
    ("₫", Mark::Known("VND")),
    ("VNĐ", Mark::Known("VND")),
    ("đ", Mark::Known("VND")),
    ("₴", Mark::Known("UAH")),
    ("грн.", Mark::Known("UAH")),
    ("грн", Mark::Known("UAH")),
    ("₸", Mark::Known("KZT")),
    ("₼", Mark::Known("AZN")),
    ("₦", Mark::Known("NGN")),
    ("₱", Mark::Known("PHP")),
    ("₪", Mark::Known("ILS")),
    ("฿", Mark::Known("THB")),
    ("บาท", Mark::Known("THB")),
    ("Kč", Mark::Known("CZK")),
    ("Ft", Mark::Known("HUF")),
    ("Rp.", Mark::Known("IDR")),
    ("Rp", Mark::Known("IDR")),
    ("RM", Mark::Known("MYR")),
    ("SFr.", Mark::Known("CHF")),
    ("Fr.", Mark::Known("CHF")),
    ("S/.", Mark::Known("PEN")),
    ("S/", Mark::Known("PEN")),
    ("лв.", Mark::Known("BGN")),
    ("лв", Mark::Known("BGN")),
    ("kr.", Mark::Shared("kr", CROWNS)),
    ("kr", Mark::Shared("kr", CROWNS)),
    ("lei", Mark::Shared("lei", &["RON", "MDL"])),
    ("元", Mark::Shared("元", YUANS)),
    ("¥", Mark::Shared("¥", YENS)),
    ("$", Mark::Shared("$", DOLLARS)),
];

/// Currencies written with the yen sign.
const YENS: &[&str] = &["JPY", "CNY"];

/// Currencies whose unit is called so in Chinese.
const YUANS: &[&str] = &["CNY", "TWD", "HKD", "MOP"];

/// Currencies whose unit is a crown.
const CROWNS: &[&str] = &["SEK", "NOK", "DKK", "ISK"];

/// Currencies written with the dollar sign, or for short with it in place of `R$`, `C$` and the
/// like.
const DOLLARS: &[&str] = &[
    "ARS", "AUD", "BBD", "BMD", "BND", "BRL", "BSD", "BZD", "CAD", "CLP", "COP", "CUP", "CVE",
    "DOP", "FJD", "GYD", "HKD", "JMD", "KYD", "LRD", "MOP", "MXN", "NAD", "NIO", "NZD", "SBD",
    "SGD", "SRD", "TOP", "TTD", "TWD", "USD", "UYU", "WST", "XCD",
];

/// The active codes of ISO 4217, without those of metals, funds and tests.
const CODES: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN",
    "BHD", "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF",
    "CHF", "CLP", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP",
    "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD",
    "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY",
    "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD",
    "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK",
    "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK",
    "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG",
    "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS",
    "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VED",
    "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
];

/// A mark in front of an amount, or a code and a sign, and what stands behind it.
pub(super) fn split_before(text: &str) -> (Option<Mark>, &str) {
    // No mark begins with a digit, and most amounts do.
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return (None, text);
    }
    let sign = |text: &'_ str| {
        SIGNS.iter().find_map(|(sign, mark)| {
            let (head, rest) = text.split_at_checked(sign.len())?;
            is_same(head, sign).then_some((*mark, rest.len()))
        })
    };
    let behind = |text: &'_ str, length: usize| text.len() - length;
    if let Some((mark, length)) = sign(text) {
        return (Some(mark), text.get(behind(text, length)..).unwrap_or_default());
    }
    let Some((code, rest)) = text.split_at_checked(3) else {
        return (None, text);
    };
    let Some(code) = known(code) else {
        return (None, text);
    };
    let named = Mark::Known(code);
    let inner = rest.trim_start();
    match sign(inner) {
        Some((mark, length)) if Mark::together(named, mark).is_some() => {
            (Some(named), inner.get(behind(inner, length)..).unwrap_or_default())
        }
        _ => (Some(named), rest),
    }
}

/// A mark behind an amount, and what stands in front of it.
pub(super) fn split_behind(text: &str) -> (Option<Mark>, &str) {
    if text.ends_with(|c: char| c.is_ascii_digit()) {
        return (None, text);
    }
    let sign = SIGNS.iter().find_map(|(sign, mark)| {
        let at = text.len().checked_sub(sign.len())?;
        let (rest, tail) = text.split_at_checked(at)?;
        is_same(tail, sign).then_some((*mark, rest))
    });
    if let Some((mark, rest)) = sign {
        return (Some(mark), rest);
    }
    let code = text
        .len()
        .checked_sub(3)
        .and_then(|index| text.split_at_checked(index))
        .and_then(|(rest, code)| Some((known(code)?, rest)));
    match code {
        Some((code, rest)) => (Some(Mark::Known(code)), rest),
        None => (None, text),
    }
}

/// True for the same sign, in either case of its Latin letters.
fn is_same(text: &str, sign: &str) -> bool {
    text.eq_ignore_ascii_case(sign)
}

/// A code in either case.
fn known(code: &str) -> Option<&'static str> {
    let upper = code.to_ascii_uppercase();
    let index = CODES.binary_search(&upper.as_str()).ok()?;
    CODES.get(index).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_hold_every_code_a_sign_means() {
        assert!(CODES.is_sorted());
        let of_signs = SIGNS.iter().flat_map(|(_, mark)| match mark {
            Mark::Known(code) => vec![*code],
            Mark::Shared(_, codes) => codes.to_vec(),
        });
        for code in of_signs {
            assert_eq!(known(code), Some(code));
        }
    }

    #[test]
    fn no_sign_hides_a_longer_one_behind_it_nor_looks_like_a_number() {
        for (sign, _) in SIGNS {
            assert!(!sign.contains(|c: char| c.is_ascii_digit()), "{sign}");
        }
        for (index, (sign, _)) in SIGNS.iter().enumerate() {
            for (earlier, _) in SIGNS.iter().take(index) {
                assert!(!sign.starts_with(earlier), "{earlier} hides {sign}");
                assert!(!sign.ends_with(earlier), "{earlier} hides {sign}");
            }
        }
    }

    #[test]
    fn a_sign_contradicts_the_currencies_that_do_not_use_it() {
        let dollar = mark_alone("$").expect("a mark");
        for text in ["USD", "mxn", "$", "US$", "US Dollar"] {
            assert!(dollar.agrees_with(text), "{text}");
        }
        for text in ["EUR", "€", "¥", "kr"] {
            assert!(!dollar.agrees_with(text), "{text}");
        }
        let euro = mark_alone("€").expect("a mark");
        assert!(euro.agrees_with("eur") && !euro.agrees_with("USD"));
        assert!(!euro.agrees_with("US Dollar"));
    }

    #[test]
    fn a_currency_alone_is_its_code() {
        for (text, default, code) in [
            ("EUR", None, Some("EUR")),
            (" usd ", None, Some("USD")),
            ("€", None, Some("EUR")),
            ("Руб.", None, None),
            ("руб.", None, Some("RUB")),
            ("$", None, None),
            ("$", Some("CAD"), Some("CAD")),
            ("¥", Some("EUR"), None),
            ("¥", Some("CNY"), Some("CNY")),
            ("XTS", None, None),
            ("kr", Some("SEK"), Some("SEK")),
            ("C$", None, None),
            ("C$", Some("NIO"), Some("NIO")),
        ] {
            assert_eq!(currency_code(text, default), code, "{text}");
        }
    }
}
