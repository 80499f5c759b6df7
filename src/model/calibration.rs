//! From raw log-odds to log-odds that mean what they say.

/// A fitted calibration: Platt scaling, a logistic regression of the label on the raw log-odds of
/// listings whose sellers the scoring model had not seen (Platt 1999).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    slope: f64,
    intercept: f64,
}

impl Calibration {
    /// The calibration that changes nothing.
    pub const IDENTITY: Calibration = Calibration { slope: 1.0, intercept: 0.0 };

    /// Platt scaling: calibrated log-odds = intercept + slope × raw log-odds. A slope that is not
    /// positive would turn the order of listings round and is refused, as is a number that is not
    /// finite.
    pub fn platt(slope: f64, intercept: f64) -> Option<Calibration> {
        let sound = slope.is_finite() && slope > 0.0 && intercept.is_finite();
        sound.then_some(Calibration { slope, intercept })
    }

    /// How many calibrated log-odds one raw log-odds is; always positive.
    pub fn slope(self) -> f64 {
        self.slope
    }

    /// Calibrated log-odds where the raw log-odds are 0.
    pub fn intercept(self) -> f64 {
        self.intercept
    }

    /// Calibrated log-odds from raw log-odds.
    pub fn apply(self, log_odds: f64) -> f64 {
        self.intercept + self.slope * log_odds
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
    }
}
