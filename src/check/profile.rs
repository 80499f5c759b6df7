//! What stands in one column, gathered record by record in bounded memory.

use super::distinct::{Distinct, DistinctCounter, text_hash};
use super::places::Place;
use super::sample::{Sample, median, quantile};

/// How many examples are kept of anything.
pub(super) const EXAMPLES: usize = 3;

/// The longest example, in characters.
const EXAMPLE_CHARS: usize = 60;

/// What stands in one column.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnProfile {
    /// Records of files that have the column.
    pub n_records: u64,
    /// Records in which it is empty, or holds a word for nothing.
    pub n_empty: u64,
    /// Records in which it could not be read.
    pub n_unreadable: u64,
    /// The first of these: where, and what stands there.
    pub unreadable: Vec<(Place, String)>,
    /// How many different values it has.
    pub distinct: Distinct,
    /// The first different values of a text.
    pub examples: Vec<String>,
    /// Of numbers and dates, what they range over.
    pub range: Option<Range>,
}

impl ColumnProfile {
    /// Records in which the column holds a value.
    pub fn n_present(&self) -> u64 {
        self.n_records - self.n_empty - self.n_unreadable
    }
}

/// What the numbers of a column range over.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// The smallest.
    pub smallest: f64,
    /// The one in the middle; of the sample where it is one.
    pub median: f64,
    /// The largest.
    pub largest: f64,
    /// A sample of the numbers in ascending order.
    pub(super) sorted: Vec<f64>,
    /// True when there are more numbers than in the sample.
    pub is_sampled: bool,
}

impl Range {
    /// The number below which a share of the numbers lies.
    pub(super) fn quantile(&self, share: f64) -> f64 {
        quantile(&self.sorted, share).unwrap_or(f64::NAN)
    }
}

/// Gathers what stands in one column.
#[derive(Debug, Default)]
pub(super) struct Profiler {
    n_records: u64,
    n_empty: u64,
    n_unreadable: u64,
    unreadable: Vec<(Place, String)>,
    distinct: DistinctCounter,
    examples: Vec<String>,
    numbers: Sample,
    bounds: Option<(f64, f64)>,
}

impl Profiler {
    /// Notes an empty cell.
    pub(super) fn empty(&mut self) {
        self.n_records += 1;
        self.n_empty += 1;
    }

    /// Notes that a cell which counted as empty could not be read.
    pub(super) fn unreadable(&mut self, place: Option<Place>, found: &str) {
        self.n_empty = self.n_empty.saturating_sub(1);
        self.n_unreadable += 1;
        if let Some(place) = place.filter(|_| self.unreadable.len() < EXAMPLES) {
            self.unreadable.push((place, shortened(found)));
        }
    }

    /// Notes a text.
    pub(super) fn text(&mut self, text: &str) {
        self.n_records += 1;
        self.distinct.add(text_hash(text));
        if self.examples.len() < EXAMPLES {
            let shown = shortened(text);
            if !self.examples.contains(&shown) {
                self.examples.push(shown);
            }
        }
    }

    /// Notes a number that stands at a position of the input.
    pub(super) fn number(&mut self, position: u64, value: f64) {
        self.n_records += 1;
        self.distinct.add(value.to_bits());
        self.numbers.add(position, value);
        let (smallest, largest) = self.bounds.unwrap_or((value, value));
        self.bounds = Some((smallest.min(value), largest.max(value)));
    }

    pub(super) fn finish(self) -> ColumnProfile {
        let sorted = self.numbers.sorted();
        let range = self.bounds.map(|(smallest, largest)| Range {
            smallest,
            median: median(&sorted).unwrap_or(f64::NAN),
            largest,
            is_sampled: self.numbers.is_partial(),
            sorted,
        });
        ColumnProfile {
            n_records: self.n_records,
            n_empty: self.n_empty,
            n_unreadable: self.n_unreadable,
            unreadable: self.unreadable,
            distinct: self.distinct.count(),
            examples: self.examples,
            range,
        }
    }
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(EXAMPLE_CHARS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_counted_by_what_stands_in_it() {
        let mut profiler = Profiler::default();
        for (position, value) in [5.0, 1.0, 5.0, 9.0].into_iter().enumerate() {
            profiler.number(position as u64, value);
        }
        profiler.empty();
        profiler.empty();
        let place = Place { file: "x".into(), record: 6 };
        profiler.unreadable(Some(place.clone()), "ask seller");
        let profile = profiler.finish();
        assert_eq!((profile.n_records, profile.n_present()), (6, 4));
        assert_eq!((profile.n_empty, profile.n_unreadable), (1, 1));
        assert_eq!(profile.unreadable, [(place, "ask seller".to_owned())]);
        assert_eq!(profile.distinct, Distinct::Exactly(3));
        let range = profile.range.expect("numbers");
        assert_eq!((range.smallest, range.median, range.largest), (1.0, 5.0, 9.0));
        assert!(!range.is_sampled);
    }

    #[test]
    fn examples_are_the_first_different_texts_and_short() {
        let mut profiler = Profiler::default();
        for text in ["a", "a", "b", &"x".repeat(99), "d"] {
            profiler.text(text);
        }
        let profile = profiler.finish();
        assert_eq!(profile.examples, ["a", "b", &format!("{}…", "x".repeat(60))]);
        assert_eq!(profile.distinct, Distinct::Exactly(4));
        assert_eq!(profile.range, None);
    }
}
