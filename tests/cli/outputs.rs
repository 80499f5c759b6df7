//! The scored table in each format: the same scores in the types of the format.

use std::fs::File;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray, StructArray};
use arrow_schema::DataType;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use pinchbeck::{Format, Input, ReadOptions};
use serde_json::Value;

use crate::runner::{DONE, Folder, pinchbeck};

const INPUT: &str = "fixtures/listings/first_look.csv";

/// Scores the first-look fixture into a file of the folder.
fn scored(folder: &Folder, name: &str) -> String {
    let output = folder.path(name);
    let ran = pinchbeck(&["score", INPUT, "-o", &output]).ended(DONE);
    assert_eq!(ran.stdout, "");
    assert_eq!(folder.names(), [name]);
    output
}

/// The records of the output in CSV.
fn as_csv() -> (csv::StringRecord, Vec<csv::StringRecord>) {
    let folder = Folder::new();
    let mut reader = csv::Reader::from_path(scored(&folder, "out.csv")).expect("the output opens");
    let header = reader.headers().expect("a header").clone();
    (header, reader.records().map(|record| record.expect("a record")).collect())
}

/// The columns of the input, and behind them those that scoring adds.
fn expected_columns() -> Vec<String> {
    let mut reader = csv::Reader::from_path(INPUT).expect("the fixture opens");
    let mut names: Vec<String> =
        reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let added = ["counterfeit_probability", "risk_band", "flagged", "reasons", "reason_codes"];
    names.extend(added.map(str::to_owned));
    names
}

#[test]
fn a_csv_file_is_the_input_and_five_columns() {
    let folder = Folder::new();
    let output = folder.path("out.csv");
    let ran = pinchbeck(&["score", INPUT, "-o", &output]).ended(DONE);
    ran.and_file(&folder, "out.csv").snapshot("output_csv");
    let (header, records) = as_csv();
    assert_eq!(header.iter().collect::<Vec<_>>(), expected_columns());
    let mut input = csv::Reader::from_path(INPUT).expect("the fixture opens");
    let originals: Vec<csv::StringRecord> =
        input.records().map(|record| record.expect("a record")).collect();
    assert_eq!(records.len(), originals.len());
    for (record, original) in records.iter().zip(&originals) {
        assert!(record.iter().take(original.len()).eq(original.iter()));
    }
}

#[test]
fn an_ending_in_tsv_means_tabs() {
    let folder = Folder::new();
    scored(&folder, "out.tsv");
    let header = expected_columns().join("\t");
    assert_eq!(folder.read("out.tsv").lines().next(), Some(header.as_str()));
}

#[test]
fn ndjson_holds_the_same_scores_as_numbers_and_truths() {
    let folder = Folder::new();
    scored(&folder, "out.ndjson");
    let text = folder.read("out.ndjson");
    let (header, records) = as_csv();
    assert_eq!(text.lines().count(), records.len());
    let columns = expected_columns();
    for (line, record) in text.lines().zip(&records) {
        let object: serde_json::Map<String, Value> =
            serde_json::from_str(line).expect("a JSON object a line");
        assert_eq!(object.keys().collect::<Vec<_>>(), columns.iter().collect::<Vec<_>>());
        for (name, cell) in header.iter().zip(record) {
            match (name, &object[name]) {
                ("counterfeit_probability", Value::Number(number)) => {
                    assert_eq!(number.as_f64(), cell.parse().ok());
                }
                ("flagged", Value::Bool(flagged)) => assert_eq!(flagged.to_string(), cell),
                (_, Value::String(text)) => assert_eq!(text, cell, "{name}"),
                (_, other) => assert!(other.is_null() && cell.is_empty(), "{name}: {other}"),
            }
        }
    }
    let output = folder.path("short.ndjson");
    let ran = pinchbeck(&["score", INPUT, "-o", &output, "--columns", "scores"]).ended(DONE);
    ran.and_file(&folder, "short.ndjson").snapshot("output_ndjson");
}

#[test]
fn the_format_can_be_named_where_the_ending_says_nothing() {
    let folder = Folder::new();
    let args = ["score", INPUT, "--columns", "scores"];
    let named = pinchbeck(&[&args[..], &["--format", "ndjson"]].concat()).ended(DONE);
    let output = folder.path("out.ndjson");
    pinchbeck(&[&args[..], &["-o", &output]].concat()).ended(DONE);
    assert_eq!(named.stdout, folder.read("out.ndjson"));
}

#[test]
fn parquet_has_the_types_of_the_contract() {
    let folder = Folder::new();
    let path = scored(&folder, "out.parquet");
    let input = Input::open(&[path.into()], &ReadOptions::default()).expect("it is readable");
    assert_eq!(input.format(), Format::Parquet);
    let fields = input.schema().fields();
    let names: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
    assert_eq!(names, expected_columns());
    let n_own = fields.len() - 5;
    assert!(fields[..n_own].iter().all(|field| *field.data_type() == DataType::Utf8));
    let types: Vec<&DataType> = fields[n_own..].iter().map(|field| field.data_type()).collect();
    assert_eq!(*types[0], DataType::Float64);
    assert_eq!(*types[1], DataType::Utf8);
    assert_eq!(*types[2], DataType::Boolean);
    assert_eq!(*types[4], DataType::Utf8);
    let DataType::List(item) = types[3] else { panic!("reasons are {}", types[3]) };
    let DataType::Struct(parts) = item.data_type() else { panic!("a reason is {item}") };
    let parts: Vec<(&str, &DataType)> =
        parts.iter().map(|part| (part.name().as_str(), part.data_type())).collect();
    assert_eq!(
        parts,
        [
            ("code", &DataType::Utf8),
            ("signal", &DataType::Utf8),
            ("value", &DataType::Float64),
            ("contribution", &DataType::Float64),
            ("evidence", &DataType::Utf8),
        ]
    );
}

#[test]
fn parquet_holds_the_same_scores_and_reasons() {
    let folder = Folder::new();
    let path = scored(&folder, "out.parquet");
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("it opens"))
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .expect("it is Parquet");
    let batches: Vec<RecordBatch> = reader.map(|batch| batch.expect("rows")).collect();
    let [batch] = &batches[..] else { panic!("{} batches", batches.len()) };
    let (header, records) = as_csv();
    let cell = |row: usize, name: &str| {
        let at = header.iter().position(|own| own == name).expect("the column");
        records[row][at].to_owned()
    };
    let column = |name: &str| Arc::clone(batch.column_by_name(name).expect("the column"));
    assert_eq!(batch.num_rows(), records.len());
    let mut n_reasons = 0;
    for row in 0..batch.num_rows() {
        let probability = column("counterfeit_probability");
        let probability = probability.as_primitive::<Float64Type>().value(row);
        assert_eq!(cell(row, "counterfeit_probability").parse(), Ok(probability));
        let flagged = column("flagged").as_boolean().value(row);
        assert_eq!(cell(row, "flagged"), flagged.to_string());
        let band = column("risk_band");
        assert_eq!(cell(row, "risk_band"), band.as_string::<i32>().value(row));

        let reasons = column("reasons");
        let reasons = reasons.as_list::<i32>().value(row);
        let reasons: &StructArray = reasons.as_struct();
        let texts = |name: &str| -> Vec<String> {
            let column = reasons.column_by_name(name).expect("the part").as_string::<i32>();
            column.iter().map(|text| text.expect("never missing").to_owned()).collect()
        };
        assert_eq!(cell(row, "reasons"), texts("evidence").join("; "));
        assert_eq!(cell(row, "reason_codes"), texts("code").join("|"));
        let contributions = reasons.column_by_name("contribution").expect("the part");
        let contributions = contributions.as_primitive::<Float64Type>();
        assert_eq!(contributions.null_count(), 0);
        // A reason raises the risk, and the strongest stands first.
        assert!(contributions.values().iter().all(|own| *own > 0.0));
        assert!(contributions.values().is_sorted_by(|a, b| a >= b));
        n_reasons += reasons.len();
    }
    assert!(n_reasons > records.len() / 2);
}

#[test]
fn a_file_that_was_there_is_replaced_whole() {
    let folder = Folder::new();
    let output = folder.write("out.csv", "an older and longer text\n".repeat(10_000));
    pinchbeck(&["score", INPUT, "-o", &output, "--columns", "scores"]).ended(DONE);
    assert_eq!(folder.read("out.csv").lines().count(), 13);
    assert_eq!(folder.names(), ["out.csv"]);
}

/// The records of the fixture, empty cells as `None`, by column.
fn input_columns() -> Vec<(String, Vec<Option<String>>)> {
    let mut reader = csv::Reader::from_path(INPUT).expect("the fixture opens");
    let header = reader.headers().expect("a header").clone();
    let mut columns: Vec<(String, Vec<Option<String>>)> =
        header.iter().map(|name| (name.to_owned(), Vec::new())).collect();
    for record in reader.records().map(|record| record.expect("a record")) {
        for (column, cell) in columns.iter_mut().zip(&record) {
            column.1.push(Some(cell.to_owned()).filter(|cell| !cell.is_empty()));
        }
    }
    columns
}

#[test]
fn the_format_of_the_input_changes_no_score() {
    let folder = Folder::new();
    let columns = input_columns();
    let n_rows = columns[0].1.len();
    let lines: String = (0..n_rows)
        .map(|row| {
            let object: serde_json::Map<String, Value> = columns
                .iter()
                .map(|(name, cells)| {
                    (name.clone(), cells[row].clone().map_or(Value::Null, Value::String))
                })
                .collect();
            Value::Object(object).to_string() + "\n"
        })
        .collect();
    let ndjson = folder.write("in.ndjson", lines);

    let arrays = columns.iter().map(|(name, cells)| {
        let array: ArrayRef = Arc::new(cells.iter().cloned().collect::<StringArray>());
        (name, array, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(arrays).expect("columns of one length");
    let parquet = folder.path("in.parquet");
    let file = File::create(&parquet).expect("it is created");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("written");
    writer.close().expect("closed");

    let scores = |input: &str| {
        let args = ["score", input, "--columns", "scores", "--format", "csv"];
        pinchbeck(&args).ended(DONE).stdout
    };
    let of_csv = scores(INPUT);
    assert_eq!(of_csv.lines().count(), n_rows + 1);
    assert_eq!(scores(&ndjson), of_csv);
    assert_eq!(scores(&parquet), of_csv);
}
