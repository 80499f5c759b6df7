//! What can go wrong, and where: every fault in the data carries a [`Location`].

use std::fmt;
use std::io;

/// A result whose error is this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// A fault, opaque but for its [`ErrorKind`].
///
/// Its message names the place, what was expected and what was found. Text that came from a file
/// is cut and its control characters are made visible, so a message can be shown on a terminal.
#[derive(Debug)]
pub struct Error(Box<ErrorKind>);

impl Error {
    /// What went wrong, for programs that act on it.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// True when the reader of our output went away (`pinchbeck ... | head`), which is no fault.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(&*self.0, ErrorKind::Io { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }

    /// A failed operation of the operating system on `path`; `action` completes "cannot ...".
    pub(crate) fn io(action: &'static str, path: impl Into<String>, source: io::Error) -> Self {
        ErrorKind::Io { action, path: visible(&path.into()), source }.into()
    }

    /// A cell or a record that is not what it should be.
    pub(crate) fn value(location: Location, expected: impl Into<String>, found: &str) -> Self {
        ErrorKind::Value { location, expected: expected.into(), found: excerpt(found) }.into()
    }

    /// A file that cannot be read as the format it claims to be.
    pub(crate) fn format(
        location: Location,
        format: &'static str,
        detail: impl fmt::Display,
    ) -> Self {
        ErrorKind::Format { location, format, detail: excerpt(&detail.to_string()) }.into()
    }

    /// A model file that cannot be trusted or used.
    pub(crate) fn model(path: impl Into<String>, problem: impl Into<String>) -> Self {
        ErrorKind::Model { path: visible(&path.into()), problem: problem.into() }.into()
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Error(Box::new(kind))
    }
}

impl fmt::Display for Error {
    /// The message. Whatever foreign text got into it, nothing in it acts on a terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        let lines: Vec<String> = text.lines().map(visible).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            ErrorKind::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// The kinds of fault. New kinds may be added.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system refused.
    #[error("{path}: cannot {action}: {source}")]
    Io {
        /// Completes the sentence "cannot ...".
        action: &'static str,
        /// The file or stream.
        path: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// A value, a record or a file is not what was expected there.
    #[error("{location}: expected {expected}, found {found}")]
    Value {
        /// Where.
        location: Location,
        /// What should have stood there.
        expected: String,
        /// What stands there, quoted and cut.
        found: String,
    },
    /// A cell that cannot be read.
    #[error("{location}: expected {expected}, found {found}")]
    Unreadable {
        /// Where.
        location: Location,
        /// What should have stood there.
        expected: String,
        /// What stands there, quoted and cut.
        found: String,
    },
    /// A record that cannot be read.
    #[error("{location}: {cause}")]
    Rejected {
        /// Where.
        location: Location,
        /// Why it cannot be read.
        cause: String,
    },
    /// The bytes are not of the format.
    #[error("{location}: not readable as {format}: {detail}")]
    Format {
        /// Where.
        location: Location,
        /// The format that was tried.
        format: &'static str,
        /// What the parser said.
        detail: String,
    },
    /// A file without a single record.
    #[error("{file}: no records: the file {what}")]
    Empty {
        /// The file.
        file: String,
        /// What it holds instead, completing "the file ...".
        what: &'static str,
    },
    /// A column that the work needs is not in the file.
    #[error(
        "{file}: no column for `{column}`; the file has {available}; name it in a mapping file: [columns] {column} = \"their name\""
    )]
    MissingColumn {
        /// The file.
        file: String,
        /// The canonical name of what is missing.
        column: String,
        /// The columns that are there, listed.
        available: String,
    },
    /// Several columns of a file could be the same canonical column.
    #[error(
        "{file}: {candidates} could each be `{column}`; say which in a mapping file: [columns] {column} = {first:?}"
    )]
    AmbiguousColumn {
        /// The file.
        file: String,
        /// The canonical name.
        column: &'static str,
        /// The candidates, listed.
        candidates: String,
        /// One of them, for the line to write.
        first: String,
    },
    /// The same column name stands twice in a header.
    #[error(
        "{file}: the column name {name} stands at positions {first} and {second} of the header"
    )]
    DuplicateColumn {
        /// The file.
        file: String,
        /// The name, quoted.
        name: String,
        /// Position of the first, counted from 1.
        first: usize,
        /// Position of the second, counted from 1.
        second: usize,
    },
    /// Files of one input differ in their columns.
    #[error("{second}: its columns differ from those of {first}: {difference}")]
    ColumnsDiffer {
        /// The file read first.
        first: String,
        /// The file that differs.
        second: String,
        /// What differs.
        difference: String,
    },
    /// A mapping file that cannot be used.
    #[error("{file}: {problem}")]
    Mapping {
        /// The mapping file.
        file: String,
        /// What is wrong and what to write instead.
        problem: String,
    },
    /// A lexicon file that cannot be used.
    #[error("{location}: {problem}")]
    Lexicon {
        /// Where in the lexicon.
        location: Location,
        /// What is wrong.
        problem: String,
    },
    /// A file kept by hand, such as a list of sellers, that cannot be used.
    #[error("{location}: {problem}")]
    Reference {
        /// Where in the file.
        location: Location,
        /// What is wrong.
        problem: String,
    },
    /// Labels from which nothing can be learned or judged.
    #[error(
        "{file}: column {column}: all {n} labels say {found}; both counterfeit and genuine listings are needed"
    )]
    OneClass {
        /// The file or files.
        file: String,
        /// The label column.
        column: String,
        /// How many labels were read.
        n: usize,
        /// The only class there is.
        found: &'static str,
    },
    /// Too little data for what was asked.
    #[error("{what}: {found} found, at least {needed} needed")]
    TooFew {
        /// Of what there is too little.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// A matrix and a model that do not fit together.
    #[error("the model has {expected} columns and the matrix has {found}")]
    Width {
        /// Columns of the model.
        expected: usize,
        /// Columns of the matrix.
        found: usize,
    },
    /// The optimizer stopped before the optimum.
    #[error(
        "the fit did not converge: gradient norm {gradient_norm:.3e} per row after {max_iterations} iterations, {tolerance:.0e} wanted; raise the penalty or look for columns that separate the classes"
    )]
    NotConverged {
        /// Euclidean norm of the gradient divided by the number of rows.
        gradient_norm: f64,
        /// What it should have fallen to.
        tolerance: f64,
        /// The limit on iterations.
        max_iterations: u64,
    },
    /// The optimizer refused the problem.
    #[error("the fit failed: {detail}")]
    Fit {
        /// What it said.
        detail: String,
    },
    /// A model file that cannot be trusted or used.
    #[error("{path}: {problem}")]
    Model {
        /// The model file.
        path: String,
        /// What is wrong with it and what to do.
        problem: String,
    },
    /// A threshold policy that the validation rows cannot meet.
    #[error("{policy} cannot be met: {best}")]
    Unreachable {
        /// The policy in words.
        policy: String,
        /// The best that can be had.
        best: String,
    },
    /// An option whose value makes no sense.
    #[error("{option}: expected {expected}, found {found}")]
    Option {
        /// The option as the user writes it.
        option: &'static str,
        /// What it takes.
        expected: String,
        /// What it was given, quoted.
        found: String,
    },
    /// The operating system gave no threads.
    #[error("no threads to work with: {detail}")]
    Threads {
        /// What it said.
        detail: String,
    },
    /// A listing that is asked for and is not there.
    #[error("{file}: no listing with id {id} among {n} records")]
    NoSuchListing {
        /// The file or files.
        file: String,
        /// The id, quoted.
        id: String,
        /// How many records were searched.
        n: u64,
    },
}

/// A place in a file: the file, and as much more as is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// The file as the user named it.
    pub file: String,
    /// The record, counted from 1, the header not counted.
    pub record: Option<u64>,
    /// The line, counted from 1, on which the record begins.
    pub line: Option<u64>,
    /// The column as the file spells it.
    pub column: Option<String>,
}

impl Location {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Location { file: file.into(), ..Location::default() }
    }

    /// The same place, narrowed to a record.
    #[must_use]
    pub fn record(mut self, record: u64) -> Self {
        self.record = Some(record);
        self
    }

    /// The same place, narrowed to a line.
    #[must_use]
    pub fn line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// The same place, narrowed to a column.
    #[must_use]
    pub fn column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = ": ";
        f.write_str(&visible(&self.file))?;
        if let Some(record) = self.record {
            write!(f, "{separator}record {record}")?;
            separator = ", ";
        }
        if let Some(line) = self.line {
            write!(f, "{separator}line {line}")?;
            separator = ", ";
        }
        if let Some(column) = &self.column {
            write!(f, "{separator}column {}", visible(column))?;
        }
        Ok(())
    }
}

/// How much of a foreign text a message shows, in characters.
const EXCERPT_CHARS: usize = 60;

/// A foreign text for a message: quoted, cut to 60 characters, control characters made visible.
pub(crate) fn excerpt(text: &str) -> String {
    let mut cut: String = text.chars().take(EXCERPT_CHARS).collect();
    if text.chars().nth(EXCERPT_CHARS).is_some() {
        cut.push('…');
    }
    format!("\"{}\"", visible(&cut))
}

/// A foreign text in which nothing can act on a terminal: C0, C1, bidi and invisible format
/// characters become `\u{..}`.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let hidden = c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if hidden => out.push_str(&format!("\\u{{{:x}}}", c as u32)),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_error_names_file_record_column_expected_and_found() {
        let place = Location::file("fixtures/malformed/price.csv").record(17).column("price");
        let error = Error::value(place, "a positive amount", "N/A");
        assert_eq!(
            error.to_string(),
            "fixtures/malformed/price.csv: record 17, column price: expected a positive amount, found \"N/A\""
        );
    }

    #[test]
    fn foreign_text_is_cut_and_cannot_act_on_a_terminal() {
        assert_eq!(excerpt("a\u{1b}[31m\u{202e}b\n"), "\"a\\u{1b}[31m\\u{202e}b\\n\"");
        let long = "x".repeat(100);
        assert_eq!(excerpt(&long).chars().filter(|&c| c == 'x').count(), 60);
        assert!(excerpt(&long).ends_with("…\""));
    }
}
