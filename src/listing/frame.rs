//! polars data frames onto Arrow record batches and back, value by value.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow_schema::{Field, Schema};
use polars::prelude as pl;

use crate::error::{ErrorKind, Result};

/// A data frame as a record batch: integers, floats, booleans, dates and times as such, everything
/// else as text.
///
/// # Errors
/// A column of a type without a text form, such as nested lists.
pub(crate) fn record_batch(frame: &pl::DataFrame) -> Result<RecordBatch> {
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for column in frame.columns() {
        let series = column.as_materialized_series();
        let array = array(series).map_err(|error| ErrorKind::Format {
            location: crate::error::Location::file("data frame").column(column.name().as_str()),
            format: "a column of listings",
            detail: error.to_string(),
        })?;
        fields.push(Field::new(column.name().as_str(), array.data_type().clone(), true));
        arrays.push(array);
    }
    let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(frame.height()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options).map_err(
        |error| {
            ErrorKind::Format {
                location: crate::error::Location::file("data frame"),
                format: "a table",
                detail: error.to_string(),
            }
            .into()
        },
    )
}

fn array(series: &pl::Series) -> pl::PolarsResult<ArrayRef> {
    use pl::DataType as T;
    Ok(match series.dtype() {
        T::Boolean => Arc::new(series.bool()?.iter().collect::<BooleanArray>()),
        T::Int8 | T::Int16 | T::Int32 | T::Int64 | T::UInt8 | T::UInt16 | T::UInt32 => {
            Arc::new(series.cast(&T::Int64)?.i64()?.iter().collect::<Int64Array>())
        }
        T::UInt64 | T::Float32 | T::Float64 | T::Decimal(..) => {
            Arc::new(series.cast(&T::Float64)?.f64()?.iter().collect::<Float64Array>())
        }
        T::Date | T::Datetime(..) => {
            let micros = series.cast(&T::Datetime(pl::TimeUnit::Microseconds, None))?;
            let micros = micros.cast(&T::Int64)?;
            Arc::new(micros.i64()?.iter().collect::<TimestampMicrosecondArray>())
        }
        _ => Arc::new(series.cast(&T::String)?.str()?.iter().collect::<StringArray>()),
    })
}
