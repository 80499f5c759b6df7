//! The product code (GTIN) is none.
//!
//! # Measures
//! 1 where the code does not have 8, 12, 13 or 14 digits, its check digit is wrong, all its digits are
//! the same, or it begins with 2, 02 or 04, which shops use for themselves; else 0. Blanks and hyphens
//! do not count.
//!
//! # Why it points to a counterfeit
//! Codes are made up to pass a form that asks for one. Codes that are bought or copied from the genuine
//! article pass this test.
//!
//! # When missing
//! An empty code is `missing_gtin`'s matter.
//!
//! # How it is evaded
//! The code of the genuine article is copied.
//!
//! # Source
//! GS1 General Specifications, section 7.9 (check digit) and section 1.4 (restricted circulation
//! numbers).

use super::term_evidence::quoted;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct GtinInvalid;

impl Signal for GtinInvalid {
    fn name(&self) -> &'static str {
        "gtin_invalid"
    }

    fn source(&self) -> &'static str {
        include_str!("gtin_invalid.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Gtin]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        match row.text(Column::Gtin) {
            Cell::Value(code) => Cell::Value(f64::from(fault(code).is_some())),
            Cell::Missing | Cell::Unknown => Cell::Unknown,
        }
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let code = row.text(Column::Gtin).value()?;
        Reason::new("GTIN_INVALID", format!("the product code {} {}", quoted(code), fault(code)?))
    }
}

/// Whether a code is a GTIN that a company may have given.
pub(super) fn is_valid(code: &str) -> bool {
    fault(code).is_none()
}

/// What is wrong with a code.
fn fault(code: &str) -> Option<&'static str> {
    let digits: Vec<u32> = code
        .chars()
        .filter(|c| !matches!(c, ' ' | '-'))
        .map(|c| c.to_digit(10))
        .collect::<Option<_>>()
        .unwrap_or_default();
    if !matches!(digits.len(), 8 | 12 | 13 | 14) {
        return Some("does not have 8, 12, 13 or 14 digits");
    }
    if digits.iter().all(|digit| *digit == digits[0]) {
        return Some("has the same digit everywhere");
    }
    // From the right, the digits weigh 1 and 3 in turn.
    let weights = [1, 3].into_iter().cycle();
    let sum: u32 = digits.iter().rev().zip(weights).map(|(digit, weight)| digit * weight).sum();
    if !sum.is_multiple_of(10) {
        return Some("has a wrong check digit");
    }
    // As 13 digits, whatever the length; eight digits have prefixes of their own.
    let mut long = vec![0; 14_usize.saturating_sub(digits.len())];
    long.extend(&digits);
    let prefix = (long[1], long[2]);
    let is_own = digits.len() > 8 && (prefix.0 == 2 || matches!(prefix, (0, 2 | 4)));
    is_own.then_some("is one that shops use for themselves")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn codes_are_checked_as_gs1_says() {
        for (code, expected) in [
            // GS1's own example: 629104150021 has the check digit 3.
            ("6291041500213", None),
            ("4006381333931", None),
            ("4006381333932", Some("has a wrong check digit")),
            ("96385074", None),
            ("036000291452", None),
            ("400638133393", Some("has a wrong check digit")),
            ("40063813", Some("has a wrong check digit")),
            ("12345", Some("does not have 8, 12, 13 or 14 digits")),
            ("40063813339 3A", Some("does not have 8, 12, 13 or 14 digits")),
            ("0000000000000", Some("has the same digit everywhere")),
            ("2000000000008", Some("is one that shops use for themselves")),
            ("0200000000004", Some("is one that shops use for themselves")),
            ("4006-3813-33931", None),
        ] {
            assert_eq!(fault(code), expected, "{code}");
        }
    }

    #[test]
    fn an_empty_code_is_not_this_matter() {
        let with = |code: &str| Listing { gtin: Some(code.into()), ..Listing::new("1", "bag") };
        with_row(&with(""), |row| assert_eq!(GtinInvalid.value(&row), Cell::Unknown));
        with_row(&with("4006381333932"), |row| {
            assert_eq!(GtinInvalid.value(&row), Cell::Value(1.0));
            let reason = GtinInvalid.reason(&row, Cell::Value(1.0)).unwrap();
            assert_eq!(reason.text, "the product code “4006381333932” has a wrong check digit");
        });
    }
}
