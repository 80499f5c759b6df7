//! What was found out about one file before its records were read.

use std::sync::Arc;

use super::encoding::EncodingNote;
use super::format::Format;

/// What was found out about one file before its records were read, for the person who gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileNote {
    /// The file as the user named it, or "standard input".
    pub name: Arc<str>,
    /// Its format.
    pub format: Format,
    /// The compression that was seen through.
    pub compression: Option<&'static str>,
    /// The encoding of a text file.
    pub encoding: Option<EncodingNote>,
    /// What stands between the fields of separated values.
    pub delimiter: Option<u8>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
}
