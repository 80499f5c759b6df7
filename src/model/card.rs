//! What a model says of itself: its data, its settings and how well it works.

/// The model card.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    /// What a user must know first; one paragraph.
    pub note: String,
    /// The version of this crate that trained the model.
    pub crate_version: String,
    /// The data it was trained on.
    pub data: TrainingData,
    /// L2 penalty on standardized coefficients, as linfa's `alpha`: scikit-learn's 1/C.
    pub penalty: f64,
    /// L2 penalty on the coefficients of words; `None` where no words were learned.
    pub word_penalty: Option<f64>,
    /// L2 penalty on the coefficients of quantile bins, in each of which a number has another slope; `None` where straight lines did as
    /// well.
    pub bin_penalty: Option<f64>,
    /// Whether the strongest penalties within one standard error of the best were taken, and not the
    /// best.
    pub one_standard_error: bool,
    /// Euclidean norm of the gradient, per row, where the fit ended.
    pub gradient_norm: f64,
    /// The column that said how many listings each listing counts as.
    pub sample_weight: Option<String>,
    /// The share of the genuine listings that coefficients were fitted on, where not all were; the
    /// intercept is corrected for it.
    pub negatives: Option<f64>,
    /// What the threshold gives on sellers left out, by how much it may be otherwise.
    pub spread: Option<ThresholdSpread>,
    /// Seed of the splits.
    pub seed: u64,
    /// Folds of the cross-validation by seller.
    pub n_folds: usize,
    /// Share of listings whose sellers were held out for the evaluation.
    pub holdout: f64,
    /// True when the saved coefficients were fitted on all rows after the evaluation.
    pub refitted: bool,
    /// Which lexicons the keyword signals used.
    pub lexicons: Vec<LexiconInfo>,
    /// The evaluation, split by split.
    pub evaluation: Vec<SplitSummary>,
    /// What the trainer should worry about.
    pub warnings: Vec<String>,
}

/// What a threshold gives: 95 % intervals by bootstrap over sellers left out, each from low to high.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThresholdSpread {
    /// Share of the listings that are flagged.
    pub flagged_share: (f64, f64),
    /// Share of the flagged that are counterfeit; `None` where too few resamples flagged anything.
    pub precision: Option<(f64, f64)>,
    /// Share of the counterfeits that are flagged.
    pub recall: (f64, f64),
}

/// The data a model was trained on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrainingData {
    /// SHA-256 over the values read from the data, in hexadecimal.
    pub sha256: String,
    /// Labeled listings.
    pub n: usize,
    /// Those labeled counterfeit.
    pub n_positive: usize,
    /// Sellers; 0 when the data has no seller column.
    pub n_sellers: usize,
}

/// A lexicon by its digest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LexiconInfo {
    /// BCP 47 language code or the file's name.
    pub language: String,
    /// Version that the file states.
    pub version: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

/// How well a model works on one split.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SplitSummary {
    /// The split: `holdout` (sellers never seen), `group` (cross-validation by seller), `random`.
    pub split: String,
    /// Listings judged.
    pub n: usize,
    /// Those labeled counterfeit.
    pub n_positive: usize,
    /// Average precision; what guessing gives is `n_positive / n`.
    pub average_precision: f64,
    /// 95 % interval of the average precision, by bootstrap over sellers.
    pub average_precision_interval: Option<(f64, f64)>,
    /// Area under the ROC curve.
    pub roc_auc: f64,
    /// Precision and recall among the riskiest K, for several K.
    pub at: Vec<(usize, f64, f64)>,
    /// Mean negative log-likelihood in nats.
    pub log_loss: f64,
    /// Mean squared error of the probability.
    pub brier: f64,
    /// Expected calibration error, 10 bins of equal count.
    pub ece: f64,
    /// Slope of the label's log-odds on the predicted log-odds; 1 is calibrated.
    pub calibration_slope: Option<f64>,
    /// The threshold that was judged.
    pub threshold: f64,
    /// Precision at the threshold, where anything was flagged.
    pub precision: Option<f64>,
    /// Recall at the threshold.
    pub recall: f64,
}
