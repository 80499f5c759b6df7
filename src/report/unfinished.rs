//! The temporary files of outputs that are not complete, for a program that has to stop.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A temporary file that is listed as long as this value lives.
#[derive(Debug)]
pub(super) struct Unfinished(PathBuf);

impl Unfinished {
    /// Lists a temporary file.
    pub(super) fn new(path: &Path) -> Unfinished {
        if let Ok(mut listed) = UNFINISHED.lock() {
            listed.insert(path.to_owned());
        }
        Unfinished(path.to_owned())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Ok(mut listed) = UNFINISHED.lock() {
            listed.remove(&self.0);
        }
    }
}

/// Removes the temporary files of all outputs that are being written in this process; they cannot
/// be completed afterwards. For a program that is about to end because it was interrupted.
pub fn remove_unfinished() {
    if let Ok(mut listed) = UNFINISHED.lock() {
        for path in std::mem::take(&mut *listed) {
            // What is gone already is as it should be, and there is nobody left to tell of others.
            let _ = std::fs::remove_file(path);
        }
    }
}
