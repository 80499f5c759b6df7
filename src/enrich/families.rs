//! Families of texts: equal ones, and those that are nearly equal to another of the family.

use std::fs::File;
use std::io::{BufWriter, Write};

use super::components::Components;
use super::signature::{N_BANDS, Signature};
use super::sorter::{Sorted, Sorter, fault, read_records_at, temporary};
use crate::error::Result;

/// Words of a record: hash of the text, row, seller and the signature.
pub(super) const TEXT_WORDS: usize = 3 + N_BANDS;

/// Of the texts that agree in a band, so many are kept to compare the others with.
const MOST_LEADERS: usize = 8;

/// Signatures that are read at once where they stand on disk.
const READ_SIGNATURES: usize = 4096;

/// Hands `[family, seller, row]` of each text to `sink`.
///
/// A family is a connected component: two texts are in one if they are equal, if they are nearly
/// equal, or if others between them lead from one to the other. Texts are numbered in the order of
/// their hashes and looked at in that order, so that a family does not depend on where in the
/// export its listings stand. In memory are four bytes for each different text, and signatures and
/// bands up to `memory_bytes`; what is beyond goes to disk.
///
/// # Errors
/// Those of temporary files and of `sink`.
pub(super) fn for_each_member(
    texts: &Sorted<TEXT_WORDS>,
    memory_bytes: usize,
    mut sink: impl FnMut([u64; 3]) -> Result<()>,
) -> Result<()> {
    let mut signatures = Signatures::new(memory_bytes / 2);
    let mut numbered = Numbered::default();
    let mut records = texts.merged();
    while let Some(record) = records.next()? {
        if let (true, Some(_)) = numbered.place(&record) {
            signatures.push(signature(&record))?;
        }
    }
    signatures.complete()?;
    let mut joined = Components::new(signatures.len())?;
    for band in 0..N_BANDS {
        join_within_band(band, &signatures, memory_bytes / 2, &mut joined)?;
    }
    drop(signatures);
    let mut numbered = Numbered::default();
    let mut records = texts.merged();
    while let Some(record) = records.next()? {
        let [text, row, seller, ..] = record;
        // Numbers are small and hashes are not, so that no family of one kind is one of the other.
        let family = match numbered.place(&record) {
            (_, Some(number)) => u64::from(joined.root(number)) + 1,
            (_, None) => text,
        };
        sink([family, seller, row])?;
    }
    Ok(())
}

/// Joins texts that agree in a band and are nearly equal.
///
/// Where many agree in a band, each is compared with the first few that are not near to each other,
/// and not with all: with n texts the work is n, not n².
fn join_within_band(
    band: usize,
    signatures: &Signatures,
    memory_bytes: usize,
    joined: &mut Components,
) -> Result<()> {
    let mut sorter: Sorter<2> = Sorter::new(memory_bytes);
    signatures.for_each(|number, own| sorter.push([own.0[band], u64::from(number)]))?;
    let sorted = sorter.finish()?;
    let mut records = sorted.merged();
    let mut bucket = None;
    let mut leaders: Vec<(u32, Option<Signature>)> = Vec::with_capacity(MOST_LEADERS);
    while let Some([slots, number]) = records.next()? {
        let number = number as u32;
        if bucket != Some(slots) {
            bucket = Some(slots);
            leaders.clear();
        }
        let mut own = None;
        let mut is_joined = false;
        for (leader, of_leader) in &mut leaders {
            is_joined = joined.root(*leader) == joined.root(number);
            if !is_joined {
                let of_leader = signatures.kept(of_leader, *leader)?;
                is_joined = signatures.kept(&mut own, number)?.is_near(&of_leader);
                if is_joined {
                    joined.join(*leader, number);
                }
            }
            if is_joined {
                break;
            }
        }
        if !is_joined && leaders.len() < MOST_LEADERS {
            leaders.push((number, own));
        }
    }
    Ok(())
}

fn signature(record: &[u64; TEXT_WORDS]) -> Signature {
    let mut words = [0; N_BANDS];
    words.copy_from_slice(&record[TEXT_WORDS - N_BANDS..]);
    Signature(words)
}

/// Numbers the different texts that have a signature, in the order of the records.
#[derive(Default)]
struct Numbered {
    before: Option<u64>,
    n: u32,
}

impl Numbered {
    /// Whether the text is another than before, and its number if it has a signature.
    fn place(&mut self, record: &[u64; TEXT_WORDS]) -> (bool, Option<u32>) {
        let is_new = self.before != Some(record[0]);
        let is_numbered = signature(record) != Signature::NONE;
        self.before = Some(record[0]);
        // Beyond 2³² numbers `Components::new` refuses.
        self.n = self.n.wrapping_add(u32::from(is_new && is_numbered));
        (is_new, is_numbered.then(|| self.n.wrapping_sub(1)))
    }
}

/// The signatures by number: the first in memory, the rest on disk.
struct Signatures {
    memory: Vec<[u64; N_BANDS]>,
    most: usize,
    disk: Option<BufWriter<File>>,
    n_on_disk: u64,
}

impl Signatures {
    fn new(memory_bytes: usize) -> Signatures {
        let most = memory_bytes / Sorter::<N_BANDS>::RECORD_BYTES;
        Signatures { memory: Vec::new(), most, disk: None, n_on_disk: 0 }
    }

    fn len(&self) -> u64 {
        self.memory.len() as u64 + self.n_on_disk
    }

    fn push(&mut self, own: Signature) -> Result<()> {
        if self.memory.len() < self.most {
            self.memory.push(own.0);
            return Ok(());
        }
        let disk = match &mut self.disk {
            Some(disk) => disk,
            none => none.insert(BufWriter::new(temporary()?)),
        };
        for word in own.0 {
            disk.write_all(&word.to_le_bytes()).map_err(|error| fault("write", error))?;
        }
        self.n_on_disk += 1;
        Ok(())
    }

    /// Hands over what is to be on disk.
    fn complete(&mut self) -> Result<()> {
        let flushed = self.disk.as_mut().map(BufWriter::flush).transpose();
        flushed.map(|_| ()).map_err(|error| fault("write", error))
    }

    /// The signature of a number, which is looked up once.
    fn kept(&self, own: &mut Option<Signature>, number: u32) -> Result<Signature> {
        match own {
            Some(own) => Ok(*own),
            none => Ok(*none.insert(self.get(number)?)),
        }
    }

    fn get(&self, number: u32) -> Result<Signature> {
        if let Some(own) = self.memory.get(number as usize) {
            return Ok(Signature(*own));
        }
        let mut read = Vec::with_capacity(1);
        self.read(u64::from(number) - self.memory.len() as u64, 1, &mut read)?;
        Ok(read.first().map_or(Signature::NONE, |own| Signature(*own)))
    }

    fn for_each(&self, mut visit: impl FnMut(u32, &Signature) -> Result<()>) -> Result<()> {
        let mut number = 0;
        for own in &self.memory {
            visit(number, &Signature(*own))?;
            number += 1;
        }
        let mut read = Vec::new();
        let mut at = 0;
        while at < self.n_on_disk {
            let n = (self.n_on_disk - at).min(READ_SIGNATURES as u64);
            read.clear();
            self.read(at, n as usize, &mut read)?;
            for own in &read {
                visit(number, &Signature(*own))?;
                number += 1;
            }
            at += n;
        }
        Ok(())
    }

    fn read(&self, at: u64, n: usize, read: &mut Vec<[u64; N_BANDS]>) -> Result<()> {
        let Some(disk) = &self.disk else { return Ok(()) };
        let bytes = Sorter::<N_BANDS>::RECORD_BYTES;
        read_records_at(disk.get_ref(), at * bytes as u64, n * bytes, read)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::hash::hash;
    use super::super::shingles::Shingles;
    use super::super::signature::Sketch;
    use super::*;

    /// The rows of each family, in order.
    fn families(texts: &[&str], memory_bytes: usize) -> Vec<Vec<u64>> {
        let mut sorter: Sorter<TEXT_WORDS> = Sorter::new(memory_bytes);
        for (row, text) in (0..).zip(texts) {
            let mut sketch = Sketch::new();
            let is_long = Shingles::default().of(text, |piece| sketch.add(piece));
            let own = if is_long { sketch.signature() } else { Signature::NONE };
            let mut record = [0; TEXT_WORDS];
            record[..3].copy_from_slice(&[hash(text.as_bytes()), row, 0]);
            record[3..].copy_from_slice(&own.0);
            sorter.push(record).unwrap();
        }
        let mut found: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        for_each_member(&sorter.finish().unwrap(), memory_bytes, |[family, _, row]| {
            found.entry(family).or_default().push(row);
            Ok(())
        })
        .unwrap();
        let mut rows: Vec<Vec<u64>> = found.into_values().collect();
        for own in &mut rows {
            own.sort_unstable();
        }
        rows.sort();
        rows
    }

    /// A text of `n` words, of which those from `from` on are numbered from another start.
    fn text(n: usize, from: usize, start: char) -> String {
        let word = |at: usize| {
            let letter = if at < from { 'a' } else { start };
            format!("{letter}{}", "xy".repeat(at + 1))
        };
        (0..n).map(word).collect::<Vec<String>>().join(" ")
    }

    #[test]
    fn a_text_that_differs_in_a_word_is_of_the_family_and_one_that_differs_in_half_is_not() {
        // 60 words, 58 pieces; the last word differs: 57 of 59 pieces. The last half: 28 of 88.
        let (one, near, far) = (text(60, 60, 'a'), text(60, 59, 'b'), text(60, 30, 'c'));
        for memory_bytes in [0, 1 << 20] {
            assert_eq!(families(&[&one, &far, &near], memory_bytes), [vec![0, 2], vec![1]]);
        }
    }

    #[test]
    fn a_family_goes_on_from_text_to_text() {
        // Each agrees with the next in 57 of 59 pieces or so, the first with the last in few.
        let chain: Vec<String> = (0..20).map(|n| text(60, 60 - 2 * n, 'b')).collect();
        let texts: Vec<&str> = chain.iter().map(String::as_str).collect();
        assert_eq!(families(&texts, 0), [(0..20).collect::<Vec<u64>>()]);
    }

    #[test]
    fn short_texts_are_of_a_family_only_if_they_are_equal() {
        let texts = ["leather bag 1", "leather bag 2", "leather bag 1", ""];
        assert_eq!(families(&texts, 0), [vec![0, 2], vec![1], vec![3]]);
    }
}
