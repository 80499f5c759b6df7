//! `MinHash`: a text in 128 bytes, of which two texts share about as large a part as they share of
//! their pieces.
//!
//! Broder 1997 for the estimate, Li and König 2010 for keeping 8 bits of each minimum. The crates
//! that were looked at hold every signature in memory (gaoya), bring an optimizer and a logger along
//! (probminhash) or fit hashes of 64 bits to texts that are longer than titles (simhash); what is
//! needed here is the loop in [`Sketch::add`].

/// Minima that are kept of a text.
const N_SLOTS: usize = 128;

/// Words of a signature. Each holds eight slots and is a band: texts that agree in one band whole
/// are compared. Of two texts that share 80 % of their pieces 95 of 100 agree in a band, of two that
/// share 90 % all but one in ten thousand, of two that share half 6 of 100: 1 - (1 - s⁸)¹⁶.
pub(super) const N_BANDS: usize = 16;

/// The least part of their pieces that two nearly equal texts share.
const NEARLY: f64 = 0.8;

/// What is kept of the pieces of a text; zeros stand for a text that is not compared by pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Signature(pub(super) [u64; N_BANDS]);

impl Signature {
    /// A text that is only compared as a whole.
    pub(super) const NONE: Signature = Signature([0; N_BANDS]);

    /// The estimated share of their pieces that two texts have in common.
    pub(super) fn similarity(&self, other: &Signature) -> f64 {
        let n_equal: u32 = self.0.iter().zip(other.0).map(|(a, b)| equal_bytes(*a, b)).sum();
        // One slot in 256 agrees by chance.
        let by_chance = 1.0 / 256.0;
        (f64::from(n_equal) / N_SLOTS as f64 - by_chance) / (1.0 - by_chance)
    }

    /// Whether two texts are nearly the same.
    pub(super) fn is_near(&self, other: &Signature) -> bool {
        self.similarity(other) >= NEARLY
    }
}

/// How many of the eight bytes are equal.
fn equal_bytes(a: u64, b: u64) -> u32 {
    let pairs = a.to_le_bytes().into_iter().zip(b.to_le_bytes());
    pairs.map(|(a, b)| u32::from(a == b)).sum()
}

/// The minima over the pieces of a text.
#[derive(Clone, Debug)]
pub(super) struct Sketch {
    minima: [u32; N_SLOTS],
}

impl Sketch {
    /// Of no piece yet.
    pub(super) fn new() -> Sketch {
        Sketch { minima: [u32::MAX; N_SLOTS] }
    }

    /// Adds a piece by its hash; one that is there already changes nothing.
    pub(super) fn add(&mut self, piece: u64) {
        let piece = (piece >> 32) as u32;
        for ((own, factor), summand) in self.minima.iter_mut().zip(FACTORS).zip(SUMMANDS) {
            *own = (*own).min(piece.wrapping_mul(factor).wrapping_add(summand));
        }
    }

    /// Eight bits of each minimum.
    pub(super) fn signature(&self) -> Signature {
        let mut words = [0; N_BANDS];
        for (word, minima) in words.iter_mut().zip(self.minima.chunks_exact(8)) {
            // Minima are small numbers; multiplied their upper bits are as good as drawn.
            let byte = |own: &u32| u64::from(own.wrapping_mul(0x9e37_79b1) >> 24);
            *word = minima.iter().fold(0, |word, own| word << 8 | byte(own));
        }
        // The zeros of `NONE` mean something else.
        words[0] = words[0].max(1);
        Signature(words)
    }
}

/// Odd numbers, so that each multiplication is a permutation of the hashes.
const FACTORS: [u32; N_SLOTS] = drawn(1, 1);
const SUMMANDS: [u32; N_SLOTS] = drawn(2, 0);

/// Numbers of the generator `SplitMix64`, with these bits set.
const fn drawn(seed: u64, bits: u32) -> [u32; N_SLOTS] {
    let mut numbers = [0; N_SLOTS];
    let mut state = seed;
    let mut at = 0;
    while at < N_SLOTS {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        numbers[at] = (mixed >> 32) as u32 | bits;
        at += 1;
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::super::hash::hash_of;
    use super::*;

    fn signature(pieces: impl Iterator<Item = u64>) -> Signature {
        let mut sketch = Sketch::new();
        pieces.for_each(|piece| sketch.add(hash_of([piece])));
        sketch.signature()
    }

    #[test]
    fn the_same_pieces_have_one_signature_in_any_order_and_number() {
        let one = signature(0..50);
        assert_eq!(signature((0..50).rev().chain(10..20)), one);
        assert_eq!(one.similarity(&one), 1.0);
        assert_ne!(one, Signature::NONE);
    }

    /// Pairs of sets of `n` with `n_shared` in common share `n_shared / (2 n - n_shared)`. The mean
    /// of 400 estimates from 128 slots has a standard error below 0.5 / sqrt(400 · 128) = 0.0023.
    #[test]
    fn the_estimate_is_the_share_of_common_pieces() {
        for (n, n_shared) in [(90, 80), (60, 50), (30, 20), (9, 8), (50, 0)] {
            let true_share = f64::from(n_shared as u32) / f64::from((2 * n - n_shared) as u32);
            let pairs = 400;
            let mean = (0..pairs)
                .map(|pair| {
                    let first = pair * 1000;
                    let one = signature(first..first + n);
                    let other = signature(first + n - n_shared..first + 2 * n - n_shared);
                    one.similarity(&other)
                })
                .sum::<f64>()
                / pairs as f64;
            assert!((mean - true_share).abs() < 0.012, "{n_shared} of {n}: {mean}, {true_share}");
        }
    }

    #[test]
    fn what_is_near_agrees_in_a_band_and_what_is_not_does_not() {
        let share = |n_shared: u64, of: fn(&Signature, &Signature) -> bool| {
            let pairs = 300_u64;
            let hits = (0..pairs).filter(|pair| {
                let first = pair * 1000;
                let one = signature(first..first + 100);
                of(&one, &signature(first + 100 - n_shared..first + 200 - n_shared))
            });
            hits.count() as f64 / pairs as f64
        };
        let agree = |a: &Signature, b: &Signature| a.0.iter().zip(&b.0).any(|(a, b)| a == b);
        // 95 of 105 pieces: 90 %. 67 of 133: half.
        assert!(share(95, agree) > 0.98 && share(95, Signature::is_near) > 0.98);
        assert!(share(67, agree) < 0.15 && share(67, Signature::is_near) < 0.01);
    }
}
