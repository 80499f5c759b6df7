//! What comes out is the same to the byte, whatever the number of threads and the size of blocks.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pinchbeck::report::{
    TableFormat, TableOptions, TableRenderer, TableWriter, Target, added_columns, added_schema,
};
use pinchbeck::scoring::{Account, Budget, BudgetCut, Pipeline, Ranking};
use pinchbeck::{Input, Mapping, ReadOptions};

use super::{SCORER, copy, market};

/// All that is told of an input.
#[derive(Debug, PartialEq)]
struct Told {
    table: Vec<u8>,
    problems: Vec<String>,
    rejects: Vec<String>,
    account: Account,
    probabilities: Vec<f64>,
}

/// Scores a file as the command does.
fn told(from: &Path, to: &Path, format: TableFormat, threads: usize, read: &ReadOptions) -> Told {
    let mut input = Input::open(&[from.to_owned()], read).unwrap();
    let pipeline = Pipeline::new(&SCORER, &input, &Mapping::default(), threads).unwrap();
    let columns = (0..input.schema().fields().len()).collect();
    let options = TableOptions { format, columns, raw_text: false, delimiter: b',' };
    let renderer = TableRenderer::new(input.schema(), &added_schema(format), options).unwrap();
    let renderer = Arc::new(renderer);
    let target = Target::File(to.to_owned());
    let mut writer = TableWriter::open(&target, Arc::clone(&renderer)).unwrap();
    let (mut problems, mut rejects) = (Vec::new(), Vec::new());
    let (mut probabilities, mut share) = (Vec::new(), 0.0);
    let account = pipeline
        .run_with(
            &mut input,
            |block| {
                let rows = renderer.render(&block.raw, &added_columns(&block.scores, format)?)?;
                Ok((rows, block))
            },
            |(rows, block)| {
                assert_eq!(block.n_before, probabilities.len() as u64);
                probabilities.extend(block.scores.iter().map(|score| score.probability));
                problems.extend(block.problems.iter().map(|own| own.to_error().to_string()));
                rejects.extend(block.rejects.iter().map(|own| own.to_error().to_string()));
                let now = block.share_read.unwrap();
                assert!((share..=1.0).contains(&now), "{now} behind {share}");
                share = now;
                writer.write_rendered(rows)
            },
        )
        .unwrap();
    writer.finish().unwrap();
    let table = fs::read(to).unwrap();
    Told { table, problems, rejects, account, probabilities }
}

/// An export that is hard to cut into blocks: CRLF and LF, line ends and quotes within quotes, records
/// of the wrong length, cells that cannot be read, and every script of the simulated market.
fn awkward_csv(folder: &Path) -> PathBuf {
    let mut csv = Vec::new();
    market(700, 21).write_unlabeled_csv(&mut csv).unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let mut text = String::new();
    writeln!(text, "{}\r", reader.headers().unwrap().iter().collect::<Vec<_>>().join(",")).unwrap();
    let at = |name: &str, header: &csv::StringRecord| header.iter().position(|own| own == name);
    let header = reader.headers().unwrap().clone();
    let (title, price) = (at("title", &header).unwrap(), at("price", &header).unwrap());
    for (n, record) in reader.records().map(Result::unwrap).enumerate() {
        let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
        match n % 29 {
            3 => cells[title].push_str("\n\"very, very\" good\r\n高仿 «à prix»"),
            7 => "ask seller, please".clone_into(&mut cells[price]),
            11 => cells[title] = format!("=1+{n}"),
            13 => cells.truncate(3),
            17 => cells.push("one too many".to_owned()),
            _ => {}
        }
        let quoted: Vec<String> =
            cells.iter().map(|own| format!("\"{}\"", own.replace('"', "\"\""))).collect();
        text.push_str(&quoted.join(","));
        text.push_str(if n % 5 == 0 { "\n" } else { "\r\n" });
    }
    let path = folder.join("awkward.csv");
    fs::write(&path, text).unwrap();
    path
}

/// The same in NDJSON, with a broken line among the others.
fn awkward_ndjson(folder: &Path, csv: &Path) -> PathBuf {
    let path = folder.join("awkward.ndjson");
    told(csv, &path, TableFormat::Ndjson, 1, &ReadOptions::default());
    // Its own columns would stand twice in what is scored again.
    let text = fs::read_to_string(&path).unwrap().replace("\"counterfeit_probability\"", "\"p\"");
    let text = text.replace("\"risk_band\"", "\"b\"").replace("\"flagged\"", "\"f\"");
    let text = text.replace("\"reasons\"", "\"r\"").replace("\"reason_codes\"", "\"c\"");
    let mut lines: Vec<&str> = text.lines().collect();
    lines.insert(100, "{\"listing_id\": \"broken\", ");
    lines.insert(333, "no JSON at all");
    fs::write(&path, lines.join("\r\n")).unwrap();
    path
}

#[test]
fn threads_and_blocks_change_no_byte() {
    let folder = tempfile::tempdir().unwrap();
    let csv = awkward_csv(folder.path());
    let ndjson = awkward_ndjson(folder.path(), &csv);
    let parquet = folder.path().join("awkward.parquet");
    copy(&csv, &parquet, TableFormat::Parquet, |n| (0..n).collect());
    let out = folder.path().join("out");
    for (from, format) in [
        (&csv, TableFormat::Csv),
        (&csv, TableFormat::Parquet),
        (&ndjson, TableFormat::Ndjson),
        (&parquet, TableFormat::Parquet),
        (&parquet, TableFormat::Csv),
    ] {
        let plain = ReadOptions { block_rows: 100_000, ..ReadOptions::default() };
        let plain = ReadOptions { block_bytes: 16 << 20, ..plain };
        let expected = told(from, &out, format, 1, &plain);
        if from == &csv {
            let n_of = |bad: &[usize]| (0..700).filter(|n| bad.contains(&(n % 29))).count();
            assert_eq!(expected.rejects.len(), n_of(&[13, 17]));
            assert_eq!(expected.problems.len(), n_of(&[7]));
        }
        assert_eq!(expected.account.n_scored, expected.probabilities.len() as u64);
        for threads in 1..=3 {
            for (block_rows, block_bytes) in
                [(100_000, 4 << 10), (100_000, 64 << 10), (2048, 4 << 20), (37, 16 << 20), (1, 1)]
            {
                let read = ReadOptions { block_rows, block_bytes, ..ReadOptions::default() };
                let found = told(from, &out, format, threads, &read);
                assert!(
                    found == expected,
                    "{} as {format:?}: {threads} threads, blocks of {block_rows} rows and \
                     {block_bytes} bytes",
                    from.display()
                );
            }
        }
    }
}

/// A budget that is met from spilled probabilities is the one of all probabilities at once.
#[test]
fn a_ranking_cuts_as_all_probabilities_at_once_do() {
    let folder = tempfile::tempdir().unwrap();
    let csv = awkward_csv(folder.path());
    let out = folder.path().join("out");
    let one = told(&csv, &out, TableFormat::Csv, 2, &ReadOptions::default()).probabilities;
    // Every probability three times, so that the cut falls among equals.
    let probabilities = [one.clone(), one.clone(), one].concat();
    for budget in [Budget::Count(1), Budget::Count(200), Budget::Share(0.05), Budget::Share(1.0)] {
        let mut ranking = Ranking::new();
        for own in &probabilities {
            ranking.push(Some(*own)).unwrap();
        }
        assert_eq!(ranking.cut(budget).unwrap(), BudgetCut::new(&probabilities, budget));
    }
}
