//! A column of any Arrow type as text, the one way for what is scored and what is written.
//!
//! | Type | Text |
//! | --- | --- |
//! | text of any layout, dictionaries | as it stands |
//! | whole numbers, decimals | all their digits: `18446744073709551615`, `12.50` |
//! | floating-point numbers | the shortest digits that give the number back, whole ones without a fraction |
//! | dates, times, timestamps | ISO 8601; with a zone given by name, the instant in UTC (`...Z`), as the table of zones is not carried along |
//! | durations, intervals | ISO 8601 (`PT90S`); months, days and parts of a day in words |
//! | truth values | `true`, `false` |
//! | bytes | text where they are UTF-8, hexadecimal digits otherwise |
//! | lists | the elements that are there, joined by `; ` |
//! | structures, maps | compact JSON |
//!
//! A moment that no calendar here reaches, such as the year 292278994 that stands for "never" in
//! some databases, is shown as the number that is stored.

use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float16Type, Float32Type, Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, StringArray};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType, Field, FieldRef};

/// What stands between the elements of a list.
const BETWEEN_ELEMENTS: &str = "; ";

type Result<T> = std::result::Result<T, ArrowError>;

/// A column as text; nothing where it has nothing. Text columns are shared, not copied.
///
/// # Errors
/// A type that has no text.
pub(crate) fn as_text(array: &ArrayRef) -> Result<StringArray> {
    if let Some(text) = array.as_string_opt::<i32>() {
        return Ok(text.clone());
    }
    let array = displayable(array)?;
    let cells = Cells::of(&array)?;
    let mut builder = StringBuilder::new();
    let mut buffer = String::new();
    for row in 0..array.len() {
        match cells.show(row, &mut buffer)? {
            Shown::Null => builder.append_null(),
            Shown::Text(text) | Shown::Number(text) => builder.append_value(text),
            Shown::Truth(truth) => builder.append_value(if truth { "true" } else { "false" }),
        }
    }
    Ok(builder.finish())
}

/// The column in a form that [`Cells`] can show: times in a zone that is given by name are put
/// into UTC, at whatever depth they stand.
pub(crate) fn displayable(array: &ArrayRef) -> Result<ArrayRef> {
    let shown = in_utc(array.data_type());
    if shown == *array.data_type() {
        Ok(Arc::clone(array))
    } else {
        arrow_cast::cast(array, &shown)
    }
}

/// The type with every zone that is a name replaced by UTC.
fn in_utc(data_type: &DataType) -> DataType {
    let inner = |field: &FieldRef| -> FieldRef {
        let data_type = in_utc(field.data_type());
        if data_type == *field.data_type() {
            Arc::clone(field)
        } else {
            Arc::new(field.as_ref().clone().with_data_type(data_type))
        }
    };
    match data_type {
        DataType::Timestamp(unit, Some(zone)) if !is_offset(zone) => {
            DataType::Timestamp(*unit, Some("+00:00".into()))
        }
        DataType::List(field) => DataType::List(inner(field)),
        DataType::LargeList(field) => DataType::LargeList(inner(field)),
        DataType::ListView(field) => DataType::ListView(inner(field)),
        DataType::LargeListView(field) => DataType::LargeListView(inner(field)),
        DataType::FixedSizeList(field, n) => DataType::FixedSizeList(inner(field), *n),
        DataType::Map(field, sorted) => DataType::Map(inner(field), *sorted),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(inner).collect()),
        DataType::Dictionary(_, values) if in_utc(values) != **values => in_utc(values),
        DataType::RunEndEncoded(_, values) => in_utc(values.data_type()),
        other => other.clone(),
    }
}

/// True for zones such as `+02:00`.
fn is_offset(zone: &str) -> bool {
    zone.starts_with(['+', '-'])
        && zone.len() >= 3
        && zone.get(1..).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || b == b':'))
}

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown<'b> {
    /// Nothing.
    Null,
    /// Characters from a file, or a date or structure written out.
    Text(&'b str),
    /// The digits of a number; `NaN` and `inf` for what is none.
    Number(&'b str),
    /// True or false.
    Truth(bool),
}

/// A column whose cells can be shown one by one.
pub(crate) struct Cells<'a> {
    array: &'a dyn Array,
    layout: Layout<'a>,
}

/// How the cells are stored, as far as it matters for showing them.
enum Layout<'a> {
    Nothing,
    Text,
    LargeText,
    ViewText,
    Bytes,
    LargeBytes,
    ViewBytes,
    FixedBytes,
    Double,
    Single,
    Half,
    Truth,
    Dictionary { keys: Vec<usize>, values: Box<Cells<'a>> },
    List { bounds: Bounds<'a>, elements: Box<Cells<'a>> },
    Map { offsets: &'a [i32], keys: Box<Cells<'a>>, values: Box<Cells<'a>> },
    Struct(Vec<(&'a Field, Cells<'a>)>),
    Other { formatter: ArrayFormatter<'a>, is_number: bool },
}

/// Where the elements of each list stand.
enum Bounds<'a> {
    Offsets(&'a [i32]),
    LargeOffsets(&'a [i64]),
    Views(&'a [i32], &'a [i32]),
    LargeViews(&'a [i64], &'a [i64]),
    Fixed(usize),
}

impl Bounds<'_> {
    fn of(&self, row: usize) -> Range<usize> {
        let begin_and_end = match self {
            Bounds::Offsets(ends) => {
                (ends.get(row).map(|&at| at as usize), ends.get(row + 1).map(|&at| at as usize))
            }
            Bounds::LargeOffsets(ends) => {
                (ends.get(row).map(|&at| at as usize), ends.get(row + 1).map(|&at| at as usize))
            }
            Bounds::Views(begins, sizes) => {
                let begin = begins.get(row).map(|&at| at as usize);
                (begin, sizes.get(row).and_then(|&size| Some(begin? + size as usize)))
            }
            Bounds::LargeViews(begins, sizes) => {
                let begin = begins.get(row).map(|&at| at as usize);
                (begin, sizes.get(row).and_then(|&size| Some(begin? + size as usize)))
            }
            Bounds::Fixed(length) => (Some(row * length), Some((row + 1) * length)),
        };
        match begin_and_end {
            (Some(begin), Some(end)) => begin..end,
            _ => 0..0,
        }
    }
}

impl<'a> Cells<'a> {
    /// The cells of a column that [`displayable`] returned.
    ///
    /// # Errors
    /// A type that has no text.
    pub(crate) fn of(array: &'a dyn Array) -> Result<Self> {
        let list = |bounds, values: &'a ArrayRef| -> Result<Layout<'a>> {
            Ok(Layout::List { bounds, elements: Box::new(Cells::of(values)?) })
        };
        let layout = match array.data_type() {
            DataType::Null => Layout::Nothing,
            DataType::Utf8 => Layout::Text,
            DataType::LargeUtf8 => Layout::LargeText,
            DataType::Utf8View => Layout::ViewText,
            DataType::Binary => Layout::Bytes,
            DataType::LargeBinary => Layout::LargeBytes,
            DataType::BinaryView => Layout::ViewBytes,
            DataType::FixedSizeBinary(_) => Layout::FixedBytes,
            DataType::Float64 => Layout::Double,
            DataType::Float32 => Layout::Single,
            DataType::Float16 => Layout::Half,
            DataType::Boolean => Layout::Truth,
            DataType::Dictionary(..) => {
                let dictionary = array.as_any_dictionary();
                let values = dictionary.values();
                // A dictionary of nothing, as of a column that is all null, has no keys to speak
                // of, and asking for them would panic.
                let keys =
                    if values.is_empty() { Vec::new() } else { dictionary.normalized_keys() };
                Layout::Dictionary { keys, values: Box::new(Cells::of(values)?) }
            }
            DataType::List(_) => {
                let own = array.as_list::<i32>();
                list(Bounds::Offsets(own.value_offsets()), own.values())?
            }
            DataType::LargeList(_) => {
                let own = array.as_list::<i64>();
                list(Bounds::LargeOffsets(own.value_offsets()), own.values())?
            }
            DataType::ListView(_) => {
                let own = array.as_list_view::<i32>();
                list(Bounds::Views(own.value_offsets(), own.value_sizes()), own.values())?
            }
            DataType::LargeListView(_) => {
                let own = array.as_list_view::<i64>();
                list(Bounds::LargeViews(own.value_offsets(), own.value_sizes()), own.values())?
            }
            DataType::FixedSizeList(..) => {
                let own = array.as_fixed_size_list();
                list(Bounds::Fixed(own.value_length().unsigned_abs() as usize), own.values())?
            }
            DataType::Map(..) => {
                let own = array.as_map();
                Layout::Map {
                    offsets: own.value_offsets(),
                    keys: Box::new(Cells::of(own.keys())?),
                    values: Box::new(Cells::of(own.values())?),
                }
            }
            DataType::Struct(fields) => {
                let columns = array.as_struct().columns();
                let members = fields
                    .iter()
                    .zip(columns)
                    .map(|(field, column)| Ok((field.as_ref(), Cells::of(column)?)));
                Layout::Struct(members.collect::<Result<Vec<_>>>()?)
            }
            other => Layout::Other {
                formatter: ArrayFormatter::try_new(array, &options())?,
                is_number: other.is_numeric(),
            },
        };
        Ok(Cells { array, layout })
    }

    /// One cell; `buffer` holds its characters where the column does not.
    ///
    /// # Errors
    /// What the Arrow crates cannot format.
    pub(crate) fn show<'b>(&'b self, row: usize, buffer: &'b mut String) -> Result<Shown<'b>> {
        buffer.clear();
        if self.array.is_null(row) {
            return Ok(Shown::Null);
        }
        match &self.layout {
            Layout::Nothing => Ok(Shown::Null),
            Layout::Text => Ok(Shown::Text(self.array.as_string::<i32>().value(row))),
            Layout::LargeText => Ok(Shown::Text(self.array.as_string::<i64>().value(row))),
            Layout::ViewText => Ok(Shown::Text(self.array.as_string_view().value(row))),
            Layout::Bytes | Layout::LargeBytes | Layout::ViewBytes | Layout::FixedBytes => {
                Ok(Shown::Text(self.bytes_as_text(row, buffer)?))
            }
            Layout::Double => number(self.array.as_primitive::<Float64Type>().value(row), buffer),
            Layout::Single => number(self.array.as_primitive::<Float32Type>().value(row), buffer),
            Layout::Half => {
                number(self.array.as_primitive::<Float16Type>().value(row).to_f32(), buffer)
            }
            Layout::Truth => Ok(Shown::Truth(self.array.as_boolean().value(row))),
            Layout::Dictionary { keys, values } => match keys.get(row) {
                Some(&key) if key < values.array.len() => values.show(key, buffer),
                _ => Ok(Shown::Null),
            },
            Layout::List { .. } => {
                self.push_joined(row, buffer)?;
                Ok(Shown::Text(buffer))
            }
            Layout::Map { .. } | Layout::Struct(_) => {
                self.push_json(row, buffer)?;
                Ok(Shown::Text(buffer))
            }
            Layout::Other { is_number, .. } => {
                self.push_formatted(row, buffer)?;
                Ok(if *is_number { Shown::Number(buffer) } else { Shown::Text(buffer) })
            }
        }
    }

    /// True for lists, structures and maps, which JSON can hold as they are.
    pub(crate) fn is_structured(&self) -> bool {
        match &self.layout {
            Layout::List { .. } | Layout::Map { .. } | Layout::Struct(_) => true,
            Layout::Dictionary { values, .. } => values.is_structured(),
            _ => false,
        }
    }

    /// Appends one cell as compact JSON: arrays for lists, objects for structures and maps, `null`
    /// for numbers that JSON does not have.
    ///
    /// # Errors
    /// What the Arrow crates cannot format.
    pub(crate) fn push_json(&self, row: usize, out: &mut String) -> Result<()> {
        if self.array.is_null(row) {
            out.push_str("null");
            return Ok(());
        }
        let mut buffer = String::new();
        match &self.layout {
            Layout::Dictionary { keys, values } => match keys.get(row) {
                Some(&key) if key < values.array.len() => return values.push_json(key, out),
                _ => out.push_str("null"),
            },
            Layout::List { bounds, elements } => {
                out.push('[');
                let range = bounds.of(row);
                for at in range.clone() {
                    if at > range.start {
                        out.push(',');
                    }
                    elements.push_json(at, out)?;
                }
                out.push(']');
            }
            Layout::Struct(members) => {
                out.push('{');
                for (at, (field, cells)) in members.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    push_json_string(field.name(), out)?;
                    out.push(':');
                    cells.push_json(row, out)?;
                }
                out.push('}');
            }
            Layout::Map { offsets, keys, values } => {
                out.push('{');
                let range = Bounds::Offsets(offsets).of(row);
                for at in range.clone() {
                    if at > range.start {
                        out.push(',');
                    }
                    match keys.show(at, &mut buffer)? {
                        Shown::Text(text) | Shown::Number(text) => push_json_string(text, out)?,
                        Shown::Truth(truth) => push_json_string(&truth.to_string(), out)?,
                        Shown::Null => push_json_string("", out)?,
                    }
                    out.push(':');
                    values.push_json(at, out)?;
                }
                out.push('}');
            }
            _ => match self.show(row, &mut buffer)? {
                Shown::Text(text) => push_json_string(text, out)?,
                Shown::Number(digits) if is_json_number(digits) => out.push_str(digits),
                Shown::Null | Shown::Number(_) => out.push_str("null"),
                Shown::Truth(truth) => out.push_str(if truth { "true" } else { "false" }),
            },
        }
        Ok(())
    }

    /// How many bytes the text of a cell has at least, without writing it: exact for text, the
    /// texts within for lists, structures and maps. Numbers and dates count as one.
    pub(crate) fn least_bytes(&self, row: usize) -> u64 {
        if self.array.is_null(row) {
            return 0;
        }
        let all = |range: Range<usize>, cells: &Cells<'_>| -> u64 {
            range.map(|at| cells.least_bytes(at)).sum()
        };
        match &self.layout {
            Layout::Nothing => 0,
            Layout::Text => self.array.as_string::<i32>().value_length(row).unsigned_abs().into(),
            Layout::LargeText => self.array.as_string::<i64>().value_length(row).unsigned_abs(),
            Layout::ViewText => {
                // The length is the lower half of a view.
                let views = self.array.as_string_view().views();
                views.get(row).map_or(0, |&view| u64::from(view as u32))
            }
            Layout::ViewBytes => {
                let views = self.array.as_binary_view().views();
                views.get(row).map_or(0, |&view| u64::from(view as u32))
            }
            Layout::Bytes | Layout::LargeBytes | Layout::FixedBytes => self.bytes(row).len() as u64,
            Layout::Dictionary { keys, values } => match keys.get(row) {
                Some(&key) if key < values.array.len() => values.least_bytes(key),
                _ => 0,
            },
            Layout::List { bounds, elements } => {
                let range = bounds.of(row);
                let between = range.len().saturating_sub(1) * BETWEEN_ELEMENTS.len();
                between as u64 + all(range, elements)
            }
            Layout::Map { offsets, keys, values } => {
                let range = Bounds::Offsets(offsets).of(row);
                all(range.clone(), keys) + all(range, values)
            }
            Layout::Struct(members) => {
                members.iter().map(|(_, cells)| cells.least_bytes(row)).sum()
            }
            Layout::Double
            | Layout::Single
            | Layout::Half
            | Layout::Truth
            | Layout::Other { .. } => 1,
        }
    }

    /// The elements that are there, each as its own text, lists within lists likewise.
    fn push_joined(&self, row: usize, out: &mut String) -> Result<()> {
        let Layout::List { bounds, elements } = &self.layout else { return Ok(()) };
        let mut buffer = String::new();
        let mut is_first = true;
        for at in bounds.of(row) {
            let shown = elements.show(at, &mut buffer)?;
            if shown == Shown::Null {
                continue;
            }
            if !is_first {
                out.push_str(BETWEEN_ELEMENTS);
            }
            is_first = false;
            match shown {
                Shown::Null => {}
                Shown::Text(text) | Shown::Number(text) => out.push_str(text),
                Shown::Truth(truth) => out.push_str(if truth { "true" } else { "false" }),
            }
        }
        Ok(())
    }

    fn push_formatted(&self, row: usize, out: &mut String) -> Result<()> {
        let Layout::Other { formatter, .. } = &self.layout else { return Ok(()) };
        let error = match formatter.value(row).write(out) {
            // What the Arrow crates write for durations that they cannot represent.
            Ok(()) if out == "<invalid>" => ArrowError::CastError(out.clone()),
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        out.clear();
        let stored = arrow_cast::cast(&self.array.slice(row, 1), &DataType::Int64)
            .ok()
            .and_then(|one| one.as_primitive_opt::<Int64Type>().map(|one| one.value(0)));
        match stored {
            Some(stored) => write!(out, "{stored}").map_err(not_written),
            None => Err(error),
        }
    }

    fn bytes(&self, row: usize) -> &[u8] {
        match &self.layout {
            Layout::Bytes => self.array.as_binary::<i32>().value(row),
            Layout::LargeBytes => self.array.as_binary::<i64>().value(row),
            Layout::ViewBytes => self.array.as_binary_view().value(row),
            Layout::FixedBytes => self.array.as_fixed_size_binary().value(row),
            _ => &[],
        }
    }

    /// Bytes of a fixed number are text only without control characters: a UUID may be UTF-8 by
    /// chance.
    fn bytes_as_text<'b>(&'b self, row: usize, buffer: &'b mut String) -> Result<&'b str> {
        let bytes = self.bytes(row);
        let fixed = matches!(self.layout, Layout::FixedBytes);
        if let Ok(text) = std::str::from_utf8(bytes)
            && !(fixed && text.chars().any(char::is_control))
        {
            return Ok(text);
        }
        for byte in bytes {
            write!(buffer, "{byte:02x}").map_err(not_written)?;
        }
        Ok(buffer)
    }
}

fn number(value: impl std::fmt::Display, buffer: &mut String) -> Result<Shown<'_>> {
    write!(buffer, "{value}").map_err(not_written)?;
    Ok(Shown::Number(buffer))
}

fn not_written(_: std::fmt::Error) -> ArrowError {
    ArrowError::CastError("the value could not be written".to_owned())
}

fn push_json_string(text: &str, out: &mut String) -> Result<()> {
    let quoted =
        serde_json::to_string(text).map_err(|error| ArrowError::ExternalError(Box::new(error)))?;
    out.push_str(&quoted);
    Ok(())
}

/// False for `NaN` and `inf`, which JSON does not have.
pub(crate) fn is_json_number(digits: &str) -> bool {
    digits.strip_prefix('-').unwrap_or(digits).starts_with(|c: char| c.is_ascii_digit())
}

/// Faults are returned rather than written into the output as text.
fn options() -> FormatOptions<'static> {
    FormatOptions::new().with_display_error(false)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::builder::{ListBuilder, MapBuilder, StringBuilder};
    use arrow_array::types::Int32Type;
    use arrow_array::{
        BinaryArray, BinaryViewArray, BooleanArray, Date32Array, Date64Array, Decimal128Array,
        Decimal256Array, DictionaryArray, DurationSecondArray, FixedSizeBinaryArray,
        FixedSizeListArray, Float32Array, Float64Array, Int8Array, Int32Array, Int64Array,
        LargeListArray, LargeStringArray, NullArray, StringViewArray, StructArray,
        Time64MicrosecondArray, TimestampMicrosecondArray, TimestampMillisecondArray,
        TimestampNanosecondArray, UInt64Array,
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

    fn text(array: ArrayRef) -> Vec<Option<String>> {
        let text = as_text(&array).expect("a text");
        text.iter().map(|cell| cell.map(str::to_owned)).collect()
    }

    fn json(array: ArrayRef, row: usize) -> String {
        let array = displayable(&array).expect("displayable");
        let cells = Cells::of(&array).expect("cells");
        let mut out = String::new();
        cells.push_json(row, &mut out).expect("JSON");
        out
    }

    /// Every other type that Parquet files and data frames bring; by hand.
    #[test]
    fn no_type_is_without_a_text() {
        let wide = arrow_buffer::i256::from_i128(-1);
        let decimal = Decimal256Array::from(vec![wide]).with_precision_and_scale(40, 3).unwrap();
        let numbers: DictionaryArray<Int32Type> =
            DictionaryArray::new(Int32Array::from(vec![0, 0]), Arc::new(Int64Array::from(vec![7])));
        let uuid = FixedSizeBinaryArray::try_from_iter([[0xffu8, 0x0a]].into_iter()).unwrap();
        let nanoseconds = TimestampNanosecondArray::from(vec![1_709_208_000_000_000_001]);
        let cases: Vec<(ArrayRef, &str)> = vec![
            (Arc::new(Int8Array::from(vec![-128])), "-128"),
            (Arc::new(UInt64Array::from(vec![u64::MAX])), "18446744073709551615"),
            (arrow_cast::cast(&Float32Array::from(vec![1.5]), &DataType::Float16).unwrap(), "1.5"),
            (Arc::new(Float64Array::from(vec![4e15])), "4000000000000000"),
            (Arc::new(decimal), "-0.001"),
            (Arc::new(numbers), "7"),
            (Arc::new(StringViewArray::from(vec!["0123456789abcdef"])), "0123456789abcdef"),
            (Arc::new(BinaryArray::from_vec(vec!["né".as_bytes()])), "né"),
            (Arc::new(BinaryViewArray::from_iter_values([b"\xff\x00"])), "ff00"),
            (Arc::new(uuid), "ff0a"),
            (Arc::new(Date64Array::from(vec![1_709_164_800_000])), "2024-02-29T00:00:00"),
            (Arc::new(nanoseconds), "2024-02-29T12:00:00.000000001"),
            // Of the year 292278994, which no calendar here reaches.
            (Arc::new(TimestampMillisecondArray::from(vec![i64::MAX])), "9223372036854775807"),
            (
                Arc::new(TimestampMicrosecondArray::from(vec![0]).with_timezone("-05:00")),
                "1969-12-31T19:00:00-05:00",
            ),
            (Arc::new(Time64MicrosecondArray::from(vec![3_661_000_000])), "01:01:01"),
            (Arc::new(DurationSecondArray::from(vec![90])), "PT90S"),
            // Longer than a duration can be, which the Arrow crates write as `<invalid>`.
            (Arc::new(DurationSecondArray::from(vec![i64::MAX])), "9223372036854775807"),
        ];
        for (array, expected) in cases {
            assert_eq!(text(array)[0].as_deref(), Some(expected));
        }
        assert_eq!(text(Arc::new(NullArray::new(1))), [None]);
        // A category of nothing, as data frames write columns without a value: its dictionary is
        // empty, and the Arrow crates panic when they are asked for its keys.
        let nothing: DictionaryArray<Int32Type> = vec![None::<&str>; 2].into_iter().collect();
        assert_eq!(text(Arc::new(nothing)), [None, None]);
    }

    #[test]
    fn lists_and_structures_have_a_text_and_their_own_json() {
        let mut lists = ListBuilder::new(StringBuilder::new());
        lists.append_value([Some("a"), None, Some("b \"c\"")]);
        lists.append_null();
        lists.append_value(Vec::<Option<&str>>::new());
        let lists: ArrayRef = Arc::new(lists.finish());
        assert_eq!(
            text(Arc::clone(&lists)),
            [Some("a; b \"c\"".to_owned()), None, Some(String::new())]
        );
        assert_eq!(json(lists, 0), r#"["a",null,"b \"c\""]"#);
        let large =
            LargeListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1), Some(2)])]);
        assert_eq!(text(Arc::new(large)), [Some("1; 2".to_owned())]);
        let fixed = FixedSizeListArray::from_iter_primitive::<Int32Type, _, _>(
            [Some([Some(1), Some(2)])],
            2,
        );
        assert_eq!(text(Arc::new(fixed)), [Some("1; 2".to_owned())]);
        let members: Vec<(Arc<Field>, ArrayRef)> = vec![
            (Arc::new(Field::new("x", DataType::Int64, true)), Arc::new(Int64Array::from(vec![1]))),
            (
                Arc::new(Field::new("y", DataType::Float64, true)),
                Arc::new(Float64Array::from(vec![f64::NAN])),
            ),
        ];
        let structure: ArrayRef = Arc::new(StructArray::from(members));
        assert_eq!(text(Arc::clone(&structure)), [Some(r#"{"x":1,"y":null}"#.to_owned())]);
        let mut map = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
        map.keys().append_value("colour");
        map.values().append_value("red");
        map.append(true).expect("a map");
        assert_eq!(text(Arc::new(map.finish())), [Some(r#"{"colour":"red"}"#.to_owned())]);
    }

    #[test]
    fn the_least_length_of_a_cell_is_not_above_its_text() {
        let mut lists = ListBuilder::new(StringBuilder::new());
        lists.append_value([Some("abc"), None, Some("d")]);
        let lists: ArrayRef = Arc::new(lists.finish());
        let words: DictionaryArray<Int32Type> = vec![Some("abcd"), None].into_iter().collect();
        let cases: Vec<(ArrayRef, u64)> = vec![
            (Arc::new(StringViewArray::from(vec!["0123456789abcdef"])), 16),
            (Arc::new(words), 4),
            // Two elements of four characters, and what stands between three.
            (lists, 8),
            (Arc::new(Int64Array::from(vec![12_345])), 1),
        ];
        for (array, expected) in cases {
            assert_eq!(Cells::of(&array).expect("cells").least_bytes(0), expected);
        }
    }
}
