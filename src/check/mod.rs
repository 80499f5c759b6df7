//! What an export holds, what of it will be used, and what is wrong with it: the first look at a
//! new file, in one pass and bounded memory.

mod distinct;
mod duplicates;
mod places;
mod profile;
mod sample;
mod surprises;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::features::SIGNALS;
use crate::input::{FileNote, Input, Problem, RawBatch, Reject};
use crate::listing::{
    Cell, Column, Convention, Found, Kind, ListingBatch, Mapping, ReadBatch, ResolvedMapping,
};

use self::duplicates::IdCounter;
use self::places::Places;
use self::profile::{EXAMPLES, Profiler};

pub use self::distinct::Distinct;
pub use self::places::Place;
pub use self::profile::{ColumnProfile, Range};

/// The most currencies that are told apart.
const MAX_CURRENCIES: usize = 50;

/// What was found out about an input.
#[derive(Debug)]
pub struct Checkup {
    /// The files.
    pub files: Vec<FileNote>,
    /// Files of folders that are not read.
    pub passed_over: Vec<PathBuf>,
    /// Files of folders and patterns that hold no record.
    pub without_records: Vec<PathBuf>,
    /// Records, those that cannot be read included.
    pub n_read: u64,
    /// Records that cannot be read.
    pub n_rejected: u64,
    /// The first of these.
    pub rejects: Vec<Reject>,
    /// Each canonical column in order: what became of it, and what it holds if it is there.
    pub columns: Vec<ColumnCheck>,
    /// The further columns to learn from, and what they hold.
    pub extra: Vec<(String, ColumnProfile)>,
    /// Columns that nothing reads, with their first values.
    pub unused: Vec<UnusedColumn>,
    /// How numbers and dates are written, where that had to be decided.
    pub conventions: Vec<Convention>,
    /// The currencies of the rows and how many rows have each, the most frequent first.
    pub currencies: Vec<(String, u64)>,
    /// Ids that occur more than once.
    pub repeated_ids: RepeatedIds,
    /// Each signal, and the columns whose absence keeps it from being computed.
    pub signals: Vec<SignalCheck>,
    /// What keeps the input from being scored.
    pub faults: Vec<Error>,
}

/// One canonical column.
#[derive(Debug)]
pub struct ColumnCheck {
    /// Which.
    pub column: Column,
    /// What became of it.
    pub found: Found,
    /// What it holds, where it is there.
    pub profile: Option<ColumnProfile>,
    /// What is surprising about it, a sentence each.
    pub surprises: Vec<String>,
}

/// A column that nothing reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusedColumn {
    /// Its name.
    pub name: String,
    /// The first different values.
    pub examples: Vec<String>,
    /// True when all values of the sample are numbers.
    pub is_numeric: bool,
}

/// Ids that occur more than once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepeatedIds {
    /// How many different ids do.
    pub n_ids: u64,
    /// How many records have one of them.
    pub n_records: u64,
    /// The first of them: the id where it was kept, its first two records.
    pub examples: Vec<(Option<String>, Place, Place)>,
}

/// Whether a signal can be computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignalCheck {
    /// Its name.
    pub name: &'static str,
    /// The columns it reads that the input lacks.
    pub lacking: Vec<Column>,
    /// False where all columns that it reads are lacking.
    pub is_possible: bool,
}

/// Looks through an input. Each batch of listings as they were read is handed to `seen`, with the
/// records it was read from.
///
/// # Errors
/// Files that cannot be read on from, and those of `seen`. What keeps the input from being scored
/// is no error here but told in [`Checkup::faults`].
pub fn check(
    input: &mut Input,
    mapping: &Mapping,
    mut seen: impl FnMut(&RawBatch, &ListingBatch) -> Result<()>,
) -> Result<Checkup> {
    let survey = mapping.survey(&input.name(), input.schema(), false);
    let mut faults = survey.faults;
    if faults.is_empty() {
        faults.extend(mapping.resolve_input(input, false).err());
    }
    let resolved = survey.resolved.with_conventions(input.sample())?;
    let unused = unused_columns(input.sample(), &resolved.unused());
    let mut gathered =
        Gathered::new(&resolved.extra_names().map(str::to_owned).collect::<Vec<_>>());
    while let Some(block) = input.next_block()? {
        gathered.n_read += (block.batch.n_records() + block.rejects.len()) as u64;
        gathered.n_rejected += block.rejects.len() as u64;
        let n_free = EXAMPLES - gathered.rejects.len();
        gathered.rejects.extend(block.rejects.iter().take(n_free).cloned());
        let ReadBatch { listings, problems, .. } = resolved.read(&block.batch)?;
        gathered.listings(&block.batch, &listings)?;
        for problem in &problems {
            gathered.problem(problem, |name| resolved.column_of(name));
        }
        seen(&block.batch, &listings)?;
    }
    let found: Vec<(Column, Found)> = survey.columns;
    gathered.finish(Finished {
        files: input.notes().to_vec(),
        passed_over: input.passed_over().to_vec(),
        without_records: input.without_records().to_vec(),
        found,
        unused,
        conventions: resolved.conventions().to_vec(),
        faults,
    })
}

/// What is surprising about the first records of an input, for those who do not look first: the
/// column, and a sentence without its subject.
///
/// # Errors
/// A column of a type that holds no such values.
pub fn first_surprises(
    resolved: &ResolvedMapping,
    sample: &[RawBatch],
) -> Result<Vec<(Column, String)>> {
    let mut gathered = Gathered::new(&[]);
    for batch in sample {
        gathered.listings(batch, &resolved.read(batch)?.listings)?;
    }
    let there = Column::all().zip(gathered.columns).zip(gathered.is_there);
    let found = there.filter(|(_, is_there)| *is_there).flat_map(|((column, profiler), _)| {
        let profile = profiler.finish();
        // A column without a value, or with one, is no reason to stop somebody who scores.
        let is_scale = profile.range.is_some() && profile.distinct != Distinct::Exactly(1);
        let told = if is_scale { surprises::surprises(column, &profile) } else { Vec::new() };
        told.into_iter().map(move |own| (column, own))
    });
    Ok(found.collect())
}

/// What is known without looking at all records.
struct Finished {
    files: Vec<FileNote>,
    passed_over: Vec<PathBuf>,
    without_records: Vec<PathBuf>,
    found: Vec<(Column, Found)>,
    unused: Vec<UnusedColumn>,
    conventions: Vec<Convention>,
    faults: Vec<Error>,
}

/// What is gathered from the records.
struct Gathered {
    n_read: u64,
    n_rejected: u64,
    rejects: Vec<Reject>,
    columns: Vec<Profiler>,
    is_there: Vec<bool>,
    extra: Vec<(String, Profiler)>,
    currencies: BTreeMap<String, u64>,
    ids: IdCounter,
    places: Places,
}

impl Gathered {
    fn new(extra: &[String]) -> Self {
        Gathered {
            n_read: 0,
            n_rejected: 0,
            rejects: Vec::new(),
            columns: Column::all().map(|_| Profiler::default()).collect(),
            is_there: vec![false; Column::COUNT],
            extra: extra.iter().map(|name| (name.clone(), Profiler::default())).collect(),
            currencies: BTreeMap::new(),
            ids: IdCounter::new(),
            places: Places::default(),
        }
    }

    fn listings(&mut self, raw: &RawBatch, listings: &ListingBatch) -> Result<()> {
        for row in 0..listings.len() {
            let place = raw.location(row);
            let position = self.places.position(&raw.file, place.record.unwrap_or_default());
            for column in Column::all() {
                let at = column as usize;
                let (Some(profiler), Some(is_there)) =
                    (self.columns.get_mut(at), self.is_there.get_mut(at))
                else {
                    continue;
                };
                let is_known = if column.info().kind == Kind::Text {
                    add_text(profiler, listings.text(column, row))
                } else {
                    add_number(profiler, listings.number(column, row), position)
                };
                *is_there |= is_known;
            }
            for (name, profiler) in &mut self.extra {
                if !add_number(profiler, listings.extra_number(name, row), position) {
                    add_text(profiler, listings.extra_category(name, row));
                }
            }
            if let Cell::Value(id) = listings.text(Column::ListingId, row) {
                self.ids
                    .add(id, position)
                    .map_err(|error| Error::io("keep ids in a temporary file", "check", error))?;
            }
            if let Cell::Value(currency) = listings.text(Column::Currency, row)
                && (self.currencies.len() < MAX_CURRENCIES
                    || self.currencies.contains_key(currency))
            {
                *self.currencies.entry(currency.to_owned()).or_default() += 1;
            }
        }
        Ok(())
    }

    /// Notes a cell that could not be read; undecodable bytes leave a text that was.
    fn problem(&mut self, problem: &Problem, column_of: impl Fn(&str) -> Option<Column>) {
        let location = &problem.location;
        let name = location.column.as_deref().unwrap_or_default();
        let place =
            location.record.map(|record| Place { file: location.file.as_str().into(), record });
        if let Some(column) = column_of(name) {
            if let Some(profiler) = self.columns.get_mut(column as usize) {
                profiler.unreadable(place, &problem.found);
            }
        } else if let Some((_, profiler)) = self.extra.iter_mut().find(|(own, _)| own == name) {
            profiler.unreadable(place, &problem.found);
        }
    }

    fn finish(self, known: Finished) -> Result<Checkup> {
        let repeated = self
            .ids
            .finish()
            .map_err(|error| Error::io("read ids from a temporary file", "check", error))?;
        let examples = repeated.examples.into_iter().filter_map(|own| {
            let (first, second) = own.positions;
            Some((own.id, self.places.place(first)?, self.places.place(second)?))
        });
        let repeated_ids = RepeatedIds {
            n_ids: repeated.n_ids,
            n_records: repeated.n_records,
            examples: examples.collect(),
        };
        let is_there = self.is_there;
        let columns = known.found.into_iter().zip(self.columns).zip(&is_there);
        let columns = columns.map(|(((column, found), profiler), is_there)| {
            let profile = is_there.then(|| profiler.finish());
            let surprises =
                profile.as_ref().map(|own| surprises::surprises(column, own)).unwrap_or_default();
            ColumnCheck { column, found, profile, surprises }
        });
        let columns = columns.collect();
        let lacks = |column: &Column| is_there.get(*column as usize) != Some(&true);
        let signals = SIGNALS.iter().map(|signal| {
            let lacking: Vec<Column> = signal.inputs().iter().copied().filter(lacks).collect();
            let is_possible = lacking.len() < signal.inputs().len();
            SignalCheck { name: signal.name(), lacking, is_possible }
        });
        let mut currencies: Vec<(String, u64)> = self.currencies.into_iter().collect();
        currencies.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        Ok(Checkup {
            files: known.files,
            passed_over: known.passed_over,
            without_records: known.without_records,
            n_read: self.n_read,
            n_rejected: self.n_rejected,
            rejects: self.rejects,
            columns,
            extra: self.extra.into_iter().map(|(name, own)| (name, own.finish())).collect(),
            unused: known.unused,
            conventions: known.conventions,
            currencies,
            repeated_ids,
            signals: signals.collect(),
            faults: known.faults,
        })
    }
}

/// Notes a text cell; false where it is unknown.
fn add_text(profiler: &mut Profiler, cell: Cell<&str>) -> bool {
    match cell {
        Cell::Value(text) => profiler.text(text),
        Cell::Missing => profiler.empty(),
        Cell::Unknown => return false,
    }
    true
}

/// Notes a number; false where it is unknown.
fn add_number(profiler: &mut Profiler, cell: Cell<f64>, position: u64) -> bool {
    match cell {
        Cell::Value(value) => profiler.number(position, value),
        Cell::Missing => profiler.empty(),
        Cell::Unknown => return false,
    }
    true
}

/// What the sample holds in columns that nothing reads.
fn unused_columns(sample: &[RawBatch], names: &[&str]) -> Vec<UnusedColumn> {
    let of = |name: &&str| {
        let (mut profiler, mut n_numbers, mut n_values) = (Profiler::default(), 0, 0);
        for batch in sample {
            for cell in batch.texts(name) {
                profiler.text(&cell);
                n_values += 1;
                n_numbers += usize::from(cell.trim().parse::<f64>().is_ok());
            }
        }
        UnusedColumn {
            name: (*name).to_owned(),
            examples: profiler.finish().examples,
            is_numeric: n_values > 0 && n_numbers == n_values,
        }
    };
    names.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::input::ReadOptions;

    fn checked(text: &str, mapping: &Mapping) -> Checkup {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        fs::write(&path, text).unwrap();
        let mut input = Input::open(&[path], &ReadOptions::default()).unwrap();
        check(&mut input, mapping, |_, _| Ok(())).unwrap()
    }

    #[test]
    fn an_export_is_counted_by_hand() {
        let found = checked(
            "id,title,price,currency,note,brand\n\
             1,bag,5,EUR,x,\n\
             2,belt,ask,EUR,y,Zelquist\n\
             1,hat,7,USD,x,-\n\
             4,b,a,d,r,o,w\n",
            &Mapping::default(),
        );
        assert_eq!((found.n_read, found.n_rejected), (4, 1));
        assert_eq!(found.rejects[0].location.record, Some(4));
        let of = |column: Column| &found.columns[column as usize];
        assert_eq!(of(Column::ListingId).found, Found::Recognized("id".into()));
        assert_eq!(of(Column::Category).found, Found::Missing);
        assert_eq!(of(Column::Category).profile, None);
        let price = of(Column::Price).profile.as_ref().unwrap();
        assert_eq!((price.n_records, price.n_empty, price.n_unreadable), (3, 0, 1));
        assert_eq!(price.unreadable[0].0.record, 2);
        assert_eq!(price.unreadable[0].1, "ask");
        let range = price.range.as_ref().unwrap();
        assert_eq!((range.smallest, range.median, range.largest), (5.0, 6.0, 7.0));
        let brand = of(Column::Brand).profile.as_ref().unwrap();
        assert_eq!((brand.n_empty, brand.n_present()), (2, 1));
        assert_eq!(found.currencies, [("EUR".to_owned(), 2), ("USD".to_owned(), 1)]);
        let ids = &found.repeated_ids;
        assert_eq!((ids.n_ids, ids.n_records), (1, 2));
        let (id, first, second) = &ids.examples[0];
        assert_eq!((id.as_deref(), first.record, second.record), (Some("1"), 1, 3));
        assert_eq!(found.unused.len(), 1);
        assert_eq!(found.unused[0].name, "note");
        assert_eq!(found.unused[0].examples, ["x", "y"]);
        assert!(!found.unused[0].is_numeric);
        let signal = |name: &str| found.signals.iter().find(|own| own.name == name).unwrap();
        assert!(signal("missing_brand").is_possible);
        assert!(!signal("seller_rating").is_possible);
        assert_eq!(signal("seller_rating").lacking, [Column::SellerRating]);
        assert!(found.faults.is_empty());
    }

    #[test]
    fn who_scores_is_told_of_a_scale_that_cannot_be() {
        let row = |n: i32| {
            let price = 100.0 * libm::log(50.0 + f64::from(n * n));
            format!("{n},t{n},{price},7")
        };
        let text: Vec<String> = (0..60).map(row).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        fs::write(&path, format!("id,title,price,seller_age_days\n{}\n", text.join("\n"))).unwrap();
        let input = Input::open(&[path], &ReadOptions::default()).unwrap();
        let resolved = Mapping::default().resolve_input(&input, false).unwrap();
        let told = first_surprises(&resolved, input.sample()).unwrap();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].0, Column::Price);
        assert!(told[0].1.starts_with("looks like the logarithm"), "{told:?}");
    }

    #[test]
    fn faults_do_not_end_the_check() {
        let found = checked("id,ean,upc,name2\n1,2,3,x\n", &Mapping::default());
        let told: Vec<String> = found.faults.iter().map(ToString::to_string).collect();
        assert!(told[0].contains("ean, upc could each be `gtin`"), "{told:?}");
        assert!(told[1].contains("no column for `title`"), "{told:?}");
        assert_eq!(found.n_read, 1);
    }
}
