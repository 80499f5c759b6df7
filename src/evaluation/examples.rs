//! Two small sets of judged rows with ties, for comparisons with other implementations.
//!
//! The comments of the tests name them `fine` (few ties) and `coarse` (nearly all tied); `s` is the
//! score, `y` the label and `g` the group. In Python:
//!
//! ```python
//! import numpy as np
//! # fine
//! r = np.random.default_rng(7); s = np.round(r.beta(1, 2, 48), 2)
//! y = r.random(48) < s; g = r.integers(0, 9, 48)
//! # coarse
//! r = np.random.default_rng(8); s = np.round(r.random(40), 1)
//! y = r.random(40) < 0.2 + 0.6 * s**2; g = r.integers(0, 7, 40)
//! ```

use super::Ranking;

/// Columns of judged rows.
pub(super) struct Example {
    pub(super) scores: Vec<f64>,
    pub(super) labels: Vec<bool>,
    pub(super) groups: Vec<u32>,
}

impl Example {
    /// The rows by score.
    pub(super) fn ranking(&self) -> Ranking {
        Ranking::new(&self.scores, &self.labels).unwrap()
    }
}

/// 48 rows with 39 distinct scores, 19 counterfeit, 9 groups.
pub(super) fn fine() -> Example {
    example(&[
        (0.25, 0, 2),
        (0.44, 1, 5),
        (0.0, 0, 0),
        (0.11, 0, 1),
        (0.55, 0, 1),
        (0.32, 1, 6),
        (0.86, 1, 0),
        (0.41, 0, 0),
        (0.04, 0, 4),
        (0.58, 0, 2),
        (0.51, 0, 5),
        (0.23, 0, 8),
        (0.0, 0, 7),
        (0.16, 0, 4),
        (0.68, 1, 5),
        (0.05, 0, 7),
        (0.16, 0, 3),
        (0.18, 0, 5),
        (0.03, 0, 1),
        (0.39, 0, 5),
        (0.4, 0, 2),
        (0.71, 1, 1),
        (0.01, 0, 6),
        (0.29, 0, 5),
        (0.5, 0, 3),
        (0.57, 1, 0),
        (0.02, 0, 2),
        (0.25, 0, 7),
        (0.45, 1, 4),
        (0.21, 1, 8),
        (0.67, 1, 8),
        (0.08, 0, 7),
        (0.28, 0, 0),
        (0.55, 0, 0),
        (0.18, 1, 5),
        (0.53, 0, 3),
        (0.34, 0, 7),
        (0.11, 0, 2),
        (0.69, 1, 1),
        (0.17, 0, 1),
        (0.44, 1, 2),
        (0.88, 1, 5),
        (0.16, 1, 1),
        (0.78, 1, 7),
        (0.67, 1, 2),
        (0.42, 1, 2),
        (0.63, 1, 5),
        (0.27, 1, 7),
    ])
}

/// 40 rows with 11 distinct scores, 17 counterfeit, 7 groups.
pub(super) fn coarse() -> Example {
    example(&[
        (0.3, 0, 5),
        (1.0, 1, 5),
        (0.3, 0, 6),
        (0.8, 1, 2),
        (0.9, 1, 6),
        (0.4, 0, 2),
        (0.4, 0, 0),
        (0.4, 0, 5),
        (0.1, 0, 1),
        (0.5, 1, 6),
        (0.2, 0, 5),
        (0.3, 0, 4),
        (0.2, 0, 3),
        (0.2, 0, 1),
        (0.8, 1, 5),
        (0.4, 0, 3),
        (0.3, 1, 6),
        (0.6, 0, 1),
        (0.6, 0, 3),
        (0.6, 1, 3),
        (0.9, 1, 0),
        (0.2, 1, 6),
        (0.4, 0, 0),
        (0.3, 0, 1),
        (0.0, 0, 1),
        (0.2, 1, 3),
        (0.4, 0, 0),
        (0.4, 0, 4),
        (0.6, 1, 0),
        (0.5, 0, 6),
        (0.6, 0, 4),
        (0.2, 0, 4),
        (0.1, 0, 6),
        (0.3, 1, 3),
        (0.1, 1, 5),
        (0.4, 1, 4),
        (0.5, 1, 3),
        (0.7, 1, 2),
        (0.9, 1, 2),
        (0.1, 0, 0),
    ])
}

fn example(rows: &[(f64, u8, u32)]) -> Example {
    Example {
        scores: rows.iter().map(|row| row.0).collect(),
        labels: rows.iter().map(|row| row.1 == 1).collect(),
        groups: rows.iter().map(|row| row.2).collect(),
    }
}
