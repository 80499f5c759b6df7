//! One file or stream: opened, and its first bytes looked at without losing them.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::compression::Compression;
use super::format::{self, Format};
use crate::error::{Error, Result};

/// How many bytes are looked at before the format is known.
const HEAD_BYTES: u64 = 64 * 1024;

/// The path that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// An opened file or stream.
pub(super) struct Source {
    /// The file as the user named it, or "standard input".
    pub(super) name: Arc<str>,
    /// Its first bytes, at most 64 KiB.
    pub(super) head: Vec<u8>,
    /// The path without the ending of a compression.
    path: PathBuf,
    rest: Rest,
    /// True for a regular file, compressed or not.
    is_file: bool,
}

enum Rest {
    /// A regular file, which can be opened again and read out of order.
    File(File),
    /// Standard input or a pipe, which can be read once.
    Stream(Box<dyn Read + Send>),
}

impl Source {
    /// Opens a path, or standard input for `-`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`] naming the path when it is missing, a directory or unreadable.
    pub(super) fn open(path: &Path) -> Result<Source> {
        let name = source_name(path);
        let fault = |action, error| Error::io(action, name.to_string(), error);
        let mut rest = if is_standard_input(path) {
            Rest::Stream(Box::new(io::stdin()))
        } else {
            let file = File::open(path).map_err(|error| fault("open the file", error))?;
            let about = file.metadata().map_err(|error| fault("open the file", error))?;
            if about.is_dir() {
                let error = io::Error::from(io::ErrorKind::IsADirectory);
                return Err(fault("read it as a file", error));
            }
            if about.is_file() { Rest::File(file) } else { Rest::Stream(Box::new(file)) }
        };
        let is_file = matches!(rest, Rest::File(_));
        let mut head = rest.read_head().map_err(|error| fault("read", error))?;
        let mut path = path.to_owned();
        if let Some(compression) = Compression::of(&head) {
            path = compression.inner_path(&path);
            let compressed = Cursor::new(head).chain(rest.into_reader());
            let decoder =
                compression.decoder(compressed).map_err(|error| fault("decompress", error))?;
            rest = Rest::Stream(decoder);
            head = rest.read_head().map_err(|error| fault("decompress", error))?;
        }
        Ok(Source { name, head, path, rest, is_file })
    }

    /// True when the source can be opened a second time and will hold the same.
    pub(super) fn is_file(&self) -> bool {
        self.is_file
    }

    /// The format, from the content first; see [`format::sniff`].
    pub(super) fn format(&self) -> Result<Format> {
        format::sniff(&self.head, &self.path, &self.name)
    }

    /// All bytes from the first on, as a stream.
    pub(super) fn into_stream(self) -> Box<dyn Read + Send> {
        Box::new(Cursor::new(self.head).chain(self.rest.into_reader()))
    }

    /// All bytes as a file; a stream is first written to a temporary one, which is gone when the
    /// process ends.
    pub(super) fn into_file(self) -> Result<File> {
        let name = Arc::clone(&self.name);
        let fault = |action, error| Error::io(action, name.to_string(), error);
        let mut file = match self.rest {
            Rest::File(file) => file,
            Rest::Stream(stream) => {
                let mut spool = tempfile::tempfile()
                    .map_err(|error| fault("keep it in a temporary file", error))?;
                io::copy(&mut Cursor::new(self.head).chain(stream), &mut spool)
                    .map_err(|error| fault("keep it in a temporary file", error))?;
                spool
            }
        };
        file.seek(SeekFrom::Start(0)).map_err(|error| fault("read", error))?;
        Ok(file)
    }
}

impl Rest {
    /// The next bytes, at most [`HEAD_BYTES`].
    fn read_head(&mut self) -> io::Result<Vec<u8>> {
        let reader: &mut dyn Read = match self {
            Rest::File(file) => file,
            Rest::Stream(stream) => stream,
        };
        let mut head = Vec::new();
        reader.take(HEAD_BYTES).read_to_end(&mut head)?;
        Ok(head)
    }

    fn into_reader(self) -> Box<dyn Read + Send> {
        match self {
            Rest::File(file) => Box::new(file),
            Rest::Stream(stream) => stream,
        }
    }
}

/// True for the path that stands for standard input.
pub(super) fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == STANDARD_INPUT
}

/// How messages name a path.
pub(super) fn source_name(path: &Path) -> Arc<str> {
    if is_standard_input(path) {
        Arc::from("standard input")
    } else {
        Arc::from(path.to_string_lossy())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn what_was_looked_at_is_read_again() {
        let text: Vec<u8> = (0..200_000u32).map(|n| (n % 251) as u8).collect();
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(&text).expect("written");
        let source = Source::open(file.path()).expect("opened");
        assert_eq!(source.head, text[..65_536]);
        let mut stream = Vec::new();
        source.into_stream().read_to_end(&mut stream).expect("a stream");
        assert_eq!(stream, text);
        let mut whole = Vec::new();
        let source = Source::open(file.path()).expect("opened");
        source
            .into_file()
            .and_then(|mut file| {
                file.read_to_end(&mut whole).map_err(|error| Error::io("read", "x", error))
            })
            .expect("a file");
        assert_eq!(whole, text);
    }

    #[test]
    fn a_stream_becomes_a_file_that_begins_at_its_first_byte() {
        let source = Source {
            name: Arc::from("pipe"),
            head: b"PAR1".to_vec(),
            path: PathBuf::from("pipe"),
            rest: Rest::Stream(Box::new(Cursor::new(b" and the rest".to_vec()))),
            is_file: false,
        };
        let mut text = String::new();
        let mut file = source.into_file().expect("a file");
        file.read_to_string(&mut text).expect("read");
        assert_eq!(text, "PAR1 and the rest");
    }

    #[test]
    fn directories_and_missing_files_are_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let missing = folder.path().join("none.csv");
        for path in [folder.path(), &missing] {
            let error = Source::open(path).err().expect("an error");
            assert!(matches!(error.kind(), ErrorKind::Io { .. }), "{error}");
            let name = path.to_string_lossy();
            assert!(error.to_string().starts_with(&*name), "{error}");
        }
    }
}
