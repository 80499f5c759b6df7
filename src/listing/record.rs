//! One listing, for programs that score as listings arrive.

/// One listing, by canonical column.
///
/// A field that is `None` is *unknown*: the program has no such column, and it adds nothing to the
/// score. A field that the marketplace has and this listing leaves empty is `Some("")` for text
/// and `Some(f64::NAN)` for numbers; that it is empty is evidence.
///
/// ```
/// use pinchbeck::Listing;
///
/// let listing = Listing {
///     price: Some(49.0),
///     currency: Some("EUR".into()),
///     seller_age_days: Some(6.0),
///     ..Listing::new("A-17", "Leather bag, 1:1 mirror quality")
/// };
/// assert_eq!(listing.brand, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Identifier of the listing.
    pub listing_id: String,
    /// Title as the seller wrote it.
    pub title: String,
    /// Description as the seller wrote it.
    pub description: Option<String>,
    /// Brand as the seller declared it.
    pub brand: Option<String>,
    /// Category of the marketplace.
    pub category: Option<String>,
    /// Asking price in `currency`, more than zero.
    pub price: Option<f64>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// Price the brand asks for a genuine one, in `currency`.
    pub list_price: Option<f64>,
    /// New, used, refurbished, ...
    pub condition: Option<String>,
    /// Pieces on offer.
    pub quantity: Option<f64>,
    /// Pictures in the listing.
    pub image_count: Option<f64>,
    /// Perceptual hash of the first picture.
    pub image_hash: Option<String>,
    /// GTIN, EAN or UPC with its leading zeros.
    pub gtin: Option<String>,
    /// ISO 3166-1 code of the place of dispatch.
    pub ships_from: Option<String>,
    /// BCP 47 code of the text.
    pub language: Option<String>,
    /// When the listing went live, in days since 1970-01-01.
    pub listed_at: Option<f64>,
    /// Days the listing has been live.
    pub listing_age_days: Option<f64>,
    /// Identifier of the seller.
    pub seller_id: Option<String>,
    /// Name of the seller or shop.
    pub seller_name: Option<String>,
    /// When the seller registered, in days since 1970-01-01.
    pub seller_registered_at: Option<f64>,
    /// Days since the seller registered.
    pub seller_age_days: Option<f64>,
    /// The seller's average rating, on the scale of the marketplace.
    pub seller_rating: Option<f64>,
    /// Ratings the seller has received.
    pub seller_feedback_count: Option<f64>,
    /// Listings of the seller.
    pub seller_listing_count: Option<f64>,
    /// ISO 3166-1 code of the seller's country.
    pub seller_country: Option<String>,
    /// Pieces sold through the listing.
    pub sales_count: Option<f64>,
    /// Pieces returned.
    pub return_count: Option<f64>,
    /// Pieces returned as not genuine.
    pub fake_return_count: Option<f64>,
    /// Reviews of the listing.
    pub review_count: Option<f64>,
    /// Price before the discount that the listing states, in the currency of the row.
    pub was_price: Option<f64>,
    /// What buyers wrote of the listing.
    pub review_text: Option<String>,
    /// Reviews that call the goods fake.
    pub fake_review_count: Option<f64>,
    /// Name of the trader behind the seller.
    pub trader_name: Option<String>,
    /// Postal address of the trader.
    pub trader_address: Option<String>,
    /// Number of the trader in a trade register, or tax number.
    pub trader_registration: Option<String>,
    /// E-mail address of the trader.
    pub trader_email: Option<String>,
    /// Listings of the seller in the export (`pinchbeck enrich`).
    pub seller_export_count: Option<f64>,
    /// Brands among the seller's listings in the export (`pinchbeck enrich`).
    pub seller_brand_count: Option<f64>,
    /// Categories among the seller's listings in the export (`pinchbeck enrich`).
    pub seller_category_count: Option<f64>,
    /// Share of the seller's other listings in the export at the price of this one, 0 to 1 (`pinchbeck enrich`).
    pub seller_same_price_share: Option<f64>,
    /// Other listings of the export with nearly the same text (`pinchbeck enrich`).
    pub text_copy_count: Option<f64>,
    /// Other sellers of the export with nearly the same text (`pinchbeck enrich`).
    pub text_copy_seller_count: Option<f64>,
    /// Other sellers of the export with the same picture hash (`pinchbeck enrich`).
    pub image_copy_seller_count: Option<f64>,
    /// Other sellers of the export with the same GTIN (`pinchbeck enrich`).
    pub gtin_seller_count: Option<f64>,
    /// Brands under which the export offers this GTIN (`pinchbeck enrich`).
    pub gtin_brand_count: Option<f64>,
}

impl Listing {
    /// A listing of which only id and title are known.
    pub fn new(listing_id: impl Into<String>, title: impl Into<String>) -> Self {
        Listing { listing_id: listing_id.into(), title: title.into(), ..Listing::default() }
    }

    /// A listing with this text in every text field and this number in every other.
    #[cfg(test)]
    pub(crate) fn filled(text: &str, number: f64) -> Self {
        let text = || Some(text.to_owned());
        let number = Some(number);
        Listing {
            listing_id: "1".to_owned(),
            title: text().unwrap_or_default(),
            description: text(),
            brand: text(),
            category: text(),
            price: number,
            currency: text(),
            list_price: number,
            condition: text(),
            quantity: number,
            image_count: number,
            image_hash: text(),
            gtin: text(),
            ships_from: text(),
            language: text(),
            listed_at: number,
            listing_age_days: number,
            seller_id: text(),
            seller_name: text(),
            seller_registered_at: number,
            seller_age_days: number,
            seller_rating: number,
            seller_feedback_count: number,
            seller_listing_count: number,
            seller_country: text(),
            sales_count: number,
            return_count: number,
            fake_return_count: number,
            review_count: number,
            was_price: number,
            review_text: text(),
            fake_review_count: number,
            trader_name: text(),
            trader_address: text(),
            trader_registration: text(),
            trader_email: text(),
            seller_export_count: number,
            seller_brand_count: number,
            seller_category_count: number,
            seller_same_price_share: number,
            text_copy_count: number,
            text_copy_seller_count: number,
            image_copy_seller_count: number,
            gtin_seller_count: number,
            gtin_brand_count: number,
        }
    }
}
