//! A checkup as programs read it.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::check::{Checkup, ColumnCheck, ColumnProfile, Distinct, Place, Range};
use crate::input::{EncodingSource, FileNote, iso_time};
use crate::listing::{Convention, Found, Kind};

/// A checkup as one JSON object: `files`, `passed_over`, `without_records`, `records`, `repeated_ids`, `columns`,
/// `extra`, `unused`, `conventions`, `currencies`, `signals`, `faults` and `can_be_scored`.
pub fn check_json(checkup: &Checkup) -> String {
    let rejects = checkup.rejects.iter().map(|own| {
        let place = &own.location;
        json!({
            "file": place.file,
            "record": place.record,
            "line": place.line,
            "byte_offset": own.byte,
            "cause": own.cause,
        })
    });
    let ids = &checkup.repeated_ids;
    let id_examples = ids
        .examples
        .iter()
        .map(|(id, first, second)| json!({ "id": id, "records": [place(first), place(second)] }));
    let unused = checkup.unused.iter().map(
        |own| json!({ "name": own.name, "examples": own.examples, "is_numeric": own.is_numeric }),
    );
    let signals = checkup.signals.iter().map(|own| {
        let lacking: Vec<&str> = own.lacking.iter().map(|column| column.name()).collect();
        json!({ "name": own.name, "can_be_computed": own.is_possible, "lacking": lacking })
    });
    let names = |paths: &[PathBuf]| -> Vec<String> {
        paths.iter().map(|path| path.to_string_lossy().into_owned()).collect()
    };
    let currencies: Map<String, Value> =
        checkup.currencies.iter().map(|(code, n)| (code.clone(), json!(n))).collect();
    let extra = checkup
        .extra
        .iter()
        .map(|(name, own)| json!({ "name": name, "profile": profile(own, Kind::Number) }));
    let object = json!({
        "files": checkup.files.iter().map(file).collect::<Vec<_>>(),
        "passed_over": names(&checkup.passed_over),
        "without_records": names(&checkup.without_records),
        "records": {
            "read": checkup.n_read,
            "rejected": checkup.n_rejected,
            "rejects": rejects.collect::<Vec<_>>(),
        },
        "repeated_ids": {
            "ids": ids.n_ids,
            "records": ids.n_records,
            "examples": id_examples.collect::<Vec<_>>(),
        },
        "columns": checkup.columns.iter().map(column).collect::<Vec<_>>(),
        "extra": extra.collect::<Vec<_>>(),
        "unused": unused.collect::<Vec<_>>(),
        "conventions": checkup.conventions.iter().map(convention).collect::<Vec<_>>(),
        "currencies": currencies,
        "signals": signals.collect::<Vec<_>>(),
        "faults": checkup.faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "can_be_scored": checkup.faults.is_empty(),
    });
    format!("{object:#}\n")
}

fn file(note: &FileNote) -> Value {
    let encoding = note.encoding.map(|own| {
        let source = match own.source {
            EncodingSource::ByteOrderMark => "byte order mark",
            EncodingSource::Given => "given",
            EncodingSource::Detected => "detected",
        };
        json!({ "name": own.encoding.name(), "source": source })
    });
    json!({
        "name": &*note.name,
        "format": note.format.name(),
        "compression": note.compression,
        "encoding": encoding,
        "delimiter": note.delimiter.map(|own| char::from(own).to_string()),
        "sheet": note.sheet,
    })
}

fn place(place: &Place) -> Value {
    json!({ "file": &*place.file, "record": place.record })
}

fn column(own: &ColumnCheck) -> Value {
    let (state, names): (&str, Vec<&str>) = match &own.found {
        Found::Named(theirs) => ("named", vec![theirs]),
        Found::Recognized(theirs) => ("recognized", vec![theirs]),
        Found::Absent(theirs) => ("absent", vec![theirs]),
        Found::Ambiguous(theirs) => ("ambiguous", theirs.iter().map(String::as_str).collect()),
        Found::Missing => ("missing", Vec::new()),
    };
    let kind = own.column.info().kind;
    json!({
        "name": own.column.name(),
        "state": state,
        "theirs": names,
        "profile": own.profile.as_ref().map(|own| profile(own, kind)),
        "surprises": own.surprises,
    })
}

fn profile(own: &ColumnProfile, kind: Kind) -> Value {
    let unreadable = own.unreadable.iter().map(|(at, found)| {
        let mut object = place(at);
        object["found"] = json!(found);
        object
    });
    let distinct = match own.distinct {
        Distinct::Exactly(n) => json!(n),
        Distinct::MoreThan(_) => Value::Null,
    };
    json!({
        "records": own.n_records,
        "present": own.n_present(),
        "empty": own.n_empty,
        "unreadable": own.n_unreadable,
        "unreadable_examples": unreadable.collect::<Vec<_>>(),
        "distinct": distinct,
        "examples": own.examples,
        "range": own.range.as_ref().map(|own| range(own, kind)),
    })
}

fn range(own: &Range, kind: Kind) -> Value {
    let shown = |value: f64| match kind {
        Kind::Date => json!(iso_time(value)),
        _ => json!(value),
    };
    json!({
        "smallest": shown(own.smallest),
        "median": shown(own.median),
        "largest": shown(own.largest),
        "is_sampled": own.is_sampled,
    })
}

fn convention(own: &Convention) -> Value {
    let (key, value) = own.decided.in_mapping();
    json!({ "column": own.name, key: value, "cells": own.n_cells, "why": own.why })
}
