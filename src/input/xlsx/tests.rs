//! Workbooks: what is read, what is set aside, and where.

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
            (Some(3), Some(10), "a cell beside the columns of the header: \"8\" in column A", "8"),
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
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
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
