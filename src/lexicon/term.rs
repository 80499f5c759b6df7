//! One term of a lexicon: what it is, how much it says, and where it was seen.

use super::{ClassSet, Scene};

/// What a term says of the listing that uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The item is called a replica, a fake or a counterfeit.
    Replica,
    /// A grade or batch of imitations: "1:1", "mirror quality".
    Grade,
    /// The item is called like a brand's, not the brand's: "inspired by", "dupe".
    Copycat,
    /// The item is claimed to be genuine.
    AuthenticityClaim,
    /// A way to reach the seller outside the marketplace.
    Contact,
    /// The seller does not answer for authenticity: "judge by the price".
    Disclaimer,
    /// The packaging or papers of a brand: "full set with box".
    Packaging,
    /// The goods are called scarce: "limited edition".
    Scarcity,
    /// What buyers of a fake write. Looked for in reviews only.
    Complaint,
}

impl Kind {
    /// All kinds, in the order of their declaration.
    pub const ALL: [Kind; 9] = [
        Kind::Replica,
        Kind::Grade,
        Kind::Copycat,
        Kind::AuthenticityClaim,
        Kind::Contact,
        Kind::Disclaimer,
        Kind::Packaging,
        Kind::Scarcity,
        Kind::Complaint,
    ];

    /// The name in lexicon files.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Replica => "replica",
            Kind::Grade => "grade",
            Kind::Copycat => "copycat",
            Kind::AuthenticityClaim => "authenticity_claim",
            Kind::Contact => "contact",
            Kind::Disclaimer => "disclaimer",
            Kind::Packaging => "packaging",
            Kind::Scarcity => "scarcity",
            Kind::Complaint => "complaint",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether a negation before the term takes its meaning away. "No guarantee" says more, not
    /// less, so disclaimers stand as they are.
    pub fn can_be_negated(self) -> bool {
        self != Kind::Disclaimer
    }

    /// Whether the term speaks of a copy.
    pub fn is_of_copies(self) -> bool {
        matches!(self, Kind::Replica | Kind::Grade)
    }
}

/// How much a term says by itself, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Near-certain.
    A,
    /// Strong.
    B,
    /// Weak, or with an innocent meaning as well.
    C,
}

impl Severity {
    /// All severities, the strongest first.
    pub const ALL: [Severity; 3] = [Severity::A, Severity::B, Severity::C];

    /// The name in lexicon files.
    pub fn name(self) -> &'static str {
        match self {
            Severity::A => "A",
            Severity::B => "B",
            Severity::C => "C",
        }
    }

    /// The severity of that name.
    pub fn from_name(name: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// The conditions on the listing under which a term counts. All of them must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Gate {
    /// The listing names a brand.
    pub brand: bool,
    /// Its goods are of a kind that is copied, or said to be of a known brand. So it is with every
    /// built-in word for copies: of other goods these words speak of theatre, film, museums, copying
    /// machines and scales more often than of counterfeits.
    pub copied: bool,
    /// Its goods are of one of these classes, if there are any here.
    pub within: ClassSet,
    /// Its goods are not known to be of one of these classes.
    pub without: ClassSet,
}

impl Gate {
    /// Reads `brand`, `copied`, `in:CLASS|CLASS` and `not:CLASS|CLASS`, separated by blanks.
    ///
    /// # Errors
    /// The first part that is none of them.
    pub fn parse(text: &str) -> Result<Gate, &str> {
        let mut gate = Gate::default();
        for part in text.split_whitespace() {
            if part == "brand" {
                gate.brand = true;
            } else if part == "copied" {
                gate.copied = true;
            } else if let Some(names) = part.strip_prefix("in:") {
                gate.within = ClassSet::from_names(names)?;
            } else if let Some(names) = part.strip_prefix("not:") {
                gate.without = ClassSet::from_names(names)?;
            } else {
                return Err(part);
            }
        }
        Ok(gate)
    }

    /// The condition that does not hold for a listing. Goods are of a kind when its brands trade in
    /// nothing else told; they are not of a kind only when the listing itself says so.
    pub(crate) fn closed(self, scene: &Scene<'_>) -> Option<&'static str> {
        if self.brand && scene.has_brand == Some(false) {
            return Some("the listing names no brand");
        }
        if self.copied && !scene.can_be_copied {
            return Some("the goods are not known to be of a kind or brand that is copied");
        }
        if !self.within.is_empty() && !self.within.overlaps(scene.goods()) {
            return Some("the goods are not known to be of the kind that the term is used for");
        }
        self.without.overlaps(scene.classes).then_some("for such goods the term is innocent")
    }
}

/// One term of a lexicon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The term as its file spells it.
    pub term: String,
    /// The term as texts are compared, by [`crate::text::fold`].
    pub folded: String,
    /// What it says.
    pub kind: Kind,
    /// How much it says.
    pub severity: Severity,
    /// The language of the file it stands in, as a BCP 47 tag.
    pub language: String,
    /// When it counts, if not always.
    pub gate: Gate,
    /// What to know of it, such as its innocent meanings; may be empty.
    pub note: String,
    /// Where it was seen in use: a key of the sources or a site, or [`Term::SEED`].
    pub source: String,
}

impl Term {
    /// The source of a term that rests on judgement and was not seen in a source.
    pub const SEED: &'static str = "seed";

    /// Whether the term rests on judgement alone.
    pub fn is_seed(&self) -> bool {
        self.source == Term::SEED
    }

    /// How much it counts: a term that was not seen in a source is one step weaker than it says.
    pub fn weight(&self) -> Severity {
        if self.is_seed() { Severity::C } else { self.severity }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_what_they_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
        }
        for severity in Severity::ALL {
            assert_eq!(Severity::from_name(severity.name()), Some(severity));
        }
        let gate = Gate::parse("brand in:shoes|bags not:models").unwrap();
        assert!(gate.brand);
        assert_eq!(gate.within.names(), ["shoes", "bags"]);
        assert_eq!(gate.without.names(), ["models"]);
        assert_eq!(Gate::parse("brand hats"), Err("hats"));
        assert_eq!(Kind::from_name("Replica"), None);
        assert_eq!(Severity::from_name("D"), None);
    }

    #[test]
    fn a_gate_is_closed_by_what_is_known() {
        let none = ClassSet::default();
        let shoes = ClassSet::from_name("shoes").unwrap();
        let closed = |gate: &str, classes, of_brands, has_brand| {
            let scene = Scene { classes, of_brands, has_brand, ..Scene::default() };
            Gate::parse(gate).unwrap().closed(&scene).is_some()
        };
        assert!(closed("copied", shoes, none, Some(true)), "the scene says what can be copied");
        let scene = Scene { can_be_copied: true, ..Scene::default() };
        assert_eq!(Gate::parse("copied").unwrap().closed(&scene), None);
        assert!(!closed("brand", shoes, none, None));
        assert!(!closed("brand", shoes, none, Some(true)));
        assert!(closed("brand", shoes, none, Some(false)));
        assert!(closed("in:bags", shoes, none, None));
        assert!(closed("in:bags", shoes, ClassSet::FASHION, None), "the listing tells its goods");
        assert!(!closed("in:fashion", shoes, none, None));
        assert!(closed("in:fashion", none, none, None));
        assert!(!closed("in:fashion", none, shoes, None), "the brand tells");
        assert!(closed("not:shoes", shoes, none, None));
        assert!(!closed("not:shoes", none, shoes, None));
    }

    #[test]
    fn the_strongest_severity_sorts_first() {
        assert!(Severity::A < Severity::B && Severity::B < Severity::C);
    }
}
