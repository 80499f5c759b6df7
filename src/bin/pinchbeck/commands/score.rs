//! `pinchbeck score`: an export in, the same export with scores and reasons out.

use std::sync::Arc;
use std::time::Instant;

use pinchbeck::error::visible;
use pinchbeck::input::{Problem, RawBatch, Reject};
use pinchbeck::listing::{Column, ResolvedMapping};
use pinchbeck::report::{
    Rendered, TableFormat, TableOptions, TableRenderer, TableWriter, Target, Written,
    added_columns, added_schema,
};
use pinchbeck::scoring::{Account, Candidates, Pipeline, Policy, Riskiest, ScoredBlock};
use pinchbeck::{ErrorKind, Input, Mapping, Result, Score, ScoreSettings, Scorer};

use super::flagging::{FlagRule, Flagged};
use super::listed::{self, ListTally};
use super::unreadable::Unreadable;
use super::{Outcome, known, opened, table_out};
use crate::args::ScoreArgs;
use crate::console;
use crate::progress::Progress;

pub(crate) fn run(args: &ScoreArgs) -> Result<Outcome> {
    let started = Instant::now();
    if args.quiet {
        console::be_quiet();
    }
    check_files(args)?;
    let (name, scorer) = scorer(args)?;
    let mapping = opened::mapping(&args.input)?;
    let rule = flag_rule(args, &scorer, &mapping)?;

    let mut input = opened::input(&args.input)?;
    let pipeline = Pipeline::new(&scorer, &input, &mapping, usize::from(args.threads))?;
    let columns = select(args, &mut input, pipeline.mapping())?;
    let mut about = opened::files_told(&input);
    about.extend(opened::mapping_told(pipeline.mapping()));
    about.extend(opened::surprises_told(pipeline.mapping(), &input)?);
    about.push(opened::model_told(&name, args.model.is_none()));

    let format = table_out::format(args.format, args.output.as_ref(), &input);
    let options = TableOptions {
        format,
        columns,
        raw_text: args.raw_text,
        delimiter: table_out::delimiter(args.output.as_ref()),
    };
    let renderer = TableRenderer::new(input.schema(), &added_schema(format), options)?;
    let rendering = Rendering { renderer: Arc::new(renderer), format };
    let mut out = Out {
        target: args.output.as_deref().map_or(Target::Stdout, opened::target),
        rendering: &rendering,
        about,
        writer: None,
        riskiest: args.top.map(|n| Riskiest::new(n as usize)),
        unreadable: Unreadable::open(&args.input)?,
        tally: ListTally::new(scorer.lists()),
        progress: Progress::new("", args.quiet),
        n_flagged: 0,
    };
    let account = pipeline.run_with(
        &mut input,
        |mut block| {
            let flagged = rule.flag(&mut block, scorer.lists());
            Passing::of(block, flagged, &rendering, args.top)
        },
        |block| out.take(block),
    )?;
    let n_flagged = out.n_flagged;
    out.finish(args, &input, account.n_scored)?;
    tell_account(&Account { n_flagged, ..account }, rule.lowest(), started);
    Ok(if args.fail_on_flagged && n_flagged > 0 { Outcome::Flagged } else { Outcome::Done })
}

/// Refuses files and options that do not go together, before anything is read.
fn check_files(args: &ScoreArgs) -> Result<()> {
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
    table_out::check_ending(args.output.as_ref())
}

/// The scorer that the arguments ask for, with the name of its model.
fn scorer(args: &ScoreArgs) -> Result<(String, Scorer)> {
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
    let settings = ScoreSettings { max_reasons: args.reasons, as_of: args.input.as_of, threshold };
    let scorer = Scorer::with_knowledge(model, knowledge)?
        .with_settings(settings)
        .with_lists(listed::read(&args.lists)?);
    Ok((name, scorer))
}

/// What flags; of a review budget, after a first reading of the input.
fn flag_rule(args: &ScoreArgs, scorer: &Scorer, mapping: &Mapping) -> Result<FlagRule> {
    let Some(budget) = args.threshold.review_budget else {
        return Ok(FlagRule::Threshold(scorer.threshold()));
    };
    table_out::check_readable_twice(&args.input.inputs, "--review-budget")?;
    let mut input = opened::input(&args.input)?;
    let pipeline = Pipeline::new(scorer, &input, mapping, usize::from(args.threads))?;
    // The same columns at both readings, as a cell beyond the limits can cost its record.
    select(args, &mut input, pipeline.mapping())?;
    FlagRule::of_budget(budget, &pipeline, &mut input, args.quiet)
}

/// Has the input read only what is needed; the positions of the columns that are passed through.
fn select(args: &ScoreArgs, input: &mut Input, mapping: &ResolvedMapping) -> Result<Vec<usize>> {
    let passed = columns(args, input, mapping)?;
    let mut needed = mapping.positions();
    needed.extend(&passed);
    input.select(&needed)?;
    Ok(passed)
}

/// Makes rows of scored records.
struct Rendering {
    renderer: Arc<TableRenderer>,
    format: TableFormat,
}

impl Rendering {
    fn rows(&self, raw: &RawBatch, scores: &[Score]) -> Result<Rendered> {
        self.renderer.render(raw, &added_columns(scores, self.format)?)
    }
}

/// A block behind the work that threads share.
struct Passing {
    rows: Rows,
    n_rows: u64,
    flagged: Flagged,
    problems: Vec<Problem>,
    rejects: Vec<Reject>,
    share_read: Option<f64>,
}

enum Rows {
    /// To be written as they are.
    Rendered(Rendered),
    /// To be compared with those of other blocks.
    Candidates(Box<Candidates>),
}

impl Passing {
    fn of(
        block: ScoredBlock,
        flagged: Flagged,
        rendering: &Rendering,
        top: Option<u64>,
    ) -> Result<Passing> {
        let ScoredBlock { raw, scores, problems, rejects, n_before, share_read } = block;
        let n_rows = (scores.len() + rejects.len()) as u64;
        let rows = match top {
            None => Rows::Rendered(rendering.rows(&raw, &scores)?),
            Some(n) => {
                Rows::Candidates(Box::new(Candidates::of(n as usize, raw, scores, n_before)?))
            }
        };
        Ok(Passing { rows, n_rows, flagged, problems, rejects, share_read })
    }
}

/// Where blocks go, in order.
struct Out<'a> {
    target: Target,
    rendering: &'a Rendering,
    /// What is said before the first row.
    about: Vec<String>,
    /// Made with the first block, so that a fault in it leaves standard output empty too.
    writer: Option<TableWriter>,
    /// Of `--top`, the listings to be written when all were seen.
    riskiest: Option<Riskiest>,
    unreadable: Unreadable,
    tally: ListTally,
    progress: Progress,
    n_flagged: u64,
}

impl Out<'_> {
    fn take(&mut self, block: Passing) -> Result<()> {
        self.unreadable.note(&block.problems, &block.rejects)?;
        self.tally.add(block.flagged.tally);
        self.n_flagged += block.flagged.n_flagged;
        self.writer()?;
        match (block.rows, &mut self.riskiest) {
            (Rows::Rendered(rows), _) => self.writer()?.write_rendered(rows)?,
            (Rows::Candidates(own), Some(riskiest)) => riskiest.offer(*own)?,
            (Rows::Candidates(_), None) => {}
        }
        self.progress.advance(block.n_rows, block.share_read);
        Ok(())
    }

    fn writer(&mut self) -> Result<&mut TableWriter> {
        match &mut self.writer {
            Some(writer) => Ok(writer),
            none => {
                console::messages(&self.about);
                let renderer = Arc::clone(&self.rendering.renderer);
                Ok(none.insert(TableWriter::open(&self.target, renderer)?))
            }
        }
    }

    /// Writes what waited for the end, puts the files in place and says what is in them.
    fn finish(mut self, args: &ScoreArgs, input: &Input, n_scored: u64) -> Result<()> {
        drop(self.progress);
        if n_scored == 0 {
            self.unreadable.finish()?;
            let what = "holds no record that can be read";
            return Err(ErrorKind::Empty { file: input.name(), what }.into());
        }
        if let (Some(riskiest), Some(writer)) = (self.riskiest, &mut self.writer) {
            for (raw, scores) in riskiest.ranked()? {
                writer.write_rendered(self.rendering.rows(&raw, &scores)?)?;
            }
        }
        let written = self.writer.map(TableWriter::finish).transpose()?.unwrap_or_default();
        self.unreadable.finish()?;
        tell_written(args, &written);
        self.tally.tell(args.input.as_of);
        Ok(())
    }
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

/// Says what of the output is not as it was, and how much of all it is.
fn tell_written(args: &ScoreArgs, written: &Written) {
    table_out::tell_neutralized(written.n_neutralized);
    if args.top.is_some() {
        console::message(&format!("written: the {} riskiest, the riskiest first", written.n_rows));
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
