//! `pinchbeck enrich`: an export in, the same export with what only the whole of it knows out.

use std::time::Instant;

use pinchbeck::enrich::{EnrichSettings, Enrichment, needed};
use pinchbeck::error::visible;
use pinchbeck::listing::{Column, ResolvedMapping};
use pinchbeck::report::{TableOptions, TableWriter, Target, enriched_batch, enriched_schema};
use pinchbeck::{ErrorKind, Input, Result};

use super::unreadable::Unreadable;
use super::{Outcome, opened, table_out};
use crate::args::EnrichArgs;
use crate::console;

/// One text in so many listings is told.
const LARGE_SHARE: f64 = 0.05;

/// And so many are the least.
const LARGE_COUNT: u64 = 50;

pub(crate) fn run(args: &EnrichArgs) -> Result<Outcome> {
    let started = Instant::now();
    let output = args.output.as_ref();
    opened::check_files(
        &opened::read_files(&args.input, None)?,
        &[
            ("--output", output),
            ("--problems", args.input.problems.as_ref()),
            ("--rejects", args.input.rejects.as_ref()),
        ],
    )?;
    table_out::check_ending(output)?;
    table_out::check_readable_twice(&args.input.inputs, "INPUT")?;
    let mapping = opened::mapping(&args.input)?;
    let mut input = opened::input(&args.input)?;
    let resolved = mapping.resolve_input(&input, false)?;
    check_not_enriched(&input, &resolved)?;
    let surprises = opened::surprises_told(&resolved, &input)?;
    console::messages(&opened::files_told(&input));
    opened::tell_mapping(&resolved);
    console::messages(&surprises);

    // The same columns at both readings, as a cell beyond the limits can cost its record.
    let all: Vec<usize> = (0..input.schema().fields().len()).collect();
    input.select(&all)?;
    let mut unreadable = Unreadable::open(&args.input)?;
    let settings =
        EnrichSettings { memory_bytes: args.memory, n_threads: usize::from(args.threads) };
    let gathered = Enrichment::gather(&mut input, &resolved, settings, |problems, rejects| {
        unreadable.note(problems, rejects)
    });
    let mut enrichment = gathered?;
    unreadable.finish()?;
    let (n_rows, n_rejected) = (enrichment.n_rows(), enrichment.n_rejected());
    if n_rows == 0 {
        let what = "holds no record that can be read";
        return Err(ErrorKind::Empty { file: input.name(), what }.into());
    }
    tell_columns(&resolved, enrichment.columns());
    tell_largest_family(enrichment.largest_family(), n_rows);

    let mut input = opened::input(&args.input)?;
    input.select(&all)?;
    let target = output.map_or(Target::Stdout, |path| opened::target(path));
    let format = table_out::format(args.format, output, &input);
    let delimiter = table_out::delimiter(output);
    let options = TableOptions { format, columns: all, raw_text: args.raw_text, delimiter };
    let columns = enrichment.columns().to_vec();
    let added = enriched_schema(&columns);
    let mut writer = TableWriter::create(&target, input.schema(), &added, options)?;
    while let Some(block) = input.next_block()? {
        let n = block.batch.n_records();
        let cells = enrichment.next_rows(n)?;
        writer.write(&block.batch, &enriched_batch(&columns, &cells, n)?)?;
    }
    enrichment.end()?;
    let written = writer.finish()?;
    table_out::tell_neutralized(written.n_neutralized);
    let (n_read, elapsed) = (n_rows + n_rejected, started.elapsed().as_secs_f64());
    console::message(&format!(
        "{n_read} rows read, {n_rows} enriched, {n_rejected} rejected, {elapsed:.2} s, {:.0} rows/s",
        n_read as f64 / elapsed.max(1e-9),
    ));
    Ok(Outcome::Done)
}

/// Refuses an export that has one of the columns already: its numbers would be of another export.
fn check_not_enriched(input: &Input, mapping: &ResolvedMapping) -> Result<()> {
    let fields = input.schema().fields();
    let of_enrich = || Column::all().filter(|column| column.is_of_enrich());
    let by_mapping = of_enrich().find_map(|column| mapping.spelled(column));
    let by_name = || fields.iter().map(|field| field.name().as_str()).find(|name| is_added(name));
    let Some(theirs) = by_mapping.or_else(by_name) else { return Ok(()) };
    Err(ErrorKind::Option {
        option: "INPUT",
        expected: "an export without the columns that enriching adds itself; enrich the file from which this one was made, or leave the columns out"
            .to_owned(),
        found: format!("\"{}\"", visible(theirs)),
    }
    .into())
}

fn is_added(name: &str) -> bool {
    Column::from_name(name).is_some_and(Column::is_of_enrich)
}

/// Says which columns are not added, and for want of what.
fn tell_columns(mapping: &ResolvedMapping, added: &[Column]) {
    let left_out = Column::all().filter(|column| column.is_of_enrich() && !added.contains(column));
    let told: Vec<String> = left_out
        .map(|column| {
            let wanting = needed(column).iter().filter(|own| mapping.spelled(**own).is_none());
            let names: Vec<&str> = wanting.map(|own| own.name()).collect();
            format!("{} (needs {})", column.name(), names.join(" and "))
        })
        .collect();
    if !told.is_empty() {
        console::message(&format!("not added: {}", told.join(", ")));
    }
}

/// Says when a text is so common that it may be the marketplace's own.
fn tell_largest_family(n: u64, n_rows: u64) {
    if n >= LARGE_COUNT && n as f64 >= LARGE_SHARE * n_rows as f64 {
        console::message(&format!(
            "{n} of {n_rows} listings have nearly the same text; they count as copies even where the marketplace wrote it"
        ));
    }
}
