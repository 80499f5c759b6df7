//! The one home of column names, their types, units and other spellings.

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
    /// Other spellings under which it is recognized; compared without case, spaces, `_` and `-`.
    pub aliases: &'static [&'static str],
}

const fn column(
    column: Column,
    name: &'static str,
    kind: Kind,
    meaning: &'static str,
    noun: &'static str,
    aliases: &'static [&'static str],
) -> ColumnInfo {
    let required = matches!(column, Column::ListingId | Column::Title);
    ColumnInfo { column, name, kind, required, meaning, noun, aliases }
}

/// All canonical columns in their order.
pub const COLUMNS: &[ColumnInfo] = &[
    column(
        Column::ListingId,
        "listing_id",
        Kind::Text,
        "identifier of the listing",
        "listing id",
        &[
            "artikelnummer",
            "id",
            "item_id",
            "listing",
            "product_id",
            "sku",
            "offer_id",
            "asin",
            "id_produto",
            "id_producto",
            "商品id",
            "商品编号",
            "id товара",
            "артикул",
        ],
    ),
    column(
        Column::Title,
        "title",
        Kind::Text,
        "title as the seller wrote it",
        "title",
        &[
            "titel",
            "produktname",
            "name",
            "item_name",
            "product_name",
            "product_title",
            "listing_title",
            "titulo",
            "título",
            "nombre",
            "标题",
            "商品名称",
            "商品标题",
            "название",
            "наименование",
            "name_rus",
        ],
    ),
    column(
        Column::Description,
        "description",
        Kind::Text,
        "description as the seller wrote it",
        "description",
        &[
            "beschreibung",
            "desc",
            "item_description",
            "product_description",
            "body",
            "descricao",
            "descrição",
            "descripcion",
            "descripción",
            "描述",
            "商品描述",
            "описание",
        ],
    ),
    column(
        Column::Brand,
        "brand",
        Kind::Text,
        "brand as the seller declared it",
        "brand",
        &["marke", "hersteller", "brand_name", "manufacturer", "marca", "品牌", "бренд"],
    ),
    column(
        Column::Category,
        "category",
        Kind::Text,
        "category of the marketplace",
        "category",
        &[
            "kategorie",
            "category_name",
            "product_type",
            "item_category",
            "categoria",
            "categoría",
            "类目",
            "分类",
            "категория",
        ],
    ),
    column(
        Column::Price,
        "price",
        Kind::Money,
        "asking price, in the currency of the row",
        "price",
        &[
            "preis",
            "current_price",
            "sale_price",
            "item_price",
            "preco",
            "preço",
            "preco_atual",
            "precio",
            "价格",
            "цена",
        ],
    ),
    column(
        Column::Currency,
        "currency",
        Kind::Text,
        "ISO 4217 code of the price",
        "currency",
        &[
            "währung",
            "currency_code",
            "price_currency",
            "moeda",
            "moneda",
            "货币",
            "币种",
            "валюта",
        ],
    ),
    column(
        Column::ListPrice,
        "list_price",
        Kind::Money,
        "price the brand asks for a genuine one, in the currency of the row",
        "list price",
        &["uvp", "msrp", "rrp", "retail_price"],
    ),
    column(
        Column::Condition,
        "condition",
        Kind::Text,
        "new, used, refurbished, ...",
        "condition",
        &[
            "zustand",
            "item_condition",
            "condicao",
            "condição",
            "condicion",
            "condición",
            "成色",
            "состояние",
        ],
    ),
    column(
        Column::Quantity,
        "quantity",
        Kind::Count,
        "pieces on offer",
        "quantity",
        &["stock", "available_quantity", "quantity_available", "qty", "库存"],
    ),
    column(
        Column::ImageCount,
        "image_count",
        Kind::Count,
        "pictures in the listing",
        "count of pictures",
        &["images_count", "num_images", "photo_count"],
    ),
    column(
        Column::ImageHash,
        "image_hash",
        Kind::Text,
        "perceptual hash of the first picture",
        "picture hash",
        &["phash"],
    ),
    column(
        Column::Gtin,
        "gtin",
        Kind::Text,
        "GTIN, EAN or UPC with its leading zeros",
        "product code (GTIN)",
        &["ean", "upc", "barcode", "ean13", "gtin13", "条形码", "штрихкод"],
    ),
    column(
        Column::ShipsFrom,
        "ships_from",
        Kind::Text,
        "ISO 3166-1 code of the place of dispatch",
        "place of dispatch",
        &["ship_from", "ships_from_country", "item_location"],
    ),
    column(
        Column::Language,
        "language",
        Kind::Text,
        "BCP 47 code of the text",
        "language",
        &["lang", "locale"],
    ),
    column(
        Column::ListedAt,
        "listed_at",
        Kind::Date,
        "when the listing went live",
        "listing date",
        &["created_at", "listing_date", "date_listed", "published_at", "start_date"],
    ),
    column(
        Column::ListingAgeDays,
        "listing_age_days",
        Kind::Count,
        "days the listing has been live",
        "listing age",
        &["item_age_days", "listing_age", "item_time_alive"],
    ),
    column(
        Column::SellerId,
        "seller_id",
        Kind::Text,
        "identifier of the seller",
        "seller id",
        &[
            "verkäufer_id",
            "vendedor",
            "seller",
            "vendor_id",
            "merchant_id",
            "shop_id",
            "store_id",
            "vendedor_id",
            "id_vendedor",
            "卖家id",
            "店铺id",
            "id продавца",
        ],
    ),
    column(
        Column::SellerName,
        "seller_name",
        Kind::Text,
        "name of the seller or shop",
        "seller name",
        &[
            "verkäufer",
            "händler",
            "vendor_name",
            "merchant_name",
            "shop_name",
            "store_name",
            "卖家",
            "店铺名称",
            "продавец",
        ],
    ),
    column(
        Column::SellerRegisteredAt,
        "seller_registered_at",
        Kind::Date,
        "when the seller registered",
        "seller registration date",
        &["seller_since", "member_since", "seller_created_at"],
    ),
    column(
        Column::SellerAgeDays,
        "seller_age_days",
        Kind::Count,
        "days since the seller registered",
        "seller age",
        &["seller_age", "seller_time_alive", "account_age_days"],
    ),
    column(
        Column::SellerRating,
        "seller_rating",
        Kind::Number,
        "the seller's average rating, on the scale of the marketplace",
        "seller rating",
        &["seller_score", "vendor_rating", "seller_stars"],
    ),
    column(
        Column::SellerFeedbackCount,
        "seller_feedback_count",
        Kind::Count,
        "ratings the seller has received",
        "seller feedback count",
        &["seller_feedback", "feedback_count", "seller_reviews"],
    ),
    column(
        Column::SellerListingCount,
        "seller_listing_count",
        Kind::Count,
        "listings of the seller",
        "seller listing count",
        &["seller_listings"],
    ),
    column(
        Column::SellerCountry,
        "seller_country",
        Kind::Text,
        "ISO 3166-1 code of the seller's country",
        "seller country",
        &["vendor_country", "country_of_seller"],
    ),
    column(
        Column::SalesCount,
        "sales_count",
        Kind::Count,
        "pieces sold through the listing",
        "sales count",
        &["sales", "sold", "sold_count", "orders", "item_count_sales30", "销量", "продажи"],
    ),
    column(
        Column::ReturnCount,
        "return_count",
        Kind::Count,
        "pieces returned",
        "return count",
        &["returns", "returned_count", "item_count_returns30"],
    ),
    column(
        Column::FakeReturnCount,
        "fake_return_count",
        Kind::Count,
        "pieces returned as not genuine",
        "count of returns as not genuine",
        &["fake_returns", "counterfeit_returns", "item_count_fake_returns30"],
    ),
    column(
        Column::ReviewCount,
        "review_count",
        Kind::Count,
        "reviews of the listing",
        "review count",
        &["reviews", "reviews_count", "total_reviews", "num_reviews"],
    ),
    column(
        Column::IsCounterfeit,
        "is_counterfeit",
        Kind::Label,
        "the label: 1 counterfeit, 0 genuine",
        "label",
        &["counterfeit", "label", "is_fake", "fake", "true_label"],
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

    /// True when a file's name for a column means this one by its name or an alias.
    pub(crate) fn is_spelled(self, name: &str) -> bool {
        let key = spelling_key(name);
        let info = self.info();
        key == spelling_key(info.name)
            || info.aliases.iter().any(|alias| spelling_key(alias) == key)
    }
}

/// What remains of a column name when case, spaces, `_` and `-` do not count.
fn spelling_key(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' ' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn columns_stand_at_their_own_index() {
        for (index, info) in COLUMNS.iter().enumerate() {
            assert_eq!(info.column as usize, index, "{}", info.name);
            assert_eq!(Column::from_name(info.name), Some(info.column));
        }
    }

    #[test]
    fn no_spelling_means_two_columns() {
        let mut seen: HashMap<String, &str> = HashMap::new();
        for info in COLUMNS {
            for spelling in std::iter::once(&info.name).chain(info.aliases) {
                if let Some(other) = seen.insert(spelling_key(spelling), info.name) {
                    panic!("{spelling} means both {other} and {}", info.name);
                }
            }
        }
    }

    #[test]
    fn spellings_ignore_case_spaces_and_separators() {
        assert!(Column::SellerId.is_spelled("Seller ID"));
        assert!(Column::ListingId.is_spelled("ItemID"));
        assert!(!Column::SellerId.is_spelled("seller_name"));
    }
}
