//! The columns that enriching adds to a table.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use crate::error::{Error, Location, Result};
use crate::listing::Column;

/// The schema of the added columns: whole numbers, but for a share.
pub fn enriched_schema(columns: &[Column]) -> SchemaRef {
    let field = |column: &Column| {
        let data_type = if is_share(*column) { DataType::Float64 } else { DataType::Int64 };
        Field::new(column.name(), data_type, true)
    };
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<Field>>()))
}

/// The added columns of `n_rows` rows; none is an empty cell.
///
/// # Errors
/// Columns whose cells are not as many as the rows.
pub fn enriched_batch(
    columns: &[Column],
    cells: &[Vec<Option<f64>>],
    n_rows: usize,
) -> Result<RecordBatch> {
    let arrays = columns.iter().zip(cells).map(|(column, cells)| -> ArrayRef {
        if is_share(*column) {
            return Arc::new(cells.iter().copied().collect::<Float64Array>());
        }
        Arc::new(cells.iter().map(|cell| cell.map(|own| own as i64)).collect::<Int64Array>())
    });
    let options = RecordBatchOptions::new().with_row_count(Some(n_rows));
    RecordBatch::try_new_with_options(enriched_schema(columns), arrays.collect(), &options)
        .map_err(|error| Error::format(Location::file("the added columns"), "a table", error))
}

fn is_share(column: Column) -> bool {
    column == Column::SellerSamePriceShare
}
