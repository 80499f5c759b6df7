//! Isotonic regression: what Platt scaling leaves wrong, where there is enough to learn it from.

use crate::model::Calibration;

/// A block of the correction holds so many listings of each class at least, so that its log-odds are
/// known to about a fifth (sqrt(1 / 50 + 1 / 50)).
const MIN_EACH: f64 = 50.0;

/// Neighbouring scores of one rate.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Block {
    weight: f64,
    positive: f64,
    /// Sum of the scores, by weight.
    scores: f64,
}

impl Block {
    fn rate(self) -> f64 {
        self.positive / self.weight
    }

    fn joined(self, other: Block) -> Block {
        Block {
            weight: self.weight + other.weight,
            positive: self.positive + other.positive,
            scores: self.scores + other.scores,
        }
    }

    fn is_large(self) -> bool {
        self.positive >= MIN_EACH && self.weight - self.positive >= MIN_EACH
    }
}

/// Corrects a calibration by what was observed of left-out listings, of which `log_odds` are raw;
/// unchanged where fewer than two blocks can be told apart.
pub(crate) fn fit_isotonic(
    calibration: &Calibration,
    log_odds: &[f64],
    labels: &[bool],
    weights: Option<&[f64]>,
) -> Calibration {
    let mut points: Vec<(f64, f64, f64)> = Vec::with_capacity(log_odds.len());
    for (row, (own, label)) in log_odds.iter().zip(labels).enumerate() {
        let weight = weights.map_or(1.0, |weights| weights[row]);
        points.push((calibration.scale(*own), weight, if *label { weight } else { 0.0 }));
    }
    let blocks = joined(pooled(points));
    let knot = |own: &Block| {
        let odds = own.positive / (own.weight - own.positive);
        (own.scores / own.weight, libm::log(odds))
    };
    let knots: Vec<(f64, f64)> = blocks.iter().map(knot).collect();
    let is_learned = knots.len() > 1;
    let corrected = is_learned.then(|| calibration.clone().with_knots(knots)).flatten();
    corrected.unwrap_or_else(|| calibration.clone())
}

/// Pools adjacent violators: blocks of scores whose rates rise (Ayer et al. 1955). Points are score,
/// weight and weight of the counterfeits.
fn pooled(mut points: Vec<(f64, f64, f64)>) -> Vec<Block> {
    points.sort_unstable_by(|a, b| {
        a.0.total_cmp(&b.0).then(a.2.total_cmp(&b.2)).then(a.1.total_cmp(&b.1))
    });
    let mut blocks: Vec<Block> = Vec::new();
    for ties in points.chunk_by(|a, b| a.0 == b.0) {
        let one = |&(score, weight, positive): &(f64, f64, f64)| Block {
            weight,
            positive,
            scores: weight * score,
        };
        let empty = Block { weight: 0.0, positive: 0.0, scores: 0.0 };
        let mut own = ties.iter().map(one).fold(empty, Block::joined);
        while let Some(last) = blocks.pop() {
            if last.rate() < own.rate() {
                blocks.push(last);
                break;
            }
            own = last.joined(own);
        }
        blocks.push(own);
    }
    blocks
}

/// Joins blocks that are too small to be believed with the next; what is left at the end with the last.
/// Rates that rise still do.
fn joined(blocks: Vec<Block>) -> Vec<Block> {
    let mut large: Vec<Block> = Vec::new();
    let mut open: Option<Block> = None;
    for block in blocks {
        let own = open.map_or(block, |before| before.joined(block));
        open = if own.is_large() {
            large.push(own);
            None
        } else {
            Some(own)
        };
    }
    match (open, large.pop()) {
        (Some(rest), Some(last)) => large.push(last.joined(rest)),
        (None, Some(last)) => large.push(last),
        (_, None) => {}
    }
    large
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `IsotonicRegression().fit_transform(x, y, sample_weight=w)` of scikit-learn 1.9.1 for
    /// x = [1, 2, 3, 3, 4, 5, 6], y = [0, 1, 0, 1, 0, 1, 1], w = [1, 1, 2, 1, 1, 1, 3] is
    /// [0, 0.4, 0.4, 0.4, 0.4, 1, 1].
    #[test]
    fn adjacent_violators_are_pooled_as_scikit_learn_does() {
        let x = [1.0, 2.0, 3.0, 3.0, 4.0, 5.0, 6.0];
        let y = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0];
        let w = [1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 3.0];
        let points = (0..7).map(|at| (x[at], w[at], w[at] * y[at])).collect();
        let blocks = pooled(points);
        let rates: Vec<(f64, f64)> = blocks.iter().map(|own| (own.weight, own.rate())).collect();
        assert_eq!(rates, [(1.0, 0.0), (5.0, 0.4), (4.0, 1.0)]);
    }

    /// Scores of -2, 0 and 2 with rates of 0.5, 0.6 and 0.75 of 400 each.
    #[test]
    fn blocks_get_the_log_odds_that_were_observed() {
        let (mut scores, mut labels) = (Vec::new(), Vec::new());
        for (score, n_positive) in [(-2.0, 200), (0.0, 240), (2.0, 300)] {
            scores.extend([score; 400]);
            labels.extend((0..400).map(|row| row < n_positive));
        }
        let own = fit_isotonic(&Calibration::IDENTITY, &scores, &labels, None);
        let expected = [0.0, libm::log(1.5), libm::log(3.0)];
        for ((from, to), (score, expected)) in
            own.knots().iter().zip([-2.0, 0.0, 2.0].iter().zip(expected))
        {
            assert!((from - score).abs() < 1e-12 && (to - expected).abs() < 1e-12, "{to}");
        }
        assert_eq!(own.knots().len(), 3);
        // Too few of a class for two blocks: nothing is learned.
        let own = fit_isotonic(&Calibration::IDENTITY, &scores[..350], &labels[..350], None);
        assert_eq!(own, Calibration::IDENTITY);
    }
}
