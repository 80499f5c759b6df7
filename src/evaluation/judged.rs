//! Scored rows with known labels, checked once, and the ranking that every metric is computed from.

use crate::error::{Error, ErrorKind, Location, Result};

use super::clusters::Clusters;

/// Rows that were scored and whose labels are known, each with its group (its seller).
///
/// The constructor has checked that the columns are of one length, that every score is a
/// probability and that both classes are present; nothing behind it checks again.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    scores: &'a [f64],
    labels: &'a [bool],
    clusters: Clusters,
    /// Rows from the highest score to the lowest, rows of equal score in their order.
    order: Vec<usize>,
    ranking: Ranking,
}

impl<'a> Judged<'a> {
    /// Checks and sorts the rows: `scores` are probabilities of counterfeit from 0 to 1, `labels`
    /// are true for counterfeit, `groups` are the indices of the sellers.
    ///
    /// # Errors
    ///
    /// When the slices differ in length, when a score is not a number from 0 to 1 (the row is
    /// named) and when one of the two classes is absent.
    pub fn new(scores: &'a [f64], labels: &'a [bool], groups: &[u32]) -> Result<Self> {
        check_length("the groups", groups.len(), scores.len())?;
        let (order, ranking) = rank(scores, labels)?;
        Ok(Judged { scores, labels, clusters: Clusters::new(groups), order, ranking })
    }

    /// The rows by score, which is all that a metric looks at.
    pub fn ranking(&self) -> &Ranking {
        &self.ranking
    }

    /// How many rows there are.
    pub fn n(&self) -> usize {
        self.scores.len()
    }

    /// How many groups there are.
    pub fn n_groups(&self) -> usize {
        self.clusters.n
    }

    /// How many groups have a counterfeit.
    pub fn n_positive_groups(&self) -> usize {
        let mut has_counterfeit = vec![false; self.clusters.n];
        for (_, _, label, group) in self.descending() {
            if let (true, Some(own)) = (label, has_counterfeit.get_mut(group as usize)) {
                *own = true;
            }
        }
        has_counterfeit.into_iter().filter(|own| *own).count()
    }

    /// The scores in the order of the rows.
    pub(crate) fn scores(&self) -> &[f64] {
        self.scores
    }

    /// Rows from the highest score to the lowest: row number, score, label, and the number of the
    /// row's group below [`Judged::n_groups`].
    pub(crate) fn descending(&self) -> impl Iterator<Item = (usize, f64, bool, u32)> {
        self.order.iter().filter_map(|&row| {
            let group = *self.clusters.of_row.get(row)?;
            Some((row, *self.scores.get(row)?, *self.labels.get(row)?, group))
        })
    }
}

/// Rows of equal score: where the order of a queue is a matter of chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tie {
    /// The score they share, a probability from 0 to 1.
    pub score: f64,
    /// How many rows there are, at least 1.
    pub n: usize,
    /// How many of them are counterfeit.
    pub n_positive: usize,
}

/// Scored rows from the highest score to the lowest, rows of equal score counted together.
///
/// There is at least one row of either class and every score is a probability. Every metric is a
/// function of this, which makes it honest about ties and independent of the order of the rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    ties: Vec<Tie>,
    n: usize,
    n_positive: usize,
}

impl Ranking {
    /// Checks and ranks the rows: `scores` are probabilities of counterfeit from 0 to 1, `labels`
    /// are true for counterfeit.
    ///
    /// # Errors
    ///
    /// As [`Judged::new`].
    pub fn new(scores: &[f64], labels: &[bool]) -> Result<Self> {
        rank(scores, labels).map(|(_, ranking)| ranking)
    }

    /// The distinct scores with their rows, from the highest to the lowest.
    pub fn ties(&self) -> &[Tie] {
        &self.ties
    }

    /// How many rows there are.
    pub fn n(&self) -> usize {
        self.n
    }

    /// How many of them are counterfeit, at least 1.
    pub fn n_positive(&self) -> usize {
        self.n_positive
    }

    /// How many of them are genuine, at least 1.
    pub fn n_negative(&self) -> usize {
        self.n - self.n_positive
    }

    /// Ranks rows that already come from the highest score to the lowest, each so many times;
    /// `None` when one of the two classes is absent.
    pub(crate) fn from_descending(
        rows: impl IntoIterator<Item = (f64, bool, usize)>,
    ) -> Option<Self> {
        let mut ties: Vec<Tie> = Vec::new();
        let (mut n, mut n_positive) = (0, 0);
        for (score, label, times) in rows.into_iter().filter(|&(_, _, times)| times > 0) {
            let positive = if label { times } else { 0 };
            n += times;
            n_positive += positive;
            match ties.last_mut() {
                Some(tie) if tie.score == score => {
                    tie.n += times;
                    tie.n_positive += positive;
                }
                _ => ties.push(Tie { score, n: times, n_positive: positive }),
            }
        }
        (n_positive > 0 && n_positive < n).then_some(Ranking { ties, n, n_positive })
    }
}

/// Refuses a column of `found` rows where there are `expected` scores.
pub(crate) fn check_length(what: &str, found: usize, expected: usize) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    Err(Error::value(
        Location::file(what),
        format!("{expected} rows, one for every score"),
        &found.to_string(),
    ))
}

/// The rows from the highest score to the lowest, and their ranking.
fn rank(scores: &[f64], labels: &[bool]) -> Result<(Vec<usize>, Ranking)> {
    check_length("the labels", labels.len(), scores.len())?;
    if let Some(row) = scores.iter().position(|s| !(0.0..=1.0).contains(s)) {
        let found = scores.get(row).map(f64::to_string).unwrap_or_default();
        return Err(Error::value(
            Location::file("the scores").record(row as u64 + 1),
            "a probability from 0 to 1",
            &found,
        ));
    }
    let mut rows: Vec<(f64, usize)> = scores.iter().copied().zip(0..).collect();
    rows.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let order: Vec<usize> = rows.into_iter().map(|(_, row)| row).collect();
    let sorted = order.iter().filter_map(|&row| Some((*scores.get(row)?, *labels.get(row)?, 1)));
    match Ranking::from_descending(sorted) {
        Some(ranking) => Ok((order, ranking)),
        None => Err(ErrorKind::TooFew {
            what: if labels.contains(&true) {
                "rows labeled genuine"
            } else {
                "rows labeled counterfeit"
            },
            found: 0,
            needed: 1,
        }
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(scores: &[f64], labels: &[bool], groups: &[u32]) -> String {
        Judged::new(scores, labels, groups).unwrap_err().to_string()
    }

    #[test]
    fn rows_of_equal_score_are_counted_together() {
        let labels = [true, false, true, false, false];
        let judged = Judged::new(&[0.5, 0.0, 0.5, 0.9, -0.0], &labels, &[4, 4, 1, 1, 9]).unwrap();
        let counted: Vec<_> =
            (judged.ranking().ties().iter()).map(|t| (t.score, t.n, t.n_positive)).collect();
        assert_eq!(counted, [(0.9, 1, 0), (0.5, 2, 2), (0.0, 2, 0)]);
        assert_eq!((judged.n(), judged.n_groups()), (5, 3));
        assert_eq!(judged.ranking().n_positive(), 2);
        assert_eq!(judged.ranking().n_negative(), 3);
        assert_eq!(judged.n_positive_groups(), 2);
        let groups: Vec<u32> = judged.descending().map(|(.., group)| group).collect();
        assert_eq!(groups, [0, 1, 0, 1, 2]);
    }

    #[test]
    fn rows_that_cannot_be_judged_are_refused_with_the_reason() {
        assert_eq!(
            message(&[0.5, f64::NAN], &[true, false], &[1, 2]),
            "the scores: record 2: expected a probability from 0 to 1, found \"NaN\""
        );
        assert_eq!(
            message(&[1.5, 0.1], &[true, false], &[1, 2]),
            "the scores: record 1: expected a probability from 0 to 1, found \"1.5\""
        );
        assert_eq!(
            message(&[0.5, 0.1], &[true], &[1, 2]),
            "the labels: expected 2 rows, one for every score, found \"1\""
        );
        assert_eq!(
            message(&[0.5, 0.1], &[true, false], &[1, 2, 3]),
            "the groups: expected 2 rows, one for every score, found \"3\""
        );
        assert_eq!(
            message(&[0.5, 0.1], &[true, true], &[1, 2]),
            "rows labeled genuine: 0 found, at least 1 needed"
        );
        assert_eq!(message(&[], &[], &[]), "rows labeled counterfeit: 0 found, at least 1 needed");
    }
}
