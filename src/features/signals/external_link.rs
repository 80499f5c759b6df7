//! The text leads to another site.
//!
//! # Measures
//! 1 where title or description hold a web address: one with http://, https:// or www., or one of an
//! album, shop or messenger that sellers of copies use; else 0. Addresses of large marketplaces do not
//! count.
//!
//! # Why it points to a counterfeit
//! The pictures of the goods stand elsewhere, and the listing is a pretext for the payment.
//!
//! # When missing
//! A listing always has a title; without a description the title alone is searched.
//!
//! # How it is evaded
//! A QR code in the pictures, an address with blanks or in words.
//!
//! # Source
//! David Barnett, hidden links (2022); Legitscript, coded terminology; the named sites by judgement.

use std::sync::LazyLock;

use regex::Regex;

use super::term_evidence::{of_text, quoted};
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct ExternalLink;

impl Signal for ExternalLink {
    fn name(&self) -> &'static str {
        "external_link"
    }

    fn source(&self) -> &'static str {
        include_str!("external_link.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::Title, Column::Description]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        of_text(row, || f64::from(link(row).is_some()))
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        Reason::new("HIDDEN_LINK", format!("leads to another site: {}", quoted(link(row)?)))
    }
}

/// Sites by which buyers are led away.
const SITES: [&str; 16] = [
    r"yupoo\.com",
    r"weidian\.com",
    r"szwego\.com",
    r"taobao\.com",
    r"1688\.com",
    r"dhgate\.com",
    r"wa\.me",
    r"t\.me",
    r"line\.me",
    r"linktr\.ee",
    r"instagram\.com",
    r"facebook\.com",
    r"tiktok\.com",
    r"vk\.com",
    r"vk\.cc",
    r"bit\.ly",
];

/// What hosts of marketplaces begin with, or what follows a dot in them.
const MARKETPLACES: [&str; 20] = [
    "aliexpress.",
    "allegro.",
    "amazon.",
    "avito.",
    "bukalapak.",
    "carousell.",
    "coupang.",
    "ebay.",
    "etsy.",
    "lazada.",
    "mercadolibre.",
    "mercadolivre.",
    "mercari.",
    "ozon.",
    "rakuten.",
    "shopee.",
    "tokopedia.",
    "vinted.",
    "wildberries.",
    "zalando.",
];

/// A web address.
static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let any = r#"(?:https?://|www\.)[^\s<>"']{4,}"#;
    let sites = SITES.join("|");
    Regex::new(&format!(r#"(?i)(?:{any}|\b(?:{sites})\b[^\s<>"']*)"#)).ok()
});

/// The first web address of title and description.
fn link<'a>(row: &Row<'a>) -> Option<&'a str> {
    [Column::Title, Column::Description].into_iter().find_map(|column| {
        let text = row.text(column).value()?;
        if !may_hold_link(text) {
            return None;
        }
        let links = LINK.as_ref()?.find_iter(text);
        // What ends the sentence is not part of the address.
        let mut links =
            links.map(|own| own.as_str().trim_end_matches(['.', ',', ';', ':', '!', '?', ')']));
        links.find(|link| !is_at_home(link))
    })
}

/// False for texts without a web address: with none of `://`, and no dot before anything but a blank.
fn may_hold_link(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut dots = memchr::memchr_iter(b'.', bytes);
    let is_within = |at: usize| bytes.get(at + 1).is_some_and(|byte| !byte.is_ascii_whitespace());
    memchr::memchr(b'.', bytes).is_some()
        && (dots.any(is_within) || memchr::memmem::find(bytes, b"://").is_some())
}

/// Whether an address is one of a marketplace.
fn is_at_home(link: &str) -> bool {
    let host = link.split_once("//").map_or(link, |(_, rest)| rest);
    let host = host.split(['/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    MARKETPLACES.iter().any(|own| {
        let mut places = host.match_indices(own);
        places.any(|(at, _)| at == 0 || host.as_bytes()[at - 1] == b'.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn addresses_of_the_web_count() {
        for (title, expected) in [
            ("photos at https://album.example/77 only", 1.0),
            ("bag WWW.shop.example", 1.0),
            ("see bags.x.yupoo.com/albums", 1.0),
            ("write wa.me/15550109", 1.0),
            ("bag.New.Black, size 1.5, v2.0, e.g. white", 0.0),
            ("wawa.melon", 0.0),
            ("https://lista.mercadolivre.com.br/_x and www.ebay.com/usr/y", 0.0),
            ("https://lista.mercadolivre.com.br/_x and www.myebay.shop", 1.0),
        ] {
            with_row(&Listing::new("1", title), |row| {
                assert_eq!(ExternalLink.value(&row), Cell::Value(expected), "{title}");
            });
        }
        with_row(&Listing::new("1", "bag, t.me/bags."), |row| {
            let reason = ExternalLink.reason(&row, Cell::Value(1.0)).unwrap();
            assert_eq!(reason.text, "leads to another site: “t.me/bags”");
        });
        with_row(&Listing::new("1", ""), |row| assert_eq!(ExternalLink.value(&row), Cell::Missing));
    }
}
