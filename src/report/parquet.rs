//! A table as Parquet, every column in its own type.

use std::io;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::target::OutputFile;
use crate::error::{Error, Location, Result};

/// The most rows of a row group: enough to compress well, few enough that a group of long texts
/// stays in memory while it is gathered.
const GROUP_ROWS: usize = 250_000;

/// Writes Parquet with Zstandard compression at its default level.
pub(super) struct ParquetTable {
    writer: ArrowWriter<OutputFile>,
    name: String,
}

impl ParquetTable {
    /// Writes what stands before the first row.
    pub(super) fn create(output: OutputFile, header: SchemaRef) -> Result<Self> {
        let name = output.name().to_owned();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            // Without it a column of the type Date64 is written as a plain number.
            .set_coerce_types(
                header.fields().iter().any(|own| own.data_type() == &DataType::Date64),
            )
            .build();
        let writer = ArrowWriter::try_new(output, header, Some(properties))
            .map_err(|error| fault(&name, error))?;
        Ok(ParquetTable { writer, name })
    }

    /// Adds rows; the columns are those of the header, in their order.
    pub(super) fn write(&mut self, table: &RecordBatch) -> Result<()> {
        self.writer.write(table).map_err(|error| fault(&self.name, error))
    }

    /// The target as messages name it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The output with everything handed over to it.
    pub(super) fn finish(self) -> Result<OutputFile> {
        let ParquetTable { writer, name } = self;
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
