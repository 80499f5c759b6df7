//! How much of the title is written in capitals.
//!
//! # Measures
//! Capital letters / letters that could be capitals in the title; 0 where there are fewer than five.
//!
//! # Why it points to a counterfeit
//! Shouting is a habit of sellers who compete for a glance. It is a weak sign, and a habit of whole
//! marketplaces.
//!
//! # When missing
//! A listing always has a title.
//!
//! # How it is evaded
//! Small letters are written.
//!
//! # Source
//! Kaggle solutions to marketplace moderation; Ozon E-CUP 2025.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct TitleCapsShare;

impl Signal for TitleCapsShare {
    fn name(&self) -> &'static str {
        "title_caps_share"
    }

    fn source(&self) -> &'static str {
        include_str!("title_caps_share.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.text(Column::Title).map(|title| {
            let (mut n_capitals, mut n_letters) = (0.0, 0.0);
            for c in title.chars() {
                let is_capital = c.is_uppercase();
                n_capitals += f64::from(u8::from(is_capital));
                n_letters += f64::from(u8::from(is_capital || c.is_lowercase()));
            }
            if n_letters < 5.0 { 0.0 } else { n_capitals / n_letters }
        })
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let _ = row;
        let share = value.value().filter(|value| *value > 0.6)?;
        Reason::new("TEXT_SHAPE", format!("{:.0} % of the title is in capitals", share * 100.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn capitals_are_a_share_of_the_letters_that_have_them() {
        for (title, expected) in
            [("NEW Bag 12", 4.0 / 6.0), ("new bag", 0.0), ("ABC", 0.0), ("高仿包包高仿包包", 0.0)]
        {
            with_row(&Listing::new("1", title), |row| {
                assert_eq!(TitleCapsShare.value(&row), Cell::Value(expected), "{title}");
            });
        }
        with_row(&Listing::new("1", "GUCCI BAG"), |row| {
            let reason = TitleCapsShare.reason(&row, Cell::Value(1.0)).unwrap();
            assert_eq!(reason.text, "100 % of the title is in capitals");
        });
        with_row(&Listing::new("1", ""), |row| {
            assert_eq!(TitleCapsShare.value(&row), Cell::Missing);
        });
    }
}
