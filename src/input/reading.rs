//! One file that is being read, whatever its format.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use arrow_schema::SchemaRef;

use super::csv::CsvReader;
use super::gauge::Gauge;
use super::ndjson::JsonReader;
use super::parquet::ParquetReader;
use super::source::Source;
use super::xlsx::XlsxReader;
use super::{Block, FileNote, Format, ReadOptions, SAMPLE_BYTES, empty, unlike};
use crate::error::{Location, Result, visible};

/// A file that is being read, and the blocks that were read ahead.
pub(super) struct Reading {
    reader: Reader,
    compression: Option<&'static str>,
    gauge: Option<Gauge>,
    ahead: VecDeque<Block>,
}

impl Reading {
    /// Opens a file and reads at least `n_ahead` records of it, or all there are.
    ///
    /// # Errors
    /// Those of the readers, and [`crate::ErrorKind::Empty`] for a file without a record.
    pub(super) fn open(
        mut source: Source,
        options: &ReadOptions,
        n_ahead: usize,
    ) -> Result<Reading> {
        let format = match options.format {
            Some(format) => format,
            None => source.format(options.encoding)?,
        };
        let compression = source.compression.map(super::compression::Compression::name);
        let gauge = source.take_gauge();
        let reader = match format {
            Format::Csv => Reader::Csv(Box::new(CsvReader::open(source, options)?)),
            Format::Ndjson | Format::Json => {
                Reader::Json(Box::new(JsonReader::open(source, format, options)?))
            }
            Format::Xlsx => Reader::Xlsx(Box::new(XlsxReader::open(source, options)?)),
            Format::Parquet => Reader::Parquet(Box::new(ParquetReader::open(source, options)?)),
        };
        let mut own = Reading { reader, compression, gauge, ahead: VecDeque::new() };
        let (mut n_records, mut n_bytes) = (0, 0);
        while n_records < n_ahead && n_bytes < SAMPLE_BYTES {
            let n_rows = options.block_rows.min(n_ahead - n_records);
            let Some(block) = own.reader.next_block(n_rows)? else { break };
            n_records += block.batch.n_records() + block.rejects.len();
            n_bytes += block.batch.table.get_array_memory_size();
            own.ahead.push_back(block);
        }
        if own.ahead.is_empty() {
            let what = match format {
                Format::Csv | Format::Ndjson | Format::Json => "ends behind its header",
                Format::Xlsx => "has no row behind its header",
                Format::Parquet => "has columns and no rows",
            };
            return Err(empty(own.name(), what));
        }
        Ok(own)
    }

    /// The file as the user named it.
    pub(super) fn name(&self) -> &Arc<str> {
        match &self.reader {
            Reader::Csv(reader) => reader.name(),
            Reader::Json(reader) => reader.name(),
            Reader::Parquet(reader) => reader.name(),
            Reader::Xlsx(reader) => reader.name(),
        }
    }

    /// The columns of the file.
    pub(super) fn schema(&self) -> &SchemaRef {
        match &self.reader {
            Reader::Csv(reader) => reader.schema(),
            Reader::Json(reader) => reader.schema(),
            Reader::Parquet(reader) => reader.schema(),
            Reader::Xlsx(reader) => reader.schema(),
        }
    }

    /// The length of the file, where it is one.
    pub(super) fn n_bytes(&self) -> Option<u64> {
        self.gauge.as_ref().map(Gauge::n_bytes)
    }

    /// How much of the file was read, 0 to 1; a workbook is read before its first row is handed out.
    pub(super) fn share_read(&self) -> f64 {
        match &self.reader {
            Reader::Parquet(reader) => reader.share_read(),
            _ => self.gauge.as_ref().map_or(0.0, Gauge::share),
        }
    }

    /// What was read ahead and not yet handed out.
    pub(super) fn ahead(&self) -> impl Iterator<Item = &Block> {
        self.ahead.iter()
    }

    /// Reads only the columns of these names from the beginning on, where leaving others out saves
    /// anything.
    ///
    /// # Errors
    /// Those of the reader.
    pub(super) fn select(&mut self, names: &HashSet<String>) -> Result<()> {
        if let Reader::Parquet(reader) = &mut self.reader {
            reader.select(names)?;
            self.ahead.clear();
        }
        Ok(())
    }

    /// What was found out about the file.
    pub(super) fn note(&self) -> FileNote {
        let (encoding, delimiter) = match &self.reader {
            Reader::Csv(reader) => (Some(reader.encoding()), Some(reader.delimiter())),
            Reader::Json(reader) => (Some(reader.encoding()), None),
            Reader::Parquet(_) | Reader::Xlsx(_) => (None, None),
        };
        FileNote {
            name: Arc::clone(self.name()),
            format: self.format(),
            compression: self.compression,
            encoding,
            delimiter,
            sheet: match &self.reader {
                Reader::Xlsx(reader) => Some(reader.sheet().to_owned()),
                _ => None,
            },
        }
    }

    /// The next records, at most `n_rows` of them unless they were read ahead.
    pub(super) fn next_block(&mut self, n_rows: usize) -> Result<Option<Block>> {
        match self.ahead.pop_front() {
            Some(block) => Ok(Some(block)),
            None => self.reader.next_block(n_rows),
        }
    }

    /// Refuses a file that is of another format than the first.
    pub(super) fn check_format(&self, first: &FileNote) -> Result<()> {
        let own = self.format();
        if own == first.format {
            return Ok(());
        }
        Err(unlike(
            Location::file(self.name().to_string()),
            format!("{} as in {}", first.format.name(), visible(&first.name)),
            own.name(),
        ))
    }

    fn format(&self) -> Format {
        match &self.reader {
            Reader::Csv(_) => Format::Csv,
            Reader::Json(reader) => reader.format(),
            Reader::Parquet(_) => Format::Parquet,
            Reader::Xlsx(_) => Format::Xlsx,
        }
    }
}

/// The reader of one file. A block holds at most `n_rows` records and rejects together.
enum Reader {
    Csv(Box<CsvReader>),
    Json(Box<JsonReader>),
    Parquet(Box<ParquetReader>),
    Xlsx(Box<XlsxReader>),
}

impl Reader {
    fn next_block(&mut self, n_rows: usize) -> Result<Option<Block>> {
        match self {
            Reader::Csv(reader) => reader.next_block(n_rows),
            Reader::Json(reader) => reader.next_block(n_rows),
            Reader::Parquet(reader) => reader.next_block(),
            Reader::Xlsx(reader) => reader.next_block(n_rows),
        }
    }
}
