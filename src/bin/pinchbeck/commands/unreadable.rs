//! What becomes of cells and records that cannot be read: they are counted, listed where the user
//! says, and a fault where he wants one.

use std::path::PathBuf;

use pinchbeck::error::visible;
use pinchbeck::input::{Problem, Reject};
use pinchbeck::report::{ProblemWriter, RejectWriter, Target};
use pinchbeck::{Error, Result};

use crate::args::InputArgs;
use crate::console;

/// The cells and records of an input that could not be read.
pub(super) struct Unreadable {
    is_strict: bool,
    problems: Option<(PathBuf, ProblemWriter)>,
    rejects: Option<(PathBuf, RejectWriter)>,
    /// For each column how many of its cells, in the order in which they came up.
    columns: Vec<(String, u64)>,
    n_rejects: u64,
    first_problem: Option<String>,
    first_reject: Option<String>,
}

impl Unreadable {
    /// Opens the files that the arguments name.
    pub(super) fn open(args: &InputArgs) -> Result<Unreadable> {
        let problems = args.problems.as_ref().map(|path| {
            ProblemWriter::create(&Target::File(path.clone())).map(|writer| (path.clone(), writer))
        });
        let rejects = args.rejects.as_ref().map(|path| {
            RejectWriter::create(&Target::File(path.clone())).map(|writer| (path.clone(), writer))
        });
        Ok(Unreadable {
            is_strict: args.strict,
            problems: problems.transpose()?,
            rejects: rejects.transpose()?,
            columns: Vec::new(),
            n_rejects: 0,
            first_problem: None,
            first_reject: None,
        })
    }

    /// Notes what a block could not read.
    ///
    /// # Errors
    /// The first of it, where nothing unreadable is allowed.
    pub(super) fn note(&mut self, problems: &[Problem], rejects: &[Reject]) -> Result<()> {
        if let Some(error) = first_fault(problems, rejects).filter(|_| self.is_strict) {
            return Err(error);
        }
        if let Some(first) = rejects.first() {
            self.first_reject.get_or_insert_with(|| first.to_error().to_string());
        }
        if let Some(first) = problems.first() {
            self.first_problem.get_or_insert_with(|| first.to_error().to_string());
        }
        for reject in rejects {
            if let Some((_, writer)) = &mut self.rejects {
                writer.write(reject)?;
            }
        }
        for problem in problems {
            if let Some((_, writer)) = &mut self.problems {
                writer.write(problem)?;
            }
            let column = problem.location.column.as_deref().unwrap_or_default();
            match self.columns.iter_mut().find(|(own, _)| own == column) {
                Some((_, n)) => *n += 1,
                None => self.columns.push((column.to_owned(), 1)),
            }
        }
        self.n_rejects += rejects.len() as u64;
        Ok(())
    }

    /// Puts the lists in place and says what they hold.
    pub(super) fn finish(self) -> Result<()> {
        let listed = |path: &PathBuf| format!("listed in {}", visible(&path.display().to_string()));
        let mut tale = None;
        if let Some((path, writer)) = self.rejects {
            writer.finish()?;
            tale = Some(listed(&path));
        }
        if let Some(first) = self.first_reject {
            let tale = tale.unwrap_or_else(|| "--rejects FILE keeps them".to_owned());
            console::message(&format!(
                "records that cannot be read: {}; first: {first}; {tale}",
                self.n_rejects
            ));
        }
        let mut tale = None;
        if let Some((path, writer)) = self.problems {
            writer.finish()?;
            tale = Some(listed(&path));
        }
        if let Some(first) = self.first_problem {
            let tale = tale.unwrap_or_else(|| "--problems FILE lists them".to_owned());
            let columns: Vec<String> =
                self.columns.iter().map(|(name, n)| format!("{} {n}", visible(name))).collect();
            console::message(&format!(
                "cells that cannot be read: {}; first: {first}; {tale}",
                columns.join(", ")
            ));
        }
        Ok(())
    }
}

/// The fault of the first record that has one, so that it does not hang on the size of blocks.
fn first_fault(problems: &[Problem], rejects: &[Reject]) -> Option<Error> {
    match (problems.first(), rejects.first()) {
        (Some(problem), Some(reject)) if problem.location.record < reject.location.record => {
            Some(problem.to_error())
        }
        (_, Some(reject)) => Some(reject.to_error()),
        (problem, None) => problem.map(Problem::to_error),
    }
}
