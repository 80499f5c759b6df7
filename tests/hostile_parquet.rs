//! Parquet files that were made to end the process: each ends in a message with status 2.
//!
//! They are written by hand, byte by byte, as no writer writes them: what they announce (sizes,
//! numbers of values, depth) is not there. Each of them ended an earlier version in an abort or was
//! read with rows that the file does not have. The program runs as a child in 4 GB of address
//! space, so that a reservation of memory that a large machine would grant is seen too.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::process::{Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_pinchbeck");

/// Physical types and encodings of the format.
const INT32: i64 = 1;
const INT64: i64 = 2;
const BYTE_ARRAY: i64 = 6;
const FIXED: i64 = 7;
const PLAIN: i64 = 0;
const DELTA_LENGTH: i64 = 6;
const DELTA_BYTES: i64 = 7;
const DICTIONARY: i64 = 8;

const MAX: i64 = i32::MAX as i64;

fn count(bytes: &[u8]) -> i64 {
    i64::try_from(bytes.len()).unwrap()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn zigzag(value: i64) -> Vec<u8> {
    varint(((value << 1) ^ (value >> 63)) as u64)
}

/// A structure in Thrift's compact protocol.
#[derive(Default)]
struct Struct {
    bytes: Vec<u8>,
    last: u8,
}

impl Struct {
    fn field(mut self, id: u8, kind: u8, value: Vec<u8>) -> Self {
        self.bytes.push(((id - self.last) << 4) | kind);
        self.last = id;
        self.bytes.extend(value);
        self
    }

    fn int(self, id: u8, value: i64) -> Self {
        self.field(id, 5, zigzag(value))
    }

    fn long(self, id: u8, value: i64) -> Self {
        self.field(id, 6, zigzag(value))
    }

    fn text(self, id: u8, text: &str) -> Self {
        let value = [varint(text.len() as u64), text.as_bytes().to_vec()].concat();
        self.field(id, 8, value)
    }

    fn inner(self, id: u8, inner: Struct) -> Self {
        let value = inner.end();
        self.field(id, 12, value)
    }

    fn list(self, id: u8, kind: u8, elements: Vec<Vec<u8>>) -> Self {
        let mut value = vec![0xf0 | kind];
        value.extend(varint(elements.len() as u64));
        value.extend(elements.concat());
        self.field(id, 9, value)
    }

    fn end(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }
}

fn new() -> Struct {
    Struct::default()
}

/// A data page of `n` values, or a dictionary page.
fn page(values: &[u8], n: i64, encoding: i64, is_dictionary: bool, size: Option<i64>) -> Vec<u8> {
    let length = count(values);
    let header = new()
        .int(1, if is_dictionary { 2 } else { 0 })
        .int(2, size.unwrap_or(length))
        .int(3, length);
    let header = if is_dictionary {
        header.inner(7, new().int(1, n).int(2, encoding))
    } else {
        header.inner(5, new().int(1, n).int(2, encoding).int(3, 3).int(4, 3))
    };
    [header.end(), values.to_vec()].concat()
}

fn data(values: &[u8], n: i64, encoding: i64) -> Vec<u8> {
    page(values, n, encoding, false, None)
}

fn dictionary(values: &[u8], n: i64) -> Vec<u8> {
    page(values, n, PLAIN, true, None)
}

/// Texts with their lengths before them.
fn plain(texts: &[&str]) -> Vec<u8> {
    let texts = texts.iter();
    texts.flat_map(|text| [&(text.len() as u32).to_le_bytes(), text.as_bytes()].concat()).collect()
}

/// One run of `n` times the same level or key.
fn run(n: i64, value: u8) -> Vec<u8> {
    [varint((n as u64) << 1), vec![value]].concat()
}

fn leaf(name: &str, kind: i64) -> Vec<u8> {
    let leaf = new().int(1, kind).int(3, 0).text(4, name);
    if kind == BYTE_ARRAY { leaf.int(6, 0).end() } else { leaf.end() }
}

fn group(name: &str, repetition: i64, n_children: i64) -> Struct {
    new().int(3, repetition).text(4, name).int(5, n_children)
}

struct Column {
    path: Vec<String>,
    kind: i64,
    /// Bytes of the dictionary page, which comes first.
    dictionary: Option<i64>,
    pages: Vec<u8>,
    n_values: i64,
}

fn column(name: &str, kind: i64, pages: Vec<u8>) -> Column {
    Column { path: vec![name.to_owned()], kind, dictionary: None, pages, n_values: 2 }
}

/// A file of two listings with one column more.
fn file(schema: Vec<Vec<u8>>, further: Column, n_rows: i64, codec: i64) -> Vec<u8> {
    let mut elements = vec![new().text(4, "schema").int(5, 3).end()];
    elements.extend([leaf("listing_id", BYTE_ARRAY), leaf("title", BYTE_ARRAY)]);
    elements.extend(schema);
    let columns = [
        column("listing_id", BYTE_ARRAY, data(&plain(&["a", "b"]), 2, PLAIN)),
        column("title", BYTE_ARRAY, data(&plain(&["bag", "belt"]), 2, PLAIN)),
        further,
    ];
    let mut bytes = b"PAR1".to_vec();
    let mut chunks = Vec::new();
    for own in columns {
        let begin = count(&bytes);
        let length = count(&own.pages);
        let path = own.path.iter();
        let path = path.map(|part| [varint(part.len() as u64), part.as_bytes().to_vec()].concat());
        let about = new()
            .int(1, own.kind)
            .list(2, 5, vec![zigzag(PLAIN)])
            .list(3, 8, path.collect())
            .int(4, if own.path[0] == "brand" { codec } else { 0 })
            .long(5, own.n_values)
            .long(6, length)
            .long(7, length)
            .long(9, begin + own.dictionary.unwrap_or(0));
        let about = if own.dictionary.is_some() { about.long(11, begin) } else { about };
        chunks.push(new().long(2, begin).inner(3, about).end());
        bytes.extend(own.pages);
    }
    let rows = new().list(1, 12, chunks).long(2, 100).long(3, n_rows).end();
    let footer = new().int(1, 1).list(2, 12, elements).long(3, n_rows).list(4, 12, vec![rows]);
    let footer = footer.end();
    bytes.extend(&footer);
    bytes.extend((footer.len() as u32).to_le_bytes());
    bytes.extend(b"PAR1");
    bytes
}

fn with_brand(kind: i64, pages: Vec<u8>) -> Vec<u8> {
    file(vec![leaf("brand", kind)], column("brand", kind, pages), 2, 0)
}

fn with_dictionary(kind: i64, values: &[u8]) -> Vec<u8> {
    let values = dictionary(values, MAX);
    let keys = data(&[vec![1], run(2, 0)].concat(), 2, DICTIONARY);
    let dictionary = Some(count(&values));
    let brand = Column { dictionary, ..column("brand", kind, [values, keys].concat()) };
    file(vec![leaf("brand", kind)], brand, 2, 0)
}

/// Structures within one another.
fn nested(depth: usize) -> Vec<u8> {
    let mut schema: Vec<Vec<u8>> = (0..depth).map(|_| group("g", 0, 1).end()).collect();
    schema.push(leaf("x", INT32));
    let mut path = vec!["g".to_owned(); depth];
    path.push("x".to_owned());
    let own = Column { path, ..column("g", INT32, data(&[0; 8], 2, PLAIN)) };
    file(schema, own, 2, 0)
}

/// One row whose list has 2^31 - 1 elements, all the same.
fn endless_list() -> Vec<u8> {
    let schema =
        vec![group("l", 1, 1).int(6, 3).end(), group("list", 2, 1).end(), leaf("element", INT32)];
    let with_length =
        |bytes: Vec<u8>| [(bytes.len() as u32).to_le_bytes().to_vec(), bytes].concat();
    let values = dictionary(&[0; 4], 1);
    let repetition = with_length([run(1, 0), run(MAX - 1, 1)].concat());
    let definition = with_length(run(MAX, 2));
    let keys = [vec![1], run(MAX, 0)].concat();
    let own = Column {
        path: ["l", "list", "element"].map(str::to_owned).to_vec(),
        kind: INT32,
        dictionary: Some(count(&values)),
        pages: [values, data(&[repetition, definition, keys].concat(), MAX, DICTIONARY)].concat(),
        n_values: MAX,
    };
    file(schema, own, 2, 0)
}

#[test]
fn what_a_file_announces_and_does_not_have_ends_in_a_message() {
    let texts = || data(&plain(&["x", "y"]), 2, PLAIN);
    let with_rows = |n_rows| {
        file(vec![leaf("brand", BYTE_ARRAY)], column("brand", BYTE_ARRAY, texts()), n_rows, 0)
    };
    // Lengths as differences: blocks of 128 in 4 parts, so many values, the first of them.
    let lengths = |n: u64| [varint(128), varint(4), varint(n), zigzag(0)].concat();
    let announced = lengths(1 << 40);
    let two = [lengths(2), zigzag(0), vec![0; 4]].concat();
    let fixed = new().int(1, FIXED).int(2, MAX).int(3, 1).text(4, "brand").end();
    let no_values = data(&[2u32.to_le_bytes().to_vec(), run(2, 0)].concat(), 2, PLAIN);
    let snappy = page(&plain(&["x", "y"]), 2, PLAIN, false, Some(MAX));
    let whole = with_brand(BYTE_ARRAY, texts());
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        (
            "delta_length",
            with_brand(BYTE_ARRAY, data(&announced, 2, DELTA_LENGTH)),
            "it announces more texts than values",
        ),
        (
            "delta_bytes",
            with_brand(BYTE_ARRAY, data(&[two, announced].concat(), 2, DELTA_BYTES)),
            "it announces more texts than values",
        ),
        (
            "dictionary_of_texts",
            with_dictionary(BYTE_ARRAY, &plain(&["x"])),
            "a dictionary of 2147483647 values in 5 bytes",
        ),
        (
            "dictionary_of_numbers",
            with_dictionary(INT64, &[0; 8]),
            "a dictionary of 2147483647 values in 8 bytes",
        ),
        (
            "page_of_2_gib",
            file(vec![leaf("brand", BYTE_ARRAY)], column("brand", BYTE_ARRAY, snappy), 2, 1),
            "--max-expansion raises the limit",
        ),
        (
            "cells_of_2_gib",
            file(vec![fixed], column("brand", FIXED, no_values), 2, 0),
            "--max-cell raises the limit",
        ),
        ("deep", nested(2000), "--max-depth raises the limit"),
        ("deeper", nested(200_000), "--max-depth raises the limit"),
        ("endless_list", endless_list(), "a page of 2147483647 values"),
        ("fewer_rows", with_rows(1), "2 values for 1 rows"),
        ("more_rows", with_rows(5), "2 values for 5 rows"),
        ("endless_rows", with_rows(1 << 60), "2 values for 1152921504606846976 rows"),
        (
            "lzo",
            file(vec![leaf("brand", BYTE_ARRAY)], column("brand", BYTE_ARRAY, texts()), 2, 3),
            "column brand is compressed with LZO",
        ),
        ("encrypted", [b"PARE".as_slice(), &whole[4..]].concat(), "it is encrypted"),
        ("cut", whole[..whole.len() - 20].to_vec(), "it is cut short"),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes, part) in cases {
        let path = folder.path().join(format!("{name}.parquet"));
        fs::write(&path, bytes).unwrap();
        let (status, said) = score(&path);
        let message = said.lines().last().unwrap_or_default();
        assert_eq!(status, Some(2), "{name}: {said}");
        assert!(message.contains(&*path.to_string_lossy()), "{name}: {said}");
        assert!(message.contains(part), "{name}: {said}");
    }
    // What the files above are made from is no worse than other files.
    let path = folder.path().join("whole.parquet");
    fs::write(&path, whole).unwrap();
    let (status, said) = score(&path);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("2 rows read, 2 scored"), "{said}");
}

/// The status and what was said on standard error; an abort has no status.
fn score(path: &std::path::Path) -> (Option<i32>, String) {
    let ran = Command::new("bash")
        .args(["-c", "ulimit -v 4000000; exec \"$0\" \"$@\"", PROGRAM, "score"])
        .arg(path)
        .args(["--threads", "1", "--columns", "all", "--format", "csv"])
        .env_remove("RUST_BACKTRACE")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(ran.status.code() == Some(0) || ran.stdout.is_empty());
    (ran.status.code(), String::from_utf8_lossy(&ran.stderr).into_owned())
}
