//! Sorting more records than memory holds, by way of a temporary file.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::sync::Arc;

use rayon::slice::ParallelSliceMut;

use crate::error::{Error, Result};

/// Fewer records than this are never worth a run of their own.
const LEAST_RECORDS: usize = 16;

/// The least and the most that is read of a run at once, in bytes.
const READ_BYTES: Range<usize> = 4096..1024 * 1024;

/// Takes records of `WORDS` words in any order, up to `most` of them in memory, the rest in sorted
/// runs in a temporary file that has no name and so leaves nothing behind, however the program ends.
pub(super) struct Sorter<const WORDS: usize> {
    buffer: Vec<[u64; WORDS]>,
    most: usize,
    spilled: Option<Spilled>,
}

/// The runs on disk.
struct Spilled {
    file: BufWriter<File>,
    /// Byte ranges of the file, one a run.
    runs: Vec<Range<u64>>,
}

impl<const WORDS: usize> Sorter<WORDS> {
    /// The bytes of one record.
    pub(super) const RECORD_BYTES: usize = WORDS * 8;

    /// A sorter that holds about so many bytes in memory.
    pub(super) fn new(memory_bytes: usize) -> Self {
        let most = (memory_bytes / Self::RECORD_BYTES).max(LEAST_RECORDS);
        Sorter { buffer: Vec::new(), most, spilled: None }
    }

    /// Takes a record.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`] where the temporary file cannot be written.
    pub(super) fn push(&mut self, record: [u64; WORDS]) -> Result<()> {
        if self.buffer.len() >= self.most {
            self.spill()?;
        }
        if self.buffer.len() == self.buffer.capacity() {
            // Doubled as a vector does, but never beyond what is allowed.
            let more = self.buffer.capacity().max(LEAST_RECORDS).min(self.most - self.buffer.len());
            self.buffer.reserve_exact(more);
        }
        self.buffer.push(record);
        Ok(())
    }

    /// All records in order; equal ones stay as many as they were.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`] where the temporary file cannot be written.
    pub(super) fn finish(mut self) -> Result<Sorted<WORDS>> {
        if self.spilled.is_some() && !self.buffer.is_empty() {
            self.spill()?;
        }
        let Sorter { mut buffer, most, spilled } = self;
        buffer.par_sort_unstable();
        let place = match spilled {
            None => Place::Memory(buffer),
            Some(Spilled { file, runs }) => {
                drop(buffer);
                let file = file.into_inner().map_err(|error| fault("write", error.into_error()))?;
                // Three iterators may stand on the same runs at once.
                let share = most * Self::RECORD_BYTES / (3 * runs.len().max(1));
                let read_bytes = share.clamp(READ_BYTES.start, READ_BYTES.end);
                let read_records = (read_bytes / Self::RECORD_BYTES).max(1);
                Place::Disk { file, runs, read_records }
            }
        };
        Ok(Sorted(Arc::new(place)))
    }

    fn spill(&mut self) -> Result<()> {
        self.buffer.par_sort_unstable();
        let spilled = match &mut self.spilled {
            Some(spilled) => spilled,
            none => {
                let file = temporary()?;
                none.insert(Spilled { file: BufWriter::new(file), runs: Vec::new() })
            }
        };
        for record in &self.buffer {
            for word in record {
                let written = spilled.file.write_all(&word.to_le_bytes());
                written.map_err(|error| fault("write", error))?;
            }
        }
        let start = spilled.runs.last().map_or(0, |run| run.end);
        let n_bytes = (self.buffer.len() * Self::RECORD_BYTES) as u64;
        spilled.runs.push(start..start + n_bytes);
        self.buffer.clear();
        Ok(())
    }
}

/// Sorted records, which can be gone through any number of times.
pub(super) struct Sorted<const WORDS: usize>(Arc<Place<WORDS>>);

enum Place<const WORDS: usize> {
    Memory(Vec<[u64; WORDS]>),
    Disk { file: File, runs: Vec<Range<u64>>, read_records: usize },
}

impl<const WORDS: usize> Sorted<WORDS> {
    /// The records from the first on.
    pub(super) fn merged(&self) -> Merged<WORDS> {
        let runs = match &*self.0 {
            Place::Memory(_) => Vec::new(),
            Place::Disk { runs, .. } => {
                let run = |own: &Range<u64>| Run { left: own.clone(), read: Vec::new(), at: 0 };
                runs.iter().map(run).collect()
            }
        };
        Merged { place: Arc::clone(&self.0), at: 0, runs, heads: None }
    }
}

/// The records of [`Sorted`], one after the other.
pub(super) struct Merged<const WORDS: usize> {
    place: Arc<Place<WORDS>>,
    /// The next record, where all are in memory.
    at: usize,
    runs: Vec<Run<WORDS>>,
    /// The first record of each run with the run's number; none before the first is asked for.
    heads: Option<BinaryHeap<Reverse<([u64; WORDS], usize)>>>,
}

/// What is left of a run: bytes of the file, and records that were read.
struct Run<const WORDS: usize> {
    left: Range<u64>,
    read: Vec<[u64; WORDS]>,
    at: usize,
}

impl<const WORDS: usize> Merged<WORDS> {
    /// The next record; `None` behind the last.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`] where the temporary file cannot be read.
    pub(super) fn next(&mut self) -> Result<Option<[u64; WORDS]>> {
        let (file, read_records) = match &*self.place {
            Place::Memory(records) => {
                let record = records.get(self.at).copied();
                self.at += 1;
                return Ok(record);
            }
            Place::Disk { file, read_records, .. } => (file, *read_records),
        };
        let heads = match &mut self.heads {
            Some(heads) => heads,
            none => {
                let mut heads = BinaryHeap::with_capacity(self.runs.len());
                for (number, run) in self.runs.iter_mut().enumerate() {
                    heads.extend(run.next(file, read_records)?.map(|own| Reverse((own, number))));
                }
                none.insert(heads)
            }
        };
        let Some(mut least) = heads.peek_mut() else { return Ok(None) };
        let Reverse((record, number)) = *least;
        let follower = match self.runs.get_mut(number) {
            Some(run) => run.next(file, read_records)?,
            None => None,
        };
        match follower {
            Some(own) => *least = Reverse((own, number)),
            None => drop(PeekMut::pop(least)),
        }
        Ok(Some(record))
    }
}

impl<const WORDS: usize> Run<WORDS> {
    fn next(&mut self, file: &File, read_records: usize) -> Result<Option<[u64; WORDS]>> {
        if self.at == self.read.len() {
            let record_bytes = Sorter::<WORDS>::RECORD_BYTES;
            let n_bytes =
                (self.left.end - self.left.start).min((read_records * record_bytes) as u64);
            self.read.clear();
            read_records_at(file, self.left.start, n_bytes as usize, &mut self.read)?;
            self.left.start += n_bytes;
            self.at = 0;
        }
        let record = self.read.get(self.at).copied();
        self.at += 1;
        // Behind the last record the place stays where it is.
        self.at = self.at.min(self.read.len());
        Ok(record)
    }
}

/// Reads records from a place of a temporary file on.
///
/// # Errors
/// [`crate::ErrorKind::Io`].
pub(super) fn read_records_at<const WORDS: usize>(
    mut file: &File,
    start: u64,
    n_bytes: usize,
    records: &mut Vec<[u64; WORDS]>,
) -> Result<()> {
    if n_bytes == 0 {
        return Ok(());
    }
    let mut bytes = vec![0; n_bytes];
    file.seek(SeekFrom::Start(start)).map_err(|error| fault("read", error))?;
    file.read_exact(&mut bytes).map_err(|error| fault("read", error))?;
    records.extend(bytes.chunks_exact(WORDS * 8).map(|chunk| {
        let mut record = [0; WORDS];
        for (word, bytes) in record.iter_mut().zip(chunk.chunks_exact(8)) {
            *word = bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
        }
        record
    }));
    Ok(())
}

/// A temporary file without a name.
///
/// # Errors
/// [`crate::ErrorKind::Io`] naming the folder.
pub(super) fn temporary() -> Result<File> {
    tempfile::tempfile().map_err(|error| fault("create", error))
}

/// The error of the operating system, naming the folder in which the file is.
pub(super) fn fault(action: &'static str, error: io::Error) -> Error {
    let action = match action {
        "create" => "create a temporary file there",
        "read" => "read a temporary file there",
        _ => "write a temporary file there",
    };
    Error::io(action, std::env::temp_dir().display().to_string(), error)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all<const WORDS: usize>(sorted: &Sorted<WORDS>) -> Vec<[u64; WORDS]> {
        let mut records = sorted.merged();
        std::iter::from_fn(|| records.next().unwrap()).collect()
    }

    fn sorted(records: &[[u64; 2]], memory_bytes: usize) -> Sorted<2> {
        let mut sorter = Sorter::new(memory_bytes);
        for record in records {
            sorter.push(*record).unwrap();
        }
        sorter.finish().unwrap()
    }

    #[test]
    fn records_beyond_memory_go_to_disk_and_come_back() {
        // A multiplier that is odd visits each remainder of 2^12 once.
        let records: Vec<[u64; 2]> = (0..4096_u64).map(|n| [n * 1773 % 4096, n]).collect();
        let on_disk = sorted(&records, 100 * 16);
        assert!(matches!(&*on_disk.0, Place::Disk { runs, .. } if runs.len() == 41));
        let first: Vec<u64> = all(&on_disk).iter().map(|record| record[0]).collect();
        assert_eq!(first, (0..4096).collect::<Vec<u64>>());
        // It can be gone through again, and twice at a time.
        let (mut one, mut other) = (on_disk.merged(), on_disk.merged());
        for n in 0..4096 {
            assert_eq!(one.next().unwrap().map(|record| record[0]), Some(n));
            assert_eq!(other.next().unwrap().map(|record| record[0]), Some(n));
        }
        assert_eq!((one.next().unwrap(), one.next().unwrap()), (None, None));
    }

    #[test]
    fn nothing_sorts_to_nothing() {
        assert_eq!(all(&sorted(&[], 0)), Vec::<[u64; 2]>::new());
    }

    proptest! {
        #[test]
        fn memory_changes_nothing(
            records in prop::collection::vec((0_u64..9, any::<u64>()), 0..200),
            memory_bytes in 0_usize..2000,
        ) {
            let records: Vec<[u64; 2]> = records.into_iter().map(|(a, b)| [a, b]).collect();
            let mut expected = records.clone();
            expected.sort_unstable();
            prop_assert_eq!(all(&sorted(&records, memory_bytes)), expected);
        }
    }
}
