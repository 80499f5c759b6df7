//! Brands: how they are written, in which goods they trade, and where a text names them.

mod finder;
mod misspelt;

use std::collections::{HashMap, HashSet};

use crate::digest::Sha256Hex;
use crate::error::{Result, excerpt};
use crate::lexicon::{ClassSet, LexiconDigest};
use crate::reference_file::{ReferenceFile, fault};
use crate::text::folded_string;

pub use finder::{BrandFinder, Mention, Spelling};

/// The name of the built-in table, in digests.
const BUILTIN: &str = "brands";

/// The columns of a table of brands; of a table of one's own only the first must be there.
const COLUMNS: [&str; 7] =
    ["brand", "aliases", "abbreviations", "classes", "flags", "group", "gtin_prefixes"];

/// One brand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brand {
    /// Its name as the table spells it.
    pub name: String,
    /// The folded name and other spellings, in any script.
    pub(crate) spellings: Vec<String>,
    /// Folded abbreviations, which count only for goods of its classes.
    pub(crate) abbreviations: Vec<String>,
    /// The goods that it trades in; nothing where the table does not say.
    pub(crate) classes: ClassSet,
    /// An everyday word, which counts only for goods of its classes.
    pub(crate) is_common_word: bool,
    /// Brands of the same group may stand together.
    pub(crate) group: String,
    /// GS1 company prefixes, digits only.
    pub(crate) gtin_prefixes: Vec<String>,
}

/// A table of brands.
#[derive(Clone, Debug, Default)]
pub struct BrandTable {
    brands: Vec<Brand>,
    digests: Vec<LexiconDigest>,
}

impl Brand {
    /// This brand over an older row of the same name.
    fn over(mut self, old: &Brand) -> Brand {
        for spelling in &old.spellings {
            if !self.spellings.contains(spelling) {
                self.spellings.push(spelling.clone());
            }
        }
        if self.abbreviations.is_empty() {
            self.abbreviations.clone_from(&old.abbreviations);
        }
        if self.classes.is_empty() {
            self.classes = old.classes;
        }
        if self.group.is_empty() {
            self.group.clone_from(&old.group);
        }
        if self.gtin_prefixes.is_empty() {
            self.gtin_prefixes.clone_from(&old.gtin_prefixes);
        }
        self.is_common_word |= old.is_common_word;
        self
    }
}

impl BrandTable {
    /// The table that is part of this crate.
    ///
    /// # Errors
    /// None in a build whose tests passed.
    pub fn builtin() -> Result<BrandTable> {
        BrandTable::from_csv("brands.csv", BUILTIN, include_str!("brands.csv"))
    }

    /// Reads a table from CSV: `brand` and any of `aliases`, `abbreviations`, `classes`, `flags`
    /// (`common_word`), `group` and `gtin_prefixes`; several values of a cell are joined by `|`.
    /// `name` is the file as the user named it, `label` what digests call it.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Reference`] with file, line and column: an unknown column, class or flag,
    /// an empty brand, a brand that is there twice once folded, a prefix that is no number.
    pub fn from_csv(name: &str, label: &str, text: &str) -> Result<BrandTable> {
        let file = ReferenceFile::parse(name, text, &COLUMNS)?;
        let mut brands: Vec<Brand> = Vec::new();
        let mut seen = HashSet::new();
        for row in &file.rows {
            let [brand, aliases, abbreviations, classes, flags, group, prefixes] =
                row.cells.as_slice()
            else {
                continue;
            };
            let wrong = |column: &str, problem: String| {
                Err(fault(row.place.clone().column(column), problem))
            };
            if folded_string(brand).is_empty() {
                return wrong("brand", "the name of the brand is empty".to_owned());
            }
            let classes = match ClassSet::from_names(classes) {
                Ok(classes) => classes,
                Err(found) => {
                    return wrong("classes", format!("an unknown class, {}", excerpt(found)));
                }
            };
            if !matches!(flags.as_str(), "" | "common_word") {
                let found = excerpt(flags);
                return wrong("flags", format!("expected common_word or nothing, found {found}"));
            }
            let parts = |cell: &str| -> Vec<String> {
                cell.split('|').map(folded_string).filter(|own| !own.is_empty()).collect()
            };
            let gtin_prefixes = parts(prefixes);
            if let Some(found) =
                gtin_prefixes.iter().find(|own| !own.bytes().all(|byte| byte.is_ascii_digit()))
            {
                let found = excerpt(found);
                return wrong("gtin_prefixes", format!("expected digits, found {found}"));
            }
            let mut spellings = vec![folded_string(brand)];
            if !seen.insert(spellings[0].clone()) {
                return wrong("brand", format!("the brand {} is there twice", excerpt(brand)));
            }
            for alias in parts(aliases) {
                if !spellings.contains(&alias) {
                    spellings.push(alias);
                }
            }
            brands.push(Brand {
                name: brand.clone(),
                spellings,
                abbreviations: parts(abbreviations),
                classes,
                is_common_word: flags == "common_word",
                group: folded_string(group),
                gtin_prefixes,
            });
        }
        let version = text.lines().find_map(|line| line.strip_prefix("# version:"));
        let digest = LexiconDigest {
            language: label.to_owned(),
            version: version.map_or("-", str::trim).to_owned(),
            sha256: Sha256Hex::of(text),
            n_terms: brands.len(),
        };
        Ok(BrandTable { brands, digests: vec![digest] })
    }

    /// Adds the brands of another table. One of the same name takes the place of what was there; what its
    /// row leaves empty stays, and so do the other spellings.
    pub fn merge(&mut self, other: BrandTable) {
        let mut places: HashMap<String, usize> = HashMap::new();
        for (place, brand) in self.brands.iter().enumerate() {
            places.extend(brand.spellings.first().map(|own| (own.clone(), place)));
        }
        for brand in other.brands {
            match brand.spellings.first().and_then(|own| places.get(own)) {
                Some(&place) => self.brands[place] = brand.over(&self.brands[place]),
                None => self.brands.push(brand),
            }
        }
        self.digests.extend(other.digests);
    }

    /// The brands, in the order of their tables. [`Mention::brand`] is an index into them.
    pub fn brands(&self) -> &[Brand] {
        &self.brands
    }

    /// The files that the brands came from.
    pub fn digests(&self) -> &[LexiconDigest] {
        &self.digests
    }

    /// All folded names and other spellings of letters.
    pub(crate) fn spellings(&self) -> impl Iterator<Item = &str> {
        self.brands.iter().flat_map(|brand| &brand.spellings).map(String::as_str)
    }

    /// Whether two brands may stand in one title: the same, or of one group.
    pub(crate) fn are_related(&self, one: usize, other: usize) -> bool {
        let group = |at: usize| self.brands.get(at).map_or("", |brand| brand.group.as_str());
        one == other || (!group(one).is_empty() && group(one) == group(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_reads_and_no_spelling_means_two_brands() {
        let table = BrandTable::builtin().unwrap();
        assert!(table.brands().len() > 150);
        let mut seen = HashSet::new();
        for spelling in table.spellings() {
            assert!(seen.insert(spelling), "{spelling} twice");
            assert!(spelling.len() > 1, "{spelling}");
        }
        for brand in table.brands() {
            assert!(brand.abbreviations.is_empty() || !brand.classes.is_empty(), "{}", brand.name);
            assert!(!brand.is_common_word || !brand.classes.is_empty(), "{}", brand.name);
        }
    }

    #[test]
    fn a_table_of_ones_own_needs_names_only() {
        let mut table = BrandTable::builtin().unwrap();
        let n = table.brands().len();
        table.merge(BrandTable::from_csv("b.csv", "own", "brand\nVelmora\nＮＩＫＥ\n").unwrap());
        assert_eq!(table.brands().len(), n + 1);
        assert_eq!(table.digests().len(), 2);
        let nike = table.brands().iter().find(|own| own.spellings[0] == "nike").unwrap();
        assert!(nike.spellings.contains(&"耐克".to_owned()), "other spellings stay");
        assert!(!nike.classes.is_empty() && nike.name == "ＮＩＫＥ");
    }

    #[test]
    fn a_wrong_row_has_its_place() {
        for (text, expected) in [
            ("brand,classes\n,x\n", "b.csv: line 2, column brand: the name of the brand is empty"),
            (
                "brand,classes\nA,shoes|hats\n",
                "b.csv: line 2, column classes: an unknown class, \"hats\"",
            ),
            ("brand\nA\nb\nＡ\n", "b.csv: line 4, column brand: the brand \"Ａ\" is there twice"),
            (
                "brand,flags\nA,rare\n",
                "b.csv: line 2, column flags: expected common_word or nothing, found \"rare\"",
            ),
            (
                "brand,gtin_prefixes\nA,40a\n",
                "b.csv: line 2, column gtin_prefixes: expected digits, found \"40a\"",
            ),
        ] {
            let error = BrandTable::from_csv("b.csv", "own", text).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    }
}
