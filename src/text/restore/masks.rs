//! Words of which letters are hidden under signs.

use std::ops::Range;

use super::{Edit, MAX_WORD_BYTES, MIN_BETWEEN, Pass, SIGNS, Token};
use crate::text::characters::is_alphanumeric;
use crate::text::disguise::{Disguise, DisguiseSet};
use crate::text::skeleton::{look, plain_letter};

/// The most characters between the words of a phrase.
const MAX_GAP: usize = 3;

/// What stands for a letter in a pattern that is made of a text.
const MASK: char = '*';

impl<'a> Pass<'a> {
    /// `N*ke`, `re#lica`: a sign in the place of a letter.
    pub(super) fn masked(&mut self, token: Token) -> Option<usize> {
        let before = self.text[..token.start].chars().next_back();
        let after = self.text[token.end..].chars().next();
        if !after.is_some_and(is_mask) && !before.is_some_and(is_mask) {
            return None;
        }
        let before = &self.text[..token.start];
        let lead = before.chars().rev().take(MAX_WORD_BYTES).take_while(|c| is_mask(*c));
        let lead: usize = lead.map(char::len_utf8).sum();
        let start = token.start - lead;
        let rest = &self.text[start..];
        // No further than a word may be long, so that a text of signs stays linear.
        let within = rest.chars().take(MAX_WORD_BYTES + 1).take_while(|c| is_of_pattern(*c));
        let length: usize = within.map(char::len_utf8).sum();
        let pattern = &rest[..length];
        if pattern.len() > MAX_WORD_BYTES {
            return None;
        }
        let bare = pattern.trim_matches(is_mask);
        let is_open = !bare.contains(is_mask);
        if is_open && (bare.chars().count() < 4 || self.vocabulary.has(bare)) {
            return None;
        }
        let range = start..start + length;
        let found = self.under_masks(pattern).or_else(|| self.in_phrase(pattern, range.clone()));
        let (word, how) = match found {
            Some(word) => (word, Disguise::Masked),
            None => (self.between_masks(pattern)?, Disguise::SetApart),
        };
        let disguises = DisguiseSet::default().with(how);
        self.edits.push(Edit { range, word, disguises });
        Some(start + length)
    }

    /// The only target with these letters, and any others where signs stand.
    fn under_masks(&self, pattern: &str) -> Option<u32> {
        let (n_chars, first, last) = known_of(pattern)?;
        let fits = |index: &&u32| is_under(pattern, &self.vocabulary.word(**index).text);
        let mut found = self.vocabulary.candidates(n_chars, first, last).iter().filter(fits);
        let word = *found.next()?;
        found.next().is_none().then_some(word)
    }

    /// `N*ike`: the target that the letters of a pattern make without the signs between them.
    fn between_masks(&self, pattern: &str) -> Option<u32> {
        let letters: String = pattern.chars().filter(|c| !is_mask(*c)).collect();
        let word = self.vocabulary.plain(&letters)?;
        let target = self.vocabulary.word(word);
        // Other signs join the words of honest names: "Ray·Ban", "Ray_Ban".
        let is_within = pattern.trim_matches(is_mask).contains(is_mask)
            && pattern
                .chars()
                .filter(|c| is_mask(*c))
                .all(|c| matches!(c, '*' | '#' | '^' | '●' | '○' | '◯') || is_picture(c));
        (is_within && target.is_target && target.n_chars >= MIN_BETWEEN).then_some(word)
    }

    /// `L*uis V*itton`: the word of a phrase that a masked one is, if the other words of the phrase stand
    /// around it, masked or not.
    fn in_phrase(&self, pattern: &str, range: Range<usize>) -> Option<u32> {
        let (n_chars, first, last) = known_of(pattern)?;
        let mut words = self.vocabulary.in_phrases(n_chars, first, last).iter().filter_map(|own| {
            let phrase = self.vocabulary.phrase(*own);
            let word = phrase.get(own.place).filter(|word| is_under(pattern, word))?;
            let (mut before, mut behind) = (range.start, range.end);
            for other in phrase[..own.place].iter().rev() {
                before = self.word_before(before).filter(|at| is_under(at.1, other))?.0;
            }
            for other in &phrase[own.place + 1..] {
                behind = self.word_behind(behind).filter(|at| is_under(at.1, other))?.0;
            }
            self.vocabulary.plain(word)
        });
        let word = words.next()?;
        words.all(|other| other == word).then_some(word)
    }

    /// The word with its masks that ends before a place, and where it begins.
    fn word_before(&self, at: usize) -> Option<(usize, &'a str)> {
        let before = &self.text[..at];
        let gap: usize = before
            .chars()
            .rev()
            .take_while(|c| !is_of_pattern(*c))
            .take(MAX_GAP)
            .map(char::len_utf8)
            .sum();
        let end = at - gap;
        let within = self.text[..end].chars().rev().take(MAX_WORD_BYTES);
        let length: usize = within.take_while(|c| is_of_pattern(*c)).map(char::len_utf8).sum();
        let is_apart = length > 0 && gap > 0 && !(end..at).any(|at| self.folded.is_line_end(at));
        is_apart.then_some((end - length, &self.text[end - length..end]))
    }

    /// The word with its masks that begins behind a place, and where it ends.
    fn word_behind(&self, at: usize) -> Option<(usize, &'a str)> {
        let rest = &self.text[at..];
        let gap: usize =
            rest.chars().take_while(|c| !is_of_pattern(*c)).take(MAX_GAP).map(char::len_utf8).sum();
        let start = at + gap;
        let within = self.text[start..].chars().take(MAX_WORD_BYTES);
        let length: usize = within.take_while(|c| is_of_pattern(*c)).map(char::len_utf8).sum();
        let is_apart = length > 0 && gap > 0 && !(at..start).any(|at| self.folded.is_line_end(at));
        is_apart.then_some((start + length, &self.text[start..start + length]))
    }

    /// `د!ور`: in a script in which it looks like no letter, a sign stands for any.
    pub(super) fn signs_as_masks(&self, word: &str) -> Option<u32> {
        let is_mark = |byte: &u8| matches!(byte, b'!' | b'|' | b'@' | b'$' | b'+');
        if word.bytes().filter(|byte| is_mark(byte)).count() != 1 || word.len() > MAX_WORD_BYTES {
            return None;
        }
        let is_of_other = |c: char| c.is_alphabetic() && !c.is_ascii() && look(c) == c;
        let is_sign = |c: char| u8::try_from(c).is_ok_and(|byte| is_mark(&byte));
        if !word.chars().all(|c| is_sign(c) || is_of_other(c)) {
            return None;
        }
        let pattern: String = word.chars().map(|c| if is_sign(c) { MASK } else { c }).collect();
        self.under_masks(&pattern)
    }

    /// `master сору`: a word of a phrase in letters of another script, if the other words of the phrase
    /// stand around it. By itself such a word may be one of that script.
    pub(super) fn alike_in_phrase(&self, word: &str, range: Range<usize>) -> Option<u32> {
        let is_alike = |c: char| look(c).is_ascii_lowercase();
        if word.is_ascii() || word.len() > MAX_WORD_BYTES || !word.chars().all(is_alike) {
            return None;
        }
        if self.vocabulary.has(word) {
            return None;
        }
        let latin: String = word.chars().map(look).collect();
        self.in_phrase(&latin, range)
    }

    /// `Gucc!`: a sign at the end of a word that is none without it.
    pub(super) fn with_sign_behind(&mut self, token: Token) -> Option<usize> {
        let word = self.slice(token);
        if !self.text[token.end..].starts_with('!')
            || token.n_chars < MIN_BETWEEN
            || !word.chars().all(char::is_alphabetic)
            || self.vocabulary.has(word)
        {
            return None;
        }
        let range = token.start..token.end + 1;
        let written = &self.text[range.clone()];
        let (word, disguises) = self.look_up(written, range.clone())?;
        let target = self.vocabulary.word(word);
        if !target.is_target || target.n_chars != token.n_chars + 1 {
            return None;
        }
        let end = range.end;
        self.edits.push(Edit { range, word, disguises });
        Some(end)
    }

    /// `re®lica`, `®eplica`: a sign that folding drops, in the place of a letter. At the beginning of a
    /// word it stands for its own letter only, as honest signs stand behind names.
    pub(super) fn under_sign(&mut self, token: Token) -> Option<usize> {
        let word = self.slice(token);
        if !self.has_sign || word.len() > MAX_WORD_BYTES || self.vocabulary.has(word) {
            return None;
        }
        let mut pattern = String::new();
        let mut written_to = None;
        for (at, c) in word.char_indices() {
            let at = token.start + at;
            let source = self.folded.source_range(at..at + c.len_utf8());
            let from = written_to.unwrap_or(source.start);
            if self.source.get(from..source.start).is_some_and(|gap| gap.contains(SIGNS)) {
                pattern.push(MASK);
            }
            pattern.push(c);
            written_to = Some(source.end);
        }
        let range = token.start..token.end;
        let mut letter = None;
        if !pattern.contains(MASK) {
            let start = self.folded.source_range(range.clone()).start;
            let mut before = self.source[..start].chars().rev();
            letter = Some(match before.next()? {
                '®' => 'r',
                '©' => 'c',
                _ => return None,
            });
            if before.next().is_some_and(is_alphanumeric) {
                return None;
            }
            pattern.insert(0, MASK);
        }
        let found = self.under_masks(&pattern)?;
        if letter.is_some_and(|own| !self.vocabulary.word(found).text.starts_with(own)) {
            return None;
        }
        let disguises = DisguiseSet::default().with(Disguise::Masked);
        self.edits.push(Edit { range, word: found, disguises });
        Some(token.end)
    }
}

/// How many characters of a pattern there are, and the first and the last where they are known; nothing
/// for one that is too short or of which too little is known.
fn known_of(pattern: &str) -> Option<(usize, Option<char>, Option<char>)> {
    let n_chars = pattern.chars().count();
    let n_known = pattern.chars().filter(|c| c.is_alphabetic()).count();
    let n_masked = pattern.chars().filter(|c| is_mask(*c)).count();
    if n_known + n_masked < n_chars || n_chars < 4 || n_known * 2 < n_chars {
        return None;
    }
    let known = |c: Option<char>| c.filter(|c| !is_mask(*c));
    Some((n_chars, known(pattern.chars().next()), known(pattern.chars().next_back())))
}

/// Whether a word has the letters of a pattern, and any others where signs stand.
fn is_under(pattern: &str, word: &str) -> bool {
    let mut letters = word.chars();
    let same = |own: char| letters.next().is_some_and(|other| is_mask(own) || own == other);
    pattern.chars().all(same) && letters.next().is_none()
}

fn is_of_pattern(c: char) -> bool {
    is_mask(c) || is_alphanumeric(c)
}

/// What may stand for a letter: a star, a number sign, a picture.
pub(super) fn is_mask(c: char) -> bool {
    matches!(
        c,
        '*' | '#' | '•' | '●' | '○' | '◯' | '·' | '_' | '~' | '^' | '¤' | '×' | '%' | '€' | '?'
    ) || is_picture(c)
}

fn is_picture(c: char) -> bool {
    let is_letter = plain_letter(c).is_some();
    !is_letter && matches!(u32::from(c), 0x2600..=0x27bf | 0x1f300..=0x1faff | 0x2b00..=0x2bff)
}
