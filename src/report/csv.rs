//! A table as comma-separated values that a spreadsheet can open without harm.

use arrow_array::RecordBatch;
use arrow_schema::Schema;

use super::cells::{Shown, cell_fault, cells_of, displayable_columns};
use super::formula::is_formula;
use crate::error::Result;
use crate::input::RawBatch;

/// Texts of at least so many bytes are searched many bytes at a time.
const LONG: usize = 32;

/// Renders separated values: quoted where needed, numbers as the shortest text that gives them back,
/// `true` and `false`, nothing for null.
pub(super) struct CsvRows {
    delimiter: u8,
    raw_text: bool,
    /// For each byte whether a text that holds it is quoted.
    is_special: [bool; 256],
}

impl CsvRows {
    /// Rows with this delimiter; `raw_text` leaves formulas as they are.
    pub(super) fn new(delimiter: u8, raw_text: bool) -> CsvRows {
        let mut is_special = [false; 256];
        for byte in [delimiter, b'"', b'\n', b'\r'] {
            is_special[usize::from(byte)] = true;
        }
        CsvRows { delimiter, raw_text, is_special }
    }

    /// Appends the header; how many names got an apostrophe.
    pub(super) fn push_header(&self, header: &Schema, out: &mut Vec<u8>) -> u64 {
        let begin = out.len();
        let mut n_neutralized = 0;
        for (index, field) in header.fields().iter().enumerate() {
            self.push_delimiter(index, out);
            n_neutralized += self.push_text(field.name(), out);
        }
        end_record(begin, out);
        n_neutralized
    }

    /// Appends rows; the columns are those of the header, in their order. How many cells got an
    /// apostrophe.
    pub(super) fn push_rows(
        &self,
        raw: &RawBatch,
        table: &RecordBatch,
        out: &mut Vec<u8>,
    ) -> Result<u64> {
        let columns = displayable_columns(raw, table)?;
        let cells = cells_of(raw, table, &columns)?;
        let mut n_neutralized = 0;
        let mut buffer = String::new();
        for row in 0..table.num_rows() {
            let begin = out.len();
            for (index, cells) in cells.iter().enumerate() {
                self.push_delimiter(index, out);
                let shown = cells
                    .show(row, &mut buffer)
                    .map_err(|error| cell_fault(raw, table, row, index, error))?;
                match shown {
                    Shown::Null => {}
                    Shown::Text(text) => n_neutralized += self.push_text(text, out),
                    Shown::Number(digits) => self.push_quoted("", digits, out),
                    Shown::Truth(true) => out.extend_from_slice(b"true"),
                    Shown::Truth(false) => out.extend_from_slice(b"false"),
                }
            }
            end_record(begin, out);
        }
        Ok(n_neutralized)
    }

    fn push_delimiter(&self, index: usize, out: &mut Vec<u8>) {
        if index > 0 {
            out.push(self.delimiter);
        }
    }

    /// Appends a text; 1 if it got an apostrophe, else 0.
    fn push_text(&self, text: &str, out: &mut Vec<u8>) -> u64 {
        let is_neutralized = !self.raw_text && is_formula(text);
        self.push_quoted(if is_neutralized { "'" } else { "" }, text, out);
        u64::from(is_neutralized)
    }

    /// Appends a field, in quotes where it must be; `before` needs none.
    fn push_quoted(&self, before: &str, text: &str, out: &mut Vec<u8>) {
        if !self.needs_quotes(text.as_bytes()) {
            out.extend_from_slice(before.as_bytes());
            out.extend_from_slice(text.as_bytes());
            return;
        }
        out.push(b'"');
        out.extend_from_slice(before.as_bytes());
        for part in text.as_bytes().split_inclusive(|&byte| byte == b'"') {
            out.extend_from_slice(part);
            if part.ends_with(b"\"") {
                out.push(b'"');
            }
        }
        out.push(b'"');
    }

    fn needs_quotes(&self, text: &[u8]) -> bool {
        if text.len() < LONG {
            return text.iter().any(|&byte| self.is_special[usize::from(byte)]);
        }
        memchr::memchr3(self.delimiter, b'"', b'\n', text).is_some()
            || memchr::memchr(b'\r', text).is_some()
    }
}

/// A record of nothing is an empty text, as a blank line is no record.
fn end_record(begin: usize, out: &mut Vec<u8>) {
    if out.len() == begin {
        out.extend_from_slice(b"\"\"");
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, StringArray};
    use arrow_schema::{DataType, Field};
    use proptest::prelude::*;

    use super::*;

    /// What the csv crate makes of texts.
    fn by_the_crate(rows: &[Vec<String>], delimiter: u8) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        for row in rows {
            writer.write_record(row).expect("memory takes all");
        }
        writer.into_inner().expect("memory takes all")
    }

    fn header(names: &[String]) -> Schema {
        let field = |name: &String| Field::new(name, DataType::Utf8, true);
        Schema::new(names.iter().map(field).collect::<Vec<Field>>())
    }

    /// Short texts and long ones, of which many need quotes.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => "[a-c,;\t|\"\n\r' ]{0,5}",
            1 => "\\PC{0,8}",
            1 => ("[a-z é]{28,70}", "[,;\"\n\r]{0,1}", "[a-z]{0,40}")
                .prop_map(|(a, b, c)| a + &b + &c),
        ]
    }

    proptest! {
        #[test]
        fn rows_are_those_of_the_csv_crate(
            rows in (0usize..4).prop_flat_map(|n_columns| {
                prop::collection::vec(prop::collection::vec(text(), n_columns), 1..12)
            }),
            delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        ) {
            let own = CsvRows::new(delimiter, true);
            let mut out = Vec::new();
            for row in &rows {
                own.push_header(&header(row), &mut out);
            }
            prop_assert_eq!(&out, &by_the_crate(&rows, delimiter));

            let n_columns = rows[0].len();
            if n_columns > 0 {
                let columns = (0..n_columns).map(|at| {
                    let cells: StringArray = rows.iter().map(|row| Some(row[at].as_str())).collect();
                    (format!("c{at}"), Arc::new(cells) as ArrayRef)
                });
                let table = RecordBatch::try_from_iter(columns).expect("a batch");
                let raw = RawBatch::of(table.clone(), "memory");
                let mut again = Vec::new();
                own.push_rows(&raw, &table, &mut again).expect("rendered");
                prop_assert_eq!(again, out);
            }
        }

        #[test]
        fn an_apostrophe_stands_before_the_text_as_if_it_were_of_it(
            text in "[=+@-]{1}[a-c,\"\n]{0,40}",
        ) {
            let own = CsvRows::new(b',', false);
            let mut out = Vec::new();
            prop_assert_eq!(own.push_header(&header(std::slice::from_ref(&text)), &mut out), 1);
            prop_assert_eq!(out, by_the_crate(&[vec![format!("'{text}")]], b','));
        }
    }
}
