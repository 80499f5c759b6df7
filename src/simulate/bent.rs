//! Effects that no straight line follows, for a market that a linear model cannot fully know.

use super::market::Draft;
use super::truth::{
    CONTACT_OFF_PLATFORM, KnownEffect, REPLICA_TERM_CERTAIN, description_length, indicator, name,
    number, rating,
};
use crate::listing::Column;

/// Sellers of fewer days are new.
const NEW_SELLER: f64 = 120.0;
/// ln(price / reference) below this is low.
const LOW_PRICE: f64 = -0.5;
/// ln(price / reference) farther from 0 than this counts as this.
const FARTHEST_PRICE: f64 = 1.5;
/// The days live that are the worst.
const WORST_AGE: std::ops::RangeInclusive<f64> = 3.0..=30.0;
/// The rating of the least risk.
const BEST_RATING: f64 = 4.3;
/// The description of the least risk, in ln(1 + characters).
const BEST_LENGTH: f64 = 5.2;
/// Sales beyond a few times as many say no more.
const MANY_SALES: f64 = 5.0;

/// Every effect of the market whose log-odds bend.
pub(crate) const BENT: &[KnownEffect] = &[
    KnownEffect {
        signal: "price_log_ratio",
        coefficient: 2.5,
        unit: "distance of ln(price / reference price) from 0, at most 1.5",
        value: |draft, reference| {
            reference.price_log_ratio(&draft.listing).abs().min(FARTHEST_PRICE)
        },
    },
    KnownEffect {
        signal: name(Column::SellerAgeDays),
        coefficient: 2.0,
        unit: "1 below 120 days, else 0",
        value: |draft, _| indicator(is_new(draft)),
    },
    KnownEffect {
        signal: name(Column::ListingAgeDays),
        coefficient: 1.5,
        unit: "1 from 3 to 30 days, else 0",
        value: |draft, _| indicator(WORST_AGE.contains(&number(draft.listing.listing_age_days))),
    },
    KnownEffect {
        signal: name(Column::SellerRating),
        coefficient: 2.0,
        unit: "distance from 4.3 points, 0 where missing",
        value: |draft, _| rating(&draft.listing).map_or(0.0, |own| (own - BEST_RATING).abs()),
    },
    KnownEffect {
        signal: name(Column::SalesCount),
        coefficient: -2.0,
        unit: "1 - exp(-pieces / 5)",
        value: |draft, _| 1.0 - libm::exp(-number(draft.listing.sales_count) / MANY_SALES),
    },
    KnownEffect {
        signal: "description_length",
        coefficient: 1.2,
        unit: "distance of ln(1 + characters) from 5.2, 0 where missing",
        value: |draft, _| {
            description_length(&draft.listing).map_or(0.0, |own| (own - BEST_LENGTH).abs())
        },
    },
    KnownEffect {
        signal: "new_seller_low_price",
        coefficient: 2.5,
        unit: "1 below 120 days and below ln(price / reference price) = -0.5, else 0",
        value: |draft, reference| {
            let is_low = reference.price_log_ratio(&draft.listing) < LOW_PRICE;
            indicator(is_new(draft) && is_low)
        },
    },
    REPLICA_TERM_CERTAIN,
    CONTACT_OFF_PLATFORM,
];

fn is_new(draft: &Draft) -> bool {
    number(draft.listing.seller_age_days) < NEW_SELLER
}

#[cfg(test)]
mod tests {
    use super::super::text::{TextClass, TextFlags};
    use super::super::truth::EffectSet;
    use super::super::truth::tests::draft;

    #[test]
    fn bent_effects_add_up_as_documented() {
        let mut one = draft("V", 10.0);
        one.listing.seller_age_days = Some(119.0);
        one.listing.listing_age_days = Some(30.0);
        one.listing.seller_rating = Some(5.0);
        one.listing.sales_count = Some(5.0);
        one.listing.description = Some("abcdefg".into());
        one.flags = TextFlags::of(&[TextClass::Contact]);
        let mut two = draft("V", 40.0);
        two.listing.seller_age_days = Some(120.0);
        two.listing.listing_age_days = Some(31.0);
        let mut three = draft("V", 25.0);
        three.listing.list_price = Some(500.0);
        three.listing.seller_age_days = Some(500.0);
        three.listing.listing_age_days = Some(2.0);
        let log_odds = EffectSet::nonlinear().log_odds(&[one, two, three]);
        // The median of 10, 25, 40 is 25: ln(10/25) = -0.9162907319 and ln(40/25) = 0.4700036292;
        // ln(25/500) = -2.9957, of which 1.5 count.
        // 2.5 x 0.9162907319 + 2 + 1.5 + 2 x 0.7 - 2 (1 - 0.3678794412) + 1.2 (5.2 - ln 8) + 2.5 + 1.5
        // = 2.2907268297 + 8.9 - 1.2642411177 + 3.7446701501 = 13.6711558621
        assert!((log_odds[0] - 13.671_155_862_1).abs() < 1e-9, "{}", log_odds[0]);
        // 2.5 x 0.4700036292
        assert!((log_odds[1] - 1.175_009_073_1).abs() < 1e-9, "{}", log_odds[1]);
        assert!((log_odds[2] - 3.75).abs() < 1e-12, "{}", log_odds[2]);
    }
}
