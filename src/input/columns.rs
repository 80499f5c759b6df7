//! The columns of a file: not too many, and none twice.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef};

use super::unlike;
use crate::error::{Error, ErrorKind, Location, Result, excerpt};

/// Checks the names of a header: not too many, and none twice.
///
/// # Errors
/// [`ErrorKind::Value`] and [`ErrorKind::DuplicateColumn`].
pub(super) fn check_names<'a>(
    file: &str,
    names: impl ExactSizeIterator<Item = &'a str>,
    limit: usize,
) -> Result<()> {
    if names.len() > limit {
        return Err(too_many_columns(file, names.len(), limit));
    }
    let mut seen = HashMap::with_capacity(names.len());
    for (index, name) in names.enumerate() {
        if let Some(first) = seen.insert(name, index) {
            return Err(ErrorKind::DuplicateColumn {
                file: file.to_owned(),
                name: excerpt(name),
                first: first + 1,
                second: index + 1,
            }
            .into());
        }
    }
    Ok(())
}

/// The error for a header with too many names.
pub(super) fn too_many_columns(file: &str, found: usize, limit: usize) -> Error {
    let expected = format!("at most {limit} columns (--max-columns raises the limit)");
    unlike(Location::file(file), expected, found.to_string())
}

/// Gives names to the blank names of a header behind the first, as spreadsheets leave several.
pub(super) fn name_blanks(names: &mut [String]) {
    let blanks: Vec<usize> =
        (0..names.len()).filter(|&index| names.get(index).is_some_and(String::is_empty)).collect();
    for &index in blanks.iter().skip(1) {
        if let Some(name) = names.get_mut(index) {
            *name = format!("column {}", index + 1);
        }
    }
}

/// Columns that are all text.
pub(super) fn text_schema<'a>(names: impl Iterator<Item = &'a str>) -> SchemaRef {
    let fields: Vec<Field> = names.map(|name| Field::new(name, DataType::Utf8, true)).collect();
    Arc::new(Schema::new(fields))
}

/// The names of all columns, in order.
pub(super) fn names_of(schema: &Schema) -> impl Iterator<Item = &str> {
    schema.fields().iter().map(|field| field.name().as_str())
}
