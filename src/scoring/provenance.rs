//! What a score rests on, by digest, so that it can be told from another and made again.

use super::Scorer;
use crate::error::Result;
use crate::lexicon::LexiconDigest;

/// What a score rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The program and its version.
    pub program: String,
    /// SHA-256 of the model's content, as its file states it.
    pub model_sha256: String,
    /// The policy behind the model's threshold; `given` where the threshold is another.
    pub policy: String,
    /// The lexicons in use.
    pub lexicons: Vec<LexiconDigest>,
}

impl Scorer {
    /// What the scores of this scorer rest on.
    ///
    /// # Errors
    /// None for a model that was trained or loaded.
    pub fn provenance(&self) -> Result<Provenance> {
        let policy = match self.settings().threshold {
            None => self.model().threshold().policy.to_string(),
            Some(_) => "given".to_owned(),
        };
        Ok(Provenance {
            program: concat!("pinchbeck ", env!("CARGO_PKG_VERSION")).to_owned(),
            model_sha256: self.model().digest()?,
            policy,
            lexicons: self.knowledge().digests(),
        })
    }
}
