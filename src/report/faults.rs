//! The files that account for what could not be used: records not read, and cells not understood.

use std::fmt::Display;
use std::io;

use super::formula::neutralized;
use super::target::{OutputFile, Target};
use crate::error::{Error, Location, Result};
use crate::input::{Problem, Reject};

/// Writes the records that could not be read, as CSV with the columns `file`, `record`, `line`,
/// `byte_offset`, `cause` and `raw`.
///
/// A text that a spreadsheet would run as a formula has an apostrophe before it.
pub struct RejectWriter {
    rows: Rows,
}

impl RejectWriter {
    /// Opens the target and writes the header.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`].
    pub fn create(target: &Target) -> Result<Self> {
        let mut rows = Rows::create(target)?;
        rows.write(["file", "record", "line", "byte_offset", "cause", "raw"])?;
        Ok(RejectWriter { rows })
    }

    /// Adds one record.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`].
    pub fn write(&mut self, reject: &Reject) -> Result<()> {
        let place = &reject.location;
        self.rows.write([
            &place.file,
            &optional(place.record),
            &optional(place.line),
            &optional(reject.byte),
            &reject.cause,
            &reject.raw,
        ])
    }

    /// Completes the file.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`].
    pub fn finish(self) -> Result<()> {
        self.rows.finish()
    }
}

/// Writes the cells that could not be understood, as CSV with the columns `file`, `record`, `line`,
/// `column`, `found` and `expected`.
///
/// A text that a spreadsheet would run as a formula has an apostrophe before it.
pub struct ProblemWriter {
    rows: Rows,
}

impl ProblemWriter {
    /// Opens the target and writes the header.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`].
    pub fn create(target: &Target) -> Result<Self> {
        let mut rows = Rows::create(target)?;
        rows.write(["file", "record", "line", "column", "found", "expected"])?;
        Ok(ProblemWriter { rows })
    }

    /// Adds one cell.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`].
    pub fn write(&mut self, problem: &Problem) -> Result<()> {
        let Location { file, record, line, column } = &problem.location;
        self.rows.write([
            file,
            &optional(*record),
            &optional(*line),
            column.as_deref().unwrap_or_default(),
            &problem.found,
            &problem.expected,
        ])
    }

    /// Completes the file.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`].
    pub fn finish(self) -> Result<()> {
        self.rows.finish()
    }
}

/// Rows of CSV on their way to a target.
struct Rows {
    writer: ::csv::Writer<OutputFile>,
}

impl Rows {
    fn create(target: &Target) -> Result<Self> {
        Ok(Rows { writer: ::csv::Writer::from_writer(OutputFile::create(target)?) })
    }

    fn write<const N: usize>(&mut self, cells: [&str; N]) -> Result<()> {
        let outcome = self.writer.write_record(cells.map(neutralized).iter().map(|c| c.as_bytes()));
        outcome.map_err(|error| self.writer.get_ref().fault(io_error(error)))
    }

    fn finish(self) -> Result<()> {
        into_output(self.writer)?.finish()
    }
}

/// The output behind a writer, everything handed over to it.
fn into_output(mut writer: ::csv::Writer<OutputFile>) -> Result<OutputFile> {
    if let Err(error) = writer.flush() {
        return Err(writer.get_ref().fault(error));
    }
    let name = writer.get_ref().name().to_owned();
    writer.into_inner().map_err(|error| Error::io("write", name, error.into_error()))
}

/// The operating system's error within one of the csv crate, whose own conversion loses its kind.
fn io_error(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}

fn optional(number: Option<impl Display>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn both_files_name_the_place_and_run_no_formula() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("faults.csv");
        let target = Target::File(path.clone());
        let place = Location::file("a.csv").record(2).line(3);

        let mut rejects = RejectWriter::create(&target).expect("created");
        rejects
            .write(&Reject {
                location: place.clone(),
                byte: Some(40),
                cause: "2 fields where the header has 3".into(),
                raw: "=1,\"x".into(),
            })
            .expect("written");
        rejects.finish().expect("finished");
        assert_eq!(
            fs::read_to_string(&path).expect("read"),
            "file,record,line,byte_offset,cause,raw\n\
             a.csv,2,3,40,2 fields where the header has 3,\"'=1,\"\"x\"\n"
        );

        let mut problems = ProblemWriter::create(&target).expect("created");
        problems
            .write(&Problem {
                location: Location::file("a.parquet").record(2).column("preço"),
                found: "@x".into(),
                expected: "an amount".into(),
            })
            .expect("written");
        problems.finish().expect("finished");
        assert_eq!(
            fs::read_to_string(&path).expect("read"),
            "file,record,line,column,found,expected\na.parquet,2,,preço,'@x,an amount\n"
        );
    }
}
