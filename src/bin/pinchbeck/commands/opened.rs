//! What several commands open: the input with its mapping, the model, the files for what cannot be
//! read.

use std::path::{Path, PathBuf};

use pinchbeck::error::visible;
use pinchbeck::input::{Problem, Reject};
use pinchbeck::listing::ResolvedMapping;
use pinchbeck::report::{ProblemWriter, RejectWriter, Target};
use pinchbeck::{Error, ErrorKind, Input, Mapping, Model, ReadOptions, Result};

use crate::args::InputArgs;
use crate::console;

/// The embedded default model's name in messages.
const DEFAULT_NAME: &str = "embedded default";

/// Opens the input files.
pub(super) fn input(args: &InputArgs) -> Result<Input> {
    let options = ReadOptions { delimiter: args.delimiter, ..ReadOptions::default() };
    Input::open(&args.inputs, &options)
}

/// Reads the mapping file, if one is given.
pub(super) fn mapping(path: Option<&Path>) -> Result<Mapping> {
    let Some(path) = path else { return Ok(Mapping::default()) };
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|source| -> Error {
        ErrorKind::Io { action: "read the mapping", path: name.clone(), source }.into()
    })?;
    Mapping::from_toml(&name, &text)
}

/// Loads a model file, or the embedded default; with its name for messages.
pub(super) fn model(path: Option<&PathBuf>) -> Result<(String, Model)> {
    match path {
        None => Ok((DEFAULT_NAME.to_owned(), Model::embedded()?)),
        Some(path) => Ok((path.display().to_string(), Model::load(path)?)),
    }
}

/// Says which model scores; of the default, what to make of its scores.
pub(super) fn tell_model(name: &str, is_default: bool) {
    let advice = if is_default {
        ", trained on simulated listings only: read the order and the reasons, not the probability"
    } else {
        ""
    };
    console::message(&format!("model: {}{advice}", visible(name)));
}

/// Checks the files of a command before anything is read: no output is another output or one of
/// the files that are read, and each has a directory to stand in. Paths come with their options.
pub(super) fn check_files(
    inputs: &[&PathBuf],
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

/// The files that a command reads.
pub(super) fn read_files<'a>(args: &'a InputArgs, model: Option<&'a PathBuf>) -> Vec<&'a PathBuf> {
    args.inputs.iter().chain(&args.mapping).chain(model).collect()
}

/// Where a path leads: `-` is standard output.
pub(super) fn target(path: &Path) -> Target {
    if path.as_os_str() == "-" { Target::Stdout } else { Target::File(path.to_owned()) }
}

/// Says which columns were recognized under other names, so that a wrong guess is seen.
pub(super) fn tell_mapping(mapping: &ResolvedMapping) {
    let renamed: Vec<String> = mapping
        .renamed()
        .iter()
        .map(|(column, theirs)| format!("{} = {}", column.name(), visible(theirs)))
        .collect();
    if !renamed.is_empty() {
        console::message(&format!("columns: {}", renamed.join(", ")));
    }
}

/// What becomes of cells and records that cannot be read: without a file to list them in, the
/// first of them ends the work.
pub(super) struct Unreadable {
    problems: Option<(PathBuf, ProblemWriter)>,
    rejects: Option<(PathBuf, RejectWriter)>,
    n_problems: u64,
    n_rejects: u64,
}

impl Unreadable {
    pub(super) fn open(args: &InputArgs) -> Result<Unreadable> {
        let problems = args.problems.as_ref().map(|path| {
            ProblemWriter::create(&Target::File(path.clone())).map(|writer| (path.clone(), writer))
        });
        let rejects = args.rejects.as_ref().map(|path| {
            RejectWriter::create(&Target::File(path.clone())).map(|writer| (path.clone(), writer))
        });
        Ok(Unreadable {
            problems: problems.transpose()?,
            rejects: rejects.transpose()?,
            n_problems: 0,
            n_rejects: 0,
        })
    }

    /// Lists what a block could not read.
    pub(super) fn note(&mut self, problems: &[Problem], rejects: &[Reject]) -> Result<()> {
        if let Some(first) = rejects.first() {
            let Some((_, writer)) = &mut self.rejects else { return Err(first.to_error()) };
            for reject in rejects {
                writer.write(reject)?;
            }
        }
        if let Some(first) = problems.first() {
            let Some((_, writer)) = &mut self.problems else {
                return Err(first.to_error());
            };
            for problem in problems {
                writer.write(problem)?;
            }
        }
        self.n_problems += problems.len() as u64;
        self.n_rejects += rejects.len() as u64;
        Ok(())
    }

    /// Puts the lists in place and says how long they are.
    pub(super) fn finish(self) -> Result<()> {
        if let Some((path, writer)) = self.rejects {
            writer.finish()?;
            if self.n_rejects > 0 {
                console::message(&format!(
                    "records rejected: {}, listed in {}",
                    self.n_rejects,
                    visible(&path.display().to_string())
                ));
            }
        }
        if let Some((path, writer)) = self.problems {
            writer.finish()?;
            if self.n_problems > 0 {
                console::message(&format!(
                    "unreadable cells, counted as missing: {}, listed in {}",
                    self.n_problems,
                    visible(&path.display().to_string())
                ));
            }
        }
        Ok(())
    }
}
