//! What is known of countries: their currencies, and the words that claim goods were made there.

use crate::error::Result;
use crate::lexicon::{LexiconDigest, LexiconFile, finder_of, words_of};
use crate::reference_file::ReferenceFile;
use crate::text::{Finder, Folded, Found, KnownMap};

/// The currencies of countries.
const CURRENCIES: LexiconFile =
    LexiconFile { name: "currencies", text: include_str!("currencies.csv") };

/// The words that claim where goods were made.
const ORIGINS: LexiconFile = LexiconFile { name: "origins", text: include_str!("origins.csv") };

/// The two-letter code of ISO 3166-1 that a cell holds; `None` for a name or anything else.
pub(crate) fn country_code(cell: &str) -> Option<&str> {
    let code = cell.trim();
    (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic())).then_some(code)
}

/// Digests of both tables.
pub(crate) fn digests() -> impl Iterator<Item = LexiconDigest> {
    [CURRENCIES.digest(), ORIGINS.digest()].into_iter()
}

/// Currencies and claims of origin by country, as two-letter codes of ISO 3166-1.
#[derive(Debug)]
pub(crate) struct Places {
    currencies: KnownMap<String, String>,
    origins: Finder,
    /// The country that each word of `origins` names.
    countries: Vec<String>,
}

impl Places {
    /// The tables that are part of this crate.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Reference`] with file and line where a table does not read.
    pub(crate) fn builtin() -> Result<Places> {
        let mut currencies = KnownMap::default();
        let file =
            ReferenceFile::parse("currencies.csv", CURRENCIES.text, &["currency", "countries"])?;
        for row in &file.rows {
            let [currency, countries] = row.cells.as_slice() else { continue };
            let own = words_of(countries).map(|code| (code.to_owned(), currency.clone()));
            currencies.extend(own);
        }
        let (mut words, mut countries) = (Vec::new(), Vec::new());
        let file = ReferenceFile::parse("origins.csv", ORIGINS.text, &["country", "words"])?;
        for row in &file.rows {
            let [country, list] = row.cells.as_slice() else { continue };
            words.extend(words_of(list));
            countries.resize(words.len(), country.clone());
        }
        Ok(Places { currencies, origins: finder_of(words), countries })
    }

    /// The currency of a country: ISO 4217.
    pub(crate) fn currency(&self, country: &str) -> Option<&str> {
        self.currencies.get(country).map(String::as_str)
    }

    /// The first claim of a folded text that goods were made somewhere: the country, and where the
    /// claim stands.
    pub(crate) fn origin(&self, text: &Folded) -> Option<(&str, Found)> {
        let mut first: Option<Found> = None;
        self.origins.find(text.as_str(), text.index(), |own| {
            first = Some(first.map_or(own, |other| own.min(other)));
        });
        first.map(|found| (self.countries[found.pattern].as_str(), found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    #[test]
    fn countries_have_currencies_and_claims_name_countries() {
        let places = Places::builtin().unwrap();
        assert_eq!(places.currency("DE"), Some("EUR"));
        assert_eq!(places.currency("XX"), None);
        let (country, found) = places.origin(&fold("bag, made in italy, soft")).unwrap();
        assert_eq!((country, found.start, found.end), ("IT", 5, 18));
        assert!(places.origin(&fold("made in italian style")).is_none());
        assert!(places.countries.iter().all(|country| places.currency(country).is_some()));
    }
}
