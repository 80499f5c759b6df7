//! Records by their position in the whole input, and back to file and number.

use std::sync::Arc;

/// The files of an input in the order in which they are read, each with the positions before it.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Each file with the position of its record 0.
    files: Vec<(Arc<str>, u64)>,
    /// The position behind the last record seen.
    end: u64,
}

/// A record of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as the user named it.
    pub file: Arc<str>,
    /// The number of the record in it, counted from 1.
    pub record: u64,
}

impl Places {
    /// The position of a record. Records come in the order of the input; one that does not follow
    /// in its file begins a file again, as when one is given twice.
    pub(super) fn position(&mut self, file: &Arc<str>, record: u64) -> u64 {
        let base = match self.files.last() {
            Some((own, base)) if own == file && base + record >= self.end => *base,
            _ => {
                self.files.push((Arc::clone(file), self.end));
                self.end
            }
        };
        self.end = base + record + 1;
        base + record
    }

    /// The record at a position.
    pub(super) fn place(&self, position: u64) -> Option<Place> {
        let at = self.files.partition_point(|(_, base)| *base <= position).checked_sub(1)?;
        let (file, base) = self.files.get(at)?;
        Some(Place { file: Arc::clone(file), record: position - base })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_lead_back_to_their_records() {
        let (a, b): (Arc<str>, Arc<str>) = (Arc::from("a"), Arc::from("b"));
        let records = [(&a, 1), (&a, 4), (&b, 1), (&b, 2), (&b, 1), (&a, 7)];
        let mut places = Places::default();
        let positions: Vec<u64> =
            records.iter().map(|(file, record)| places.position(file, *record)).collect();
        assert!(positions.is_sorted_by(|one, other| one < other), "{positions:?}");
        for (position, (file, record)) in positions.into_iter().zip(records) {
            let place = Place { file: Arc::clone(file), record };
            assert_eq!(places.place(position), Some(place));
        }
    }
}
