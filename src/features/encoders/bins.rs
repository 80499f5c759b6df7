//! A number becomes its ways through quantile bins, for effects that are no straight line.

use crate::listing::Transform;

/// Where bins begin, in thousandths of the training values: narrower in the tails, where the effect of a
/// number bends most.
const CUTS: [usize; 15] = [10, 25, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950, 975, 990];

/// A bin of fewer training values is joined with the next: what it says cannot be learned.
const MIN_VALUES: usize = 20;

/// Fewer bins say nothing that a straight line does not.
const MIN_BINS: usize = 3;

/// The quantile bins of a number.
///
/// The column of a bin is how far the number has come through it: 0 up to its lower edge, 1 from its upper
/// edge on, and a straight line of the transformed number between. With a coefficient for each, the effect of the
/// number is a line that may bend at every edge and never jumps; the coefficient is how far it rises in the
/// bin. What is added is less the training mean, so a number that is missing or unknown adds 0.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BinEncoder {
    transform: Transform,
    /// Where the bins begin and the last one ends, ascending, in the number's own unit.
    edges: Vec<f64>,
    /// The transformed edges.
    bounds: Vec<f64>,
    /// The mean of each column over the training values.
    means: Vec<f64>,
}

impl BinEncoder {
    /// Learns the bins from training values; `None` where there are too few different ones.
    pub(crate) fn fit(transform: Transform, mut values: Vec<f64>) -> Option<BinEncoder> {
        values.sort_unstable_by(f64::total_cmp);
        let transformed: Vec<f64> = values.iter().map(|own| transform.apply(*own)).collect();
        let n = values.len();
        let mut edges = vec![*values.first()?];
        let mut begun = 0;
        for at in CUTS.map(|cut| cut * n / 1000) {
            // Values equal to the edge belong to the bin above it.
            let below = transformed.partition_point(|own| *own < transformed[at]);
            if below - begun >= MIN_VALUES && n - below >= MIN_VALUES {
                edges.push(values[at]);
                begun = below;
            }
        }
        let last = *values.last()?;
        if edges.last().is_some_and(|edge| transform.apply(*edge) < transform.apply(last)) {
            edges.push(last);
        }
        let n_bins = edges.len() - 1;
        let bounds: Vec<f64> = edges.iter().map(|edge| transform.apply(*edge)).collect();
        let (mut ways, mut counts) = (vec![0.0; n_bins], vec![0_usize; n_bins]);
        for value in transformed.iter().filter(|_| n_bins >= MIN_BINS) {
            let (bin, way) = place(&bounds, *value);
            ways[bin] += way;
            counts[bin] += 1;
        }
        // Who is in a later bin has come through all before it.
        let mut n_beyond = 0;
        let mut means = vec![0.0; n_bins];
        for bin in (0..n_bins).rev() {
            means[bin] = (ways[bin] + n_beyond as f64) / n as f64;
            n_beyond += counts[bin];
        }
        BinEncoder::from_parts(transform, edges, means)
    }

    /// The bins between these edges, of which the column of each has its mean over the training values;
    /// `None` where they do not fit together.
    pub(crate) fn from_parts(
        transform: Transform,
        edges: Vec<f64>,
        means: Vec<f64>,
    ) -> Option<BinEncoder> {
        let bounds: Vec<f64> = edges.iter().map(|edge| transform.apply(*edge)).collect();
        let is_bin = |own: &[f64]| own[1] > own[0] && (own[1] - own[0]).is_finite();
        let sound = edges.len() == means.len() + 1
            && means.len() >= MIN_BINS
            && edges.iter().all(|edge| edge.is_finite())
            && bounds.windows(2).all(is_bin)
            && means.iter().all(|mean| *mean > 0.0 && *mean < 1.0)
            && means.is_sorted_by(|a, b| a >= b);
        sound.then_some(BinEncoder { transform, edges, bounds, means })
    }

    pub(crate) fn n_columns(&self) -> usize {
        self.means.len()
    }

    pub(crate) fn edges(&self) -> &[f64] {
        &self.edges
    }

    /// The mean of each column over the training values.
    pub(crate) fn means(&self) -> &[f64] {
        &self.means
    }

    /// Hands each column of a value less the column's mean to `put`, by its place among the bins.
    pub(crate) fn encode(&self, value: f64, mut put: impl FnMut(usize, f64)) {
        let (at, way) = self.place(value);
        for (bin, mean) in self.means.iter().enumerate() {
            put(bin, column(bin, at, way) - mean);
        }
    }

    /// The bin of a value, and how far the value has come through it, from 0 to 1.
    pub(crate) fn place(&self, value: f64) -> (usize, f64) {
        place(&self.bounds, self.transform.apply(value))
    }

    /// The names of its columns: the number's own name and the half-open interval.
    pub(crate) fn column_names(&self, feature: &str) -> Vec<String> {
        let name = |own: &[f64]| format!("{feature}:[{:?},{:?})", own[0], own[1]);
        self.edges.windows(2).map(name).collect()
    }
}

/// The bin of a transformed value between such bounds, and how far the value has come through it.
fn place(bounds: &[f64], value: f64) -> (usize, f64) {
    let inner = &bounds[1..bounds.len() - 1];
    let bin = inner.partition_point(|bound| *bound <= value);
    let (low, high) = (bounds[bin], bounds[bin + 1]);
    (bin, ((value.clamp(low, high) - low) / (high - low)).clamp(0.0, 1.0))
}

/// The column of a bin for a value that is in the bin `at` and has come `way` through it.
fn column(bin: usize, at: usize, way: f64) -> f64 {
    match bin.cmp(&at) {
        std::cmp::Ordering::Less => 1.0,
        std::cmp::Ordering::Equal => way,
        std::cmp::Ordering::Greater => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(bins: &BinEncoder, value: f64) -> Vec<f64> {
        let mut values = vec![f64::NAN; bins.n_columns()];
        bins.encode(value, |bin, own| values[bin] = own + bins.means()[bin]);
        values
    }

    #[test]
    fn bins_are_narrower_in_the_tails_and_a_column_is_the_way_through_one() {
        let bins = BinEncoder::fit(Transform::Identity, (0..=2000).map(f64::from).collect());
        let bins = bins.unwrap();
        // Of 2,001 values the place of thousandth k is 2 k, rounded down, and the value there is the place.
        let inner = CUTS.map(|cut| (cut * 2001 / 1000) as f64);
        assert_eq!((bins.edges()[0], *bins.edges().last().unwrap()), (0.0, 2000.0));
        assert_eq!(bins.edges()[1..16], inner);
        assert_eq!(bins.column_names("x")[..2], ["x:[0.0,20.0)", "x:[20.0,50.0)"]);
        for (value, expected) in
            [(-7.0, [0.0, 0.0, 0.0]), (15.0, [0.75, 0.0, 0.0]), (20.0, [1.0, 0.0, 0.0])]
        {
            assert_eq!(encoded(&bins, value)[..3], expected, "{value}");
        }
        let half = encoded(&bins, 35.0);
        assert!((half[1] - 0.5).abs() < 1e-12 && half[0] == 1.0 && half[2] == 0.0, "{half:?}");
        assert_eq!(encoded(&bins, 1e9), [1.0; 16]);
        // 0 to 19 have come 0/20 to 19/20 of the first way, 9.5 in all, and 1,981 the whole of it.
        assert!((bins.means()[0] - (9.5 + 1981.0) / 2001.0).abs() < 1e-12);
        // 1980 to 2000 have come 0/20 to 20/20 of the last way, 10.5 in all.
        assert!((bins.means()[15] - 10.5 / 2001.0).abs() < 1e-12);
    }

    /// The edges are days, the way between them one of ln(1 + days): half of it from 0 to 99 days is at
    /// ln(10), which is 9 days.
    #[test]
    fn the_way_is_one_of_the_transformed_number() {
        let edges = vec![0.0, 99.0, 200.0, 300.0];
        let bins = BinEncoder::from_parts(Transform::Log1p, edges, vec![0.5, 0.4, 0.3]).unwrap();
        assert!((encoded(&bins, 9.0)[0] - 0.5).abs() < 1e-12);
    }

    #[test]
    fn a_frequent_value_is_one_edge_and_small_bins_are_joined() {
        // 400 zeros, then 1 to 100 four times each: the places from 400 on are value 1 + (place - 400) / 4.
        let many = (1..=100).flat_map(|value| [f64::from(value); 4]);
        let values = vec![0.0; 400].into_iter().chain(many).collect();
        let bins = BinEncoder::fit(Transform::Identity, values).unwrap();
        // Place 400 begins the bin behind the zeros; at 780 are 20 values left, and at 792 fewer.
        assert_eq!(bins.edges(), [0.0, 1.0, 21.0, 41.0, 61.0, 81.0, 91.0, 96.0, 100.0]);
        // Places of 80 values 16, 24, 32, ...: bins begin at 24, 48 and nowhere behind the sixtieth.
        let few: Vec<f64> = (0..80).map(f64::from).collect();
        let bins = BinEncoder::fit(Transform::Identity, few).unwrap();
        assert_eq!(bins.edges(), [0.0, 24.0, 48.0, 79.0]);
    }

    #[test]
    fn few_values_are_no_bins() {
        let of = |n: i32| {
            let values = (0..300).map(|at| f64::from(at % n)).collect();
            BinEncoder::fit(Transform::Identity, values).map(|bins| bins.n_columns())
        };
        assert_eq!([1, 2, 3, 4].map(of), [None, None, None, Some(3)]);
        assert_eq!(BinEncoder::fit(Transform::Identity, Vec::new()), None);
        let of = |edges: &[f64], means: &[f64]| {
            BinEncoder::from_parts(Transform::Log1p, edges.to_vec(), means.to_vec())
        };
        assert!(of(&[0.0, 1.0, 2.0, 3.0], &[0.8, 0.5, 0.2]).is_some());
        assert_eq!(of(&[0.0, 1.0, 1.0, 3.0], &[0.8, 0.5, 0.2]), None);
        assert_eq!(of(&[0.0, 1.0, 2.0], &[0.8, 0.5, 0.2]), None);
        assert_eq!(of(&[0.0, 1.0, 2.0, 3.0], &[0.5, 0.8, 0.2]), None);
        assert_eq!(of(&[0.0, 1.0, 2.0, 3.0], &[1.0, 0.5, 0.2]), None);
        // Both count as 0 days.
        assert_eq!(of(&[-2.0, -1.0, 2.0, 3.0], &[0.8, 0.5, 0.2]), None);
    }
}
