//! Undoing disguises: words of a vocabulary that are written so that only people read them.

mod masks;
mod ordinary;
mod unspaced;

use std::ops::Range;

use super::characters::{is_alphanumeric, is_dropped, is_mark, is_unspaced};
use super::disguise::{Disguise, DisguiseSet, Undone};
use super::fold::{Folded, Ways};
use super::skeleton::{is_sign, look, plain_letter, skeleton_into};
use super::vocabulary::{Vocabulary, Word};

/// The most single letters in a row that are read as one word.
const MAX_LETTERS_APART: usize = 24;

/// How often a text is looked at again because a word was restored.
const MAX_PASSES: usize = 4;

/// The fewest single characters that are read as a name of two letters and a number.
const MIN_PAIR_AND_NUMBER: usize = 4;

/// The most pieces of a word written in pieces.
const MAX_PIECES: usize = 4;

/// The most characters that a separator between letters may have.
const MAX_SEPARATOR: usize = 2;

/// Words of fewer letters are not looked for between signs: `a*b`.
const MIN_BETWEEN: usize = 4;

/// The signs that folding drops.
const SIGNS: [char; 4] = ['®', '©', '™', '℠'];

/// Longer runs of letters are cut, so that looking at what is in them stays linear.
const MAX_TOKEN_BYTES: usize = 256;

/// The longest word that is looked at, in bytes.
const MAX_WORD_BYTES: usize = 64;

impl Folded {
    /// Rewrites the disguised words of this text to the plain words of a vocabulary; `source` is the
    /// text that was folded. The map back stays exact, so that a rewritten word leads to what was
    /// written. `undone` is replaced by what was rewritten, in order.
    ///
    /// A word of the vocabulary stays as it is, and so does whatever is no word of it under any
    /// disguise. Restoring a restored text changes nothing: what a restored word makes plain beside it,
    /// as in `r3p*lica`, is restored too. The time is linear in the text.
    pub fn restore(&mut self, source: &str, vocabulary: &Vocabulary, undone: &mut Vec<Undone>) {
        self.restore_by(Ways::Short, source, vocabulary, undone);
    }

    /// [`Folded::restore`] in the short ways or in the long one.
    pub(crate) fn restore_by(
        &mut self,
        ways: Ways,
        source: &str,
        vocabulary: &Vocabulary,
        undone: &mut Vec<Undone>,
    ) {
        undone.clear();
        for _ in 0..MAX_PASSES {
            let edits = self.edits(ways, source, vocabulary);
            if edits.is_empty() {
                return;
            }
            let before = std::mem::take(undone);
            self.rewrite(&edits, vocabulary, undone);
            carry(&before, &edits, vocabulary, undone);
        }
    }

    /// The words to be rewritten, in order, none of them within another.
    fn edits(&self, ways: Ways, source: &str, vocabulary: &Vocabulary) -> Vec<Edit> {
        let mut pass = Pass {
            text: self.as_str(),
            folded: self,
            source,
            vocabulary,
            // A capital within small letters may stand for a small l.
            has_inner_capital: has_inner_capital(source),
            has_sign: !source.is_ascii() && source.contains(SIGNS),
            edits: Vec::new(),
            skeleton: String::new(),
        };
        pass.run(ways);
        let mut edits = pass.edits;
        edits.sort_by_key(|edit| (edit.range.start, std::cmp::Reverse(edit.range.end)));
        let mut end = 0;
        edits.retain(|edit| {
            let is_free = edit.range.start >= end;
            if is_free {
                end = edit.range.end;
            }
            is_free
        });
        for edit in &mut edits {
            let own = disguises_of_folding(source, self, edit.range.clone());
            edit.disguises = edit.disguises.union(own);
        }
        edits
    }

    fn rewrite(&mut self, edits: &[Edit], vocabulary: &Vocabulary, undone: &mut Vec<Undone>) {
        let mut builder = self.rebuilding();
        for edit in edits {
            let word = &vocabulary.word(edit.word).text;
            let start = builder.replace(edit.range.clone(), word);
            undone.push(Undone { start, end: start + word.len(), disguises: edit.disguises });
        }
        let copy = builder.finish();
        self.replace_by(copy);
    }
}

/// Carries over what was undone before these edits: what an edit took in is part of it, and the rest
/// moved with the text. `undone` holds one for each edit, in order.
fn carry(before: &[Undone], edits: &[Edit], vocabulary: &Vocabulary, undone: &mut Vec<Undone>) {
    let (mut at, mut grown, mut shrunk) = (0, 0, 0);
    for own in before {
        while let Some(edit) = edits.get(at).filter(|edit| edit.range.end <= own.start) {
            grown += vocabulary.word(edit.word).text.len();
            shrunk += edit.range.len();
            at += 1;
        }
        match edits.get(at) {
            Some(edit) if edit.range.start < own.end => {
                undone[at].disguises = undone[at].disguises.union(own.disguises);
            }
            _ => undone.push(Undone {
                start: own.start + grown - shrunk,
                end: own.end + grown - shrunk,
                disguises: own.disguises,
            }),
        }
    }
    undone.sort_by_key(|own| own.start);
}

/// The disguises that folding alone undid within a range of folded text: characters that do not
/// show, and dressed-up letters.
pub fn disguises_of_folding(source: &str, folded: &Folded, range: Range<usize>) -> DisguiseSet {
    let written = source.get(folded.source_range(range)).unwrap_or_default();
    let mut set = DisguiseSet::default();
    for c in written.chars() {
        if is_hiding(c) {
            set = set.with(Disguise::Invisible);
        } else if is_dressed_up(c) {
            set = set.with(Disguise::DressedUp);
        }
    }
    set
}

/// Characters that do not show and have no business within a word. The signs ™ and ® do show.
fn is_hiding(c: char) -> bool {
    let is_honest = matches!(c, '™' | '℠' | '®' | '©' | '\u{640}' | '\u{fe0f}' | '\u{20e3}');
    is_dropped(c) && !is_honest
}

/// Wide, mathematical, circled and squared letters and digits. Wide signs and kana of half width are
/// everyday writing in East Asia.
fn is_dressed_up(c: char) -> bool {
    matches!(u32::from(c),
        0xff21..=0xff3a | 0xff41..=0xff5a // wide letters
        | 0x24b6..=0x24e9 | 0x249c..=0x24b5 // circled, in brackets
        | 0x1d400..=0x1d7ff // mathematical
        | 0x1f110..=0x1f189 | 0x1f1e6..=0x1f1ff // squared, flags
        | 0x2070..=0x209c | 0x1d2c..=0x1d6a) // raised, lowered
}

/// A word to be rewritten.
struct Edit {
    range: Range<usize>,
    word: u32,
    disguises: DisguiseSet,
}

/// One pass over a text.
struct Pass<'a> {
    text: &'a str,
    folded: &'a Folded,
    source: &'a str,
    vocabulary: &'a Vocabulary,
    has_inner_capital: bool,
    /// Whether the source has a sign that folding drops.
    has_sign: bool,
    edits: Vec<Edit>,
    skeleton: String,
}

/// A run of letters, digits and signs that stand for letters.
#[derive(Clone, Copy)]
struct Token {
    start: usize,
    end: usize,
    n_chars: usize,
    /// Something about it is unusual, so that it is worth a look at what it looks like.
    is_odd: bool,
}

impl<'a> Pass<'a> {
    fn run(&mut self, ways: Ways) {
        let is_indexed = self.folded.index().is_made();
        if ways == Ways::Short && is_indexed && !self.has_sign && !self.has_inner_capital {
            return self.run_past_ordinary();
        }
        let mut at = 0;
        // Where characters of a script without spaces begin; the long way looks for them everywhere.
        let mut unspaced = (ways == Ways::Long).then_some(0);
        let is_ascii = self.text.is_ascii();
        while let Some(token) = self.next_token(at) {
            // Always forward, whatever a look at the token says.
            at = self.token(token).unwrap_or(token.end).max(token.start + 1);
            while !self.text.is_char_boundary(at) {
                at += 1;
            }
            let has_unspaced = || self.text[token.start..token.end].chars().any(is_unspaced);
            if unspaced.is_none() && !is_ascii && has_unspaced() {
                unspaced = Some(token.start);
            }
        }
        if let Some(first) = unspaced {
            self.unspaced(first.saturating_sub(MAX_WORD_BYTES));
        }
    }

    /// Looks at one token and what follows it; returns where to go on, if not behind it.
    fn token(&mut self, token: Token) -> Option<usize> {
        if token.n_chars == 1
            && let Some(end) = self.letters_apart(token)
        {
            return Some(end);
        }
        if let Some(end) = self.masked(token).or_else(|| self.under_sign(token)) {
            return Some(end);
        }
        if let Some(end) = self.with_sign_behind(token) {
            return Some(end);
        }
        if (token.is_odd || self.has_inner_capital)
            && let Some(end) = self.odd_word(token)
        {
            return Some(end);
        }
        self.in_pieces(token)
    }

    /// A word with other letters in it than its own.
    fn odd_word(&mut self, token: Token) -> Option<usize> {
        let word = self.slice(token);
        if let Some((index, disguises)) = self.look_up(word, token.start..token.end) {
            self.edits.push(Edit { range: token.start..token.end, word: index, disguises });
            return Some(token.end);
        }
        if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        let as_masked = self.signs_as_masks(word).map(|index| (index, Disguise::Digits));
        let in_phrase = || self.alike_in_phrase(word, token.start..token.end);
        let found = as_masked.or_else(|| in_phrase().map(|index| (index, Disguise::LookAlike)));
        if let Some((word, how)) = found {
            let disguises = DisguiseSet::default().with(how);
            self.edits.push(Edit { range: token.start..token.end, word, disguises });
            return Some(token.end);
        }
        // A sign may also be a mark between two words.
        if !word.contains(['!', '|', '+', '@', '$']) {
            return None;
        }
        let end = token.start + word.find(['!', '|', '+', '@', '$'])?;
        (end > token.start).then_some(end)
    }

    /// The word that a written one looks like, and how it is disguised.
    fn look_up(&mut self, word: &str, range: Range<usize>) -> Option<(u32, DisguiseSet)> {
        if word.len() > MAX_WORD_BYTES || self.vocabulary.has(word) {
            return None;
        }
        // "gucci1" is the word with a digit behind it.
        if !word.starts_with(|c: char| c.is_ascii_lowercase())
            || !word.ends_with(|c: char| c.is_ascii_lowercase())
        {
            let bare = word.trim_matches(is_sign);
            if bare.len() < word.len() && (bare.is_empty() || self.vocabulary.has(bare)) {
                return None;
            }
        }
        let mut skeleton = std::mem::take(&mut self.skeleton);
        skeleton_into(word, &mut skeleton);
        let found = self.vocabulary.by_skeleton(&skeleton);
        self.skeleton = skeleton;
        let index = found?;
        let target = self.vocabulary.word(index);
        let written = || {
            let source = self.folded.source_range(range.clone());
            self.source.get(source).unwrap_or_default()
        };
        let disguises = disguises(word, target, written)?;
        Some((index, disguises))
    }

    /// `r e p l i c a`, `g.u.c.c.i`: single letters with the same separator between them.
    fn letters_apart(&mut self, first: Token) -> Option<usize> {
        let mut tokens = [first; MAX_LETTERS_APART];
        let (mut n_tokens, mut separator) = (1, "");
        while n_tokens < MAX_LETTERS_APART {
            let last = tokens[n_tokens - 1];
            let Some(next) = self.next_token(last.end).filter(|next| next.n_chars == 1) else {
                break;
            };
            let between = &self.text[last.end..next.start];
            if !self.is_separator(last.end, between) || (n_tokens > 1 && between != separator) {
                break;
            }
            separator = between;
            tokens[n_tokens] = next;
            n_tokens += 1;
        }
        if n_tokens < 3 {
            return None;
        }
        let tokens = &tokens[..n_tokens];
        let mut joined = String::new();
        // `h p 6 6 4`: a name of two letters before a number, all set apart.
        let is_digit = |own: &Token| self.slice(*own).bytes().all(|byte| byte.is_ascii_digit());
        if tokens.len() >= MIN_PAIR_AND_NUMBER && tokens[2..].iter().all(is_digit) {
            joined.extend(tokens[..2].iter().map(|own| self.slice(*own)));
            if let Some(word) = self.vocabulary.pair(&joined) {
                let disguises = DisguiseSet::default().with(Disguise::SetApart);
                self.edits.push(Edit { range: first.start..tokens[1].end, word, disguises });
                return tokens.last().map(|own| own.end);
            }
        }
        for begin in 0..tokens.len() - 2 {
            for end in (begin + 3..=tokens.len()).rev() {
                joined.clear();
                joined.extend(tokens[begin..end].iter().map(|own| self.slice(*own)));
                let range = tokens[begin].start..tokens[end - 1].end;
                let is_whole = begin == 0 && end == tokens.len();
                let found = self.joined(&joined, range.clone());
                // Three letters are a word only where nothing else stands apart.
                if let Some((word, own)) = found.filter(|_| is_whole || end - begin > 3) {
                    let disguises = own.with(Disguise::SetApart);
                    let end = range.end;
                    self.edits.push(Edit { range, word, disguises });
                    return Some(end);
                }
            }
        }
        tokens.last().map(|own| own.end)
    }

    /// `rep-lica`, `gu cci`: a word in two or more pieces.
    fn in_pieces(&mut self, first: Token) -> Option<usize> {
        if first.n_chars < 2 || !self.vocabulary.is_beginning(self.slice(first)) {
            return None;
        }
        // Most words stand before another that is no piece: nothing is put together for them.
        let next = self.next_token(first.end)?;
        if !self.is_separator(first.end, &self.text[first.end..next.start]) {
            return None;
        }
        let mut joined = self.slice(first).to_owned();
        let mut last = first;
        let mut separator = "";
        let mut all_words = self.vocabulary.has(self.slice(first));
        let mut shortest = first.n_chars;
        for n in 1..MAX_PIECES {
            let next = self.next_token(last.end)?;
            let between = &self.text[last.end..next.start];
            if !self.is_separator(last.end, between) || (n > 1 && between != separator) {
                return None;
            }
            separator = between;
            let piece = self.slice(next);
            all_words &= self.vocabulary.has(piece);
            shortest = shortest.min(next.n_chars);
            joined.push_str(piece);
            let skeleton = &mut self.skeleton;
            skeleton_into(&joined, skeleton);
            if !self.vocabulary.may_begin_target(skeleton) {
                return None;
            }
            let range = first.start..next.end;
            if !all_words && let Some((word, own)) = self.joined(&joined, range.clone()) {
                if self.vocabulary.word(word).n_chars < 6 {
                    return None;
                }
                // "over run" and "knock-off" are ways of spelling.
                let is_spelling = shortest > 3 && matches!(separator, " " | "-");
                let disguises = if is_spelling { own } else { own.with(Disguise::SetApart) };
                self.edits.push(Edit { range, word, disguises });
                return Some(next.end);
            }
            last = next;
        }
        None
    }

    /// The target that letters make when they stand together.
    fn joined(&mut self, joined: &str, range: Range<usize>) -> Option<(u32, DisguiseSet)> {
        match self.vocabulary.plain(joined) {
            Some(word) => Some((word, DisguiseSet::default())),
            None => self.look_up(joined, range),
        }
        .filter(|(word, _)| self.vocabulary.word(*word).is_target)
    }

    /// Whether what stands between two letters may be put there to set them apart.
    fn is_separator(&self, at: usize, between: &str) -> bool {
        let n_chars = between.chars().count();
        (1..=MAX_SEPARATOR).contains(&n_chars)
            && between.chars().all(is_gap)
            && !(at..at + between.len()).any(|at| self.folded.is_line_end(at))
    }

    fn slice(&self, token: Token) -> &'a str {
        &self.text[token.start..token.end]
    }

    /// The next token from a place on.
    fn next_token(&self, mut from: usize) -> Option<Token> {
        loop {
            let start = from + self.text[from..].find(begins_token)?;
            let token = self.token_at(start);
            if token.n_chars > 0 {
                return Some(token);
            }
            // A sign with nothing behind it.
            from = start + self.text[start..].chars().next()?.len_utf8();
        }
    }

    fn token_at(&self, start: usize) -> Token {
        let text = self.text;
        let mut token = Token { start, end: start, n_chars: 0, is_odd: false };
        let (mut last, mut run) = ('\0', 1);
        for c in text[start..].chars() {
            let is_within = is_alphanumeric(c)
                || plain_letter(c).is_some()
                || is_mark(c)
                // Within a word only: before a letter or a further sign.
                || (is_sign(c) && text[token.end + c.len_utf8()..].starts_with(begins_token))
                || (matches!(c, '@' | '$') && last.is_alphabetic());
            if !is_within || token.end - start > MAX_TOKEN_BYTES {
                break;
            }
            run = if c == last { run + 1 } else { 1 };
            last = c;
            // Of plain small letters only those that are repeated are odd.
            token.is_odd |= !c.is_ascii_lowercase() || run > 1;
            token.end += c.len_utf8();
            token.n_chars += 1;
        }
        token
    }
}

/// How a written word is a disguise of a target; `None` where it is more likely another word.
fn disguises<'a>(word: &str, target: &Word, written: impl Fn() -> &'a str) -> Option<DisguiseSet> {
    let n_chars = word.chars().count();
    let n_signs = word.chars().filter(|c| is_sign(*c)).count();
    let n_letters = n_chars - n_signs;
    let is_own = |c: char| target.text.contains(c);
    let is_strange = |c: char| !is_sign(c) && !is_own(c);
    let dressed = word.chars().any(|c| plain_letter(c).is_some());
    let n_strange = word.chars().filter(|c| is_strange(*c)).count();
    let has_own = word.chars().any(|c| !is_sign(c) && is_own(c));
    let run = longest_run(word);
    let is_repeated = n_chars != target.n_chars || collapsed(word) != collapsed(&target.text);

    let mut set = DisguiseSet::default();
    if n_signs > 0 {
        let enough = n_letters * 2 >= n_chars
            && (n_chars > 3 || (n_chars == 3 && n_signs == 1 && target.is_target));
        if !enough {
            return None;
        }
        set = set.with(Disguise::Digits);
    }
    if dressed {
        set = set.with(Disguise::DressedUp);
    }
    if n_strange > 0 && !dressed {
        // A word whose letters are all of another script is a word of its own more often than not.
        let is_whole = !has_own;
        let is_latin = word.is_ascii();
        if (is_whole || is_latin) && (target.n_chars < 5 || n_chars != target.n_chars) {
            return None;
        }
        if is_latin && target.n_chars < 7 && !has_inner_capital(written()) {
            return None;
        }
        set = set.with(Disguise::LookAlike);
    }
    if is_repeated {
        let enough = target.is_target
            && ((run > 2 && target.n_chars > 3) || (run == 2 && target.n_chars > 5))
            || !set.is_empty() && n_chars == target.n_chars;
        if !enough {
            return None;
        }
        set = set.with(Disguise::Repeated);
    }
    // The same letters but for l and i.
    let is_safe = || target.n_chars > 6 || has_inner_capital(written());
    if set.is_empty() && n_chars == target.n_chars && is_safe() {
        set = set.with(Disguise::LookAlike);
    }
    (!set.is_empty()).then_some(set)
}

fn longest_run(word: &str) -> usize {
    let (mut longest, mut run, mut last) = (0, 0, None);
    for c in word.chars() {
        run = if last == Some(c) { run + 1 } else { 1 };
        last = Some(c);
        longest = longest.max(run);
    }
    longest
}

/// The lengths of the runs of characters that look the same.
fn collapsed(word: &str) -> Vec<usize> {
    let mut runs: Vec<usize> = Vec::new();
    let mut last = None;
    for c in word.chars().map(look) {
        match runs.last_mut() {
            Some(run) if last == Some(c) => *run += 1,
            _ => runs.push(1),
        }
        last = Some(c);
    }
    runs
}

/// Whether a capital I stands right behind a small letter.
fn has_inner_capital(source: &str) -> bool {
    let bytes = source.as_bytes();
    memchr::memchr_iter(b'I', bytes).any(|at| at > 0 && bytes[at - 1].is_ascii_lowercase())
}

fn begins_token(c: char) -> bool {
    is_alphanumeric(c) || plain_letter(c).is_some() || matches!(c, '@' | '$')
}

/// What may stand between letters that are set apart: blanks, signs and pictures, but nothing
/// that ends a clause.
fn is_gap(c: char) -> bool {
    !(is_alphanumeric(c)
        || is_mark(c)
        || plain_letter(c).is_some()
        || matches!(
            c,
            ',' | ';'
                | ':'
                | '!'
                | '?'
                | '。'
                | '，'
                | '、'
                | '：'
                | '；'
                | '"'
                | '('
                | ')'
                | '<'
                | '>'
        ))
}

#[cfg(test)]
mod tests;
