//! Whole text files that people keep by hand, in whatever encoding their program wrote them.

use std::path::Path;

use super::encoding::{EncodingNote, encoding_of};
use crate::error::{ErrorKind, Result, visible};

/// Reads a text file whole: in the encoding of its byte order mark, else in the one that its bytes tell,
/// as exports are read. `action` says in an error what was to be done.
///
/// # Errors
/// [`ErrorKind::Io`] for a file that cannot be read, or with bytes that are no text of the encoding.
pub fn read_text(path: &Path, action: &'static str) -> Result<(String, EncodingNote)> {
    let failed =
        |source| ErrorKind::Io { action, path: visible(&path.display().to_string()), source };
    let bytes = std::fs::read(path).map_err(failed)?;
    let (note, mark_bytes) = encoding_of(&bytes, None);
    let content = bytes.get(mark_bytes..).unwrap_or_default();
    let decoded =
        note.encoding.inner().decode_without_bom_handling_and_without_replacement(content);
    let Some(text) = decoded else {
        let problem = format!("the file is not text in {}", note.encoding.name());
        return Err(failed(std::io::Error::new(std::io::ErrorKind::InvalidData, problem)).into());
    };
    Ok((text.into_owned(), note))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::EncodingSource;

    fn read(bytes: &[u8]) -> Result<(String, EncodingNote)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.csv");
        std::fs::write(&path, bytes).unwrap();
        read_text(&path, "read the list")
    }

    const LIST: &str = "seller_name,note\nМагазин «Обувь»,проверен\n欧美大牌,假\n";

    #[test]
    fn a_byte_order_mark_tells_the_encoding() {
        let marked = format!("\u{feff}{LIST}");
        let little: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (bytes, name) in
            [(little, "UTF-16LE"), (big, "UTF-16BE"), (marked.into_bytes(), "UTF-8")]
        {
            let (text, note) = read(&bytes).unwrap();
            assert_eq!(text, LIST);
            assert_eq!(note.encoding.name(), name);
            assert_eq!(note.source, EncodingSource::ByteOrderMark);
        }
    }

    #[test]
    fn without_a_mark_the_bytes_tell() {
        assert_eq!(read(LIST.as_bytes()).unwrap().0, LIST);
        let bytes: Vec<u8> = LIST.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&bytes).unwrap().0, LIST);
        let (bytes, ..) = encoding_rs::GB18030.encode(LIST);
        let (text, note) = read(&bytes).unwrap();
        assert_eq!(text, LIST);
        assert_eq!((note.encoding.name(), note.source), ("GB18030", EncodingSource::Detected));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let error = read(&[0xff, 0xfe, 0x00, 0xd8]).unwrap_err().to_string();
        assert!(error.contains("not text in UTF-16LE"), "{error}");
        let error = read_text(Path::new("/no/such/list.csv"), "read the list").unwrap_err();
        assert!(error.to_string().contains("read the list"), "{error}");
    }
}
