//! Sets of small numbers, a bit each, that are asked for each character or word of a text.

/// A set of numbers below `N`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bits<const N: usize> {
    /// None until a number is added.
    bits: Vec<u64>,
}

impl<const N: usize> Bits<N> {
    /// Adds a number, cut to its remainder by `N`.
    pub(crate) fn add(&mut self, number: u64) {
        let place = number as usize % N;
        self.bits.resize(N.div_ceil(64), 0);
        self.bits[place / 64] |= 1 << (place % 64);
    }

    /// Whether a number with the same remainder by `N` was added.
    pub(crate) fn has(&self, number: u64) -> bool {
        let place = number as usize % N;
        self.bits.get(place / 64).is_some_and(|bits| bits & (1 << (place % 64)) != 0)
    }
}

/// Characters; of the rare ones beyond the Basic Multilingual Plane some count as others.
pub(crate) type CharacterBits = Bits<{ 1 << 16 }>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_in_it() {
        let mut own = CharacterBits::default();
        assert!(!own.has(0x9ad8));
        for number in [0x9ad8, 33, 0xffff] {
            own.add(number);
        }
        let has = [0x9ad8, 0x4eff, 33, 34, 0xffff, 0x1_0021].map(|number| own.has(number));
        assert_eq!(has, [true, false, true, false, true, true]);
    }
}
