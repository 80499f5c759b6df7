//! Sets of characters of all scripts, asked for each character of a text.

/// How many characters are told apart: those of the Basic Multilingual Plane.
const N_BITS: usize = 1 << 16;

/// A set of characters, a bit each; those beyond the Basic Multilingual Plane are taken to be in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct CharacterBits {
    bits: Vec<u64>,
}

impl CharacterBits {
    /// Adds a character.
    pub(crate) fn add(&mut self, c: char) {
        let place = u32::from(c) as usize;
        if place < N_BITS {
            self.bits.resize(N_BITS / 64, 0);
            self.bits[place / 64] |= 1 << (place % 64);
        }
    }

    /// False for a character that was not added; true for one that was, and for some of rare scripts.
    pub(crate) fn has(&self, c: char) -> bool {
        let place = u32::from(c) as usize;
        place >= N_BITS
            || self.bits.get(place / 64).is_some_and(|bits| bits & (1 << (place % 64)) != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_in_it() {
        let mut own = CharacterBits::default();
        assert!(!own.has('高'));
        own.add('高');
        own.add('!');
        assert_eq!(
            ['高', '仿', '!', 'a', '😀'].map(|c| own.has(c)),
            [true, false, true, false, true]
        );
    }
}
