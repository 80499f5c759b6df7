//! What sellers write: titles and descriptions with or without telling phrases.

use super::dice::Dice;
use super::vocabulary::Language;

/// A kind of telling phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextClass {
    /// A replica term of severity A: near certain.
    ReplicaCertain,
    /// A replica term of severity B: strong.
    ReplicaStrong,
    /// A replica term of severity C: weak.
    ReplicaWeak,
    /// A claim that the piece is genuine.
    AuthenticityClaim,
    /// A way of contact outside the marketplace.
    Contact,
    /// Calls the piece like those of a brand.
    Copycat,
    /// A claim that the piece is genuine, in other words than the first. Only beside one of those.
    SecondClaim,
    /// Declines to stand for the piece being genuine.
    Disclaimer,
    /// A web address.
    Link,
}

impl TextClass {
    /// All classes, in the order in which they are declared.
    pub(crate) const ALL: [TextClass; 9] = [
        TextClass::ReplicaCertain,
        TextClass::ReplicaStrong,
        TextClass::ReplicaWeak,
        TextClass::AuthenticityClaim,
        TextClass::Contact,
        TextClass::Copycat,
        TextClass::SecondClaim,
        TextClass::Disclaimer,
        TextClass::Link,
    ];

    /// Those that call a piece a copy.
    pub(crate) const REPLICA: [TextClass; 3] =
        [TextClass::ReplicaCertain, TextClass::ReplicaStrong, TextClass::ReplicaWeak];
}

/// The classes of which a text holds a phrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TextFlags([bool; 9]);

impl TextFlags {
    /// The flags of these classes.
    pub(crate) fn of(classes: &[TextClass]) -> Self {
        TextFlags(TextClass::ALL.map(|class| classes.contains(&class)))
    }

    /// True when the text holds a phrase of the class.
    pub(crate) fn has(self, class: TextClass) -> bool {
        self.0[class as usize]
    }
}

/// The web address that the simulator writes, of a name that is kept for examples (RFC 2606).
const ALBUM: &str = "https://album.example/77";

/// Every telling phrase that the simulator writes. No phrase holds one of another class.
pub(crate) const PHRASES: &[(Language, TextClass, &[&str])] = &[
    (Language::En, TextClass::ReplicaCertain, &["replica", "superfake", "mirror quality"]),
    (Language::En, TextClass::ReplicaStrong, &["1:1"]),
    (
        Language::En,
        TextClass::ReplicaWeak,
        &["super clone", "master copy", "knock off", "budget batch"],
    ),
    (Language::En, TextClass::AuthenticityClaim, &["100% authentic", "guaranteed real"]),
    (Language::En, TextClass::Contact, &["WhatsApp", "Telegram", "WeChat"]),
    (Language::En, TextClass::Copycat, &["inspired by"]),
    (Language::En, TextClass::SecondClaim, &["100% genuine"]),
    (Language::En, TextClass::Disclaimer, &["judge by price", "cannot guarantee authenticity"]),
    (Language::En, TextClass::Link, &[ALBUM]),
    (Language::Zh, TextClass::ReplicaCertain, &["高仿"]),
    (Language::Zh, TextClass::ReplicaStrong, &["A货", "一比一", "老鼠货"]),
    (Language::Zh, TextClass::ReplicaWeak, &["精仿", "仿品", "山寨", "莆田鞋"]),
    (Language::Zh, TextClass::AuthenticityClaim, &["正品", "专柜正品", "保真", "假一赔十"]),
    (Language::Zh, TextClass::Contact, &["微信", "VX", "WeChat"]),
    (Language::Zh, TextClass::Copycat, &["大牌同款", "专柜同款"]),
    (Language::Zh, TextClass::SecondClaim, &["支持验货"]),
    (Language::Zh, TextClass::Disclaimer, &["真假自辨"]),
    (Language::Zh, TextClass::Link, &[ALBUM]),
    (Language::Ru, TextClass::ReplicaCertain, &["реплика"]),
    (Language::Ru, TextClass::ReplicaStrong, &["паль", "фейк", "подделка"]),
    (Language::Ru, TextClass::ReplicaWeak, &["люкс копия", "качество 1в1", "неавторизованный"]),
    (Language::Ru, TextClass::AuthenticityClaim, &["оригинал", "оригинал 100%"]),
    (Language::Ru, TextClass::Contact, &["WhatsApp", "Telegram"]),
    (Language::Ru, TextClass::Copycat, &["по мотивам"]),
    (Language::Ru, TextClass::SecondClaim, &["гарантия подлинности"]),
    (Language::Ru, TextClass::Disclaimer, &["судите по цене"]),
    (Language::Ru, TextClass::Link, &[ALBUM]),
    (
        Language::Pt,
        TextClass::ReplicaCertain,
        &["réplica perfeita", "réplica idêntica", "superfake"],
    ),
    (Language::Pt, TextClass::ReplicaStrong, &["falsificado"]),
    (
        Language::Pt,
        TextClass::ReplicaWeak,
        &["importado linha premium", "qualidade espelho", "cópia fiel"],
    ),
    (Language::Pt, TextClass::AuthenticityClaim, &["100% original", "original garantido"]),
    (Language::Pt, TextClass::Contact, &["WhatsApp", "Telegram"]),
    (Language::Pt, TextClass::Copycat, &["inspirado em"]),
    (Language::Pt, TextClass::SecondClaim, &["100% autêntico"]),
    (Language::Pt, TextClass::Disclaimer, &["julgue pelo preço"]),
    (Language::Pt, TextClass::Link, &[ALBUM]),
    (Language::Es, TextClass::ReplicaCertain, &["réplica"]),
    (Language::Es, TextClass::ReplicaStrong, &["falsificación"]),
    (Language::Es, TextClass::ReplicaWeak, &["calidad espejo", "copia fiel", "cachina"]),
    (Language::Es, TextClass::AuthenticityClaim, &["100% original", "original garantizado"]),
    (Language::Es, TextClass::Contact, &["WhatsApp", "Telegram"]),
    (Language::Es, TextClass::Copycat, &["inspirado en"]),
    (Language::Es, TextClass::SecondClaim, &["100% auténtico"]),
    (Language::Es, TextClass::Disclaimer, &["sin garantía de autenticidad"]),
    (Language::Es, TextClass::Link, &[ALBUM]),
];

/// What a title and a description are to say.
pub(crate) struct TextPlan {
    /// The language of both.
    pub(crate) language: Language,
    /// Position in [`super::catalog::CATEGORIES`].
    pub(crate) category: usize,
    /// The brand, where the text names it.
    pub(crate) brand: Option<&'static str>,
    /// Which telling phrases stand in one of the two.
    pub(crate) flags: TextFlags,
    /// About how many words the description has; 0 for none, when the title says everything.
    pub(crate) description_words: usize,
}

impl TextPlan {
    /// A title of 4 to 12 words (longer only when it has to say everything) and a description.
    pub(crate) fn write(&self, dice: &mut Dice) -> (String, String) {
        let mut in_title = Vec::new();
        let mut in_description = Vec::new();
        for class in TextClass::ALL {
            if !self.flags.has(class) {
                continue;
            }
            let phrase = *dice.pick(phrases(self.language, class));
            // Two phrases leave a title room for brand and noun within its 12 words.
            let title_has_room = in_title.len() < 2 && dice.chance(0.5);
            if self.description_words == 0 || title_has_room {
                in_title.push(phrase);
            } else {
                in_description.push((class, phrase));
            }
        }
        let title = self.write_title(&in_title, dice);
        let description = self.write_description(&in_description, dice);
        (title, description)
    }

    /// Brand, phrases, noun and attributes, in this order: replica terms stand beside the brand.
    fn write_title(&self, phrases: &[&str], dice: &mut Dice) -> String {
        let vocabulary = self.language.vocabulary();
        let mut parts: Vec<&str> = self.brand.into_iter().collect();
        parts.extend(phrases);
        parts.push(vocabulary.nouns[self.category]);
        let target = 4 + dice.below(6);
        let mut attributes: Vec<&str> = vocabulary.attributes.to_vec();
        dice.shuffle(&mut attributes);
        for attribute in attributes {
            if count_words(&parts) >= target {
                break;
            }
            parts.push(attribute);
        }
        parts.join(" ")
    }

    /// Neutral sentences with the phrases between them, each a sentence of its own.
    fn write_description(&self, phrases: &[(TextClass, &str)], dice: &mut Dice) -> String {
        if self.description_words == 0 {
            return String::new();
        }
        let vocabulary = self.language.vocabulary();
        let subject = self.brand.unwrap_or(vocabulary.nouns[self.category]);
        let mut sentences: Vec<String> = phrases
            .iter()
            .map(|(class, phrase)| match class {
                TextClass::Contact => format!("{} {phrase}", vocabulary.contact_us),
                _ => format!("{subject} {phrase}"),
            })
            .collect();
        let mut pool: Vec<&str> = vocabulary.sentences.to_vec();
        dice.shuffle(&mut pool);
        let mut words: usize = sentences.iter().map(|own| own.split(' ').count()).sum();
        for sentence in pool.iter().cycle() {
            if words >= self.description_words && !sentences.is_empty() {
                break;
            }
            words += match self.language {
                // Chinese is written without blanks; a word is about two characters.
                Language::Zh => sentence.chars().count().div_ceil(2),
                _ => sentence.split(' ').count(),
            };
            sentences.push((*sentence).to_owned());
        }
        dice.shuffle(&mut sentences);
        let mut description = sentences.join(vocabulary.stop);
        description.push_str(vocabulary.stop.trim_end());
        description
    }
}

/// How the simulator hides a phrase from filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hiding {
    /// A zero-width space behind the second character.
    Invisible,
    /// Cyrillic letters for Latin ones and the reverse.
    LookAlike,
    /// Digits for letters.
    Digits,
}

/// Hides one phrase of a copy or a contact in a text, if it can be hidden; what the text then is.
pub(crate) fn hide_phrase(text: &str, language: Language, dice: &mut Dice) -> Option<String> {
    const HIDDEN: [TextClass; 4] = [
        TextClass::ReplicaCertain,
        TextClass::ReplicaStrong,
        TextClass::ReplicaWeak,
        TextClass::Contact,
    ];
    let hiding = *dice.pick(&[Hiding::Invisible, Hiding::LookAlike, Hiding::Digits]);
    let all = HIDDEN.into_iter().flat_map(|class| phrases(language, class));
    let phrase = all.copied().find(|phrase| text.contains(phrase))?;
    let word = phrase.split(' ').next().filter(|word| word.chars().count() > 4)?;
    let hidden = hidden_word(word, hiding)?;
    (hidden != word).then(|| text.replacen(phrase, &phrase.replacen(word, &hidden, 1), 1))
}

fn hidden_word(word: &str, hiding: Hiding) -> Option<String> {
    let exchange = |pairs: &[(char, char)]| {
        let (from, to) = *pairs.iter().find(|(from, _)| word.contains(*from))?;
        Some(word.replacen(from, &to.to_string(), 1))
    };
    match hiding {
        Hiding::Invisible => {
            let (at, _) = word.char_indices().nth(2)?;
            Some(format!("{}\u{200b}{}", &word[..at], &word[at..]))
        }
        Hiding::LookAlike => {
            exchange(&[('a', 'а'), ('e', 'е'), ('а', 'a'), ('е', 'e'), ('о', 'o')])
        }
        Hiding::Digits => exchange(&[('i', '1'), ('o', '0'), ('e', '3'), ('о', '0'), ('з', '3')]),
    }
}

/// The phrases of a class in a language; empty when the table has none.
fn phrases(language: Language, class: TextClass) -> &'static [&'static str] {
    PHRASES
        .iter()
        .find(|(own, kind, _)| *own == language && *kind == class)
        .map_or(&[], |(_, _, phrases)| phrases)
}

fn count_words(parts: &[&str]) -> usize {
    parts.iter().map(|part| part.split(' ').count()).sum()
}

/// The classes of which a text holds a phrase of any language, found by looking, not by drawing.
#[cfg(test)]
pub(crate) fn flags_found(text: &str) -> TextFlags {
    let text = text.to_lowercase();
    let found: Vec<TextClass> = PHRASES
        .iter()
        .filter(|(_, _, phrases)| phrases.iter().any(|phrase| holds(&text, &phrase.to_lowercase())))
        .map(|(_, class, _)| *class)
        .collect();
    TextFlags::of(&found)
}

/// True when a phrase stands in a text with no letter or digit on either side.
#[cfg(test)]
fn holds(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(start, found)| {
        let before = text[..start].chars().next_back();
        let after = text[start + found.len()..].chars().next();
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !is_word(before) && !is_word(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Kind, Matcher, Severity};
    use crate::text::fold;

    #[test]
    fn every_language_has_phrases_of_every_class() {
        for language in Language::ALL {
            for class in TextClass::ALL {
                assert!(!phrases(language, class).is_empty(), "{language:?} {class:?}");
            }
        }
        assert_eq!(PHRASES.len(), 45);
        for (index, class) in TextClass::ALL.into_iter().enumerate() {
            assert_eq!(class as usize, index);
        }
    }

    #[test]
    fn no_phrase_holds_one_of_another_class() {
        for (_, class, phrases) in PHRASES {
            for phrase in *phrases {
                assert_eq!(flags_found(phrase), TextFlags::of(&[*class]), "{phrase}");
            }
        }
    }

    /// The classes that the lexicons find in a text.
    fn flags_matched(matcher: &Matcher, text: &str) -> TextFlags {
        let mut hits = Vec::new();
        matcher.find(&fold(text), &mut hits);
        let classes = hits.iter().filter(|hit| hit.counts()).filter_map(|hit| {
            let term = &matcher.terms()[hit.term];
            match (term.kind, term.weight()) {
                (Kind::Replica | Kind::Grade, Severity::A) => Some(TextClass::ReplicaCertain),
                (Kind::Replica | Kind::Grade, Severity::B) => Some(TextClass::ReplicaStrong),
                (Kind::Replica | Kind::Grade, Severity::C) => Some(TextClass::ReplicaWeak),
                (Kind::AuthenticityClaim, _) => Some(TextClass::AuthenticityClaim),
                (Kind::Contact, _) => Some(TextClass::Contact),
                (Kind::Copycat, _) => Some(TextClass::Copycat),
                (Kind::Disclaimer, _) => Some(TextClass::Disclaimer),
                _ => None,
            }
        });
        TextFlags::of(&classes.collect::<Vec<_>>())
    }

    /// The truth counts a phrase under the class that the lexicons give it; where the two differ,
    /// the true coefficients could not be recovered.
    #[test]
    fn the_lexicons_see_each_phrase_in_its_class() {
        let matcher = Matcher::builtin().unwrap();
        for (language, class, phrases) in PHRASES {
            for phrase in *phrases {
                let expected: &[TextClass] = match class {
                    TextClass::SecondClaim => &[TextClass::AuthenticityClaim],
                    TextClass::Link => &[],
                    other => &[*other],
                };
                let matched = flags_matched(&matcher, phrase);
                assert_eq!(matched, TextFlags::of(expected), "{language:?} {phrase}");
            }
        }
        for language in Language::ALL {
            for phrase in language.vocabulary().neutral() {
                let matched = flags_matched(&matcher, phrase);
                assert_eq!(matched, TextFlags::default(), "{phrase}");
            }
        }
    }

    #[test]
    fn neutral_words_hold_no_phrase_of_any_language() {
        for language in Language::ALL {
            for phrase in language.vocabulary().neutral() {
                assert_eq!(flags_found(phrase), TextFlags::default(), "{phrase}");
                // Chinese phrases are found without blanks around them, too.
                for (_, _, telling) in PHRASES.iter().filter(|(own, _, _)| *own == Language::Zh) {
                    assert!(telling.iter().all(|own| !phrase.contains(own)), "{phrase}");
                }
            }
        }
    }

    #[test]
    fn a_title_has_4_to_12_words_when_a_description_shares_the_phrases() {
        let mut dice = Dice::new(4);
        for language in Language::ALL {
            for _ in 0..200 {
                let plan = TextPlan {
                    language,
                    category: dice.below(14),
                    brand: Some("Velmora"),
                    flags: TextFlags::of(&TextClass::ALL),
                    description_words: 30,
                };
                let (title, description) = plan.write(&mut dice);
                let words = title.split(' ').count();
                assert!((4..=12).contains(&words), "{title}");
                assert!(description.ends_with(['.', '。']), "{description}");
                let both = format!("{title} {description}");
                assert_eq!(flags_found(&both), plan.flags, "{both}");
            }
        }
    }
}
