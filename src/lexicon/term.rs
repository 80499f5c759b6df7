//! One term of a lexicon: what it is, how much it says, and where it was seen.

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
}

impl Kind {
    /// All kinds, in the order of their declaration.
    pub const ALL: [Kind; 6] = [
        Kind::Replica,
        Kind::Grade,
        Kind::Copycat,
        Kind::AuthenticityClaim,
        Kind::Contact,
        Kind::Disclaimer,
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
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether a negation before the term takes its meaning away. "Not authentic" and "no
    /// guarantee" say more, not less, so claims and disclaimers stand as they are.
    pub fn can_be_negated(self) -> bool {
        !matches!(self, Kind::AuthenticityClaim | Kind::Disclaimer)
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

/// A condition on the listing under which a term is meant to count. It is recorded with the term;
/// matching does not apply it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gate {
    /// The listing names a brand.
    Brand,
}

impl Gate {
    /// The name in lexicon files.
    pub fn name(self) -> &'static str {
        match self {
            Gate::Brand => "brand",
        }
    }

    /// The gate of that name.
    pub fn from_name(name: &str) -> Option<Gate> {
        (name == Gate::Brand.name()).then_some(Gate::Brand)
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
    /// When it is meant to count, if not always.
    pub gate: Option<Gate>,
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
        assert_eq!(Gate::from_name("brand"), Some(Gate::Brand));
        assert_eq!(Kind::from_name("Replica"), None);
        assert_eq!(Severity::from_name("D"), None);
        assert_eq!(Gate::from_name(""), None);
    }

    #[test]
    fn the_strongest_severity_sorts_first() {
        assert!(Severity::A < Severity::B && Severity::B < Severity::C);
    }
}
