//! The name of a brand is misspelt or altered.
//!
//! # Measures
//! 1 where the title or the brand field holds a word that is one letter away from a brand of the table
//! (left out, put in, changed, exchanged; of four letters exchanged or i for l, and for goods of the brand
//! only) and is no real word, or a brand under a disguise, and the title does not write that brand
//! plainly as well; else 0.
//!
//! # Why it points to a counterfeit
//! Buyers read over one wrong letter; filters and the brand's sweeps do not. Some fakes carry the
//! altered name itself.
//!
//! # When missing
//! A listing always has a title.
//!
//! # How it is evaded
//! By two wrong letters or more; by a nickname.
//!
//! # Source
//! Corsearch Zeal, trademark alteration; theobjective.com and t24.com.tr (Adidos, Abibas).

use super::brand_evidence::altered_brand;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct BrandAltered;

impl Signal for BrandAltered {
    fn name(&self) -> &'static str {
        "brand_altered"
    }

    fn source(&self) -> &'static str {
        include_str!("brand_altered.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title, Column::Brand]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.text(Column::Title)
            .or(|| row.text(Column::Brand))
            .map(|_| f64::from(altered_brand(row).is_some()))
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let (written, name) = altered_brand(row)?;
        Reason::new("BRAND_ALTERED", format!("writes {written} for the brand {name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    fn value(title: &str, brand: Option<&str>) -> Cell<f64> {
        let listing = Listing { brand: brand.map(String::from), ..Listing::new("1", title) };
        let mut found = Cell::Unknown;
        with_row(&listing, |row| found = BrandAltered.value(&row));
        found
    }

    #[test]
    fn a_wrong_letter_or_a_disguise_alters_a_brand() {
        assert_eq!(value("Guccy bag", None), Cell::Value(1.0));
        assert_eq!(value("G*cci bag", None), Cell::Value(1.0));
        assert_eq!(value("sneakers", Some("Adidos")), Cell::Value(1.0));
        assert_eq!(value("Nkie sneakers", None), Cell::Value(1.0));
        assert_eq!(value("sneakers", Some("Nlke")), Cell::Value(1.0));
        assert_eq!(value("mouse mat", Some("Nlke")), Cell::Value(0.0));
        assert_eq!(value("L*uis V*itton bag", None), Cell::Value(1.0));
        assert_eq!(value("Gucci (not Guccy) bag", None), Cell::Value(0.0));
        assert_eq!(value("tv channel remote", None), Cell::Value(0.0));
        assert_eq!(value("Gucci bag", Some("Gucci")), Cell::Value(0.0));
        assert_eq!(value("", Some("")), Cell::Missing);
        with_row(&Listing::new("1", "Chaanel belt"), |row| {
            let reason = BrandAltered.reason(&row, Cell::Value(1.0)).unwrap();
            assert_eq!(reason.text, "writes “Chaanel” for the brand Chanel");
        });
    }
}
