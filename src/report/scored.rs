//! The columns that scoring adds to a table.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, ListArray, RecordBatch, StringArray, StructArray,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};

use super::format::TableFormat;
use crate::error::{Error, ErrorKind, Location, Result};
use crate::scoring::{Score, WeightedReason};

/// P(counterfeit), 0 to 1.
pub const PROBABILITY: &str = "counterfeit_probability";
/// `low`, `elevated`, `high` or `critical`.
pub const BAND: &str = "risk_band";
/// True from the threshold on.
pub const FLAGGED: &str = "flagged";
/// Plain words, strongest first.
pub const REASONS: &str = "reasons";
/// Stable codes in the order of the reasons.
pub const REASON_CODES: &str = "reason_codes";

/// The schema of the added columns: in Parquet the reasons are a list of structures.
pub fn added_schema(format: TableFormat) -> SchemaRef {
    let reasons = match format {
        TableFormat::Parquet => {
            let item = Field::new_struct("item", reason_fields(), true);
            Field::new_list(REASONS, item, false)
        }
        TableFormat::Csv | TableFormat::Ndjson => Field::new(REASONS, DataType::Utf8, false),
    };
    Arc::new(Schema::new(vec![
        Field::new(PROBABILITY, DataType::Float64, false),
        Field::new(BAND, DataType::Utf8, false),
        Field::new(FLAGGED, DataType::Boolean, false),
        reasons,
        Field::new(REASON_CODES, DataType::Utf8, false),
    ]))
}

/// The added columns of scores, for a format.
///
/// # Errors
/// None; the columns are of the schema's types.
pub fn added_columns(scores: &[Score], format: TableFormat) -> Result<RecordBatch> {
    let reasons: ArrayRef = match format {
        TableFormat::Parquet => Arc::new(reason_structs(scores)?),
        TableFormat::Csv | TableFormat::Ndjson => Arc::new(joined_texts(scores, push_reasons)),
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(scores.iter().map(|score| Some(score.probability)).collect::<Float64Array>()),
        Arc::new(scores.iter().map(|score| Some(score.band.name())).collect::<StringArray>()),
        Arc::new(scores.iter().map(|score| Some(score.flagged)).collect::<BooleanArray>()),
        reasons,
        Arc::new(joined_texts(scores, push_codes)),
    ];
    RecordBatch::try_new(added_schema(format), columns).map_err(not_a_table)
}

/// The reasons as one text, joined by `; `.
pub(super) fn reasons_text(score: &Score) -> String {
    let mut text = String::new();
    push_reasons(score, &mut text);
    text
}

/// The codes of the reasons in their order, joined by `|`.
pub(super) fn reason_codes(score: &Score) -> String {
    let mut text = String::new();
    push_codes(score, &mut text);
    text
}

fn push_reasons(score: &Score, text: &mut String) {
    push_joined(score.reasons.iter().map(|reason| reason.evidence.as_str()), "; ", text);
}

fn push_codes(score: &Score, text: &mut String) {
    push_joined(score.reasons.iter().map(|reason| reason.code), "|", text);
}

fn push_joined<'a>(parts: impl Iterator<Item = &'a str>, between: &str, text: &mut String) {
    for (at, part) in parts.enumerate() {
        if at > 0 {
            text.push_str(between);
        }
        text.push_str(part);
    }
}

/// A text for each score, all written into one buffer.
fn joined_texts(scores: &[Score], push: fn(&Score, &mut String)) -> StringArray {
    let mut builder = StringBuilder::with_capacity(scores.len(), 0);
    let mut text = String::new();
    for score in scores {
        text.clear();
        push(score, &mut text);
        builder.append_value(&text);
    }
    builder.finish()
}

fn reason_fields() -> Fields {
    Fields::from(vec![
        Field::new("code", DataType::Utf8, false),
        Field::new("signal", DataType::Utf8, false),
        Field::new("value", DataType::Float64, true),
        Field::new("contribution", DataType::Float64, false),
        Field::new("evidence", DataType::Utf8, false),
    ])
}

fn reason_structs(scores: &[Score]) -> Result<ListArray> {
    let reasons: Vec<&WeightedReason> = scores.iter().flat_map(|score| &score.reasons).collect();
    let text = |of: fn(&WeightedReason) -> &str| -> ArrayRef {
        Arc::new(reasons.iter().map(|reason| Some(of(reason))).collect::<StringArray>())
    };
    let columns: Vec<ArrayRef> = vec![
        text(|reason| reason.code),
        text(|reason| &reason.signal),
        Arc::new(
            reasons
                .iter()
                .map(|reason| Some(reason.value).filter(|value| !value.is_nan()))
                .collect::<Float64Array>(),
        ),
        Arc::new(reasons.iter().map(|reason| Some(reason.contribution)).collect::<Float64Array>()),
        text(|reason| &reason.evidence),
    ];
    let structs = StructArray::try_new(reason_fields(), columns, None).map_err(not_a_table)?;
    let lengths = scores.iter().map(|score| score.reasons.len());
    let item = Arc::new(Field::new_struct("item", reason_fields(), true));
    ListArray::try_new(item, OffsetBuffer::from_lengths(lengths), Arc::new(structs), None)
        .map_err(not_a_table)
}

fn not_a_table(error: arrow_schema::ArrowError) -> Error {
    ErrorKind::Format {
        location: Location::file("the scores"),
        format: "a table",
        detail: error.to_string(),
    }
    .into()
}
