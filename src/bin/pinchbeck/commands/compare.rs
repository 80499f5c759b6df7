//! `pinchbeck compare`: an old and a new model, by their cards and on labeled listings.

use pinchbeck::evaluation::Comparison;
use pinchbeck::listing::ExtraColumns;
use pinchbeck::report::{comparison_json, comparison_text};
use pinchbeck::scoring::{Budget, Policy};
use pinchbeck::training::compare;
use pinchbeck::{Model, Result, ScoreSettings, Scorer};

use super::known;
use super::opened;
use super::{Outcome, labeled};
use crate::args::{CheckFormat, CompareArgs};
use crate::console;

pub(crate) fn run(args: &CompareArgs) -> Result<Outcome> {
    let (old_name, old) = opened::model(Some(&args.old))?;
    let (new_name, new) = opened::model(Some(&args.new))?;
    let compared =
        if args.input.inputs.is_empty() { None } else { Some(on_listings(args, &old, &new)?) };
    let (names, models) = ([old_name.as_str(), new_name.as_str()], [&old, &new]);
    let text = match args.format {
        CheckFormat::Text => comparison_text(names, models, compared.as_ref(), args.changes),
        CheckFormat::Json => comparison_json(names, models, compared.as_ref(), args.changes),
    };
    console::result(&text)?;
    Ok(Outcome::Done)
}

fn on_listings(args: &CompareArgs, old: &Model, new: &Model) -> Result<Comparison> {
    let mut read = opened::read_files(&args.input, Some(&args.old))?;
    read.extend(opened::read_files(&args.input, Some(&args.new))?);
    read.extend(known::files(&args.judging.knowledge));
    opened::check_files(
        &read,
        &[("--problems", args.input.problems.as_ref()), ("--rejects", args.input.rejects.as_ref())],
    )?;
    let extra = both(old.extra_columns(), new.extra_columns());
    let mapping = labeled::mapping(&args.input, &args.judging.labels)?.with_extra(extra);
    let set = labeled::read(&args.input, &mapping)?;
    let knowledge = known::read(&args.judging.knowledge)?;
    let settings = ScoreSettings {
        as_of: args.input.as_of,
        threshold: args.judging.threshold,
        max_reasons: 0,
    };
    let scorer = |model: &Model| -> Result<Scorer> {
        Ok(Scorer::with_knowledge(model.clone(), knowledge.clone())?
            .with_settings(settings.clone()))
    };
    let capacity = args.review_budget.or(budget(new)).or(budget(old));
    compare(&scorer(old)?, &scorer(new)?, &set, capacity, args.judging.seed)
}

/// How many listings a model's policy says can be reviewed, if it is about that.
fn budget(model: &Model) -> Option<Budget> {
    match model.threshold().policy {
        Policy::Budget(budget) => Some(budget),
        _ => None,
    }
}

/// The further columns of one model and those of the other.
fn both(mut old: ExtraColumns, new: ExtraColumns) -> ExtraColumns {
    for own in new.numeric {
        if !old.numeric.iter().any(|(name, _)| *name == own.0) {
            old.numeric.push(own);
        }
    }
    for own in new.categorical {
        if !old.categorical.contains(&own) {
            old.categorical.push(own);
        }
    }
    old
}
