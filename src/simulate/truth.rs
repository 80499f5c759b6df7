//! The true log-odds: a linear function of what a listing's values say.

use std::collections::HashMap;
use std::fmt;

use super::bent::BENT;
use super::market::{Draft, check_digit};
use super::slang;
use super::text::TextClass;
use crate::error::{Error, ErrorKind, Result, excerpt};
use crate::listing::{COLUMNS, Column, Listing};

/// One term of the true log-odds.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The signal it acts on.
    pub signal: &'static str,
    /// Log-odds that one unit adds; 0 when the effect is switched off.
    pub coefficient: f64,
    /// What one unit is.
    pub unit: &'static str,
}

/// What decides the labels. Its `Display` is a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// Log-odds of a listing whose signals are all 0.
    pub intercept: f64,
    /// All effects, those that are switched off with coefficient 0.
    pub effects: Vec<Effect>,
}

impl fmt::Display for Truth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<28} {:>11}  per unit of", "signal", "coefficient")?;
        writeln!(f, "{:<28} {:>11.4}", "(intercept)", self.intercept)?;
        for effect in &self.effects {
            writeln!(f, "{:<28} {:>11.4}  {}", effect.signal, effect.coefficient, effect.unit)?;
        }
        Ok(())
    }
}

/// Which effects exist, and how strong they are. The default is all of them as documented.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectSet {
    shape: Shape,
    /// In the order of the table of the shape.
    coefficients: Vec<f64>,
    /// Whether listings hold slang, which decides labels too.
    slang: bool,
}

/// What the log-odds are a linear function of.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    /// The values that signals have: [`EFFECTS`].
    Straight,
    /// Bent functions of them: [`BENT`].
    Bent,
}

impl Shape {
    fn table(self) -> &'static [KnownEffect] {
        match self {
            Shape::Straight => EFFECTS,
            Shape::Bent => BENT,
        }
    }
}

impl Default for EffectSet {
    fn default() -> Self {
        EffectSet::all_of(Shape::Straight)
    }
}

impl EffectSet {
    fn all_of(shape: Shape) -> Self {
        let coefficients = shape.table().iter().map(|own| own.coefficient).collect();
        EffectSet { shape, coefficients, slang: false }
    }

    /// No effect: every listing is counterfeit with the same probability.
    pub fn none() -> Self {
        EffectSet { shape: Shape::Straight, coefficients: vec![0.0; EFFECTS.len()], slang: false }
    }

    /// Effects that no straight line follows: prices too low or too high, sellers younger than some
    /// days, counts that cease to matter, a low price of a new seller.
    pub fn nonlinear() -> Self {
        EffectSet::all_of(Shape::Bent)
    }

    /// These effects with their documented coefficients, and no other. With `slang` listings hold
    /// slang that no lexicon knows, and some of its words decide labels.
    ///
    /// # Errors
    /// [`ErrorKind::Option`] when no effect has such a name.
    pub fn only(signals: &[&str]) -> Result<Self> {
        let mut set = EffectSet::none();
        for signal in signals {
            if *signal == SLANG {
                set.slang = true;
                continue;
            }
            let index = position(signal)?;
            set.coefficients[index] = EFFECTS[index].coefficient;
        }
        Ok(set)
    }

    /// The same set with one effect as strong as said, in log-odds per unit; 0 switches it off. Of
    /// the straight effects only.
    ///
    /// # Errors
    /// [`ErrorKind::Option`] when no effect has such a name or the coefficient is not finite.
    pub fn with(mut self, signal: &str, coefficient: f64) -> Result<Self> {
        if !coefficient.is_finite() {
            return Err(ErrorKind::Option {
                option: OPTION,
                expected: "a finite coefficient".into(),
                found: excerpt(&coefficient.to_string()),
            }
            .into());
        }
        let index = position(signal)?;
        if self.shape != Shape::Straight {
            return Err(unknown(signal));
        }
        self.coefficients[index] = coefficient;
        Ok(self)
    }

    /// The names of all effects that can be named, in their order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        EFFECTS.iter().map(|effect| effect.signal).chain([SLANG])
    }

    /// Whether listings hold slang.
    pub(crate) fn has_slang(&self) -> bool {
        self.slang
    }

    /// The effects with these strengths, those switched off with coefficient 0.
    pub(crate) fn effects(&self) -> Vec<Effect> {
        let table = self.shape.table().iter().zip(&self.coefficients);
        let known = table.map(|(known, &coefficient)| Effect {
            signal: known.signal,
            coefficient,
            unit: known.unit,
        });
        let slang = if self.slang { slang::effects() } else { Vec::new() };
        known.chain(slang).collect()
    }

    /// What the effects add to the log-odds of each listing.
    pub(crate) fn log_odds(&self, drafts: &[Draft]) -> Vec<f64> {
        let reference = Reference::of(drafts);
        drafts
            .iter()
            .map(|draft| {
                let table = self.shape.table().iter().zip(&self.coefficients);
                let known: f64 = table
                    .filter(|(_, coefficient)| **coefficient != 0.0)
                    .map(|(known, coefficient)| coefficient * (known.value)(draft, &reference))
                    .sum();
                known + draft.slang
            })
            .collect()
    }
}

/// The intercept at which the mean probability is `base_rate`, by bisection. The sigmoid being
/// monotone, it lies between the answers for the largest and the smallest of the log-odds.
pub(crate) fn solve_intercept(log_odds: &[f64], base_rate: f64) -> f64 {
    let target = libm::log(base_rate / (1.0 - base_rate));
    let largest = log_odds.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let smallest = log_odds.iter().copied().fold(f64::INFINITY, f64::min);
    if log_odds.is_empty() {
        return target;
    }
    let (mut low, mut high) = (target - largest, target - smallest);
    // Fifty halvings of a span of some tens reach the last digits of an f64.
    for _ in 0..50 {
        let middle = low + (high - low) / 2.0;
        let sum: f64 = log_odds.iter().map(|own| sigmoid(middle + own)).sum();
        if sum < base_rate * log_odds.len() as f64 {
            low = middle;
        } else {
            high = middle;
        }
    }
    low + (high - low) / 2.0
}

/// The probability of these log-odds.
pub(crate) fn sigmoid(log_odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-log_odds))
}

/// The option that names effects, for messages.
const OPTION: &str = "--effects";
/// The effect of words that no lexicon knows.
const SLANG: &str = "slang";
/// Added to the returns as not genuine, so that a listing without sales has a rate of its own.
const FAKE_RETURN_SHRINKAGE: f64 = 0.02;

/// The same of reviews.
const FAKE_REVIEW_SHRINKAGE: f64 = 0.02;

pub(crate) struct KnownEffect {
    pub(crate) signal: &'static str,
    pub(crate) coefficient: f64,
    pub(crate) unit: &'static str,
    pub(crate) value: fn(&Draft, &Reference) -> f64,
}

/// A term that says that the goods are a copy.
pub(super) const REPLICA_TERM_CERTAIN: KnownEffect = KnownEffect {
    signal: "replica_term_certain",
    coefficient: 4.5,
    unit: "1 when title or description hold such a term, else 0",
    value: |draft, _| indicator(draft.flags.has(TextClass::ReplicaCertain)),
};

/// A contact outside the marketplace.
pub(super) const CONTACT_OFF_PLATFORM: KnownEffect = KnownEffect {
    signal: "contact_off_platform",
    coefficient: 1.5,
    unit: "1 when title or description hold one, else 0",
    value: |draft, _| indicator(draft.flags.has(TextClass::Contact)),
};

/// Every effect there is of the values that signals have.
const EFFECTS: &[KnownEffect] = &[
    KnownEffect {
        signal: "price_log_ratio",
        coefficient: -1.2,
        unit: "ln(price / list price, or else the median price of brand x category, or of the category)",
        value: |draft, reference| reference.price_log_ratio(&draft.listing),
    },
    KnownEffect {
        signal: name(Column::SellerAgeDays),
        coefficient: -0.5,
        unit: "ln(1 + days)",
        value: |draft, _| log1p(draft.listing.seller_age_days),
    },
    KnownEffect {
        signal: name(Column::ListingAgeDays),
        coefficient: -0.4,
        unit: "ln(1 + days)",
        value: |draft, _| log1p(draft.listing.listing_age_days),
    },
    KnownEffect {
        signal: name(Column::SellerRating),
        coefficient: -0.6,
        unit: "one point of 1 to 5, the mean where missing",
        value: |draft, reference| rating(&draft.listing).unwrap_or(reference.mean_rating),
    },
    KnownEffect {
        signal: "seller_rating:missing",
        coefficient: 0.3,
        unit: "1 when missing, else 0",
        value: |draft, _| indicator(rating(&draft.listing).is_none()),
    },
    REPLICA_TERM_CERTAIN,
    KnownEffect {
        signal: "replica_term_strong",
        coefficient: 2.5,
        unit: "1 when title or description hold such a term, else 0",
        value: |draft, _| indicator(draft.flags.has(TextClass::ReplicaStrong)),
    },
    KnownEffect {
        signal: "replica_term_weak",
        coefficient: 0.7,
        unit: "1 when title or description hold such a term, else 0",
        value: |draft, _| indicator(draft.flags.has(TextClass::ReplicaWeak)),
    },
    KnownEffect {
        signal: "authenticity_claim",
        coefficient: 0.4,
        unit: "1 when title or description hold one, else 0",
        value: |draft, _| indicator(draft.flags.has(TextClass::AuthenticityClaim)),
    },
    CONTACT_OFF_PLATFORM,
    KnownEffect {
        signal: "disguised_word",
        coefficient: 1.6,
        unit: "words of the text that are written under a disguise",
        value: |draft, _| indicator(draft.is_disguised),
    },
    KnownEffect {
        signal: "external_link",
        coefficient: 1.2,
        unit: "1 when title or description hold a web address, else 0",
        value: |draft, _| indicator(draft.flags.has(TextClass::Link)),
    },
    KnownEffect {
        signal: "copycat_term",
        coefficient: 0.6,
        unit: "1 when title or description hold such a term, else 0",
        value: |draft, _| indicator(draft.flags.has(TextClass::Copycat)),
    },
    KnownEffect {
        signal: "stacked_claims",
        coefficient: 0.5,
        unit: "claims of authenticity beyond the first",
        value: |draft, _| indicator(draft.flags.has(TextClass::SecondClaim)),
    },
    KnownEffect {
        signal: "claim_beside_replica",
        coefficient: 0.8,
        unit: "1 when the text holds such a claim and a replica term, else 0",
        value: |draft, _| {
            let has_copy = TextClass::REPLICA.into_iter().any(|class| draft.flags.has(class));
            indicator(has_copy && draft.flags.has(TextClass::AuthenticityClaim))
        },
    },
    KnownEffect {
        signal: "authenticity_disclaimer",
        coefficient: 0.9,
        unit: "1 when title or description hold one, else 0",
        value: |draft, _| indicator(draft.flags.has(TextClass::Disclaimer)),
    },
    KnownEffect {
        signal: "brand_altered",
        coefficient: 1.4,
        unit: "1 when the title misspells the brand, else 0",
        value: |draft, _| indicator(draft.is_brand_altered),
    },
    KnownEffect {
        signal: "brand_title_mismatch",
        coefficient: 0.9,
        unit: "1 when the title names another brand than the brand field, else 0",
        value: |draft, _| indicator(draft.is_brand_other),
    },
    KnownEffect {
        signal: "brand_stuffing",
        coefficient: 0.5,
        unit: "brands of the title beyond the first",
        value: |draft, _| draft.n_more_brands as f64,
    },
    KnownEffect {
        signal: "trader_identity_missing",
        coefficient: 0.8,
        unit: "share of the trader's name, address, registration and e-mail that is missing",
        value: |draft, _| trader_gaps(&draft.listing),
    },
    KnownEffect {
        signal: "fake_review_share",
        coefficient: 4.0,
        unit: "(reviews that call the piece fake + 0.02) / (reviews + 2)",
        value: |draft, _| {
            let listing = &draft.listing;
            (number(listing.fake_review_count) + FAKE_REVIEW_SHRINKAGE)
                / (number(listing.review_count) + 2.0)
        },
    },
    KnownEffect {
        signal: "gtin_invalid",
        coefficient: 0.9,
        unit: "1 when the product code is none, else 0; the mean where missing",
        value: |draft, reference| {
            gtin_invalid(&draft.listing).unwrap_or(reference.mean_gtin_invalid)
        },
    },
    KnownEffect {
        signal: "missing_brand",
        coefficient: 0.7,
        unit: "1 when missing, else 0",
        value: |draft, _| indicator(text(&draft.listing.brand).is_empty()),
    },
    KnownEffect {
        signal: "description_length",
        coefficient: -0.15,
        unit: "ln(1 + characters), the mean where missing",
        value: |draft, reference| {
            description_length(&draft.listing).unwrap_or(reference.mean_description_length)
        },
    },
    KnownEffect {
        signal: "description_length:missing",
        coefficient: 0.2,
        unit: "1 when missing, else 0",
        value: |draft, _| indicator(text(&draft.listing.description).is_empty()),
    },
    KnownEffect {
        signal: name(Column::SalesCount),
        coefficient: -0.2,
        unit: "ln(1 + pieces)",
        value: |draft, _| log1p(draft.listing.sales_count),
    },
    KnownEffect {
        signal: "fake_return_rate",
        coefficient: 3.0,
        unit: "(pieces returned as not genuine + 0.02) / (pieces sold + 1)",
        value: |draft, _| {
            let listing = &draft.listing;
            (number(listing.fake_return_count) + FAKE_RETURN_SHRINKAGE)
                / (number(listing.sales_count) + 1.0)
        },
    },
];

/// What the value of one listing is measured against, from all listings as exported.
pub(crate) struct Reference {
    /// Median price by declared brand and category, and by category alone under an empty brand.
    medians: HashMap<(String, String), f64>,
    /// Mean of the ratings that are present.
    mean_rating: f64,
    /// Mean of ln(1 + characters) of the descriptions that are present.
    mean_description_length: f64,
    /// Share of wrong product codes among those that are present.
    mean_gtin_invalid: f64,
}

impl Reference {
    fn of(drafts: &[Draft]) -> Self {
        let mut cells: HashMap<(String, String), Vec<f64>> = HashMap::new();
        for Draft { listing, .. } in drafts {
            let price = number(listing.price);
            let (brand, category) = (text(&listing.brand), text(&listing.category));
            cells.entry((String::new(), category.to_owned())).or_default().push(price);
            if !brand.is_empty() {
                cells.entry((brand.to_owned(), category.to_owned())).or_default().push(price);
            }
        }
        let medians =
            cells.into_iter().map(|(cell, mut prices)| (cell, median(&mut prices))).collect();
        Reference {
            medians,
            mean_rating: mean(drafts.iter().filter_map(|draft| rating(&draft.listing))),
            mean_gtin_invalid: mean(drafts.iter().filter_map(|draft| gtin_invalid(&draft.listing))),
            mean_description_length: mean(
                drafts.iter().filter_map(|draft| description_length(&draft.listing)),
            ),
        }
    }

    pub(crate) fn price_log_ratio(&self, listing: &Listing) -> f64 {
        let cell = (text(&listing.brand).to_owned(), text(&listing.category).to_owned());
        let list_price = listing.list_price.filter(|price| !price.is_nan());
        list_price
            .or_else(|| self.medians.get(&cell).copied())
            .map_or(0.0, |reference| libm::log(number(listing.price) / reference))
    }
}

/// The middle value, or the mean of the two in the middle; 0 of nothing.
fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    match values {
        [] => 0.0,
        _ if values.len() % 2 == 1 => values[half],
        _ => f64::midpoint(values[half - 1], values[half]),
    }
}

/// The mean; 0 of nothing.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0.0), |(sum, n), value| (sum + value, n + 1.0));
    if n > 0.0 { sum / n } else { 0.0 }
}

pub(crate) fn rating(listing: &Listing) -> Option<f64> {
    listing.seller_rating.filter(|value| !value.is_nan())
}

fn gtin_invalid(listing: &Listing) -> Option<f64> {
    let gtin = text(&listing.gtin);
    let (body, check) = gtin.split_at_checked(12)?;
    Some(indicator(check != check_digit(body).to_string()))
}

fn trader_gaps(listing: &Listing) -> f64 {
    let details = [
        &listing.trader_name,
        &listing.trader_address,
        &listing.trader_registration,
        &listing.trader_email,
    ];
    let n_missing = details.iter().filter(|own| text(own).is_empty()).count();
    n_missing as f64 / details.len() as f64
}

pub(crate) fn description_length(listing: &Listing) -> Option<f64> {
    let description = text(&listing.description);
    (!description.is_empty()).then(|| libm::log1p(description.chars().count() as f64))
}

fn text(field: &Option<String>) -> &str {
    field.as_deref().unwrap_or("")
}

pub(crate) fn number(field: Option<f64>) -> f64 {
    field.unwrap_or(f64::NAN)
}

fn log1p(field: Option<f64>) -> f64 {
    libm::log1p(number(field))
}

pub(crate) fn indicator(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

/// The canonical name of a column; usable in constants, unlike [`Column::name`].
pub(crate) const fn name(column: Column) -> &'static str {
    COLUMNS[column as usize].name
}

fn position(signal: &str) -> Result<usize> {
    EFFECTS.iter().position(|known| known.signal == signal).ok_or_else(|| unknown(signal))
}

fn unknown(signal: &str) -> Error {
    let names: Vec<&str> = EffectSet::names().collect();
    ErrorKind::Option {
        option: OPTION,
        expected: format!("one of {}", names.join(", ")),
        found: excerpt(signal),
    }
    .into()
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::text::TextFlags;
    use super::*;

    pub(in crate::simulate) fn draft(brand: &str, price: f64) -> Draft {
        Draft {
            listing: Listing {
                brand: Some(brand.into()),
                category: Some("belts".into()),
                price: Some(price),
                description: Some(String::new()),
                seller_age_days: Some(0.0),
                listing_age_days: Some(0.0),
                seller_rating: Some(f64::NAN),
                sales_count: Some(0.0),
                fake_return_count: Some(0.0),
                review_count: Some(0.0),
                fake_review_count: Some(0.0),
                trader_name: Some("Trader".into()),
                trader_address: Some("Road".into()),
                trader_registration: Some("1".into()),
                trader_email: Some("a@b.example".into()),
                ..Listing::new("1", "belt")
            },
            flags: TextFlags::default(),
            is_disguised: false,
            is_brand_altered: false,
            is_brand_other: false,
            n_more_brands: 0,
            slang: 0.0,
            seller: 0,
        }
    }

    #[test]
    fn names_differ_and_every_effect_has_a_strength() {
        let mut names: Vec<&str> = EffectSet::names().collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), EFFECTS.len() + 1);
        assert!(EFFECTS.iter().all(|known| known.coefficient != 0.0));
    }

    #[test]
    fn a_price_counts_against_the_list_price_or_the_median_of_its_peers() {
        // Median of 10, 40 is 25; -1.2 ln(10/25) = 1.0995 488 782, -1.2 ln(40/25) = -0.5640 043 555.
        // Without a brand the category counts: the median of 3, 7, 10, 40 is 8.5, and
        // -1.2 ln(3/8.5) = 1.2497 446 498. A list price comes first: -1.2 ln(7/14) = 0.8317 766 167.
        let mut listed = draft("K", 7.0);
        listed.listing.list_price = Some(14.0);
        let drafts = [draft("V", 10.0), draft("V", 40.0), listed, draft("", 3.0)];
        let set = EffectSet::only(&["price_log_ratio"]).expect("known");
        let log_odds = set.log_odds(&drafts);
        assert!((log_odds[0] - 1.099_548_878_2).abs() < 1e-9);
        assert!((log_odds[1] + 0.564_004_355_5).abs() < 1e-9);
        assert!((log_odds[2] - 0.831_776_616_7).abs() < 1e-9);
        assert!((log_odds[3] - 1.249_744_649_8).abs() < 1e-9);
    }

    #[test]
    fn all_effects_add_up_as_documented() {
        let mut one = draft("", 5.0);
        one.listing.description = Some("abcdefg".into());
        one.listing.seller_age_days = Some(99.0);
        one.listing.listing_age_days = Some(9.0);
        one.listing.seller_rating = Some(4.0);
        one.listing.sales_count = Some(3.0);
        one.listing.fake_return_count = Some(1.0);
        one.listing.review_count = Some(8.0);
        one.listing.fake_review_count = Some(3.0);
        one.listing.trader_address = Some(String::new());
        one.listing.trader_email = Some(String::new());
        one.is_brand_altered = true;
        one.is_brand_other = true;
        one.n_more_brands = 2;
        one.flags = TextFlags::of(&[
            TextClass::ReplicaCertain,
            TextClass::Contact,
            TextClass::AuthenticityClaim,
            TextClass::SecondClaim,
            TextClass::Copycat,
            TextClass::Disclaimer,
            TextClass::Link,
        ]);
        let two = draft("V", 5.0);
        let log_odds = EffectSet::default().log_odds(&[one, two]);
        // -0.5 ln 100 - 0.4 ln 10 - 0.6 x 4 + 4.5 + 1.5 + 0.7 - 0.15 ln 8 - 0.2 ln 4
        // + 3 x 1.02 / 4 = -2.3025850930 - 0.9210340372 + 4.3 - 0.3119162313 - 0.2772588722 + 0.765,
        // + 0.4 + 0.5 + 0.8 + 0.6 + 0.9 + 1.2 + 1.4 + 0.9 + 0.5 x 2 + 0.8 x 2 / 4
        // + 4 x 3.02 / 10 = 9.308
        assert!((log_odds[0] - 10.560_205_766_3).abs() < 1e-9, "{}", log_odds[0]);
        // -0.6 x 4 + 0.3 - 0.15 ln 8 + 0.2 + 3 x 0.02 + 4 x 0.02 / 2 = -1.8 - 0.3119162313: the mean
        // rating and length are those of the other listing.
        assert!((log_odds[1] + 2.111_916_231_3).abs() < 1e-9, "{}", log_odds[1]);
    }

    #[test]
    fn the_intercept_meets_the_base_rate() {
        // With all log-odds equal to 2, the answer is ln(0.2 / 0.8) - 2.
        let flat = solve_intercept(&[2.0; 5], 0.2);
        assert!((flat - (libm::log(0.25) - 2.0)).abs() < 1e-12);
        let spread = [-3.0, -1.0, 0.5, 4.0];
        let intercept = solve_intercept(&spread, 0.3);
        let mean = spread.iter().map(|own| sigmoid(intercept + own)).sum::<f64>() / 4.0;
        assert!((mean - 0.3).abs() < 1e-12);
    }

    #[test]
    fn an_unknown_effect_is_named_with_the_known_ones() {
        let error = EffectSet::only(&["prize"]).expect_err("unknown");
        let message = error.to_string();
        assert!(message.starts_with("--effects: expected one of price_log_ratio, "));
        assert!(message.ends_with("found \"prize\""));
        assert!(EffectSet::none().with("sales_count", f64::NAN).is_err());
        assert!(EffectSet::nonlinear().with("sales_count", 1.0).is_err());
    }

    #[test]
    fn an_effect_switched_off_has_coefficient_zero_and_stays_in_the_table() {
        let set = EffectSet::default().with("missing_brand", 0.0).expect("known");
        let truth = Truth { intercept: -1.0, effects: set.effects() };
        let off = truth.effects.iter().find(|effect| effect.signal == "missing_brand");
        assert_eq!(off.map(|effect| effect.coefficient), Some(0.0));
        assert_eq!(truth.to_string().lines().count(), EFFECTS.len() + 2);
        assert_eq!(EffectSet::none().log_odds(&[draft("V", 5.0)]), [0.0]);
    }
}
