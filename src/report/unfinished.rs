//! The temporary files of outputs that are not complete, for a program that has to stop.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A temporary file that is listed as long as this value lives.
#[derive(Debug)]
pub(super) struct Unfinished(PathBuf);

impl Unfinished {
    /// Lists a temporary file that `create` makes. Nobody removes unfinished files between the two.
    pub(super) fn new<F, E>(
        create: impl FnOnce() -> Result<F, E>,
        path_of: impl FnOnce(&F) -> &Path,
    ) -> Result<(F, Unfinished), E> {
        let mut listed = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
        let file = create()?;
        let path = path_of(&file).to_owned();
        listed.insert(path.clone());
        Ok((file, Unfinished(path)))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

/// Removes the temporary files of all outputs that are being written in this process; they cannot
/// be completed afterwards, and a thread that begins another waits for ever. For a program that is
/// about to end because it was interrupted.
pub fn remove_unfinished() {
    let mut listed = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    for path in std::mem::take(&mut *listed) {
        // What is gone already is as it should be, and there is nobody left to tell of others.
        let _ = std::fs::remove_file(path);
    }
    std::mem::forget(listed);
}
