//! One JSON object taken apart: its keys, and each value as a text that loses nothing.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// How many objects and arrays may stand within one another, the outermost counted: what
/// `serde_json` allows, so that every program that uses it can read our output.
const MAX_DEPTH: usize = 127;

/// One key of an object and its value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member<'a> {
    /// The key, escapes resolved.
    pub(super) key: Cow<'a, str>,
    /// A string's characters; a number's digits as they stand; `true` or `false`; the compact JSON
    /// of an object or array; `None` for null.
    pub(super) text: Option<Cow<'a, str>>,
}

/// The members of the one JSON object that a line holds, in their order, repeated keys included.
///
/// # Errors
/// What is wrong with the line, in words.
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
            let text = value_text(value.get())?;
            Ok(Member { key: key.0, text })
        })
        .collect()
}

/// True when the object that a line holds has a number under this key.
pub(super) fn is_number(line: &str, key: &str) -> bool {
    let pairs: Pairs<'_> = match serde_json::from_str(line) {
        Ok(pairs) => pairs,
        Err(_) => return false,
    };
    let value = pairs.0.iter().find(|(own, _)| own.0 == key).map(|(_, value)| value.get());
    value.is_some_and(|value| value.starts_with(|c: char| c == '-' || c.is_ascii_digit()))
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
        Some(b'{' | b'[') => compact(raw).map(Some),
        _ => Ok(Some(Cow::Borrowed(raw))),
    }
}

/// The JSON without the blanks between its tokens; the tokens stay as they are, so that numbers
/// keep their digits.
fn compact(raw: &str) -> Result<Cow<'_, str>, String> {
    let mut out = String::with_capacity(raw.len());
    // The object that holds this value is the first level.
    let mut depth = 1;
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
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(format!("JSON nested deeper than {MAX_DEPTH} levels"));
        }
        out.push(c);
    }
    if out.len() == raw.len() {
        return Ok(Cow::Borrowed(raw));
    }
    Ok(Cow::Owned(out))
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
        let line = r#"{"a":-1.5,"b":"1.5","c":[1]}"#;
        let told = ["a", "b", "c", "d"].map(|key| is_number(line, key));
        assert_eq!(told, [true, false, false, false]);
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
    fn nesting_ends_where_it_ends_for_serde_json() {
        for depth in [126, 127, 128, 129, 100_000] {
            let line = format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
            let other = serde_json::from_str::<serde_json::Value>(&line).is_ok();
            assert_eq!(members(&line).is_ok(), other, "{depth}");
        }
    }
}
