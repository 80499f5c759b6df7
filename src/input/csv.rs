//! Separated values: records of text, with a place for each, and the broken ones set aside.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::SchemaRef;
use csv_core::{ReadRecordResult, ReaderBuilder, Terminator};

use super::columns::{check_names, text_schema, too_many_columns};
use super::decoded::DecodedText;
use super::dialect::{Dialect, QuoteFault, dialect_of, quote_fault};
use super::limits::{Limits, over_long_cell, over_long_record, size};
use super::source::Source;
use super::undecodable::Undecodable;
use super::{
    BLOCK_BYTES, Block, EncodingNote, Format, Problem, RawBatch, ReadOptions, Reject, empty,
    unreadable,
};
use crate::error::{Error, Location, Result};

/// How much of the beginning of a file is looked at for its dialect.
const SAMPLE_BYTES: usize = 64 * 1024;

/// How much of a record beyond the limit is kept to be shown.
const SHOWN_BYTES: usize = 64 * 1024;

/// Reads one file of separated values.
///
/// Quotes, doubled quotes and line ends within quotes are understood; lines end in LF, CRLF or CR.
/// Lines without a single character are no records and are passed over. A record with more or fewer
/// fields than the header, or with quotes that do not close where a field ends, becomes a
/// [`Reject`]: nothing is padded, cut or guessed, but that empty fields behind the last column
/// are no fields. Where a quote is the fault, the line on which the record begins is set aside
/// alone and reading goes on with the next, so that a stray quote costs one line and not all
/// that follow. Cells are not trimmed; only a cell without a character is null.
pub(super) struct CsvReader {
    name: Arc<str>,
    text: DecodedText,
    encoding: EncodingNote,
    dialect: Dialect,
    limits: Limits,
    parser: csv_core::Reader,
    /// The fields of the record, one behind the other, and where each ends.
    cells: Vec<u8>,
    ends: Vec<usize>,
    schema: SchemaRef,
    n_records: u64,
    line: u64,
}

impl CsvReader {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// A header that is missing, holds undecodable bytes, has a name twice or too many names.
    pub(super) fn open(source: Source, options: &ReadOptions) -> Result<Self> {
        let name = Arc::clone(&source.name);
        let (mut text, encoding) = source.into_text(options.encoding)?;
        let fault = |error| Error::io("read", name.to_string(), error);
        let mut is_whole = false;
        while text.available().len() < SAMPLE_BYTES && !is_whole {
            is_whole = !text.fill().map_err(fault)?;
        }
        let dialect = dialect_of(text.available(), is_whole, options.delimiter);
        text.consume(dialect.n_before_header);
        let mut own = CsvReader {
            name,
            text,
            encoding,
            dialect,
            limits: options.limits,
            parser: parser_of(dialect),
            cells: vec![0; 4096],
            ends: vec![0; 64],
            schema: text_schema(std::iter::empty()),
            n_records: 0,
            line: if dialect.n_before_header > 0 { 2 } else { 1 },
        };
        own.schema = own.header()?;
        Ok(own)
    }

    /// The file as the user named it.
    pub(super) fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The columns, all text.
    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The encoding that the file is read in.
    pub(super) fn encoding(&self) -> EncodingNote {
        self.encoding
    }

    /// What stands between the fields.
    pub(super) fn delimiter(&self) -> u8 {
        self.dialect.delimiter
    }

    /// The next records, at most `n_rows` of them good and bad together.
    pub(super) fn next_block(&mut self, n_rows: usize) -> Result<Option<Block>> {
        let n_columns = self.schema.fields().len();
        let mut columns: Vec<StringBuilder> =
            (0..n_columns).map(|_| StringBuilder::new()).collect();
        let (mut records, mut lines) = (Vec::new(), Vec::new());
        let (mut rejects, mut problems) = (Vec::new(), Vec::new());
        let mut n_bytes = 0;
        while records.len() + rejects.len() < n_rows && n_bytes < BLOCK_BYTES {
            let record = match self.read_record()? {
                None => break,
                Some(record) => record,
            };
            self.n_records += 1;
            let line = self.line;
            let Some(record) = record else {
                n_bytes += SHOWN_BYTES as u64;
                rejects.push(self.reject_too_long()?);
                continue;
            };
            n_bytes += record.n_bytes as u64;
            match self.fault(record, n_columns) {
                None => {
                    self.append(&mut columns);
                    self.note_undecodable(record, &mut problems);
                    records.push(self.n_records);
                    lines.push(line);
                    self.use_up(record.n_bytes);
                }
                Some(Fault::Record(cause)) => {
                    rejects.push(self.reject(record.n_bytes, cause));
                    self.use_up(record.n_bytes);
                }
                Some(Fault::Quote(fault)) => {
                    let n_bytes = self.first_line(record.n_bytes);
                    rejects.push(self.reject(n_bytes, fault.cause().to_owned()));
                    self.use_up(n_bytes);
                    self.parser = parser_of(self.dialect);
                }
            }
        }
        if records.is_empty() && rejects.is_empty() {
            return Ok(None);
        }
        let arrays: Vec<ArrayRef> =
            columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef).collect();
        let table = RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|error| self.malformed(error))?;
        let batch = RawBatch {
            table,
            file: Arc::clone(&self.name),
            records,
            lines,
            verbatim: None,
            absent: Vec::new(),
        };
        Ok(Some(Block { batch, rejects, problems }))
    }

    fn header(&mut self) -> Result<SchemaRef> {
        let record = match self.read_record()? {
            None => return Err(empty(&self.name, "is empty")),
            Some(None) => {
                return Err(self.malformed(format!(
                    "its header is longer than {}, or a quote in it is never closed; --max-record \
                     raises the limit",
                    size(self.limits.record_bytes)
                )));
            }
            Some(Some(record)) => record,
        };
        let raw = self.text.available().get(..record.n_bytes).unwrap_or_default();
        if memchr::memchr(0, raw).is_some() {
            return Err(self.malformed("the header holds NUL bytes, as binary files do"));
        }
        let begin = self.text.offset();
        let end = begin + record.n_bytes as u64;
        if self.text.faults_between(begin, end).next().is_some() {
            return Err(self.malformed(format!(
                "the header holds bytes that are not {}; --encoding names another encoding",
                self.encoding.encoding.name()
            )));
        }
        if let Some(fault) = quote_fault(raw, self.dialect) {
            return Err(self.malformed(format!("the header: {}", fault.cause())));
        }
        if record.n_fields > self.limits.n_columns {
            return Err(too_many_columns(&self.name, record.n_fields, self.limits.n_columns));
        }
        let mut names: Vec<String> =
            (0..record.n_fields).map(|index| self.cell(record, index).to_owned()).collect();
        name_blanks(&mut names);
        check_names(&self.name, names.iter().map(String::as_str), self.limits.n_columns)?;
        self.use_up(record.n_bytes);
        Ok(text_schema(names.iter().map(String::as_str)))
    }

    /// Parses the next record, which stays available; `None` at the end of the file, and
    /// `Some(None)` for a record beyond the limit.
    fn read_record(&mut self) -> Result<Option<Option<Record>>> {
        if !self.skip_blank_lines()? {
            return Ok(None);
        }
        let (mut n_bytes, mut n_chars, mut n_fields, mut n_more) = (0, 0, 0, 0);
        loop {
            let input = self.text.available().get(n_bytes..).unwrap_or_default();
            if input.is_empty() {
                if n_bytes > self.limits.record_bytes {
                    self.parser = parser_of(self.dialect);
                    return Ok(Some(None));
                }
                if self.fill()? {
                    continue;
                }
            }
            let input = self.text.available().get(n_bytes..).unwrap_or_default();
            let cells = self.cells.get_mut(n_chars..).unwrap_or_default();
            let ends = self.ends.get_mut(n_fields..).unwrap_or_default();
            let (result, n_read, n_written, n_ended) = self.parser.read_record(input, cells, ends);
            n_bytes += n_read;
            n_chars += n_written;
            n_fields += n_ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                ReadRecordResult::OutputEndsFull if n_fields <= self.limits.n_columns => {
                    self.ends.resize(self.ends.len() * 2, 0);
                }
                // More fields than any header may have are counted and not kept.
                ReadRecordResult::OutputEndsFull => {
                    n_fields -= 1;
                    n_more += 1;
                }
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(None),
            }
        }
        if n_bytes > self.limits.record_bytes {
            self.parser = parser_of(self.dialect);
            return Ok(Some(None));
        }
        let raw = self.text.available().get(..n_bytes).unwrap_or_default();
        let has_return =
            self.dialect.line_end == b'\n' && (raw.ends_with(b"\r\n") || raw.ends_with(b"\r"));
        if let (true, Some(last)) = (has_return, self.ends.get_mut(n_fields - 1)) {
            *last = last.saturating_sub(1);
        }
        Ok(Some(Some(Record { n_bytes, n_fields: n_fields + n_more })))
    }

    /// Uses up lines without a character; false at the end of the file.
    fn skip_blank_lines(&mut self) -> Result<bool> {
        loop {
            let end = self.dialect.line_end;
            match self.text.available() {
                [] | [b'\r'] => {
                    if !self.fill()? {
                        let rest = self.text.available();
                        return Ok(!rest.is_empty() && rest != b"\r");
                    }
                }
                [first, ..] if *first == end => self.use_up(1),
                [b'\r', b'\n', ..] => self.use_up(2),
                _ => return Ok(true),
            }
        }
    }

    fn fill(&mut self) -> Result<bool> {
        self.text.fill().map_err(|error| Error::io("read", self.name.to_string(), error))
    }

    /// Moves behind the next bytes and counts their lines.
    fn use_up(&mut self, n_bytes: usize) {
        let bytes = self.text.available().get(..n_bytes).unwrap_or_default();
        self.line += memchr::memchr_iter(self.dialect.line_end, bytes).count() as u64;
        self.text.consume(n_bytes);
    }

    /// What is wrong with the record as a whole, if anything is.
    fn fault(&self, record: Record, n_columns: usize) -> Option<Fault> {
        let raw = self.text.available().get(..record.n_bytes).unwrap_or_default();
        if let Some(fault) = quote_fault(raw, self.dialect) {
            return Some(Fault::Quote(fault));
        }
        let found = record.n_fields;
        let is_longer_by_nothing = || {
            let kept = self.ends.get(n_columns - 1).copied();
            kept.is_some() && kept == self.ends.get(found - 1).copied()
        };
        if found < n_columns || (found > n_columns && !is_longer_by_nothing()) {
            let fields = if found == 1 { "field" } else { "fields" };
            return Some(Fault::Record(format!(
                "{found} {fields} where the header has {n_columns}"
            )));
        }
        let limit = self.limits.cell_bytes;
        let ends = self.ends.get(..n_columns).unwrap_or_default();
        let begins = std::iter::once(&0).chain(ends);
        let index = begins.zip(ends).position(|(begin, end)| end - begin > limit)?;
        let column = crate::error::visible(self.schema.field(index).name());
        Some(Fault::Record(over_long_cell(&column, limit)))
    }

    /// Adds the fields of the record; it has one for each column.
    fn append(&self, columns: &mut [StringBuilder]) {
        let mut begin = 0;
        let ends = self.ends.get(..columns.len()).unwrap_or_default();
        // csv-core copies whole characters of what is UTF-8.
        let length = ends.last().copied().unwrap_or_default();
        let text = self.cells.get(..length).unwrap_or_default();
        let text = std::str::from_utf8(text).unwrap_or_default();
        for (column, &end) in columns.iter_mut().zip(ends) {
            match text.get(begin..end) {
                None | Some("") => column.append_null(),
                Some(cell) => column.append_value(cell),
            }
            begin = end;
        }
    }

    fn cell(&self, record: Record, index: usize) -> &str {
        debug_assert!(index < record.n_fields);
        let begin = index.checked_sub(1).and_then(|before| self.ends.get(before)).unwrap_or(&0);
        let end = self.ends.get(index).unwrap_or(&0);
        let bytes = self.cells.get(*begin..*end).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// Notes the cells of the record that hold undecodable bytes.
    fn note_undecodable(&self, record: Record, problems: &mut Vec<Problem>) {
        let Some(undecodable) = Undecodable::within(&self.text, record.n_bytes) else { return };
        let mut n_before = 0;
        for (index, field) in self.schema.fields().iter().enumerate() {
            let cell = self.cell(record, index);
            if let Some(found) = undecodable.shown(cell, &mut n_before) {
                let location = self.location().column(field.name().clone());
                let expected = format!("text in {}", self.encoding.encoding.name());
                problems.push(Problem { location, found, expected });
            }
        }
    }

    /// Length of the first line of the next bytes, its end included.
    fn first_line(&self, n_bytes: usize) -> usize {
        let bytes = self.text.available().get(..n_bytes).unwrap_or_default();
        memchr::memchr(self.dialect.line_end, bytes).map_or(n_bytes, |at| at + 1)
    }

    fn reject(&mut self, n_bytes: usize, cause: String) -> Reject {
        let raw = self.text.available().get(..n_bytes).unwrap_or_default();
        let raw = String::from_utf8_lossy(raw).trim_end_matches(['\r', '\n']).to_owned();
        let byte = Some(self.text.file_offset(self.text.offset()));
        Reject { location: self.location(), byte, cause, raw }
    }

    /// Sets a record beyond the limit aside and moves behind it, without holding more of it than
    /// the limit. Where the line on which it begins is within the limit, a quote was not closed,
    /// and only that line is set aside.
    fn reject_too_long(&mut self) -> Result<Reject> {
        let limit = self.limits.record_bytes;
        let available = self.text.available();
        let end = memchr::memchr(self.dialect.line_end, available).map(|at| at + 1);
        if let Some(n_bytes) = end.filter(|length| *length <= limit) {
            let open = QuoteFault::NeverClosed.cause();
            let cause = format!("{open}, or {}", over_long_record(limit));
            let reject = self.reject(n_bytes, cause);
            self.use_up(n_bytes);
            return Ok(reject);
        }
        let shown = self.shown(SHOWN_BYTES.min(available.len()));
        let reject = self.reject(shown, over_long_record(limit));
        loop {
            let available = self.text.available();
            let end = memchr::memchr(self.dialect.line_end, available);
            self.use_up(end.map_or(available.len(), |at| at + 1));
            if end.is_some() || !self.fill()? {
                return Ok(reject);
            }
        }
    }

    /// A length of the next bytes that ends between characters.
    fn shown(&self, mut n_bytes: usize) -> usize {
        let is_within = |byte: Option<&u8>| byte.is_some_and(|byte| byte & 0xc0 == 0x80);
        while n_bytes > 0 && is_within(self.text.available().get(n_bytes)) {
            n_bytes -= 1;
        }
        n_bytes
    }

    fn location(&self) -> Location {
        Location::file(self.name.to_string()).record(self.n_records).line(self.line)
    }

    fn malformed(&self, detail: impl std::fmt::Display) -> Error {
        let file = Location::file(self.name.to_string());
        unreadable(file, Format::Csv.name(), detail.to_string())
    }
}

/// A parser at the beginning of a record.
///
/// One that was reset would take a byte order mark there for that of the file, and a clone of one
/// (csv-core 0.1.13) has lost its table of bytes and finds no record any more.
fn parser_of(dialect: Dialect) -> csv_core::Reader {
    let mut parser = ReaderBuilder::new()
        .delimiter(dialect.delimiter)
        .terminator(Terminator::Any(dialect.line_end))
        .escape(dialect.escape)
        .build();
    parser.read_record(&[dialect.line_end], &mut [0], &mut [0]);
    parser
}

/// A record that was parsed and is not used up: its bytes with the line end, and its fields.
#[derive(Clone, Copy)]
struct Record {
    n_bytes: usize,
    n_fields: usize,
}

/// Why a record cannot be kept.
enum Fault {
    /// The record is what it is, and wrong.
    Record(String),
    /// Where the record ends is not known.
    Quote(QuoteFault),
}

/// Gives names to the blank names of a header behind the first, as spreadsheets leave several.
fn name_blanks(names: &mut [String]) {
    let blanks: Vec<usize> =
        (0..names.len()).filter(|&index| names.get(index).is_some_and(String::is_empty)).collect();
    for &index in blanks.iter().skip(1) {
        if let Some(name) = names.get_mut(index) {
            *name = format!("column {}", index + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use proptest::prelude::*;

    use super::super::TextEncoding;
    use super::*;

    fn open_with(bytes: &[u8], options: &ReadOptions) -> Result<CsvReader> {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(bytes).expect("written");
        let mut reader = CsvReader::open(Source::open(file.path(), &options.limits)?, options)?;
        reader.name = Arc::from("x.csv");
        Ok(reader)
    }

    fn open(bytes: &[u8], delimiter: Option<u8>) -> Result<CsvReader> {
        let encoding = Some(TextEncoding::UTF_8);
        open_with(bytes, &ReadOptions { delimiter, encoding, ..ReadOptions::default() })
    }

    /// What a file holds.
    #[derive(Default)]
    struct Found {
        /// All cells by row, an empty one as `~`.
        rows: Vec<Vec<String>>,
        rejects: Vec<Reject>,
        problems: Vec<Problem>,
        /// Record and line of each row.
        places: Vec<(u64, u64)>,
    }

    fn read_all(mut reader: CsvReader) -> Found {
        let mut found = Found::default();
        while let Some(block) = reader.next_block(3).expect("read") {
            for row in 0..block.batch.n_records() {
                let columns = block.batch.table.columns().iter();
                let cells = columns.map(|column| {
                    let column = column.as_string::<i32>();
                    if column.is_null(row) { "~".to_owned() } else { column.value(row).to_owned() }
                });
                found.rows.push(cells.collect());
            }
            found.places.extend(block.batch.records.into_iter().zip(block.batch.lines));
            found.rejects.extend(block.rejects);
            found.problems.extend(block.problems);
        }
        found
    }

    fn read(bytes: &[u8]) -> Found {
        read_all(open(bytes, None).expect("opened"))
    }

    /// Record, line, offset, cause and text of each reject.
    fn told(rejects: &[Reject]) -> Vec<(Option<u64>, Option<u64>, u64, &str, &str)> {
        let told = rejects.iter().map(|reject| {
            let place = &reject.location;
            (
                place.record,
                place.line,
                reject.byte.expect("an offset"),
                &*reject.cause,
                &*reject.raw,
            )
        });
        told.collect()
    }

    fn message(bytes: &[u8]) -> String {
        let error = open(bytes, None).err().expect("an error");
        error.to_string()
    }

    #[test]
    fn cells_are_text_as_it_stands() {
        let Found { rows, rejects, places, .. } =
            read(b"\xef\xbb\xbfid,title\n007, a \n\n8,\"x, \"\"y\"\"\nz\"\n,\"\"\n9,12\" tv\n");
        assert_eq!(rows, [["007", " a "], ["8", "x, \"y\"\nz"], ["~", "~"], ["9", "12\" tv"]]);
        assert!(rejects.is_empty());
        assert_eq!(places, [(1, 2), (2, 4), (3, 6), (4, 7)]);
    }

    #[test]
    fn delimiters_are_told_from_the_header_and_line_ends_from_the_file() {
        for (text, last) in [
            ("a;b,c;\"d;,,,\"\r\n1;2;3\r\n\r\n4;5;6", (2, 4)),
            ("a\tb\tc\n1\t2\t3\n4\t5\t6\n", (2, 3)),
            ("a|b|c\r1|2|3\r4|5|6\r", (2, 3)),
            ("\n\na,b,c\n1,2,3\n4,5,6", (2, 5)),
        ] {
            let Found { rows, rejects, places, .. } = read(text.as_bytes());
            assert_eq!(rows, [["1", "2", "3"], ["4", "5", "6"]], "{text:?}");
            assert!(rejects.is_empty());
            assert_eq!(places.last(), Some(&last), "{text:?}");
        }
        let mut reader = open(b"a,b;c\n1,2;3\n", Some(b';')).expect("opened");
        let block = reader.next_block(9).expect("read").expect("a block");
        assert_eq!(block.batch.table.num_columns(), 2);
    }

    #[test]
    fn broken_records_are_set_aside_with_their_place_and_their_text() {
        let bytes =
            b"id,title\r\n1,a,b\r\n2,b,,\r\n3\r\n4,d\r\n5,\"c\"d\r\n6,e\r\n7,\"f\r\n8,g\r\n";
        let Found { rows, rejects, places, .. } = read(bytes);
        assert_eq!(rows, [["2", "b"], ["4", "d"], ["6", "e"], ["8", "g"]]);
        assert_eq!(places, [(2, 3), (4, 5), (6, 7), (8, 9)]);
        // Offsets by hand: the header is 10 bytes, the records before 7, 7, 3, 5, 8 and 5.
        assert_eq!(
            told(&rejects),
            [
                (Some(1), Some(2), 10, "3 fields where the header has 2", "1,a,b"),
                (Some(3), Some(4), 24, "1 field where the header has 2", "3"),
                (Some(5), Some(6), 32, "text behind the closing quote of a field", "5,\"c\"d"),
                (Some(7), Some(8), 45, "a quote that is never closed", "7,\"f"),
            ]
        );
    }

    /// A quote that opens by mistake ends at the next one that opens, lines below.
    #[test]
    fn a_stray_quote_costs_one_line() {
        let Found { rows, rejects, places, .. } =
            read(b"id,title\n1,\"12 inch\n2,b\n3,\"c, d\"\n4,\"e\nf\"\n");
        assert_eq!(rows, [["2", "b"], ["3", "c, d"], ["4", "e\nf"]]);
        assert_eq!(places, [(2, 3), (3, 4), (4, 5)]);
        let cause = "text behind the closing quote of a field";
        assert_eq!(told(&rejects), [(Some(1), Some(2), 9, cause, "1,\"12 inch")]);
    }

    #[test]
    fn undecodable_bytes_are_a_problem_of_their_cell_and_the_record_stays() {
        let Found { rows, rejects, problems, .. } =
            read("id,title,note\n1,né,x\n2,caf\u{fffd}\u{1},y\n".replace('\u{1}', "!").as_bytes());
        assert_eq!(rows[1], ["2", "caf\u{fffd}!", "y"], "a character of the file");
        assert!(rejects.is_empty() && problems.is_empty());
        let Found { rows, rejects, problems, .. } =
            read(b"id,title,note\n1,n\xc3\xa9,x\n2,\"caf\xe9,\",\xff\n");
        assert_eq!(rows, [["1", "né", "x"], ["2", "caf\u{fffd},", "\u{fffd}"]]);
        assert!(rejects.is_empty());
        let problems: Vec<String> =
            problems.iter().map(|problem| problem.to_error().to_string()).collect();
        assert_eq!(problems.len(), 2);
        assert!(
            problems[0].starts_with(
                "x.csv: record 2, line 3, column title: expected text in UTF-8, found \"caf\\xE9,\""
            ),
            "{}",
            problems[0]
        );
        assert!(problems[1].contains("column note"), "{}", problems[1]);
    }

    #[test]
    fn offsets_are_those_of_the_file_in_every_encoding() {
        let text = "id,название\n1,Кожаная сумка\n2\n3,ремень\n";
        let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode(text);
        let with_mark = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
        // Characters before record 2 by hand: 12 of the header and 16 of the first record; in
        // UTF-8, 8 and 12 of them take two bytes.
        for (bytes, offset) in
            [(cyrillic.as_ref(), 28), (&utf_16, 56), (text.as_bytes(), 48), (&with_mark, 51)]
        {
            let reader = open_with(bytes, &ReadOptions::default()).expect("opened");
            let Found { rows, rejects, .. } = read_all(reader);
            assert_eq!(rows, [["1", "Кожаная сумка"], ["3", "ремень"]]);
            let cause = "1 field where the header has 2";
            assert_eq!(told(&rejects), [(Some(2), Some(3), offset, cause, "2")]);
        }
    }

    #[test]
    fn lines_end_as_the_header_does() {
        // A lone CR in a file of LF is text, and the CR of a last line without LF is not.
        let Found { rows, .. } = read(b"id,title\n1,a\rb\n2,\"c\r\"\r\n3,d\r");
        assert_eq!(rows, [["1", "a\rb"], ["2", "c\r"], ["3", "d"]]);
        // A byte order mark in the middle is text, too.
        let Found { rows, rejects, .. } = read("id,t\n1\n\u{feff}2,b\n".as_bytes());
        assert_eq!(rows, [["\u{feff}2", "b"]]);
        assert_eq!(rejects.len(), 1);
    }

    #[test]
    fn dialects_of_spreadsheets_and_databases_are_understood() {
        let Found { rows, places, .. } = read(b"sep=;\r\nid;title\r\n1;\"a;b\"\r\n");
        assert_eq!(rows, [["1", "a;b"]]);
        assert_eq!(places, [(1, 3)]);
        let Found { rows, .. } = read(b"id,title\n1,\"12\\\" tv, new\"\n2,\"a\\\\b\"\n");
        assert_eq!(rows, [["1", "12\" tv, new"], ["2", "a\\b"]]);
        let reader = open(b"id,title,,\n1,a,,x\n", None).expect("opened");
        let names: Vec<&str> =
            reader.schema().fields().iter().map(|field| field.name().as_str()).collect();
        assert_eq!(names, ["id", "title", "", "column 4"]);
    }

    #[test]
    fn headers_that_cannot_be_trusted_are_refused() {
        for (bytes, part) in [
            (&b""[..], "no records: the file is empty"),
            (b"\n\n", "no records: the file is empty"),
            (b"\xef\xbb\xbf", "no records: the file is empty"),
            (b"a,b,a\n1,2,3\n", "\"a\" stands at positions 1 and 3"),
            (b"a,\xe9\n1,2\n", "the header holds bytes that are not UTF-8; --encoding"),
            (b"a\0,b\n1,2\n", "the header holds NUL bytes"),
            (b"a,\"b\n1,2\n", "the header: a quote that is never closed"),
        ] {
            let message = message(bytes);
            assert!(message.contains(part), "{message}");
        }
        let wide = vec!["x"; 10_001].join(",");
        assert!(message(wide.as_bytes()).contains("at most 10000 columns"));
    }

    #[test]
    fn records_beyond_the_limits_are_set_aside_and_those_behind_them_read() {
        let limits = Limits {
            record_bytes: 600_000,
            cell_bytes: 1000,
            n_columns: 3,
            json_depth: 9,
            expansion: 9,
        };
        let options = ReadOptions { limits, ..ReadOptions::default() };
        let long = "x".repeat(1001);
        // A line beyond the limit, an open quote, a long cell, too many fields.
        let text = format!(
            "id,title\n1,{}\n2,\"open\n3,a\n4,{}\n5,{long}\n6,{}\n7,b\n",
            "é".repeat(400_000),
            "y\n".repeat(400_000),
            ",".repeat(5000),
        );
        let Found { rows, rejects, .. } =
            read_all(open_with(text.as_bytes(), &options).expect("opened"));
        let told = told(&rejects);
        assert_eq!(told[0].0, Some(1));
        assert_eq!(told[0].3, "a record longer than 600000 bytes; --max-record raises the limit");
        assert_eq!(told[0].4.len(), 64 * 1024, "what is shown ends between characters");
        assert_eq!(
            told[1].3,
            "a quote that is never closed, or a record longer than 600000 bytes; --max-record \
             raises the limit"
        );
        assert_eq!((told[1].0, told[1].1, told[1].4), (Some(2), Some(3), "2,\"open"));
        // Record 4 is `4,y` and behind it 399,999 lines of `y` and a blank one.
        assert_eq!(rows, [["3", "a"], ["4", "y"], ["7", "b"]]);
        let last = &told[told.len() - 2..];
        assert_eq!(
            last[0].3,
            "column title holds more than 1000 bytes; --max-cell raises the limit"
        );
        assert_eq!(last[1].3, "5002 fields where the header has 2");
        assert_eq!(told.len(), 2 + 399_999 + 2);
        let message = open_with(b"a,b,c,d\n1,2,3,4\n", &options).err().expect("an error");
        let message = message.to_string();
        let expected = "expected at most 3 columns (--max-columns raises the limit), found 4";
        assert!(message.ends_with(expected), "{message}");
    }

    #[test]
    fn memory_does_not_grow_with_a_line() {
        // 512 MiB without a line end, of which 17 MiB may be held.
        let name: Arc<str> = Arc::from("x.csv");
        let endless = Box::new(
            std::io::Cursor::new(b"id,title\n1,a\n2,".to_vec())
                .chain(std::io::repeat(b'x').take(512 << 20)),
        );
        let mut own = open(b"id,title\n1,a\n", Some(b',')).expect("opened");
        own.text = DecodedText::new(endless, TextEncoding::UTF_8, 0);
        own.text.fill().expect("read");
        own.text.consume(9);
        own.name = name;
        let block = own.next_block(10).expect("read").expect("a block");
        assert_eq!((block.batch.records.as_slice(), block.rejects.len()), (&[1][..], 1));
        assert!(own.cells.len() <= 64 << 20, "{}", own.cells.len());
        assert!(own.text.available().is_empty());
    }

    proptest! {
        #[test]
        fn no_record_of_a_damaged_file_is_lost(
            flips in prop::collection::vec((0usize..400, any::<u8>()), 0..12),
            cut in 100usize..400,
            block_rows in 1usize..9,
        ) {
            let mut bytes = b"id,title,price\r\n".to_vec();
            for n in 0..30 {
                bytes.extend_from_slice(format!("{n},\"a \"\"{n}\"\"\nb\",{n}.50\r\n").as_bytes());
            }
            bytes.truncate(cut);
            for (index, byte) in flips {
                let index = index % bytes.len();
                bytes[index] = byte;
            }
            let Ok(mut reader) = open(&bytes, Some(b',')) else {
                return Ok(());
            };
            let mut numbers = Vec::new();
            while let Some(block) = reader.next_block(block_rows).expect("read") {
                prop_assert!(block.batch.n_records() + block.rejects.len() <= block_rows);
                let table = &block.batch.table;
                prop_assert_eq!(table.num_rows(), block.batch.records.len());
                prop_assert_eq!(table.num_rows(), block.batch.lines.len());
                let mut own: Vec<(u64, u64)> =
                    block.batch.records.iter().copied().zip(block.batch.lines).collect();
                for reject in block.rejects {
                    let place = reject.location;
                    own.push((place.record.expect("a record"), place.line.expect("a line")));
                    let begin = usize::try_from(reject.byte.expect("an offset")).expect("an offset");
                    // A character that the limits of the record cut is another alone.
                    let text = String::from_utf8_lossy(&bytes[begin..]).into_owned();
                    prop_assert!(text.starts_with(&reject.raw), "{:?} {:?}", text, reject.raw);
                }
                own.sort_unstable();
                numbers.extend(own);
            }
            let records: Vec<u64> = numbers.iter().map(|(record, _)| *record).collect();
            let n_records = records.len() as u64;
            prop_assert_eq!(records, (1..=n_records).collect::<Vec<_>>());
            prop_assert!(numbers.is_sorted_by(|one, two| one.1 <= two.1));
        }

        #[test]
        fn any_table_in_any_dialect_is_read_back(
            rows in prop::collection::vec(prop::collection::vec(cell(), 3), 1..20),
            delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|', 0x01]),
            end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
            label in prop::sample::select(vec!["utf-8", "utf-16le", "utf-16be", "gb18030"]),
            has_mark in any::<bool>(),
            always_quotes in any::<bool>(),
            block_rows in 1usize..8,
        ) {
            let style = if always_quotes { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
            let mut writer = csv::WriterBuilder::new()
                .delimiter(delimiter)
                .terminator(csv::Terminator::Any(b'\n'))
                .quote_style(style)
                .from_writer(Vec::new());
            writer.write_record(["id", "b", "c"]).expect("written");
            for (n, row) in rows.iter().enumerate() {
                // Texts with line ends of their own have those of no dialect here.
                let id = n.to_string();
                let cells = [&id, &row[1], &row[2]];
                writer.write_record(cells).expect("written");
            }
            let text = String::from_utf8(writer.into_inner().expect("flushed")).expect("text");
            // What the writer quoted for its LF is quoted for the others too, as cells have none.
            let text = text.replace('\n', end);
            let text = if has_mark { format!("\u{feff}{text}") } else { text };
            let bytes: Vec<u8> = match label {
                "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                _ => {
                    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("known");
                    encoding.encode(&text).0.into_owned()
                }
            };
            let encoding = Some(label.parse().expect("an encoding"));
            let options = ReadOptions { encoding, delimiter: Some(delimiter), ..ReadOptions::default() };
            // A mark is only told in the encodings that have one of their own.
            prop_assume!(!(has_mark && label == "gb18030"));
            let mut reader = open_with(&bytes, &options).expect("opened");
            let mut found = Vec::new();
            while let Some(block) = reader.next_block(block_rows).expect("read") {
                prop_assert!(block.rejects.is_empty(), "{:?}", block.rejects);
                prop_assert!(block.problems.is_empty(), "{:?}", block.problems);
                for row in 0..block.batch.n_records() {
                    let cells = block.batch.table.columns().iter().map(|column| {
                        let column = column.as_string::<i32>();
                        if column.is_null(row) { String::new() } else { column.value(row).to_owned() }
                    });
                    found.push(cells.collect::<Vec<String>>());
                }
            }
            let expected: Vec<Vec<String>> = rows
                .iter()
                .enumerate()
                .map(|(n, row)| vec![n.to_string(), row[1].clone(), row[2].clone()])
                .collect();
            prop_assert_eq!(found, expected);
        }
    }

    /// Cells with all that could be mistaken for structure, but line ends.
    fn cell() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-z\"',;|\t\u{1} =-]{0,6}",
            "[\u{430}-\u{44f}\u{4e00}-\u{4eff}\u{1f600}-\u{1f60f}, \"]{0,6}",
        ]
    }
}
