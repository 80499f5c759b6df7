//! Claims of authenticity are stacked on each other.
//!
//! # Measures
//! The number of different claims of authenticity in title and description beyond the first. Forms of one
//! word are one claim: “original”, “originais” and “100% original”.
//!
//! # Why it points to a counterfeit
//! One claim is what honest sellers write. Several on top of each other answer a doubt that nobody has
//! raised.
//!
//! # When missing
//! A listing always has a title; without a description the title alone is searched.
//!
//! # How it is evaded
//! The claims go into the pictures.
//!
//! # Source
//! entrupy.com (authentic plastered all over); the step from one to several is judgement.

use super::term_evidence::{of_text, quoting};
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::lexicon::Kind;
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct StackedClaims;

impl Signal for StackedClaims {
    fn name(&self) -> &'static str {
        "stacked_claims"
    }

    fn source(&self) -> &'static str {
        include_str!("stacked_claims.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title, Column::Description]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        of_text(row, || {
            let claims = row.hits().filter(|(_, term)| term.kind == Kind::AuthenticityClaim);
            let mut different: Vec<Vec<String>> = Vec::new();
            for (_, term) in claims {
                let own = stems(&term.folded);
                if !different.iter().any(|other| other.iter().any(|stem| own.contains(stem))) {
                    different.push(own);
                }
            }
            different.len().saturating_sub(1) as f64
        })
    }

    fn family(&self) -> &'static str {
        "authenticity_claim"
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let is_claim = |term: &crate::lexicon::Term| term.kind == Kind::AuthenticityClaim;
        quoting(row, Cell::Value(1.0), "AUTH_OVERCLAIM", "stacks claims of authenticity:", is_claim)
    }
}

/// How many letters tell a word from another; endings do not.
const STEM_CHARS: usize = 5;

/// The beginnings of the words of a claim; of scripts without spaces, the claim.
fn stems(claim: &str) -> Vec<String> {
    let words = claim.split(|c: char| !c.is_alphanumeric());
    let long = words.filter(|word| !word.is_ascii() || word.len() >= STEM_CHARS);
    long.map(|word| word.chars().take(STEM_CHARS).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn the_first_claim_is_free() {
        for (title, expected) in [
            ("Gucci bag", 0.0),
            ("genuine Gucci bag", 0.0),
            ("100% authentic, guaranteed genuine Gucci bag, original", 2.0),
            ("original original original", 0.0),
            ("cartucho original, 100% original, originais", 0.0),
            ("专柜正品 保真", 1.0),
        ] {
            with_row(&Listing::new("1", title), |row| {
                assert_eq!(StackedClaims.value(&row), Cell::Value(expected), "{title}");
            });
        }
        with_row(&Listing::new("1", ""), |row| {
            assert_eq!(StackedClaims.value(&row), Cell::Missing);
        });
    }
}
