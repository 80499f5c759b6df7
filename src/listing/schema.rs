//! The one home of column names, their types and units. Their other spellings are in `aliases.txt`,
//! under the names that stand here.

use super::aliases;

/// A canonical column. `Column::info` has its name, type and meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
#[expect(missing_docs, reason = "`ColumnInfo::meaning` describes each, once, for programs too")]
pub enum Column {
    ListingId,
    Title,
    Description,
    Brand,
    Category,
    Price,
    Currency,
    ListPrice,
    Condition,
    Quantity,
    ImageCount,
    ImageHash,
    Gtin,
    ShipsFrom,
    Language,
    ListedAt,
    ListingAgeDays,
    SellerId,
    SellerName,
    SellerRegisteredAt,
    SellerAgeDays,
    SellerRating,
    SellerFeedbackCount,
    SellerListingCount,
    SellerCountry,
    SalesCount,
    ReturnCount,
    FakeReturnCount,
    ReviewCount,
    WasPrice,
    ReviewText,
    FakeReviewCount,
    TraderName,
    TraderAddress,
    TraderRegistration,
    TraderEmail,
    SellerExportCount,
    SellerBrandCount,
    SellerCategoryCount,
    SellerSamePriceShare,
    TextCopyCount,
    TextCopySellerCount,
    ImageCopySellerCount,
    GtinSellerCount,
    GtinBrandCount,
    IsCounterfeit,
}

/// How the cells of a column are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Characters as they stand; identifiers and GTINs keep their leading zeros.
    Text,
    /// A number that may be any finite value.
    Number,
    /// A number that is zero or more: a count or a number of days.
    Count,
    /// An amount of money, more than zero, in the currency of the row.
    Money,
    /// A date or a time, kept as days since 1970-01-01 with a fraction.
    Date,
    /// Counterfeit or genuine.
    Label,
}

/// What is known of a column before any file is read.
#[derive(Clone, Copy, Debug)]
pub struct ColumnInfo {
    /// Which column.
    pub column: Column,
    /// Its canonical name, the name in files and messages.
    pub name: &'static str,
    /// How its cells are read.
    pub kind: Kind,
    /// Whether a listing without it cannot be scored.
    pub required: bool,
    /// What it holds, with its unit.
    pub meaning: &'static str,
    /// How a reason speaks of it: "the listing gives no ...".
    pub noun: &'static str,
}

const fn column(
    column: Column,
    name: &'static str,
    kind: Kind,
    meaning: &'static str,
    noun: &'static str,
) -> ColumnInfo {
    let required = matches!(column, Column::ListingId | Column::Title);
    ColumnInfo { column, name, kind, required, meaning, noun }
}

/// All canonical columns in their order.
pub const COLUMNS: &[ColumnInfo] = &[
    column(Column::ListingId, "listing_id", Kind::Text, "identifier of the listing", "listing id"),
    column(Column::Title, "title", Kind::Text, "title as the seller wrote it", "title"),
    column(
        Column::Description,
        "description",
        Kind::Text,
        "description as the seller wrote it",
        "description",
    ),
    column(Column::Brand, "brand", Kind::Text, "brand as the seller declared it", "brand"),
    column(Column::Category, "category", Kind::Text, "category of the marketplace", "category"),
    column(
        Column::Price,
        "price",
        Kind::Money,
        "asking price, in the currency of the row",
        "price",
    ),
    column(Column::Currency, "currency", Kind::Text, "ISO 4217 code of the price", "currency"),
    column(
        Column::ListPrice,
        "list_price",
        Kind::Money,
        "price the brand asks for a genuine one, in the currency of the row",
        "list price",
    ),
    column(Column::Condition, "condition", Kind::Text, "new, used, refurbished, ...", "condition"),
    column(Column::Quantity, "quantity", Kind::Count, "pieces on offer", "quantity"),
    column(
        Column::ImageCount,
        "image_count",
        Kind::Count,
        "pictures in the listing",
        "count of pictures",
    ),
    column(
        Column::ImageHash,
        "image_hash",
        Kind::Text,
        "perceptual hash of the first picture",
        "picture hash",
    ),
    column(
        Column::Gtin,
        "gtin",
        Kind::Text,
        "GTIN, EAN or UPC with its leading zeros",
        "product code (GTIN)",
    ),
    column(
        Column::ShipsFrom,
        "ships_from",
        Kind::Text,
        "ISO 3166-1 code of the place of dispatch",
        "place of dispatch",
    ),
    column(Column::Language, "language", Kind::Text, "BCP 47 code of the text", "language"),
    column(Column::ListedAt, "listed_at", Kind::Date, "when the listing went live", "listing date"),
    column(
        Column::ListingAgeDays,
        "listing_age_days",
        Kind::Count,
        "days the listing has been live",
        "listing age",
    ),
    column(Column::SellerId, "seller_id", Kind::Text, "identifier of the seller", "seller id"),
    column(
        Column::SellerName,
        "seller_name",
        Kind::Text,
        "name of the seller or shop",
        "seller name",
    ),
    column(
        Column::SellerRegisteredAt,
        "seller_registered_at",
        Kind::Date,
        "when the seller registered",
        "seller registration date",
    ),
    column(
        Column::SellerAgeDays,
        "seller_age_days",
        Kind::Count,
        "days since the seller registered",
        "seller age",
    ),
    column(
        Column::SellerRating,
        "seller_rating",
        Kind::Number,
        "the seller's average rating, on the scale of the marketplace",
        "seller rating",
    ),
    column(
        Column::SellerFeedbackCount,
        "seller_feedback_count",
        Kind::Count,
        "ratings the seller has received",
        "seller feedback count",
    ),
    column(
        Column::SellerListingCount,
        "seller_listing_count",
        Kind::Count,
        "listings of the seller",
        "seller listing count",
    ),
    column(
        Column::SellerCountry,
        "seller_country",
        Kind::Text,
        "ISO 3166-1 code of the seller's country",
        "seller country",
    ),
    column(
        Column::SalesCount,
        "sales_count",
        Kind::Count,
        "pieces sold through the listing",
        "sales count",
    ),
    column(Column::ReturnCount, "return_count", Kind::Count, "pieces returned", "return count"),
    column(
        Column::FakeReturnCount,
        "fake_return_count",
        Kind::Count,
        "pieces returned as not genuine",
        "count of returns as not genuine",
    ),
    column(
        Column::ReviewCount,
        "review_count",
        Kind::Count,
        "reviews of the listing",
        "review count",
    ),
    column(
        Column::WasPrice,
        "was_price",
        Kind::Money,
        "price before the discount that the listing states, in the currency of the row",
        "price before the discount",
    ),
    column(
        Column::ReviewText,
        "review_text",
        Kind::Text,
        "what buyers wrote of the listing",
        "text of reviews",
    ),
    column(
        Column::FakeReviewCount,
        "fake_review_count",
        Kind::Count,
        "reviews that call the goods fake",
        "count of reviews that call the goods fake",
    ),
    column(
        Column::TraderName,
        "trader_name",
        Kind::Text,
        "name of the trader behind the seller",
        "trader name",
    ),
    column(
        Column::TraderAddress,
        "trader_address",
        Kind::Text,
        "postal address of the trader",
        "trader address",
    ),
    column(
        Column::TraderRegistration,
        "trader_registration",
        Kind::Text,
        "number of the trader in a trade register, or tax number",
        "trader registration",
    ),
    column(
        Column::TraderEmail,
        "trader_email",
        Kind::Text,
        "e-mail address of the trader",
        "trader e-mail address",
    ),
    column(
        Column::SellerExportCount,
        "seller_export_count",
        Kind::Count,
        "listings of the seller in the export (`pinchbeck enrich`)",
        "count of the seller's listings in the export",
    ),
    column(
        Column::SellerBrandCount,
        "seller_brand_count",
        Kind::Count,
        "brands among the seller's listings in the export (`pinchbeck enrich`)",
        "count of the seller's brands",
    ),
    column(
        Column::SellerCategoryCount,
        "seller_category_count",
        Kind::Count,
        "categories among the seller's listings in the export (`pinchbeck enrich`)",
        "count of the seller's categories",
    ),
    column(
        Column::SellerSamePriceShare,
        "seller_same_price_share",
        Kind::Count,
        "share of the seller's other listings in the export at the price of this one, 0 to 1 (`pinchbeck enrich`)",
        "share of the seller's listings at this price",
    ),
    column(
        Column::TextCopyCount,
        "text_copy_count",
        Kind::Count,
        "other listings of the export with nearly the same text (`pinchbeck enrich`)",
        "count of copies of the text",
    ),
    column(
        Column::TextCopySellerCount,
        "text_copy_seller_count",
        Kind::Count,
        "other sellers of the export with nearly the same text (`pinchbeck enrich`)",
        "count of sellers with the same text",
    ),
    column(
        Column::ImageCopySellerCount,
        "image_copy_seller_count",
        Kind::Count,
        "other sellers of the export with the same picture hash (`pinchbeck enrich`)",
        "count of sellers with the same picture",
    ),
    column(
        Column::GtinSellerCount,
        "gtin_seller_count",
        Kind::Count,
        "other sellers of the export with the same GTIN (`pinchbeck enrich`)",
        "count of sellers with the same product code",
    ),
    column(
        Column::GtinBrandCount,
        "gtin_brand_count",
        Kind::Count,
        "brands under which the export offers this GTIN (`pinchbeck enrich`)",
        "count of brands with the same product code",
    ),
    column(
        Column::IsCounterfeit,
        "is_counterfeit",
        Kind::Label,
        "the label: 1 counterfeit, 0 genuine",
        "label",
    ),
];

impl Column {
    /// How many canonical columns there are.
    pub const COUNT: usize = COLUMNS.len();

    /// Name, type and meaning.
    pub fn info(self) -> &'static ColumnInfo {
        &COLUMNS[self as usize]
    }

    /// The canonical name.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// The column of this canonical name.
    pub fn from_name(name: &str) -> Option<Column> {
        COLUMNS.iter().find(|info| info.name == name).map(|info| info.column)
    }

    /// Every column, in order.
    pub fn all() -> impl Iterator<Item = Column> {
        COLUMNS.iter().map(|info| info.column)
    }

    /// True for the columns that `pinchbeck enrich` adds, which know the whole export.
    pub fn is_of_enrich(self) -> bool {
        (Column::SellerExportCount..=Column::GtinBrandCount).contains(&self)
    }

    /// Other names under which it is recognized, in many languages; case, accents, blanks,
    /// punctuation and units do not count.
    pub fn aliases(self) -> Vec<&'static str> {
        aliases::of(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_at_their_own_index() {
        for (index, info) in COLUMNS.iter().enumerate() {
            assert_eq!(info.column as usize, index, "{}", info.name);
            assert_eq!(Column::from_name(info.name), Some(info.column));
        }
    }

    #[test]
    fn other_names_are_those_of_the_column() {
        assert!(Column::Price.aliases().contains(&"preço"));
        assert!(!Column::Price.aliases().contains(&"título"));
        assert!(
            Column::ListingId.aliases().contains(&"sku"),
            "the mark of a weak name is not of it"
        );
    }
}
