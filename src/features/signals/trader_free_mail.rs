//! The trader writes from a free e-mail provider.
//!
//! # Measures
//! 1 where the e-mail address of the trader is at a provider of free addresses, else 0.
//!
//! # Why it points to a counterfeit
//! A business with a brand to sell has an address of its own; an account that will be closed has not.
//!
//! # When missing
//! An empty address counts as missing.
//!
//! # How it is evaded
//! A domain of its own costs a few euros.
//!
//! # Source
//! PAST2212 fake-product-detector; the list of providers is judgement.

use crate::error::visible;
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct TraderFreeMail;

impl Signal for TraderFreeMail {
    fn name(&self) -> &'static str {
        "trader_free_mail"
    }

    fn source(&self) -> &'static str {
        include_str!("trader_free_mail.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[Column::TraderEmail]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.text(Column::TraderEmail).map(|address| f64::from(provider(address).is_some()))
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let provider = provider(row.text(Column::TraderEmail).value()?)?;
        Reason::new("FREE_MAIL", format!("the trader's address is at {}", visible(&provider)))
    }
}

/// Providers of free addresses.
const PROVIDERS: [&str; 28] = [
    "gmail.com",
    "googlemail.com",
    "yahoo.com",
    "hotmail.com",
    "outlook.com",
    "live.com",
    "icloud.com",
    "aol.com",
    "proton.me",
    "protonmail.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "mail.ru",
    "yandex.ru",
    "ya.ru",
    "bk.ru",
    "inbox.ru",
    "rambler.ru",
    "163.com",
    "126.com",
    "qq.com",
    "sina.com",
    "naver.com",
    "daum.net",
    "wp.pl",
    "libero.it",
    "uol.com.br",
];

/// The free provider that an address is at.
fn provider(address: &str) -> Option<String> {
    let domain = address.trim().rsplit_once('@')?.1.to_lowercase();
    PROVIDERS.contains(&domain.as_str()).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn the_domain_decides() {
        let with =
            |mail: &str| Listing { trader_email: Some(mail.into()), ..Listing::new("1", "bag") };
        for (mail, expected) in [
            ("shop@Gmail.com ", Cell::Value(1.0)),
            ("a@163.com", Cell::Value(1.0)),
            ("info@velmora.example", Cell::Value(0.0)),
            ("gmail.com", Cell::Value(0.0)),
            ("", Cell::Missing),
        ] {
            with_row(&with(mail), |row| assert_eq!(TraderFreeMail.value(&row), expected, "{mail}"));
        }
        with_row(&Listing::new("1", "bag"), |row| {
            assert_eq!(TraderFreeMail.value(&row), Cell::Unknown);
        });
    }
}
