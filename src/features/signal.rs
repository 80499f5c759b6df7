//! What a signal is: one measured property of a listing, and how to speak of it.

use super::prepared::Row;
use crate::listing::{Cell, Column, Transform};

/// One property of a listing that may point to a counterfeit, or away from one.
///
/// A signal knows nothing of labels. Its value is a function of the listing and of the fitted
/// state (price references, known brands), nothing else: no clock, no randomness, no files.
pub trait Signal: Send + Sync {
    /// The stable name, as in model files and `pinchbeck signals`.
    fn name(&self) -> &'static str;

    /// The text of the signal's source file, whose leading `//!` lines are its documentation.
    fn source(&self) -> &'static str;

    /// The columns it reads.
    fn inputs(&self) -> &'static [Column];

    /// The change of scale before standardizing.
    fn transform(&self) -> Transform {
        Transform::Identity
    }

    /// The direction that the domain expects; the fit is free to find another, which is reported.
    fn expected_sign(&self) -> ExpectedSign;

    /// The value for one listing, in the unit that the documentation states.
    fn value(&self, row: &Row<'_>) -> Cell<f64>;

    /// Whether the value depends on what was learned from training listings (prices, brands) and not on the
    /// listing alone.
    fn reads_state(&self) -> bool {
        false
    }

    /// The family of signals that may tell the same fact by the same code, by the name of the first. Two
    /// signals of different families never do.
    fn family(&self) -> &'static str {
        self.name()
    }

    /// The fact behind the value, in words that the seller could answer; `None` where the value
    /// says nothing worth telling.
    fn reason(&self, row: &Row<'_>, value: Cell<f64>) -> Option<Reason>;
}

/// The direction in which a larger value is expected to move the risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedSign {
    /// Larger values mean more risk.
    Raises,
    /// Larger values mean less risk.
    Lowers,
    /// Depends on the marketplace.
    Either,
}

impl ExpectedSign {
    /// The sign as the catalogue prints it.
    pub fn symbol(self) -> &'static str {
        match self {
            ExpectedSign::Raises => "+",
            ExpectedSign::Lowers => "-",
            ExpectedSign::Either => "±",
        }
    }

    /// True when a fitted coefficient points the other way.
    pub fn contradicts(self, coefficient: f64) -> bool {
        match self {
            ExpectedSign::Raises => coefficient < 0.0,
            ExpectedSign::Lowers => coefficient > 0.0,
            ExpectedSign::Either => false,
        }
    }
}

/// A fact about a listing with its stable code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Stable code, such as `PRICE_LOW`.
    pub code: &'static str,
    /// Plain words, such as "price 82 % below the median of 214 listings of this brand".
    pub text: String,
}

impl Reason {
    pub(crate) fn new(code: &'static str, text: impl Into<String>) -> Option<Reason> {
        Some(Reason { code, text: text.into() })
    }
}

/// A signal's documentation, taken from the head of its source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignalDoc {
    /// The first line.
    pub title: String,
    /// The sections under their headings, in order.
    pub sections: Vec<(String, String)>,
}

impl SignalDoc {
    /// The headings that each signal's documentation has, in this order.
    pub const HEADINGS: &'static [&'static str] = &[
        "Measures",
        "Why it points to a counterfeit",
        "When missing",
        "How it is evaded",
        "Source",
    ];

    /// The documentation of a signal.
    pub fn of(signal: &dyn Signal) -> SignalDoc {
        let lines = signal
            .source()
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .map(|line| line.trim_start_matches("//!").trim());
        let mut doc = SignalDoc { title: String::new(), sections: Vec::new() };
        for line in lines {
            if let Some(heading) = line.strip_prefix("# ") {
                doc.sections.push((heading.to_owned(), String::new()));
            } else if let Some((_, text)) = doc.sections.last_mut() {
                join(text, line);
            } else {
                join(&mut doc.title, line);
            }
        }
        doc
    }
}

fn join(text: &mut String, line: &str) {
    if !text.is_empty() && !line.is_empty() {
        text.push(' ');
    }
    text.push_str(line);
}
