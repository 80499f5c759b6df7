//! Ids that occur more than once, counted exactly in bounded memory.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use super::distinct::text_hash;

/// Ids held in memory before they are sorted and put into the temporary file: 16 MiB of them.
const RUN: usize = 1024 * 1024;

/// Ids read back from a run at a time.
const CHUNK: usize = 4096;

/// Ids whose text is remembered, so that an example can be shown by it: the first ones.
const REMEMBERED: usize = 65_536;

/// The longest id that is remembered, in bytes.
const REMEMBERED_BYTES: usize = 64;

/// Bytes of an entry in the temporary file.
const ENTRY: usize = 16;

/// The most examples.
const EXAMPLES: usize = 3;

/// The hash of an id and the position of its record.
type Entry = (u64, u64);

/// Gathers the ids of an input. They are told apart by 64-bit hashes: among ten million different
/// ids two share one with a probability of 3 in a million.
#[derive(Debug)]
pub(super) struct IdCounter {
    run: usize,
    held: Vec<Entry>,
    /// Where each sorted run begins and ends in the temporary file, in entries.
    runs: Vec<(u64, u64)>,
    spill: Option<File>,
    remembered: HashMap<u64, Box<str>>,
}

/// Ids that occur more than once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Repeated {
    /// How many different ids do.
    pub(super) n_ids: u64,
    /// How many records have one of them.
    pub(super) n_records: u64,
    /// Those of them whose second record comes first in the input.
    pub(super) examples: Vec<RepeatedId>,
}

/// An id that occurs more than once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RepeatedId {
    /// Its text, where it was remembered.
    pub(super) id: Option<String>,
    /// The positions of its first two records.
    pub(super) positions: (u64, u64),
    /// How many records have it.
    pub(super) n_records: u64,
}

impl IdCounter {
    pub(super) fn new() -> IdCounter {
        IdCounter::with_run(RUN)
    }

    fn with_run(run: usize) -> IdCounter {
        IdCounter {
            run,
            held: Vec::new(),
            runs: Vec::new(),
            spill: None,
            remembered: HashMap::new(),
        }
    }

    /// Adds the id of the record at a position.
    pub(super) fn add(&mut self, id: &str, position: u64) -> io::Result<()> {
        let hash = text_hash(id);
        if self.remembered.len() < REMEMBERED && id.len() <= REMEMBERED_BYTES {
            self.remembered.entry(hash).or_insert_with(|| id.into());
        }
        self.held.push((hash, position));
        if self.held.len() >= self.run { self.spill() } else { Ok(()) }
    }

    /// Sorts what is held and puts it behind the runs in the temporary file.
    fn spill(&mut self) -> io::Result<()> {
        self.held.sort_unstable();
        let begin = self.runs.last().map_or(0, |(_, end)| *end);
        let file = match &mut self.spill {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        let mut bytes = Vec::with_capacity(self.held.len() * ENTRY);
        for (hash, position) in &self.held {
            bytes.extend_from_slice(&hash.to_le_bytes());
            bytes.extend_from_slice(&position.to_le_bytes());
        }
        file.seek(SeekFrom::End(0))?;
        file.write_all(&bytes)?;
        self.runs.push((begin, begin + self.held.len() as u64));
        self.held.clear();
        Ok(())
    }

    /// What was gathered: the ids that occur more than once.
    pub(super) fn finish(mut self) -> io::Result<Repeated> {
        let mut found = Finder::default();
        match self.spill.take() {
            None => {
                self.held.sort_unstable();
                self.held.iter().for_each(|entry| found.add(*entry));
            }
            Some(file) => {
                self.spill = Some(file);
                if !self.held.is_empty() {
                    self.spill()?;
                }
                self.held = Vec::new();
                self.merge(&mut found)?;
            }
        }
        Ok(found.finish(&self.remembered))
    }

    /// Hands over the entries of all runs in order.
    fn merge(&mut self, found: &mut Finder) -> io::Result<()> {
        let Some(file) = &mut self.spill else { return Ok(()) };
        let mut runs: Vec<Run> = self.runs.iter().map(|&bounds| Run::new(bounds)).collect();
        let mut next = BinaryHeap::with_capacity(runs.len());
        for (index, run) in runs.iter_mut().enumerate() {
            if let Some(entry) = run.next(file)? {
                next.push(Reverse((entry, index)));
            }
        }
        while let Some(Reverse((entry, index))) = next.pop() {
            found.add(entry);
            if let Some(run) = runs.get_mut(index)
                && let Some(entry) = run.next(file)?
            {
                next.push(Reverse((entry, index)));
            }
        }
        Ok(())
    }
}

/// A sorted run that is read back.
struct Run {
    begin: u64,
    end: u64,
    chunk: std::vec::IntoIter<Entry>,
}

impl Run {
    fn new((begin, end): (u64, u64)) -> Run {
        Run { begin, end, chunk: Vec::new().into_iter() }
    }

    fn next(&mut self, file: &mut File) -> io::Result<Option<Entry>> {
        if let Some(entry) = self.chunk.next() {
            return Ok(Some(entry));
        }
        let n = (self.end - self.begin).min(CHUNK as u64) as usize;
        let mut bytes = vec![0; n * ENTRY];
        file.seek(SeekFrom::Start(self.begin * ENTRY as u64))?;
        file.read_exact(&mut bytes)?;
        self.begin += n as u64;
        let number = |bytes: &[u8]| {
            bytes.iter().rev().fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
        };
        let entries: Vec<Entry> = bytes
            .chunks_exact(ENTRY)
            .map(|entry| entry.split_at(ENTRY / 2))
            .map(|(hash, position)| (number(hash), number(position)))
            .collect();
        self.chunk = entries.into_iter();
        Ok(self.chunk.next())
    }
}

/// Finds entries of one hash among sorted entries.
#[derive(Default)]
struct Finder {
    /// The hash being looked at, its first two positions and how many there are.
    current: Option<(u64, (u64, u64), u64)>,
    n_ids: u64,
    n_records: u64,
    /// The earliest by second position: that, the first, the count and the hash.
    examples: BinaryHeap<(u64, u64, u64, u64)>,
}

impl Finder {
    fn add(&mut self, (hash, position): Entry) {
        match &mut self.current {
            Some((own, positions, n)) if *own == hash => {
                *n += 1;
                if *n == 2 {
                    positions.1 = position;
                }
            }
            _ => {
                self.close();
                self.current = Some((hash, (position, position), 1));
            }
        }
    }

    fn close(&mut self) {
        let Some((hash, (first, second), n)) = self.current.take().filter(|(_, _, n)| *n > 1)
        else {
            return;
        };
        self.n_ids += 1;
        self.n_records += n;
        self.examples.push((second, first, n, hash));
        if self.examples.len() > EXAMPLES {
            self.examples.pop();
        }
    }

    fn finish(mut self, remembered: &HashMap<u64, Box<str>>) -> Repeated {
        self.close();
        let examples = self
            .examples
            .into_sorted_vec()
            .into_iter()
            .map(|(second, first, n_records, hash)| RepeatedId {
                id: remembered.get(&hash).map(ToString::to_string),
                positions: (first, second),
                n_records,
            })
            .collect();
        Repeated { n_ids: self.n_ids, n_records: self.n_records, examples }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeated(ids: &[&str], run: usize) -> Repeated {
        let mut counter = IdCounter::with_run(run);
        for (position, id) in ids.iter().enumerate() {
            counter.add(id, position as u64).unwrap();
        }
        counter.finish().unwrap()
    }

    #[test]
    fn repeated_ids_are_counted_in_memory_and_over_spilled_runs_alike() {
        let ids = ["a", "b", "c", "b", "a", "d", "e", "e", "b", "f", "f", "g"];
        let expected = Repeated {
            n_ids: 4,
            n_records: 9,
            examples: vec![
                RepeatedId { id: Some("b".into()), positions: (1, 3), n_records: 3 },
                RepeatedId { id: Some("a".into()), positions: (0, 4), n_records: 2 },
                RepeatedId { id: Some("e".into()), positions: (6, 7), n_records: 2 },
            ],
        };
        for run in [1, 2, 3, 5, 12, 100] {
            assert_eq!(repeated(&ids, run), expected, "runs of {run}");
        }
        assert_eq!(repeated(&["a", "b", "A", "a "], 2), Repeated::default());
        assert_eq!(repeated(&[], 2), Repeated::default());
    }

    #[test]
    fn a_run_longer_than_a_chunk_is_read_back_whole() {
        let ids: Vec<String> = (0..20_000).map(|n| (n % 15_000).to_string()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let found = repeated(&ids, 9_000);
        assert_eq!((found.n_ids, found.n_records), (5_000, 10_000));
        assert_eq!(found.examples[0].positions, (0, 15_000));
    }
}
