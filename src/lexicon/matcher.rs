//! Finding the terms of a lexicon in a folded text.

use super::context::{Context, denial};
use super::excuses::{Excuses, Shown};
use super::{ClassSet, Gate, Kind, Lexicon, Severity, Term};
use crate::error::Result;
use crate::text::{Disguise, Finder, Folded, Found, Undone};

/// A term found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which term: an index into [`Lexicon::terms`].
    pub term: usize,
    /// Where it begins, in bytes of the folded text.
    pub start: usize,
    /// Where it ends, in bytes of the folded text.
    pub end: usize,
    /// Whether it counts, and if not, why.
    pub status: HitStatus,
}

impl Hit {
    /// True when nothing takes the term's meaning away.
    pub fn counts(&self) -> bool {
        self.status == HitStatus::Counts
    }
}

/// Whether a term that was found counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HitStatus {
    /// It does.
    Counts,
    /// Words beside it take its meaning away, as in "no replicas". Never so of disclaimers.
    Negated {
        /// Where these words stand in the folded text: start and end.
        by: (usize, usize),
    },
    /// The goods are an accessory or a part for something else, and the term says so: "compatible".
    Nominative,
    /// It has an innocent meaning here: an index for [`Matcher::why_excused`].
    Excused(usize),
    /// A condition of the term does not hold.
    GateClosed(&'static str),
}

/// What is known of the listing around a text, when hits are judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scene<'a> {
    /// The goods, as far as category and title tell.
    pub classes: ClassSet,
    /// What the brands trade in that the listing names as those of its goods.
    pub of_brands: ClassSet,
    /// Whether the listing names a brand; `None` where the data has no brands and the text names
    /// none.
    pub has_brand: Option<bool>,
    /// Whether the goods are of a kind that is copied: fashion, perfume or cosmetics, or said to be of
    /// a known brand.
    pub can_be_copied: bool,
    /// Where the text that is judged was disguised, in order. Who hides a word for copies under other
    /// letters means it, of whatever goods.
    pub undone: &'a [Undone],
    /// The other folded texts of the listing.
    pub others: &'a [&'a Folded],
}

impl Scene<'_> {
    /// Whether a stretch of the text was written with other letters or signs than its own. Letters apart
    /// or repeated are not enough, as they come about by breaks of lines and by emphasis.
    fn is_disguised(&self, (start, end): (usize, usize)) -> bool {
        const TELLING: [Disguise; 4] =
            [Disguise::DressedUp, Disguise::LookAlike, Disguise::Digits, Disguise::Masked];
        let tells = |own: &Undone| TELLING.into_iter().any(|how| own.disguises.contains(how));
        let first = self.undone.partition_point(|own| own.end <= start);
        self.undone[first..].iter().take_while(|own| own.start < end).any(tells)
    }

    /// The goods; where nothing else tells, those of the brands.
    pub(super) fn goods(&self) -> ClassSet {
        if self.classes.is_empty() { self.of_brands } else { self.classes }
    }
}

/// Finds all terms of one lexicon at once, in time linear in the text.
///
/// A term that begins or ends in a letter or digit is found only where no letter or digit stands
/// next to that end: "rep" is not in "reply", nor "1:1" in "1:18". Scripts written without spaces
/// (Han, kana, Hangul, Thai) have no such bounds, and bound nothing: "1:1" is in "1:1复刻". The
/// spaces of a term also match as hyphens, all or none: "knock off" is in "knock-off".
#[derive(Debug)]
pub struct Matcher {
    finder: Finder,
    patterns: Vec<Pattern>,
    terms: Vec<Term>,
    context: Context,
    excuses: Excuses,
}

impl Matcher {
    /// A matcher for the terms of a lexicon as it is now.
    ///
    /// # Errors
    ///
    /// Words of context that are part of this crate and cannot be read; a test sees to it that there are none.
    pub fn new(lexicon: &Lexicon) -> Result<Matcher> {
        let mut spellings = Vec::new();
        let mut patterns = Vec::new();
        for (index, term) in lexicon.terms().iter().enumerate() {
            let pattern = Pattern {
                term: index,
                kind: term.kind,
                severity: term.weight(),
                language: term.language.clone(),
            };
            if term.folded.contains(' ') {
                spellings.push((term.folded.replace(' ', "-").into(), false));
                patterns.push(pattern.clone());
            }
            spellings.push((term.folded.as_str().into(), false));
            patterns.push(pattern);
        }
        let finder = Finder::new(spellings);
        Ok(Matcher {
            finder,
            patterns,
            terms: lexicon.terms().to_vec(),
            context: Context::parse("context.csv", include_str!("context.csv"))?,
            excuses: Excuses::parse("excuses.csv", include_str!("excuses.csv"))?,
        })
    }

    /// A matcher for the built-in lexicons.
    ///
    /// # Errors
    ///
    /// Those of [`Lexicon::builtin`].
    pub fn builtin() -> Result<Matcher> {
        Matcher::new(&Lexicon::builtin()?)
    }

    /// The terms, as [`Hit::term`] counts them.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Replaces `hits` by the terms found in the text, in order of their start.
    ///
    /// Where terms of one kind overlap, the leftmost counts, and of those that start together the
    /// longest; of the same words in several languages the most severe, then the first in the
    /// lexicon. Terms of different kinds do not exclude each other, but for a claim of authenticity
    /// within a disclaimer.
    pub fn find(&self, folded: &Folded, hits: &mut Vec<Hit>) {
        let text = folded.as_str();
        hits.clear();
        // The pattern's number stands in for the term until the hits are chosen.
        self.finder.find(text, folded.index(), |found| {
            let Found { start, end, pattern } = found;
            hits.push(Hit { term: pattern, start, end, status: HitStatus::Counts });
        });
        hits.sort_unstable_by_key(|hit| {
            let rank = self.patterns.get(hit.term).map(|p| (p.severity, p.term));
            (hit.start, std::cmp::Reverse(hit.end), rank)
        });
        let mut taken_to = [0; Kind::ALL.len()];
        // "Without guarantee of authenticity" guarantees nothing: a claim within a disclaimer is none.
        let is_disclaimed = |taken_to: &[usize], kind, end| {
            kind == Kind::AuthenticityClaim && end <= taken_to[Kind::Disclaimer as usize]
        };
        hits.retain_mut(|hit| {
            let Some(pattern) = self.patterns.get(hit.term) else {
                return false;
            };
            let own = pattern.kind as usize;
            if hit.start < taken_to[own] || is_disclaimed(&taken_to, pattern.kind, hit.end) {
                return false;
            }
            taken_to[own] = hit.end;
            hit.term = pattern.term;
            let span = (hit.start, hit.end);
            let by = pattern
                .kind
                .can_be_negated()
                .then(|| denial(&self.context, folded, span, &pattern.language))
                .flatten();
            hit.status = by.map_or(HitStatus::Counts, |by| HitStatus::Negated { by });
            true
        });
    }

    /// Judges the hits in a text by the listing around it: innocent meanings, conditions, and terms
    /// that only say what a part or an accessory fits.
    pub fn judge(&self, folded: &Folded, scene: &Scene<'_>, hits: &mut [Hit]) {
        // Most listings have no term with an innocent meaning, and are not searched for one.
        let mut shown: Option<(Shown<'_>, Vec<Shown<'_>>)> = None;
        let mut speaks_of_fit = None;
        for hit in hits.iter_mut().filter(|hit| hit.counts()) {
            let Some(term) = self.terms.get(hit.term) else { continue };
            let span = (hit.start, hit.end);
            let of_term = self.excuses.of_term(&term.folded);
            let excuse = if of_term.is_empty() {
                None
            } else {
                let (field, others) = shown.get_or_insert_with(|| {
                    let others = scene.others.iter().map(|text| self.excuses.shown_by(text));
                    (self.excuses.shown_by(folded), others.collect())
                });
                self.excuses.find(of_term, field, span, others, scene)
            };
            if let Some(excuse) = excuse {
                hit.status = HitStatus::Excused(excuse);
            } else if let Some(which) = closed(term, span, scene) {
                hit.status = HitStatus::GateClosed(which);
            } else if is_generic(term)
                && scene.classes.overlaps(ClassSet::ACCESSORIES)
                && !scene.classes.overlaps(ClassSet::FASHION)
                && *speaks_of_fit.get_or_insert_with(|| {
                    let mut texts = std::iter::once(&folded).chain(scene.others);
                    texts.any(|own| self.context.has_nominative(own))
                })
            {
                hit.status = HitStatus::Nominative;
            }
        }
    }

    /// The innocent meaning behind [`HitStatus::Excused`], for people.
    pub fn why_excused(&self, excuse: usize) -> &str {
        self.excuses.why(excuse)
    }

    /// Whether a name in a folded text says what goods fit, not what they are: "case for iPhone".
    pub fn is_nominative(&self, text: &str, start: usize, end: usize) -> bool {
        self.context.is_nominative(text, (start, end))
    }
}

/// The condition of a term that does not hold. A word for copies that is disguised needs neither a brand
/// nor goods that are copied.
fn closed(term: &Term, span: (usize, usize), scene: &Scene<'_>) -> Option<&'static str> {
    let is_hidden = matches!(term.kind, Kind::Replica | Kind::Grade) && scene.is_disguised(span);
    let gate =
        if is_hidden { Gate { brand: false, copied: false, ..term.gate } } else { term.gate };
    gate.closed(scene)
}

/// Terms with which parts and accessories are honestly called those of another maker.
fn is_generic(term: &Term) -> bool {
    term.kind == Kind::Copycat
        || (matches!(term.kind, Kind::Replica | Kind::Grade) && term.severity == Severity::C)
}

/// What is known of one spelling of one term.
#[derive(Clone, Debug)]
struct Pattern {
    term: usize,
    kind: Kind,
    severity: Severity,
    language: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    /// Terms for the rules of matching, apart from the data of any language.
    const RULES: &str = "# language: en\n# version: 1\nterm,kind,severity,gate,note,source
rep,replica,C,,,us
replica,replica,B,,,us
replica style,copycat,B,,,us
knock off,replica,B,,,us
no name copy,replica,B,,,us
copy,replica,C,,,us
name copy shop,replica,C,,,us
1:1,grade,B,,,us
a货,grade,B,,,us
复刻,replica,C,,,us
aaa+,grade,C,,,us
original,authenticity_claim,C,,,us
not an expert,disclaimer,C,,,us
";

    /// The terms found, as they are spelled in the lexicon; a negated one has `!` before it.
    fn found(lexicon: &Lexicon, text: &str) -> Vec<String> {
        let matcher = Matcher::new(lexicon).expect("a matcher");
        let mut hits = Vec::new();
        matcher.find(&fold(text), &mut hits);
        assert!(hits.is_sorted_by_key(|hit| hit.start));
        hits.iter()
            .map(|hit| {
                let term = &lexicon.terms()[hit.term];
                format!("{}{}", if hit.counts() { "" } else { "!" }, term.term)
            })
            .collect()
    }

    fn by_rules(text: &str) -> Vec<String> {
        found(&Lexicon::from_csv("rules.csv", RULES).expect("the rules"), text)
    }

    fn builtin(text: &str) -> Vec<String> {
        found(&Lexicon::builtin().expect("the lexicons"), text)
    }

    const NOTHING: [&str; 0] = [];

    #[test]
    fn words_are_found_whole() {
        assert_eq!(by_rules("a rep, in REP's reps reply prep"), ["rep", "rep"]);
        assert_eq!(by_rules("1:1 (1:1) 11:10 1:18 21:1 x1:1"), ["1:1", "1:1"]);
        assert_eq!(by_rules("aaa+ aaa++ aaa+b xaaa+"), ["aaa+", "aaa+", "aaa+"]);
    }

    #[test]
    fn scripts_without_spaces_have_no_bounds() {
        assert_eq!(by_rules("顶级1:1复刻鞋 超A货 AA货"), ["1:1", "复刻", "a货"]);
    }

    #[test]
    fn a_space_of_a_term_is_a_space_or_a_hyphen() {
        assert_eq!(by_rules("knock off KNOCK-OFF knock\u{2011}off"), ["knock off"; 3]);
        assert_eq!(by_rules("knockoff knock/off knock - off"), NOTHING);
        assert_eq!(by_rules("no-name-copy"), ["no name copy"]);
    }

    #[test]
    fn the_leftmost_longest_of_a_kind_counts() {
        assert_eq!(by_rules("no name copy shop"), ["no name copy"]);
        assert_eq!(by_rules("a name copy shop"), ["name copy shop"]);
        assert_eq!(by_rules("replica style"), ["replica style", "replica"]);
    }

    #[test]
    fn of_one_word_in_two_languages_the_most_severe_counts() {
        let other = "# language: pt\n# version: 1\nterm,kind,severity,gate,note,source
réplica,replica,A,,,us\nrep,replica,C,,,us\n";
        let mut both = Lexicon::from_csv("rules.csv", RULES).expect("the rules");
        both.merge(Lexicon::from_csv("pt.csv", other).expect("the rules"));
        assert_eq!(found(&both, "replica"), ["réplica"]);
        let matcher = Matcher::new(&both).expect("a matcher");
        let mut hits = Vec::new();
        matcher.find(&fold("rep"), &mut hits);
        assert_eq!(hits, [Hit { term: 0, start: 0, end: 3, status: HitStatus::Counts }]);
    }

    #[test]
    fn a_hit_leads_back_to_the_original_text() {
        let text = "Chanel <b>RÉ\u{200b}PLICA</b>";
        let folded = fold(text);
        let matcher = Matcher::new(&Lexicon::from_csv("rules.csv", RULES).expect("the rules"))
            .expect("a matcher");
        let mut hits = vec![Hit { term: 9, start: 9, end: 9, status: HitStatus::Nominative }];
        matcher.find(&folded, &mut hits);
        assert_eq!(hits, [Hit { term: 1, start: 7, end: 14, status: HitStatus::Counts }]);
        assert_eq!(&text[folded.source_range(7..14)], "RÉ\u{200b}PLICA");
    }

    #[test]
    fn disclaimers_are_never_negated() {
        assert_eq!(by_rules("not original, no replica"), ["!original", "!replica"]);
        assert_eq!(by_rules("I am not an expert"), ["not an expert"]);
    }

    #[test]
    fn english_listings() {
        assert_eq!(
            builtin("Rolex Submariner super-clone, mirror quality 1:1"),
            ["super clone", "mirror quality", "1:1"]
        );
        assert_eq!(builtin("Dupe of Chanel No5, inspired by the classic"), ["dupe", "inspired by"]);
        assert_eq!(
            builtin("No replicas! 100% authentic, no fakes"),
            ["!replicas", "100% authentic", "!fakes"]
        );
        assert_eq!(
            builtin("Authenticity unknown, judge by price. WhatsApp +1 555"),
            ["authenticity unknown", "judge by price", "whatsapp"]
        );
        assert_eq!(
            builtin("Ships next day. We repair and replicate keys, 1:18 scale, mirrored wardrobe"),
            NOTHING
        );
        assert_eq!(builtin("Case compatible with iPhone, similar premium import"), NOTHING);
    }

    #[test]
    fn chinese_listings() {
        assert_eq!(
            builtin("LV老花包顶级复刻，原厂皮，加微信看细节"),
            ["顶级复刻", "原厂皮", "加微信"]
        );
        assert_eq!(
            builtin("【高仿】耐克鞋 莆田纯原 一比一"),
            ["高仿", "莆田纯原", "纯原", "一比一"]
        );
        assert_eq!(builtin("专柜正品，假一赔十，拒绝高仿"), ["专柜正品", "假一赔十", "!高仿"]);
        assert_eq!(builtin("适用于苹果手机壳 非常好看 高清仿古花瓶"), NOTHING);
    }

    #[test]
    fn russian_listings() {
        assert_eq!(
            builtin("Сумка Chanel, РЕПЛИКУ отдам; палёная, пишите в ЛС"),
            ["реплику", "паленая", "пишите в лс"]
        );
        assert_eq!(builtin("Кроссовки люкс-копия, качество 1в1"), ["люкс копия", "качество 1в1"]);
        assert_eq!(builtin("это не реплика, оригинал 100%"), ["!реплика", "оригинал 100%"]);
        assert_eq!(builtin("Пальто, палитра теней, копирка, совместимый картридж"), NOTHING);
    }

    #[test]
    fn portuguese_listings() {
        assert_eq!(
            builtin("Bolsa Gucci réplica de 1ª linha, chama no zap!"),
            ["replica", "1ª linha", "chama no zap"]
        );
        assert_eq!(
            builtin("RÉPLICAS DE PRIMEIRA LINHA"),
            ["réplicas de primeira linha", "primeira linha"]
        );
        assert_eq!(
            builtin("não é réplica, garantia de autenticidade"),
            ["!replica", "garantia de autenticidade"]
        );
        assert_eq!(
            builtin("Capa compatível com Samsung, replicação de chaves, pirataria é crime"),
            NOTHING
        );
    }

    #[test]
    fn spanish_listings() {
        assert_eq!(
            builtin("Tenis Nike réplica AAA, calidad espejo, info por privado"),
            ["réplica AAA", "AAA", "calidad espejo", "info por privado"]
        );
        assert_eq!(builtin("No es imitación. Auténticos"), ["!imitación", "auténticos"]);
        assert_eq!(builtin("No garantizo la autenticidad"), ["no garantizo la autenticidad"]);
        assert_eq!(
            builtin("sin garantía de autenticidad; garantía de autenticidad"),
            ["sin garantía de autenticidad", "garantía de autenticidad"]
        );
        assert_eq!(builtin("Copiadora compatible, originalidad, ciclones, piratería"), NOTHING);
    }
}
