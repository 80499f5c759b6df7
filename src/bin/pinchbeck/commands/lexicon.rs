//! `pinchbeck lexicon`: the words in use, and what they find in a text.

use std::path::PathBuf;

use pinchbeck::report::{lexicon_test_text, lexicons_text};
use pinchbeck::{Listing, Result};

use super::Outcome;
use super::known;
use crate::args::{KnowledgeArgs, LexiconArgs, LexiconCommand};
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
                price_list: None,
                fx: None,
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
