//! The product code is of another company than the brand.
//!
//! # Measures
//! 1 where the brand field means a brand whose GS1 company prefixes the table of brands knows and the
//! product code is a valid GTIN that begins with none of them; 0 where it begins with one. The built-in
//! table knows no prefixes; `--brands` brings them.
//!
//! # Why it points to a counterfeit
//! A company numbers its own articles. A code of another company was copied or made up.
//!
//! # When missing
//! Without a code, a known brand or its prefixes the value is unknown.
//!
//! # How it is evaded
//! The code of a genuine article is copied.
//!
//! # Source
//! GS1 General Specifications, section 1 (company prefix; it names the company, not the country of
//! manufacture).

use super::gtin_invalid::is_valid;
use super::term_evidence::quoted;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct GtinBrandConflict;

impl Signal for GtinBrandConflict {
    fn name(&self) -> &'static str {
        "gtin_brand_conflict"
    }

    fn source(&self) -> &'static str {
        include_str!("gtin_brand_conflict.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Gtin, Column::Brand]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        let Some((code, prefixes)) = code_and_prefixes(row) else { return Cell::Unknown };
        Cell::Value(f64::from(!prefixes.iter().any(|own| code.starts_with(own.as_str()))))
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let code = quoted(row.text(Column::Gtin).value()?);
        let brand = quoted(row.text(Column::Brand).value()?);
        Reason::new("GTIN_BRAND_CONFLICT", format!("the product code {code} is not one of {brand}"))
    }
}

/// The digits of a valid code as the company numbered them, and the prefixes of the brand.
fn code_and_prefixes<'a>(row: &Row<'a>) -> Option<(String, &'a [String])> {
    let code = row.text(Column::Gtin).value().filter(|code| is_valid(code))?;
    let brand = &row.knowledge().brands().table().brands()[row.declared_brand()?];
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    // 12 digits are 13 with a zero before them; 14 have an indicator before the 13.
    let digits = match digits.len() {
        14 => digits[1..].to_owned(),
        12 => format!("0{digits}"),
        _ => digits,
    };
    (!brand.gtin_prefixes.is_empty()).then_some((digits, brand.gtin_prefixes.as_slice()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn the_prefix_must_be_one_of_the_brand() {
        let table = "brand,gtin_prefixes\nVelmora,400638|952\nKestrane,\n";
        let brands = crate::brands::BrandTable::from_csv("b.csv", "own", table).unwrap();
        let lexicon = crate::lexicon::Lexicon::builtin().unwrap();
        let knowledge = crate::features::Knowledge::new(lexicon, brands).unwrap();
        let with = |brand: &str, gtin: &str| Listing {
            brand: Some(brand.into()),
            gtin: Some(gtin.into()),
            ..Listing::new("1", "bag")
        };
        let batch = crate::listing::ListingBatch::from_listings(&[
            with("Velmóra", "4006381333931"),
            with("Velmora", "6291041500213"),
            with("Velmora", "04006381333931"),
            with("Velmora", "6291041500214"),
            with("Kestrane", "6291041500213"),
            with("", "6291041500213"),
        ]);
        let prepared = crate::features::Prepared::new(&batch, &knowledge, None);
        let state = crate::features::FittedState::default();
        let values: Vec<Cell<f64>> =
            (0..6).map(|row| GtinBrandConflict.value(&prepared.row(&state, row))).collect();
        let (zero, one, none) = (Cell::Value(0.0), Cell::Value(1.0), Cell::Unknown);
        assert_eq!(values, [zero, one, zero, none, none, none]);
        let reason = GtinBrandConflict.reason(&prepared.row(&state, 1), one).unwrap();
        assert_eq!(reason.text, "the product code “6291041500213” is not one of “Velmora”");
    }

    #[test]
    fn data_without_codes_says_nothing() {
        with_row(&Listing::new("1", "bag"), |row| {
            assert_eq!(GtinBrandConflict.value(&row), Cell::Unknown);
        });
    }
}
