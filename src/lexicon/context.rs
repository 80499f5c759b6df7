//! Words beside a term that take its meaning away: "no replicas", "レプリカではありません"; and words that
//! make a name a mere mention: "case for iPhone".

use super::words::{finder_of, words_of};
use crate::error::{Result, excerpt};
use crate::reference_file::{ReferenceFile, fault};
use crate::text::{Finder, Folded, KnownMap, folded_string, is_alphanumeric, is_whole_word};

/// What a word of context does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Denies a term up to three words further on.
    Before,
    /// May stand between a denial and the term. Of any other word the denial is its own: in "no box
    /// replica" it is the box that is missing.
    Between,
}

/// The words of context of all languages.
#[derive(Debug)]
pub(crate) struct Context {
    /// Single words that deny, or that may stand between.
    words: KnownMap<String, Role>,
    /// What denies the term right before it.
    after: Vec<String>,
    /// What denies the term right behind it, in scripts without spaces.
    joined: Vec<String>,
    /// What may stand between `joined` and the term.
    fillers: Vec<String>,
    nominative: Vec<String>,
    nominative_after: Vec<String>,
    /// Both kinds of nominatives.
    finder: Finder,
}

impl Context {
    /// Reads the table `kind,language,words`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Reference`] with file, line and column for an unknown kind.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Context> {
        let mut roles: KnownMap<String, Role> = KnownMap::default();
        let [mut after, mut joined, mut fillers] = [const { Vec::new() }; 3];
        let [mut nominative, mut nominative_after] = [const { Vec::new() }; 2];
        for row in &ReferenceFile::parse(name, text, &["kind", "language", "words"])?.rows {
            let [kind, _, words] = row.cells.as_slice() else { continue };
            let words = words_of(words).map(folded_string);
            match kind.as_str() {
                "before" => roles.extend(words.map(|word| (word, Role::Before))),
                // What denies in one language denies in all.
                "between" => {
                    for word in words {
                        roles.entry(word).or_insert(Role::Between);
                    }
                }
                "after" => after.extend(words),
                "joined" => joined.extend(words),
                "filler" => fillers.extend(words),
                "nominative" => nominative.extend(words),
                "nominative_after" => nominative_after.extend(words),
                _ => {
                    let problem = format!("an unknown kind of context, {}", excerpt(kind));
                    return Err(fault(row.place.clone().column("kind"), problem));
                }
            }
        }
        let all = nominative.iter().chain(&nominative_after).map(String::as_str);
        let finder = finder_of(all);
        Ok(Context { words: roles, after, joined, fillers, nominative, nominative_after, finder })
    }

    /// Whether the name from `start` to `end` says what goods fit, not what they are.
    pub(crate) fn is_nominative(&self, text: &str, (start, end): (usize, usize)) -> bool {
        let before = text[..start].trim_end();
        let after = text[end..].trim_start_matches([' ', '-']);
        // Two words may stand between: "for the iPhone", "для электрической щётки Xiaomi".
        let one_less = without_last_word(before);
        let heads = [before, one_less, without_last_word(one_less)];
        let precedes = |word: &String| {
            heads.into_iter().any(|before| {
                before.ends_with(word.as_str())
                    && is_whole_word(before, before.len() - word.len(), before.len(), false)
            })
        };
        let follows = |word: &String| {
            after.starts_with(word.as_str()) && is_whole_word(after, 0, word.len(), false)
        };
        self.nominative.iter().any(precedes) || self.nominative_after.iter().any(follows)
    }

    /// Whether anything in a text says what the goods fit.
    pub(crate) fn has_nominative(&self, text: &Folded) -> bool {
        let mut any = false;
        self.finder.find(text.as_str(), text.index(), |_| any = true);
        any
    }
}

fn without_last_word(text: &str) -> &str {
    text.rfind(' ').map_or("", |at| text[..at].trim_end())
}

/// How many words before a term are looked at.
const MAX_WORDS: usize = 3;

/// How far before a term is looked at, in characters, so that the time stays linear in a text
/// that never ends a clause.
const MAX_CHARS: usize = 60;

/// What denies a term of `language` (a BCP 47 tag) that stands at these folded offsets: where the
/// denial stands.
///
/// `language` matters for one word: "no" is "in the" in Portuguese.
pub(super) fn denial(
    context: &Context,
    text: &Folded,
    (start, end): (usize, usize),
    language: &str,
) -> Option<(usize, usize)> {
    let before = text.as_str().get(..start).unwrap_or_default();
    denial_by_word(context, text, before, language)
        .or_else(|| denial_joined(context, text, before))
        .or_else(|| denial_after(context, text.as_str(), end))
}

fn denial_after(context: &Context, text: &str, end: usize) -> Option<(usize, usize)> {
    let rest = text.get(end..)?;
    let trimmed = rest.trim_start_matches([' ', '"', '”', '」']);
    let at = end + (rest.len() - trimmed.len());
    context.after.iter().find_map(|word| {
        let is_next =
            trimmed.starts_with(word.as_str()) && is_whole_word(text, at, at + word.len(), false);
        is_next.then_some((at, at + word.len()))
    })
}

fn denial_by_word(
    context: &Context,
    text: &Folded,
    before: &str,
    language: &str,
) -> Option<(usize, usize)> {
    let floor = match before.char_indices().rev().nth(MAX_CHARS) {
        Some((at, _)) => at,
        None => 0,
    };
    // What is left to look at; it begins at `floor`.
    let mut rest = before.get(floor..).unwrap_or_default();
    for _ in 0..MAX_WORDS {
        while let Some(c) = rest.chars().next_back().filter(|&c| !is_of_word(c)) {
            if ends_clause(text, floor + rest.len(), c) {
                return None;
            }
            rest = &rest[..rest.len() - c.len_utf8()];
        }
        let left = rest.trim_end_matches(is_of_word);
        let word = &rest[left.len()..];
        if word.is_empty() || (left.is_empty() && floor > 0) {
            return None;
        }
        let role = if word.contains('\'') {
            context.words.get(word.replace('\'', "").as_str())
        } else {
            context.words.get(word)
        };
        match role {
            Some(Role::Before) => {
                let denies = word != "no" || language != "pt";
                let at = floor + left.len();
                return denies.then_some((at, at + word.len()));
            }
            Some(Role::Between) => {}
            None => return None,
        }
        rest = left;
    }
    None
}

fn denial_joined(context: &Context, text: &Folded, before: &str) -> Option<(usize, usize)> {
    let trimmed = before.trim_end_matches([' ', '"', '“', '”']);
    if (trimmed.len()..before.len()).any(|at| text.is_line_end(at)) {
        return None;
    }
    let filler = context.fillers.iter().find_map(|filler| trimmed.strip_suffix(filler.as_str()));
    let rest = filler.unwrap_or(trimmed);
    context.joined.iter().find_map(|negator| {
        let head = rest.strip_suffix(negator.as_str())?;
        // "Is it or is it not" asks: 是不是, 有没有.
        let last = negator.chars().next_back();
        (head.chars().next_back() != last).then_some((head.len(), rest.len()))
    })
}

fn is_of_word(c: char) -> bool {
    is_alphanumeric(c) || c == '\''
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
        let context = Context::parse("context.csv", include_str!("context.csv")).unwrap();
        denial(&context, &folded, (start, start + term.len()), language).is_some()
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
            ("never sell cheap fakes", "fakes"),
            ("не продаём реплики", "реплики"),
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
            ("no problem replica watch", "replica"),
            ("free shipping no minimum replica", "replica"),
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
    fn a_negation_behind_the_term_negates() {
        for (text, term) in [
            ("レプリカではありません", "レプリカ"),
            ("replika değil", "replika"),
            ("레플리카 아님", "레플리카"),
            ("replika bukan", "replika"),
        ] {
            assert!(negated(text, term), "{text}");
        }
        assert!(!negated("replika degiliz", "replika"));
        assert!(!negated("レプリカです。偽物ではありません", "レプリカ"));
    }

    #[test]
    fn a_name_behind_for_is_a_mention() {
        let context = Context::parse("context.csv", include_str!("context.csv")).unwrap();
        let is = |text: &str, name: &str| {
            let folded = fold(text);
            let start = folded.as_str().find(name).expect("the name is there");
            context.is_nominative(folded.as_str(), (start, start + name.len()))
        };
        for (text, name) in [
            ("Case for iPhone 15", "iphone"),
            ("case for the iphone", "iphone"),
            ("чехол для Samsung", "samsung"),
            ("насадки для электрической щётки Xiaomi", "xiaomi"),
            ("适用于 iPhone 手机壳", "iphone"),
            ("iPhone用ケース", "iphone"),
            ("iPhone için kılıf", "iphone"),
            ("cartucho compatível com HP", "hp"),
            ("아이폰 호환 케이스", "아이폰"),
        ] {
            assert!(is(text, name), "{text}");
        }
        assert!(!is("iPhone case", "iphone"));
        assert!(!is("Gucci bag for women", "gucci"));
        assert!(!is("headphones for sport and travel Marshall", "marshall"));
    }
}
