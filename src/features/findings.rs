//! What the texts of one listing hold, taken apart for people who keep the lexicons.

use super::knowledge::Knowledge;
use super::prepared::Prepared;
use crate::brands::Spelling;
use crate::lexicon::{ClassSet, HitStatus};
use crate::listing::{Column, Listing, ListingBatch};
use crate::text::Folded;

/// What is found in a listing's texts.
#[derive(Clone, Debug)]
pub struct Findings {
    /// The fields with their folded and restored texts.
    pub texts: Vec<(&'static str, String)>,
    /// The kind of goods.
    pub classes: ClassSet,
    /// Which disguises were undone, in words.
    pub undone: Vec<String>,
    /// Which brands are named, in words.
    pub brands: Vec<String>,
    /// Which terms are found.
    pub terms: Vec<Finding>,
}

/// A term that is found in a text.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The field.
    pub field: &'static str,
    /// Index of the term in the lexicon.
    pub term: usize,
    /// What the seller wrote.
    pub written: String,
    /// Whether it counts, and if not, why.
    pub status: HitStatus,
    /// The words that deny it.
    pub denied_by: Option<String>,
    /// Words between it and the nearest brand.
    pub words_to_brand: Option<usize>,
}

/// What is found in the texts of a listing.
pub fn findings(knowledge: &Knowledge, listing: &Listing) -> Findings {
    let batch = ListingBatch::from_listings(std::slice::from_ref(listing));
    let prepared = Prepared::new(&batch, knowledge, None);
    let state = super::state::FittedState::default();
    let row = prepared.row(&state, 0);
    let mut own = Findings {
        texts: Vec::new(),
        classes: row.classes(),
        undone: Vec::new(),
        brands: Vec::new(),
        terms: Vec::new(),
    };
    let mut undone = Vec::new();
    for field in [Column::Title, Column::Description] {
        let Some(text) = row.text(field).value() else { continue };
        let mut folded = Folded::default();
        knowledge.restore_into(&mut folded, &mut undone, text);
        for word in &undone {
            let written = text.get(folded.source_range(word.start..word.end)).unwrap_or_default();
            let plain = folded.as_str().get(word.start..word.end).unwrap_or_default();
            let how = if word.disguises.is_empty() {
                "another spelling".to_owned()
            } else {
                word.disguises.to_string()
            };
            own.undone.push(format!("“{written}” in the {} is {plain} ({how})", field.name()));
        }
        own.terms.extend(row.found().filter(|(hit, _)| hit.field == field).map(|(hit, _)| {
            let denied_by = match hit.status {
                HitStatus::Negated { by: (start, end) } => {
                    folded.as_str().get(start..end).map(str::to_owned)
                }
                _ => None,
            };
            Finding {
                field: field.name(),
                term: hit.term,
                written: row.written(field, &hit.source).to_owned(),
                status: hit.status,
                denied_by,
                words_to_brand: hit.words_to_brand,
            }
        }));
        own.texts.push((field.name(), folded.as_str().to_owned()));
    }
    for (mention, brand) in row.mentions() {
        let how = match mention.spelling {
            Spelling::Known => "",
            Spelling::Abbreviation => ", abbreviated",
            Spelling::Misspelt => ", misspelt",
        };
        let fits = if mention.is_nominative { ", says what the goods fit" } else { "" };
        let written = row.written(mention.field, &mention.source);
        let field = mention.field.name();
        own.brands.push(format!("“{written}” in the {field} is {}{how}{fits}", brand.name));
    }
    own
}
