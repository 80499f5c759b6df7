//! What a comparison of two models comes to, in plain words.

use crate::evaluation::{Comparison, Difference, Verdict};

/// The name of a verdict in JSON; no verdict has none.
pub(super) fn name(own: Option<Verdict>) -> Option<&'static str> {
    Some(match own? {
        Verdict::Better => "better",
        Verdict::NotShown => "not_shown_better",
        Verdict::Worse => "worse",
    })
}

/// What both verdicts together come to.
pub(super) fn conclusion(own: &Comparison) -> &'static str {
    use Verdict::{Better, NotShown, Worse};
    let (Some(ranking), Some(probabilities)) = (own.ranking(), own.probabilities()) else {
        return "These listings cannot tell whether the new model is better.";
    };
    match (ranking, probabilities) {
        (Better, Better) => "The new model is better, in its ranking and in its probabilities.",
        (Better, NotShown) => {
            "The new model is better in its ranking; its probabilities are not shown to be better."
        }
        (NotShown, Better) => {
            "The new model is better in its probabilities; its ranking is not shown to be better."
        }
        (Better, Worse) => "The new model is better in its ranking and worse in its probabilities.",
        (Worse, Better) => "The new model is worse in its ranking and better in its probabilities.",
        (NotShown, NotShown) => {
            "The new model is not shown to be better: nothing here speaks for replacing the old one."
        }
        (Worse, Worse) => "The new model is worse, in its ranking and in its probabilities.",
        (Worse, NotShown) => {
            "The new model is not better: its ranking is worse, and its probabilities are not shown to be better."
        }
        (NotShown, Worse) => {
            "The new model is not better: its probabilities are worse, and its ranking is not shown to be better."
        }
    }
}

/// What was judged, and each verdict with the difference that it stands on; a line each.
pub(super) fn grounds(own: &Comparison) -> Vec<String> {
    let mut told = vec![format!(
        "judged on {} listings of {} sellers, {} of them counterfeit, of {} sellers",
        own.n, own.n_groups, own.n_positive, own.n_positive_groups
    )];
    let verdicts = [
        ("ranking", "average precision", own.difference("average_precision"), own.ranking()),
        ("probabilities", "log loss", own.difference("log_loss"), own.probabilities()),
    ];
    for (what, metric, difference, verdict) in verdicts {
        let Some(difference) = difference else { continue };
        told.push(ground(what, metric, difference, verdict));
    }
    told
}

fn ground(what: &str, metric: &str, own: &Difference, verdict: Option<Verdict>) -> String {
    let verdict = match verdict {
        Some(Verdict::Better) => "better",
        Some(Verdict::NotShown) => "not shown to be better",
        Some(Verdict::Worse) => "worse",
        None => "no verdict",
    };
    let interval = own.interval.map_or_else(String::new, |interval| {
        format!(" (95 %: {:+.4} to {:+.4})", interval.low, interval.high)
    });
    format!("{what:<14} {verdict:<23} {metric} {:+.4}{interval}", own.new - own.old)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::Interval;

    /// A comparison of which only the intervals of the two verdicts matter.
    fn with(precision: Option<(f64, f64)>, loss: Option<(f64, f64)>) -> Comparison {
        let own = |metric: &str, ends: Option<(f64, f64)>| Difference {
            metric: metric.to_owned(),
            old: 0.5,
            new: 0.5,
            interval: ends.map(|(low, high)| Interval { low, high, level: 0.95, n_resamples: 200 }),
        };
        Comparison {
            n: 1,
            n_positive: 1,
            n_groups: 1,
            n_positive_groups: 1,
            differences: vec![own("average_precision", precision), own("log_loss", loss)],
            reliability: [Vec::new(), Vec::new()],
            thresholds: [0.5; 2],
            flags: Default::default(),
            changed: Vec::new(),
            warnings: Vec::new(),
        }
    }

    #[test]
    fn only_a_model_with_a_better_verdict_is_called_better() {
        let (up, over, down) = (Some((0.1, 0.2)), Some((-0.1, 0.1)), Some((-0.2, -0.1)));
        for precision in [up, over, down] {
            for loss in [up, over, down] {
                let told = conclusion(&with(precision, loss));
                // A higher precision is better, a higher loss is worse.
                let is_better = precision == up || loss == down;
                assert_eq!(
                    told.contains("model is better") || told.contains("and better"),
                    is_better,
                    "{told}"
                );
                let is_worse = precision == down || loss == up;
                assert_eq!(told.contains("worse"), is_worse, "{told}");
            }
        }
        // An interval that touches nothing is none that shows anything.
        assert!(conclusion(&with(Some((0.0, 0.2)), Some((-0.2, 0.0)))).contains("not shown"));
        assert!(conclusion(&with(None, None)).contains("cannot tell"));
    }
}
