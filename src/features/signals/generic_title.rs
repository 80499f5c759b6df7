//! A short title of goods that are faked names no brand.
//!
//! # Measures
//! 1 where the brand field is empty, the title names no known brand and has at most five words, and the
//! goods are clothing, shoes, bags, watches, jewelry, eyewear, perfume, cosmetics, electronics or
//! audio; else 0.
//!
//! # Why it points to a counterfeit
//! The brand shows in the pictures alone, so that no search for it finds the listing.
//!
//! # When missing
//! Data without brands says nothing; an empty title is no title.
//!
//! # How it is evaded
//! A long title without a brand.
//!
//! # Source
//! Red Points, keyword manipulation; Corsearch Zeal, reasons of cases.

use super::term_evidence::quoted;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::lexicon::ClassSet;
use crate::listing::{Cell, Column};
use crate::text::is_alphanumeric;

/// See the module's documentation.
pub(crate) struct GenericTitle;

impl Signal for GenericTitle {
    fn name(&self) -> &'static str {
        "generic_title"
    }

    fn source(&self) -> &'static str {
        include_str!("generic_title.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title, Column::Brand]
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
            Cell::Missing => row.text(Column::Title).map(|title| {
                let is_named = || {
                    row.mentions().any(|(own, _)| own.field == Column::Title)
                        || row.state().brands.find(title).is_some()
                };
                f64::from(
                    row.classes().overlaps(FAKED)
                        && n_words(title) <= MAX_TITLE_WORDS
                        && !is_named(),
                )
            }),
        }
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let title = quoted(row.text(Column::Title).value()?);
        Reason::new(
            "TITLE_GENERIC",
            format!("the title {title} names no brand, nor does the brand field"),
        )
    }
}

/// Titles of more words say something.
const MAX_TITLE_WORDS: usize = 5;

/// Goods that are faked by their brand.
const FAKED: ClassSet = ClassSet::FASHION.union(ClassSet::BRANDED);

fn n_words(text: &str) -> usize {
    text.split(|c: char| !is_alphanumeric(c)).filter(|word| !word.is_empty()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn a_short_title_without_a_brand_counts_for_goods_that_are_faked() {
        let with = |title: &str, brand: Option<&str>| Listing {
            brand: brand.map(String::from),
            ..Listing::new("1", title)
        };
        for (title, brand, expected) in [
            ("luxury leather handbag", Some(""), Cell::Value(1.0)),
            ("Gucci leather handbag", Some(""), Cell::Value(0.0)),
            ("luxury leather handbag", Some("Velmora"), Cell::Value(0.0)),
            ("luxury leather handbag", None, Cell::Unknown),
            ("garden chair", Some(""), Cell::Value(0.0)),
            ("soft handbag with two pockets and a strap", Some(""), Cell::Value(0.0)),
            ("", Some(""), Cell::Missing),
        ] {
            with_row(&with(title, brand), |row| {
                assert_eq!(GenericTitle.value(&row), expected, "{title} {brand:?}");
            });
        }
        with_row(&with("luxury handbag", Some("")), |row| {
            let reason = GenericTitle.reason(&row, Cell::Value(1.0)).unwrap();
            let expected = "the title “luxury handbag” names no brand, nor does the brand field";
            assert_eq!(reason.text, expected);
        });
    }
}
