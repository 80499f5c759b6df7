//! What the term signals share: whether a listing's text holds a term of a kind, and its quotes.

use crate::error::visible;
use crate::features::{Reason, Row};
use crate::lexicon::{Severity, Term};
use crate::listing::{Cell, Column};

/// The most terms a reason quotes.
const MAX_QUOTES: usize = 3;

/// The most characters of one quote.
const MAX_QUOTE_CHARS: usize = 60;

/// The value of a listing that says something in title or description.
pub(super) fn of_text(row: &Row<'_>, value: impl FnOnce() -> f64) -> Cell<f64> {
    row.text(Column::Title).or(|| row.text(Column::Description)).map(|_| value())
}

/// 1 where title or description hold a term that `counts`, else 0.
pub(super) fn presence(row: &Row<'_>, counts: impl Fn(&Term) -> bool) -> Cell<f64> {
    of_text(row, || f64::from(row.hits().any(|(_, term)| counts(term))))
}

/// A reason that quotes the terms as the seller wrote them: `says “1:1”, “mirror quality”`.
pub(super) fn quoting(
    row: &Row<'_>,
    value: Cell<f64>,
    code: &'static str,
    verb: &str,
    counts: impl Fn(&Term) -> bool,
) -> Option<Reason> {
    if value != Cell::Value(1.0) {
        return None;
    }
    let mut quotes: Vec<String> = Vec::new();
    for (hit, _) in row.hits().filter(|(_, term)| counts(term)) {
        let quote = quoted(row.written(hit.field, &hit.source));
        if !quotes.contains(&quote) {
            quotes.push(quote);
        }
    }
    let more = quotes.len().saturating_sub(MAX_QUOTES);
    quotes.truncate(MAX_QUOTES);
    let listed = quotes.join(", ");
    match more {
        0 => Reason::new(code, format!("{verb} {listed}")),
        more => Reason::new(code, format!("{verb} {listed} and {more} more")),
    }
}

/// Words of the seller in quotes, cut, with nothing in them that acts on a terminal.
pub(super) fn quoted(written: &str) -> String {
    let short: String = written.chars().take(MAX_QUOTE_CHARS).collect();
    format!("“{}”", visible(&short))
}

/// Terms of these kinds and this weight speak of a copy.
pub(super) fn is_replica(term: &Term, severity: Severity) -> bool {
    term.kind.is_of_copies() && term.weight() == severity
}

/// Runs a check on one listing with nothing fitted.
#[cfg(test)]
pub(crate) fn with_row(listing: &crate::listing::Listing, check: impl FnOnce(Row<'_>)) {
    let batch = crate::listing::ListingBatch::from_listings(std::slice::from_ref(listing));
    let knowledge = crate::features::Knowledge::builtin().unwrap();
    let prepared = crate::features::Prepared::new(&batch, &knowledge, None);
    check(prepared.row(&crate::features::FittedState::default(), 0));
}
