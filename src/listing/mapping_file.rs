//! The mapping file: what a user says of the columns of an export, in TOML.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::mapping::{Defaults, ExtraColumns, Mapping, OwnConvention, names};
use super::schema::{COLUMNS, Column};
use super::transform::Transform;
use crate::error::{Error, ErrorKind, Result, excerpt, visible};
use crate::input::{DateOrder, DecimalMark};

/// The mapping file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingFile {
    #[serde(default)]
    columns: BTreeMap<String, String>,
    #[serde(default)]
    extra: ExtraTables,
    #[serde(default)]
    defaults: DefaultsTable,
    #[serde(default)]
    conventions: ConventionsTable,
    #[serde(default)]
    label: LabelTable,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExtraTables {
    #[serde(default)]
    numeric: BTreeMap<String, ExtraNumeric>,
    #[serde(default)]
    categorical: BTreeMap<String, NoOptions>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExtraNumeric {
    transform: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoOptions {}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct DefaultsTable {
    currency: Option<String>,
    language: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConventionsTable {
    decimal: Option<String>,
    date_order: Option<String>,
    #[serde(default)]
    columns: BTreeMap<String, ConventionTable>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConventionTable {
    decimal: Option<String>,
    date_order: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelTable {
    positive: Option<String>,
}

impl Mapping {
    /// Reads a mapping file; `file` names it in messages.
    ///
    /// # Errors
    /// [`ErrorKind::Mapping`] for what is not TOML, an unknown table or an unknown target column.
    pub fn from_toml(file: &str, text: &str) -> Result<Mapping> {
        let fault = |problem: String| -> Error {
            ErrorKind::Mapping { file: visible(file), problem }.into()
        };
        let parsed: MappingFile =
            toml::from_str(text).map_err(|error| fault(error.to_string().trim_end().to_owned()))?;
        let mut columns = BTreeMap::new();
        for (target, theirs) in parsed.columns {
            let column = Column::from_name(&target).ok_or_else(|| {
                fault(format!(
                    "[columns]: there is no column {} to map onto; the columns are {}",
                    excerpt(&target),
                    names(COLUMNS.iter().map(|info| info.name)),
                ))
            })?;
            columns.insert(column, theirs);
        }
        let mut numeric = Vec::new();
        for (name, table) in parsed.extra.numeric {
            let transform = match table.transform {
                None => Transform::Identity,
                Some(word) => Transform::from_name(&word).ok_or_else(|| {
                    fault(format!(
                        "[extra.numeric] {}: expected a transform of {}, found {}",
                        excerpt(&name),
                        names(Transform::ALL.iter().map(|transform| transform.name())),
                        excerpt(&word),
                    ))
                })?,
            };
            numeric.push((name, transform));
        }
        let read = |table: &str, decimal: Option<&str>, date_order: Option<&str>| {
            let unlike = |key: &str, expected: &str, found: &str| {
                fault(format!("{table} {key}: expected {expected}, found {}", excerpt(found)))
            };
            let decimal = match decimal {
                None => None,
                Some(".") => Some(DecimalMark::Point),
                Some(",") => Some(DecimalMark::Comma),
                Some(other) => return Err(unlike("decimal", "\".\" or \",\"", other)),
            };
            let order = |name: &str| {
                DateOrder::from_name(name)
                    .ok_or_else(|| unlike("date_order", "\"dmy\" or \"mdy\"", name))
            };
            Ok(OwnConvention { decimal, date_order: date_order.map(order).transpose()? })
        };
        let conventions = parsed.conventions;
        let all = read(
            "[conventions]",
            conventions.decimal.as_deref(),
            conventions.date_order.as_deref(),
        )?;
        let mut own_conventions = BTreeMap::new();
        for (name, own) in conventions.columns {
            let table = "[conventions.columns]";
            let is_extra = numeric.iter().any(|(extra, _)| *extra == name);
            if !is_extra && Column::from_name(&name).is_none() {
                let problem = format!(
                    "{table}: {} is neither a column of ours nor one of [extra.numeric]",
                    excerpt(&name)
                );
                return Err(fault(problem));
            }
            let own = read(table, own.decimal.as_deref(), own.date_order.as_deref())?;
            own_conventions.insert(name, own);
        }
        Ok(Mapping {
            file: file.to_owned(),
            columns,
            named: BTreeMap::new(),
            extra: ExtraColumns {
                numeric,
                categorical: parsed.extra.categorical.into_keys().collect(),
            },
            defaults: Defaults {
                currency: parsed.defaults.currency,
                language: parsed.defaults.language,
            },
            decimal: all.decimal,
            date_order: all.date_order,
            own_conventions,
            positive: parsed.label.positive,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_target_names_the_columns_there_are() {
        let error = Mapping::from_toml("m.toml", "[columns]\nprize = \"p\"\n").unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("m.toml: [columns]: there is no column \"prize\""), "{text}");
        assert!(text.contains("list_price"), "{text}");
    }

    #[test]
    fn extra_columns_carry_their_transform() {
        let mapping = Mapping::from_toml(
            "m.toml",
            "[extra.numeric]\n\"a b\" = { transform = \"log1p\" }\nc = {}\n[extra.categorical]\nd = {}\n",
        )
        .unwrap();
        assert_eq!(
            mapping.extra().numeric,
            [("a b".to_owned(), Transform::Log1p), ("c".to_owned(), Transform::Identity)]
        );
        assert_eq!(mapping.extra().categorical, ["d"]);
    }

    #[test]
    fn conventions_are_of_all_columns_or_of_one() {
        let read = |text: &str| Mapping::from_toml("m.toml", text);
        assert!(
            read(
                "[conventions]\ndecimal = \",\"\ndate_order = \"dmy\"\n[conventions.columns]\n\
                 price = { decimal = \".\" }\nlisted_at = { date_order = \"mdy\" }\n\
                 own = { decimal = \",\" }\n[extra.numeric]\nown = {}\n"
            )
            .is_ok()
        );
        for (text, part) in [
            ("[conventions]\ndecimal = \";\"\n", "[conventions] decimal: expected"),
            ("[conventions]\ndate_order = \"ymd\"\n", "[conventions] date_order: expected"),
            ("[conventions.columns]\nprize = { decimal = \".\" }\n", "\"prize\" is neither"),
            ("[conventions.columns]\nprice = { mark = \".\" }\n", "unknown field"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
