//! Other names of the canonical columns, and when two names are the same.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::schema::{COLUMNS, Column, Kind};

/// The names, by column and then by language or marketplace.
const SOURCE: &str = include_str!("aliases.txt");

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::parse(SOURCE));

/// How surely a name is that of a column; the first is the surest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Firmness {
    /// The canonical name, but for case, blanks and separators.
    Canonical,
    /// A name by which the column is commonly known.
    Common,
    /// A name that is also given to lesser columns of the kind, such as `sku` beside `item_id`.
    Weak,
}

/// The column that a file's name for a column means, in any of the languages and exports known.
pub(super) fn recognize(name: &str) -> Option<(Column, Firmness)> {
    let table = &*TABLE;
    if let Some(found) = table.names.get(&key(name)) {
        return Some(*found);
    }
    let name: String = name.nfkc().collect();
    let (rest, unit) = split_unit(name.trim())?;
    let found = table.names.get(&key(rest))?;
    let unit = (measure(found.0)?, unit_key(unit));
    table.units.contains(&unit).then_some(*found)
}

/// The names of a column beside its canonical one, as the table spells them.
pub(super) fn of(column: Column) -> Vec<&'static str> {
    TABLE.spelled.iter().filter(|(own, _)| *own == column).map(|(_, name)| *name).collect()
}

/// What a unit behind a name measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Measure {
    Money,
    Days,
    Pieces,
    Time,
}

/// What the units of a column measure; `None` where a unit would change what the name means.
fn measure(column: Column) -> Option<Measure> {
    match (column, column.info().kind) {
        (Column::ListingAgeDays | Column::SellerAgeDays, _) => Some(Measure::Days),
        (_, Kind::Money) => Some(Measure::Money),
        (_, Kind::Count) => Some(Measure::Pieces),
        (_, Kind::Date) => Some(Measure::Time),
        (_, Kind::Text | Kind::Number | Kind::Label) => None,
    }
}

struct Table {
    names: HashMap<String, (Column, Firmness)>,
    units: HashSet<(Measure, String)>,
    spelled: Vec<(Column, &'static str)>,
}

impl Table {
    /// Reads the table. A line that is none of it is passed over; a test sees that there is none.
    fn parse(source: &'static str) -> Table {
        let mut table = Table { names: HashMap::new(), units: HashSet::new(), spelled: Vec::new() };
        for info in COLUMNS {
            table.names.insert(key(info.name), (info.column, Firmness::Canonical));
        }
        let mut section = "";
        for line in source.lines() {
            if let Some(heading) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = heading;
            } else if let Some((group, names)) = entry(line) {
                for name in names.split('|').map(str::trim) {
                    table.add(section, group, name);
                }
            }
        }
        table
    }

    fn add(&mut self, section: &str, group: &str, name: &'static str) {
        if let Some(column) = Column::from_name(section) {
            let (name, firmness) = match name.strip_prefix('~') {
                Some(name) => (name, Firmness::Weak),
                None => (name, Firmness::Common),
            };
            self.spelled.push((column, name));
            self.names.entry(key(name)).or_insert((column, firmness));
        } else if let Some(measure) = measure_named(group) {
            self.units.insert((measure, unit_key(name)));
        }
    }
}

/// The group and the names of a line that holds any.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (group, names) = line.split_once(" = ")?;
    (!line.starts_with('#')).then_some((group, names))
}

fn measure_named(group: &str) -> Option<Measure> {
    match group {
        "money" => Some(Measure::Money),
        "days" => Some(Measure::Days),
        "pieces" => Some(Measure::Pieces),
        "time" => Some(Measure::Time),
        _ => None,
    }
}

/// What remains of a column name when case, blanks, punctuation, the width of characters and the
/// accents of Latin letters do not count. Signs of currencies and of percent stay: sales in euros
/// are no number of sales.
pub(super) fn key(name: &str) -> String {
    short_key(name).unwrap_or_else(|| long_key(name))
}

/// The key of a name all of whose characters are their own compositions but for case: Latin without
/// accents, most of Cyrillic, Han, kana and Hangul. So are most names of the table, and it is read at
/// each start.
fn short_key(name: &str) -> Option<String> {
    let mut kept = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            'а'..='я' if c != 'й' => kept.push(c),
            'А'..='Я' if c != 'Й' => kept.extend(c.to_lowercase()),
            '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => kept.push(c),
            '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | 'ー' => kept.push(c),
            c if c.is_ascii_alphanumeric() || (c.is_ascii() && is_unit_sign(c)) => {
                kept.push(c.to_ascii_lowercase());
            }
            c if c.is_ascii() => {}
            _ => return None,
        }
    }
    Some(kept)
}

fn long_key(name: &str) -> String {
    let mut kept = String::with_capacity(name.len());
    let mut drops_marks = false;
    for c in name.nfkc().flat_map(char::to_lowercase).nfd() {
        if is_combining_mark(c) && drops_marks && ('\u{300}'..='\u{36f}').contains(&c) {
            continue;
        }
        // A dot makes another letter of a Cyrillic и, and none of an е.
        drops_marks = c.is_ascii_alphabetic() || c == 'е';
        match c {
            'ł' => kept.push('l'),
            'ı' => kept.push('i'),
            'ø' => kept.push('o'),
            'đ' => kept.push('d'),
            'ß' => kept.push_str("ss"),
            c if c.is_alphanumeric() || is_combining_mark(c) || is_unit_sign(c) => kept.push(c),
            _ => {}
        }
    }
    kept.nfc().collect()
}

fn is_unit_sign(c: char) -> bool {
    matches!(c, '%' | '$' | '\u{a2}'..='\u{a5}' | '\u{e3f}' | '\u{20a0}'..='\u{20cf}')
}

/// A name and the unit in brackets, behind the last comma or as the last word.
fn split_unit(name: &str) -> Option<(&str, &str)> {
    let brackets = [('(', ')'), ('[', ']')]
        .into_iter()
        .find_map(|(open, close)| name.strip_suffix(close).and_then(|rest| rest.rsplit_once(open)));
    brackets.or_else(|| name.rsplit_once(',')).or_else(|| name.rsplit_once([' ', '_']))
}

fn unit_key(unit: &str) -> String {
    unit.nfkc().flat_map(char::to_lowercase).collect::<String>().trim().trim_end_matches('.').into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column_of(name: &str) -> Option<Column> {
        recognize(name).map(|(column, _)| column)
    }

    /// The sections with their groups and names, read without the parser under test.
    fn sections() -> Vec<(&'static str, Vec<(&'static str, Vec<&'static str>)>)> {
        let mut sections: Vec<(&str, Vec<(&str, Vec<&str>)>)> = Vec::new();
        for line in SOURCE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(heading) = line.strip_prefix('[') {
                sections.push((heading.trim_end_matches(']'), Vec::new()));
            } else {
                let (group, names) = line.split_once(" = ").expect(line);
                let names = names.split(" | ").collect();
                sections.last_mut().expect("a heading first").1.push((group, names));
            }
        }
        sections
    }

    #[test]
    fn every_column_has_names_in_every_language_promised() {
        let sections = sections();
        let named = || COLUMNS.iter().filter(|info| !info.column.is_of_enrich());
        for info in named() {
            let groups = &sections.iter().find(|(own, _)| *own == info.name).expect(info.name).1;
            for language in ["en", "zh", "zh-hant", "ru", "pt", "es", "de", "ja", "ko"] {
                let has =
                    groups.iter().any(|(group, names)| *group == language && !names.is_empty());
                assert!(has, "{} has no names in {language}", info.name);
            }
        }
        assert_eq!(sections.len(), named().count() + 1, "the columns and the units");
        for (group, _) in &sections.last().expect("units").1 {
            assert!(measure_named(group).is_some(), "{group}");
        }
    }

    #[test]
    fn no_name_means_two_columns() {
        let mut seen: HashMap<String, &str> = HashMap::new();
        let mut faults = Vec::new();
        for (section, groups) in sections() {
            let Some(column) = Column::from_name(section) else { continue };
            let names = groups.iter().flat_map(|(_, names)| names).copied();
            for name in names.chain([column.name()]) {
                let name = name.trim_start_matches('~');
                let key = key(name);
                assert!(!key.is_empty(), "{section}: {name:?} is nothing");
                if let Some(other) = seen.insert(key, section).filter(|other| *other != section) {
                    faults.push(format!("{name} means both {other} and {section}"));
                }
            }
        }
        assert!(faults.is_empty(), "\n{}", faults.join("\n"));
        assert!(seen.len() > 1500, "{}", seen.len());
    }

    #[test]
    fn case_blanks_punctuation_width_and_accents_do_not_count() {
        for (name, column) in [
            ("Seller ID", Column::SellerId),
            ("ItemID", Column::ListingId),
            ("\u{feff}listing-id", Column::ListingId),
            ("PREÇO", Column::Price),
            ("preco", Column::Price),
            ("prec\u{327}o", Column::Price),
            ("Ｔｉｔｌｅ", Column::Title),
            ("Währung:", Column::Currency),
            ("wahrung", Column::Currency),
            ("*C:Brand", Column::Brand),
            ("Кол-во отзывов", Column::ReviewCount),
            ("подделка", Column::IsCounterfeit),
            ("Дней в продаже", Column::ListingAgeDays),
            ("Tytuł", Column::Title),
            ("Mô tả sản phẩm", Column::Description),
            ("カテゴリー", Column::Category),
            ("상품명", Column::Title),
            ("sellerInfo.feedbackScore", Column::SellerFeedbackCount),
        ] {
            assert_eq!(column_of(name), Some(column), "{name}");
        }
        // A breve makes another letter of и, and a voicing mark of か.
        assert_ne!(key("й"), key("и"));
        assert_ne!(key("が"), key("か"));
        assert_eq!(key("ё"), key("е"));
        assert_eq!(key(" _-.: "), "");
        assert_eq!(column_of("..."), None);
    }

    #[test]
    fn the_short_way_to_a_key_leads_where_the_long_way_does() {
        let names = sections().into_iter().flat_map(|(_, groups)| groups);
        let names: Vec<&str> = names.flat_map(|(_, names)| names).collect();
        let short = names.iter().filter(|name| short_key(name).is_some()).count();
        assert!(short * 5 > names.len() * 4, "{short} of {}", names.len());
        let characters: Vec<String> = ('\0'..='\u{ffff}').map(String::from).collect();
        for name in names.into_iter().chain(characters.iter().map(String::as_str)) {
            let key = short_key(name).unwrap_or_else(|| long_key(name));
            assert_eq!(key, long_key(name), "{name:?}");
        }
    }

    #[test]
    fn a_unit_is_taken_off_where_it_fits_the_column() {
        for (name, column) in [
            ("Price (USD)", Column::Price),
            ("价格（元）", Column::Price),
            ("Текущая цена с учетом скидки, ₽", Column::Price),
            ("Цена, руб.", Column::Price),
            ("Preis [€]", Column::Price),
            ("Preis €", Column::Price),
            ("price_usd", Column::Price),
            ("start_time_ms", Column::ListedAt),
            ("Seller age (days)", Column::SellerAgeDays),
            ("Продано, шт.", Column::SalesCount),
            ("Open date (UTC)", Column::ListedAt),
        ] {
            assert_eq!(column_of(name), Some(column), "{name}");
        }
        for name in [
            "Preis (UVP)",
            "Seller age (years)",
            "Sales (USD)",
            "Продажи, ₽",
            "Returns %",
            "Title (USD)",
            "(USD)",
            "Price real",
        ] {
            assert_eq!(column_of(name), None, "{name}");
        }
    }

    /// What a product cost before is not what its brand asks.
    #[test]
    fn a_price_before_the_discount_is_no_list_price() {
        for name in [
            "preco_original",
            "original_price",
            "old price",
            "Цена до скидки, ₽",
            "原价",
            "price_before_discount",
            "compare at price",
        ] {
            assert_eq!(column_of(name), Some(Column::WasPrice), "{name}");
        }
    }

    /// A seller's key is not the marketplace's.
    #[test]
    fn names_of_other_things_are_not_taken() {
        for name in [
            "preco_por_unidade",
            "rating",
            "rating_medio",
            "vendedor_reputacao",
            "state",
            "status",
            "date",
            "vendor",
            "country",
        ] {
            assert_eq!(column_of(name), None, "{name}");
        }
    }

    /// Headers as exports have them, each with what must be found in it.
    #[test]
    fn headers_of_large_marketplaces_are_read() {
        use Column::*;
        let exports: &[(&str, &[(&str, Column)])] = &[
            (
                "Amazon listings report",
                &[
                    ("item-name", Title),
                    ("item-description", Description),
                    ("listing-id", ListingId),
                    ("price", Price),
                    ("quantity", Quantity),
                    ("open-date", ListedAt),
                    ("item-condition", Condition),
                ],
            ),
            (
                "Mercado Livre scrape",
                &[
                    ("id_produto", ListingId),
                    ("titulo", Title),
                    ("preco_atual", Price),
                    ("msrp", ListPrice),
                    ("vendedor_id", SellerId),
                    ("total_reviews", ReviewCount),
                    ("descricao", Description),
                ],
            ),
            (
                "Ozon moderation sample",
                &[
                    ("ItemID", ListingId),
                    ("name_rus", Title),
                    ("brand_name", Brand),
                    ("CommercialTypeName4", Category),
                    ("PriceDiscounted", Price),
                    ("item_time_alive", ListingAgeDays),
                    ("seller_time_alive", SellerAgeDays),
                    ("item_count_sales30", SalesCount),
                    ("item_count_returns30", ReturnCount),
                    ("true_label", IsCounterfeit),
                ],
            ),
            (
                "Rakuten item search",
                &[
                    ("itemCode", ListingId),
                    ("itemName", Title),
                    ("itemPrice", Price),
                    ("itemCaption", Description),
                    ("shopCode", SellerId),
                    ("shopName", SellerName),
                    ("reviewCount", ReviewCount),
                ],
            ),
            (
                "Shopee item",
                &[
                    ("itemid", ListingId),
                    ("shopid", SellerId),
                    ("historical_sold", SalesCount),
                    ("shop_location", ShipsFrom),
                    ("cmt_count", ReviewCount),
                    ("ctime", ListedAt),
                ],
            ),
            (
                "Taobao search",
                &[
                    ("num_iid", ListingId),
                    ("raw_title", Title),
                    ("view_price", Price),
                    ("nick", SellerName),
                    ("item_loc", ShipsFrom),
                ],
            ),
            (
                "Wildberries",
                &[
                    ("nmID", ListingId),
                    ("subjectName", Category),
                    ("supplierId", SellerId),
                    ("Артикул WB", ListingId),
                    ("Бренд", Brand),
                    ("Предмет", Category),
                ],
            ),
            (
                "Shopify products",
                &[
                    ("Handle", ListingId),
                    ("Body (HTML)", Description),
                    ("Variant Price", Price),
                    ("Variant Barcode", Gtin),
                ],
            ),
        ];
        for (export, names) in exports {
            for (name, column) in *names {
                assert_eq!(column_of(name), Some(*column), "{export}: {name}");
            }
        }
    }
}
