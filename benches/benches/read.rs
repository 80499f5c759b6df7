//! What reading costs beside a plain read of the same bytes.
//!
//! `cargo bench -p pinchbeck-benches` prints the throughput of each in bytes of the file.

use std::fs;
use std::hint::black_box;
use std::io;
use std::path::{Path, PathBuf};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pinchbeck::report::{
    TableFormat, TableOptions, TableWriter, Target, added_columns, added_schema,
};
use pinchbeck::scoring::Pipeline;
use pinchbeck::simulate::MarketSpec;
use pinchbeck::{Input, Mapping, Model, ReadOptions, Scorer};

/// Simulated listings in each file.
const N_LISTINGS: usize = 20_000;

/// All records of a file, in blocks of text.
fn blocks(path: &Path) -> usize {
    let mut input = Input::open(&[path.to_owned()], &ReadOptions::default()).expect("opened");
    let mut n_blocks = 0;
    while let Some(block) = input.next_block().expect("read") {
        black_box(&block);
        n_blocks += 1;
    }
    n_blocks
}

/// All records of a file, every cell read as the value that it is.
fn listings(path: &Path) -> usize {
    let mut input = Input::open(&[path.to_owned()], &ReadOptions::default()).expect("opened");
    let mapping = Mapping::default().resolve_input(&input, false).expect("a mapping");
    let mut n_listings = 0;
    while let Some(block) = input.next_block().expect("read") {
        n_listings += mapping.read(&block.batch).expect("values").listings.len();
    }
    n_listings
}

/// The simulated export as CSV, and copies of it in other formats and encodings.
fn files(folder: &Path) -> Vec<(&'static str, PathBuf)> {
    let spec = MarketSpec { n_listings: N_LISTINGS, ..MarketSpec::default() };
    let market = spec.check().expect("a market").simulate();
    let mut text = Vec::new();
    market.write_unlabeled_csv(&mut text).expect("written");
    let csv = folder.join("export.csv");
    fs::write(&csv, &text).expect("written");
    let (encoded, _, _) = encoding_rs::GB18030.encode(std::str::from_utf8(&text).expect("text"));
    let gb18030 = folder.join("gb18030.csv");
    fs::write(&gb18030, encoded).expect("written");
    let mut all = vec![("CSV", csv.clone()), ("CSV in GB18030", gb18030)];
    let scorer = Scorer::new(Model::embedded().expect("a model")).expect("a scorer");
    for (name, ending, format) in
        [("NDJSON", "ndjson", TableFormat::Ndjson), ("Parquet", "parquet", TableFormat::Parquet)]
    {
        let path = folder.join("export").with_extension(ending);
        let mut input =
            Input::open(std::slice::from_ref(&csv), &ReadOptions::default()).expect("opened");
        let columns = (0..input.schema().fields().len()).collect();
        let options = TableOptions { format, columns, raw_text: true, delimiter: b',' };
        let (target, schema) = (Target::File(path.clone()), input.schema().clone());
        let mut writer =
            TableWriter::create(&target, &schema, &added_schema(format), options).expect("created");
        let pipeline = Pipeline::new(&scorer, &input, &Mapping::default(), 0).expect("a pipeline");
        pipeline
            .run(&mut input, |block| {
                writer.write(&block.raw, &added_columns(&block.scores, format)?)
            })
            .expect("scored");
        writer.finish().expect("finished");
        all.push((name, path));
    }
    all
}

fn read(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, path) in files(folder.path()) {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(fs::metadata(&path).expect("a file").len()));
        group.sample_size(20);
        group.bench_function("plain read", |own| {
            own.iter(|| {
                let mut file = fs::File::open(&path).expect("opened");
                let mut bytes = Vec::new();
                io::Read::read_to_end(&mut file, &mut bytes).expect("read");
                black_box(bytes.len())
            });
        });
        if name == "CSV" {
            group.bench_function("csv crate, records of bytes", |own| {
                own.iter(|| {
                    let mut reader = csv::Reader::from_path(&path).expect("opened");
                    let mut record = csv::ByteRecord::new();
                    let mut n = 0;
                    while reader.read_byte_record(&mut record).expect("read") {
                        n += record.len();
                    }
                    black_box(n)
                });
            });
        }
        group.bench_function("blocks", |own| own.iter(|| blocks(&path)));
        group.bench_function("listings", |own| own.iter(|| listings(&path)));
        group.finish();
    }
}

criterion_group!(benches, read);
criterion_main!(benches);
