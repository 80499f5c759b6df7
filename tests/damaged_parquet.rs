//! Damaged Parquet files end in one message and status 2, whatever is wrong with them.
//!
//! The program runs as a child, so that an abort is seen: polars' reader ends in one on some of
//! such files. `cargo test --release --test damaged_parquet -- --nocapture` prints the counts.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and tells"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, Decimal128Array, DictionaryArray, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMillisecondArray,
};
use parquet::arrow::ArrowWriter;
use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterVersion};

const PROGRAM: &str = env!("CARGO_BIN_EXE_pinchbeck");

/// Rows of each file, in row groups of a quarter.
const N_ROWS: usize = 240;

/// Damaged files of each kind.
const N_PER_KIND: usize = 250;

/// Address space of a child in KiB. A size of a billion bytes that a flipped bit makes of a small
/// one is an abort in it, where a machine of much memory would go on.
const ADDRESS_SPACE_KIB: u64 = 4_000_000;

/// A linear congruential generator, constants of Knuth's MMIX.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

/// Listings with a column of each layout that files have.
fn listings() -> RecordBatch {
    let rows = || 0..N_ROWS;
    let titles: StringArray =
        rows().map(|n| (n % 9 != 0).then(|| format!("Zelquist bag no. {}", n % 31))).collect();
    let brands: DictionaryArray<Int32Type> =
        rows().map(|n| (n % 5 != 0).then_some(["Zelquist", "Orvantel"][n % 2])).collect();
    let cents = Decimal128Array::from_iter_values(rows().map(|n| 1999 + n as i128));
    let listed = (0_i64..).take(N_ROWS).map(|n| 1_709_208_000_000 + n * 86_400_000);
    let mut pictures = ListBuilder::new(StringBuilder::new());
    for n in rows() {
        pictures.append_value((0..n % 4).map(|at| Some(format!("{n}-{at}.jpg"))));
    }
    let ids: StringArray = rows().map(|n| Some(format!("L{n:05}"))).collect();
    RecordBatch::try_from_iter(vec![
        ("listing_id", Arc::new(ids) as ArrayRef),
        ("title", Arc::new(titles)),
        ("brand", Arc::new(brands)),
        ("price", Arc::new(cents.with_precision_and_scale(12, 2).unwrap())),
        ("list_price", Arc::new(Float64Array::from_iter_values(rows().map(|n| n as f64 + 0.5)))),
        ("listed_at", Arc::new(TimestampMillisecondArray::from_iter_values(listed))),
        ("quantity", Arc::new(Int64Array::from_iter_values((0_i64..).take(N_ROWS)))),
        ("pictures", Arc::new(pictures.finish())),
    ])
    .unwrap()
}

fn file(batch: &RecordBatch, compression: Compression, version: WriterVersion) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_writer_version(version)
        .set_max_row_group_row_count(Some(N_ROWS / 4))
        .set_bloom_filter_enabled(true)
        // Without dictionaries, the second version packs differences.
        .set_dictionary_enabled(version == WriterVersion::PARQUET_1_0)
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// Flips one to six bytes from `from` on.
fn damaged(whole: &[u8], from: usize, dice: &mut Dice) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=dice.below(6) {
        let at = from + dice.below(bytes.len() - from);
        bytes[at] ^= 1 + dice.below(255) as u8;
    }
    bytes
}

/// How the program ends on a file: `read`, or a kind of message.
fn outcome(path: &Path, columns: &str) -> String {
    let script = format!("ulimit -v {ADDRESS_SPACE_KIB}; exec \"$0\" \"$@\"");
    let ran = Command::new("bash")
        .args(["-c", &script, PROGRAM, "score"])
        .arg(path)
        .args(["--threads", "1", "--columns", columns, "--format", "csv"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    match ran.status.code() {
        Some(0) => "read".to_owned(),
        Some(2) => {
            let message: Vec<&str> = said.lines().collect();
            let message = message.last().unwrap_or(&"");
            let name = path.to_string_lossy();
            assert!(message.contains(&*name), "the file is not named: {said}");
            assert!(!said.contains("internal fault"), "{said}");
            // A contradiction that was found, or a panic of the decoder that was caught.
            let is_damaged = said.contains("the file is damaged");
            if is_damaged { "refused as damaged" } else { "refused" }.to_owned()
        }
        other => panic!("{} ended with {other:?} ({}): {said}", path.display(), ran.status),
    }
}

#[test]
fn two_thousand_damaged_files_end_in_a_message_or_are_read() {
    let batch = listings();
    let codecs = [
        ("uncompressed", Compression::UNCOMPRESSED),
        ("snappy", Compression::SNAPPY),
        ("zstd", Compression::ZSTD(ZstdLevel::default())),
        ("gzip", Compression::GZIP(GzipLevel::default())),
        ("lz4", Compression::LZ4_RAW),
        ("brotli", Compression::BROTLI(BrotliLevel::default())),
    ];
    let mut jobs = Vec::new();
    let mut dice = Dice(17);
    for (index, (name, codec)) in codecs.into_iter().enumerate() {
        let version =
            if index % 2 == 0 { WriterVersion::PARQUET_1_0 } else { WriterVersion::PARQUET_2_0 };
        let whole = file(&batch, codec, version);
        for _ in 0..N_PER_KIND {
            jobs.push((format!("{name}, anywhere"), damaged(&whole, 0, &mut dice)));
        }
        if index < 2 {
            // The footer holds the sizes and places of everything else.
            let length = u32::from_le_bytes(*whole[..whole.len() - 4].last_chunk::<4>().unwrap());
            let footer = whole.len() - 8 - length as usize;
            for _ in 0..N_PER_KIND {
                jobs.push((format!("{name}, footer"), damaged(&whole, footer, &mut dice)));
            }
        }
    }
    assert_eq!(jobs.len(), 2000);
    let folder = tempfile::tempdir().unwrap();
    let jobs: Vec<(usize, (String, Vec<u8>))> = jobs.into_iter().enumerate().collect();
    let counts: Mutex<BTreeMap<(String, String), usize>> = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        let parts = jobs.chunks(jobs.len().div_ceil(2));
        let (folder, counts) = (&folder, &counts);
        let workers: Vec<_> = parts
            .map(|part| {
                scope.spawn(move || {
                    for (number, (kind, bytes)) in part {
                        let path = folder.path().join(format!("{number}.parquet"));
                        fs::write(&path, bytes).unwrap();
                        let columns = if number % 2 == 0 { "all" } else { "scores" };
                        let outcome = outcome(&path, columns);
                        fs::remove_file(&path).unwrap();
                        *counts.lock().unwrap().entry((kind.clone(), outcome)).or_default() += 1;
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.join().unwrap();
        }
    });
    let counts = counts.into_inner().unwrap();
    for ((kind, outcome), n) in &counts {
        println!("{kind}: {outcome} {n}");
    }
    let n_read: usize = counts.iter().filter(|((_, own), _)| own == "read").map(|(_, n)| n).sum();
    // Bytes of bloom filters, statistics and values may change and leave the file readable.
    assert!((100..1900).contains(&n_read), "{n_read} of 2000 were read");
}
