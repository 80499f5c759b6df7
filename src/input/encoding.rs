//! In which encoding a text file is: by its byte order mark, as the user says, or told from a
//! sample.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    DecoderResult, Encoding, GB18030, GBK, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, X_USER_DEFINED,
};

use crate::error::{Error, ErrorKind, visible};

/// An encoding that text can be read in, by a name of the WHATWG Encoding Standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextEncoding(&'static Encoding);

impl TextEncoding {
    /// UTF-8, of which ASCII is a part.
    pub const UTF_8: TextEncoding = TextEncoding(UTF_8);

    /// The name, such as `UTF-8`, `GB18030` or `windows-1251`.
    pub fn name(self) -> &'static str {
        // GBK is decoded as the later standard that contains it.
        if self.0 == GBK || self.0 == GB18030 { "GB18030" } else { self.0.name() }
    }

    /// The encoding behind the name.
    pub(super) fn inner(self) -> &'static Encoding {
        self.0
    }
}

impl std::str::FromStr for TextEncoding {
    type Err = Error;

    /// Reads a name or one of its usual spellings: `gbk`, `cp1251`, `latin1`, `utf-16le`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let label = text.trim().to_ascii_lowercase();
        // The standard knows code pages of Windows by another spelling than the programs that
        // write them.
        let label = match label.strip_prefix("cp") {
            Some("936") => "gb18030".to_owned(),
            Some("932") => "shift_jis".to_owned(),
            Some("949") => "euc-kr".to_owned(),
            Some("950") => "big5".to_owned(),
            Some(page) if page.starts_with("125") => format!("windows-{page}"),
            _ => label,
        };
        let found = Encoding::for_label(label.as_bytes());
        match found.filter(|own| *own != REPLACEMENT && *own != X_USER_DEFINED) {
            Some(encoding) => Ok(TextEncoding(encoding)),
            None => Err(ErrorKind::Option {
                option: "--encoding",
                expected: "an encoding such as UTF-8, UTF-16LE, GB18030, Big5, Shift_JIS, EUC-KR, \
                           windows-1251 or ISO-8859-2"
                    .to_owned(),
                found: format!("\"{}\"", visible(text)),
            }
            .into()),
        }
    }
}

/// How the encoding of a file is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodingSource {
    /// The file begins with a byte order mark.
    ByteOrderMark,
    /// The user named it.
    Given,
    /// Told from a sample of the file.
    Detected,
}

/// The encoding of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodingNote {
    /// Which.
    pub encoding: TextEncoding,
    /// How it is known.
    pub source: EncodingSource,
}

/// The encoding of a file that begins so, and the length of its byte order mark.
///
/// A byte order mark is proof and overrules what the user says. Without either, the sample decides:
/// UTF-16 shows by the zero bytes of its ASCII characters, UTF-8 by its sequences, and the others
/// by what chardetng finds likely. A few sequences that are not UTF-8 among many that are do not
/// make another encoding: exports cut texts in the middle of a character.
pub(super) fn encoding_of(sample: &[u8], given: Option<TextEncoding>) -> (EncodingNote, usize) {
    if let Some((encoding, length)) = Encoding::for_bom(sample) {
        let source = EncodingSource::ByteOrderMark;
        return (EncodingNote { encoding: TextEncoding(encoding), source }, length);
    }
    if let Some(encoding) = given {
        return (EncodingNote { encoding, source: EncodingSource::Given }, 0);
    }
    let encoding = utf_16(sample).unwrap_or_else(|| detected(sample));
    (EncodingNote { encoding: TextEncoding(encoding), source: EncodingSource::Detected }, 0)
}

/// UTF-16 without a mark: line ends and commas leave zero bytes at every other place, whatever the
/// language, and other texts have none.
fn utf_16(sample: &[u8]) -> Option<&'static Encoding> {
    let (mut even, mut odd) = (0usize, 0usize);
    for pair in sample.chunks_exact(2) {
        even += usize::from(pair.first() == Some(&0));
        odd += usize::from(pair.get(1) == Some(&0));
    }
    let n_pairs = sample.len() / 2;
    // A fiftieth of the characters: Chinese text with few fields has the least ASCII.
    let (some, none) = (even.max(odd), even.min(odd));
    if some * 50 < n_pairs || some == 0 || none > 0 {
        return None;
    }
    let encoding = if even > odd { UTF_16BE } else { UTF_16LE };
    let whole = sample.get(..n_pairs * 2).unwrap_or_default();
    let (text, _, has_faults) = encoding.decode(whole);
    // A zero byte that strayed into other text does not make its line ends units of their own.
    if !text.contains(['\n', '\r']) {
        return None;
    }
    // The sample may end between the halves of one character.
    let is_cut = text.ends_with('\u{fffd}') && text.matches('\u{fffd}').count() == 1;
    (!has_faults || is_cut).then_some(encoding)
}

fn detected(sample: &[u8]) -> &'static Encoding {
    let (n_valid, n_broken) = utf_8_sequences(sample);
    if n_broken == 0 || n_valid >= n_broken * 2 {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let is_doubtful = guess.is_single_byte() && looks_double(sample);
    if is_doubtful && is_whole(sample, GB18030) { GB18030 } else { guess }
}

/// How many stretches of bytes that are not ASCII tell that a text is of two bytes a character.
const TELLING_RUNS: usize = 16;

/// True for a sample whose bytes that are not ASCII stand in pairs.
///
/// chardetng gives up GBK at the first character of four bytes, as emoji are. In text of one byte a
/// character every other word has an odd number of such bytes, and an accent stands alone.
fn looks_double(sample: &[u8]) -> bool {
    let runs = sample.split(u8::is_ascii).filter(|run| !run.is_empty());
    let (n_all, n_odd) =
        runs.fold((0_usize, 0_usize), |(n_all, n_odd), run| (n_all + 1, n_odd + run.len() % 2));
    n_all >= TELLING_RUNS && n_odd * 10 <= n_all
}

/// True for a sample that is text of an encoding, but for a character that its end cuts.
fn is_whole(sample: &[u8], encoding: &'static Encoding) -> bool {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = vec![0; sample.len() * 2 + 16];
    let (result, _, _) = decoder.decode_to_utf8_without_replacement(sample, &mut text, false);
    matches!(result, DecoderResult::InputEmpty)
}

/// How many sequences of several bytes are UTF-8, and how many are not; one that the end of the
/// sample cuts counts as neither.
fn utf_8_sequences(sample: &[u8]) -> (usize, usize) {
    let (mut n_valid, mut n_broken) = (0, 0);
    let mut rest = sample;
    loop {
        let (valid, skip) = match std::str::from_utf8(rest) {
            Ok(_) => (rest, None),
            Err(error) => {
                let (valid, broken) = rest.split_at(error.valid_up_to());
                (valid, error.error_len().filter(|length| *length <= broken.len()))
            }
        };
        // Bytes of 0xC0 and above begin a sequence.
        n_valid += valid.iter().filter(|byte| **byte >= 0xc0).count();
        let Some(skip) = skip else { return (n_valid, n_broken) };
        n_broken += 1;
        rest = rest.get(valid.len() + skip..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(sample: &[u8]) -> &'static str {
        encoding_of(sample, None).0.encoding.name()
    }

    fn encoded(text: &str, label: &str) -> Vec<u8> {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap();
        if encoding == UTF_16LE {
            return text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        }
        if encoding == UTF_16BE {
            return text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        }
        let (bytes, _, has_unmappable) = encoding.encode(text);
        assert!(!has_unmappable, "{label}");
        bytes.into_owned()
    }

    const CHINESE: &str = "商品编号,标题,价格\n1,高仿手提包 真皮 女士单肩包,1299\n2,运动鞋 男款 透气跑步鞋 正品保证,359\n";
    const TRADITIONAL: &str =
        "商品編號,標題,價格\n1,真皮手提包 女士單肩包 專櫃正品,1299\n2,運動鞋 男款 透氣跑步鞋,359\n";
    const JAPANESE: &str = "商品番号,タイトル,価格\n1,ブランド レザー バッグ 新品 未使用,12800\n2,スニーカー メンズ 送料無料です,3590\n";
    const KOREAN: &str = "상품번호,제목,가격\n1,가죽 핸드백 정품 새상품 입니다,129000\n2,운동화 남성용 무료배송,35900\n";
    const RUSSIAN: &str = "артикул,название,цена\n1,Кожаная сумка женская оригинал,1299\n2,Кроссовки мужские летние,3590\n";
    const TURKISH: &str = "ürün,başlık,fiyat\n1,Kadın deri çanta orijinal ürün hızlı gönderi,1299\n2,Erkek koşu ayakkabısı şık ve rahat,359\n";
    const GERMAN: &str = "Artikel,Titel,Preis\n1,Ledertasche für Damen größer schöne Qualität,129\n2,Straßenschuhe für Männer,59\n";

    #[test]
    fn each_encoding_is_told_from_a_few_lines() {
        for (text, label, expected) in [
            (CHINESE, "utf-8", "UTF-8"),
            (CHINESE, "gb18030", "GB18030"),
            (CHINESE, "utf-16le", "UTF-16LE"),
            (CHINESE, "utf-16be", "UTF-16BE"),
            (TRADITIONAL, "big5", "Big5"),
            (JAPANESE, "shift_jis", "Shift_JIS"),
            (JAPANESE, "euc-jp", "EUC-JP"),
            (KOREAN, "euc-kr", "EUC-KR"),
            (RUSSIAN, "windows-1251", "windows-1251"),
            (RUSSIAN, "koi8-u", "KOI8-U"),
            (TURKISH, "windows-1254", "windows-1254"),
            (GERMAN, "windows-1252", "windows-1252"),
            ("id,title\n1,bag\n", "utf-8", "UTF-8"),
            ("id,title\n1,bag\n", "utf-16le", "UTF-16LE"),
        ] {
            assert_eq!(name(&encoded(text, label)), expected, "{label}: {text}");
        }
        assert_eq!(name(b""), "UTF-8");
    }

    /// Seen on a Russian export saved as GB18030: emoji made chardetng call it windows-1252.
    #[test]
    fn characters_of_four_bytes_do_not_hide_gb18030() {
        let text = RUSSIAN.repeat(4) + "3,Сумка 👜 новая,5\n";
        assert_eq!(name(&encoded(&text, "gb18030")), "GB18030");
        assert_eq!(name(&encoded(&RUSSIAN.repeat(9), "windows-1251")), "windows-1251");
        assert_eq!(name(&encoded(&GERMAN.repeat(9), "windows-1252")), "windows-1252");
        assert_eq!(name(&encoded(&JAPANESE.repeat(9), "shift_jis")), "Shift_JIS");
        assert_eq!(name(&encoded(&KOREAN.repeat(9), "euc-kr")), "EUC-KR");
        assert_eq!(name(&encoded(&TRADITIONAL.repeat(9), "big5")), "Big5");
    }

    #[test]
    fn a_mark_overrules_and_is_not_text() {
        let gb18030: TextEncoding = "gbk".parse().unwrap();
        for (head, expected, length) in [
            (&b"\xef\xbb\xbfid"[..], "UTF-8", 3),
            (b"\xff\xfei\0", "UTF-16LE", 2),
            (b"\xfe\xff\0i", "UTF-16BE", 2),
        ] {
            let (note, mark) = encoding_of(head, Some(gb18030));
            assert_eq!((note.encoding.name(), mark), (expected, length));
            assert_eq!(note.source, EncodingSource::ByteOrderMark);
        }
        let (note, mark) = encoding_of(b"id", Some(gb18030));
        assert_eq!((note.encoding.name(), mark), ("GB18030", 0));
        assert_eq!(note.source, EncodingSource::Given);
    }

    #[test]
    fn a_text_cut_within_a_character_is_still_utf_8() {
        let mut sample = CHINESE.as_bytes().to_vec();
        sample.truncate(sample.len() - 20);
        assert_eq!(name(&sample[..sample.len() - 1]), "UTF-8");
        // A field cut after two of the three bytes of a character.
        let at = sample.windows(3).rposition(|three| three == "跑".as_bytes()).unwrap();
        sample.remove(at + 2);
        assert_eq!(name(&sample), "UTF-8");
        // Odd length and half a pair.
        let mut wide = encoded("id,title\n1,👜👜\n", "utf-16le");
        wide.truncate(wide.len() - 3);
        assert_eq!(name(&wide), "UTF-16LE");
    }

    #[test]
    fn zero_bytes_alone_make_no_utf_16() {
        assert_eq!(name(b"a\0\0b,c\0\0\0d\n"), "UTF-8");
        assert_eq!(name(b"id,title\n1,\0\n2,bag of many things and more\n"), "UTF-8");
    }

    #[test]
    fn usual_spellings_name_an_encoding() {
        for (text, expected) in [
            ("utf8", "UTF-8"),
            (" GBK ", "GB18030"),
            ("cp936", "GB18030"),
            ("gb2312", "GB18030"),
            ("cp1251", "windows-1251"),
            ("CP932", "Shift_JIS"),
            ("sjis", "Shift_JIS"),
            ("cp949", "EUC-KR"),
            ("cp950", "Big5"),
            ("latin1", "windows-1252"),
            ("iso-8859-2", "ISO-8859-2"),
            ("utf-16", "UTF-16LE"),
            ("utf-16be", "UTF-16BE"),
        ] {
            assert_eq!(text.parse::<TextEncoding>().unwrap().name(), expected);
        }
        for text in ["", "klingon", "utf-7", "replacement", "x-user-defined", "iso-2022-kr"] {
            let error = text.parse::<TextEncoding>().unwrap_err();
            assert!(error.to_string().starts_with("--encoding: expected"), "{error}");
        }
    }
}
