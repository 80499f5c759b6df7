//! `pinchbeck man`: the manual page.

use clap::CommandFactory;
use pinchbeck::{ErrorKind, Result};

use super::Outcome;
use crate::args::Cli;
use crate::console;

pub(crate) fn run() -> Result<Outcome> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page).map_err(|source| ErrorKind::Io {
        action: "render the manual page",
        path: "standard output".to_owned(),
        source,
    })?;
    console::result(&String::from_utf8_lossy(&page))?;
    Ok(Outcome::Done)
}
