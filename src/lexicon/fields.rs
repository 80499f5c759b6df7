//! The fields of one line of CSV. A field does not reach over a line end, so each line is a text of
//! its own; the table of the parser is made once for all of them, as it costs more than many lines.

use std::ops::Range;

use csv_core::ReadRecordResult;

/// Takes lines apart.
#[derive(Debug)]
pub(super) struct Splitter {
    parser: csv_core::Reader,
    /// What stands in the fields of a line, one behind the other.
    bytes: Vec<u8>,
    /// Where each field ends in `bytes`.
    ends: Vec<usize>,
}

impl Splitter {
    /// `csv_core::Reader::default()` would have no table.
    pub(super) fn new() -> Splitter {
        Splitter { parser: csv_core::Reader::new(), bytes: Vec::new(), ends: Vec::new() }
    }

    /// The fields of a line, without the white space around them.
    pub(super) fn split(&mut self, line: &str) -> Vec<&str> {
        // No line has more bytes in its fields than it has itself, nor more fields than commas and one.
        self.bytes.resize(line.len() + 1, 0);
        self.ends.resize(line.len() + 1, 0);
        let n_fields = self.parse(line.as_bytes());
        let bounds = |field: usize| -> Range<usize> {
            let start = field.checked_sub(1).map_or(0, |before| self.ends[before]);
            start..self.ends[field]
        };
        let bytes = &self.bytes;
        let text = |range: Range<usize>| std::str::from_utf8(&bytes[range]).unwrap_or_default();
        (0..n_fields).map(|field| text(bounds(field)).trim()).collect()
    }

    /// Parses a line as if nothing came before it; the number of its fields.
    fn parse(&mut self, line: &[u8]) -> usize {
        self.parser.reset();
        let (found, _, n_bytes, n_ends) =
            self.parser.read_record(line, &mut self.bytes, &mut self.ends);
        if found == ReadRecordResult::Record {
            return n_ends;
        }
        // The line has no end of its own, which an empty input stands for.
        let (bytes, ends) = (&mut self.bytes[n_bytes..], &mut self.ends[n_ends..]);
        n_ends + self.parser.read_record(&[], bytes, ends).3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the csv crate makes of a line with a reader of its own.
    fn by_csv(line: &str) -> Vec<String> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(line.as_bytes());
        let mut record = csv::StringRecord::new();
        reader.read_record(&mut record).unwrap();
        record.iter().map(str::to_owned).collect()
    }

    #[test]
    fn lines_are_taken_apart_as_by_the_csv_crate() {
        let mut splitter = Splitter::new();
        for line in [
            "a,b,c",
            "a, b ,\u{a0}c\u{3000}",
            "",
            ",",
            ",,,",
            "\"a,b\",c",
            " \"a,b\",c",
            "\"never closed, c",
            "\"a \"\"b\"\"\" ,c",
            "\"a\"b\",c",
            "a\"b\"",
            "\u{feff}a,b",
            "\r",
            "\r\ra,b",
            "a,b\rc,d",
            "高仿,\"复刻, 1:1\"",
            "a,b,c",
        ] {
            assert_eq!(splitter.split(line), by_csv(line), "{line:?}");
        }
        for file in crate::lexicon::LEXICONS {
            for line in file.text.lines() {
                assert_eq!(splitter.split(line), by_csv(line), "{}: {line}", file.name);
            }
        }
    }
}
