//! `pinchbeck evaluate`: how a model does on labeled listings.

use pinchbeck::report::{Target, evaluation_text, metrics_json, write_text};
use pinchbeck::training::evaluate;
use pinchbeck::{Result, ScoreSettings, Scorer};

use super::known;
use super::opened;
use super::{Outcome, labeled};
use crate::args::EvaluateArgs;
use crate::console;

/// How the split is called: the data as it is given.
const SPLIT: &str = "evaluate";

pub(crate) fn run(args: &EvaluateArgs) -> Result<Outcome> {
    let mut read = opened::read_files(&args.input, args.model.as_ref())?;
    read.extend(known::files(&args.judging.knowledge));
    opened::check_files(
        &read,
        &[
            ("--metrics", args.metrics.as_ref()),
            ("--problems", args.input.problems.as_ref()),
            ("--rejects", args.input.rejects.as_ref()),
        ],
    )?;
    let (_, model) = opened::model(args.model.as_ref())?;
    let mapping =
        labeled::mapping(&args.input, &args.judging.labels)?.with_extra(model.extra_columns());
    let set = labeled::read(&args.input, &mapping)?;
    let scorer = Scorer::with_knowledge(model, known::read(&args.judging.knowledge)?)?
        .with_settings(ScoreSettings {
            as_of: args.input.as_of,
            threshold: args.judging.threshold,
            max_reasons: 0,
        });
    let evaluations = [(SPLIT, evaluate(&scorer, &set, args.judging.seed)?)];
    if let Some(path) = &args.metrics {
        write_text(&Target::File(path.clone()), &metrics_json(&evaluations))?;
    }
    console::result(&evaluation_text(&evaluations))?;
    Ok(Outcome::Done)
}
