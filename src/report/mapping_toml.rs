//! A checkup as a mapping file to edit: what was found stands in it, what was not as a comment.

use crate::check::{Checkup, ColumnProfile};
use crate::listing::{COLUMNS, Found, Kind, Mapping};

/// A complete mapping file for an input. Read again, it maps as the input was mapped here.
pub fn mapping_toml(checkup: &Checkup, mapping: &Mapping) -> String {
    let mut out = String::from(
        "# How the columns of this export are read: [columns] ours = \"theirs\".\n\
         # Lines behind # do nothing; take the # away to map a column.\n\n[columns]\n",
    );
    for (info, check) in COLUMNS.iter().zip(&checkup.columns) {
        out.push_str(&format!("# {}", comment(info.meaning)));
        if info.required {
            out.push_str("; required");
        }
        if let Some(examples) = check.profile.as_ref().and_then(examples) {
            out.push_str(&format!("; here {examples}"));
        }
        out.push('\n');
        match &check.found {
            Found::Named(theirs) | Found::Recognized(theirs) => {
                out.push_str(&format!("{} = {}\n", info.name, string(theirs)));
            }
            Found::Absent(theirs) => {
                out.push_str(&format!("# {} = {} # is not there\n", info.name, string(theirs)));
            }
            Found::Ambiguous(theirs) => {
                out.push_str("# choose one of these:\n");
                for own in theirs {
                    out.push_str(&format!("# {} = {}\n", info.name, string(own)));
                }
            }
            Found::Missing => out.push_str(&format!("# {} = \"\"\n", info.name)),
        }
    }
    defaults(&mut out, mapping);
    conventions(&mut out, checkup);
    extra(&mut out, checkup, mapping);
    label(&mut out, mapping);
    out
}

fn examples(profile: &ColumnProfile) -> Option<String> {
    if let Some(range) = &profile.range {
        return Some(format!("{} to {}", range.smallest, range.largest));
    }
    let shown: Vec<String> = profile.examples.iter().map(|own| comment(own)).collect();
    (!shown.is_empty()).then(|| shown.join(" | "))
}

fn defaults(out: &mut String, mapping: &Mapping) {
    let own = mapping.defaults();
    out.push_str("\n[defaults]\n# for all rows that name none\n");
    for (key, value, example) in
        [("currency", &own.currency, "EUR"), ("language", &own.language, "de")]
    {
        match value {
            Some(value) => out.push_str(&format!("{key} = {}\n", string(value))),
            None => out.push_str(&format!("# {key} = \"{example}\"\n")),
        }
    }
}

fn conventions(out: &mut String, checkup: &Checkup) {
    out.push_str(
        "\n[conventions]\n# for all columns; decided column by column without\n\
         # decimal = \",\"\n# date_order = \"dmy\"\n\n[conventions.columns]\n",
    );
    for own in checkup.conventions.iter().filter(|own| own.n_cells > 0) {
        let name = own.column.map_or_else(|| string(&own.name), |column| column.name().to_owned());
        let (key, value) = own.decided.in_mapping();
        out.push_str(&format!("# {}\n", comment(&own.why)));
        match value {
            Some(value) => out.push_str(&format!("{name} = {{ {key} = \"{value}\" }}\n")),
            None => out.push_str(&format!("# {name} = {{ {key} = \"\" }}\n")),
        }
    }
}

fn extra(out: &mut String, checkup: &Checkup, mapping: &Mapping) {
    out.push_str(
        "\n# Further columns to learn from; numbers may be bent by log1p or signed_log.\n",
    );
    out.push_str("[extra.numeric]\n");
    for (name, transform) in &mapping.extra().numeric {
        let name = string(name);
        out.push_str(&format!("{name} = {{ transform = \"{}\" }}\n", transform.name()));
    }
    for own in checkup.unused.iter().filter(|own| own.is_numeric) {
        out.push_str(&format!("# {} = {{}}\n", string(&own.name)));
    }
    out.push_str("\n[extra.categorical]\n");
    for name in &mapping.extra().categorical {
        out.push_str(&format!("{} = {{}}\n", string(name)));
    }
    for own in checkup.unused.iter().filter(|own| !own.is_numeric) {
        out.push_str(&format!("# {} = {{}}\n", string(&own.name)));
    }
}

fn label(out: &mut String, mapping: &Mapping) {
    let info = COLUMNS.iter().find(|info| info.kind == Kind::Label);
    let name = info.map_or("", |info| info.name);
    out.push_str(&format!("\n[label]\n# the text of {name} that means counterfeit\n"));
    match mapping.positive() {
        Some(positive) => out.push_str(&format!("positive = {}\n", string(positive))),
        None => out.push_str("# positive = \"removed\"\n"),
    }
}

/// A text as a TOML string, which JSON's escapes are too.
fn string(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    // TOML alone forbids DEL.
    quoted.replace('\u{7f}', "\\u007f")
}

/// A text within a comment, where no line may end and no control character stand.
fn comment(text: &str) -> String {
    crate::error::visible(text)
}
