//! What always holds of a model: trained again, saved and loaded, with columns of the user's own.

use std::path::Path;

use pinchbeck::listing::{ExtraColumns, Transform};
use pinchbeck::report::TableFormat;
use pinchbeck::scoring::Pipeline;
use pinchbeck::simulate::Market;
use pinchbeck::training::{LabeledSet, TrainingParams};
use pinchbeck::{ListingBatch, Mapping, Model, Scorer};

use super::{all_bits, copy, market, open};

/// A small market's model, with all the kinds of columns that a market has.
fn train(market: &Market) -> Model {
    let params = TrainingParams { penalties: vec![1.0, 10.0], ..TrainingParams::default() };
    params.check().unwrap().fit(&market.labeled().unwrap()).unwrap().model
}

#[test]
fn a_saved_model_is_the_same_model() {
    let market = market(2_000, 4);
    let listings = &market.listings[..300];
    for model in [Model::embedded().unwrap(), train(&market)] {
        let bytes = model.to_bytes().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.json");
        std::fs::write(&path, &bytes).unwrap();
        let loaded = Model::load(&path).unwrap();
        assert_eq!(loaded.to_bytes().unwrap(), bytes);
        assert_eq!(loaded.digest().unwrap(), model.digest().unwrap());
        let [before, after] =
            [model, loaded].map(|own| Scorer::new(own).unwrap().score_listings(listings));
        assert_eq!(all_bits(&before), all_bits(&after));
    }
}

#[test]
fn training_again_gives_the_same_bytes_whatever_the_number_of_threads() {
    let market = market(2_000, 4);
    let bytes = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| train(&market).to_bytes().unwrap())
    };
    let first = bytes(1);
    assert!(first == bytes(1), "the second training differs from the first");
    assert!(first == bytes(2), "two threads differ from one");
    assert!(first == bytes(3), "three threads differ from one");
}

/// A market with two columns of the user's own behind the canonical ones: a number that a third of
/// the records lack and a category.
fn write_with_own_columns(path: &Path, market: &Market, number: &str, category: &str) {
    let mut csv = Vec::new();
    market.write_csv(&mut csv).unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let mut writer = csv::Writer::from_path(path).unwrap();
    let mut header = reader.headers().unwrap().clone();
    header.push_field(number);
    header.push_field(category);
    writer.write_record(&header).unwrap();
    for (row, record) in reader.records().enumerate() {
        let mut record = record.unwrap();
        record.push_field(["", "12.5", "3"][row % 3]);
        record.push_field(["Red", "teal", "", "rot"][row / 5 % 4]);
        writer.write_record(&record).unwrap();
    }
    writer.flush().unwrap();
}

/// Reads a labeled file whole and trains with its own columns.
fn train_with_own_columns(path: &Path, extra: &ExtraColumns) -> pinchbeck::Result<Model> {
    let mut input = open(path, 8192);
    let mapping = Mapping::default().with_extra(extra.clone());
    let resolved = mapping.resolve("market.csv", input.schema(), true)?;
    let mut batches = Vec::new();
    while let Some(block) = input.next_block()? {
        batches.push(resolved.read(&block.batch)?.listings);
    }
    let set = LabeledSet::new(ListingBatch::concat(batches), "market.csv", "label")?;
    let params =
        TrainingParams { extra: extra.clone(), penalties: vec![1.0], ..TrainingParams::default() };
    Ok(params.check()?.fit(&set)?.model)
}

fn own_columns(number: &str, category: &str) -> ExtraColumns {
    ExtraColumns {
        numeric: vec![(number.to_owned(), Transform::Log1p)],
        categorical: vec![category.to_owned()],
    }
}

#[test]
fn the_users_own_columns_score_the_same_from_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("market.csv");
    write_with_own_columns(&csv, &market(1_000, 12), "shelf", "color");
    let model = train_with_own_columns(&csv, &own_columns("shelf", "color")).unwrap();
    let names: Vec<String> = model.coefficients().into_iter().map(|own| own.column).collect();
    for name in ["shelf", "shelf:missing", "color=red", "color=rot", "color:missing"] {
        assert!(names.iter().any(|own| own == name), "no {name} in {names:?}");
    }
    let scorer = Scorer::new(model).unwrap();
    let scores = |path: &Path, threads, block_rows| {
        let mut input = open(path, block_rows);
        let pipeline = Pipeline::new(&scorer, &input, &Mapping::default(), threads).unwrap();
        let mut scores = Vec::new();
        pipeline
            .run(&mut input, |block| {
                scores.extend(all_bits(&block.scores));
                Ok(())
            })
            .unwrap();
        scores
    };
    let expected = scores(&csv, 1, 8192);
    assert_eq!(scores(&csv, 3, 7), expected);
    for (name, format) in [("a.ndjson", TableFormat::Ndjson), ("a.parquet", TableFormat::Parquet)] {
        let path = folder.path().join(name);
        copy(&csv, &path, format, |n| (0..n).rev().collect());
        assert_eq!(scores(&path, 2, 64), expected, "{name}");
    }
}

/// Pins that a model was saved that could not be loaded: a column of the user's with the name of a
/// signal's column gave two coefficients one name. To refuse the name is an answer as well.
#[test]
fn a_model_that_was_trained_can_be_loaded_whatever_its_columns_are_called() {
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("market.csv");
    let market = market(1_000, 12);
    let names = [
        ("return_rate", "color"),
        ("price_log_ratio", "color"),
        ("description_length:missing", "color"),
        ("shelf", "return_rate"),
        ("color=red", "color"),
        ("color:missing", "color"),
        ("a=b", "a:missing"),
    ];
    for (number, category) in names {
        write_with_own_columns(&csv, &market, number, category);
        let Ok(model) = train_with_own_columns(&csv, &own_columns(number, category)) else {
            continue;
        };
        let loaded = Model::from_bytes(&model.to_bytes().unwrap());
        let loaded = loaded.map_err(|error| format!("{number}, {category}: {error}")).unwrap();
        assert_eq!(loaded.digest().unwrap(), model.digest().unwrap());
        assert_eq!(format!("{:?}", loaded.coefficients()), format!("{:?}", model.coefficients()));
    }
}

/// Pins that the digest of the training data left out the user's own columns, so that two models
/// of different data stated the same data.
#[test]
fn the_digest_of_the_data_is_over_every_value_that_was_learned_from() {
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("market.csv");
    write_with_own_columns(&csv, &market(1_000, 12), "shelf", "color");
    let digest = |text: &str| {
        let path = folder.path().join("changed.csv");
        std::fs::write(&path, text).unwrap();
        let model = train_with_own_columns(&path, &own_columns("shelf", "color")).unwrap();
        model.card().data.sha256.clone()
    };
    let text = std::fs::read_to_string(&csv).unwrap();
    let own = digest(&text);
    assert_eq!(own, digest(&text));
    for (from, to) in [(",12.5,Red", ",13.5,Red"), (",12.5,Red", ",12.5,rot"), ("handbags", "bags")]
    {
        assert!(text.contains(from), "{from}");
        assert_ne!(own, digest(&text.replacen(from, to, 1)), "{from} became {to}");
    }
}
