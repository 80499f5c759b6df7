//! Parquet: record batches of the file's own types, with damage kept from doing harm.
//!
//! The decoder of the crate `parquet` panics on some damaged files, and a panic is caught. On others
//! it reserves memory for what a damaged number announces or follows a schema until the stack is
//! full, and both end the process. So three things are looked through before the decoder sees them:
//! the footer ([`footer`]), the header of each page and the page of each column that is read
//! ([`pages`]). What they let through is bounded by the size of the file and by [`Limits`].

mod delta;
mod footer;
mod pages;
mod thrift;

use std::collections::{HashSet, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Fields, Schema, SchemaRef, TimeUnit};
use arrow_select::filter::filter_record_batch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use parquet::arrow::{
    ARROW_SCHEMA_META_KEY, ProjectionMask, parquet_to_arrow_field_levels, parquet_to_arrow_schema,
};
use parquet::basic::Type;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

use self::footer::{check_codec, read_footer};
use self::pages::{CheckedFile, CheckedGroups};
use super::as_text::{Cells, Shown, displayable};
use super::columns::{check_names, names_of};
use super::guarded::{Fault, guarded};
use super::limits::{Limits, over_long_cell};
use super::row_sizes::{LongCell, Sizes, as_declared, decoded_as};
use super::source::Source;
use super::{Block, Format, RawBatch, ReadOptions, Reject, empty, unlike};
use crate::error::{Error, Location, Result};

/// How many characters of an over-long cell are kept to be shown.
const SHOWN_CHARS: usize = 1024;

/// Reads one Parquet file, row group by row group and page by page, so that memory does not hang
/// on the size of the file.
pub(super) struct ParquetReader {
    name: Arc<str>,
    file: Arc<CheckedFile>,
    metadata: Arc<ParquetMetaData>,
    schema: SchemaRef,
    reader: Option<ParquetRecordBatchReader>,
    waiting: Option<Waiting>,
    block_rows: usize,
    block_bytes: u64,
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
        let fault = |fault: Fault| fault.at(place(), Format::Parquet.name());
        let limits = options.limits;
        let mut file = source.into_file()?;
        let length =
            file.metadata().map_err(|error| Error::io("read", name.to_string(), error))?.len();
        let metadata = read_footer(&mut file, length, &limits).map_err(fault)?;
        let schema = guarded(|| Ok(declared_schema(&metadata)?)).map_err(fault)?;
        let names: Vec<&str> = names_of(&schema).collect();
        check_names(&name, names.into_iter(), limits.n_columns)?;
        if schema.fields().is_empty() {
            return Err(unlike(place(), "at least one column", "none"));
        }
        let mut own = ParquetReader {
            name,
            file: Arc::new(CheckedFile::new(file, length, limits)),
            metadata: Arc::new(metadata),
            schema: Arc::new(schema),
            reader: None,
            waiting: None,
            block_rows: options.block_rows,
            block_bytes: options.block_bytes,
            limits,
            n_records: 0,
        };
        let all: Vec<usize> = (0..own.schema.fields().len()).collect();
        own.begin(&all)?;
        Ok(own)
    }

    /// How many of the records were read, 0 to 1. The place in the file would say little, as columns
    /// stand one behind the other.
    pub(super) fn share_read(&self) -> f64 {
        let n_rows = self.metadata.file_metadata().num_rows().max(1);
        (self.n_records as f64 / n_rows as f64).min(1.0)
    }

    /// Begins again, and reads only the columns of these names from here on.
    ///
    /// # Errors
    /// As [`ParquetReader::open`].
    pub(super) fn select(&mut self, names: &HashSet<String>) -> Result<()> {
        let positions: Vec<usize> = (0..self.schema.fields().len())
            .filter(|&at| names.contains(self.schema.field(at).name()))
            .collect();
        self.begin(&positions)
    }

    fn begin(&mut self, positions: &[usize]) -> Result<()> {
        let place = Location::file(self.name.to_string());
        let reader = self.reader_of(positions);
        self.reader = Some(reader.map_err(|fault| fault.at(place, Format::Parquet.name()))?);
        self.waiting = None;
        self.n_records = 0;
        Ok(())
    }

    /// A reader of the columns at these positions.
    ///
    /// Texts are decoded as references to their pages: a page may hold a text once and refer to it
    /// from every row.
    fn reader_of(
        &self,
        positions: &[usize],
    ) -> std::result::Result<ParquetRecordBatchReader, Fault> {
        let descr = self.metadata.file_metadata().schema_descr();
        // Without any column nothing would tell how many rows there really are.
        let read = if positions.is_empty() { &[0] } else { positions };
        let mask = ProjectionMask::roots(descr, read.iter().copied());
        let leaves: Vec<usize> =
            (0..descr.num_columns()).filter(|&leaf| mask.leaf_included(leaf)).collect();
        for group in self.metadata.row_groups() {
            let mut chunks = leaves.iter().filter_map(|&leaf| group.columns().get(leaf));
            chunks.try_for_each(check_codec)?;
        }
        let n_rows = rows_in(self.block_bytes, &self.metadata, &leaves).min(self.block_rows);
        let decoded = self.schema.fields().iter().map(|field| -> FieldRef {
            Field::clone(field).with_data_type(decoded_as(field.data_type())).into()
        });
        let decoded: Fields = decoded.collect();
        let groups =
            CheckedGroups { file: Arc::clone(&self.file), metadata: Arc::clone(&self.metadata) };
        guarded(|| {
            let levels = parquet_to_arrow_field_levels(descr, mask, Some(&decoded))?;
            Ok(ParquetRecordBatchReader::try_new_with_row_groups(&levels, &groups, n_rows, None)?)
        })
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
                let stretches = sizes.stretches(self.block_bytes).into();
                Ok(Some(Waiting { table, stretches, long: sizes.long }))
            });
            let fault = |fault| self.fault_of_next(fault);
            let n_rows = u64::try_from(self.metadata.file_metadata().num_rows()).unwrap_or(0);
            let Some(next) = next.map_err(fault)? else {
                if self.n_records < n_rows {
                    let found = format!("{} of {n_rows} rows are there", self.n_records);
                    return Err(fault(Fault::damage(found)));
                }
                return Ok(None);
            };
            if self.n_records + next.table.num_rows() as u64 > n_rows {
                return Err(fault(Fault::damage(format!("more than {n_rows} rows"))));
            }
            self.reader = Some(reader);
            if next.table.num_rows() > 0 {
                self.waiting = Some(next);
            }
        }
    }

    /// The error for the rows that were to come.
    fn fault_of_next(&self, fault: Fault) -> Error {
        let place = Location::file(self.name.to_string()).record(self.n_records + 1);
        let (place, fault) = match self.file.refused().take() {
            Some((Some(column), refused)) => (place.column(column), refused),
            Some((None, refused)) => (place, refused),
            None => (place, fault),
        };
        fault.at(place, Format::Parquet.name())
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

/// The columns of a file in Arrow's types.
///
/// Timestamps of 96 bits reach further than the nanoseconds that they are usually read as: the day
/// 9999-12-31, which stands for "never" in warehouses, would come out as one in 1816. They are read
/// as microseconds, unless the writer says that it had nanoseconds.
fn declared_schema(metadata: &ParquetMetaData) -> std::result::Result<Schema, ParquetError> {
    let about = metadata.file_metadata();
    let descr = about.schema_descr();
    let schema = parquet_to_arrow_schema(descr, about.key_value_metadata())?;
    let mut said = about.key_value_metadata().into_iter().flatten();
    if said.any(|pair| pair.key == ARROW_SCHEMA_META_KEY) {
        return Ok(schema);
    }
    let roots = descr.root_schema().get_fields();
    let fields = schema.fields().iter().zip(roots).map(|(field, root)| -> FieldRef {
        if root.is_primitive() && root.get_physical_type() == Type::INT96 {
            let microseconds = DataType::Timestamp(TimeUnit::Microsecond, None);
            Field::clone(field).with_data_type(microseconds).into()
        } else {
            Arc::clone(field)
        }
    });
    let fields: Vec<FieldRef> = fields.collect();
    Ok(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

/// How many rows of the columns of these leaves are decoded at a time so that they take about
/// `n_bytes`, at least one.
///
/// Lists are the reason: how many values a row has is known on average only.
fn rows_in(n_bytes: u64, metadata: &ParquetMetaData, leaves: &[usize]) -> usize {
    let groups = metadata.row_groups().iter().filter_map(|group| {
        let n_rows = u64::try_from(group.num_rows()).ok().filter(|&n_rows| n_rows > 0)?;
        let chunks = leaves.iter().filter_map(|&leaf| group.columns().get(leaf));
        let sum = chunks.map(decoded_bytes).fold(0, u64::saturating_add);
        Some(sum.div_ceil(n_rows).max(1))
    });
    let widest = groups.max().unwrap_or(1);
    usize::try_from(n_bytes / widest).unwrap_or(usize::MAX).max(1)
}

/// About how much the values of a column chunk take once they are decoded.
fn decoded_bytes(chunk: &ColumnChunkMetaData) -> u64 {
    /// A level of definition and one of repetition.
    const LEVELS: u64 = 4;
    let width = match chunk.column_type() {
        Type::BOOLEAN => 1,
        Type::INT32 | Type::FLOAT => 4,
        Type::INT64 | Type::DOUBLE => 8,
        // A decimal number of this layout is 16 bytes; a view on a text, too.
        Type::INT96 | Type::BYTE_ARRAY => 16,
        Type::FIXED_LEN_BYTE_ARRAY => {
            u64::try_from(chunk.column_descr().type_length()).unwrap_or(0).max(16)
        }
    };
    let n_values = u64::try_from(chunk.num_values()).unwrap_or(0);
    let in_pages = u64::try_from(chunk.uncompressed_size()).unwrap_or(0);
    n_values.saturating_mul(width + LEVELS).saturating_add(in_pages)
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

    /// Warehouses write moments as 96 bits, a day and the nanoseconds in it, and mean by the last
    /// day of the year 9999 that there is none. As nanoseconds since 1970 it would be in 1816.
    #[test]
    fn moments_of_96_bits_reach_to_the_end_of_their_calendar() {
        use parquet::data_type::{Int96, Int96Type};
        use parquet::file::writer::SerializedFileWriter;
        use parquet::schema::parser::parse_message_type;

        let schema = parse_message_type("message m { required int96 at; }").expect("a schema");
        let properties = Arc::new(WriterProperties::builder().build());
        let mut bytes = Vec::new();
        let mut writer =
            SerializedFileWriter::new(&mut bytes, Arc::new(schema), properties).expect("a writer");
        let mut group = writer.next_row_group().expect("a group");
        let mut column = group.next_column().expect("asked").expect("a column");
        // Julian days: 2024-02-29 is 2460370 and 9999-12-31 is 5373484
        // (python: date(9999, 12, 31).toordinal() + 1721425). An hour is 3.6e12 ns.
        let hour = 3_600_000_000_000_u64;
        let moment = |day: u32, rest: u64| {
            let mut own = Int96::new();
            own.set_data(rest as u32, (rest >> 32) as u32, day);
            own
        };
        let moments = [moment(2_460_370, hour), moment(5_373_484, 0)];
        column.typed::<Int96Type>().write_batch(&moments, None, None).expect("written");
        column.close().expect("closed");
        group.close().expect("closed");
        writer.close().expect("closed");
        let mut reader = opened(&bytes, &ReadOptions::default());
        let block = reader.next_block().expect("read").expect("a block");
        let text = super::super::as_text::as_text(block.batch.table.column(0)).expect("a text");
        let text: Vec<Option<&str>> = text.iter().collect();
        assert_eq!(text, [Some("2024-02-29T01:00:00"), Some("9999-12-31T00:00:00")]);
    }

    #[test]
    fn columns_within_columns_count() {
        let members: Vec<(FieldRef, ArrayRef)> = (0..5)
            .map(|n| {
                let field = Field::new(format!("m{n}"), DataType::Int64, true);
                (Arc::new(field), Arc::new(Int64Array::from(vec![1])) as ArrayRef)
            })
            .collect();
        let structure = Arc::new(arrow_array::StructArray::from(members)) as ArrayRef;
        let batch = RecordBatch::try_from_iter(vec![("s", structure)]).expect("a batch");
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
        writer.write(&batch).expect("written");
        writer.close().expect("closed");
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(&bytes).expect("written");
        for (n_columns, is_read) in [(5, true), (4, false)] {
            let limits = Limits { n_columns, ..Limits::default() };
            let options = ReadOptions { limits, ..ReadOptions::default() };
            let source = Source::open(file.path(), &limits).expect("opened");
            let error = ParquetReader::open(source, &options).err().map(|error| error.to_string());
            assert_eq!(error.is_none(), is_read, "{error:?}");
            assert!(error.is_none_or(|said| said.contains("at most 4 columns (--max-columns")));
        }
    }
}
