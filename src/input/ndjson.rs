//! One JSON object a line: records of text, with their lines kept as they stand.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::SchemaRef;

use super::columns::{text_schema, too_many_columns};
use super::format;
use super::json::{self, Member};
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
const RECORD_BYTES: usize = 16 << 20;
const RECORD_LIMIT: &str = "a record of at most 16 MiB";
use super::source::Source;
use super::{BLOCK_BYTES, Block, Format, RawBatch, Reject, empty, unlike, unreadable};
use crate::error::{Error, Location, Result, visible};

/// Bytes asked of the file at a time.
const BUFFER_BYTES: usize = 256 * 1024;

/// Reads one file of JSON objects.
///
/// The columns are the keys of the first block, in the order in which they appear; a key that is
/// absent from an object is null. Lines of blanks are passed over. A line that is not one JSON
/// object, that has a key twice or that nests deeper than 127 levels becomes a [`Reject`].
pub(super) struct NdjsonReader {
    name: Arc<str>,
    lines: BufReader<Box<dyn Read + Send>>,
    line: Vec<u8>,
    schema: SchemaRef,
    places: HashMap<Box<str>, usize>,
    ahead: Option<Block>,
    next_byte: u64,
    n_lines: u64,
    n_records: u64,
    n_first: u64,
}

impl NdjsonReader {
    /// Opens a file and reads its first block, of at most `block_rows` lines, for its keys.
    ///
    /// # Errors
    /// A file without a line, without an object in the first block, or with more than 10,000 keys.
    pub(super) fn open(source: Source, block_rows: usize) -> Result<Self> {
        let name = Arc::clone(&source.name);
        format::refuse_foreign(&source.head, &name)?;
        let mut own = NdjsonReader {
            name,
            lines: BufReader::with_capacity(BUFFER_BYTES, source.into_stream()),
            line: Vec::new(),
            schema: text_schema(std::iter::empty()),
            places: HashMap::new(),
            ahead: None,
            next_byte: 0,
            n_lines: 0,
            n_records: 0,
            n_first: 0,
        };
        let mut keys = Keys::Open(Vec::new());
        let Some(lines) = own.read_lines(block_rows, &mut keys)? else {
            return Err(empty(&own.name, "is empty"));
        };
        let Keys::Open(names) = keys else {
            return Err(own.malformed("its keys are not known"));
        };
        if names.is_empty() {
            let detail = match lines.rejects.first() {
                Some(first) => {
                    format!("no JSON object in its first lines: {}", visible(&first.cause))
                }
                None => "its objects have no keys".to_owned(),
            };
            return Err(own.malformed(detail));
        }
        own.n_first = own.n_records;
        own.schema = text_schema(names.iter().map(|name| &**name));
        own.ahead = Some(own.block(lines)?);
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

    /// The next records, at most `n_rows` of them good and bad together; the first block is as
    /// long as `open` was told.
    ///
    /// # Errors
    /// A key that no object of the first block has, and a line beyond 16 MiB.
    pub(super) fn next_block(&mut self, n_rows: usize) -> Result<Option<Block>> {
        if let Some(block) = self.ahead.take() {
            return Ok(Some(block));
        }
        match self.read_lines(n_rows, &mut Keys::Closed)? {
            None => Ok(None),
            Some(lines) => self.block(lines).map(Some),
        }
    }

    fn read_lines(&mut self, n_rows: usize, keys: &mut Keys) -> Result<Option<Lines>> {
        let mut lines = Lines::new(self.places.len());
        let mut n_bytes = 0;
        while lines.records.len() + lines.rejects.len() < n_rows && n_bytes < BLOCK_BYTES {
            let Some(byte) = self.read_line()? else {
                break;
            };
            let content = self.line.trim_ascii();
            if content.is_empty() {
                continue;
            }
            n_bytes += self.line.len() as u64;
            self.n_records += 1;
            let outcome = std::str::from_utf8(content)
                .map_err(|_| "bytes that are not UTF-8".to_owned())
                .and_then(|text| Ok((text, json::members(text)?)));
            match outcome {
                Ok((text, members)) => {
                    let places = match self.places_of(&members, keys) {
                        Ok(places) => places,
                        Err(Refused::Record(cause)) => {
                            lines.rejects.push(self.reject(byte, cause));
                            continue;
                        }
                        Err(Refused::Key(key)) => return Err(self.late_key(&key)),
                    };
                    let found = places.iter().copied().zip(&members);
                    // New keys are learned only from objects that are kept.
                    if let Keys::Open(names) = keys {
                        for (place, member) in found.clone() {
                            if place >= names.len() {
                                names.push(Box::from(&*member.key));
                                self.places.insert(Box::from(&*member.key), place);
                            }
                        }
                        if names.len() > 10_000 {
                            return Err(too_many_columns(&self.name, names.len(), 10_000));
                        }
                    }
                    lines.append(found, self.places.len());
                    lines.records.push(self.n_records);
                    lines.numbers.push(self.n_lines);
                    lines.verbatim.append_value(text);
                }
                Err(cause) => lines.rejects.push(self.reject(byte, cause)),
            }
        }
        let is_end = lines.records.is_empty() && lines.rejects.is_empty();
        Ok((!is_end).then_some(lines))
    }

    /// Reads the next line into `self.line`; its offset, or `None` at the end of the file.
    fn read_line(&mut self) -> Result<Option<u64>> {
        self.line.clear();
        let begin = self.next_byte;
        let limit = RECORD_BYTES as u64 + 1;
        let n_read = (&mut self.lines)
            .take(limit)
            .read_until(b'\n', &mut self.line)
            .map_err(|error| Error::io("read", self.name.to_string(), error))?;
        if n_read == 0 {
            return Ok(None);
        }
        self.n_lines += 1;
        if n_read > RECORD_BYTES {
            let place =
                Location::file(self.name.to_string()).record(self.n_records + 1).line(self.n_lines);
            return Err(unlike(place, RECORD_LIMIT, "a longer line"));
        }
        self.next_byte += n_read as u64;
        if begin == 0 && self.line.starts_with(UTF8_MARK) {
            self.line.drain(..UTF8_MARK.len());
            return Ok(Some(UTF8_MARK.len() as u64));
        }
        Ok(Some(begin))
    }

    /// For each member the column it belongs to; new keys get the columns behind the known ones.
    fn places_of(
        &self,
        members: &[Member<'_>],
        keys: &Keys,
    ) -> std::result::Result<Vec<usize>, Refused> {
        let mut seen = vec![false; self.places.len()];
        let mut new: HashSet<&str> = HashSet::new();
        let mut places = Vec::with_capacity(members.len());
        let twice = |key: &str| Refused::Record(format!("the key \"{}\" twice", visible(key)));
        for member in members {
            let key: &str = &member.key;
            if let Some(&place) = self.places.get(key) {
                if seen.get(place) == Some(&true) {
                    return Err(twice(key));
                }
                if let Some(seen) = seen.get_mut(place) {
                    *seen = true;
                }
                places.push(place);
            } else {
                if !new.insert(key) {
                    return Err(twice(key));
                }
                places.push(self.places.len() + new.len() - 1);
            }
        }
        match (keys, members.iter().find(|m| new.contains(&*m.key))) {
            (Keys::Closed, Some(member)) => Err(Refused::Key(member.key.to_string())),
            _ => Ok(places),
        }
    }

    fn block(&self, lines: Lines) -> Result<Block> {
        let Lines { mut columns, records, numbers, mut verbatim, rejects } = lines;
        let arrays: Vec<ArrayRef> =
            columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef).collect();
        let table = RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|error| self.malformed(error))?;
        let batch = RawBatch {
            table,
            file: Arc::clone(&self.name),
            records,
            lines: numbers,
            verbatim: Some(verbatim.finish()),
            absent: Vec::new(),
        };
        Ok(Block { batch, rejects, problems: Vec::new() })
    }

    fn reject(&self, byte: u64, cause: String) -> Reject {
        let text = String::from_utf8_lossy(&self.line);
        Reject {
            location: self.location(),
            byte: Some(byte),
            cause,
            raw: text.trim_end_matches(['\r', '\n']).to_owned(),
        }
    }

    fn location(&self) -> Location {
        Location::file(self.name.to_string()).record(self.n_records).line(self.n_lines)
    }

    fn late_key(&self, key: &str) -> Error {
        let expected = format!("only keys that are in the first {} records", self.n_first);
        unlike(self.location().column(key), expected, "a new key")
    }

    fn malformed(&self, detail: impl std::fmt::Display) -> Error {
        let file = Location::file(self.name.to_string());
        unreadable(file, Format::Ndjson.name(), detail.to_string())
    }
}

/// Whether objects may bring new keys: those of the first block, in order, or no more.
enum Keys {
    Open(Vec<Box<str>>),
    Closed,
}

/// Why an object cannot be kept.
enum Refused {
    /// Its record is set aside, with the cause.
    Record(String),
    /// The file cannot be read on from: a key without a column.
    Key(String),
}

/// A block in the making.
struct Lines {
    columns: Vec<StringBuilder>,
    records: Vec<u64>,
    numbers: Vec<u64>,
    verbatim: StringBuilder,
    rejects: Vec<Reject>,
}

impl Lines {
    fn new(n_columns: usize) -> Self {
        Lines {
            columns: (0..n_columns).map(|_| StringBuilder::new()).collect(),
            records: Vec::new(),
            numbers: Vec::new(),
            verbatim: StringBuilder::new(),
            rejects: Vec::new(),
        }
    }

    /// Adds one object; columns it has no key for get a null.
    fn append<'a>(
        &mut self,
        members: impl Iterator<Item = (usize, &'a Member<'a>)>,
        n_columns: usize,
    ) {
        let n_before = self.records.len();
        while self.columns.len() < n_columns {
            let mut column = StringBuilder::new();
            column.append_nulls(n_before);
            self.columns.push(column);
        }
        for (place, member) in members {
            if let Some(column) = self.columns.get_mut(place) {
                column.append_option(member.text.as_deref());
            }
        }
        for column in &mut self.columns {
            if arrow_array::builder::ArrayBuilder::len(column) == n_before {
                column.append_null();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use arrow_array::cast::AsArray;

    use super::*;

    fn open(bytes: &[u8], block_rows: usize) -> Result<NdjsonReader> {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(bytes).expect("written");
        let mut source = Source::open(file.path(), &super::super::Limits::default())?;
        source.name = Arc::from("x.ndjson");
        NdjsonReader::open(source, block_rows)
    }

    fn message(bytes: &[u8]) -> String {
        open(bytes, 8).err().expect("an error").to_string()
    }

    #[test]
    fn keys_become_columns_in_the_order_in_which_they_appear() {
        let text =
            b"\xef\xbb\xbf{\"b\":\"007\",\"a\":1.50}\r\n\n  \n {\"c\":[1, 2],\"b\":null}\n{}";
        let mut reader = open(text, 8).expect("opened");
        let names: Vec<&str> = super::super::columns::names_of(reader.schema()).collect();
        assert_eq!(names, ["b", "a", "c"]);
        let block = reader.next_block(8).expect("read").expect("a block");
        let cells = |index: usize| -> Vec<Option<&str>> {
            let column = block.batch.table.column(index).as_string::<i32>();
            column.iter().collect()
        };
        assert_eq!(cells(0), [Some("007"), None, None]);
        assert_eq!(cells(1), [Some("1.50"), None, None]);
        assert_eq!(cells(2), [None, Some("[1,2]"), None]);
        assert_eq!(block.batch.records, [1, 2, 3]);
        assert_eq!(block.batch.lines, [1, 4, 5]);
        let verbatim = block.batch.verbatim.expect("the objects");
        assert_eq!(verbatim.value(1), "{\"c\":[1, 2],\"b\":null}");
        assert!(reader.next_block(8).expect("read").is_none());
    }

    #[test]
    fn broken_lines_are_set_aside_and_teach_no_keys() {
        let text = b"{\"a\":1}\n[1]\n{\"a\":1,\"a\":2}\n{\"z\":1,\"z\":2}\n{\"a\":\xff}\n{\"a\":2}\n{\"a\"\n";
        let mut reader = open(text, 8).expect("opened");
        assert_eq!(reader.schema().fields().len(), 1);
        let block = reader.next_block(8).expect("read").expect("a block");
        assert_eq!(block.batch.records, [1, 6]);
        let found: Vec<_> = block
            .rejects
            .iter()
            .map(|reject| {
                let place = &reject.location;
                (place.record, place.line, reject.byte.unwrap(), &*reject.cause, &*reject.raw)
            })
            .collect();
        assert_eq!(found[0], (Some(2), Some(2), 8, "not a JSON object", "[1]"));
        assert_eq!(found[1], (Some(3), Some(3), 12, "the key \"a\" twice", "{\"a\":1,\"a\":2}"));
        assert_eq!(found[2].3, "the key \"z\" twice");
        assert_eq!(found[3].3, "bytes that are not UTF-8");
        assert!(found[4].3.starts_with("not JSON: "), "{}", found[4].3);
        assert_eq!(found.len(), 5);
    }

    #[test]
    fn a_key_behind_the_first_block_is_an_error_with_its_place() {
        let mut reader = open(b"{\"a\":1}\n{\"a\":2}\n\n{\"a\":3,\"b\":4}\n", 2).expect("opened");
        assert!(reader.next_block(2).expect("read").is_some());
        let error = reader.next_block(2).expect_err("an error");
        assert_eq!(
            error.to_string(),
            "x.ndjson: record 3, line 4, column b: expected only keys that are in the first 2 \
             records, found a new key"
        );
    }

    #[test]
    fn blocks_hold_all_lines_in_order_whatever_their_size() {
        let text: String = (0..50)
            .map(|n| if n % 7 == 3 { "x\n".to_owned() } else { format!("{{\"n\":{n}}}\n") })
            .collect();
        for block_rows in [1, 2, 7, 50, 1000] {
            let mut reader = open(text.as_bytes(), block_rows).expect("opened");
            let (mut records, mut n_rejects) = (Vec::new(), 0);
            while let Some(block) = reader.next_block(block_rows).expect("read") {
                n_rejects += block.rejects.len();
                records.extend(block.batch.records);
            }
            let expected: Vec<u64> = (1..=50).filter(|n| (n - 1) % 7 != 3).collect();
            assert_eq!(records, expected);
            assert_eq!(n_rejects, 7);
        }
    }

    #[test]
    fn files_without_objects_are_refused() {
        assert!(message(b"").contains("no records: the file is empty"));
        assert!(message(b"\n \n").contains("no records: the file is empty"));
        assert!(message(b"{}\n{}\n").contains("no keys"));
        assert!(message(b"{\"a\n1\n").contains("no JSON object in its first lines"));
        let keys: Vec<String> = (0..10_001).map(|n| format!("\"k{n}\":0")).collect();
        let wide = format!("{{{}}}", keys.join(","));
        assert!(message(wide.as_bytes()).contains("at most 10000 columns"));
    }

    #[test]
    fn a_line_beyond_the_limit_is_an_error_with_its_place() {
        let mut bytes = b"{\"a\":1}\n{\"a\":\"".to_vec();
        bytes.resize(17 << 20, b'x');
        let message = message(&bytes);
        assert!(
            message.starts_with("x.ndjson: record 2, line 2: expected a record of at most 16 MiB"),
            "{message}"
        );
    }
}
