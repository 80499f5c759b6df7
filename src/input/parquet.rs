//! Parquet: record batches of the file's own types, with damage kept from doing harm.

use std::collections::{HashSet, VecDeque};
use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, FieldRef, Schema, SchemaRef};
use arrow_select::filter::filter_record_batch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;

use super::as_text::{Cells, Shown, displayable};
use super::columns::{check_names, names_of};
use super::guarded::{Fault, guarded};
use super::limits::{Limits, over_long_cell};
use super::row_sizes::{LongCell, Sizes, as_declared, decoded_as};
use super::source::Source;
use super::{BLOCK_BYTES, Block, Format, RawBatch, ReadOptions, Reject, empty, unlike};
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
    waiting: Option<Waiting>,
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
        let waiting = None;
        Ok(ParquetReader { name, file, schema, reader, waiting, block_rows, limits, n_records: 0 })
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
        self.waiting = None;
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

    /// The next rows; only the selected columns stand in them. A block is at most as long as `open`
    /// was told, and shorter where its texts are long.
    pub(super) fn next_block(&mut self) -> Result<Option<Block>> {
        loop {
            if let Some(rows) = self.waiting.as_mut().and_then(|own| own.stretches.pop_front()) {
                let place = Location::file(self.name.to_string()).record(self.n_records + 1);
                return guarded(|| self.block(rows))
                    .map(Some)
                    .map_err(|fault| fault.at(place, Format::Parquet.name()));
            }
            if let Some(done) = self.waiting.take() {
                self.n_records += done.table.num_rows() as u64;
            }
            // A reader that failed is gone: what it would say next cannot be trusted.
            let Some(mut reader) = self.reader.take() else { return Ok(None) };
            let limit = self.limits.cell_bytes as u64;
            let next = guarded(|| {
                let Some(table) = reader.next().transpose()? else { return Ok(None) };
                let sizes = Sizes::of(&table, limit)?;
                let stretches = sizes.stretches(BLOCK_BYTES).into();
                Ok(Some(Waiting { table, stretches, long: sizes.long }))
            });
            let place = Location::file(self.name.to_string()).record(self.n_records + 1);
            let Some(next) = next.map_err(|own| own.at(place, Format::Parquet.name()))? else {
                return Ok(None);
            };
            self.reader = Some(reader);
            if next.table.num_rows() > 0 {
                self.waiting = Some(next);
            }
        }
    }

    /// The rows of a stretch in the types of the file, without those that have a cell beyond the
    /// limit.
    fn block(&self, rows: Range<usize>) -> std::result::Result<Block, Fault> {
        let Some(Waiting { table, long, .. }) = &self.waiting else {
            return Err(Fault::Ours("no rows are there".to_owned()));
        };
        let number = |row: usize| self.n_records + 1 + row as u64;
        let long: Vec<&LongCell> = long.iter().filter(|cell| rows.contains(&cell.row)).collect();
        let is_kept = |row: &usize| long.binary_search_by_key(row, |cell| cell.row).is_err();
        let own = table.slice(rows.start, rows.len());
        let own = if long.is_empty() {
            own
        } else {
            let kept: BooleanArray = rows.clone().map(|row| Some(is_kept(&row))).collect();
            filter_record_batch(&own, &kept)?
        };
        let mut fields = Vec::new();
        let mut columns = Vec::new();
        for (field, column) in own.schema_ref().fields().iter().zip(own.columns()) {
            let declared = self.schema.field_with_name(field.name())?;
            columns.push(as_declared(column, declared.data_type())?);
            fields.push(declared.clone());
        }
        let options = RecordBatchOptions::new().with_row_count(Some(own.num_rows()));
        let metadata = self.schema.metadata().clone();
        let schema = Arc::new(Schema::new_with_metadata(fields, metadata));
        let mut rejects = Vec::new();
        for cell in &long {
            rejects.push(Reject {
                location: Location::file(self.name.to_string()).record(number(cell.row)),
                byte: None,
                cause: over_long_cell(
                    table.schema_ref().field(cell.column).name(),
                    self.limits.cell_bytes,
                ),
                raw: beginning(table.column(cell.column), cell.row)?,
            });
        }
        let batch = RawBatch {
            table: RecordBatch::try_new_with_options(schema, columns, &options)?,
            file: Arc::clone(&self.name),
            records: rows.filter(is_kept).map(number).collect(),
            lines: Vec::new(),
            verbatim: None,
            native_numbers: None,
            absent: Vec::new(),
        };
        Ok(Block { batch, rejects, problems: Vec::new() })
    }
}

/// Rows that were decoded and are not handed out.
struct Waiting {
    table: RecordBatch,
    /// Rows that make a block each.
    stretches: VecDeque<Range<usize>>,
    /// The cells beyond the limit, one a row, in the order of the rows.
    long: Vec<LongCell>,
}

/// The first characters of a cell.
fn beginning(column: &ArrayRef, row: usize) -> std::result::Result<String, Fault> {
    let column = displayable(&column.slice(row, 1))?;
    let mut buffer = String::new();
    Ok(match Cells::of(&column)?.show(0, &mut buffer)? {
        Shown::Text(text) | Shown::Number(text) => text.chars().take(SHOWN_CHARS).collect(),
        Shown::Null | Shown::Truth(_) => String::new(),
    })
}

/// A reader of a file's columns, or of some of them, and the schema of the whole file.
///
/// Texts are decoded as references to their pages: a page may hold a text once and refer to it from
/// every row.
fn open_batches(
    file: File,
    block_rows: usize,
    columns: Option<&[usize]>,
) -> std::result::Result<(SchemaRef, ParquetRecordBatchReader), Fault> {
    let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())?;
    let schema = Arc::clone(metadata.schema());
    let decoded = schema.fields().iter().map(|field| -> FieldRef {
        Arc::new(field.as_ref().clone().with_data_type(decoded_as(field.data_type())))
    });
    let decoded = Schema::new_with_metadata(decoded.collect::<Vec<_>>(), schema.metadata().clone());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(decoded));
    // What cannot be decoded so is decoded as the file has it.
    let metadata =
        ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), options).unwrap_or(metadata);
    let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
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

    /// A file of some kilobytes that would take a gigabyte, had each row its own copy.
    #[test]
    fn a_text_that_every_row_refers_to_is_handed_out_in_small_blocks() {
        let text = "x".repeat(128 * 1024);
        let titles = StringArray::from(vec![text.as_str(); 4096]);
        let batch = RecordBatch::try_from_iter(vec![("title", Arc::new(titles) as ArrayRef)])
            .expect("a batch");
        let mut bytes = Vec::new();
        let properties =
            WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default()));
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties.build()))
            .expect("a writer");
        writer.write(&batch).expect("written");
        writer.close().expect("closed");
        assert!(bytes.len() < 1 << 20, "{}", bytes.len());
        let mut reader = opened(&bytes, &ReadOptions::default());
        let mut records = Vec::new();
        while let Some(block) = reader.next_block().expect("read") {
            assert!(block.batch.n_records() <= 512, "64 MiB hold 512 of them");
            records.extend(block.batch.records);
        }
        assert_eq!(records, (1..=4096).collect::<Vec<u64>>());
    }
}
