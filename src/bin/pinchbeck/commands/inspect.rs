//! `pinchbeck inspect`: a model as a card.

use pinchbeck::Result;
use pinchbeck::report::{card_json, card_markdown, card_text};

use super::{Outcome, opened};
use crate::args::{CardFormat, InspectArgs};
use crate::console;

pub(crate) fn run(args: &InspectArgs) -> Result<Outcome> {
    let (name, model) = opened::model(args.model.as_ref())?;
    let card = match args.format {
        CardFormat::Text => card_text(&name, &model)?,
        CardFormat::Markdown => card_markdown(&name, &model)?,
        CardFormat::Json => card_json(&name, &model)?,
    };
    console::result(&card)?;
    Ok(Outcome::Done)
}
