//! The seller's name uses the name of a brand.
//!
//! # Measures
//! 1 where the name of the seller holds a brand of the table, 2 where a word such as official, store or
//! outlet stands in it too, else 0.
//!
//! # Why it points to a counterfeit
//! Shops that call themselves after a brand are its own, its dealers', or want to be taken for them.
//! Put the brand's own on the allow-list.
//!
//! # When missing
//! An empty name is `missing_seller_name`'s matter and counts as missing here.
//!
//! # How it is evaded
//! By a name that says nothing of brands.
//!
//! # Source
//! Corsearch Zeal, poster name; judgement for the step.

use super::term_evidence::quoted;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::lexicon::ClassSet;
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct SellerNameLikeBrand;

impl Signal for SellerNameLikeBrand {
    fn name(&self) -> &'static str {
        "seller_name_like_brand"
    }

    fn source(&self) -> &'static str {
        include_str!("seller_name_like_brand.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::SellerName]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.text(Column::SellerName).map(|name| {
            let folded = crate::text::fold(name);
            let mut mentions = Vec::new();
            let finder = row.knowledge().brands();
            finder.find(&folded, ClassSet::default(), None, true, &mut mentions);
            let is_shop = SHOP_WORDS.iter().any(|word| folded.as_str().contains(word));
            f64::from(!mentions.is_empty()) * if is_shop { 2.0 } else { 1.0 }
        })
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let name = quoted(row.text(Column::SellerName).value()?);
        Reason::new(
            "SELLER_NAME_BRAND",
            format!("the seller is called {name}, which names a brand"),
        )
    }
}

/// Words with which shops call themselves the brand's own, folded.
const SHOP_WORDS: [&str; 16] = [
    "official",
    "store",
    "outlet",
    "shop",
    "oficial",
    "tienda",
    "loja",
    "officiel",
    "boutique",
    "официальн",
    "магазин",
    "官方",
    "旗舰",
    "公式",
    "공식",
    "resmi",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn a_brand_in_the_name_counts_more_with_a_word_for_a_shop() {
        let with =
            |name: &str| Listing { seller_name: Some(name.into()), ..Listing::new("1", "bag") };
        for (name, expected) in [
            ("Nike Official Store", Cell::Value(2.0)),
            ("gucci_lover", Cell::Value(1.0)),
            ("Mary's bags", Cell::Value(0.0)),
            ("", Cell::Missing),
        ] {
            with_row(&with(name), |row| {
                assert_eq!(SellerNameLikeBrand.value(&row), expected, "{name}");
            });
        }
        with_row(&Listing::new("1", "bag"), |row| {
            assert_eq!(SellerNameLikeBrand.value(&row), Cell::Unknown);
        });
    }
}
