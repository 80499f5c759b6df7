//! Columns that know the answer: what tells the labels apart too well to have been there before them.

use std::collections::BTreeMap;

use super::labeled::LabeledSet;
use crate::error::excerpt;
use crate::evaluation::Ranking;
use crate::evaluation::metrics::roc_auc;
use crate::features::{Extractor, FeatureSource, Prepared};
use crate::listing::Cell;

/// Of each class so many listings must have a value before anything is said of it.
const MIN_EACH: usize = 20;

/// A ROC AUC from here on is too good for one column.
const TOO_GOOD: f64 = 0.97;

/// A gap where all of one class and none of the other have a value, within this share.
const TOO_MANY: f64 = 0.99;

/// A category of more different values than this share of the listings names the listings.
const MOSTLY_DIFFERENT: f64 = 0.8;

/// Words in names of columns that are filled by moderation.
const OF_MODERATION: [&str; 14] = [
    "moderat",
    "removed",
    "removal",
    "takedown",
    "banned",
    "blocked",
    "verdict",
    "decision",
    "reviewed",
    "reviewer",
    "reported",
    "infring",
    "модерац",
    "удален",
];

/// What looks as if it was known only after the labels, a sentence each.
pub(super) fn leaks(
    set: &LabeledSet,
    prepared: &Prepared<'_>,
    extractor: &Extractor,
) -> Vec<String> {
    let mut found = Vec::new();
    let view = prepared.view(extractor.state());
    for feature in extractor.features() {
        let name = excerpt(feature.source.name());
        match &feature.source {
            FeatureSource::Signal(_) | FeatureSource::ExtraNumber(..) => {
                let cells = feature.source.numbers(&view, set.rows());
                found.extend(of_numbers(&name, &cells, set.labels()));
            }
            FeatureSource::ExtraCategory(column) => {
                let cell = |&row: &usize| prepared.listings().extra_category(column, row).value();
                let cells: Vec<Option<&str>> = set.rows().iter().map(cell).collect();
                found.extend(of_categories(&name, &cells, set.labels()));
            }
            FeatureSource::Words(_) => {}
        }
        let is_own = !matches!(&feature.source, FeatureSource::Signal(_) | FeatureSource::Words(_));
        let lower = feature.source.name().to_lowercase();
        if is_own && OF_MODERATION.iter().any(|word| lower.contains(word)) {
            found.push(format!(
                "the column {name} sounds as if moderation fills it: what is not known when a listing is scored must not be learned from"
            ));
        }
    }
    let places: Vec<Cell<f64>> = (0..set.len()).map(|at| Cell::Value(at as f64)).collect();
    if let Some(area) = area(&places, set.labels()).filter(|area| *area >= TOO_GOOD) {
        found.push(format!(
            "the labels follow the order of the rows (ROC AUC {area:.3}): the file is sorted by label, or joined from two sources that may differ in more than their labels"
        ));
    }
    found
}

fn of_numbers(name: &str, cells: &[Cell<f64>], labels: &[bool]) -> Option<String> {
    if let Some(area) = area(cells, labels).filter(|area| *area >= TOO_GOOD) {
        return Some(format!(
            "{name} alone tells the classes apart (ROC AUC {area:.3}): is it known when a listing is scored, or only after it was judged?"
        ));
    }
    let share = |of: bool| {
        let own = cells.iter().zip(labels).filter(|(_, label)| **label == of);
        let (n, n_missing) = own.fold((0, 0), |(n, n_missing), (cell, _)| {
            (n + 1, n_missing + usize::from(matches!(cell, Cell::Missing)))
        });
        (n >= MIN_EACH).then(|| f64::from(n_missing as u32) / f64::from(n as u32))
    };
    let (counterfeit, genuine) = (share(true)?, share(false)?);
    ((counterfeit - genuine).abs() >= TOO_MANY).then(|| {
        format!(
            "{name} is there for one class and missing for the other: whether it is filled tells the label"
        )
    })
}

/// The ROC AUC of the values that are there, turned to be above one half; `None` of too few.
fn area(cells: &[Cell<f64>], labels: &[bool]) -> Option<f64> {
    let mut there: Vec<(f64, bool)> = cells
        .iter()
        .zip(labels)
        .filter_map(|(cell, label)| Some((cell.value()?, *label)))
        .collect();
    let n_positive = there.iter().filter(|(_, label)| *label).count();
    if n_positive < MIN_EACH || there.len() - n_positive < MIN_EACH {
        return None;
    }
    there.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    // Values need not be probabilities, as only their order counts.
    let rows = there.into_iter().map(|(value, label)| (value, label, 1));
    let area = roc_auc(&Ranking::from_descending(rows)?);
    Some(area.max(1.0 - area))
}

fn of_categories(name: &str, cells: &[Option<&str>], labels: &[bool]) -> Option<String> {
    let mut counts: BTreeMap<Option<&str>, [usize; 2]> = BTreeMap::new();
    for (cell, label) in cells.iter().zip(labels) {
        counts.entry(*cell).or_default()[usize::from(*label)] += 1;
    }
    let n_positive = labels.iter().filter(|label| **label).count();
    if n_positive < MIN_EACH || labels.len() - n_positive < MIN_EACH {
        return None;
    }
    let n = labels.len() as f64;
    if counts.len() as f64 > n * MOSTLY_DIFFERENT {
        return Some(format!(
            "{name} has nearly as many values as there are listings: an identifier says nothing of others"
        ));
    }
    // Values that are seen again, so that chance does not make them pure.
    let again = counts.values().filter(|own| own[0] + own[1] >= MIN_EACH);
    let (n_right, n_seen) = again
        .fold((0, 0), |(right, seen), own| (right + own[0].max(own[1]), seen + own[0] + own[1]));
    let tells_both = counts.values().any(|own| own[1] >= MIN_EACH && own[1] > own[0]);
    (tells_both && n_seen as f64 >= n / 2.0 && n_right as f64 >= n_seen as f64 * TOO_MANY).then(|| {
        format!(
            "{name} alone tells the classes apart: is it known when a listing is scored, or only after it was judged?"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 40 genuine and then 40 counterfeit.
    fn labels() -> Vec<bool> {
        (0..80).map(|row| row >= 40).collect()
    }

    #[test]
    fn a_number_that_knows_the_answer_is_named() {
        let values =
            |value: fn(usize) -> Cell<f64>| -> Vec<Cell<f64>> { (0..80).map(value).collect() };
        let told = |cells: &[Cell<f64>]| of_numbers("x", cells, &labels());
        let turned = told(&values(|row| Cell::Value(-(row as f64)))).unwrap();
        assert!(turned.starts_with("x alone tells the classes apart (ROC AUC 1.000)"), "{turned}");
        let gap = values(|row| if row >= 40 { Cell::Missing } else { Cell::Value(1.0) });
        assert!(told(&gap).unwrap().starts_with("x is there for one class"));
        assert_eq!(told(&values(|row| Cell::Value((row % 7) as f64))), None);
        assert_eq!(told(&values(|_| Cell::Unknown)), None);
        let few = values(|row| if row % 3 == 0 { Cell::Value(row as f64) } else { Cell::Missing });
        assert_eq!(told(&few), None, "14 of a class are too few");
    }

    #[test]
    fn a_category_that_knows_the_answer_or_the_listing_is_named() {
        let told = |cells: &[Option<&str>]| of_categories("x", cells, &labels());
        let names: Vec<String> = (0..80).map(|row| format!("n{row}")).collect();
        let each: Vec<Option<&str>> = names.iter().map(|own| Some(own.as_str())).collect();
        assert!(told(&each).unwrap().contains("an identifier"));
        let answer = |row: usize| Some(if row >= 40 { "closed" } else { "open" });
        let pure: Vec<Option<&str>> = (0..80).map(answer).collect();
        assert!(told(&pure).unwrap().starts_with("x alone tells the classes apart"));
        let mixed: Vec<Option<&str>> = (0..80).map(|row| answer(row * 7 % 80)).collect();
        assert_eq!(told(&mixed), None);
    }
}
