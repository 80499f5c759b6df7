//! Thrift's compact protocol, walked through before the decoder sees it.
//!
//! The decoder reserves memory for what the bytes announce. A damaged announcement of 2^60 bytes
//! would end the process, so it is first seen here that what is announced is there. Nothing is kept
//! and nothing is reserved.

use std::io::{self, Read};

use crate::input::guarded::Fault;

/// Structures within one another; Parquet's own have six.
const MAX_DEPTH: u32 = 32;

type Result<T> = std::result::Result<T, Fault>;

/// The type of a field or an element as it stands in the bytes.
pub(super) const LIST: u8 = 9;
/// See [`LIST`].
pub(super) const STRUCT: u8 = 12;

/// A field of a structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// Its number.
    pub(super) id: i16,
    /// Its type.
    pub(super) kind: u8,
}

/// Reads forwards through at most so many bytes.
pub(super) struct Walk<R> {
    input: R,
    n_left: u64,
}

impl<R: Read> Walk<R> {
    /// Begins at the first byte of `input`.
    pub(super) fn new(input: R, n_bytes: u64) -> Self {
        Walk { input, n_left: n_bytes }
    }

    /// The next field of a structure, `None` behind the last; `last` is the one before.
    pub(super) fn field(&mut self, last: &mut i16) -> Result<Option<Field>> {
        let head = self.byte()?;
        let (delta, kind) = (head >> 4, head & 0x0f);
        if kind == 0 {
            return Ok(None);
        }
        let id = match delta {
            0 => self.integer()? as i16,
            delta => last.checked_add(i16::from(delta)).ok_or_else(|| damaged("a field"))?,
        };
        *last = id;
        Ok(Some(Field { id, kind }))
    }

    /// The type and the number of the elements of a list.
    pub(super) fn list(&mut self) -> Result<(u8, u64)> {
        let head = self.byte()?;
        let n = match head >> 4 {
            15 => self.varint()?,
            n => n.into(),
        };
        // Every element takes a byte at least.
        if n > self.n_left {
            return Err(damaged("a list"));
        }
        Ok((head & 0x0f, n))
    }

    /// A whole number.
    pub(super) fn integer(&mut self) -> Result<i64> {
        let value = self.varint()?;
        Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    /// Passes over a field.
    pub(super) fn skip(&mut self, kind: u8) -> Result<()> {
        self.skip_within(kind, false, MAX_DEPTH)
    }

    fn skip_within(&mut self, kind: u8, is_element: bool, depth: u32) -> Result<()> {
        let depth = depth.checked_sub(1).ok_or_else(|| damaged("a structure"))?;
        match kind {
            // The value of a field of this type is in the type itself.
            1 | 2 if !is_element => Ok(()),
            1..=3 => self.byte().map(|_| ()),
            4..=6 => self.varint().map(|_| ()),
            7 => self.skip_bytes(8),
            8 => {
                let n = self.varint()?;
                self.skip_bytes(n)
            }
            LIST | 10 => {
                let (kind, n) = self.list()?;
                (0..n).try_for_each(|_| self.skip_within(kind, true, depth))
            }
            11 => {
                let n = self.varint()?;
                if n == 0 {
                    return Ok(());
                }
                let kinds = self.byte()?;
                for _ in 0..n {
                    self.skip_within(kinds >> 4, true, depth)?;
                    self.skip_within(kinds & 0x0f, true, depth)?;
                }
                Ok(())
            }
            STRUCT => {
                let mut last = 0;
                while let Some(field) = self.field(&mut last)? {
                    self.skip_within(field.kind, false, depth)?;
                }
                Ok(())
            }
            13 => self.skip_bytes(16),
            _ => Err(damaged("a type")),
        }
    }

    fn skip_bytes(&mut self, n: u64) -> Result<()> {
        if n > self.n_left {
            return Err(damaged("a text"));
        }
        self.n_left -= n;
        let skipped = io::copy(&mut self.input.by_ref().take(n), &mut io::sink());
        match skipped {
            Ok(skipped) if skipped == n => Ok(()),
            Ok(_) => Err(damaged("a text")),
            Err(error) => Err(Fault::Said(error.to_string())),
        }
    }

    fn varint(&mut self) -> Result<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(damaged("a number"))
    }

    fn byte(&mut self) -> Result<u8> {
        self.n_left = self.n_left.checked_sub(1).ok_or_else(|| damaged("a structure"))?;
        let mut byte = [0];
        self.input.read_exact(&mut byte).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => damaged("a structure"),
            _ => Fault::Said(error.to_string()),
        })?;
        Ok(byte[0])
    }
}

fn damaged(what: &str) -> Fault {
    Fault::damage(format!("{what} in its description does not end where it should"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(bytes: &[u8]) -> Walk<&[u8]> {
        Walk::new(bytes, bytes.len() as u64)
    }

    #[test]
    fn fields_are_numbered_by_their_distance() {
        // Field 1 (i32) 150, field 3 (binary) "ab", field 20 (true), stop. Zigzag of 150 is 300,
        // which is ac 02; the number 20 is zigzag 40, 28 in hexadecimal.
        let bytes = [0x15, 0xac, 0x02, 0x28, 2, b'a', b'b', 0x01, 0x28, 0];
        let mut walk = walk(&bytes);
        let mut last = 0;
        assert_eq!(walk.field(&mut last).unwrap(), Some(Field { id: 1, kind: 5 }));
        assert_eq!(walk.integer().unwrap(), 150);
        assert_eq!(walk.field(&mut last).unwrap(), Some(Field { id: 3, kind: 8 }));
        walk.skip(8).unwrap();
        assert_eq!(walk.field(&mut last).unwrap(), Some(Field { id: 20, kind: 1 }));
        walk.skip(1).unwrap();
        assert_eq!(walk.field(&mut last).unwrap(), None);
    }

    #[test]
    fn what_is_announced_must_be_there() {
        let cases: [(&[u8], u8); 5] = [
            // A text of 2^63 bytes.
            (&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 1, 2], 8),
            // A list of 15 or more: 1000 structures.
            (&[0xfc, 0xe8, 0x07, 0, 0, 0], LIST),
            // A number without an end.
            (&[0x80; 20], 6),
            // A map of 5 from i32 to i32 with one entry.
            (&[5, 0x55, 2, 2], 11),
            // A structure without its stop.
            (&[0x15, 2], STRUCT),
        ];
        for (bytes, kind) in cases {
            assert!(walk(bytes).skip(kind).is_err(), "{bytes:?}");
        }
        assert!(walk(&[0xfc, 3, 0, 0, 0]).skip(LIST).is_ok());
    }

    /// The decoder would follow structures within structures until the stack is full.
    #[test]
    fn structures_within_one_another_have_an_end() {
        let bytes = vec![0x1c; 100_000];
        assert!(walk(&bytes).skip(STRUCT).is_err());
    }
}
