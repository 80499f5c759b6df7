//! The ways in which a word is written so that people read it and filters do not.

use std::fmt;

/// One such way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Disguise {
    /// Characters that do not show, inside the word.
    Invisible,
    /// Wide, mathematical, circled or otherwise dressed-up letters.
    DressedUp,
    /// Letters of another script, or other letters, that look the same.
    LookAlike,
    /// Digits or signs for letters.
    Digits,
    /// Letters set apart by spaces or signs.
    SetApart,
    /// Letters repeated.
    Repeated,
    /// Letters left out, a sign in their place.
    Masked,
}

impl Disguise {
    /// All of them, in their order.
    pub const ALL: [Disguise; 7] = [
        Disguise::Invisible,
        Disguise::DressedUp,
        Disguise::LookAlike,
        Disguise::Digits,
        Disguise::SetApart,
        Disguise::Repeated,
        Disguise::Masked,
    ];

    /// How a reason speaks of it.
    pub fn words(self) -> &'static str {
        match self {
            Disguise::Invisible => "invisible characters",
            Disguise::DressedUp => "dressed-up letters",
            Disguise::LookAlike => "look-alike letters",
            Disguise::Digits => "digits or signs for letters",
            Disguise::SetApart => "letters set apart",
            Disguise::Repeated => "repeated letters",
            Disguise::Masked => "masked letters",
        }
    }
}

/// Several of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DisguiseSet(u8);

impl DisguiseSet {
    /// True when there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True when this one is among them.
    pub fn contains(self, own: Disguise) -> bool {
        self.0 & (1 << own as u8) != 0
    }

    /// Those that are there, in their order.
    pub fn iter(self) -> impl Iterator<Item = Disguise> {
        Disguise::ALL.into_iter().filter(move |own| self.contains(*own))
    }

    /// The same with one more.
    #[must_use]
    pub fn with(self, own: Disguise) -> DisguiseSet {
        DisguiseSet(self.0 | (1 << own as u8))
    }

    /// All of both.
    #[must_use]
    pub fn union(self, other: DisguiseSet) -> DisguiseSet {
        DisguiseSet(self.0 | other.0)
    }
}

impl fmt::Display for DisguiseSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, own) in self.iter().enumerate() {
            let joint = if at == 0 { "" } else { ", " };
            write!(f, "{joint}{}", own.words())?;
        }
        Ok(())
    }
}

/// A word whose disguise was undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undone {
    /// Where the plain word begins, in bytes of the restored text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// How it was disguised; nothing where it was only spelled in another way, such as in two words.
    pub disguises: DisguiseSet,
}
