//! What goods a listing offers, as far as its category and title tell.

use super::words::{finder_of, words_of};
use crate::error::{Error, Result, excerpt};
use crate::reference_file::{ReferenceFile, fault};
use crate::text::{Finder, Folded};

/// The classes of goods, in the order of the bits of a [`ClassSet`].
const CLASSES: [&str; 24] = [
    "clothing",
    "shoes",
    "bags",
    "watches",
    "jewelry",
    "eyewear",
    "perfume",
    "cosmetics",
    "electronics",
    "audio",
    "phone_accessory",
    "parts",
    "batteries",
    "models",
    "toys",
    "sports_kit",
    "media",
    "computing",
    "tools",
    "home",
    "gemstones",
    "power",
    "food",
    "decor",
];

/// Classes that only some listings are of, beyond the first.
const MORE_CLASSES: [&str; 2] = ["vehicles", "musical"];

/// Several classes of goods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ClassSet(u32);

impl ClassSet {
    /// Clothing, shoes, bags, watches, jewelry and eyewear.
    pub const FASHION: ClassSet = ClassSet(0b11_1111);
    /// Accessories and parts: things that are made for other things.
    pub const ACCESSORIES: ClassSet = ClassSet(0b11 << 10);

    /// Goods to wear or to put on: fashion, perfume and cosmetics. They fit no brand, and are what is
    /// copied most.
    pub const WORN: ClassSet = ClassSet(0b1111_1111);
    /// Perfume, cosmetics, electronics and audio: what is sold by its brand beside fashion.
    pub const BRANDED: ClassSet = ClassSet(0b1111 << 6);

    /// The class or group of this name.
    pub fn from_name(name: &str) -> Option<ClassSet> {
        if name == "fashion" {
            return Some(ClassSet::FASHION);
        }
        let place = CLASSES.iter().chain(&MORE_CLASSES).position(|own| *own == name)?;
        Some(ClassSet(1 << place))
    }

    /// The classes of names joined by `|`.
    ///
    /// # Errors
    /// The first name that is none.
    pub(crate) fn from_names(names: &str) -> std::result::Result<ClassSet, &str> {
        names
            .split('|')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .try_fold(ClassSet::default(), |set, name| {
                ClassSet::from_name(name).map(|own| set.union(own)).ok_or(name)
            })
    }

    /// True when nothing is known.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True when both have a class in common.
    pub fn overlaps(self, other: ClassSet) -> bool {
        self.0 & other.0 != 0
    }

    /// All classes of both.
    #[must_use]
    pub const fn union(self, other: ClassSet) -> ClassSet {
        ClassSet(self.0 | other.0)
    }

    /// The classes that both have.
    #[must_use]
    pub fn intersection(self, other: ClassSet) -> ClassSet {
        ClassSet(self.0 & other.0)
    }

    /// The names of the classes, in their order.
    pub fn names(self) -> Vec<&'static str> {
        let all = CLASSES.iter().chain(&MORE_CLASSES).enumerate();
        all.filter(|(place, _)| self.0 & (1 << place) != 0).map(|(_, name)| *name).collect()
    }
}

/// The names of all classes, and of the group.
pub(crate) fn class_names() -> String {
    let all: Vec<&str> = ["fashion"].iter().chain(&CLASSES).chain(&MORE_CLASSES).copied().collect();
    all.join(", ")
}

/// Finds the class of goods from words.
#[derive(Debug)]
pub(crate) struct Categories {
    finder: Finder,
    /// The class of each word of the finder.
    classes: Vec<ClassSet>,
}

impl Categories {
    /// Reads the table `class,words`.
    ///
    /// # Errors
    /// [`ErrorKind::Reference`] with file and line for an unknown class.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Categories> {
        let file = ReferenceFile::parse(name, text, &["class", "words"])?;
        let (mut words, mut classes) = (Vec::new(), Vec::new());
        for row in &file.rows {
            let [class, list] = row.cells.as_slice() else { continue };
            let class = ClassSet::from_name(class).ok_or_else(|| -> Error {
                let problem = format!(
                    "expected a class of goods ({}), found {}",
                    class_names(),
                    excerpt(class)
                );
                fault(row.place.clone().column("class"), problem)
            })?;
            words.extend(words_of(list));
            classes.resize(words.len(), class);
        }
        Ok(Categories { finder: finder_of(words), classes })
    }

    /// The classes that words of a folded text speak of.
    pub(crate) fn find(&self, text: &Folded) -> ClassSet {
        let mut all = ClassSet::default();
        self.finder.find(text.as_str(), text.index(), |found| {
            all = all.union(self.classes[found.pattern]);
        });
        all
    }

    /// The classes of a listing: those of its category where it has one, and of its title where it
    /// has none. An accessory is one whatever it is made for.
    pub(crate) fn of_listing(&self, category: &Folded, title: &Folded) -> ClassSet {
        let of_category = self.find(category);
        let of_title = self.find(title);
        let accessory = of_title.intersection(ClassSet::ACCESSORIES);
        if of_category.is_empty() {
            return if accessory.is_empty() { of_title } else { accessory };
        }
        if of_category.overlaps(ClassSet::FASHION) {
            return of_category;
        }
        of_category.union(accessory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    fn categories() -> Categories {
        Categories::parse("categories.csv", include_str!("categories.csv")).unwrap()
    }

    fn of(category: &str, title: &str) -> Vec<&'static str> {
        categories().of_listing(&fold(category), &fold(title)).names()
    }

    #[test]
    fn words_of_category_and_title_tell_the_class() {
        assert_eq!(of("Shoes > Sneakers", "Velmora"), ["shoes"]);
        assert_eq!(of("", "Кроссовки мужские"), ["shoes"]);
        assert_eq!(of("", "翡翠手镯"), ["jewelry", "gemstones"]);
        assert_eq!(of("", "nothing of note"), [""; 0]);
        assert_eq!(
            of("Elektronik", "Telefon kılıf iPhone için"),
            ["electronics", "phone_accessory"]
        );
        assert_eq!(of("", "чехол для телефона"), ["phone_accessory"]);
        assert_eq!(of("Handbags", "strap for bag"), ["bags"]);
        assert_eq!(of("", "shoehorns and bagels"), ["shoes"], "shoe* goes on, bag does not");
    }

    #[test]
    fn an_unknown_class_has_its_place() {
        let error = Categories::parse("c.csv", "class,words\nhats,cap\n").unwrap_err().to_string();
        assert!(error.starts_with("c.csv: line 2, column class: expected a class"), "{error}");
        assert_eq!(ClassSet::from_names("shoes|hats"), Err("hats"));
        assert_eq!(ClassSet::from_names("shoes|bags").unwrap().names(), ["shoes", "bags"]);
        assert_eq!(ClassSet::ACCESSORIES.names(), ["phone_accessory", "parts"]);
        assert_eq!(ClassSet::FASHION.names().len(), 6);
    }
}
