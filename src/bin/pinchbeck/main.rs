//! The command line of pinchbeck: reads arguments, runs a command, maps the outcome to a status.

mod args;
mod commands;
mod console;
#[cfg(unix)]
mod interrupt;
mod progress;
mod values;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;

use args::{Cli, Command};
use clap::Parser;
use commands::Outcome;

/// Status when listings were flagged and `--fail-on-flagged` was given.
const FLAGGED: u8 = 1;
/// Status of a fault, as of a wrong use.
const FAULT: u8 = 2;

/// Where the last panic was. Panics inside the readers of foreign formats become errors in the
/// library; only one that gets past it is told.
static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        if let Ok(mut last) = LAST_PANIC.lock() {
            *last = panic.to_string();
        }
    }));
    #[cfg(unix)]
    interrupt::watch();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // Help and the version, too, come as errors.
        Err(answer) if !answer.use_stderr() => {
            let _ = answer.print();
            return ExitCode::SUCCESS;
        }
        Err(refusal) => {
            console::refusal(&refusal.render().to_string());
            return ExitCode::from(FAULT);
        }
    };
    match catch_unwind(AssertUnwindSafe(|| run(&cli.command))) {
        Ok(Ok(Outcome::Done)) => ExitCode::SUCCESS,
        Ok(Ok(Outcome::Flagged)) => ExitCode::from(FLAGGED),
        Ok(Err(error)) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            console::fault(&error);
            ExitCode::from(FAULT)
        }
        Err(_) => {
            let place = LAST_PANIC.lock().map(|last| last.clone()).unwrap_or_default();
            console::fault(&format!("an internal fault, please report it: {place}"));
            ExitCode::from(FAULT)
        }
    }
}

fn run(command: &Command) -> pinchbeck::Result<Outcome> {
    match command {
        Command::Check(args) => commands::check::run(args),
        Command::Score(args) => commands::score::run(args),
        Command::Enrich(args) => commands::enrich::run(args),
        Command::Train(args) => commands::train::run(args),
        Command::Evaluate(args) => commands::evaluate::run(args),
        Command::Compare(args) => commands::compare::run(args),
        Command::Explain(args) => commands::explain::run(args),
        Command::Inspect(args) => commands::inspect::run(args),
        Command::Signals(args) => commands::signals::run(args),
        Command::Lexicon(args) => commands::lexicon::run(args),
        Command::Simulate(args) => commands::simulate::run(args),
        Command::Completions(args) => commands::completions::run(args),
        Command::Man => commands::man::run(),
    }
}
