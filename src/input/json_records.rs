//! Where one JSON record ends and the next begins: a line each, or the elements of an array.

use super::decoded::DecodedText;
use super::limits::{over_long_record, size};
use crate::error::{Error, Result};

/// How much of a record beyond the limit is kept to be shown.
const SHOWN_BYTES: usize = 64 * 1024;

/// How the records of a file follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// One a line.
    Lines,
    /// Elements of an array, or values one after the other, over as many lines as they like.
    Elements,
}

/// A record that was found, or what stands in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The next bytes of the text, so many; they are not used up.
    Record(usize),
    /// So many bytes that are no record, and why; they are not used up.
    Broken(usize, String),
    /// A record that is longer than may be held. It is used up.
    TooLong(TooLong),
}

/// The beginning of a record that is longer than may be held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TooLong {
    /// The line on which it begins.
    pub(super) line: u64,
    /// The offset in the file at which it begins.
    pub(super) byte: u64,
    /// Its first characters.
    pub(super) shown: String,
    /// Why it is set aside.
    pub(super) cause: String,
}

/// Finds the records of a text.
pub(super) struct JsonRecords {
    pub(super) text: DecodedText,
    layout: Layout,
    limit: usize,
    /// The line on which the next byte of the text stands, counted from 1.
    pub(super) line: u64,
    /// True within the brackets of an array.
    is_array: bool,
    is_begun: bool,
}

impl JsonRecords {
    /// The records of a text, none longer than `limit` bytes.
    pub(super) fn new(text: DecodedText, layout: Layout, limit: usize) -> Self {
        JsonRecords { text, layout, limit, line: 1, is_array: false, is_begun: false }
    }

    /// Finds the next record behind blanks; `None` at the end of the text. `name` is the file's.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`].
    pub(super) fn next(&mut self, name: &str) -> Result<Option<Found>> {
        match self.layout {
            Layout::Lines => self.next_line(name),
            Layout::Elements => self.next_element(name),
        }
    }

    /// Moves behind the next bytes and counts their lines.
    pub(super) fn use_up(&mut self, n_bytes: usize) {
        let bytes = self.text.available().get(..n_bytes).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', bytes).count() as u64;
        self.text.consume(n_bytes);
    }

    fn fill(&mut self, name: &str) -> Result<bool> {
        self.text.fill().map_err(|error| Error::io("read", name, error))
    }

    /// Uses up bytes as long as they are of a kind; false at the end of the text.
    fn skip(&mut self, name: &str, is_skipped: impl Fn(u8) -> bool) -> Result<bool> {
        loop {
            let available = self.text.available();
            let n_skipped = available.iter().take_while(|byte| is_skipped(**byte)).count();
            let is_more = n_skipped < available.len();
            self.use_up(n_skipped);
            if is_more {
                return Ok(true);
            }
            if !self.fill(name)? {
                return Ok(false);
            }
        }
    }

    fn next_line(&mut self, name: &str) -> Result<Option<Found>> {
        if !self.skip(name, |byte| byte.is_ascii_whitespace())? {
            return Ok(None);
        }
        let mut n_seen = 0;
        loop {
            let available = self.text.available();
            let rest = available.get(n_seen..).unwrap_or_default();
            let end = memchr::memchr(b'\n', rest).map(|at| n_seen + at);
            n_seen = end.unwrap_or(available.len());
            if n_seen > self.limit {
                return self.too_long_line(name, n_seen).map(Some);
            }
            if end.is_some() || !self.fill(name)? {
                return Ok(Some(Found::Record(n_seen)));
            }
        }
    }

    fn too_long_line(&mut self, name: &str, n_seen: usize) -> Result<Found> {
        let found = self.too_long(n_seen);
        loop {
            let available = self.text.available();
            let end = memchr::memchr(b'\n', available);
            self.use_up(end.map_or(available.len(), |at| at + 1));
            if end.is_some() || !self.fill(name)? {
                return Ok(Found::TooLong(found));
            }
        }
    }

    fn next_element(&mut self, name: &str) -> Result<Option<Found>> {
        loop {
            let is_begun = self.is_begun;
            let is_skipped =
                move |byte: u8| byte.is_ascii_whitespace() || (is_begun && byte == b',');
            if !self.skip(name, is_skipped)? {
                return Ok(None);
            }
            match self.text.available().first() {
                Some(b'[') if !self.is_begun => {
                    (self.is_array, self.is_begun) = (true, true);
                    self.use_up(1);
                }
                Some(b']') if self.is_array => {
                    self.is_array = false;
                    self.use_up(1);
                }
                _ => {
                    self.is_begun = true;
                    return self.element(name).map(Some);
                }
            }
        }
    }

    /// Measures the element that begins with the next byte.
    fn element(&mut self, name: &str) -> Result<Found> {
        let mut scan = Scan::default();
        let mut n_seen = 0;
        loop {
            let rest = self.text.available().get(n_seen..).unwrap_or_default();
            let end = scan.end(rest);
            n_seen += end.unwrap_or(rest.len());
            if n_seen > self.limit {
                return self.too_long_element(name, scan, n_seen, end.is_some());
            }
            if end.is_some() {
                return Ok(self.judged(n_seen));
            }
            if !self.fill(name)? {
                // A number or a word ends where the text does.
                return Ok(if scan.depth == 0 && !scan.is_string {
                    self.judged(n_seen)
                } else {
                    Found::Broken(n_seen, "JSON that never ends".to_owned())
                });
            }
        }
    }

    fn judged(&self, n_bytes: usize) -> Found {
        if self.text.available().first() == Some(&b'{') {
            Found::Record(n_bytes)
        } else {
            Found::Broken(n_bytes, "not a JSON object".to_owned())
        }
    }

    /// Uses up an element beyond the limit, of which so many bytes were seen; `is_whole` tells that
    /// these are all.
    fn too_long_element(
        &mut self,
        name: &str,
        mut scan: Scan,
        n_seen: usize,
        is_whole: bool,
    ) -> Result<Found> {
        let mut found = self.too_long(n_seen);
        self.use_up(n_seen);
        if is_whole {
            return Ok(Found::TooLong(found));
        }
        loop {
            if self.text.available().is_empty() && !self.fill(name)? {
                found.cause = format!("JSON that never ends, looked at for {}", size(self.limit));
                return Ok(Found::TooLong(found));
            }
            let end = scan.end(self.text.available());
            self.use_up(end.unwrap_or(self.text.available().len()));
            if end.is_some() {
                return Ok(Found::TooLong(found));
            }
        }
    }

    /// The next bytes as a record beyond the limit, its beginning cut between characters.
    fn too_long(&mut self, n_seen: usize) -> TooLong {
        let byte = self.text.file_offset(self.text.offset());
        let bytes = self.text.available().get(..SHOWN_BYTES.min(n_seen)).unwrap_or_default();
        let valid = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => bytes
                .get(..error.valid_up_to())
                .and_then(|valid| std::str::from_utf8(valid).ok())
                .unwrap_or_default(),
        };
        let cause = over_long_record(self.limit);
        TooLong { line: self.line, byte, shown: valid.to_owned(), cause }
    }
}

/// Where in an element the scan is.
#[derive(Clone, Copy, Debug, Default)]
struct Scan {
    depth: usize,
    is_string: bool,
    is_escaped: bool,
    is_begun: bool,
}

impl Scan {
    /// Reads on; the number of bytes up to the end of the element, if it is among them.
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        for (index, &byte) in bytes.iter().enumerate() {
            if self.is_string {
                self.is_string = self.is_escaped || byte != b'"';
                self.is_escaped = byte == b'\\' && !self.is_escaped;
                if !self.is_string && self.depth == 0 {
                    return Some(index + 1);
                }
                continue;
            }
            match byte {
                // A number or a word ends before what cannot be part of it.
                b',' | b']' | b'{' | b'[' | b'"' if self.depth == 0 && self.is_begun => {
                    return Some(index);
                }
                b'}' if self.depth == 0 => return Some(index + 1),
                b'"' => self.is_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(index + 1);
                    }
                }
                _ => {}
            }
            self.is_begun = true;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::input::TextEncoding;

    /// Each record as text, what is no record in angle brackets, with the line on which it begins.
    fn found(text: impl Read + Send + 'static, layout: Layout, limit: usize) -> Vec<(u64, String)> {
        let text = DecodedText::new(Box::new(text), TextEncoding::UTF_8, 0);
        let mut records = JsonRecords::new(text, layout, limit);
        let mut all = Vec::new();
        while let Some(found) = records.next("x").expect("read") {
            let line = records.line;
            let taken = |n: usize| {
                String::from_utf8_lossy(records.text.available().get(..n).expect("there")).into()
            };
            let (shown, n_bytes): (String, usize) = match found {
                Found::Record(n) => (taken(n), n),
                Found::Broken(n, _) => {
                    let text: String = taken(n);
                    (format!("<{text}>"), n)
                }
                Found::TooLong(own) => {
                    all.push((own.line, format!("<{}...>", own.shown.len())));
                    continue;
                }
            };
            records.use_up(n_bytes);
            all.push((line, shown));
        }
        all
    }

    fn elements(text: &'static str) -> Vec<(u64, String)> {
        found(text.as_bytes(), Layout::Elements, 1000)
    }

    fn all(pairs: &[(u64, &str)]) -> Vec<(u64, String)> {
        pairs.iter().map(|(line, text)| (*line, (*text).to_owned())).collect()
    }

    #[test]
    fn elements_are_told_whatever_stands_between_them() {
        for text in [
            "[{\"a\":1},{\"a\":\"]}\\\"\"}]",
            "{\"a\":1}{\"a\":\"]}\\\"\"}",
            " [ {\"a\":1} ,, {\"a\":\"]}\\\"\"} ] ",
        ] {
            assert_eq!(
                elements(text),
                all(&[(1, "{\"a\":1}"), (1, "{\"a\":\"]}\\\"\"}")]),
                "{text}"
            );
        }
        assert_eq!(
            elements("[\n  {\n\"a\": [1,\n2]},\n  {}\n]\n"),
            all(&[(2, "{\n\"a\": [1,\n2]}"), (5, "{}")])
        );
        assert_eq!(elements("[]"), []);
        assert_eq!(elements(""), []);
    }

    #[test]
    fn what_is_no_object_is_set_aside_and_what_follows_is_read() {
        assert_eq!(
            elements("[1, \"a,b\", [{\"x\":1}], null, {\"a\":1}] rest"),
            all(&[
                (1, "<1>"),
                (1, "<\"a,b\">"),
                (1, "<[{\"x\":1}]>"),
                (1, "<null>"),
                (1, "{\"a\":1}"),
                (1, "<rest>"),
            ])
        );
        assert_eq!(
            elements("[{\"a\":1}, {\"b\": [2}"),
            all(&[(1, "{\"a\":1}"), (1, "<{\"b\": [2}>")])
        );
        assert_eq!(elements("[}, {}]"), all(&[(1, "<}>"), (1, "{}")]));
    }

    #[test]
    fn lines_and_elements_beyond_the_limit_are_passed_over() {
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(200));
        let text = format!("{{}}\n{long}\n\n{{\"b\":1}}");
        let expected = all(&[(1, "{}"), (2, "<208...>"), (4, "{\"b\":1}")]);
        let lines = found(std::io::Cursor::new(text.clone().into_bytes()), Layout::Lines, 100);
        assert_eq!(lines, expected);
        let elements = found(std::io::Cursor::new(text.into_bytes()), Layout::Elements, 100);
        assert_eq!(elements, expected);
    }

    #[test]
    fn memory_does_not_grow_with_an_element() {
        for layout in [Layout::Lines, Layout::Elements] {
            let text = b"{\"a\":\"".chain(std::io::repeat(b'x').take(256 << 20));
            let text = text.chain(&b"\"}\n{\"b\":1}"[..]);
            let all = found(text, layout, 1 << 20);
            assert_eq!(all.len(), 2, "{layout:?}");
            assert_eq!(all[1].1, "{\"b\":1}");
        }
    }
}
