//! The one hash of this module: the same on every machine, in every version, for every thread.

use twox_hash::XxHash64;

/// A seed of no meaning, so that hashes here are not those of other programs.
const SEED: u64 = 0x70_69_6e_63_68;

/// 64 bits of a text; never 0, which stands for no text.
///
/// Two of n different texts share their hash with a probability of about n² / 2⁶⁵: one in a hundred
/// million for a million texts, one in ten thousand for eighty million. Who knows the seed can make
/// such texts; all he wins is that his own listings count as copies of each other.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    XxHash64::oneshot(SEED, bytes).max(1)
}

/// 64 bits of several hashes in their order; never 0.
pub(super) fn hash_of<const N: usize>(hashes: [u64; N]) -> u64 {
    let mut bytes = [[0; 8]; N];
    for (bytes, own) in bytes.iter_mut().zip(hashes) {
        *bytes = own.to_le_bytes();
    }
    hash(bytes.as_flattened())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `python3 -c "import xxhash; print(xxhash.xxh64_intdigest(b'bag', seed=0x70696e6368))"`
    #[test]
    fn hashes_are_those_of_the_reference_implementation() {
        assert_eq!(hash(b"bag"), 5901371477578884366);
        assert_eq!(hash_of([1]), hash(&[1, 0, 0, 0, 0, 0, 0, 0]));
        assert_ne!(hash_of([1, 2]), hash_of([2, 1]));
    }
}
