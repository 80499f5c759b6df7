//! What is sold: categories, fictional brands, and what a genuine piece costs.

/// A category of the marketplace.
pub(crate) struct Category {
    /// Its name in the export.
    pub(crate) name: &'static str,
    /// What a genuine piece of a brand of level 1 costs, in the market's currency.
    pub(crate) base_price: f64,
    /// Whether it is worn or put on.
    pub(crate) is_worn: bool,
}

/// A brand that exists nowhere else.
pub(crate) struct Brand {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its prices as a multiple of the base prices of the categories.
    pub(crate) level: f64,
    /// Where it sells, as positions in [`CATEGORIES`].
    pub(crate) categories: &'static [usize],
    /// Whether the price it asks for a genuine piece is known.
    pub(crate) has_list_price: bool,
}

/// The currency of all prices: the code that ISO 4217 reserves for testing, so that no genuine
/// export can match the simulated prices.
pub(crate) const CURRENCY: &str = "XTS";

/// All categories.
pub(crate) const CATEGORIES: &[Category] = &[
    category("sneakers", 120.0, true),
    category("handbags", 240.0, true),
    category("watches", 400.0, true),
    category("sunglasses", 110.0, true),
    category("headphones", 150.0, false),
    category("perfume", 90.0, true),
    category("jackets", 180.0, true),
    category("backpacks", 100.0, true),
    category("wallets", 80.0, true),
    category("belts", 60.0, true),
    category("jewelry", 140.0, true),
    category("toys", 40.0, false),
    category("tablets", 300.0, false),
    category("skincare", 50.0, true),
];

/// All brands.
pub(crate) const BRANDS: &[Brand] = &[
    brand("Velmora", 3.2, &[1, 8, 9], true),
    brand("Kestrane", 1.0, &[0, 6, 7], false),
    brand("Ostrelle", 2.4, &[1, 3, 5, 10], true),
    brand("Quendari", 4.5, &[2, 10], false),
    brand("Marvessa", 1.8, &[1, 3, 8], true),
    brand("Tolvane", 0.9, &[0, 7], false),
    brand("Zelquist", 1.3, &[4, 12], true),
    brand("Ardwyne", 2.9, &[2, 3], false),
    brand("Corvessa", 1.1, &[5, 13], true),
    brand("Fenwarra", 0.8, &[6, 7, 9], false),
    brand("Halqueth", 1.6, &[4, 12, 2], true),
    brand("Ismaren", 2.1, &[5, 13, 10], false),
    brand("Jorvette", 1.4, &[0, 6, 9], true),
    brand("Lunqvara", 0.7, &[11], false),
    brand("Nerrowick", 0.9, &[11, 7], true),
    brand("Orvantel", 1.0, &[4, 12], false),
    brand("Pellisard", 3.6, &[1, 8, 9, 3], true),
    brand("Rivenquo", 1.2, &[0, 6], false),
    brand("Sorvathe", 2.6, &[2, 10, 3], true),
    brand("Tarquille", 1.5, &[8, 9, 1], false),
    brand("Umbrelis", 0.6, &[13, 5], true),
    brand("Wyndelar", 1.9, &[6, 0, 7], false),
    brand("Yasquin", 1.1, &[11, 4], true),
    brand("Drelmont", 2.2, &[2, 8], false),
];

impl Brand {
    /// What a genuine piece of this brand costs in a category, in the market's currency.
    pub(crate) fn retail_price(&self, category: &Category) -> f64 {
        (self.level * category.base_price * 100.0).round() / 100.0
    }
}

const fn category(name: &'static str, base_price: f64, is_worn: bool) -> Category {
    Category { name, base_price, is_worn }
}

const fn brand(
    name: &'static str,
    level: f64,
    categories: &'static [usize],
    has_list_price: bool,
) -> Brand {
    Brand { name, level, categories, has_list_price }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_differ_and_every_category_is_sold() {
        let brands: HashSet<&str> = BRANDS.iter().map(|brand| brand.name).collect();
        assert_eq!(brands.len(), BRANDS.len());
        let sold: HashSet<usize> =
            BRANDS.iter().flat_map(|brand| brand.categories.iter().copied()).collect();
        assert_eq!(sold, (0..CATEGORIES.len()).collect());
    }

    #[test]
    fn a_retail_price_is_level_times_base() {
        assert_eq!(BRANDS[0].retail_price(&CATEGORIES[1]), 768.0);
    }
}
