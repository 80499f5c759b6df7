//! Drawing the listings: every attribute before any label.

use super::catalog::{BRANDS, Brand, CATEGORIES, CURRENCY, Category};
use super::dice::Dice;
use super::sellers::{Seller, draw_sellers};
use super::text::{TextClass, TextFlags, TextPlan, hide_phrase};
use super::vocabulary::Language;
use crate::listing::Listing;

/// A listing as exported, with what is known of it besides.
pub(crate) struct Draft {
    /// The listing, every number rounded as it is written.
    pub(crate) listing: Listing,
    /// Which telling phrases its text holds.
    pub(crate) flags: TextFlags,
    /// Whether one of them is written under a disguise.
    pub(crate) is_disguised: bool,
    /// Whether the title misspells the brand.
    pub(crate) is_brand_altered: bool,
    /// Whether the title names another brand than the brand field.
    pub(crate) is_brand_other: bool,
    /// How many further brands the title names.
    pub(crate) n_more_brands: usize,
    /// What the slang of its text adds to the log-odds.
    pub(crate) slang: f64,
    /// Position of its seller.
    pub(crate) seller: usize,
}

/// All listings in the order in which they went live, and their sellers.
pub(crate) fn draw_listings(
    n_listings: usize,
    mean_size: f64,
    languages: &[Language],
    dice: &mut Dice,
) -> (Vec<Draft>, Vec<Seller>) {
    let sellers = draw_sellers(n_listings, mean_size, languages, dice);
    let mut drafts = Vec::with_capacity(n_listings);
    for (position, seller) in sellers.iter().enumerate() {
        for _ in 0..seller.n_listings {
            drafts.push(draw_listing(seller, position, dice));
        }
    }
    drafts.sort_by(|a, b| {
        let day = |draft: &Draft| draft.listing.listed_at.unwrap_or(0.0);
        day(a).total_cmp(&day(b))
    });
    for (index, draft) in drafts.iter_mut().enumerate() {
        draft.listing.listing_id = format!("L{:07}", index + 1);
    }
    (drafts, sellers)
}

/// How the listings of one latent type are drawn. The type shapes attributes and nothing else.
struct Profile {
    /// Probability of each class of telling phrase, in the order of [`TextClass::ALL`].
    phrases: [f64; 9],
    /// Probability that a telling phrase is written under a disguise, where that can be done.
    disguised: f64,
    /// Probability that a brand in the title is misspelt.
    brand_altered: f64,
    /// Probability that the brand field says another brand than the title.
    brand_other: f64,
    /// Probability that the title names further brands.
    brand_stuffed: f64,
    /// Probability that a GTIN is made up.
    gtin_invalid: f64,
    /// Median of price / retail price.
    price_ratio: f64,
    /// Standard deviation of the logarithm of that ratio.
    price_spread: f64,
    /// Median of the days live.
    listing_age: f64,
    /// Share of listings without a brand; the two make 41 % of all.
    brand_missing: f64,
    /// Median words of a description.
    description_words: f64,
    /// Share of the pieces sold that come back.
    returned: f64,
    /// Share of the returns that are for not being genuine.
    returned_as_fake: f64,
    /// Share of the reviews that call the piece fake.
    reviewed_as_fake: f64,
    /// Median pieces on offer.
    quantity: f64,
    /// Share dispatched from the seller's own country.
    ships_from_home: f64,
}

const HONEST: Profile = Profile {
    phrases: [0.006, 0.02, 0.05, 0.20, 0.01, 0.02, 0.15, 0.01, 0.01],
    disguised: 0.02,
    brand_altered: 0.004,
    brand_other: 0.01,
    brand_stuffed: 0.005,
    gtin_invalid: 0.01,
    price_ratio: 1.0,
    price_spread: 0.25,
    listing_age: 146.0,
    brand_missing: 0.39,
    description_words: 34.0,
    returned: 0.06,
    returned_as_fake: 0.03,
    reviewed_as_fake: 0.004,
    quantity: 3.0,
    ships_from_home: 0.92,
};

const SHADY: Profile = Profile {
    phrases: [0.12, 0.15, 0.15, 0.35, 0.15, 0.12, 0.4, 0.08, 0.1],
    disguised: 0.3,
    brand_altered: 0.08,
    brand_other: 0.08,
    brand_stuffed: 0.08,
    gtin_invalid: 0.12,
    price_ratio: 0.45,
    price_spread: 0.5,
    listing_age: 9.0,
    brand_missing: 0.55,
    description_words: 22.0,
    returned: 0.15,
    returned_as_fake: 0.45,
    reviewed_as_fake: 0.06,
    quantity: 20.0,
    ships_from_home: 0.6,
};

/// Share of listings that show no rating of their seller.
const RATING_MISSING: f64 = 0.4;
/// Share of listings without a description.
const DESCRIPTION_MISSING: f64 = 0.08;
/// Share of listings without a GTIN.
const GTIN_MISSING: f64 = 0.35;
/// Share with a list price among the listings that declare a brand whose list price is known,
/// which are 59 % times one half of all: 15 % of all.
const LIST_PRICE_KNOWN: f64 = 0.51;
/// Standard deviation of the logarithm of the days live.
const LISTING_AGE_SPREAD: f64 = 1.2;
/// The most pieces that one listing sells.
const MAX_SALES: f64 = 5_000.0;

fn draw_listing(seller: &Seller, position: usize, dice: &mut Dice) -> Draft {
    let profile = if seller.is_shady { &SHADY } else { &HONEST };
    let brand = &BRANDS[*dice.pick(&seller.brands)];
    let category_at = *dice.pick(brand.categories);
    let category = &CATEGORIES[category_at];

    let brand_declared = !dice.chance(profile.brand_missing);
    let brand_in_text = dice.chance(if brand_declared { 0.9 } else { 0.5 });
    let mut flags: Vec<TextClass> = TextClass::ALL
        .into_iter()
        .filter(|class| dice.chance(profile.phrases[*class as usize]))
        .collect();
    let has_claim = flags.contains(&TextClass::AuthenticityClaim);
    flags.retain(|class| match class {
        TextClass::SecondClaim => has_claim,
        // The lexicons let such a term count for branded goods to wear or to put on only.
        TextClass::Copycat => brand_declared && category.is_worn,
        _ => true,
    });
    let plan = TextPlan {
        language: seller.language,
        category: category_at,
        brand: brand_in_text.then_some(brand.name),
        flags: TextFlags::of(&flags),
        description_words: draw_description_words(profile, dice),
    };
    let (mut title, description) = plan.write(dice);
    let hidden = dice.chance(profile.disguised).then(|| hide_phrase(&title, plan.language, dice));
    let hidden = hidden.flatten();
    let is_disguised = hidden.is_some();
    title = hidden.unwrap_or(title);

    // One thing at a time, so that each counts for itself: a misspelt brand, another, or more.
    let is_brand_altered = brand_in_text && dice.chance(profile.brand_altered);
    if is_brand_altered {
        title = title.replacen(brand.name, &misspelt(brand.name, dice), 1);
    }
    let plain = brand_in_text && !is_brand_altered;
    let is_brand_other = plain && brand_declared && dice.chance(profile.brand_other);
    let others = BRANDS.iter().filter(|other| other.name != brand.name);
    let mut others: Vec<&str> = others.map(|other| other.name).collect();
    dice.shuffle(&mut others);
    let n_more_brands =
        if plain && !is_brand_other && dice.chance(profile.brand_stuffed) { 2 } else { 0 };
    for other in others.iter().take(n_more_brands) {
        title.push(' ');
        title.push_str(other);
    }
    let declared = if is_brand_other { others[0] } else { brand.name };

    let mut listing = Listing::new(String::new(), title);
    listing.description = Some(description);
    listing.brand = Some(if brand_declared { declared.into() } else { String::new() });
    listing.category = Some(category.name.into());
    draw_offer(&mut listing, seller, profile, (brand, category), dice);
    draw_seller_columns(&mut listing, seller, dice);
    draw_sales(&mut listing, profile, dice);
    Draft {
        listing,
        flags: plan.flags,
        is_disguised,
        is_brand_altered,
        is_brand_other,
        n_more_brands,
        slang: 0.0,
        seller: position,
    }
}

fn draw_description_words(profile: &Profile, dice: &mut Dice) -> usize {
    if dice.chance(DESCRIPTION_MISSING) {
        return 0;
    }
    dice.log_normal(profile.description_words, 0.7).clamp(3.0, 115.0) as usize
}

fn draw_offer(
    listing: &mut Listing,
    seller: &Seller,
    profile: &Profile,
    (brand, category): (&Brand, &Category),
    dice: &mut Dice,
) {
    let retail = brand.retail_price(category);
    let ratio = dice.log_normal(profile.price_ratio, profile.price_spread);
    let brand_declared = listing.brand.as_deref() == Some(brand.name);
    let has_list_price = brand_declared && brand.has_list_price && dice.chance(LIST_PRICE_KNOWN);
    // Never of whole units, and never of one: the market has no placeholders for prices.
    let cents = (retail * ratio * 100.0).round().max(101.0);
    let cents = if cents % 100.0 == 0.0 { cents + 1.0 } else { cents };
    listing.price = Some(cents / 100.0);
    listing.currency = Some(CURRENCY.into());
    listing.list_price = Some(if has_list_price { retail } else { f64::NAN });
    let conditions = ["new", "new", "new", "used", "refurbished"];
    listing.condition = Some((*dice.pick(&conditions)).into());
    listing.quantity = Some(1.0 + dice.log_normal(profile.quantity, 1.0).floor());
    listing.image_count = Some(1.0 + dice.below(9) as f64);
    listing.gtin = Some(draw_gtin(profile.gtin_invalid, dice));
    listing.ships_from = Some(if dice.chance(profile.ships_from_home) {
        seller.country.into()
    } else {
        (*dice.pick(&["CN", "HK", "TR", "DE", "PL"])).into()
    });
    listing.language = Some(seller.language.code().into());
    listing.listed_at = Some(seller.draw_listing_day(dice));
    let age = dice.log_normal(profile.listing_age, LISTING_AGE_SPREAD);
    listing.listing_age_days = Some(age.round());
}

fn draw_seller_columns(listing: &mut Listing, seller: &Seller, dice: &mut Dice) {
    let has_rating = !dice.chance(RATING_MISSING);
    let shown = |value: f64| Some(if has_rating { value } else { f64::NAN });
    // A rating moves a little from listing to listing, as it does from day to day.
    let rating = (seller.rating + 0.1 * dice.normal()).clamp(1.0, 5.0);
    listing.seller_id = Some(seller.id.clone());
    listing.seller_name = Some(seller.name.clone());
    listing.seller_registered_at = Some(seller.registered_at);
    listing.seller_age_days = listing.listed_at.map(|day| day - seller.registered_at);
    listing.seller_rating = shown((rating * 10.0).round() / 10.0);
    listing.seller_feedback_count = shown(seller.feedback_count);
    listing.seller_listing_count = Some(seller.n_listings as f64);
    listing.seller_country = Some(seller.country.into());
    let trader = &seller.trader;
    listing.trader_name = Some(trader.name.clone());
    listing.trader_address = Some(trader.address.clone());
    listing.trader_registration = Some(trader.registration.clone());
    listing.trader_email = Some(trader.email.clone());
}

fn draw_sales(listing: &mut Listing, profile: &Profile, dice: &mut Dice) {
    let months = listing.listing_age_days.unwrap_or(0.0) / 30.0;
    let sold = dice.log_normal(2.0 + months, 1.1).floor().min(MAX_SALES);
    let returned = dice.successes(sold, profile.returned);
    listing.sales_count = Some(sold);
    listing.return_count = Some(returned);
    listing.fake_return_count = Some(dice.successes(returned, profile.returned_as_fake));
    let reviews = dice.successes(sold, 0.3);
    listing.review_count = Some(reviews);
    listing.fake_review_count = Some(dice.successes(reviews, profile.reviewed_as_fake));
}

/// A name with two letters exchanged, neither of them its first.
fn misspelt(name: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let differ: Vec<usize> =
        (1..letters.len() - 1).filter(|at| letters[*at] != letters[at + 1]).collect();
    let at = *dice.pick(&differ);
    letters.swap(at, at + 1);
    letters.into_iter().collect()
}

/// A GTIN-13 with the GS1 prefix 952, which is kept for demonstrations, or nothing; with some
/// probability its check digit is wrong.
fn draw_gtin(invalid: f64, dice: &mut Dice) -> String {
    if dice.chance(GTIN_MISSING) {
        return String::new();
    }
    let body = format!("952{:09}", dice.below(1_000_000_000));
    let check = (check_digit(&body) + u32::from(dice.chance(invalid))) % 10;
    format!("{body}{check}")
}

/// The GS1 check digit: the digits weigh 3 and 1 in turn from the right, and the sum with the check
/// digit is a multiple of 10 (GS1 General Specifications, section 7.9).
pub(super) fn check_digit(body: &str) -> u32 {
    let sum: u32 = body
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .zip([3, 1].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::super::text::flags_found;
    use super::*;
    use std::collections::HashMap;

    fn draw(n_listings: usize) -> Vec<Draft> {
        draw_listings(n_listings, 8.0, &Language::ALL, &mut Dice::new(11)).0
    }

    fn share(drafts: &[Draft], holds: impl Fn(&Listing) -> bool) -> f64 {
        let n = drafts.iter().filter(|draft| holds(&draft.listing)).count();
        n as f64 / drafts.len() as f64
    }

    fn is_empty(field: &Option<String>) -> bool {
        field.as_deref() == Some("")
    }

    fn is_nan(field: Option<f64>) -> bool {
        field.is_some_and(f64::is_nan)
    }

    #[test]
    fn the_check_digit_is_that_of_the_gs1_example() {
        // GS1's own example of the calculation: 629104150021 has the check digit 3.
        assert_eq!(check_digit("629104150021"), 3);
    }

    #[test]
    fn nearly_every_gtin_adds_up_to_a_multiple_of_ten() {
        let drafts = draw(3_000);
        let (mut n, mut n_wrong) = (0, 0);
        for gtin in drafts.iter().filter_map(|draft| draft.listing.gtin.as_deref()) {
            if gtin.is_empty() {
                continue;
            }
            n += 1;
            assert_eq!(gtin.len(), 13);
            let digits: Vec<u32> = gtin.chars().filter_map(|c| c.to_digit(10)).collect();
            let even: u32 = digits.iter().skip(1).step_by(2).sum();
            let odd: u32 = digits.iter().step_by(2).sum();
            n_wrong += u32::from(!(odd + 3 * even).is_multiple_of(10));
        }
        assert!(n > 1_000, "{n}");
        // Between the 1 % of honest sellers and the 12 % of others.
        assert!((n / 100..n * 12 / 100).contains(&n_wrong), "{n_wrong} of {n}");
    }

    #[test]
    fn the_flags_are_those_of_the_phrases_in_the_text() {
        for Draft { listing, flags, is_disguised, .. } in draw(5_000) {
            if is_disguised {
                continue;
            }
            let description = listing.description.unwrap_or_default();
            let text = format!("{} | {description}", listing.title);
            assert_eq!(flags_found(&text), flags, "{text}");
        }
    }

    #[test]
    fn cells_are_empty_about_as_often_as_in_the_published_data() {
        let drafts = draw(20_000);
        let near = |found: f64, aim: f64, tolerance: f64| {
            assert!((found - aim).abs() < tolerance, "{found} for {aim}");
        };
        near(share(&drafts, |own| is_empty(&own.brand)), 0.41, 0.03);
        near(share(&drafts, |own| is_nan(own.seller_rating)), 0.40, 0.02);
        near(share(&drafts, |own| is_empty(&own.description)), 0.08, 0.01);
        near(share(&drafts, |own| !is_nan(own.list_price)), 0.15, 0.03);
    }

    #[test]
    fn no_column_that_the_market_has_is_unknown() {
        for Draft { listing, .. } in draw(200) {
            let text = [
                &listing.description,
                &listing.brand,
                &listing.category,
                &listing.currency,
                &listing.condition,
                &listing.gtin,
                &listing.ships_from,
                &listing.language,
                &listing.seller_id,
                &listing.seller_name,
                &listing.seller_country,
            ];
            assert!(text.iter().all(|field| field.is_some()), "{listing:?}");
            let numbers = [
                listing.price,
                listing.list_price,
                listing.quantity,
                listing.image_count,
                listing.listed_at,
                listing.listing_age_days,
                listing.seller_registered_at,
                listing.seller_age_days,
                listing.seller_rating,
                listing.seller_feedback_count,
                listing.seller_listing_count,
                listing.sales_count,
                listing.return_count,
                listing.fake_return_count,
                listing.review_count,
            ];
            assert!(numbers.iter().all(Option::is_some), "{listing:?}");
        }
    }

    #[test]
    fn a_seller_is_the_same_in_all_listings() {
        let mut seen: HashMap<String, (Option<f64>, Option<String>, Option<f64>)> = HashMap::new();
        let mut counted: HashMap<String, f64> = HashMap::new();
        for Draft { listing, .. } in draw(5_000) {
            let id = listing.seller_id.unwrap_or_default();
            let own =
                (listing.seller_registered_at, listing.seller_name, listing.seller_listing_count);
            let age = listing.listed_at.zip(own.0).map(|(day, since)| day - since);
            assert_eq!(listing.seller_age_days, age);
            assert!(age.is_some_and(|days| days >= 0.0 && days.fract() == 0.0));
            assert_eq!(seen.entry(id.clone()).or_insert_with(|| own.clone()), &own);
            *counted.entry(id).or_default() += 1.0;
        }
        for (id, n) in counted {
            assert_eq!(seen[&id].2, Some(n), "{id}");
        }
    }

    #[test]
    fn returns_are_sales_and_returns_as_fake_are_returns() {
        for Draft { listing, .. } in draw(2_000) {
            assert!(listing.fake_return_count <= listing.return_count);
            assert!(listing.return_count <= listing.sales_count);
            assert!(listing.price > Some(0.0));
        }
    }
}
