//! How close a term for copies stands to the name of a brand.
//!
//! # Measures
//! 1 / (1 + words between) for the term of the lexicons for copies or grades and the brand of the table
//! that stand closest in one field; 1 side by side, 0 where there is no such pair.
//!
//! # Why it points to a counterfeit
//! “Gucci 1:1” says what “Gucci bag, scale of the drawing 1:1” does not. Keyword sweeps of the trade
//! score the distance for this reason.
//!
//! # When missing
//! A listing always has a title; without a description the title alone is searched.
//!
//! # How it is evaded
//! Brand and term are put in different sentences, fields or pictures.
//!
//! # Source
//! David Barnett, keyword and brand proximity (2024).

use super::term_evidence::{of_text, quoted};
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct TermNearBrand;

impl Signal for TermNearBrand {
    fn name(&self) -> &'static str {
        "term_near_brand"
    }

    fn source(&self) -> &'static str {
        include_str!("term_near_brand.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title, Column::Description]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        of_text(row, || nearest(row).map_or(0.0, |(_, words)| 1.0 / (1.0 + words as f64)))
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let (quote, words) = nearest(row)?;
        let distance = match words {
            0 => "next to".to_owned(),
            1 => "one word from".to_owned(),
            n => format!("{n} words from"),
        };
        Reason::new("REPLICA_NEAR_BRAND", format!("says {quote} {distance} the name of a brand"))
    }
}

/// The term for copies that is closest to a brand, quoted, with the words between.
fn nearest(row: &Row<'_>) -> Option<(String, usize)> {
    row.hits()
        .filter(|(_, term)| term.kind.is_of_copies())
        .filter_map(|(hit, _)| Some((hit, hit.words_to_brand?)))
        .min_by_key(|(_, words)| *words)
        .map(|(hit, words)| (quoted(row.written(hit.field, &hit.source)), words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn the_value_falls_with_the_words_between() {
        for (title, expected) in [
            ("Gucci replica bag", 1.0),
            // Two words between: 1 / 3.
            ("Gucci black bag replica", 1.0 / 3.0),
            ("black bag replica", 0.0),
            ("Gucci bag", 0.0),
        ] {
            with_row(&Listing::new("1", title), |row| {
                assert_eq!(TermNearBrand.value(&row), Cell::Value(expected), "{title}");
            });
        }
        with_row(&Listing::new("1", "Gucci black bag replica"), |row| {
            let reason = TermNearBrand.reason(&row, TermNearBrand.value(&row)).unwrap();
            assert_eq!(reason.text, "says “replica” 2 words from the name of a brand");
        });
        with_row(&Listing::new("1", ""), |row| {
            assert_eq!(TermNearBrand.value(&row), Cell::Missing);
        });
    }
}
