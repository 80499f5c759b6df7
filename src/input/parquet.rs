//! Parquet: record batches of the file's own types, with damage kept from doing harm.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;

use super::columns::{check_names, names_of};
use super::source::Source;
use super::{Block, Format, RawBatch, empty, unlike};
use crate::error::{Error, Location, Result};

/// Reads one Parquet file.
///
/// The decoder panics on some damaged files, so it is only called where a panic is caught and
/// becomes an error; a build with `panic = "abort"` loses that protection.
pub(super) struct ParquetReader {
    name: Arc<str>,
    schema: SchemaRef,
    reader: Option<ParquetRecordBatchReader>,
    n_records: u64,
}

impl ParquetReader {
    /// Opens a file for batches of `block_rows` rows.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Format`] for what is not Parquet or is damaged, and a schema with a name
    /// twice, no column or more than 10,000.
    pub(super) fn open(source: Source, block_rows: usize) -> Result<Self> {
        let name = Arc::clone(&source.name);
        if source.head.is_empty() {
            return Err(empty(&name, "is empty"));
        }
        let file = source.into_file()?;
        let (schema, reader) = guarded(|| open_batches(file, block_rows))
            .map_err(|fault| fault.at(Location::file(name.to_string())))?;
        check_names(&name, names_of(&schema).collect::<Vec<_>>().into_iter(), 10_000)?;
        if schema.fields().is_empty() {
            let place = Location::file(name.to_string());
            return Err(unlike(place, "at least one column", "none"));
        }
        Ok(ParquetReader { name, schema, reader: Some(reader), n_records: 0 })
    }

    /// The file as the user named it.
    pub(super) fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The columns, of the file's own types.
    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The next batch of rows that is not empty.
    pub(super) fn next_block(&mut self) -> Result<Option<Block>> {
        // A reader that failed is gone: what it would say next cannot be trusted.
        while let Some(mut reader) = self.reader.take() {
            let next = guarded(|| Ok(reader.next().transpose()?));
            let place = Location::file(self.name.to_string()).record(self.n_records + 1);
            let Some(table) = next.map_err(|fault| fault.at(place))? else {
                break;
            };
            self.reader = Some(reader);
            if table.num_rows() > 0 {
                return Ok(Some(self.block(table)));
            }
        }
        Ok(None)
    }

    fn block(&mut self, table: RecordBatch) -> Block {
        let first = self.n_records + 1;
        self.n_records += table.num_rows() as u64;
        let batch = RawBatch {
            table,
            file: Arc::clone(&self.name),
            records: (first..=self.n_records).collect(),
            lines: Vec::new(),
            verbatim: None,
            absent: Vec::new(),
        };
        Block { batch, rejects: Vec::new(), problems: Vec::new() }
    }
}

fn open_batches(
    file: File,
    block_rows: usize,
) -> std::result::Result<(SchemaRef, ParquetRecordBatchReader), Fault> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
    let schema = Arc::clone(builder.schema());
    let reader = builder.with_batch_size(block_rows).build()?;
    Ok((schema, reader))
}

/// What the decoder said, or how it failed.
struct Fault(String);

impl Fault {
    fn at(self, place: Location) -> Error {
        Error::format(place, Format::Parquet.name(), self.0)
    }
}

impl From<ParquetError> for Fault {
    fn from(error: ParquetError) -> Self {
        Fault(error.to_string())
    }
}

impl From<ArrowError> for Fault {
    fn from(error: ArrowError) -> Self {
        Fault(error.to_string())
    }
}

/// Calls the decoder; a panic of it becomes a fault.
fn guarded<T>(
    call: impl FnOnce() -> std::result::Result<T, Fault>,
) -> std::result::Result<T, Fault> {
    // Nothing that the call could leave half changed is used after a panic.
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| {
        let said = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned());
        Err(Fault(match said {
            Some(said) => format!("the file is damaged: {said}"),
            None => "the file is damaged".to_owned(),
        }))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use arrow_array::{ArrayRef, Float64Array, Int64Array, StringArray};
    use parquet::arrow::ArrowWriter;
    use parquet::basic::{Compression, ZstdLevel};
    use parquet::file::properties::WriterProperties;

    use super::*;
    use crate::error::ErrorKind;

    const N_ROWS: usize = 200;

    fn fixture(compression: Compression) -> Vec<u8> {
        let titles: StringArray =
            (0..N_ROWS).map(|n| (n % 5 != 0).then(|| format!("title {}", n % 17))).collect();
        let batch = RecordBatch::try_from_iter(vec![
            ("id", Arc::new(Int64Array::from_iter_values((0_i64..).take(N_ROWS))) as ArrayRef),
            ("title", Arc::new(titles)),
            (
                "price",
                Arc::new(Float64Array::from_iter_values((0..N_ROWS).map(|n| n as f64 / 4.0))),
            ),
        ])
        .expect("a batch");
        let properties = WriterProperties::builder()
            .set_compression(compression)
            .set_max_row_group_row_count(Some(64))
            .build();
        let mut bytes = Vec::new();
        let mut writer =
            ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).expect("a writer");
        writer.write(&batch).expect("written");
        writer.close().expect("closed");
        bytes
    }

    /// All rows of the file, or the first error.
    fn read(bytes: &[u8]) -> Result<usize> {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(bytes).expect("written");
        let mut reader =
            ParquetReader::open(Source::open(file.path(), &super::super::Limits::default())?, 50)?;
        let mut n_rows = 0;
        while let Some(block) = reader.next_block()? {
            let first = n_rows as u64 + 1;
            n_rows += block.batch.n_records();
            assert_eq!(block.batch.records, (first..=n_rows as u64).collect::<Vec<_>>());
            assert!(block.batch.lines.is_empty());
        }
        Ok(n_rows)
    }

    #[test]
    fn rows_are_numbered_through_batches_and_row_groups() {
        let rows = read(&fixture(Compression::UNCOMPRESSED)).expect("read");
        assert_eq!(rows, N_ROWS);
    }

    #[test]
    fn damaged_files_are_errors_with_a_place() {
        let mut n_errors = 0;
        let codecs = [Compression::UNCOMPRESSED, Compression::ZSTD(ZstdLevel::default())];
        for codec in codecs {
            let whole = fixture(codec);
            // A linear congruential generator, constants of Knuth's MMIX.
            let mut state = 17u64;
            let mut next = || {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) as usize
            };
            for _ in 0..300 {
                let mut bytes = whole.clone();
                let place = next() % bytes.len();
                bytes[place] ^= 1 << (next() % 8);
                match read(&bytes) {
                    Ok(n_rows) => assert!(n_rows <= N_ROWS),
                    Err(error) => {
                        n_errors += 1;
                        assert!(
                            matches!(
                                error.kind(),
                                ErrorKind::Format { .. }
                                    | ErrorKind::Value { .. }
                                    | ErrorKind::DuplicateColumn { .. }
                            ),
                            "{error}"
                        );
                    }
                }
            }
        }
        assert!(n_errors > 0, "no flip did any damage");
    }

    #[test]
    fn cut_files_are_errors_and_empty_ones_say_so() {
        let whole = fixture(Compression::UNCOMPRESSED);
        for length in [4, 12, whole.len() / 2, whole.len() - 1] {
            let error = read(&whole[..length]).expect_err("an error");
            assert!(matches!(error.kind(), ErrorKind::Format { .. }), "{error}");
        }
        let error = read(b"").expect_err("an error");
        assert!(matches!(error.kind(), ErrorKind::Empty { .. }), "{error}");
    }

    #[test]
    fn a_file_without_rows_says_so() {
        let ids = Arc::new(Int64Array::from(Vec::<i64>::new())) as ArrayRef;
        let batch = RecordBatch::try_from_iter(vec![("id", ids)]).expect("a batch");
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), None).expect("a writer");
        writer.write(&batch).expect("written");
        writer.close().expect("closed");
        let paths = [file.path().to_owned()];
        let error = super::super::Input::open(&paths, &super::super::ReadOptions::default());
        let error = error.err().expect("an error");
        assert!(matches!(error.kind(), ErrorKind::Empty { .. }), "{error}");
    }

    #[test]
    fn a_panic_becomes_what_it_said() {
        let fault = guarded(|| -> std::result::Result<(), Fault> { panic!("bad page {}", 3) });
        let error = fault.expect_err("a fault").at(Location::file("x"));
        assert_eq!(
            error.to_string(),
            "x: not readable as Parquet: \"the file is damaged: bad page 3\""
        );
    }
}
