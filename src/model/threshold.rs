//! From which probability on a listing is flagged, and by which policy that was decided.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result, excerpt};

/// A threshold on the probability, with the policy it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// Listings of at least this probability are flagged.
    pub probability: f64,
    /// How it was decided.
    pub policy: Policy,
}

/// How a threshold is decided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Policy {
    /// This probability.
    Fixed(f64),
    /// As many as the reviewers can look at.
    Budget(Budget),
    /// The lowest threshold at which at least this share of the flagged is counterfeit.
    MinPrecision(f64),
    /// The highest threshold at which at least this share of the counterfeits is flagged.
    MinRecall(f64),
    /// The threshold of least expected cost.
    Cost {
        /// Cost of flagging a genuine listing.
        false_positive: f64,
        /// Cost of passing a counterfeit.
        false_negative: f64,
    },
}

/// How many listings the reviewers can look at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// So many listings.
    Count(u64),
    /// This share of all listings, above 0 and up to 1.
    Share(f64),
}

/// What one threshold did on the validation rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OperatingPoint {
    /// Listings of at least this probability were flagged.
    pub threshold: f64,
    /// Share of the listings that were flagged.
    pub flagged_share: f64,
    /// Share of the flagged that were counterfeit.
    pub precision: f64,
    /// Share of the counterfeits that were flagged.
    pub recall: f64,
}

impl OperatingPoint {
    /// The same point where the share of counterfeits is `to` and not `from`: the log-odds move by
    /// the difference of the priors', recall and false-positive rate stay, and the flagged share
    /// and the precision follow (Elkan 2001). Both shares are above 0 and below 1.
    #[must_use]
    pub fn at_base_rate(self, from: f64, to: f64) -> OperatingPoint {
        let odds = |share: f64| share / (1.0 - share);
        let false_positive_rate = self.flagged_share * (1.0 - self.precision) / (1.0 - from);
        let caught = self.recall * to;
        let flagged_share = caught + false_positive_rate * (1.0 - to);
        let moved = odds(self.threshold) * odds(to) / odds(from);
        OperatingPoint {
            threshold: if moved.is_finite() { moved / (1.0 + moved) } else { 1.0 },
            flagged_share,
            precision: if flagged_share > 0.0 { caught / flagged_share } else { 0.0 },
            recall: self.recall,
        }
    }
}

impl Budget {
    /// How many of `n` listings the budget is, rounded down and at least one.
    pub fn of(self, n: u64) -> u64 {
        match self {
            Budget::Count(count) => count.min(n),
            // 29 % of 100 is 29, though the product of the nearest numbers is just below.
            Budget::Share(share) => ((share * n as f64 + 1e-9).floor() as u64).clamp(1, n.max(1)),
        }
    }
}

impl Policy {
    /// The threshold that the policy means, on what thresholds did on validation rows; `points`
    /// from the highest threshold down, `n` validation rows.
    ///
    /// # Errors
    /// [`ErrorKind::Unreachable`] with the best that can be had.
    pub fn resolve(self, points: &[OperatingPoint], n: u64) -> Result<Threshold> {
        let unreachable = |best: String| -> Error {
            ErrorKind::Unreachable { policy: self.words(), best }.into()
        };
        let no_points = || unreachable("the model holds no validation rows to judge by".to_owned());
        let probability = match self {
            Policy::Fixed(probability) => probability,
            Policy::Budget(budget) => {
                let share = budget.of(n) as f64 / n.max(1) as f64;
                // Never more than the budget: ties that would overrun it stay out.
                match points.iter().rev().find(|point| point.flagged_share <= share + 1e-12) {
                    Some(point) => point.threshold,
                    None => points
                        .first()
                        .map(|point| next_up(point.threshold))
                        .ok_or_else(no_points)?,
                }
            }
            Policy::MinPrecision(wanted) => {
                if let Some(point) = points.iter().rev().find(|point| point.precision >= wanted) {
                    point.threshold
                } else {
                    let best = points
                        .iter()
                        .max_by(|a, b| a.precision.total_cmp(&b.precision))
                        .ok_or_else(no_points)?;
                    return Err(unreachable(format!(
                        "the best precision on the validation rows is {:.3}, at a threshold of {:.4} with recall {:.3}",
                        best.precision, best.threshold, best.recall
                    )));
                }
            }
            Policy::MinRecall(wanted) => points
                .iter()
                .find(|point| point.recall >= wanted)
                .or(points.last())
                .map(|point| point.threshold)
                .ok_or_else(no_points)?,
            Policy::Cost { false_positive, false_negative } => {
                // Costs per listing, up to a factor: with TP = recall P and FP = TP (1 - precision)
                // / precision, written through the flagged share: FP = flagged (1 - precision).
                let positives = points.last().map_or(0.0, |point| {
                    point.flagged_share * point.precision / point.recall.max(f64::MIN_POSITIVE)
                });
                let cost = |point: &OperatingPoint| {
                    false_positive * point.flagged_share * (1.0 - point.precision)
                        + false_negative * positives * (1.0 - point.recall)
                };
                let best = points
                    .iter()
                    .min_by(|a, b| cost(a).total_cmp(&cost(b)))
                    .ok_or_else(no_points)?;
                let flag_none = false_negative * positives;
                if flag_none < cost(best) { next_up(points[0].threshold) } else { best.threshold }
            }
        };
        Ok(Threshold { probability, policy: self })
    }

    /// The policy in words, for cards and messages.
    pub fn words(self) -> String {
        match self {
            Policy::Fixed(probability) => format!("a fixed threshold of {probability}"),
            Policy::Budget(Budget::Count(count)) => format!("a review budget of {count} listings"),
            Policy::Budget(Budget::Share(share)) => {
                format!("a review budget of {} % of the listings", percent(share))
            }
            Policy::MinPrecision(wanted) => format!("a precision of at least {wanted}"),
            Policy::MinRecall(wanted) => format!("a recall of at least {wanted}"),
            Policy::Cost { false_positive, false_negative } => format!(
                "least cost at {false_positive} for a false alarm and {false_negative} for a miss"
            ),
        }
    }
}

/// A share in percent, as it was written: rounded to a millionth of a percent.
fn percent(share: f64) -> f64 {
    (share * 1e8).round() / 1e6
}

/// The next larger number; a threshold that flags nothing.
fn next_up(value: f64) -> f64 {
    value.next_up()
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Budget::Count(count) => write!(f, "{count}"),
            Budget::Share(share) => write!(f, "{}%", percent(*share)),
        }
    }
}

impl FromStr for Budget {
    type Err = Error;

    fn from_str(text: &str) -> Result<Budget> {
        let parsed = match text.trim().strip_suffix('%') {
            Some(percent) => percent
                .trim()
                .parse::<f64>()
                .ok()
                .filter(|percent| *percent > 0.0 && *percent <= 100.0)
                .map(|percent| Budget::Share(percent / 100.0)),
            None => text.trim().parse::<u64>().ok().filter(|count| *count > 0).map(Budget::Count),
        };
        parsed.ok_or_else(|| {
            ErrorKind::Option {
                option: "--review-budget",
                expected: "a number of listings such as 200, or a share such as 2%".into(),
                found: excerpt(text),
            }
            .into()
        })
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Policy::Fixed(probability) => write!(f, "fixed={probability}"),
            Policy::Budget(budget) => write!(f, "review-budget={budget}"),
            Policy::MinPrecision(wanted) => write!(f, "min-precision={wanted}"),
            Policy::MinRecall(wanted) => write!(f, "min-recall={wanted}"),
            Policy::Cost { false_positive, false_negative } => {
                write!(f, "cost={false_positive}:{false_negative}")
            }
        }
    }
}

impl FromStr for Policy {
    type Err = Error;

    fn from_str(text: &str) -> Result<Policy> {
        let fault = || -> Error {
            ErrorKind::Option {
                option: "--policy",
                expected: "fixed=P, review-budget=N, review-budget=N%, min-precision=P, min-recall=P or cost=FALSE_ALARM:MISS".into(),
                found: excerpt(text),
            }
            .into()
        };
        let share = |value: &str| {
            value.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or_else(fault)
        };
        let (name, value) = text.split_once('=').ok_or_else(fault)?;
        Ok(match name {
            "fixed" => Policy::Fixed(share(value)?),
            "review-budget" => Policy::Budget(value.parse().map_err(|_| fault())?),
            "min-precision" => Policy::MinPrecision(share(value)?),
            "min-recall" => Policy::MinRecall(share(value)?),
            "cost" => {
                let cost = |value: &str| {
                    value.parse::<f64>().ok().filter(|cost| cost.is_finite() && *cost > 0.0)
                };
                let (alarm, miss) = value.split_once(':').ok_or_else(fault)?;
                Policy::Cost {
                    false_positive: cost(alarm).ok_or_else(fault)?,
                    false_negative: cost(miss).ok_or_else(fault)?,
                }
            }
            _ => return Err(fault()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten rows, four counterfeit, at the ranks 1, 2, 4 and 8.
    fn points() -> Vec<OperatingPoint> {
        let labels = [true, true, false, true, false, false, false, true, false, false];
        let mut hits = 0.0;
        labels
            .iter()
            .enumerate()
            .map(|(rank, label)| {
                hits += f64::from(*label);
                let flagged = rank as f64 + 1.0;
                OperatingPoint {
                    threshold: 0.95 - rank as f64 * 0.1,
                    flagged_share: flagged / 10.0,
                    precision: hits / flagged,
                    recall: hits / 4.0,
                }
            })
            .collect()
    }

    fn resolved(policy: Policy) -> f64 {
        policy.resolve(&points(), 10).unwrap().probability
    }

    #[test]
    fn each_policy_finds_its_threshold() {
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} against {b}");
        close(resolved(Policy::Fixed(0.3)), 0.3);
        close(resolved(Policy::Budget(Budget::Count(3))), 0.75);
        close(resolved(Policy::Budget(Budget::Share(0.5))), 0.55);
        close(resolved(Policy::MinPrecision(0.75)), 0.65);
        close(resolved(Policy::MinRecall(0.75)), 0.65);
        close(resolved(Policy::MinRecall(0.76)), 0.25);
        // With 1.5 for a miss: ranks 1-2 cost 3, ranks 1-4 cost 1 + 1.5, ranks 1-8 cost 4.
        close(resolved(Policy::Cost { false_positive: 1.0, false_negative: 1.5 }), 0.65);
        close(resolved(Policy::Cost { false_positive: 1.0, false_negative: 10.0 }), 0.25);
    }

    #[test]
    fn a_precision_out_of_reach_says_what_is_in_reach() {
        let worst: Vec<OperatingPoint> = points().split_off(2);
        let error = Policy::MinPrecision(0.99).resolve(&worst, 10).unwrap_err().to_string();
        assert!(error.contains("the best precision on the validation rows is 0.750"), "{error}");
    }

    /// Of 100 listings 20 are counterfeit; 10 are flagged, 8 rightly: recall 0.4, false-positive
    /// rate 2 / 80. With 5 counterfeits in 100: caught 0.02, false alarms 0.025 x 0.95 = 0.02375,
    /// and a probability of 0.5 (odds 1) becomes odds (1/19) / (1/4) = 4/19, probability 4/23.
    #[test]
    fn a_point_moves_with_the_base_rate() {
        let point =
            OperatingPoint { threshold: 0.5, flagged_share: 0.1, precision: 0.8, recall: 0.4 };
        let moved = point.at_base_rate(0.2, 0.05);
        assert!((moved.flagged_share - 0.04375).abs() < 1e-12);
        assert!((moved.precision - 0.02 / 0.04375).abs() < 1e-12);
        assert!((moved.threshold - 4.0 / 23.0).abs() < 1e-12);
        assert_eq!(moved.recall, 0.4);
    }

    #[test]
    fn policies_are_read_back_as_they_are_written() {
        for text in [
            "fixed=0.5",
            "review-budget=200",
            "review-budget=2%",
            "min-precision=0.9",
            "min-recall=0.8",
            "cost=1:20",
        ] {
            assert_eq!(text.parse::<Policy>().unwrap().to_string(), text);
        }
        for text in
            ["", "fixed", "fixed=2", "review-budget=0", "review-budget=101%", "cost=1", "cost=1:-2"]
        {
            assert!(text.parse::<Policy>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_budget_share_is_at_least_one_listing() {
        assert_eq!(Budget::Share(0.001).of(10), 1);
        assert_eq!(Budget::Share(0.25).of(10), 2);
        for whole in 1..=100_u64 {
            let budget: Budget = format!("{whole}%").parse().unwrap();
            assert_eq!((budget.of(100), budget.to_string()), (whole, format!("{whole}%")));
        }
        assert_eq!(Budget::Count(200).of(10), 10);
    }
}
