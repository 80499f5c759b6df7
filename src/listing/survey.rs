//! What became of each canonical column in a file, faults included.

use super::mapping::ResolvedMapping;
use super::schema::Column;
use crate::error::Error;

/// What was found of a mapping in a file, whether or not it is enough to go on.
#[derive(Debug)]
pub struct Survey {
    /// The mapping with the columns that are clear; the others count as not there.
    pub resolved: ResolvedMapping,
    /// Each canonical column, in order, and what became of it.
    pub columns: Vec<(Column, Found)>,
    /// What keeps the file from being scored or learned from.
    pub faults: Vec<Error>,
}

/// What became of a canonical column. Names are as the file or the mapping spells them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The mapping or an option names it, and it is there.
    Named(String),
    /// It was recognized by its name.
    Recognized(String),
    /// The mapping or an option names it, and it is not there.
    Absent(String),
    /// Several columns could be it.
    Ambiguous(Vec<String>),
    /// No column could be it.
    Missing,
}
