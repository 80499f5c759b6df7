//! Disjoint sets: what belongs together because something leads from one to the other.

use crate::error::{ErrorKind, Result};

/// Disjoint sets of numbers, each known by its least one.
pub(crate) struct Components {
    parents: Vec<u32>,
}

impl Components {
    /// Each number below `n` by itself.
    ///
    /// # Errors
    /// More numbers than 32 bits hold.
    pub(crate) fn new(n: u64) -> Result<Components> {
        let n = u32::try_from(n).map_err(|_| ErrorKind::Option {
            option: "INPUT",
            expected: format!("at most {} different texts", u32::MAX),
            found: n.to_string(),
        })?;
        Ok(Components { parents: (0..n).collect() })
    }

    /// The least number of a set.
    pub(crate) fn root(&mut self, number: u32) -> u32 {
        let mut at = number as usize;
        while self.parents[at] as usize != at {
            // Each visit halves the way.
            self.parents[at] = self.parents[self.parents[at] as usize];
            at = self.parents[at] as usize;
        }
        at as u32
    }

    /// Makes one set of two.
    pub(crate) fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        self.parents[one.max(other) as usize] = one.min(other);
    }
}
