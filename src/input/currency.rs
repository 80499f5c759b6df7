//! Currencies as they stand beside an amount: codes and signs.

/// What names a currency beside an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A code, or a sign that only one currency uses.
    Known(&'static str),
    /// The dollar sign, of some twenty currencies.
    Dollar,
    /// The yen sign, of the yen and the yuan.
    Yen,
}

impl Mark {
    /// The ISO 4217 code, where the mark alone tells it.
    pub(super) fn code(self) -> Option<&'static str> {
        match self {
            Mark::Known(code) => Some(code),
            Mark::Dollar | Mark::Yen => None,
        }
    }

    /// The code that two marks of one amount name together; `None` when they contradict.
    pub(super) fn together(one: Mark, other: Mark) -> Option<Option<&'static str>> {
        match (one, other) {
            (Mark::Known(one), Mark::Known(other)) => (one == other).then_some(Some(one)),
            (Mark::Known(code), Mark::Dollar) | (Mark::Dollar, Mark::Known(code)) => {
                DOLLARS.contains(&code).then_some(Some(code))
            }
            (Mark::Known(code), Mark::Yen) | (Mark::Yen, Mark::Known(code)) => {
                ["JPY", "CNY"].contains(&code).then_some(Some(code))
            }
            (one, other) => (one == other).then_some(None),
        }
    }
}

/// Signs and what they mean; those that end or begin with another stand before it.
const SIGNS: &[(&str, Mark)] = &[
    ("US$", Mark::Known("USD")),
    ("US $", Mark::Known("USD")),
    ("CA$", Mark::Known("CAD")),
    ("AU$", Mark::Known("AUD")),
    ("HK$", Mark::Known("HKD")),
    ("NT$", Mark::Known("TWD")),
    ("MX$", Mark::Known("MXN")),
    ("R$", Mark::Known("BRL")),
    ("€", Mark::Known("EUR")),
    ("£", Mark::Known("GBP")),
    ("₽", Mark::Known("RUB")),
    ("zł", Mark::Known("PLN")),
    ("₺", Mark::Known("TRY")),
    ("₹", Mark::Known("INR")),
    ("₩", Mark::Known("KRW")),
    ("₫", Mark::Known("VND")),
    ("₴", Mark::Known("UAH")),
    ("₪", Mark::Known("ILS")),
    ("฿", Mark::Known("THB")),
    ("¥", Mark::Yen),
    ("￥", Mark::Yen),
    ("$", Mark::Dollar),
];

/// Currencies written with the dollar sign.
const DOLLARS: &[&str] = &[
    "ARS", "AUD", "BBD", "BMD", "BND", "BSD", "BZD", "CAD", "CLP", "COP", "DOP", "FJD", "GYD",
    "HKD", "JMD", "KYD", "LRD", "MXN", "NAD", "NZD", "SBD", "SGD", "SRD", "TTD", "TWD", "USD",
    "UYU", "XCD",
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
    let sign = |text| {
        SIGNS.iter().find_map(|(sign, mark)| {
            let rest = str::strip_prefix(text, *sign)?;
            Some((*mark, rest))
        })
    };
    if let Some((mark, rest)) = sign(text) {
        return (Some(mark), rest);
    }
    let Some((code, rest)) = text.split_at_checked(3) else {
        return (None, text);
    };
    let Some(code) = known(code) else {
        return (None, text);
    };
    let named = Mark::Known(code);
    match sign(rest.trim_start()) {
        Some((mark, behind)) if Mark::together(named, mark).is_some() => (Some(named), behind),
        _ => (Some(named), rest),
    }
}

/// A mark behind an amount, and what stands in front of it.
pub(super) fn split_behind(text: &str) -> (Option<Mark>, &str) {
    let sign = SIGNS.iter().find_map(|(sign, mark)| {
        let rest = text.strip_suffix(sign)?;
        Some((*mark, rest))
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

fn known(code: &str) -> Option<&'static str> {
    let index = CODES.binary_search(&code).ok()?;
    CODES.get(index).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_hold_every_code_a_sign_means() {
        assert!(CODES.is_sorted());
        let of_signs = SIGNS.iter().filter_map(|(_, mark)| mark.code());
        for code in of_signs.chain(DOLLARS.iter().copied()) {
            assert_eq!(known(code), Some(code));
        }
    }

    #[test]
    fn no_sign_hides_a_longer_one_behind_it() {
        for (index, (sign, _)) in SIGNS.iter().enumerate() {
            for (earlier, _) in SIGNS.iter().take(index) {
                assert!(!sign.starts_with(earlier), "{earlier} hides {sign}");
                assert!(!sign.ends_with(earlier), "{earlier} hides {sign}");
            }
        }
    }
}
