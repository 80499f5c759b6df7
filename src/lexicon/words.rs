//! Words as tables write them, made ready to be found.

use crate::error::{Error, ErrorKind, Location, Result};
use crate::text::{Finder, folded_string};

/// A finder of words as tables write them: not yet folded, with `*` behind a word that may go on. `name`
/// is the table, for errors.
///
/// # Errors
/// [`ErrorKind::Lexicon`] if the words are too many for an automaton.
pub(crate) fn finder_of<'a>(
    name: &str,
    words: impl IntoIterator<Item = &'a str>,
) -> Result<Finder> {
    let folded = |word: &str| folded_string(word.trim_end_matches('*')).into_boxed_str();
    let patterns = words.into_iter().map(|word| (folded(word), word.ends_with('*')));
    Finder::new(patterns).map_err(|error| too_many(name, error))
}

/// The fault of words that are too many for an automaton.
pub(crate) fn too_many(name: &str, error: impl std::fmt::Display) -> Error {
    ErrorKind::Lexicon { location: Location::file(name), problem: error.to_string() }.into()
}

/// The words of a field of a table, in which `|` stands between them.
pub(crate) fn words_of(field: &str) -> impl Iterator<Item = &str> {
    field.split('|').filter(|word| !word.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Found;

    #[test]
    fn words_are_found_whole_or_as_beginnings() {
        let finder = finder_of("w.csv", words_of("Bag|shoe*||  |包")).unwrap();
        let mut found = Vec::new();
        finder.find_in("bagel bag shoehorn horseshoe 包包", |own| found.push(own));
        let at = |pattern, start, end| Found { end, start, pattern };
        assert_eq!(found, [at(0, 6, 9), at(1, 10, 14), at(2, 29, 32), at(2, 32, 35)]);
    }
}
