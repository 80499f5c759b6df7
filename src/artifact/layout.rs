//! How a model file is laid out: readable and comparable line by line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::Formatter;

/// Objects and lists nested deeper than this stand on one line, so that a coefficient, a price
/// cell or an operating point is one line each.
const OPEN_DEPTH: usize = 3;

/// A value as JSON, indented down to [`OPEN_DEPTH`] and compact below, with a final newline.
pub(super) fn to_bytes(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut serializer =
        serde_json::Serializer::with_formatter(&mut bytes, Layout { depth: 0, filled: false });
    value.serialize(&mut serializer)?;
    bytes.push(b'\n');
    Ok(bytes)
}

struct Layout {
    depth: usize,
    /// Whether the innermost object or list has a member.
    filled: bool,
}

impl Layout {
    fn break_line<W: ?Sized + Write>(&self, writer: &mut W) -> io::Result<()> {
        if self.depth <= OPEN_DEPTH {
            writer.write_all(b"\n")?;
            for _ in 0..self.depth {
                writer.write_all(b"  ")?;
            }
        }
        Ok(())
    }

    fn open<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        writer.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        let broken = self.filled && self.depth <= OPEN_DEPTH;
        self.depth -= 1;
        if broken {
            self.break_line(writer)?;
        }
        self.filled = true;
        writer.write_all(bracket)
    }

    fn member<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(if self.depth <= OPEN_DEPTH { b"," } else { b", " })?;
        }
        self.filled = true;
        self.break_line(writer)
    }
}

impl Formatter for Layout {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.member(writer, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.member(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_values_stand_on_one_line_and_shallow_ones_are_indented() {
        let value = serde_json::json!({"a": {"b": {"c": 1, "d": [1, 2]}, "e": {}}, "f": 2});
        let text = String::from_utf8(to_bytes(&value).unwrap()).unwrap();
        let expected = "{\n  \"a\": {\n    \"b\": {\n      \"c\": 1,\n      \"d\": [1, 2]\n    },\n    \"e\": {}\n  },\n  \"f\": 2\n}\n";
        assert_eq!(text, expected);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
