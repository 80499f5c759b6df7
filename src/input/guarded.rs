//! Calling decoders of others, which panic on some damaged files.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{unlike, unreadable};
use crate::error::{Error, Location};

/// How a decoder failed.
#[derive(Debug)]
pub(super) enum Fault {
    /// What it said, which may quote the file.
    Said(String),
    /// Our own words.
    Ours(String),
    /// More than a limit allows, in our own words.
    Limit {
        /// What is allowed, with the option that allows more; completes "expected ...".
        expected: String,
        /// Completes "found ...".
        found: String,
    },
}

impl Fault {
    /// Bytes that contradict one another.
    pub(super) fn damage(what: impl std::fmt::Display) -> Self {
        Fault::Ours(format!("the file is damaged: {what}"))
    }

    /// The error at a place, for a file of a format.
    pub(super) fn at(self, place: Location, format: &'static str) -> Error {
        match self {
            Fault::Said(said) => Error::format(place, format, said),
            Fault::Ours(detail) => unreadable(place, format, detail),
            Fault::Limit { expected, found } => unlike(place, expected, found),
        }
    }
}

/// Calls a decoder; a panic of it becomes a fault.
///
/// A build with `panic = "abort"` loses that protection.
pub(super) fn guarded<T>(call: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    // Nothing that the call could leave half changed is used after a panic.
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| {
        let said = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned());
        Err(Fault::Said(match said {
            Some(said) => format!("the file is damaged: {said}"),
            None => "the file is damaged".to_owned(),
        }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_what_it_said() {
        let fault = guarded(|| -> Result<(), Fault> { panic!("bad page {}", 3) });
        let error = fault.expect_err("a fault").at(Location::file("x"), "Parquet");
        assert_eq!(
            error.to_string(),
            "x: not readable as Parquet: \"the file is damaged: bad page 3\""
        );
    }
}
