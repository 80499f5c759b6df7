//! SHA-256 digests as files and cards show them.

use sha2::{Digest, Sha256};

/// SHA-256 of what is fed to it piece by piece.
#[derive(Default)]
pub(crate) struct Sha256Hex(Sha256);

impl Sha256Hex {
    /// The digest of some bytes.
    pub(crate) fn of(bytes: impl AsRef<[u8]>) -> String {
        let mut digest = Sha256Hex::default();
        digest.update(bytes);
        digest.finish()
    }

    /// Feeds more bytes.
    pub(crate) fn update(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.update(bytes);
    }

    /// 64 hexadecimal digits in lower case.
    pub(crate) fn finish(self) -> String {
        const DIGITS: [char; 16] =
            ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
        let nibbles = |byte: u8| [byte >> 4, byte & 15];
        self.0.finalize().into_iter().flat_map(nibbles).map(|n| DIGITS[usize::from(n)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf abc | sha256sum`
    #[test]
    fn the_digest_is_that_of_sha256sum() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Sha256Hex::of("abc"), expected);
        let mut digest = Sha256Hex::default();
        digest.update("a");
        digest.update("bc");
        assert_eq!(digest.finish(), expected);
    }
}
