//! The text says that the goods are a copy.
//!
//! # Measures
//! 1 where title or description hold a term of the lexicons for copies or their grades that counts:
//! nothing beside it denies it, it has no innocent meaning here, and its conditions hold: a built-in
//! term needs goods to wear or to put on, or a known brand that the goods are said to be of. One signal
//! a weight: `certain` (A), `strong` (B) and `weak` or ambiguous (C). Terms that rest on judgement
//! alone count as weak.
//!
//! # Why it points to a counterfeit
//! Buyers who look for copies must find them, so the seller has to name what he sells, in words
//! that the trade understands.
//!
//! # When missing
//! A listing always has a title; without a description the title alone is searched.
//!
//! # How it is evaded
//! Spelling, masks, invisible characters and letters set apart, which are undone first; new words, and
//! words inside the pictures, which are not seen.
//!
//! # Source
//! The lexicons, term by term; `src/lexicon/*.csv` name a source for each.

use super::term_evidence::{is_replica, presence, quoting};
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::lexicon::Severity;
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct ReplicaTerm {
    pub(crate) severity: Severity,
}

impl Signal for ReplicaTerm {
    fn name(&self) -> &'static str {
        match self.severity {
            Severity::A => "replica_term_certain",
            Severity::B => "replica_term_strong",
            Severity::C => "replica_term_weak",
        }
    }

    fn source(&self) -> &'static str {
        include_str!("replica_term.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title, Column::Description]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        presence(row, |term| is_replica(term, self.severity))
    }

    fn family(&self) -> &'static str {
        "replica_term"
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        quoting(row, value, "REPLICA_TERM", "says", |term| is_replica(term, self.severity))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn a_term_counts_once_under_its_severity_and_is_quoted_as_written() {
        let certain = ReplicaTerm { severity: Severity::A };
        let listing = Listing::new("1", "Handbag RÉPLICA, new");
        with_row(&listing, |row| {
            assert_eq!(certain.value(&row), Cell::Value(1.0));
            assert_eq!(
                certain.reason(&row, Cell::Value(1.0)),
                Reason::new("REPLICA_TERM", "says “RÉPLICA”")
            );
            let weak = ReplicaTerm { severity: Severity::C };
            assert_eq!(weak.value(&row), Cell::Value(0.0));
        });
    }

    #[test]
    fn a_denied_term_does_not_count() {
        let certain = ReplicaTerm { severity: Severity::A };
        with_row(&Listing::new("1", "Handbag, no replica"), |row| {
            assert_eq!(certain.value(&row), Cell::Value(0.0));
        });
    }

    #[test]
    fn an_empty_title_leaves_the_description() {
        let certain = ReplicaTerm { severity: Severity::A };
        let listing = Listing {
            description: Some("a replica".into()),
            category: Some("Bags".into()),
            ..Listing::new("1", "")
        };
        with_row(&listing, |row| assert_eq!(certain.value(&row), Cell::Value(1.0)));
        with_row(&Listing::new("1", ""), |row| assert_eq!(certain.value(&row), Cell::Missing));
    }
}
