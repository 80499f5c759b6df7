//! The commands, one file each, and how a command ends.

pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod enrich;
pub(crate) mod evaluate;
pub(crate) mod explain;
mod flagging;
pub(crate) mod inspect;
mod kept;
mod known;
mod labeled;
pub(crate) mod lexicon;
mod listed;
pub(crate) mod man;
mod opened;
pub(crate) mod score;
pub(crate) mod signals;
pub(crate) mod simulate;
mod table_out;
pub(crate) mod train;
mod unreadable;

/// How a command ended that did not fail.
pub(crate) enum Outcome {
    /// All is done.
    Done,
    /// All is done, listings were flagged, and the user asked to be told by the status.
    Flagged,
}
