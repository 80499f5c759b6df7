//! The text calls the goods like those of a brand.
//!
//! # Measures
//! 1 where title or description hold a term of the lexicons such as “inspired by” or “dupe” that
//! counts; else 0.
//!
//! # Why it points to a counterfeit
//! Goods in the style of a brand often carry its marks too. They are a class of their own: a copycat
//! says that he copies, and need not use a mark.
//!
//! # When missing
//! A listing always has a title; without a description the title alone is searched.
//!
//! # How it is evaded
//! By words that say the same without being known; by pictures.
//!
//! # Source
//! Corsearch Zeal, which labels such listings Copycat and not Counterfeit.

use super::term_evidence::{presence, quoting};
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::lexicon::Kind;
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct CopycatTerm;

impl Signal for CopycatTerm {
    fn name(&self) -> &'static str {
        "copycat_term"
    }

    fn source(&self) -> &'static str {
        include_str!("copycat_term.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title, Column::Description]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        presence(row, |term| term.kind == Kind::Copycat)
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        quoting(row, value, "COPYCAT", "offers it as", |term| term.kind == Kind::Copycat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn a_copycat_is_no_replica() {
        with_row(&Listing::new("1", "bag inspired by Gucci"), |row| {
            assert_eq!(CopycatTerm.value(&row), Cell::Value(1.0));
            let reason = CopycatTerm.reason(&row, Cell::Value(1.0)).unwrap();
            assert_eq!((reason.code, &*reason.text), ("COPYCAT", "offers it as “inspired by”"));
        });
        with_row(&Listing::new("1", "Gucci bag"), |row| {
            assert_eq!(CopycatTerm.value(&row), Cell::Value(0.0));
        });
        with_row(&Listing::new("1", ""), |row| assert_eq!(CopycatTerm.value(&row), Cell::Missing));
    }
}
