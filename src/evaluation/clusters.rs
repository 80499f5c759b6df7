//! The groups (sellers) of the rows, numbered without gaps.

/// The group of every row, numbered from 0 without gaps in the order of the groups' ids.
///
/// The numbers depend on which ids there are and not on the order of the rows, so whatever is
/// drawn or sorted by them is the same for any order of the rows.
#[derive(Clone, Debug)]
pub(crate) struct Clusters {
    /// The number of every row's group.
    pub(crate) of_row: Vec<u32>,
    /// How many groups there are.
    pub(crate) n: usize,
}

impl Clusters {
    /// Numbers the groups of the rows; `groups` holds one id a row.
    pub(crate) fn new(groups: &[u32]) -> Self {
        let mut ids = groups.to_vec();
        ids.sort_unstable();
        ids.dedup();
        // Every id is found, and its place fits: there are no more places than ids of 32 bits.
        let of_row = groups
            .iter()
            .map(|id| ids.binary_search(id).unwrap_or_else(|place| place) as u32)
            .collect();
        Clusters { of_row, n: ids.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_numbered_in_the_order_of_their_ids() {
        let clusters = Clusters::new(&[u32::MAX, 7, 7, 0, u32::MAX]);
        assert_eq!(clusters.of_row, [2, 1, 1, 0, 2]);
        assert_eq!(clusters.n, 3);
    }
}
