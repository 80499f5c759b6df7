//! Words before a term that take its meaning away: "no replicas".

use crate::text::Folded;

/// Words that negate a term up to three words further on in the clause: English, Russian,
/// Portuguese, Spanish; folded and without apostrophes. Chosen by judgement.
const NEGATORS: &[&str] = &[
    "no",
    "not",
    "non",
    "nor",
    "never",
    "without",
    "isnt",
    "arent",
    "wasnt",
    "dont",
    "doesnt", //
    "не",
    "ни",
    "нет",
    "без",
    "никаких", //
    "nao",
    "nem",
    "sem",
    "nunca",
    "nenhuma", //
    "sin",
    "ni",
    "jamas",
    "ninguna",
];

/// Words that use up a negation or turn against it: in "no box replica" it is the box that is
/// missing, and in "not original but replica" the second half holds. The languages are those of
/// [`NEGATORS`], in the same order. Chosen by judgement.
const BARRIERS: &[&str] = &[
    "box",
    "boxes",
    "tag",
    "tags",
    "receipt",
    "papers",
    "logo",
    "original",
    "originals", //
    "genuine",
    "authentic",
    "real",
    "only",
    "just",
    "but", //
    "коробки",
    "коробка",
    "бирки",
    "бирок",
    "чека",
    "логотипа",
    "оригинал",
    "оригинала", //
    "подлинник",
    "только",
    "просто",
    "а",
    "но", //
    "caixa",
    "etiqueta",
    "nota",
    "originais",
    "apenas",
    "mas", //
    "caja",
    "factura",
    "originales",
    "solo",
    "pero",
    "sino",
];

/// Negations of Chinese, which stand right before the term or before one of the fillers.
const CHINESE_NEGATORS: &[&str] = &[
    "不是", "并非", "绝非", "拒绝", "谢绝", "杜绝", "抵制", "不卖", "不售", "没有", "绝无", "非",
    "无",
];

/// Words that may stand between a negation of Chinese and the term.
const CHINESE_FILLERS: &[&str] = &["一切", "任何", "什么", "所谓的", "所谓", "那种", "各种"];

/// How many words before a term are looked at.
const MAX_WORDS: usize = 3;

/// How far before a term is looked at, in characters, so that the time stays linear in a text
/// that never ends a clause.
const MAX_CHARS: usize = 60;

/// Whether a term of `language` (a BCP 47 tag) that starts at this folded offset is negated.
///
/// `language` matters for one word: "no" is "in the" in Portuguese.
pub(super) fn is_negated(text: &Folded, start: usize, language: &str) -> bool {
    let before = text.as_str().get(..start).unwrap_or_default();
    is_negated_by_word(text, before, language) || is_negated_in_chinese(text, before)
}

fn is_negated_by_word(text: &Folded, before: &str, language: &str) -> bool {
    let floor = match before.char_indices().rev().nth(MAX_CHARS) {
        Some((at, _)) => at,
        None => 0,
    };
    // What is left to look at; it begins at `floor`.
    let mut rest = before.get(floor..).unwrap_or_default();
    let mut follower_is_number = false;
    for _ in 0..MAX_WORDS {
        while let Some(c) = rest.chars().next_back().filter(|&c| !is_of_word(c)) {
            if ends_clause(text, floor + rest.len(), c) {
                return false;
            }
            rest = &rest[..rest.len() - c.len_utf8()];
        }
        let left = rest.trim_end_matches(is_of_word);
        let word = &rest[left.len()..];
        if word.is_empty() || (left.is_empty() && floor > 0) {
            return false;
        }
        let is = |other: &&str| word.chars().filter(|&c| c != '\'').eq(other.chars());
        if BARRIERS.iter().any(is) {
            return false;
        }
        if NEGATORS.iter().any(is) {
            // "No 1 replica" counts, and does not deny.
            return word != "no" || !(follower_is_number || language == "pt");
        }
        follower_is_number = word.starts_with(|c: char| c.is_numeric());
        rest = left;
    }
    false
}

fn is_negated_in_chinese(text: &Folded, before: &str) -> bool {
    let trimmed = before.trim_end_matches([' ', '"', '“', '”']);
    if (trimmed.len()..before.len()).any(|at| text.is_line_end(at)) {
        return false;
    }
    let filler = CHINESE_FILLERS.iter().find_map(|filler| trimmed.strip_suffix(filler));
    let rest = filler.unwrap_or(trimmed);
    CHINESE_NEGATORS.iter().any(|negator| {
        rest.strip_suffix(negator).is_some_and(|head| {
            // "Is it or is it not" asks: 是不是, 有没有.
            let last = negator.chars().next_back();
            head.chars().next_back() != last
        })
    })
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '\''
}

/// Whether the character that ends at this folded offset ends a clause.
fn ends_clause(text: &Folded, end: usize, c: char) -> bool {
    let start = end - c.len_utf8();
    match c {
        ' ' => text.is_line_end(start),
        // A hyphen within a word joins; one beside a space is a dash.
        '-' => {
            let bytes = text.as_str().as_bytes();
            let left = start.checked_sub(1).and_then(|at| bytes.get(at));
            left.is_none_or(|&byte| byte == b' ') || bytes.get(end) == Some(&b' ')
        }
        ',' | '.' | ';' | ':' | '!' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '/' | '\\'
        | '|' => true,
        '~' | '+' | '&' | '=' | '–' | '—' | '•' | '·' | '、' | '。' | '「' | '」' | '【' | '】' => {
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    /// Whether the term is negated where it first stands in the text.
    fn negated(text: &str, term: &str) -> bool {
        negated_in("en", text, term)
    }

    fn negated_in(language: &str, text: &str, term: &str) -> bool {
        let folded = fold(text);
        let start = folded.as_str().find(term).expect("the term is there");
        is_negated(&folded, start, language)
    }

    #[test]
    fn a_negation_in_the_clause_negates() {
        for (text, term) in [
            ("No replicas", "replica"),
            ("this is not a replica", "replica"),
            ("100% authentic, no fakes", "fakes"),
            ("It isn’t a cheap replica!", "replica"),
            ("non-replica", "replica"),
            ("never sell any replicas", "replica"),
            ("we don't do \"replica\"", "replica"),
            ("not fake or replica", "replica"),
            ("это не реплика", "реплика"),
            ("Без подделок", "подделок"),
            ("não é réplica", "replica"),
            ("sem cópias baratas", "copias"),
            ("no es una réplica", "replica"),
            ("Sin réplicas", "replica"),
            ("非高仿", "高仿"),
            ("本店拒绝一切高仿", "高仿"),
            ("绝对不是 A货", "a货"),
        ] {
            assert!(negated(text, term), "{text}");
        }
    }

    #[test]
    fn a_negation_of_something_else_does_not() {
        for (text, term) in [
            ("replica, no box", "replica"),
            ("no box, replica", "replica"),
            ("no box replica", "replica"),
            ("No original box - replica", "replica"),
            ("no box<br>replica", "replica"),
            ("no box\nreplica", "replica"),
            ("not original but replica", "replica"),
            ("not only replicas", "replica"),
            ("No. 1 replica", "replica"),
            ("no 1 replica", "replica"),
            ("note: replica", "replica"),
            ("casino replica", "replica"),
            ("not one two three four replica", "replica"),
            ("не оригинал а реплика", "реплика"),
            ("без коробки реплика", "реплика"),
            ("sem caixa réplica", "replica"),
            ("sin caja réplica", "replica"),
            ("非常好的高仿", "高仿"),
            ("不是正品是高仿", "高仿"),
            ("是不是高仿", "高仿"),
            ("有没有高仿", "高仿"),
            ("非 卖 品\n高仿", "高仿"),
        ] {
            assert!(!negated(text, term), "{text}");
        }
    }

    #[test]
    fn portuguese_no_is_no_negation() {
        assert!(!negated_in("pt", "tênis no padrão primeira linha", "primeira linha"));
        assert!(negated_in("pt", "não é primeira linha", "primeira linha"));
        assert!(negated_in("es", "no es primera linea", "primera linea"));
    }

    #[test]
    fn a_word_cut_by_the_window_is_no_negation() {
        // 60 characters before the term begin in the midst of a word that ends in "no".
        let text = format!("{}no {} replica", "x".repeat(50), "y".repeat(56));
        assert!(!negated(&text, "replica"));
    }

    #[test]
    fn the_words_are_folded_and_listed_once() {
        let lists = [NEGATORS, BARRIERS, CHINESE_NEGATORS, CHINESE_FILLERS];
        let mut words = lists.concat();
        for word in &words {
            assert_eq!(fold(word).as_str(), *word);
        }
        let n_words = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), n_words);
    }
}
