//! One folding for all text, with an exact map back to the original.

use std::ops::Range;

use super::characters::{begins_segment, direct, fold_segment, is_dropped, may_join};
use super::index::WordIndex;
use super::tags::tag;

/// A text in the form in which texts are compared, and where each byte of it came from.
///
/// The rule, in this order:
///
/// 1. Characters that do not show are dropped: zero-width and bidirectional controls, the soft
///    hyphen, variation selectors, fillers, control characters that are no white space, and
///    enclosing marks. So are the signs ™ ℠ ® ©, which say nothing of the word they stand on
///    (Unicode would make "TM" letters of the first).
/// 2. Typographic hyphens, apostrophes and the ratio sign become `-`, `'` and `:`; № becomes `#`,
///    for its Unicode form "No" would read as a negation.
/// 3. Compatibility forms become plain ones (NFKC, Unicode Standard Annex 15) and letters small.
/// 4. Combining marks of the general blocks are dropped: é is e, ά is α; so are the strokes of đ, ł
///    and ø, the vowel marks of Arabic, its hamza and its long stroke. ß is ss. Traditional Chinese
///    characters become simplified ones. Letters of other scripts
///    that Unicode composes stay whole, so й is not и; but ё is е as in Russian print, and the
///    stress marks of ѐ and ѝ go. Marks that belong to a script (Arabic, Devanagari, Thai, kana)
///    stay. Final ς is σ.
/// 5. HTML tags become a space. A tag that leads somewhere (`<a href=...>`, `<img src=...>`) is
///    kept as text, since where it leads is evidence.
/// 6. A run of white space becomes one space; none is left at either end.
///
/// Folding a folded text changes nothing. The time is linear in the length of the text.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    text: String,
    /// Where the folded bytes came from, in order of both sides.
    pieces: Vec<Piece>,
    /// The folded offsets of the spaces that were line ends.
    line_ends: Vec<usize>,
    /// The folded offsets of every `<` that a later `>` may close.
    open_tags: Vec<usize>,
    /// Where its words stand, unless it was folded the long way.
    index: WordIndex,
}

/// The bytes that fold to themselves or to a small letter, whatever stands beside them: those of ASCII
/// that show, but for the ends of tags.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = b'!';
    while byte <= b'~' {
        plain[byte as usize] = byte != b'<' && byte != b'>';
        byte += 1;
    }
    plain
};

/// How texts are folded and restored: both give the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Ways {
    /// In the short ways, where there are any.
    #[default]
    Short,
    /// As if there were none, for tests and benchmarks to compare with.
    Long,
}

/// Folds one text. To fold many, keep a [`Folded`] and use [`Folded::fold_into`].
pub fn fold(text: &str) -> Folded {
    let mut folded = Folded::default();
    folded.fold_into(text);
    folded
}

impl Folded {
    /// The folded text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The byte range of the original text that the folded bytes came from, always on character
    /// boundaries of the original.
    ///
    /// A range that cuts a folded character or passes the end is widened or cut to whole
    /// characters. Of an empty range the result is empty.
    pub fn source_range(&self, folded: Range<usize>) -> Range<usize> {
        let end = self.boundary(folded.end, 1);
        let start = self.boundary(folded.start, -1).min(end);
        let source_start = self.source_start(start);
        if folded.start >= folded.end || start == end {
            return source_start..source_start;
        }
        source_start..self.source_end(end)
    }

    /// Folds another text in place of this one. Once the buffers have grown to the longest text,
    /// nothing is allocated but for characters with more than a few marks.
    pub fn fold_into(&mut self, text: &str) {
        self.clear();
        let mut at = 0;
        while at < text.len() {
            at = self.push_ascii(text, at);
            at = self.push_segment(text, at, direct);
        }
        self.trim_end();
        self.index.make(&self.text);
    }

    /// [`Folded::fold_into`] with every character taken the long way, as those without a short one
    /// are: the same text and the same map, for tests and benchmarks to compare with.
    #[doc(hidden)]
    pub fn fold_into_the_long_way(&mut self, text: &str) {
        self.clear();
        let mut at = 0;
        while at < text.len() {
            at = self.push_segment(text, at, |_| None);
        }
        self.trim_end();
    }

    /// [`Folded::fold_into`] in the short ways or in the long one.
    pub(crate) fn fold_by(&mut self, ways: Ways, text: &str) {
        match ways {
            Ways::Short => self.fold_into(text),
            Ways::Long => self.fold_into_the_long_way(text),
        }
    }

    /// Whether the space at this folded offset was the end of a line: a line break, or an HTML
    /// tag that breaks a line.
    pub(crate) fn is_line_end(&self, folded: usize) -> bool {
        self.line_ends.binary_search(&folded).is_ok()
    }

    /// Where the words of the text stand.
    pub(crate) fn index(&self) -> &WordIndex {
        &self.index
    }

    /// Puts a copy in which some stretches are replaced in the place of this text.
    pub(super) fn replace_by(&mut self, copy: Folded) {
        let is_indexed = self.index.is_made();
        *self = copy;
        if is_indexed {
            self.index.make(&self.text);
        }
    }

    /// Begins a copy of this text in which some stretches are replaced.
    pub(super) fn rebuilding(&self) -> Rebuilding<'_> {
        Rebuilding { from: self, at: 0, to: Folded::default() }
    }

    fn clear(&mut self) {
        self.text.clear();
        self.pieces.clear();
        self.line_ends.clear();
        self.open_tags.clear();
        self.index.clear();
    }

    /// Takes the ASCII from `at` on, up to the first byte that needs `push_segment`; returns where
    /// it stopped. The last byte before a character that may join it is left alone.
    fn push_ascii(&mut self, text: &str, mut at: usize) -> usize {
        let bytes = text.as_bytes();
        loop {
            let mut previous = self.text.bytes().next_back().unwrap_or(b' ');
            let mut end = at;
            while let Some(&byte) = bytes.get(end) {
                let is_plain = PLAIN[usize::from(byte)] || (byte == b' ' && previous != b' ');
                if !is_plain {
                    break;
                }
                previous = byte;
                end += 1;
            }
            if bytes.get(end).is_some_and(|&byte| may_join(byte)) {
                end = end.saturating_sub(1).max(at);
            }
            if end > at {
                let from = self.text.len();
                self.push_same(&text[at..end], at);
                self.text[from..].make_ascii_lowercase();
                at = end;
                continue;
            }
            match bytes.get(at) {
                Some(&byte)
                    if !may_join(byte) && !bytes.get(at + 1).is_some_and(|&b| may_join(b)) =>
                {
                    let c = char::from(byte).to_ascii_lowercase();
                    self.push_char(c, at..at + 1, true);
                    at += 1;
                }
                _ => return at,
            }
        }
    }

    /// Takes one character with everything that may join it; returns where the next one begins.
    /// `short` is the folded form of characters that need no look at their neighbors.
    fn push_segment(&mut self, text: &str, at: usize, short: fn(char) -> Option<char>) -> usize {
        let mut chars = text[at..].chars();
        let Some(first) = chars.next() else {
            return text.len();
        };
        let mut next = at + first.len_utf8();
        if is_dropped(first) {
            return next;
        }
        let mut end = next;
        let mut n_chars = 1;
        for c in chars {
            let dropped = is_dropped(c);
            if !dropped && begins_segment(c) {
                break;
            }
            next += c.len_utf8();
            if !dropped {
                end = next;
                n_chars += 1;
            }
        }
        if let (1, Some(c)) = (n_chars, short(first)) {
            self.push_char(c, at..end, c.len_utf8() == end - at);
            return next;
        }
        let mut folded = fold_segment(text[at..end].chars());
        let Some(c) = folded.next() else {
            return next;
        };
        let second = folded.next();
        let same = n_chars == 1 && second.is_none() && c.len_utf8() == end - at;
        self.push_char(c, at..end, same);
        for c in second.into_iter().chain(folded) {
            self.push_char(c, at..end, false);
        }
        next
    }

    /// Appends one folded character. `same`: its source is one character of as many bytes.
    fn push_char(&mut self, c: char, source: Range<usize>, same: bool) {
        if c.is_whitespace() {
            let line_end = matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
            return self.push_space(source, line_end);
        }
        match c {
            '<' => self.open_tags.push(self.text.len()),
            '>' if self.close_tag(source.end) => return,
            _ => {}
        }
        if same {
            self.push_same(c.encode_utf8(&mut [0; 4]), source.start);
        } else {
            let origin = Origin::Block(source.start, source.end);
            if self.pieces.last().map(|piece| piece.origin) != Some(origin) {
                let start = self.text.len();
                self.pieces.push(Piece { start, origin });
            }
            self.text.push(c);
        }
    }

    /// Appends a text whose every character came from a character of as many bytes, from
    /// `source` on.
    fn push_same(&mut self, text: &str, source: usize) {
        let start = self.text.len();
        let continues = self.pieces.last().is_some_and(|piece| match piece.origin {
            Origin::Same(first) => first + (start - piece.start) == source,
            Origin::Block(..) => false,
        });
        if !continues {
            let origin = Origin::Same(source);
            self.pieces.push(Piece { start, origin });
        }
        self.text.push_str(text);
    }

    /// Appends a space, or lets the space that is there already reach over this source too.
    fn push_space(&mut self, source: Range<usize>, line_end: bool) {
        if self.text.is_empty() {
            return;
        }
        if self.text.ends_with(' ') {
            let start = self.text.len() - 1;
            let origin = Origin::Block(self.source_start(start), source.end);
            if self.pieces.last().is_some_and(|piece| piece.start == start) {
                self.pieces.pop();
            }
            self.pieces.push(Piece { start, origin });
        } else if source.len() == 1 {
            self.push_same(" ", source.start);
        } else {
            let start = self.text.len();
            let origin = Origin::Block(source.start, source.end);
            self.pieces.push(Piece { start, origin });
            self.text.push(' ');
        }
        let at = self.text.len() - 1;
        if line_end && self.line_ends.last() != Some(&at) {
            self.line_ends.push(at);
        }
    }

    /// Turns the text from the last `<` on into a space if a `>` here makes a tag of it.
    ///
    /// Looking back from each `>`, over what is left after earlier tags have gone, is what makes
    /// folding idempotent: `<b<br>r>` leaves nothing that a second folding would take for a tag.
    fn close_tag(&mut self, source_end: usize) -> bool {
        let Some(open) = self.open_tags.pop() else {
            return false;
        };
        let content = self.text.get(open + 1..).unwrap_or_default();
        let Some(line_end) = tag(content) else {
            // What stands before this `>` can no longer be part of a tag.
            self.open_tags.clear();
            return false;
        };
        let source_start = self.source_start(open);
        self.truncate(open);
        self.push_space(source_start..source_end, line_end);
        true
    }

    fn truncate(&mut self, len: usize) {
        self.text.truncate(len);
        while self.pieces.last().is_some_and(|piece| piece.start >= len) {
            self.pieces.pop();
        }
        while self.line_ends.last().is_some_and(|&at| at >= len) {
            self.line_ends.pop();
        }
    }

    fn trim_end(&mut self) {
        if self.text.ends_with(' ') {
            self.truncate(self.text.len() - 1);
        }
    }

    /// The nearest character boundary of the folded text from `at` on, in the given direction.
    fn boundary(&self, at: usize, step: isize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at = at.saturating_add_signed(step);
        }
        at
    }

    /// The source offset of the character at a folded offset, or the end of the last one's source.
    fn source_start(&self, at: usize) -> usize {
        if at >= self.text.len() {
            return self.source_end(at);
        }
        match self.piece(at) {
            Some(&Piece { start, origin }) => match origin {
                Origin::Same(first) => first + (at - start),
                Origin::Block(first, _) => first,
            },
            None => 0,
        }
    }

    /// The end of the source of the character that ends at a folded offset.
    fn source_end(&self, end: usize) -> usize {
        match self.piece(end.saturating_sub(1)) {
            Some(&Piece { start, origin }) => match origin {
                Origin::Same(first) => first + (end - start),
                Origin::Block(_, last) => last,
            },
            None => 0,
        }
    }

    /// The piece that holds a folded offset.
    fn piece(&self, at: usize) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.start <= at);
        self.pieces.get(after.checked_sub(1)?)
    }
}

/// A copy of a folded text in the making.
pub(super) struct Rebuilding<'a> {
    from: &'a Folded,
    /// How far the text has been copied.
    at: usize,
    to: Folded,
}

impl Rebuilding<'_> {
    /// Replaces a stretch by a word, as a whole; returns where the word begins. Stretches come in
    /// order and do not overlap.
    pub(super) fn replace(&mut self, stretch: Range<usize>, word: &str) -> usize {
        self.copy_to(stretch.start);
        let start = self.to.text.len();
        let source = self.from.source_range(stretch.clone());
        self.to.pieces.push(Piece { start, origin: Origin::Block(source.start, source.end) });
        self.to.text.push_str(word);
        self.at = stretch.end;
        start
    }

    /// The copy, with the rest of the text.
    pub(super) fn finish(mut self) -> Folded {
        self.copy_to(self.from.text.len());
        self.to
    }

    fn copy_to(&mut self, end: usize) {
        let start = self.at;
        if start >= end {
            return;
        }
        let shift = |at: usize| at - start + self.to.text.len();
        let first = self.from.pieces.partition_point(|piece| piece.start <= start);
        let before = first.checked_sub(1).and_then(|at| self.from.pieces.get(at));
        // The piece that the stretch begins in goes on from where it is cut.
        let cut = before.map(|piece| match piece.origin {
            Origin::Same(source) => Origin::Same(source + (start - piece.start)),
            whole @ Origin::Block(..) => whole,
        });
        let mut pieces: Vec<Piece> = Vec::new();
        pieces.extend(cut.map(|origin| Piece { start: shift(start), origin }));
        let within = self.from.pieces[first..].iter().take_while(|piece| piece.start < end);
        pieces.extend(within.map(|piece| Piece { start: shift(piece.start), ..*piece }));
        let from = self.from.line_ends.partition_point(|at| *at < start);
        let line_ends = self.from.line_ends[from..].iter().take_while(|at| **at < end);
        let line_ends: Vec<usize> = line_ends.map(|at| shift(*at)).collect();
        self.to.pieces.extend(pieces);
        self.to.line_ends.extend(line_ends);
        self.to.text.push_str(&self.from.text[start..end]);
        self.at = end;
    }
}

/// A stretch of folded text, up to the start of the next piece.
#[derive(Clone, Copy, Debug)]
struct Piece {
    start: usize,
    origin: Origin,
}

/// Where a piece came from, in bytes of the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// Character by character from here on, each of as many bytes as its source.
    Same(usize),
    /// As a whole from this range: start and end.
    Block(usize, usize),
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded(text: &str) -> String {
        fold(text).as_str().to_owned()
    }

    #[test]
    fn marks_go_from_latin_and_greek_and_й_stays() {
        assert_eq!(folded("RÉPLICA Ñandú Ação"), "replica nandu acao");
        assert_eq!(folded("re\u{301}plica"), "replica");
        assert_eq!(folded("ΆΡΩΜΑ ΣΟΦΌΣ σοφός"), "αρωμα σοφοσ σοφοσ");
        assert_eq!(folded("Палёный ЙОД"), "паленый йод");
        assert_eq!(folded("паленыи\u{306}"), "паленый");
        assert_eq!(folded("ре\u{301}плика е\u{308}"), "реплика е");
        assert_eq!(folded("ガｶﾞか\u{3099}"), "ガガが");
        assert_eq!(folded("İstanbul"), "istanbul");
        assert_eq!(folded("각\u{1100}\u{1161}"), "각가");
    }

    #[test]
    fn compatibility_forms_become_plain() {
        assert_eq!(folded("ＮＩＫＥ　１：１"), "nike 1:1");
        assert_eq!(folded("𝐠𝐮𝐜𝐜𝐢 ﬀ ① 1∶1 1ª"), "gucci ff 1 1:1 1a");
        assert_eq!(folded("Nike™ Air® isn’t № 5"), "nike air isn't # 5");
        assert_eq!(folded("knock\u{2010}off"), "knock-off");
    }

    #[test]
    fn what_does_not_show_is_dropped() {
        assert_eq!(folded("re\u{200b}pl\u{ad}i\u{202e}c\u{fe0f}a\u{0}"), "replica");
        assert_eq!(folded("e\u{200b}\u{301}"), "e");
    }

    #[test]
    fn white_space_and_tags_become_one_space() {
        assert_eq!(folded("  a \t\n\u{a0} b  "), "a b");
        assert_eq!(folded("Nike<br/>1:1 <BR>\n<p class=\"x\">new</p>"), "nike 1:1 new");
        assert_eq!(folded("a<!-- hidden -->b"), "a b");
        assert_eq!(folded("5 < 6 > 4 <3 <replica>"), "5 < 6 > 4 <3 <replica>");
        assert_eq!(folded("<b<br>r>x"), "x");
        assert_eq!(folded("＜br＞x"), "x");
        assert_eq!(
            folded("<a href=\"https://x.yupoo.com\">album</a>"),
            "<a href=\"https://x.yupoo.com\">album"
        );
        let long = format!("<b {}>x", "y".repeat(400));
        assert_eq!(folded(&long), long);
    }

    #[test]
    fn line_ends_are_known() {
        let text = fold("no box<br>replica\n\nnew <b>a</b> b");
        assert_eq!(text.as_str(), "no box replica new a b");
        let ends: Vec<usize> = (0..22).filter(|&at| text.is_line_end(at)).collect();
        assert_eq!(ends, [6, 14]);
    }

    #[test]
    fn the_way_back_is_exact() {
        let text = "A  <br> Ré\u{200b}plica ﬀ, ПАЛЁНЫЙ";
        let folded = fold(text);
        let back = |word: &str| {
            let start = folded.as_str().find(word).expect("the word is there");
            &text[folded.source_range(start..start + word.len())]
        };
        assert_eq!(folded.as_str(), "a replica ff, паленый");
        assert_eq!(back("replica"), "Ré\u{200b}plica");
        assert_eq!(back("a r"), "A  <br> R");
        assert_eq!(back("f"), "ﬀ");
        assert_eq!(back("ff,"), "ﬀ,");
        assert_eq!(back("леный"), "ЛЁНЫЙ");
        assert_eq!(folded.source_range(0..usize::MAX), 0..text.len());
        assert_eq!(folded.source_range(2..2), 8..8);
        // The first byte of a folded letter of two is widened to the letter.
        let at = folded.as_str().find('п').expect("the letter is there");
        assert_eq!(&text[folded.source_range(at..at + 1)], "П");
    }

    #[test]
    fn an_empty_text_has_an_empty_folding() {
        for text in ["", " ", "\u{200b}", "<br>", "\n<p>\n"] {
            let folded = fold(text);
            assert_eq!(folded.as_str(), "");
            assert_eq!(folded.source_range(0..5), 0..0);
        }
    }

    #[test]
    fn every_character_folds_only_once() {
        for c in char::MIN..=char::MAX {
            let once = fold(&c.to_string());
            assert_eq!(folded(once.as_str()), once.as_str(), "U+{:04X}", u32::from(c));
        }
    }

    /// Characters chosen for how they join, vanish, grow and nest.
    fn hostile() -> impl Strategy<Value = String> {
        let pieces = prop_oneof![
            6 => prop::sample::select(vec![
                "a", "B", "z", " ", "\n", "\0", "<", ">", "/", "br", "<br>", "<b", "</p>", "-",
                "e\u{301}", "\u{301}", "\u{308}", "\u{306}", "\u{327}", "\u{338}", "\u{345}",
                "\u{3099}", "\u{309a}", "か", "は", "ｶ", "ﾞ", "е", "и", "Ё", "й", "É", "ǆ", "ﬀ",
                "\u{1100}", "\u{1161}", "\u{11a8}", "가", "\u{20dd}", "\u{200b}", "\u{ad}",
                "İ", "ẞ", "´", "＜", "＞", "№", "™", "’", "高", "仿", "\u{fdfa}", "\u{64b}",
                "\u{930}", "\u{93c}", "\u{9c7}", "\u{9be}", "😀", "\u{1f1e6}", "≮", "Å", "ΐ",
            ]).prop_map(str::to_owned),
            1 => any::<char>().prop_map(String::from),
            1 => "[ -~]{0,8}",
        ];
        prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn folding_is_idempotent(text in hostile()) {
            let once = fold(&text);
            prop_assert_eq!(folded(once.as_str()), once.as_str());
        }

        #[test]
        fn the_short_ways_equal_the_long_way(text in hostile()) {
            let fast = fold(&text);
            let mut slow = Folded::default();
            slow.fold_into_the_long_way(&text);
            prop_assert_eq!(fast.as_str(), slow.as_str());
            for at in 0..fast.as_str().len() {
                prop_assert_eq!(fast.source_range(at..at + 1), slow.source_range(at..at + 1));
                prop_assert_eq!(fast.is_line_end(at), slow.is_line_end(at));
            }
        }

        #[test]
        fn segments_equal_the_rule_on_the_whole(text in hostile()) {
            let text = text.replace(['>', '＞'], "");
            let whole: String = fold_segment(text.chars()).collect();
            let words: Vec<&str> = whole.split_whitespace().collect();
            prop_assert_eq!(folded(&text), words.join(" "));
        }

        #[test]
        fn every_folded_character_is_in_the_folding_of_its_source(text in hostile()) {
            let all = fold(&text);
            let mut last = 0;
            for (at, c) in all.as_str().char_indices() {
                let source = all.source_range(at..at + c.len_utf8());
                prop_assert!(text.is_char_boundary(source.start));
                prop_assert!(text.is_char_boundary(source.end));
                prop_assert!(source.start >= last && source.start < source.end);
                last = source.start;
                if c != ' ' {
                    prop_assert!(folded(&text[source]).contains(c));
                }
            }
        }

        #[test]
        fn a_used_buffer_folds_like_a_new_one(first in hostile(), second in hostile()) {
            let mut used = fold(&first);
            used.fold_into(&second);
            let new = fold(&second);
            prop_assert_eq!(used.as_str(), new.as_str());
            let all = 0..new.as_str().len();
            prop_assert_eq!(used.source_range(all.clone()), new.source_range(all));
        }
    }
}
