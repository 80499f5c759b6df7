//! The pages of a file, each checked on its way to the decoder.
//!
//! Between the file and the decoder stand two gates. [`CheckedFile`] walks through a page's header
//! before it is decoded, as memory is reserved for the sizes in it. [`CheckedPages`] compares a page
//! with its column before its values are decoded, as memory is reserved for the numbers of values in
//! it. Pages of columns that were not asked for are never read.
//!
//! What is refused at a gate has to go through the decoder, which keeps no more of it than a text. So
//! it is noted beside ([`Refused`]), with the column.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::arrow::arrow_reader::RowGroups;
use parquet::basic::{Encoding, Type};
use parquet::column::page::{Page, PageIterator, PageMetadata, PageReader};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::{ChunkReader, Length, SerializedPageReader};
use parquet::schema::types::ColumnDescPtr;

use super::delta::lengths_of;
use super::thrift::{STRUCT, Walk};
use crate::input::Limits;
use crate::input::guarded::Fault;

/// The longest header of a page: those with statistics hold two values of the column.
const HEADER_BYTES: u64 = 16 * 1024 * 1024;
/// The most values in one page of lists, for which memory is needed before it is known how many
/// rows they are. Writers stop at a megabyte or 20,000 rows.
const LIST_PAGE_VALUES: u64 = 1 << 26;

type Result<T> = std::result::Result<T, ParquetError>;

/// What was refused at a gate, and the column that it belongs to once that is known.
#[derive(Clone, Default)]
pub(super) struct Refused(Arc<Mutex<Option<(Option<String>, Fault)>>>);

impl Refused {
    /// What was refused since it was last asked for.
    pub(super) fn take(&self) -> Option<(Option<String>, Fault)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Notes a fault; what the decoder is told instead.
    fn note(&self, column: Option<String>, fault: Fault) -> &'static str {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((column, fault));
        "a page was refused"
    }
}

/// A file whose page headers are looked through before they are decoded.
pub(super) struct CheckedFile {
    file: File,
    length: u64,
    limits: Limits,
    refused: Refused,
}

impl CheckedFile {
    /// A file of `length` bytes.
    pub(super) fn new(file: File, length: u64, limits: Limits) -> Self {
        CheckedFile { file, length, limits, refused: Refused::default() }
    }

    /// What is refused of its pages.
    pub(super) fn refused(&self) -> &Refused {
        &self.refused
    }

    fn at(&self, start: u64) -> Result<File> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(start))?;
        Ok(file)
    }
}

impl Length for CheckedFile {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for CheckedFile {
    type T = Header;

    /// A reader at the header of a page: the decoder asks for nothing else in this way.
    fn get_read(&self, start: u64) -> Result<Header> {
        let rest = BufReader::new(self.at(start)?);
        Ok(Header { rest, checked: None, limits: self.limits, refused: self.refused.clone() })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let fits = start.checked_add(length as u64).is_some_and(|end| end <= self.length);
        if !fits {
            return Err(fault("a page reaches beyond the end of the file"));
        }
        let mut bytes = Vec::with_capacity(length);
        let n_read = self.at(start)?.take(length as u64).read_to_end(&mut bytes)?;
        if n_read < length {
            return Err(fault("the file has become shorter"));
        }
        Ok(bytes.into())
    }
}

/// The header of a page, looked through when its first byte is asked for.
pub(super) struct Header {
    rest: BufReader<File>,
    checked: Option<Cursor<Vec<u8>>>,
    limits: Limits,
    refused: Refused,
}

impl Read for Header {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let checked = if let Some(checked) = &mut self.checked {
            checked
        } else {
            let mut bytes = Vec::new();
            let noted = Noted { input: &mut self.rest, bytes: &mut bytes };
            look_through(noted, &self.limits)
                .map_err(|fault| io::Error::other(self.refused.note(None, fault)))?;
            self.checked.insert(Cursor::new(bytes))
        };
        checked.read(buffer)
    }
}

/// Keeps what is read.
struct Noted<'a, R> {
    input: R,
    bytes: &'a mut Vec<u8>,
}

impl<R: Read> Read for Noted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buffer)?;
        self.bytes.extend_from_slice(buffer.get(..n).unwrap_or_default());
        Ok(n)
    }
}

/// Walks through the header of a page and checks the sizes in it.
fn look_through(input: impl Read, limits: &Limits) -> std::result::Result<(), Fault> {
    let mut walk = Walk::new(input, HEADER_BYTES);
    let (mut expanded, mut compressed) = (0, 0);
    let mut last = 0;
    while let Some(field) = walk.field(&mut last)? {
        match (field.id, field.kind) {
            (2, 5) => expanded = walk.integer()?,
            (3, 5) => compressed = walk.integer()?,
            (4, STRUCT) => return Err(Fault::damage("the header of a page is none")),
            (_, kind) => walk.skip(kind)?,
        }
    }
    match (u64::try_from(expanded), u64::try_from(compressed)) {
        (Ok(expanded), Ok(compressed)) => check_expansion(expanded, compressed, limits),
        _ => Err(Fault::damage("a page of a negative size")),
    }
}

/// Refuses what grows beyond measure when it is decoded.
fn check_expansion(
    expanded: u64,
    compressed: u64,
    limits: &Limits,
) -> std::result::Result<(), Fault> {
    let most = Limits::FREE_EXPANSION.max(limits.expansion.saturating_mul(compressed));
    if expanded > most {
        return Err(Fault::Limit {
            expected: format!(
                "pages of at most {} MiB or {} times their compressed size (--max-expansion \
                 raises the limit)",
                Limits::FREE_EXPANSION >> 20,
                limits.expansion
            ),
            found: format!("{compressed} bytes that become {expanded}"),
        });
    }
    Ok(())
}

/// All groups of rows of a file, for the decoder.
pub(super) struct CheckedGroups {
    /// The file.
    pub(super) file: Arc<CheckedFile>,
    /// Its footer.
    pub(super) metadata: Arc<ParquetMetaData>,
}

impl RowGroups for CheckedGroups {
    fn num_rows(&self) -> usize {
        usize::try_from(self.metadata.file_metadata().num_rows()).unwrap_or(0)
    }

    fn column_chunks(&self, leaf: usize) -> Result<Box<dyn PageIterator>> {
        Ok(Box::new(Chunks {
            file: Arc::clone(&self.file),
            metadata: Arc::clone(&self.metadata),
            leaf,
            group: 0,
        }))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(self.metadata.row_groups().iter())
    }

    fn metadata(&self) -> &ParquetMetaData {
        &self.metadata
    }
}

/// The chunks of one column, group by group.
struct Chunks {
    file: Arc<CheckedFile>,
    metadata: Arc<ParquetMetaData>,
    leaf: usize,
    group: usize,
}

impl Iterator for Chunks {
    type Item = Result<Box<dyn PageReader>>;

    fn next(&mut self) -> Option<Self::Item> {
        let group = self.metadata.row_groups().get(self.group)?;
        self.group += 1;
        let Some(chunk) = group.columns().get(self.leaf) else {
            return Some(Err(fault("a row group lacks a column")));
        };
        let n_rows = u64::try_from(group.num_rows()).unwrap_or(0);
        let file = Arc::clone(&self.file);
        let pages = SerializedPageReader::new(file, chunk, n_rows as usize, None);
        Some(pages.map(|pages| -> Box<dyn PageReader> {
            Box::new(CheckedPages {
                pages,
                column: chunk.column_descr_ptr(),
                n_rows,
                n_values: 0,
                limits: self.file.limits,
                refused: self.file.refused.clone(),
            })
        }))
    }
}

impl PageIterator for Chunks {}

/// The pages of one column of one group of rows.
struct CheckedPages {
    pages: SerializedPageReader<CheckedFile>,
    column: ColumnDescPtr,
    /// Rows of the group.
    n_rows: u64,
    /// Values of the pages so far.
    n_values: u64,
    limits: Limits,
    refused: Refused,
}

impl CheckedPages {
    fn next_page(&mut self) -> Result<Option<Page>> {
        let page = self.pages.get_next_page().map_err(|error| self.refuse_said(error))?;
        match &page {
            Some(page) => self.check(page).map_err(|fault| self.refuse(fault))?,
            None if self.is_flat() && self.n_values != self.n_rows => {
                let said = format!("{} values for {} rows", self.n_values, self.n_rows);
                return Err(self.refuse(Fault::damage(said)));
            }
            None => {}
        }
        Ok(page)
    }

    /// True when each row has one value.
    fn is_flat(&self) -> bool {
        self.column.max_rep_level() == 0
    }

    fn check(&mut self, page: &Page) -> std::result::Result<(), Fault> {
        let n_values = u64::from(page.num_values());
        let n_bytes = page.buffer().len() as u64;
        if let Page::DictionaryPage { .. } = page {
            return if n_values.saturating_mul(self.least_bytes()) > n_bytes {
                Err(Fault::damage(format!("a dictionary of {n_values} values in {n_bytes} bytes")))
            } else {
                Ok(())
            };
        }
        if let Page::DataPageV2 { num_nulls, .. } = page
            && u64::from(*num_nulls) > n_values
        {
            return Err(Fault::damage("a page with more nulls than values"));
        }
        self.n_values += n_values;
        if self.is_flat() && self.n_values > self.n_rows {
            return Err(Fault::damage(format!("more values than {} rows", self.n_rows)));
        }
        if !self.is_flat() && n_values > LIST_PAGE_VALUES {
            return Err(Fault::damage(format!("a page of {n_values} values")));
        }
        match page.encoding() {
            Encoding::DELTA_LENGTH_BYTE_ARRAY => {
                lengths_of(self.values(page)?, n_values).map_err(Fault::damage)?;
            }
            Encoding::DELTA_BYTE_ARRAY => {
                // Each value may repeat the whole of the one before.
                let values = self.values(page)?;
                let repeated = lengths_of(values, n_values).map_err(Fault::damage)?;
                let behind = values.get(repeated.n_bytes..).unwrap_or_default();
                let own = lengths_of(behind, n_values).map_err(Fault::damage)?;
                check_expansion(repeated.sum + own.sum, n_bytes, &self.limits)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The fewest bytes that a value takes in a dictionary.
    fn least_bytes(&self) -> u64 {
        match self.column.physical_type() {
            Type::BOOLEAN => 0,
            Type::INT32 | Type::FLOAT | Type::BYTE_ARRAY => 4,
            Type::INT64 | Type::DOUBLE => 8,
            Type::INT96 => 12,
            Type::FIXED_LEN_BYTE_ARRAY => {
                u64::try_from(self.column.type_length()).unwrap_or(0).max(1)
            }
        }
    }

    /// The bytes of a page behind those that say how deep its values stand.
    fn values<'p>(&self, page: &'p Page) -> std::result::Result<&'p [u8], Fault> {
        let bytes: &[u8] = page.buffer();
        let behind = |at: usize| {
            bytes.get(at..).ok_or_else(|| Fault::damage("a page that ends within its levels"))
        };
        match page {
            Page::DictionaryPage { .. } => Ok(bytes),
            Page::DataPageV2 { def_levels_byte_len, rep_levels_byte_len, .. } => {
                behind(*def_levels_byte_len as usize + *rep_levels_byte_len as usize)
            }
            Page::DataPage { num_values, def_level_encoding, rep_level_encoding, .. } => {
                let levels = [
                    (self.column.max_rep_level(), *rep_level_encoding),
                    (self.column.max_def_level(), *def_level_encoding),
                ];
                let mut at = 0;
                for (highest, encoding) in levels.into_iter().filter(|(highest, _)| *highest > 0) {
                    let rest = behind(at)?;
                    at += if encoding == Encoding::RLE {
                        let length =
                            rest.first_chunk().ok_or_else(|| Fault::damage("a cut page"))?;
                        4 + u32::from_le_bytes(*length) as usize
                    } else {
                        let n_bits = i16::BITS - highest.leading_zeros();
                        (*num_values as usize * n_bits as usize).div_ceil(8)
                    };
                }
                behind(at)
            }
        }
    }

    /// Notes what was refused.
    fn refuse(&self, fault: Fault) -> ParquetError {
        let column = self.column.path().parts().first().cloned();
        ParquetError::General(self.refused.note(column, fault).to_owned())
    }

    /// Notes what the decoder said, unless it only passes on what was refused in a header.
    fn refuse_said(&self, error: ParquetError) -> ParquetError {
        let noted = self.refused.take().map(|(_, fault)| fault);
        self.refuse(noted.unwrap_or_else(|| Fault::from(error)))
    }
}

impl PageReader for CheckedPages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.next_page()
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page().map_err(|error| self.refuse_said(error))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page().map_err(|error| self.refuse_said(error))
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.pages.at_record_boundary().map_err(|error| self.refuse_said(error))
    }
}

impl Iterator for CheckedPages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

fn fault(said: impl Into<String>) -> ParquetError {
    ParquetError::General(said.into())
}
