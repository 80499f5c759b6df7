//! `pinchbeck signals`: the catalogue, from the signals' own documentation.

use pinchbeck::error::visible;
use pinchbeck::report::{reason_codes_text, signal_text, signals_text};
use pinchbeck::{ErrorKind, Result, SIGNALS};

use super::Outcome;
use crate::args::SignalsArgs;
use crate::console;

pub(crate) fn run(args: &SignalsArgs) -> Result<Outcome> {
    let text = match &args.name {
        None if args.codes => reason_codes_text(),
        None => signals_text(),
        Some(name) => {
            let signal = SIGNALS.iter().find(|signal| signal.name() == name).ok_or_else(|| {
                ErrorKind::Option {
                    option: "NAME",
                    expected: "a name that `pinchbeck signals` lists".to_owned(),
                    found: format!("\"{}\"", visible(name)),
                }
            })?;
            signal_text(*signal)
        }
    };
    console::result(&text)?;
    Ok(Outcome::Done)
}
