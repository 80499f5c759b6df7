//! Compressed files, told by their first bytes and seen through while reading.

use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use super::limits::Limits;

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

    /// The name of the compression.
    pub(super) fn name(self) -> &'static str {
        match self {
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        }
    }

    /// The bytes behind the compression, as long as they are not absurdly many.
    pub(super) fn decoder(
        self,
        compressed: impl Read + Send + 'static,
        limits: &Limits,
    ) -> io::Result<Box<dyn Read + Send>> {
        let n_in = Arc::new(AtomicU64::new(0));
        let compressed = BufReader::new(Counted { inner: compressed, n_bytes: Arc::clone(&n_in) });
        let inner: Box<dyn Read + Send> = match self {
            Compression::Gzip => Box::new(MultiGzDecoder::new(compressed)),
            Compression::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(compressed)?),
        };
        Ok(Box::new(Bounded { inner, n_in, n_out: 0, expansion: limits.expansion }))
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

/// A reader that tells how much was read through it.
struct Counted<R> {
    inner: R,
    n_bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_read = self.inner.read(buffer)?;
        self.n_bytes.fetch_add(n_read as u64, Ordering::Relaxed);
        Ok(n_read)
    }
}

/// A decoder that gives up where a file expands as none does that was not made to do harm.
struct Bounded {
    inner: Box<dyn Read + Send>,
    n_in: Arc<AtomicU64>,
    n_out: u64,
    expansion: u64,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_read = self.inner.read(buffer)?;
        self.n_out += n_read as u64;
        let allowed = self.n_in.load(Ordering::Relaxed).saturating_mul(self.expansion);
        if self.n_out > allowed.max(Limits::FREE_EXPANSION) {
            return Err(io::Error::other(format!(
                "it decompresses to more than {} times its size; --max-expansion raises the limit",
                self.expansion
            )));
        }
        Ok(n_read)
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
        let mut decoder = compression.decoder(Cursor::new(compressed), &Limits::default())?;
        decoder.read_to_end(&mut text)?;
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
    fn what_expands_beyond_the_limit_is_given_up() {
        // 512 MiB of zeros in some hundred KiB of gzip and less of zstd.
        let zeros = || io::repeat(0).take(2 * Limits::FREE_EXPANSION);
        let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::best());
        io::copy(&mut zeros(), &mut gzip).unwrap();
        let mut zstd = zstd::stream::Encoder::new(Vec::new(), 1).unwrap();
        io::copy(&mut zeros(), &mut zstd).unwrap();
        for bytes in [gzip.finish().unwrap(), zstd.finish().unwrap()] {
            let compression = Compression::of(&bytes).unwrap();
            let read = |limits: Limits| {
                let mut decoder = compression.decoder(Cursor::new(bytes.clone()), &limits).unwrap();
                io::copy(&mut decoder, &mut io::sink())
            };
            let error = read(Limits::default()).unwrap_err();
            assert!(error.to_string().contains("--max-expansion"), "{error}");
            let raised = Limits { expansion: 1_000_000, ..Limits::default() };
            assert_eq!(read(raised).unwrap(), 2 * Limits::FREE_EXPANSION);
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
