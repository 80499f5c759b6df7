//! How a file of separated values is written: delimiter, line ends, quotes and their escape.

/// What may stand between fields, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What is tried where none of those separates anything. The control characters are those of Hive
/// and of ASCII itself.
const RARE_DELIMITERS: [u8; 7] = [0x01, 0x1f, 0x1e, b'^', b'~', b'#', b':'];

/// How many records of the sample are looked at.
const SAMPLE_RECORDS: usize = 64;

/// How one file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// What stands between fields.
    pub(super) delimiter: u8,
    /// The byte that ends lines; a CR before an LF is part of the line end.
    pub(super) line_end: u8,
    /// What makes the quote behind it part of the text, beside a second quote.
    pub(super) escape: Option<u8>,
    /// Bytes before the header: a line that names the delimiter, as Excel reads and writes.
    pub(super) n_before_header: usize,
}

/// The dialect of a file that begins so; `is_whole` tells that nothing follows.
///
/// The delimiter is the one that divides the records of the sample into as many fields as the
/// header; of several, the one that makes more fields, and then the likelier one.
pub(super) fn dialect_of(sample: &[u8], is_whole: bool, given: Option<u8>) -> Dialect {
    let (named, n_before_header) = named_delimiter(sample);
    let sample = sample.get(n_before_header..).unwrap_or_default();
    let mut dialect = Dialect {
        delimiter: given.or(named).unwrap_or(b','),
        line_end: line_end(sample),
        escape: None,
        n_before_header,
    };
    if given.or(named).is_none() {
        let best = |candidates: &[u8]| {
            let mut best: Option<(Fit, u8)> = None;
            for &delimiter in candidates {
                let fit = Fit::of(sample, Dialect { delimiter, ..dialect }, is_whole);
                if fit.n_fields > 1 && best.is_none_or(|(own, _)| fit.is_better_than(own)) {
                    best = Some((fit, delimiter));
                }
            }
            best
        };
        let common = best(&DELIMITERS);
        let found = match common {
            Some((fit, _)) if fit.agrees() => common,
            _ => best(&RARE_DELIMITERS).filter(|(fit, _)| fit.agrees()).or(common),
        };
        if let Some((_, delimiter)) = found {
            dialect.delimiter = delimiter;
        }
    }
    let escaped = Dialect { escape: Some(b'\\'), ..dialect };
    let has_escaped_quotes = sample.windows(2).any(|two| two == b"\\\"");
    if has_escaped_quotes {
        let (plain, with) =
            (Fit::of(sample, dialect, is_whole), Fit::of(sample, escaped, is_whole));
        if with.is_better_than(plain) {
            return escaped;
        }
    }
    dialect
}

/// The delimiter that a first line such as `sep=;` names, and the length of that line.
fn named_delimiter(sample: &[u8]) -> (Option<u8>, usize) {
    let Some([delimiter, rest @ ..]) = sample.strip_prefix(b"sep=") else { return (None, 0) };
    let n_end = match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => return (None, 0),
    };
    (Some(*delimiter), "sep=".len() + 1 + n_end)
}

/// The byte that ends the first line that is not blank; what stands within quotes does not count.
fn line_end(sample: &[u8]) -> u8 {
    let n_blank = sample.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let mut is_quoted = false;
    let mut bytes = sample.iter().skip(n_blank).peekable();
    while let Some(&byte) = bytes.next() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\r' if !is_quoted && bytes.peek().is_some_and(|&&next| next != b'\n') => {
                return b'\r';
            }
            b'\n' if !is_quoted => return b'\n',
            _ => {}
        }
    }
    b'\n'
}

/// How well a dialect fits a sample.
#[derive(Clone, Copy)]
struct Fit {
    /// Fields of the header.
    n_fields: usize,
    /// Records behind the header.
    n_records: usize,
    /// Those of them that have as many fields as the header and sound quotes.
    alike: usize,
}

impl Fit {
    fn of(sample: &[u8], dialect: Dialect, is_whole: bool) -> Fit {
        let mut fit = Fit { n_fields: 0, n_records: 0, alike: 0 };
        let mut rest = sample;
        for index in 0..SAMPLE_RECORDS {
            let n_blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            rest = rest.get(n_blank..).unwrap_or_default();
            let length = record_length(rest, dialect);
            // What the end of the sample cuts is no record.
            if rest.is_empty() || (length == rest.len() && !is_whole && index > 0) {
                break;
            }
            let (record, behind) = rest.split_at(length);
            rest = behind;
            let n_fields = n_fields(record, dialect);
            if index == 0 {
                fit.n_fields = n_fields;
            } else {
                fit.n_records += 1;
                let is_sound = quote_fault(record, dialect).is_none();
                fit.alike += usize::from(n_fields == fit.n_fields && is_sound);
            }
        }
        fit
    }

    /// True when nearly all records are like the header.
    fn agrees(self) -> bool {
        self.alike * 10 >= self.n_records * 8
    }

    /// True when more of the records are like the header, or as many with more fields.
    fn is_better_than(self, other: Fit) -> bool {
        let own = self.alike * other.n_records.max(1);
        let others = other.alike * self.n_records.max(1);
        match own.cmp(&others) {
            // Without a record behind the header, more fields decide.
            std::cmp::Ordering::Equal => self.n_fields > other.n_fields,
            order => order.is_gt(),
        }
    }
}

/// Length of the first record with its line end.
fn record_length(text: &[u8], dialect: Dialect) -> usize {
    let mut field = Field::Begins;
    for (index, &byte) in text.iter().enumerate() {
        if byte == dialect.line_end && !matches!(field, Field::Quoted | Field::Escaped) {
            return index + 1;
        }
        field = field.behind(byte, dialect);
    }
    text.len()
}

fn n_fields(record: &[u8], dialect: Dialect) -> usize {
    let mut n_fields = 1;
    let mut field = Field::Begins;
    for &byte in record {
        let is_open = matches!(field, Field::Quoted | Field::Escaped);
        n_fields += usize::from(byte == dialect.delimiter && !is_open);
        field = field.behind(byte, dialect);
    }
    n_fields
}

/// Where in a field a byte stands.
#[derive(Clone, Copy)]
enum Field {
    Begins,
    Plain,
    Quoted,
    /// Behind the escape in a quoted field.
    Escaped,
    /// Behind a quote in a quoted field, which closes it unless another follows.
    Closed,
    /// Behind text that follows a closing quote.
    Broken,
}

impl Field {
    fn behind(self, byte: u8, dialect: Dialect) -> Field {
        match (self, byte) {
            (Field::Begins | Field::Closed, b'"') => Field::Quoted,
            (Field::Quoted, b'"') => Field::Closed,
            (Field::Quoted, byte) if dialect.escape == Some(byte) => Field::Escaped,
            (Field::Quoted | Field::Escaped, _) => Field::Quoted,
            (_, byte) if byte == dialect.delimiter => Field::Begins,
            (Field::Closed, b'\r' | b'\n') => Field::Closed,
            (Field::Closed | Field::Broken, _) => Field::Broken,
            (Field::Begins | Field::Plain, _) => Field::Plain,
        }
    }
}

/// What is wrong with the quotes of a record, if anything is.
///
/// csv-core reads such records as best it can: a quote that is not closed swallows the lines
/// behind it, and text behind a closing quote is joined to the field without the quote. Both change
/// what the file says.
pub(super) fn quote_fault(record: &[u8], dialect: Dialect) -> Option<QuoteFault> {
    memchr::memchr(b'"', record)?;
    let mut field = Field::Begins;
    for &byte in record {
        field = field.behind(byte, dialect);
        if matches!(field, Field::Broken) {
            return Some(QuoteFault::TextBehind);
        }
    }
    matches!(field, Field::Quoted | Field::Escaped).then_some(QuoteFault::NeverClosed)
}

/// What can be wrong with quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QuoteFault {
    /// The field does not end at its closing quote.
    TextBehind,
    /// The quote is still open where the file ends.
    NeverClosed,
}

impl QuoteFault {
    /// The fault in words.
    pub(super) fn cause(self) -> &'static str {
        match self {
            QuoteFault::TextBehind => "text behind the closing quote of a field",
            QuoteFault::NeverClosed => "a quote that is never closed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(sample: &str) -> (char, u8) {
        let dialect = dialect_of(sample.as_bytes(), true, None);
        (char::from(dialect.delimiter), dialect.line_end)
    }

    #[test]
    fn the_delimiter_divides_all_records_alike() {
        for (sample, delimiter) in [
            ("id,title,price\n1,a,2\n", ','),
            ("id;title;price\n1;a;12,50\n2;b, c;3,50\n", ';'),
            ("id\ttitle\n1\ta, b, c\n", '\t'),
            ("id|title\n1|a;b;c\n", '|'),
            // More commas than semicolons, in one record and within quotes.
            ("id;title;price, EUR\n1;\"a,b,c,d\";3\n2;x;4\n", ';'),
            ("\"a;b\",c\n1,2\n", ','),
            ("id\u{1}title\n1\u{1}a, b\n2\u{1}c\n", '\u{1}'),
            ("id^title\n1^12:30\n", '^'),
            ("id,title", ','),
            ("id", ','),
            ("", ','),
            // A time in every record does not make the colon a delimiter.
            ("listed_at,title\n10:30,a\n11:30,b\n", ','),
        ] {
            assert_eq!(told(sample).0, delimiter, "{sample}");
        }
        let given = dialect_of(b"a,b;c\n1,2;3\n", true, Some(b';'));
        assert_eq!(given.delimiter, b';');
    }

    #[test]
    fn line_ends_are_those_of_the_header() {
        for (sample, end) in [
            ("a,b\n1,2\n", b'\n'),
            ("a,b\r\n1,2\r\n", b'\n'),
            ("\r\n\r\na,b\r\n", b'\n'),
            ("a,b\r1,2\r", b'\r'),
            ("\ra,b\r1,2", b'\r'),
            ("\"a\rb\",c\n1,2", b'\n'),
            ("a,b", b'\n'),
            ("a,b\r", b'\n'),
        ] {
            assert_eq!(told(sample).1, end, "{sample:?}");
        }
    }

    #[test]
    fn a_first_line_may_name_the_delimiter() {
        for (sample, delimiter, n_before) in [
            ("sep=;\r\na,b;c\r\n", b';', 7),
            ("sep=|\na|b\n", b'|', 6),
            ("sep=,b\n1,2\n", b',', 0),
            ("sep=", b',', 0),
        ] {
            let dialect = dialect_of(sample.as_bytes(), true, None);
            assert_eq!((dialect.delimiter, dialect.n_before_header), (delimiter, n_before));
        }
    }

    #[test]
    fn backslashes_escape_where_quotes_are_sound_with_them_alone() {
        let escape = |sample: &str| dialect_of(sample.as_bytes(), true, None).escape;
        assert_eq!(escape("id,title\n1,\"12\\\" tv, new\"\n2,b\n"), Some(b'\\'));
        assert_eq!(escape("id,title\n1,\"a\"\"b\"\n2,\"c:\\\"\n"), None);
        assert_eq!(escape("id,title\n1,a\\\"b\n"), None);
    }

    #[test]
    fn faults_of_quotes_are_found() {
        let fault = |record: &str| {
            let dialect = dialect_of(b"a,b\n", true, None);
            quote_fault(record.as_bytes(), dialect)
        };
        for sound in ["", "a,b", "\"a\",\"b\"\r\n", "\"a\"\"b\",", "a\"b,12\"", "\"\"", "\"a\nb\""]
        {
            assert_eq!(fault(sound), None, "{sound}");
        }
        for broken in ["\"a\"b,c", "x,\"a\" ,c", "\"\"\"\"\"\"x"] {
            assert_eq!(fault(broken), Some(QuoteFault::TextBehind), "{broken}");
        }
        for open in ["\"a,b", "a,\"", "\"a\"\""] {
            assert_eq!(fault(open), Some(QuoteFault::NeverClosed), "{open}");
        }
    }
}
