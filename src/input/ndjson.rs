//! JSON objects, one a line or as the elements of an array: records of text, with the objects kept
//! as they stand.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::SchemaRef;

use super::columns::{text_schema, too_many_columns};
use super::json::{self, Member};
use super::json_records::{Found, JsonRecords, Layout};
use super::limits::{Limits, over_long_cell};
use super::source::Source;
use super::undecodable::Undecodable;
use super::{
    Block, EncodingNote, Format, NativeNumbers, Problem, RawBatch, ReadOptions, Reject, empty,
    unreadable,
};
use crate::error::{Error, Location, Result, visible};

/// Reads one file of JSON objects.
///
/// The columns are the keys of all objects, in the order in which they appear: of a file that can
/// be read twice, all objects are looked at first. Of a stream the keys of the first block are the
/// columns, and an object with another key is set aside. A key that is absent from an object is
/// null. A record that is not one JSON object, that has a key twice or that nests too deep becomes
/// a [`Reject`].
pub(super) struct JsonReader {
    name: Arc<str>,
    format: Format,
    records: JsonRecords,
    encoding: EncodingNote,
    limits: Limits,
    /// The most bytes of a block, but for a single longer record.
    block_bytes: u64,
    schema: SchemaRef,
    places: HashMap<Box<str>, usize>,
    /// True when all keys were looked for before.
    knows_all: bool,
    ahead: Option<Block>,
    n_records: u64,
    n_first: u64,
}

impl JsonReader {
    /// Opens a file and reads its first block, of at most `options.block_rows` records, for its
    /// keys; then the rest of it for further ones, if it can be read again.
    ///
    /// # Errors
    /// A file without a record, without an object in the first block, or with too many keys.
    pub(super) fn open(source: Source, format: Format, options: &ReadOptions) -> Result<Self> {
        let again = source.again();
        let mut own = JsonReader::begin(source, format, options)?;
        let mut keys = Keys::Open(Vec::new());
        let Some(lines) = own.read_records(options.block_rows, &mut keys)? else {
            return Err(empty(&own.name, "is empty"));
        };
        let Keys::Open(mut names) = keys else {
            return Err(own.malformed("its keys are not known"));
        };
        own.n_first = own.n_records;
        let is_whole = own.n_records < options.block_rows as u64;
        own.refuse_without_records(&lines, &names, is_whole)?;
        if let (Some(path), false) = (again, is_whole) {
            own.look_further(path, options, &mut names)?;
        }
        own.schema = text_schema(names.iter().map(|name| &**name));
        own.ahead = Some(own.block(lines)?);
        Ok(own)
    }

    fn begin(source: Source, format: Format, options: &ReadOptions) -> Result<Self> {
        let name = Arc::clone(&source.name);
        let (text, encoding) = source.into_text(options.encoding)?;
        let layout = if format == Format::Json { Layout::Elements } else { Layout::Lines };
        Ok(JsonReader {
            name,
            format,
            records: JsonRecords::new(text, layout, options.limits.record_bytes),
            encoding,
            limits: options.limits,
            block_bytes: options.block_bytes,
            schema: text_schema(std::iter::empty()),
            places: HashMap::new(),
            knows_all: false,
            ahead: None,
            n_records: 0,
            n_first: 0,
        })
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

    /// One object a line, or elements.
    pub(super) fn format(&self) -> Format {
        self.format
    }

    /// The next records, at most `n_rows` of them good and bad together; the first block is as
    /// long as `open` was told.
    pub(super) fn next_block(&mut self, n_rows: usize) -> Result<Option<Block>> {
        if let Some(block) = self.ahead.take() {
            return Ok(Some(block));
        }
        match self.read_records(n_rows, &mut Keys::Closed)? {
            None => Ok(None),
            Some(lines) => self.block(lines).map(Some),
        }
    }

    /// Adds the keys that only objects behind the first block have.
    fn look_further(
        &mut self,
        path: PathBuf,
        options: &ReadOptions,
        names: &mut Vec<Box<str>>,
    ) -> Result<()> {
        let source = Source::open(&path, &options.limits)?;
        let mut other = JsonReader::begin(source, self.format, options)?;
        while let Some(found) = other.records.next(&other.name)? {
            let (n_bytes, is_record) = match found {
                Found::Record(n_bytes) => (n_bytes, true),
                Found::Broken(n_bytes, _) => (n_bytes, false),
                Found::TooLong(_) => (0, false),
            };
            let bytes = other.records.text.available().get(..n_bytes).unwrap_or_default();
            let text = std::str::from_utf8(bytes).unwrap_or_default().trim();
            if let (true, Ok(members)) = (is_record, json::members(text)) {
                let is_new = |own: &&Member<'_>| !self.places.contains_key(&*own.key);
                let new: Vec<&Member<'_>> = members.iter().filter(is_new).collect();
                // Records that will be set aside teach no keys.
                let is_kept = !new.is_empty()
                    && places_of(&self.places, &members).is_ok()
                    && depth(&members) <= self.limits.json_depth;
                for member in new.into_iter().filter(|_| is_kept) {
                    self.places.insert(Box::from(&*member.key), names.len());
                    names.push(Box::from(&*member.key));
                }
            }
            if names.len() > self.limits.n_columns {
                return Err(too_many_columns(&self.name, names.len(), self.limits.n_columns));
            }
            other.records.use_up(n_bytes);
        }
        self.knows_all = true;
        Ok(())
    }

    /// Refuses a file whose first block has no key, and one object that holds all others.
    fn refuse_without_records(
        &self,
        lines: &Lines,
        names: &[Box<str>],
        is_whole: bool,
    ) -> Result<()> {
        if names.is_empty() {
            let detail = match lines.rejects.first() {
                Some(first) => {
                    format!("no JSON object in its first records: {}", visible(&first.cause))
                }
                None => "its objects have no keys".to_owned(),
            };
            return Err(self.malformed(detail));
        }
        let is_wrapper = is_whole && self.n_records == 1 && self.format == Format::Json;
        if let Some(key) = lines.wrapped.as_ref().filter(|_| is_wrapper) {
            return Err(self.malformed(format!(
                "it is one object whose key {key} holds an array of objects; take it out first \
                 (jq -c '.[{key}][]')",
                key = crate::error::excerpt(key)
            )));
        }
        Ok(())
    }

    fn read_records(&mut self, n_rows: usize, keys: &mut Keys) -> Result<Option<Lines>> {
        let mut lines = Lines::new(self.places.len());
        let mut n_bytes = 0;
        while lines.records.len() + lines.rejects.len() < n_rows && n_bytes < self.block_bytes {
            let name = Arc::clone(&self.name);
            let Some(found) = self.records.next(&name)? else { break };
            self.n_records += 1;
            let length = match found {
                Found::Record(length) => {
                    if let Err(cause) = self.take(length, &mut lines, keys)? {
                        let reject = self.reject(length, cause);
                        lines.rejects.push(reject);
                    }
                    length
                }
                Found::Broken(length, cause) => {
                    let reject = self.reject(length, cause);
                    lines.rejects.push(reject);
                    length
                }
                Found::TooLong(own) => {
                    let file = Location::file(name.to_string());
                    lines.rejects.push(Reject {
                        location: file.record(self.n_records).line(own.line),
                        byte: Some(own.byte),
                        cause: own.cause,
                        raw: own.shown,
                    });
                    0
                }
            };
            n_bytes += length as u64;
            self.records.use_up(length);
        }
        let is_end = lines.records.is_empty() && lines.rejects.is_empty();
        Ok((!is_end).then_some(lines))
    }

    /// Adds the next bytes as a record; the cause for which it is set aside, if it is.
    fn take(
        &mut self,
        n_bytes: usize,
        lines: &mut Lines,
        keys: &mut Keys,
    ) -> Result<std::result::Result<(), String>> {
        let bytes = self.records.text.available().get(..n_bytes).unwrap_or_default();
        let text = std::str::from_utf8(bytes).unwrap_or_default().trim();
        let members = match json::members(text) {
            Ok(members) => members,
            Err(cause) => return Ok(Err(cause)),
        };
        if depth(&members) > self.limits.json_depth {
            return Ok(Err(format!(
                "JSON nested deeper than {} levels; --max-depth raises the limit",
                self.limits.json_depth
            )));
        }
        let limit = self.limits.cell_bytes;
        let is_long = |own: &&Member<'_>| own.text.as_ref().is_some_and(|text| text.len() > limit);
        if let Some(member) = members.iter().find(is_long) {
            return Ok(Err(over_long_cell(&member.key, limit)));
        }
        let places = match places_of(&self.places, &members) {
            Ok(places) => places,
            Err(cause) => return Ok(Err(cause)),
        };
        match keys {
            // New keys are learned only from objects that are kept.
            Keys::Open(names) => {
                for (&place, member) in places.iter().zip(&members) {
                    if place >= names.len() {
                        names.push(Box::from(&*member.key));
                        self.places.insert(Box::from(&*member.key), place);
                    }
                }
                if names.len() > self.limits.n_columns {
                    return Err(too_many_columns(&self.name, names.len(), self.limits.n_columns));
                }
            }
            Keys::Closed => {
                let n_known = self.places.len();
                let late = places.iter().zip(&members).find(|(place, _)| **place >= n_known);
                if let Some((_, member)) = late {
                    let key = visible(&member.key);
                    return Ok(Err(if self.knows_all {
                        format!("the key {key} was not there when the file was looked at first")
                    } else {
                        format!(
                            "the key {key} is in none of the first {} records, and a stream is read \
                             once; write the input to a file first",
                            self.n_first
                        )
                    }));
                }
            }
        }
        if let Some(undecodable) = Undecodable::within(&self.records.text, n_bytes) {
            let mut n_before = 0;
            for member in &members {
                n_before += member.key.matches('\u{fffd}').count();
                if let Some(found) = undecodable.shown(member.raw, &mut n_before) {
                    let place = Location::file(self.name.to_string()).record(self.n_records);
                    lines.problems.push(Problem {
                        location: place.line(self.records.line).column(member.key.to_string()),
                        found,
                        expected: format!("text in {}", self.encoding.encoding.name()),
                    });
                }
            }
        }
        lines.wrapped =
            members.iter().find(|own| is_array_of_objects(own.raw)).map(|own| own.key.to_string());
        lines.append(places.into_iter().zip(&members), self.places.len());
        lines.records.push(self.n_records);
        lines.numbers.push(self.records.line);
        let verbatim = match self.format {
            Format::Json => json::compact(text),
            _ => Cow::Borrowed(text),
        };
        lines.verbatim.append_value(verbatim);
        Ok(Ok(()))
    }

    fn block(&self, lines: Lines) -> Result<Block> {
        let Lines { mut columns, records, numbers, mut verbatim, rejects, problems, .. } = lines;
        let native_numbers = NativeNumbers::of(&self.schema, lines.is_number);
        let n_known = columns.len();
        let arrays: Vec<ArrayRef> =
            columns
                .iter_mut()
                .map(|column| Arc::new(column.finish()) as ArrayRef)
                // Columns of keys that only records behind this block have.
                .chain((n_known..self.schema.fields().len()).map(|_| {
                    arrow_array::new_null_array(&arrow_schema::DataType::Utf8, records.len())
                }))
                .collect();
        let table = RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|error| self.malformed(error))?;
        let batch = RawBatch {
            table,
            file: Arc::clone(&self.name),
            records,
            lines: numbers,
            verbatim: Some(verbatim.finish()),
            native_numbers: Some(Arc::new(native_numbers)),
            absent: Vec::new(),
        };
        Ok(Block { batch, rejects, problems })
    }

    fn reject(&mut self, n_bytes: usize, cause: String) -> Reject {
        let byte = self.records.text.file_offset(self.records.text.offset());
        let bytes = self.records.text.available().get(..n_bytes).unwrap_or_default();
        let raw = String::from_utf8_lossy(bytes).trim_end_matches(['\r', '\n']).to_owned();
        let place = Location::file(self.name.to_string()).record(self.n_records);
        Reject { location: place.line(self.records.line), byte: Some(byte), cause, raw }
    }

    fn malformed(&self, detail: impl std::fmt::Display) -> Error {
        let file = Location::file(self.name.to_string());
        unreadable(file, self.format.name(), detail.to_string())
    }
}

/// For each member the column it belongs to; new keys get the columns behind the known ones. The
/// cause for which a record is set aside that has a key twice.
fn places_of(
    known: &HashMap<Box<str>, usize>,
    members: &[Member<'_>],
) -> std::result::Result<Vec<usize>, String> {
    let mut seen: HashSet<&str> = HashSet::with_capacity(members.len());
    let mut n_new = 0;
    let mut places = Vec::with_capacity(members.len());
    for member in members {
        let key: &str = &member.key;
        if !seen.insert(key) {
            return Err(format!("the key \"{}\" twice", visible(key)));
        }
        places.push(known.get(key).copied().unwrap_or_else(|| {
            n_new += 1;
            known.len() + n_new - 1
        }));
    }
    Ok(places)
}

/// How deep an object nests, itself counted.
fn depth(members: &[Member<'_>]) -> usize {
    let nested = members.iter().filter(|own| own.raw.starts_with(['[', '{']));
    1 + nested.map(|own| json::nesting(own.raw.as_bytes()).deepest).max().unwrap_or(0)
}

/// True for what begins as an array of objects does.
fn is_array_of_objects(raw: &str) -> bool {
    raw.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with('{'))
}

/// Whether objects may bring new keys: those of the first block, in order, or no more.
enum Keys {
    Open(Vec<Box<str>>),
    Closed,
}

/// A block in the making.
struct Lines {
    columns: Vec<StringBuilder>,
    /// For each column and record, whether a number stands there.
    is_number: Vec<Vec<bool>>,
    records: Vec<u64>,
    numbers: Vec<u64>,
    verbatim: StringBuilder,
    rejects: Vec<Reject>,
    problems: Vec<Problem>,
    /// The key of the last record that holds an array of objects.
    wrapped: Option<String>,
}

impl Lines {
    fn new(n_columns: usize) -> Self {
        Lines {
            columns: (0..n_columns).map(|_| StringBuilder::new()).collect(),
            is_number: vec![Vec::new(); n_columns],
            records: Vec::new(),
            numbers: Vec::new(),
            verbatim: StringBuilder::new(),
            rejects: Vec::new(),
            problems: Vec::new(),
            wrapped: None,
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
            for _ in 0..n_before {
                column.append_null();
            }
            self.columns.push(column);
            self.is_number.push(vec![false; n_before]);
        }
        let mut values: Vec<Option<(&str, bool)>> = vec![None; n_columns];
        for (place, member) in members {
            if let (Some(slot), Some(text)) = (values.get_mut(place), &member.text) {
                *slot = Some((text, member.is_number()));
            }
        }
        let columns = self.columns.iter_mut().zip(&mut self.is_number);
        for ((column, is_number), value) in columns.zip(values) {
            column.append_option(value.map(|(text, _)| text));
            is_number.push(value.is_some_and(|(_, own)| own));
        }
    }
}

#[cfg(test)]
mod tests;
