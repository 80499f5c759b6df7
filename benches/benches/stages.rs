//! What each stage of scoring a file costs, one thread, on the same simulated listings: reading
//! records, reading their cells, folding, finding terms, learned text, features, scores with reasons,
//! explanations, writing. Each is told in bytes of the file and in listings a second.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use pinchbeck::input::Block;
use pinchbeck::listing::{Cell, ResolvedMapping};
use pinchbeck::report::{
    TableFormat, TableOptions, TableWriter, Target, added_columns, added_schema,
};
use pinchbeck::simulate::{EffectSet, MarketSpec};
use pinchbeck::text::Folded;
use pinchbeck::training::{LabeledSet, TrainingParams};
use pinchbeck::{
    Column, Input, Knowledge, Listing, ListingBatch, Mapping, Model, ReadOptions, ScoreSettings,
    Scorer,
};

/// Simulated listings in the file.
const N_LISTINGS: usize = 10_000;

/// An export with everything that stages behind the first are given.
struct Export {
    path: PathBuf,
    n_bytes: u64,
    blocks: Vec<Block>,
    mapping: ResolvedMapping,
    batches: Vec<ListingBatch>,
}

impl Export {
    /// A market in which words decide labels, too, and the model that learns from it.
    fn simulated(folder: &Path) -> (Export, Model) {
        let effects = EffectSet::only(&["slang", "seller_age_days", "listing_age_days"]);
        let effects = effects.expect("effects of these names");
        let spec = MarketSpec { n_listings: N_LISTINGS, effects, ..MarketSpec::default() };
        let market = spec.check().expect("a market").simulate();
        let path = folder.join("export.csv");
        let mut text = Vec::new();
        market.write_unlabeled_csv(&mut text).expect("written");
        fs::write(&path, &text).expect("written");
        let labels = market.is_counterfeit.iter().map(|own| f64::from(*own)).collect();
        let labeled = ListingBatch::from_listings(&market.listings).with_labels(labels);
        let model = trained(labeled);
        (Export::open(path, text.len() as u64), model)
    }

    fn open(path: PathBuf, n_bytes: u64) -> Export {
        let mut input = opened(&path);
        let mapping = Mapping::default().resolve_input(&input, false).expect("a mapping");
        let mut blocks = Vec::new();
        while let Some(block) = input.next_block().expect("read") {
            blocks.push(block);
        }
        let values = |block: &Block| mapping.read(&block.batch).expect("values").listings;
        let batches = blocks.iter().map(values).collect();
        Export { path, n_bytes, blocks, mapping, batches }
    }

    /// Title and description of all listings.
    fn texts(&self) -> Vec<&str> {
        let mut texts = Vec::new();
        for batch in &self.batches {
            for row in 0..batch.len() {
                let cells = [Column::Title, Column::Description].map(|own| batch.text(own, row));
                texts.extend(cells.into_iter().filter_map(Cell::value));
            }
        }
        texts
    }
}

fn opened(path: &Path) -> Input {
    Input::open(&[path.to_owned()], &ReadOptions::default()).expect("opened")
}

/// A model with words, of one choice of penalties, as the choice is not what is measured.
fn trained(listings: ListingBatch) -> Model {
    let params = TrainingParams {
        n_folds: 2,
        penalties: vec![1.0],
        bin_penalties: vec![10.0],
        word_penalties: vec![0.1],
        refit: false,
        ..TrainingParams::default()
    };
    let set = LabeledSet::new(listings, "the market", "is_counterfeit").expect("labels");
    params.check().expect("parameters").fit(&set).expect("a model").model
}

fn scorer(model: &Model, max_reasons: usize) -> Scorer {
    let settings = ScoreSettings { max_reasons, ..ScoreSettings::default() };
    Scorer::new(model.clone()).expect("a scorer").with_settings(settings)
}

fn read(group: &mut BenchmarkGroup<'_, WallTime>, export: &Export) {
    group.bench_function("read records", |own| {
        own.iter(|| {
            let mut input = opened(&export.path);
            while let Some(block) = input.next_block().expect("read") {
                black_box(block);
            }
        });
    });
    group.bench_function("read cells", |own| {
        own.iter(|| {
            for block in &export.blocks {
                black_box(export.mapping.read(&block.batch).expect("values"));
            }
        });
    });
}

fn text(group: &mut BenchmarkGroup<'_, WallTime>, export: &Export) {
    let (texts, knowledge) = (export.texts(), Knowledge::builtin().expect("the files read"));
    group.bench_function("fold", |own| {
        let mut folded = Folded::default();
        own.iter(|| {
            for text in &texts {
                folded.fold_into(text);
                black_box(&folded);
            }
        });
    });
    group.bench_function("match", |own| {
        let folded: Vec<Folded> = texts.iter().map(|own| pinchbeck::text::fold(own)).collect();
        let mut hits = Vec::new();
        own.iter(|| {
            for text in &folded {
                knowledge.matcher().find(text, &mut hits);
                black_box(&hits);
            }
        });
    });
}

/// Scores in three steps: of a model without words (features alone, no reasons), of one with words, and
/// of that with reasons. The second less the first is what learned text costs.
fn score(group: &mut BenchmarkGroup<'_, WallTime>, export: &Export, with_words: &Model) {
    let without = Model::embedded().expect("the default model");
    for (name, scorer) in [
        ("features, no words, no reasons", scorer(&without, 0)),
        ("features and learned text, no reasons", scorer(with_words, 0)),
        ("score with three reasons", scorer(with_words, 3)),
    ] {
        group.bench_function(name, |own| {
            own.iter(|| {
                for batch in &export.batches {
                    black_box(scorer.score_batch(batch));
                }
            });
        });
    }
    let scorer = scorer(with_words, 3);
    group.bench_function("explain", |own| {
        own.iter(|| {
            for batch in &export.batches {
                black_box(scorer.explain_batch(batch));
            }
        });
    });
}

fn write(group: &mut BenchmarkGroup<'_, WallTime>, export: &Export, model: &Model) {
    let scorer = scorer(model, 3);
    let scores: Vec<_> = export.batches.iter().map(|own| scorer.score_batch(own)).collect();
    let schema = opened(&export.path).schema().clone();
    for (name, format) in [("write CSV", TableFormat::Csv), ("write Parquet", TableFormat::Parquet)]
    {
        let target = Target::File(export.path.with_extension("out"));
        let columns = (0..schema.fields().len()).collect();
        let options = TableOptions { format, columns, raw_text: false, delimiter: b',' };
        group.bench_function(name, |own| {
            own.iter(|| {
                let added = added_schema(format);
                let writer = TableWriter::create(&target, &schema, &added, options.clone());
                let mut writer = writer.expect("created");
                for (block, scores) in export.blocks.iter().zip(&scores) {
                    let added = added_columns(scores, format).expect("columns");
                    writer.write(&block.batch, &added).expect("written");
                }
                writer.finish().expect("finished")
            });
        });
    }
}

fn stages(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let (export, model) = Export::simulated(folder.path());
    for (unit, throughput) in [
        ("bytes", Throughput::Bytes(export.n_bytes)),
        ("listings", Throughput::Elements(N_LISTINGS as u64)),
    ] {
        let mut group = criterion.benchmark_group(format!("stages, {unit}"));
        group.throughput(throughput).sample_size(10);
        read(&mut group, &export);
        text(&mut group, &export);
        score(&mut group, &export, &model);
        write(&mut group, &export, &model);
        group.finish();
    }
}

/// What a program pays that scores one listing at a time, and what it pays once.
fn one_listing(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, model) = Export::simulated(folder.path());
    let bytes = model.to_bytes().expect("a file");
    let scorer = scorer(&model, 3);
    let listing = Listing {
        description: Some("Soft leather, two inner pockets, dust cover; 1:1 quality.".to_owned()),
        brand: Some("Gucci".to_owned()),
        category: Some("Handbags".to_owned()),
        price: Some(89.0),
        currency: Some("USD".to_owned()),
        seller_age_days: Some(12.0),
        ..Listing::new("1", "Gucci leather shoulder bag, new with tags")
    };
    let mut group = criterion.benchmark_group("one listing");
    group.bench_function("score", |own| own.iter(|| scorer.score_listing(&listing)));
    group.bench_function("load a model with words", |own| {
        own.iter(|| Model::from_bytes(&bytes).expect("a model"));
    });
    group.bench_function("load the default model", |own| {
        own.iter(|| Model::embedded().expect("a model"));
    });
    group.bench_function("build the built-in knowledge", |own| {
        own.iter(|| Knowledge::builtin().expect("the files read"));
    });
    group.finish();
}

criterion_group!(benches, stages, one_listing);
criterion_main!(benches);
