//! From raw log-odds to log-odds that mean what they say.

/// A fitted calibration: Platt scaling, a logistic regression of the label on the raw log-odds of
/// listings whose sellers the scoring model had not seen (Platt 1999), and, where there was enough to
/// learn it from, a correction of what is left by isotonic regression.
///
/// The correction is a line through the means of the blocks that pooling adjacent violators finds
/// (Zadrozny and Elkan 2002), so that it never gives two listings of different score the same
/// probability, which would leave the order of a review queue to chance.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    slope: f64,
    intercept: f64,
    knots: Vec<(f64, f64)>,
}

impl Calibration {
    /// The calibration that changes nothing.
    pub const IDENTITY: Calibration = Calibration { slope: 1.0, intercept: 0.0, knots: Vec::new() };

    /// Platt scaling: calibrated log-odds = intercept + slope × raw log-odds. A slope that is not
    /// positive would turn the order of listings round and is refused, as is a number that is not
    /// finite.
    pub fn platt(slope: f64, intercept: f64) -> Option<Calibration> {
        let sound = slope.is_finite() && slope > 0.0 && intercept.is_finite();
        sound.then_some(Calibration { slope, intercept, knots: Vec::new() })
    }

    /// The same scaling with a correction: a line through `knots`, pairs of scaled and corrected
    /// log-odds, that goes on beyond them with slope 1. `None` for knots that are not finite or do not
    /// rise in both numbers.
    pub fn with_knots(self, knots: Vec<(f64, f64)>) -> Option<Calibration> {
        let sound = knots.iter().all(|(from, to)| from.is_finite() && to.is_finite())
            && knots.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1);
        sound.then_some(Calibration { knots, ..self })
    }

    /// How many scaled log-odds one raw log-odds is; always positive.
    pub fn slope(&self) -> f64 {
        self.slope
    }

    /// Scaled log-odds where the raw log-odds are 0.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }

    /// What the correction goes through: scaled and corrected log-odds, both rising; empty without a
    /// correction.
    pub fn knots(&self) -> &[(f64, f64)] {
        &self.knots
    }

    /// Scaled log-odds from raw log-odds.
    pub fn scale(&self, log_odds: f64) -> f64 {
        self.intercept + self.slope * log_odds
    }

    /// What the correction adds to scaled log-odds.
    pub fn correction(&self, scaled: f64) -> f64 {
        let above = self.knots.partition_point(|(from, _)| *from <= scaled);
        let shift = |(from, to): (f64, f64)| to - from;
        match (above.checked_sub(1).map(|at| self.knots[at]), self.knots.get(above)) {
            (None, None) => 0.0,
            (None, Some(first)) => shift(*first),
            (Some(last), None) => shift(last),
            (Some(low), Some(high)) => {
                let share = (scaled - low.0) / (high.0 - low.0);
                shift(low) + share * (shift(*high) - shift(low))
            }
        }
    }

    /// Calibrated log-odds from raw log-odds.
    pub fn apply(&self, log_odds: f64) -> f64 {
        let scaled = self.scale(log_odds);
        scaled + self.correction(scaled)
    }

    /// The calibration to another share of counterfeits, of which the log-odds are `by` more.
    #[must_use]
    pub fn shifted(self, by: f64) -> Calibration {
        let knots = self.knots.into_iter().map(|(from, to)| (from + by, to + by)).collect();
        Calibration { slope: self.slope, intercept: self.intercept + by, knots }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calibration_never_turns_the_order_round() {
        assert_eq!(Calibration::platt(0.0, 1.0), None);
        assert_eq!(Calibration::platt(-1.0, 1.0), None);
        assert_eq!(Calibration::platt(f64::NAN, 1.0), None);
        let calibration = Calibration::platt(0.5, -1.0).unwrap();
        assert_eq!(calibration.apply(4.0), 1.0);
        assert_eq!(Calibration::IDENTITY.apply(4.0), 4.0);
        assert_eq!(calibration.clone().with_knots(vec![(0.0, 1.0), (1.0, 1.0)]), None);
        assert_eq!(calibration.clone().with_knots(vec![(0.0, 1.0), (0.0, 2.0)]), None);
        assert_eq!(calibration.with_knots(vec![(0.0, f64::NAN)]), None);
    }

    #[test]
    fn a_correction_is_a_line_through_its_knots() {
        let knots = vec![(-2.0, -3.0), (0.0, -1.0), (2.0, 4.0)];
        let own = Calibration::platt(2.0, 0.0).unwrap().with_knots(knots).unwrap();
        // Beyond the knots by the last shift; halfway between (0, -1) and (2, 4) at 1.5.
        for (raw, expected) in
            [(-2.0, -5.0), (-1.0, -3.0), (0.0, -1.0), (0.5, 1.5), (1.0, 4.0), (2.0, 6.0)]
        {
            assert!((own.apply(raw) - expected).abs() < 1e-12, "{raw}");
        }
        let moved = own.clone().shifted(0.7);
        for raw in [-3.0, -0.2, 0.4, 5.0] {
            assert!((moved.apply(raw) - own.apply(raw) - 0.7).abs() < 1e-12, "{raw}");
        }
    }
}
