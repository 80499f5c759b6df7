//! The text asks the buyer to get in touch outside the marketplace.
//!
//! # Measures
//! 1 where title or description name a messenger, ask for a private message, or hold an e-mail
//! address or a telephone number in international form (+ and 8 to 15 digits); else 0.
//!
//! # Why it points to a counterfeit
//! Pictures, prices and the brand are shown where the marketplace cannot look.
//!
//! # When missing
//! A listing always has a title; without a description the title alone is searched.
//!
//! # How it is evaded
//! Handles without the messenger's name, numbers without the plus sign or in words, contact details
//! inside the pictures.
//!
//! # Source
//! Corsearch Zeal seller network; Mercari help; ITU-T E.164.

use std::sync::LazyLock;

use regex::Regex;

use super::term_evidence::{presence, quoted, quoting};
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::lexicon::{Kind, Term};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct ContactOffPlatform;

impl Signal for ContactOffPlatform {
    fn name(&self) -> &'static str {
        "contact_off_platform"
    }

    fn source(&self) -> &'static str {
        include_str!("contact_off_platform.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title, Column::Description]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        presence(row, |term| term.kind == Kind::Contact)
            .map(|by_term| if contact(row).is_some() { 1.0 } else { by_term })
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let is_contact = |term: &Term| term.kind == Kind::Contact;
        if row.hits().any(|(_, term)| is_contact(term)) {
            return quoting(row, value, "CONTACT_OFF_PLATFORM", "asks for contact by", is_contact);
        }
        Reason::new("CONTACT_OFF_PLATFORM", format!("gives the contact {}", quoted(contact(row)?)))
    }
}

/// An e-mail address, or a telephone number that begins with a plus sign.
static CONTACT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let mail = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}";
    let number = r"(?:^|[^\w+])(?<number>\+[1-9](?:[ ().-]{0,2}[0-9]){7,14})(?:\D|$)";
    Regex::new(&format!("(?<mail>{mail})|{number}")).ok()
});

/// The first contact of title and description.
fn contact<'a>(row: &Row<'a>) -> Option<&'a str> {
    [Column::Title, Column::Description].into_iter().find_map(|column| {
        let text = row.text(column).value()?;
        // Most texts have neither sign.
        memchr::memchr2(b'@', b'+', text.as_bytes())?;
        let found = CONTACT.as_ref()?.captures(text)?;
        found.name("mail").or_else(|| found.name("number")).map(|own| own.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn only_text_that_says_it_counts() {
        with_row(&Listing::new("1", "Bag, whatsapp me"), |row| {
            assert_eq!(ContactOffPlatform.value(&row), Cell::Value(1.0));
            assert_eq!(
                ContactOffPlatform.reason(&row, Cell::Value(1.0)).unwrap().code,
                "CONTACT_OFF_PLATFORM"
            );
        });
        with_row(&Listing::new("1", "Leather bag with strap"), |row| {
            assert_eq!(ContactOffPlatform.value(&row), Cell::Value(0.0));
            assert_eq!(ContactOffPlatform.reason(&row, Cell::Value(0.0)), None);
        });
    }

    #[test]
    fn addresses_and_international_numbers_count() {
        for (title, expected) in [
            ("Gucci bag, write to best.bags@mail.example", 1.0),
            ("call +86 138 0013-8000 now", 1.0),
            ("tel. +1 (555) 010-9999", 1.0),
            ("bag @gucci, 10+20+30 pieces, 3+1 free", 0.0),
            ("EAN 4006381333931, model 5901234-123457", 0.0),
            ("iPhone 12+ 128 256 512", 0.0),
        ] {
            with_row(&Listing::new("1", title), |row| {
                assert_eq!(ContactOffPlatform.value(&row), Cell::Value(expected), "{title}");
            });
        }
        with_row(&Listing::new("1", "bag +8613800138000"), |row| {
            let reason = ContactOffPlatform.reason(&row, Cell::Value(1.0)).unwrap();
            assert_eq!(reason.text, "gives the contact “+8613800138000”");
        });
    }

    #[test]
    fn a_listing_without_text_is_missing() {
        with_row(&Listing::new("1", ""), |row| {
            assert_eq!(ContactOffPlatform.value(&row), Cell::Missing);
        });
    }
}
