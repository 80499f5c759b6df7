//! The short way through a text: past the words that no look at them would change.

use super::masks::is_mask;
use super::{MAX_TOKEN_BYTES, MAX_WORD_BYTES, Pass, begins_token};
use crate::text::characters::is_mark;
use crate::text::index::IndexedWord;
use crate::text::skeleton::{is_sign, skeleton_of_ascii};

/// The bytes that neither go on with a token, nor may be read as letters, nor hide one: the other signs of
/// ASCII.
const FREE: [bool; 256] = {
    let mut free = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        free[byte as usize] = !matches!(byte,
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z'
            | b'*' | b'#' | b'_' | b'~' | b'^' | b'%' | b'?' | b'!' | b'|' | b'+' | b'@' | b'$');
        byte += 1;
    }
    free
};

impl<'a> Pass<'a> {
    /// The short way: past what needs no look.
    pub(super) fn run_past_ordinary(&mut self) {
        let index = self.folded.index();
        let mut words = index.words();
        let mut at = 0;
        while at < self.text.len() {
            if let Some(end) = self.ordinary_end(at, &mut words) {
                at = end;
                continue;
            }
            let Some(token) = self.next_token(at) else { break };
            at = self.token(token).unwrap_or(token.end).max(token.start + 1);
            while !self.text.is_char_boundary(at) {
                at += 1;
            }
        }
        if index.has_unspaced() {
            self.unspaced(0);
        }
    }

    /// The end of what begins here, if [`Pass::token`] has nothing to say of it: no token, or an ordinary
    /// one. `words` are those of the index that are not behind yet.
    fn ordinary_end(&self, at: usize, words: &mut &'a [IndexedWord]) -> Option<usize> {
        let byte = *self.text.as_bytes().get(at)?;
        if byte.is_ascii_alphanumeric() {
            while words.first().is_some_and(|own| own.start < at) {
                *words = &words[1..];
            }
            let word = words.first().filter(|own| own.start == at)?;
            return self.is_ordinary(word).then_some(word.end);
        }
        if byte.is_ascii() {
            return (!matches!(byte, b'@' | b'$')).then_some(at + 1);
        }
        let c = self.text[at..].chars().next()?;
        if !is_everyday_unspaced(c) {
            return (!begins_token(c)).then_some(at + c.len_utf8());
        }
        let rest = &self.text[at..];
        let length = rest.find(|c| !is_everyday_unspaced(c)).unwrap_or(rest.len());
        let is_ordinary = length > c.len_utf8()
            && length <= MAX_TOKEN_BYTES
            && self.stands_free(at, at + length)
            && !self.vocabulary.may_begin_skeleton(c);
        is_ordinary.then_some(at + length)
    }

    /// Whether [`Pass::token`] has nothing to say of a word: it is of two ASCII letters and digits or more,
    /// stands free, looks like no word of the vocabulary and is not the beginning of a target.
    fn is_ordinary(&self, word: &IndexedWord) -> bool {
        let is_usual = || {
            if word.is_plain && !word.has_run {
                return !self.vocabulary.may_be_beginning(word.hash);
            }
            let word = word.of(self.text);
            self.is_like_no_other(word) && !self.vocabulary.is_beginning(word)
        };
        word.n_bytes() > 1
            && word.n_bytes() <= MAX_TOKEN_BYTES
            && self.stands_free(word.start, word.end)
            && is_usual()
    }

    /// Whether a word is of ASCII letters and digits and looks like no word of the vocabulary.
    fn is_like_no_other(&self, word: &str) -> bool {
        let mut buffer = [0; MAX_WORD_BYTES];
        let skeleton = skeleton_of_ascii(word, &mut buffer);
        skeleton.is_some_and(|own| self.vocabulary.by_skeleton(own).is_none())
    }

    /// Whether a stretch of letters and digits is a whole token, with no sign beside it that may be part of
    /// it or hide a letter.
    fn stands_free(&self, start: usize, end: usize) -> bool {
        let bytes = self.text.as_bytes();
        let is_free = |byte: u8| FREE[usize::from(byte)];
        let is_free_sign =
            |c: char| !(c.is_ascii() || begins_token(c) || is_mark(c) || is_sign(c) || is_mask(c));
        let behind = bytes.get(end).is_none_or(|byte| is_free(*byte))
            || self.text[end..].chars().next().is_some_and(is_free_sign);
        let before = start.checked_sub(1).and_then(|at| bytes.get(at));
        behind
            && (before.is_none_or(|byte| is_free(*byte))
                || self.text[..start].chars().next_back().is_some_and(is_free_sign))
    }
}

/// Letters of scripts without spaces that look like no others.
fn is_everyday_unspaced(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '가'..='힣')
}
