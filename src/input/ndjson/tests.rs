//! JSON objects: what is read, what is set aside, and where.

use std::io::Write;

use arrow_array::cast::AsArray;

use arrow_array::Array;
use proptest::prelude::*;

use super::super::TextEncoding;
use super::*;

fn open_as(bytes: &[u8], format: Format, options: &ReadOptions) -> Result<JsonReader> {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("written");
    let mut source = Source::open(file.path(), &options.limits)?;
    source.name = Arc::from("x.ndjson");
    JsonReader::open(source, format, options)
}

fn open(bytes: &[u8], block_rows: usize) -> Result<JsonReader> {
    let encoding = Some(TextEncoding::UTF_8);
    let options = ReadOptions { encoding, block_rows, ..ReadOptions::default() };
    open_as(bytes, Format::Ndjson, &options)
}

fn message(bytes: &[u8]) -> String {
    open(bytes, 8).err().expect("an error").to_string()
}

#[test]
fn keys_become_columns_in_the_order_in_which_they_appear() {
    let text = b"\xef\xbb\xbf{\"b\":\"007\",\"a\":1.50}\r\n\n  \n {\"c\":[1, 2],\"b\":null}\n{}";
    let mut reader = open(text, 8).expect("opened");
    let names: Vec<&str> = super::super::columns::names_of(reader.schema()).collect();
    assert_eq!(names, ["b", "a", "c"]);
    let block = reader.next_block(8).expect("read").expect("a block");
    let cells = |index: usize| -> Vec<Option<&str>> {
        let column = block.batch.table.column(index).as_string::<i32>();
        column.iter().collect()
    };
    assert_eq!(cells(0), [Some("007"), None, None]);
    assert_eq!(cells(1), [Some("1.50"), None, None]);
    assert_eq!(cells(2), [None, Some("[1,2]"), None]);
    assert_eq!(block.batch.records, [1, 2, 3]);
    assert_eq!(block.batch.lines, [1, 4, 5]);
    let verbatim = block.batch.verbatim.expect("the objects");
    assert_eq!(verbatim.value(1), "{\"c\":[1, 2],\"b\":null}");
    assert!(reader.next_block(8).expect("read").is_none());
}

#[test]
fn broken_lines_are_set_aside_and_teach_no_keys() {
    let text =
        b"{\"a\":1}\n[1]\n{\"a\":1,\"a\":2}\n{\"z\":1,\"z\":2}\n{\"a\":x}\n{\"a\":2}\n{\"a\"\n";
    let mut reader = open(text, 8).expect("opened");
    assert_eq!(reader.schema().fields().len(), 1);
    let block = reader.next_block(8).expect("read").expect("a block");
    assert_eq!(block.batch.records, [1, 6]);
    let found: Vec<_> = block
        .rejects
        .iter()
        .map(|reject| {
            let place = &reject.location;
            (
                place.record,
                place.line,
                reject.byte.expect("an offset"),
                &*reject.cause,
                &*reject.raw,
            )
        })
        .collect();
    assert_eq!(found[0], (Some(2), Some(2), 8, "not a JSON object", "[1]"));
    assert_eq!(found[1], (Some(3), Some(3), 12, "the key \"a\" twice", "{\"a\":1,\"a\":2}"));
    assert_eq!(found[2].3, "the key \"z\" twice");
    assert!(found[3].3.starts_with("not JSON: "), "{}", found[3].3);
    assert!(found[4].3.starts_with("not JSON: "), "{}", found[4].3);
    assert_eq!(found.len(), 5);
}

/// Records, and cells by column, of all blocks.
fn read(mut reader: JsonReader) -> (Vec<Vec<Option<String>>>, Vec<Reject>, Vec<Problem>) {
    let (mut rows, mut rejects, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(block) = reader.next_block(2).expect("read") {
        for row in 0..block.batch.n_records() {
            let cells = block.batch.table.columns().iter().map(|column| {
                let column = column.as_string::<i32>();
                (!column.is_null(row)).then(|| column.value(row).to_owned())
            });
            rows.push(cells.collect());
        }
        rejects.extend(block.rejects);
        problems.extend(block.problems);
    }
    (rows, rejects, problems)
}

#[test]
fn a_key_behind_the_first_block_is_a_column_of_a_file() {
    let reader =
        open(b"{\"a\":1}\n{\"a\":2}\n\n{\"a\":3,\"b\":4}\n{\"c\":1,\"c\":2}\n", 2).expect("opened");
    let names: Vec<&str> = super::super::columns::names_of(reader.schema()).collect();
    assert_eq!(names, ["a", "b"]);
    let (rows, rejects, _) = read(reader);
    let cell = |text: &str| Some(text.to_owned());
    assert_eq!(rows, [[cell("1"), None], [cell("2"), None], [cell("3"), cell("4")]]);
    assert_eq!(rejects.len(), 1);
}

#[test]
fn a_key_behind_the_first_block_of_a_stream_sets_its_record_aside() {
    let mut reader =
        open(b"{\"a\":1}\n{\"a\":2}\n\n{\"a\":3,\"b\":4}\n{\"a\":5}\n", 2).expect("opened");
    // As of a stream, which could not be looked through.
    reader.places.remove("b");
    reader.knows_all = false;
    reader.schema = text_schema(["a"].into_iter());
    reader.ahead = None;
    let (rows, rejects, _) = read(reader);
    assert_eq!(rows, [[Some("5".to_owned())]]);
    assert_eq!(
        rejects[0].to_error().to_string(),
        "x.ndjson: record 3, line 4: the key b is in none of the first 2 records, and a stream \
         is read once; write the input to a file first"
    );
}

#[test]
fn arrays_are_read_as_lines_are_and_their_objects_fit_on_a_line() {
    let text =
        "[\n {\n  \"id\": \"007\",\n  \"n\": 1.50\n },\n {\"id\": null, \"x\": [1, 2]},\n 7\n]\n";
    let mut reader =
        open_as(text.as_bytes(), Format::Json, &ReadOptions::default()).expect("opened");
    let block = reader.next_block(9).expect("read").expect("a block");
    let verbatim = block.batch.verbatim.as_ref().expect("objects");
    assert_eq!(verbatim.value(0), "{\"id\":\"007\",\"n\":1.50}");
    assert_eq!(block.batch.lines, [2, 6]);
    assert!(block.batch.is_native_number("n", 0) && !block.batch.is_native_number("id", 0));
    assert_eq!(block.rejects[0].cause, "not a JSON object");
    assert_eq!(block.rejects[0].location.line, Some(7));
}

#[test]
fn an_object_that_holds_all_others_is_refused_with_the_remedy() {
    let text = b"{\"total\": 2, \"items\": [ {\"id\":1}, {\"id\":2} ]}";
    let error = open_as(text, Format::Json, &ReadOptions::default()).err().expect("an error");
    let message = error.to_string();
    assert!(message.contains("key \"items\"") && message.contains("jq"), "{message}");
}

#[test]
fn undecodable_bytes_are_a_problem_of_their_member() {
    let text = b"{\"a\":\"\\ufffd\",\"b\":\"caf\xe9\"}\n{\"a\":\"\xc3\xa9\"}\n";
    let (rows, rejects, problems) = read(open(text, 9).expect("opened"));
    assert!(rejects.is_empty());
    assert_eq!(rows[0][1].as_deref(), Some("caf\u{fffd}"));
    assert_eq!(problems.len(), 1);
    assert_eq!(
        problems[0].to_error().to_string(),
        "x.ndjson: record 1, line 1, column b: expected text in UTF-8, found \"\"caf\\xE9\"\""
    );
}

#[test]
fn limits_set_records_aside_by_name() {
    let limits = Limits { json_depth: 3, cell_bytes: 9, record_bytes: 60, ..Limits::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let text = format!(
        "{{\"a\":1}}\n{{\"a\":[[[1]]]}}\n{{\"a\":\"{}\"}}\n{{\"a\":\"{}\"}}\n{{\"a\":[[2]]}}\n",
        "x".repeat(10),
        "y".repeat(70)
    );
    for format in [Format::Ndjson, Format::Json] {
        let reader = open_as(text.as_bytes(), format, &options).expect("opened");
        let (rows, rejects, _) = read(reader);
        assert_eq!(rows.len(), 2, "{format:?}");
        let causes: Vec<&str> = rejects.iter().map(|own| own.cause.as_str()).collect();
        assert!(causes[0].contains("deeper than 3 levels; --max-depth"), "{causes:?}");
        assert!(causes[1].contains("column a holds more than 9 bytes; --max-cell"), "{causes:?}");
        assert!(causes[2].contains("longer than 60 bytes; --max-record"), "{causes:?}");
    }
}

#[test]
fn blocks_hold_all_lines_in_order_whatever_their_size() {
    let text: String = (0..50)
        .map(|n| if n % 7 == 3 { "x\n".to_owned() } else { format!("{{\"n\":{n}}}\n") })
        .collect();
    for block_rows in [1, 2, 7, 50, 1000] {
        let mut reader = open(text.as_bytes(), block_rows).expect("opened");
        let (mut records, mut n_rejects) = (Vec::new(), 0);
        while let Some(block) = reader.next_block(block_rows).expect("read") {
            n_rejects += block.rejects.len();
            records.extend(block.batch.records);
        }
        let expected: Vec<u64> = (1..=50).filter(|n| (n - 1) % 7 != 3).collect();
        assert_eq!(records, expected);
        assert_eq!(n_rejects, 7);
    }
}

#[test]
fn files_without_objects_are_refused() {
    assert!(message(b"").contains("no records: the file is empty"));
    assert!(message(b"\n \n").contains("no records: the file is empty"));
    assert!(message(b"{}\n{}\n").contains("no keys"));
    assert!(message(b"{\"a\n1\n").contains("no JSON object in its first records"));
    let keys: Vec<String> = (0..10_001).map(|n| format!("\"k{n}\":0")).collect();
    let wide = format!("{{{}}}", keys.join(","));
    assert!(message(wide.as_bytes()).contains("at most 10000 columns"));
}

proptest! {
    #[test]
    fn a_table_is_read_back_from_lines_and_from_arrays(
        rows in prop::collection::vec(("\\PC{0,6}", prop::option::of(any::<i64>())), 1..12),
        is_pretty in any::<bool>(),
        is_array in any::<bool>(),
        end in prop::sample::select(vec!["\n", "\r\n"]),
        label in prop::sample::select(vec!["utf-8", "utf-16le"]),
        block_rows in 1usize..6,
    ) {
        let objects: Vec<String> = rows
            .iter()
            .map(|(text, number)| {
                let object = serde_json::json!({ "t": text, "n": number });
                if is_pretty && is_array { format!("{object:#}") } else { object.to_string() }
            })
            .collect();
        let text = if is_array {
            format!("[{end}{}{end}]", objects.join(&format!(",{end}")))
        } else {
            objects.join(end)
        };
        let bytes: Vec<u8> = match label {
            "utf-8" => text.into_bytes(),
            _ => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        };
        let encoding = Some(label.parse().expect("an encoding"));
        let options = ReadOptions { encoding, block_rows, ..ReadOptions::default() };
        let format = if is_array { Format::Json } else { Format::Ndjson };
        let (found, rejects, _) = read(open_as(&bytes, format, &options).expect("opened"));
        prop_assert!(rejects.is_empty(), "{:?}", rejects);
        let expected: Vec<Vec<Option<String>>> = rows
            .iter()
            .map(|(text, number)| vec![Some(text.clone()), number.map(|own| own.to_string())])
            .collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn no_record_of_a_damaged_file_is_lost(
        flips in prop::collection::vec((0usize..400, any::<u8>()), 0..12),
        is_array in any::<bool>(),
        block_rows in 1usize..9,
    ) {
        let objects: Vec<String> =
            (0..20).map(|n| format!("{{\"id\":{n},\"t\":[\"a\",{{}}]}}")).collect();
        let text = if is_array { format!("[{}]", objects.join(",\n")) } else { objects.join("\n") };
        let mut bytes = text.into_bytes();
        for (index, byte) in flips {
            let index = index % bytes.len();
            bytes[index] = byte;
        }
        let format = if is_array { Format::Json } else { Format::Ndjson };
        let options = ReadOptions { block_rows, ..ReadOptions::default() };
        let Ok(mut reader) = open_as(&bytes, format, &options) else { return Ok(()) };
        let mut numbers = Vec::new();
        while let Some(block) = reader.next_block(block_rows).expect("read") {
            prop_assert!(block.batch.n_records() + block.rejects.len() <= block_rows);
            numbers.extend(block.batch.records);
            numbers.extend(block.rejects.iter().map(|own| own.location.record.expect("one")));
        }
        numbers.sort_unstable();
        let n = numbers.len() as u64;
        prop_assert_eq!(numbers, (1..=n).collect::<Vec<_>>());
    }
}
