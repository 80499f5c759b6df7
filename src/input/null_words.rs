//! The words under which databases, spreadsheets and sellers' portals write an empty cell.

/// Words of ASCII letters, in lower case; case does not count. What they begin with stands in
/// [`BEGINNINGS`].
const ASCII_WORDS: &[&str] = &[
    "nan", "-nan", "null", "(null)", "none", "nil", "na", "n/a", "n.a.", "<na>", "#n/a", "#na",
    "\\n", "nat", "n/d", "n.d.", "s/d", "s.d.", "k.a.", "k. a.",
];

/// Words of other scripts, in lower case.
const OTHER_WORDS: &[&str] = &["н/д", "нет данных", "无", "無", "暂无", "暫無", "なし", "없음"];

/// What [`ASCII_WORDS`] and strokes of ASCII begin with.
const BEGINNINGS: &[u8] = b"-nks(<#\\";

/// The most bytes that a word has: `нет данных`.
const MAX_BYTES: usize = 19;

/// True for text that stands for an empty cell, and for no text at all.
///
/// Words that also are values are left out: `no` and `нет` are labels, `nd` and `-1` may be a brand
/// and a number. Cells are tested by the million, so what is longer than every word or begins as none
/// does is told by a look.
pub(crate) fn is_null_word(text: &str) -> bool {
    // What begins and ends with a character that shows has no blanks around it.
    let shows = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_graphic());
    let is_bare = shows(text.bytes().next()) && shows(text.bytes().next_back());
    let text = if is_bare { text } else { text.trim() };
    let Some(first) = text.bytes().next() else { return true };
    let begins_none = first.is_ascii() && !BEGINNINGS.contains(&first.to_ascii_lowercase());
    if text.len() > MAX_BYTES || begins_none {
        return false;
    }
    if text.is_ascii() {
        return ASCII_WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
            || text.chars().all(is_dash);
    }
    if text.chars().all(is_dash) {
        return true;
    }
    let lower = text.to_lowercase();
    OTHER_WORDS.contains(&lower.as_str())
}

/// Strokes that fill an empty cell: hyphens, dashes, the minus sign and the full-width hyphen.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_every_spelling() {
        for text in [
            "",
            " \t",
            "NaN",
            "nan",
            "NULL",
            "None",
            "nil",
            "(null)",
            "NA",
            "N/A",
            "n.a.",
            "<NA>",
            "#N/A",
            "\\N",
            "NaT",
            "-",
            "--",
            "—",
            "–",
            "\u{2212}",
            " - ",
            "нет данных",
            "Нет данных",
            "Н/Д",
            "无",
            "暂无",
            "なし",
            "없음",
            "n.d.",
            "N/D",
            "k. A.",
            "k.A.",
            "s/d",
        ] {
            assert!(is_null_word(text), "{text}");
        }
    }

    #[test]
    fn values_that_look_a_little_like_nothing_stay() {
        for text in [
            "0",
            "-1",
            "-5.00",
            "no",
            "No",
            "нет",
            "nd",
            "ND",
            "sd",
            "n",
            "s",
            "Nat Geo",
            "nano",
            "无印良品",
            "Nill",
            "None of these",
            "-x",
            "非",
            "?",
            "No Name",
            "null island",
        ] {
            assert!(!is_null_word(text), "{text}");
        }
    }

    #[test]
    fn the_words_keep_to_what_the_quick_look_assumes() {
        for word in ASCII_WORDS.iter().chain(OTHER_WORDS) {
            assert!(word.len() <= MAX_BYTES, "{word}");
            assert!(!word.starts_with(|c: char| c.is_ascii_digit()), "{word}");
            assert_eq!(word.to_lowercase(), **word);
        }
        assert!(ASCII_WORDS.iter().all(|word| word.is_ascii()));
        assert!(OTHER_WORDS.iter().any(|word| word.len() == MAX_BYTES));
    }

    #[test]
    fn what_words_begin_with_is_known() {
        for word in ASCII_WORDS {
            assert!(is_null_word(word) && is_null_word(&word.to_uppercase()), "{word}");
        }
        for word in OTHER_WORDS {
            assert!(is_null_word(word), "{word}");
        }
    }
}
