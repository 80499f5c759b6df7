//! The goods are called scarce and are in stock by the dozen.
//!
//! # Measures
//! The quantity on offer where title or description call the goods scarce (“limited edition”, “sold
//! out”), else 0. Used as ln(1 + value).
//!
//! # Why it points to a counterfeit
//! What is scarce at the brand is not on offer by the hundred.
//!
//! # When missing
//! Without a quantity the value is unknown: `stock_level` counts an empty one.
//!
//! # How it is evaded
//! The stock is given as one piece at a time.
//!
//! # Source
//! Corsearch Zeal, auto-moderation by stock count; the words by judgement.

use super::term_evidence::quoted;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::lexicon::Kind;
use crate::listing::{Cell, Column, Transform};

/// See the module's documentation.
pub(crate) struct StockAgainstScarcity;

impl Signal for StockAgainstScarcity {
    fn name(&self) -> &'static str {
        "stock_against_scarcity"
    }

    fn source(&self) -> &'static str {
        include_str!("stock_against_scarcity.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Quantity, Column::Title, Column::Description]
    }

    fn transform(&self) -> Transform {
        Transform::Log1p
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        let Cell::Value(quantity) = row.number(Column::Quantity) else { return Cell::Unknown };
        let is_scarce = row.hits().any(|(_, term)| term.kind == Kind::Scarcity);
        Cell::Value(if is_scarce { quantity } else { 0.0 })
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let quantity = value.value().filter(|value| *value >= DOZEN)?;
        let (hit, _) = row.hits().find(|(_, term)| term.kind == Kind::Scarcity)?;
        let quote = quoted(row.written(hit.field, &hit.source));
        Reason::new(
            "STOCK_AGAINST_SCARCITY",
            format!("says {quote} and offers {quantity:.0} pieces"),
        )
    }
}

/// A stock from here on is worth telling.
const DOZEN: f64 = 12.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn scarce_goods_by_the_dozen_count() {
        let with = |title: &str, quantity: f64| Listing {
            quantity: Some(quantity),
            ..Listing::new("1", title)
        };
        for (title, quantity, expected) in [
            ("Nike Dunk limited edition", 300.0, Cell::Value(300.0)),
            ("Nike Dunk 限量版", 300.0, Cell::Value(300.0)),
            ("Nike Dunk", 300.0, Cell::Value(0.0)),
            ("Nike Dunk, not a limited edition", 300.0, Cell::Value(0.0)),
            ("Nike Dunk limited edition", f64::NAN, Cell::Unknown),
        ] {
            with_row(&with(title, quantity), |row| {
                assert_eq!(StockAgainstScarcity.value(&row), expected, "{title} {quantity}");
            });
        }
        with_row(&with("Nike Dunk limited edition", 300.0), |row| {
            let reason = StockAgainstScarcity.reason(&row, Cell::Value(300.0)).unwrap();
            assert_eq!(reason.text, "says “limited edition” and offers 300 pieces");
            assert_eq!(StockAgainstScarcity.reason(&row, Cell::Value(1.0)), None);
        });
    }
}
