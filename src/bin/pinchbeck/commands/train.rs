//! `pinchbeck train`: labeled listings in, a model and its metrics out.

use pinchbeck::Result;
use pinchbeck::listing::Column;
use pinchbeck::report::{Target, evaluation_text, metrics_json, write_texts};
use pinchbeck::training::TrainingParams;

use pinchbeck::listing::{ExtraColumns, Transform};
use pinchbeck::{ErrorKind, Mapping};

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
        bin_penalties: match &args.bin_penalty {
            _ if args.no_bins => Vec::new(),
            Some(given) => given.clone(),
            None => defaults.bin_penalties,
        },
        word_penalties: match &args.word_penalty {
            _ if args.no_words => Vec::new(),
            Some(given) => given.clone(),
            None => defaults.word_penalties,
        },
        always_words: args.always_words,
        one_standard_error: args.one_standard_error,
        negatives: args.negatives,
        by_time: args.time.is_some(),
        refit: !args.no_refit,
        base_rate: args.base_rate,
        extra: mapping.extra().clone(),
        as_of: args.input.as_of,
        note: args.note.clone(),
    }
    .check()?;
    let mut set = labeled::read(&args.input, &weighted(&mapping, args)?)?;
    if let Some(column) = &args.sample_weight {
        set = set.with_weights(column)?;
    }
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

/// The mapping with the column of the weights, which is read and not learned from.
fn weighted(mapping: &Mapping, args: &TrainArgs) -> Result<Mapping> {
    let Some(column) = &args.sample_weight else { return Ok(mapping.clone()) };
    let ExtraColumns { mut numeric, categorical } = mapping.extra().clone();
    if numeric.iter().map(|(name, _)| name).chain(&categorical).any(|name| name == column) {
        return Err(ErrorKind::Option {
            option: "--sample-weight",
            expected: "a column that is not learned from".to_owned(),
            found: format!("{column} in [extra] of the mapping"),
        }
        .into());
    }
    numeric.push((column.clone(), Transform::Identity));
    Ok(mapping.clone().with_extra(ExtraColumns { numeric, categorical }))
}
