//! Reading other people's files: blocks of records as they stand, and what could not be read.

mod alignment;
mod as_text;
mod columns;
mod compression;
mod csv;
mod currency;
mod date_order;
mod dates;
mod decimal;
mod decoded;
mod dialect;
mod encoding;
mod file_note;
mod format;
mod gauge;
mod guarded;
mod iso;
mod json;
mod json_records;
mod labels;
mod limits;
mod money;
mod months;
mod ndjson;
mod null_words;
mod numerals;
mod parquet;
mod paths;
mod problems;
mod reading;
mod rejects;
mod row_sizes;
mod source;
mod text_file;
mod undecodable;
mod unify;
mod xlsx;

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::{Array, RecordBatch, StringArray, UInt32Array};
use arrow_schema::{ArrowError, SchemaRef};
use arrow_select::concat::{concat, concat_batches};
use arrow_select::take::{take, take_record_batch};

use crate::error::{Error, ErrorKind, Location, Result};

use self::alignment::Alignment;
use self::reading::Reading;
use self::source::Source;

pub(crate) use self::as_text::{Cells, Shown, as_text, displayable, is_json_number};
pub(crate) use self::currency::{Mark, currency_code};
pub(crate) use self::date_order::DateEvidence;
pub use self::date_order::DateOrder;
pub(crate) use self::dates::parse_date;
pub use self::dates::parse_day;
pub use self::decimal::{DecimalConvention, DecimalMark};
pub(crate) use self::decimal::{DecimalEvidence, Quantity};
pub use self::encoding::{EncodingNote, EncodingSource, TextEncoding};
pub use self::file_note::FileNote;
pub use self::format::Format;
pub use self::iso::iso_day;
pub(crate) use self::iso::iso_time;
pub(crate) use self::labels::parse_label;
pub use self::limits::Limits;
pub(crate) use self::money::{Priced, parse_amount, parse_number};
pub(crate) use self::null_words::is_null_word;
pub use self::paths::input_paths;
pub use self::problems::Problem;
pub use self::rejects::Reject;
pub use self::text_file::read_text;

/// The most bytes that a block may be asked to hold, which keeps the 32-bit offsets of a text column
/// from overflowing.
const MOST_BLOCK_BYTES: u64 = 64 * 1024 * 1024;

/// The most bytes of the sample of one file.
const SAMPLE_BYTES: usize = 64 * 1024 * 1024;

/// How many records of the first file the sample holds. A constant of its own, so that what is
/// decided from the sample does not hang on the size of blocks.
const SAMPLE_RECORDS: usize = 8192;

/// How many records of each further file the sample holds.
const FURTHER_SAMPLE_RECORDS: usize = 256;

/// One block of records as they stand in a file, in order.
#[derive(Clone, Debug)]
pub struct RawBatch {
    /// The columns of the input, in the order and spelling of the file that has them first. CSV,
    /// JSON and workbooks: all text (`StringArray`); Parquet: the file's own types.
    pub(crate) table: RecordBatch,
    /// The file as the user named it.
    pub(crate) file: Arc<str>,
    /// Number of each record in its file, counted from 1, the header not counted.
    pub(crate) records: Vec<u64>,
    /// Line on which each record begins, counted from 1; empty where the format has no lines.
    pub(crate) lines: Vec<u64>,
    /// The records verbatim, where the format has a text of its own for each (NDJSON).
    pub(crate) verbatim: Option<StringArray>,
    /// Which cells are numbers in the file itself, and not texts: of JSON and of workbooks.
    pub(crate) native_numbers: Option<Arc<NativeNumbers>>,
    /// Positions of the columns that this file lacks and another file of the input has. They hold
    /// nulls here, which say nothing of the records.
    pub(crate) absent: Vec<usize>,
}

impl RawBatch {
    /// A table that is no file, or a file of which nothing but the records is known.
    pub(crate) fn of(table: RecordBatch, name: &str) -> RawBatch {
        RawBatch {
            records: (1..=table.num_rows() as u64).collect(),
            lines: Vec::new(),
            file: name.into(),
            verbatim: None,
            native_numbers: None,
            absent: Vec::new(),
            table,
        }
    }

    /// How many records the block holds.
    pub fn n_records(&self) -> usize {
        self.table.num_rows()
    }

    /// True when a cell is a number in a file whose cells have types, where a point is the decimal
    /// mark whatever the convention of the texts beside it.
    pub(crate) fn is_native_number(&self, column: &str, row: usize) -> bool {
        let numbers = self.native_numbers.as_ref().and_then(|own| own.0.get(column));
        numbers.and_then(|own| own.get(row)) == Some(&true)
    }

    /// Where the record of a row stands.
    pub(crate) fn location(&self, row: usize) -> Location {
        Location {
            file: self.file.to_string(),
            record: self.records.get(row).copied(),
            line: self.lines.get(row).copied(),
            column: None,
        }
    }

    /// The cells of a column that are there, as text; nothing for a column that has none.
    pub(crate) fn texts(&self, column: &str) -> Vec<String> {
        let position = self.table.schema_ref().index_of(column).ok();
        let there = position.filter(|at| !self.absent.contains(at));
        let text = there.and_then(|at| as_text(self.table.column(at)).ok());
        text.map(|text| text.iter().flatten().map(str::to_owned).collect()).unwrap_or_default()
    }

    /// True when the records of another batch are of the same file and have the same columns.
    pub(crate) fn is_like(&self, other: &RawBatch) -> bool {
        self.file == other.file
            && self.absent == other.absent
            && self.lines.is_empty() == other.lines.is_empty()
            && self.verbatim.is_some() == other.verbatim.is_some()
    }

    /// Records by their rows, copied, so that the others can go. Which numbers were numbers in the
    /// file is not kept.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] for a column that the Arrow crates cannot take rows of.
    pub(crate) fn take(&self, rows: &[u32]) -> Result<RawBatch> {
        let numbers = |own: &[u64]| -> Vec<u64> {
            rows.iter().filter_map(|&row| own.get(row as usize).copied()).collect()
        };
        let at = UInt32Array::from_iter_values(rows.iter().copied());
        let fault = |error: ArrowError| Error::format(self.location(0), "a table", error);
        let verbatim =
            self.verbatim.as_ref().map(|own| take(own, &at, None).map(|own| own.to_data()));
        Ok(RawBatch {
            table: take_record_batch(&self.table, &at).map_err(fault)?,
            file: Arc::clone(&self.file),
            records: numbers(&self.records),
            lines: numbers(&self.lines),
            verbatim: verbatim.transpose().map_err(fault)?.map(StringArray::from),
            native_numbers: None,
            absent: self.absent.clone(),
        })
    }

    /// Batches that are alike as one; at least one.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] for columns that the Arrow crates cannot join.
    pub(crate) fn joined(batches: &[&RawBatch]) -> Result<RawBatch> {
        let [first, others @ ..] = batches else { return Err(no_input("a batch", "none")) };
        if others.is_empty() {
            return Ok(RawBatch::clone(first));
        }
        let fault = |error: ArrowError| Error::format(first.location(0), "a table", error);
        let tables = batches.iter().map(|own| &own.table);
        let texts: Vec<&dyn Array> =
            batches.iter().filter_map(|own| own.verbatim.as_ref()).map(|own| own as _).collect();
        let verbatim = match texts.as_slice() {
            [] => None,
            texts => Some(StringArray::from(concat(texts).map_err(fault)?.to_data())),
        };
        Ok(RawBatch {
            table: concat_batches(first.table.schema_ref(), tables).map_err(fault)?,
            file: Arc::clone(&first.file),
            records: batches.iter().flat_map(|own| own.records.iter().copied()).collect(),
            lines: batches.iter().flat_map(|own| own.lines.iter().copied()).collect(),
            verbatim,
            native_numbers: None,
            absent: first.absent.clone(),
        })
    }

    /// The first `n_rows` records.
    fn head(&self, n_rows: usize) -> RawBatch {
        let n_rows = n_rows.min(self.n_records());
        RawBatch {
            table: self.table.slice(0, n_rows),
            file: Arc::clone(&self.file),
            records: self.records.iter().take(n_rows).copied().collect(),
            lines: self.lines.iter().take(n_rows).copied().collect(),
            verbatim: self.verbatim.as_ref().map(|own| own.slice(0, n_rows.min(own.len()))),
            native_numbers: self.native_numbers.clone(),
            absent: self.absent.clone(),
        }
    }
}

/// For columns in which numbers stand that are no texts, which rows have one.
#[derive(Clone, Debug, Default)]
pub(crate) struct NativeNumbers(HashMap<Box<str>, Vec<bool>>);

impl NativeNumbers {
    /// The numbers of a block, for each of its columns and rows.
    fn of(schema: &SchemaRef, columns: Vec<Vec<bool>>) -> NativeNumbers {
        let named = schema.fields().iter().zip(columns).filter(|(_, own)| own.contains(&true));
        NativeNumbers(named.map(|(field, own)| (Box::from(field.name().as_str()), own)).collect())
    }
}

/// Records that could be read, and beside them those that could not; together they are all records
/// of a stretch of one file.
#[derive(Clone, Debug)]
pub struct Block {
    /// What could be read; may hold no record.
    pub batch: RawBatch,
    /// What could not, in the order of the file.
    pub rejects: Vec<Reject>,
    /// Cells of `batch` that hold undecodable bytes, each as the replacement character.
    pub problems: Vec<Problem>,
}

/// How files are read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// The format of all files; `None` to tell it from each.
    pub format: Option<Format>,
    /// The encoding of all text files without a byte order mark; `None` to tell it from each.
    pub encoding: Option<TextEncoding>,
    /// What stands between the fields of separated values; `None` to tell it from the file.
    pub delimiter: Option<u8>,
    /// The sheet of workbooks; `None` for the first that has a cell.
    pub sheet: Option<String>,
    /// The most records in a block, at least 1.
    pub block_rows: usize,
    /// The most bytes of text in a block, but for a single longer record; 64 MiB at most. It bounds
    /// memory where records are long.
    pub block_bytes: u64,
    /// Bounds on what one file may ask for.
    pub limits: Limits,
}

impl Default for ReadOptions {
    fn default() -> Self {
        ReadOptions {
            format: None,
            encoding: None,
            delimiter: None,
            sheet: None,
            block_rows: 2048,
            block_bytes: 4 * 1024 * 1024,
            limits: Limits::default(),
        }
    }
}

/// Several files, read one after the other as one table.
///
/// The columns are those of the first file, in its order and spelling, and behind them those that
/// only further files have; each file may have them in an order of its own. Which columns all files
/// must have is for those to say who need them.
pub struct Input {
    notes: Vec<FileNote>,
    passed_over: Vec<PathBuf>,
    without_records: Vec<PathBuf>,
    format: Format,
    options: ReadOptions,
    alignment: Alignment,
    sample: Vec<RawBatch>,
    /// The names of the columns that are looked at; `None` for all.
    selected: Option<HashSet<String>>,
    /// The file that is read, by its number.
    current: Option<(usize, Reading)>,
    waiting: VecDeque<(usize, Waiting)>,
    /// The length of each file, where it is one.
    n_bytes: Vec<Option<u64>>,
}

impl Input {
    /// Opens files, looks into each of them and compares their columns. `-` is standard input; of
    /// folders and patterns, the files behind them are read.
    ///
    /// # Errors
    /// A file that cannot be opened, is of a format that is not read, has the same column twice or
    /// differs from the first in format or in the type of a column; a named file without a record,
    /// and an input without any.
    pub fn open(paths: &[PathBuf], options: &ReadOptions) -> Result<Input> {
        let options = ReadOptions {
            block_rows: options.block_rows.max(1),
            block_bytes: options.block_bytes.clamp(1, MOST_BLOCK_BYTES),
            ..options.clone()
        };
        if paths.iter().filter(|path| source::is_standard_input(path)).count() > 1 {
            return Err(no_input("standard input once", "- twice"));
        }
        let paths::InputFiles { files, passed_over } = paths::input_files(paths)?;
        let mut notes: Vec<FileNote> = Vec::new();
        let mut alignment = Alignment::default();
        let mut sample = Vec::new();
        let mut waiting = VecDeque::new();
        let mut n_bytes = Vec::new();
        let mut n_sample = 0;
        let mut last_empty = None;
        let mut without_records = Vec::new();
        for file in files {
            let source = Source::open(&file.path, &options.limits)?;
            let is_file = source.is_file();
            // Of a file that will be opened again when its turn comes, few records tell enough.
            let n_ahead = if notes.is_empty() {
                SAMPLE_RECORDS
            } else {
                FURTHER_SAMPLE_RECORDS.min(2 * SAMPLE_RECORDS - n_sample).max(1)
            };
            let reading = match Reading::open(source, &options, n_ahead) {
                Ok(reading) => reading,
                // One of many parts may hold nothing; a file that was asked for may not.
                Err(error) if matches!(error.kind(), ErrorKind::Empty { .. }) && !file.is_named => {
                    last_empty = Some(error);
                    without_records.push(file.path);
                    continue;
                }
                Err(error) => return Err(error),
            };
            if let Some(first) = notes.first() {
                reading.check_format(first)?;
            }
            alignment.add(reading.name(), reading.schema(), file.partitions)?;
            let mut n_left = n_ahead;
            for block in reading.ahead() {
                let own = block.batch.head(n_left);
                n_left -= own.n_records();
                n_sample += own.n_records();
                sample.push((notes.len(), own));
            }
            let number = notes.len();
            notes.push(reading.note());
            n_bytes.push(reading.n_bytes());
            waiting.push_back((
                number,
                if is_file && number > 0 {
                    Waiting::Path(file.path)
                } else {
                    Waiting::Open(Box::new(reading))
                },
            ));
        }
        let Some(first) = notes.first() else {
            return Err(last_empty.unwrap_or_else(|| no_input("at least one file", "none")));
        };
        let format = first.format;
        let mut aligned = Vec::new();
        for (number, batch) in sample {
            aligned.push(alignment.batch(number, batch, format)?);
        }
        Ok(Input {
            notes,
            passed_over,
            without_records,
            format,
            options,
            alignment,
            sample: aligned,
            selected: None,
            current: None,
            waiting,
            n_bytes,
        })
    }

    /// The columns of all files together.
    pub fn schema(&self) -> &SchemaRef {
        self.alignment.schema()
    }

    /// The format of all files.
    pub fn format(&self) -> Format {
        self.format
    }

    /// What was found out about each file, in the order in which they are read.
    pub fn notes(&self) -> &[FileNote] {
        &self.notes
    }

    /// Files of folders that are not read, as their endings are of no known format.
    pub fn passed_over(&self) -> &[PathBuf] {
        &self.passed_over
    }

    /// Files of folders and patterns that hold no record.
    pub fn without_records(&self) -> &[PathBuf] {
        &self.without_records
    }

    /// The names of the files and, for each, its own columns.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &SchemaRef)> {
        self.alignment.files()
    }

    /// The first records: up to 8,192 of the first file and 256 of each further one. What is
    /// decided from them is the same whatever the size of blocks.
    pub fn sample(&self) -> &[RawBatch] {
        &self.sample
    }

    /// The input in a word, for messages: the file, or the first and how many more.
    pub fn name(&self) -> String {
        match self.notes.as_slice() {
            [] => String::new(),
            [only] => only.name.to_string(),
            [first, others @ ..] => format!("{} and {} more", first.name, others.len()),
        }
    }

    /// Says which columns will be looked at, by position, before the first block is asked for. Of
    /// Parquet the others are not read; they hold nulls then.
    ///
    /// # Errors
    /// A file that cannot be read from its beginning again.
    pub fn select(&mut self, positions: &[usize]) -> Result<()> {
        let fields = self.alignment.schema().fields();
        let names: HashSet<String> = positions
            .iter()
            .filter_map(|&at| fields.get(at))
            .map(|field| field.name().clone())
            .collect();
        for (_, waiting) in &mut self.waiting {
            if let Waiting::Open(reading) = waiting {
                reading.select(&names)?;
            }
        }
        self.selected = Some(names);
        Ok(())
    }

    /// How much of all files was read, 0 to 1; `None` where one is a stream, of which nobody knows how
    /// long it is.
    pub fn share_read(&self) -> Option<f64> {
        let all = self.n_bytes.iter().copied().sum::<Option<u64>>()?;
        let (number, share) = match (&self.current, self.waiting.front()) {
            (Some((number, reading)), _) => (*number, reading.share_read()),
            (None, Some((number, _))) => (*number, 0.0),
            (None, None) => (self.n_bytes.len(), 0.0),
        };
        let before: u64 = self.n_bytes.iter().take(number).flatten().sum();
        let of_this = self.n_bytes.get(number).copied().flatten().unwrap_or_default();
        Some((before as f64 + share * of_this as f64) / all.max(1) as f64)
    }

    /// The next records in order; `None` behind the last of the last file. A block holds records
    /// of one file only.
    ///
    /// # Errors
    /// Bytes that cannot be read on from, such as a damaged Parquet file. What follows is lost, so
    /// the caller should give up.
    pub fn next_block(&mut self) -> Result<Option<Block>> {
        loop {
            if self.current.is_none() {
                self.current = match self.waiting.pop_front() {
                    None => return Ok(None),
                    Some((number, Waiting::Open(reading))) => Some((number, *reading)),
                    Some((number, Waiting::Path(path))) => {
                        let source = Source::open(&path, &self.options.limits)?;
                        let mut reading = Reading::open(source, &self.options, 1)?;
                        if let Some(names) = &self.selected {
                            reading.select(names)?;
                        }
                        self.alignment.check(number, reading.schema())?;
                        Some((number, reading))
                    }
                };
            }
            let Some((number, reading)) = &mut self.current else {
                return Ok(None);
            };
            match reading.next_block(self.options.block_rows)? {
                None => self.current = None,
                Some(Block { batch, rejects, problems }) => {
                    let batch = self.alignment.batch(*number, batch, self.format)?;
                    return Ok(Some(Block { batch, rejects, problems }));
                }
            }
        }
    }
}

/// A file whose turn has not come.
enum Waiting {
    /// To be opened again.
    Path(PathBuf),
    /// The first file, or a stream, which can be opened once.
    Open(Box<Reading>),
}

/// The error for a file without a record; `what` completes "the file ...".
fn empty(file: &str, what: &'static str) -> Error {
    ErrorKind::Empty { file: file.to_owned(), what }.into()
}

/// The error for a file that is not readable, in our own words, which need no quotes.
fn unreadable(place: Location, format: &'static str, detail: impl Into<String>) -> Error {
    ErrorKind::Format { location: place, format, detail: detail.into() }.into()
}

/// The error for something other than was expected, both in our own words.
fn unlike(place: Location, expected: impl Into<String>, found: impl Into<String>) -> Error {
    ErrorKind::Value { location: place, expected: expected.into(), found: found.into() }.into()
}

fn no_input(expected: &str, found: &str) -> Error {
    ErrorKind::Option { option: "INPUT", expected: expected.to_owned(), found: found.to_owned() }
        .into()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use arrow_array::cast::AsArray;

    use super::*;

    /// Files of these texts in a folder of their own, named a, b, c.
    fn files(texts: &[&str]) -> (tempfile::TempDir, Vec<PathBuf>) {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = texts.iter().zip(["a", "b", "c"]).map(|(text, name)| {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("written");
            path
        });
        let paths = paths.collect();
        (folder, paths)
    }

    fn open(texts: &[&str]) -> Result<Input> {
        let (_folder, paths) = files(texts);
        Input::open(&paths, &ReadOptions::default())
    }

    fn message(texts: &[&str]) -> String {
        open(texts).err().expect("an error").to_string()
    }

    #[test]
    fn several_files_are_one_table_in_the_order_of_the_first() {
        let (_folder, paths) = files(&["id,t\n1,a\n2,b\n", "t;id\nc;3\n\n;4;5\n", "id|t\n6|d\n"]);
        let mut input = Input::open(&paths, &ReadOptions::default()).expect("opened");
        assert!(input.name().ends_with("a and 2 more"), "{}", input.name());
        assert_eq!(input.format(), Format::Csv);
        let (mut rows, mut rejects) = (Vec::new(), Vec::new());
        while let Some(block) = input.next_block().expect("read") {
            let table = &block.batch.table;
            assert_eq!(table.schema(), *input.schema());
            let (ids, texts) =
                (table.column(0).as_string::<i32>(), table.column(1).as_string::<i32>());
            for row in 0..table.num_rows() {
                let place = block.batch.location(row);
                rows.push((
                    ids.value(row).to_owned(),
                    texts.value(row).to_owned(),
                    place.file.chars().last(),
                    place.record,
                    place.line,
                ));
            }
            rejects.extend(block.rejects);
        }
        let row = |id: &str, text: &str, file, record, line| {
            (id.to_owned(), text.to_owned(), Some(file), Some(record), Some(line))
        };
        assert_eq!(
            rows,
            [
                row("1", "a", 'a', 1, 2),
                row("2", "b", 'a', 2, 3),
                row("3", "c", 'b', 1, 2),
                row("6", "d", 'c', 1, 2),
            ]
        );
        assert_eq!(rejects.len(), 1);
        assert_eq!(rejects[0].location.line, Some(4));
    }

    #[test]
    fn files_that_differ_are_refused_by_name_before_any_is_read_on() {
        let message = message(&["a\n1\n", "{\"a\":1}\n"]);
        assert!(message.contains("expected CSV as in"), "{message}");
        assert!(message.contains("/a") && message.contains("/b"), "{message}");
    }

    #[test]
    fn each_file_must_hold_a_record() {
        for texts in [&["a,b\n"][..], &["a\n1\n", "a\n"], &["a\n1\n", ""]] {
            let message = message(texts);
            assert!(message.contains("no records"), "{message}");
        }
        assert!(message(&["a,b\n\n\n"]).contains("ends behind its header"));
        let only_bad = open(&["a,b\n1\n"]).and_then(|mut input| input.next_block());
        let block = only_bad.expect("read").expect("a block");
        assert_eq!((block.batch.n_records(), block.rejects.len()), (0, 1));
    }

    #[test]
    fn no_input_and_standard_input_twice_are_refused() {
        let options = ReadOptions::default();
        let twice = [PathBuf::from("-"), PathBuf::from("-")];
        for paths in [&[][..], &twice] {
            let error = Input::open(paths, &options).err().expect("an error");
            assert!(error.to_string().starts_with("INPUT: "), "{error}");
        }
    }

    #[test]
    fn a_file_that_is_not_of_the_format_asked_for_is_an_error() {
        let (_folder, paths) = files(&["a,b\n1,2\n"]);
        for format in [Format::Ndjson, Format::Parquet] {
            let options = ReadOptions { format: Some(format), ..ReadOptions::default() };
            let error = Input::open(&paths, &options).err().expect("an error");
            assert!(matches!(error.kind(), ErrorKind::Format { .. }), "{error}");
        }
    }
}
