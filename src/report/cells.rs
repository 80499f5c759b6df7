//! The cells of a column, of whatever type, as a text file shows them.

use std::fmt::Write;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float32Array, Float64Array, RecordBatch, StringArray,
};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType};

use crate::error::{Error, Result};
use crate::input::RawBatch;

/// A column whose cells can be shown one by one.
pub(super) enum Cells<'a> {
    Text(&'a StringArray),
    Float(&'a Float64Array),
    ShortFloat(&'a Float32Array),
    Truth(&'a BooleanArray),
    Other { array: &'a dyn Array, formatter: ArrayFormatter<'a>, is_number: bool },
}

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown<'b> {
    /// Nothing.
    Null,
    /// Characters from a file, or a date or structure written out.
    Text(&'b str),
    /// The shortest digits that give the number back; `NaN` and `inf` for what is none.
    Number(&'b str),
    /// True or false.
    Truth(bool),
}

impl<'a> Cells<'a> {
    /// The cells of a column that [`displayable`] returned.
    fn of(array: &'a dyn Array) -> std::result::Result<Self, ArrowError> {
        if let Some(text) = array.as_string_opt::<i32>() {
            return Ok(Cells::Text(text));
        }
        if let Some(floats) = array.as_primitive_opt::<Float64Type>() {
            return Ok(Cells::Float(floats));
        }
        if let Some(floats) = array.as_primitive_opt::<Float32Type>() {
            return Ok(Cells::ShortFloat(floats));
        }
        if let Some(truths) = array.as_boolean_opt() {
            return Ok(Cells::Truth(truths));
        }
        Ok(Cells::Other {
            array,
            formatter: ArrayFormatter::try_new(array, &options())?,
            is_number: is_number(array.data_type()),
        })
    }

    /// One cell; `buffer` holds its characters where the column does not.
    pub(super) fn show<'b>(
        &'b self,
        row: usize,
        buffer: &'b mut String,
    ) -> std::result::Result<Shown<'b>, ArrowError> {
        buffer.clear();
        let written = |_| ArrowError::CastError("the number could not be written".to_owned());
        match self {
            Cells::Text(array) if array.is_null(row) => Ok(Shown::Null),
            Cells::Text(array) => Ok(Shown::Text(array.value(row))),
            Cells::Float(array) if array.is_null(row) => Ok(Shown::Null),
            Cells::Float(array) => {
                write!(buffer, "{}", array.value(row)).map_err(written)?;
                Ok(Shown::Number(buffer))
            }
            Cells::ShortFloat(array) if array.is_null(row) => Ok(Shown::Null),
            Cells::ShortFloat(array) => {
                write!(buffer, "{}", array.value(row)).map_err(written)?;
                Ok(Shown::Number(buffer))
            }
            Cells::Truth(array) if array.is_null(row) => Ok(Shown::Null),
            Cells::Truth(array) => Ok(Shown::Truth(array.value(row))),
            Cells::Other { array, .. } if array.is_null(row) => Ok(Shown::Null),
            Cells::Other { formatter, is_number, .. } => {
                formatter.value(row).write(buffer)?;
                Ok(if *is_number { Shown::Number(buffer) } else { Shown::Text(buffer) })
            }
        }
    }
}

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

/// The column in a form that can be shown: times in a zone given by name are put into UTC, as the
/// table of zones is not carried along.
fn displayable(array: &ArrayRef) -> std::result::Result<ArrayRef, ArrowError> {
    match array.data_type() {
        DataType::Timestamp(unit, Some(_))
            if ArrayFormatter::try_new(array, &options()).is_err() =>
        {
            let utc = DataType::Timestamp(*unit, Some("+00:00".into()));
            arrow_cast::cast(array, &utc)
        }
        _ => Ok(ArrayRef::clone(array)),
    }
}

/// True for the columns that only Parquet can hold as they are.
pub(super) fn is_structured(data_type: &DataType) -> bool {
    data_type.is_nested() && !matches!(data_type, DataType::Dictionary(..))
}

fn is_number(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => is_number(values),
        other => other.is_numeric(),
    }
}

/// Faults are returned rather than written into the output as text.
fn options() -> FormatOptions<'static> {
    FormatOptions::new().with_display_error(false)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::types::Int32Type;
    use arrow_array::{
        Date32Array, Decimal128Array, DictionaryArray, Int64Array, LargeStringArray,
        TimestampMillisecondArray,
    };

    use super::*;

    fn shown(array: ArrayRef, row: usize) -> String {
        let array = displayable(&array).expect("displayable");
        let cells = Cells::of(&array).expect("cells");
        let mut buffer = String::new();
        format!("{:?}", cells.show(row, &mut buffer).expect("shown"))
    }

    #[test]
    fn every_type_has_a_text_of_its_own() {
        // 2024-02-29 is day 19782 and second 1709164800: date -u -d 2024-02-29 +%s.
        let times = || TimestampMillisecondArray::from(vec![1_709_208_000_000]);
        let dictionary: DictionaryArray<Int32Type> = vec![Some("=a"), None].into_iter().collect();
        let cases: Vec<(ArrayRef, &str)> = vec![
            (Arc::new(StringArray::from(vec!["-1"])), "Text(\"-1\")"),
            (Arc::new(LargeStringArray::from(vec!["x"])), "Text(\"x\")"),
            (Arc::new(dictionary), "Text(\"=a\")"),
            (Arc::new(Float64Array::from(vec![0.1 + 0.2])), "Number(\"0.30000000000000004\")"),
            (Arc::new(Float32Array::from(vec![0.1])), "Number(\"0.1\")"),
            (Arc::new(Int64Array::from(vec![i64::MIN])), "Number(\"-9223372036854775808\")"),
            (
                Arc::new(
                    Decimal128Array::from(vec![1250])
                        .with_precision_and_scale(9, 2)
                        .expect("a decimal"),
                ),
                "Number(\"12.50\")",
            ),
            (Arc::new(BooleanArray::from(vec![true])), "Truth(true)"),
            (Arc::new(Date32Array::from(vec![19_782])), "Text(\"2024-02-29\")"),
            (Arc::new(times()), "Text(\"2024-02-29T12:00:00\")"),
            (Arc::new(times().with_timezone("+02:00")), "Text(\"2024-02-29T14:00:00+02:00\")"),
            (Arc::new(times().with_timezone("Asia/Tokyo")), "Text(\"2024-02-29T12:00:00Z\")"),
            (Arc::new(Int64Array::from(vec![None])), "Null"),
            (Arc::new(StringArray::from(vec![None::<&str>])), "Null"),
        ];
        for (array, expected) in cases {
            assert_eq!(shown(array, 0), expected);
        }
        let dictionary: DictionaryArray<Int32Type> = vec![Some("a"), None].into_iter().collect();
        assert_eq!(shown(Arc::new(dictionary), 1), "Null");
    }
}
