//! What a word looks like: letters that can be taken for each other fall together.

use std::sync::LazyLock;

use unicode_security::confusable_detection::skeleton as uts39;

/// Replaces `out` by the skeleton of a folded word: look-alike letters of all scripts as one (Unicode
/// Technical Standard 39, small and capital letters), digits and signs as the letters that they are
/// put for, i and l as one, runs of a letter as one letter.
pub(super) fn skeleton_into(word: &str, out: &mut String) {
    out.clear();
    if word.is_ascii() {
        out.extend(runs_as_one(word.bytes().map(look_of_ascii)).map(char::from));
    } else {
        out.extend(runs_as_one(word.chars().map(look)));
    }
}

/// Of each run of equals the first.
fn runs_as_one<T: Copy + PartialEq>(looks: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
    let mut last = None;
    looks.filter(move |own| last.replace(*own) != Some(*own))
}

/// The skeleton of a word of ASCII, in a buffer; `None` for other and for longer words.
pub(super) fn skeleton_of_ascii<'a>(word: &str, buffer: &'a mut [u8]) -> Option<&'a str> {
    if !word.is_ascii() || word.len() > buffer.len() {
        return None;
    }
    let mut length = 0;
    for (place, look) in buffer.iter_mut().zip(runs_as_one(word.bytes().map(look_of_ascii))) {
        *place = look;
        length += 1;
    }
    std::str::from_utf8(&buffer[..length]).ok()
}

/// What stands for all characters that look like this one.
pub(super) fn look(c: char) -> char {
    match u8::try_from(c) {
        Ok(byte) if byte.is_ascii() => char::from(look_of_ascii(byte)),
        _ => look_beyond_ascii(c),
    }
}

const fn look_of_ascii(byte: u8) -> u8 {
    match byte {
        b'l' | b'1' | b'!' | b'|' => b'i',
        b'0' => b'o',
        b'2' => b'z',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'6' | b'8' => b'b',
        b'7' | b'+' => b't',
        b'9' => b'g',
        _ => byte,
    }
}

fn look_beyond_ascii(c: char) -> char {
    match c {
        '£' => 'i',
        '€' => 'e',
        '¢' => 'c',
        _ => LOOKS
            .get((u32::from(c) as usize).wrapping_sub(FIRST))
            .copied()
            .unwrap_or_else(|| plain_letter(c).map_or(c, look)),
    }
}

/// Characters that stand for a letter inside a word and are none.
pub(super) fn is_sign(c: char) -> bool {
    c.is_numeric() || matches!(c, '@' | '$' | '!' | '|' | '€' | '£' | '+' | '¢')
}

/// Small capitals and letters turned upside down, with what they are read as.
const TURNED: &str = "ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwʏyᴢzɐaɔcǝeɟfɥhᴉiʞkɯmɹrʇtʌvʍwʎy";

/// The letter inside a circle, a square or a flag, a small capital or a turned letter, which
/// normalization leaves as they are.
pub(super) fn plain_letter(c: char) -> Option<char> {
    if !matches!(c, 'ǝ' | '\u{250}'..='\u{2af}' | '\u{1d00}'..='\u{1d7f}' | 'ꜰ' | 'ꜱ') {
        return framed_letter(c);
    }
    let mut letters = TURNED.chars();
    while let (Some(own), Some(plain)) = (letters.next(), letters.next()) {
        if own == c {
            return Some(plain);
        }
    }
    None
}

fn framed_letter(c: char) -> Option<char> {
    let offset = match u32::from(c) {
        own @ 0x1f150..=0x1f169 => own - 0x1f150,
        own @ 0x1f170..=0x1f189 => own - 0x1f170,
        own @ 0x1f1e6..=0x1f1ff => own - 0x1f1e6,
        _ => return None,
    };
    char::from_u32(u32::from('a') + offset)
}

/// The first character behind ASCII, from which [`LOOKS`] counts.
const FIRST: usize = 0x80;

/// The looks of Latin, Greek, Cyrillic and Armenian letters.
static LOOKS: LazyLock<Vec<char>> = LazyLock::new(|| {
    (FIRST as u32..0x590).filter_map(char::from_u32).map(look_of_letter).collect()
});

/// Folded text has small letters only, and sellers look for capitals that look the same: В is B.
fn look_of_letter(c: char) -> char {
    let capital = single(c.to_uppercase()).and_then(|own| ascii(uts39_char(own)?));
    let small = || ascii(uts39_char(c)?);
    match c {
        // Not in the standard, and read so all the time.
        'ё' => 'e',
        'η' => 'n',
        'ω' => 'w',
        'τ' => 't',
        'п' => 'n',
        'и' => 'u',
        'я' => 'r',
        _ => plain_letter(c).or(capital).or_else(small).map_or(c, look),
    }
}

fn uts39_char(c: char) -> Option<char> {
    single(uts39(c.encode_utf8(&mut [0; 4])))
}

fn ascii(c: char) -> Option<char> {
    c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase())
}

/// The only item of an iterator.
fn single(mut chars: impl Iterator<Item = char>) -> Option<char> {
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skeleton(word: &str) -> String {
        let mut out = String::new();
        skeleton_into(word, &mut out);
        out
    }

    #[test]
    fn words_that_look_alike_have_one_skeleton() {
        for (word, other) in [
            ("gucci", "guссi"),
            ("gucci", "gucc1"),
            ("gucci", "guccccl"),
            ("replica", "rep1ica"),
            ("replica", "r3pl1c@"),
            ("coach", "соасн"),
            ("tommy", "томму"),
            ("реплика", "peпликa"),
            ("реплика", "р3плика"),
            ("подделка", "п0ддeлкa"),
            ("nike", "νικε"),
            ("replica", "🅡🅔🅟🅛🅘🅒🅐"),
            ("replica", "🇷🇪🇵🇱🇮🇨🇦"),
        ] {
            assert_eq!(skeleton(word), skeleton(other), "{word} {other}");
        }
        assert_ne!(skeleton("nike"), skeleton("bike"));
        for word in ["seller", "256gb", "l1il!", "", "r3pl1c@"] {
            let mut buffer = [0; 8];
            assert_eq!(skeleton_of_ascii(word, &mut buffer), Some(skeleton(word).as_str()));
        }
        assert_eq!(skeleton_of_ascii("сумка", &mut [0; 64]), None);
        assert_eq!(skeleton_of_ascii("seller", &mut [0; 5]), None);
    }

    #[test]
    fn a_skeleton_is_its_own() {
        for word in ["gucci", "реплика", "高仿", "r3pl1c@", "ελληνικα", "straße"]
        {
            assert_eq!(skeleton(&skeleton(word)), skeleton(word));
        }
    }
}
