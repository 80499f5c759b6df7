//! The lexicons in use, and what they find in a text, for reading in a terminal.

use crate::error::visible;
use crate::features::{Finding, Knowledge, findings};
use crate::lexicon::{HitStatus, Kind, Severity};
use crate::listing::Listing;

/// The files of terms and brands, and how many terms there are of each kind.
pub fn lexicons_text(knowledge: &Knowledge) -> String {
    let mut text = format!("{:<10} {:>7} {:>6}  sha256\n", "file", "version", "terms");
    for own in knowledge.digests() {
        let digest = own.sha256.get(..12).unwrap_or_default();
        let (file, version) = (visible(&own.language), visible(&own.version));
        text.push_str(&format!("{file:<10} {version:>7} {:>6}  {digest}\n", own.n_terms));
    }
    text.push_str(&format!("\n{:<20} {:>6} {:>6} {:>6}\n", "kind", "A", "B", "C"));
    for kind in Kind::ALL {
        let n = |severity| {
            let terms = knowledge.lexicon().terms().iter();
            terms.filter(|term| term.kind == kind && term.weight() == severity).count()
        };
        let [a, b, c] = Severity::ALL.map(n);
        text.push_str(&format!("{:<20} {a:>6} {b:>6} {c:>6}\n", kind.name()));
    }
    text.push_str(
        "\nA near-certain, B strong, C weak or ambiguous; terms that rest on judgement count as C.\n\
         A file of your own for --lexicon is CSV: lines `# language: en` and `# version: 1`, the header\n\
         term,kind,severity,gate,note,source and a line a term. A gate may say `brand`, `in:shoes|bags`,\n\
         `not:models`, several of them apart by blanks.\n",
    );
    text
}

/// What is found in a listing's texts, what was undone, denied or excused, and why.
pub fn lexicon_test_text(knowledge: &Knowledge, listing: &Listing) -> String {
    let own = findings(knowledge, listing);
    let mut text = String::new();
    for (field, folded) in &own.texts {
        text.push_str(&format!("{field} as compared: {}\n", visible(folded)));
    }
    let classes = own.classes.names();
    let classes = if classes.is_empty() { "not known".to_owned() } else { classes.join(", ") };
    text.push_str(&format!("goods: {classes}\n"));
    for finding in &own.undone {
        text.push_str(&format!("undone: {}\n", visible(finding)));
    }
    for finding in &own.brands {
        text.push_str(&format!("brand: {}\n", visible(finding)));
    }
    for finding in &own.terms {
        text.push_str(&format!("term: {}\n", visible(&told(knowledge, finding))));
    }
    if own.terms.is_empty() {
        text.push_str("no term is found\n");
    }
    text
}

fn told(knowledge: &Knowledge, own: &Finding) -> String {
    let matcher = knowledge.matcher();
    let term = &matcher.terms()[own.term];
    let verdict = match own.status {
        HitStatus::Counts => "counts".to_owned(),
        HitStatus::Negated { .. } => {
            format!("denied by “{}”", own.denied_by.as_deref().unwrap_or_default())
        }
        HitStatus::Nominative => "says what a part or an accessory fits".to_owned(),
        HitStatus::Excused(excuse) => format!("excused: {}", matcher.why_excused(excuse)),
        HitStatus::GateClosed(which) => format!("does not count: {which}"),
    };
    let distance = own.words_to_brand.map_or_else(String::new, |words| match words {
        0 => ", next to a brand".to_owned(),
        1 => ", one word from a brand".to_owned(),
        n => format!(", {n} words from a brand"),
    });
    format!(
        "“{}” in the {} is {} ({}, {}, weight {}, source {}){distance}: {verdict}",
        own.written,
        own.field,
        term.term,
        term.language,
        term.kind.name(),
        term.weight().name(),
        term.source,
    )
}
