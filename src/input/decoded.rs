//! A text file as a window of UTF-8 that moves over it, with what could not be decoded and where
//! everything stands in the file.

use std::collections::VecDeque;
use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::encoding::TextEncoding;

/// Bytes asked of the file at a time.
const CHUNK_BYTES: usize = 256 * 1024;

/// What stands in the text for bytes that are no character of the encoding.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// How many bytes without a line end are waited for before decoding goes on without an anchor.
const LINE_BYTES: usize = 4 * CHUNK_BYTES;

/// A stretch of bytes that is no character of the encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Offset in the text of the replacement character that stands for it.
    pub(super) at: u64,
    /// The bytes as they stand in the file, at most a few.
    pub(super) bytes: Vec<u8>,
}

/// The text of a file, from the place that has been read up to as far as was looked ahead.
///
/// Offsets are of two kinds: in the text, as UTF-8 from behind the byte order mark, and in the
/// file. Only [`DecodedText::file_offset`] leads from one to the other.
pub(super) struct DecodedText {
    file: Box<dyn Read + Send>,
    encoding: &'static Encoding,
    decoder: Decoder,
    /// Bytes that were read and not yet decoded, as they may be the first part of a character.
    pending: Vec<u8>,
    is_end_of_file: bool,
    /// Offset in the file behind the last byte that was decoded.
    decoded_up_to: u64,
    text: Vec<u8>,
    /// Offset in the text of the first byte of `text`.
    start: u64,
    /// Index in `text` of the first byte that is not used up.
    at: usize,
    /// Places that are known in both, as offsets in the text and in the file; in order, the first
    /// not behind what is used up.
    anchors: VecDeque<(u64, u64)>,
    faults: VecDeque<Fault>,
}

impl DecodedText {
    /// The text of a file behind a byte order mark of `mark_bytes`, which has been read.
    pub(super) fn new(
        file: Box<dyn Read + Send>,
        encoding: TextEncoding,
        mark_bytes: usize,
    ) -> Self {
        let encoding = encoding.inner();
        DecodedText {
            file,
            encoding,
            decoder: encoding.new_decoder_without_bom_handling(),
            pending: Vec::new(),
            is_end_of_file: false,
            decoded_up_to: mark_bytes as u64,
            text: Vec::new(),
            start: 0,
            at: 0,
            anchors: VecDeque::from([(0, mark_bytes as u64)]),
            faults: VecDeque::new(),
        }
    }

    /// The text that is not used up, as far as it has been read.
    pub(super) fn available(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Offset in the text of the first byte that is available.
    pub(super) fn offset(&self) -> u64 {
        self.start + self.at as u64
    }

    /// Says that the first `n_bytes` of what is available are used up.
    pub(super) fn consume(&mut self, n_bytes: usize) {
        self.at = (self.at + n_bytes).min(self.text.len());
    }

    /// Offset in the file of a place in what is available.
    ///
    /// Exact in UTF-8, UTF-16 and the encodings of one byte a character, and in the others as long
    /// as a character was written the way in which the encoding standard writes it.
    pub(super) fn file_offset(&mut self, offset: u64) -> u64 {
        let index = self.anchors.partition_point(|(text, _)| *text <= offset);
        let Some(&(text, file)) = index.checked_sub(1).and_then(|index| self.anchors.get(index))
        else {
            return offset;
        };
        if self.encoding == UTF_8 {
            return file + (offset - text);
        }
        let found = file + self.length_in_file(text, offset);
        // The next question is likely to be about a place not far behind this one.
        if offset > text {
            self.anchors.insert(index, (offset, found));
        }
        found
    }

    /// The undecodable stretches between two offsets of what is available.
    pub(super) fn faults_between(&self, begin: u64, end: u64) -> impl Iterator<Item = &Fault> {
        let first = self.faults.partition_point(|fault| fault.at < begin);
        self.faults.range(first..).take_while(move |fault| fault.at < end)
    }

    /// Reads on, so that more text is available; false at the end of the file.
    ///
    /// # Errors
    /// Those of reading the file.
    pub(super) fn fill(&mut self) -> io::Result<bool> {
        self.forget();
        let before = self.text.len();
        while self.text.len() == before && !(self.is_end_of_file && self.pending.is_empty()) {
            if self.encoding == UTF_8 { self.fill_utf_8()? } else { self.fill_other()? }
        }
        Ok(self.text.len() > before)
    }

    /// Lets go of what is used up, once that is worth the moving.
    fn forget(&mut self) {
        if self.at < CHUNK_BYTES {
            return;
        }
        let offset = self.offset();
        while self.anchors.get(1).is_some_and(|(text, _)| *text <= offset) {
            self.anchors.pop_front();
        }
        while self.faults.front().is_some_and(|fault| fault.at < offset) {
            self.faults.pop_front();
        }
        // Counting bytes of the file from an anchor on takes the text behind the anchor.
        let anchor = self.anchors.front().map_or(offset, |(text, _)| *text);
        let from = if self.encoding == UTF_8 { offset } else { anchor.max(self.start) };
        let n_bytes = (from - self.start) as usize;
        self.text.drain(..n_bytes);
        self.start = from;
        self.at -= n_bytes;
    }

    /// Reads bytes behind those that are pending; notes the end of the file.
    fn read(&mut self, buffer: &mut Vec<u8>) -> io::Result<()> {
        let before = buffer.len();
        buffer.resize(before + CHUNK_BYTES, 0);
        let n_read = loop {
            match self.file.read(buffer.get_mut(before..).unwrap_or_default()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        buffer.truncate(before + *n_read.as_ref().unwrap_or(&0));
        self.is_end_of_file |= n_read? == 0;
        Ok(())
    }

    /// UTF-8 is read to where it will stay and only looked at.
    fn fill_utf_8(&mut self) -> io::Result<()> {
        let mut text = std::mem::take(&mut self.text);
        let begin = text.len();
        text.append(&mut self.pending);
        let outcome = self.read(&mut text);
        let valid = match std::str::from_utf8(text.get(begin..).unwrap_or_default()) {
            Ok(_) => text.len(),
            Err(error) => begin + error.valid_up_to(),
        };
        let rest = text.split_off(valid);
        self.decoded_up_to += (valid - begin) as u64;
        self.text = text;
        self.repair_utf_8(&rest);
        outcome
    }

    /// Text from the first byte on that is not UTF-8.
    fn repair_utf_8(&mut self, mut rest: &[u8]) {
        while !rest.is_empty() {
            let (n_valid, n_broken) = match std::str::from_utf8(rest) {
                Ok(_) => (rest.len(), None),
                Err(error) => (error.valid_up_to(), Some(error.error_len())),
            };
            let (valid, broken) = rest.split_at(n_valid);
            self.text.extend_from_slice(valid);
            self.decoded_up_to += n_valid as u64;
            let n_broken = match n_broken {
                None => return,
                Some(Some(length)) => length,
                // The first part of a character, which the next bytes may complete.
                Some(None) if !self.is_end_of_file => {
                    self.pending.extend_from_slice(broken);
                    return;
                }
                Some(None) => broken.len(),
            };
            let (broken, behind) = broken.split_at(n_broken);
            self.replace(broken.to_vec());
            self.decoded_up_to += n_broken as u64;
            self.anchor();
            rest = behind;
        }
    }

    fn fill_other(&mut self) -> io::Result<()> {
        let mut bytes = std::mem::take(&mut self.pending);
        let outcome = self.read(&mut bytes);
        let (cut, is_clean) = match self.boundary(&bytes) {
            _ if self.is_end_of_file => (bytes.len(), true),
            Some(cut) => (cut, true),
            None if bytes.len() < LINE_BYTES => (0, false),
            None => (bytes.len(), false),
        };
        self.pending = bytes.split_off(cut);
        self.decode(&bytes, self.is_end_of_file);
        self.decoded_up_to += cut as u64;
        if is_clean {
            self.anchor();
        }
        outcome
    }

    /// Up to where bytes can be decoded without leaving half a character with the decoder.
    fn boundary(&self, bytes: &[u8]) -> Option<usize> {
        if self.encoding.is_single_byte() {
            return Some(bytes.len());
        }
        if self.encoding == UTF_16LE || self.encoding == UTF_16BE {
            let even = bytes.len() & !1;
            let last = bytes.get(..even).and_then(<[u8]>::last_chunk::<2>);
            let is_high = last.is_some_and(|&unit| {
                let unit = if self.encoding == UTF_16LE {
                    u16::from_le_bytes(unit)
                } else {
                    u16::from_be_bytes(unit)
                };
                (0xd800..0xdc00).contains(&unit)
            });
            return Some(if is_high { even - 2 } else { even });
        }
        // Line ends are no part of a longer character in any encoding that holds ASCII.
        memchr::memrchr2(b'\n', b'\r', bytes).map(|at| at + 1)
    }

    fn decode(&mut self, mut bytes: &[u8], is_last: bool) {
        loop {
            let room = self
                .decoder
                .max_utf8_buffer_length_without_replacement(bytes.len())
                .unwrap_or(bytes.len() * 3 + 16);
            let before = self.text.len();
            self.text.resize(before + room, 0);
            let free = self.text.get_mut(before..).unwrap_or_default();
            let (result, n_read, n_written) =
                self.decoder.decode_to_utf8_without_replacement(bytes, free, is_last);
            self.text.truncate(before + n_written);
            let (read, rest) = bytes.split_at(n_read);
            bytes = rest;
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, behind) => {
                    let end = n_read.saturating_sub(usize::from(behind));
                    let begin = end.saturating_sub(usize::from(length));
                    self.replace(read.get(begin..end).unwrap_or_default().to_vec());
                }
            }
        }
    }

    fn replace(&mut self, bytes: Vec<u8>) {
        let at = self.start + self.text.len() as u64;
        self.faults.push_back(Fault { at, bytes });
        self.text.extend_from_slice(REPLACEMENT);
    }

    /// Notes that all that was decoded ends where the text ends.
    fn anchor(&mut self) {
        self.anchors.push_back((self.start + self.text.len() as u64, self.decoded_up_to));
    }

    /// How many bytes of the file the text between two offsets took.
    fn length_in_file(&self, begin: u64, end: u64) -> u64 {
        let mut n_bytes = 0;
        let mut from = begin;
        for fault in self.faults_between(begin, end) {
            n_bytes += self.encoded_length(from, fault.at) + fault.bytes.len() as u64;
            from = fault.at + REPLACEMENT.len() as u64;
        }
        n_bytes + self.encoded_length(from, end)
    }

    fn encoded_length(&self, begin: u64, end: u64) -> u64 {
        let index = |offset: u64| offset.saturating_sub(self.start) as usize;
        let bytes = self.text.get(index(begin)..index(end)).unwrap_or_default();
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        if self.encoding == UTF_16LE || self.encoding == UTF_16BE {
            return text.chars().map(|c| c.len_utf16() as u64 * 2).sum();
        }
        if self.encoding.is_single_byte() {
            return text.chars().count() as u64;
        }
        let (encoded, _, _) = self.encoding.encode(text);
        encoded.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Hands out a few bytes at a time.
    struct Drops(io::Cursor<Vec<u8>>, usize);

    impl Read for Drops {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(buffer.len());
            self.0.read(&mut buffer[..n])
        }
    }

    fn decoded(bytes: &[u8], label: &str, drop: usize) -> DecodedText {
        let file = Box::new(Drops(io::Cursor::new(bytes.to_vec()), drop));
        DecodedText::new(file, label.parse().unwrap(), 0)
    }

    /// All of the text, used up in pieces so that the window moves.
    fn read(text: &mut DecodedText) -> String {
        let mut all = Vec::new();
        while text.fill().unwrap() {
            all.extend_from_slice(text.available());
            text.consume(text.available().len());
        }
        String::from_utf8(all).unwrap()
    }

    fn encoded(text: &str, label: &str) -> Vec<u8> {
        match label {
            "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned(),
        }
    }

    #[test]
    fn undecodable_bytes_are_replaced_and_remembered() {
        // Offsets in the text by hand: `ab` 2, replacement 3, `c` 1, replacement 3.
        for drop in [1, 2, 100] {
            let mut text = decoded(b"ab\xffc\xe4\xb8\nd\xe4", "utf-8", drop);
            while text.fill().unwrap() {}
            assert_eq!(text.available(), "ab\u{fffd}c\u{fffd}\nd\u{fffd}".as_bytes());
            let faults: Vec<_> =
                text.faults_between(0, 99).map(|fault| (fault.at, fault.bytes.clone())).collect();
            assert_eq!(faults, [(2, vec![0xff]), (6, vec![0xe4, 0xb8]), (11, vec![0xe4])]);
            // In the file: a0 b1 ff2 c3 e4 4 b8 5 \n6 d7 e4 8.
            let places = [(0, 0), (2, 2), (5, 3), (9, 6), (10, 7), (11, 8)];
            for (offset, place) in places {
                assert_eq!(text.file_offset(offset), place, "{offset}");
            }
            assert_eq!(text.faults_between(3, 11).count(), 1);
        }
        // 0x81 begins a character of two bytes in GB18030 and 0x20 cannot end one.
        let mut text = decoded(b"a\x81 b\xff", "gbk", 100);
        while text.fill().unwrap() {}
        assert_eq!(text.available(), "a\u{fffd} b\u{fffd}".as_bytes());
        let faults: Vec<_> = text.faults_between(0, 99).map(|f| f.bytes.clone()).collect();
        assert_eq!(faults, [vec![0x81], vec![0xff]]);
        assert_eq!(text.file_offset(5), 3);
    }

    #[test]
    fn the_window_does_not_grow_with_the_file() {
        for label in ["utf-8", "gbk", "utf-16le", "windows-1251"] {
            let line = "1,Кожаная сумка\n";
            let bytes = encoded(line, label).repeat(200_000);
            let mut text = decoded(&bytes, label, usize::MAX);
            let mut n_lines = 0u64;
            loop {
                while text.available().len() >= line.len() {
                    text.consume(line.len());
                    n_lines += 1;
                }
                if !text.fill().unwrap() {
                    break;
                }
                assert!(text.text.capacity() < 16 * CHUNK_BYTES, "{label}");
                assert!(text.anchors.len() < 64, "{label}");
                let per_line = bytes.len() as u64 / 200_000;
                assert_eq!(text.file_offset(text.offset()), n_lines * per_line, "{label}");
            }
            assert_eq!(n_lines, 200_000, "{label}");
        }
    }

    proptest! {
        #[test]
        fn text_comes_back_from_every_encoding_and_knows_its_place(
            lines in prop::collection::vec("[a-z,\u{430}-\u{44f}]{0,9}", 0..30),
            label in prop::sample::select(vec![
                "utf-8", "utf-16le", "utf-16be", "gb18030", "windows-1251", "koi8-u",
                "shift_jis", "euc-kr", "big5",
            ]),
            drop in 1usize..9,
            at in 0usize..200,
        ) {
            let original = lines.join("\n");
            let bytes = encoded(&original, label);
            let mut text = decoded(&bytes, label, drop);
            while text.fill().unwrap() {}
            prop_assert_eq!(text.available(), original.as_bytes());
            let at = original.char_indices().map(|(at, _)| at).nth(at).unwrap_or(original.len());
            let expected = encoded(&original[..at], label).len() as u64;
            prop_assert_eq!(text.file_offset(at as u64), expected);
        }

        #[test]
        fn any_bytes_become_text_whatever_the_pieces(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            label in prop::sample::select(vec![
                "utf-8", "utf-16le", "gb18030", "windows-1252", "shift_jis", "euc-kr", "big5",
            ]),
            drop in 1usize..9,
        ) {
            let whole = read(&mut decoded(&bytes, label, 1000));
            let encoding: TextEncoding = label.parse().unwrap();
            // What encoding_rs makes of it in one piece.
            let (expected, _) = encoding.inner().decode_without_bom_handling(&bytes);
            prop_assert_eq!(&whole, &expected);
            prop_assert_eq!(read(&mut decoded(&bytes, label, drop)), whole);
        }
    }
}
