//! Reading other people's files: blocks of records as they stand, and what could not be read.

mod columns;
mod compression;
mod csv;
mod currency;
mod dates;
mod dialect;
mod format;
mod json;
mod kept;
mod labels;
mod limits;
mod money;
mod ndjson;
mod parquet;
mod problems;
mod rejects;
mod source;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::{RecordBatch, StringArray};
use arrow_schema::SchemaRef;

use crate::error::{Error, ErrorKind, Location, Result, visible};

use self::columns::{arrangement, nullable_in_either};
use self::csv::CsvReader;
use self::ndjson::NdjsonReader;
use self::parquet::ParquetReader;
use self::source::Source;

pub(crate) use self::dates::parse_date;
pub use self::dates::parse_day;
pub use self::format::Format;
pub(crate) use self::labels::parse_label;
pub use self::limits::Limits;
pub use self::money::DecimalMark;
pub(crate) use self::money::{parse_amount, parse_number};
pub use self::problems::Problem;
pub use self::rejects::Reject;

/// The most bytes of text in one block, which bounds memory where single records are long and
/// keeps the 32-bit offsets of a text column from overflowing.
const BLOCK_BYTES: u64 = 64 * 1024 * 1024;

/// One block of records as they stand in a file, in order.
#[derive(Clone, Debug)]
pub struct RawBatch {
    /// The columns in the file's order and spelling. CSV and NDJSON: all text (`StringArray`);
    /// Parquet: the file's own types.
    pub(crate) table: RecordBatch,
    /// The file as the user named it.
    pub(crate) file: Arc<str>,
    /// Number of each record in its file, counted from 1, the header not counted.
    pub(crate) records: Vec<u64>,
    /// Line on which each record begins, counted from 1; empty where the format has no lines.
    pub(crate) lines: Vec<u64>,
    /// The records verbatim, where the format has a text of its own for each (NDJSON).
    pub(crate) verbatim: Option<StringArray>,
}

impl RawBatch {
    /// How many records the block holds.
    pub(crate) fn n_records(&self) -> usize {
        self.table.num_rows()
    }

    /// True when a cell stands as a number in the JSON of its record, where a point is the decimal
    /// mark whatever the convention of the texts.
    pub(crate) fn is_json_number(&self, column: &str, row: usize) -> bool {
        self.verbatim.as_ref().is_some_and(|lines| json::is_number(lines.value(row), column))
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
}

/// Records that could be read, and beside them those that could not; together they are all records
/// of a stretch of one file.
#[derive(Clone, Debug)]
pub struct Block {
    /// What could be read; may hold no record.
    pub batch: RawBatch,
    /// What could not, in the order of the file.
    pub rejects: Vec<Reject>,
}

/// How files are read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// The format of all files; `None` to tell it from each.
    pub format: Option<Format>,
    /// What stands between the fields of separated values; `None` to tell it from the header.
    pub delimiter: Option<u8>,
    /// The most records in a block, at least 1.
    pub block_rows: usize,
    /// Bounds on what one file may ask for.
    pub limits: Limits,
}

impl Default for ReadOptions {
    fn default() -> Self {
        ReadOptions { format: None, delimiter: None, block_rows: 8192, limits: Limits::default() }
    }
}

/// Several files, read one after the other as one table.
///
/// The columns are those of the first file, in its order and spelling; the others may have them in
/// another order.
pub struct Input {
    names: Vec<Arc<str>>,
    schema: SchemaRef,
    format: Format,
    options: ReadOptions,
    current: Option<Reading>,
    waiting: VecDeque<Waiting>,
}

impl Input {
    /// Opens files, looks into each of them and compares their columns. `-` is standard input.
    ///
    /// # Errors
    /// A file that cannot be opened, is of a format that is not read, holds no record, has the
    /// same column twice, or differs from the first in format or columns.
    pub fn open(paths: &[PathBuf], options: &ReadOptions) -> Result<Input> {
        let options = ReadOptions { block_rows: options.block_rows.max(1), ..options.clone() };
        let (first, others) =
            paths.split_first().ok_or_else(|| no_input("at least one file", "none"))?;
        if paths.iter().filter(|path| source::is_standard_input(path)).count() > 1 {
            return Err(no_input("standard input once", "- twice"));
        }
        let source = Source::open(first)?;
        let first = Reading::open(source, &options, options.block_rows)?;
        let mut names = vec![Arc::clone(first.reader.name())];
        let mut schema = Arc::clone(first.reader.schema());
        let format = first.reader.format();
        let mut waiting = VecDeque::new();
        for path in others {
            let source = Source::open(path)?;
            let is_file = source.is_file();
            // Of a file that will be opened again when its turn comes, one record tells enough.
            let n_ahead = if is_file { 1 } else { options.block_rows };
            let reading = Reading::open(source, &options, n_ahead)?;
            reading.check_format(format, &names[0])?;
            arrangement(&names[0], &schema, reading.reader.name(), reading.reader.schema())?;
            schema = nullable_in_either(&schema, reading.reader.schema());
            names.push(Arc::clone(reading.reader.name()));
            waiting.push_back(if is_file {
                Waiting::Path(path.clone())
            } else {
                Waiting::Open(Box::new(reading))
            });
        }
        Ok(Input { names, schema, format, options, current: Some(first), waiting })
    }

    /// The columns: of the first file, in its order and spelling.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The format of all files.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The input in a word, for messages: the file, or the first and how many more.
    pub fn name(&self) -> String {
        match self.names.as_slice() {
            [] => String::new(),
            [only] => only.to_string(),
            [first, others @ ..] => format!("{first} and {} more", others.len()),
        }
    }

    /// The next records in order; `None` behind the last of the last file. A block holds records
    /// of one file only.
    ///
    /// # Errors
    /// Bytes that cannot be read on from, such as a damaged Parquet file or a record beyond
    /// 16 MiB. What follows is lost, so the caller should give up.
    pub fn next_block(&mut self) -> Result<Option<Block>> {
        loop {
            if self.current.is_none() {
                self.current = match self.waiting.pop_front() {
                    None => return Ok(None),
                    Some(Waiting::Open(reading)) => Some(*reading),
                    Some(Waiting::Path(path)) => {
                        let source = Source::open(&path)?;
                        let n_ahead = self.options.block_rows;
                        Some(Reading::open(source, &self.options, n_ahead)?)
                    }
                };
            }
            let Some(reading) = &mut self.current else {
                return Ok(None);
            };
            match reading.next_block(self.options.block_rows)? {
                None => self.current = None,
                Some(block) => {
                    let first = self.names.first().map_or("", |name| name);
                    let order = arrangement(
                        first,
                        &self.schema,
                        reading.reader.name(),
                        reading.reader.schema(),
                    )?;
                    return arrange(block, &self.schema, &order, self.format).map(Some);
                }
            }
        }
    }
}

/// A file whose turn has not come.
enum Waiting {
    /// To be opened again.
    Path(PathBuf),
    /// A stream, which can be opened once.
    Open(Box<Reading>),
}

/// A file that is being read.
struct Reading {
    reader: Reader,
    ahead: Option<Block>,
}

impl Reading {
    /// Opens a file and reads up to `n_ahead` records of it.
    fn open(source: Source, options: &ReadOptions, n_ahead: usize) -> Result<Reading> {
        let format = match options.format {
            Some(format) => format,
            None => source.format()?,
        };
        let mut reader = match format {
            Format::Csv => Reader::Csv(Box::new(CsvReader::open(source, options.delimiter)?)),
            Format::Ndjson => {
                Reader::Ndjson(Box::new(NdjsonReader::open(source, options.block_rows)?))
            }
            Format::Parquet => Reader::Parquet(ParquetReader::open(source, options.block_rows)?),
        };
        let ahead = reader.next_block(n_ahead)?;
        if ahead.is_none() {
            let what = match format {
                Format::Csv | Format::Ndjson => "ends behind its header",
                Format::Parquet => "has columns and no rows",
            };
            return Err(empty(reader.name(), what));
        }
        Ok(Reading { reader, ahead })
    }

    fn next_block(&mut self, n_rows: usize) -> Result<Option<Block>> {
        match self.ahead.take() {
            Some(block) => Ok(Some(block)),
            None => self.reader.next_block(n_rows),
        }
    }

    fn check_format(&self, first: Format, first_name: &str) -> Result<()> {
        let own = self.reader.format();
        if own == first {
            return Ok(());
        }
        Err(unlike(
            Location::file(self.reader.name().to_string()),
            format!("{} as in {}", first.name(), visible(first_name)),
            own.name(),
        ))
    }
}

/// The reader of one file. A block holds at most `n_rows` records and rejects together.
enum Reader {
    Csv(Box<CsvReader>),
    Ndjson(Box<NdjsonReader>),
    Parquet(ParquetReader),
}

impl Reader {
    fn name(&self) -> &Arc<str> {
        match self {
            Reader::Csv(reader) => reader.name(),
            Reader::Ndjson(reader) => reader.name(),
            Reader::Parquet(reader) => reader.name(),
        }
    }

    fn schema(&self) -> &SchemaRef {
        match self {
            Reader::Csv(reader) => reader.schema(),
            Reader::Ndjson(reader) => reader.schema(),
            Reader::Parquet(reader) => reader.schema(),
        }
    }

    fn format(&self) -> Format {
        match self {
            Reader::Csv(_) => Format::Csv,
            Reader::Ndjson(_) => Format::Ndjson,
            Reader::Parquet(_) => Format::Parquet,
        }
    }

    fn next_block(&mut self, n_rows: usize) -> Result<Option<Block>> {
        match self {
            Reader::Csv(reader) => reader.next_block(n_rows),
            Reader::Ndjson(reader) => reader.next_block(n_rows),
            Reader::Parquet(reader) => reader.next_block(),
        }
    }
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

/// The block with its columns in the order of the first file.
fn arrange(block: Block, schema: &SchemaRef, order: &[usize], format: Format) -> Result<Block> {
    let Block { mut batch, rejects } = block;
    let columns =
        order.iter().filter_map(|&index| batch.table.columns().get(index).cloned()).collect();
    batch.table = RecordBatch::try_new(Arc::clone(schema), columns).map_err(|error| {
        Error::format(Location::file(batch.file.to_string()), format.name(), error)
    })?;
    Ok(Block { batch, rejects })
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
        let cases: [(&[&str], &str); 5] = [
            (&["a,b\n1,2\n", "a,c,d\n1,2,3\n"], "it lacks `b` and has `c`, `d`"),
            (&["a,b\n1,2\n", "a\n1\n"], "it lacks `b`"),
            (&["a\n1\n", "b,a\n1,2\n"], "it also has `b`"),
            (&["{\"a\":1}\n", "{\"a\":1,\"b\":2}\n"], "it also has `b`"),
            (&["a\n1\n", "{\"a\":1}\n"], "expected CSV as in"),
        ];
        for (texts, part) in cases {
            let message = message(texts);
            assert!(message.contains(part), "{message}");
            assert!(message.contains("/a") && message.contains("/b"), "{message}");
        }
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
