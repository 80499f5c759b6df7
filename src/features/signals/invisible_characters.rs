//! Characters that do not show stand inside words.
//!
//! # Measures
//! How many characters of title and description do not show and stand between two letters: zero-width
//! characters, soft hyphens, controls of direction.
//!
//! # Why it points to a counterfeit
//! They break a word for a filter and leave it whole for the eye.
//!
//! # When missing
//! A listing always has a title; without a description the title alone is searched.
//!
//! # How it is evaded
//! By other disguises. Text copied from web pages holds a few of them honestly.
//!
//! # Source
//! Unicode Technical Standard 39; eBay, policy on search manipulation.

use super::term_evidence::of_text;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};
use crate::text::is_alphanumeric;

/// See the module's documentation.
pub(crate) struct InvisibleCharacters;

impl Signal for InvisibleCharacters {
    fn name(&self) -> &'static str {
        "invisible_characters"
    }

    fn source(&self) -> &'static str {
        include_str!("invisible_characters.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title, Column::Description]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        of_text(row, || {
            let text = |column| row.text(column).value().unwrap_or_default();
            (inside_words(text(Column::Title)) + inside_words(text(Column::Description))) as f64
        })
    }

    fn family(&self) -> &'static str {
        "disguised_word"
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let _ = row;
        let n = value.value().filter(|value| *value > 0.0)?;
        Reason::new("EVASION", format!("has {n} characters inside words that do not show"))
    }
}

/// Counts them. Arabic and Indic scripts need joiners, so only those between other letters count.
fn inside_words(text: &str) -> usize {
    let is_hidden = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    if text.is_ascii() || !text.contains(is_hidden) {
        return 0;
    }
    let needs_no_joiner = |c: char| is_alphanumeric(c) && !matches!(c, '\u{590}'..='\u{dff}');
    let (mut n, mut pending, mut in_word) = (0, 0, false);
    for c in text.chars() {
        if is_hidden(c) {
            pending += 1;
            continue;
        }
        let is_letter = needs_no_joiner(c);
        if is_letter && in_word {
            n += pending;
        }
        pending = 0;
        in_word = is_letter;
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn what_does_not_show_counts_inside_words_only() {
        for (title, expected) in [
            ("Gu\u{200b}c\u{ad}ci", 2.0),
            ("\u{feff}Gucci \u{200b} bag", 0.0),
            ("\u{6f1}\u{200c}\u{6f2}", 0.0),
            ("می\u{200c}خواهم", 0.0),
        ] {
            with_row(&Listing::new("1", title), |row| {
                assert_eq!(InvisibleCharacters.value(&row), Cell::Value(expected), "{title}");
            });
        }
        with_row(&Listing::new("1", "Gu\u{200b}cci"), |row| {
            let reason = InvisibleCharacters.reason(&row, Cell::Value(1.0)).unwrap();
            assert_eq!(reason.text, "has 1 characters inside words that do not show");
        });
        with_row(&Listing::new("1", ""), |row| {
            assert_eq!(InvisibleCharacters.value(&row), Cell::Missing);
        });
    }
}
