//! The brand does not sell goods of this kind.
//!
//! # Measures
//! 1 where the brand field means a brand of the table whose kinds of goods are known, the goods of the
//! listing are known from category or title, and the brand trades in none of them; else 0. Accessories
//! and parts do not count.
//!
//! # Why it points to a counterfeit
//! Names of brands are put on goods that they never made.
//!
//! # When missing
//! Without a known brand or known goods the value is unknown.
//!
//! # How it is evaded
//! The category is one of the brand's.
//!
//! # Source
//! eBay, policy on keyword spamming; carlosromero.com.br (porcelain of a fashion house).

use crate::error::visible;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::lexicon::ClassSet;
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct BrandOutOfPlace;

impl Signal for BrandOutOfPlace {
    fn name(&self) -> &'static str {
        "brand_out_of_place"
    }

    fn source(&self) -> &'static str {
        include_str!("brand_out_of_place.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Brand, Column::Category, Column::Title]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        let Some(declared) = row.declared_brand() else { return Cell::Unknown };
        let trades_in = row.knowledge().brands().table().brands()[declared].classes;
        let goods = row.classes();
        if trades_in.is_empty() || goods.is_empty() || goods.overlaps(ClassSet::ACCESSORIES) {
            return Cell::Unknown;
        }
        Cell::Value(f64::from(!trades_in.overlaps(goods)))
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let brand = visible(row.text(Column::Brand).value()?);
        let goods = row.classes().names().join(", ");
        let text = format!("{brand} is not known to sell such goods ({goods})");
        Reason::new("BRAND_OUT_OF_PLACE", text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn a_brand_is_held_against_the_goods() {
        let with = |brand: &str, title: &str| Listing {
            brand: Some(brand.into()),
            ..Listing::new("1", title)
        };
        for (brand, title, expected) in [
            ("Rolex", "coffee 1 kg", Cell::Value(1.0)),
            ("Rolex", "wristwatch", Cell::Value(0.0)),
            ("Rolex", "phone case for iPhone", Cell::Unknown),
            ("Rolex", "something", Cell::Unknown),
            ("NoName", "coffee", Cell::Unknown),
            ("", "coffee", Cell::Unknown),
        ] {
            with_row(&with(brand, title), |row| {
                assert_eq!(BrandOutOfPlace.value(&row), expected, "{brand} {title}");
            });
        }
        with_row(&with("Rolex", "coffee 1 kg"), |row| {
            let reason = BrandOutOfPlace.reason(&row, Cell::Value(1.0)).unwrap();
            assert_eq!(reason.text, "Rolex is not known to sell such goods (food)");
        });
    }
}
