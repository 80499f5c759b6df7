//! A known brand stands in the title and the brand field is empty.
//!
//! # Measures
//! 1 where the brand field is empty and the title names, as whole words, a brand of the table or one
//! that at least three training listings declare, and does so to say what the goods are; else 0.
//!
//! # Why it points to a counterfeit
//! Brand-protection programmes watch the brand field; sellers of fakes leave it empty and let
//! buyers find the brand in the title.
//!
//! # When missing
//! Data without a brand column says nothing. That the field is empty is `missing_brand`'s matter.
//!
//! # How it is evaded
//! The brand is misspelt, masked or left to the picture.
//!
//! # Source
//! Corsearch Zeal "No listed brand"; Ozon E-CUP 2025 (`has_brand`).

use super::brand_evidence::unrelated_brands;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct BrandOnlyInTitle;

impl Signal for BrandOnlyInTitle {
    fn name(&self) -> &'static str {
        "brand_only_in_title"
    }

    fn source(&self) -> &'static str {
        include_str!("brand_only_in_title.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Brand, Column::Title]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn reads_state(&self) -> bool {
        true
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        match row.text(Column::Brand) {
            Cell::Unknown => Cell::Unknown,
            Cell::Value(_) => Cell::Value(0.0),
            Cell::Missing => Cell::Value(f64::from(brand_in_title(row).is_some())),
        }
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        if value != Cell::Value(1.0) {
            return None;
        }
        let brand = brand_in_title(row)?;
        Reason::new(
            "BRAND_ONLY_IN_TITLE",
            format!("the title names the brand “{brand}” and the brand field is empty"),
        )
    }
}

fn brand_in_title<'a>(row: &Row<'a>) -> Option<&'a str> {
    if let Some(brand) = unrelated_brands(row).first() {
        return Some(brand);
    }
    row.text(Column::Title).value().and_then(|title| row.state().brands.find(title))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::{BrandVocabulary, FittedState, Knowledge, Prepared};
    use crate::listing::{Listing, ListingBatch};

    #[test]
    fn only_an_empty_brand_field_with_a_known_brand_in_the_title_counts() {
        let title = "Velmora tote, new";
        let with = |brand: Option<&str>| Listing {
            brand: brand.map(String::from),
            ..Listing::new("1", title)
        };
        let listings = [with(Some("")), with(Some("Velmora")), with(None)];
        let batch = ListingBatch::from_listings(&listings);
        let knowledge = Knowledge::builtin().unwrap();
        let prepared = Prepared::new(&batch, &knowledge, None);
        let brands = BrandVocabulary::from_brands(["velmora".to_owned()]);
        let state = FittedState { brands, ..FittedState::default() };
        let values: Vec<Cell<f64>> =
            (0..3).map(|row| BrandOnlyInTitle.value(&prepared.row(&state, row))).collect();
        assert_eq!(values, [Cell::Value(1.0), Cell::Value(0.0), Cell::Unknown]);
        assert_eq!(
            BrandOnlyInTitle.reason(&prepared.row(&state, 0), values[0]).unwrap().text,
            "the title names the brand “velmora” and the brand field is empty"
        );
    }
}
