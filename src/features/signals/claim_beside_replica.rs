//! The text claims the goods to be genuine and calls them a copy.
//!
//! # Measures
//! 1 where title or description hold a claim of authenticity and a term for copies or their grades that
//! counts; else 0.
//!
//! # Why it points to a counterfeit
//! “1:1” under “authentic 100 %”: the claim is for the filter, the term for the buyer.
//!
//! # When missing
//! A listing always has a title; without a description the title alone is searched.
//!
//! # How it is evaded
//! The claim is left out, or the term.
//!
//! # Source
//! Legitscript, coded terminology; judgement.

use super::term_evidence::{of_text, quoted};
use crate::features::prepared::TextHit;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::lexicon::{Kind, Term};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct ClaimBesideReplica;

impl Signal for ClaimBesideReplica {
    fn name(&self) -> &'static str {
        "claim_beside_replica"
    }

    fn source(&self) -> &'static str {
        include_str!("claim_beside_replica.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title, Column::Description]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        of_text(row, || f64::from(contradiction(row).is_some()))
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let (claim, copy) = contradiction(row)?;
        let quote = |hit: &TextHit| quoted(row.written(hit.field, &hit.source));
        let text = format!("claims {} and says {}", quote(claim), quote(copy));
        Reason::new("AUTH_CONTRADICTED", text)
    }
}

/// The first claim of authenticity and the first term for copies.
fn contradiction<'a>(row: &Row<'a>) -> Option<(&'a TextHit, &'a TextHit)> {
    let first = |is_it: fn(&Term) -> bool| row.hits().find(|(_, term)| is_it(term));
    let (claim, _) = first(|term| term.kind == Kind::AuthenticityClaim)?;
    let (copy, _) = first(|term| term.kind.is_of_copies())?;
    Some((claim, copy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn a_claim_and_a_term_contradict_each_other() {
        for (title, expected) in [
            ("Gucci bag 100% authentic, 1:1 quality", 1.0),
            ("100% authentic Gucci bag, no replica", 0.0),
            ("Gucci bag 1:1", 0.0),
            ("100% authentic Gucci bag", 0.0),
        ] {
            with_row(&Listing::new("1", title), |row| {
                assert_eq!(ClaimBesideReplica.value(&row), Cell::Value(expected), "{title}");
            });
        }
        with_row(&Listing::new("1", "Gucci bag 100% authentic, replica"), |row| {
            let reason = ClaimBesideReplica.reason(&row, Cell::Value(1.0)).unwrap();
            assert_eq!(reason.text, "claims “100% authentic” and says “replica”");
        });
        with_row(&Listing::new("1", ""), |row| {
            assert_eq!(ClaimBesideReplica.value(&row), Cell::Missing);
        });
    }
}
