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

/// Checks that no two outputs of a command are the same file; each is given with its option.
pub(super) fn distinct(outputs: &[(&'static str, Option<&PathBuf>)]) -> Result<()> {
    let mut seen: Vec<(&str, PathBuf)> = Vec::new();
    for (option, path) in outputs {
        let Some(path) = path.filter(|path| path.as_os_str() != "-") else { continue };
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        if let Some((other, _)) = seen.iter().find(|(_, own)| *own == absolute) {
            return Err(ErrorKind::Option {
                option,
                expected: format!("another file than {other}"),
                found: format!("\"{}\"", visible(&path.display().to_string())),
            }
            .into());
        }
        seen.push((option, absolute));
    }
    Ok(())
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
