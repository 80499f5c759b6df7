//! Labeled listings: which rows have a label, whose they are, and how they can be sliced.

use std::collections::BTreeMap;

use crate::digest::Sha256Hex;
use crate::enrich::{Components, text_families};
use crate::error::{ErrorKind, Result, excerpt};
use crate::evaluation::SliceBy;
#[cfg(doc)]
use crate::listing::ExtraColumns;
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
    /// For each of `rows`, what must stay on one side of a split: sellers and all with whom they share
    /// a text.
    households: Vec<u32>,
    /// How many sellers share a text with another.
    n_sharing: usize,
    /// For each of `rows`, the family of nearly equal texts that it is of.
    families: Vec<Option<u64>>,
    /// How many listings each of `rows` counts as, and the column that says so.
    weights: Option<(String, Vec<f64>)>,
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
        let families = text_families(&listings)?;
        let families: Vec<Option<u64>> = rows.iter().map(|&row| families[row]).collect();
        let (households, n_sharing) = households(&groups, families.iter().copied())?;
        Ok(LabeledSet {
            listings,
            rows,
            labels,
            groups,
            n_sellers,
            households,
            n_sharing,
            families,
            weights: None,
        })
    }

    /// The same set, in which each listing counts as many as a column of numbers says. The column is one
    /// of the further columns of the listings ([`ExtraColumns::numeric`]).
    ///
    /// # Errors
    /// [`ErrorKind::Option`] with the first labeled listing that has no number above 0 there.
    pub fn with_weights(mut self, column: &str) -> Result<LabeledSet> {
        let mut weights = Vec::with_capacity(self.rows.len());
        for &row in &self.rows {
            match self.listings.extra_number(column, row) {
                Cell::Value(weight) if weight.is_finite() && weight > 0.0 => weights.push(weight),
                other => {
                    let id = self.listings.text(Column::ListingId, row).value().unwrap_or_default();
                    let weight = other.value().map_or("nothing".to_owned(), |own| own.to_string());
                    return Err(ErrorKind::Option {
                        option: "--sample-weight",
                        expected: "a number above 0 for every labeled listing".to_owned(),
                        found: format!("{weight} at the listing {}", excerpt(id)),
                    }
                    .into());
                }
            }
        }
        self.weights = Some((column.to_owned(), weights));
        Ok(self)
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

    /// For each labeled row, the number of its household: what must stay on one side of a split, which
    /// are the listings of a seller and of all sellers who share a text with it, directly or through
    /// others.
    pub(crate) fn households(&self) -> &[u32] {
        &self.households
    }

    /// For each labeled row, how many listings it counts as; `None` where each is one.
    pub(crate) fn weights(&self) -> Option<&[f64]> {
        self.weights.as_ref().map(|(_, weights)| weights.as_slice())
    }

    /// The column that says how many listings each listing counts as.
    pub(crate) fn weight_column(&self) -> Option<&str> {
        self.weights.as_ref().map(|(column, _)| column.as_str())
    }

    /// For each labeled row, the family of nearly equal texts that it is of; `None` of short texts.
    pub(crate) fn families(&self) -> &[Option<u64>] {
        &self.families
    }

    /// How many sellers share a text with another; listings without a seller count as sellers.
    pub fn n_sharing(&self) -> usize {
        self.n_sharing
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

    /// How many labeled listings name no seller and so count as sellers of their own.
    pub(crate) fn n_without_seller(&self) -> usize {
        self.groups.iter().filter(|group| **group as usize >= self.n_sellers).count()
    }

    /// SHA-256 over every value read from the labeled rows, in hexadecimal.
    pub(crate) fn digest(&self) -> String {
        self.digest_with(|_| true)
    }

    /// The same, as if of the further columns only those that `keeps` had been read.
    pub(crate) fn digest_with(&self, keeps: impl Fn(&str) -> bool) -> String {
        let mut digest = Sha256Hex::default();
        let mut names = self.listings.extra_names();
        names.retain(|name| keeps(name));
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

/// The household of each row, by the number of its first seller, and how many sellers are in one with
/// others. A text that would make one household of more than [`MOST_SHARE`] of the rows is everybody's
/// text and joins nobody.
fn households(
    groups: &[u32],
    families: impl Iterator<Item = Option<u64>>,
) -> Result<(Vec<u32>, usize)> {
    let mut members: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
    for (&group, family) in groups.iter().zip(families) {
        if let Some(family) = family {
            members.entry(family).or_default().push(group);
        }
    }
    let mut n_rows: BTreeMap<u32, usize> = BTreeMap::new();
    for group in groups {
        *n_rows.entry(*group).or_default() += 1;
    }
    let most = (groups.len() as f64 * MOST_SHARE) as usize;
    let n_groups = groups.iter().max().map_or(0, |last| u64::from(*last) + 1);
    let mut joined = Components::new(n_groups)?;
    // The smallest families first, so that a text of everybody joins nobody who shares a rarer one.
    let mut members: Vec<Vec<u32>> = members.into_values().collect();
    for sellers in &mut members {
        sellers.sort_unstable();
        sellers.dedup();
    }
    members.retain(|sellers| sellers.len() > 1);
    members.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    for sellers in members {
        let mut roots: Vec<u32> = sellers.iter().map(|own| joined.root(*own)).collect();
        roots.sort_unstable();
        roots.dedup();
        let together: usize = roots.iter().map(|own| n_rows[own]).sum();
        if together > most {
            continue;
        }
        for own in &roots[1..] {
            joined.join(roots[0], *own);
        }
        n_rows.insert(roots[0], together);
    }
    let households: Vec<u32> = groups.iter().map(|own| joined.root(*own)).collect();
    let mut sellers: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (&group, &household) in groups.iter().zip(&households) {
        sellers.entry(household).or_default().push(group);
    }
    let n_sharing = sellers.into_values().map(|mut own| {
        own.sort_unstable();
        own.dedup();
        if own.len() > 1 { own.len() } else { 0 }
    });
    Ok((households, n_sharing.sum()))
}

/// The share of the rows that one household may have.
const MOST_SHARE: f64 = 0.1;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sellers_who_share_a_text_are_one_household() {
        // Sellers 0 to 19 with two rows each; 0 and 1 share a text, 1 and 2 another.
        let groups: Vec<u32> = (0..40).map(|row| row / 2).collect();
        let mut families = vec![None; 40];
        (families[0], families[2]) = (Some(7), Some(7));
        (families[3], families[4]) = (Some(8), Some(8));
        let (own, n_sharing) = households(&groups, families.iter().copied()).unwrap();
        // Together they would have 6 of 40 rows, more than a tenth: the second text joins nobody.
        assert_eq!(own[..6], [0, 0, 0, 0, 2, 2]);
        assert_eq!((own[39], n_sharing), (19, 2));

        let groups: Vec<u32> = (0..80).map(|row| row / 2).collect();
        families.resize(80, None);
        let (own, n_sharing) = households(&groups, families.iter().copied()).unwrap();
        assert_eq!(own[..8], [0, 0, 0, 0, 0, 0, 3, 3]);
        assert_eq!(n_sharing, 3);
        assert_eq!(
            households(&groups, vec![Some(1); 80].into_iter()).unwrap().1,
            0,
            "everybody's text"
        );
    }

    #[test]
    fn copies_of_a_text_are_found_through_their_disguise() {
        use crate::listing::Listing;
        let words: Vec<String> = (1..=30).map(|n| format!("word{n}")).collect();
        let text = words.join(" ");
        let with = |seller: usize, title: String| Listing {
            seller_id: Some(format!("S{seller}")),
            ..Listing::new(seller.to_string(), title)
        };
        let mut listings: Vec<Listing> =
            (0..38).map(|seller| with(seller, format!("bag {seller}"))).collect();
        listings.push(with(50, text.to_uppercase()));
        listings.push(with(51, format!("{text}!!")));
        let labels = (0..40).map(|row| f64::from(u8::from(row % 2 == 0))).collect();
        let batch = ListingBatch::from_listings(&listings).with_labels(labels);
        let set = LabeledSet::new(batch, "test", "label").unwrap();
        assert_eq!((set.n_sellers(), set.n_sharing()), (40, 2));
        assert_eq!(set.households()[38], set.households()[39]);
        assert_ne!(set.groups()[38], set.groups()[39]);
    }
}
