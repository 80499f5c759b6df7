//! A brand or a term of the trade is written under a disguise.
//!
//! # Measures
//! How many words of title and description became a brand of the table or a term of the lexicons for
//! copies and contacts only after a disguise was undone: look-alike letters of another script, digits
//! or signs for letters, invisible characters, dressed-up letters, letters set apart, repeated or
//! masked.
//!
//! # Why it points to a counterfeit
//! Nobody writes “Guссi” with Cyrillic letters by mistake. The disguise is made for the filters of the
//! marketplace.
//!
//! # When missing
//! A listing always has a title; without a description the title alone is searched.
//!
//! # How it is evaded
//! By a disguise that is not known here; by pictures.
//!
//! # Source
//! Unicode Technical Standard 39 (confusables); Corsearch Zeal, obfuscated brands; `StoneSkipping`
//! (D19-1640).

use super::term_evidence::{of_text, quoted};
use crate::error::visible;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct DisguisedWord;

impl Signal for DisguisedWord {
    fn name(&self) -> &'static str {
        "disguised_word"
    }

    fn source(&self) -> &'static str {
        include_str!("disguised_word.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title, Column::Description]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        of_text(row, || {
            row.disguised().iter().filter(|own| own.field != Column::ReviewText).count() as f64
        })
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let told: Vec<String> = row
            .disguised()
            .iter()
            .filter(|own| own.field != Column::ReviewText)
            .take(MAX_TOLD)
            .map(|own| {
                let quote = quoted(row.written(own.field, &own.source));
                format!("{quote} for “{}” ({})", visible(&own.plain), own.disguises)
            })
            .collect();
        Reason::new("EVASION", format!("writes {}", told.join(", ")))
    }
}

/// The most disguises that a reason tells.
const MAX_TOLD: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn disguises_of_brands_and_terms_are_counted_and_told() {
        with_row(&Listing::new("1", "Guссi bag, rep1ica, iphone15 case"), |row| {
            assert_eq!(DisguisedWord.value(&row), Cell::Value(2.0));
            let reason = DisguisedWord.reason(&row, Cell::Value(2.0)).unwrap();
            assert_eq!(
                reason.text,
                "writes “rep1ica” for “replica” (digits or signs for letters), “Guссi” for “gucci” (look-alike letters)"
            );
        });
        with_row(&Listing::new("1", "re\u{200b}plica Gucci"), |row| {
            let reason = DisguisedWord.reason(&row, DisguisedWord.value(&row)).unwrap();
            assert!(
                reason.text.ends_with("for “replica” (invisible characters)"),
                "{}",
                reason.text
            );
        });
        with_row(&Listing::new("1", "Gucci replica"), |row| {
            assert_eq!(DisguisedWord.value(&row), Cell::Value(0.0));
        });
        with_row(&Listing::new("1", ""), |row| {
            assert_eq!(DisguisedWord.value(&row), Cell::Missing);
        });
    }
}
