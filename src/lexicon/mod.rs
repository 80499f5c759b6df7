//! The words that sellers of imitations use, as versioned data, and how they are found in a text.

mod categories;
mod context;
mod excuses;
mod fields;
mod matcher;
mod term;
mod words;

use std::collections::{HashMap, HashSet};

use crate::digest::Sha256Hex;
use crate::error::{ErrorKind, Location, Result, excerpt};
use crate::text::Folded;

pub(crate) use categories::Categories;
pub use categories::ClassSet;
use fields::Splitter;
pub use matcher::{Hit, HitStatus, Matcher, Scene};
pub use term::{Gate, Kind, Severity, Term};
pub(crate) use words::{finder_of, words_of};

/// A lexicon file that is part of this crate.
#[derive(Clone, Copy, Debug)]
pub struct LexiconFile {
    /// The name of the file.
    pub name: &'static str,
    /// What stands in it.
    pub text: &'static str,
}

/// The lexicon files that are part of this crate, one a language. A language is added by a file
/// and a line here.
pub const LEXICONS: &[LexiconFile] = &[
    LexiconFile { name: "en.csv", text: include_str!("en.csv") },
    LexiconFile { name: "zh.csv", text: include_str!("zh.csv") },
    LexiconFile { name: "ru.csv", text: include_str!("ru.csv") },
    LexiconFile { name: "es.csv", text: include_str!("es.csv") },
    LexiconFile { name: "pt.csv", text: include_str!("pt.csv") },
    LexiconFile { name: "tr.csv", text: include_str!("tr.csv") },
    LexiconFile { name: "ar.csv", text: include_str!("ar.csv") },
    LexiconFile { name: "id.csv", text: include_str!("id.csv") },
    LexiconFile { name: "vi.csv", text: include_str!("vi.csv") },
    LexiconFile { name: "ja.csv", text: include_str!("ja.csv") },
    LexiconFile { name: "ko.csv", text: include_str!("ko.csv") },
    LexiconFile { name: "th.csv", text: include_str!("th.csv") },
    LexiconFile { name: "de.csv", text: include_str!("de.csv") },
    LexiconFile { name: "fr.csv", text: include_str!("fr.csv") },
    LexiconFile { name: "it.csv", text: include_str!("it.csv") },
    LexiconFile { name: "pl.csv", text: include_str!("pl.csv") },
    LexiconFile { name: "nl.csv", text: include_str!("nl.csv") },
    LexiconFile { name: "uk.csv", text: include_str!("uk.csv") },
    LexiconFile { name: "hi.csv", text: include_str!("hi.csv") },
    LexiconFile { name: "cs.csv", text: include_str!("cs.csv") },
];

/// Words that decide whether a term counts: denials, innocent meanings, kinds of goods.
const CONTEXT: [LexiconFile; 3] = [
    LexiconFile { name: "context", text: include_str!("context.csv") },
    LexiconFile { name: "excuses", text: include_str!("excuses.csv") },
    LexiconFile { name: "categories", text: include_str!("categories.csv") },
];

/// Digests of the files that decide whether a term counts; of each the number of its rows.
pub(crate) fn context_digests() -> impl Iterator<Item = LexiconDigest> {
    CONTEXT.iter().map(LexiconFile::digest)
}

impl LexiconFile {
    /// The digest of a table that stands beside the terms; of its rows the number.
    pub(crate) fn digest(&self) -> LexiconDigest {
        let version = self.text.lines().find_map(|line| line.strip_prefix("# version:"));
        let rows = self.text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        LexiconDigest {
            language: self.name.to_owned(),
            version: version.map_or("-", str::trim).to_owned(),
            sha256: Sha256Hex::of(self.text),
            n_terms: rows.count().saturating_sub(1),
        }
    }
}

/// Which lexicon file a score rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LexiconDigest {
    /// The language of the file, as a BCP 47 tag.
    pub language: String,
    /// The version that the file gives itself.
    pub version: String,
    /// SHA-256 of the bytes of the file, in hexadecimal.
    pub sha256: String,
    /// How many terms the file has.
    pub n_terms: usize,
}

/// Terms of one or several languages.
///
/// A file of terms is CSV with the header `term,kind,severity,gate,note,source`. Empty lines and
/// lines that begin with `#` are no terms; two of the latter are needed, `# language: en` and
/// `# version: 1`. A field does not reach over a line end.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    terms: Vec<Term>,
    digests: Vec<LexiconDigest>,
}

impl Lexicon {
    /// The files that are part of this crate, as one lexicon. Their words for copies and grades all have
    /// the condition [`Gate::copied`], which the files do not repeat line by line.
    ///
    /// # Errors
    ///
    /// Those of [`Lexicon::from_csv`]; a test sees to it that there are none.
    pub fn builtin() -> Result<Lexicon> {
        let mut all = Lexicon::default();
        let mut splitter = Splitter::new();
        for file in LEXICONS {
            all.merge(Lexicon::read(file.name, file.text, &mut splitter)?);
        }
        for term in all.terms.iter_mut().filter(|term| term.kind.is_of_copies()) {
            term.gate.copied = true;
        }
        Ok(all)
    }

    /// Reads one file of terms; `name` is the file as the user named it, for messages.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Lexicon`] with file, line and column: a missing language, version or header,
    /// a wrong number of fields, an empty term or source, an unknown kind, severity or gate, a
    /// term that is there twice once folded, or severity A for a term of no source.
    pub fn from_csv(name: &str, text: &str) -> Result<Lexicon> {
        Lexicon::read(name, text, &mut Splitter::new())
    }

    fn read(name: &str, text: &str, splitter: &mut Splitter) -> Result<Lexicon> {
        let mut file = File::new(name, splitter);
        let without_mark = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (line, number) in without_mark.lines().zip(1..) {
            if let Some(comment) = line.strip_prefix('#') {
                file.read_comment(comment);
            } else if !line.trim().is_empty() {
                file.read_line(line, number)?;
            }
        }
        file.finish(text)
    }

    /// Adds a user's terms, which correct what came before them: a term takes the place of the same term
    /// (once folded) of every language, as texts do not tell languages apart.
    pub fn correct(&mut self, other: Lexicon) {
        let own: HashSet<String> = other.terms.iter().map(|own| identity(&own.folded)).collect();
        self.terms.retain(|term| !own.contains(&identity(&term.folded)));
        self.merge(other);
    }

    /// Adds the terms of another lexicon. A term takes the place of the same term (once folded)
    /// of the same language.
    pub fn merge(&mut self, other: Lexicon) {
        self.digests.extend(other.digests);
        let languages: HashSet<&str> =
            other.terms.iter().map(|own| own.language.as_str()).collect();
        let is_of_them = |term: &Term| languages.contains(term.language.as_str());
        let same = |term: &Term| (term.language.clone(), identity(&term.folded));
        let known = self.terms.iter().enumerate().filter(|(_, term)| is_of_them(term));
        let places: HashMap<(String, String), usize> =
            known.map(|(place, term)| (same(term), place)).collect();
        // No lexicon has a term twice, so that the new ones need not be held against each other.
        if places.is_empty() {
            self.terms.extend(other.terms);
            return;
        }
        for term in other.terms {
            match places.get(&same(&term)).and_then(|&place| self.terms.get_mut(place)) {
                Some(old) => *old = term,
                None => self.terms.push(term),
            }
        }
    }

    /// The terms, in the order of their files. [`Hit::term`] is an index into them.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The files that the terms came from, in order.
    pub fn digests(&self) -> &[LexiconDigest] {
        &self.digests
    }
}

/// The fields of a term, in the order of the header.
const HEADER: [&str; 6] = ["term", "kind", "severity", "gate", "note", "source"];

/// A file of terms while it is read.
struct File<'a> {
    name: &'a str,
    language: String,
    version: String,
    has_header: bool,
    terms: Vec<Term>,
    /// The line on which each term stands.
    seen: HashMap<String, u64>,
    folded: Folded,
    splitter: &'a mut Splitter,
}

impl<'a> File<'a> {
    fn new(name: &'a str, splitter: &'a mut Splitter) -> Self {
        File {
            name,
            language: String::new(),
            version: String::new(),
            has_header: false,
            terms: Vec::new(),
            seen: HashMap::new(),
            folded: Folded::default(),
            splitter,
        }
    }

    fn read_comment(&mut self, comment: &str) {
        let comment = comment.trim();
        if let Some(language) = comment.strip_prefix("language:") {
            language.trim().clone_into(&mut self.language);
        } else if let Some(version) = comment.strip_prefix("version:") {
            version.trim().clone_into(&mut self.version);
        }
    }

    fn read_line(&mut self, line: &str, number: u64) -> Result<()> {
        let name = self.name;
        let place = || Location::file(name).line(number);
        let fields = self.splitter.split(line);
        let Ok([term, kind, severity, gate, note, source]) =
            <[&str; 6]>::try_from(fields.as_slice())
        else {
            let (header, n_fields) = (HEADER.join(","), fields.len());
            let problem = format!("expected {} fields ({header}), found {n_fields}", HEADER.len());
            return Err(wrong(place(), problem));
        };
        if !self.has_header {
            if fields != HEADER {
                return Err(wrong(place(), format!("the header must be {}", HEADER.join(","))));
            }
            self.has_header = true;
            return Ok(());
        }
        self.folded.fold_into(term);
        let folded = self.folded.as_str();
        if !folded.contains(char::is_alphanumeric) {
            let found = excerpt(term);
            let problem = format!("the term has no letter and no digit, found {found}");
            return Err(wrong(place().column("term"), problem));
        }
        if let Some(first) = self.seen.insert(identity(folded), number) {
            let found = excerpt(term);
            let problem = format!("the term {found} is already on line {first}, once folded");
            return Err(wrong(place().column("term"), problem));
        }
        let kind = Kind::from_name(kind).ok_or_else(|| {
            let known = Kind::ALL.map(Kind::name);
            unknown(place().column("kind"), &known, kind)
        })?;
        let severity = Severity::from_name(severity).ok_or_else(|| {
            let known = Severity::ALL.map(Severity::name);
            unknown(place().column("severity"), &known, severity)
        })?;
        let gate = Gate::parse(gate).map_err(|found| {
            let known = ["nothing", "`brand`", "`copied`", "`in:CLASS|CLASS`", "`not:CLASS|CLASS`"];
            unknown(place().column("gate"), &known, found)
        })?;
        let term = Term {
            term: term.to_owned(),
            folded: folded.to_owned(),
            kind,
            severity,
            language: String::new(),
            gate,
            note: note.to_owned(),
            source: source.to_owned(),
        };
        if term.source.is_empty() {
            let seed = Term::SEED;
            let problem = format!("no source; write `{seed}` for a term not seen in one");
            return Err(wrong(place().column("source"), problem));
        }
        if term.is_seed() && term.severity == Severity::A {
            let problem = "a term that was not seen in a source cannot have severity A";
            return Err(wrong(place().column("severity"), problem.to_owned()));
        }
        self.terms.push(term);
        Ok(())
    }

    fn finish(mut self, text: &str) -> Result<Lexicon> {
        let place = Location::file(self.name);
        let is_tag = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if self.language.is_empty() || !self.language.chars().all(is_tag) {
            let found = excerpt(&self.language);
            let problem = format!("expected a line such as `# language: en`, found {found}");
            return Err(wrong(place, problem));
        }
        if self.version.is_empty() {
            return Err(wrong(place, "no line such as `# version: 1`".to_owned()));
        }
        if self.terms.is_empty() {
            return Err(wrong(place, "no terms".to_owned()));
        }
        for term in &mut self.terms {
            term.language.clone_from(&self.language);
        }
        let digest = LexiconDigest {
            language: self.language,
            version: self.version,
            sha256: Sha256Hex::of(text),
            n_terms: self.terms.len(),
        };
        Ok(Lexicon { terms: self.terms, digests: vec![digest] })
    }
}

/// What makes two terms of a language the same: a space and a hyphen match each other.
fn identity(folded: &str) -> String {
    folded.replace('-', " ")
}

fn wrong(location: Location, problem: String) -> crate::error::Error {
    ErrorKind::Lexicon { location, problem }.into()
}

fn unknown(location: Location, known: &[&str], found: &str) -> crate::error::Error {
    let problem = format!("expected {}, found {}", known.join(" or "), excerpt(found));
    wrong(location, problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "# language: en\n# version: 3\nterm,kind,severity,gate,note,source\n";

    fn problem(rows: &str) -> String {
        Lexicon::from_csv("my.csv", &format!("{HEAD}{rows}"))
            .expect_err("the file is wrong")
            .to_string()
    }

    #[test]
    fn every_file_of_the_registry_reads() {
        for file in LEXICONS {
            let lexicon = Lexicon::from_csv(file.name, file.text).expect(file.name);
            let [digest] = lexicon.digests() else {
                panic!("one file has one digest");
            };
            assert_eq!(format!("{}.csv", digest.language), file.name);
            assert_eq!(digest.n_terms, lexicon.terms().len());
            assert!((40..=180).contains(&digest.n_terms), "{}", file.name);
            assert_eq!(digest.sha256.len(), 64);
            let kinds: HashSet<Kind> = lexicon.terms().iter().map(|term| term.kind).collect();
            assert_eq!(kinds.len(), Kind::ALL.len(), "{}", file.name);
        }
        let all = Lexicon::builtin().expect("every file reads");
        let n_terms: usize = all.digests().iter().map(|digest| digest.n_terms).sum();
        assert_eq!(all.terms().len(), n_terms);
        assert_eq!(all.digests().len(), LEXICONS.len());
    }

    #[test]
    fn terms_are_unique_and_seeds_are_weak() {
        let mut seen = HashSet::new();
        for term in Lexicon::builtin().expect("every file reads").terms() {
            let key = (term.language.clone(), term.folded.replace('-', " "));
            assert!(seen.insert(key), "{} twice", term.term);
            assert!(!term.source.is_empty(), "{} has no source", term.term);
            assert!(term.source != "seed" || term.severity != Severity::A, "{}", term.term);
            assert!(term.folded.chars().count() > 1, "{} is too short", term.term);
        }
    }

    #[test]
    fn a_file_reads_into_terms() {
        let rows = "\"Knock Off, cheap\",replica,B,brand,a note,LS\n\n# aside\nＤＵＰＥ,copycat,C,,,seed\n";
        let lexicon = Lexicon::from_csv("my.csv", &format!("\u{feff}{HEAD}{rows}"))
            .expect("the file is right");
        let [first, second] = lexicon.terms() else {
            panic!("two terms");
        };
        let expected = Term {
            term: "Knock Off, cheap".to_owned(),
            folded: "knock off, cheap".to_owned(),
            kind: Kind::Replica,
            severity: Severity::B,
            language: "en".to_owned(),
            gate: Gate { brand: true, ..Gate::default() },
            note: "a note".to_owned(),
            source: "LS".to_owned(),
        };
        assert_eq!(*first, expected);
        assert_eq!(second.folded, "dupe");
        assert!(second.is_seed());
        assert_eq!(second.gate, Gate::default());
    }

    #[test]
    fn the_digest_is_that_of_sha256sum() {
        // printf '# language: en\n# version: 3\nterm,kind,severity,gate,note,source\nfake,replica,C,,,seed\n' | sha256sum
        let text = format!("{HEAD}fake,replica,C,,,seed\n");
        let lexicon = Lexicon::from_csv("my.csv", &text).expect("the file is right");
        let digest = LexiconDigest {
            language: "en".to_owned(),
            version: "3".to_owned(),
            sha256: "6db132c1274df8b86364426c6232284bce29bd9d079b91fdede2d4884f97107f".to_owned(),
            n_terms: 1,
        };
        assert_eq!(lexicon.digests(), [digest]);
    }

    #[test]
    fn a_wrong_line_is_named() {
        let cases = [
            (
                "fake,replika,B,,,LS",
                "my.csv: line 4, column kind: expected replica or grade or copycat or authenticity_claim or contact or disclaimer or packaging or scarcity or complaint, found \"replika\"",
            ),
            (
                "fake,replica,a,,,LS",
                "my.csv: line 4, column severity: expected A or B or C, found \"a\"",
            ),
            (
                "fake,replica,B,shoes,,LS",
                "my.csv: line 4, column gate: expected nothing or `brand` or `copied` or `in:CLASS|CLASS` or `not:CLASS|CLASS`, found \"shoes\"",
            ),
            (
                "fake,replica,B,,,",
                "my.csv: line 4, column source: no source; write `seed` for a term not seen in one",
            ),
            (
                "fake,replica,A,,,seed",
                "my.csv: line 4, column severity: a term that was not seen in a source cannot have severity A",
            ),
            (
                "\u{200b}!,replica,B,,,LS",
                "my.csv: line 4, column term: the term has no letter and no digit, found \"\\u{200b}!\"",
            ),
            (
                "fake,replica,B",
                "my.csv: line 4: expected 6 fields (term,kind,severity,gate,note,source), found 3",
            ),
            (
                "knock-off,replica,B,,,LS\n\nKnock Óff,replica,B,,,LS",
                "my.csv: line 6, column term: the term \"Knock Óff\" is already on line 4, once folded",
            ),
        ];
        for (rows, message) in cases {
            assert_eq!(problem(rows), message);
        }
    }

    #[test]
    fn a_file_without_its_head_is_refused() {
        let cases = [
            (
                "# version: 1\nterm,kind,severity,gate,note,source\nfake,replica,B,,,LS",
                "`# language: en`",
            ),
            (
                "# language: en\nterm,kind,severity,gate,note,source\nfake,replica,B,,,LS",
                "`# version: 1`",
            ),
            ("# language: en\n# version: 1\nfake,replica,B,,,LS", "line 3: the header must be"),
            (HEAD, "no terms"),
        ];
        for (text, part) in cases {
            let error = Lexicon::from_csv("my.csv", text).expect_err("the file is wrong");
            assert!(error.to_string().contains(part), "{error}");
        }
    }

    #[test]
    fn a_later_file_corrects_an_earlier_one() {
        let mut all = Lexicon::from_csv(
            "a.csv",
            &format!("{HEAD}fake,replica,C,,,seed\nrep,replica,C,,,seed"),
        )
        .expect("the file is right");
        let later = Lexicon::from_csv(
            "b.csv",
            &format!("{HEAD}FAKE,replica,B,,ours,us\nrepz,replica,C,,,us"),
        )
        .expect("the file is right");
        all.merge(later.clone());
        let terms: Vec<&str> = all.terms().iter().map(|term| term.term.as_str()).collect();
        assert_eq!(terms, ["FAKE", "rep", "repz"]);
        assert_eq!(all.digests().len(), 2);

        let spanish = HEAD.replace("language: en", "language: es");
        let mut all = Lexicon::from_csv(
            "es.csv",
            &format!("{spanish}fáke,replica,A,,,us\nclon,replica,C,,,us"),
        )
        .expect("the file is right");
        all.correct(later);
        let terms: Vec<&str> = all.terms().iter().map(|term| term.term.as_str()).collect();
        assert_eq!(terms, ["clon", "FAKE", "repz"], "the term of the other language is gone");
    }
}
