//! Product codes (GTIN) made comparable.

/// The digits of a GTIN without leading zeros; none for what is no product code.
///
/// A UPC of 12 digits and the EAN of 13 that begins with 0 are one code, and spreadsheets take
/// leading zeros off, so zeros in front do not count. What cannot be a code joins no listings:
/// `does not apply`, `000000000000`, `1111111111111` and other numbers whose check digit is wrong
/// stand in listings that have nothing to do with each other.
pub(super) fn product_code(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let is_code = (8..=14).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    // From the right the digits weigh 1, 3, 1, ...; their sum ends in 0 (GS1 General
    // Specifications, section 7.9).
    let weighted = digits.bytes().rev().zip([1, 3].into_iter().cycle());
    let sum: u32 =
        weighted.map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')) * weight).sum();
    let code = digits.trim_start_matches('0');
    (is_code && sum.is_multiple_of(10) && !code.is_empty()).then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 4006381333931: 4·1 + 0·3 + 0·1 + 6·3 + 3·1 + 8·3 + 1·1 + 3·3 + 3·1 + 3·3 + 9·1 + 3·3 = 89,
    /// check digit 1. 036000291452 is the UPC of the specification's own example.
    #[test]
    fn one_code_has_one_form() {
        assert_eq!(product_code("4006381333931").as_deref(), Some("4006381333931"));
        for upc in ["036000291452", "0036000291452", "36000291452", " 0-36000-29145-2 "] {
            assert_eq!(product_code(upc).as_deref(), Some("36000291452"), "{upc}");
        }
    }

    #[test]
    fn what_is_no_code_joins_nothing() {
        for text in [
            "",
            "does not apply",
            "0000000000000",
            "4006381333932",
            "1234567",
            "5.01E+12",
            "４００６",
        ] {
            assert_eq!(product_code(text), None, "{text}");
        }
    }
}
