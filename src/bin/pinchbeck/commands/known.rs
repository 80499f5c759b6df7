//! The words and brands in use: those of the program and the user's own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pinchbeck::brands::BrandTable;
use pinchbeck::error::visible;
use pinchbeck::lexicon::{Lexicon, LexiconDigest};
use pinchbeck::{Error, ErrorKind, Knowledge, Result};

use crate::args::KnowledgeArgs;
use crate::console;

/// What is known with the files that are given; a message for each of them.
pub(super) fn read(args: &KnowledgeArgs) -> Result<Arc<Knowledge>> {
    let mut lexicon = Lexicon::builtin()?;
    for path in &args.lexicon {
        let name = path.display().to_string();
        let own = Lexicon::from_csv(&name, &text(path)?)?;
        tell(&name, "terms", own.digests());
        lexicon.merge(own);
    }
    let mut brands = BrandTable::builtin()?;
    for path in &args.brands {
        let name = path.display().to_string();
        let own = BrandTable::from_csv(&name, &name, &text(path)?)?;
        tell(&name, "brands", own.digests());
        brands.merge(own);
    }
    Ok(Arc::new(Knowledge::new(lexicon, brands)?))
}

/// The files of words and brands that a command reads.
pub(super) fn files(args: &KnowledgeArgs) -> impl Iterator<Item = PathBuf> {
    args.lexicon.iter().chain(&args.brands).cloned()
}

fn text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|source| -> Error {
        let path = visible(&path.display().to_string());
        ErrorKind::Io { action: "read the words", path, source }.into()
    })
}

fn tell(name: &str, what: &str, digests: &[LexiconDigest]) {
    for own in digests {
        let digest = own.sha256.get(..12).unwrap_or_default();
        console::message(&format!(
            "{}: {} {what}, version {}, sha256 {digest}",
            visible(name),
            own.n_terms,
            visible(&own.version)
        ));
    }
}
