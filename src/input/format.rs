//! Which format a file is in, told from its first bytes.

use std::path::Path;

use super::json::nesting;
use super::unreadable;
use crate::error::{Location, Result};

/// A format that tables are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Separated values with a header.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// An array of JSON objects, or objects one after the other over several lines each.
    Json,
    /// Apache Parquet.
    Parquet,
    /// A workbook of Excel 2007 and later.
    Xlsx,
}

impl Format {
    /// The name as messages write it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Csv => "CSV",
            Format::Ndjson => "NDJSON",
            Format::Json => "JSON",
            Format::Parquet => "Parquet",
            Format::Xlsx => "xlsx",
        }
    }

    /// The format that the ending of a file's name promises.
    pub fn from_ending(path: &Path) -> Option<Format> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" | "tsv" | "tab" | "txt" => Some(Format::Csv),
            "ndjson" | "jsonl" | "json" => Some(Format::Ndjson),
            "parquet" | "pq" => Some(Format::Parquet),
            "xlsx" => Some(Format::Xlsx),
            _ => None,
        }
    }
}

/// Formats that are told by their first bytes and not read: the bytes, the name, the remedy.
///
/// Longer signatures stand before those they begin with.
const FOREIGN: &[(&[u8], &str, &str)] = &[
    (b"\xff\xfe\x00\x00", "UTF-32", CONVERT),
    (b"\x00\x00\xfe\xff", "UTF-32", CONVERT),
    // What is behind one compression and compressed again.
    (b"\x1f\x8b", "gzip within another compression", DECOMPRESS),
    (b"\x28\xb5\x2f\xfd", "zstd within another compression", DECOMPRESS),
    (b"\xfd7zXZ\x00", "xz", DECOMPRESS),
    (b"7z\xbc\xaf\x27\x1c", "7z", DECOMPRESS),
    (b"\x04\x22\x4d\x18", "lz4", DECOMPRESS),
    (b"\x1f\x9d", "compress (.Z)", DECOMPRESS),
    (b"Rar!\x1a\x07", "rar", DECOMPRESS),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", SAVE),
    (b"PARE", "encrypted Parquet", "decrypt it first"),
    (b"Obj\x01", "Avro", EXPORT),
    (b"ORC", "ORC", EXPORT),
    (b"ARROW1", "Arrow IPC (Feather)", EXPORT),
    (b"FEA1", "Feather", EXPORT),
    (b"SQLite format 3\0", "an SQLite database", EXPORT),
    (b"%PDF-", "PDF", SAVE),
    (b"{\\rtf", "RTF", SAVE),
];

const CONVERT: &str = "convert it to UTF-8 first";
const DECOMPRESS: &str = "decompress it first";
const SAVE: &str = "save the table as xlsx or CSV";
const EXPORT: &str = "export the table as Parquet or CSV";

/// The magic number of a bzip2 block, the digits of pi, which follows `BZh` and a digit.
const BZIP2_BLOCK: &[u8] = b"\x31\x41\x59\x26\x53\x59";

/// How a zip archive begins, which workbooks are.
const ZIP: &[u8] = b"PK\x03\x04";

/// The format of a file that is not text, told by its first bytes.
///
/// # Errors
/// [`crate::ErrorKind::Format`] for what is known and not read, with what to do about it.
pub(super) fn binary(head: &[u8], file: &str) -> Result<Option<Format>> {
    if head.starts_with(b"PAR1") {
        return Ok(Some(Format::Parquet));
    }
    if head.starts_with(ZIP) {
        return archive(head, file).map(Some);
    }
    refuse_foreign(head, file)?;
    Ok(None)
}

/// What a zip archive is, by the names of its first entries.
fn archive(head: &[u8], file: &str) -> Result<Format> {
    let names = |name: &str| memchr::memmem::find(head, name.as_bytes()).is_some();
    let refused = |what: &str, remedy: &str| {
        Err(unreadable(Location::file(file), "text", format!("it is {what}; {remedy}")))
    };
    if names("application/vnd.oasis.opendocument") {
        return refused("an OpenDocument sheet (.ods)", SAVE);
    }
    if names("xl/workbook.bin") {
        return refused("a binary workbook (.xlsb)", SAVE);
    }
    if names("word/") || names("ppt/") {
        return refused("a document of Word or PowerPoint", SAVE);
    }
    if names("[Content_Types].xml") || names("xl/") || names("_rels/") || names("docProps/") {
        return Ok(Format::Xlsx);
    }
    refused("a zip archive", DECOMPRESS)
}

/// The format of a text, from its content first; its name decides where that does not.
///
/// `{` as the first character that is not blank is NDJSON where the first line is a whole object,
/// and JSON otherwise; `[` before an object or a `]` is JSON. Separated values have no mark of their
/// own. `head` is text in UTF-8, whatever the encoding of the file.
///
/// # Errors
/// [`crate::ErrorKind::Format`] for web pages and other markup.
pub(super) fn sniff(head: &[u8], path: &Path, file: &str) -> Result<Format> {
    let text = head.trim_ascii_start();
    refuse_markup(text, file)?;
    let mut visible = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    match (visible.next(), visible.next()) {
        (Some(b'['), Some(b'{' | b']')) => Ok(Format::Json),
        (Some(b'{'), _) => Ok(if is_line_whole(text) { Format::Ndjson } else { Format::Json }),
        _ => Ok(match Format::from_ending(path) {
            // What the ending promises and the content is not.
            Some(Format::Xlsx | Format::Json) | None => Format::Csv,
            Some(format) => format,
        }),
    }
}

/// True unless the first line ends within an object.
fn is_line_whole(text: &[u8]) -> bool {
    let Some(end) = memchr::memchr(b'\n', text) else { return true };
    nesting(text.get(..end).unwrap_or_default()).n_open == 0
}

/// An error for web pages, which portals send in place of an export to who is not logged in.
fn refuse_markup(text: &[u8], file: &str) -> Result<()> {
    let begins = |tag: &str| {
        text.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag.as_bytes()))
    };
    let what = if begins("<!doctype html") || begins("<html") || begins("<table") {
        "a web page (HTML), perhaps a login page in place of the export"
    } else if begins("<?xml") {
        "XML"
    } else {
        return Ok(());
    };
    Err(unreadable(Location::file(file), "text", format!("it is {what}; {SAVE}")))
}

/// An error for bytes that are known to be of a format that is not read.
pub(super) fn refuse_foreign(head: &[u8], file: &str) -> Result<()> {
    let known = FOREIGN
        .iter()
        .find(|(signature, _, _)| head.starts_with(signature))
        .map(|(_, name, remedy)| (*name, *remedy));
    let bzip2 = head.starts_with(b"BZh") && head.get(4..10) == Some(BZIP2_BLOCK);
    match known.or(bzip2.then_some(("bzip2", DECOMPRESS))) {
        None => Ok(()),
        Some((name, remedy)) => {
            Err(unreadable(Location::file(file), "text", format!("it is {name}; {remedy}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniffed(head: &[u8], name: &str) -> Option<Format> {
        match binary(head, name) {
            Ok(None) => sniff(head, Path::new(name), name).ok(),
            other => other.ok().flatten(),
        }
    }

    #[test]
    fn content_decides_before_the_name() {
        for (head, name, expected) in [
            (&b"PAR1\x15\x04"[..], "a.csv", Format::Parquet),
            (b"\n  {\"a\":1}", "a.csv", Format::Ndjson),
            (b"{\"a\":\"}\"}\n{", "a.csv", Format::Ndjson),
            (b"{\n  \"a\": 1\n}\n", "a.ndjson", Format::Json),
            (b"{\"a\": [\n", "a", Format::Json),
            (b"[\n {\"a\":1}]", "a.csv", Format::Json),
            (b"[]", "a", Format::Json),
            (b"[id],[title]\n", "a", Format::Csv),
            (b"a,b\n1,2", "a", Format::Csv),
            (b"", "a.jsonl", Format::Ndjson),
            (b"rubbish", "A.PARQUET", Format::Parquet),
            (b"a,b\n1,2\n", "export.xlsx", Format::Csv),
            (b"PK\x03\x04..[Content_Types].xml", "a.csv", Format::Xlsx),
        ] {
            assert_eq!(sniffed(head, name), Some(expected), "{name}");
        }
    }

    #[test]
    fn every_foreign_format_is_refused_by_name() {
        let mut heads: Vec<(Vec<u8>, &str)> =
            FOREIGN.iter().map(|(signature, name, _)| (signature.to_vec(), *name)).collect();
        heads.push((b"BZh9\x31\x41\x59\x26\x53\x59".to_vec(), "bzip2"));
        heads.push((b"PK\x03\x04export.csv".to_vec(), "a zip archive"));
        heads.push((
            b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet".to_vec(),
            ".ods",
        ));
        heads.push((b"PK\x03\x04[Content_Types].xml xl/workbook.bin".to_vec(), ".xlsb"));
        heads.push((b"PK\x03\x04[Content_Types].xml word/".to_vec(), "Word"));
        for (mut head, name) in heads {
            head.extend_from_slice(b"a,b\n");
            let message = binary(&head, "x.csv").expect_err(name).to_string();
            assert!(message.starts_with("x.csv: not readable as text"), "{message}");
            assert!(message.contains(name), "{message}");
        }
    }

    #[test]
    fn web_pages_are_no_exports() {
        for (text, part) in [
            ("<!DOCTYPE html><title>Log in</title>", "login page"),
            (" \n<HTML>", "web page"),
            ("<table><tr>", "web page"),
            ("<?xml version=\"1.0\"?>", "XML"),
        ] {
            let message = sniff(text.as_bytes(), Path::new("x.csv"), "x.csv").expect_err(text);
            assert!(message.to_string().contains(part), "{message}");
        }
        assert_eq!(sniffed(b"<title>,b\n", "a"), Some(Format::Csv));
    }

    #[test]
    fn a_header_that_begins_like_bzip2_is_text() {
        assert_eq!(sniffed(b"BZh1,b,c,d,e\n", "a"), Some(Format::Csv));
    }
}
