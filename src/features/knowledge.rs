//! What is known before any listing is seen and is not learned from listings.

use super::places::{self, Places};
use super::price_list::{ExchangeRates, PriceList};
use crate::brands::{BrandFinder, BrandTable};
use crate::error::Result;
use crate::lexicon::{Categories, Kind, Lexicon, LexiconDigest, Matcher};
use crate::text::{Folded, Undone, Vocabulary, Ways};

/// Words of the trade, brands and kinds of goods, made ready to be found. None of it is part of a
/// model: a term or a brand can be added without training again, and the model's card holds the
/// digests of what it was trained with.
#[derive(Debug)]
pub struct Knowledge {
    lexicon: Lexicon,
    matcher: Matcher,
    brands: BrandFinder,
    categories: Categories,
    /// What disguises are undone to: terms and brands.
    vocabulary: Vocabulary,
    prices: PriceList,
    rates: ExchangeRates,
    places: Places,
    ways: Ways,
}

impl Knowledge {
    /// What is part of this crate.
    ///
    /// # Errors
    /// A data file of the crate that cannot be read; a test sees to it that there is none.
    pub fn builtin() -> Result<Knowledge> {
        Knowledge::new(Lexicon::builtin()?, BrandTable::builtin()?)
    }

    /// The knowledge of these terms and brands.
    ///
    /// # Errors
    /// A data file of the crate that cannot be read, as of [`Knowledge::builtin`].
    pub fn new(lexicon: Lexicon, brands: BrandTable) -> Result<Knowledge> {
        let matcher = Matcher::new(&lexicon)?;
        let vocabulary = vocabulary(&lexicon, &brands);
        let categories =
            Categories::parse("categories.csv", include_str!("../lexicon/categories.csv"))?;
        Ok(Knowledge {
            lexicon,
            matcher,
            brands: BrandFinder::new(brands),
            categories,
            vocabulary,
            prices: PriceList::default(),
            rates: ExchangeRates::default(),
            places: Places::builtin()?,
            ways: Ways::default(),
        })
    }

    /// The same with prices of genuine goods, which outrank the list prices of listings.
    #[must_use]
    pub fn with_prices(mut self, prices: PriceList) -> Knowledge {
        self.prices = prices;
        self
    }

    /// The same with rates by which prices of different currencies are compared; without them they
    /// are kept apart.
    #[must_use]
    pub fn with_rates(mut self, rates: ExchangeRates) -> Knowledge {
        self.rates = rates;
        self
    }

    /// The same with every character of title, description, category, brand field and reviews folded
    /// the long way, and every place of them searched for characters of scripts without spaces: the
    /// same outcome, for tests and benchmarks to compare with.
    #[doc(hidden)]
    #[must_use]
    pub fn without_short_ways(mut self) -> Knowledge {
        self.ways = Ways::Long;
        self
    }

    /// Prices of genuine goods.
    pub fn prices(&self) -> &PriceList {
        &self.prices
    }

    /// Rates between currencies.
    pub fn rates(&self) -> &ExchangeRates {
        &self.rates
    }

    /// The terms.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The files that terms, brands and words of context came from.
    pub fn digests(&self) -> Vec<LexiconDigest> {
        let own = self.lexicon.digests().iter().chain(self.brands.table().digests()).cloned();
        own.chain(crate::lexicon::context_digests()).chain(places::digests()).collect()
    }

    /// What finds the terms.
    pub fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// What finds the brands.
    pub fn brands(&self) -> &BrandFinder {
        &self.brands
    }

    pub(crate) fn categories(&self) -> &Categories {
        &self.categories
    }

    pub(crate) fn places(&self) -> &Places {
        &self.places
    }

    /// Folds a text of a listing.
    pub(crate) fn fold_into(&self, folded: &mut Folded, text: &str) {
        folded.fold_by(self.ways, text);
    }

    /// Folds a text of a listing and undoes its disguises.
    pub(crate) fn restore_into(&self, folded: &mut Folded, undone: &mut Vec<Undone>, text: &str) {
        self.fold_into(folded, text);
        folded.restore_by(self.ways, text, &self.vocabulary, undone);
    }
}

/// Terms of the trade, contacts and brands are worth any effort; of claims and the like only single
/// letters are put right.
fn vocabulary(lexicon: &Lexicon, brands: &BrandTable) -> Vocabulary {
    let is_target =
        |kind: Kind| matches!(kind, Kind::Replica | Kind::Grade | Kind::Copycat | Kind::Contact);
    let terms = || lexicon.terms().iter().filter(|term| term.kind != Kind::Complaint);
    let targets = terms().filter(|term| is_target(term.kind)).map(|term| term.folded.as_str());
    let others = terms().filter(|term| !is_target(term.kind)).map(|term| term.folded.as_str());
    Vocabulary::new(targets.chain(brands.spellings()), others)
}
