//! The lists that stand above the score, and what became of their entries.

use std::collections::HashSet;
use std::path::PathBuf;

use pinchbeck::scoring::{ListKind, Lists};
use pinchbeck::{Result, Score};

use super::kept;
use crate::args::ListArgs;
use crate::console;

/// Reads the lists that are given.
pub(super) fn read(args: &ListArgs) -> Result<Lists> {
    let mut lists = Lists::default();
    for (kind, path) in args.files() {
        let name = path.display().to_string();
        let text = kept::read(path, "read the list")?;
        lists = lists.with_csv(kind, &name, &text)?;
    }
    Ok(lists)
}

/// The files of lists that a command reads.
pub(super) fn files(args: &ListArgs) -> impl Iterator<Item = PathBuf> {
    args.files().map(|(_, path)| path.clone())
}

/// What the lists did, counted while listings pass.
#[derive(Default)]
pub(super) struct ListTally {
    kinds: Vec<Counts>,
    /// Whether an entry could not be held against a day.
    has_undated: bool,
}

struct Counts {
    kind: ListKind,
    n_entries: usize,
    matched: HashSet<usize>,
    n_listings: u64,
    /// Of the listings those whose flag is another than their score alone would have given.
    n_turned: u64,
}

impl ListTally {
    pub(super) fn new(lists: &Lists) -> ListTally {
        let counts = |(kind, n_entries)| Counts {
            kind,
            n_entries,
            matched: HashSet::new(),
            n_listings: 0,
            n_turned: 0,
        };
        ListTally {
            kinds: lists.sizes().into_iter().map(counts).collect(),
            has_undated: lists.has_ends(),
        }
    }

    /// Counts a listing; `by_score` is the flag that its score alone would have given.
    pub(super) fn note(&mut self, score: &Score, by_score: bool) {
        for own in &score.memberships {
            let Some(counts) = self.kinds.iter_mut().find(|counts| counts.kind == own.kind) else {
                continue;
            };
            counts.n_listings += 1;
            counts.n_turned += u64::from(score.flagged != by_score);
            counts.matched.insert(own.entry);
        }
    }

    /// Adds what was counted of other listings with the same lists.
    pub(super) fn add(&mut self, other: ListTally) {
        for (own, other) in self.kinds.iter_mut().zip(other.kinds) {
            own.n_listings += other.n_listings;
            own.n_turned += other.n_turned;
            own.matched.extend(other.matched);
        }
    }

    /// Says what the lists did.
    pub(super) fn tell(&self, as_of: Option<f64>) {
        for own in &self.kinds {
            let turned = match own.kind {
                ListKind::Allow => format!(", of which {} would have been flagged", own.n_turned),
                ListKind::Deny => format!(", of which {} by the list alone", own.n_turned),
                ListKind::Watch => String::new(),
            };
            let n_unused = own.n_entries - own.matched.len();
            console::message(&format!(
                "{}: {} listings{turned}; {n_unused} of {} entries matched no listing",
                own.kind.name(),
                own.n_listings,
                own.n_entries
            ));
        }
        if self.has_undated && as_of.is_none() {
            console::message(
                &"entries with a last day are held against the listing's own date, where it has one; --as-of names a day for all",
            );
        }
    }
}
