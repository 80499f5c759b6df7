//! Catalogues for reading in a terminal.

use crate::features::{REASON_CODES, SIGNALS, Signal, SignalDoc};

/// The catalogue: a line a signal.
pub fn signals_text() -> String {
    let mut text = format!("{:<32} sign  measures\n", "signal");
    for signal in SIGNALS {
        let doc = SignalDoc::of(*signal);
        text.push_str(&format!(
            "{:<32} {:^4}  {}\n",
            signal.name(),
            signal.expected_sign().symbol(),
            doc.title
        ));
    }
    text.push_str("\n+ raises the risk, - lowers it, ± depends on the marketplace\n");
    text.push_str("pinchbeck signals NAME prints a signal's documentation\n");
    text
}

/// The codes of reasons: a line each, by group.
pub fn reason_codes_text() -> String {
    let mut text = format!("{:<15} {:<30} says\n", "group", "code");
    for own in REASON_CODES {
        text.push_str(&format!("{:<15} {:<30} {}\n", own.group.name(), own.code, own.meaning));
    }
    text
}

/// The documentation of one signal.
pub fn signal_text(signal: &dyn Signal) -> String {
    let doc = SignalDoc::of(signal);
    let inputs: Vec<&str> = signal.inputs().iter().map(|column| column.name()).collect();
    let mut text = format!(
        "{}: {}\n\nReads {}; transform {}; expected sign {}\n",
        signal.name(),
        doc.title,
        inputs.join(", "),
        signal.transform().name(),
        signal.expected_sign().symbol()
    );
    for (heading, body) in &doc.sections {
        text.push_str(&format!("\n{heading}\n{}", wrapped(body)));
    }
    text
}

/// A paragraph in lines of at most 88 columns, indented by two.
pub(super) fn wrapped(paragraph: &str) -> String {
    const WIDTH: usize = 86;
    let mut text = String::new();
    let mut width = 0;
    for word in paragraph.split_whitespace() {
        let length = word.chars().count();
        if width == 0 || width + 1 + length > WIDTH {
            text.push_str(if width == 0 { "  " } else { "\n  " });
            width = 0;
        } else {
            text.push(' ');
            width += 1;
        }
        text.push_str(word);
        width += length;
    }
    text.push('\n');
    text
}
