//! Several files as one table: which columns there are, and where each file has them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, StringArray, new_null_array};
use arrow_schema::{DataType, Field, FieldRef, Schema, SchemaRef};

use super::unify::{unified, unified_type};
use super::{Format, RawBatch};
use crate::error::{Error, ErrorKind, Location, Result, visible};

/// The columns of several files together, and those of each.
pub(super) struct Alignment {
    /// The columns of the first file and behind them those that only further ones have.
    schema: SchemaRef,
    files: Vec<FileColumns>,
}

/// The columns of one file.
struct FileColumns {
    name: Arc<str>,
    /// As they stand in the file, and behind them those that the names of its folders give.
    schema: SchemaRef,
    /// Where each of them stands.
    places: HashMap<String, usize>,
    /// How many of them stand in the file.
    n_own: usize,
    /// The values of the others.
    partitions: Vec<Option<String>>,
}

impl Default for Alignment {
    fn default() -> Self {
        Alignment { schema: Arc::new(Schema::empty()), files: Vec::new() }
    }
}

impl Alignment {
    /// Adds a file. A column that the names of its folders give and the file has too is the file's.
    ///
    /// # Errors
    /// [`ErrorKind::ColumnsDiffer`] naming both files for a column of another type than before.
    pub(super) fn add(
        &mut self,
        name: &Arc<str>,
        schema: &SchemaRef,
        mut partitions: Vec<(String, Option<String>)>,
    ) -> Result<()> {
        partitions.retain(|(key, _)| schema.column_with_name(key).is_none());
        let mut fields: Vec<FieldRef> = schema.fields().iter().cloned().collect();
        let given = partitions.iter().map(|(key, _)| Field::new(key, DataType::Utf8, true));
        fields.extend(given.map(Arc::new));
        let names = fields.iter().map(|field| field.name().clone());
        let own = FileColumns {
            name: Arc::clone(name),
            places: names.zip(0..).collect(),
            schema: Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone())),
            n_own: schema.fields().len(),
            partitions: partitions.into_iter().map(|(_, value)| value).collect(),
        };
        self.schema = match self.files.first() {
            None => Arc::clone(&own.schema),
            Some(_) => self.joined(&own)?,
        };
        self.files.push(own);
        Ok(())
    }

    /// The columns so far, and behind them those that only this file has.
    fn joined(&self, file: &FileColumns) -> Result<SchemaRef> {
        let mut fields: Vec<FieldRef> = Vec::new();
        for field in self.schema.fields() {
            let Some(other) = file.index(field).map(|at| file.schema.field(at)) else {
                fields.push(Arc::new(field.as_ref().clone().with_nullable(true)));
                continue;
            };
            let Some(data_type) = unified_type(field.data_type(), other.data_type()) else {
                return Err(self.other_type(file, field, other));
            };
            let nullable = field.is_nullable() || other.is_nullable();
            let field = field.as_ref().clone().with_nullable(nullable).with_data_type(data_type);
            fields.push(Arc::new(field));
        }
        let known: HashSet<&str> =
            self.schema.fields().iter().map(|field| field.name().as_str()).collect();
        let further =
            file.schema.fields().iter().filter(|field| !known.contains(field.name().as_str()));
        fields.extend(further.map(|field| Arc::new(field.as_ref().clone().with_nullable(true))));
        Ok(Arc::new(Schema::new_with_metadata(fields, self.schema.metadata().clone())))
    }

    fn other_type(&self, file: &FileColumns, field: &Field, other: &Field) -> Error {
        let first =
            self.files.iter().find(|own| own.schema.column_with_name(field.name()).is_some());
        ErrorKind::ColumnsDiffer {
            first: first.map_or_else(String::new, |own| visible(&own.name)),
            second: visible(&file.name),
            difference: format!(
                "column {} holds {} instead of {}",
                visible(field.name()),
                other.data_type(),
                field.data_type()
            ),
        }
        .into()
    }

    /// The columns of all files together.
    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The name and the columns of each file.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &SchemaRef)> {
        self.files.iter().map(|file| (&*file.name, &file.schema))
    }

    /// Refuses a file that was opened again and is not what it was.
    ///
    /// # Errors
    /// [`ErrorKind::ColumnsDiffer`].
    pub(super) fn check(&self, number: usize, schema: &SchemaRef) -> Result<()> {
        let Some(file) = self.files.get(number) else { return Ok(()) };
        let before = file.schema.fields().iter().take(file.n_own);
        if before.eq(schema.fields().iter()) {
            return Ok(());
        }
        Err(ErrorKind::ColumnsDiffer {
            first: "what it held when it was looked at first".to_owned(),
            second: visible(&file.name),
            difference: "the file was changed while others were read".to_owned(),
        }
        .into())
    }

    /// A batch of one file with the columns of all.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] for a batch that has not the columns of its file.
    pub(super) fn batch(
        &self,
        number: usize,
        mut batch: RawBatch,
        format: Format,
    ) -> Result<RawBatch> {
        let Some(file) = self.files.get(number) else { return Ok(batch) };
        if batch.table.schema_ref().fields() == self.schema.fields() {
            return Ok(batch);
        }
        let n_rows = batch.n_records();
        let there = batch.table.schema();
        let there: HashMap<&str, &ArrayRef> = there
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .zip(batch.table.columns())
            .collect();
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        for (position, field) in self.schema.fields().iter().enumerate() {
            let nothing = || new_null_array(field.data_type(), n_rows);
            let column = match (there.get(field.name().as_str()), file.index(field)) {
                (Some(column), _) => unified(column, field.data_type()).map_err(|error| {
                    let place = batch.location(0).column(field.name().as_str());
                    Error::format(place, format.name(), error)
                })?,
                (None, None) => {
                    batch.absent.push(position);
                    nothing()
                }
                // In the file, and not selected.
                (None, Some(index)) if index < file.n_own => nothing(),
                (None, Some(index)) => {
                    let value = file.partitions.get(index - file.n_own).cloned().flatten();
                    Arc::new(StringArray::from(vec![value; n_rows]))
                }
            };
            columns.push(column);
        }
        // A column that is not selected holds nulls whatever the file says of it.
        let fields = self.schema.fields().iter().zip(&columns).map(|(field, column)| {
            let nullable = field.is_nullable() || column.null_count() > 0;
            Arc::new(field.as_ref().clone().with_nullable(nullable))
        });
        let metadata = self.schema.metadata().clone();
        let schema = Schema::new_with_metadata(fields.collect::<Vec<FieldRef>>(), metadata);
        let options = RecordBatchOptions::new().with_row_count(Some(n_rows));
        batch.table = RecordBatch::try_new_with_options(Arc::new(schema), columns, &options)
            .map_err(|error| {
                Error::format(Location::file(batch.file.to_string()), format.name(), error)
            })?;
        if !file.partitions.is_empty() {
            batch.verbatim = batch.verbatim.map(|objects| file.with_partitions(&objects));
        }
        Ok(batch)
    }
}

impl FileColumns {
    /// Where a column stands among those of this file.
    fn index(&self, field: &Field) -> Option<usize> {
        self.places.get(field.name()).copied()
    }

    /// JSON objects with the values that the names of the folders give.
    fn with_partitions(&self, objects: &StringArray) -> StringArray {
        let names = self.schema.fields().iter().skip(self.n_own).map(|field| field.name());
        let members: Vec<String> = names
            .zip(&self.partitions)
            .map(|(name, value)| {
                format!("{}:{}", serde_json::json!(name), serde_json::json!(value))
            })
            .collect();
        let members = members.join(",");
        let added = objects.iter().map(|object| {
            let open = object?.trim_end().strip_suffix('}')?;
            let comma = if open.trim() == "{" { "" } else { "," };
            Some(format!("{open}{comma}{members}}}"))
        });
        added.collect()
    }
}
