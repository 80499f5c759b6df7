//! Separated values: records of text, with a place for each, and the broken ones set aside.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::SchemaRef;
use csv_core::{ReadRecordResult, ReaderBuilder, Terminator};

use super::columns::{check_names, name_blanks, text_schema, too_many_columns};
use super::decoded::DecodedText;
use super::dialect::{Dialect, QuoteFault, dialect_of, quote_fault};
use super::limits::{Limits, over_long_cell, over_long_record, size};
use super::source::Source;
use super::undecodable::Undecodable;
use super::{
    Block, EncodingNote, Format, Problem, RawBatch, ReadOptions, Reject, empty, unreadable,
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
    /// The most bytes of a block, but for a single longer record.
    block_bytes: u64,
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
            block_bytes: options.block_bytes,
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
        while records.len() + rejects.len() < n_rows && n_bytes < self.block_bytes {
            let Some(record) = self.read_record()? else { break };
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
            native_numbers: None,
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

#[cfg(test)]
mod tests;
