//! Which format a file is in, told from its first bytes.

use std::path::Path;

use super::unreadable;
use crate::error::{Location, Result};

/// A format that tables are read from and written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Separated values with a header, any of `,` `;` tab `|` between fields.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// The name as messages write it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Csv => "CSV",
            Format::Ndjson => "NDJSON",
            Format::Parquet => "Parquet",
        }
    }

    /// The format that the ending of a file's name promises.
    pub fn from_ending(path: &Path) -> Option<Format> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" | "tsv" | "tab" | "txt" => Some(Format::Csv),
            "ndjson" | "jsonl" | "json" => Some(Format::Ndjson),
            "parquet" | "pq" => Some(Format::Parquet),
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
    (b"PK\x03\x04", "zip or xlsx", "decompress it, or save the sheet as CSV in UTF-8"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save the sheet as CSV in UTF-8"),
];

const CONVERT: &str = "convert it to UTF-8 first";
const DECOMPRESS: &str = "decompress it first";

/// The magic number of a bzip2 block, the digits of pi, which follows `BZh` and a digit.
const BZIP2_BLOCK: &[u8] = b"\x31\x41\x59\x26\x53\x59";

/// The format of a file, from its first bytes; its name decides where they do not.
///
/// `{` as the first byte of the text that is not blank is NDJSON; separated values have no mark of
/// their own. `head` is text in UTF-8, whatever the encoding of the file.
///
/// # Errors
/// [`crate::ErrorKind::Format`] for compressed files, workbooks, UTF-16, UTF-32 and JSON arrays,
/// with what to do about it.
pub(super) fn sniff(head: &[u8], path: &Path, file: &str) -> Result<Format> {
    let mut text = head.iter().filter(|byte| !byte.is_ascii_whitespace());
    let begin = (text.next(), text.next());
    match begin {
        (Some(b'{'), _) => Ok(Format::Ndjson),
        (Some(b'['), Some(b'{')) => Err(unreadable(
            Location::file(file),
            "NDJSON",
            "a JSON array; write one object a line first (jq -c '.[]')",
        )),
        _ => Ok(Format::from_ending(path).unwrap_or(Format::Csv)),
    }
}

/// The format of a file that is not text, told by its first bytes.
///
/// # Errors
/// [`crate::ErrorKind::Format`] for what is known and not read, with what to do about it.
pub(super) fn binary(head: &[u8], file: &str) -> Result<Option<Format>> {
    if head.starts_with(b"PAR1") {
        return Ok(Some(Format::Parquet));
    }
    refuse_foreign(head, file)?;
    Ok(None)
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
        assert_eq!(sniffed(b"PAR1\x15\x04", "a.csv"), Some(Format::Parquet));
        assert_eq!(sniffed(b"\n  {\"a\":1}", "a.csv"), Some(Format::Ndjson));
        assert_eq!(sniffed(b"a,b\n1,2", "a"), Some(Format::Csv));
        assert_eq!(sniffed(b"", "a.jsonl"), Some(Format::Ndjson));
        assert_eq!(sniffed(b"rubbish", "A.PARQUET"), Some(Format::Parquet));
    }

    #[test]
    fn every_foreign_format_is_refused_by_name() {
        let mut heads: Vec<(Vec<u8>, &str)> =
            FOREIGN.iter().map(|(signature, name, _)| (signature.to_vec(), *name)).collect();
        heads.push((b"BZh9\x31\x41\x59\x26\x53\x59".to_vec(), "bzip2"));
        for (mut head, name) in heads {
            head.extend_from_slice(b"a,b\n");
            let message = binary(&head, "x.csv").expect_err(name).to_string();
            assert!(message.starts_with("x.csv: not readable as text"), "{message}");
            assert!(message.contains(name), "{message}");
        }
    }

    #[test]
    fn a_header_that_begins_like_bzip2_is_text() {
        assert_eq!(sniffed(b"BZh1,b,c,d,e\n", "a"), Some(Format::Csv));
    }

    #[test]
    fn a_json_array_is_refused_with_the_remedy() {
        let message =
            sniff(b"[\n {\"a\":1}]", Path::new("x"), "x").expect_err("an array").to_string();
        assert!(message.contains("one object a line"), "{message}");
        assert_eq!(sniffed(b"[id],[title]\n", "a"), Some(Format::Csv));
    }
}
