//! A record that could not be read.

use crate::error::{Error, ErrorKind, Location};

/// A record that could not be read.
#[derive(Clone, Debug)]
pub struct Reject {
    /// Where it stands.
    pub location: Location,
    /// Offset of its first byte in the file, behind its compression; `None` where the format has no
    /// place for a record.
    pub byte: Option<u64>,
    /// Why it could not be read.
    pub cause: String,
    /// Its bytes as text.
    pub raw: String,
}

impl Reject {
    /// The same as the error that ends the work.
    pub fn to_error(&self) -> Error {
        ErrorKind::Rejected { location: self.location.clone(), cause: self.cause.clone() }.into()
    }
}
