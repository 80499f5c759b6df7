//! Words as tables write them, made ready to be found.

use crate::text::{Finder, folded_string};

/// A finder of words as tables write them: not yet folded, with `*` behind a word that may go on.
pub(crate) fn finder_of<'a>(words: impl IntoIterator<Item = &'a str>) -> Finder {
    let folded = |word: &str| folded_string(word.trim_end_matches('*')).into_boxed_str();
    Finder::new(words.into_iter().map(|word| (folded(word), word.ends_with('*'))))
}

/// The words of a field of a table, in which `|` stands between them.
pub(crate) fn words_of(field: &str) -> impl Iterator<Item = &str> {
    field.split('|').filter(|word| !word.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Found, fold};

    #[test]
    fn words_are_found_whole_or_as_beginnings() {
        let finder = finder_of(words_of("Bag|shoe*||  |包"));
        let mut found = Vec::new();
        let text = fold("bagel bag shoehorn horseshoe 包包");
        finder.find(text.as_str(), text.index(), |own| found.push(own));
        let at = |pattern, start, end| Found { end, start, pattern };
        assert_eq!(found, [at(0, 6, 9), at(1, 10, 14), at(2, 29, 32), at(2, 32, 35)]);
    }
}
