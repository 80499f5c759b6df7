//! Listings as they were read: what the program understood of each record.

use std::io::Write;

use serde_json::{Map, Number, Value};

use super::target::{OutputFile, Target};
use crate::error::Result;
use crate::input::{RawBatch, iso_time};
use crate::listing::{Cell, Column, Kind, ListingBatch};

/// Writes listings as JSON objects, one a line, in the order of the input: `_file` and `_record`,
/// then each canonical column that the file has, by its canonical name.
///
/// Texts stand as they were read, numbers in the unit of their column, dates in ISO 8601 and UTC,
/// labels as 1 and 0; what is missing is null.
pub struct ListingWriter {
    output: OutputFile,
}

impl ListingWriter {
    /// Opens the target.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`].
    pub fn create(target: &Target) -> Result<Self> {
        Ok(ListingWriter { output: OutputFile::create(target)? })
    }

    /// Adds the listings of a block.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`].
    pub fn write(&mut self, raw: &RawBatch, listings: &ListingBatch) -> Result<()> {
        for row in 0..listings.len() {
            let mut object = Map::new();
            object.insert("_file".to_owned(), Value::from(&*raw.file));
            object.insert("_record".to_owned(), Value::from(raw.location(row).record));
            for column in Column::all() {
                let kind = column.info().kind;
                let value = match kind {
                    Kind::Text => cell(listings.text(column, row), Value::from),
                    Kind::Date => cell(listings.number(column, row), |days| {
                        iso_time(days).map_or_else(|| number(days), Value::from)
                    }),
                    _ => cell(listings.number(column, row), number),
                };
                if let Some(value) = value {
                    object.insert(column.name().to_owned(), value);
                }
            }
            for name in listings.extra_names() {
                let value = cell(listings.extra_number(name, row), number)
                    .or_else(|| cell(listings.extra_category(name, row), Into::into));
                object.insert(name.to_owned(), value.unwrap_or(Value::Null));
            }
            let line = format!("{}\n", Value::Object(object));
            self.output.write_all(line.as_bytes()).map_err(|error| self.output.fault(error))?;
        }
        Ok(())
    }

    /// Completes the file.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`].
    pub fn finish(self) -> Result<()> {
        self.output.finish()
    }
}

/// A cell as JSON; `None` where it is unknown.
fn cell<T>(cell: Cell<T>, shown: impl FnOnce(T) -> Value) -> Option<Value> {
    match cell {
        Cell::Value(value) => Some(shown(value)),
        Cell::Missing => Some(Value::Null),
        Cell::Unknown => None,
    }
}

/// A number, whole where it is.
fn number(value: f64) -> Value {
    let is_whole = value.fract() == 0.0 && value.abs() < 9e15;
    let number = if is_whole { Some(Number::from(value as i64)) } else { Number::from_f64(value) };
    number.map_or(Value::Null, Value::Number)
}
