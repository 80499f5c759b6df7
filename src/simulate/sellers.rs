//! Who sells: when they registered, what they are like, and how much they list.

use super::catalog::BRANDS;
use super::dice::Dice;
use super::vocabulary::Language;

/// First day on which a listing goes live: 2024-01-01, in days since 1970-01-01.
pub(crate) const FIRST_DAY: f64 = 19_723.0;
/// Last day on which a listing goes live: 2025-12-31, in days since 1970-01-01.
pub(crate) const LAST_DAY: f64 = 20_453.0;

/// Share of sellers whose listings look like counterfeits: about a seventh of the sellers of a
/// marketplace whose decisions were published sold nothing else.
const SHADY_SHARE: f64 = 0.12;
/// Median age of a shady and of an honest seller, in days, as in the same data.
const MEDIAN_AGE: (f64, f64) = (318.0, 630.0);
/// Share of the trader's details that a shady and that an honest seller leaves empty.
const TRADER_GAPS: (f64, f64) = (0.4, 0.08);
/// Standard deviation of the logarithm of a seller's age.
const AGE_SPREAD: f64 = 0.9;
/// No marketplace is older than this, in days.
const MAX_AGE: f64 = 7_000.0;
/// Standard deviation of the logarithm of the listings per seller; 1.5 gives the largest hundredth
/// of the sellers about a fifth of all listings.
const SIZE_SPREAD: f64 = 1.5;

/// A seller. Nothing here decides a label but through the listings' own values and `effect`.
pub(crate) struct Seller {
    /// Identifier in the export.
    pub(crate) id: String,
    /// Name of the shop.
    pub(crate) name: String,
    /// The latent type, which shapes the attributes of the listings.
    pub(crate) is_shady: bool,
    /// Language of all texts of this seller.
    pub(crate) language: Language,
    /// ISO 3166-1 code.
    pub(crate) country: &'static str,
    /// Positions in [`BRANDS`] of the brands on sale.
    pub(crate) brands: Vec<usize>,
    /// When the seller registered, in days since 1970-01-01.
    pub(crate) registered_at: f64,
    /// Ratings received.
    pub(crate) feedback_count: f64,
    /// Average rating on 1 to 5, before it is rounded.
    pub(crate) rating: f64,
    /// What is known of the trader behind the seller.
    pub(crate) trader: Trader,
    /// What the seller adds to the log-odds that no column shows, in standard deviations.
    pub(crate) effect: f64,
    /// Listings in the market.
    pub(crate) n_listings: usize,
    /// Middle of the time in which the seller lists, in days since 1970-01-01.
    middle_day: f64,
    /// Half the length of that time, in days.
    half_span: f64,
}

/// The trader behind a seller; what is not stated is empty.
pub(crate) struct Trader {
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) registration: String,
    pub(crate) email: String,
}

impl Trader {
    /// The trader behind the seller of this number.
    pub(crate) fn draw(number: usize, is_shady: bool, dice: &mut Dice) -> Trader {
        let gap = if is_shady { TRADER_GAPS.0 } else { TRADER_GAPS.1 };
        let mut stated = |text: String| if dice.chance(gap) { String::new() } else { text };
        Trader {
            name: stated(format!("Trader {number}")),
            address: stated(format!("{number} Market Road")),
            registration: stated(format!("REG{number:06}")),
            email: stated(format!("shop@trader{number}.example")),
        }
    }
}

impl Seller {
    /// When the next listing of this seller goes live, in whole days since 1970-01-01.
    pub(crate) fn draw_listing_day(&self, dice: &mut Dice) -> f64 {
        let offset = self.half_span * (2.0 * dice.unit() - 1.0);
        (self.middle_day + offset).round().clamp(FIRST_DAY, LAST_DAY).max(self.registered_at)
    }
}

/// Sellers who have `n_listings` listings together and `mean_size` each on average, which is at
/// least 1. `languages` is not empty.
pub(crate) fn draw_sellers(
    n_listings: usize,
    mean_size: f64,
    languages: &[Language],
    dice: &mut Dice,
) -> Vec<Seller> {
    let mut sellers = Vec::new();
    let mut left = n_listings;
    while left > 0 {
        let size = draw_size(mean_size, dice).min(left);
        left -= size;
        sellers.push(draw_seller(sellers.len() + 1, size, languages, dice));
    }
    sellers
}

/// One listing and a log-normal number of further ones, rounded at random so that the mean stays.
fn draw_size(mean_size: f64, dice: &mut Dice) -> usize {
    let median = (mean_size - 1.0) * libm::exp(-SIZE_SPREAD * SIZE_SPREAD / 2.0);
    1 + (dice.log_normal(median, SIZE_SPREAD) + dice.unit()).floor() as usize
}

fn draw_seller(
    number: usize,
    n_listings: usize,
    languages: &[Language],
    dice: &mut Dice,
) -> Seller {
    let is_shady = dice.chance(SHADY_SHARE);
    let median_age = if is_shady { MEDIAN_AGE.0 } else { MEDIAN_AGE.1 };
    let age = dice.log_normal(median_age, AGE_SPREAD).min(MAX_AGE).round();
    let middle_day = (FIRST_DAY + dice.unit() * (LAST_DAY - FIRST_DAY)).round();
    let (mean_rating, rating_spread) = if is_shady { (4.0, 0.55) } else { (4.5, 0.35) };
    let language = *dice.pick(languages);
    let n_brands = 1 + dice.below(4) + if is_shady { 2 } else { 0 };
    Seller {
        id: format!("S{number:05}"),
        name: draw_name(dice),
        is_shady,
        language,
        country: dice.pick::<&str>(language.countries()),
        brands: (0..n_brands).map(|_| dice.below(BRANDS.len())).collect(),
        registered_at: middle_day - age,
        feedback_count: dice.log_normal(1.0 + 0.3 * age, 1.0).floor(),
        rating: (mean_rating + rating_spread * dice.normal()).clamp(1.0, 5.0),
        trader: Trader::draw(number, is_shady, dice),
        effect: dice.normal(),
        n_listings,
        middle_day,
        half_span: (0.5 * age).min(180.0),
    }
}

fn draw_name(dice: &mut Dice) -> String {
    const FIRST: &[&str] = &[
        "Harbor", "Juniper", "Lantern", "Meadow", "Nimbus", "Pebble", "Quarry", "Saffron",
        "Thistle", "Willow", "Cedar", "Ember", "Falcon", "Granite", "Indigo", "Maple",
    ];
    const SECOND: &[&str] =
        &["Lane", "Corner", "Street", "Yard", "Bridge", "Garden", "Square", "Hill", "Dock", "Row"];
    const THIRD: &[&str] = &["Goods", "Trading", "Bazaar", "Closet", "Depot", "Wares"];
    format!("{} {} {}", dice.pick(FIRST), dice.pick(SECOND), dice.pick(THIRD))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listings_are_shared_out_with_a_heavy_tail_and_the_mean_asked_for() {
        let sellers = draw_sellers(80_000, 8.0, &[Language::En], &mut Dice::new(1));
        let total: usize = sellers.iter().map(|seller| seller.n_listings).sum();
        assert_eq!(total, 80_000);
        // The standard deviation of one size is 7 sqrt(e^2.25 - 1) = 20.4, of the mean of 10,000
        // sellers 0.2; four of them either side.
        let mean = total as f64 / sellers.len() as f64;
        assert!((7.2..8.8).contains(&mean), "{mean}");
        let mut sizes: Vec<usize> = sellers.iter().map(|seller| seller.n_listings).collect();
        sizes.sort_unstable();
        let median = sizes[sizes.len() / 2];
        assert!(median <= 4, "{median}");
        assert!(sizes[sizes.len() - 1] > 100);
    }

    #[test]
    fn a_mean_of_one_gives_every_seller_one_listing() {
        let sellers = draw_sellers(500, 1.0, &[Language::Ru], &mut Dice::new(1));
        assert_eq!(sellers.len(), 500);
    }

    #[test]
    fn nobody_lists_before_registering() {
        let mut dice = Dice::new(2);
        for seller in draw_sellers(5_000, 2.0, &Language::ALL, &mut dice) {
            let day = seller.draw_listing_day(&mut dice);
            assert!(day >= seller.registered_at);
            assert!((FIRST_DAY..=LAST_DAY).contains(&day));
        }
    }
}
