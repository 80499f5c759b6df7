//! CSV files that people keep by hand beside their exports: lists, prices, rates. Every fault in
//! them has a place, since whoever wrote the line can mend it.

use crate::error::{Error, ErrorKind, Location, Result, excerpt};

/// The rows of such a file, with the columns in the order in which the caller knows them.
pub(crate) struct ReferenceFile {
    /// The rows that hold anything.
    pub(crate) rows: Vec<ReferenceRow>,
    /// Which of the known columns the file has, in the caller's order.
    pub(crate) has: Vec<bool>,
}

/// One row.
pub(crate) struct ReferenceRow {
    /// Where it stands.
    pub(crate) place: Location,
    /// The cells of the known columns, without the blanks around them; empty where the file lacks
    /// the column.
    pub(crate) cells: Vec<String>,
}

impl ReferenceFile {
    /// Reads a file: a header, then rows, in the delimiter of the header (comma, semicolon or tab).
    /// Empty lines and lines that begin with `#` are passed over. Case does not count in the header.
    ///
    /// # Errors
    /// [`ErrorKind::Reference`] with file, line and column: no header, a column that is not known
    /// or stands twice, a row of another width than the header, no row at all.
    pub(crate) fn parse(name: &str, text: &str, known: &[&str]) -> Result<ReferenceFile> {
        let file = Location::file(name);
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'));
        let Some(header) = first else {
            return Err(fault(file, format!("no header; its columns may be {}", known.join(", "))));
        };
        let delimiter =
            [b',', b';', b'\t'].into_iter().max_by_key(|own| count(header, *own)).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .comment(Some(b'#'))
            .delimiter(delimiter)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut lines = Lines { text, at: 0, line: 1 };
        let mut positions: Option<Vec<usize>> = None;
        let mut rows = Vec::new();
        for record in reader.records() {
            let record =
                record.map_err(|error| fault(file.clone(), excerpt(&error.to_string())))?;
            let begin = record.position().map_or(0, |own| own.byte() as usize);
            let place = file.clone().line(lines.of_record(begin));
            let Some(positions) = &positions else {
                positions = Some(header_positions(&record, known, &place)?);
                continue;
            };
            if record.iter().all(str::is_empty) {
                continue;
            }
            if record.len() != positions.len() {
                let (expected, found) = (positions.len(), record.len());
                return Err(fault(
                    place,
                    format!("the header has {expected} fields and this row {found}"),
                ));
            }
            let mut cells = vec![String::new(); known.len()];
            for (cell, &position) in record.iter().zip(positions) {
                cell.clone_into(&mut cells[position]);
            }
            rows.push(ReferenceRow { place, cells });
        }
        if rows.is_empty() {
            return Err(fault(file, "a header and no row".to_owned()));
        }
        let positions = positions.unwrap_or_default();
        let has = (0..known.len()).map(|at| positions.contains(&at)).collect();
        Ok(ReferenceFile { rows, has })
    }
}

/// A fault in such a file.
pub(crate) fn fault(location: Location, problem: String) -> Error {
    ErrorKind::Reference { location, problem }.into()
}

/// Which known column each field of the header is.
fn header_positions(
    header: &csv::StringRecord,
    known: &[&str],
    place: &Location,
) -> Result<Vec<usize>> {
    let mut positions = Vec::with_capacity(header.len());
    for name in header {
        let same = |own: &&str| own.eq_ignore_ascii_case(name);
        let Some(position) = known.iter().position(same) else {
            let problem = format!(
                "the header has the column {}; the columns may be {}",
                excerpt(name),
                known.join(", ")
            );
            return Err(fault(place.clone(), problem));
        };
        if positions.contains(&position) {
            let problem = format!("the header has the column {} twice", excerpt(name));
            return Err(fault(place.clone(), problem));
        }
        positions.push(position);
    }
    Ok(positions)
}

/// Tells the lines on which records begin: the reader of CSV tells where it began to look for a
/// record, which is before the lines that it passed over.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the record that the reader found from this offset on, counted from 1. Offsets
    /// come in order.
    fn of_record(&mut self, from: usize) -> u64 {
        let gone = self.text.get(self.at..from).unwrap_or_default();
        self.line += count(gone, b'\n') as u64;
        self.at = from.max(self.at);
        for line in self.text.get(self.at..).unwrap_or_default().split_inclusive('\n') {
            if !(line.trim_end_matches(['\r', '\n']).is_empty() || line.starts_with('#')) {
                break;
            }
            self.line += 1;
            self.at += line.len();
        }
        self.line
    }
}

fn count(line: &str, byte: u8) -> usize {
    line.bytes().filter(|own| *own == byte).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        match ReferenceFile::parse("my.csv", text, &["seller", "brand"]) {
            Ok(_) => panic!("{text} is read"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn columns_are_found_in_any_order_and_rows_know_their_line() {
        let text = "\u{feff}# kept by hand\n\nBrand;Seller\n\" a;b \";7\n;\n# aside\nc;\n";
        let file = ReferenceFile::parse("my.csv", text, &["seller", "brand", "note"]).unwrap();
        assert_eq!(file.has, [true, true, false]);
        let cells: Vec<Vec<String>> = file.rows.iter().map(|row| row.cells.clone()).collect();
        assert_eq!(cells, [["7", "a;b", ""], ["", "c", ""]]);
        let lines: Vec<Option<u64>> = file.rows.iter().map(|row| row.place.line).collect();
        assert_eq!(lines, [Some(4), Some(7)]);
    }

    #[test]
    fn a_fault_has_its_place() {
        assert_eq!(problem(""), "my.csv: no header; its columns may be seller, brand");
        assert_eq!(problem("seller,brand\n"), "my.csv: a header and no row");
        assert_eq!(
            problem("seller,shop\n1,2\n"),
            "my.csv: line 1: the header has the column \"shop\"; the columns may be seller, brand"
        );
        assert_eq!(
            problem("seller,Seller\n1,2\n"),
            "my.csv: line 1: the header has the column \"Seller\" twice"
        );
        assert_eq!(
            problem("seller,brand\n1,2\n1,2,3\n"),
            "my.csv: line 3: the header has 2 fields and this row 3"
        );
    }
}
