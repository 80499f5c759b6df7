//! What the first pass keeps of a listing: hashes of what it may share with others.

use super::hash::{hash, hash_of};
use super::product_code::product_code;
use super::shingles::Shingles;
use super::signature::{Signature, Sketch};
use crate::listing::{Cell, Column, ListingBatch};
use crate::text::Folded;

/// A listing in hashes; 0 is what the listing does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint {
    pub(super) seller: u64,
    pub(super) brand: u64,
    pub(super) category: u64,
    /// The title, by which items of a seller are told apart.
    pub(super) item: u64,
    /// Price and currency.
    pub(super) price: u64,
    pub(super) image: u64,
    pub(super) product: u64,
    /// Title and description.
    pub(super) text: u64,
    pub(super) signature: Signature,
}

/// Takes fingerprints of the listings of a batch.
///
/// Texts, brands and categories are folded, so that case, accents and what does not show make no
/// difference. Sellers and hashes of pictures are compared as they stand, without blanks around
/// them: a perceptual hash that differs in one bit is another one here.
pub(super) fn fingerprints(listings: &ListingBatch) -> Vec<Fingerprint> {
    let mut folded = Folded::default();
    let mut shingles = Shingles::default();
    let mut text = String::new();
    let mut all = Vec::with_capacity(listings.len());
    for row in 0..listings.len() {
        let mut own = |column| match listings.text(column, row) {
            Cell::Value(text) => {
                folded.fold_into(text);
                if folded.as_str().is_empty() { 0 } else { hash(folded.as_str().as_bytes()) }
            }
            Cell::Missing | Cell::Unknown => 0,
        };
        let (brand, category) = (own(Column::Brand), own(Column::Category));
        let item = own(Column::Title);
        let exact = |column| {
            let cell = listings.text(column, row).value();
            cell.map_or(0, |cell: &str| hash(cell.trim().as_bytes()))
        };
        text.clear();
        for column in [Column::Title, Column::Description] {
            if let Cell::Value(part) = listings.text(column, row) {
                folded.fold_into(part);
                text.push_str(folded.as_str());
            }
            text.push('\n');
        }
        let mut sketch = Sketch::new();
        let is_long = shingles.of(&text, |piece| sketch.add(piece));
        all.push(Fingerprint {
            seller: exact(Column::SellerId),
            brand,
            category,
            item,
            price: price(listings, row),
            image: exact(Column::ImageHash),
            product: listings
                .text(Column::Gtin, row)
                .value()
                .and_then(product_code)
                .map_or(0, |code| hash(code.as_bytes())),
            text: if text.trim().is_empty() { 0 } else { hash(text.as_bytes()) },
            signature: if is_long { sketch.signature() } else { Signature::NONE },
        });
    }
    all
}

/// Amount and currency in one; an amount without a currency is one in a currency of its own.
fn price(listings: &ListingBatch, row: usize) -> u64 {
    let currency = listings.text(Column::Currency, row).value();
    let currency = currency.map_or(0, |own| hash(own.trim().to_ascii_uppercase().as_bytes()));
    let amount = listings.number(Column::Price, row).value();
    amount.map_or(0, |amount| hash_of([amount.to_bits(), currency]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::Listing;

    fn of(listing: Listing) -> Fingerprint {
        fingerprints(&ListingBatch::from_listings(&[listing]))[0]
    }

    #[test]
    fn what_a_listing_does_not_say_is_nothing() {
        let own = of(Listing { brand: Some(" ".into()), ..Listing::new("1", "bag") });
        let silent = [own.seller, own.brand, own.category, own.price, own.image, own.product];
        assert_eq!(silent, [0; 6]);
        assert!(own.item != 0 && own.text != 0);
        assert_eq!(own.signature, Signature::NONE);
        assert_eq!(of(Listing::new("1", "\u{200b}")).text, 0);
    }

    #[test]
    fn spelling_makes_no_other_brand_and_blanks_no_other_seller() {
        let listing = |brand: &str, seller: &str, title: &str| Listing {
            brand: Some(brand.into()),
            seller_id: Some(seller.into()),
            price: Some(5.0),
            currency: Some("usd".into()),
            ..Listing::new("1", title)
        };
        let one = of(listing("Velmora", "S1 ", "Leather  Bag"));
        let other = of(listing("ＶＥＬＭÓRA", "S1", "leather bag"));
        assert_eq!(one, other);
        assert_ne!(of(listing("Velmora", "s1", "bag")).seller, one.seller);
        let in_euro = Listing { currency: Some("EUR".into()), ..listing("Velmora", "S1", "bag") };
        assert_ne!(of(in_euro).price, one.price);
    }

    #[test]
    fn a_word_may_not_wander_from_title_to_description() {
        let with = |title: &str, description: &str| {
            of(Listing { description: Some(description.into()), ..Listing::new("1", title) })
        };
        assert_ne!(with("bag black", "new").text, with("bag", "black new").text);
    }
}
