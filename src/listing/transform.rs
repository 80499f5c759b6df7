//! How a number is bent before it is standardized.

/// A monotone change of scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transform {
    /// The number as it is.
    Identity,
    /// ln(1 + x) of numbers that are not negative; negative numbers count as zero.
    Log1p,
    /// sign(x) ln(1 + |x|).
    SignedLog,
}

impl Transform {
    /// All transforms.
    pub const ALL: &'static [Transform] =
        &[Transform::Identity, Transform::Log1p, Transform::SignedLog];

    /// The name in mapping and model files.
    pub fn name(self) -> &'static str {
        match self {
            Transform::Identity => "identity",
            Transform::Log1p => "log1p",
            Transform::SignedLog => "signed_log",
        }
    }

    /// The transform of this name.
    pub fn from_name(name: &str) -> Option<Transform> {
        Self::ALL.iter().copied().find(|transform| transform.name() == name)
    }

    /// The transformed number; `libm` makes it the same on every machine.
    pub fn apply(self, value: f64) -> f64 {
        match self {
            Transform::Identity => value,
            Transform::Log1p => libm::log1p(value.max(0.0)),
            Transform::SignedLog => libm::copysign(libm::log1p(value.abs()), value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transforms_have_their_textbook_values() {
        // ln(1 + 99) = 4.605170185988092
        assert!((Transform::Log1p.apply(99.0) - 4.605_170_185_988_092).abs() < 1e-15);
        assert!((Transform::SignedLog.apply(-99.0) + 4.605_170_185_988_092).abs() < 1e-15);
        assert_eq!(Transform::Log1p.apply(-3.0), 0.0);
        assert_eq!(Transform::Identity.apply(-3.0), -3.0);
    }

    #[test]
    fn names_lead_back_to_the_transform() {
        for &transform in Transform::ALL {
            assert_eq!(Transform::from_name(transform.name()), Some(transform));
        }
    }
}
