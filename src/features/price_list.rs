//! What genuine goods cost, from a list that a brand or a team keeps: a better reference than a
//! median of listings, which fakes may have made.

use std::collections::HashMap;

use regex::{Regex, RegexBuilder};

use crate::error::{Error, Result, excerpt};
use crate::reference_file::{ReferenceFile, ReferenceRow, fault};
use crate::text::folded_string;

/// The most memory that a compiled pattern may take, in bytes.
const MAX_PATTERN_BYTES: usize = 1 << 20;

/// The columns of a price list.
const COLUMNS: [&str; 5] = ["brand", "model", "pattern", "price", "currency"];

/// Prices of genuine goods by brand and model.
#[derive(Clone, Debug, Default)]
pub struct PriceList {
    entries: Vec<Entry>,
    /// The entries of each folded brand.
    by_brand: HashMap<String, Vec<usize>>,
}

/// One entry.
#[derive(Clone, Debug)]
struct Entry {
    /// Folded words that the title must hold, all of them.
    words: Vec<String>,
    /// What the folded title must match.
    pattern: Option<Regex>,
    price: f64,
    currency: String,
}

/// The entry that a listing is compared with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ListedPrice {
    pub(crate) price: f64,
    /// ISO 4217 code, in capitals.
    pub(crate) currency: String,
}

impl PriceList {
    /// Reads a list from CSV: `brand`, `price`, `currency`, and `model` or `pattern` or neither. A model is
    /// words that must all stand in the title, a pattern a regular expression that the folded
    /// title (small letters, no accents) must match.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Reference`] with file, line and column: an empty brand or currency, a price that
    /// is no positive number, a pattern that is none or too large, goods that have a price already.
    pub fn from_csv(name: &str, text: &str) -> Result<PriceList> {
        let mut list = PriceList::default();
        for row in &ReferenceFile::parse(name, text, &COLUMNS)?.rows {
            let [brand, model, pattern, price, currency] = row.cells.as_slice() else { continue };
            let brand = folded_string(brand);
            if brand.is_empty() {
                return Err(fault(row.place.clone().column("brand"), "no brand".to_owned()));
            }
            let entry = Entry {
                words: folded_string(model).split_whitespace().map(str::to_owned).collect(),
                pattern: compiled(row, pattern)?,
                price: amount(row, "price", price)?,
                currency: currency_code(row, currency)?,
            };
            let of_brand = list.by_brand.entry(brand).or_default();
            if of_brand.iter().any(|&at| list.entries[at].is_for_the_same(&entry)) {
                let problem = "there is a price for this already".to_owned();
                return Err(fault(row.place.clone(), problem));
            }
            of_brand.push(list.entries.len());
            list.entries.push(entry);
        }
        Ok(list)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The most specific entry of the first of some folded brands that has one for a folded title: a
    /// pattern before a model, a longer model before a shorter, the first of equals.
    pub(crate) fn find<'a>(
        &self,
        brands: impl Iterator<Item = &'a str>,
        title: &str,
    ) -> Option<ListedPrice> {
        let mut own = brands.filter_map(|brand| self.by_brand.get(brand));
        let entry = own.find_map(|places| {
            let fitting = places.iter().map(|&at| &self.entries[at]).filter(|own| own.fits(title));
            // `max_by_key` takes the last of equals.
            fitting.rev().max_by_key(|own| own.specificity())
        })?;
        Some(ListedPrice { price: entry.price, currency: entry.currency.clone() })
    }
}

impl Entry {
    fn is_for_the_same(&self, other: &Entry) -> bool {
        let pattern = |own: &Entry| own.pattern.as_ref().map(|own| own.as_str().to_owned());
        self.words == other.words
            && self.currency == other.currency
            && pattern(self) == pattern(other)
    }

    fn fits(&self, title: &str) -> bool {
        let has = |word: &String| {
            title.split(|c: char| !c.is_alphanumeric()).any(|own| own == word)
                || (!word.is_ascii() && title.contains(word.as_str()))
        };
        self.words.iter().all(has) && self.pattern.as_ref().is_none_or(|own| own.is_match(title))
    }

    fn specificity(&self) -> (bool, usize) {
        (self.pattern.is_some(), self.words.iter().map(String::len).sum())
    }
}

/// Units of a base currency that a unit of each currency is worth.
#[derive(Clone, Debug, Default)]
pub struct ExchangeRates {
    rates: HashMap<String, f64>,
}

impl ExchangeRates {
    /// Reads rates from CSV: `currency` and `rate`, the units of one base currency that a unit of the
    /// currency is worth; the base itself has the rate 1.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Reference`] with file, line and column: no code of three letters, one twice, a
    /// rate that is no positive number.
    pub fn from_csv(name: &str, text: &str) -> Result<ExchangeRates> {
        let mut own = ExchangeRates::default();
        for row in &ReferenceFile::parse(name, text, &["currency", "rate", "date"])?.rows {
            let code = currency_code(row, &row.cells[0])?;
            let rate = amount(row, "rate", &row.cells[1])?;
            if own.rates.insert(code.clone(), rate).is_some() {
                let problem = format!("{} has a rate already", excerpt(&code));
                return Err(fault(row.place.clone().column("currency"), problem));
            }
        }
        Ok(own)
    }

    /// How many currencies there are.
    pub fn len(&self) -> usize {
        self.rates.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.rates.is_empty()
    }

    /// What a unit of one currency is worth in another; 1 for the same.
    pub(crate) fn factor(&self, from: &str, to: &str) -> Option<f64> {
        if from == to {
            return Some(1.0);
        }
        Some(self.rates.get(from)? / self.rates.get(to)?)
    }
}

fn compiled(row: &ReferenceRow, pattern: &str) -> Result<Option<Regex>> {
    if pattern.is_empty() {
        return Ok(None);
    }
    let compiled = RegexBuilder::new(pattern)
        .case_insensitive(true)
        .size_limit(MAX_PATTERN_BYTES)
        .build()
        .map_err(|error| {
            let reason = error.to_string();
            let last = reason.lines().last().unwrap_or_default().trim();
            let problem =
                format!("not a regular expression, {}: {}", excerpt(pattern), excerpt(last));
            fault(row.place.clone().column("pattern"), problem)
        })?;
    Ok(Some(compiled))
}

fn amount(row: &ReferenceRow, column: &'static str, text: &str) -> Result<f64> {
    text.parse().ok().filter(|own: &f64| own.is_finite() && *own > 0.0).ok_or_else(|| {
        Error::value(row.place.clone().column(column), "a positive number such as 1299.50", text)
    })
}

fn currency_code(row: &ReferenceRow, text: &str) -> Result<String> {
    if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(text.to_ascii_uppercase());
    }
    Err(Error::value(row.place.clone().column("currency"), "an ISO 4217 code such as EUR", text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "brand,model,pattern,price,currency\n\
        Velmora,,,100,eur\nVelmora,Tote,,300,EUR\nVelmora,Tote Large,,500,EUR\n\
        Velmora,,tote .*(xl|xxl),700,EUR\nKestrane,,,80,USD\n";

    fn price(brand: &str, title: &str) -> Option<f64> {
        let list = PriceList::from_csv("p.csv", LIST).unwrap();
        list.find([brand].into_iter(), &folded_string(title)).map(|own| own.price)
    }

    #[test]
    fn the_most_specific_entry_of_the_brand_counts() {
        assert_eq!(price("velmora", "VELMORA belt"), Some(100.0));
        assert_eq!(price("velmora", "Velmora Tôte"), Some(300.0));
        assert_eq!(price("velmora", "large tote by Velmora"), Some(500.0));
        assert_eq!(price("velmora", "Velmora tote XXL large"), Some(700.0));
        assert_eq!(price("velmora", "Velmora totes"), Some(100.0));
        assert_eq!(price("other", "Velmora tote"), None);
    }

    #[test]
    fn rates_convert_by_their_base() {
        let rates = ExchangeRates::from_csv("f.csv", "currency,rate\nEUR,1\nusd,0.8\nJPY,0.005\n");
        let rates = rates.unwrap();
        assert_eq!(rates.factor("USD", "EUR"), Some(0.8));
        assert_eq!(rates.factor("USD", "JPY"), Some(160.0));
        assert_eq!(rates.factor("XTS", "XTS"), Some(1.0));
        assert_eq!(rates.factor("XTS", "EUR"), None);
    }

    #[test]
    fn a_wrong_row_has_its_place() {
        let list = |row: &str| {
            PriceList::from_csv("p.csv", &format!("brand,pattern,price,currency\n{row}\n"))
                .unwrap_err()
                .to_string()
        };
        assert_eq!(list(",,1,EUR"), "p.csv: line 2, column brand: no brand");
        assert_eq!(
            list("A,,1.299,00"),
            "p.csv: line 2, column currency: expected an ISO 4217 code such as EUR, found \"00\""
        );
        assert_eq!(
            list("A,,-1,EUR"),
            "p.csv: line 2, column price: expected a positive number such as 1299.50, found \"-1\""
        );
        assert!(
            list("A,(,1,EUR")
                .starts_with("p.csv: line 2, column pattern: not a regular expression")
        );
        assert!(list("A,(a{1000}){1000},1,EUR").contains("column pattern"));
        let twice = list("A,b,1,EUR\nA,c,1,EUR\nA,b,1,USD\na,b,2,eur");
        assert_eq!(twice, "p.csv: line 5: there is a price for this already");
        let rates = ExchangeRates::from_csv("f.csv", "currency,rate\nEUR,1\neur,2\n");
        assert_eq!(
            rates.unwrap_err().to_string(),
            "f.csv: line 3, column currency: \"EUR\" has a rate already"
        );
    }
}
