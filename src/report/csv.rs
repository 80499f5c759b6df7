//! A table as comma-separated values that a spreadsheet can open without harm.

use std::io;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use csv::{QuoteStyle, WriterBuilder};

use super::cells::{Shown, cell_fault, cells_of, displayable_columns};
use super::formula::neutralized;
use super::target::OutputFile;
use crate::error::{Error, Result};
use crate::input::RawBatch;

/// Writes separated values: quoted where needed, numbers as the shortest text that gives them back,
/// `true` and `false`, nothing for null.
pub(super) struct CsvTable {
    writer: csv::Writer<OutputFile>,
    raw_text: bool,
    n_neutralized: u64,
}

impl CsvTable {
    /// Writes the header.
    pub(super) fn create(
        output: OutputFile,
        header: &Schema,
        delimiter: u8,
        raw_text: bool,
    ) -> Result<Self> {
        let writer = WriterBuilder::new()
            .delimiter(delimiter)
            .quote_style(QuoteStyle::Necessary)
            .from_writer(output);
        let mut own = CsvTable { writer, raw_text, n_neutralized: 0 };
        for field in header.fields() {
            own.write_text(field.name())?;
        }
        own.end_record()?;
        Ok(own)
    }

    /// Adds rows; the columns are those of the header, in their order.
    pub(super) fn write(&mut self, raw: &RawBatch, table: &RecordBatch) -> Result<()> {
        let columns = displayable_columns(raw, table)?;
        let cells = cells_of(raw, table, &columns)?;
        let mut buffer = String::new();
        for row in 0..table.num_rows() {
            for (index, cells) in cells.iter().enumerate() {
                let shown = cells
                    .show(row, &mut buffer)
                    .map_err(|error| cell_fault(raw, table, row, index, error))?;
                match shown {
                    Shown::Null => self.write_field(""),
                    Shown::Text(text) => self.write_text(text),
                    Shown::Number(digits) => self.write_field(digits),
                    Shown::Truth(truth) => self.write_field(if truth { "true" } else { "false" }),
                }?;
            }
            self.end_record()?;
        }
        Ok(())
    }

    /// The output with everything handed over to it, and how many cells got an apostrophe.
    pub(super) fn finish(self) -> Result<(OutputFile, u64)> {
        let n_neutralized = self.n_neutralized;
        Ok((into_output(self.writer)?, n_neutralized))
    }

    fn write_text(&mut self, text: &str) -> Result<()> {
        if self.raw_text {
            return self.write_field(text);
        }
        let safe = neutralized(text);
        if matches!(safe, std::borrow::Cow::Owned(_)) {
            self.n_neutralized += 1;
        }
        self.write_field(&safe)
    }

    fn write_field(&mut self, text: &str) -> Result<()> {
        let outcome = self.writer.write_field(text);
        outcome.map_err(|error| self.writer.get_ref().fault(io_error(error)))
    }

    fn end_record(&mut self) -> Result<()> {
        let outcome = self.writer.write_record(None::<&[u8]>);
        outcome.map_err(|error| self.writer.get_ref().fault(io_error(error)))
    }
}

/// The output behind a writer, everything handed over to it.
pub(super) fn into_output(mut writer: csv::Writer<OutputFile>) -> Result<OutputFile> {
    if let Err(error) = writer.flush() {
        return Err(writer.get_ref().fault(error));
    }
    let name = writer.get_ref().name().to_owned();
    writer.into_inner().map_err(|error| Error::io("write", name, error.into_error()))
}

/// The operating system's error within one of the csv crate, whose own conversion loses its kind.
pub(super) fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}
