//! The columns of a file: checked, and brought into the order of another file.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef};

use super::unlike;
use crate::error::{Error, ErrorKind, Location, Result, excerpt, visible};

/// The most columns a file may have. Real exports have tens; a header of more is a sign that rows
/// and columns are exchanged or that the delimiter is wrong, and each column costs memory.
pub(super) const MAX_COLUMNS: usize = 10_000;

/// Checks the names of a header: not too many, and none twice.
///
/// # Errors
/// [`ErrorKind::Value`] and [`ErrorKind::DuplicateColumn`].
pub(super) fn check_names<'a>(
    file: &str,
    names: impl ExactSizeIterator<Item = &'a str>,
) -> Result<()> {
    if names.len() > MAX_COLUMNS {
        return Err(too_many_columns(file, names.len()));
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
pub(super) fn too_many_columns(file: &str, found: usize) -> Error {
    unlike(Location::file(file), format!("at most {MAX_COLUMNS} columns"), found.to_string())
}

/// Columns that are all text.
pub(super) fn text_schema<'a>(names: impl Iterator<Item = &'a str>) -> SchemaRef {
    let fields: Vec<Field> = names.map(|name| Field::new(name, DataType::Utf8, true)).collect();
    Arc::new(Schema::new(fields))
}

/// For each column of the first file, where it stands in a second one.
///
/// # Errors
/// [`ErrorKind::ColumnsDiffer`] naming both files when names or types differ.
pub(super) fn arrangement(
    first: &str,
    schema: &Schema,
    second: &str,
    found: &Schema,
) -> Result<Vec<usize>> {
    let differ = |difference| {
        Err(ErrorKind::ColumnsDiffer {
            first: first.to_owned(),
            second: second.to_owned(),
            difference,
        }
        .into())
    };
    if names_of(schema).eq(names_of(found)) {
        return same_types(schema, found)
            .map_or_else(|| Ok((0..schema.fields().len()).collect()), differ);
    }
    let place: HashMap<&str, usize> = names_of(found).zip(0..).collect();
    let own: HashSet<&str> = names_of(schema).collect();
    let lacking: Vec<&str> = names_of(schema).filter(|name| !place.contains_key(name)).collect();
    let further: Vec<&str> = names_of(found).filter(|name| !own.contains(name)).collect();
    match (lacking.is_empty(), further.is_empty()) {
        (true, true) => {}
        (false, true) => return differ(format!("it lacks {}", listed(&lacking))),
        (true, false) => return differ(format!("it also has {}", listed(&further))),
        (false, false) => {
            return differ(format!("it lacks {} and has {}", listed(&lacking), listed(&further)));
        }
    }
    if let Some(difference) = same_types(schema, found) {
        return differ(difference);
    }
    Ok(names_of(schema).filter_map(|name| place.get(name).copied()).collect())
}

/// What differs in the types of columns of the same name, if anything does.
fn same_types(first: &Schema, second: &Schema) -> Option<String> {
    first.fields().iter().find_map(|field| {
        let other = second.field_with_name(field.name()).ok()?;
        (field.data_type() != other.data_type()).then(|| {
            format!(
                "column {} holds {} instead of {}",
                visible(field.name()),
                other.data_type(),
                field.data_type()
            )
        })
    })
}

/// The first schema, with columns that may hold nulls where either file's may.
pub(super) fn nullable_in_either(first: &SchemaRef, second: &Schema) -> SchemaRef {
    let may_be_null =
        |field: &Field| second.field_with_name(field.name()).is_ok_and(Field::is_nullable);
    let fields: Vec<Field> = first
        .fields()
        .iter()
        .map(|field| {
            let nullable = field.is_nullable() || may_be_null(field);
            field.as_ref().clone().with_nullable(nullable)
        })
        .collect();
    Arc::new(Schema::new_with_metadata(fields, first.metadata().clone()))
}

/// The names of all columns, in order.
pub(super) fn names_of(schema: &Schema) -> impl Iterator<Item = &str> {
    schema.fields().iter().map(|field| field.name().as_str())
}

/// Column names for a message, the first five of them.
fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 5;
    let mut text: Vec<String> =
        names.iter().take(SHOWN).map(|name| format!("`{}`", visible(name))).collect();
    if names.len() > SHOWN {
        text.push(format!("{} more", names.len() - SHOWN));
    }
    text.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(fields: &[(&str, DataType, bool)]) -> SchemaRef {
        let fields: Vec<Field> = fields
            .iter()
            .map(|(name, data_type, nullable)| Field::new(*name, data_type.clone(), *nullable))
            .collect();
        Arc::new(Schema::new(fields))
    }

    #[test]
    fn columns_are_found_by_name_and_must_be_of_one_type() {
        let first = schema(&[("a", DataType::Int64, false), ("b", DataType::Utf8, false)]);
        let second = schema(&[("b", DataType::Utf8, true), ("a", DataType::Int64, false)]);
        let order = arrangement("x", &first, "y", &second).expect("an order");
        assert_eq!(order, [1, 0]);
        let both = nullable_in_either(&first, &second);
        let nullable: Vec<bool> = both.fields().iter().map(|field| field.is_nullable()).collect();
        assert_eq!(nullable, [false, true]);

        let third = schema(&[("a", DataType::Float64, false), ("b", DataType::Utf8, false)]);
        let error = arrangement("x", &first, "y", &third).expect_err("an error");
        assert_eq!(
            error.to_string(),
            "y: its columns differ from those of x: column a holds Float64 instead of Int64"
        );
    }

    #[test]
    fn a_message_lists_few_names() {
        let names = ["a", "b", "c", "d", "e", "f", "\u{1b}"];
        assert_eq!(listed(&names), "`a`, `b`, `c`, `d`, `e`, 2 more");
        assert_eq!(listed(&names[6..]), "`\\u{1b}`");
    }
}
