//! What genuine-looking prices are: medians by brand, category, condition and currency, learned in
//! training.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;

use super::prepared::Prepared;
use super::price_list::ExchangeRates;
use crate::listing::{Cell, Column, ListingBatch};
use crate::text::Folded;

/// How many listings the parent's median weighs as against a cell's own (empirical-Bayes
/// shrinkage: a cell of `n` listings has weight n / (n + 10)).
const SHRINKAGE: f64 = 10.0;

/// Cells of fewer listings are left to their parents.
const MIN_CELL: usize = 5;

/// From the median absolute deviation to a standard deviation of a normal distribution
/// (1 / 0.6745; Rousseeuw and Croux 1993).
const MAD_TO_SD: f64 = 1.4826;

/// The least spread of log prices; below it two prices are the same for practical purposes.
const MIN_SPREAD: f64 = 0.05;

/// Price medians learned from training listings, keyed by folded brand, folded category, folded
/// condition and currency.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PriceReference {
    cells: HashMap<PriceKey, PriceCell>,
}

/// The quantiles that a cell keeps: the least price, the nine deciles and the highest price.
pub(crate) const N_QUANTILES: usize = 11;

/// What a cell of prices is about; an empty brand, category or condition stands for all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PriceKey {
    pub(crate) currency: String,
    pub(crate) brand: String,
    pub(crate) category: String,
    pub(crate) condition: String,
}

/// The prices of one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PriceCell {
    /// Listings in the cell.
    pub(crate) n: usize,
    /// Median of the natural logarithm of the price, as it is.
    pub(crate) log_median: f64,
    /// The same, shrunk towards the parent cell.
    pub(crate) log_reference: f64,
    /// Median absolute deviation of the log prices, scaled to a standard deviation and shrunk.
    pub(crate) spread: f64,
    /// Quantiles of the log prices, in order (Hyndman and Fan 1996, definition 7).
    pub(crate) quantiles: [f64; N_QUANTILES],
}

impl PriceCell {
    /// The share of the cell's prices below a log price, from 0 to 1, linear between the quantiles;
    /// of a price that many share, the middle of those that have it.
    pub(crate) fn percentile(&self, log_price: f64) -> f64 {
        let n_below = self.quantiles.partition_point(|own| *own < log_price);
        let n_to = self.quantiles.partition_point(|own| *own <= log_price);
        let last = (N_QUANTILES - 1) as f64;
        if n_to > n_below {
            return f64::midpoint(n_below as f64, (n_to - 1) as f64) / last;
        }
        match (n_below.checked_sub(1).map(|at| self.quantiles[at]), self.quantiles.get(n_below)) {
            (None, _) => 0.0,
            (_, None) => 1.0,
            (Some(low), Some(high)) => {
                ((n_below - 1) as f64 + (log_price - low) / (high - low)) / last
            }
        }
    }

    /// The cell in another currency, of which one unit of its own is worth `factor`.
    fn converted(mut self, factor: f64) -> PriceCell {
        let shift = libm::log(factor);
        self.log_median += shift;
        self.log_reference += shift;
        self.quantiles.iter_mut().for_each(|own| *own += shift);
        self
    }
}

/// Which peers a price is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peers {
    BrandCategoryAndCondition,
    BrandAndCategory,
    Brand,
    Category,
    All,
}

impl Peers {
    /// How a reason speaks of them, completing "the median of 214 listings ...".
    pub(crate) fn phrase(self) -> &'static str {
        match self {
            Peers::BrandCategoryAndCondition => "of this brand in this category and condition",
            Peers::BrandAndCategory => "of this brand in this category",
            Peers::Brand => "of this brand",
            Peers::Category => "in this category",
            Peers::All => "in this currency",
        }
    }
}

impl PriceReference {
    /// Learns the medians from the listings at `rows`.
    pub(crate) fn fit(prepared: &Prepared<'_>, rows: &[usize]) -> PriceReference {
        let keys = prepared.price_keys();
        let mut of_keys: Vec<Vec<f64>> = vec![Vec::new(); keys.ancestries.len()];
        for &row in rows {
            if let Cell::Value(price) = prepared.listings().number(Column::Price, row) {
                of_keys[keys.number(row)].push(libm::log(price));
            }
        }
        let mut prices: BTreeMap<&PriceKey, Vec<f64>> = BTreeMap::new();
        for (ancestry, own) in keys.ancestries.iter().zip(&of_keys) {
            for (_, key) in ancestry.iter().filter(|_| !own.is_empty()) {
                prices.entry(key).or_default().extend(own);
            }
        }
        let mut cells: HashMap<PriceKey, PriceCell> = HashMap::new();
        // Parents before children: fewer named parts first.
        let mut keys: Vec<&PriceKey> = prices.keys().copied().collect();
        keys.sort_by_key(|key| (n_parts(key), *key));
        for key in keys {
            let values = &prices[key];
            if values.len() < MIN_CELL {
                continue;
            }
            let quantiles = quantiles(values);
            let log_median = median(values.clone());
            let deviations = values.iter().map(|value| (value - log_median).abs()).collect();
            let spread = (median(deviations) * MAD_TO_SD).max(MIN_SPREAD);
            let parent = ancestry(key).skip(1).find_map(|(_, key)| cells.get(&key));
            let n = values.len();
            let weight = n as f64 / (n as f64 + SHRINKAGE);
            let cell = match parent {
                None => PriceCell { n, log_median, log_reference: log_median, spread, quantiles },
                Some(parent) => PriceCell {
                    n,
                    log_median,
                    log_reference: weight * log_median + (1.0 - weight) * parent.log_reference,
                    spread: weight * spread + (1.0 - weight) * parent.spread,
                    quantiles,
                },
            };
            cells.insert(key.clone(), cell);
        }
        PriceReference { cells }
    }

    /// The narrowest cell that knows the prices of a listing's peers, in its own currency; where there is
    /// none and rates are known, that of the currency with most listings, converted.
    pub(crate) fn peers(&self, prepared: &Prepared<'_>, row: usize) -> Option<(Peers, PriceCell)> {
        self.peers_of(prepared.price_keys().ancestry(row), prepared.knowledge().rates())
    }

    /// The same for each different key of a batch, to be looked up by [`PriceKeys::number`].
    pub(crate) fn of_keys(&self, prepared: &Prepared<'_>) -> Vec<Option<(Peers, PriceCell)>> {
        let rates = prepared.knowledge().rates();
        let ancestries = prepared.price_keys().ancestries.iter();
        ancestries.map(|ancestry| self.peers_of(ancestry, rates)).collect()
    }

    fn peers_of(
        &self,
        ancestry: &[(Peers, PriceKey)],
        rates: &ExchangeRates,
    ) -> Option<(Peers, PriceCell)> {
        if self.cells.is_empty() {
            return None;
        }
        let own = |(peers, key): &(Peers, PriceKey)| Some((*peers, *self.cells.get(key)?));
        ancestry.iter().find_map(own).or_else(|| {
            let currency = &ancestry.first()?.1.currency;
            if rates.is_empty() || currency.is_empty() {
                return None;
            }
            let (from, factor) = self
                .currencies()
                .into_iter()
                .find_map(|code| Some((code, rates.factor(code, currency)?)))?;
            let converted = |(peers, key): &(Peers, PriceKey)| {
                let key = PriceKey { currency: from.to_owned(), ..key.clone() };
                Some((*peers, self.cells.get(&key)?.converted(factor)))
            };
            ancestry.iter().find_map(converted)
        })
    }

    /// The currencies of the cells, those with most listings first.
    fn currencies(&self) -> Vec<&str> {
        let all = self.cells.iter().filter(|(key, _)| n_parts(key) == 0);
        let mut all: Vec<(usize, &str)> =
            all.map(|(key, cell)| (cell.n, key.currency.as_str())).collect();
        all.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        all.into_iter().map(|(_, code)| code).collect()
    }

    /// The cells in the order of their keys.
    pub(crate) fn sorted(&self) -> Vec<(&PriceKey, PriceCell)> {
        let mut sorted: Vec<_> = self.cells.iter().map(|(key, cell)| (key, *cell)).collect();
        sorted.sort_by_key(|(key, _)| *key);
        sorted
    }

    /// The reference of these cells.
    pub(crate) fn from_cells(cells: impl IntoIterator<Item = (PriceKey, PriceCell)>) -> Self {
        PriceReference { cells: cells.into_iter().collect() }
    }
}

/// The cells that the listings of a batch belong to; most listings share theirs with others.
#[derive(Debug, Default)]
pub(crate) struct PriceKeys {
    numbers: HashMap<PriceKey, u32, RandomState>,
    /// The key of the next listing.
    next: PriceKey,
    /// The cells of each different key, narrowest first.
    ancestries: Vec<Vec<(Peers, PriceKey)>>,
    /// The number of each listing's key.
    of_rows: Vec<u32>,
}

impl PriceKeys {
    /// Notes the next listing, the row `row` of a batch, with its brand and its category folded.
    pub(crate) fn push(
        &mut self,
        listings: &ListingBatch,
        row: usize,
        brand: &Folded,
        category: &Folded,
    ) {
        let text = |column| listings.text(column, row).value();
        let key = &mut self.next;
        key.currency.clear();
        key.currency.extend(
            text(Column::Currency).unwrap_or_default().trim().chars().flat_map(char::to_uppercase),
        );
        brand.as_str().clone_into(&mut key.brand);
        category.as_str().clone_into(&mut key.category);
        key.condition = text(Column::Condition).map(crate::text::folded_string).unwrap_or_default();
        let number = if let Some(number) = self.numbers.get(key) {
            *number
        } else {
            let number = self.ancestries.len() as u32;
            self.ancestries.push(ancestry(key).collect());
            self.numbers.insert(key.clone(), number);
            number
        };
        self.of_rows.push(number);
    }

    /// The number of a listing's key.
    pub(crate) fn number(&self, row: usize) -> usize {
        self.of_rows[row] as usize
    }

    fn ancestry(&self, row: usize) -> &[(Peers, PriceKey)] {
        &self.ancestries[self.number(row)]
    }
}

fn n_parts(key: &PriceKey) -> usize {
    [&key.brand, &key.category, &key.condition].iter().filter(|part| !part.is_empty()).count()
}

/// The cells that a listing of this key belongs to, narrowest first.
fn ancestry(key: &PriceKey) -> impl Iterator<Item = (Peers, PriceKey)> {
    [
        (Peers::BrandCategoryAndCondition, [true, true, true]),
        (Peers::BrandAndCategory, [true, true, false]),
        (Peers::Brand, [true, false, false]),
        (Peers::Category, [false, true, false]),
        (Peers::All, [false, false, false]),
    ]
    .into_iter()
    .filter_map(|(peers, [brand, category, condition])| {
        let part = |is_named: bool, own: &String| {
            let own = if is_named { own.clone() } else { String::new() };
            (is_named != own.is_empty()).then_some(own)
        };
        let brand = part(brand, &key.brand)?;
        let category = part(category, &key.category)?;
        let condition = part(condition, &key.condition)?;
        Some((peers, PriceKey { currency: key.currency.clone(), brand, category, condition }))
    })
}

/// The quantiles of a list that is not empty, linear between its values.
fn quantiles(values: &[f64]) -> [f64; N_QUANTILES] {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    std::array::from_fn(|at| {
        let place = at as f64 / (N_QUANTILES - 1) as f64 * (sorted.len() - 1) as f64;
        let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
        low + (high - low) * place.fract()
    })
}

/// The median of a list that is not empty: of two middle values, their mean.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() % 2 {
        1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Knowledge;
    use crate::listing::{Listing, ListingBatch};

    fn listing(brand: &str, category: &str, price: f64) -> Listing {
        Listing {
            brand: Some(brand.into()),
            category: Some(category.into()),
            currency: Some("EUR".into()),
            price: Some(price),
            ..Listing::new("1", "t")
        }
    }

    #[test]
    fn the_narrowest_cell_with_five_listings_is_the_reference() {
        let mut listings: Vec<Listing> =
            [80.0, 90.0, 100.0, 110.0, 120.0].map(|p| listing("Velmora", "Bags", p)).into();
        listings.push(listing("Velmora", "Shoes", 50.0));
        listings.push(listing("Other", "Hats", 10.0));
        let batch = ListingBatch::from_listings(&listings);
        let knowledge = Knowledge::builtin().unwrap();
        let prepared = Prepared::new(&batch, &knowledge, None);
        let reference = PriceReference::fit(&prepared, &[0, 1, 2, 3, 4, 5, 6]);

        let (peers, cell) = reference.peers(&prepared, 0).unwrap();
        assert_eq!((peers, cell.n), (Peers::BrandAndCategory, 5));
        assert!((cell.log_median - libm::log(100.0)).abs() < 1e-12);
        // The cell (n 5) leans on the brand (n 6, median sqrt(90 * 100)), which leans on all
        // (n 7, median 90), each with weight n / (n + 10).
        let all = libm::log(90.0);
        let brand = 6.0 / 16.0 * libm::log(9000.0) / 2.0 + 10.0 / 16.0 * all;
        let expected = 5.0 / 15.0 * libm::log(100.0) + 10.0 / 15.0 * brand;
        assert!((cell.log_reference - expected).abs() < 1e-12);

        assert_eq!(reference.peers(&prepared, 5).unwrap().0, Peers::Brand);
        assert_eq!(reference.peers(&prepared, 6).unwrap().0, Peers::All);
    }

    #[test]
    fn another_currency_has_no_reference() {
        let euro: Vec<Listing> = vec![listing("Velmora", "Bags", 80.0); 6];
        let batch = ListingBatch::from_listings(&euro);
        let knowledge = Knowledge::builtin().unwrap();
        let prepared = Prepared::new(&batch, &knowledge, None);
        let reference = PriceReference::fit(&prepared, &[0, 1, 2, 3, 4, 5]);
        let mut other = listing("Velmora", "Bags", 80.0);
        other.currency = Some("JPY".into());
        let batch = ListingBatch::from_listings(&[other]);
        assert!(reference.peers(&Prepared::new(&batch, &knowledge, None), 0).is_none());
    }

    #[test]
    fn with_rates_another_currency_is_converted() {
        let euro: Vec<Listing> = vec![listing("Velmora", "Bags", 80.0); 6];
        let batch = ListingBatch::from_listings(&euro);
        let rates = "currency,rate\nEUR,1\nUSD,0.8\n";
        let rates = ExchangeRates::from_csv("f.csv", rates).unwrap();
        let knowledge = Knowledge::builtin().unwrap().with_rates(rates);
        let prepared = Prepared::new(&batch, &knowledge, None);
        let reference = PriceReference::fit(&prepared, &[0, 1, 2, 3, 4, 5]);
        let mut other = listing("Velmora", "Bags", 50.0);
        other.currency = Some("USD".into());
        let batch = ListingBatch::from_listings(&[other]);
        let (_, cell) = reference.peers(&Prepared::new(&batch, &knowledge, None), 0).unwrap();
        // 80 EUR are 100 USD.
        assert!((cell.log_median - libm::log(100.0)).abs() < 1e-12);
    }

    #[test]
    fn a_condition_has_prices_of_its_own() {
        let used =
            |price| Listing { condition: Some("Used".into()), ..listing("Velmora", "Bags", price) };
        let new = |price| Listing { condition: Some("new".into()), ..used(price) };
        let mut listings: Vec<Listing> = [50.0; 5].map(used).into();
        listings.extend([200.0; 5].map(new));
        listings.push(listing("Velmora", "Bags", 200.0));
        listings.push(Listing { condition: Some("parts".into()), ..used(5.0) });
        let batch = ListingBatch::from_listings(&listings);
        let knowledge = Knowledge::builtin().unwrap();
        let prepared = Prepared::new(&batch, &knowledge, None);
        let rows: Vec<usize> = (0..listings.len()).collect();
        let reference = PriceReference::fit(&prepared, &rows);
        let peers = |row| reference.peers(&prepared, row).unwrap();
        let (which, cell) = peers(0);
        assert_eq!((which, cell.n), (Peers::BrandCategoryAndCondition, 5));
        assert_eq!(cell.log_median, libm::log(50.0));
        assert_eq!(peers(5).1.log_median, libm::log(200.0));
        assert_eq!((peers(10).0, peers(10).1.n), (Peers::BrandAndCategory, 12));
        assert_eq!(peers(11).0, Peers::BrandAndCategory, "one listing is no cell");
    }

    #[test]
    fn a_percentile_is_linear_between_quantiles() {
        // numpy.quantile([1, 2, 3, 4, 5], [0, .1, ..., 1]) is 1, 1.4, 1.8, ... 5.
        let cell = |values: &[f64]| PriceCell {
            n: values.len(),
            log_median: 0.0,
            log_reference: 0.0,
            spread: 1.0,
            quantiles: quantiles(values),
        };
        let own = cell(&[3.0, 1.0, 5.0, 2.0, 4.0]);
        assert!((own.quantiles[1] - 1.4).abs() < 1e-12);
        for (price, expected) in
            [(0.5, 0.0), (1.0, 0.0), (2.0, 0.25), (3.0, 0.5), (4.5, 0.875), (5.0, 1.0), (9.0, 1.0)]
        {
            let found = own.percentile(price);
            assert!((found - expected).abs() < 1e-12, "{price}: {found}");
        }
        assert_eq!(cell(&[2.0; 6]).percentile(2.0), 0.5);
        assert!((own.converted(2.0).percentile(3.0 + libm::log(2.0)) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn the_median_of_an_even_count_is_the_mean_of_the_middle_two() {
        assert_eq!(median(vec![4.0, 1.0, 3.0, 2.0]), 2.5);
        assert_eq!(median(vec![9.0, 1.0, 3.0]), 3.0);
    }
}
