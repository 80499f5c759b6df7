//! Records in are records out and rejects, whatever a file has gone through.
//!
//! Thousands of files are made by damaging sound ones, of every format that is text or holds it, and
//! read through the library as the program reads them. What a file holds is not asked here; that
//! nothing is lost, counted twice or takes the program down is.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use pinchbeck::scoring::Pipeline;
use pinchbeck::{ErrorKind, Input, Mapping, Model, ReadOptions, Result, Scorer};

/// Damaged copies of each file.
const N_COPIES: usize = 400;

static SCORER: LazyLock<Scorer> =
    LazyLock::new(|| Scorer::new(Model::embedded().unwrap()).unwrap());

/// A linear congruential generator, constants of Knuth's MMIX.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

/// Bytes that mean something in one format or another.
const TELLING: &[u8] = b"\",;\t\n\r\\{}[]:\0\xff'=-.";

/// Flips, inserts, deletes, repeats and cuts.
fn damaged(whole: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len());
        match dice.below(6) {
            0 => bytes[at] ^= 1 << dice.below(8),
            1 => bytes[at] = TELLING[dice.below(TELLING.len())],
            2 => bytes.insert(at, TELLING[dice.below(TELLING.len())]),
            3 => {
                bytes.remove(at);
            }
            4 => {
                let end = (at + dice.below(200)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = dice.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            _ => bytes.truncate(at.max(1)),
        }
        if bytes.is_empty() {
            bytes.push(b'x');
        }
    }
    bytes
}

/// Records that were scored and rejected, numbered without a gap in each of the blocks.
fn read(path: &Path, block_rows: usize) -> Result<(u64, u64)> {
    let options = ReadOptions { block_rows, ..ReadOptions::default() };
    let mut input = Input::open(&[path.to_owned()], &options)?;
    let pipeline = Pipeline::new(&SCORER, &input, &Mapping::default(), 1)?;
    let (mut n_scored, mut n_rejected) = (0, 0);
    let account = pipeline.run(&mut input, |block| {
        n_scored += block.scores.len() as u64;
        n_rejected += block.rejects.len() as u64;
        for score in &block.scores {
            assert!((0.0..=1.0).contains(&score.probability));
        }
        for reject in &block.rejects {
            let number = reject.location.record.unwrap();
            assert!((1..=n_scored + n_rejected).contains(&number), "record {number}");
        }
        Ok(())
    })?;
    assert_eq!(account.n_read, account.n_scored + account.n_rejected);
    assert_eq!((account.n_scored, account.n_rejected), (n_scored, n_rejected));
    Ok((n_scored, n_rejected))
}

/// The first listings of the simulated export, in each format.
fn originals() -> Vec<(&'static str, Vec<u8>)> {
    let export = fs::read_to_string("fixtures/listings/export.csv").unwrap();
    let csv: String = export.split_inclusive('\n').take(31).collect();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let names = reader.headers().unwrap().clone();
    let objects: Vec<String> = reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            let object: BTreeMap<&str, &str> = names.iter().zip(record.iter()).collect();
            serde_json::to_string(&object).unwrap()
        })
        .collect();
    let utf_16: Vec<u8> = "\u{feff}"
        .chars()
        .chain(csv.chars())
        .collect::<String>()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    vec![
        ("csv", csv.clone().into_bytes()),
        ("utf16.csv", utf_16),
        ("crlf.csv", csv.replace('\n', "\r\n").into_bytes()),
        ("tsv", csv.replace(',', "\t").into_bytes()),
        ("ndjson", objects.join("\n").into_bytes()),
        ("json", format!("[\n  {}\n]", objects.join(",\n  ")).into_bytes()),
        ("xlsx", fs::read("fixtures/listings/workbook.xlsx").unwrap()),
    ]
}

#[test]
fn no_record_of_thousands_of_damaged_files_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut dice = Dice(29);
    for (ending, whole) in originals() {
        let (mut n_read, mut n_refused, mut n_with_rejects) = (0, 0, 0);
        for number in 0..N_COPIES {
            let path = folder.path().join(format!("{number}.{ending}"));
            fs::write(&path, damaged(&whole, &mut dice)).unwrap();
            let outcome = read(&path, 7);
            match &outcome {
                Ok((_, n_rejected)) => {
                    n_read += 1;
                    n_with_rejects += usize::from(*n_rejected > 0);
                    // The size of blocks changes nothing.
                    assert_eq!(outcome.as_ref().unwrap(), &read(&path, 1000).unwrap());
                }
                Err(error) => {
                    n_refused += 1;
                    let message = error.to_string();
                    assert!(message.contains(ending), "{message}");
                    assert!(!matches!(error.kind(), ErrorKind::Threads { .. }));
                }
            }
            fs::remove_file(&path).unwrap();
        }
        // Damage that hits nothing, and damage that hits the header, are both among them.
        assert!(n_read > 0 && n_refused > 0, "{ending}: {n_read} read, {n_refused} refused");
        if ending != "xlsx" {
            assert!(n_with_rejects > 0, "{ending}: nothing was ever set aside");
        }
    }
}
