//! `pinchbeck explain`: the waterfall of one listing.

use pinchbeck::error::visible;
use pinchbeck::input::iso_day;
use pinchbeck::listing::Column;
use pinchbeck::report::{Subject, explanation_json, explanation_text};
use pinchbeck::{ErrorKind, Result, ScoreSettings, Scorer};

use super::Outcome;
use super::known;
use super::listed;
use super::opened;
use super::unreadable::Unreadable;
use crate::args::{ExplainArgs, ExplainFormat};
use crate::console;

pub(crate) fn run(args: &ExplainArgs) -> Result<Outcome> {
    let mut read = opened::read_files(&args.input, args.model.as_ref())?;
    read.extend(listed::files(&args.lists));
    read.extend(known::files(&args.knowledge));
    opened::check_files(
        &read,
        &[("--problems", args.input.problems.as_ref()), ("--rejects", args.input.rejects.as_ref())],
    )?;
    let (_, model, knowledge) = opened::model_and_knowledge(args.model.as_ref(), &args.knowledge)?;
    let scorer = Scorer::with_knowledge(model, knowledge)?
        .with_settings(ScoreSettings { as_of: args.input.as_of, ..ScoreSettings::default() })
        .with_lists(listed::read(&args.lists)?);
    let mapping = opened::mapping(&args.input)?;
    let mut input = opened::input(&args.input)?;
    let resolved = scorer.resolve_input(&mapping, &input)?;
    input.select(&resolved.positions())?;
    let mut unreadable = Unreadable::open(&args.input)?;
    let mut n = 0;
    while let Some(block) = input.next_block()? {
        let read = resolved.read(&block.batch)?;
        unreadable.note(&block.problems, &[])?;
        unreadable.note(&read.problems, &block.rejects)?;
        let listings = &read.listings;
        let id = |row: usize| listings.text(Column::ListingId, row).value();
        if let Some(row) = (0..listings.len()).find(|&row| id(row) == Some(args.id.as_str())) {
            let explanation = scorer.explain(listings, row);
            let text = |column| listings.text(column, row).value();
            let day = args.input.as_of.map(iso_day);
            let subject = Subject {
                listing_id: &args.id,
                title: text(Column::Title),
                seller: text(Column::SellerName).or_else(|| text(Column::SellerId)),
                day: day.as_deref(),
            };
            let provenance = scorer.provenance()?;
            unreadable.finish()?;
            console::result(&match args.format {
                ExplainFormat::Text => explanation_text(&subject, &explanation, &provenance),
                ExplainFormat::Json => explanation_json(&subject, &explanation, &provenance),
            })?;
            return Ok(Outcome::Done);
        }
        n += (listings.len() + block.rejects.len()) as u64;
    }
    let id = format!("\"{}\"", visible(&args.id));
    Err(ErrorKind::NoSuchListing { file: input.name(), id, n }.into())
}
