//! How large the rows of a table are, so that no block and no cell grows beyond measure.
//!
//! A file of a few kilobytes can hold a text of a megabyte once and refer to it from every row. The
//! decoder hands out texts as references (views) to the pages, which costs nothing; here is counted
//! what they will take once each row has its own copy.

use std::ops::Range;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, FieldRef};

use super::as_text::{Cells, displayable};

/// A cell that is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LongCell {
    /// Its row.
    pub(super) row: usize,
    /// Its column.
    pub(super) column: usize,
    /// At least how long its text is.
    pub(super) n_bytes: u64,
}

/// What the rows of a table take.
pub(super) struct Sizes {
    /// Bytes of each row's texts.
    rows: Vec<u64>,
    /// The first cell of each row that is too long, in the order of the rows.
    pub(super) long: Vec<LongCell>,
}

impl Sizes {
    /// Measures a table whose cells may have `most` bytes.
    pub(super) fn of(table: &RecordBatch, most: u64) -> Result<Sizes, ArrowError> {
        let n_rows = table.num_rows();
        let mut rows = vec![0; n_rows];
        let mut long = vec![None; n_rows];
        for (column, array) in table.columns().iter().enumerate() {
            if !may_be_long(array.data_type()) {
                continue;
            }
            let array = displayable(array)?;
            let cells = Cells::of(&array)?;
            for (row, (sum, long)) in rows.iter_mut().zip(&mut long).enumerate() {
                let n_bytes = cells.least_bytes(row);
                *sum += n_bytes;
                if n_bytes > most {
                    long.get_or_insert(LongCell { row, column, n_bytes });
                }
            }
        }
        Ok(Sizes { rows, long: long.into_iter().flatten().collect() })
    }

    /// Stretches of rows whose texts are at most `most` bytes together, or one row. Rows with a
    /// cell that is too long count as empty, as they will not be kept.
    pub(super) fn stretches(&self, most: u64) -> Vec<Range<usize>> {
        let mut long = self.long.iter().map(|cell| cell.row).peekable();
        let mut stretches = Vec::new();
        let (mut begin, mut sum) = (0, 0_u64);
        for (row, &n_bytes) in self.rows.iter().enumerate() {
            let is_kept = long.next_if_eq(&row).is_none();
            let n_bytes = if is_kept { n_bytes } else { 0 };
            if row > begin && sum.saturating_add(n_bytes) > most {
                stretches.push(begin..row);
                (begin, sum) = (row, 0);
            }
            sum += n_bytes;
        }
        stretches.push(begin..self.rows.len());
        stretches
    }
}

/// True for types whose cells have no bound by their type.
fn may_be_long(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => may_be_long(values),
        DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_) => true,
        other => other.is_nested(),
    }
}

/// The type in which a column is decoded: texts and bytes as references to their pages.
pub(super) fn decoded_as(data_type: &DataType) -> DataType {
    let inner = |field: &FieldRef| -> FieldRef {
        Field::clone(field).with_data_type(decoded_as(field.data_type())).into()
    };
    let viewed = match data_type {
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
        DataType::List(field) => DataType::List(inner(field)),
        DataType::LargeList(field) => DataType::LargeList(inner(field)),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(inner).collect()),
        other => other.clone(),
    };
    // What cannot be brought back is decoded as it is.
    if arrow_cast::can_cast_types(&viewed, data_type) { viewed } else { data_type.clone() }
}

/// A decoded column in the type of the file.
pub(super) fn as_declared(array: &ArrayRef, declared: &DataType) -> Result<ArrayRef, ArrowError> {
    if array.data_type() == declared {
        return Ok(ArrayRef::clone(array));
    }
    let options = arrow_cast::CastOptions { safe: false, ..Default::default() };
    arrow_cast::cast_with_options(array, declared, &options)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{Array, Int64Array, StringViewArray};

    use super::*;

    #[test]
    fn rows_are_cut_where_their_texts_are_too_many() {
        let texts = ["aaaa", "bb", "cccccccccc", "dd", "eeee", "f"];
        let table = RecordBatch::try_from_iter(vec![
            ("t", Arc::new(StringViewArray::from(texts.to_vec())) as ArrayRef),
            ("n", Arc::new(Int64Array::from(vec![1; 6]))),
        ])
        .expect("a table");
        let sizes = Sizes::of(&table, 9).expect("sizes");
        assert_eq!(sizes.long, [LongCell { row: 2, column: 0, n_bytes: 10 }]);
        // 4 + 2, then 0 for what is not kept, and 2; 4 + 1.
        assert_eq!(sizes.stretches(8), [0..4, 4..6]);
        assert_eq!(sizes.stretches(3), [0..1, 1..3, 3..4, 4..5, 5..6]);
        assert_eq!(sizes.stretches(1000).first(), Some(&(0..6)));
    }

    #[test]
    fn what_is_decoded_as_references_comes_back_as_declared() {
        for declared in [DataType::Utf8, DataType::LargeUtf8, DataType::Utf8View] {
            assert_eq!(decoded_as(&declared), DataType::Utf8View);
            let views: ArrayRef = Arc::new(StringViewArray::from(vec![Some("a"), None]));
            let back = as_declared(&views, &declared).expect("a cast");
            assert_eq!((back.data_type(), back.len(), back.null_count()), (&declared, 2, 1));
        }
        assert_eq!(decoded_as(&DataType::Int64), DataType::Int64);
    }
}
