//! Allow, deny and watch lists: what people have decided of sellers, brands and listings, which
//! stands above any score.

mod entry;

use std::collections::HashMap;

use crate::error::{ErrorKind, Location, Result};
use crate::listing::{Cell, Column, ListingBatch};
use crate::reference_file::{ReferenceFile, fault};
use crate::text::folded_string;
use entry::{Entry, is_past};

/// The columns of a listing that an entry may name.
const KEYS: [Column; 4] = [Column::ListingId, Column::SellerId, Column::SellerName, Column::Brand];

/// What a list means for the listings on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListKind {
    /// Scored and never flagged, whatever the score and the other lists.
    Allow,
    /// Flagged, whatever the score, unless allowed.
    Deny,
    /// Pointed out, and flagged or not by the score.
    Watch,
}

impl ListKind {
    /// All kinds, the strongest first.
    pub const ALL: [ListKind; 3] = [ListKind::Allow, ListKind::Deny, ListKind::Watch];

    /// How a reason speaks of the list.
    pub fn name(self) -> &'static str {
        match self {
            ListKind::Allow => "allow-list",
            ListKind::Deny => "deny-list",
            ListKind::Watch => "watch-list",
        }
    }

    /// The stable code of the reason that a listing on it is given.
    pub fn code(self) -> &'static str {
        match self {
            ListKind::Allow => "ALLOW_LISTED",
            ListKind::Deny => "DENY_LISTED",
            ListKind::Watch => "WATCH_LISTED",
        }
    }
}

/// That a listing is on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Which list.
    pub kind: ListKind,
    /// Which entry of it: an index in the order of the file.
    pub entry: usize,
    /// The entry in words: `on the allow-list: seller_id 17 (audited)`.
    pub evidence: String,
}

/// The lists in force, at most one of a kind.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    lists: Vec<List>,
}

/// One list.
#[derive(Clone, Debug)]
struct List {
    kind: ListKind,
    entries: Vec<Entry>,
    /// For each set of columns that some entry fills, the entries by what they have there.
    index: Vec<(Vec<usize>, HashMap<Vec<String>, usize>)>,
}

impl Lists {
    /// The same lists and one more, read from CSV.
    ///
    /// The header names any of `listing_id`, `seller_id`, `seller_name` and `brand`, and as further
    /// columns `note` and `until`, the last day on which the entry holds. A listing is on the list
    /// when it has everything that an entry fills: ids to the letter, but for the `.0` that spreadsheets
    /// put behind numbers, names and brands once folded (case, accents and width do not count).
    ///
    /// # Errors
    /// [`ErrorKind::Reference`] with file, line and column: an unknown column, an entry that fills
    /// none of the columns, one that stands twice, a date that is none. [`ErrorKind::Option`]
    /// where there is a list of the kind.
    pub fn with_csv(mut self, kind: ListKind, name: &str, text: &str) -> Result<Lists> {
        if self.lists.iter().any(|own| own.kind == kind) {
            return Err(ErrorKind::Option {
                option: "--list",
                expected: format!("one {}", kind.name()),
                found: "two".to_owned(),
            }
            .into());
        }
        let list = List::parse(kind, name, text)?;
        self.lists.push(list);
        self.lists.sort_by_key(|own| own.kind);
        Ok(self)
    }

    /// True when there is no list.
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// The lists in force, with the number of entries of each, the strongest first.
    pub fn sizes(&self) -> Vec<(ListKind, usize)> {
        self.lists.iter().map(|list| (list.kind, list.entries.len())).collect()
    }

    /// True when an entry ends on some day.
    pub fn has_ends(&self) -> bool {
        self.lists.iter().flat_map(|list| &list.entries).any(|entry| entry.until.is_some())
    }

    /// The lists that a listing is on, the strongest first; of one list the first entry, of those
    /// that fill most columns.
    ///
    /// `as_of` is the day for `until`, in days since 1970-01-01; without one it is the day of the
    /// listing. Without that either nobody knows whether an entry has ended: one that allows does not
    /// hold, one that denies or watches does.
    pub(crate) fn of(
        &self,
        batch: &ListingBatch,
        row: usize,
        as_of: Option<f64>,
    ) -> Vec<Membership> {
        if self.lists.is_empty() {
            return Vec::new();
        }
        let day = as_of.or_else(|| batch.number(Column::ListedAt, row).value());
        let keys: Vec<Option<String>> =
            KEYS.iter().map(|&column| key(column, batch.text(column, row))).collect();
        self.lists.iter().filter_map(|list| list.membership(&keys, day)).collect()
    }
}

impl List {
    fn parse(kind: ListKind, name: &str, text: &str) -> Result<List> {
        let mut known: Vec<&str> = KEYS.iter().map(|column| column.name()).collect();
        known.extend(["note", "until"]);
        let file = ReferenceFile::parse(name, text, &known)?;
        if !file.has[..KEYS.len()].contains(&true) {
            let columns = known[..KEYS.len()].join(", ");
            let problem = format!("none of the columns {columns}, of which a list needs one");
            return Err(fault(Location::file(name), problem));
        }
        let mut list = List { kind, entries: Vec::new(), index: Vec::new() };
        for row in &file.rows {
            let entry = Entry::parse(row)?;
            let keys: Vec<Option<String>> = KEYS
                .iter()
                .zip(&row.cells)
                .map(|(&column, cell)| key(column, Cell::Value(cell.as_str())))
                .collect();
            list.add(entry, keys)?;
        }
        // Entries that say more are asked first.
        list.index.sort_by_key(|(columns, _)| std::cmp::Reverse(columns.len()));
        Ok(list)
    }

    fn add(&mut self, entry: Entry, keys: Vec<Option<String>>) -> Result<()> {
        let columns: Vec<usize> = (0..keys.len()).filter(|&at| keys[at].is_some()).collect();
        let values: Vec<String> = keys.into_iter().flatten().collect();
        if columns.is_empty() {
            return Err(fault(entry.place, "the entry names nothing".to_owned()));
        }
        let known = self.index.iter().position(|(own, _)| *own == columns);
        let known = known.unwrap_or_else(|| {
            self.index.push((columns, HashMap::new()));
            self.index.len() - 1
        });
        if let Some(first) = self.index[known].1.insert(values, self.entries.len()) {
            let line = self.entries[first].place.line.unwrap_or_default();
            return Err(fault(entry.place, format!("the entry is already on line {line}")));
        }
        self.entries.push(entry);
        Ok(())
    }

    fn membership(&self, keys: &[Option<String>], day: Option<f64>) -> Option<Membership> {
        self.index.iter().find_map(|(columns, entries)| {
            let values: Option<Vec<String>> = columns.iter().map(|&at| keys[at].clone()).collect();
            let entry = *entries.get(&values?)?;
            let own = &self.entries[entry];
            let is_unknown = own.until.is_some() && day.is_none();
            if is_past(own.until, day) || (is_unknown && self.kind == ListKind::Allow) {
                return None;
            }
            let evidence = format!("on the {}: {}", self.kind.name(), own.words);
            Some(Membership { kind: self.kind, entry, evidence })
        })
    }
}

/// An id without the `.0` that a spreadsheet put behind a number.
fn whole_number(id: &str) -> &str {
    let is_number = |own: &&str| !own.is_empty() && own.bytes().all(|byte| byte.is_ascii_digit());
    id.strip_suffix(".0").filter(is_number).unwrap_or(id)
}

/// A cell as it is compared: ids to the letter, names folded; nothing where it is empty.
fn key(column: Column, cell: Cell<&str>) -> Option<String> {
    let text = cell.value()?.trim();
    let key = match column {
        Column::SellerName | Column::Brand => folded_string(text),
        _ => whole_number(text).to_owned(),
    };
    (!key.is_empty()).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::Listing;

    fn listing(id: &str, seller: &str, brand: &str) -> Listing {
        Listing {
            seller_id: Some(seller.into()),
            seller_name: Some(format!("Shop {seller}")),
            brand: Some(brand.into()),
            ..Listing::new(id, "bag")
        }
    }

    fn members(lists: &Lists, listing: Listing, as_of: Option<f64>) -> Vec<String> {
        let batch = ListingBatch::from_listings(&[listing]);
        lists.of(&batch, 0, as_of).into_iter().map(|own| own.evidence).collect()
    }

    fn problem(text: &str) -> String {
        Lists::default().with_csv(ListKind::Allow, "a.csv", text).unwrap_err().to_string()
    }

    #[test]
    fn an_entry_holds_where_everything_that_it_fills_is_there() {
        let text = "seller_id,brand,note\n07,Velmora,audited\n9,,\n";
        let lists = Lists::default().with_csv(ListKind::Allow, "a.csv", text).unwrap();
        assert_eq!(
            members(&lists, listing("1", "07", "VELMÓRA"), None),
            ["on the allow-list: seller_id 07, brand Velmora (audited)"]
        );
        assert!(members(&lists, listing("1", "07", "Other"), None).is_empty());
        assert!(members(&lists, listing("1", "7", "Velmora"), None).is_empty(), "ids are texts");
        assert_eq!(members(&lists, listing("1", "9", ""), None).len(), 1);
        assert!(members(&lists, Listing::new("1", "bag"), None).is_empty());
    }

    #[test]
    fn a_number_with_the_point_of_a_spreadsheet_is_the_id() {
        let text = "seller_id,listing_id\n1737442603.0,\n,88.0\n5.10,\nv1.0,\n";
        let lists = Lists::default().with_csv(ListKind::Deny, "d.csv", text).unwrap();
        let is_on =
            |id: &str, seller: &str| !members(&lists, listing(id, seller, ""), None).is_empty();
        assert!(is_on("1", "1737442603") && is_on("1", "1737442603.0") && is_on("88", "2"));
        assert!(is_on("1", "5.10") && is_on("1", "v1.0"), "other ids stay as they are");
        assert!(!is_on("1", "5.1") && !is_on("1", "v1") && !is_on("1", "17374426030"));
        let twice = "seller_id\n7\n7.0\n";
        assert_eq!(problem(twice), "a.csv: line 3: the entry is already on line 2");
    }

    #[test]
    fn the_strongest_list_comes_first_and_the_fullest_entry_speaks() {
        let allow = "seller_name\nshop 5\n";
        let deny = "seller_id,listing_id\n5,\n5,L1\n";
        let lists = Lists::default()
            .with_csv(ListKind::Deny, "d.csv", deny)
            .unwrap()
            .with_csv(ListKind::Allow, "a.csv", allow)
            .unwrap();
        assert_eq!(
            members(&lists, listing("L1", "5", "x"), None),
            [
                "on the allow-list: seller_name shop 5",
                "on the deny-list: listing_id L1, seller_id 5"
            ]
        );
        assert_eq!(lists.sizes(), [(ListKind::Allow, 1), (ListKind::Deny, 2)]);
    }

    #[test]
    fn an_entry_ends_with_its_last_day() {
        let text = "seller_id,until\n5,1970-01-11\n";
        let lists = Lists::default().with_csv(ListKind::Watch, "w.csv", text).unwrap();
        assert!(lists.has_ends());
        // 1970-01-11 is day 10; it holds until the next day begins.
        let on = |day| members(&lists, listing("1", "5", "x"), day).len();
        assert_eq!([on(Some(10.0)), on(Some(10.9)), on(Some(11.0)), on(None)], [1, 1, 0, 1]);
        let listed = Listing { listed_at: Some(12.0), ..listing("1", "5", "x") };
        assert!(members(&lists, listed, None).is_empty());
        // Where no day is known, only what allows needs one.
        let allowed = Lists::default().with_csv(ListKind::Allow, "a.csv", text).unwrap();
        let on = |day| members(&allowed, listing("1", "5", "x"), day).len();
        assert_eq!([on(Some(10.0)), on(None)], [1, 0]);
    }

    #[test]
    fn a_wrong_entry_is_named() {
        assert_eq!(
            problem("note\nx\n"),
            "a.csv: none of the columns listing_id, seller_id, seller_name, brand, of which a list needs one"
        );
        assert_eq!(problem("seller_id,note\n,x\n"), "a.csv: line 2: the entry names nothing");
        assert_eq!(
            problem("brand\nNike\n\nＮＩＫＥ\n"),
            "a.csv: line 4: the entry is already on line 2"
        );
        assert_eq!(
            problem("brand,until\nNike,soon\n"),
            "a.csv: line 2, column until: expected a day such as 2026-01-31, found \"soon\""
        );
    }
}
