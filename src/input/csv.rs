//! Separated values: records of text, with a place for each, and the broken ones set aside.

use std::io::Read;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::SchemaRef;
use csv::{ByteRecord, ReaderBuilder, StringRecord};

use super::columns::{check_names, text_schema};
use super::dialect::{conventions, quote_fault};
use super::format::{self, UTF8_MARK};
use super::kept::{Kept, RECORD_BYTES, RECORD_LIMIT};
use super::source::Source;
use super::{BLOCK_BYTES, Block, Format, RawBatch, Reject, empty, unlike, unreadable};
use crate::error::{Error, Location, Result};

/// Bytes asked of the file at a time.
const BUFFER_BYTES: usize = 256 * 1024;

/// Reads one file of separated values.
///
/// Quotes, doubled quotes and line ends within quotes are understood; lines end in LF, CRLF or CR.
/// Lines without a single byte are no records and are passed over. A record with more or fewer
/// fields than the header, with bytes that are not UTF-8 or with quotes that do not close where a
/// field ends becomes a [`Reject`]: nothing is padded, cut or guessed. Cells are not trimmed; only
/// a cell without a character is null.
pub(super) struct CsvReader {
    name: Arc<str>,
    reader: csv::Reader<Kept>,
    record: ByteRecord,
    schema: SchemaRef,
    delimiter: u8,
    line_end: u8,
    mark_bytes: u64,
    n_records: u64,
    line: u64,
}

impl CsvReader {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// A header that is missing, is not UTF-8 text, has a name twice or more than 10,000 names.
    pub(super) fn open(source: Source, delimiter: Option<u8>) -> Result<Self> {
        let name = Arc::clone(&source.name);
        format::refuse_foreign(&source.head, &name)?;
        let has_mark = source.head.starts_with(UTF8_MARK);
        let (delimiter, line_end) = conventions(format::without_mark(&source.head), delimiter);
        let mut stream = source.into_stream();
        let mut mark_bytes = 0;
        if has_mark {
            let mut mark = [0; UTF8_MARK.len()];
            stream
                .read_exact(&mut mark)
                .map_err(|error| Error::io("read", name.to_string(), error))?;
            mark_bytes = UTF8_MARK.len() as u64;
        }
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BUFFER_BYTES)
            .from_reader(Kept::new(stream));
        let mut own = CsvReader {
            name,
            reader,
            record: ByteRecord::new(),
            schema: text_schema(std::iter::empty()),
            delimiter,
            line_end,
            mark_bytes,
            n_records: 0,
            line: 1,
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

    /// The next records, at most `n_rows` of them good and bad together.
    pub(super) fn next_block(&mut self, n_rows: usize) -> Result<Option<Block>> {
        let n_columns = self.schema.fields().len();
        let mut columns: Vec<StringBuilder> =
            (0..n_columns).map(|_| StringBuilder::new()).collect();
        let (mut records, mut lines) = (Vec::new(), Vec::new());
        let mut rejects = Vec::new();
        let mut n_bytes = 0;
        while records.len() + rejects.len() < n_rows && n_bytes < BLOCK_BYTES {
            let Some(place) = self.read_record()? else {
                break;
            };
            self.n_records += 1;
            n_bytes += place.end - place.begin;
            let fault = self.fault(&place, n_columns);
            let text = if fault.is_none() {
                StringRecord::from_byte_record(std::mem::take(&mut self.record))
            } else {
                Ok(StringRecord::new())
            };
            match (fault, text) {
                (None, Ok(record)) => {
                    for (column, cell) in columns.iter_mut().zip(&record) {
                        if cell.is_empty() {
                            column.append_null();
                        } else {
                            column.append_value(cell);
                        }
                    }
                    records.push(self.n_records);
                    lines.push(place.line);
                    self.record = record.into_byte_record();
                }
                (Some(cause), _) => rejects.push(self.reject(&place, cause)),
                (None, Err(error)) => {
                    let column = self.column_name(error.utf8_error().field());
                    let cause = format!("the bytes of column {column} are not UTF-8");
                    self.record = error.into_byte_record();
                    rejects.push(self.reject(&place, cause));
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
        let batch =
            RawBatch { table, file: Arc::clone(&self.name), records, lines, verbatim: None };
        Ok(Some(Block { batch, rejects }))
    }

    fn header(&mut self) -> Result<SchemaRef> {
        let Some(place) = self.read_record()? else {
            return Err(empty(&self.name, "is empty"));
        };
        let raw = self.reader.get_ref().between(place.begin, place.end);
        if raw.contains(&0) {
            return Err(self.malformed(
                "the header holds NUL bytes, as UTF-16 and binary files do; convert it to UTF-8 first",
            ));
        }
        if let Some(fault) = quote_fault(raw, self.delimiter) {
            return Err(self.malformed(format!("the header: {fault}")));
        }
        let record =
            StringRecord::from_byte_record(std::mem::take(&mut self.record)).map_err(|_| {
                self.malformed("the header is not UTF-8; convert the file to UTF-8 first")
            })?;
        let names: Vec<&str> = record.iter().collect();
        check_names(&self.name, names.iter().copied())?;
        let schema = text_schema(names.into_iter());
        self.record = record.into_byte_record();
        Ok(schema)
    }

    /// Reads the next record into `self.record`; `None` at the end of the file.
    fn read_record(&mut self) -> Result<Option<Place>> {
        let before = self.reader.position().byte();
        self.reader.get_mut().forget_before(before);
        let outcome = self.reader.read_byte_record(&mut self.record);
        let end = self.reader.position().byte();
        if self.reader.get_ref().is_too_long() || end - before > RECORD_BYTES as u64 {
            return Err(self.too_long());
        }
        match outcome {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => return Err(self.unreadable(error)),
        }
        let raw = self.reader.get_ref().between(before, end);
        // The LF of a CRLF and lines without a byte precede the record that follows them.
        let n_blank = raw.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let (blank, own) = raw.split_at(n_blank);
        let line_ends = |bytes: &[u8]| memchr::memchr_iter(self.line_end, bytes).count() as u64;
        let line = self.line + line_ends(blank);
        self.line = line + line_ends(own);
        Ok(Some(Place { begin: before + n_blank as u64, end, line }))
    }

    /// What is wrong with the record as a whole, if anything is.
    fn fault(&self, place: &Place, n_columns: usize) -> Option<String> {
        let raw = self.reader.get_ref().between(place.begin, place.end);
        if let Some(fault) = quote_fault(raw, self.delimiter) {
            return Some(fault.to_owned());
        }
        let found = self.record.len();
        (found != n_columns).then(|| {
            let fields = if found == 1 { "field" } else { "fields" };
            format!("{found} {fields} where the header has {n_columns}")
        })
    }

    fn reject(&self, place: &Place, cause: String) -> Reject {
        let raw = self.reader.get_ref().between(place.begin, place.end);
        let text = String::from_utf8_lossy(raw);
        Reject {
            location: self.location(place.line),
            byte: place.begin + self.mark_bytes,
            cause,
            raw: text.trim_end_matches(['\r', '\n']).to_owned(),
        }
    }

    fn location(&self, line: u64) -> Location {
        Location::file(self.name.to_string()).record(self.n_records).line(line)
    }

    fn column_name(&self, index: usize) -> String {
        let name = self.schema.fields().get(index).map(|field| field.name());
        crate::error::visible(name.map_or("", String::as_str))
    }

    fn malformed(&self, detail: impl std::fmt::Display) -> Error {
        let file = Location::file(self.name.to_string());
        unreadable(file, Format::Csv.name(), detail.to_string())
    }

    fn too_long(&self) -> Error {
        let place =
            Location::file(self.name.to_string()).record(self.n_records + 1).line(self.line);
        unlike(place, RECORD_LIMIT, "a longer one, or a quote that is never closed")
    }

    fn unreadable(&self, error: csv::Error) -> Error {
        match error.into_kind() {
            csv::ErrorKind::Io(source) => Error::io("read", self.name.to_string(), source),
            kind => self.malformed(format!("{kind:?}")),
        }
    }
}

/// Where a record stands: offsets without the byte order mark, and the line on which it begins.
struct Place {
    begin: u64,
    end: u64,
    line: u64,
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use proptest::prelude::*;

    use super::*;
    use crate::error::ErrorKind;

    fn open(bytes: &[u8], delimiter: Option<u8>) -> Result<CsvReader> {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(bytes).expect("written");
        let mut reader = CsvReader::open(Source::open(file.path())?, delimiter)?;
        reader.name = Arc::from("x.csv");
        Ok(reader)
    }

    /// All cells by row, an empty one as `~`, and the rejects.
    fn read(bytes: &[u8]) -> (Vec<Vec<String>>, Vec<Reject>, Vec<(u64, u64)>) {
        let mut reader = open(bytes, None).expect("opened");
        let (mut rows, mut rejects, mut places) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(block) = reader.next_block(3).expect("read") {
            for row in 0..block.batch.n_records() {
                let columns = block.batch.table.columns().iter();
                let cells = columns.map(|column| {
                    let column = column.as_string::<i32>();
                    if column.is_null(row) { "~".to_owned() } else { column.value(row).to_owned() }
                });
                rows.push(cells.collect());
            }
            places.extend(block.batch.records.into_iter().zip(block.batch.lines));
            rejects.extend(block.rejects);
        }
        (rows, rejects, places)
    }

    fn message(bytes: &[u8]) -> String {
        let error = open(bytes, None).err().expect("an error");
        error.to_string()
    }

    #[test]
    fn cells_are_text_as_it_stands() {
        let (rows, rejects, places) =
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
            let (rows, rejects, places) = read(text.as_bytes());
            assert_eq!(rows, [["1", "2", "3"], ["4", "5", "6"]], "{text:?}");
            assert!(rejects.is_empty());
            assert_eq!(places.last(), Some(&last), "{text:?}");
        }
        let mut reader = open(b"a,b;c\n1,2;3\n", Some(b';')).expect("opened");
        let block = reader.next_block(9).expect("read").expect("a block");
        assert_eq!(block.batch.table.num_columns(), 2);
    }

    #[test]
    fn broken_records_are_set_aside_with_their_place_and_their_bytes() {
        let bytes =
            b"id,title\r\n1,a,b\r\n2,b\r\n3\r\n4,\xff\r\n5,\"c\"d\r\n6,e\r\n7,\"f\r\n8,g\r\n";
        let (rows, rejects, places) = read(bytes);
        assert_eq!(rows, [["2", "b"], ["6", "e"]]);
        assert_eq!(places, [(2, 3), (6, 7)]);
        let found: Vec<_> = rejects
            .iter()
            .map(|reject| {
                let place = &reject.location;
                (place.record, place.line, reject.byte, &*reject.cause, &*reject.raw)
            })
            .collect();
        // Offsets by hand: the header is 10 bytes, the records before 7, 5, 3, 5, 9 and 5.
        assert_eq!(
            found,
            [
                (Some(1), Some(2), 10, "3 fields where the header has 2", "1,a,b"),
                (Some(3), Some(4), 22, "1 field where the header has 2", "3"),
                (Some(4), Some(5), 25, "the bytes of column title are not UTF-8", "4,\u{fffd}"),
                (Some(5), Some(6), 30, "text behind the closing quote of a field", "5,\"c\"d"),
                (Some(7), Some(8), 43, "a quote that is never closed", "7,\"f\r\n8,g"),
            ]
        );
    }

    #[test]
    fn offsets_count_the_byte_order_mark() {
        let (_, rejects, _) = read(b"\xef\xbb\xbfa,b\n1\n");
        assert_eq!(rejects[0].byte, 7);
    }

    #[test]
    fn headers_that_cannot_be_trusted_are_refused() {
        for (bytes, part) in [
            (&b""[..], "no records: the file is empty"),
            (b"\n\n", "no records: the file is empty"),
            (b"\xef\xbb\xbf", "no records: the file is empty"),
            (b"a,b,a\n1,2,3\n", "\"a\" stands at positions 1 and 3"),
            (b"a,\xe9\n1,2\n", "the header is not UTF-8"),
            (b"a\0,\0b\0\n\0", "convert it to UTF-8"),
            (b"\xff\xfea\0", "UTF-16"),
            (b"a,\"b\n1,2\n", "the header: a quote that is never closed"),
        ] {
            let message = message(bytes);
            assert!(message.contains(part), "{message}");
        }
        let wide = vec!["x"; 10_001].join(",");
        assert!(message(wide.as_bytes()).contains("at most 10000 columns"));
    }

    #[test]
    fn a_record_beyond_the_limit_is_an_error_with_its_place() {
        let mut bytes = b"a,b\n1,2\n3,\"".to_vec();
        bytes.resize(17 << 20, b'x');
        let mut reader = open(&bytes, None).expect("opened");
        let error = reader.next_block(10).expect_err("an error");
        assert!(matches!(error.kind(), ErrorKind::Value { .. }), "{error}");
        let message = error.to_string();
        assert!(
            message.starts_with("x.csv: record 2, line 3: expected a record of at most 16 MiB"),
            "{message}"
        );
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
                    let begin = usize::try_from(reject.byte).expect("an offset");
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
            let peer = ReaderBuilder::new().flexible(true).has_headers(true).from_reader(&*bytes);
            prop_assert_eq!(n_records, peer.into_byte_records().count() as u64);
        }
    }
}
