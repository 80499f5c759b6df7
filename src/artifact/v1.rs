//! Format version 1: the serde structures of the model file, and nothing else that serde knows.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher, RandomState};

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::excerpt;
use crate::features::{
    BinEncoder, BrandVocabulary, CategoryEncoder, Encoder, Extractor, FeatureSource, FittedState,
    Indicator, N_QUANTILES, NumberEncoder, PriceCell, PriceKey, PriceReference, SIGNALS, Scale,
    WordEncoder, WordField,
};
use crate::listing::Transform;
use crate::model::{
    Calibration, Card, LexiconInfo, LinearModel, Model, OperatingPoint, Policy, SplitSummary,
    Threshold, ThresholdSpread, TrainingData,
};

/// The whole file; its first key says how to read the rest.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File<'a> {
    pub(super) format_version: u64,
    pub(super) sha256: String,
    #[serde(borrow)]
    pub(super) model: Body<'a>,
}

/// The version alone, read before anything else is.
#[derive(Deserialize)]
pub(super) struct Version {
    pub(super) format_version: u64,
}

/// The content that the digest covers.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Body<'a> {
    card: CardV1,
    threshold: ThresholdV1,
    calibration: CalibrationV1,
    intercept: f64,
    #[serde(borrow)]
    coefficients: Pairs<'a>,
    #[serde(borrow)]
    features: Vec<FeatureV1<'a>>,
    brands: Vec<String>,
    #[serde(borrow)]
    prices: Vec<PriceV1<'a>>,
    operating_points: Vec<OperatingPointV1>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CardV1 {
    note: String,
    crate_version: String,
    data: DataV1,
    penalty: f64,
    word_penalty: Option<f64>,
    bin_penalty: Option<f64>,
    one_standard_error: bool,
    gradient_norm: f64,
    sample_weight: Option<String>,
    negatives: Option<f64>,
    spread: Option<SpreadV1>,
    seed: u64,
    n_folds: usize,
    holdout: f64,
    refitted: bool,
    lexicons: Vec<LexiconV1>,
    evaluation: Vec<SplitV1>,
    warnings: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SpreadV1 {
    flagged_share: (f64, f64),
    precision: Option<(f64, f64)>,
    recall: (f64, f64),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DataV1 {
    sha256: String,
    n: usize,
    n_positive: usize,
    n_sellers: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LexiconV1 {
    language: String,
    version: String,
    sha256: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SplitV1 {
    split: String,
    n: usize,
    n_positive: usize,
    average_precision: f64,
    average_precision_interval: Option<(f64, f64)>,
    roc_auc: f64,
    at: Vec<(usize, f64, f64)>,
    log_loss: f64,
    brier: f64,
    ece: f64,
    calibration_slope: Option<f64>,
    threshold: f64,
    precision: Option<f64>,
    recall: f64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ThresholdV1 {
    probability: f64,
    policy: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CalibrationV1 {
    slope: f64,
    intercept: f64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    knots: Vec<(f64, f64)>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OperatingPointV1 {
    threshold: f64,
    flagged_share: f64,
    precision: f64,
    recall: f64,
}

/// A feature with its fitted encoder. Which of the optional parts must be there depends on the
/// source.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FeatureV1<'a> {
    name: String,
    source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    transform: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mean: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sd: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    missing_share: Option<f64>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    levels: Option<Pairs<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rare: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rare_share: Option<f64>,
    /// Where bins begin and the last one ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bin_edges: Option<Vec<f64>>,
    /// The mean of the column of each bin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bin_means: Option<Vec<f64>>,
    /// Terms with their inverse document frequencies.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    terms: Option<Pairs<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceV1<'a> {
    #[serde(borrow)]
    currency: Cow<'a, str>,
    #[serde(borrow)]
    brand: Cow<'a, str>,
    #[serde(borrow)]
    category: Cow<'a, str>,
    #[serde(borrow)]
    condition: Cow<'a, str>,
    n: usize,
    log_median: f64,
    log_reference: f64,
    spread: f64,
    quantiles: [f64; N_QUANTILES],
}

/// Numbers by name: a JSON object whose order counts and in which no key stands twice. A model has
/// many, so that names stay where they stand as long as they can.
struct Pairs<'a>(Vec<(Cow<'a, str>, f64)>);

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object without repeated keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs: Vec<(Cow<'de, str>, f64)> = Vec::new();
        // Hashes find a repeated key; the keys themselves tell it from another of the same hash.
        let (state, mut hashes) = (RandomState::new(), HashSet::new());
        while let Some((Key(key), value)) = map.next_entry::<Key<'de>, f64>()? {
            let is_known = !hashes.insert(state.hash_one(&key));
            if is_known && pairs.iter().any(|(own, _)| *own == key) {
                let message = format!("the key {} stands twice", excerpt(&key));
                return Err(serde::de::Error::custom(message));
            }
            pairs.push((key, value));
        }
        Ok(Pairs(pairs))
    }
}

/// A key, borrowed where no character of it is escaped.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Body<'a> {
    pub(super) fn from_model(model: &'a Model) -> Body<'a> {
        let names = model.extractor.column_names();
        let state = model.extractor.state();
        Body {
            card: CardV1::from_card(&model.card),
            threshold: ThresholdV1 {
                probability: model.threshold.probability,
                policy: model.threshold.policy.to_string(),
            },
            calibration: CalibrationV1 {
                slope: model.calibration.slope(),
                intercept: model.calibration.intercept(),
                knots: model.calibration.knots().to_vec(),
            },
            intercept: model.linear.intercept,
            coefficients: Pairs(
                names
                    .into_iter()
                    .map(Cow::Owned)
                    .zip(model.linear.coefficients.iter().copied())
                    .collect(),
            ),
            features: model
                .extractor
                .features()
                .iter()
                .map(|feature| FeatureV1::from_parts(&feature.source, &feature.encoder))
                .collect(),
            brands: state.brands.iter().map(str::to_owned).collect(),
            prices: state
                .prices
                .sorted()
                .into_iter()
                .map(|(key, cell)| PriceV1 {
                    currency: key.currency.as_str().into(),
                    brand: key.brand.as_str().into(),
                    category: key.category.as_str().into(),
                    condition: key.condition.as_str().into(),
                    n: cell.n,
                    log_median: cell.log_median,
                    log_reference: cell.log_reference,
                    spread: cell.spread,
                    quantiles: cell.quantiles,
                })
                .collect(),
            operating_points: model
                .operating_points
                .iter()
                .map(|point| OperatingPointV1 {
                    threshold: point.threshold,
                    flagged_share: point.flagged_share,
                    precision: point.precision,
                    recall: point.recall,
                })
                .collect(),
        }
    }

    /// The model, once everything in it was checked; the error says what is wrong.
    pub(super) fn into_model(self) -> Result<Model, String> {
        let mut parts = Vec::with_capacity(self.features.len());
        let mut seen = HashSet::new();
        for feature in self.features {
            let name = excerpt(&feature.name);
            let part =
                feature.into_parts().map_err(|problem| format!("feature {name}: {problem}"))?;
            if !seen.insert((part.0.kind(), part.0.name().to_owned())) {
                return Err(format!("the feature {name} stands twice"));
            }
            parts.push(part);
        }
        let mut cells = Vec::with_capacity(self.prices.len());
        for price in self.prices {
            cells.push(price.into_cell()?);
        }
        let state = FittedState {
            prices: PriceReference::from_cells(cells),
            brands: BrandVocabulary::from_brands(self.brands),
        };
        let extractor = Extractor::from_parts(state, parts);
        let expected = extractor.column_names();
        let found: Vec<&str> = self.coefficients.0.iter().map(|(name, _)| &**name).collect();
        if expected != found {
            let odd = expected
                .iter()
                .zip(&found)
                .find(|(expected, found)| expected != *found)
                .map_or_else(
                    || format!("{} columns and {} coefficients", expected.len(), found.len()),
                    |(expected, found)| {
                        format!("{} where the features make {}", excerpt(found), excerpt(expected))
                    },
                );
            return Err(format!("the coefficients do not belong to the features: {odd}"));
        }
        let odd = self.coefficients.0.iter().find(|(_, value)| value.abs() > MAX_WEIGHT);
        if let Some((name, value)) = odd {
            return Err(format!("the coefficient of {} is {value}", excerpt(name)));
        }
        let weights = [self.intercept, self.calibration.slope, self.calibration.intercept];
        if weights.iter().any(|weight| weight.abs() > MAX_WEIGHT) {
            return Err(format!("an intercept or the calibration is beyond {MAX_WEIGHT}"));
        }
        let coefficients = self.coefficients.0.into_iter().map(|(_, value)| value).collect();
        let CalibrationV1 { slope, intercept, knots } = self.calibration;
        if knots.iter().any(|(from, to)| from.abs().max(to.abs()) > MAX_WEIGHT) {
            return Err(format!("a knot of the calibration is beyond {MAX_WEIGHT}"));
        }
        let calibration = Calibration::platt(slope, intercept)
            .ok_or("the calibration's slope must be positive")?
            .with_knots(knots)
            .ok_or("the knots of the calibration must rise")?;
        let policy: Policy = self.threshold.policy.parse().map_err(|_| {
            format!("the threshold policy {} is unknown", excerpt(&self.threshold.policy))
        })?;
        check_threshold(self.threshold.probability)?;
        let mut operating_points = Vec::with_capacity(self.operating_points.len());
        for point in self.operating_points {
            check_threshold(point.threshold)?;
            let shares = [point.flagged_share, point.precision, point.recall];
            // A share that was moved with the base rate may be a rounding error above 1.
            if shares.iter().any(|share| !(0.0..=1.0 + 1e-9).contains(share)) {
                return Err("the shares of an operating point must be from 0 to 1".to_owned());
            }
            operating_points.push(OperatingPoint {
                threshold: point.threshold,
                flagged_share: point.flagged_share,
                precision: point.precision,
                recall: point.recall,
            });
        }
        Ok(Model {
            extractor,
            linear: LinearModel { intercept: self.intercept, coefficients },
            calibration,
            threshold: Threshold { probability: self.threshold.probability, policy },
            operating_points,
            card: self.card.into_card(),
        })
    }
}

impl<'a> FeatureV1<'a> {
    fn from_parts(source: &FeatureSource, encoder: &'a Encoder) -> FeatureV1<'a> {
        let empty = FeatureV1 {
            name: source.name().to_owned(),
            source: source.kind().to_owned(),
            transform: None,
            mean: None,
            sd: None,
            min: None,
            max: None,
            missing_share: None,
            levels: None,
            rare: None,
            rare_share: None,
            bin_edges: None,
            bin_means: None,
            terms: None,
        };
        match encoder {
            Encoder::Number(number) => FeatureV1 {
                transform: Some(number.transform.name().to_owned()),
                mean: number.scale.map(|scale| scale.mean),
                sd: number.scale.map(|scale| scale.sd),
                min: number.scale.map(|scale| scale.min),
                max: number.scale.map(|scale| scale.max),
                missing_share: number.missing.map(|missing| missing.share),
                bin_edges: number.bins.as_ref().map(|bins| bins.edges().to_vec()),
                bin_means: number.bins.as_ref().map(|bins| bins.means().to_vec()),
                ..empty
            },
            Encoder::Category(category) => FeatureV1 {
                levels: Some(Pairs(
                    category
                        .levels
                        .iter()
                        .map(|(level, indicator)| (level.as_str().into(), indicator.share))
                        .collect(),
                )),
                rare: Some(category.rare.clone()),
                rare_share: category.pooled.map(|pooled| pooled.share),
                missing_share: category.missing.map(|missing| missing.share),
                ..empty
            },
            Encoder::Words(words) => FeatureV1 {
                terms: Some(Pairs(
                    words.terms().iter().map(|(term, idf)| ((&**term).into(), *idf)).collect(),
                )),
                ..empty
            },
        }
    }

    fn into_parts(self) -> Result<(FeatureSource, Encoder), String> {
        let missing = self.missing_share.map(indicator).transpose()?;
        if self.source == "extra_categorical" {
            let levels = self.levels.ok_or("a category needs `levels`")?.0;
            let mut rare = self.rare.ok_or("a category needs `rare`")?;
            rare.sort();
            let mut fitted = Vec::with_capacity(levels.len());
            for (level, share) in levels {
                fitted.push((level.into_owned(), indicator(share)?));
            }
            if !fitted.is_sorted_by(|a, b| a.0 < b.0) {
                return Err("the levels must be in order".into());
            }
            let pooled = self.rare_share.map(indicator).transpose()?;
            let encoder = CategoryEncoder { levels: fitted, rare, pooled, missing };
            return Ok((FeatureSource::ExtraCategory(self.name), Encoder::Category(encoder)));
        }
        if self.source == "words" {
            let field = WordField::from_feature_name(&self.name)
                .ok_or("no field has its words learned under this name")?;
            let terms = self.terms.ok_or("words need `terms`")?.0;
            if !terms.is_sorted_by(|a, b| a.0 < b.0) {
                return Err("the terms must be in order".into());
            }
            if terms.iter().any(|(_, idf)| !(1.0..=MAX_WEIGHT).contains(idf)) {
                return Err("an inverse document frequency must be 1 or more".into());
            }
            let terms = terms.into_iter().map(|(term, idf)| (term.into(), idf)).collect();
            return Ok((
                FeatureSource::Words(field),
                Encoder::Words(WordEncoder::from_terms(terms)),
            ));
        }
        let word = self.transform.ok_or("a number needs `transform`")?;
        let transform = Transform::from_name(&word)
            .ok_or_else(|| format!("the transform {} is unknown", excerpt(&word)))?;
        let scale = match (self.mean, self.sd, self.min, self.max) {
            (None, None, None, None) => None,
            (Some(mean), Some(sd), Some(min), Some(max))
                if sd > 0.0
                    && min <= max
                    && [min, max].iter().all(|end| ((end - mean) / sd).abs() <= MAX_WEIGHT) =>
            {
                Some(Scale { mean, sd, min, max })
            }
            _ => {
                return Err(
                    "expected mean, sd > 0, min and max >= min together, in proportion".into()
                );
            }
        };
        let bins = match (self.bin_edges, self.bin_means) {
            (None, None) => None,
            (Some(edges), Some(means)) => {
                Some(BinEncoder::from_parts(transform, edges, means).ok_or(
                    "expected rising edges of bins, and a mean from 0 to 1 of each bin, falling",
                )?)
            }
            _ => return Err("expected edges and means of bins together".into()),
        };
        let encoder = Encoder::Number(NumberEncoder { transform, scale, missing, bins });
        match self.source.as_str() {
            "extra_numeric" => Ok((FeatureSource::ExtraNumber(self.name, transform), encoder)),
            "signal" => {
                let signal =
                    SIGNALS.iter().find(|signal| signal.name() == self.name).ok_or(
                        "this program has no such signal; use the pinchbeck that wrote the model or retrain",
                    )?;
                if signal.transform() != transform {
                    return Err(format!(
                        "this program uses the signal as {}, the model as {}; retrain",
                        signal.transform().name(),
                        transform.name()
                    ));
                }
                Ok((FeatureSource::Signal(*signal), encoder))
            }
            other => Err(format!("the source {} is unknown", excerpt(other))),
        }
    }
}

/// No coefficient and no standardized value is larger, so that no score can be infinite or NaN.
const MAX_WEIGHT: f64 = 1e6;

/// A threshold is a probability; one that flags nothing is just above 1.
fn check_threshold(threshold: f64) -> Result<(), String> {
    if (0.0..=1.0_f64.next_up()).contains(&threshold) {
        Ok(())
    } else {
        Err(format!("a threshold of {threshold} is not from 0 to 1"))
    }
}

/// An indicator of this share, which must leave room for both values.
fn indicator(share: f64) -> Result<Indicator, String> {
    if share > 1e-12 && share < 1.0 - 1e-12 {
        Ok(Indicator { share })
    } else {
        Err(format!("a share of {share} is not between 0 and 1"))
    }
}

impl PriceV1<'_> {
    fn into_cell(self) -> Result<(PriceKey, PriceCell), String> {
        if self.n == 0 || self.spread <= 0.0 {
            return Err(format!(
                "prices of {} in {}: expected n > 0 and spread > 0",
                excerpt(&self.brand),
                excerpt(&self.category)
            ));
        }
        if !self.quantiles.is_sorted() {
            return Err(format!(
                "prices of {} in {}: expected quantiles in ascending order",
                excerpt(&self.brand),
                excerpt(&self.category)
            ));
        }
        let key = PriceKey {
            currency: self.currency.into_owned(),
            brand: self.brand.into_owned(),
            category: self.category.into_owned(),
            condition: self.condition.into_owned(),
        };
        let cell = PriceCell {
            n: self.n,
            log_median: self.log_median,
            log_reference: self.log_reference,
            spread: self.spread,
            quantiles: self.quantiles,
        };
        Ok((key, cell))
    }
}

impl CardV1 {
    fn from_card(card: &Card) -> CardV1 {
        CardV1 {
            note: card.note.clone(),
            crate_version: card.crate_version.clone(),
            data: DataV1 {
                sha256: card.data.sha256.clone(),
                n: card.data.n,
                n_positive: card.data.n_positive,
                n_sellers: card.data.n_sellers,
            },
            penalty: card.penalty,
            word_penalty: card.word_penalty,
            bin_penalty: card.bin_penalty,
            one_standard_error: card.one_standard_error,
            gradient_norm: card.gradient_norm,
            sample_weight: card.sample_weight.clone(),
            negatives: card.negatives,
            spread: card.spread.map(|own| SpreadV1 {
                flagged_share: own.flagged_share,
                precision: own.precision,
                recall: own.recall,
            }),
            seed: card.seed,
            n_folds: card.n_folds,
            holdout: card.holdout,
            refitted: card.refitted,
            lexicons: card
                .lexicons
                .iter()
                .map(|lexicon| LexiconV1 {
                    language: lexicon.language.clone(),
                    version: lexicon.version.clone(),
                    sha256: lexicon.sha256.clone(),
                })
                .collect(),
            evaluation: card.evaluation.iter().map(SplitV1::from_summary).collect(),
            warnings: card.warnings.clone(),
        }
    }

    fn into_card(self) -> Card {
        Card {
            note: self.note,
            crate_version: self.crate_version,
            data: TrainingData {
                sha256: self.data.sha256,
                n: self.data.n,
                n_positive: self.data.n_positive,
                n_sellers: self.data.n_sellers,
            },
            penalty: self.penalty,
            word_penalty: self.word_penalty,
            bin_penalty: self.bin_penalty,
            one_standard_error: self.one_standard_error,
            gradient_norm: self.gradient_norm,
            sample_weight: self.sample_weight,
            negatives: self.negatives,
            spread: self.spread.map(|own| ThresholdSpread {
                flagged_share: own.flagged_share,
                precision: own.precision,
                recall: own.recall,
            }),
            seed: self.seed,
            n_folds: self.n_folds,
            holdout: self.holdout,
            refitted: self.refitted,
            lexicons: self
                .lexicons
                .into_iter()
                .map(|lexicon| LexiconInfo {
                    language: lexicon.language,
                    version: lexicon.version,
                    sha256: lexicon.sha256,
                })
                .collect(),
            evaluation: self.evaluation.into_iter().map(SplitV1::into_summary).collect(),
            warnings: self.warnings,
        }
    }
}

impl SplitV1 {
    fn from_summary(own: &SplitSummary) -> SplitV1 {
        SplitV1 {
            split: own.split.clone(),
            n: own.n,
            n_positive: own.n_positive,
            average_precision: own.average_precision,
            average_precision_interval: own.average_precision_interval,
            roc_auc: own.roc_auc,
            at: own.at.clone(),
            log_loss: own.log_loss,
            brier: own.brier,
            ece: own.ece,
            calibration_slope: own.calibration_slope,
            threshold: own.threshold,
            precision: own.precision,
            recall: own.recall,
        }
    }

    fn into_summary(self) -> SplitSummary {
        SplitSummary {
            split: self.split,
            n: self.n,
            n_positive: self.n_positive,
            average_precision: self.average_precision,
            average_precision_interval: self.average_precision_interval,
            roc_auc: self.roc_auc,
            at: self.at,
            log_loss: self.log_loss,
            brier: self.brier,
            ece: self.ece,
            calibration_slope: self.calibration_slope,
            threshold: self.threshold,
            precision: self.precision,
            recall: self.recall,
        }
    }
}
