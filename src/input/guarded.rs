//! Calling decoders of others, which panic on some damaged files.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Error, Location};

/// What a decoder said, or how it failed.
#[derive(Debug)]
pub(super) struct Fault(pub(super) String);

impl Fault {
    /// The error at a place, for a file of a format.
    pub(super) fn at(self, place: Location, format: &'static str) -> Error {
        Error::format(place, format, self.0)
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
        Err(Fault(match said {
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
