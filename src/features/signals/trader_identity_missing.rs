//! The trader behind the seller is not identified.
//!
//! # Measures
//! Of the fields for name, address, registration and e-mail of the trader that the data has, the share
//! that this listing leaves empty: 0 to 1.
//!
//! # Why it points to a counterfeit
//! Marketplaces in the European Union must know the traders that sell on them. Who sells fakes gives as
//! little as he can.
//!
//! # When missing
//! Data without any of the columns says nothing; an empty field is what is measured.
//!
//! # How it is evaded
//! The details of somebody else are given.
//!
//! # Source
//! Regulation (EU) 2022/2065, Article 30; INFORM Consumers Act.

use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};

/// See the module's documentation.
pub(crate) struct TraderIdentityMissing;

impl Signal for TraderIdentityMissing {
    fn name(&self) -> &'static str {
        "trader_identity_missing"
    }

    fn source(&self) -> &'static str {
        include_str!("trader_identity_missing.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[
            Column::TraderName,
            Column::TraderAddress,
            Column::TraderRegistration,
            Column::TraderEmail,
        ]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Raises
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        let (n, n_missing) = gaps(row);
        if n == 0 { Cell::Unknown } else { Cell::Value(n_missing.len() as f64 / n as f64) }
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        value.value().filter(|value| *value > 0.0)?;
        let (_, missing) = gaps(row);
        let nouns: Vec<&str> = missing.iter().map(|column| column.info().noun).collect();
        Reason::new("TRADER_UNIDENTIFIED", format!("no {} is given", nouns.join(", ")))
    }
}

const FIELDS: [Column; 4] =
    [Column::TraderName, Column::TraderAddress, Column::TraderRegistration, Column::TraderEmail];

/// How many of the fields the data has, and which of them are empty here.
fn gaps(row: &Row<'_>) -> (usize, Vec<Column>) {
    let known = FIELDS.into_iter().filter_map(|own| Some((own, row.is_missing(own)?)));
    let (mut n, mut missing) = (0, Vec::new());
    for (column, is_missing) in known {
        n += 1;
        if is_missing {
            missing.push(column);
        }
    }
    (n, missing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn the_share_is_of_the_columns_that_the_data_has() {
        let listing = Listing {
            trader_name: Some("Velmora Ltd".into()),
            trader_address: Some(String::new()),
            ..Listing::new("1", "bag")
        };
        with_row(&listing, |row| {
            assert_eq!(TraderIdentityMissing.value(&row), Cell::Value(0.5));
            let reason = TraderIdentityMissing.reason(&row, Cell::Value(0.5)).unwrap();
            assert_eq!(reason.text, "no trader address is given");
        });
        with_row(&Listing::new("1", "bag"), |row| {
            assert_eq!(TraderIdentityMissing.value(&row), Cell::Unknown);
        });
    }
}
