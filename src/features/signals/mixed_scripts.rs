//! Words mix letters of several alphabets.
//!
//! # Measures
//! How many words of title and description mix Latin letters with Cyrillic or Greek ones: more than once to and fro, or by a single letter.
//!
//! # Why it points to a counterfeit
//! Letters that look the same are exchanged so that a filter does not find the word, whatever the word
//! is. Keyboards cause single cases in honest Russian text.
//!
//! # When missing
//! A listing always has a title; without a description the title alone is searched.
//!
//! # How it is evaded
//! By disguises that stay within one alphabet.
//!
//! # Source
//! Unicode Technical Standard 39, mixed-script detection.

use super::term_evidence::{of_text, quoted};
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};
use crate::text::is_alphanumeric;

/// See the module's documentation.
pub(crate) struct MixedScripts;

impl Signal for MixedScripts {
    fn name(&self) -> &'static str {
        "mixed_scripts"
    }

    fn source(&self) -> &'static str {
        include_str!("mixed_scripts.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title, Column::Description]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        of_text(row, || mixed(row).count() as f64)
    }

    fn family(&self) -> &'static str {
        "disguised_word"
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let first = mixed(row).next()?;
        let text =
            format!("mixes letters of several alphabets in one word, such as {}", quoted(first));
        Reason::new("EVASION", text)
    }
}

/// The words of title and description that mix alphabets.
fn mixed<'a>(row: &Row<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let text = |column| row.text(column).value().unwrap_or_default();
    let [title, description] = [text(Column::Title), text(Column::Description)];
    let words = |text: &'a str| text.split(|c: char| !is_alphanumeric(c));
    words(title).chain(words(description)).filter(|word| !word.is_ascii() && is_mixed(word))
}

/// Whether a word is made of two alphabets. A word that goes over from one to the other once is two
/// words that were glued together, unless just one letter is of the other alphabet.
fn is_mixed(word: &str) -> bool {
    let alphabet = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => Some(false),
        '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}' => Some(true),
        _ => None,
    };
    let (mut n_letters, mut n_other, mut n_changes, mut last) = (0, 0, 0, None);
    for own in word.chars().filter_map(alphabet) {
        n_letters += 1;
        n_other += usize::from(own);
        n_changes += usize::from(last.is_some_and(|last| last != own));
        last = Some(own);
    }
    let n_fewer = n_other.min(n_letters - n_other);
    let is_word = n_letters > 3 && n_letters == word.chars().count();
    n_changes > 1 || (n_changes == 1 && n_fewer == 1 && is_word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn a_word_of_two_alphabets_counts_and_two_words_do_not() {
        for (title, expected) in [
            ("Guссi и Рrаdа", 2.0),
            ("кроссовки Nike", 0.0),
            ("чехол-book для iPhone", 0.0),
            ("5G Ω µm 10мA", 0.0),
            ("ScoutОбъем спецификацияV4", 0.0),
            ("Cовременный", 1.0),
        ] {
            with_row(&Listing::new("1", title), |row| {
                assert_eq!(MixedScripts.value(&row), Cell::Value(expected), "{title}");
            });
        }
        with_row(&Listing::new("1", "bag Guссi"), |row| {
            let reason = MixedScripts.reason(&row, Cell::Value(1.0)).unwrap();
            assert!(reason.text.ends_with("such as “Guссi”"), "{}", reason.text);
        });
        with_row(&Listing::new("1", ""), |row| assert_eq!(MixedScripts.value(&row), Cell::Missing));
    }
}
