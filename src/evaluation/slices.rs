//! How the model does on parts of the rows: by brand, category, language and the like.

use std::collections::HashMap;

use crate::error::Result;

use super::judged::{Judged, Ranking, check_length};
use super::metrics::average_precision;

/// A column by whose values the rows are sliced.
#[derive(Clone, Debug)]
pub struct SliceBy<'a> {
    /// The name of the column.
    pub name: &'a str,
    /// Its value in every row; `None` is missing.
    pub values: Vec<Option<&'a str>>,
}

/// The rows that share one value of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    /// The name of the column.
    pub by: String,
    /// The value; `None` for the rows in which it is missing, which are a slice of their own.
    pub value: Option<String>,
    /// How many rows there are.
    pub n: usize,
    /// How many of them are counterfeit.
    pub n_positive: usize,
    /// Average precision within the slice, if it holds both classes.
    pub average_precision: Option<f64>,
    /// Mean probability, to be held against `n_positive / n`.
    pub mean_score: f64,
    /// The share of its flagged rows that are counterfeit, if any is flagged.
    pub precision_at_threshold: Option<f64>,
    /// The share of its counterfeits that are flagged, if it has any.
    pub recall_at_threshold: Option<f64>,
}

/// How many slices a column has at most.
pub const MAX_SLICES: usize = 10;

/// How many rows a slice has at least: below, its rates are mostly chance.
pub const MIN_SLICE_ROWS: usize = 20;

/// The largest [`MAX_SLICES`] slices of every column with at least [`MIN_SLICE_ROWS`] rows, in the
/// order of the columns and from large to small; slices of equal size in the order of their value.
///
/// # Errors
///
/// When a column does not have one value a row.
pub(crate) fn slices(
    judged: &Judged<'_>,
    columns: &[SliceBy<'_>],
    threshold: f64,
) -> Result<Vec<Slice>> {
    let mut all = Vec::new();
    for column in columns {
        check_length(&format!("the values of {}", column.name), column.values.len(), judged.n())?;
        let mut rows_of: HashMap<Option<&str>, Vec<(f64, bool)>> = HashMap::new();
        for (row, score, label, _) in judged.descending() {
            let value = column.values.get(row).copied().flatten();
            rows_of.entry(value).or_default().push((score, label));
        }
        let mut largest: Vec<_> =
            rows_of.into_iter().filter(|(_, rows)| rows.len() >= MIN_SLICE_ROWS).collect();
        largest.sort_unstable_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(&b.0)));
        largest.truncate(MAX_SLICES);
        for (value, rows) in largest {
            all.push(slice(column.name, value, &rows, threshold));
        }
    }
    Ok(all)
}

/// The slice of some rows, given from the highest score to the lowest and at least one.
fn slice(by: &str, value: Option<&str>, rows: &[(f64, bool)], threshold: f64) -> Slice {
    let n_positive = rows.iter().filter(|row| row.1).count();
    let flagged = rows.iter().take_while(|row| row.0 >= threshold);
    let (n_flagged, n_caught) =
        flagged.fold((0, 0), |(flagged, caught), row| (flagged + 1, caught + usize::from(row.1)));
    let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
    Slice {
        by: by.to_owned(),
        value: value.map(str::to_owned),
        n: rows.len(),
        n_positive,
        average_precision: Ranking::from_descending(rows.iter().map(|&(s, l)| (s, l, 1)))
            .map(|ranking| average_precision(&ranking)),
        mean_score: rows.iter().map(|row| row.0).sum::<f64>() / rows.len() as f64,
        precision_at_threshold: share(n_caught, n_flagged),
        recall_at_threshold: share(n_caught, n_positive),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 22 rows of "a" with 2 counterfeits, 21 rows without a value and all genuine, 19 of "b".
    fn column() -> (Vec<f64>, Vec<bool>, Vec<Option<&'static str>>) {
        let mut rows = vec![(0.1, false, Some("a")); 18];
        rows.extend([(0.9, true, Some("a")), (0.5, false, Some("a"))]);
        rows.extend([(0.4, true, Some("a")), (0.4, false, Some("a"))]);
        rows.extend(vec![(0.2, false, None); 21]);
        rows.extend(vec![(0.7, true, Some("b")); 19]);
        let scores = rows.iter().map(|row| row.0).collect();
        let labels = rows.iter().map(|row| row.1).collect();
        (scores, labels, rows.iter().map(|row| row.2).collect())
    }

    #[test]
    fn slices_agree_with_a_calculation_by_hand() {
        let (scores, labels, values) = column();
        let judged = Judged::new(&scores, &labels, &vec![0; scores.len()]).unwrap();
        let by = SliceBy { name: "brand", values };
        let found = slices(&judged, &[by], 0.5).unwrap();
        let [a, missing] = &found[..] else {
            panic!("{found:?}");
        };
        assert_eq!((a.by.as_str(), a.value.as_deref()), ("brand", Some("a")));
        assert_eq!((a.n, a.n_positive), (22, 2));
        // Precision 1 at the first counterfeit; at 0.4 four rows are flagged and two are right.
        assert_eq!(a.average_precision, Some(0.75));
        assert!((a.mean_score - (1.8 + 0.9 + 0.5 + 0.8) / 22.0).abs() < 1e-12);
        assert_eq!(a.precision_at_threshold, Some(0.5));
        assert_eq!(a.recall_at_threshold, Some(0.5));
        assert_eq!((missing.value.as_deref(), missing.n), (None, 21));
        assert_eq!(missing.average_precision, None);
        assert_eq!(missing.precision_at_threshold, None);
        assert_eq!(missing.recall_at_threshold, None);
    }

    #[test]
    fn only_the_largest_slices_are_given_and_equals_by_value() {
        let names: Vec<String> = (0..12).map(|i| format!("v{i:02}")).collect();
        let values: Vec<Option<&str>> = (0..12 * 20 + 5)
            .map(|row| Some(names[if row < 240 { row % 12 } else { 7 }].as_str()))
            .collect();
        let labels: Vec<bool> = (0..values.len()).map(|row| row % 5 == 0).collect();
        let scores = vec![0.5; values.len()];
        let judged = Judged::new(&scores, &labels, &vec![0; scores.len()]).unwrap();
        let by = SliceBy { name: "category", values };
        let found = slices(&judged, &[by], 0.5).unwrap();
        let order: Vec<&str> = found.iter().filter_map(|s| s.value.as_deref()).collect();
        let expected = ["v07", "v00", "v01", "v02", "v03", "v04", "v05", "v06", "v08", "v09"];
        assert_eq!(order, expected);
        assert_eq!(found[0].n, 25);
    }

    #[test]
    fn a_column_of_another_length_is_refused() {
        let judged = Judged::new(&[0.1, 0.9], &[false, true], &[0, 1]).unwrap();
        let by = SliceBy { name: "brand", values: vec![None] };
        assert_eq!(
            slices(&judged, &[by], 0.5).unwrap_err().to_string(),
            "the values of brand: expected 2 rows, one for every score, found \"1\""
        );
    }
}
