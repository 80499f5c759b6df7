//! Price against what the item usually costs, as the logarithm of the ratio.
//!
//! # Measures
//! ln(price / reference). The reference is the price of `--price-list` where it has one for brand and
//! title; else the list price where the listing has one; else the
//! median price of the training listings of the same brand, category, condition and currency,
//! falling back to brand and category, then the brand, then the category, then all listings in the
//! currency. A cell needs 5 listings,
//! and its median is shrunk towards the next wider cell with the weight of 10 listings.
//! -0.69 is half the reference, 0 the reference. Cut at -6 and 6.
//!
//! # Why it points to a counterfeit
//! Fakes of some brands are sold far below the genuine price. Of other brands they are not: on one
//! moderated marketplace the price says nothing, so the weight may well come out near zero.
//!
//! # When missing
//! An empty price is evidence of its own. A listing without a reference in its currency is
//! neutral.
//!
//! # How it is evaded
//! Fakes are sold at nearly the genuine price, or under a placeholder price with the real one in a
//! message. Where fakes dominate a brand they pull the median down: a list price does not move.
//!
//! # Source
//! Corsearch Zeal "Suspiciously Low" and "Abnormal Price"; robust location by the median.

use crate::error::visible;
use crate::features::prices::{Peers, PriceCell};
use crate::features::{ExpectedSign, Reason, Row, Signal};
use crate::listing::{Cell, Column};
use crate::text::folded_string;

/// The logarithm of a ratio beyond e^6 is a unit error, not a price.
const LIMIT: f64 = 6.0;

/// A price this close to its reference is spoken of as usual.
const USUAL_PERCENT: f64 = 10.0;

/// See the module's documentation.
pub(crate) struct PriceLogRatio;

/// What a price was compared with.
struct Comparison<'a> {
    log_ratio: f64,
    against: Reference<'a>,
}

/// What a price is compared with.
enum Reference<'a> {
    Genuine(String),
    ListPrice(f64, Option<&'a str>),
    Median(usize, Peers),
}

impl std::fmt::Display for Reference<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reference::Genuine(told) => write!(f, "the genuine price of {told}"),
            Reference::ListPrice(price, None) => write!(f, "the list price of {price}"),
            Reference::ListPrice(price, Some(currency)) => {
                write!(f, "the list price of {price} {}", visible(currency.trim()))
            }
            Reference::Median(n, peers) => {
                write!(f, "the median of {n} listings {}", peers.phrase())
            }
        }
    }
}

impl Signal for PriceLogRatio {
    fn name(&self) -> &'static str {
        "price_log_ratio"
    }

    fn source(&self) -> &'static str {
        include_str!("price_log_ratio.rs")
    }

    fn inputs(&self) -> &'static [Column] {
        &[
            Column::Price,
            Column::ListPrice,
            Column::Brand,
            Column::Category,
            Column::Condition,
            Column::Currency,
        ]
    }

    fn expected_sign(&self) -> ExpectedSign {
        ExpectedSign::Either
    }

    fn reads_state(&self) -> bool {
        true
    }

    fn value(&self, row: &Row<'_>) -> Cell<f64> {
        row.number(Column::Price).and_then(|price| {
            let log_price = libm::log(price);
            let list_price = || row.number(Column::ListPrice).value();
            let genuine = listed_price(row).map(|(price, _)| price).or_else(list_price);
            let log_reference = genuine.map(libm::log).or_else(|| {
                let peers = row.peers();
                peers.map(|(_, cell)| cell.log_reference)
            });
            match log_reference {
                Some(log_reference) => {
                    Cell::Value((log_price - log_reference).clamp(-LIMIT, LIMIT))
                }
                None => Cell::Unknown,
            }
        })
    }

    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason> {
        match value {
            Cell::Unknown => None,
            Cell::Missing => Reason::new("PRICE_MISSING", "the listing gives no price"),
            Cell::Value(log_ratio) => price_reason(row, log_ratio),
        }
    }
}

/// The price against its reference in words; shared by the signals of the price family. `side` is below
/// zero for a signal that finds the price low. A price below its list price and above its peers is
/// spoken of by the signals that agree with the comparison, and the others have nothing to tell.
pub(super) fn price_reason(row: &Row<'_>, side: f64) -> Option<Reason> {
    let Comparison { log_ratio, against } = compare(row)?;
    if log_ratio * side < 0.0 {
        return None;
    }
    let ratio = libm::exp(log_ratio);
    let percent = ((ratio - 1.0).abs() * 100.0).round();
    // Where it is told, it is below 200; a whole number is written in a fraction of the time.
    let told = percent as u32;
    if percent < USUAL_PERCENT {
        return Reason::new("PRICE_USUAL", format!("price within {USUAL_PERCENT} % of {against}"));
    }
    if percent > 99.0 && ratio < 1.0 {
        Reason::new("PRICE_LOW", format!("price more than 99 % below {against}"))
    } else if ratio < 1.0 {
        Reason::new("PRICE_LOW", format!("price {told} % below {against}"))
    } else if ratio < 3.0 {
        Reason::new("PRICE_HIGH", format!("price {told} % above {against}"))
    } else {
        Reason::new("PRICE_HIGH", format!("price {ratio:.1} times {against}"))
    }
}

/// The value of a price among those of its peers, from the logarithm of the price and the cell of the
/// peers; unknown without a price or without peers.
pub(super) fn among_peers(row: &Row<'_>, value: impl FnOnce(f64, &PriceCell) -> f64) -> Cell<f64> {
    let Cell::Value(price) = row.number(Column::Price) else { return Cell::Unknown };
    match row.peers() {
        Some((_, cell)) => Cell::Value(value(libm::log(price), &cell)),
        None => Cell::Unknown,
    }
}

fn compare<'a>(row: &Row<'a>) -> Option<Comparison<'a>> {
    let log_price = libm::log(row.number(Column::Price).value()?);
    let (log_reference, against) = if let Some((price, told)) = listed_price(row) {
        (libm::log(price), Reference::Genuine(told))
    } else if let Cell::Value(list_price) = row.number(Column::ListPrice) {
        let currency = row.text(Column::Currency).value();
        (libm::log(list_price), Reference::ListPrice(list_price, currency))
    } else {
        let (peers, cell) = row.peers()?;
        (cell.log_median, Reference::Median(cell.n, peers))
    };
    Some(Comparison { log_ratio: log_price - log_reference, against })
}

/// The price of the user's list for a listing, in the currency of its row, and as the list says it.
fn listed_price(row: &Row<'_>) -> Option<(f64, String)> {
    let knowledge = row.knowledge();
    if knowledge.prices().is_empty() {
        return None;
    }
    let title = folded_string(row.text(Column::Title).value()?);
    let declared = row.text(Column::Brand).value().map(folded_string);
    let table = knowledge.brands().table().brands();
    let known = row.declared_brand().into_iter().filter_map(|at| table[at].spellings.first());
    let named = row.mentions().filter(|(own, _)| !own.is_nominative);
    let named = named.filter_map(|(_, brand)| brand.spellings.first());
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2);
    let brands = declared
        .as_deref()
        .into_iter()
        .chain(known.map(String::as_str))
        .chain(named.map(String::as_str))
        .chain(words);
    let found = knowledge.prices().find(brands, &title)?;
    let factor = match row.text(Column::Currency) {
        Cell::Value(own) => {
            knowledge.rates().factor(&found.currency, &own.trim().to_uppercase())?
        }
        Cell::Missing | Cell::Unknown => 1.0,
    };
    Some((found.price * factor, format!("{} {}", found.price, found.currency)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::signals::term_evidence::with_row;
    use crate::listing::Listing;

    #[test]
    fn a_list_price_is_the_reference() {
        let listing = Listing {
            price: Some(180.0),
            list_price: Some(1000.0),
            currency: Some("EUR".into()),
            ..Listing::new("1", "bag")
        };
        with_row(&listing, |row| {
            // ln(0.18) = -1.7147984280919266
            let value = PriceLogRatio.value(&row).value().unwrap();
            assert!((value + 1.714_798_428_091_926_6).abs() < 1e-12);
            assert_eq!(
                PriceLogRatio.reason(&row, Cell::Value(value)),
                Reason::new("PRICE_LOW", "price 82 % below the list price of 1000 EUR")
            );
        });
    }

    #[test]
    fn a_price_of_ones_own_list_outranks_the_list_price() {
        let listing = |currency: &str| Listing {
            price: Some(100.0),
            list_price: Some(100.0),
            brand: Some("Velmora".into()),
            currency: Some(currency.into()),
            ..Listing::new("1", "Velmora tote")
        };
        let list = "brand,model,price,currency\nVelmora,tote,400,EUR\n";
        let rates = "currency,rate\nEUR,1\nUSD,0.8\n";
        let batch = crate::listing::ListingBatch::from_listings(&[
            listing("EUR"),
            listing("USD"),
            listing("JPY"),
        ]);
        let knowledge = crate::features::Knowledge::builtin()
            .unwrap()
            .with_prices(crate::features::PriceList::from_csv("p.csv", list).unwrap())
            .with_rates(crate::features::ExchangeRates::from_csv("f.csv", rates).unwrap());
        let prepared = crate::features::Prepared::new(&batch, &knowledge, None);
        let state = crate::features::FittedState::default();
        let value = |row| PriceLogRatio.value(&prepared.row(&state, row)).value().unwrap();
        // ln(100 / 400); 400 EUR are 500 USD, ln(100 / 500); no rate for yen, so the list price.
        assert!((value(0) + 1.386_294_361_119_890_6).abs() < 1e-12);
        assert!((value(1) + 1.609_437_912_434_100_3).abs() < 1e-12);
        assert_eq!(value(2), 0.0);
        let reason = PriceLogRatio.reason(&prepared.row(&state, 0), Cell::Value(value(0)));
        assert_eq!(
            reason,
            Reason::new("PRICE_LOW", "price 75 % below the genuine price of 400 EUR")
        );
    }

    #[test]
    fn no_reference_is_neutral_and_no_price_is_missing() {
        let listing = Listing { price: Some(10.0), ..Listing::new("1", "bag") };
        with_row(&listing, |row| assert_eq!(PriceLogRatio.value(&row), Cell::Unknown));
        let listing = Listing { price: Some(f64::NAN), ..Listing::new("1", "bag") };
        with_row(&listing, |row| assert_eq!(PriceLogRatio.value(&row), Cell::Missing));
    }
}
