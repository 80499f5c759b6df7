//! Excel workbooks: one sheet as records of text.

use std::fs::File;
use std::io::{BufReader, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::SchemaRef;
use calamine::{CellErrorType, DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::columns::{check_names, name_blanks, text_schema, too_many_columns};
use super::guarded::{Fault, guarded};
use super::limits::{Limits, over_long_cell, over_long_record};
use super::source::Source;
use super::{Block, Format, NativeNumbers, RawBatch, ReadOptions, Reject, empty};
use crate::error::{Error, ErrorKind, Location, Result, excerpt, visible};

/// Rows on their way from the thread that reads the workbook.
const ROWS_AHEAD: usize = 256;

/// The most bytes of texts that cells share, which are held in memory as long as the sheet is read.
const SHARED_BYTES: u64 = 1024 * 1024 * 1024;

/// The entry of the archive that holds them.
const SHARED_STRINGS: &str = "xl/sharedStrings.xml";

/// Reads one sheet of a workbook.
///
/// The header is the first row with a cell. Texts are as they stand, numbers the shortest text that
/// gives them back, dates ISO 8601 by the format of their cell, formulas their last value. Blank
/// rows are no records. A row with a cell beside the columns of the header becomes a [`Reject`].
pub(super) struct XlsxReader {
    name: Arc<str>,
    sheet: String,
    rows: Receiver<Message>,
    schema: SchemaRef,
    /// The column of the sheet in which the header begins.
    first: u32,
    limits: Limits,
    /// The most bytes of a block, but for a single longer record.
    block_bytes: u64,
    n_records: u64,
}

/// What the thread that reads the workbook has to say.
enum Message {
    /// The sheet that is read.
    Sheet(String),
    /// A row with a cell.
    Row(Row),
    /// There is no such sheet; those that there are.
    NoSheet(Vec<String>),
    /// The workbook cannot be read on from.
    Fault(Fault),
}

/// The cells of a row that hold anything.
#[derive(Debug, Default)]
struct Row {
    /// The row of the sheet, counted from 1.
    number: u32,
    /// In the order of their columns.
    cells: Vec<Cell>,
    /// True where cells were left out, as the row is longer than a record may be.
    is_too_long: bool,
}

/// A cell that holds anything.
#[derive(Debug)]
struct Cell {
    /// Its column, counted from 0.
    at: u32,
    text: String,
    /// True where the sheet holds a number and not a text.
    is_number: bool,
}

impl XlsxReader {
    /// Opens a workbook and reads the header of its sheet.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] for what is damaged or encrypted, a sheet that is not there, a header
    /// with a name twice or too many names.
    pub(super) fn open(source: Source, options: &ReadOptions) -> Result<Self> {
        let name = Arc::clone(&source.name);
        let mut file = source.into_file()?;
        let limits = options.limits;
        let place = || Location::file(name.to_string());
        let fault = |fault: Fault| fault.at(place(), Format::Xlsx.name());
        guarded(|| check_size(&mut file, &limits)).map_err(fault)?;
        let (sender, rows) = sync_channel(ROWS_AHEAD);
        let sheet = options.sheet.clone();
        // The sheet's reader borrows the workbook, so that both stay on a thread of their own.
        thread::Builder::new()
            .name("xlsx".to_owned())
            .spawn(move || {
                let read = guarded(|| read_sheet(file, sheet.as_deref(), &limits, &sender));
                if let Err(fault) = read {
                    let _ = sender.send(Message::Fault(fault));
                }
            })
            .map_err(|error| Error::io("read on a thread", name.to_string(), error))?;
        let mut own = XlsxReader {
            name,
            sheet: String::new(),
            rows,
            schema: text_schema(std::iter::empty()),
            first: 0,
            limits,
            block_bytes: options.block_bytes,
            n_records: 0,
        };
        let Some(header) = own.next_row()? else {
            return Err(empty(&own.name, "has no cell in any sheet that is looked at"));
        };
        own.header(header)?;
        Ok(own)
    }

    /// The file as the user named it.
    pub(super) fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The columns, all text.
    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The name of the sheet that is read.
    pub(super) fn sheet(&self) -> &str {
        &self.sheet
    }

    /// The next records, at most `n_rows` of them good and bad together.
    pub(super) fn next_block(&mut self, n_rows: usize) -> Result<Option<Block>> {
        let n_columns = self.schema.fields().len();
        let mut columns: Vec<StringBuilder> =
            (0..n_columns).map(|_| StringBuilder::new()).collect();
        let mut is_number: Vec<Vec<bool>> = vec![Vec::new(); n_columns];
        let (mut records, mut lines, mut rejects) = (Vec::new(), Vec::new(), Vec::new());
        let mut n_bytes = 0;
        while records.len() + rejects.len() < n_rows && n_bytes < self.block_bytes {
            let Some(row) = self.next_row()? else { break };
            self.n_records += 1;
            n_bytes += row.cells.iter().map(|cell| cell.text.len() as u64).sum::<u64>();
            if let Some(cause) = self.fault(&row, n_columns) {
                let raw: Vec<&str> = row.cells.iter().map(|cell| cell.text.as_str()).collect();
                let place = Location::file(self.name.to_string()).record(self.n_records);
                rejects.push(Reject {
                    location: place.line(row.number.into()),
                    byte: None,
                    cause,
                    raw: raw.join("\t"),
                });
                continue;
            }
            let mut cells = row.cells.into_iter().peekable();
            for (index, column) in columns.iter_mut().enumerate() {
                let at = self.first + index as u32;
                let cell = cells.next_if(|cell| cell.at == at);
                if let Some(numbers) = is_number.get_mut(index) {
                    numbers.push(cell.as_ref().is_some_and(|cell| cell.is_number));
                }
                column.append_option(cell.map(|cell| cell.text));
            }
            records.push(self.n_records);
            lines.push(row.number.into());
        }
        if records.is_empty() && rejects.is_empty() {
            return Ok(None);
        }
        let native_numbers = NativeNumbers::of(&self.schema, is_number);
        let arrays: Vec<ArrayRef> =
            columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef).collect();
        let table = RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(|error| {
            Error::format(Location::file(self.name.to_string()), Format::Xlsx.name(), error)
        })?;
        let batch = RawBatch {
            table,
            file: Arc::clone(&self.name),
            records,
            lines,
            verbatim: None,
            native_numbers: Some(Arc::new(native_numbers)),
            absent: Vec::new(),
        };
        Ok(Some(Block { batch, rejects, problems: Vec::new() }))
    }

    fn header(&mut self, row: Row) -> Result<()> {
        self.first = row.cells.first().map_or(0, |cell| cell.at);
        let last = row.cells.last().map_or(0, |cell| cell.at);
        let n_columns = (last - self.first) as usize + 1;
        if n_columns > self.limits.n_columns || row.is_too_long {
            return Err(too_many_columns(&self.name, n_columns, self.limits.n_columns));
        }
        let mut names = vec![String::new(); n_columns];
        for cell in row.cells {
            if let Some(name) = names.get_mut((cell.at - self.first) as usize) {
                *name = cell.text;
            }
        }
        name_blanks(&mut names);
        check_names(&self.name, names.iter().map(String::as_str), self.limits.n_columns)?;
        self.schema = text_schema(names.iter().map(String::as_str));
        Ok(())
    }

    /// The next row with a cell.
    fn next_row(&mut self) -> Result<Option<Row>> {
        loop {
            match self.rows.recv() {
                // The thread has ended.
                Err(_) => return Ok(None),
                Ok(Message::Sheet(sheet)) => self.sheet = sheet,
                Ok(Message::Row(row)) => return Ok(Some(row)),
                Ok(Message::NoSheet(sheets)) => {
                    let sheets: Vec<String> = sheets.iter().map(|own| visible(own)).collect();
                    return Err(ErrorKind::Option {
                        option: "--sheet",
                        expected: format!(
                            "a sheet of {}: {}",
                            visible(&self.name),
                            sheets.join(", ")
                        ),
                        found: "another name".to_owned(),
                    }
                    .into());
                }
                Ok(Message::Fault(fault)) => {
                    let place = Location::file(self.name.to_string()).record(self.n_records + 1);
                    return Err(fault.at(place, Format::Xlsx.name()));
                }
            }
        }
    }

    /// What is wrong with a row, if anything is.
    fn fault(&self, row: &Row, n_columns: usize) -> Option<String> {
        if row.is_too_long {
            return Some(over_long_record(self.limits.record_bytes));
        }
        let end = self.first + n_columns as u32;
        let is_outside = |at: u32| at < self.first || at >= end;
        if let Some(cell) = row.cells.iter().find(|cell| is_outside(cell.at)) {
            return Some(format!(
                "a cell beside the columns of the header: {} in column {}",
                excerpt(&cell.text),
                letters(cell.at)
            ));
        }
        let limit = self.limits.cell_bytes;
        let cell = row.cells.iter().find(|cell| cell.text.len() > limit)?;
        let name = self.schema.fields().get((cell.at - self.first) as usize);
        Some(over_long_cell(name.map_or("", |field| field.name()), limit))
    }
}

/// Reads a sheet row by row and hands the rows over, until nobody wants them any more.
fn read_sheet(
    file: File,
    wanted: Option<&str>,
    limits: &Limits,
    sender: &SyncSender<Message>,
) -> std::result::Result<(), Fault> {
    let fault = |error: calamine::XlsxError| Fault::Said(error.to_string());
    let mut workbook: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(fault)?;
    let sheets: Vec<(String, bool)> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .collect();
    let names: Vec<String> = if let Some(wanted) = wanted {
        sheets.iter().map(|(name, _)| name).filter(|own| *own == wanted).cloned().collect()
    } else {
        // A hidden sheet is looked at where no other has a cell.
        let (seen, hidden): (Vec<_>, Vec<_>) = sheets.iter().partition(|(_, visible)| *visible);
        seen.into_iter().chain(hidden).map(|(name, _)| name.clone()).collect()
    };
    if names.is_empty() && wanted.is_some() {
        let all = sheets.into_iter().map(|(name, _)| name).collect();
        let _ = sender.send(Message::NoSheet(all));
        return Ok(());
    }
    for name in names {
        let mut cells = workbook.worksheet_cells_reader(&name).map_err(fault)?;
        let mut row = Row::default();
        let mut n_bytes = 0;
        let mut is_begun = false;
        let hand_over = |row: Row, is_begun: &mut bool| {
            if !*is_begun && sender.send(Message::Sheet(name.clone())).is_err() {
                return false;
            }
            *is_begun = true;
            sender.send(Message::Row(row)).is_ok()
        };
        while let Some(cell) = cells.next_cell().map_err(fault)? {
            let (at, column) = cell.get_position();
            let Some(text) = text_of(cell.get_value()).filter(|text| !text.is_empty()) else {
                continue;
            };
            // A row that is named again, or one before, is a row of its own: nothing is lost.
            let follows = row.cells.last().is_none_or(|last| last.at < column);
            if row.number != at + 1 || !follows {
                let done = std::mem::replace(&mut row, Row { number: at + 1, ..Row::default() });
                if !done.cells.is_empty() && !hand_over(done, &mut is_begun) {
                    return Ok(());
                }
                n_bytes = 0;
            }
            n_bytes += text.len();
            if n_bytes > limits.record_bytes {
                row.is_too_long = true;
            } else {
                let is_number = matches!(cell.get_value(), DataRef::Int(_) | DataRef::Float(_));
                row.cells.push(Cell { at: column, text, is_number });
            }
        }
        if (!row.cells.is_empty() || row.is_too_long) && !hand_over(row, &mut is_begun) {
            return Ok(());
        }
        if is_begun {
            return Ok(());
        }
    }
    Ok(())
}

/// A cell as text; `None` for an empty one.
fn text_of(cell: &DataRef<'_>) -> Option<String> {
    Some(match cell {
        DataRef::Empty => return None,
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(time) => time_text(*time),
        DataRef::Error(error) => error_text(error).to_owned(),
    })
}

/// A date, a time or both in ISO 8601; a duration or a day beyond Excel's as the number it is.
fn time_text(time: ExcelDateTime) -> String {
    let value = time.as_f64();
    if time.is_duration() || !(0.0..2_958_466.0).contains(&value) {
        return value.to_string();
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let clock = if milli == 0 {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}.{milli:03}")
    };
    if value < 1.0 {
        return clock;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if value.fract() == 0.0 { date } else { format!("{date}T{clock}") }
}

fn error_text(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}

/// Refuses an archive whose entries are absurdly long when decompressed, before anything holds
/// them.
fn check_size(file: &mut File, limits: &Limits) -> std::result::Result<(), Fault> {
    let n_compressed =
        file.metadata().map(|about| about.len()).map_err(|own| Fault::Said(own.to_string()))?;
    let allowed = n_compressed.saturating_mul(limits.expansion).max(Limits::FREE_EXPANSION);
    let fault = |error: zip::result::ZipError| Fault::Said(error.to_string());
    let mut archive = ZipArchive::new(BufReader::new(&mut *file)).map_err(fault)?;
    let mut n_all = 0_u64;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(fault)?;
        let is_shared = entry.name().is_ok_and(|name| name == SHARED_STRINGS);
        let mut buffer = vec![0; 64 * 1024];
        let mut n_own = 0_u64;
        loop {
            let n_read = entry.read(&mut buffer).map_err(|error| Fault::Said(error.to_string()))?;
            if n_read == 0 {
                break;
            }
            (n_own, n_all) = (n_own + n_read as u64, n_all + n_read as u64);
            if n_all > allowed {
                return Err(Fault::Ours(format!(
                    "it decompresses to more than {} times its size; --max-expansion raises the \
                     limit",
                    limits.expansion
                )));
            }
            if is_shared && n_own > SHARED_BYTES {
                return Err(Fault::Ours(
                    "more than 1 GiB of text; save the sheet as CSV".to_owned(),
                ));
            }
        }
    }
    drop(archive);
    std::io::Seek::rewind(file).map_err(|error| Fault::Said(error.to_string()))
}

/// A column as Excel names it: A for 0, AA for 26.
fn letters(mut column: u32) -> String {
    let mut name = Vec::new();
    loop {
        name.push(b'A' + (column % 26) as u8);
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    name.reverse();
    String::from_utf8(name).unwrap_or_default()
}

#[cfg(test)]
mod tests;
