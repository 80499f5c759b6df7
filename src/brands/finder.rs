//! Where a folded text names a brand.

use super::BrandTable;
use super::misspelt::{self, Misspelt};
use crate::lexicon::ClassSet;
use crate::text::{Finder, Folded, Found, IndexedWord, KnownMap};

/// How a name is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// As the brand writes it, or in another known way.
    Known,
    /// By an abbreviation.
    Abbreviation,
    /// With one letter wrong.
    Misspelt,
}

/// A brand that a text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Which brand: an index into [`BrandTable::brands`].
    pub brand: usize,
    /// Where the name begins, in bytes of the folded text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// How it is written.
    pub spelling: Spelling,
}

/// Finds the brands of one table, in time linear in the text.
#[derive(Debug)]
pub struct BrandFinder {
    table: BrandTable,
    finder: Finder,
    /// Of each spelling in the finder, whose it is and whether it needs goods of the brand's.
    patterns: Vec<(usize, Spelling, bool)>,
    exact: KnownMap<String, usize>,
    misspelt: Misspelt,
}

impl BrandFinder {
    /// A finder for the brands of a table.
    pub fn new(table: BrandTable) -> BrandFinder {
        let (mut spellings, mut patterns) = (Vec::new(), Vec::new());
        let mut exact = KnownMap::default();
        let mut misspelt = Misspelt::default();
        for (index, brand) in table.brands().iter().enumerate() {
            for spelling in &brand.spellings {
                exact.entry(spelling.clone()).or_insert(index);
                if !brand.is_common_word {
                    misspelt.add(spelling, index);
                }
                misspelt.add_short(spelling, index);
                patterns.push((index, Spelling::Known, brand.is_common_word));
                spellings.push((spelling.as_str().into(), false));
            }
            for abbreviation in &brand.abbreviations {
                exact.entry(abbreviation.clone()).or_insert(index);
                patterns.push((index, Spelling::Abbreviation, true));
                spellings.push((abbreviation.as_str().into(), false));
            }
        }
        misspelt.settle();
        let finder = Finder::new(spellings);
        BrandFinder { table, finder, patterns, exact, misspelt }
    }

    /// The brands.
    pub fn table(&self) -> &BrandTable {
        &self.table
    }

    /// The brand that the text of a brand field means.
    pub fn resolve(&self, folded: &str) -> Option<usize> {
        self.exact.get(folded).copied()
    }

    /// The brand that the text of a brand field misspells; `classes` are the goods of the listing, and must
    /// be those of the brand: small brands with names of their own stand in brand fields.
    pub fn resolve_misspelt(&self, folded: &str, classes: ClassSet) -> Option<usize> {
        let near = self.misspelt.brand(folded);
        let trades = |own: &usize| self.table.brands[*own].classes.overlaps(classes);
        near.filter(trades).or_else(|| self.misspelt_for_goods(folded, classes))
    }

    /// Adds to `mentions` the brands that a folded text names, in order, without overlaps: of names
    /// that overlap the leftmost, and of those that begin together the longest. `classes` are the goods
    /// of the listing, `declared` the brand of its brand field. With `misspelt` names with one wrong
    /// letter count too.
    pub fn find(
        &self,
        text: &Folded,
        classes: ClassSet,
        declared: Option<usize>,
        misspelt: bool,
        mentions: &mut Vec<Mention>,
    ) {
        let first = mentions.len();
        self.finder.find(text.as_str(), text.index(), |Found { start, end, pattern }| {
            let (brand, spelling, is_gated) = self.patterns[pattern];
            let trades_in = || self.table.brands[brand].classes.overlaps(classes);
            let counts = !is_gated
                || trades_in()
                || (spelling == Spelling::Known && declared == Some(brand));
            if counts {
                mentions.push(Mention { brand, start, end, spelling });
            }
        });
        if misspelt {
            self.find_misspelt(text, classes, mentions);
        }
        let own = &mut mentions[first..];
        own.sort_unstable_by_key(|own| (own.start, std::cmp::Reverse(own.end), own.brand));
        let mut taken_to = 0;
        let mut kept = first;
        for at in first..mentions.len() {
            let own = mentions[at];
            if own.start >= taken_to {
                taken_to = own.end;
                mentions[kept] = own;
                kept += 1;
            }
        }
        mentions.truncate(kept);
    }

    /// Whether goods may be of a brand, as far as both are known. A word that is nearly the name of a maker
    /// of telephones is more likely a word of another language on a jar of cream.
    fn may_be_of(&self, brand: usize, classes: ClassSet) -> bool {
        let own = self.table.brands[brand].classes;
        own.is_empty() || classes.is_empty() || own.overlaps(classes)
    }

    /// The brand that a word misspells in one of the ways that count for goods of its kind only.
    fn misspelt_for_goods(&self, word: &str, classes: ClassSet) -> Option<usize> {
        let of_four = self.misspelt.short_brand(word);
        let brand = of_four.or_else(|| self.misspelt.brand_with_repeats(word))?;
        let counts =
            self.table.brands[brand].classes.overlaps(classes) && !self.exact.contains_key(word);
        counts.then_some(brand)
    }

    fn find_misspelt(&self, text: &Folded, classes: ClassSet, mentions: &mut Vec<Mention>) {
        let index = text.index();
        let text = text.as_str();
        let (words, near): (Vec<&str>, Vec<usize>) = if index.is_made() && !index.has_unspaced() {
            // Then words are those of the index, and one that is near no name costs no more than a look.
            let all = index.words().iter().enumerate();
            let is_near = |own: &IndexedWord| self.misspelt.may_be_near(text, own);
            let near: Vec<usize> = all.filter(|own| is_near(own.1)).map(|own| own.0).collect();
            if near.is_empty() {
                return;
            }
            (index.words().iter().map(|own| own.of(text)).collect(), near)
        } else {
            let words: Vec<&str> = misspelt::words(text).collect();
            let all = (0..words.len()).collect();
            (words, all)
        };
        let start_of = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
        for at in near {
            let word = words[at];
            let single = || {
                let brand = self.misspelt.brand(word).filter(|own| self.may_be_of(*own, classes));
                brand
                    .or_else(|| self.misspelt_for_goods(word, classes))
                    .map(|brand| (brand, at, at))
            };
            let Some((brand, first, last)) = self.misspelt.phrase(&words, at).or_else(single)
            else {
                continue;
            };
            let (start, end) = (start_of(words[first]), start_of(words[last]) + words[last].len());
            mentions.push(Mention { brand, start, end, spelling: Spelling::Misspelt });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{fold, folded_string};

    fn found(title: &str, classes: &str, declared: Option<&str>) -> Vec<String> {
        let finder = BrandFinder::new(BrandTable::builtin().unwrap());
        let declared = declared.and_then(|own| finder.resolve(&folded_string(own)));
        let classes = ClassSet::from_names(classes).unwrap();
        let text = fold(title);
        let mut mentions = Vec::new();
        finder.find(&text, classes, declared, true, &mut mentions);
        let name = |own: &Mention| {
            let how = match own.spelling {
                Spelling::Known => "",
                Spelling::Abbreviation => "~",
                Spelling::Misspelt => "?",
            };
            format!("{how}{}", finder.table().brands()[own.brand].name)
        };
        mentions.iter().map(name).collect()
    }

    #[test]
    fn brands_are_found_in_any_script_as_whole_words() {
        assert_eq!(found("NIKE Air Jordan 1", "shoes", None), ["Nike", "Jordan"]);
        assert_eq!(found("кроссовки Найк и Гуччи", "", None), ["Nike", "Gucci"]);
        assert_eq!(found("路易威登包包", "", None), ["Louis Vuitton"]);
        assert_eq!(found("루이비통가방", "", None), ["Louis Vuitton"]);
        assert_eq!(found("nikestore unique", "", None), [""; 0]);
        assert_eq!(found("the north face jacket", "", None), ["The North Face"]);
    }

    #[test]
    fn everyday_words_and_abbreviations_need_goods_of_the_brand() {
        assert_eq!(found("apple juice", "food", None), [""; 0]);
        assert_eq!(found("apple watch", "watches", None), ["Apple"]);
        assert_eq!(found("champion trophy", "", Some("Champion")), ["Champion"]);
        assert_eq!(found("LV bag", "bags", None), ["~Louis Vuitton"]);
        assert_eq!(found("LV bag", "", None), [""; 0]);
        assert_eq!(found("UA hoodie", "clothing", None), ["~Under Armour"]);
    }

    #[test]
    fn misspelt_brands_are_told_as_such() {
        assert_eq!(found("guccy bag and chaanel belt", "", None), ["?Gucci", "?Chanel"]);
        assert_eq!(found("Luis Vuiton bag", "", None), ["?Louis Vuitton"]);
        assert_eq!(found("tv channel remote", "", None), [""; 0]);
        assert_eq!(found("chaanel cream", "cosmetics", None), ["?Chanel"]);
        assert_eq!(found("chaanel tyres", "vehicles", None), [""; 0], "goods of other kinds");
        assert_eq!(found("Nkie and Nlke sneakers", "shoes", None), ["?Nike", "?Nike"]);
        assert_eq!(found("Nkie tyre, Niek shoes", "vehicles", None), [""; 0]);
        assert_eq!(found("Niek Jansen sneakers", "shoes", None), [""; 0]);
    }
}
