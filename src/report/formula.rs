//! Text that a spreadsheet would run as a formula, made harmless.

use std::borrow::Cow;

/// The characters with which spreadsheets begin a formula, after OWASP ASVS 5.0, requirement
/// 1.2.10 (CSV and formula injection).
const OPENERS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The text with an apostrophe before it when a spreadsheet would take it for a formula; plain
/// numbers such as `-5` and `+1.5e3` stay as they are.
pub(super) fn neutralized(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// True for a text that a spreadsheet would run.
pub(super) fn is_formula(text: &str) -> bool {
    text.starts_with(OPENERS) && !is_plain_number(text)
}

/// A sign, digits with points and commas among them, and perhaps an exponent: characters from which
/// no formula can be built.
fn is_plain_number(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['+', '-']) else {
        return false;
    };
    let (digits, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let is_number = |text: &str, further: &[u8]| {
        text.starts_with(|c: char| c.is_ascii_digit())
            && text.bytes().all(|byte| byte.is_ascii_digit() || further.contains(&byte))
    };
    is_number(digits, b".,") && is_number(exponent, b"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_get_an_apostrophe() {
        for text in [
            "=1+1",
            "+cmd|' /C calc'!A0",
            "-2+3",
            "-",
            "@SUM(A1)",
            "\tx",
            "\r=1",
            "+49 123",
            "-1e5e5",
            "-.5",
            "=",
        ] {
            assert_eq!(neutralized(text), format!("'{text}"), "{text:?}");
        }
    }

    #[test]
    fn numbers_and_other_text_stay() {
        for text in ["", "-5", "+5", "-1,299.00", "-1.5e-3", "+1E5", "a=b", "'=1", " =1", "5-3"] {
            assert_eq!(neutralized(text), text);
        }
    }
}
