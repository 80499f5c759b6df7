//! What training makes of data with a known law: effects that are no straight line, weights, thinned
//! genuine listings, and data in which there is nothing to learn.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use pinchbeck::training::{LabeledSet, Trained, TrainingParams};
use pinchbeck::{Listing, ListingBatch, Model, Scorer};

/// Numbers from 0 to 1 without a pattern, the same every time.
fn draws(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A listing that has an age and no more.
fn aged(number: usize, days: f64) -> Listing {
    Listing {
        listing_age_days: Some(days),
        seller_id: Some(format!("S{}", number / 4)),
        ..Listing::new(format!("L{number}"), "bag")
    }
}

/// 4,000 listings of 1,000 sellers, with ages of 0 to 1,000 days, evenly on the scale of the
/// transformed signal, of which `law` is the probability to be counterfeit.
fn market(seed: u64, law: impl Fn(f64) -> f64) -> (Vec<Listing>, Vec<f64>) {
    let mut draw = draws(seed);
    let row = |number: usize| {
        let days = libm::expm1(draw() * libm::log(1001.0));
        let is_counterfeit = draw() < law(days);
        (aged(number, days), f64::from(u8::from(is_counterfeit)))
    };
    (0..4000).map(row).unzip()
}

fn set(listings: &[Listing], labels: Vec<f64>) -> LabeledSet {
    let batch = ListingBatch::from_listings(listings).with_labels(labels);
    LabeledSet::new(batch, "learning", "label").unwrap()
}

fn trained(set: &LabeledSet, params: TrainingParams) -> Trained {
    let params = TrainingParams { word_penalties: Vec::new(), ..params };
    params.check().unwrap().fit(set).unwrap()
}

fn probability(model: &Model, days: f64) -> f64 {
    Scorer::new(model.clone()).unwrap().score_listing(&aged(0, days)).probability
}

/// Counterfeits are of middle age: no straight line of the age finds them.
fn hump(days: f64) -> f64 {
    if (10.0..100.0).contains(&days) { 0.5 } else { 0.05 }
}

#[test]
fn bins_are_taken_where_an_effect_is_no_straight_line() {
    let (listings, labels) = market(3, hump);
    let own = trained(&set(&listings, labels.clone()), TrainingParams::default());
    let model = own.model;
    assert!(model.card().bin_penalty.is_some() && model.n_bins() >= 5, "{:?}", model.card());
    for (days, expected) in [(2.0, 0.05), (40.0, 0.5), (600.0, 0.05)] {
        let found = probability(&model, days);
        assert!((found - expected).abs() < 0.06, "{days} days: {found}");
    }
    // Without bends the best is a line, which is far off in the middle.
    let params = TrainingParams { bin_penalties: Vec::new(), ..TrainingParams::default() };
    let line = trained(&set(&listings, labels.clone()), params).model;
    assert_eq!((line.card().bin_penalty, line.n_bins()), (None, 0));
    assert!(probability(&line, 40.0) < 0.3);

    // They are saved, told, and each is a part of the sum.
    let loaded = Model::from_bytes(&model.to_bytes().unwrap()).unwrap();
    assert!(loaded.to_bytes().unwrap() == model.to_bytes().unwrap());
    let scorer = Scorer::new(loaded).unwrap();
    let explained = scorer.explain_listing(&aged(0, 40.0));
    let age = explained.contributions.iter().find(|own| own.signal == "listing_age_days").unwrap();
    assert!(age.log_odds > 1.0, "{age:?}");
    // A listing of unknown age is the average one.
    let unknown = scorer.explain_listing(&Listing::new("1", "bag"));
    let age = unknown.contributions.iter().find(|own| own.signal == "listing_age_days").unwrap();
    assert_eq!(age.log_odds, 0.0);
    let columns = model.coefficients();
    let bins = columns.iter().filter(|own| own.column.starts_with("listing_age_days:["));
    assert_eq!(bins.count(), 16);
    // Lines between the edges: no jump of more than a sliver of the way.
    for days in [9.0, 40.0, 100.0] {
        let (before, after) = (probability(&model, days - 1e-6), probability(&model, days + 1e-6));
        assert!((before - after).abs() < 1e-6, "{days} days: {before} {after}");
    }
    // What is scored is what was fitted: in the mean the share of the counterfeits.
    let scores = scorer.score_listings(&listings);
    let mean = scores.iter().map(|own| own.probability).sum::<f64>() / scores.len() as f64;
    let share = labels.iter().sum::<f64>() / labels.len() as f64;
    assert!((mean - share).abs() < 0.01, "{mean} {share}");
}

#[test]
fn a_straight_line_has_no_bins() {
    let law = |days: f64| 1.0 / (1.0 + libm::exp(0.8 * (libm::log1p(days) - 1.5)));
    let (listings, labels) = market(5, law);
    let model = trained(&set(&listings, labels), TrainingParams::default()).model;
    assert_eq!(model.card().bin_penalty, None);
    for days in [0.5, 5.0, 50.0, 500.0] {
        let (found, expected) = (probability(&model, days), law(days));
        assert!((found - expected).abs() < 0.05, "{days} days: {found} {expected}");
    }
}

/// The genuine listings that are left out are given back by the intercept.
#[test]
fn a_share_of_the_genuine_listings_gives_the_same_probabilities() {
    let law = |days: f64| 0.3 / (1.0 + libm::exp(0.8 * (libm::log1p(days) - 1.5)));
    let (listings, labels) = market(7, law);
    let set = set(&listings, labels);
    let params = TrainingParams { negatives: Some(0.25), ..TrainingParams::default() };
    let (all, some) = (trained(&set, TrainingParams::default()).model, trained(&set, params).model);
    assert_eq!(some.card().negatives, Some(0.25));
    for days in [0.5, 5.0, 50.0, 500.0] {
        let (all, some) = (probability(&all, days), probability(&some, days));
        assert!((all - some).abs() < 0.03, "{days} days: {all} {some}");
    }
    let faulty = TrainingParams { negatives: Some(0.0), ..TrainingParams::default() };
    assert!(faulty.check().unwrap_err().to_string().contains("--negatives"));
}

#[test]
fn where_nothing_can_be_learned_the_card_says_so() {
    let (listings, labels) = market(11, |_| 0.1);
    let own = trained(&set(&listings, labels), TrainingParams::default());
    assert_eq!((own.model.card().bin_penalty, own.model.n_bins()), (None, 0));
    let warnings = &own.model.card().warnings;
    assert!(warnings.iter().any(|own| own.starts_with("nothing was learned")), "{warnings:?}");
    let (_, group) = own.evaluations.iter().find(|(name, _)| *name == "group").unwrap();
    assert!((group.average_precision - 0.1).abs() < 0.03, "{}", group.average_precision);
}

#[test]
fn what_stands_in_the_card_is_what_was_chosen() {
    let (listings, labels) = market(3, hump);
    let set = set(&listings, labels);
    let best = trained(&set, TrainingParams::default()).model;
    let params = TrainingParams { one_standard_error: true, ..TrainingParams::default() };
    let strong = trained(&set, params).model;
    assert!(strong.card().one_standard_error && !best.card().one_standard_error);
    // The penalty of bins goes before that of lines; no bins are the strongest.
    let held = |own: &Model| (own.card().bin_penalty.unwrap_or(f64::INFINITY), own.card().penalty);
    assert!(held(&strong) >= held(&best), "{:?} {:?}", held(&strong), held(&best));
    assert!(best.card().gradient_norm < 1e-7);
    let spread = best.card().spread.unwrap();
    for (low, high) in [spread.flagged_share, spread.recall] {
        assert!((0.0..=1.0).contains(&low) && low <= high && high <= 1.0, "{spread:?}");
    }
}
