//! Parquet: record batches of the file's own types, with damage kept from doing harm.

use std::collections::HashSet;
use std::fs::File;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BooleanArray, RecordBatch};
use arrow_schema::{ArrowError, SchemaRef};
use arrow_select::filter::filter_record_batch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;

use super::as_text::{Cells, Shown, displayable};
use super::columns::{check_names, names_of};
use super::guarded::{Fault, guarded};
use super::limits::{Limits, over_long_cell};
use super::source::Source;
use super::{Block, Format, RawBatch, ReadOptions, Reject, empty, unlike};
use crate::error::{Error, Location, Result};

/// How many characters of an over-long cell are kept to be shown.
const SHOWN_CHARS: usize = 1024;

/// Reads one Parquet file, row group by row group and page by page, so that memory does not hang
/// on the size of the file.
///
/// The decoder panics on some damaged files, so it is only called where a panic is caught.
pub(super) struct ParquetReader {
    name: Arc<str>,
    file: File,
    schema: SchemaRef,
    reader: Option<ParquetRecordBatchReader>,
    block_rows: usize,
    limits: Limits,
    n_records: u64,
}

impl ParquetReader {
    /// Opens a file for batches of `block_rows` rows.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Format`] for what is not Parquet or is damaged, and a schema with a name
    /// twice, no column or too many.
    pub(super) fn open(source: Source, options: &ReadOptions) -> Result<Self> {
        let name = Arc::clone(&source.name);
        if source.head.is_empty() {
            return Err(empty(&name, "is empty"));
        }
        let place = || Location::file(name.to_string());
        let file = source.into_file()?;
        let again = file.try_clone().map_err(|error| Error::io("read", name.to_string(), error))?;
        let block_rows = options.block_rows;
        let (schema, reader) = guarded(|| open_batches(again, block_rows, None))
            .map_err(|fault| fault.at(place(), Format::Parquet.name()))?;
        let names: Vec<&str> = names_of(&schema).collect();
        check_names(&name, names.into_iter(), options.limits.n_columns)?;
        if schema.fields().is_empty() {
            return Err(unlike(place(), "at least one column", "none"));
        }
        let reader = Some(reader);
        let limits = options.limits;
        Ok(ParquetReader { name, file, schema, reader, block_rows, limits, n_records: 0 })
    }

    /// Begins again, and reads only the columns of these names from here on.
    ///
    /// # Errors
    /// As [`ParquetReader::open`].
    pub(super) fn select(&mut self, names: &HashSet<String>) -> Result<()> {
        let fault = |error| Error::io("read", self.name.to_string(), error);
        let file = self.file.try_clone().map_err(fault)?;
        let block_rows = self.block_rows;
        let positions: Vec<usize> = (0..self.schema.fields().len())
            .filter(|&at| names.contains(self.schema.field(at).name()))
            .collect();
        let place = Location::file(self.name.to_string());
        let (_, reader) = guarded(|| open_batches(file, block_rows, Some(&positions)))
            .map_err(|fault| fault.at(place, Format::Parquet.name()))?;
        self.reader = Some(reader);
        self.n_records = 0;
        Ok(())
    }

    /// The file as the user named it.
    pub(super) fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The columns, of the file's own types.
    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The next batch of rows that is not empty; only the selected columns stand in it.
    pub(super) fn next_block(&mut self) -> Result<Option<Block>> {
        // A reader that failed is gone: what it would say next cannot be trusted.
        while let Some(mut reader) = self.reader.take() {
            let next = guarded(|| Ok(reader.next().transpose()?));
            let place = Location::file(self.name.to_string()).record(self.n_records + 1);
            let fault = |fault: Fault| fault.at(place, Format::Parquet.name());
            let Some(table) = next.map_err(fault)? else { break };
            self.reader = Some(reader);
            if table.num_rows() > 0 {
                return self.block(table).map(Some);
            }
        }
        Ok(None)
    }

    fn block(&mut self, table: RecordBatch) -> Result<Block> {
        let first = self.n_records + 1;
        self.n_records += table.num_rows() as u64;
        let records: Vec<u64> = (first..=self.n_records).collect();
        let place = || Location::file(self.name.to_string()).record(first);
        let fault = |fault: Fault| fault.at(place(), Format::Parquet.name());
        let rejects = guarded(|| self.over_long(&table, first)).map_err(fault)?;
        let (table, records) = if rejects.is_empty() {
            (table, records)
        } else {
            let left: HashSet<Option<u64>> =
                rejects.iter().map(|reject| reject.location.record).collect();
            let is_kept = |record: &u64| !left.contains(&Some(*record));
            let kept: BooleanArray = records.iter().map(|record| Some(is_kept(record))).collect();
            let table = guarded(|| Ok(filter_record_batch(&table, &kept)?)).map_err(fault)?;
            (table, records.into_iter().filter(is_kept).collect())
        };
        let batch = RawBatch {
            table,
            file: Arc::clone(&self.name),
            records,
            lines: Vec::new(),
            verbatim: None,
            native_numbers: None,
            absent: Vec::new(),
        };
        Ok(Block { batch, rejects, problems: Vec::new() })
    }

    /// The rows with a cell longer than the limit, each once.
    fn over_long(
        &self,
        table: &RecordBatch,
        first: u64,
    ) -> std::result::Result<Vec<Reject>, Fault> {
        let limit = self.limits.cell_bytes;
        let mut rejects: Vec<Reject> = Vec::new();
        let mut seen = HashSet::new();
        for (field, column) in table.schema_ref().fields().iter().zip(table.columns()) {
            // Where all cells together are short, each is.
            if column.get_buffer_memory_size() <= limit {
                continue;
            }
            let column: ArrayRef = displayable(column)?;
            let cells = Cells::of(&column)?;
            for row in 0..column.len() {
                if cells.least_bytes(row) <= limit as u64 || !seen.insert(row) {
                    continue;
                }
                let mut buffer = String::new();
                let raw = match cells.show(row, &mut buffer)? {
                    Shown::Text(text) | Shown::Number(text) => {
                        text.chars().take(SHOWN_CHARS).collect()
                    }
                    Shown::Null | Shown::Truth(_) => String::new(),
                };
                rejects.push(Reject {
                    location: Location::file(self.name.to_string()).record(first + row as u64),
                    byte: None,
                    cause: over_long_cell(field.name(), limit),
                    raw,
                });
            }
        }
        rejects.sort_by_key(|reject| reject.location.record);
        Ok(rejects)
    }
}

fn open_batches(
    file: File,
    block_rows: usize,
    columns: Option<&[usize]>,
) -> std::result::Result<(SchemaRef, ParquetRecordBatchReader), Fault> {
    let mut builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
    let schema = Arc::clone(builder.schema());
    if let Some(columns) = columns {
        let mask = ProjectionMask::roots(builder.parquet_schema(), columns.iter().copied());
        builder = builder.with_projection(mask);
    }
    let reader = builder.with_batch_size(block_rows).build()?;
    Ok((schema, reader))
}

impl From<ParquetError> for Fault {
    fn from(error: ParquetError) -> Self {
        Fault::Said(error.to_string())
    }
}

impl From<ArrowError> for Fault {
    fn from(error: ArrowError) -> Self {
        Fault::Said(error.to_string())
    }
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
        let options = ReadOptions { block_rows: 50, ..ReadOptions::default() };
        let mut reader =
            ParquetReader::open(Source::open(file.path(), &options.limits)?, &options)?;
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
        let error = super::super::Input::open(&paths, &ReadOptions::default());
        let error = error.err().expect("an error");
        assert!(matches!(error.kind(), ErrorKind::Empty { .. }), "{error}");
    }

    fn opened(bytes: &[u8], options: &ReadOptions) -> ParquetReader {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(bytes).expect("written");
        let source = Source::open(file.path(), &options.limits).expect("opened");
        ParquetReader::open(source, options).expect("a reader")
    }

    #[test]
    fn a_row_with_a_cell_beyond_the_limit_is_set_aside() {
        let titles = ["a".repeat(9), "b".repeat(11), "c".repeat(10)];
        let lists =
            arrow_array::ListArray::from_iter_primitive::<arrow_array::types::Int64Type, _, _>([
                Some(vec![Some(1); 3]),
                Some(vec![Some(2); 2]),
                Some(vec![Some(1); 6]),
            ]);
        let batch = RecordBatch::try_from_iter(vec![
            ("title", Arc::new(StringArray::from(titles.to_vec())) as ArrayRef),
            ("list", Arc::new(lists)),
        ])
        .expect("a batch");
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
        writer.write(&batch).expect("written");
        writer.close().expect("closed");
        let limits = Limits { cell_bytes: 10, ..Limits::default() };
        let mut reader = opened(&bytes, &ReadOptions { limits, ..ReadOptions::default() });
        let block = reader.next_block().expect("read").expect("a block");
        // Six numbers and five times what stands between them are sixteen characters.
        assert_eq!(block.batch.records, [1]);
        let told: Vec<(Option<u64>, &str, &str)> = block
            .rejects
            .iter()
            .map(|reject| (reject.location.record, &*reject.cause, &*reject.raw))
            .collect();
        assert_eq!(
            told,
            [
                (
                    Some(2),
                    "column title holds more than 10 bytes; --max-cell raises the limit",
                    "bbbbbbbbbbb"
                ),
                (
                    Some(3),
                    "column list holds more than 10 bytes; --max-cell raises the limit",
                    "1; 1; 1; 1; 1; 1"
                ),
            ]
        );
    }

    /// What is not selected is not decoded: its pages may be damaged.
    #[test]
    fn only_selected_columns_are_read() {
        let mut bytes = fixture(Compression::UNCOMPRESSED);
        let title = bytes.windows(7).position(|seven| seven == b"title 1").expect("a title");
        // The page header of the titles stands shortly before them.
        for byte in &mut bytes[title - 24..title - 4] {
            *byte ^= 0x55;
        }
        let mut reader = opened(&bytes, &ReadOptions::default());
        assert!(reader.next_block().is_err());
        reader.select(&HashSet::from(["price".to_owned(), "id".to_owned()])).expect("selected");
        let block = reader.next_block().expect("read").expect("a block");
        let names: Vec<&str> = names_of(block.batch.table.schema_ref()).collect();
        assert_eq!(names, ["id", "price"]);
        assert_eq!(block.batch.records[0], 1);
    }
}
