//! Reading other people's files: blocks of records as they stand, and what could not be read.

use std::sync::Arc;

use arrow_array::{RecordBatch, StringArray};

use crate::error::Location;

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

/// A record that could not be read.
#[derive(Clone, Debug)]
pub struct Reject {
    /// Where it stands.
    pub location: Location,
    /// Offset of its first byte in the file.
    pub byte: u64,
    /// Why it could not be read.
    pub cause: String,
    /// Its bytes as text.
    pub raw: String,
}
