//! Writes the values of a model's signals for every listing of a file as CSV, one column a signal and
//! empty cells where there is no value, to learn from them elsewhere or to look at them.
//!
//! ```sh
//! cargo run --release --example signal_table -- model.json listings.csv > signals.csv
//! ```

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use pinchbeck::listing::Column;
use pinchbeck::{Input, Mapping, Model, ReadOptions, Scorer};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [model, listings] = arguments.as_slice() else {
        return Err("usage: signal_table MODEL LISTINGS".into());
    };
    write_table(model, listings, BufWriter::new(io::stdout().lock()))
}

fn write_table(
    model: &Path,
    listings: &Path,
    mut out: impl Write,
) -> Result<(), Box<dyn std::error::Error>> {
    let scorer = Scorer::new(Model::load(model)?)?;
    let mut input = Input::open(&[listings.to_owned()], &ReadOptions::default())?;
    let resolved = scorer.resolve_input(&Mapping::default(), &input)?;
    input.select(&resolved.positions())?;
    let mut is_first = true;
    while let Some(block) = input.next_block()? {
        let batch = resolved.read(&block.batch)?.listings;
        for (row, explanation) in scorer.explain_batch(&batch).iter().enumerate() {
            // Words have no value, and are no signals.
            let signals = || {
                explanation.contributions.iter().filter(|own| !own.signal.starts_with("words_in_"))
            };
            if is_first {
                let names: Vec<&str> = signals().map(|own| own.signal.as_str()).collect();
                writeln!(out, "listing_id,{}", names.join(","))?;
                is_first = false;
            }
            write!(out, "{}", batch.text(Column::ListingId, row).value().unwrap_or_default())?;
            for own in signals() {
                match own.value {
                    Some(value) => write!(out, ",{value}")?,
                    None => write!(out, ",")?,
                }
            }
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(())
}
