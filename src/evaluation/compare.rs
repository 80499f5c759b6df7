//! Two models on the same labeled listings: what differs, and by how much it may differ by chance.

use super::judged::{Judged, Ranking};
use super::metrics::{METRICS, precision_at, recall_at};
use super::{Bootstrap, Interval, QUEUE_SIZES};

/// A metric of two models on the same listings.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The metric's name, as in metrics files; for a queue with its size, as `precision_at_200`.
    pub metric: String,
    /// Of the old model.
    pub old: f64,
    /// Of the new one.
    pub new: f64,
    /// 95 % interval of new minus old, from resampling the same sellers for both.
    pub interval: Option<Interval>,
}

/// How listings change sides between two models at their thresholds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// How many listings there are.
    pub n: usize,
    /// How many of them are counterfeit.
    pub n_positive: usize,
}

/// A listing that one model flags and the other does not.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// Its identifier.
    pub listing_id: String,
    /// Its probability under the old model.
    pub old: f64,
    /// Its probability under the new one.
    pub new: f64,
    /// Whether it is labeled counterfeit.
    pub is_counterfeit: bool,
}

/// What two models make of the same labeled listings.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// How many listings were judged.
    pub n: usize,
    /// How many of them are counterfeit.
    pub n_positive: usize,
    /// Every metric that exists for both.
    pub differences: Vec<Difference>,
    /// Flagged by both, by the old model alone, by the new one alone, and by none.
    pub flags: [Flags; 4],
    /// The listings that change sides, those whose probability changes most first.
    pub changed: Vec<Changed>,
}

/// Whether a new model is better than an old one, as far as can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The whole interval of the difference is above 0.
    Better,
    /// The whole interval of the difference is below 0.
    Worse,
    /// The interval reaches over 0, or there is none.
    NotShown,
}

impl Comparison {
    /// Compares the scores of two models on the same rows; `thresholds` are those of the models. Both are
    /// judged on the same labels and groups, the old one first; `id` gives the identifier of a row.
    pub fn new(
        old: &Judged<'_>,
        new: &Judged<'_>,
        thresholds: [f64; 2],
        id: impl Fn(usize) -> String,
        seed: u64,
    ) -> Comparison {
        let bootstrap = Bootstrap::with_seed(seed);
        let mut differences = Vec::new();
        let mut compare = |name: String, metric: &dyn Fn(&Ranking) -> Option<f64>| {
            if let (Some(of_old), Some(of_new)) = (metric(old.ranking()), metric(new.ranking())) {
                let interval = bootstrap.paired_interval(old, new, metric);
                differences.push(Difference { metric: name, old: of_old, new: of_new, interval });
            }
        };
        for metric in METRICS {
            compare(metric.name.to_owned(), &metric.compute);
        }
        for k in QUEUE_SIZES {
            compare(format!("precision_at_{k}"), &|ranking| precision_at(ranking, k));
            compare(format!("recall_at_{k}"), &|ranking| recall_at(ranking, k));
        }
        let mut flags = [Flags::default(); 4];
        let of_new = new.scores();
        let mut changed: Vec<(usize, Changed)> = Vec::new();
        for (row, score, label, _) in old.descending() {
            let is_flagged = [score >= thresholds[0], of_new[row] >= thresholds[1]];
            let cell = match is_flagged {
                [true, true] => 0,
                [true, false] => 1,
                [false, true] => 2,
                [false, false] => 3,
            };
            flags[cell].n += 1;
            flags[cell].n_positive += usize::from(label);
            if is_flagged[0] != is_flagged[1] {
                let (listing_id, new) = (id(row), of_new[row]);
                let own = Changed { listing_id, old: score, new, is_counterfeit: label };
                changed.push((row, own));
            }
        }
        let size = |own: &Changed| (own.new - own.old).abs();
        changed.sort_by(|a, b| size(&b.1).total_cmp(&size(&a.1)).then(a.0.cmp(&b.0)));
        let changed = changed.into_iter().map(|(_, own)| own).collect();
        let ranking = old.ranking();
        Comparison { n: ranking.n(), n_positive: ranking.n_positive(), differences, flags, changed }
    }

    /// The difference of a metric by its name.
    pub fn difference(&self, metric: &str) -> Option<&Difference> {
        self.differences.iter().find(|own| own.metric == metric)
    }

    /// What the average precision says.
    pub fn verdict(&self) -> Verdict {
        let own = self.difference("average_precision").and_then(|own| own.interval);
        match own {
            Some(interval) if interval.low > 0.0 => Verdict::Better,
            Some(interval) if interval.high < 0.0 => Verdict::Worse,
            _ => Verdict::NotShown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::fine;
    use super::*;

    fn no_id(_: usize) -> String {
        String::new()
    }

    #[test]
    fn a_model_against_itself_differs_in_nothing() {
        let own = fine();
        let judged = Judged::new(&own.scores, &own.labels, &own.groups).unwrap();
        let found = Comparison::new(&judged, &judged, [0.5, 0.5], no_id, 1);
        assert!(found.differences.len() > 6);
        for own in &found.differences {
            assert_eq!(own.old, own.new, "{}", own.metric);
            let interval = own.interval.map(|own| (own.low, own.high));
            assert!(interval.is_none_or(|ends| ends == (0.0, 0.0)), "{own:?}");
        }
        assert_eq!(found.verdict(), Verdict::NotShown);
        assert_eq!((found.flags[1].n, found.flags[2].n), (0, 0));
    }

    #[test]
    fn models_that_change_places_turn_every_difference_round() {
        let own = fine();
        let worse: Vec<f64> = own.scores.iter().map(|score| 1.0 - score).collect();
        let old = Judged::new(&own.scores, &own.labels, &own.groups).unwrap();
        let new = Judged::new(&worse, &own.labels, &own.groups).unwrap();
        let (there, back) = (
            Comparison::new(&old, &new, [0.5, 0.4], no_id, 1),
            Comparison::new(&new, &old, [0.4, 0.5], no_id, 1),
        );
        assert_eq!((there.verdict(), back.verdict()), (Verdict::Worse, Verdict::Better));
        for (a, b) in there.differences.iter().zip(&back.differences) {
            assert_eq!((a.old, a.new), (b.new, b.old), "{}", a.metric);
            if let (Some(a), Some(b)) = (a.interval, b.interval) {
                assert!((a.low + b.high).abs() < 1e-12 && (a.high + b.low).abs() < 1e-12);
            }
        }
        assert_eq!(there.flags[1], back.flags[2]);
        assert_eq!(there.flags[0], back.flags[0]);
    }

    /// Four listings, two of them counterfeit. At 0.5 the old model flags the first two and the new one
    /// the first and the third.
    #[test]
    fn listings_that_change_sides_are_counted() {
        let labels = [true, false, true, false];
        let old = Judged::new(&[0.9, 0.6, 0.2, 0.1], &labels, &[1, 2, 3, 4]).unwrap();
        let new = Judged::new(&[0.8, 0.3, 0.7, 0.1], &labels, &[1, 2, 3, 4]).unwrap();
        let found = Comparison::new(&old, &new, [0.5, 0.5], |row| format!("L{row}"), 0);
        let of = |n, n_positive| Flags { n, n_positive };
        assert_eq!(found.flags, [of(1, 1), of(1, 0), of(1, 1), of(1, 0)]);
        let ids: Vec<&str> = found.changed.iter().map(|own| own.listing_id.as_str()).collect();
        assert_eq!(ids, ["L2", "L1"]);
        assert!(found.changed[0].is_counterfeit && !found.changed[1].is_counterfeit);
        let precision = found.difference("average_precision").unwrap();
        // Ranks 1 and 3 of 4: (1 + 2/3) / 2; ranks 1 and 2: 1.
        assert!((precision.old - 5.0 / 6.0).abs() < 1e-12 && precision.new == 1.0);
    }
}
