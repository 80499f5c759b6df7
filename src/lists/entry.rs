//! One entry of a list: what it names, until when, and how it is spoken of.

use super::KEYS;
use crate::error::{Error, Location, Result, visible};
use crate::input::parse_day;
use crate::reference_file::ReferenceRow;

/// The most characters of a note that a reason repeats.
const MAX_NOTE_CHARS: usize = 80;

/// One entry.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Where it stands.
    pub(super) place: Location,
    /// What it names, in words: `seller_id 17, brand Nike (audited)`.
    pub(super) words: String,
    /// The last day on which it holds, in days since 1970-01-01.
    pub(super) until: Option<f64>,
}

impl Entry {
    /// Reads a row whose cells are those of [`KEYS`], the note and the last day.
    pub(super) fn parse(row: &ReferenceRow) -> Result<Entry> {
        let cell = |at: usize| row.cells.get(at).map_or("", String::as_str);
        let named: Vec<String> = KEYS
            .iter()
            .enumerate()
            .filter(|(at, _)| !cell(*at).is_empty())
            .map(|(at, column)| format!("{} {}", column.name(), visible(cell(at))))
            .collect();
        let mut words = named.join(", ");
        let note: String = cell(KEYS.len()).chars().take(MAX_NOTE_CHARS).collect();
        if !note.is_empty() {
            words = format!("{words} ({})", visible(&note));
        }
        let until = match cell(KEYS.len() + 1) {
            "" => None,
            text => Some(parse_day(text).ok_or_else(|| {
                let place = row.place.clone().column("until");
                Error::value(place, "a day such as 2026-01-31", text)
            })?),
        };
        Ok(Entry { place: row.place.clone(), words, until })
    }
}

/// Whether a last day is over on another day, of which the time does not count.
pub(super) fn is_past(until: Option<f64>, day: Option<f64>) -> bool {
    until.zip(day).is_some_and(|(until, day)| day.floor() > until)
}
