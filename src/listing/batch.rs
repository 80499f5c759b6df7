//! Many listings, column by column, with every cell read, missing or unknown.

use arrow_array::builder::StringBuilder;
use arrow_array::{Array, StringArray};

use super::{Column, Kind, Listing};

/// What stands in one cell of a batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<T> {
    /// A value.
    Value(T),
    /// The column is there and this cell of it is empty, which is evidence.
    Missing,
    /// The data has no such column, which says nothing about the listing.
    Unknown,
}

impl<T> Cell<T> {
    /// The value, if there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Cell::Value(value) => Some(value),
            Cell::Missing | Cell::Unknown => None,
        }
    }

    /// The cell with its value changed.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Cell<U> {
        match self {
            Cell::Value(value) => Cell::Value(change(value)),
            Cell::Missing => Cell::Missing,
            Cell::Unknown => Cell::Unknown,
        }
    }

    /// The cell that the value leads to.
    pub fn and_then<U>(self, next: impl FnOnce(T) -> Cell<U>) -> Cell<U> {
        match self {
            Cell::Value(value) => next(value),
            Cell::Missing => Cell::Missing,
            Cell::Unknown => Cell::Unknown,
        }
    }

    /// This cell, or where it has no value the other; missing outranks unknown.
    #[must_use]
    pub fn or(self, other: impl FnOnce() -> Cell<T>) -> Cell<T> {
        match self {
            Cell::Value(_) => self,
            Cell::Unknown => other(),
            Cell::Missing => match other() {
                Cell::Unknown => Cell::Missing,
                found => found,
            },
        }
    }
}

/// A batch of listings. Built once, checked once; nothing behind it looks at a column's type again.
#[derive(Clone, Debug)]
pub struct ListingBatch {
    n_listings: usize,
    columns: Vec<Cells>,
    extra_numeric: Vec<(String, Vec<f64>)>,
    extra_categorical: Vec<(String, StringArray)>,
}

/// The cells of one column. Text: null is missing. Numbers: NaN is missing.
#[derive(Clone, Debug)]
pub(crate) enum Cells {
    /// The data has no such column.
    Unknown,
    /// Text; null is missing.
    Text(StringArray),
    /// Numbers; NaN is missing.
    Number(Vec<f64>),
    /// Text known for some rows only, as single listings have it.
    SomeText(Vec<Cell<Box<str>>>),
    /// Numbers known for some rows only.
    SomeNumber(Vec<Cell<f64>>),
}

impl ListingBatch {
    /// A batch from its columns, in the order of [`super::COLUMNS`], each of length `n_listings`.
    pub(crate) fn from_columns(
        n_listings: usize,
        columns: Vec<Cells>,
        extra_numeric: Vec<(String, Vec<f64>)>,
        extra_categorical: Vec<(String, StringArray)>,
    ) -> Self {
        debug_assert_eq!(columns.len(), Column::COUNT);
        ListingBatch { n_listings, columns, extra_numeric, extra_categorical }
    }

    /// A batch of single listings, in their order.
    pub fn from_listings(listings: &[Listing]) -> Self {
        let columns = Column::all()
            .map(|column| match column.info().kind {
                Kind::Text => Cells::SomeText(
                    listings.iter().map(|listing| text_of(listing, column)).collect(),
                ),
                Kind::Label => Cells::Unknown,
                _ => Cells::SomeNumber(
                    listings.iter().map(|listing| number_of(listing, column)).collect(),
                ),
            })
            .collect();
        Self::from_columns(listings.len(), columns, Vec::new(), Vec::new())
    }

    /// The same batch with a label for each listing: 1 counterfeit, 0 genuine, NaN none.
    #[must_use]
    pub fn with_labels(mut self, labels: Vec<f64>) -> Self {
        debug_assert_eq!(labels.len(), self.n_listings);
        self.columns[Column::IsCounterfeit as usize] = Cells::Number(labels);
        self
    }

    /// How many listings the batch holds.
    pub fn len(&self) -> usize {
        self.n_listings
    }

    /// True when the batch holds no listing.
    pub fn is_empty(&self) -> bool {
        self.n_listings == 0
    }

    /// True when the data has this column, for all rows.
    pub fn has(&self, column: Column) -> bool {
        !matches!(self.columns[column as usize], Cells::Unknown)
    }

    /// A text cell. Text of blanks only is missing.
    pub fn text(&self, column: Column, row: usize) -> Cell<&str> {
        match &self.columns[column as usize] {
            Cells::Text(array) if array.is_null(row) => Cell::Missing,
            Cells::Text(array) => present(array.value(row)),
            Cells::SomeText(cells) => match &cells[row] {
                Cell::Value(text) => present(text),
                Cell::Missing => Cell::Missing,
                Cell::Unknown => Cell::Unknown,
            },
            Cells::Unknown | Cells::Number(_) | Cells::SomeNumber(_) => Cell::Unknown,
        }
    }

    /// A numeric cell: an amount, a count, days, days since 1970-01-01 or 0/1 for a label.
    pub fn number(&self, column: Column, row: usize) -> Cell<f64> {
        match &self.columns[column as usize] {
            Cells::Number(values) if values[row].is_nan() => Cell::Missing,
            Cells::Number(values) => Cell::Value(values[row]),
            Cells::SomeNumber(cells) => cells[row],
            Cells::Unknown | Cells::Text(_) | Cells::SomeText(_) => Cell::Unknown,
        }
    }

    /// True when this cell is of a column that the data has and holds nothing; `None` when the
    /// data has no such column.
    pub fn is_missing(&self, column: Column, row: usize) -> Option<bool> {
        fn missing<T>(cell: Cell<T>) -> Option<bool> {
            match cell {
                Cell::Value(_) => Some(false),
                Cell::Missing => Some(true),
                Cell::Unknown => None,
            }
        }
        match column.info().kind {
            Kind::Text => missing(self.text(column, row)),
            _ => missing(self.number(column, row)),
        }
    }

    /// A cell of a further numeric column that the mapping declares.
    pub fn extra_number(&self, name: &str, row: usize) -> Cell<f64> {
        match self.extra_numeric.iter().find(|(own, _)| own == name) {
            None => Cell::Unknown,
            Some((_, values)) if values[row].is_nan() => Cell::Missing,
            Some((_, values)) => Cell::Value(values[row]),
        }
    }

    /// A cell of a further categorical column that the mapping declares.
    pub fn extra_category(&self, name: &str, row: usize) -> Cell<&str> {
        match self.extra_categorical.iter().find(|(own, _)| own == name) {
            None => Cell::Unknown,
            Some((_, array)) if array.is_null(row) => Cell::Missing,
            Some((_, array)) => present(array.value(row)),
        }
    }

    /// The names of the further columns, numeric ones first.
    pub fn extra_names(&self) -> Vec<&str> {
        let numeric = self.extra_numeric.iter().map(|(name, _)| name.as_str());
        numeric.chain(self.extra_categorical.iter().map(|(name, _)| name.as_str())).collect()
    }

    /// The labels, 1 counterfeit and 0 genuine; NaN where a row has none; `None` without a label
    /// column.
    pub fn labels(&self) -> Option<&[f64]> {
        match &self.columns[Column::IsCounterfeit as usize] {
            Cells::Number(values) => Some(values),
            _ => None,
        }
    }

    /// Several batches of the same columns as one, in their order.
    pub fn concat(batches: Vec<ListingBatch>) -> ListingBatch {
        let mut batches = batches.into_iter();
        let Some(mut all) = batches.next() else {
            let columns = Column::all().map(|_| Cells::Unknown).collect();
            return Self::from_columns(0, columns, Vec::new(), Vec::new());
        };
        let rest: Vec<ListingBatch> = batches.collect();
        if rest.is_empty() {
            return all;
        }
        for column in Column::all() {
            let index = column as usize;
            let own = std::mem::replace(&mut all.columns[index], Cells::Unknown);
            let is_known = |cells: &Cells| !matches!(cells, Cells::Unknown);
            let parts = || rest.iter().map(|batch| &batch.columns[index]);
            // Of the files of one input, some may have a column that others lack.
            let is_mixed = parts().any(|other| is_known(other) != is_known(&own));
            all.columns[index] = if is_mixed {
                let first = (&own, all.n_listings);
                let others = rest.iter().map(|batch| (&batch.columns[index], batch.n_listings));
                some_cells(column, std::iter::once(first).chain(others))
            } else {
                concat_cells(own, parts())
            };
        }
        for (index, (_, values)) in all.extra_numeric.iter_mut().enumerate() {
            for batch in &rest {
                values.extend_from_slice(&batch.extra_numeric[index].1);
            }
        }
        for (index, (_, array)) in all.extra_categorical.iter_mut().enumerate() {
            let parts =
                std::iter::once(&*array).chain(rest.iter().map(|b| &b.extra_categorical[index].1));
            *array = concat_text(parts);
        }
        all.n_listings += rest.iter().map(|batch| batch.n_listings).sum::<usize>();
        all
    }
}

/// The cells of several batches in one; all are of the same variant, as they come from one input.
fn concat_cells<'a>(first: Cells, rest: impl Iterator<Item = &'a Cells>) -> Cells {
    match first {
        Cells::Unknown => Cells::Unknown,
        Cells::Text(array) => {
            let parts: Vec<&StringArray> = rest
                .filter_map(|cells| match cells {
                    Cells::Text(array) => Some(array),
                    _ => None,
                })
                .collect();
            Cells::Text(concat_text(std::iter::once(&array).chain(parts)))
        }
        Cells::Number(mut values) => {
            for cells in rest {
                if let Cells::Number(more) = cells {
                    values.extend_from_slice(more);
                }
            }
            Cells::Number(values)
        }
        Cells::SomeText(mut values) => {
            for cells in rest {
                if let Cells::SomeText(more) = cells {
                    values.extend_from_slice(more);
                }
            }
            Cells::SomeText(values)
        }
        Cells::SomeNumber(mut values) => {
            for cells in rest {
                if let Cells::SomeNumber(more) = cells {
                    values.extend_from_slice(more);
                }
            }
            Cells::SomeNumber(values)
        }
    }
}

/// The cells of several batches, of which some know the column and others do not; each with its
/// number of listings.
fn some_cells<'a>(column: Column, parts: impl Iterator<Item = (&'a Cells, usize)>) -> Cells {
    if column.info().kind == Kind::Text {
        let mut all: Vec<Cell<Box<str>>> = Vec::new();
        for (cells, n_listings) in parts {
            match cells {
                Cells::Text(array) => all.extend(
                    array
                        .iter()
                        .map(|text| text.map_or(Cell::Missing, |own| Cell::Value(own.into()))),
                ),
                Cells::SomeText(own) => all.extend_from_slice(own),
                _ => all.extend(std::iter::repeat_n(Cell::Unknown, n_listings)),
            }
        }
        return Cells::SomeText(all);
    }
    let mut all: Vec<Cell<f64>> = Vec::new();
    for (cells, n_listings) in parts {
        match cells {
            Cells::Number(values) => {
                all.extend(
                    values.iter().map(|value| {
                        if value.is_nan() { Cell::Missing } else { Cell::Value(*value) }
                    }),
                );
            }
            Cells::SomeNumber(own) => all.extend_from_slice(own),
            _ => all.extend(std::iter::repeat_n(Cell::Unknown, n_listings)),
        }
    }
    // Whoever looks for labels looks for numbers, of which NaN is none.
    if column.info().kind == Kind::Label {
        return Cells::Number(
            all.into_iter().map(|cell| cell.value().unwrap_or(f64::NAN)).collect(),
        );
    }
    Cells::SomeNumber(all)
}

fn concat_text<'a>(parts: impl Iterator<Item = &'a StringArray>) -> StringArray {
    let mut builder = StringBuilder::new();
    for part in parts {
        for value in part {
            builder.append_option(value);
        }
    }
    builder.finish()
}

/// A text that is not blank.
fn present(text: &str) -> Cell<&str> {
    if text.chars().all(char::is_whitespace) { Cell::Missing } else { Cell::Value(text) }
}

fn text_of(listing: &Listing, column: Column) -> Cell<Box<str>> {
    let field = match column {
        Column::ListingId => Some(&listing.listing_id),
        Column::Title => Some(&listing.title),
        Column::Description => listing.description.as_ref(),
        Column::Brand => listing.brand.as_ref(),
        Column::Category => listing.category.as_ref(),
        Column::Currency => listing.currency.as_ref(),
        Column::Condition => listing.condition.as_ref(),
        Column::ImageHash => listing.image_hash.as_ref(),
        Column::Gtin => listing.gtin.as_ref(),
        Column::ShipsFrom => listing.ships_from.as_ref(),
        Column::Language => listing.language.as_ref(),
        Column::SellerId => listing.seller_id.as_ref(),
        Column::SellerName => listing.seller_name.as_ref(),
        Column::SellerCountry => listing.seller_country.as_ref(),
        Column::ReviewText => listing.review_text.as_ref(),
        Column::TraderName => listing.trader_name.as_ref(),
        Column::TraderAddress => listing.trader_address.as_ref(),
        Column::TraderRegistration => listing.trader_registration.as_ref(),
        Column::TraderEmail => listing.trader_email.as_ref(),
        _ => None,
    };
    field.map_or(Cell::Unknown, |text| Cell::Value(text.as_str().into()))
}

fn number_of(listing: &Listing, column: Column) -> Cell<f64> {
    let field = match column {
        Column::Price => listing.price,
        Column::ListPrice => listing.list_price,
        Column::Quantity => listing.quantity,
        Column::ImageCount => listing.image_count,
        Column::ListedAt => listing.listed_at,
        Column::ListingAgeDays => listing.listing_age_days,
        Column::SellerRegisteredAt => listing.seller_registered_at,
        Column::SellerAgeDays => listing.seller_age_days,
        Column::SellerRating => listing.seller_rating,
        Column::SellerFeedbackCount => listing.seller_feedback_count,
        Column::SellerListingCount => listing.seller_listing_count,
        Column::SalesCount => listing.sales_count,
        Column::ReturnCount => listing.return_count,
        Column::FakeReturnCount => listing.fake_return_count,
        Column::ReviewCount => listing.review_count,
        Column::WasPrice => listing.was_price,
        Column::FakeReviewCount => listing.fake_review_count,
        Column::SellerExportCount => listing.seller_export_count,
        Column::SellerBrandCount => listing.seller_brand_count,
        Column::SellerCategoryCount => listing.seller_category_count,
        Column::SellerSamePriceShare => listing.seller_same_price_share,
        Column::TextCopyCount => listing.text_copy_count,
        Column::TextCopySellerCount => listing.text_copy_seller_count,
        Column::ImageCopySellerCount => listing.image_copy_seller_count,
        Column::GtinSellerCount => listing.gtin_seller_count,
        Column::GtinBrandCount => listing.gtin_brand_count,
        _ => None,
    };
    match field {
        None => Cell::Unknown,
        Some(value) if value.is_finite() && is_allowed(column, value) => Cell::Value(value),
        Some(_) => Cell::Missing,
    }
}

/// The years -9999 to 9999 in days since 1970-01-01: beyond them there are no calendar dates.
const DAYS: std::ops::Range<f64> = -4_371_587.0..2_932_897.0;

/// True when a column of this kind can hold the number.
pub(crate) fn is_allowed(column: Column, value: f64) -> bool {
    match column.info().kind {
        Kind::Money => value > 0.0,
        Kind::Count => value >= 0.0,
        Kind::Date => DAYS.contains(&value),
        Kind::Text | Kind::Number | Kind::Label => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unset_field_is_unknown_and_an_empty_one_is_missing() {
        let mut listing = Listing::new("1", "bag");
        listing.brand = Some(" ".into());
        listing.price = Some(f64::NAN);
        let batch = ListingBatch::from_listings(&[listing]);
        assert_eq!(batch.text(Column::Brand, 0), Cell::Missing);
        assert_eq!(batch.number(Column::Price, 0), Cell::Missing);
        assert_eq!(batch.text(Column::Category, 0), Cell::Unknown);
        assert_eq!(batch.text(Column::Title, 0), Cell::Value("bag"));
    }

    #[test]
    fn every_text_and_number_field_of_a_listing_reaches_its_column() {
        let listing = Listing::filled("x", 1.0);
        let batch = ListingBatch::from_listings(&[listing]);
        for column in Column::all().filter(|column| *column != Column::IsCounterfeit) {
            assert_eq!(batch.is_missing(column, 0), Some(false), "{}", column.name());
        }
    }

    #[test]
    fn batches_join_in_their_order() {
        let one = ListingBatch::from_listings(&[Listing::new("1", "a")]);
        let two = ListingBatch::from_listings(&[Listing::new("2", "b"), Listing::new("3", "c")]);
        let all = ListingBatch::concat(vec![one, two]);
        let ids: Vec<_> =
            (0..3).filter_map(|row| all.text(Column::ListingId, row).value()).collect();
        assert_eq!(ids, ["1", "2", "3"]);
    }
}
