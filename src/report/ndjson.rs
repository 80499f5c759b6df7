//! A table as one JSON object a line.

use std::io::{self, Write};

use arrow_array::{Array, RecordBatch};
use arrow_schema::Schema;

use super::cells::{Shown, cell_fault, cells_of, displayable_columns, is_json_number};
use super::target::OutputFile;
use crate::error::Result;
use crate::input::RawBatch;

/// Writes JSON objects: text as strings, numbers as numbers, true, false and null.
pub(super) struct NdjsonTable {
    output: OutputFile,
    /// For each column its name as JSON with the colon behind it.
    keys: Vec<Vec<u8>>,
    /// How many columns come from the input.
    n_passed: usize,
    /// True when these are all of them, so that an object can be kept as it stands.
    passes_all: bool,
}

impl NdjsonTable {
    /// Prepares the keys, of which the first `n_passed` are columns of the input.
    pub(super) fn create(
        output: OutputFile,
        header: &Schema,
        n_passed: usize,
        passes_all: bool,
    ) -> Result<Self> {
        let mut keys = Vec::with_capacity(header.fields().len());
        for field in header.fields() {
            let mut key = Vec::new();
            push_string(&mut key, field.name()).map_err(|error| output.fault(error))?;
            key.push(b':');
            keys.push(key);
        }
        Ok(NdjsonTable { output, keys, n_passed, passes_all })
    }

    /// Adds rows; the columns are those of the header, in their order.
    ///
    /// An object that was read is written with the added keys before its closing brace, every
    /// other byte of it as it was, when all columns of the input are passed through.
    pub(super) fn write(&mut self, raw: &RawBatch, table: &RecordBatch) -> Result<()> {
        let columns = displayable_columns(raw, table)?;
        let cells = cells_of(raw, table, &columns)?;
        let verbatim = raw.verbatim.as_ref().filter(|_| self.passes_all);
        let mut line = Vec::new();
        let mut buffer = String::new();
        for row in 0..table.num_rows() {
            line.clear();
            let open = verbatim
                .filter(|objects| row < objects.len())
                .and_then(|objects| objects.value(row).trim_end().strip_suffix('}'));
            let (first, mut is_first) = if let Some(open) = open {
                line.extend_from_slice(open.as_bytes());
                (self.n_passed, open.trim() == "{")
            } else {
                line.push(b'{');
                (0, true)
            };
            let members = self.keys.iter().zip(&cells).enumerate().skip(first);
            for (index, (key, cells)) in members {
                if !is_first {
                    line.push(b',');
                }
                is_first = false;
                line.extend_from_slice(key);
                if cells.is_structured() {
                    buffer.clear();
                    cells
                        .push_json(row, &mut buffer)
                        .map_err(|error| cell_fault(raw, table, row, index, error))?;
                    line.extend_from_slice(buffer.as_bytes());
                    continue;
                }
                let shown = cells
                    .show(row, &mut buffer)
                    .map_err(|error| cell_fault(raw, table, row, index, error))?;
                push_value(&mut line, shown).map_err(|error| self.output.fault(error))?;
            }
            line.extend_from_slice(b"}\n");
            self.output.write_all(&line).map_err(|error| self.output.fault(error))?;
        }
        Ok(())
    }

    /// The output with everything handed over to it.
    pub(super) fn finish(self) -> OutputFile {
        self.output
    }
}

fn push_value(line: &mut Vec<u8>, shown: Shown<'_>) -> io::Result<()> {
    match shown {
        Shown::Text(text) => push_string(line, text)?,
        Shown::Number(digits) if is_json_number(digits) => {
            line.extend_from_slice(digits.as_bytes());
        }
        Shown::Null | Shown::Number(_) => line.extend_from_slice(b"null"),
        Shown::Truth(true) => line.extend_from_slice(b"true"),
        Shown::Truth(false) => line.extend_from_slice(b"false"),
    }
    Ok(())
}

fn push_string(line: &mut Vec<u8>, text: &str) -> io::Result<()> {
    serde_json::to_writer(line, text).map_err(io::Error::from)
}
