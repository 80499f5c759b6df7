//! Learned words: what several sellers of counterfeits write becomes evidence, what one seller writes
//! does not, and every word's share of a score is told.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use pinchbeck::training::{LabeledSet, Trained, TrainingParams};
use pinchbeck::{Listing, ListingBatch, Model, Scorer};

/// Numbers without a pattern, the same every time.
fn draws() -> impl FnMut(u64) -> u64 {
    let mut state: u64 = 11;
    move |below| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

/// Sellers with 10 listings each, every third of them a seller of counterfeits, who writes of the
/// “zorblat batch” in most listings; everybody has a word of the house. With `slang` off nobody does.
fn labeled(slang: bool, n_sellers: u64) -> LabeledSet {
    const WORDS: [&str; 8] = ["soft", "leather", "bag", "shoe", "blue", "new", "light", "strap"];
    let mut draw = draws();
    let (mut listings, mut labels) = (Vec::new(), Vec::new());
    for seller in 0..n_sellers {
        for number in 0..10 {
            let is_counterfeit = seller % 3 == 0;
            let mut title: Vec<String> =
                (0..4).map(|_| WORDS[draw(8) as usize].to_owned()).collect();
            title.push(format!("house{seller}"));
            if slang && draw(10) < if is_counterfeit { 8 } else { 1 } {
                title.insert(2, "zorblat batch".to_owned());
            }
            listings.push(Listing {
                seller_id: Some(format!("S{seller}")),
                ..Listing::new(format!("L{seller}-{number}"), title.join(" "))
            });
            labels.push(f64::from(u8::from(is_counterfeit)));
        }
    }
    let batch = ListingBatch::from_listings(&listings).with_labels(labels);
    LabeledSet::new(batch, "words", "label").unwrap()
}

fn trained(slang: bool) -> Trained {
    TrainingParams::default().check().unwrap().fit(&labeled(slang, 60)).unwrap()
}

fn listing(title: &str) -> Listing {
    Listing { seller_id: Some("new".into()), ..Listing::new("1", title) }
}

#[test]
fn what_sellers_of_counterfeits_share_is_learned_and_a_house_word_is_not() {
    let model = trained(true).model;
    let words = model.words();
    let terms: Vec<&str> = words.iter().map(|own| own.term.as_str()).collect();
    assert!(words[0].term.contains("zorblat") || words[0].term.contains("batch"), "{terms:?}");
    assert!(words[0].coefficient > 0.5 && words[0].field == "title");
    assert!(!terms.iter().any(|term| term.contains("house")), "{terms:?}");
    assert_eq!(words.len(), model.n_words());

    let scorer = Scorer::new(model).unwrap();
    let plain = scorer.score_listing(&listing("soft leather bag"));
    let slang = scorer.score_listing(&listing("soft leather zorblat batch bag"));
    assert!(slang.probability > 0.6 && plain.probability < 0.3, "{slang:?} {plain:?}");
    assert_eq!(slang.reasons[0].code, "LEARNED_WORDS");
    let evidence = &slang.reasons[0].evidence;
    assert!(evidence.starts_with("words as in the title of counterfeit listings: “"), "{evidence}");
    assert!(evidence.contains("“zorblat batch”"), "{evidence}");
    // A disguise is undone before words are looked for.
    let hidden = scorer.score_listing(&listing("soft leather ＺＯＲＢＬＡＴ batch bag"));
    assert_eq!(hidden.log_odds, slang.log_odds);
}

#[test]
fn a_score_is_the_sum_of_its_words_and_signals() {
    let scorer = Scorer::new(trained(true).model).unwrap();
    let listing = listing("light zorblat batch shoe, never seen words");
    let own = scorer.explain_listing(&listing);
    let sum = own.contributions.iter().fold(own.base_log_odds, |sum, own| sum + own.log_odds);
    assert_eq!(sum + own.correction, own.log_odds);
    assert_eq!(own.log_odds, scorer.score_listing(&listing).log_odds);
    let title = own.contributions.iter().find(|own| own.signal == "words_in_title").unwrap();
    let of_words: f64 = title.words.iter().map(|(_, own)| own).sum();
    assert!(title.words.len() > 3 && (of_words - title.log_odds).abs() < 1e-12);
    assert!(title.words.iter().all(|(term, _)| !term.contains("never")));
}

#[test]
fn without_anything_to_learn_no_words_are_kept() {
    let own = TrainingParams::default().check().unwrap().fit(&labeled(false, 120)).unwrap();
    assert_eq!((own.model.card().word_penalty, own.model.n_words()), (None, 0));
    // 200 counterfeits are too few for the folds to tell: words are kept, and held back.
    let few = trained(false).model;
    assert!(few.card().word_penalty >= Some(10.0), "{:?}", few.card());
    assert!(few.words().iter().all(|own| own.coefficient.abs() < 0.2), "{:?}", few.words()[0]);
    let words = few.card().warnings.join("; ");
    assert!(words.contains("nothing was learned"), "{words}");
}

#[test]
fn a_saved_model_scores_as_before_and_threads_change_no_byte() {
    let bytes = |n_threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        pool.install(|| trained(true).model.to_bytes().unwrap())
    };
    let one = bytes(1);
    assert!(one == bytes(4), "the number of threads changes the model");
    let loaded = Model::from_bytes(&one).unwrap();
    assert!(loaded.to_bytes().unwrap() == one);
    let again = Scorer::new(loaded).unwrap();
    let first = Scorer::new(trained(true).model).unwrap();
    for title in ["soft zorblat batch bag", "blue shoe", ""] {
        let listing = listing(title);
        let own = first.score_listing(&listing).log_odds.to_bits();
        assert_eq!(own, again.score_listing(&listing).log_odds.to_bits(), "{title}");
    }
}
