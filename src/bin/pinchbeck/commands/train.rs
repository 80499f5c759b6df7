//! `pinchbeck train`: labeled listings in, a model and its metrics out.

use pinchbeck::Result;
use pinchbeck::listing::Column;
use pinchbeck::report::{Target, evaluation_text, metrics_json, write_texts};
use pinchbeck::training::TrainingParams;

use super::known;
use super::opened;
use super::{Outcome, labeled};
use crate::args::TrainArgs;
use crate::console;

pub(crate) fn run(args: &TrainArgs) -> Result<Outcome> {
    let mut read = opened::read_files(&args.input, None)?;
    read.extend(known::files(&args.knowledge));
    opened::check_files(
        &read,
        &[
            ("--output", Some(&args.output)),
            ("--metrics", args.metrics.as_ref()),
            ("--problems", args.input.problems.as_ref()),
            ("--rejects", args.input.rejects.as_ref()),
        ],
    )?;
    let mut mapping = labeled::mapping(&args.input, &args.labels)?;
    if let Some(time) = &args.time {
        mapping = mapping.with_column(Column::ListedAt, time, "--time");
    }
    let defaults = TrainingParams::default();
    let params = TrainingParams {
        holdout: args.holdout,
        n_folds: args.folds,
        seed: args.seed,
        policy: args.policy,
        penalties: args.penalty.clone().unwrap_or(defaults.penalties),
        word_penalties: match &args.word_penalty {
            _ if args.no_words => Vec::new(),
            Some(given) => given.clone(),
            None => defaults.word_penalties,
        },
        by_time: args.time.is_some(),
        refit: !args.no_refit,
        base_rate: args.base_rate,
        extra: mapping.extra().clone(),
        as_of: args.input.as_of,
        note: args.note.clone(),
    }
    .check()?;
    let set = labeled::read(&args.input, &mapping)?;
    let trained = params.fit_with(&set, &*known::read(&args.knowledge)?)?;
    let bytes = trained.model.to_bytes()?;
    let target = opened::target(&args.output);
    let model = String::from_utf8_lossy(&bytes);
    let metrics = metrics_json(&trained.evaluations);
    let metrics_target = args.metrics.clone().map(Target::File);
    let mut files = vec![(&target, &*model)];
    files.extend(metrics_target.as_ref().map(|own| (own, &*metrics)));
    write_texts(&files)?;
    for warning in &trained.model.card().warnings {
        console::message(&format!("warning: {warning}"));
    }
    let text = evaluation_text(&trained.evaluations);
    match target {
        // The model itself goes to standard output; the figures must not stand in it.
        Target::Stdout => console::message(&format!("\n{text}")),
        Target::File(_) => console::result(&text)?,
    }
    Ok(Outcome::Done)
}
