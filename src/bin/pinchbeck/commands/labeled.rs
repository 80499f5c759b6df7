//! Labeled listings, read whole for training and evaluation.

use pinchbeck::listing::Column;
use pinchbeck::training::LabeledSet;
use pinchbeck::{ListingBatch, Mapping, Result};

use super::opened::{self, Unreadable};
use crate::args::{InputArgs, LabelArgs};
use crate::console;

/// The mapping with the columns named on the command line.
pub(super) fn mapping(input: &InputArgs, labels: &LabelArgs) -> Result<Mapping> {
    let mut mapping = opened::mapping(input.mapping.as_deref())?;
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
    let resolved = mapping.resolve(&name, input.schema(), true)?;
    opened::tell_mapping(&resolved);
    let label = resolved.spelled(Column::IsCounterfeit).unwrap_or_default().to_owned();
    let mut unreadable = Unreadable::open(args)?;
    let mut batches = Vec::new();
    while let Some(block) = input.next_block()? {
        let read = resolved.read(&block.batch)?;
        unreadable.note(&read.problems, &block.rejects)?;
        batches.push(read.listings);
    }
    unreadable.finish()?;
    let set = LabeledSet::new(ListingBatch::concat(batches), &name, &label)?;
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
