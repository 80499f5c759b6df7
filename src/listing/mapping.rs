//! A user's columns onto ours: as the user says, or recognized by name.

use std::collections::BTreeMap;

use super::aliases::{Firmness, recognize};
use super::conventions::Convention;
use super::schema::{COLUMNS, Column};
use super::survey::{Found, Survey};
use super::transform::Transform;
use crate::error::{Error, ErrorKind, Result, excerpt, visible};
use crate::input::{DateOrder, DecimalConvention, DecimalMark};
use arrow_schema::Schema;

/// What the user says of the columns of an export. Columns it does not name are recognized by
/// name, in several languages.
#[derive(Clone, Debug)]
pub struct Mapping {
    pub(super) file: String,
    pub(super) columns: BTreeMap<Column, String>,
    /// The columns that an option names, and not the file, with the option.
    pub(super) named: BTreeMap<Column, &'static str>,
    pub(super) extra: ExtraColumns,
    pub(super) defaults: Defaults,
    pub(super) decimal: Option<DecimalMark>,
    pub(super) date_order: Option<DateOrder>,
    /// What the user says of single columns, by canonical name or that of a further column.
    pub(super) own_conventions: BTreeMap<String, OwnConvention>,
    pub(super) positive: Option<String>,
}

/// How one column is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct OwnConvention {
    pub(super) decimal: Option<DecimalMark>,
    pub(super) date_order: Option<DateOrder>,
}

impl Default for Mapping {
    fn default() -> Self {
        Mapping {
            file: "the mapping".into(),
            columns: BTreeMap::new(),
            named: BTreeMap::new(),
            extra: ExtraColumns::default(),
            defaults: Defaults::default(),
            decimal: None,
            date_order: None,
            own_conventions: BTreeMap::new(),
            positive: None,
        }
    }
}

/// Further columns of the export to learn from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExtraColumns {
    /// Numeric columns by the user's name, each with its transform.
    pub numeric: Vec<(String, Transform)>,
    /// Categorical columns by the user's name.
    pub categorical: Vec<String>,
}

/// Values for columns the export does not have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Defaults {
    /// ISO 4217 code of all prices.
    pub currency: Option<String>,
    /// BCP 47 code of all texts.
    pub language: Option<String>,
}

impl Mapping {
    /// The same mapping with one column named by the user; what the file says of it is overruled.
    #[must_use]
    pub fn with_column(
        mut self,
        column: Column,
        theirs: impl Into<String>,
        option: &'static str,
    ) -> Self {
        self.columns.insert(column, theirs.into());
        self.named.insert(column, option);
        self
    }

    /// The same mapping with the label text that means counterfeit; every other text is genuine.
    #[must_use]
    pub fn with_positive(mut self, positive: impl Into<String>) -> Self {
        self.positive = Some(positive.into());
        self
    }

    /// The same mapping with these further columns, in place of its own.
    #[must_use]
    pub fn with_extra(mut self, extra: ExtraColumns) -> Self {
        self.extra = extra;
        self
    }

    /// The values for columns that the export does not have.
    pub fn defaults(&self) -> &Defaults {
        &self.defaults
    }

    /// The same mapping with the mark that stands before the fractions of all numbers.
    #[must_use]
    pub fn with_decimal(mut self, mark: DecimalMark) -> Self {
        self.decimal = Some(mark);
        self
    }

    /// The same mapping with the order of day and month in all dates.
    #[must_use]
    pub fn with_date_order(mut self, order: DateOrder) -> Self {
        self.date_order = Some(order);
        self
    }

    /// What the user says of how a column is written.
    fn convention(&self, name: &str) -> OwnConvention {
        let own = self.own_conventions.get(name).copied().unwrap_or_default();
        OwnConvention {
            decimal: own.decimal.or(self.decimal),
            date_order: own.date_order.or(self.date_order),
        }
    }

    /// The label text that means counterfeit, if the mapping names one.
    pub fn positive(&self) -> Option<&str> {
        self.positive.as_deref()
    }

    /// The further columns to learn from.
    pub fn extra(&self) -> &ExtraColumns {
        &self.extra
    }

    /// True when the mapping itself says which column of the file this is.
    pub(super) fn names(&self, column: Column) -> bool {
        self.columns.contains_key(&column)
    }

    /// Finds the columns in a file's schema. `learning` tells that the label is needed.
    ///
    /// # Errors
    /// A required or a mapped column that is not there, and a name that could be two columns.
    pub fn resolve(&self, file: &str, schema: &Schema, learning: bool) -> Result<ResolvedMapping> {
        let survey = self.survey(file, schema, learning);
        survey.faults.into_iter().next().map_or(Ok(survey.resolved), Err)
    }

    /// Finds what it can of the columns in a file's schema, and says of each canonical column what
    /// became of it. The first of the faults is the one with which [`Mapping::resolve`] ends.
    pub fn survey(&self, file: &str, schema: &Schema, learning: bool) -> Survey {
        let spelled: Vec<&str> =
            schema.fields().iter().map(|field| field.name().as_str()).collect();
        let mut index = [None; Column::COUNT];
        let mut faults: Vec<Error> = Vec::new();
        self.find_named(file, &spelled, learning, &mut index, &mut faults);
        let mut extra = |name: &String| match self.extra_position(name, file, &spelled) {
            Ok(at) => Some((name.clone(), at)),
            Err(error) => {
                faults.push(error);
                None
            }
        };
        let extra_numeric: Vec<(String, usize)> =
            self.extra.numeric.iter().filter_map(|(name, _)| extra(name)).collect();
        let extra_categorical: Vec<(String, usize)> =
            self.extra.categorical.iter().filter_map(&mut extra).collect();
        let taken = |at: usize| {
            self.columns.values().any(|theirs| theirs == spelled[at])
                || extra_numeric.iter().chain(&extra_categorical).any(|(_, own)| *own == at)
        };
        let free: Vec<usize> = (0..spelled.len()).filter(|&at| !taken(at)).collect();
        let recognized = recognized(&spelled, &free);
        let mut columns = Vec::with_capacity(Column::COUNT);
        for info in COLUMNS {
            let slot = info.column as usize;
            let found = if let Some(theirs) = self.columns.get(&info.column) {
                match index[slot] {
                    Some(_) => Found::Named(theirs.clone()),
                    None => Found::Absent(theirs.clone()),
                }
            } else {
                let candidates = recognized.get(&info.column).map_or(&[][..], Vec::as_slice);
                match *candidates {
                    [] => Found::Missing,
                    [only] => {
                        index[slot] = Some(only);
                        Found::Recognized(spelled[only].to_owned())
                    }
                    [first, ..] => {
                        faults.push(
                            ErrorKind::AmbiguousColumn {
                                file: visible(file),
                                column: info.name,
                                candidates: names(candidates.iter().map(|&at| spelled[at])),
                                first: spelled[first].to_owned(),
                            }
                            .into(),
                        );
                        Found::Ambiguous(
                            candidates.iter().map(|&at| spelled[at].to_owned()).collect(),
                        )
                    }
                }
            };
            columns.push((info.column, found));
        }
        let needed = COLUMNS
            .iter()
            .filter(|info| info.required || (learning && info.column == Column::IsCounterfeit));
        for info in needed {
            if matches!(columns[info.column as usize].1, Found::Missing) {
                faults.push(
                    ErrorKind::MissingColumn {
                        file: visible(file),
                        column: info.name.to_owned(),
                        available: names(spelled.iter().copied()),
                    }
                    .into(),
                );
            }
        }
        let resolved = ResolvedMapping {
            spelled: spelled.iter().map(|&name| name.to_owned()).collect(),
            index,
            extra_numeric,
            extra_categorical,
            decimals: [DecimalConvention::Point; Column::COUNT],
            extra_decimals: Vec::new(),
            orders: [DateOrder::EachAlone; Column::COUNT],
            given: Vec::new(),
            conventions: Vec::new(),
            defaults: self.defaults.clone(),
            positive: self.positive.clone(),
        };
        let resolved = self.with_given(resolved);
        Survey { resolved, columns, faults }
    }

    /// Finds the columns that the mapping names.
    fn find_named(
        &self,
        file: &str,
        spelled: &[&str],
        learning: bool,
        index: &mut [Option<usize>; Column::COUNT],
        faults: &mut Vec<Error>,
    ) {
        let position = |name: &str| spelled.iter().position(|own| *own == name);
        for (&column, theirs) in &self.columns {
            let meant = Column::from_name(theirs).filter(|meant| *meant != column);
            if let Some(meant) = meant.filter(|meant| meant.info().required) {
                let problem = format!(
                    "{} cannot be column {}, which is the {} itself; name another",
                    column.name(),
                    excerpt(theirs),
                    meant.info().noun,
                );
                faults.push(ErrorKind::Mapping { file: self.source_of(column), problem }.into());
                continue;
            }
            index[column as usize] = position(theirs);
            let needless = column == Column::IsCounterfeit && !learning;
            if index[column as usize].is_none() && !needless {
                let problem = format!(
                    "{} is to be column {} of {}, which has {}",
                    column.name(),
                    excerpt(theirs),
                    visible(file),
                    names(spelled.iter().copied()),
                );
                faults.push(ErrorKind::Mapping { file: self.source_of(column), problem }.into());
            }
        }
    }

    /// The conventions that the user names. Without any, and before the columns are looked at, a
    /// point stands before fractions, and dates that could be two are not read.
    fn with_given(&self, mut resolved: ResolvedMapping) -> ResolvedMapping {
        for column in Column::all() {
            let own = self.convention(column.name());
            if let Some(mark) = own.decimal {
                resolved.decimals[column as usize] = mark.into();
                resolved.given.push((column.name().to_owned(), false));
            }
            if let Some(order) = own.date_order {
                resolved.orders[column as usize] = order;
                resolved.given.push((column.name().to_owned(), true));
            }
        }
        for (name, _) in &resolved.extra_numeric {
            let mark = self.convention(name).decimal;
            resolved.extra_decimals.push(mark.map_or(DecimalConvention::Point, Into::into));
            if mark.is_some() {
                resolved.given.push((name.clone(), false));
            }
        }
        resolved
    }

    /// Who says what a column is: an option, or the mapping file.
    fn source_of(&self, column: Column) -> String {
        let option = self.named.get(&column);
        option.map_or_else(|| self.file.clone(), |&option| option.to_owned())
    }

    fn extra_position(&self, name: &str, file: &str, spelled: &[&str]) -> Result<usize> {
        spelled.iter().position(|own| *own == name).ok_or_else(|| {
            ErrorKind::Mapping {
                file: self.file.clone(),
                problem: format!(
                    "[extra]: {} has no column {}; it has {}",
                    visible(file),
                    excerpt(name),
                    names(spelled.iter().copied()),
                ),
            }
            .into()
        })
    }
}

/// A mapping whose columns were found in one file's schema.
#[derive(Clone, Debug)]
pub struct ResolvedMapping {
    pub(super) spelled: Vec<String>,
    pub(super) index: [Option<usize>; Column::COUNT],
    pub(super) extra_numeric: Vec<(String, usize)>,
    pub(super) extra_categorical: Vec<(String, usize)>,
    pub(super) defaults: Defaults,
    /// How the numbers of each canonical column are written, and of each further one.
    pub(super) decimals: [DecimalConvention; Column::COUNT],
    pub(super) extra_decimals: Vec<DecimalConvention>,
    pub(super) orders: [DateOrder; Column::COUNT],
    /// The columns of which the user says how they are written: numbers, and dates (true).
    given: Vec<(String, bool)>,
    pub(super) conventions: Vec<Convention>,
    pub(super) positive: Option<String>,
}

impl ResolvedMapping {
    /// True when the user says which decimal mark a column has.
    pub(super) fn is_given(&self, name: &str) -> bool {
        self.given.iter().any(|(own, is_date)| own == name && !is_date)
    }

    /// True when the user says in which order the dates of a column are written.
    pub(super) fn is_ordered(&self, name: &str) -> bool {
        self.given.iter().any(|(own, is_date)| own == name && *is_date)
    }

    pub(super) fn set_decimal(
        &mut self,
        column: Option<Column>,
        at: usize,
        convention: DecimalConvention,
    ) {
        match column {
            Some(column) => self.decimals[column as usize] = convention,
            None => {
                for ((_, own), slot) in self.extra_numeric.iter().zip(&mut self.extra_decimals) {
                    if *own == at {
                        *slot = convention;
                    }
                }
            }
        }
    }

    /// The canonical column that a column of the file is.
    pub(crate) fn column_of(&self, name: &str) -> Option<Column> {
        Column::all().find(|column| self.spelled(*column) == Some(name))
    }

    /// The file's name for a canonical column, if it has one.
    pub fn spelled(&self, column: Column) -> Option<&str> {
        self.index[column as usize].map(|at| self.spelled[at].as_str())
    }

    /// Position in the file of a canonical column, if it has one.
    pub(crate) fn position(&self, column: Column) -> Option<usize> {
        self.index[column as usize]
    }

    /// Positions in the file of all columns that are read.
    pub fn positions(&self) -> Vec<usize> {
        let extra = self.extra_numeric.iter().chain(&self.extra_categorical).map(|(_, at)| *at);
        self.index.iter().flatten().copied().chain(extra).collect()
    }

    /// The canonical columns that the file spells otherwise, with its spelling.
    pub fn renamed(&self) -> Vec<(Column, &str)> {
        Column::all()
            .filter_map(|column| self.spelled(column).map(|theirs| (column, theirs)))
            .filter(|(column, theirs)| column.name() != *theirs)
            .collect()
    }

    /// The file's names of the further columns.
    pub(crate) fn extra_names(&self) -> impl Iterator<Item = &str> {
        self.extra_numeric.iter().chain(&self.extra_categorical).map(|(name, _)| name.as_str())
    }

    /// The columns of the file that nothing reads.
    pub fn unused(&self) -> Vec<&str> {
        (0..self.spelled.len())
            .filter(|at| !self.index.contains(&Some(*at)))
            .filter(|at| {
                !self.extra_numeric.iter().chain(&self.extra_categorical).any(|(_, own)| own == at)
            })
            .map(|at| self.spelled[at].as_str())
            .collect()
    }
}

/// For each canonical column those of the file that could be it, among the `free` ones. A column of
/// the canonical name is it, then one that differs from it by case and separators only; the weaker
/// names count where there is no firmer one.
fn recognized(spelled: &[&str], free: &[usize]) -> BTreeMap<Column, Vec<usize>> {
    let mut found: BTreeMap<Column, (Firmness, Vec<usize>)> = BTreeMap::new();
    let is_exact = |column: Column| free.iter().any(|&at| spelled[at] == column.name());
    for &at in free {
        let Some((column, firmness)) = recognize(spelled[at]) else { continue };
        if spelled[at] != column.name() && is_exact(column) {
            continue;
        }
        let (best, candidates) = found.entry(column).or_insert((firmness, Vec::new()));
        if firmness < *best {
            (*best, *candidates) = (firmness, vec![at]);
        } else if firmness == *best {
            candidates.push(at);
        }
    }
    found.into_iter().map(|(column, (_, candidates))| (column, candidates)).collect()
}

/// Names for a message: the first 40, separated by commas.
pub(super) fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const SHOWN: usize = 40;
    let all: Vec<String> = names.map(visible).collect();
    let shown = all.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_schema::{DataType, Field};

    fn schema(names: &[&str]) -> Schema {
        Schema::new(
            names.iter().map(|name| Field::new(*name, DataType::Utf8, true)).collect::<Vec<_>>(),
        )
    }

    #[test]
    fn common_names_are_recognized_and_listed() {
        let found = Mapping::default()
            .resolve("x.csv", &schema(&["ItemID", "name_rus", "Brand", "junk"]), false)
            .unwrap();
        assert_eq!(found.spelled(Column::ListingId), Some("ItemID"));
        assert_eq!(found.renamed().len(), 3);
        assert_eq!(found.unused(), ["junk"]);
    }

    #[test]
    fn a_canonical_name_wins_over_an_alias() {
        let found = Mapping::default()
            .resolve("x.csv", &schema(&["id", "listing_id", "title"]), false)
            .unwrap();
        assert_eq!(found.spelled(Column::ListingId), Some("listing_id"));
    }

    /// A seller's own key gives way to that of the marketplace, and either to our name.
    #[test]
    fn a_firmer_name_wins_over_a_weaker_one() {
        for (names, id) in [
            (&["id", "sku", "item_id"][..], "item_id"),
            (&["asin1", "seller-sku", "Listing-ID", "item_number"], "Listing-ID"),
            (&["Listing-ID", "listing_id"], "listing_id"),
            (&["SKU"], "SKU"),
        ] {
            let names = [names, &["title"]].concat();
            let found = Mapping::default().resolve("x.csv", &schema(&names), false).unwrap();
            assert_eq!(found.spelled(Column::ListingId), Some(id), "{names:?}");
        }
    }

    #[test]
    fn a_survey_tells_all_faults_and_keeps_what_is_clear() {
        let mapping = Mapping::from_toml("m.toml", "[columns]\nbrand = \"b\"\nprice = \"p\"\n");
        let names = ["item_id", "ean", "upc", "p", "junk"];
        let survey = mapping.unwrap().survey("x.csv", &schema(&names), false);
        let told: Vec<String> = survey.faults.iter().map(ToString::to_string).collect();
        assert!(told[0].starts_with("m.toml: brand is to be column \"b\""), "{told:?}");
        assert!(told[1].contains("ean, upc could each be `gtin`"), "{told:?}");
        assert!(told[2].contains("no column for `title`"), "{told:?}");
        assert_eq!(told.len(), 3);
        let of = |column: Column| survey.columns[column as usize].1.clone();
        assert_eq!(of(Column::ListingId), Found::Recognized("item_id".into()));
        assert_eq!(of(Column::Price), Found::Named("p".into()));
        assert_eq!(of(Column::Brand), Found::Absent("b".into()));
        assert_eq!(of(Column::Gtin), Found::Ambiguous(vec!["ean".into(), "upc".into()]));
        assert_eq!(of(Column::Title), Found::Missing);
        assert_eq!(survey.resolved.spelled(Column::Price), Some("p"));
        assert_eq!(survey.resolved.spelled(Column::Gtin), None);
        assert_eq!(survey.resolved.unused(), ["ean", "upc", "junk"]);
    }

    #[test]
    fn two_candidates_are_asked_about_with_the_line_to_write() {
        let error = Mapping::default()
            .resolve("x.csv", &schema(&["listing_id", "title", "ean", "upc"]), false)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "x.csv: ean, upc could each be `gtin`; say which in a mapping file: [columns] gtin = \"ean\""
        );
    }

    #[test]
    fn a_mapped_label_may_be_absent_only_when_scoring() {
        let mapping = Mapping::default().with_column(Column::IsCounterfeit, "verdict", "--label");
        let schema = schema(&["listing_id", "title"]);
        assert!(mapping.resolve("x.csv", &schema, false).is_ok());
        let error = mapping.resolve("x.csv", &schema, true).unwrap_err().to_string();
        assert!(
            error.starts_with("--label: is_counterfeit is to be column \"verdict\" of x.csv"),
            "{error}"
        );
    }

    #[test]
    fn a_required_column_is_not_mapped_away() {
        let mapping = Mapping::default().with_column(Column::SellerId, "title", "--group");
        let error = mapping.resolve("x.csv", &schema(&["listing_id", "title"]), false).unwrap_err();
        assert_eq!(
            error.to_string(),
            "--group: seller_id cannot be column \"title\", which is the title itself; name another"
        );
    }
}
