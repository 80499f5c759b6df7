//! Compressed files, told by their first bytes and seen through while reading.

use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

/// A compression that is seen through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    /// gzip, of one member or several.
    Gzip,
    /// zstd, of one frame or several.
    Zstd,
}

impl Compression {
    /// The compression of a file that begins so.
    pub(super) fn of(head: &[u8]) -> Option<Compression> {
        if head.starts_with(b"\x1f\x8b") {
            Some(Compression::Gzip)
        } else if head.starts_with(b"\x28\xb5\x2f\xfd") {
            Some(Compression::Zstd)
        } else {
            None
        }
    }

    /// The bytes behind the compression.
    pub(super) fn decoder(
        self,
        compressed: impl Read + Send + 'static,
    ) -> io::Result<Box<dyn Read + Send>> {
        let compressed = BufReader::new(compressed);
        Ok(match self {
            Compression::Gzip => Box::new(MultiGzDecoder::new(compressed)),
            Compression::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(compressed)?),
        })
    }

    /// The path without the ending that names the compression: of `a.csv.gz` it is `a.csv`.
    pub(super) fn inner_path(self, path: &Path) -> PathBuf {
        let endings: &[&str] = match self {
            Compression::Gzip => &["gz", "gzip"],
            Compression::Zstd => &["zst", "zstd"],
        };
        let ending = path.extension().unwrap_or_default();
        if endings.iter().any(|own| ending.eq_ignore_ascii_case(own)) {
            path.with_extension("")
        } else {
            path.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn zst(text: &[u8]) -> Vec<u8> {
        zstd::stream::encode_all(text, 3).unwrap()
    }

    fn read(compressed: Vec<u8>) -> io::Result<Vec<u8>> {
        let compression = Compression::of(&compressed).unwrap();
        let mut text = Vec::new();
        compression.decoder(Cursor::new(compressed))?.read_to_end(&mut text)?;
        Ok(text)
    }

    #[test]
    fn all_members_and_frames_are_read() {
        let (one, two) = (b"a,b\n1,2\n".as_slice(), b"3,4\n".as_slice());
        let whole = [one, two].concat();
        assert_eq!(read([gzip(one), gzip(two)].concat()).unwrap(), whole);
        assert_eq!(read([zst(one), zst(two)].concat()).unwrap(), whole);
    }

    #[test]
    fn a_file_cut_short_is_an_error_and_not_a_short_file() {
        let text: Vec<u8> = (0..10_000_u32).flat_map(u32::to_le_bytes).collect();
        for compressed in [gzip(&text), zst(&text)] {
            for cut in [1, 5, 1000] {
                assert!(read(compressed[..compressed.len() - cut].to_vec()).is_err());
            }
        }
    }

    #[test]
    fn only_the_ending_of_the_compression_is_taken_off() {
        let inner = |compression: Compression, path: &str| {
            compression.inner_path(Path::new(path)).to_string_lossy().into_owned()
        };
        assert_eq!(inner(Compression::Gzip, "x/a.ndjson.GZ"), "x/a.ndjson");
        assert_eq!(inner(Compression::Zstd, "a.csv.zst"), "a.csv");
        assert_eq!(inner(Compression::Zstd, "a.csv"), "a.csv");
    }
}
