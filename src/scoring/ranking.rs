//! The probabilities of a whole input, kept in bounded memory until the last of them is known.

use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

use tempfile::SpooledTempFile;

use super::budget::BudgetCut;
use crate::error::{Error, Result};
use crate::model::Budget;

/// The most bytes of probabilities in memory, which is a million of them; more go to a temporary file
/// without a name.
const MEMORY_BYTES: usize = 8 * 1024 * 1024;

/// Bits of a key that one reading of all keys settles.
const DIGIT_BITS: u32 = 16;

/// The probabilities of listings in the order of the input.
pub struct Ranking {
    keys: BufWriter<SpooledTempFile>,
    n_open: u64,
}

impl Ranking {
    /// Without a listing.
    pub fn new() -> Ranking {
        Ranking::within(MEMORY_BYTES)
    }

    fn within(memory_bytes: usize) -> Ranking {
        Ranking { keys: BufWriter::new(SpooledTempFile::new(memory_bytes)), n_open: 0 }
    }

    /// Adds a listing; `None` for one that takes no place of a budget, as a list decides its flag.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`] where the temporary file cannot be written.
    pub fn push(&mut self, probability: Option<f64>) -> Result<()> {
        self.n_open += u64::from(probability.is_some());
        let key = probability.map_or(0, ordered);
        self.keys.write_all(&key.to_le_bytes()).map_err(|error| fault("write", error))
    }

    /// Where a budget cuts: the same as [`BudgetCut::new`] of all probabilities at once, with the
    /// positions of listings among all that were added.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`] where the temporary file cannot be written or read.
    pub fn cut(self, budget: Budget) -> Result<BudgetCut> {
        let n_flagged = budget.of(self.n_open);
        // A share is one listing at least, even of none.
        if n_flagged == 0 || n_flagged > self.n_open {
            return Ok(BudgetCut::nothing());
        }
        let keys = self.keys.into_inner().map_err(|error| fault("write", error.into_error()))?;
        cut(keys, n_flagged).map_err(|error| fault("read", error))
    }
}

impl Default for Ranking {
    fn default() -> Self {
        Ranking::new()
    }
}

/// The cut behind the `n` greatest keys: the digits of its key are found from the first to the last,
/// each by counting the keys that begin as it does.
fn cut(mut keys: SpooledTempFile, n: u64) -> io::Result<BudgetCut> {
    let (mut beginning, mut n_left) = (0, n);
    let mut counts = vec![0_u64; 1 << DIGIT_BITS];
    for shift in (0..u64::BITS).step_by(DIGIT_BITS as usize).rev() {
        counts.fill(0);
        each(&mut keys, |_, key| {
            if key.checked_shr(shift + DIGIT_BITS).unwrap_or(0) == beginning {
                counts[(key >> shift) as usize % (1 << DIGIT_BITS)] += 1;
            }
        })?;
        let mut digit = counts.len() as u64;
        for count in counts.iter().rev() {
            digit -= 1;
            if *count >= n_left {
                break;
            }
            n_left -= count;
        }
        beginning = beginning << DIGIT_BITS | digit;
    }
    // Of the listings with this key the first `n_left` are within the budget.
    let mut last = 0;
    each(&mut keys, |position, key| {
        if key == beginning && n_left > 0 {
            n_left -= 1;
            last = position;
        }
    })?;
    Ok(BudgetCut::behind(probability_of(beginning), last))
}

/// Reads all keys with their positions.
fn each(keys: &mut SpooledTempFile, mut see: impl FnMut(u64, u64)) -> io::Result<()> {
    keys.rewind()?;
    let mut keys = BufReader::with_capacity(64 * 1024, keys);
    let mut key = [0; 8];
    let mut position = 0;
    loop {
        match keys.read_exact(&mut key) {
            Ok(()) => see(position, u64::from_le_bytes(key)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        }
        position += 1;
    }
}

/// A number that is in the order of whole numbers where the other is in that of [`f64::total_cmp`].
/// It is 0 for no probability.
fn ordered(probability: f64) -> u64 {
    let bits = probability.to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// The probability of which [`ordered`] made a key.
fn probability_of(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

/// The error of the operating system, naming the folder of the temporary file.
fn fault(action: &str, error: io::Error) -> Error {
    let action = match action {
        "read" => "read a temporary file there",
        _ => "write a temporary file there",
    };
    Error::io(action, std::env::temp_dir().display().to_string(), error)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The cut of all at once; listings without a probability keep their positions.
    fn plain(probabilities: &[Option<f64>], budget: Budget) -> BudgetCut {
        let open = probabilities.iter().enumerate().filter_map(|(at, own)| Some((at, (*own)?)));
        let (positions, open): (Vec<usize>, Vec<f64>) = open.unzip();
        let cut = BudgetCut::new(&open, budget);
        let flagged = (0..open.len()).filter(|&at| cut.flags(open[at], at as u64));
        let lowest = cut.threshold();
        let last = flagged.filter(|&at| Some(open[at]) == lowest).map(|at| positions[at]).max();
        match (lowest, last) {
            (Some(lowest), Some(last)) => BudgetCut::behind(lowest, last as u64),
            _ => BudgetCut::nothing(),
        }
    }

    fn ranked(probabilities: &[Option<f64>], budget: Budget, memory_bytes: usize) -> BudgetCut {
        let mut ranking = Ranking::within(memory_bytes);
        for own in probabilities {
            ranking.push(*own).expect("written");
        }
        ranking.cut(budget).expect("read")
    }

    proptest! {
        #[test]
        fn the_cut_is_that_of_all_probabilities_at_once(
            probabilities in prop::collection::vec(
                prop_oneof![
                    3 => (0_u8..4).prop_map(|own| Some(f64::from(own) / 3.0)),
                    3 => (0.0..1.0).prop_map(Some),
                    // Neighbors, which differ in the last bits only.
                    2 => (0_u64..3).prop_map(|own| Some(f64::from_bits(0.7_f64.to_bits() + own))),
                    1 => Just(None),
                ],
                0..60,
            ),
            count in 1_u64..70,
            share in 0.001..1.0,
        ) {
            for budget in [Budget::Count(count), Budget::Share(share)] {
                let expected = plain(&probabilities, budget);
                // In memory, and in a file from the first on.
                for memory_bytes in [1 << 20, 0] {
                    prop_assert_eq!(ranked(&probabilities, budget, memory_bytes), expected);
                }
            }
        }
    }

    #[test]
    fn of_nothing_nothing_is_flagged() {
        for budget in [Budget::Count(3), Budget::Share(0.01)] {
            for probabilities in [&[][..], &[None, None]] {
                assert_eq!(ranked(probabilities, budget, 0), BudgetCut::nothing());
            }
        }
    }

    #[test]
    fn keys_have_the_order_of_their_probabilities() {
        let numbers = [-f64::INFINITY, -1.0, -0.0, 0.0, 5e-324, 0.5, 1.0, f64::INFINITY];
        assert!(numbers.is_sorted_by(|a, b| ordered(*a) < ordered(*b)));
        assert!(numbers.iter().all(|own| probability_of(ordered(*own)).to_bits() == own.to_bits()));
        assert!(ordered(-f64::INFINITY) > 0);
    }
}
