//! Slang: words that no lexicon knows, some of which decide labels, and which sellers share.
//!
//! The words and what they mean are the same in every market; how often one is used falls with its
//! rank, as in any language. Every seller has a few favorites, so that a word that says nothing but
//! who sells can be taken for one that says what is sold.

use std::sync::LazyLock;

use super::dice::Dice;
use super::market::Draft;
use super::truth::Effect;

/// How many words there are.
const N_WORDS: usize = 600;
/// Favorites of a seller.
const N_FAVORITES: usize = 10;
/// Share of the slang of a listing that is of its seller's favorites.
const FAVORITE: f64 = 0.7;
/// The most slang words of a title and of a description.
const MOST: (usize, usize) = (3, 5);
/// Sets the draws of slang apart from those of the market of the same seed.
const STREAM: u64 = 0x51a6_0000_0000_0000;
/// Log-odds of the telling words, in turn.
const STRENGTHS: [f64; 5] = [3.0, -2.0, 2.0, 3.5, -1.5];

/// A word of the slang.
struct Slang {
    word: String,
    /// The same with the features that learn the words of titles and of descriptions before it.
    columns: [String; 2],
    /// Log-odds that it adds in a title and in a description, however often it stands there.
    log_odds: [f64; 2],
}

/// All words, the most frequent first.
static WORDS: LazyLock<Vec<Slang>> = LazyLock::new(|| (0..N_WORDS).map(slang).collect());

/// The word of a rank: every fourth tells something, in titles, in descriptions or in both in turn.
fn slang(rank: usize) -> Slang {
    let word = word(rank);
    let nth = rank / 4;
    let strength = if rank % 4 == 1 { STRENGTHS[nth % STRENGTHS.len()] } else { 0.0 };
    let log_odds = match nth % 3 {
        0 => [strength, 0.0],
        1 => [0.0, strength],
        _ => [strength; 2],
    };
    let columns = [format!("words_in_title:{word}"), format!("words_in_description:{word}")];
    Slang { word, columns, log_odds }
}

/// An invented word: two open syllables and a consonant. 7919 and 4900 have no common divisor, so
/// no two ranks below 4900 share their syllables.
fn word(rank: usize) -> String {
    const CONSONANTS: [char; 14] =
        ['b', 'd', 'f', 'g', 'h', 'k', 'm', 'n', 'p', 'r', 's', 't', 'v', 'z'];
    const VOWELS: [char; 5] = ['a', 'e', 'i', 'o', 'u'];
    let mixed = (rank * 7919 + 1234) % 4900;
    let syllable = |index: usize| [CONSONANTS[index / 5], VOWELS[index % 5]];
    let mut letters = Vec::from(syllable(mixed / 70));
    letters.extend(syllable(mixed % 70));
    letters.push(CONSONANTS[mixed % 13]);
    letters.into_iter().collect()
}

/// A rank, drawn with a probability of about one over the rank.
fn draw_rank(dice: &mut Dice) -> usize {
    let rank = libm::exp(dice.unit() * libm::log(N_WORDS as f64 + 1.0)) as usize;
    rank.clamp(1, N_WORDS) - 1
}

/// Adds slang to titles and descriptions, and what it means to the drafts.
pub(crate) fn write(drafts: &mut [Draft], n_sellers: usize, seed: u64) {
    let mut dice = Dice::new(seed ^ STREAM);
    let favorites: Vec<[usize; N_FAVORITES]> =
        (0..n_sellers).map(|_| std::array::from_fn(|_| draw_rank(&mut dice))).collect();
    for draft in drafts {
        let own = &favorites[draft.seller];
        let mut draw = |most: usize| -> Vec<usize> {
            let n = dice.below(most + 1);
            let mut ranks = Vec::with_capacity(n);
            for _ in 0..n {
                let is_favorite = dice.chance(FAVORITE);
                ranks.push(if is_favorite { *dice.pick(own) } else { draw_rank(&mut dice) });
            }
            ranks
        };
        let in_title = draw(MOST.0);
        let mut in_description = draw(MOST.1);
        for &rank in &in_title {
            draft.listing.title.push(' ');
            draft.listing.title.push_str(&WORDS[rank].word);
        }
        match &mut draft.listing.description {
            Some(text) if !text.is_empty() => {
                for &rank in &in_description {
                    text.push(' ');
                    text.push_str(&WORDS[rank].word);
                }
            }
            _ => in_description.clear(),
        }
        draft.slang = log_odds(0, in_title) + log_odds(1, in_description);
    }
}

/// What words add in titles (0) or descriptions (1), each once.
fn log_odds(field: usize, mut ranks: Vec<usize>) -> f64 {
    ranks.sort_unstable();
    ranks.dedup();
    ranks.into_iter().map(|rank| WORDS[rank].log_odds[field]).sum()
}

/// What the telling words add, one effect a word and field.
pub(crate) fn effects() -> Vec<Effect> {
    let of_word = |own: &'static Slang| {
        let fields = own.columns.iter().zip(own.log_odds);
        fields.filter(|(_, log_odds)| *log_odds != 0.0).map(|(column, coefficient)| Effect {
            signal: column.as_str(),
            coefficient,
            unit: "1 when it stands there, else 0",
        })
    };
    WORDS.iter().flat_map(of_word).collect()
}

#[cfg(test)]
mod tests {
    use super::super::text::{TextFlags, flags_found};
    use super::super::truth::tests::draft;
    use super::*;
    use crate::lexicon::Matcher;
    use crate::text::fold;
    use std::collections::HashSet;

    #[test]
    fn words_differ_and_no_lexicon_knows_them() {
        let words: HashSet<&str> = WORDS.iter().map(|own| own.word.as_str()).collect();
        assert_eq!(words.len(), N_WORDS);
        let matcher = Matcher::builtin().unwrap();
        for word in words {
            assert_eq!(flags_found(word), TextFlags::default(), "{word}");
            let mut hits = Vec::new();
            matcher.find(&fold(word), &mut hits);
            assert!(hits.is_empty(), "{word}");
        }
    }

    #[test]
    fn a_word_is_made_of_its_rank() {
        // 1234 = 17 x 70 + 44: syllable 17 is consonant 3 with vowel 2, 44 is consonant 8 with
        // vowel 4, and 1234 is 12 more than a multiple of 13.
        assert_eq!(word(0), "gipuv");
        // 7919 + 1234 = 9153, 4253 beyond 4900; 4253 = 60 x 70 + 53 and 2 beyond a multiple of 13.
        assert_eq!(word(1), "vasof");
    }

    #[test]
    fn every_fourth_word_tells_in_turn() {
        let log_odds: Vec<[f64; 2]> = [0, 1, 5, 9, 13, 17].map(|at| WORDS[at].log_odds).into();
        let expected = [[0.0, 0.0], [3.0, 0.0], [0.0, -2.0], [2.0, 2.0], [3.5, 0.0], [0.0, -1.5]];
        assert_eq!(log_odds, expected);
        // 150 ranks leave 1 on division by 4; a third of them tell in both fields.
        assert_eq!(effects().len(), 200);
        assert_eq!(effects()[0].signal, "words_in_title:vasof");
    }

    #[test]
    fn the_log_odds_are_those_of_the_words_that_are_written() {
        let mut drafts: Vec<Draft> = (0..500).map(|_| draft("V", 5.0)).collect();
        for own in drafts.iter_mut().skip(250) {
            own.listing.description = Some("Soft.".into());
        }
        write(&mut drafts, 1, 3);
        let mut n_telling = 0;
        for own in &drafts {
            let texts = [&own.listing.title, own.listing.description.as_ref().unwrap()];
            let expected: f64 = texts
                .into_iter()
                .enumerate()
                .map(|(field, text)| {
                    let words: HashSet<&str> = text.split(' ').collect();
                    let known = WORDS.iter().filter(|own| words.contains(own.word.as_str()));
                    known.map(|own| own.log_odds[field]).sum::<f64>()
                })
                .sum();
            assert!((own.slang - expected).abs() < 1e-12, "{texts:?}");
            n_telling += usize::from(expected != 0.0);
        }
        assert!(n_telling > 50, "{n_telling}");
        assert!(drafts.iter().take(250).all(|own| own.listing.description.as_deref() == Some("")));
    }

    #[test]
    fn frequency_falls_with_rank() {
        let mut dice = Dice::new(8);
        let mut counts = [0; N_WORDS];
        for _ in 0..20_000 {
            counts[draw_rank(&mut dice)] += 1;
        }
        // ln 2 / ln 601 = 0.108 of the draws are the first word, with a standard deviation of 44.
        assert!((1990..=2340).contains(&counts[0]), "{}", counts[0]);
        assert!(counts[1] > counts[9] && counts[9] > counts[99]);
    }
}
