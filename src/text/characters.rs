//! What folding does to each character: steps 1 to 4 of the rule that [`super::Folded`] states.

use std::sync::LazyLock;

use unicode_normalization::char::{
    canonical_combining_class, decompose_canonical, decompose_compatible,
};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Steps 1 to 4 of the rule on a text that is not cut within a segment.
///
/// Decomposition can bring up characters with a substitute (ŉ holds an apostrophe), and a mark
/// that goes can have kept its neighbors from composing: hence both steps are taken twice.
pub(super) fn fold_segment(chars: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    chars
        .filter(|&c| !is_dropped(c))
        .map(substitute)
        .nfkd()
        .map(substitute)
        .filter(|&c| !is_arabic_mark(c))
        .flat_map(char::to_lowercase)
        .nfc()
        .filter_map(without_marks)
        .flat_map(plain_sharp_s)
        .nfc()
}

/// Whether normalization may be cut before this character: it neither composes with what stands
/// before it nor moves ahead of it (Unicode Standard Annex 15, section 9).
pub(super) fn begins_segment(c: char) -> bool {
    if c.is_ascii() || direct(c).is_some() {
        return true;
    }
    let mut first = None;
    decompose_compatible(substitute(c), |d| {
        first.get_or_insert(d);
    });
    first.is_some_and(|d| {
        canonical_combining_class(d) == 0 && is_nfc_quick([d].into_iter()) == IsNormalized::Yes
    })
}

/// The folded form of the commonest characters outside ASCII, where it is one character and
/// needs no look at its neighbors. None of them can join the character before.
pub(super) fn direct(c: char) -> Option<char> {
    match c {
        'а'..='я' | 'ё' => Some(if c == 'ё' { 'е' } else { c }),
        'А'..='Я' | 'Ё' => direct(c.to_lowercase().next()?),
        'ß' => None,
        'À'..='ÿ' => Some(base(c.to_lowercase().next()?)),
        '\u{4e00}'..='\u{9fff}' => Some(simplified(c)),
        '\u{ac00}'..='\u{d7a3}' => Some(c),
        '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '、' | '。' => Some(c),
        _ => None,
    }
}

/// Whether a byte begins a character that may be absorbed by, or compose with, the one before.
pub(super) fn may_join(byte: u8) -> bool {
    !byte.is_ascii() || is_dropped(char::from(byte))
}

/// [`char::is_alphanumeric`], without a look at its tables for the commonest letters outside ASCII.
pub(crate) fn is_alphanumeric(c: char) -> bool {
    matches!(c, 'À'..='Ö' | 'à'..='ö' | 'Ѐ'..='ҁ' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
        || c.is_alphanumeric()
}

/// Characters that leave no trace (step 1 of the rule).
pub(super) fn is_dropped(c: char) -> bool {
    match c {
        '\t'..='\r' | '\u{85}' | ' '..='~' => false,
        '\0'..='\u{9f}' => true,
        '™' | '℠' | '®' | '©' => true,
        _ => matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{640}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{20d0}'..='\u{20ff}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'),
    }
}

/// Marks that are written onto a letter and are none themselves, as in Thai and Devanagari.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{93c}' | '\u{94d}')
}

/// Whether a character is of a script that is written without spaces (Han, kana, Hangul, Thai). Hangul
/// has spaces, but its endings are written onto the word.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{e7f}' // Thai
        | '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7ff}' // Hangul
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' // kana
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' // Han
    )
}

/// Whether a character is a letter or digit of a script that puts spaces between words.
pub(crate) fn is_word_bound(c: char) -> bool {
    is_alphanumeric(c) && !is_unspaced(c)
}

/// Characters that stand for an everyday one (step 2 of the rule).
fn substitute(c: char) -> char {
    match c {
        '\u{2010}' | '\u{2011}' | '\u{2212}' => '-',
        '‘' | '’' | 'ʼ' => '\'',
        '∶' => ':',
        '№' => '#',
        _ => c,
    }
}

/// Step 4 of the rule: none for a mark that is dropped.
fn without_marks(c: char) -> Option<char> {
    match c {
        '\u{300}'..='\u{36f}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{fe20}'..='\u{fe2f}' => None,
        'ё' | 'ѐ' => Some('е'),
        'ѝ' => Some('и'),
        'ς' => Some('σ'),
        'ى' => Some('ي'),
        '\u{4e00}'..='\u{9fff}' => Some(simplified(c)),
        'À'..='\u{24f}'
        | '\u{1e00}'..='\u{1eff}'
        | '\u{370}'..='\u{3ff}'
        | '\u{1f00}'..='\u{1fff}' => Some(base(c)),
        _ => Some(c),
    }
}

/// The sharp s of German, which Switzerland and capitals write as ss.
fn plain_sharp_s(c: char) -> impl Iterator<Item = char> {
    let (first, second) = if c == 'ß' { ('s', Some('s')) } else { (c, None) };
    std::iter::once(first).chain(second)
}

/// Marks of Arabic that few people write: vowels, and what stands on or under an alef.
fn is_arabic_mark(c: char) -> bool {
    matches!(c, '\u{640}' | '\u{64b}'..='\u{655}' | '\u{670}')
}

/// The simplified form of a traditional Chinese character.
fn simplified(c: char) -> char {
    let index = (u32::from(c) as usize).wrapping_sub(FIRST_HAN);
    match SIMPLIFIED.get(index) {
        Some(&simple) if simple != 0 => char::from_u32(u32::from(simple)).unwrap_or(c),
        _ => c,
    }
}

/// The first of the Han characters that the table covers.
const FIRST_HAN: usize = 0x4e00;

/// For each Han character from [`FIRST_HAN`] on its simplified form, 0 where it is one itself.
static SIMPLIFIED: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut table = vec![0; 0x5200];
    let lines = include_str!("han_variants.txt").lines().filter(|line| !line.starts_with('#'));
    for pair in lines.flat_map(str::split_whitespace) {
        let mut chars = pair.chars().map(u32::from);
        if let (Some(from), Some(to)) = (chars.next(), chars.next())
            && let Some(place) = table.get_mut((from as usize).wrapping_sub(FIRST_HAN))
        {
            *place = to as u16;
        }
    }
    table
});

/// The letter under the marks of a composed character, and of a few letters that Unicode does not
/// take apart.
fn base(c: char) -> char {
    let mut first = None;
    decompose_canonical(c, |d| {
        first.get_or_insert(d);
    });
    match first.unwrap_or(c) {
        'đ' | 'ð' => 'd',
        'ł' => 'l',
        'ø' => 'o',
        'ı' => 'i',
        'ħ' => 'h',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_to_letters_tells_what_the_tables_tell() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_alphanumeric(c), c.is_alphanumeric(), "{c:?}");
        }
    }

    #[test]
    fn the_short_way_of_common_characters_is_the_long_way() {
        let mut n_direct = 0;
        for c in char::MIN..=char::MAX {
            let Some(short) = direct(c) else { continue };
            n_direct += 1;
            let long: String = fold_segment([c].into_iter()).collect();
            assert_eq!(long, short.to_string());
            let mut first = None;
            decompose_compatible(c, |d| {
                first.get_or_insert(d);
            });
            let first = first.expect("a decomposition is not empty");
            assert_eq!(canonical_combining_class(first), 0);
            assert_eq!(is_nfc_quick([first].into_iter()), IsNormalized::Yes);
        }
        // Cyrillic, Latin, Han, Hangul, kana with two stops.
        assert_eq!(n_direct, 66 + 63 + 20_992 + 11_172 + (86 + 90 + 2));
    }
}
