//! How a file of separated values is written: delimiter, line ends and quotes.

/// What may stand between fields, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The delimiter and the byte that ends lines, from the header line. What stands within quotes does
/// not count; of delimiters that are equally frequent the likelier one is taken.
pub(super) fn conventions(head: &[u8], given: Option<u8>) -> (u8, u8) {
    let mut counts = [0usize; DELIMITERS.len()];
    let mut is_quoted = false;
    let mut line_end = b'\n';
    let n_blank = head.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let mut bytes = head.iter().skip(n_blank).peekable();
    while let Some(&byte) = bytes.next() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b'\n' => break,
            b'\r' => {
                if bytes.peek() != Some(&&b'\n') {
                    line_end = b'\r';
                }
                break;
            }
            _ => {
                for (count, delimiter) in counts.iter_mut().zip(DELIMITERS) {
                    *count += usize::from(byte == delimiter);
                }
            }
        }
    }
    let mut best = (0, b',');
    for (count, delimiter) in counts.into_iter().zip(DELIMITERS) {
        if count > best.0 {
            best = (count, delimiter);
        }
    }
    (given.unwrap_or(best.1), line_end)
}

/// What is wrong with the quotes of a record, if anything is.
///
/// The csv crate reads such records as best it can: a quote that is not closed swallows the lines
/// behind it, and text behind a closing quote is joined to the field without the quote. Both change
/// what the file says.
pub(super) fn quote_fault(raw: &[u8], delimiter: u8) -> Option<&'static str> {
    #[derive(Clone, Copy)]
    enum Field {
        Begins,
        Plain,
        Quoted,
        Closed,
    }
    if !raw.contains(&b'"') {
        return None;
    }
    let mut field = Field::Begins;
    for &byte in raw {
        field = match (field, byte) {
            (Field::Begins | Field::Closed, b'"') => Field::Quoted,
            (Field::Quoted, b'"') => Field::Closed,
            (Field::Quoted, _) => Field::Quoted,
            (_, byte) if byte == delimiter => Field::Begins,
            (Field::Closed, b'\r' | b'\n') => Field::Closed,
            (Field::Closed, _) => return Some("text behind the closing quote of a field"),
            (Field::Begins | Field::Plain, _) => Field::Plain,
        };
    }
    matches!(field, Field::Quoted).then_some("a quote that is never closed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_line_tells_delimiter_and_line_end() {
        for (head, expected) in [
            ("a,b;c,d\n;;;;", (b',', b'\n')),
            ("a;\"b,c,d\ne\";f\r\n", (b';', b'\n')),
            ("\r\na\tb\r1\t2\r", (b'\t', b'\r')),
            ("a|b;c|d", (b'|', b'\n')),
            ("a,b;c", (b',', b'\n')),
            ("alone\n", (b',', b'\n')),
        ] {
            assert_eq!(conventions(head.as_bytes(), None), expected, "{head:?}");
        }
        assert_eq!(conventions(b"a,b\n", Some(b';')), (b';', b'\n'));
    }

    #[test]
    fn quotes_open_with_a_field_and_close_with_it() {
        // Quoting by hand after RFC 4180, section 2, rules 5 to 7.
        for (raw, fault) in [
            ("a,b", None),
            ("\"a\",\"b\"\r\n", None),
            ("\"a\"\"\",\"\"", None),
            ("\"a,\nb\"", None),
            ("x\"y\",z", None),
            ("\"a\"b", Some("text behind the closing quote of a field")),
            ("\"a\" ,b", Some("text behind the closing quote of a field")),
            ("a,\"b", Some("a quote that is never closed")),
            ("\"a\"\"", Some("a quote that is never closed")),
        ] {
            assert_eq!(quote_fault(raw.as_bytes(), b','), fault, "{raw:?}");
        }
    }
}
