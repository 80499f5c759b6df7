//! A category becomes indicator columns: a level each, rare levels pooled, missing a level.

use std::collections::BTreeMap;

use super::Indicator;
use crate::listing::Cell;

/// Levels of fewer training rows are pooled.
const MIN_LEVEL: usize = 20;

/// The most levels with a column of their own, the most frequent first.
const MAX_LEVELS: usize = 200;

/// A fitted encoder of a category.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CategoryEncoder {
    /// Folded levels in order, each with its indicator.
    pub(crate) levels: Vec<(String, Indicator)>,
    /// The folded levels that were seen too rarely for a column of their own.
    pub(crate) rare: Vec<String>,
    /// The indicator of the pooled rare levels.
    pub(crate) pooled: Option<Indicator>,
    /// The indicator of a missing category.
    pub(crate) missing: Option<Indicator>,
}

/// Which level a cell is of.
#[derive(PartialEq)]
enum Level {
    Own(usize),
    Rare,
    Missing,
    /// Never seen in training, or no such column: neutral.
    Unseen,
}

impl CategoryEncoder {
    /// Learns the levels from the training cells.
    pub(crate) fn fit<'a>(cells: impl Iterator<Item = Cell<&'a str>>) -> Self {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let (mut n, mut n_missing) = (0, 0);
        for cell in cells {
            match cell {
                Cell::Value(text) => {
                    *counts.entry(crate::text::folded_string(text)).or_default() += 1;
                }
                Cell::Missing => n_missing += 1,
                Cell::Unknown => continue,
            }
            n += 1;
        }
        let mut frequent: Vec<(&String, usize)> =
            counts.iter().map(|(level, count)| (level, *count)).collect();
        frequent.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let mut levels: Vec<(String, Indicator)> = frequent
            .iter()
            .filter(|(_, count)| *count >= MIN_LEVEL)
            .take(MAX_LEVELS)
            .filter_map(|(level, count)| Some(((*level).clone(), Indicator::fit(*count, n)?)))
            .collect();
        levels.sort_by(|a, b| a.0.cmp(&b.0));
        let own = |level: &String| levels.binary_search_by(|(own, _)| own.cmp(level)).is_ok();
        let rare: Vec<String> = counts.keys().filter(|level| !own(level)).cloned().collect();
        let n_rare = rare.iter().map(|level| counts[level]).sum();
        CategoryEncoder {
            pooled: Indicator::fit(n_rare, n),
            missing: Indicator::fit(n_missing, n),
            levels,
            rare,
        }
    }

    pub(crate) fn n_columns(&self) -> usize {
        self.levels.len() + usize::from(self.pooled.is_some()) + usize::from(self.missing.is_some())
    }

    pub(crate) fn column_names(&self, feature: &str) -> Vec<String> {
        let levels = self.levels.iter().map(|(level, _)| format!("{feature}={level}"));
        let pooled = self.pooled.map(|_| format!("{feature}:rare"));
        let missing = self.missing.map(|_| format!("{feature}:missing"));
        levels.chain(pooled).chain(missing).collect()
    }

    /// Hands each column's value to `put`, by its place among the encoder's columns. A level that
    /// training never saw is the average in every column.
    pub(crate) fn encode(&self, cell: Cell<&str>, mut put: impl FnMut(usize, f64)) {
        let level = self.level(cell);
        let neutral = level == Level::Unseen;
        let value =
            |indicator: &Indicator, is: bool| if neutral { 0.0 } else { indicator.encode(is) };
        let mut column = 0;
        for (index, (_, indicator)) in self.levels.iter().enumerate() {
            put(column, value(indicator, level == Level::Own(index)));
            column += 1;
        }
        if let Some(pooled) = &self.pooled {
            put(column, value(pooled, level == Level::Rare));
            column += 1;
        }
        if let Some(missing) = &self.missing {
            put(column, value(missing, level == Level::Missing));
        }
    }

    fn level(&self, cell: Cell<&str>) -> Level {
        let text = match cell {
            Cell::Value(text) => crate::text::folded_string(text),
            Cell::Missing => return Level::Missing,
            Cell::Unknown => return Level::Unseen,
        };
        if let Ok(index) = self.levels.binary_search_by(|(own, _)| own.as_str().cmp(&text)) {
            Level::Own(index)
        } else if self.rare.binary_search(&text).is_ok() {
            Level::Rare
        } else {
            Level::Unseen
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(encoder: &CategoryEncoder, cell: Cell<&str>) -> Vec<f64> {
        let mut values = vec![f64::NAN; encoder.n_columns()];
        encoder.encode(cell, |column, value| values[column] = value);
        values
    }

    #[test]
    fn rare_levels_are_pooled_and_unseen_ones_are_neutral() {
        let mut cells = vec![Cell::Value("Red"); 50];
        cells.extend(vec![Cell::Value("blue"); 30]);
        cells.extend(vec![Cell::Value("teal"); 10]);
        cells.extend(vec![Cell::Missing; 10]);
        let encoder = CategoryEncoder::fit(cells.into_iter());
        assert_eq!(encoder.column_names("c"), ["c=blue", "c=red", "c:rare", "c:missing"]);
        // Of 100 rows 50 are red: (1 - 0.5) / 0.5 = 1; 30 blue: -0.3 / sqrt(0.21).
        let red = encoded(&encoder, Cell::Value("RED"));
        assert!((red[0] + 0.3 / 0.21_f64.sqrt()).abs() < 1e-12);
        assert!((red[1] - 1.0).abs() < 1e-12);
        assert!(encoded(&encoder, Cell::Value("teal"))[2] > 0.0);
        assert!(encoded(&encoder, Cell::Missing)[3] > 0.0);
        assert_eq!(encoded(&encoder, Cell::Value("mauve")), [0.0; 4]);
        assert_eq!(encoded(&encoder, Cell::Unknown), [0.0; 4]);
    }
}
