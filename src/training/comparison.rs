//! Two models on the same labeled listings, and what stands against believing their figures.

use super::{FEW_POSITIVES, LabeledSet};
use crate::error::Result;
use crate::evaluation::{Comparison, ComparisonParams, Judged, MIN_POSITIVE_GROUPS};
use crate::listing::Column;
use crate::model::{Budget, Model};
use crate::scoring::Scorer;

/// Sellers with a counterfeit below which intervals from drawing sellers are too narrow to rely on.
const FEW_POSITIVE_SELLERS: usize = 20;

/// Compares two scorers on labeled listings, the old one first. `capacity` is how many listings can be
/// reviewed, `seed` that of the bootstrap.
///
/// # Errors
/// None beyond what [`LabeledSet::new`] has checked.
pub fn compare(
    old: &Scorer,
    new: &Scorer,
    set: &LabeledSet,
    capacity: Option<Budget>,
    seed: u64,
) -> Result<Comparison> {
    let probabilities = |scorer: &Scorer| -> Vec<f64> {
        let scores = scorer.score_batch(set.listings());
        set.rows().iter().map(|&row| scores[row].probability).collect()
    };
    let (of_old, of_new) = (probabilities(old), probabilities(new));
    let judged = |own| Judged::new(own, set.labels(), set.groups());
    let thresholds = [old.threshold(), new.threshold()];
    let id = |at: usize| {
        let own = set.listings().text(Column::ListingId, set.rows()[at]);
        own.value().unwrap_or_default().to_owned()
    };
    let params = ComparisonParams { thresholds, capacity, seed };
    let mut found = Comparison::new(&judged(&of_old)?, &judged(&of_new)?, &params, id);
    found.warnings = warnings(&found, set, [old.model(), new.model()]);
    Ok(found)
}

/// Whether a model was trained on these very listings, as far as the values that were read tell: further
/// columns that the model does not know are passed over.
pub fn has_trained_on(model: &Model, set: &LabeledSet) -> bool {
    let own = model.extra_columns();
    let stated = &model.card().data.sha256;
    let is_own = |name: &str| {
        own.numeric.iter().map(|(own, _)| own).chain(&own.categorical).any(|own| own == name)
    };
    *stated == set.digest() || *stated == set.digest_with(is_own)
}

fn warnings(found: &Comparison, set: &LabeledSet, models: [&Model; 2]) -> Vec<String> {
    let mut warnings = Vec::new();
    let seller = Column::SellerId.name();
    if set.n_sellers() == 0 {
        warnings.push(format!(
            "the data does not tell sellers apart (no {seller}): each listing counts as a seller of its own, which makes the intervals too narrow and the verdicts too bold"
        ));
    } else if set.n_without_seller() > 0 {
        warnings.push(format!(
            "{} of the listings name no {seller} and count as sellers of their own",
            set.n_without_seller()
        ));
    }
    let n_sellers = found.n_positive_groups;
    if n_sellers < MIN_POSITIVE_GROUPS {
        warnings.push(format!(
            "sellers with a counterfeit: only {n_sellers}; below {MIN_POSITIVE_GROUPS} there is no interval and no verdict"
        ));
    } else if n_sellers < FEW_POSITIVE_SELLERS {
        warnings.push(format!(
            "sellers with a counterfeit: only {n_sellers}; of so few the intervals are too narrow"
        ));
    }
    if found.n_positive < FEW_POSITIVES {
        warnings.push(format!(
            "only {} of the listings are counterfeit: all figures are uncertain",
            found.n_positive
        ));
    }
    let mut unknown = Vec::new();
    for (which, model) in ["old", "new"].into_iter().zip(models) {
        if has_trained_on(model, set) {
            warnings.push(format!(
                "the {which} model was trained on these very listings: its figures are flattered, and the comparison leans to it"
            ));
        } else {
            unknown.push(which);
        }
    }
    if !unknown.is_empty() {
        warnings.push(format!(
            "whether the {} model was trained on some of these listings cannot be known: a model file holds only a digest of all of its data",
            unknown.join(" or the ")
        ));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{Input, ReadOptions};
    use crate::listing::{ExtraColumns, Listing, ListingBatch, Mapping, Transform};

    /// `n` listings of as many sellers, the first of them counterfeit.
    fn set(n: usize, n_positive: usize, seller: impl Fn(usize) -> Option<String>) -> LabeledSet {
        let listings: Vec<Listing> = (0..n)
            .map(|row| Listing {
                seller_id: seller(row),
                ..Listing::new(format!("L{row}"), format!("leather bag number {row}"))
            })
            .collect();
        let labels = (0..n).map(|row| f64::from(u8::from(row < n_positive))).collect();
        LabeledSet::new(ListingBatch::from_listings(&listings).with_labels(labels), "test", "label")
            .unwrap()
    }

    fn warned(set: &LabeledSet, trained_on_it: bool) -> String {
        let old = Model::embedded().unwrap();
        let mut new = old.clone();
        if trained_on_it {
            new.card.data.sha256 = set.digest();
        }
        let scorers = [old, new].map(|own| Scorer::new(own).unwrap());
        compare(&scorers[0], &scorers[1], set, None, 0).unwrap().warnings.join("\n")
    }

    #[test]
    fn warnings_say_what_the_data_cannot_tell() {
        let name = |row: usize| Some(format!("S{row}"));
        let few = warned(&set(60, 4, name), false);
        assert!(few.contains("sellers with a counterfeit: only 4; below 5"), "{few}");
        assert!(few.contains("only 4 of the listings"), "{few}");
        assert!(few.contains("whether the old or the new model"), "{few}");
        let some = warned(&set(60, 19, name), true);
        assert!(some.contains("sellers with a counterfeit: only 19; of so few"), "{some}");
        assert!(some.contains("the new model was trained on these very listings"), "{some}");
        assert!(some.contains("whether the old model was trained"), "{some}");
        let none = warned(&set(120, 50, name), false);
        assert_eq!(none.lines().count(), 1, "{none}");
        assert!(warned(&set(120, 50, |_| None), false).contains("does not tell sellers apart"));
        let partly = warned(&set(120, 50, |row| name(row).filter(|_| row > 2)), false);
        assert!(partly.contains("3 of the listings name no seller_id"), "{partly}");
    }

    /// The labeled listings of a CSV, with further columns.
    fn read(csv: &str, extra: ExtraColumns) -> LabeledSet {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("labeled.csv");
        std::fs::write(&path, csv).unwrap();
        let mut input = Input::open(&[path], &ReadOptions::default()).unwrap();
        let mapping = Mapping::default().with_extra(extra);
        let resolved = mapping.resolve_input(&input, true).unwrap();
        let block = input.next_block().unwrap().unwrap();
        LabeledSet::new(resolved.read(&block.batch).unwrap().listings, "test", "label").unwrap()
    }

    #[test]
    fn further_columns_of_the_other_model_do_not_hide_that_a_model_was_trained_on_the_data() {
        let csv = "listing_id,title,seller_id,is_counterfeit,weight\n1,bag,A,1,2\n2,bag,B,0,3\n";
        let numeric = vec![("weight".to_owned(), Transform::Identity)];
        let with = read(csv, ExtraColumns { numeric, categorical: Vec::new() });
        let without = read(csv, ExtraColumns::default());
        assert_ne!(with.digest(), without.digest());
        let mut model = Model::embedded().unwrap();
        assert!(!has_trained_on(&model, &with));
        model.card.data.sha256 = without.digest();
        assert!(has_trained_on(&model, &with) && has_trained_on(&model, &without));
    }
}
