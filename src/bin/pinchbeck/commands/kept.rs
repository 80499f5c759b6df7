//! Files that people keep by hand: lists, words, brands, prices.

use std::path::Path;

use pinchbeck::Result;
use pinchbeck::error::visible;
use pinchbeck::input::{EncodingSource, TextEncoding, read_text};

use crate::console;

/// The text of such a file; a message where its encoding was guessed.
pub(super) fn read(path: &Path, action: &'static str) -> Result<String> {
    let (text, note) = read_text(path, action)?;
    if note.source == EncodingSource::Detected && note.encoding != TextEncoding::UTF_8 {
        let (name, encoding) = (visible(&path.display().to_string()), note.encoding.name());
        console::message(&format!("{name}: read as {encoding}, told from its bytes"));
    }
    Ok(text)
}
