//! A table as Parquet, every column in its own type.

use std::io;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, DataType, SchemaRef};
use arrow_select::coalesce::BatchCoalescer;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::target::OutputFile;
use crate::error::{Error, Location, Result};

/// The most rows of a row group: enough to compress well, few enough that a group of long texts
/// stays in memory while it is gathered.
const GROUP_ROWS: usize = 250_000;

/// How many rows are handed to the encoder at once: as many as it takes at once itself. Where pages
/// end hangs on these steps, and must not hang on the size of blocks.
const STEP_ROWS: usize = 1024;

/// The most bytes that wait for a step to be full.
const STEP_BYTES: usize = 64 * 1024 * 1024;

/// Writes Parquet with Zstandard compression at its default level.
pub(super) struct ParquetTable {
    writer: ArrowWriter<OutputFile>,
    steps: BatchCoalescer,
    name: String,
}

impl ParquetTable {
    /// Writes what stands before the first row.
    pub(super) fn create(output: OutputFile, header: SchemaRef) -> Result<Self> {
        let name = output.name().to_owned();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_write_batch_size(STEP_ROWS)
            // Without it a column of the type Date64 is written as a plain number.
            .set_coerce_types(
                header.fields().iter().any(|own| own.data_type() == &DataType::Date64),
            )
            .build();
        let steps = BatchCoalescer::new(Arc::clone(&header), STEP_ROWS);
        let writer = ArrowWriter::try_new(output, header, Some(properties))
            .map_err(|error| fault(&name, error))?;
        Ok(ParquetTable { writer, steps, name })
    }

    /// Adds rows; the columns are those of the header, in their order.
    pub(super) fn write(&mut self, table: &RecordBatch) -> Result<()> {
        let mut at = 0;
        while at < table.num_rows() {
            let n_rows = STEP_ROWS.min(table.num_rows() - at);
            self.steps.push_batch(table.slice(at, n_rows)).map_err(|error| self.unfit(error))?;
            at += n_rows;
            if self.steps.size() > STEP_BYTES {
                self.steps.finish_buffered_batch().map_err(|error| self.unfit(error))?;
            }
            self.write_steps()?;
        }
        Ok(())
    }

    /// Hands the steps that are full to the encoder.
    fn write_steps(&mut self) -> Result<()> {
        while let Some(step) = self.steps.next_completed_batch() {
            self.writer.write(&step).map_err(|error| fault(&self.name, error))?;
        }
        Ok(())
    }

    fn unfit(&self, error: ArrowError) -> Error {
        Error::format(Location::file(self.name.as_str()), "Parquet", error)
    }

    /// The target as messages name it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The output with everything handed over to it.
    pub(super) fn finish(mut self) -> Result<OutputFile> {
        self.steps.finish_buffered_batch().map_err(|error| self.unfit(error))?;
        self.write_steps()?;
        let ParquetTable { writer, name, .. } = self;
        writer.into_inner().map_err(|error| fault(&name, error))
    }
}

/// The operating system's error where there is one within, so that its kind is kept.
fn fault(name: &str, error: ParquetError) -> Error {
    let other = match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => return Error::io("write", name, *error),
            Err(other) => other.to_string(),
        },
        error => error.to_string(),
    };
    Error::format(Location::file(name), "Parquet", other)
}
