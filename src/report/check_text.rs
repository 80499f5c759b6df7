//! A checkup as a person reads it.

use crate::check::{Checkup, ColumnCheck, ColumnProfile, Distinct, Place, SignalCheck};
use crate::error::visible;
use crate::input::{EncodingSource, FileNote, iso_day};
use crate::listing::{Column, Found, Kind};

/// The most files that are listed one by one.
const MAX_FILES: usize = 20;

/// A checkup as text, to be read from top to bottom: files, records, columns, what is surprising,
/// which signals can be computed, and what to do.
pub fn check_text(checkup: &Checkup) -> String {
    let mut out = String::new();
    files(&mut out, checkup);
    records(&mut out, checkup);
    columns(&mut out, checkup);
    conventions(&mut out, checkup);
    surprises(&mut out, checkup);
    signals(&mut out, checkup);
    verdict(&mut out, checkup);
    out
}

fn files(out: &mut String, checkup: &Checkup) {
    out.push_str("FILES\n");
    for note in checkup.files.iter().take(MAX_FILES) {
        out.push_str(&format!("  {}: {}\n", visible(&note.name), described(note)));
    }
    if let Some(more) = checkup.files.len().checked_sub(MAX_FILES).filter(|more| *more > 0) {
        out.push_str(&format!("  and {more} more\n"));
    }
    for path in checkup.passed_over.iter().take(MAX_FILES) {
        let name = visible(&path.display().to_string());
        out.push_str(&format!("  passed over, of no format that is read: {name}\n"));
    }
    for path in checkup.without_records.iter().take(MAX_FILES) {
        out.push_str(&format!("  without a record: {}\n", visible(&path.display().to_string())));
    }
}

/// Format, compression, encoding, delimiter and sheet of a file, in words.
fn described(note: &FileNote) -> String {
    let mut words = vec![note.format.name().to_owned()];
    words.extend(note.compression.map(|own| format!("compressed with {own}")));
    if let Some(own) = note.encoding {
        let how = match own.source {
            EncodingSource::ByteOrderMark => "by its byte order mark",
            EncodingSource::Given => "as you say",
            EncodingSource::Detected => "detected",
        };
        words.push(format!("{} ({how})", own.encoding.name()));
    }
    if let Some(delimiter) = note.delimiter {
        words.push(match delimiter {
            b'\t' => "fields separated by tabs".to_owned(),
            own => format!("fields separated by `{}`", visible(&char::from(own).to_string())),
        });
    }
    words.extend(note.sheet.as_ref().map(|own| format!("sheet {}", visible(own))));
    words.join(", ")
}

fn records(out: &mut String, checkup: &Checkup) {
    let n_good = checkup.n_read - checkup.n_rejected;
    out.push_str(&format!(
        "\nRECORDS\n  {} read, {n_good} of them readable, {} rejected\n",
        checkup.n_read, checkup.n_rejected
    ));
    for reject in &checkup.rejects {
        out.push_str(&format!("  {}\n", reject.to_error()));
    }
    let ids = &checkup.repeated_ids;
    if ids.n_ids > 0 {
        out.push_str(&format!(
            "  {} ids stand on more than one record, {} records in all\n",
            ids.n_ids, ids.n_records
        ));
        for (id, first, second) in &ids.examples {
            let id = id.as_deref().map_or_else(|| "an id".to_owned(), quoted);
            out.push_str(&format!("    {id}: {} and {}\n", place(first), place(second)));
        }
    }
}

fn place(place: &Place) -> String {
    format!("record {} of {}", place.record, visible(&place.file))
}

fn quoted(text: &str) -> String {
    format!("\u{201c}{}\u{201d}", visible(text))
}

fn columns(out: &mut String, checkup: &Checkup) {
    out.push_str("\nCOLUMNS\n");
    let present = checkup.columns.iter().filter(|own| !matches!(own.found, Found::Missing));
    for check in present {
        let name = check.column.name();
        let found = match &check.found {
            Found::Named(theirs) if theirs == name => "as you say".to_owned(),
            Found::Named(theirs) => format!("{}, as you say", visible(theirs)),
            Found::Recognized(theirs) if theirs == name => String::new(),
            Found::Recognized(theirs) => format!("from {}", quoted(theirs)),
            Found::Absent(theirs) => format!("is to be {}, which is not there", quoted(theirs)),
            Found::Ambiguous(theirs) => {
                let names: Vec<String> = theirs.iter().map(|own| quoted(own)).collect();
                format!("could be {}", names.join(" or "))
            }
            Found::Missing => String::new(),
        };
        out.push_str(format!("  {name:<22} {found}").trim_end());
        out.push('\n');
        if let Some(profile) = &check.profile {
            column(out, check.column, profile);
        }
    }
    for (name, profile) in &checkup.extra {
        out.push_str(&format!("  {:<22} of your own\n", visible(name)));
        column(out, Column::SellerRating, profile);
    }
    let missing: Vec<&str> = checkup
        .columns
        .iter()
        .filter(|own| matches!(own.found, Found::Missing))
        .map(|own| own.column.name())
        .collect();
    if !missing.is_empty() {
        out.push_str(&format!("  not in the files: {}\n", missing.join(", ")));
    }
    if !checkup.unused.is_empty() {
        let unused: Vec<String> = checkup.unused.iter().map(|own| visible(&own.name)).collect();
        out.push_str(&format!("  read by nothing: {}\n", unused.join(", ")));
    }
}

/// What a column holds, a line or two.
fn column(out: &mut String, column: Column, profile: &ColumnProfile) {
    const INDENT: &str = "      ";
    let n = profile.n_records.max(1) as f64;
    let mut facts = vec![format!("{:.1} % present", 100.0 * profile.n_present() as f64 / n)];
    if profile.n_unreadable > 0 {
        facts.push(format!("{} not readable", profile.n_unreadable));
    }
    match profile.distinct {
        Distinct::Exactly(n) => facts.push(format!("{n} different")),
        Distinct::MoreThan(n) => facts.push(format!("more than {n} different")),
    }
    if let Some(range) = &profile.range {
        let shown = |value: f64| match column.info().kind {
            Kind::Date => iso_day(value),
            // To six decimals: the mean of two cents is a cent or half of one.
            _ => format!("{}", (value * 1e6).round() / 1e6),
        };
        let sampled = if range.is_sampled { " of a sample" } else { "" };
        facts.push(format!(
            "{} to {}, median {}{sampled}",
            shown(range.smallest),
            shown(range.largest),
            shown(range.median)
        ));
    } else if !profile.examples.is_empty() {
        let examples: Vec<String> = profile.examples.iter().map(|own| quoted(own)).collect();
        facts.push(format!("such as {}", examples.join(", ")));
    }
    out.push_str(&format!("{INDENT}{}\n", facts.join("; ")));
    for (at, found) in &profile.unreadable {
        out.push_str(&format!("{INDENT}not readable: {} in {}\n", quoted(found), place(at)));
    }
}

fn conventions(out: &mut String, checkup: &Checkup) {
    let told: Vec<_> = checkup.conventions.iter().filter(|own| own.n_cells > 0).collect();
    if told.is_empty() && checkup.currencies.is_empty() {
        return;
    }
    out.push_str("\nCONVENTIONS\n");
    for own in told {
        let cells = if own.n_cells == 1 { "cell" } else { "cells" };
        out.push_str(&format!(
            "  {}: {} ({} {cells})\n",
            visible(&own.name),
            visible(&own.why),
            own.n_cells
        ));
    }
    if !checkup.currencies.is_empty() {
        let currencies: Vec<String> = checkup
            .currencies
            .iter()
            .take(MAX_FILES)
            .map(|(code, n)| format!("{} {n}", visible(code)))
            .collect();
        out.push_str(&format!("  currencies: {}\n", currencies.join(", ")));
    }
}

fn surprises(out: &mut String, checkup: &Checkup) {
    let told: Vec<(&ColumnCheck, &String)> = checkup
        .columns
        .iter()
        .flat_map(|own| own.surprises.iter().map(move |surprise| (own, surprise)))
        .collect();
    if told.is_empty() {
        return;
    }
    out.push_str("\nSURPRISES\n");
    for (own, surprise) in told {
        out.push_str(&format!("  {} {surprise}\n", own.column.name()));
    }
}

fn signals(out: &mut String, checkup: &Checkup) {
    let (possible, impossible): (Vec<&SignalCheck>, Vec<&SignalCheck>) =
        checkup.signals.iter().partition(|own| own.is_possible);
    out.push_str(&format!(
        "\nSIGNALS\n  {} of {} can be computed\n",
        possible.len(),
        checkup.signals.len()
    ));
    let named = |own: &&SignalCheck| {
        let names: Vec<&str> = own.lacking.iter().map(|column| column.name()).collect();
        format!("{} ({})", own.name, names.join(", "))
    };
    let partly = possible.iter().filter(|own| !own.lacking.is_empty());
    for (what, signals) in [
        ("could also use", partly.map(named).collect::<Vec<_>>()),
        ("for want of columns not", impossible.iter().map(named).collect()),
    ] {
        if !signals.is_empty() {
            out.push_str(&format!("  {what}: {}\n", signals.join("; ")));
        }
    }
}

fn verdict(out: &mut String, checkup: &Checkup) {
    out.push_str("\nVERDICT\n");
    if checkup.faults.is_empty() {
        out.push_str("  can be scored: pinchbeck score INPUT -o scored.csv\n");
        return;
    }
    out.push_str("  cannot be scored yet:\n");
    for fault in &checkup.faults {
        out.push_str(&format!("  {fault}\n"));
    }
    out.push_str("  --write-mapping FILE writes a mapping to complete\n");
}
