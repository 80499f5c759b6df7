//! Separated values: what is read, what is set aside, and where.

use std::io::{Read, Write};

use arrow_array::Array;
use arrow_array::cast::AsArray;
use proptest::prelude::*;

use super::super::TextEncoding;
use super::*;

fn open_with(bytes: &[u8], options: &ReadOptions) -> Result<CsvReader> {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("written");
    let mut reader = CsvReader::open(Source::open(file.path(), &options.limits)?, options)?;
    reader.name = Arc::from("x.csv");
    Ok(reader)
}

fn open(bytes: &[u8], delimiter: Option<u8>) -> Result<CsvReader> {
    let encoding = Some(TextEncoding::UTF_8);
    open_with(bytes, &ReadOptions { encoding, delimiter, ..ReadOptions::default() })
}

/// What a file holds.
#[derive(Default)]
struct Found {
    /// All cells by row, an empty one as `~`.
    rows: Vec<Vec<String>>,
    rejects: Vec<Reject>,
    problems: Vec<Problem>,
    /// Record and line of each row.
    places: Vec<(u64, u64)>,
}

fn read_all(mut reader: CsvReader) -> Found {
    let mut found = Found::default();
    while let Some(block) = reader.next_block(3).expect("read") {
        for row in 0..block.batch.n_records() {
            let columns = block.batch.table.columns().iter();
            let cells = columns.map(|column| {
                let column = column.as_string::<i32>();
                if column.is_null(row) { "~".to_owned() } else { column.value(row).to_owned() }
            });
            found.rows.push(cells.collect());
        }
        found.places.extend(block.batch.records.into_iter().zip(block.batch.lines));
        found.rejects.extend(block.rejects);
        found.problems.extend(block.problems);
    }
    found
}

fn read(bytes: &[u8]) -> Found {
    read_all(open(bytes, None).expect("opened"))
}

/// Record, line, offset, cause and text of each reject.
fn told(rejects: &[Reject]) -> Vec<(Option<u64>, Option<u64>, u64, &str, &str)> {
    let told = rejects.iter().map(|reject| {
        let place = &reject.location;
        (place.record, place.line, reject.byte.expect("an offset"), &*reject.cause, &*reject.raw)
    });
    told.collect()
}

fn message(bytes: &[u8]) -> String {
    let error = open(bytes, None).err().expect("an error");
    error.to_string()
}

#[test]
fn cells_are_text_as_it_stands() {
    let Found { rows, rejects, places, .. } =
        read(b"\xef\xbb\xbfid,title\n007, a \n\n8,\"x, \"\"y\"\"\nz\"\n,\"\"\n9,12\" tv\n");
    assert_eq!(rows, [["007", " a "], ["8", "x, \"y\"\nz"], ["~", "~"], ["9", "12\" tv"]]);
    assert!(rejects.is_empty());
    assert_eq!(places, [(1, 2), (2, 4), (3, 6), (4, 7)]);
}

#[test]
fn delimiters_are_told_from_the_header_and_line_ends_from_the_file() {
    for (text, last) in [
        ("a;b,c;\"d;,,,\"\r\n1;2;3\r\n\r\n4;5;6", (2, 4)),
        ("a\tb\tc\n1\t2\t3\n4\t5\t6\n", (2, 3)),
        ("a|b|c\r1|2|3\r4|5|6\r", (2, 3)),
        ("\n\na,b,c\n1,2,3\n4,5,6", (2, 5)),
    ] {
        let Found { rows, rejects, places, .. } = read(text.as_bytes());
        assert_eq!(rows, [["1", "2", "3"], ["4", "5", "6"]], "{text:?}");
        assert!(rejects.is_empty());
        assert_eq!(places.last(), Some(&last), "{text:?}");
    }
    let mut reader = open(b"a,b;c\n1,2;3\n", Some(b';')).expect("opened");
    let block = reader.next_block(9).expect("read").expect("a block");
    assert_eq!(block.batch.table.num_columns(), 2);
}

#[test]
fn broken_records_are_set_aside_with_their_place_and_their_text() {
    let bytes = b"id,title\r\n1,a,b\r\n2,b,,\r\n3\r\n4,d\r\n5,\"c\"d\r\n6,e\r\n7,\"f\r\n8,g\r\n";
    let Found { rows, rejects, places, .. } = read(bytes);
    assert_eq!(rows, [["2", "b"], ["4", "d"], ["6", "e"], ["8", "g"]]);
    assert_eq!(places, [(2, 3), (4, 5), (6, 7), (8, 9)]);
    // Offsets by hand: the header is 10 bytes, the records before 7, 7, 3, 5, 8 and 5.
    assert_eq!(
        told(&rejects),
        [
            (Some(1), Some(2), 10, "3 fields where the header has 2", "1,a,b"),
            (Some(3), Some(4), 24, "1 field where the header has 2", "3"),
            (Some(5), Some(6), 32, "text behind the closing quote of a field", "5,\"c\"d"),
            (Some(7), Some(8), 45, "a quote that is never closed", "7,\"f"),
        ]
    );
}

/// A quote that opens by mistake ends at the next one that opens, lines below.
#[test]
fn a_stray_quote_costs_one_line() {
    let Found { rows, rejects, places, .. } =
        read(b"id,title\n1,\"12 inch\n2,b\n3,\"c, d\"\n4,\"e\nf\"\n");
    assert_eq!(rows, [["2", "b"], ["3", "c, d"], ["4", "e\nf"]]);
    assert_eq!(places, [(2, 3), (3, 4), (4, 5)]);
    let cause = "text behind the closing quote of a field";
    assert_eq!(told(&rejects), [(Some(1), Some(2), 9, cause, "1,\"12 inch")]);
}

#[test]
fn undecodable_bytes_are_a_problem_of_their_cell_and_the_record_stays() {
    let Found { rows, rejects, problems, .. } =
        read("id,title,note\n1,né,x\n2,caf\u{fffd}\u{1},y\n".replace('\u{1}', "!").as_bytes());
    assert_eq!(rows[1], ["2", "caf\u{fffd}!", "y"], "a character of the file");
    assert!(rejects.is_empty() && problems.is_empty());
    let Found { rows, rejects, problems, .. } =
        read(b"id,title,note\n1,n\xc3\xa9,x\n2,\"caf\xe9,\",\xff\n");
    assert_eq!(rows, [["1", "né", "x"], ["2", "caf\u{fffd},", "\u{fffd}"]]);
    assert!(rejects.is_empty());
    let problems: Vec<String> =
        problems.iter().map(|problem| problem.to_error().to_string()).collect();
    assert_eq!(problems.len(), 2);
    assert!(
        problems[0].starts_with(
            "x.csv: record 2, line 3, column title: expected text in UTF-8, found \"caf\\xE9,\""
        ),
        "{}",
        problems[0]
    );
    assert!(problems[1].contains("column note"), "{}", problems[1]);
}

#[test]
fn offsets_are_those_of_the_file_in_every_encoding() {
    let text = "id,название\n1,Кожаная сумка\n2\n3,ремень\n";
    let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode(text);
    let with_mark = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    // Characters before record 2 by hand: 12 of the header and 16 of the first record; in
    // UTF-8, 8 and 12 of them take two bytes.
    for (bytes, offset) in
        [(cyrillic.as_ref(), 28), (&utf_16, 56), (text.as_bytes(), 48), (&with_mark, 51)]
    {
        let reader = open_with(bytes, &ReadOptions::default()).expect("opened");
        let Found { rows, rejects, .. } = read_all(reader);
        assert_eq!(rows, [["1", "Кожаная сумка"], ["3", "ремень"]]);
        let cause = "1 field where the header has 2";
        assert_eq!(told(&rejects), [(Some(2), Some(3), offset, cause, "2")]);
    }
}

#[test]
fn lines_end_as_the_header_does() {
    // A lone CR in a file of LF is text, and the CR of a last line without LF is not.
    let Found { rows, .. } = read(b"id,title\n1,a\rb\n2,\"c\r\"\r\n3,d\r");
    assert_eq!(rows, [["1", "a\rb"], ["2", "c\r"], ["3", "d"]]);
    // A byte order mark in the middle is text, too.
    let Found { rows, rejects, .. } = read("id,t\n1\n\u{feff}2,b\n".as_bytes());
    assert_eq!(rows, [["\u{feff}2", "b"]]);
    assert_eq!(rejects.len(), 1);
}

#[test]
fn dialects_of_spreadsheets_and_databases_are_understood() {
    let Found { rows, places, .. } = read(b"sep=;\r\nid;title\r\n1;\"a;b\"\r\n");
    assert_eq!(rows, [["1", "a;b"]]);
    assert_eq!(places, [(1, 3)]);
    let Found { rows, .. } = read(b"id,title\n1,\"12\\\" tv, new\"\n2,\"a\\\\b\"\n");
    assert_eq!(rows, [["1", "12\" tv, new"], ["2", "a\\b"]]);
    let reader = open(b"id,title,,\n1,a,,x\n", None).expect("opened");
    let names: Vec<&str> =
        reader.schema().fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!(names, ["id", "title", "", "column 4"]);
}

#[test]
fn headers_that_cannot_be_trusted_are_refused() {
    for (bytes, part) in [
        (&b""[..], "no records: the file is empty"),
        (b"\n\n", "no records: the file is empty"),
        (b"\xef\xbb\xbf", "no records: the file is empty"),
        (b"a,b,a\n1,2,3\n", "\"a\" stands at positions 1 and 3"),
        (b"a,\xe9\n1,2\n", "the header holds bytes that are not UTF-8; --encoding"),
        (b"a\0,b\n1,2\n", "the header holds NUL bytes"),
        (b"a,\"b\n1,2\n", "the header: a quote that is never closed"),
    ] {
        let message = message(bytes);
        assert!(message.contains(part), "{message}");
    }
    let wide = vec!["x"; 10_001].join(",");
    assert!(message(wide.as_bytes()).contains("at most 10000 columns"));
}

#[test]
fn records_beyond_the_limits_are_set_aside_and_those_behind_them_read() {
    let limits = Limits {
        record_bytes: 600_000,
        cell_bytes: 1000,
        n_columns: 3,
        json_depth: 9,
        expansion: 9,
    };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let long = "x".repeat(1001);
    // A line beyond the limit, an open quote, a long cell, too many fields.
    let text = format!(
        "id,title\n1,{}\n2,\"open\n3,a\n4,{}\n5,{long}\n6,{}\n7,b\n",
        "é".repeat(400_000),
        "y\n".repeat(400_000),
        ",".repeat(5000),
    );
    let Found { rows, rejects, .. } =
        read_all(open_with(text.as_bytes(), &options).expect("opened"));
    let told = told(&rejects);
    assert_eq!(told[0].0, Some(1));
    assert_eq!(told[0].3, "a record longer than 600000 bytes; --max-record raises the limit");
    assert_eq!(told[0].4.len(), 64 * 1024, "what is shown ends between characters");
    assert_eq!(
        told[1].3,
        "a quote that is never closed, or a record longer than 600000 bytes; --max-record \
         raises the limit"
    );
    assert_eq!((told[1].0, told[1].1, told[1].4), (Some(2), Some(3), "2,\"open"));
    // Record 4 is `4,y` and behind it 399,999 lines of `y` and a blank one.
    assert_eq!(rows, [["3", "a"], ["4", "y"], ["7", "b"]]);
    let last = &told[told.len() - 2..];
    assert_eq!(last[0].3, "column title holds more than 1000 bytes; --max-cell raises the limit");
    assert_eq!(last[1].3, "5002 fields where the header has 2");
    assert_eq!(told.len(), 2 + 399_999 + 2);
    let message = open_with(b"a,b,c,d\n1,2,3,4\n", &options).err().expect("an error");
    let message = message.to_string();
    let expected = "expected at most 3 columns (--max-columns raises the limit), found 4";
    assert!(message.ends_with(expected), "{message}");
}

#[test]
fn memory_does_not_grow_with_a_line() {
    // 512 MiB without a line end, of which 17 MiB may be held.
    let name: Arc<str> = Arc::from("x.csv");
    let endless = Box::new(
        std::io::Cursor::new(b"id,title\n1,a\n2,".to_vec())
            .chain(std::io::repeat(b'x').take(512 << 20)),
    );
    let mut own = open(b"id,title\n1,a\n", Some(b',')).expect("opened");
    own.text = DecodedText::new(endless, TextEncoding::UTF_8, 0);
    own.text.fill().expect("read");
    own.text.consume(9);
    own.name = name;
    let block = own.next_block(10).expect("read").expect("a block");
    assert_eq!((block.batch.records.as_slice(), block.rejects.len()), (&[1][..], 1));
    assert!(own.cells.len() <= 64 << 20, "{}", own.cells.len());
    assert!(own.text.available().is_empty());
}

proptest! {
    #[test]
    fn no_record_of_a_damaged_file_is_lost(
        flips in prop::collection::vec((0usize..400, any::<u8>()), 0..12),
        cut in 100usize..400,
        block_rows in 1usize..9,
    ) {
        let mut bytes = b"id,title,price\r\n".to_vec();
        for n in 0..30 {
            bytes.extend_from_slice(format!("{n},\"a \"\"{n}\"\"\nb\",{n}.50\r\n").as_bytes());
        }
        bytes.truncate(cut);
        for (index, byte) in flips {
            let index = index % bytes.len();
            bytes[index] = byte;
        }
        let Ok(mut reader) = open(&bytes, Some(b',')) else {
            return Ok(());
        };
        let mut numbers = Vec::new();
        while let Some(block) = reader.next_block(block_rows).expect("read") {
            prop_assert!(block.batch.n_records() + block.rejects.len() <= block_rows);
            let table = &block.batch.table;
            prop_assert_eq!(table.num_rows(), block.batch.records.len());
            prop_assert_eq!(table.num_rows(), block.batch.lines.len());
            let mut own: Vec<(u64, u64)> =
                block.batch.records.iter().copied().zip(block.batch.lines).collect();
            for reject in block.rejects {
                let place = reject.location;
                own.push((place.record.expect("a record"), place.line.expect("a line")));
                let begin = usize::try_from(reject.byte.expect("an offset")).expect("an offset");
                // A character that the limits of the record cut is another alone.
                let text = String::from_utf8_lossy(&bytes[begin..]).into_owned();
                prop_assert!(text.starts_with(&reject.raw), "{:?} {:?}", text, reject.raw);
            }
            own.sort_unstable();
            numbers.extend(own);
        }
        let records: Vec<u64> = numbers.iter().map(|(record, _)| *record).collect();
        let n_records = records.len() as u64;
        prop_assert_eq!(records, (1..=n_records).collect::<Vec<_>>());
        prop_assert!(numbers.is_sorted_by(|one, two| one.1 <= two.1));
    }

    #[test]
    fn any_table_in_any_dialect_is_read_back(
        rows in prop::collection::vec(prop::collection::vec(cell(), 3), 1..20),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|', 0x01]),
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        label in prop::sample::select(vec!["utf-8", "utf-16le", "utf-16be", "gb18030"]),
        has_mark in any::<bool>(),
        always_quotes in any::<bool>(),
        block_rows in 1usize..8,
    ) {
        let style = if always_quotes { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .terminator(csv::Terminator::Any(b'\n'))
            .quote_style(style)
            .from_writer(Vec::new());
        writer.write_record(["id", "b", "c"]).expect("written");
        for (n, row) in rows.iter().enumerate() {
            // Texts with line ends of their own have those of no dialect here.
            let id = n.to_string();
            let cells = [&id, &row[1], &row[2]];
            writer.write_record(cells).expect("written");
        }
        let text = String::from_utf8(writer.into_inner().expect("flushed")).expect("text");
        // What the writer quoted for its LF is quoted for the others too, as cells have none.
        let text = text.replace('\n', end);
        let text = if has_mark { format!("\u{feff}{text}") } else { text };
        let bytes: Vec<u8> = match label {
            "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => {
                let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("known");
                encoding.encode(&text).0.into_owned()
            }
        };
        let encoding = Some(label.parse().expect("an encoding"));
        let options = ReadOptions { encoding, delimiter: Some(delimiter), ..ReadOptions::default() };
        // A mark is only told in the encodings that have one of their own.
        prop_assume!(!(has_mark && label == "gb18030"));
        let mut reader = open_with(&bytes, &options).expect("opened");
        let mut found = Vec::new();
        while let Some(block) = reader.next_block(block_rows).expect("read") {
            prop_assert!(block.rejects.is_empty(), "{:?}", block.rejects);
            prop_assert!(block.problems.is_empty(), "{:?}", block.problems);
            for row in 0..block.batch.n_records() {
                let cells = block.batch.table.columns().iter().map(|column| {
                    let column = column.as_string::<i32>();
                    if column.is_null(row) { String::new() } else { column.value(row).to_owned() }
                });
                found.push(cells.collect::<Vec<String>>());
            }
        }
        let expected: Vec<Vec<String>> = rows
            .iter()
            .enumerate()
            .map(|(n, row)| vec![n.to_string(), row[1].clone(), row[2].clone()])
            .collect();
        prop_assert_eq!(found, expected);
    }
}

/// Cells with all that could be mistaken for structure, but line ends.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z\"',;|\t\u{1} =-]{0,6}",
        "[\u{430}-\u{44f}\u{4e00}-\u{4eff}\u{1f600}-\u{1f60f}, \"]{0,6}",
    ]
}
