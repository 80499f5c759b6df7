//! Which cells of a record hold bytes that could not be decoded, and what those bytes were.

use super::decoded::DecodedText;

/// What stands in the text for undecodable bytes, and may stand there in its own right.
const REPLACEMENT: char = '\u{fffd}';

/// How many characters before and behind the first undecodable bytes of a cell are shown.
const CONTEXT_CHARS: usize = 24;

/// The undecodable bytes of one record.
pub(super) struct Undecodable {
    /// For each replacement character of the record, in order, the bytes that it stands for.
    bytes: Vec<Option<Vec<u8>>>,
}

impl Undecodable {
    /// What could not be decoded in the next bytes of a text; `None` when all was.
    pub(super) fn within(text: &DecodedText, n_bytes: usize) -> Option<Undecodable> {
        let begin = text.offset();
        let mut faults = text.faults_between(begin, begin + n_bytes as u64).peekable();
        faults.peek()?;
        let record = text.available().get(..n_bytes).unwrap_or_default();
        let record = std::str::from_utf8(record).unwrap_or_default();
        let bytes = record.match_indices(REPLACEMENT).map(|(at, _)| {
            let is_fault = faults.peek().is_some_and(|fault| fault.at == begin + at as u64);
            faults.next_if(|_| is_fault).map(|fault| fault.bytes.clone())
        });
        Some(Undecodable { bytes: bytes.collect() })
    }

    /// The surroundings of the first undecodable bytes of a cell, with bytes as `\xE9`; `None` when
    /// all of the cell was decoded. `n_before` counts the replacement characters of the cells
    /// before it, and then of this one too.
    pub(super) fn shown(&self, cell: &str, n_before: &mut usize) -> Option<String> {
        let own = self.bytes.get(*n_before..).unwrap_or_default();
        let places: Vec<usize> = cell
            .chars()
            .enumerate()
            .filter(|(_, c)| *c == REPLACEMENT)
            .map(|(index, _)| index)
            .collect();
        *n_before += places.len();
        let own = own.get(..places.len().min(own.len())).unwrap_or_default();
        let first = own.iter().position(Option::is_some)?;
        let from = places.get(first)?.saturating_sub(CONTEXT_CHARS);
        let mut shown = String::new();
        let mut ordinal = places.iter().filter(|place| **place < from).count();
        for c in cell.chars().skip(from).take(2 * CONTEXT_CHARS) {
            if c == REPLACEMENT {
                match own.get(ordinal).and_then(Option::as_ref) {
                    None => shown.push(c),
                    Some(bytes) => {
                        for byte in bytes {
                            shown.push_str(&format!("\\x{byte:02X}"));
                        }
                    }
                }
                ordinal += 1;
            } else {
                shown.push(c);
            }
        }
        Some(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_in_their_cell_and_characters_of_the_file_are_not() {
        // The second cell has a replacement character of its own before the broken byte.
        let record = b"caf\xe9,\xef\xbf\xbdx\xffy,plain,\xef\xbf\xbd\n";
        let file = Box::new(&record[..]);
        let mut text = DecodedText::new(file, super::super::TextEncoding::UTF_8, 0);
        while text.fill().expect("read") {}
        let length = text.available().len();
        let undecodable = Undecodable::within(&text, length).expect("faults");
        let mut n_before = 0;
        let mut shown = |cell| undecodable.shown(cell, &mut n_before);
        assert_eq!(shown("caf\u{fffd}").as_deref(), Some("caf\\xE9"));
        assert_eq!(shown("\u{fffd}x\u{fffd}y").as_deref(), Some("\u{fffd}x\\xFFy"));
        assert_eq!(shown("plain"), None);
        assert_eq!(shown("\u{fffd}"), None);
        assert!(Undecodable::within(&text, 3).is_none());
    }

    #[test]
    fn a_long_cell_is_shown_around_its_first_fault() {
        let cell = [b"a".repeat(100), b"\xff".to_vec(), b"b".repeat(100)].concat();
        let file = Box::new(std::io::Cursor::new(cell));
        let mut text = DecodedText::new(file, super::super::TextEncoding::UTF_8, 0);
        while text.fill().expect("read") {}
        let whole = String::from_utf8(text.available().to_vec()).expect("text");
        let undecodable = Undecodable::within(&text, whole.len()).expect("faults");
        let shown = undecodable.shown(&whole, &mut 0).expect("shown");
        assert_eq!(shown, format!("{}\\xFF{}", "a".repeat(24), "b".repeat(23)));
    }
}
