//! The terms of a folded text that are learned from: words, pairs of words, and pairs of characters in
//! scripts without spaces.

use unicode_normalization::char::is_combining_mark;

use super::characters::{is_alphanumeric, is_unspaced};

/// Shorter words say nothing by themselves, and pairs are made across them, as scikit-learn's default
/// token pattern has it.
const MIN_WORD_CHARS: usize = 2;

/// Longer words are keys and codes, not words.
const MAX_WORD_BYTES: usize = 64;

/// Hands every term of a folded text to `put`, in the order of the text: each word of two characters or
/// more, each two words in a row with one blank between them, and of each run of Han, kana, Hangul
/// or Thai each two characters in a row, or the one that it is. `buffer` holds a pair at a time.
pub(crate) fn each_term(folded: &str, buffer: &mut String, mut put: impl FnMut(&str)) {
    let mut last_word = "";
    let mut rest = folded;
    while let Some(start) = rest.find(is_of_term) {
        rest = &rest[start..];
        let unspaced = rest.starts_with(is_unspaced);
        let end = rest
            .find(|c: char| !is_of_term(c) || (is_unspaced(c) != unspaced && !is_combining_mark(c)))
            .unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end.max(1));
        rest = behind;
        if unspaced {
            each_pair_of_characters(run, &mut put);
            last_word = "";
        } else if run.len() <= MAX_WORD_BYTES && run.chars().nth(MIN_WORD_CHARS - 1).is_some() {
            put(run);
            if !last_word.is_empty() {
                buffer.clear();
                buffer.push_str(last_word);
                buffer.push(' ');
                buffer.push_str(run);
                put(buffer);
            }
            last_word = run;
        }
    }
}

fn each_pair_of_characters(run: &str, put: &mut impl FnMut(&str)) {
    let mut places = run.char_indices().map(|(at, _)| at).chain([run.len()]);
    let (Some(mut first), Some(mut second)) = (places.next(), places.next()) else { return };
    let mut n_pairs = 0;
    for third in places {
        put(&run[first..third]);
        (first, second) = (second, third);
        n_pairs += 1;
    }
    if n_pairs == 0 {
        put(&run[first..second]);
    }
}

fn is_of_term(c: char) -> bool {
    is_alphanumeric(c) || is_unspaced(c) || is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        each_term(crate::text::fold(text).as_str(), &mut String::new(), |own| {
            found.push(own.to_owned());
        });
        found
    }

    #[test]
    fn words_and_pairs_of_words() {
        assert_eq!(terms("Люкс копия"), ["люкс", "копия", "люкс копия"]);
        // scikit-learn: TfidfVectorizer(ngram_range=(1, 2)).build_analyzer()("a bag, new bag 1:1")
        // gives bag, new, bag, bag new, new bag; "1:1" has no word of two characters.
        assert_eq!(terms("a bag, new bag 1:1"), ["bag", "new", "bag new", "bag", "new bag"]);
        assert_eq!(terms(""), [""; 0]);
        assert_eq!(terms("नकली जूते"), ["नकली", "जूते", "नकली जूते"]);
        assert_eq!(terms(&"x".repeat(65)), [""; 0]);
    }

    #[test]
    fn pairs_of_characters_without_spaces() {
        assert_eq!(terms("高仿包"), ["高仿", "仿包"]);
        assert_eq!(terms("新 LV包"), ["新", "lv", "包"]);
        assert_eq!(terms("ナイキ nike shoes"), ["ナイ", "イキ", "nike", "shoes", "nike shoes"]);
    }
}
