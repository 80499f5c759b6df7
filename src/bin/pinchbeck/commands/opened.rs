//! What several commands open, the input with its mapping and the model, and what they say of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pinchbeck::check::first_surprises;
use pinchbeck::error::visible;
use pinchbeck::input::{EncodingSource, FileNote, Limits, TextEncoding, input_paths};
use pinchbeck::listing::{Column, ResolvedMapping};
use pinchbeck::report::Target;
use pinchbeck::{Error, ErrorKind, Input, Knowledge, Mapping, Model, ReadOptions, Result};

use super::known;
use crate::args::{InputArgs, KnowledgeArgs};
use crate::console;

/// The embedded default model's name in messages.
const DEFAULT_NAME: &str = "embedded default";

/// Opens the input files.
pub(super) fn input(args: &InputArgs) -> Result<Input> {
    let options = ReadOptions {
        encoding: args.encoding,
        delimiter: args.delimiter,
        sheet: args.sheet.clone(),
        limits: Limits::from(&args.limits),
        ..ReadOptions::default()
    };
    Input::open(&args.inputs, &options)
}

/// What was taken for granted about the files, a line each: encodings that are not UTF-8, and files
/// that were passed over.
pub(super) fn files_told(input: &Input) -> Vec<String> {
    let mut lines = Vec::new();
    let mut told: Vec<(String, Vec<&FileNote>)> = Vec::new();
    for note in input.notes() {
        let Some(own) = note.encoding.filter(|own| own.encoding != TextEncoding::UTF_8) else {
            continue;
        };
        let how = match own.source {
            EncodingSource::ByteOrderMark => "by its byte order mark",
            EncodingSource::Given => "as --encoding says",
            EncodingSource::Detected => "detected; --encoding names another",
        };
        let text = format!("read as {}, {how}", own.encoding.name());
        match told.iter_mut().find(|(other, _)| *other == text) {
            Some((_, notes)) => notes.push(note),
            None => told.push((text, vec![note])),
        }
    }
    for (text, notes) in told {
        let first = notes.first().map_or_else(String::new, |note| visible(&note.name));
        let more = match notes.len() {
            1 => String::new(),
            n => format!(" and {} more", n - 1),
        };
        lines.push(format!("{first}{more}: {text}"));
    }
    for (what, paths) in [
        ("passed over, as the ending is of no format that is read", input.passed_over()),
        ("without a record", input.without_records()),
    ] {
        let [first, others @ ..] = paths else { continue };
        let first = visible(&first.display().to_string());
        let more = match others.len() {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        lines.push(format!("{what}: {first}{more}"));
    }
    lines
}

/// The mapping file, if one is given, with what the options add to it.
pub(super) fn mapping(args: &InputArgs) -> Result<Mapping> {
    let mut mapping = match &args.mapping {
        None => Mapping::default(),
        Some(path) => {
            let name = path.display().to_string();
            let text = std::fs::read_to_string(path).map_err(|source| -> Error {
                ErrorKind::Io { action: "read the mapping", path: name.clone(), source }.into()
            })?;
            Mapping::from_toml(&name, &text)?
        }
    };
    if let Some(mark) = args.decimal {
        mapping = mapping.with_decimal(mark);
    }
    if let Some(order) = args.date_order {
        mapping = mapping.with_date_order(order);
    }
    Ok(mapping)
}

/// Loads a model file, or the embedded default; with its name for messages.
pub(super) fn model(path: Option<&PathBuf>) -> Result<(String, Model)> {
    match path {
        None => Ok((DEFAULT_NAME.to_owned(), Model::embedded()?)),
        Some(path) => Ok((path.display().to_string(), Model::load(path)?)),
    }
}

/// The model with its name in messages, and what is known beside it. Both take milliseconds, which for a
/// few listings is most of the time, so each is read on a core of its own.
pub(super) fn model_and_knowledge(
    path: Option<&PathBuf>,
    args: &KnowledgeArgs,
) -> Result<(String, Model, Arc<Knowledge>)> {
    let (model, knowledge) = std::thread::scope(|scope| {
        let loading = scope.spawn(|| model(path));
        let knowledge = known::read(args);
        (loading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), knowledge)
    });
    let (name, model) = model?;
    Ok((name, model, knowledge?))
}

/// Which model scores; of the default, what to make of its scores.
pub(super) fn model_told(name: &str, is_default: bool) -> String {
    let advice = if is_default {
        ", trained on simulated listings only: read the order and the reasons, not the probability"
    } else {
        ""
    };
    format!("model: {}{advice}", visible(name))
}

/// Checks the files of a command before anything is read: no output is another output or one of
/// the files that are read, and each has a directory to stand in. Paths come with their options.
pub(super) fn check_files(
    inputs: &[PathBuf],
    outputs: &[(&'static str, Option<&PathBuf>)],
) -> Result<()> {
    let mut seen: Vec<(String, PathBuf)> = inputs
        .iter()
        .filter_map(|path| Some((format!("the input {}", path.display()), identity(path).ok()?)))
        .collect();
    for (option, path) in outputs {
        let Some(path) = path.filter(|path| !is_stream(path)) else { continue };
        let identity = identity(path).map_err(|source| -> Error {
            let directory = path.parent().unwrap_or(path).display().to_string();
            let path = visible(&directory);
            ErrorKind::Io { action: "create a file in this directory", path, source }.into()
        })?;
        if let Some((other, _)) = seen.iter().find(|(_, own)| *own == identity) {
            return Err(ErrorKind::Option {
                option,
                expected: format!("another file than {}", visible(other)),
                found: format!("\"{}\"", visible(&path.display().to_string())),
            }
            .into());
        }
        seen.push(((*option).to_owned(), identity));
    }
    Ok(())
}

/// A path that is the same for all spellings of it; the file need not be there, its directory must.
fn identity(path: &Path) -> std::io::Result<PathBuf> {
    if let Ok(existing) = path.canonicalize() {
        return Ok(existing);
    }
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.canonicalize()?,
        _ => std::env::current_dir()?,
    };
    Ok(directory.join(path.file_name().unwrap_or_default()))
}

/// True for standard output and for what is no file, such as a pipe or `/dev/null`.
pub(super) fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
        || path.metadata().is_ok_and(|about| !about.is_file() && !about.is_dir())
}

/// The files that a command reads, those of folders and patterns too.
pub(super) fn read_files(args: &InputArgs, model: Option<&PathBuf>) -> Result<Vec<PathBuf>> {
    let mut files = input_paths(&args.inputs)?;
    files.extend(args.mapping.iter().chain(model).cloned());
    Ok(files)
}

/// Where a path leads: `-` is standard output.
pub(super) fn target(path: &Path) -> Target {
    if path.as_os_str() == "-" { Target::Stdout } else { Target::File(path.to_owned()) }
}

/// What is surprising about the scale of columns, a line each.
pub(super) fn surprises_told(mapping: &ResolvedMapping, input: &Input) -> Result<Vec<String>> {
    let told = first_surprises(mapping, input.sample())?;
    let line = |(column, surprise): (Column, String)| {
        let theirs = mapping.spelled(column).unwrap_or_default();
        format!("surprising: {} ({}) {surprise}", column.name(), visible(theirs))
    };
    Ok(told.into_iter().map(line).collect())
}

/// Says what [`mapping_told`] has to say.
pub(super) fn tell_mapping(mapping: &ResolvedMapping) {
    console::messages(&mapping_told(mapping));
}

/// Which columns were recognized under other names, so that a wrong guess is seen, and how numbers and
/// dates are read.
pub(super) fn mapping_told(mapping: &ResolvedMapping) -> Vec<String> {
    let mut lines = Vec::new();
    let renamed: Vec<String> = mapping
        .renamed()
        .iter()
        .map(|(column, theirs)| format!("{} = {}", column.name(), visible(theirs)))
        .collect();
    if !renamed.is_empty() {
        lines.push(format!("columns: {}", renamed.join(", ")));
    }
    let conventions: Vec<String> = mapping
        .conventions()
        .iter()
        .filter(|own| own.is_remarkable())
        .map(|own| format!("{} {}", visible(&own.name), visible(&own.why)))
        .collect();
    if !conventions.is_empty() {
        lines.push(format!("conventions: {}", conventions.join("; ")));
    }
    lines
}
