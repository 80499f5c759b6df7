//! What the brand signals share: which brands a title names, and how.

use super::term_evidence::quoted;
use crate::brands::{Brand, Spelling};
use crate::features::Row;
use crate::features::prepared::BrandMention;
use crate::lexicon::ClassSet;
use crate::listing::Column;

/// The brands that the title names to say what the goods are. Names that only say what the goods fit
/// are left out, but not of goods that are worn or put on, which fit no brand.
fn brands_of_goods<'a>(
    row: &Row<'a>,
) -> impl Iterator<Item = (&'a BrandMention, &'a Brand)> + use<'a> {
    let classes = row.classes();
    let may_fit = !classes.is_empty() && !classes.overlaps(ClassSet::WORN);
    // One "for" is for all names behind it: "case for iPhone, Samsung and Huawei".
    let mut fits = false;
    row.mentions().filter(|(own, _)| own.field == Column::Title).filter(move |(own, _)| {
        fits |= own.is_nominative;
        !(may_fit && fits)
    })
}

/// The brand of the title that is not the one of the brand field.
pub(super) fn other_brand<'a>(row: &Row<'a>) -> Option<(&'a BrandMention, &'a Brand)> {
    let table = row.knowledge().brands().table();
    let declared = row.declared_brand();
    let is_same = |own: &BrandMention| {
        declared.is_some_and(|declared| table.are_related(declared, own.brand))
    };
    let mut named: Vec<_> = brands_of_goods(row).collect();
    // A title that names the declared brand as well is another matter.
    let is_honest = named.iter().any(|(own, _)| is_same(own));
    named.retain(|(own, _)| own.spelling == Spelling::Known && !is_same(own));
    named.into_iter().next().filter(|_| !is_honest)
}

/// The names of the brands of the title, one of each group of related ones.
pub(super) fn unrelated_brands<'a>(row: &Row<'a>) -> Vec<&'a str> {
    let table = row.knowledge().brands().table();
    let mut kept: Vec<usize> = Vec::new();
    for (own, _) in brands_of_goods(row) {
        if !kept.iter().any(|other| table.are_related(*other, own.brand)) {
            kept.push(own.brand);
        }
    }
    kept.into_iter().map(|index| table.brands()[index].name.as_str()).collect()
}

/// A brand of title or brand field that is misspelt or disguised and nowhere in the title written
/// plainly: what is written, quoted, and the brand.
pub(super) fn altered_brand<'a>(row: &Row<'a>) -> Option<(String, &'a str)> {
    let in_title = || row.mentions().filter(|(own, _)| own.field == Column::Title);
    let is_altered =
        |own: &BrandMention| own.spelling == Spelling::Misspelt || !own.disguises.is_empty();
    let is_plain = |brand: usize| in_title().any(|(own, _)| own.brand == brand && !is_altered(own));
    let found = in_title().find(|(own, _)| is_altered(own) && !is_plain(own.brand));
    if let Some((own, brand)) = found {
        return Some((quoted(row.written(own.field, &own.source)), &brand.name));
    }
    let declared = row.text(Column::Brand).value()?;
    let finder = row.knowledge().brands();
    let brand = finder.resolve_misspelt(&crate::text::folded_string(declared), row.classes())?;
    (!is_plain(brand)).then(|| (quoted(declared), finder.table().brands()[brand].name.as_str()))
}
