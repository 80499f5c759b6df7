//! The cells of a table's columns, of whatever type, as a text file shows them.

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType};

pub(super) use crate::input::{Cells, Shown, is_json_number};

use crate::error::{Error, Result};
use crate::input::{RawBatch, displayable};

/// The columns of a table in a form that can be shown; `raw` tells where the rows come from.
pub(super) fn displayable_columns(raw: &RawBatch, table: &RecordBatch) -> Result<Vec<ArrayRef>> {
    let columns = table.columns().iter().enumerate();
    columns
        .map(|(index, column)| {
            displayable(column).map_err(|error| cell_fault(raw, table, 0, index, error))
        })
        .collect()
}

/// The cells of columns that [`displayable_columns`] returned for the same table.
pub(super) fn cells_of<'a>(
    raw: &RawBatch,
    table: &RecordBatch,
    columns: &'a [ArrayRef],
) -> Result<Vec<Cells<'a>>> {
    let columns = columns.iter().enumerate();
    columns
        .map(|(index, column)| {
            Cells::of(column).map_err(|error| cell_fault(raw, table, 0, index, error))
        })
        .collect()
}

/// The error for a cell that has no text.
pub(super) fn cell_fault(
    raw: &RawBatch,
    table: &RecordBatch,
    row: usize,
    index: usize,
    error: ArrowError,
) -> Error {
    let schema = table.schema_ref();
    let name = schema.fields().get(index).map(|field| field.name());
    let place = raw.location(row).column(name.map_or("", String::as_str));
    Error::format(place, "text", error)
}

/// True for the columns that only Parquet can hold as they are.
pub(super) fn is_structured(data_type: &DataType) -> bool {
    data_type.is_nested() && !matches!(data_type, DataType::Dictionary(..))
}
