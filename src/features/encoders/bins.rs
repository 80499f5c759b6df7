//! A number becomes indicators of quantile bins, for effects that are no straight line.

/// Bins of about equal count at the most.
const MAX_BINS: usize = 8;

/// A bin of fewer training values is joined with the next: what it says cannot be learned.
const MIN_VALUES: usize = 20;

/// Fewer bins say nothing that a straight line does not.
const MIN_BINS: usize = 3;

/// The quantile bins of a number, in its own units.
///
/// Just one column is 1 and the others are 0; of a number that is missing or unknown each column is the
/// share of its bin, which is the average of the training listings. The fitted coefficients are centered
/// so that this average is 0, and nothing needs to be added for such a number.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BinEncoder {
    /// Where the second bin and those after it begin, ascending.
    edges: Vec<f64>,
    /// The share of the training values in each bin.
    shares: Vec<f64>,
}

impl BinEncoder {
    /// Learns the bins from training values; `None` where there are too few different ones.
    pub(crate) fn fit(mut values: Vec<f64>) -> Option<BinEncoder> {
        values.sort_unstable_by(f64::total_cmp);
        let n = values.len();
        let mut edges: Vec<f64> = Vec::new();
        let mut counts: Vec<usize> = Vec::new();
        let mut begun = 0;
        for bin in 1..MAX_BINS {
            // Values equal to the edge belong to the bin above it.
            let Some(&edge) = values.get(bin * n / MAX_BINS) else { continue };
            let below = values.partition_point(|own| *own < edge);
            if below - begun >= MIN_VALUES && n - below >= MIN_VALUES {
                edges.push(edge);
                counts.push(below - begun);
                begun = below;
            }
        }
        counts.push(n - begun);
        let shares = counts.into_iter().map(|count| count as f64 / n as f64).collect();
        BinEncoder::from_parts(edges, shares)
    }

    /// The bins that begin at these edges, of which each has its share of the training values; `None`
    /// where they do not fit together.
    pub(crate) fn from_parts(edges: Vec<f64>, shares: Vec<f64>) -> Option<BinEncoder> {
        let sound = shares.len() == edges.len() + 1
            && shares.len() >= MIN_BINS
            && edges.iter().all(|edge| edge.is_finite())
            && edges.is_sorted_by(|a, b| a < b)
            && shares.iter().all(|share| *share > 0.0 && *share < 1.0);
        sound.then_some(BinEncoder { edges, shares })
    }

    pub(crate) fn n_columns(&self) -> usize {
        self.shares.len()
    }

    pub(crate) fn edges(&self) -> &[f64] {
        &self.edges
    }

    /// The share of the training values in each bin.
    pub(crate) fn shares(&self) -> &[f64] {
        &self.shares
    }

    /// The column of a value.
    pub(crate) fn bin(&self, value: f64) -> usize {
        self.edges.partition_point(|edge| *edge <= value)
    }

    /// The names of its columns: the number's own name and the half-open interval.
    pub(crate) fn column_names(&self, feature: &str) -> Vec<String> {
        let ends = self.edges.iter().map(|edge| format!("{edge:?}"));
        let lows = std::iter::once("-inf".to_owned()).chain(ends.clone());
        let highs = ends.chain(std::iter::once("inf".to_owned()));
        lows.zip(highs).map(|(low, high)| format!("{feature}:[{low},{high})")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_have_equal_counts_and_an_edge_belongs_to_the_bin_above() {
        let bins = BinEncoder::fit((0..800).map(f64::from).collect()).unwrap();
        assert_eq!(bins.edges(), [100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 700.0]);
        assert_eq!(bins.shares(), [0.125; 8]);
        assert_eq!([-1.0, 99.9, 100.0, 700.0, 1e9].map(|value| bins.bin(value)), [0, 0, 1, 7, 7]);
        assert_eq!(bins.column_names("x")[..2], ["x:[-inf,100.0)", "x:[100.0,200.0)"]);
    }

    #[test]
    fn a_frequent_value_has_a_bin_of_its_own_and_small_bins_are_joined() {
        // 400 zeros, then 1 to 100 four times each; eighths of 800 begin at 100, 200, ... 700.
        let many = (1..=100).flat_map(|value| [f64::from(value); 4]);
        let bins = BinEncoder::fit(vec![0.0; 400].into_iter().chain(many).collect()).unwrap();
        assert_eq!(bins.edges(), [1.0, 26.0, 51.0, 76.0]);
        assert_eq!(bins.shares(), [0.5, 0.125, 0.125, 0.125, 0.125]);
        // Eighths of 80 are 10: each second edge is left, and nothing behind the sixtieth value.
        let few: Vec<f64> = (0..80).map(f64::from).collect();
        let bins = BinEncoder::fit(few).unwrap();
        assert_eq!(bins.edges(), [20.0, 40.0, 60.0]);
        assert_eq!(bins.shares(), [0.25; 4]);
    }

    #[test]
    fn two_values_are_no_bins() {
        let values = (0..100).map(|at| f64::from(at % 2)).collect();
        assert_eq!(BinEncoder::fit(values), None);
        assert_eq!(BinEncoder::fit(Vec::new()), None);
        assert_eq!(BinEncoder::from_parts(vec![1.0, 1.0], vec![0.2, 0.3, 0.5]), None);
        assert_eq!(BinEncoder::from_parts(vec![1.0, 2.0], vec![0.2, 0.8]), None);
    }
}
