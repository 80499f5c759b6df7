//! Labeled listings: which rows have a label, whose they are, and how they can be sliced.

use std::collections::BTreeMap;

use crate::digest::Sha256Hex;
use crate::error::{ErrorKind, Result};
use crate::evaluation::SliceBy;
use crate::listing::{Cell, Column, Kind, ListingBatch};

/// The age bands of sellers by which an evaluation is sliced, in days.
const SELLER_AGE_BANDS: [(f64, &str); 4] = [
    (30.0, "below 30 days"),
    (180.0, "30 to 179 days"),
    (730.0, "180 to 729 days"),
    (f64::INFINITY, "730 days and more"),
];

/// Listings of which some or all are labeled.
#[derive(Clone, Debug)]
pub struct LabeledSet {
    listings: ListingBatch,
    /// Rows of `listings` that have a label.
    rows: Vec<usize>,
    /// For each of `rows`, true for counterfeit.
    labels: Vec<bool>,
    /// For each of `rows`, the number of its seller.
    groups: Vec<u32>,
    n_sellers: usize,
}

impl LabeledSet {
    /// The labeled rows of a batch. A row without a label is left out of learning and judging; a
    /// row without a seller counts as a seller of its own. `name` is how messages speak of the
    /// data, `label_column` of its label.
    ///
    /// # Errors
    /// [`ErrorKind::OneClass`] when the labels do not differ, [`ErrorKind::TooFew`] without any.
    pub fn new(listings: ListingBatch, name: &str, label_column: &str) -> Result<LabeledSet> {
        let mut rows = Vec::new();
        let mut labels = Vec::new();
        for (row, label) in listings.labels().unwrap_or_default().iter().enumerate() {
            if !label.is_nan() {
                rows.push(row);
                labels.push(*label == 1.0);
            }
        }
        if rows.is_empty() {
            return Err(ErrorKind::TooFew { what: "labeled listings", found: 0, needed: 2 }.into());
        }
        let n_positive = labels.iter().filter(|label| **label).count();
        if n_positive == 0 || n_positive == labels.len() {
            return Err(ErrorKind::OneClass {
                file: name.to_owned(),
                column: label_column.to_owned(),
                n: labels.len(),
                found: if n_positive == 0 { "genuine" } else { "counterfeit" },
            }
            .into());
        }
        let (groups, n_sellers) = groups(&listings, &rows);
        Ok(LabeledSet { listings, rows, labels, groups, n_sellers })
    }

    /// All listings, labeled or not.
    pub fn listings(&self) -> &ListingBatch {
        &self.listings
    }

    /// How many listings are labeled.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Never: a set without labels cannot be made.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many sellers have labeled listings; 0 when the data does not tell sellers apart.
    pub fn n_sellers(&self) -> usize {
        self.n_sellers
    }

    /// How many listings are labeled counterfeit.
    pub fn n_positive(&self) -> usize {
        self.labels.iter().filter(|label| **label).count()
    }

    /// The rows of [`LabeledSet::listings`] that have a label.
    pub(crate) fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// For each labeled row, true for counterfeit.
    pub(crate) fn labels(&self) -> &[bool] {
        &self.labels
    }

    /// For each labeled row, the number of its seller.
    pub(crate) fn groups(&self) -> &[u32] {
        &self.groups
    }

    /// The listing times of the labeled rows, NaN where there is none.
    pub(crate) fn times(&self) -> Vec<f64> {
        let time = |row: &usize| self.listings.number(Column::ListedAt, *row).value();
        self.rows.iter().map(|row| time(row).unwrap_or(f64::NAN)).collect()
    }

    /// The columns by which an evaluation of these labeled rows (by their place among them) is
    /// sliced; columns that the data lacks are left out.
    pub(crate) fn slices(&self, members: &[usize]) -> Vec<SliceBy<'_>> {
        let text = |column: Column| SliceBy {
            name: column.name(),
            values: members
                .iter()
                .map(|&member| self.listings.text(column, self.rows[member]).value())
                .collect(),
        };
        let mut slices: Vec<SliceBy<'_>> = [Column::Brand, Column::Category, Column::Language]
            .into_iter()
            .filter(|column| self.listings.has(*column))
            .map(text)
            .collect();
        if self.listings.has(Column::SellerAgeDays) {
            let band = |days: f64| {
                SELLER_AGE_BANDS.iter().find(|(end, _)| days < *end).map(|(_, name)| *name)
            };
            let age = |row| self.listings.number(Column::SellerAgeDays, row).value();
            slices.push(SliceBy {
                name: Column::SellerAgeDays.name(),
                values: members
                    .iter()
                    .map(|&member| age(self.rows[member]).and_then(band))
                    .collect(),
            });
        }
        slices
    }

    /// SHA-256 over every value read from the labeled rows, in hexadecimal.
    pub(crate) fn digest(&self) -> String {
        let mut digest = Sha256Hex::default();
        let names = self.listings.extra_names();
        for name in &names {
            digest_cell(&mut digest, Cell::Value(name.as_bytes()));
        }
        for &row in &self.rows {
            for column in Column::all() {
                if column.info().kind == Kind::Text {
                    let cell = self.listings.text(column, row);
                    digest_cell(&mut digest, cell.map(str::as_bytes));
                } else {
                    let cell = self.listings.number(column, row).map(f64::to_le_bytes);
                    digest_cell(&mut digest, cell);
                }
            }
            for name in &names {
                digest_cell(
                    &mut digest,
                    self.listings.extra_number(name, row).map(f64::to_le_bytes),
                );
                let category = self.listings.extra_category(name, row);
                digest_cell(&mut digest, category.map(str::as_bytes));
            }
        }
        digest.finish()
    }
}

/// Feeds a cell: its state, and of a value the length and the bytes.
fn digest_cell(digest: &mut Sha256Hex, cell: Cell<impl AsRef<[u8]>>) {
    match cell {
        Cell::Value(bytes) => {
            let bytes = bytes.as_ref();
            digest.update([0]);
            digest.update((bytes.len() as u64).to_le_bytes());
            digest.update(bytes);
        }
        Cell::Missing => digest.update([1]),
        Cell::Unknown => digest.update([2]),
    }
}

/// The number of each row's seller, in the order of the sellers' ids, and how many sellers there
/// are; 0 when no row names one.
fn groups(listings: &ListingBatch, rows: &[usize]) -> (Vec<u32>, usize) {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    for &row in rows {
        if let Cell::Value(seller) = listings.text(Column::SellerId, row) {
            numbers.insert(seller.trim(), 0);
        }
    }
    for (number, own) in numbers.values_mut().enumerate() {
        *own = number as u32;
    }
    let n_sellers = numbers.len();
    let mut next = n_sellers as u32;
    let groups = rows
        .iter()
        .map(|&row| match listings.text(Column::SellerId, row) {
            Cell::Value(seller) => numbers.get(seller.trim()).copied().unwrap_or_default(),
            Cell::Missing | Cell::Unknown => {
                next += 1;
                next - 1
            }
        })
        .collect();
    (groups, n_sellers)
}
