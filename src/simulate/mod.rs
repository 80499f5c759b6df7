//! A marketplace with known truth, for demonstrations and tests.
//!
//! The attributes of all listings are drawn first; the latent type of a seller shapes attributes
//! and nothing else. Each label is then drawn with probability sigmoid(log-odds), the log-odds
//! being a linear function of the listing's own values ([`Truth`]). A logistic regression on the
//! same values therefore estimates the true coefficients, whatever the attributes' distribution.
//! Two further markets ask for more: one whose log-odds bend ([`EffectSet::nonlinear`]), and one
//! whose listings hold slang that no lexicon knows (`slang` in [`EffectSet::only`]).
//!
//! Medians and shares follow published moderation decisions of a large marketplace: listing age 9
//! days against 146, seller age 318 against 630, 41 % without a brand, sellers with very unequal
//! numbers of listings, counterfeits clustered in sellers. Brands and sellers are invented, prices
//! are in the currency XTS, which ISO 4217 keeps for tests.

mod bent;
mod catalog;
mod default_model;
mod dice;
mod export;
mod market;
mod sellers;
mod slang;
mod text;
mod truth;
mod vocabulary;

pub use default_model::{DEFAULT_MODEL_NOTE, train_default_model};
pub use truth::{Effect, EffectSet, Truth};
pub use vocabulary::Language;

use crate::brands::BrandTable;
use crate::error::{ErrorKind, Result, excerpt};
use crate::features::Knowledge;
use crate::lexicon::Lexicon;
use crate::listing::Listing;
use dice::Dice;

/// The knowledge that is part of this crate, with the invented brands of the simulated markets beside
/// the brands of the trade. Without them no signal sees that a market's title misspells a brand.
///
/// # Errors
/// None in a build whose tests passed.
pub fn knowledge() -> Result<Knowledge> {
    let names = catalog::BRANDS.iter().map(|brand| brand.name);
    let table = std::iter::once("# version: 1\nbrand").chain(names).collect::<Vec<_>>().join("\n");
    let mut brands = BrandTable::builtin()?;
    brands.merge(BrandTable::from_csv("simulated brands", "simulated", &table)?);
    Knowledge::new(Lexicon::builtin()?, brands)
}

/// The most listings that one market has; they are all held in memory.
const MAX_LISTINGS: usize = 10_000_000;

/// What market to simulate.
#[derive(Clone, Debug, PartialEq)]
pub struct MarketSpec {
    /// How many listings.
    pub n_listings: usize,
    /// Seed of all draws: the same specification gives the same market.
    pub seed: u64,
    /// Expected share of counterfeits before label noise, between 0 and 1; the intercept is solved
    /// to meet it.
    pub base_rate: f64,
    /// Languages of the sellers, each with the same probability.
    pub languages: Vec<Language>,
    /// Mean number of listings of a seller, at least 1. Their distribution has a heavy tail.
    pub listings_per_seller: f64,
    /// Share of labels that are turned over at random, from 0 to below 0.5.
    pub label_noise: f64,
    /// Standard deviation of what a seller adds to the log-odds of all own listings and no column
    /// shows.
    pub seller_effect: f64,
    /// Which effects exist.
    pub effects: EffectSet,
}

impl Default for MarketSpec {
    /// 10,000 listings in five languages, 6.6 % of them counterfeit, 8 for each seller on average,
    /// 2 % of the labels turned over.
    fn default() -> Self {
        MarketSpec {
            n_listings: 10_000,
            seed: 0,
            base_rate: 0.066,
            languages: Language::ALL.to_vec(),
            listings_per_seller: 8.0,
            label_noise: 0.02,
            seller_effect: 0.0,
            effects: EffectSet::default(),
        }
    }
}

impl MarketSpec {
    /// The specification, once every value makes sense.
    ///
    /// # Errors
    /// [`ErrorKind::Option`] naming the option, what it takes and what it was given.
    pub fn check(self) -> Result<ValidMarketSpec> {
        require(
            (1..=MAX_LISTINGS).contains(&self.n_listings),
            "--rows",
            "a whole number from 1 to 10000000",
            self.n_listings,
        )?;
        require(
            self.base_rate > 0.0 && self.base_rate < 1.0,
            "--base-rate",
            "a share between 0 and 1",
            self.base_rate,
        )?;
        require(!self.languages.is_empty(), "--languages", "at least one language", "none")?;
        require(
            (1.0..=MAX_LISTINGS as f64).contains(&self.listings_per_seller),
            "--listings-per-seller",
            "a number from 1 to 10000000",
            self.listings_per_seller,
        )?;
        require(
            (0.0..0.5).contains(&self.label_noise),
            "--label-noise",
            "a share from 0 to below 0.5",
            self.label_noise,
        )?;
        require(
            self.seller_effect >= 0.0 && self.seller_effect.is_finite(),
            "--seller-effect",
            "a number that is zero or more",
            self.seller_effect,
        )?;
        Ok(ValidMarketSpec(self))
    }
}

/// A specification whose values have been checked.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidMarketSpec(MarketSpec);

impl ValidMarketSpec {
    /// Draws the market.
    pub fn simulate(&self) -> Market {
        let spec = &self.0;
        let mut dice = Dice::new(spec.seed);
        let (mut drafts, sellers) = market::draw_listings(
            spec.n_listings,
            spec.listings_per_seller,
            &spec.languages,
            &mut dice,
        );
        if spec.effects.has_slang() {
            slang::write(&mut drafts, sellers.len(), spec.seed);
        }
        let mut log_odds = spec.effects.log_odds(&drafts);
        for (own, draft) in log_odds.iter_mut().zip(&drafts) {
            *own += spec.seller_effect * sellers[draft.seller].effect;
        }
        let intercept = truth::solve_intercept(&log_odds, spec.base_rate);
        for own in &mut log_odds {
            *own += intercept;
        }
        let is_counterfeit = log_odds
            .iter()
            .map(|own| dice.chance(truth::sigmoid(*own)) ^ dice.chance(spec.label_noise))
            .collect();
        Market {
            listings: drafts.into_iter().map(|draft| draft.listing).collect(),
            is_counterfeit,
            truth: Truth { intercept, effects: spec.effects.effects() },
            log_odds,
            label_noise: spec.label_noise,
        }
    }
}

/// A simulated market; its vectors have one element for each listing, in the same order.
#[derive(Clone, Debug)]
pub struct Market {
    /// The listings, in the order in which they went live.
    pub listings: Vec<Listing>,
    /// The labels, some of them turned over at random.
    pub is_counterfeit: Vec<bool>,
    /// What decided the labels.
    pub truth: Truth,
    /// True log-odds of each listing, with the effect of its seller.
    pub log_odds: Vec<f64>,
    /// Share of labels that are turned over at random.
    pub label_noise: f64,
}

impl Market {
    /// The probability with which the label of each listing says counterfeit, labels that are turned
    /// over included: nothing that is learned from labels ranks better or is better calibrated.
    pub fn true_probabilities(&self) -> Vec<f64> {
        let noise = self.label_noise;
        let labeled = |own: &f64| {
            let p = truth::sigmoid(*own);
            p * (1.0 - noise) + (1.0 - p) * noise
        };
        self.log_odds.iter().map(labeled).collect()
    }
}

fn require(holds: bool, option: &'static str, expected: &str, found: impl ToString) -> Result<()> {
    if holds {
        return Ok(());
    }
    Err(ErrorKind::Option { option, expected: expected.into(), found: excerpt(&found.to_string()) }
        .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn simulate(spec: MarketSpec) -> Market {
        spec.check().expect("a valid specification").simulate()
    }

    fn median_by_label(market: &Market, value: impl Fn(&Listing) -> Option<f64>) -> (f64, f64) {
        let median = |label: bool| {
            let mut values: Vec<f64> = market
                .listings
                .iter()
                .zip(&market.is_counterfeit)
                .filter(|(_, own)| **own == label)
                .filter_map(|(listing, _)| value(listing))
                .collect();
            values.sort_unstable_by(f64::total_cmp);
            values[values.len() / 2]
        };
        (median(true), median(false))
    }

    fn csv(spec: MarketSpec) -> Vec<u8> {
        let mut bytes = Vec::new();
        simulate(spec).write_csv(&mut bytes).expect("memory takes all");
        bytes
    }

    #[test]
    fn a_specification_gives_the_same_bytes_again_and_another_seed_others() {
        let spec = |seed| MarketSpec { n_listings: 1_000, seed, ..MarketSpec::default() };
        assert_eq!(csv(spec(7)), csv(spec(7)));
        assert_ne!(csv(spec(7)), csv(spec(8)));
    }

    #[test]
    fn the_base_rate_is_met_before_noise_and_noise_is_added_to_it() {
        let spec = MarketSpec { n_listings: 20_000, label_noise: 0.0, ..MarketSpec::default() };
        let share = |market: &Market| {
            let n = market.is_counterfeit.iter().filter(|own| **own).count();
            n as f64 / market.is_counterfeit.len() as f64
        };
        // The mean of 20,000 Bernoulli draws around 0.066 has a standard deviation of at most
        // 0.0018; four of them either side.
        let quiet = simulate(spec.clone());
        assert_eq!(quiet.listings.len(), 20_000);
        assert!((share(&quiet) - 0.066).abs() < 0.0072, "{}", share(&quiet));
        // With a tenth turned over: 0.066 x 0.9 + 0.934 x 0.1 = 0.1528, standard deviation 0.0025.
        let noisy = simulate(MarketSpec { label_noise: 0.1, ..spec });
        assert!((share(&noisy) - 0.1528).abs() < 0.0102, "{}", share(&noisy));
    }

    #[test]
    fn counterfeits_are_younger_and_so_are_their_sellers() {
        let market = simulate(MarketSpec::default());
        let (fake, genuine) = median_by_label(&market, |own| own.listing_age_days);
        assert!(fake < genuine / 3.0, "{fake} against {genuine}");
        let (fake, genuine) = median_by_label(&market, |own| own.seller_age_days);
        assert!(fake < genuine, "{fake} against {genuine}");
    }

    #[test]
    fn effects_change_labels_and_never_attributes() {
        let all = simulate(MarketSpec::default());
        let none = simulate(MarketSpec {
            effects: EffectSet::none(),
            seller_effect: 1.0,
            ..MarketSpec::default()
        });
        assert_eq!(format!("{:?}", all.listings), format!("{:?}", none.listings));
        assert_ne!(all.is_counterfeit, none.is_counterfeit);
        assert!(none.truth.effects.iter().all(|effect| effect.coefficient == 0.0));
    }

    #[test]
    fn bent_effects_change_labels_and_slang_adds_words_and_changes_nothing_else() {
        let spec = |effects| MarketSpec { n_listings: 2_000, effects, ..MarketSpec::default() };
        let all = simulate(spec(EffectSet::default()));
        let bent = simulate(spec(EffectSet::nonlinear()));
        assert_eq!(format!("{:?}", all.listings), format!("{:?}", bent.listings));
        assert_ne!(all.is_counterfeit, bent.is_counterfeit);
        let slang = simulate(spec(EffectSet::only(&["slang"]).expect("known")));
        let text = |own: &Option<String>| own.clone().unwrap_or_default();
        let mut n_longer = 0;
        for (own, plain) in slang.listings.iter().zip(&all.listings) {
            assert!(own.title.starts_with(&plain.title));
            assert!(text(&own.description).starts_with(&text(&plain.description)));
            n_longer += usize::from(own.title != plain.title);
            let bare = Listing {
                title: plain.title.clone(),
                description: plain.description.clone(),
                ..own.clone()
            };
            assert_eq!(format!("{bare:?}"), format!("{plain:?}"));
        }
        assert!(n_longer > 1_000, "{n_longer}");
    }

    #[test]
    fn a_true_probability_is_that_of_a_label_with_noise() {
        let market = Market {
            listings: Vec::new(),
            is_counterfeit: Vec::new(),
            truth: Truth { intercept: 0.0, effects: Vec::new() },
            log_odds: vec![0.0, libm::log(3.0)],
            label_noise: 0.1,
        };
        // 0.5 x 0.9 + 0.5 x 0.1 = 0.5; 0.75 x 0.9 + 0.25 x 0.1 = 0.7.
        let expected = [0.5, 0.7];
        for (found, expected) in market.true_probabilities().iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found}");
        }
    }

    #[test]
    fn without_effects_the_log_odds_are_those_of_the_base_rate() {
        let market = simulate(MarketSpec {
            base_rate: 0.2,
            effects: EffectSet::none(),
            ..MarketSpec::default()
        });
        // ln(0.2 / 0.8) = -1.3862943611.
        assert!(market.log_odds.iter().all(|own| (own + 1.386_294_361_1).abs() < 1e-9));
    }

    #[test]
    fn a_value_that_makes_no_sense_is_refused_by_the_name_of_its_option() {
        let base = MarketSpec::default();
        let wrong = [
            ("--rows", MarketSpec { n_listings: 0, ..base.clone() }),
            ("--base-rate", MarketSpec { base_rate: 1.0, ..base.clone() }),
            ("--languages", MarketSpec { languages: vec![], ..base.clone() }),
            ("--listings-per-seller", MarketSpec { listings_per_seller: 0.5, ..base.clone() }),
            ("--label-noise", MarketSpec { label_noise: f64::NAN, ..base.clone() }),
            ("--seller-effect", MarketSpec { seller_effect: f64::INFINITY, ..base }),
        ];
        for (option, spec) in wrong {
            let message = spec.check().map_err(|error| error.to_string());
            assert!(message.is_err_and(|text| text.starts_with(&format!("{option}: "))));
        }
    }

    #[test]
    fn a_market_of_one_listing_can_be_drawn() {
        let market = simulate(MarketSpec { n_listings: 1, ..MarketSpec::default() });
        assert_eq!(market.listings.len(), 1);
        // A single listing is counterfeit with the base rate: ln(0.066 / 0.934) = -2.6498613...
        let expected = libm::log(0.066 / 0.934);
        assert!((market.log_odds[0] - expected).abs() < 1e-9);
    }
}
