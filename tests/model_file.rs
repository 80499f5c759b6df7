//! The model file as foreign input: one test a malformation, each message checked for what its
//! reader needs to know, and nothing that was changed ever loads as something else.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write;
use std::sync::LazyLock;

use pinchbeck::{ErrorKind, Listing, Model, Scorer};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The embedded model's file.
static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| Model::embedded().unwrap().to_bytes().unwrap());

static TEXT: LazyLock<String> = LazyLock::new(|| String::from_utf8(FILE.clone()).unwrap());

/// What is said of bytes that must not load.
fn refusal(bytes: &[u8]) -> String {
    let error = Model::from_bytes(bytes).map(|_| "loaded").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Model { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.len() < 1000 && !text.chars().any(char::is_control), "{text:?}");
    text
}

/// Checks that bytes are refused with all of these words.
fn refused(bytes: &[u8], words: &[&str]) {
    let text = refusal(bytes);
    for word in words {
        assert!(text.contains(word), "no {word:?} in: {text}");
    }
}

/// The file with one text in place of another, which must be there; the digest is left alone.
fn replaced(from: &str, to: &str) -> Vec<u8> {
    assert!(TEXT.contains(from), "{from} is not in the file");
    TEXT.replacen(from, to, 1).into_bytes()
}

/// The file with its content changed and signed anew, as its author could: SHA-256 over the
/// compact JSON of `model`.
fn signed(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut file: Value = serde_json::from_slice(&FILE).unwrap();
    change(&mut file["model"]);
    let content = serde_json::to_vec(&file["model"]).unwrap();
    let mut digest = String::new();
    for byte in Sha256::digest(&content) {
        write!(digest, "{byte:02x}").unwrap();
    }
    file["sha256"] = json!(digest);
    serde_json::to_vec(&file).unwrap()
}

/// A feature of the content by its name.
fn feature<'a>(model: &'a mut Value, name: &str) -> &'a mut Value {
    let features = model["features"].as_array_mut().unwrap();
    features.iter_mut().find(|feature| feature["name"] == name).unwrap()
}

/// The compact text of the content, digest left alone, so that what JSON values cannot say can be
/// written: keys twice, numbers out of range.
fn spliced(from: &str, to: &str) -> Vec<u8> {
    let compact = serde_json::to_string(&serde_json::from_slice::<Value>(&FILE).unwrap()).unwrap();
    assert!(compact.contains(from), "{from} is not in the file");
    compact.replacen(from, to, 1).into_bytes()
}

#[test]
fn signing_anew_what_was_not_changed_gives_the_same_model() {
    let model = Model::from_bytes(&signed(|_| {})).unwrap();
    assert_eq!(model.to_bytes().unwrap(), *FILE);
}

#[test]
fn a_file_that_was_cut_short_says_so() {
    for tenth in 1..10 {
        let end = FILE.len() * tenth / 10;
        refused(&FILE[..end], &["not a model file"]);
    }
    // Up to the last brace; only the line end may be lost.
    refused(&FILE[..FILE.len() - 2], &["cut short"]);
    assert!(Model::from_bytes(&FILE[..FILE.len() - 1]).is_ok());
}

#[test]
fn a_wrong_digest_is_told_with_both() {
    let own = Model::embedded().unwrap().digest().unwrap();
    let other = "0".repeat(64);
    refused(&replaced(&own, &other), &[&own, &other, "changed after it was saved"]);
    refused(&replaced(&own, &own.to_uppercase()), &["changed after it was saved"]);
    refused(&replaced(&own, ""), &["changed after it was saved"]);
}

#[test]
fn an_edited_coefficient_breaks_the_seal() {
    let value: Value = serde_json::from_slice(&FILE).unwrap();
    let old = value["model"]["coefficients"]["seller_age_days"].to_string();
    let from = format!("\"seller_age_days\": {old}");
    refused(
        &replaced(&from, "\"seller_age_days\": -0.25"),
        &["SHA-256", "changed after it was saved"],
    );
}

/// The digest is over the content, so a file that was indented anew or whose line ends a transfer
/// changed is still the model.
#[test]
fn white_space_is_not_content() {
    for text in [TEXT.replace('\n', "\r\n"), TEXT.replace("  ", "\t"), TEXT.replace('\n', " ")] {
        let model = Model::from_bytes(text.as_bytes()).unwrap();
        assert_eq!(model.to_bytes().unwrap(), *FILE);
    }
    let compact = serde_json::to_vec(&serde_json::from_slice::<Value>(&FILE).unwrap()).unwrap();
    assert_eq!(Model::from_bytes(&compact).unwrap().to_bytes().unwrap(), *FILE);
}

#[test]
fn white_space_within_a_text_is_content() {
    refused(&replaced("A starting point", "A  starting point"), &["changed after it was saved"]);
}

#[test]
fn unknown_keys_are_refused_at_every_depth() {
    let with_key = |path: &[&str]| {
        let mut file: Value = serde_json::from_slice(&FILE).unwrap();
        let mut place = &mut file;
        for key in path {
            place = match key.parse::<usize>() {
                Ok(index) => &mut place[index],
                Err(_) => &mut place[*key],
            };
        }
        place["surprise"] = json!(1);
        serde_json::to_vec(&file).unwrap()
    };
    let places: [&[&str]; 11] = [
        &[],
        &["model"],
        &["model", "card"],
        &["model", "card", "data"],
        &["model", "card", "lexicons", "0"],
        &["model", "card", "evaluation", "0"],
        &["model", "threshold"],
        &["model", "calibration"],
        &["model", "features", "0"],
        &["model", "prices", "0"],
        &["model", "operating_points", "0"],
    ];
    for path in places {
        refused(&with_key(path), &["unknown field `surprise`", "line 1"]);
    }
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let first = "\"coefficients\":{";
    let twice = format!("{first}\"price_log_ratio\":1.0,");
    refused(&spliced(first, &twice), &["the key \"price_log_ratio\" stands twice"]);
    for (object, key) in [
        ("\"calibration\":{", "\"slope\":1.0,"),
        ("\"threshold\":{", "\"policy\":\"fixed=0.5\","),
        ("\"model\":{", "\"intercept\":0.0,"),
        ("\"data\":{", "\"n\":5,"),
    ] {
        refused(&spliced(object, &format!("{object}{key}")), &["duplicate field"]);
    }
    refused(
        &spliced("{\"format_version\":1", "{\"format_version\":1,\"format_version\":1"),
        &["duplicate field `format_version`"],
    );
}

#[test]
fn another_version_is_told_before_anything_else_is_read() {
    let words = ["format version 2", "reads 1", "retrain"];
    refused(&replaced("\"format_version\": 1", "\"format_version\": 2"), &words);
    // What version 2 holds is not looked at.
    refused(b"{\"format_version\": 2, \"weights\": [1, {\"a\": null}]}", &words);
    refused(&replaced("\"format_version\": 1", "\"format_version\": 0"), &["format version 0"]);
}

#[test]
fn a_version_that_is_missing_or_no_number_is_refused() {
    refused(&replaced("\"format_version\": 1,", ""), &["missing field `format_version`"]);
    for odd in ["\"1\"", "-1", "1.5", "null", "[1]", "99999999999999999999"] {
        let bytes = replaced("\"format_version\": 1", &format!("\"format_version\": {odd}"));
        refused(&bytes, &["not a model file", "line 2"]);
    }
}

#[test]
fn numbers_that_are_not_finite_cannot_be_written_at_all() {
    for key in ["\"intercept\":", "\"price_log_ratio\":", "\"slope\":", "\"penalty\":"] {
        let compact =
            serde_json::to_string(&serde_json::from_slice::<Value>(&FILE).unwrap()).unwrap();
        let at = compact.find(key).unwrap() + key.len();
        let end = at + compact[at..].find([',', '}']).unwrap();
        for number in ["1e999", "-1e999", "NaN", "Infinity", "nan"] {
            let text = format!("{}{number}{}", &compact[..at], &compact[end..]);
            refused(text.as_bytes(), &["not a model file", "column"]);
        }
        let text = format!("{}null{}", &compact[..at], &compact[end..]);
        refused(text.as_bytes(), &["invalid type: null"]);
    }
}

#[test]
fn a_signal_that_the_program_does_not_have_is_named() {
    let bytes = signed(|model| feature(model, "missing_gtin")["name"] = json!("aura"));
    refused(&bytes, &["feature \"aura\"", "no such signal", "retrain"]);
}

#[test]
fn a_coefficient_that_no_feature_makes_is_named() {
    let bytes = signed(|model| {
        let all = model["coefficients"].as_object_mut().unwrap();
        *all = std::mem::take(all)
            .into_iter()
            .map(|(key, value)| (if key == "sales_count" { "aura".into() } else { key }, value))
            .collect();
    });
    refused(&bytes, &["\"aura\"", "\"sales_count\"", "do not belong to the features"]);
}

#[test]
fn coefficients_and_features_must_be_as_many() {
    let words = ["do not belong to the features", "coefficients"];
    let fewer = signed(|model| {
        model["coefficients"].as_object_mut().unwrap().shift_remove("missing_gtin").unwrap();
    });
    refused(&fewer, &words);
    let more = signed(|model| model["coefficients"]["one_more"] = json!(0.5));
    refused(&more, &words);
    let no_feature = signed(|model| {
        model["features"].as_array_mut().unwrap().retain(|own| own["name"] != "missing_gtin");
    });
    refused(&no_feature, &words);
    let none = signed(|model| model["coefficients"] = json!({}));
    refused(&none, &words);
}

#[test]
fn a_feature_that_stands_twice_is_named() {
    let bytes = signed(|model| {
        let copy = feature(model, "missing_gtin").clone();
        model["features"].as_array_mut().unwrap().push(copy);
    });
    refused(&bytes, &["\"missing_gtin\" stands twice"]);
}

#[test]
fn a_scale_must_be_whole_and_have_a_width() {
    let words = ["feature \"seller_age_days\"", "sd > 0", "max >= min"];
    for (key, value) in [("sd", 0.0), ("sd", -1.0), ("min", 1e9), ("max", -1e9)] {
        let bytes = signed(|model| feature(model, "seller_age_days")[key] = json!(value));
        refused(&bytes, &words);
    }
    for key in ["mean", "sd", "min", "max"] {
        let bytes = signed(|model| {
            let feature = feature(model, "seller_age_days").as_object_mut().unwrap();
            feature.shift_remove(key).unwrap();
        });
        refused(&bytes, &words);
    }
}

#[test]
fn another_transform_than_the_signals_is_told() {
    let bytes = signed(|model| feature(model, "seller_age_days")["transform"] = json!("identity"));
    refused(&bytes, &["\"seller_age_days\"", "as log1p", "as identity", "retrain"]);
    let bytes = signed(|model| feature(model, "seller_age_days")["transform"] = json!("cube"));
    refused(&bytes, &["the transform \"cube\" is unknown"]);
    let bytes = signed(|model| feature(model, "seller_age_days")["source"] = json!("oracle"));
    refused(&bytes, &["the source \"oracle\" is unknown"]);
}

#[test]
fn a_share_leaves_room_for_both_values() {
    for share in [0.0, 1.0, -0.5, 1.5] {
        let bytes = signed(|model| {
            feature(model, "seller_rating")["missing_share"] = json!(share);
        });
        refused(&bytes, &["\"seller_rating\"", "not between 0 and 1"]);
    }
}

#[test]
fn a_calibration_must_not_turn_the_order_round() {
    for slope in [-1.0, 0.0, -0.0] {
        let bytes = signed(|model| model["calibration"]["slope"] = json!(slope));
        refused(&bytes, &["slope must be positive"]);
    }
}

#[test]
fn a_policy_must_be_one_that_is_known() {
    for policy in ["", "guess", "fixed=2", "cost=1", "review-budget=0", "fixed=NaN"] {
        let bytes = signed(|model| model["threshold"]["policy"] = json!(policy));
        refused(&bytes, &["threshold policy", "is unknown"]);
    }
}

/// A threshold beyond 1 would flag nothing for ever, one below 0 everything, in silence.
#[test]
fn a_threshold_must_be_a_probability() {
    for threshold in [-0.1, 1.5, 1e300] {
        let bytes = signed(|model| model["threshold"]["probability"] = json!(threshold));
        refused(&bytes, &["threshold"]);
    }
}

#[test]
fn prices_need_listings_and_a_spread() {
    for (key, value) in [("n", json!(0)), ("spread", json!(0.0)), ("spread", json!(-1.0))] {
        let bytes = signed(|model| model["prices"][0][key] = value);
        refused(&bytes, &["prices of", "n > 0 and spread > 0"]);
    }
}

/// Coefficients so large that a sum of them is no number would score NaN, which no threshold
/// flags.
#[test]
fn a_model_whose_scores_overflow_is_refused_or_scores_numbers() {
    let listing = Listing {
        seller_age_days: Some(1.0),
        seller_rating: Some(1.0),
        ..Listing::new("1", "replica bag")
    };
    for (coefficient, slope) in [(1e308, 1.0), (-1e308, 1e10), (1.0, 1e308)] {
        let bytes = signed(|model| {
            for value in model["coefficients"].as_object_mut().unwrap().values_mut() {
                *value = json!(coefficient);
            }
            model["coefficients"]["seller_rating"] = json!(-coefficient);
            model["calibration"]["slope"] = json!(slope);
        });
        let Ok(scorer) = Model::from_bytes(&bytes).and_then(Scorer::new) else { continue };
        let score = scorer.score_listing(&listing);
        assert!(!score.probability.is_nan(), "{coefficient} x {slope}: {score:?}");
    }
}

/// What a loaded model says its digest is, is what its file says: nothing is merged, sorted or
/// spelled anew on the way.
#[test]
fn a_file_that_is_not_in_canonical_form_is_refused_or_keeps_its_digest() {
    let second_price = signed(|model| {
        let mut copy = model["prices"][0].clone();
        copy["log_reference"] = json!(1.0);
        model["prices"].as_array_mut().unwrap().push(copy);
    });
    let second_brand = signed(|model| {
        let copy = model["brands"][0].clone();
        model["brands"].as_array_mut().unwrap().push(copy);
    });
    let other_spelling = signed(|model| model["threshold"]["policy"] = json!("fixed=0.50"));
    for bytes in [second_price, second_brand, other_spelling] {
        let Ok(model) = Model::from_bytes(&bytes) else { continue };
        let file: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(model.digest().unwrap(), file["sha256"], "{:?}", model.threshold());
    }
}

#[test]
fn deep_nesting_neither_overflows_the_stack_nor_loads() {
    const DEEP: usize = 1 << 20;
    refused("[".repeat(DEEP).as_bytes(), &["not a model file"]);
    refused("{\"a\":".repeat(DEEP).as_bytes(), &["not a model file"]);
    let within = |key: &str| format!("{{\"format_version\": 1, \"{key}\": {}", "[".repeat(DEEP));
    refused(within("model").as_bytes(), &["not a model file"]);
    refused(within("other").as_bytes(), &["not a model file"]);
}

#[test]
fn what_is_no_model_at_all_is_refused() {
    refused(b"", &["not a model file"]);
    refused(b" \n", &["not a model file"]);
    refused(b"listing_id,title\n1,bag\n", &["not a model file"]);
    refused(b"PAR1\x00\x00\xff\xfe", &["not a model file"]);
    refused(b"\x1f\x8b\x08\x00", &["not a model file"]);
    refused(b"{}", &["missing field `format_version`"]);
    refused(b"[]", &["not a model file"]);
    refused(b"null", &["not a model file"]);
    refused(b"{\"format_version\": 1}", &["missing field `sha256`"]);
    refused(b"{\"format_version\": 1, \"sha256\": \"\", \"model\": {}}", &["missing field `card`"]);
    let mut twice = FILE.clone();
    twice.extend_from_slice(&FILE);
    refused(&twice, &["not a model file", "trailing characters"]);
    let mut marked = b"\xef\xbb\xbf".to_vec();
    marked.extend_from_slice(&FILE);
    refused(&marked, &["not a model file"]);
}

/// A terminal shows messages, and a model file is foreign: nothing of it reaches the terminal raw.
#[test]
fn messages_show_control_characters_instead_of_sending_them() {
    let bytes = signed(|model| {
        feature(model, "missing_gtin")["name"] = json!("a\u{1b}[2Jb\u{202e}");
    });
    let text = refusal(&bytes);
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text:?}");
    refusal(b"{\"format_version\": 1, \"\\u001b[2J\": 1}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// A changed byte is white space exchanged for white space, or the file is refused.
    #[test]
    fn flipped_bytes_never_panic_and_never_load_as_something_else(
        flips in prop::collection::vec((any::<prop::sample::Index>(), 1_u8..), 1..4),
    ) {
        let mut bytes = FILE.clone();
        for (index, mask) in flips {
            let at = index.index(bytes.len());
            bytes[at] ^= mask;
        }
        if let Ok(model) = Model::from_bytes(&bytes) {
            prop_assert_eq!(&model.to_bytes().unwrap(), &*FILE);
        }
    }

    /// A number of the content exchanged and the file signed anew: it loads or not, and what loads
    /// scores without a panic.
    #[test]
    fn numbers_exchanged_by_the_author_never_panic(
        position in any::<prop::sample::Index>(),
        number in prop_oneof![
            Just(0.0), Just(-1.0), Just(1e308), Just(-1e308), Just(5e-324), any::<f64>(),
        ],
    ) {
        prop_assume!(number.is_finite());
        let bytes = signed(|model| {
            let count = numbers(model).len();
            *numbers(model).swap_remove(position.index(count)) = json!(number);
        });
        if let Ok(model) = Model::from_bytes(&bytes) {
            let scorer = Scorer::new(model);
            let listing = Listing {
                price: Some(20.0),
                currency: Some("XTS".into()),
                seller_rating: Some(f64::NAN),
                ..Listing::new("1", "replica bag")
            };
            if let Ok(scorer) = scorer {
                scorer.explain_listing(&listing);
                scorer.score_listing(&listing);
            }
        }
    }
}

/// All numbers of a value that are written with a fraction.
fn numbers(value: &mut Value) -> Vec<&mut Value> {
    match value {
        Value::Array(values) => values.iter_mut().flat_map(numbers).collect(),
        Value::Object(values) => values.values_mut().flat_map(numbers).collect(),
        Value::Number(number) if number.is_f64() => vec![value],
        _ => Vec::new(),
    }
}

/// The file with the words of a title learned, each with a coefficient.
fn with_words(terms: Value) -> Vec<u8> {
    signed(|model| {
        for (term, _) in terms.as_object().unwrap() {
            model["coefficients"][format!("words_in_title:{term}")] = 0.25.into();
        }
        let feature =
            serde_json::json!({ "name": "words_in_title", "source": "words", "terms": terms });
        model["features"].as_array_mut().unwrap().push(feature);
    })
}

#[test]
fn words_are_loaded_as_they_were_saved_or_refused() {
    let model = Model::from_bytes(&with_words(serde_json::json!({ "batch": 2.0, "zorblat": 3.0 })));
    let words = model.unwrap().words();
    assert_eq!(words.len(), 2);
    assert_eq!((words[0].field, words[0].term.as_str()), ("title", "batch"));
    let unsorted = with_words(serde_json::json!({ "zorblat": 3.0, "batch": 2.0 }));
    refused(&unsorted, &["words_in_title", "the terms must be in order"]);
    let light = with_words(serde_json::json!({ "batch": 0.5 }));
    refused(&light, &["words_in_title", "must be 1 or more"]);
    let bytes = signed(|model| {
        let feature =
            serde_json::json!({ "name": "words_in_price", "source": "words", "terms": {} });
        model["features"].as_array_mut().unwrap().push(feature);
    });
    refused(&bytes, &["words_in_price", "no field has its words learned"]);
    let bytes = signed(|model| {
        let feature = serde_json::json!({ "name": "words_in_title", "source": "words" });
        model["features"].as_array_mut().unwrap().push(feature);
    });
    refused(&bytes, &["words_in_title", "need `terms`"]);
}
