//! Counting in sorted records: how many share a key, and how many different parts they have.

use super::sorter::{Merged, Sorted};
use crate::error::Result;

/// A record `[key, part, row]` with what is known of its group, the records of the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counted {
    /// The row of the record.
    pub(super) row: u64,
    /// The part of the record; 0 is none.
    pub(super) part: u64,
    /// Records of the same key, this one too.
    pub(super) n: u64,
    /// Records of the same key and the same part, this one too.
    pub(super) n_alike: u64,
    /// Different parts of the key, none not counted.
    pub(super) n_parts: u64,
}

/// Hands each record of the groups to `sink`, in order.
///
/// Counts must be known before the first record of a group is handed over. Instead of keeping the
/// group, which may be the whole export, the records are gone through three times side by side: by
/// key, by key and part, and one by one.
///
/// # Errors
/// Those of reading a temporary file, and those of `sink`.
pub(super) fn for_each_counted(
    sorted: &Sorted<3>,
    mut sink: impl FnMut(Counted) -> Result<()>,
) -> Result<()> {
    let (mut keys, mut parts) = (Groups::new(sorted, 1)?, Groups::new(sorted, 2)?);
    let (mut of_key, mut of_part) = (Group::default(), Group::default());
    let mut before: Option<[u64; 3]> = None;
    let mut records = sorted.merged();
    while let Some(record) = records.next()? {
        let is_of = |n_words| before.is_some_and(|own| own[..n_words] == record[..n_words]);
        if !is_of(1) {
            of_key = keys.next()?;
        }
        if !is_of(2) {
            of_part = parts.next()?;
        }
        let [_, part, row] = record;
        let (n, n_parts) = (of_key.n, of_key.n_parts);
        sink(Counted { row, part, n, n_alike: of_part.n, n_parts })?;
        before = Some(record);
    }
    Ok(())
}

/// Counts the groups of records that agree in their first words.
struct Groups {
    records: Merged<3>,
    n_words: usize,
    /// The first record of the next group.
    held: Option<[u64; 3]>,
}

#[derive(Clone, Copy, Default)]
struct Group {
    n: u64,
    n_parts: u64,
}

impl Groups {
    fn new(sorted: &Sorted<3>, n_words: usize) -> Result<Groups> {
        let mut records = sorted.merged();
        let held = records.next()?;
        Ok(Groups { records, n_words, held })
    }

    fn next(&mut self) -> Result<Group> {
        let mut group = Group::default();
        let mut before: Option<[u64; 3]> = None;
        while let Some(record) = self.held {
            if before.is_some_and(|own| own[..self.n_words] != record[..self.n_words]) {
                break;
            }
            group.n += 1;
            let is_new = before.is_none_or(|own| own[1] != record[1]);
            group.n_parts += u64::from(is_new && record[1] != 0);
            before = Some(record);
            self.held = self.records.next()?;
        }
        Ok(group)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sorter::Sorter;
    use super::*;

    #[test]
    fn groups_are_counted_by_key_and_by_part() {
        let mut sorter = Sorter::new(0);
        for record in [[7, 2, 3], [7, 0, 4], [5, 0, 0], [7, 2, 1], [7, 9, 2]] {
            sorter.push(record).unwrap();
        }
        let mut found = Vec::new();
        for_each_counted(&sorter.finish().unwrap(), |own| {
            found.push((own.row, own.part, own.n, own.n_alike, own.n_parts));
            Ok(())
        })
        .unwrap();
        // Key 5: one record without a part. Key 7: four records, parts 2 (twice), 9 and none.
        assert_eq!(
            found,
            [(0, 0, 1, 1, 0), (4, 0, 4, 1, 2), (1, 2, 4, 2, 2), (3, 2, 4, 2, 2), (2, 9, 4, 1, 2)]
        );
    }
}
