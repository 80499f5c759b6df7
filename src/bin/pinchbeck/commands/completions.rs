//! `pinchbeck completions`: a completion script for a shell.

use clap::CommandFactory;
use pinchbeck::Result;

use super::Outcome;
use crate::args::{Cli, CompletionsArgs};
use crate::console;

pub(crate) fn run(args: &CompletionsArgs) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "pinchbeck", &mut script);
    console::result(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Done)
}
