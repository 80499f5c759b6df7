//! Columns of two files that hold the same in different types.

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{ArrowError, DataType, TimeUnit};

/// The zone of instants whose zones differ between files.
const UTC: &str = "+00:00";

/// Up to here every whole number is a 64-bit floating-point number.
const MAX_EXACT: u64 = 1 << 53;

/// A type that holds all values of both; `None` where there is none or where it would be a guess.
///
/// Writers choose types by what a file happens to hold: pandas makes floating-point numbers of
/// whole ones beside nulls, and a column without a value has no type at all. Text and numbers are
/// not joined, nor times with and without a zone.
pub(super) fn unified_type(one: &DataType, other: &DataType) -> Option<DataType> {
    use DataType as T;
    if one == other {
        return Some(one.clone());
    }
    match (one, other) {
        (T::Null, known) | (known, T::Null) => Some(known.clone()),
        _ if is_text(one) && is_text(other) => Some(T::Utf8),
        (T::Dictionary(_, own), _) if !is_text(one) => unified_type(own, other),
        (_, T::Dictionary(_, own)) if !is_text(other) => unified_type(one, own),
        _ if one.is_integer() && other.is_integer() => unified_integer(one, other),
        _ if one.is_floating() && other.is_floating() => Some(T::Float64),
        _ if one.is_integer() && other.is_floating() => Some(T::Float64),
        _ if one.is_floating() && other.is_integer() => Some(T::Float64),
        (T::Decimal128(precision, scale), T::Decimal128(other_precision, other_scale)) => {
            let whole = |precision: u8, scale: i8| i16::from(precision) - i16::from(scale);
            let n_whole = whole(*precision, *scale).max(whole(*other_precision, *other_scale));
            let scale = (*scale).max(*other_scale);
            let precision = u8::try_from(n_whole + i16::from(scale)).ok().filter(|own| *own <= 38);
            precision.map(|precision| T::Decimal128(precision, scale))
        }
        (T::Timestamp(unit, zone), T::Timestamp(other_unit, other_zone)) => {
            let zone = match (zone, other_zone) {
                (None, None) => None,
                (Some(one), Some(other)) if one == other => Some(one.clone()),
                (Some(_), Some(_)) => Some(UTC.into()),
                _ => return None,
            };
            Some(T::Timestamp(finer(*unit, *other_unit), zone))
        }
        (T::Date32 | T::Date64, T::Timestamp(unit, None))
        | (T::Timestamp(unit, None), T::Date32 | T::Date64) => Some(T::Timestamp(*unit, None)),
        (T::Date32, T::Date64) | (T::Date64, T::Date32) => Some(T::Date64),
        _ => None,
    }
}

/// The column in the type that [`unified_type`] found for it, every value as it was.
///
/// # Errors
/// A value that the type cannot hold exactly.
pub(super) fn unified(array: &ArrayRef, to: &DataType) -> Result<ArrayRef, ArrowError> {
    if array.data_type() == to {
        return Ok(ArrayRef::clone(array));
    }
    if *to == DataType::Float64 && !are_exact(array) {
        return Err(ArrowError::CastError(
            "a whole number beyond 2^53, which is a number with a fraction in another file"
                .to_owned(),
        ));
    }
    let options = arrow_cast::CastOptions { safe: false, ..arrow_cast::CastOptions::default() };
    arrow_cast::cast_with_options(array, to, &options)
}

fn are_exact(array: &ArrayRef) -> bool {
    match array.data_type() {
        DataType::Int64 => array
            .as_primitive::<Int64Type>()
            .iter()
            .flatten()
            .all(|value| value.unsigned_abs() <= MAX_EXACT),
        DataType::UInt64 => {
            array.as_primitive::<UInt64Type>().iter().flatten().all(|value| value <= MAX_EXACT)
        }
        _ => true,
    }
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

/// The smallest of our types that holds both; none for signed numbers beside 64 unsigned bits.
fn unified_integer(one: &DataType, other: &DataType) -> Option<DataType> {
    use DataType as T;
    let bits = |data_type: &DataType| data_type.primitive_width().unwrap_or(8) * 8;
    let needed = if one.is_signed_integer() == other.is_signed_integer() {
        bits(one).max(bits(other))
    } else {
        // The sign takes a bit, so that an unsigned number needs the next size.
        let unsigned = if one.is_signed_integer() { other } else { one };
        bits(one).max(bits(other)).max(bits(unsigned) * 2)
    };
    match (needed, one.is_signed_integer() || other.is_signed_integer()) {
        (8, true) => Some(T::Int8),
        (16, true) => Some(T::Int16),
        (32, true) => Some(T::Int32),
        (64, true) => Some(T::Int64),
        (8, false) => Some(T::UInt8),
        (16, false) => Some(T::UInt16),
        (32, false) => Some(T::UInt32),
        (64, false) => Some(T::UInt64),
        _ => None,
    }
}

fn finer(one: TimeUnit, other: TimeUnit) -> TimeUnit {
    let order = [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond];
    let rank = |unit| order.iter().position(|own| *own == unit).unwrap_or(order.len());
    if rank(one) >= rank(other) { one } else { other }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::types::{Float64Type, Int32Type};
    use arrow_array::{
        Decimal128Array, DictionaryArray, Int32Array, Int64Array, LargeStringArray, StringArray,
    };

    use super::*;

    #[test]
    fn types_that_hold_the_same_are_joined_and_others_are_not() {
        use DataType as T;
        let dictionary = |values: DataType| T::Dictionary(Box::new(T::Int32), Box::new(values));
        let time = |unit, zone: Option<&str>| T::Timestamp(unit, zone.map(Into::into));
        let cases = [
            (T::Utf8, T::LargeUtf8, Some(T::Utf8)),
            (dictionary(T::Utf8), T::Utf8View, Some(T::Utf8)),
            (dictionary(T::Int32), T::Int64, Some(T::Int64)),
            (T::Null, T::Date32, Some(T::Date32)),
            (T::Int8, T::Int32, Some(T::Int32)),
            (T::UInt8, T::Int8, Some(T::Int16)),
            (T::UInt32, T::Int8, Some(T::Int64)),
            (T::UInt64, T::Int8, None),
            (T::Int64, T::Float64, Some(T::Float64)),
            (T::Float32, T::Float64, Some(T::Float64)),
            (T::Decimal128(9, 2), T::Decimal128(12, 4), Some(T::Decimal128(12, 4))),
            (T::Decimal128(10, 0), T::Decimal128(5, 3), Some(T::Decimal128(13, 3))),
            (T::Decimal128(38, 0), T::Decimal128(5, 3), None),
            (
                time(TimeUnit::Millisecond, None),
                time(TimeUnit::Microsecond, None),
                Some(time(TimeUnit::Microsecond, None)),
            ),
            (
                time(TimeUnit::Nanosecond, Some("Asia/Tokyo")),
                time(TimeUnit::Second, Some("UTC")),
                Some(time(TimeUnit::Nanosecond, Some(UTC))),
            ),
            (time(TimeUnit::Second, None), time(TimeUnit::Second, Some("UTC")), None),
            (T::Date32, time(TimeUnit::Second, None), Some(time(TimeUnit::Second, None))),
            (T::Utf8, T::Int64, None),
            (T::Boolean, T::Int8, None),
        ];
        for (one, other, expected) in cases {
            assert_eq!(unified_type(&one, &other), expected, "{one} {other}");
            assert_eq!(unified_type(&other, &one), expected, "{other} {one}");
        }
    }

    #[test]
    fn values_are_as_they_were_or_refused() {
        let words: DictionaryArray<Int32Type> = vec![Some("a"), None].into_iter().collect();
        let text: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None]));
        let large: ArrayRef = Arc::new(LargeStringArray::from(vec![Some("a"), None]));
        for array in [Arc::new(words) as ArrayRef, large] {
            assert_eq!(unified(&array, &DataType::Utf8).unwrap().as_ref(), text.as_ref());
        }
        let whole: ArrayRef = Arc::new(Int64Array::from(vec![Some(1 << 53), None]));
        let floats = unified(&whole, &DataType::Float64).unwrap();
        assert_eq!(floats.as_primitive::<Float64Type>().value(0), 9_007_199_254_740_992.0);
        let beyond: ArrayRef = Arc::new(Int64Array::from(vec![(1 << 53) + 1]));
        assert!(unified(&beyond, &DataType::Float64).is_err());
        let cents = Decimal128Array::from(vec![1250]).with_precision_and_scale(9, 2).unwrap();
        let cents: ArrayRef = Arc::new(cents);
        let finer = unified(&cents, &DataType::Decimal128(12, 4)).unwrap();
        assert_eq!(finer.as_primitive::<arrow_array::types::Decimal128Type>().value(0), 125_000);
        let small: ArrayRef = Arc::new(Int32Array::from(vec![7]));
        assert_eq!(unified(&small, &DataType::Int64).unwrap().len(), 1);
    }
}
