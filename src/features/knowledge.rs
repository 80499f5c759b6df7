//! What is known before any listing is seen and is not learned from listings.

use crate::error::Result;
use crate::lexicon::{Lexicon, Matcher};

/// The words of the trade, made ready to be found. None of it is part of a model: a term can be
/// added without training again, and the model's card holds the digests of what it was trained with.
#[derive(Debug)]
pub struct Knowledge {
    lexicon: Lexicon,
    matcher: Matcher,
}

impl Knowledge {
    /// What is part of this crate.
    ///
    /// # Errors
    /// A data file of the crate that cannot be read; a test sees to it that there is none.
    pub fn builtin() -> Result<Knowledge> {
        Knowledge::new(Lexicon::builtin()?)
    }

    /// The knowledge of these terms.
    ///
    /// # Errors
    /// Terms too many for an automaton.
    pub fn new(lexicon: Lexicon) -> Result<Knowledge> {
        let matcher = Matcher::new(&lexicon)?;
        Ok(Knowledge { lexicon, matcher })
    }

    /// The terms.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    pub(crate) fn matcher(&self) -> &Matcher {
        &self.matcher
    }
}
