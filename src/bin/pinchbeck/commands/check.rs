//! `pinchbeck check`: what is in an export, what of it will be used, and what is wrong.

use pinchbeck::Result;
use pinchbeck::check::check;
use pinchbeck::report::{ListingWriter, Target, check_json, check_text, mapping_toml, write_text};

use super::{Outcome, opened};
use crate::args::{CheckArgs, CheckFormat};
use crate::console;

pub(crate) fn run(args: &CheckArgs) -> Result<Outcome> {
    opened::check_files(
        &opened::read_files(&args.input, None)?,
        &[
            ("--write-mapping", args.write_mapping.as_ref()),
            ("--write-listings", args.write_listings.as_ref()),
        ],
    )?;
    let mapping = opened::mapping(&args.input)?;
    let mut input = opened::input(&args.input)?;
    let mut listings = args
        .write_listings
        .as_deref()
        .map(|path| ListingWriter::create(&opened::target(path)))
        .transpose()?;
    let mut checkup = check(&mut input, &mapping, |raw, read| match &mut listings {
        Some(writer) => writer.write(raw, read),
        None => Ok(()),
    })?;
    listings.map(ListingWriter::finish).transpose()?;
    if let Some(path) = &args.write_mapping {
        write_text(&opened::target(path), &mapping_toml(&checkup, &mapping))?;
    }
    let is_shown = |path: &Option<std::path::PathBuf>| {
        path.as_deref().is_some_and(|path| matches!(opened::target(path), Target::Stdout))
    };
    // What else goes to standard output must be there alone.
    if !is_shown(&args.write_mapping) && !is_shown(&args.write_listings) {
        console::result(&match args.format {
            CheckFormat::Text => check_text(&checkup),
            CheckFormat::Json => check_json(&checkup),
        })?;
    }
    if checkup.faults.is_empty() { Ok(Outcome::Done) } else { Err(checkup.faults.remove(0)) }
}
