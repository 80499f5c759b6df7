//! Labeled listings, read whole for training and evaluation.

use pinchbeck::input::Problem;
use pinchbeck::listing::Column;
use pinchbeck::training::LabeledSet;
use pinchbeck::{ListingBatch, Mapping, Result};

use super::opened;
use super::unreadable::Unreadable;
use crate::args::{InputArgs, LabelArgs};
use crate::console;

/// The mapping with the columns named on the command line.
pub(super) fn mapping(input: &InputArgs, labels: &LabelArgs) -> Result<Mapping> {
    let mut mapping = opened::mapping(input)?;
    if let Some(label) = &labels.label {
        mapping = mapping.with_column(Column::IsCounterfeit, label, "--label");
    }
    if let Some(positive) = &labels.positive {
        mapping = mapping.with_positive(positive);
    }
    if let Some(group) = &labels.group {
        mapping = mapping.with_column(Column::SellerId, group, "--group");
    }
    Ok(mapping)
}

/// Reads all labeled listings of an input.
pub(super) fn read(args: &InputArgs, mapping: &Mapping) -> Result<LabeledSet> {
    let mut input = opened::input(args)?;
    let name = input.name();
    let resolved = mapping.resolve_input(&input, true)?;
    console::messages(&opened::files_told(&input));
    opened::tell_mapping(&resolved);
    console::messages(&opened::surprises_told(&resolved, &input)?);
    input.select(&resolved.positions())?;
    let label = resolved.spelled(Column::IsCounterfeit).unwrap_or_default().to_owned();
    let mut unreadable = Unreadable::open(args)?;
    let mut batches = Vec::new();
    let mut unreadable_label = None;
    while let Some(block) = input.next_block()? {
        let read = resolved.read(&block.batch)?;
        unreadable.note(&block.problems, &[])?;
        unreadable.note(&read.problems, &block.rejects)?;
        let of_label = |problem: &&Problem| problem.location.column.as_deref() == Some(&*label);
        if unreadable_label.is_none() {
            unreadable_label = read.problems.iter().find(of_label).cloned();
        }
        batches.push(read.listings);
    }
    unreadable.finish()?;
    let listings = ListingBatch::concat(batches);
    // Where no label can be read, what stands there says more than that there are none.
    if let (Some(problem), true) = (unreadable_label, listings.labels().is_some_and(are_none)) {
        return Err(problem.to_error());
    }
    let set = LabeledSet::new(listings, &name, &label)?;
    let unlabeled = match set.listings().len() - set.len() {
        0 => String::new(),
        n => format!("; {n} without a label are left out"),
    };
    console::message(&format!(
        "{} labeled listings, {} counterfeit, {} sellers{unlabeled}",
        set.len(),
        set.n_positive(),
        set.n_sellers()
    ));
    Ok(set)
}

fn are_none(labels: &[f64]) -> bool {
    labels.iter().all(|label| label.is_nan())
}
