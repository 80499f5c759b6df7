//! A table as one JSON object a line.

use arrow_array::{Array, RecordBatch};
use arrow_schema::Schema;

use super::cells::{Cells, Shown, cell_fault, cells_of, displayable_columns, is_json_number};
use crate::error::{Error, Location, Result};
use crate::input::RawBatch;

/// Renders JSON objects: text as strings, numbers as numbers, true, false and null.
pub(super) struct NdjsonRows {
    /// For each column its name as JSON with the colon behind it.
    keys: Vec<Vec<u8>>,
    /// How many columns come from the input.
    n_passed: usize,
    /// True when these are all of them, so that an object can be kept as it stands.
    passes_all: bool,
}

impl NdjsonRows {
    /// Prepares the keys, of which the first `n_passed` are columns of the input.
    pub(super) fn new(header: &Schema, n_passed: usize, passes_all: bool) -> Result<NdjsonRows> {
        let key = |name: &str| -> Result<Vec<u8>> {
            let mut key = Vec::new();
            push_string(name, &mut key)
                .map_err(|error| Error::format(Location::file("the columns"), "JSON", error))?;
            key.push(b':');
            Ok(key)
        };
        let keys = header.fields().iter().map(|field| key(field.name())).collect::<Result<_>>()?;
        Ok(NdjsonRows { keys, n_passed, passes_all })
    }

    /// Appends rows; the columns are those of the header, in their order.
    ///
    /// An object that was read is written with the added keys before its closing brace, every
    /// other byte of it as it was, when all columns of the input are passed through.
    pub(super) fn push_rows(
        &self,
        raw: &RawBatch,
        table: &RecordBatch,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let columns = displayable_columns(raw, table)?;
        let cells = cells_of(raw, table, &columns)?;
        let mut buffer = String::new();
        for row in 0..table.num_rows() {
            let (first, mut is_first) = if let Some(open) = self.open_object(raw, row) {
                out.extend_from_slice(open.as_bytes());
                (self.n_passed, open.trim() == "{")
            } else {
                out.push(b'{');
                (0, true)
            };
            let members = self.keys.iter().zip(&cells).enumerate().skip(first);
            for (index, (key, cells)) in members {
                if !is_first {
                    out.push(b',');
                }
                is_first = false;
                out.extend_from_slice(key);
                push_cell(raw, table, (row, index), cells, &mut buffer, out)?;
            }
            out.extend_from_slice(b"}\n");
        }
        Ok(())
    }

    /// The object of a row as it stands in the file, without its closing brace, where it is kept.
    fn open_object<'a>(&self, raw: &'a RawBatch, row: usize) -> Option<&'a str> {
        let objects = raw.verbatim.as_ref().filter(|own| self.passes_all && row < own.len())?;
        objects.value(row).trim_end().strip_suffix('}')
    }
}

/// Appends the cell at a row and column.
fn push_cell(
    raw: &RawBatch,
    table: &RecordBatch,
    (row, index): (usize, usize),
    cells: &Cells<'_>,
    buffer: &mut String,
    out: &mut Vec<u8>,
) -> Result<()> {
    let fault = |error| cell_fault(raw, table, row, index, error);
    if cells.is_structured() {
        buffer.clear();
        cells.push_json(row, buffer).map_err(fault)?;
        out.extend_from_slice(buffer.as_bytes());
        return Ok(());
    }
    match cells.show(row, buffer).map_err(fault)? {
        Shown::Text(text) => push_string(text, out)
            .map_err(|error| Error::format(raw.location(row), "JSON", error))?,
        Shown::Number(digits) if is_json_number(digits) => {
            out.extend_from_slice(digits.as_bytes());
        }
        Shown::Null | Shown::Number(_) => out.extend_from_slice(b"null"),
        Shown::Truth(true) => out.extend_from_slice(b"true"),
        Shown::Truth(false) => out.extend_from_slice(b"false"),
    }
    Ok(())
}

fn push_string(text: &str, out: &mut Vec<u8>) -> serde_json::Result<()> {
    serde_json::to_writer(out, text)
}
