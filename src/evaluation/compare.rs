//! Two models on the same labeled listings: what differs, and by how much it may differ by chance.

use super::judged::{Judged, Ranking};
use super::metrics::{METRICS, ReliabilityBin, confusion, precision_at, recall_at, reliability};
use super::{Bootstrap, Interval, QUEUE_SIZES, Side};
use crate::model::Budget;

/// Groups with a counterfeit below which no interval and no verdict is given: draws from so few are
/// nearly the same handful of groups again and again, and their spread says little about other groups.
pub const MIN_POSITIVE_GROUPS: usize = 5;

/// What a comparison needs to know beside the judged rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ComparisonParams {
    /// The threshold of the old model and that of the new one, as probabilities.
    pub thresholds: [f64; 2],
    /// How many listings can be reviewed; without it precision and recall are given at
    /// [`QUEUE_SIZES`].
    pub capacity: Option<Budget>,
    /// Seed of the bootstrap.
    pub seed: u64,
}

/// A metric of two models on the same listings.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The metric's name, as in metrics files; for a queue with its size, as `precision_at_200`.
    pub metric: String,
    /// Of the old model, in the metric's own unit.
    pub old: f64,
    /// Of the new one.
    pub new: f64,
    /// 95 % interval of new minus old, from resampling the same groups for both.
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
    /// How many groups (sellers) they come from.
    pub n_groups: usize,
    /// How many of the groups have a counterfeit.
    pub n_positive_groups: usize,
    /// Every metric that exists for both.
    pub differences: Vec<Difference>,
    /// The reliability tables of the old and the new model, from the lowest scores to the highest.
    pub reliability: [Vec<ReliabilityBin>; 2],
    /// The thresholds of the old and the new model, as probabilities.
    pub thresholds: [f64; 2],
    /// Flagged by both, by the old model alone, by the new one alone, and by none.
    pub flags: [Flags; 4],
    /// The listings that change sides, those whose probability changes most first.
    pub changed: Vec<Changed>,
    /// What stands against taking the figures as they are.
    pub warnings: Vec<String>,
}

/// Whether a new model is better than an old one, as far as can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The whole interval of the difference lies on the good side of 0.
    Better,
    /// The interval reaches over 0.
    NotShown,
    /// The whole interval of the difference lies on the bad side of 0.
    Worse,
}

/// A metric by its name and what it is of a ranking; the side says whose threshold counts.
type Measure = (String, Box<dyn Fn(&Ranking, Side) -> Option<f64>>);

impl Comparison {
    /// Compares the scores of two models on the same rows, judged on the same labels and groups, the old
    /// one first; `id` gives the identifier of a row. There are no warnings yet.
    pub fn new(
        old: &Judged<'_>,
        new: &Judged<'_>,
        params: &ComparisonParams,
        id: impl Fn(usize) -> String,
    ) -> Comparison {
        let (flags, changed) = changes(old, new, params.thresholds, id);
        let ranking = old.ranking();
        Comparison {
            n: ranking.n(),
            n_positive: ranking.n_positive(),
            n_groups: old.n_groups(),
            n_positive_groups: old.n_positive_groups(),
            differences: differences(old, new, params),
            reliability: [reliability(ranking), reliability(new.ranking())],
            thresholds: params.thresholds,
            flags,
            changed,
            warnings: Vec::new(),
        }
    }

    /// The difference of a metric by its name.
    pub fn difference(&self, metric: &str) -> Option<&Difference> {
        self.differences.iter().find(|own| own.metric == metric)
    }

    /// What the average precision says of the order of the listings; `None` where there are too few
    /// groups with a counterfeit to say anything.
    pub fn ranking(&self) -> Option<Verdict> {
        self.verdict("average_precision", 1.0)
    }

    /// What the logarithmic loss says of the probabilities; `None` as for the ranking.
    pub fn probabilities(&self) -> Option<Verdict> {
        self.verdict("log_loss", -1.0)
    }

    /// What a metric says of which more (`sign` 1) or less (-1) is better.
    fn verdict(&self, metric: &str, sign: f64) -> Option<Verdict> {
        let own = self.difference(metric)?.interval?;
        Some(match (sign * own.low, sign * own.high) {
            (a, b) if a > 0.0 && b > 0.0 => Verdict::Better,
            (a, b) if a < 0.0 && b < 0.0 => Verdict::Worse,
            _ => Verdict::NotShown,
        })
    }
}

/// Every metric of both, with intervals where there are groups enough.
fn differences(old: &Judged<'_>, new: &Judged<'_>, params: &ComparisonParams) -> Vec<Difference> {
    let measures = measures(params);
    let measure = |ranking: &Ranking, side: Side| -> Vec<Option<f64>> {
        measures.iter().map(|(_, compute)| compute(ranking, side)).collect()
    };
    let intervals = if old.n_positive_groups() < MIN_POSITIVE_GROUPS {
        vec![None; measures.len()]
    } else {
        Bootstrap::with_seed(params.seed).paired_intervals(old, new, measures.len(), measure)
    };
    let of_old = measure(old.ranking(), Side::First);
    let of_new = measure(new.ranking(), Side::Second);
    let names = measures.iter().map(|(name, _)| name);
    let values = of_old.into_iter().zip(of_new).zip(intervals);
    let found = names.zip(values).filter_map(|(name, ((old, new), interval))| {
        Some(Difference { metric: name.clone(), old: old?, new: new?, interval })
    });
    found.collect()
}

/// What is compared: the metrics, the queue that can be reviewed, and each model's own threshold.
fn measures(params: &ComparisonParams) -> Vec<Measure> {
    let mut all: Vec<Measure> = Vec::new();
    for metric in METRICS {
        all.push((metric.name.to_owned(), Box::new(|ranking, _| (metric.compute)(ranking))));
    }
    let queues: Vec<Budget> = match params.capacity {
        Some(capacity) => vec![capacity],
        None => QUEUE_SIZES.into_iter().map(|k| Budget::Count(k as u64)).collect(),
    };
    for budget in queues {
        // A queue longer than the listings is all of them if it was asked for, else it is left out.
        let is_asked = params.capacity.is_some();
        let size = move |ranking: &Ranking| match budget {
            Budget::Count(count) if !is_asked => count as usize,
            _ => budget.of(ranking.n() as u64) as usize,
        };
        all.push((
            format!("precision_at_{budget}"),
            Box::new(move |ranking, _| precision_at(ranking, size(ranking))),
        ));
        all.push((
            format!("recall_at_{budget}"),
            Box::new(move |ranking, _| recall_at(ranking, size(ranking))),
        ));
    }
    let [of_old, of_new] = params.thresholds;
    let at = move |ranking: &Ranking, side: Side| {
        confusion(ranking, if side == Side::First { of_old } else { of_new })
    };
    let precision = move |ranking: &Ranking, side: Side| at(ranking, side).precision();
    let recall = move |ranking: &Ranking, side: Side| at(ranking, side).recall();
    all.push(("precision_at_threshold".to_owned(), Box::new(precision)));
    all.push(("recall_at_threshold".to_owned(), Box::new(recall)));
    all
}

/// How many listings each model flags, and those that change sides.
fn changes(
    old: &Judged<'_>,
    new: &Judged<'_>,
    thresholds: [f64; 2],
    id: impl Fn(usize) -> String,
) -> ([Flags; 4], Vec<Changed>) {
    let mut flags = [Flags::default(); 4];
    let of_new = new.scores();
    let mut changed: Vec<(usize, f64, f64, bool)> = Vec::new();
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
            changed.push((row, score, of_new[row], label));
        }
    }
    let size = |own: &(usize, f64, f64, bool)| (own.2 - own.1).abs();
    changed.sort_by(|a, b| size(b).total_cmp(&size(a)).then(a.0.cmp(&b.0)));
    let told = changed.into_iter().map(|(row, old, new, is_counterfeit)| Changed {
        listing_id: id(row),
        old,
        new,
        is_counterfeit,
    });
    (flags, told.collect())
}

#[cfg(test)]
mod tests {
    use super::super::examples::{Example, fine};
    use super::*;

    fn no_id(_: usize) -> String {
        String::new()
    }

    fn params(thresholds: [f64; 2]) -> ComparisonParams {
        ComparisonParams { thresholds, capacity: None, seed: 1 }
    }

    /// The same rows with other scores.
    fn compared(own: &Example, scores: &[f64], params: &ComparisonParams) -> Comparison {
        let old = Judged::new(&own.scores, &own.labels, &own.groups).unwrap();
        let new = Judged::new(scores, &own.labels, &own.groups).unwrap();
        Comparison::new(&old, &new, params, no_id)
    }

    #[test]
    fn a_model_against_itself_differs_in_nothing() {
        let own = fine();
        let found = compared(&own, &own.scores, &params([0.5, 0.5]));
        assert!(found.differences.len() > 8);
        for own in &found.differences {
            assert_eq!(own.old, own.new, "{}", own.metric);
            let interval = own.interval.map(|own| (own.low, own.high));
            assert!(interval.is_none_or(|ends| ends == (0.0, 0.0)), "{own:?}");
        }
        assert_eq!(found.ranking(), Some(Verdict::NotShown));
        assert_eq!(found.probabilities(), Some(Verdict::NotShown));
        assert_eq!((found.flags[1].n, found.flags[2].n), (0, 0));
    }

    #[test]
    fn models_that_change_places_turn_every_difference_round() {
        let own = fine();
        let worse: Vec<f64> = own.scores.iter().map(|score| 1.0 - score).collect();
        let there = compared(&own, &worse, &params([0.5, 0.4]));
        let turned = Example { scores: worse, ..fine() };
        let back = compared(&turned, &own.scores, &params([0.4, 0.5]));
        assert_eq!(
            (there.ranking(), back.ranking()),
            (Some(Verdict::Worse), Some(Verdict::Better))
        );
        for (a, b) in there.differences.iter().zip(&back.differences) {
            assert_eq!((a.old, a.new), (b.new, b.old), "{}", a.metric);
            if let (Some(a), Some(b)) = (a.interval, b.interval) {
                assert!((a.low + b.high).abs() < 1e-12 && (a.high + b.low).abs() < 1e-12);
            }
        }
        assert_eq!(there.flags[1], back.flags[2]);
        assert_eq!(there.flags[0], back.flags[0]);
    }

    /// Halving every log-odds keeps the order, so that nothing can be said against the ranking, and makes
    /// probabilities that are too bold worse and no better: the two verdicts are apart.
    #[test]
    fn order_and_probabilities_are_judged_apart() {
        // 40 groups of 10 rows: of probability 0.2 two are counterfeit, of probability 0.8 eight.
        let mut own = Example { scores: Vec::new(), labels: Vec::new(), groups: Vec::new() };
        for group in 0..40 {
            let (score, n_positive) = if group % 2 == 0 { (0.2, 2) } else { (0.8, 8) };
            for row in 0..10 {
                own.scores.push(score);
                own.labels.push(row < n_positive);
                own.groups.push(group);
            }
        }
        // 0.2 and 0.8 are the shares themselves, of which the logarithmic loss is least; odds of 16 to 1
        // are too bold.
        let bold: Vec<f64> = own
            .scores
            .iter()
            .map(|own| if *own < 0.5 { 1.0 / 17.0 } else { 16.0 / 17.0 })
            .collect();
        let found = compared(&own, &bold, &params([0.5, 0.5]));
        assert_eq!(found.ranking(), Some(Verdict::NotShown));
        assert_eq!(found.probabilities(), Some(Verdict::Worse));
        let loss = found.difference("log_loss").unwrap();
        // python -c "from math import log; h = lambda p: -.8*log(1-p)-.2*log(p); print(h(.2), h(1/17))"
        assert!((loss.old - 0.5004024235381879).abs() < 1e-12);
        assert!((loss.new - 0.6151423662643911).abs() < 1e-12);
        let interval = loss.interval.unwrap();
        // Every group has the same loss under each model, so that no draw can move the difference.
        assert!((interval.low - interval.high).abs() < 1e-12);
        assert_eq!(found.reliability[0].len(), 2);
        assert!((found.reliability[0][0].observed_rate - 0.2).abs() < 1e-12);
        let back = compared(
            &Example { scores: bold, ..own },
            &[[0.2; 10], [0.8; 10]].concat().repeat(20),
            &params([0.5, 0.5]),
        );
        assert_eq!(back.probabilities(), Some(Verdict::Better));
    }

    #[test]
    fn of_few_groups_with_a_counterfeit_there_is_no_verdict() {
        // Each group a counterfeit and a genuine listing, told apart by the new model alone.
        let of = |n: u32| {
            let mut own = Example { scores: Vec::new(), labels: Vec::new(), groups: Vec::new() };
            let mut better = Vec::new();
            for group in 0..n {
                own.scores.extend([0.3, 0.6]);
                better.extend([0.9, 0.1]);
                own.labels.extend([true, false]);
                own.groups.extend([group, group]);
            }
            compared(&own, &better, &params([0.5, 0.5]))
        };
        let few = of(MIN_POSITIVE_GROUPS as u32 - 1);
        assert_eq!((few.n_positive_groups, few.ranking(), few.probabilities()), (4, None, None));
        assert!(few.differences.iter().all(|own| own.interval.is_none()));
        let enough = of(MIN_POSITIVE_GROUPS as u32);
        assert_eq!(enough.ranking(), Some(Verdict::Better));
        assert_eq!(enough.probabilities(), Some(Verdict::Better));
    }

    /// Four listings, two of them counterfeit. At 0.5 the old model flags the first two and the new one
    /// the first and the third.
    #[test]
    fn listings_that_change_sides_are_counted() {
        let labels = [true, false, true, false];
        let old = Judged::new(&[0.9, 0.6, 0.2, 0.1], &labels, &[1, 2, 3, 4]).unwrap();
        let new = Judged::new(&[0.8, 0.3, 0.7, 0.1], &labels, &[1, 2, 3, 4]).unwrap();
        let found = Comparison::new(&old, &new, &params([0.5, 0.5]), |row| format!("L{row}"));
        let of = |n, n_positive| Flags { n, n_positive };
        assert_eq!(found.flags, [of(1, 1), of(1, 0), of(1, 1), of(1, 0)]);
        let ids: Vec<&str> = found.changed.iter().map(|own| own.listing_id.as_str()).collect();
        assert_eq!(ids, ["L2", "L1"]);
        assert!(found.changed[0].is_counterfeit && !found.changed[1].is_counterfeit);
        let values = |metric: &str| {
            let own = found.difference(metric).unwrap();
            (own.old, own.new)
        };
        // Ranks 1 and 3 of 4: (1 + 2/3) / 2; ranks 1 and 2: 1.
        let precision = values("average_precision");
        assert!((precision.0 - 5.0 / 6.0).abs() < 1e-12 && precision.1 == 1.0);
        assert_eq!(values("precision_at_threshold"), (0.5, 1.0));
        assert_eq!(values("recall_at_threshold"), (0.5, 1.0));
    }

    #[test]
    fn each_model_is_judged_at_its_own_threshold() {
        let own = fine();
        let found = compared(&own, &own.scores, &params([0.6, 0.5]));
        // python -c "...; [(y[s >= t].mean(), (y & (s >= t)).sum() / y.sum()) for t in (.6, .5)]"
        // with the data `fine`: 9 of 9 from 0.6 on, 10 of 16 from 0.5 on, of 19 counterfeits.
        let precision = found.difference("precision_at_threshold").unwrap();
        assert_eq!((precision.old, precision.new), (1.0, 0.625));
        let recall = found.difference("recall_at_threshold").unwrap();
        assert!(
            (recall.old - 9.0 / 19.0).abs() < 1e-12 && (recall.new - 10.0 / 19.0).abs() < 1e-12
        );
    }

    #[test]
    fn the_queue_is_what_can_be_reviewed() {
        let own = fine();
        let of = |capacity| {
            let params = ComparisonParams { capacity: Some(capacity), ..params([0.5, 0.5]) };
            let found = compared(&own, &own.scores, &params);
            let names = found.differences.iter().map(|own| own.metric.clone());
            let queues: Vec<String> = names
                .filter(|name| {
                    name.contains("_at_") && name.ends_with(|c: char| !c.is_alphabetic())
                })
                .collect();
            (queues, found.difference(&format!("recall_at_{capacity}")).map(|own| own.old))
        };
        let (names, recall) = of(Budget::Count(10));
        assert_eq!(names[names.len() - 2..], ["precision_at_10", "recall_at_10"]);
        // As in the test of the metric: 9 of 19 are among the first 10.
        assert!((recall.unwrap() - 9.0 / 19.0).abs() < 1e-12);
        // A quarter of 48 listings are 12; more than there are is all of them.
        let (names, _) = of(Budget::Share(0.25));
        assert!(names.contains(&"precision_at_25%".to_owned()), "{names:?}");
        assert_eq!(of(Budget::Count(1000)).1, Some(1.0));
    }
}
