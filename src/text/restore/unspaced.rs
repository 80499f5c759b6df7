//! Words of scripts without spaces: their characters set apart, masked, or written in their parts.

use super::masks::is_mask;
use super::{Edit, MAX_SEPARATOR, MIN_BETWEEN, Pass, is_gap};
use crate::text::characters::is_unspaced;
use crate::text::disguise::{Disguise, DisguiseSet};
use crate::text::vocabulary::Word;

impl Pass<'_> {
    /// `高 仿`, `레-플-리-카`: characters of a script without spaces, set apart.
    pub(super) fn unspaced(&mut self, from: usize) {
        let from = (from..=self.text.len()).find(|at| self.text.is_char_boundary(*at));
        let mut at = from.unwrap_or_default();
        let mut before = self.text[..at].chars().next_back();
        while let Some(c) = self.text[at..].chars().next() {
            let starts = !c.is_ascii() || !before.is_some_and(|own| own.is_ascii_alphanumeric());
            let next = at + c.len_utf8();
            let mut longest: Option<(usize, u32, DisguiseSet)> = None;
            if starts && self.vocabulary.may_begin_unspaced(c) {
                for &index in self.vocabulary.unspaced(c) {
                    let word = self.vocabulary.word(index);
                    let Some(own) = self.with_gaps(at, word) else { continue };
                    let end = own.end;
                    let is_apart = word.n_chars >= 3
                        || !self.text[at..end].contains(' ')
                        || !self.joins(before, end);
                    let is_longer = longest.is_none_or(|(other, ..)| end > other);
                    if own.is_altered() && is_apart && is_longer {
                        longest = Some((end, index, own.disguises(word)));
                    }
                }
            }
            if let Some((end, word, disguises)) = longest {
                self.edits.push(Edit { range: at..end, word, disguises });
                before = self.text[..end].chars().next_back();
                at = end;
            } else {
                before = Some(c);
                at = next;
            }
        }
    }

    /// How a word is written that begins here, when separators may stand between its characters, one of
    /// them may be masked, and Han characters be written in their parts.
    fn with_gaps(&self, start: usize, word: &Word) -> Option<Unspaced> {
        let mut own = Unspaced { end: start, n_gaps: 0, has_mask: false, is_split: false };
        for (place, c) in word.text.chars().enumerate() {
            let rest = &self.text[own.end..];
            if rest.starts_with(c) {
                own.end += c.len_utf8();
                continue;
            }
            if let Some(parts) = parts_of(c).filter(|parts| rest.starts_with(*parts)) {
                own.is_split = true;
                own.end += parts.len();
                continue;
            }
            let gap: usize = rest
                .chars()
                .take(MAX_SEPARATOR)
                .take_while(|own| is_gap(*own))
                .map(char::len_utf8)
                .sum();
            let is_gap = place > 0 && gap > 0 && self.is_separator(own.end, &rest[..gap]);
            if is_gap && rest[gap..].starts_with(c) {
                own.end += gap + c.len_utf8();
                own.n_gaps += 1;
                continue;
            }
            let is_within = place > 0 && place + 1 < word.n_chars && word.n_chars >= MIN_BETWEEN;
            let sign = rest.chars().next().filter(|own| *own == '〇' || is_mask(*own))?;
            if !is_within || own.has_mask {
                return None;
            }
            own.has_mask = true;
            own.end += sign.len_utf8();
        }
        Some(own)
    }

    /// Whether a word between these places is part of a longer run of such characters.
    fn joins(&self, before: Option<char>, end: usize) -> bool {
        let after = self.text[end..].chars().next();
        before.is_some_and(is_unspaced) || after.is_some_and(is_unspaced)
    }
}

/// How a word of a script without spaces is written.
#[derive(Clone, Copy)]
struct Unspaced {
    end: usize,
    n_gaps: usize,
    has_mask: bool,
    /// Whether a character is written in its parts.
    is_split: bool,
}

impl Unspaced {
    fn is_altered(self) -> bool {
        self.n_gaps > 0 || self.has_mask || self.is_split
    }

    fn disguises(self, word: &Word) -> DisguiseSet {
        let mut set = DisguiseSet::default();
        // A space between words of two syllables and more is a way of spelling.
        let is_spelling = self.n_gaps == 1 && word.n_chars > 3 && !self.is_split;
        if (self.n_gaps > 0 && !is_spelling) || self.is_split {
            set = set.with(Disguise::SetApart);
        }
        if self.has_mask {
            set = set.with(Disguise::Masked);
        }
        set
    }
}

/// The parts in which a Han character of the trade is written so that filters do not know it.
fn parts_of(c: char) -> Option<&'static str> {
    match c {
        '仿' => Some("亻方"),
        '货' => Some("化贝"),
        '假' => Some("亻叚"),
        '版' => Some("片反"),
        '驰' => Some("马也"),
        '奢' => Some("大者"),
        _ => None,
    }
}
