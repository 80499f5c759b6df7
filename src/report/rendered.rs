//! Rows made ready to be written, which several threads can do at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{FieldRef, Schema, SchemaRef};

use super::cells::is_structured;
use super::csv::CsvRows;
use super::format::TableFormat;
use super::ndjson::NdjsonRows;
use super::table::TableOptions;
use crate::error::{Error, ErrorKind, Result, excerpt};
use crate::input::RawBatch;

/// Makes rows of a table ready to be written: everything but the writing. Share one between threads.
pub struct TableRenderer {
    header: SchemaRef,
    /// Columns of the input, by index.
    passed: Vec<usize>,
    /// Added columns that the format can hold, by index.
    added: Vec<usize>,
    form: Form,
    /// Buffers that were written and can be filled again.
    spare: Mutex<Vec<Vec<u8>>>,
}

/// Rows that are ready to be written.
pub struct Rendered {
    pub(super) rows: Rows,
    pub(super) n_rows: u64,
    pub(super) n_neutralized: u64,
}

/// Rows as their format wants them.
pub(super) enum Rows {
    Bytes(Vec<u8>),
    Table(RecordBatch),
}

enum Form {
    Csv(Box<CsvRows>),
    Ndjson(NdjsonRows),
    Parquet,
}

impl TableRenderer {
    /// A renderer of rows with the passed-through columns of `input_schema`, and behind them the
    /// columns of `added`. Lists and structures among the added columns are only written to Parquet.
    ///
    /// # Errors
    /// [`ErrorKind::Option`] naming `--columns` when an added column has the name of a passed one or a
    /// passed one does not exist.
    pub fn new(
        input_schema: &SchemaRef,
        added: &SchemaRef,
        options: TableOptions,
    ) -> Result<TableRenderer> {
        let TableOptions { format, columns: passed, raw_text, delimiter } = options;
        let mut fields = passed_fields(input_schema, &passed)?;
        let can_hold =
            |field: &FieldRef| format == TableFormat::Parquet || !is_structured(field.data_type());
        let (added, added_fields): (Vec<usize>, Vec<FieldRef>) = added
            .fields()
            .iter()
            .enumerate()
            .filter(|(_, field)| can_hold(field))
            .map(|(index, field)| (index, Arc::clone(field)))
            .unzip();
        for field in &added_fields {
            if fields.iter().any(|passed| passed.name() == field.name()) {
                let expected = "a list of columns without those that scoring adds itself (was this file scored before?)";
                return Err(refused(expected.to_owned(), excerpt(field.name())));
            }
        }
        fields.extend(added_fields);
        let passes_all = passed.iter().copied().eq(0..input_schema.fields().len());
        // What a file says of itself as a whole, as pandas does of its index, holds for all of it.
        let metadata = if passes_all { input_schema.metadata().clone() } else { HashMap::new() };
        let header = Arc::new(Schema::new_with_metadata(fields, metadata));
        let form = match format {
            TableFormat::Csv => Form::Csv(Box::new(CsvRows::new(delimiter, raw_text))),
            TableFormat::Ndjson => {
                Form::Ndjson(NdjsonRows::new(&header, passed.len(), passes_all)?)
            }
            TableFormat::Parquet => Form::Parquet,
        };
        Ok(TableRenderer { header, passed, added, form, spare: Mutex::default() })
    }

    /// Makes the rows of a block ready; `added` has a row for each of its records.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] or [`ErrorKind::Format`] for a block that does not fit the header.
    pub fn render(&self, raw: &RawBatch, added: &RecordBatch) -> Result<Rendered> {
        let table = self.joined(raw, added)?;
        let n_rows = table.num_rows() as u64;
        let mut n_neutralized = 0;
        let rows = match &self.form {
            Form::Parquet => Rows::Table(table),
            Form::Csv(form) => {
                let mut bytes = self.buffer();
                n_neutralized = form.push_rows(raw, &table, &mut bytes)?;
                Rows::Bytes(bytes)
            }
            Form::Ndjson(form) => {
                let mut bytes = self.buffer();
                form.push_rows(raw, &table, &mut bytes)?;
                Rows::Bytes(bytes)
            }
        };
        Ok(Rendered { rows, n_rows, n_neutralized })
    }

    /// What stands before the first row.
    pub(super) fn begin(&self) -> Rendered {
        let mut bytes = Vec::new();
        let n_neutralized = match &self.form {
            Form::Csv(form) => form.push_header(&self.header, &mut bytes),
            Form::Ndjson(_) | Form::Parquet => 0,
        };
        Rendered { rows: Rows::Bytes(bytes), n_rows: 0, n_neutralized }
    }

    /// The columns that are written.
    pub(super) fn header(&self) -> &SchemaRef {
        &self.header
    }

    pub(super) fn is_parquet(&self) -> bool {
        matches!(self.form, Form::Parquet)
    }

    /// Takes back a buffer whose bytes were written.
    pub(super) fn take_back(&self, mut bytes: Vec<u8>) {
        bytes.clear();
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).push(bytes);
    }

    fn buffer(&self) -> Vec<u8> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// The rows with the columns of the header.
    fn joined(&self, raw: &RawBatch, added: &RecordBatch) -> Result<RecordBatch> {
        let n_rows = raw.n_records();
        if added.num_rows() != n_rows {
            let expected = format!("{n_rows} rows of added columns");
            let found = added.num_rows().to_string();
            return Err(Error::value(raw.location(0), expected, &found));
        }
        let own = self.passed.iter().filter_map(|&index| raw.table.columns().get(index));
        let new = self.added.iter().filter_map(|&index| added.columns().get(index));
        let columns: Vec<ArrayRef> = own.chain(new).map(Arc::clone).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(n_rows));
        RecordBatch::try_new_with_options(Arc::clone(&self.header), columns, &options)
            .map_err(|error| Error::format(raw.location(0), "a table", error))
    }
}

/// The fields of the columns that are passed through.
fn passed_fields(schema: &SchemaRef, passed: &[usize]) -> Result<Vec<FieldRef>> {
    let fields = schema.fields();
    let field = |&index: &usize| {
        fields.get(index).cloned().ok_or_else(|| {
            let n_columns = fields.len();
            let expected = format!("positions below {n_columns}, the number of columns");
            refused(expected, index.to_string())
        })
    };
    passed.iter().map(field).collect()
}

fn refused(expected: String, found: String) -> Error {
    ErrorKind::Option { option: "--columns", expected, found }.into()
}
