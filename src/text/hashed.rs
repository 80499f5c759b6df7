//! Words by their hashes: one look at a word serves every table that may hold it.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

use foldhash::fast::FixedState;

/// A map of what the program knows, which no foreign text adds to: a fixed hash does, where one that
/// nobody can foresee costs several times as much.
pub(crate) type KnownMap<K, V> = HashMap<K, V, FixedState>;

/// A map by keys that are hashes already.
pub(crate) type ByHash<V> = HashMap<u64, V, BuildHasherDefault<AsItIs>>;

/// Hands a hash on as it is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash_of(bytes);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// The hash of a word.
pub(crate) fn hash_of(bytes: &[u8]) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write(bytes);
    hasher.finish()
}

/// The hash of two words in a row, from those of each.
pub(crate) fn hash_of_pair(first: u64, second: u64) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write_u64(first);
    hasher.write_u64(second);
    hasher.finish()
}

/// Numbers by the hash that they share.
#[derive(Clone, Debug, Default)]
pub(crate) struct NumbersByHash {
    numbers: Vec<u32>,
    /// Where those of a hash are.
    spans: ByHash<(u32, u32)>,
}

impl NumbersByHash {
    /// Those of these hashes; the order of the numbers of a hash is kept.
    pub(crate) fn new(mut own: Vec<(u64, u32)>) -> NumbersByHash {
        own.sort_by_key(|(hash, _)| *hash);
        let mut spans = ByHash::default();
        let mut at = 0;
        for same in own.chunk_by(|a, b| a.0 == b.0) {
            let end = at + same.len() as u32;
            spans.insert(same[0].0, (at, end));
            at = end;
        }
        NumbersByHash { numbers: own.into_iter().map(|(_, number)| number).collect(), spans }
    }

    /// The numbers of a hash.
    pub(crate) fn of(&self, hash: u64) -> &[u32] {
        match self.spans.get(&hash) {
            Some(&(start, end)) => &self.numbers[start as usize..end as usize],
            None => &[],
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }
}
