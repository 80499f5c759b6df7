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
use super::{BLOCK_BYTES, Block, Format, NativeNumbers, RawBatch, ReadOptions, Reject, empty};
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
        while records.len() + rejects.len() < n_rows && n_bytes < BLOCK_BYTES {
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
mod tests {
    use std::io::{Cursor, Write};

    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// A workbook of sheets, each a name, a state and the XML of its rows.
    fn workbook(sheets: &[(&str, &str, &str)], is_1904: bool) -> Vec<u8> {
        const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const LINK: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let mut add = |name: &str, text: String| {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        };
        add("[Content_Types].xml", format!("<Types xmlns=\"{PACKAGE}/content-types\"/>"));
        add(
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r1\" \
                 Type=\"{LINK}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        );
        let mut listed = String::new();
        let mut links = String::new();
        for (index, (name, state, _)) in sheets.iter().enumerate() {
            let id = index + 1;
            listed.push_str(&format!(
                "<sheet name=\"{name}\" sheetId=\"{id}\" state=\"{state}\" r:id=\"s{id}\"/>"
            ));
            links.push_str(&format!(
                "<Relationship Id=\"s{id}\" Type=\"{LINK}/worksheet\" \
                 Target=\"worksheets/sheet{id}.xml\"/>"
            ));
        }
        let epoch = if is_1904 { "<workbookPr date1904=\"1\"/>" } else { "" };
        add(
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{LINK}\">{epoch}<sheets>{listed}</sheets></workbook>"
            ),
        );
        add(
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\">{links}<Relationship Id=\"x\" \
                 Type=\"{LINK}/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"y\" \
                 Type=\"{LINK}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        );
        // Style 1 is a date, 2 a date with a time, 3 a time.
        add(
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{MAIN}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>\
                 <xf numFmtId=\"22\"/><xf numFmtId=\"21\"/></cellXfs></styleSheet>"
            ),
        );
        add(
            "xl/sharedStrings.xml",
            format!(
                "<sst xmlns=\"{MAIN}\"><si><t>id</t></si><si><t>title</t></si>\
                 <si><r><t xml:space=\"preserve\">rich </t></r><r><t>text</t></r></si><si><t>007</t></si></sst>"
            ),
        );
        for (index, (_, _, rows)) in sheets.iter().enumerate() {
            add(
                &format!("xl/worksheets/sheet{}.xml", index + 1),
                format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"),
            );
        }
        zip.finish().unwrap().into_inner()
    }

    fn open(bytes: &[u8], options: &ReadOptions) -> Result<XlsxReader> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let mut source = Source::open(file.path(), &options.limits)?;
        source.name = Arc::from("x.xlsx");
        XlsxReader::open(source, options)
    }

    /// Cells by row, an empty one as `~`, with the row of the sheet; and the rejects.
    fn read(mut reader: XlsxReader) -> Result<(Vec<(u64, String)>, Vec<Reject>)> {
        let (mut rows, mut rejects) = (Vec::new(), Vec::new());
        while let Some(block) = reader.next_block(2)? {
            for row in 0..block.batch.n_records() {
                let cells: Vec<&str> = block
                    .batch
                    .table
                    .columns()
                    .iter()
                    .map(AsArray::as_string::<i32>)
                    .map(|column| if column.is_null(row) { "~" } else { column.value(row) })
                    .collect();
                rows.push((block.batch.lines[row], cells.join("|")));
            }
            rejects.extend(block.rejects);
        }
        Ok((rows, rejects))
    }

    const HEADER: &str =
        "<row r=\"5\"><c r=\"C5\" t=\"s\"><v>0</v></c><c r=\"D5\" t=\"s\"><v>1</v></c></row>";

    fn names(reader: &XlsxReader) -> Vec<String> {
        reader.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    #[test]
    fn every_kind_of_cell_has_its_text() {
        // 45351.5 is noon of 2024-02-29: 45351 days behind 1899-12-30.
        let cells = [
            ("<c r=\"D6\" t=\"s\"><v>2</v></c>", "rich text"),
            ("<c r=\"D6\" t=\"inlineStr\"><is><t>in line</t></is></c>", "in line"),
            ("<c r=\"D6\"><v>4006381333931</v></c>", "4006381333931"),
            ("<c r=\"D6\"><v>12.50</v></c>", "12.5"),
            ("<c r=\"D6\" s=\"1\"><v>45351</v></c>", "2024-02-29"),
            ("<c r=\"D6\" s=\"2\"><v>45351.5</v></c>", "2024-02-29T12:00:00"),
            ("<c r=\"D6\" s=\"3\"><v>0.75</v></c>", "18:00:00"),
            ("<c r=\"D6\" t=\"b\"><v>1</v></c>", "true"),
            ("<c r=\"D6\" t=\"e\"><v>#N/A</v></c>", "#N/A"),
            ("<c r=\"D6\"><f>A1*2</f><v>14</v></c>", "14"),
            ("<c r=\"D6\" t=\"str\"><f>A1</f><v>said</v></c>", "said"),
            ("<c r=\"D6\"/>", "~"),
        ];
        for (cell, expected) in cells {
            let rows = format!("{HEADER}<row r=\"6\"><c r=\"C6\" t=\"s\"><v>3</v></c>{cell}</row>");
            let bytes = workbook(&[("one", "visible", &rows)], false);
            let reader = open(&bytes, &ReadOptions::default()).unwrap();
            assert_eq!(names(&reader), ["id", "title"]);
            let (rows, rejects) = read(reader).unwrap();
            assert_eq!(rows, [(6, format!("007|{expected}"))], "{cell}");
            assert!(rejects.is_empty());
        }
        // Of the other system, the same day has 1462 days less.
        let rows = format!("{HEADER}<row r=\"6\"><c r=\"C6\" s=\"1\"><v>43889</v></c></row>");
        let bytes = workbook(&[("one", "visible", &rows)], true);
        let (rows, _) = read(open(&bytes, &ReadOptions::default()).unwrap()).unwrap();
        assert_eq!(rows, [(6, "2024-02-29|~".to_owned())]);
    }

    #[test]
    fn blank_rows_are_passed_over_and_wide_ones_set_aside() {
        let rows = format!(
            "<row r=\"1\"/>{HEADER}<row r=\"6\"><c r=\"C6\"><v>1</v></c></row><row r=\"7\"/>\
             <row r=\"9\"><c r=\"C9\"><v>2</v></c><c r=\"F9\"><v>9</v></c></row>\
             <row r=\"10\"><c r=\"A10\"><v>8</v></c></row>\
             <row r=\"11\"><c r=\"D11\"><v>3</v></c></row>"
        );
        let bytes = workbook(&[("one", "visible", &rows)], false);
        let (rows, rejects) = read(open(&bytes, &ReadOptions::default()).unwrap()).unwrap();
        assert_eq!(rows, [(6, "1|~".to_owned()), (11, "~|3".to_owned())]);
        let told: Vec<_> = rejects
            .iter()
            .map(|own| (own.location.record, own.location.line, &*own.cause, &*own.raw))
            .collect();
        assert_eq!(
            told,
            [
                (
                    Some(2),
                    Some(9),
                    "a cell beside the columns of the header: \"9\" in column F",
                    "2\t9"
                ),
                (
                    Some(3),
                    Some(10),
                    "a cell beside the columns of the header: \"8\" in column A",
                    "8"
                ),
            ]
        );
    }

    #[test]
    fn the_first_sheet_with_a_cell_is_read_unless_one_is_named() {
        let row = |n: u32| format!("{HEADER}<row r=\"6\"><c r=\"C6\"><v>{n}</v></c></row>");
        let (one, two) = (row(1), row(2));
        let bytes = workbook(
            &[("empty", "visible", ""), ("hidden", "hidden", &one), ("data", "visible", &two)],
            false,
        );
        let sheet = |name: Option<&str>| ReadOptions {
            sheet: name.map(str::to_owned),
            ..ReadOptions::default()
        };
        let reader = open(&bytes, &sheet(None)).unwrap();
        assert_eq!(reader.sheet(), "data");
        assert_eq!(read(reader).unwrap().0[0].1, "2|~");
        let reader = open(&bytes, &sheet(Some("hidden"))).unwrap();
        assert_eq!(read(reader).unwrap().0[0].1, "1|~");
        let error = open(&bytes, &sheet(Some("none"))).err().unwrap().to_string();
        assert!(error.contains("empty, hidden, data"), "{error}");
        let error = open(&bytes, &sheet(Some("empty"))).err().unwrap().to_string();
        assert!(error.starts_with("x.xlsx: no records"), "{error}");
    }

    #[test]
    fn numbers_are_told_from_texts_of_digits() {
        let rows = format!(
            "{HEADER}<row r=\"6\"><c r=\"C6\"><v>1.299</v></c><c r=\"D6\" t=\"inlineStr\"><is>\
             <t>1.299</t></is></c></row>"
        );
        let bytes = workbook(&[("one", "visible", &rows)], false);
        let mut reader = open(&bytes, &ReadOptions::default()).unwrap();
        let batch = reader.next_block(9).unwrap().unwrap().batch;
        assert!(batch.is_native_number("id", 0) && !batch.is_native_number("title", 0));
    }

    #[test]
    fn limits_are_named() {
        let rows = format!(
            "{HEADER}<row r=\"6\"><c r=\"C6\" t=\"inlineStr\"><is><t>{}</t></is></c></row>",
            "x".repeat(50)
        );
        let bytes = workbook(&[("one", "visible", &rows)], false);
        let with = |limits: Limits| ReadOptions { limits, ..ReadOptions::default() };
        let cause = |limits: Limits| {
            let (_, rejects) = read(open(&bytes, &with(limits)).unwrap()).unwrap();
            rejects[0].cause.clone()
        };
        let base = Limits::default();
        assert!(cause(Limits { cell_bytes: 49, ..base }).contains("column id holds more than"));
        assert!(cause(Limits { record_bytes: 49, ..base }).contains("--max-record"));
        let error = open(&bytes, &with(Limits { n_columns: 1, ..base })).err().unwrap();
        assert!(error.to_string().contains("--max-columns"), "{error}");
    }

    #[test]
    fn an_archive_that_expands_beyond_the_limit_is_refused() {
        let rows = format!("{HEADER}{}", " ".repeat(300 << 20));
        let bytes = workbook(&[("one", "visible", &rows)], false);
        assert!(bytes.len() < 1 << 20);
        let error = open(&bytes, &ReadOptions::default()).err().unwrap().to_string();
        assert!(error.contains("--max-expansion"), "{error}");
    }

    #[test]
    fn damaged_workbooks_are_errors_with_a_place() {
        let rows = format!("{HEADER}<row r=\"6\"><c r=\"C6\" t=\"s\"><v>3</v></c></row>");
        let whole = workbook(&[("one", "visible", &rows)], false);
        // A linear congruential generator, constants of Knuth's MMIX.
        let mut state = 17_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize
        };
        let mut n_errors = 0;
        for _ in 0..1000 {
            let mut bytes = whole.clone();
            for _ in 0..=next() % 3 {
                let at = next() % bytes.len();
                bytes[at] ^= 1 << (next() % 8);
            }
            match open(&bytes, &ReadOptions::default()).and_then(read) {
                Ok((rows, rejects)) => assert!(rows.len() + rejects.len() <= 2),
                Err(error) => {
                    n_errors += 1;
                    let message = error.to_string();
                    assert!(message.starts_with("x.xlsx: "), "{message}");
                }
            }
        }
        assert!(n_errors > 100, "{n_errors}");
        for length in [0, 4, 100, whole.len() - 1] {
            assert!(open(&whole[..length], &ReadOptions::default()).is_err());
        }
    }

    #[test]
    fn columns_have_the_names_of_excel() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
