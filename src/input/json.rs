//! One JSON object taken apart: its keys, and each value as a text that loses nothing.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// One key of an object and its value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member<'a> {
    /// The key, escapes resolved.
    pub(super) key: Cow<'a, str>,
    /// The value as it stands.
    pub(super) raw: &'a str,
    /// A string's characters; a number's digits as they stand; `true` or `false`; the compact JSON
    /// of an object or array; `None` for null.
    pub(super) text: Option<Cow<'a, str>>,
}

impl Member<'_> {
    /// True when the value is a number, where a point is the decimal mark whatever the convention.
    pub(super) fn is_number(&self) -> bool {
        self.raw.starts_with(|c: char| c == '-' || c.is_ascii_digit())
    }
}

/// The members of the one JSON object that a text holds, in their order, repeated keys included.
///
/// # Errors
/// What is wrong with the text, in words.
pub(super) fn members(line: &str) -> Result<Vec<Member<'_>>, String> {
    if !line.starts_with('{') {
        return Err("not a JSON object".to_owned());
    }
    let pairs: Pairs<'_> =
        serde_json::from_str(line).map_err(|error| format!("not JSON: {error}"))?;
    pairs
        .0
        .into_iter()
        .map(|(key, value)| {
            let raw = value.get();
            Ok(Member { key: key.0, raw, text: value_text(raw)? })
        })
        .collect()
}

/// The text of a value that is known to be JSON.
fn value_text(raw: &str) -> Result<Option<Cow<'_, str>>, String> {
    match raw.as_bytes().first() {
        Some(b'n') => Ok(None),
        Some(b'"') => match raw.get(1..raw.len() - 1) {
            Some(plain) if !plain.contains('\\') => Ok(Some(Cow::Borrowed(plain))),
            _ => serde_json::from_str(raw)
                .map(|text: String| Some(Cow::Owned(text)))
                .map_err(|error| format!("not JSON: a string: {error}")),
        },
        Some(b'{' | b'[') => Ok(Some(compact(raw))),
        _ => Ok(Some(Cow::Borrowed(raw))),
    }
}

/// The JSON without the blanks between its tokens; the tokens stay as they are, so that numbers
/// keep their digits.
pub(super) fn compact(raw: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(raw.len());
    let mut is_string = false;
    let mut is_escaped = false;
    for c in raw.chars() {
        if is_string {
            is_string = is_escaped || c != '"';
            is_escaped = c == '\\' && !is_escaped;
            out.push(c);
            continue;
        }
        match c {
            ' ' | '\t' | '\r' | '\n' => continue,
            '"' => is_string = true,
            _ => {}
        }
        out.push(c);
    }
    if out.len() == raw.len() { Cow::Borrowed(raw) } else { Cow::Owned(out) }
}

/// How objects and arrays stand within one another in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Nesting {
    /// The most of them that stand within one another, the outermost counted.
    pub(super) deepest: usize,
    /// How many are open at the end; a string that is open counts as one.
    pub(super) n_open: usize,
}

/// How objects and arrays stand within one another.
pub(super) fn nesting(raw: &[u8]) -> Nesting {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut is_string, mut is_escaped) = (false, false);
    for &byte in raw {
        if is_string {
            is_string = is_escaped || byte != b'"';
            is_escaped = byte == b'\\' && !is_escaped;
            continue;
        }
        match byte {
            b'"' => is_string = true,
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Nesting { deepest, n_open: depth + usize::from(is_string) }
}

/// The members of an object in their order. A map would keep the last of two equal keys and say
/// nothing.
struct Pairs<'a>(Vec<(Key<'a>, &'a RawValue)>);

/// A key, borrowed where it holds no escape.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<(String, Option<String>)> {
        members(line)
            .expect("an object")
            .into_iter()
            .map(|member| {
                let text = member.text.map(Cow::into_owned);
                (member.key.into_owned(), text)
            })
            .collect()
    }

    fn text_of(value: &str) -> Option<String> {
        texts(&format!("{{\"k\": {value} }}")).remove(0).1
    }

    #[test]
    fn numbers_are_told_from_texts_of_digits() {
        let members = members(r#"{"a":-1.5,"b":"1.5","c":[1]}"#).expect("an object");
        let told: Vec<bool> = members.iter().map(Member::is_number).collect();
        assert_eq!(told, [true, false, false]);
    }

    #[test]
    fn values_lose_nothing() {
        let cases = [
            ("\"007\"", Some("007")),
            ("12345678901234567890123", Some("12345678901234567890123")),
            ("1.10", Some("1.10")),
            ("-1E+3", Some("-1E+3")),
            ("true", Some("true")),
            ("false", Some("false")),
            ("null", None),
            ("\"\"", Some("")),
            (r#""a\"b\\ \u00e9\n""#, Some("a\"b\\ é\n")),
            (r#"[ 1.0 , {"a b" : " \" ] "} ]"#, Some(r#"[1.0,{"a b":" \" ] "}]"#)),
            (r#"{"a":[]}"#, Some(r#"{"a":[]}"#)),
        ];
        for (value, expected) in cases {
            assert_eq!(text_of(value).as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn keys_keep_their_order_and_their_repetitions() {
        let keys: Vec<String> =
            texts(r#"{"b":1,"\u0061":2,"b":3}"#).into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["b", "a", "b"]);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for line in [
            "[1]",
            "1",
            "{",
            "{\"a\":1} {\"a\":2}",
            "{\"a\":01}",
            "{\"a\":NaN}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\u{1}\"}",
            "{a:1}",
        ] {
            assert!(members(line).is_err(), "{line}");
        }
    }

    #[test]
    fn nesting_counts_what_stands_within_one_another() {
        for (raw, deepest, n_open) in [
            ("1", 0, 0),
            ("{}", 1, 0),
            (r#"{"a":[1,{"b":"[[["}],"c":{}}"#, 3, 0),
            (r#"["\"[", []]"#, 2, 0),
            (r#"{"a":["#, 2, 2),
            (r#"{"a":"}"#, 1, 2),
        ] {
            assert_eq!(nesting(raw.as_bytes()), Nesting { deepest, n_open }, "{raw}");
        }
        assert_eq!(nesting(&b"[".repeat(100_000)).deepest, 100_000);
    }
}
