//! The words that disguises are undone to.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;

use foldhash::fast::FixedState;

use super::bits::CharacterBits;
use super::characters::{is_mark, is_unspaced};
use super::hashed::{AsItIs, KnownMap, hash_of};
use super::skeleton::{look, skeleton_into};

/// Shorter words are not looked for under a disguise: too much looks like them.
const MIN_CHARS: usize = 3;

/// Words from this length on may be written in two or more pieces.
const MIN_CHARS_IN_PIECES: usize = 6;

/// The most words with the same letters in the same places that a mask may mean.
const MAX_CANDIDATES: usize = 512;

/// The words that disguises are undone to: names of brands, terms of the trade, and the other
/// words of terms of several words.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    words: Vec<Word>,
    /// Each word as it is.
    plain: KnownMap<Box<str>, u32>,
    /// The word behind each skeleton; of several the first.
    skeletons: KnownMap<Box<str>, u32>,
    /// Targets.
    by_ends: ByEnds<u32>,
    /// Targets of two letters, which are looked for only where they are set apart before digits.
    pairs: KnownMap<Box<str>, u32>,
    /// [`hash_of`] every beginning of the skeletons of targets, to the whole.
    skeleton_beginnings: HashSet<u64, BuildHasherDefault<AsItIs>>,
    /// Beginnings of long targets, as their skeletons look.
    beginnings: Beginnings,
    /// Targets with characters of scripts without spaces, by their first character.
    unspaced: KnownMap<char, Vec<u32>>,
    /// What these begin with.
    unspaced_firsts: CharacterBits,
    /// What skeletons with characters of scripts without spaces begin with.
    unspaced_skeletons: CharacterBits,
    /// Targets of several words.
    phrases: Vec<Vec<Box<str>>>,
    /// The words of these.
    in_phrases: ByEnds<InPhrase>,
}

/// Words by length and first character, and by length and last character.
#[derive(Clone, Debug)]
struct ByEnds<T> {
    first: KnownMap<(usize, char), Vec<T>>,
    last: KnownMap<(usize, char), Vec<T>>,
}

impl<T> Default for ByEnds<T> {
    fn default() -> Self {
        ByEnds { first: KnownMap::default(), last: KnownMap::default() }
    }
}

impl<T: Copy> ByEnds<T> {
    fn push(&mut self, word: &str, n_chars: usize, own: T) {
        let (first, last) = (word.chars().next(), word.chars().next_back());
        if let (Some(first), Some(last)) = (first, last) {
            self.first.entry((n_chars, first)).or_default().push(own);
            self.last.entry((n_chars, last)).or_default().push(own);
        }
    }

    /// Those of so many characters that begin or end with a character; not all of very many.
    fn get(&self, n_chars: usize, first: Option<char>, last: Option<char>) -> &[T] {
        let found = match (first, last) {
            (Some(first), _) => self.first.get(&(n_chars, first)),
            (None, Some(last)) => self.last.get(&(n_chars, last)),
            (None, None) => None,
        };
        found.map_or(&[], |own| &own[..own.len().min(MAX_CANDIDATES)])
    }
}

/// A word within a phrase.
#[derive(Clone, Copy, Debug)]
pub(super) struct InPhrase {
    phrase: usize,
    /// Which of its words.
    pub(super) place: usize,
}

/// One word.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) text: Box<str>,
    pub(super) n_chars: usize,
    /// Whether any disguise is undone to it.
    pub(super) is_target: bool,
}

impl Vocabulary {
    /// A vocabulary of folded words and phrases. Any disguise is undone to `targets`, which are the
    /// names of brands and the terms of the trade; of those of several words, as to `supports`, only
    /// look-alike letters, and digits and signs for letters, and masks where the whole phrase stands there.
    pub fn new<'a>(
        targets: impl IntoIterator<Item = &'a str>,
        supports: impl IntoIterator<Item = &'a str>,
    ) -> Vocabulary {
        let mut own = Vocabulary::default();
        let mut later: Vec<&str> = Vec::new();
        for target in targets {
            if target.chars().any(is_unspaced) {
                own.add_unspaced(target);
            } else if target.chars().all(is_of_word) {
                own.add(target, true);
            } else {
                own.add_phrase(target);
                later.push(target);
            }
        }
        for phrase in later.into_iter().chain(supports) {
            for word in phrase.split(|c: char| !is_of_word(c)) {
                own.add(word, false);
            }
        }
        own
    }

    /// True when the word stands here as it is.
    pub(super) fn has(&self, word: &str) -> bool {
        self.plain.contains_key(word)
    }

    pub(super) fn word(&self, index: u32) -> &Word {
        &self.words[index as usize]
    }

    /// The word as it is.
    pub(super) fn plain(&self, word: &str) -> Option<u32> {
        self.plain.get(word).copied()
    }

    /// The target of two letters.
    pub(super) fn pair(&self, letters: &str) -> Option<u32> {
        self.pairs.get(letters).copied()
    }

    /// The word with this skeleton.
    pub(super) fn by_skeleton(&self, skeleton: &str) -> Option<u32> {
        self.skeletons.get(skeleton).copied()
    }

    /// Targets of so many characters that begin or end with a character.
    pub(super) fn candidates(
        &self,
        n_chars: usize,
        first: Option<char>,
        last: Option<char>,
    ) -> &[u32] {
        self.by_ends.get(n_chars, first, last)
    }

    /// The words of phrases of so many characters that begin or end with a character.
    pub(super) fn in_phrases(
        &self,
        n_chars: usize,
        first: Option<char>,
        last: Option<char>,
    ) -> &[InPhrase] {
        self.in_phrases.get(n_chars, first, last)
    }

    /// The words of the phrase that a word is within.
    pub(super) fn phrase(&self, own: InPhrase) -> &[Box<str>] {
        &self.phrases[own.phrase]
    }

    /// True when a long target begins so.
    pub(super) fn is_beginning(&self, piece: &str) -> bool {
        self.beginnings.contains(piece)
    }

    /// False for a skeleton with which that of no target begins. Very rarely true for another one.
    pub(super) fn may_begin_target(&self, skeleton: &str) -> bool {
        self.skeleton_beginnings.contains(&hash_of(skeleton.as_bytes()))
    }

    /// False for a word of the letters a to z that [`Vocabulary::is_beginning`] says no to; `hash` is
    /// [`hash_of`] it. Very rarely true for another such word.
    pub(super) fn may_be_beginning(&self, hash: u64) -> bool {
        self.beginnings.is_cut || self.beginnings.plain.contains(&hash)
    }

    /// False for a character with which no target without spaces begins.
    pub(super) fn may_begin_unspaced(&self, c: char) -> bool {
        self.unspaced_firsts.has(c.into())
    }

    /// False for a character of a script without spaces with which no skeleton begins.
    pub(super) fn may_begin_skeleton(&self, c: char) -> bool {
        self.unspaced_skeletons.has(c.into())
    }

    /// Targets without spaces that begin with a character.
    pub(super) fn unspaced(&self, first: char) -> &[u32] {
        self.unspaced.get(&first).map_or(&[], Vec::as_slice)
    }

    fn add_unspaced(&mut self, target: &str) {
        let text: String = target.chars().filter(|c| !c.is_whitespace()).collect();
        let n_chars = text.chars().count();
        if n_chars < 2 || self.has(&text) {
            return;
        }
        let Some(first) = text.chars().next() else { return };
        let index = self.push(&text, &skeleton_of(&text), n_chars, true);
        self.unspaced_firsts.add(first.into());
        self.unspaced.entry(first).or_default().push(index);
    }

    fn add_phrase(&mut self, target: &str) {
        let words = target
            .split(|c: char| !(c.is_alphanumeric() || is_mark(c)))
            .filter(|word| !word.is_empty());
        let words: Vec<Box<str>> = words.map(Box::from).collect();
        if words.len() < 2 || !words.iter().all(|word| word.chars().all(is_of_word)) {
            return;
        }
        let phrase = self.phrases.len();
        for (place, word) in words.iter().enumerate() {
            self.in_phrases.push(word, word.chars().count(), InPhrase { phrase, place });
        }
        self.phrases.push(words);
    }

    fn add(&mut self, text: &str, is_target: bool) {
        let n_chars = text.chars().count();
        if n_chars == 2 && is_target && text.is_ascii() && !self.pairs.contains_key(text) {
            self.pairs.insert(text.into(), self.words.len() as u32);
            self.words.push(Word { text: text.into(), n_chars, is_target });
        }
        if n_chars < MIN_CHARS || self.has(text) {
            return;
        }
        let skeleton = skeleton_of(text);
        let index = self.push(text, &skeleton, n_chars, is_target);
        if let Some(first) = skeleton.chars().next().filter(|c| is_unspaced(*c)) {
            self.unspaced_skeletons.add(first.into());
        }
        self.skeletons.entry(skeleton.into()).or_insert(index);
        if !is_target {
            return;
        }
        self.by_ends.push(text, n_chars, index);
        if n_chars >= MIN_CHARS_IN_PIECES {
            for (at, _) in text.char_indices().skip(2).take(n_chars - 3) {
                self.beginnings.insert(&text[..at]);
            }
        }
    }

    fn push(&mut self, text: &str, skeleton: &str, n_chars: usize, is_target: bool) -> u32 {
        if is_target {
            let ends = skeleton.char_indices().map(|(at, _)| at).skip(1).chain([skeleton.len()]);
            let hashes = ends.map(|end| hash_of(&skeleton.as_bytes()[..end]));
            self.skeleton_beginnings.extend(hashes);
        }
        let index = self.words.len() as u32;
        self.words.push(Word { text: text.into(), n_chars, is_target });
        self.plain.insert(text.into(), index);
        index
    }
}

fn skeleton_of(word: &str) -> String {
    let mut skeleton = String::new();
    skeleton_into(word, &mut skeleton);
    skeleton
}

/// Letters and the marks that are written onto them, as the signs of Devanagari that join two letters.
fn is_of_word(c: char) -> bool {
    c.is_alphabetic() || is_mark(c)
}

/// Beginnings of words, as they look.
#[derive(Clone, Debug, Default)]
struct Beginnings {
    /// A hash of the looks of each.
    looks: HashSet<u64, FixedState>,
    /// [`hash_of`] each word of the letters a to z that looks like one.
    plain: HashSet<u64, BuildHasherDefault<AsItIs>>,
    /// Whether some are left out of these, as too many words look like them.
    is_cut: bool,
}

/// Of beginnings with more letters that look like i, not every spelling is kept.
const MAX_LIKE_I: usize = 6;

impl Beginnings {
    fn insert(&mut self, piece: &str) {
        self.looks.insert(looks_hash(piece.chars()));
        let looks: Option<Vec<u8>> = piece.chars().map(letter_of_look).collect();
        // Of these letters only l looks like another, i.
        if let Some(mut spelling) = looks {
            let places = (0..spelling.len()).filter(|at| spelling[*at] == b'i');
            let places: Vec<usize> = places.collect();
            if places.len() > MAX_LIKE_I {
                self.is_cut = true;
                return;
            }
            for choice in 0..1_u64 << places.len() {
                for (bit, place) in places.iter().enumerate() {
                    spelling[*place] = if choice & (1 << bit) == 0 { b'i' } else { b'l' };
                }
                self.plain.insert(hash_of(&spelling));
            }
        }
    }

    fn contains(&self, piece: &str) -> bool {
        self.looks.contains(&looks_hash(piece.chars()))
    }
}

/// What a character looks like, where that is one of the letters a to z.
fn letter_of_look(c: char) -> Option<u8> {
    u8::try_from(look(c)).ok().filter(u8::is_ascii_lowercase)
}

/// A hash of how characters look, by FNV-1a.
fn looks_hash(chars: impl Iterator<Item = char>) -> u64 {
    chars.map(look).fold(0xcbf2_9ce4_8422_2325, |hash, c| {
        (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3)
    })
}
