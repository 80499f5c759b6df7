//! `pinchbeck train`: labeled listings in, a model and its figures out.

use serde_json::Value;

use crate::runner::{DONE, FAULT, Folder, pinchbeck};

const LABELED: &str = "fixtures/listings/labeled.csv";

/// What a split of the metrics file holds at least.
pub(crate) const METRICS: [&str; 13] = [
    "n",
    "n_positive",
    "average_precision",
    "average_precision_interval",
    "roc_auc",
    "precision_at",
    "recall_at",
    "log_loss",
    "brier",
    "ece",
    "calibration_slope",
    "threshold",
    "slices",
];

#[test]
fn a_model_and_its_metrics_are_written() {
    let folder = Folder::new();
    let (model, metrics) = (folder.path("model.json"), folder.path("metrics.json"));
    let args = ["train", LABELED, "-o", &model, "--time", "listed_at", "--metrics", &metrics];
    pinchbeck(&args).ended(DONE).within(&folder).snapshot("train");
    assert_eq!(folder.names(), ["metrics.json", "model.json"]);
    let value: Value = serde_json::from_str(&folder.read("metrics.json")).expect("JSON");
    for split in ["random", "group", "time", "holdout"] {
        for key in METRICS {
            assert!(value[split].get(key).is_some(), "{split} has no {key}");
        }
    }
}

#[test]
fn the_model_can_be_inspected_and_scored_with() {
    let folder = Folder::new();
    let model = folder.path("model.json");
    let note = "Trained for a test.";
    pinchbeck(&["train", LABELED, "-o", &model, "--note", note]).ended(DONE);
    let card = pinchbeck(&["inspect", &model]).ended(DONE).stdout;
    assert!(card.contains(note) && card.contains("3000 labeled listings"), "{card}");
    let input = "fixtures/listings/first_look.csv";
    let own = pinchbeck(&["score", input, "--model", &model]).ended(DONE);
    let default = pinchbeck(&["score", input]).ended(DONE);
    assert_ne!(own.stdout, default.stdout);
    assert!(own.stderr.contains(&model), "{}", own.stderr);
}

#[test]
fn training_twice_gives_the_same_bytes() {
    let folder = Folder::new();
    for name in ["a.json", "b.json"] {
        pinchbeck(&["train", LABELED, "-o", &folder.path(name), "--seed", "7"]).ended(DONE);
    }
    assert!(folder.read("a.json") == folder.read("b.json"), "the models differ");
}

#[test]
fn a_model_on_standard_output_stands_there_alone() {
    let folder = Folder::new();
    let printed = pinchbeck(&["train", LABELED, "-o", "-"]).ended(DONE);
    pinchbeck(&["train", LABELED, "-o", &folder.path("model.json")]).ended(DONE);
    assert!(printed.stdout == folder.read("model.json"), "the models differ");
    assert!(printed.stderr.contains("average precision"), "{}", printed.stderr);
}

#[test]
fn an_export_without_labels_is_refused() {
    let folder = Folder::new();
    let model = folder.path("model.json");
    let ran = pinchbeck(&["train", "fixtures/listings/export.csv", "-o", &model]).ended(FAULT);
    assert!(folder.names().is_empty());
    ran.snapshot("train_without_labels");
}

// A column that moderation fills, and a file that is sorted by label, promise what no later export keeps.
#[test]
fn what_knows_the_answer_is_named() {
    let folder = Folder::new();
    let text = std::fs::read_to_string(LABELED).expect("the fixture");
    let mut lines = text.lines();
    let header = lines.next().expect("a header");
    let mut rows: Vec<String> = lines
        .map(|line| format!("{line},{}", if line.ends_with(",1") { 9.5 } else { 0.5 }))
        .collect();
    rows.sort_by_key(|row| row.ends_with(",9.5"));
    let file = folder.write("leak.csv", format!("{header},days_removed\n{}\n", rows.join("\n")));
    let mapping = folder.write("leak.toml", "[extra.numeric]\ndays_removed = {}\n");
    let args = ["train", &file, "--mapping", &mapping, "-o", &folder.path("model.json")];
    let ran = pinchbeck(&args).ended(DONE);
    for told in [
        "warning: \"days_removed\" alone tells the classes apart (ROC AUC 1.000)",
        "warning: the column \"days_removed\" sounds as if moderation fills it",
        "warning: the labels follow the order of the rows (ROC AUC 1.000)",
    ] {
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
    }
}

/// The labeled fixture with a column of weights: the listing's number, or something else once.
fn weighted(folder: &Folder, odd: &str) -> String {
    let text = std::fs::read_to_string(LABELED).expect("the fixture");
    let mut lines = text.lines();
    let header = lines.next().expect("a header");
    let weight = |at: usize| if at == 6 { odd.to_owned() } else { (1 + at % 3).to_string() };
    let rows = lines.enumerate().map(|(at, line)| format!("{line},{}\n", weight(at)));
    folder.write("weighted.csv", format!("{header},times\n{}", rows.collect::<String>()))
}

#[test]
fn listings_count_as_a_column_says() {
    let folder = Folder::new();
    let (file, model) = (weighted(&folder, "2.5"), folder.path("model.json"));
    let args = ["train", &file, "-o", &model, "--sample-weight", "times", "--no-words"];
    let ran = pinchbeck(&args).ended(DONE);
    assert!(ran.stderr.contains("listings count as \"times\" says"), "{}", ran.stderr);
    let card = pinchbeck(&["inspect", &model]).ended(DONE).stdout;
    assert!(card.contains("listings count as the column times says"), "{card}");
    // Listings to score need no weights.
    pinchbeck(&["score", "fixtures/listings/export.csv", "--model", &model]).ended(DONE);
}

#[test]
fn weights_that_are_none_are_refused() {
    let folder = Folder::new();
    let model = folder.path("model.json");
    for odd in ["0", "-1", ""] {
        let file = weighted(&folder, odd);
        let args = ["train", &file, "-o", &model, "--sample-weight", "times"];
        let ran = pinchbeck(&args).ended(FAULT);
        let told = "--sample-weight: expected a number above 0 for every labeled listing";
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
        assert!(ran.stderr.contains("at the listing \"L0000007\""), "{}", ran.stderr);
    }
    let file = weighted(&folder, "1");
    let mapping = folder.write("own.toml", "[extra.numeric]\ntimes = {}\n");
    let args = ["train", &file, "-o", &model, "--mapping", &mapping, "--sample-weight", "times"];
    let ran = pinchbeck(&args).ended(FAULT);
    assert!(ran.stderr.contains("a column that is not learned from"), "{}", ran.stderr);
    assert!(!folder.names().contains(&"model.json".to_owned()));
}

#[test]
fn the_truth_of_a_simulated_market_is_not_learned() {
    let folder = Folder::new();
    let (plain, with_truth) = (folder.path("plain.csv"), folder.path("truth.csv"));
    let market = ["simulate", "--rows", "1000", "--seed", "3"];
    pinchbeck(&[&market[..], &["-o", &plain]].concat()).ended(DONE);
    pinchbeck(&[&market[..], &["--truth-column", "-o", &with_truth]].concat()).ended(DONE);
    let header = |name: &str| folder.read(name).lines().next().unwrap_or("").to_owned();
    assert_eq!(header("truth.csv"), format!("{},true_probability", header("plain.csv")));
    let learned = [&plain, &with_truth].map(|market| {
        let model = format!("{market}.json");
        pinchbeck(&["train", market, "--no-words", "-o", &model]).ended(DONE);
        let value: Value = serde_json::from_str(&folder.read(model.rsplit('/').next().unwrap()))
            .expect("a model is JSON");
        value["model"]["coefficients"].clone()
    });
    assert!(learned[0].as_object().is_some_and(|own| !own.is_empty()), "{}", learned[0]);
    assert_eq!(learned[0], learned[1]);
}
