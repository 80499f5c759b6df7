//! `pinchbeck lexicon`: the words in use, and what they find in a text.

use std::path::PathBuf;

use pinchbeck::report::{lexicon_test_text, lexicons_text};
use pinchbeck::{ErrorKind, Listing, Result};

use super::Outcome;
use super::known;
use crate::args::{KnowledgeArgs, LexiconArgs, LexiconCommand, LexiconTestArgs};
use crate::console;

pub(crate) fn run(args: &LexiconArgs) -> Result<Outcome> {
    match &args.command {
        None => console::result(&lexicons_text(&*known::read(&args.knowledge)?))?,
        Some(LexiconCommand::Test(own)) => {
            // The options may stand on either side of `test`.
            let files = |of: fn(&KnowledgeArgs) -> &Vec<PathBuf>| {
                of(&args.knowledge).iter().chain(of(&own.knowledge)).cloned().collect()
            };
            let knowledge = known::read(&KnowledgeArgs {
                lexicon: files(|own| &own.lexicon),
                brands: files(|own| &own.brands),
                price_list: one_file("--price-list", args, own, |of| of.price_list.as_ref())?,
                fx: one_file("--fx", args, own, |of| of.fx.as_ref())?,
            })?;
            let listing = Listing {
                description: own.description.clone(),
                brand: own.brand.clone(),
                category: own.category.clone(),
                ..Listing::new("", own.text.clone())
            };
            console::result(&lexicon_test_text(&knowledge, &listing))?;
        }
    }
    Ok(Outcome::Done)
}

/// The file of an option that may be given once, on either side of `test`.
fn one_file(
    option: &'static str,
    before: &LexiconArgs,
    behind: &LexiconTestArgs,
    file: fn(&KnowledgeArgs) -> Option<&PathBuf>,
) -> Result<Option<PathBuf>> {
    match (file(&before.knowledge), file(&behind.knowledge)) {
        (Some(_), Some(_)) => {
            let (expected, found) = ("one file".to_owned(), "two".to_owned());
            Err(ErrorKind::Option { option, expected, found }.into())
        }
        (one, other) => Ok(one.or(other).cloned()),
    }
}
