//! One file or stream: opened, and its first bytes looked at without losing them.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::compression::Compression;
use super::decoded::DecodedText;
use super::encoding::{EncodingNote, TextEncoding, encoding_of};
use super::format::{self, Format};
use super::gauge::Gauge;
use super::limits::Limits;
use crate::error::{Error, Result};

/// How many bytes are looked at before the format is known.
const HEAD_BYTES: usize = 64 * 1024;

/// How many bytes are looked at, at most, before the encoding is known: where texts are mostly
/// ASCII, the first other character may stand far behind the beginning.
const SAMPLE_BYTES: usize = 1024 * 1024;

/// How many bytes that are not ASCII tell an encoding without doubt.
const TELLING_BYTES: usize = 4 * 1024;

/// The path that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// An opened file or stream.
pub(super) struct Source {
    /// The file as the user named it, or "standard input".
    pub(super) name: Arc<str>,
    /// Its first bytes: 64 KiB or all there are, and more once an encoding was looked for.
    pub(super) head: Vec<u8>,
    /// The compression that was seen through.
    pub(super) compression: Option<Compression>,
    /// The path as it was opened.
    opened: PathBuf,
    /// The path without the ending of a compression.
    path: PathBuf,
    rest: Rest,
    /// True for a regular file, compressed or not.
    is_file: bool,
    gauge: Option<Gauge>,
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
    pub(super) fn open(path: &Path, limits: &Limits) -> Result<Source> {
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
        let gauge = match &rest {
            Rest::File(file) => Gauge::of(file),
            Rest::Stream(_) => None,
        };
        let mut head = Vec::new();
        rest.read_up_to(HEAD_BYTES, &mut head).map_err(|error| fault("read", error))?;
        let opened = path.to_owned();
        let mut path = opened.clone();
        let compression = Compression::of(&head);
        if let Some(compression) = compression {
            path = compression.inner_path(&path);
            let compressed = Cursor::new(std::mem::take(&mut head)).chain(rest.into_reader());
            let decoder = compression
                .decoder(compressed, limits)
                .map_err(|error| fault("decompress", error))?;
            rest = Rest::Stream(decoder);
            rest.read_up_to(HEAD_BYTES, &mut head).map_err(|error| fault("decompress", error))?;
        }
        Ok(Source { name, head, compression, opened, path, rest, is_file, gauge })
    }

    /// True when the source can be opened a second time and will hold the same.
    pub(super) fn is_file(&self) -> bool {
        self.is_file
    }

    /// What tells how far the file has been read, once; nothing of a stream.
    pub(super) fn take_gauge(&mut self) -> Option<Gauge> {
        self.gauge.take()
    }

    /// The path under which the same can be read again; `None` for a stream.
    pub(super) fn again(&self) -> Option<PathBuf> {
        self.is_file.then(|| self.opened.clone())
    }

    /// The format, from the content first; see [`format::sniff`]. `given` is the encoding that the
    /// user names.
    pub(super) fn format(&mut self, given: Option<TextEncoding>) -> Result<Format> {
        if let Some(format) = format::binary(&self.head, &self.name)? {
            return Ok(format);
        }
        let (note, n_mark) = self.encoding(given)?;
        let head = self.head.get(n_mark..).unwrap_or_default();
        let (text, _) = note.encoding.inner().decode_without_bom_handling(head);
        format::sniff(text.as_bytes(), &self.path, &self.name)
    }

    /// The encoding of a text, and the length of its byte order mark.
    fn encoding(&mut self, given: Option<TextEncoding>) -> Result<(EncodingNote, usize)> {
        let mut length = self.head.len();
        loop {
            let n_telling = self.head.iter().filter(|byte| !byte.is_ascii()).count();
            let is_told = given.is_some() || n_telling >= TELLING_BYTES;
            if is_told || length >= SAMPLE_BYTES {
                break;
            }
            length = (length * 4).clamp(HEAD_BYTES, SAMPLE_BYTES);
            let n_before = self.head.len();
            self.rest
                .read_up_to(length, &mut self.head)
                .map_err(|error| Error::io("read", self.name.to_string(), error))?;
            if self.head.len() == n_before {
                break;
            }
        }
        Ok(encoding_of(&self.head, given))
    }

    /// All of the file as text, and the encoding in which it is read.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`], and files that are known to hold no text.
    pub(super) fn into_text(
        mut self,
        given: Option<TextEncoding>,
    ) -> Result<(DecodedText, EncodingNote)> {
        format::refuse_foreign(&self.head, &self.name)?;
        let (note, n_mark) = self.encoding(given)?;
        let mut head = Cursor::new(self.head);
        head.set_position(n_mark as u64);
        let file = Box::new(head.chain(self.rest.into_reader()));
        Ok((DecodedText::new(file, note.encoding, n_mark), note))
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
    /// Reads on until `head` holds `length` bytes or nothing is left.
    fn read_up_to(&mut self, length: usize, head: &mut Vec<u8>) -> io::Result<()> {
        let reader: &mut dyn Read = match self {
            Rest::File(file) => file,
            Rest::Stream(stream) => stream,
        };
        let missing = length.saturating_sub(head.len());
        reader.take(missing as u64).read_to_end(head)?;
        Ok(())
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
        let text: String = (0..200_000u32).map(|n| char::from((n % 95 + 32) as u8)).collect();
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(text.as_bytes()).expect("written");
        let open = || Source::open(file.path(), &Limits::default()).expect("opened");
        let mut source = open();
        assert_eq!(source.head, text.as_bytes()[..65_536]);
        assert_eq!(source.format(None).expect("a format"), Format::Csv);
        let (mut stream, note) = source.into_text(None).expect("a text");
        assert_eq!(note.encoding, TextEncoding::UTF_8);
        while stream.fill().expect("read") {}
        assert_eq!(stream.available(), text.as_bytes());
        let mut whole = String::new();
        open()
            .into_file()
            .and_then(|mut file| {
                file.read_to_string(&mut whole).map_err(|error| Error::io("read", "x", error))
            })
            .expect("a file");
        assert_eq!(whole, text);
    }

    /// The first other character than ASCII stands behind 300 KiB.
    #[test]
    fn an_encoding_is_looked_for_far_behind_the_beginning() {
        let mut bytes = b"id,title\n".to_vec();
        bytes.extend(b"1,plain words\n".repeat(20_000));
        let (russian, _, _) = encoding_rs::WINDOWS_1251.encode("2,Кожаная сумка женская\n");
        bytes.extend(russian.iter());
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(&bytes).expect("written");
        let source = Source::open(file.path(), &Limits::default()).expect("opened");
        let (mut text, note) = source.into_text(None).expect("a text");
        assert_eq!(note.encoding.name(), "windows-1251");
        while text.fill().expect("read") {}
        assert!(text.available().ends_with("Кожаная сумка женская\n".as_bytes()));
    }

    #[test]
    fn a_stream_becomes_a_file_that_begins_at_its_first_byte() {
        let source = Source {
            name: Arc::from("pipe"),
            head: b"PAR1".to_vec(),
            compression: None,
            opened: PathBuf::from("pipe"),
            path: PathBuf::from("pipe"),
            rest: Rest::Stream(Box::new(Cursor::new(b" and the rest".to_vec()))),
            is_file: false,
            gauge: None,
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
            let error = Source::open(path, &Limits::default()).err().expect("an error");
            assert!(matches!(error.kind(), ErrorKind::Io { .. }), "{error}");
            let name = path.to_string_lossy();
            assert!(error.to_string().starts_with(&*name), "{error}");
        }
    }
}
