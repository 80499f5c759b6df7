//! Disguised listings and innocent look-alikes, written for this purpose: how many of the first are
//! seen and how many of the second are taken for the first. `fixtures/evasion/README.md` says what
//! they are; nothing here says how often real sellers write so.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the table is what people run this test for")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use pinchbeck::{Knowledge, Listing, Model, ScoreSettings, Scorer};

/// One row of the fixtures.
struct Row {
    id: String,
    language: String,
    family: String,
    expect: String,
    listing: Listing,
}

fn rows(name: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/evasion").join(name);
    let mut reader = csv::Reader::from_path(path).unwrap();
    let text = |record: &csv::StringRecord, at: usize| record.get(at).unwrap().to_owned();
    reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            let filled = |at: usize| Some(text(&record, at)).filter(|own| !own.is_empty());
            Row {
                id: text(&record, 0),
                language: text(&record, 1),
                family: text(&record, 2),
                expect: text(&record, 4),
                listing: Listing {
                    description: filled(6),
                    brand: Some(text(&record, 7)),
                    category: filled(8),
                    ..Listing::new(text(&record, 0), text(&record, 5))
                },
            }
        })
        .collect()
}

/// The signals that say that a term for copies is there.
const REPLICA: [&str; 4] =
    ["replica_term_certain", "replica_term_strong", "replica_term_weak", "copycat_term"];

/// The signals that say that a brand is there in spite of how it is written.
const BRAND: [&str; 2] = ["brand_altered", "brand_only_in_title"];

/// Whether one of the signals says something of a listing.
fn is_seen(scorer: &Scorer, listing: &Listing, signals: &[&str]) -> bool {
    let explanation = scorer.explain_listing(listing);
    explanation
        .contributions
        .iter()
        .any(|own| signals.contains(&own.signal.as_str()) && own.value.is_some_and(|v| v > 0.0))
}

/// Counts of rows and of those that are seen, by family or language.
type Table = BTreeMap<String, (usize, usize)>;

fn tell(title: &str, table: &Table) {
    println!("{title}");
    for (name, (n, seen)) in table {
        println!("  {name:<24} {seen:>4} of {n:>4}");
    }
}

/// Judges a file and prints it by family and by language; how many rows there are, how many are
/// seen, and which are not what they should be.
fn judge(name: &str, expects: bool) -> (usize, usize) {
    let scorer = Scorer::new(Model::embedded().unwrap()).unwrap();
    let (mut families, mut languages) = (Table::new(), Table::new());
    let (mut n, mut n_seen) = (0, 0);
    for row in rows(name) {
        let signals: &[&str] = match row.expect.as_str() {
            "brand" => &BRAND,
            "replica" => &REPLICA,
            _ => &[
                "replica_term_certain",
                "replica_term_strong",
                "replica_term_weak",
                "brand_altered",
            ],
        };
        let seen = is_seen(&scorer, &row.listing, signals);
        for (table, key) in [(&mut families, &row.family), (&mut languages, &row.language)] {
            let cell = table.entry(key.clone()).or_default();
            cell.0 += 1;
            cell.1 += usize::from(seen);
        }
        n += 1;
        n_seen += usize::from(seen);
        if seen != expects {
            println!("{} {} {}: {}", row.id, row.language, row.family, row.listing.title);
        }
    }
    tell(&format!("{name}: {n_seen} of {n} seen, by family"), &families);
    tell("by language", &languages);
    (n, n_seen)
}

#[test]
fn attacks_are_seen() {
    let (n, seen) = judge("attacks.csv", true);
    assert!(n >= 500 && seen >= ATTACKS_SEEN, "{seen} of {n}");
}

#[test]
fn innocent_listings_are_not_seen() {
    let (n, seen) = judge("innocent.csv", false);
    assert!(n >= 250 && seen == INNOCENT_SEEN, "{seen} of {n}");
}

/// Written after the rules were made: what new disguises meet. One of those missed was met since.
#[test]
fn attacks_that_no_rule_was_made_for() {
    let (n, seen) = judge("held_out_attacks.csv", true);
    assert!(n >= 60 && seen >= HELD_OUT_SEEN, "{seen} of {n}");
    let (n, seen) = judge("held_out_innocent.csv", false);
    assert!(n >= 60 && seen == HELD_OUT_FALSE, "{seen} of {n}");
}

/// A second set, written later; what it found was put right.
#[test]
fn a_second_set_of_attacks() {
    assert_eq!(judge("second_attacks.csv", true), (63, 63));
    assert_eq!(judge("second_innocent.csv", false), (75, 0));
}

/// A set by somebody who had not seen the rules; what it found was put right as far as it could be.
#[test]
fn an_examination() {
    let attacks = judge("examination_attacks.csv", true);
    assert_eq!(judge("examination_innocent.csv", false), (240, EXAMINATION_FALSE));
    assert_eq!(attacks, (160, EXAMINATION_SEEN));
}

/// A trial by a user who knew the README: what one innocent word, or the "no" of another word, hid. Put
/// right as far as it could be.
#[test]
fn a_trial() {
    assert_eq!(judge("trial_attacks.csv", true), (35, TRIAL_SEEN));
    assert_eq!(judge("trial_innocent.csv", false), (22, TRIAL_FALSE));
}

/// Innocent listings written after the rules by somebody who had seen neither them nor the program: 42 at
/// first sight. They led to the rule that built-in words for copies need goods that are copied.
#[test]
fn innocent_listings_that_led_to_a_rule() {
    assert_eq!(judge("later_innocent.csv", false), (339, LATER_FALSE));
}

/// Two sets by two more authors who had seen neither rules nor program. The innocent listings of the
/// fourth that were taken for attacks were read before that rule was written; nobody has read those of
/// the fifth, of which only the counts under variants of the rule were seen.
#[test]
fn two_sets_by_further_authors() {
    let found = [
        judge("fourth_attacks.csv", true),
        judge("fourth_innocent.csv", false),
        judge("fifth_attacks.csv", true),
        judge("fifth_innocent.csv", false),
    ];
    let expected = [(150, FOURTH_SEEN), (350, FOURTH_FALSE), (150, FIFTH_SEEN), (350, FIFTH_FALSE)];
    assert_eq!(found, expected);
}

/// All files of this directory.
const FILES: [&str; 15] = [
    "attacks.csv",
    "innocent.csv",
    "held_out_attacks.csv",
    "held_out_innocent.csv",
    "second_attacks.csv",
    "second_innocent.csv",
    "examination_attacks.csv",
    "examination_innocent.csv",
    "trial_attacks.csv",
    "trial_innocent.csv",
    "later_innocent.csv",
    "fourth_attacks.csv",
    "fourth_innocent.csv",
    "fifth_attacks.csv",
    "fifth_innocent.csv",
];

/// The short ways of folding and restoring cost less and change nothing: every account of a score is the
/// same to the last bit.
#[test]
fn without_the_short_ways_every_account_is_the_same() {
    let with = Scorer::new(Model::embedded().unwrap()).unwrap();
    let knowledge = Knowledge::builtin().unwrap().without_short_ways();
    let without = Scorer::with_knowledge(Model::embedded().unwrap(), Arc::new(knowledge)).unwrap();
    let mut n = 0;
    for row in FILES.into_iter().flat_map(rows) {
        let same = with.explain_listing(&row.listing) == without.explain_listing(&row.listing);
        assert!(same, "{}", row.id);
        n += 1;
    }
    assert!(n > 2500, "{n}");
}

/// What cannot be among the strongest reasons is not put into words when listings are scored, and is when
/// they are explained: the reasons are the same, however few are asked for.
#[test]
fn reasons_of_a_score_are_those_of_its_explanation() {
    let scorer = |max_reasons| {
        let settings = ScoreSettings { max_reasons, ..ScoreSettings::default() };
        Scorer::new(Model::embedded().unwrap()).unwrap().with_settings(settings)
    };
    let scorers = [1, 2, 3, usize::MAX].map(|n| (n, scorer(n)));
    let mut n_all = 0;
    for row in FILES.into_iter().flat_map(rows) {
        let explained = scorers[0].1.explain_listing(&row.listing).reasons;
        for (n, scorer) in &scorers {
            let reasons = scorer.score_listing(&row.listing).reasons;
            let expected = &explained[..explained.len().min(*n)];
            assert_eq!(format!("{reasons:?}"), format!("{expected:?}"), "{} of {n}", row.id);
        }
        n_all += explained.len();
    }
    assert!(n_all > 2000, "{n_all}");
}

/// How many of the 339 are taken for attacks; 42 at first sight.
const LATER_FALSE: usize = 0;

/// How many of the 150 attacks of the fourth set are seen; 121 before the rule, 118 with it, before the
/// set was read.
const FOURTH_SEEN: usize = 145;

/// How many innocent listings of the fourth set are taken for attacks; 66 before the rule, 15 with it,
/// before the set was read.
const FOURTH_FALSE: usize = 0;

/// How many of the 150 attacks of the fifth set are seen; 119 before the rule, 117 with it, before what
/// was learned from the fourth.
const FIFTH_SEEN: usize = 121;

/// How many innocent listings of the fifth set are taken for attacks; 48 before the rule, 15 with it, before
/// what was learned from the fourth: two more come with brands and goods that are known in more languages.
const FIFTH_FALSE: usize = 17;

/// How many of the 35 attacks of the trial are seen.
const TRIAL_SEEN: usize = 34;

/// How many of its 22 innocent listings are taken for attacks; 2 before built-in words for copies needed
/// goods that are copied.
const TRIAL_FALSE: usize = 0;

/// How many innocent listings of the examination are taken for attacks; 30 at first sight.
const EXAMINATION_FALSE: usize = 0;

/// How many attacks of the examination are seen; 149 at first sight, 150 before built-in words for copies
/// needed goods that are copied.
const EXAMINATION_SEEN: usize = 158;

/// How many of the 70 held-out attacks are seen.
const HELD_OUT_SEEN: usize = 68;

/// How many of the 66 held-out innocent listings are taken for attacks.
const HELD_OUT_FALSE: usize = 0;

/// How many of the 501 attacks are seen.
const ATTACKS_SEEN: usize = 499;

/// How many of the 263 innocent listings are taken for attacks.
const INNOCENT_SEEN: usize = 0;
