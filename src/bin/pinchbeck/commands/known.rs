//! The words, brands and prices in use: those of the program and the user's own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pinchbeck::brands::BrandTable;
use pinchbeck::error::visible;
use pinchbeck::features::{ExchangeRates, PriceList};
use pinchbeck::lexicon::{Lexicon, LexiconDigest};
use pinchbeck::{Knowledge, Result};

use super::kept;
use crate::args::KnowledgeArgs;
use crate::console;

/// What is known with the files that are given; a message for each of them.
pub(super) fn read(args: &KnowledgeArgs) -> Result<Arc<Knowledge>> {
    let mut lexicon = Lexicon::builtin()?;
    for path in &args.lexicon {
        let name = path.display().to_string();
        let own = Lexicon::from_csv(&name, &text(path)?)?;
        tell(&name, "terms", own.digests());
        lexicon.correct(own);
    }
    let mut brands = BrandTable::builtin()?;
    for path in &args.brands {
        let name = path.display().to_string();
        let own = BrandTable::from_csv(&name, &name, &text(path)?)?;
        tell(&name, "brands", own.digests());
        brands.merge(own);
    }
    let mut knowledge = Knowledge::new(lexicon, brands)?;
    if let Some(path) = &args.price_list {
        let name = path.display().to_string();
        let prices = PriceList::from_csv(&name, &text(path)?)?;
        console::message(&format!("{}: {} prices of genuine goods", visible(&name), prices.len()));
        knowledge = knowledge.with_prices(prices);
    }
    if let Some(path) = &args.fx {
        let name = path.display().to_string();
        let rates = ExchangeRates::from_csv(&name, &text(path)?)?;
        console::message(&format!("{}: rates of {} currencies", visible(&name), rates.len()));
        knowledge = knowledge.with_rates(rates);
    }
    Ok(Arc::new(knowledge))
}

/// The files of words, brands and prices that a command reads.
pub(super) fn files(args: &KnowledgeArgs) -> impl Iterator<Item = PathBuf> {
    let prices = args.price_list.iter().chain(&args.fx);
    args.lexicon.iter().chain(&args.brands).chain(prices).cloned()
}

fn text(path: &Path) -> Result<String> {
    kept::read(path, "read the words")
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
