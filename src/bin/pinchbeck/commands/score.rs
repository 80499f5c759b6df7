//! `pinchbeck score`: an export in, the same export with scores and reasons out.

use std::time::Instant;

use pinchbeck::error::visible;
use pinchbeck::listing::{Column, ResolvedMapping};
use pinchbeck::report::{TableOptions, TableWriter, Target, added_columns, added_schema};
use pinchbeck::scoring::{Account, Budget, BudgetCut, Pipeline, Policy};
use pinchbeck::{ErrorKind, Input, Mapping, Result, ScoreSettings, Scorer};

use super::listed::{self, ListTally};
use super::unreadable::Unreadable;
use super::{Outcome, known, opened, table_out};
use crate::args::ScoreArgs;
use crate::console;

pub(crate) fn run(args: &ScoreArgs) -> Result<Outcome> {
    let started = Instant::now();
    let mut read = opened::read_files(&args.input, args.model.as_ref())?;
    read.extend(listed::files(&args.lists));
    read.extend(known::files(&args.knowledge));
    opened::check_files(
        &read,
        &[
            ("--output", args.output.as_ref()),
            ("--problems", args.input.problems.as_ref()),
            ("--rejects", args.input.rejects.as_ref()),
        ],
    )?;
    table_out::check_ending(args.output.as_ref())?;
    let (name, model, knowledge) =
        opened::model_and_knowledge(args.model.as_ref(), &args.knowledge)?;
    let n_validation = model.card().data.n as u64;
    let policy = match (args.threshold.min_precision, args.threshold.min_recall) {
        (Some(wanted), _) => Some(Policy::MinPrecision(wanted)),
        (_, Some(wanted)) => Some(Policy::MinRecall(wanted)),
        _ => None,
    };
    let resolved =
        policy.map(|own| own.resolve(model.operating_points(), n_validation)).transpose()?;
    let threshold = args.threshold.threshold.or(resolved.map(|own| own.probability));
    let scorer = Scorer::with_knowledge(model, knowledge)?
        .with_settings(ScoreSettings {
            max_reasons: args.reasons,
            as_of: args.input.as_of,
            threshold,
        })
        .with_lists(listed::read(&args.lists)?);
    let mapping = opened::mapping(&args.input)?;
    let cut = match args.threshold.review_budget {
        Some(budget) => Some(budget_cut(args, &scorer, &mapping, budget)?),
        None => None,
    };

    let mut input = opened::input(&args.input)?;
    let files = opened::files_told(&input);
    let pipeline = Pipeline::new(&scorer, &input, &mapping, usize::from(args.threads))?;
    let surprises = opened::surprises_told(pipeline.mapping(), &input)?;
    let target = args.output.as_deref().map_or(Target::Stdout, opened::target);
    let format = table_out::format(args.format, args.output.as_ref(), &input);
    let options = TableOptions {
        format,
        columns: columns(args, &input, pipeline.mapping())?,
        raw_text: args.raw_text,
        delimiter: table_out::delimiter(args.output.as_ref()),
    };
    let passed = options.columns.iter().copied();
    input.select(&pipeline.mapping().positions().into_iter().chain(passed).collect::<Vec<_>>())?;
    let mut unreadable = Unreadable::open(&args.input)?;
    // Made with the first block, so that a fault in it leaves standard output empty too.
    let mut writer: Option<TableWriter> = None;
    let schema = input.schema().clone();
    let mut tally = ListTally::new(scorer.lists());
    let (mut position, mut n_flagged) = (0, 0);
    let account = pipeline.run(&mut input, |mut block| {
        unreadable.note(&block.problems, &block.rejects)?;
        for score in &mut block.scores {
            let by_score = match cut {
                Some(cut) => cut.flags(score.probability, position),
                None => score.probability >= scorer.threshold(),
            };
            score.flag(by_score);
            tally.note(score, by_score);
            position += u64::from(score.ruled().is_none());
            n_flagged += u64::from(score.flagged);
        }
        let writer = match &mut writer {
            Some(writer) => writer,
            none => {
                console::messages(&files);
                opened::tell_mapping(pipeline.mapping());
                console::messages(&surprises);
                opened::tell_model(&name, args.model.is_none());
                let added = added_schema(format);
                none.insert(TableWriter::create(&target, &schema, &added, options.clone())?)
            }
        };
        writer.write(&block.raw, &added_columns(&block.scores, format)?)
    })?;
    if account.n_scored == 0 {
        unreadable.finish()?;
        let what = "holds no record that can be read";
        return Err(ErrorKind::Empty { file: input.name(), what }.into());
    }
    let written = writer.map(TableWriter::finish).transpose()?.unwrap_or_default();
    unreadable.finish()?;
    table_out::tell_neutralized(written.n_neutralized);
    tally.tell(args.input.as_of);
    let threshold = cut.map_or(Some(scorer.threshold()), BudgetCut::threshold);
    tell_account(&Account { n_flagged, ..account }, threshold, started);
    Ok(if args.fail_on_flagged && n_flagged > 0 { Outcome::Flagged } else { Outcome::Done })
}

/// The first of two passes: where a review budget cuts the ranking of the whole input.
fn budget_cut(
    args: &ScoreArgs,
    scorer: &Scorer,
    mapping: &Mapping,
    budget: Budget,
) -> Result<BudgetCut> {
    table_out::check_readable_twice(&args.input.inputs, "--review-budget")?;
    let mut input = opened::input(&args.input)?;
    let pipeline = Pipeline::new(scorer, &input, mapping, usize::from(args.threads))?;
    input.select(&pipeline.mapping().positions())?;
    let mut probabilities = Vec::new();
    pipeline.run(&mut input, |block| {
        // What a list decides takes no place of the budget.
        let open = block.scores.iter().filter(|score| score.ruled().is_none());
        probabilities.extend(open.map(|score| score.probability));
        Ok(())
    })?;
    Ok(BudgetCut::new(&probabilities, budget))
}

/// Positions of the input's columns that are passed through.
fn columns(args: &ScoreArgs, input: &Input, mapping: &ResolvedMapping) -> Result<Vec<usize>> {
    let fields = input.schema().fields();
    match args.columns.as_str() {
        "all" => Ok((0..fields.len()).collect()),
        "scores" => {
            let id = mapping.spelled(Column::ListingId);
            Ok((0..fields.len()).filter(|&at| Some(fields[at].name().as_str()) == id).collect())
        }
        list => {
            let mut positions = Vec::new();
            for name in list.split(',').map(str::trim) {
                let position = fields.iter().position(|field| field.name() == name);
                match position.filter(|at| !positions.contains(at)) {
                    Some(at) => positions.push(at),
                    None => {
                        return Err(ErrorKind::Option {
                            option: "--columns",
                            expected: "`all`, `scores` or names of the input's columns, none twice"
                                .to_owned(),
                            found: format!("\"{}\"", visible(name)),
                        }
                        .into());
                    }
                }
            }
            Ok(positions)
        }
    }
}

/// The last line: what became of every record.
fn tell_account(account: &Account, threshold: Option<f64>, started: Instant) {
    let elapsed = started.elapsed().as_secs_f64();
    // Cut, not rounded, so that what is flagged is never below what is shown.
    let at = threshold.map_or_else(String::new, |own| {
        format!(" (probability >= {:.4})", (own * 1e4).floor() / 1e4)
    });
    console::message(&format!(
        "{} rows read, {} scored, {} rejected, {} flagged{at}, {elapsed:.2} s, {:.0} rows/s",
        account.n_read,
        account.n_scored,
        account.n_rejected,
        account.n_flagged,
        account.n_read as f64 / elapsed.max(1e-9),
    ));
}
