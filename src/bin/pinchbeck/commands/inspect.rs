//! `pinchbeck inspect`: a model as a card.

use pinchbeck::Result;
use pinchbeck::report::card_text;

use super::{Outcome, opened};
use crate::args::InspectArgs;
use crate::console;

pub(crate) fn run(args: &InspectArgs) -> Result<Outcome> {
    let (name, model) = opened::model(args.model.as_ref())?;
    console::result(&card_text(&name, &model)?)?;
    Ok(Outcome::Done)
}
