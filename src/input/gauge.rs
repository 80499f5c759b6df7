//! How far a file has been read.

use std::fs::File;
use std::io::Seek;

/// A second handle on a file that is being read. Both share the place at which is read next, so that it
/// tells how far the reader has come, decompressed or not, without the reader knowing.
pub(super) struct Gauge {
    file: File,
    n_bytes: u64,
}

impl Gauge {
    /// A gauge of a file; `None` where the system gives no second handle.
    pub(super) fn of(file: &File) -> Option<Gauge> {
        let n_bytes = file.metadata().ok()?.len();
        Some(Gauge { file: file.try_clone().ok()?, n_bytes })
    }

    /// The length of the file.
    pub(super) fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    /// How much of the file was read, 0 to 1.
    pub(super) fn share(&self) -> f64 {
        let at = (&self.file).stream_position().unwrap_or_default();
        (at as f64 / self.n_bytes.max(1) as f64).min(1.0)
    }
}
