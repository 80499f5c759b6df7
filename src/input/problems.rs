//! A cell that was read and is not what its column should hold.

use crate::error::{Error, ErrorKind, Location, excerpt};

/// A cell that was read and is not what its column should hold. The record stays; the cell counts
/// as missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands: file, record, line where there are lines, and column.
    pub location: Location,
    /// The text of the cell as it stands.
    pub found: String,
    /// What the column should hold, in words.
    pub expected: String,
}

impl Problem {
    /// The same as the error that ends the work.
    pub fn to_error(&self) -> Error {
        ErrorKind::Unreadable {
            location: self.location.clone(),
            expected: self.expected.clone(),
            found: excerpt(&self.found),
        }
        .into()
    }
}
