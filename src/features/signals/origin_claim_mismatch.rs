//! The goods are said to be made in a country that they are not dispatched from.
//!
//! # Measures
//! 1 where title or description claim a country of manufacture (“made in Italy”, in many languages) and
//! the place of dispatch is the two-letter code of another; 0 where there is no claim or the countries
//! agree.
//!
//! # Why it points to a counterfeit
//! The claim borrows the brand's home. Genuine goods travel too, so the direction is the marketplace's
//! own.
//!
//! # When missing
//! Without a place of dispatch the value is unknown.
//!
//! # How it is evaded
//! No claim is made, or the place of dispatch is not stated truly.
//!
//! # Source
//! Soldner et al. (arXiv 2406.05021): origin moderates the risk; the words by judgement.

use super::term_evidence::quoted;
use crate::error::visible;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct OriginClaimMismatch;

impl Signal for OriginClaimMismatch {
    fn name(&self) -> &'static str {
        "origin_claim_mismatch"
    }

    fn source(&self) -> &'static str {
        include_str!("origin_claim_mismatch.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::ShipsFrom, Column::Title, Column::Description]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        let Some(from) = row.country(Column::ShipsFrom) else { return Cell::Unknown };
        let differs = |claim: &crate::features::prepared::OriginClaim| {
            !claim.country.eq_ignore_ascii_case(from)
        };
        Cell::Value(f64::from(row.origin_claim().is_some_and(differs)))
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let claim = row.origin_claim()?;
        let quote = quoted(row.written(claim.field, &claim.source));
        let text = format!(
            "says {quote} and is dispatched from {}",
            visible(row.country(Column::ShipsFrom)?)
        );
        Reason::new("ORIGIN_CLAIM_MISMATCH", text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn a_claim_of_origin_is_held_against_the_place_of_dispatch() {
        let with = |title: &str, from: &str| Listing {
            ships_from: Some(from.into()),
            ..Listing::new("1", title)
        };
        for (title, from, expected) in [
            ("bag, Made in Italy", "CN", Cell::Value(1.0)),
            ("bag, Made in Italy", "it", Cell::Value(0.0)),
            ("часы, сделано в Швейцарии", "CN", Cell::Value(1.0)),
            ("italian style bag", "CN", Cell::Value(0.0)),
            ("bag, Made in Italy", "China", Cell::Unknown),
            ("bag, Made in Italy", "", Cell::Unknown),
        ] {
            with_row(&with(title, from), |row| {
                assert_eq!(OriginClaimMismatch.value(&row), expected, "{title} {from}");
            });
        }
        with_row(&with("bag, Made in Italy", "CN"), |row| {
            let reason = OriginClaimMismatch.reason(&row, Cell::Value(1.0)).unwrap();
            assert_eq!(reason.text, "says “Made in Italy” and is dispatched from CN");
        });
    }
}
