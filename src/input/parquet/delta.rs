//! The lengths of texts as differences, added up before the decoder makes room for the texts.

/// Lengths that stand one behind the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lengths {
    /// What they add up to.
    pub(super) sum: u64,
    /// The bytes in which they are written.
    pub(super) n_bytes: usize,
}

/// Adds up lengths in the encoding `DELTA_BINARY_PACKED`, of which there may be `most`.
///
/// # Errors
/// What is wrong with them.
pub(super) fn lengths_of(bytes: &[u8], most: u64) -> Result<Lengths, &'static str> {
    const CUT: &str = "the lengths of its texts are cut";
    const WRONG: &str = "the lengths of its texts are none";
    let mut input = Input { bytes, at: 0 };
    let block = input.varint().ok_or(CUT)?;
    let n_minis = input.varint().ok_or(CUT)?;
    let n = input.varint().ok_or(CUT)?;
    let mut value = input.zigzag().ok_or(CUT)?;
    if n > most {
        return Err("it announces more texts than values");
    }
    // The decoder insists on the same.
    if n_minis == 0 || block == 0 || block % 128 != 0 || block % n_minis != 0 {
        return Err(WRONG);
    }
    let per_mini = block / n_minis;
    if per_mini % 32 != 0 {
        return Err(WRONG);
    }
    let mut sum = 0_u64;
    let mut n_left = n;
    let mut add = |value: i64, n_left: &mut u64| -> Result<(), &'static str> {
        *n_left -= 1;
        sum += u64::try_from(i32::try_from(value).map_err(|_| WRONG)?).map_err(|_| WRONG)?;
        Ok(())
    };
    if n_left > 0 {
        add(value, &mut n_left)?;
    }
    while n_left > 0 {
        let least = input.zigzag().ok_or(CUT)?;
        let widths = input.take(usize::try_from(n_minis).map_err(|_| CUT)?).ok_or(CUT)?;
        for &width in widths {
            if n_left == 0 {
                break;
            }
            if width > 32 {
                return Err(WRONG);
            }
            let n_bytes = u64::from(width).checked_mul(per_mini).ok_or(WRONG)? / 8;
            // The last of them may be cut behind its last value.
            let packed = input.take_up_to(usize::try_from(n_bytes).map_err(|_| CUT)?);
            let mut bits = Bits { bytes: packed, at: 0 };
            for _ in 0..per_mini.min(n_left) {
                let step = bits.next(width.into()).ok_or(CUT)?;
                // Wrapping, as the differences are of 32 bits.
                value = i64::from(
                    (value as i32).wrapping_add(least as i32).wrapping_add(step.cast_signed()),
                );
                add(value, &mut n_left)?;
            }
        }
    }
    Ok(Lengths { sum, n_bytes: input.at })
}

struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(n)?)?;
        self.at += n;
        Some(taken)
    }

    fn take_up_to(&mut self, n: usize) -> &'a [u8] {
        let n = n.min(self.bytes.len() - self.at);
        self.take(n).unwrap_or_default()
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.take(1)?.first()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn zigzag(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }
}

/// Numbers of so many bits, the lowest bit first.
struct Bits<'a> {
    bytes: &'a [u8],
    /// In bits.
    at: usize,
}

impl Bits<'_> {
    fn next(&mut self, width: usize) -> Option<u32> {
        let mut value = 0_u64;
        let first = self.at / 8;
        // 32 bits that begin within a byte reach into a fifth.
        let n_bytes = (self.at % 8 + width).div_ceil(8);
        for (index, &byte) in self.bytes.get(first..first + n_bytes)?.iter().enumerate() {
            value |= u64::from(byte) << (8 * index);
        }
        let own = (value >> (self.at % 8)) & ((1 << width) - 1);
        self.at += width;
        Some(own as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the format's description: 1, 2, 3, 4, 5 is a header (block of 128, 4 parts, 5
    /// values, the first 1) and one block whose least difference is 1 and whose widths are 0.
    #[test]
    fn the_example_of_the_format_adds_up_to_15() {
        let bytes = [0x80, 0x01, 4, 5, 2, 2, 0, 0, 0, 0, b'x'];
        assert_eq!(lengths_of(&bytes, 5), Ok(Lengths { sum: 15, n_bytes: 10 }));
        assert_eq!(lengths_of(&bytes, 4), Err("it announces more texts than values"));
    }

    /// The second example: 7, 5, 3, 1, 2, 3, 4, 5 has the differences -2, -2, -2, 1, 1, 1, 1, the
    /// least -2 (zigzag 3), and in two bits each 0, 0, 0, 3, 3, 3, 3: 0xc0 0x3f. Their sum is 30.
    #[test]
    fn differences_are_unpacked() {
        let mut bytes = vec![0x80, 0x01, 4, 8, 14, 3, 2, 0, 0, 0, 0xc0, 0x3f];
        bytes.extend([0; 6]);
        assert_eq!(lengths_of(&bytes, 8), Ok(Lengths { sum: 30, n_bytes: 18 }));
    }

    #[test]
    fn nonsense_is_refused() {
        // 2^40 texts; a negative length; parts of 1 value; widths of 40 bits; nothing at all.
        let many = [0x80, 0x01, 4, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 2];
        assert!(lengths_of(&many, 1 << 20).is_err());
        assert!(lengths_of(&[0x80, 0x01, 4, 1, 1], 9).is_err());
        assert!(lengths_of(&[0x80, 0x01, 0x80, 0x01, 1, 2], 9).is_err());
        assert!(lengths_of(&[0x80, 0x01, 4, 3, 2, 0, 40, 0, 0, 0], 9).is_err());
        assert!(lengths_of(&[], 9).is_err());
    }
}
