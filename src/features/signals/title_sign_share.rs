//! How much of the title is signs and pictures.
//!
//! # Measures
//! Characters of the title that are no letter, digit, mark or blank / characters of the title.
//!
//! # Why it points to a counterfeit
//! Stars, bars and pictures draw the eye and break words for filters. It is a weak sign.
//!
//! # When missing
//! A listing always has a title.
//!
//! # How it is evaded
//! Plain text is written.
//!
//! # Source
//! Kaggle solutions to marketplace moderation; eBay, rules on special characters.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct TitleSignShare;

impl Signal for TitleSignShare {
    fn name(&self) -> &'static str {
        "title_sign_share"
    }

    fn source(&self) -> &'static str {
        include_str!("title_sign_share.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.text(Column::Title).map(|title| {
            let n = title.chars().count().max(1) as f64;
            let is_sign = |c: &char| !(c.is_alphanumeric() || c.is_whitespace() || is_mark(*c));
            title.chars().filter(is_sign).count() as f64 / n
        })
    }

    fn family(&self) -> &'static str {
        "title_caps_share"
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        let _ = row;
        let share = value.value().filter(|value| *value > 0.2)?;
        Reason::new(
            "TEXT_SHAPE",
            format!("{:.0} % of the title is signs or pictures", share * 100.0),
        )
    }
}

/// Marks of Thai, which are written onto a letter and are no letters themselves.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn signs_and_pictures_are_a_share_of_the_characters() {
        for (title, expected) in
            [("ab**", 0.5), ("ab 12", 0.0), ("🔥🔥bags!", 3.0 / 7.0), ("กระเป๋า", 0.0)]
        {
            with_row(&Listing::new("1", title), |row| {
                assert_eq!(TitleSignShare.value(&row), Cell::Value(expected), "{title}");
            });
        }
        with_row(&Listing::new("1", "ab**"), |row| {
            let reason = TitleSignShare.reason(&row, Cell::Value(0.5)).unwrap();
            assert_eq!(reason.text, "50 % of the title is signs or pictures");
        });
        with_row(&Listing::new("1", ""), |row| {
            assert_eq!(TitleSignShare.value(&row), Cell::Missing);
        });
    }
}
