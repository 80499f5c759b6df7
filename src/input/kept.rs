//! The bytes of the record being read: kept so that a broken one can be shown as it stands, and
//! held to a limit so that no record can fill the memory.

use std::io::{self, Read};

/// The longest record, in bytes.
pub(super) const RECORD_BYTES: usize = 16 * 1024 * 1024;

/// The limit on a record as messages write it.
pub(super) const RECORD_LIMIT: &str = "a record of at most 16 MiB";

/// A reader that remembers what it has read from a mark on.
pub(super) struct Kept {
    inner: Box<dyn Read + Send>,
    bytes: Vec<u8>,
    start: u64,
    mark: u64,
    is_too_long: bool,
}

impl Kept {
    /// A reader that remembers from its first byte on, until [`Kept::forget_before`] is called.
    pub(super) fn new(inner: Box<dyn Read + Send>) -> Self {
        Kept { inner, bytes: Vec::new(), start: 0, mark: 0, is_too_long: false }
    }

    /// Says that the bytes before `offset` are needed no more.
    pub(super) fn forget_before(&mut self, offset: u64) {
        self.mark = offset;
    }

    /// The bytes from one offset up to another; empty where they are no longer, or not yet, there.
    pub(super) fn between(&self, begin: u64, end: u64) -> &[u8] {
        let index = |offset: u64| usize::try_from(offset.checked_sub(self.start)?).ok();
        match (index(begin), index(end)) {
            (Some(begin), Some(end)) => self.bytes.get(begin..end).unwrap_or_default(),
            _ => &[],
        }
    }

    /// True when reading stopped because what stands behind the mark is longer than a record may
    /// be.
    pub(super) fn is_too_long(&self) -> bool {
        self.is_too_long
    }
}

impl Read for Kept {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The consumer has used up all it was given, so what stands behind the mark is one record.
        let done = usize::try_from(self.mark.saturating_sub(self.start)).unwrap_or(usize::MAX);
        let done = done.min(self.bytes.len());
        self.bytes.drain(..done);
        self.start += done as u64;
        if self.bytes.len() > RECORD_BYTES {
            self.is_too_long = true;
            return Err(io::Error::from(io::ErrorKind::InvalidData));
        }
        loop {
            match self.inner.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(n) => {
                    self.bytes.extend_from_slice(buffer.get(..n).unwrap_or_default());
                    return Ok(n);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_behind_the_mark_stay_and_others_go() {
        let mut kept = Kept::new(Box::new(&b"0123456789"[..]));
        let mut buffer = [0; 4];
        assert_eq!(kept.read(&mut buffer).ok(), Some(4));
        kept.forget_before(3);
        assert_eq!(kept.read(&mut buffer).ok(), Some(4));
        assert_eq!(kept.between(3, 7), b"3456");
        assert_eq!(kept.between(0, 2), b"");
        assert_eq!(kept.between(6, 9), b"");
    }

    #[test]
    fn memory_stops_growing_at_the_limit() {
        let mut kept = Kept::new(Box::new(io::repeat(b'x')));
        let mut buffer = vec![0; 1 << 20];
        let mut n_reads = 0;
        while kept.read(&mut buffer).is_ok() {
            n_reads += 1;
        }
        assert!(kept.is_too_long());
        assert_eq!(n_reads, 17, "16 MiB may be reached and not passed");
    }
}
