//! From raw records to listings: every cell read once, by the kind of its column.

use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, StringArray, cast::AsArray};
use arrow_schema::DataType;

use super::batch::{Cells, ListingBatch, is_allowed};
use super::mapping::ResolvedMapping;
use super::schema::{Column, Kind};
use crate::error::{Error, Location, Result};
use crate::input::{
    DateOrder, DecimalConvention, Mark, Priced, Problem, RawBatch, as_text, currency_code,
    is_null_word, parse_amount, parse_date, parse_label, parse_number,
};

/// A block read: its listings, and the cells that could not be read and are missing in it.
pub struct ReadBatch {
    /// The listings, one a record.
    pub listings: ListingBatch,
    /// The cells that could not be read.
    pub problems: Vec<Problem>,
    /// How many amounts are the lowest of several: of a range, or of prices "from" them on.
    pub n_lowest: u64,
    /// How many cells say that there is no amount, such as `free`; they are missing.
    pub n_no_price: u64,
}

impl ResolvedMapping {
    /// Reads the cells of a block.
    ///
    /// # Errors
    /// A column of a type that holds no such values at all, such as an image for a price.
    pub fn read(&self, raw: &RawBatch) -> Result<ReadBatch> {
        let n = raw.table.num_rows();
        let mut reader =
            CellReader { mapping: self, raw, problems: Vec::new(), n_lowest: 0, n_no_price: 0 };
        let mut columns = Vec::with_capacity(Column::COUNT);
        let mut currencies: Vec<Option<Mark>> = vec![None; n];
        let mut list_currencies: Vec<Option<Mark>> = vec![None; n];
        for column in Column::all() {
            // What this file lacks and another of the input has is unknown here.
            let position = self.position(column).filter(|at| !raw.absent.contains(at));
            let cells = match (position, column.info().kind) {
                (None, _) => Cells::Unknown,
                (Some(at), Kind::Text) => {
                    let text = reader.text(at, column)?;
                    Cells::Text(if column == Column::Currency { self.codes(text) } else { text })
                }
                (Some(at), _) => {
                    let own: &mut [_] = match column {
                        Column::Price => &mut currencies,
                        Column::ListPrice => &mut list_currencies,
                        _ => &mut [],
                    };
                    let written = Written::of(self, column);
                    Cells::Number(reader.numbers(at, column, written, own)?)
                }
            };
            columns.push(cells);
        }
        let codes: Vec<Option<&str>> =
            currencies.iter().map(|own| own.and_then(Mark::code)).collect();
        self.fill_in(&mut columns, &codes);
        for (column, own) in [(Column::Price, &currencies), (Column::ListPrice, &list_currencies)] {
            reader.refuse_other_currencies(column, own, &mut columns);
        }
        let mut extra_numeric = Vec::new();
        for (index, (name, at)) in self.extra_numeric.iter().enumerate() {
            let convention = self.extra_decimals.get(index).copied();
            let convention = convention.unwrap_or(DecimalConvention::Point);
            let values = reader.extra_numbers(*at, convention)?;
            extra_numeric.push((name.clone(), values));
        }
        let mut extra_categorical = Vec::new();
        for (name, at) in &self.extra_categorical {
            extra_categorical.push((name.clone(), reader.category(*at)?));
        }
        let listings = ListingBatch::from_columns(n, columns, extra_numeric, extra_categorical);
        let CellReader { problems, n_lowest, n_no_price, .. } = reader;
        Ok(ReadBatch { listings, problems, n_lowest, n_no_price })
    }

    /// The currencies by their codes, where a sign or a word tells the code.
    fn codes(&self, text: StringArray) -> StringArray {
        let is_code = |cell: &str| cell.len() == 3 && cell.bytes().all(|b| b.is_ascii_uppercase());
        if text.iter().flatten().all(is_code) {
            return text;
        }
        let default = self.defaults.currency.as_deref();
        let code = |cell| currency_code(cell, default).unwrap_or(cell);
        text.iter().map(|cell| cell.map(code)).collect()
    }

    /// Fills what the export lacks: the currency from the prices' own signs or the default, row by
    /// row where the column is there, and the language from the default.
    fn fill_in(&self, columns: &mut [Cells], currencies: &[Option<&'static str>]) {
        let default = self.defaults.currency.as_deref();
        let unknown = |cells: &Cells| matches!(cells, Cells::Unknown);
        let currency = &mut columns[Column::Currency as usize];
        if unknown(currency) && (default.is_some() || currencies.iter().any(Option::is_some)) {
            let filled = currencies.iter().map(|own| own.or(default));
            *currency = Cells::Text(filled.collect::<StringArray>());
        }
        if let Cells::Text(text) = currency {
            let mut rows = currencies.iter().enumerate();
            if rows.any(|(row, own)| text.is_null(row) && own.or(default).is_some()) {
                let filled =
                    text.iter().zip(currencies).map(|(cell, own)| cell.or(*own).or(default));
                *currency = Cells::Text(filled.collect::<StringArray>());
            }
        }
        let language = &mut columns[Column::Language as usize];
        if let (true, Some(default)) = (unknown(language), self.defaults.language.as_deref()) {
            *language = Cells::Text(currencies.iter().map(|_| Some(default)).collect());
        }
    }
}

struct CellReader<'a> {
    mapping: &'a ResolvedMapping,
    raw: &'a RawBatch,
    problems: Vec<Problem>,
    n_lowest: u64,
    n_no_price: u64,
}

impl CellReader<'_> {
    fn array(&self, at: usize) -> &ArrayRef {
        self.raw.table.column(at)
    }

    fn location(&self, at: usize, row: usize) -> Location {
        let place = Location::file(self.raw.file.to_string())
            .record(self.raw.records[row])
            .column(self.mapping.spelled[at].clone());
        match self.raw.lines.get(row) {
            Some(&line) => place.line(line),
            None => place,
        }
    }

    /// A column as text. Identifiers and texts stay as they are; in the other columns the usual
    /// spellings of "nothing" are nothing.
    fn text(&self, at: usize, column: Column) -> Result<StringArray> {
        let text = as_text(self.array(at))
            .map_err(|error| self.wrong_type(at, "text", &error.to_string()))?;
        let free = matches!(column, Column::Title | Column::Description | Column::ListingId);
        Ok(if free { text } else { without_null_words(text) })
    }

    fn category(&self, at: usize) -> Result<StringArray> {
        let text = as_text(self.array(at))
            .map_err(|error| self.wrong_type(at, "text", &error.to_string()))?;
        Ok(without_null_words(text))
    }

    fn numbers(
        &mut self,
        at: usize,
        column: Column,
        written: Written,
        currencies: &mut [Option<Mark>],
    ) -> Result<Vec<f64>> {
        let kind = column.info().kind;
        let native = is_numeric(self.array(at).data_type(), kind);
        let mut values = Vec::with_capacity(self.array(at).len());
        if native {
            let floats = arrow_cast::cast(self.array(at), &DataType::Float64)
                .map_err(|error| self.wrong_type(at, expected(kind), &error.to_string()))?;
            for (row, value) in floats.as_primitive::<Float64Type>().iter().enumerate() {
                let value = match value {
                    Some(value) if value.is_finite() => match kind {
                        Kind::Date => parse_date(&format_number(value), written.order),
                        Kind::Label => {
                            parse_label(&format_number(value), self.mapping.positive.as_deref())
                                .map(f64::from)
                        }
                        _ => is_allowed(column, value).then_some(value),
                    }
                    .or_else(|| self.problem(at, row, kind, &format_number(value))),
                    Some(value) if !value.is_nan() => {
                        self.problem(at, row, kind, &format_number(value))
                    }
                    _ => None,
                };
                values.push(value.unwrap_or(f64::NAN));
            }
            return Ok(values);
        }
        let text = as_text(self.array(at))
            .map_err(|error| self.wrong_type(at, expected(kind), &error.to_string()))?;
        for (row, cell) in text.iter().enumerate() {
            let Some(cell) = cell.filter(|cell| !is_null_word(cell)) else {
                values.push(f64::NAN);
                continue;
            };
            let convention = self.convention(at, row, cell, written.decimal);
            let parsed = match kind {
                Kind::Money => match parse_amount(cell, convention) {
                    Some(priced @ (Priced::Amount(amount) | Priced::Lowest(amount))) => {
                        self.n_lowest += u64::from(matches!(priced, Priced::Lowest(_)));
                        if let Some(own) = currencies.get_mut(row) {
                            *own = amount.mark;
                        }
                        Some(amount.value)
                    }
                    Some(Priced::NoPrice) => {
                        self.n_no_price += 1;
                        values.push(f64::NAN);
                        continue;
                    }
                    None => None,
                },
                Kind::Date => parse_date(cell, written.order),
                Kind::Label => parse_label(cell, self.mapping.positive.as_deref()).map(f64::from),
                _ => parse_number(cell, convention),
            };
            let value = parsed.filter(|&value| is_allowed(column, value)).or_else(|| {
                let expected = expected_of(kind, cell, convention, written.order);
                self.problem_expecting(at, row, cell, expected)
            });
            values.push(value.unwrap_or(f64::NAN));
        }
        Ok(values)
    }

    /// Amounts that state another currency than the one of their row are missing: they cannot be
    /// compared with anything of the row.
    fn refuse_other_currencies(
        &mut self,
        column: Column,
        stated: &[Option<Mark>],
        columns: &mut [Cells],
    ) {
        let Some(at) = self.mapping.position(column) else { return };
        let Cells::Text(rows) = columns[Column::Currency as usize].clone() else { return };
        let Cells::Number(values) = &mut columns[column as usize] else { return };
        for (row, stated) in stated.iter().enumerate() {
            let is_told = |_: &Mark| !rows.is_null(row) && !values[row].is_nan();
            let Some(stated) = stated.filter(is_told) else { continue };
            let own = rows.value(row).trim();
            if !own.is_empty() && !stated.agrees_with(own) {
                values[row] = f64::NAN;
                self.problems.push(Problem {
                    location: self.location(at, row),
                    found: stated.name().to_owned(),
                    expected: format!("an amount in the currency of the row, {own}"),
                });
            }
        }
    }

    /// How a cell is written: numbers of JSON and of workbooks are not written by anybody.
    fn convention(
        &self,
        at: usize,
        row: usize,
        cell: &str,
        convention: DecimalConvention,
    ) -> DecimalConvention {
        let may_differ = convention != DecimalConvention::Point && cell.contains('.');
        if may_differ && self.raw.is_native_number(&self.mapping.spelled[at], row) {
            DecimalConvention::Point
        } else {
            convention
        }
    }

    fn extra_numbers(&mut self, at: usize, decimal: DecimalConvention) -> Result<Vec<f64>> {
        let unused = &mut [];
        let written = Written { decimal, order: DateOrder::EachAlone };
        // A rating may be any number and has no currency, as a further column.
        self.numbers(at, Column::SellerRating, written, unused)
    }

    /// Notes a cell that cannot be read; it is missing for the model.
    fn problem<T>(&mut self, at: usize, row: usize, kind: Kind, found: &str) -> Option<T> {
        self.problem_expecting(at, row, found, expected(kind).to_owned())
    }

    fn problem_expecting<T>(
        &mut self,
        at: usize,
        row: usize,
        found: &str,
        expected: String,
    ) -> Option<T> {
        let location = self.location(at, row);
        self.problems.push(Problem { location, found: found.to_owned(), expected });
        None
    }

    fn wrong_type(&self, at: usize, expected: &str, detail: &str) -> Error {
        let place =
            Location::file(self.raw.file.to_string()).column(self.mapping.spelled[at].clone());
        let found = format!("{} ({detail})", self.array(at).data_type());
        Error::value(place, format!("a column of {expected}"), &found)
    }
}

/// How the cells of a column are written.
#[derive(Clone, Copy)]
struct Written {
    decimal: DecimalConvention,
    order: DateOrder,
}

impl Written {
    fn of(mapping: &ResolvedMapping, column: Column) -> Written {
        Written {
            decimal: mapping.decimals[column as usize],
            order: mapping.orders[column as usize],
        }
    }
}

/// What a cell should have been, with what would settle it where it could be two things.
fn expected_of(kind: Kind, cell: &str, decimal: DecimalConvention, order: DateOrder) -> String {
    let is_open = match kind {
        Kind::Date => {
            order == DateOrder::EachAlone && parse_date(cell, DateOrder::DayFirst).is_some()
        }
        Kind::Money => {
            decimal == DecimalConvention::EachAlone
                && parse_amount(cell, DecimalConvention::Point).is_some()
        }
        _ => {
            decimal == DecimalConvention::EachAlone
                && parse_number(cell, DecimalConvention::Point).is_some()
        }
    };
    match kind {
        Kind::Date if is_open => {
            "a date whose order of day and month is known (--date-order dmy or mdy)".to_owned()
        }
        Kind::Text | Kind::Label | Kind::Date => expected(kind).to_owned(),
        _ if is_open => {
            format!("{} whose decimal mark is known (--decimal . or ,)", expected(kind))
        }
        _ => expected(kind).to_owned(),
    }
}

/// What a cell of this kind should be, for messages.
pub(crate) fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Number => "a number",
        Kind::Count => "a number that is not negative",
        Kind::Money => "a positive amount",
        Kind::Date => "a date such as 2026-01-31",
        Kind::Label => {
            "a label such as 1/0, true/false, yes/no or counterfeit/genuine (--positive names the text \
             that means counterfeit)"
        }
    }
}

/// True for types that cast to a number without going through text, such as a category of numbers.
fn is_numeric(data_type: &DataType, kind: Kind) -> bool {
    if let DataType::Dictionary(_, values) = data_type {
        return is_numeric(values, kind);
    }
    let numeric = data_type.is_numeric() || matches!(data_type, DataType::Boolean);
    match kind {
        Kind::Date => data_type.is_numeric(),
        _ => numeric,
    }
}

/// A whole number without its fraction mark, as the text readers expect it.
fn format_number(value: f64) -> String {
    format!("{value}")
}

fn without_null_words(text: StringArray) -> StringArray {
    if text.iter().flatten().any(is_null_word) {
        text.iter().map(|cell| cell.filter(|cell| !is_null_word(cell))).collect()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{
        DictionaryArray, Float64Array, Int8Array, RecordBatch, TimestampMillisecondArray,
    };
    use arrow_schema::{Field, Schema};

    use super::*;
    use crate::input::DecimalMark;
    use crate::listing::{Cell, Mapping};

    /// The listings of a table with an id, a title and one column more.
    fn read(column: Column, array: ArrayRef) -> ReadBatch {
        read_all(vec![(column, array)])
    }

    fn read_all(others: Vec<(Column, ArrayRef)>) -> ReadBatch {
        read_with(&Mapping::default(), others)
    }

    /// The listings of a table with an id, a title and these columns of one length.
    fn read_with(mapping: &Mapping, others: Vec<(Column, ArrayRef)>) -> ReadBatch {
        let n = others[0].1.len();
        let mut columns: Vec<(&str, ArrayRef)> = vec![
            (
                Column::ListingId.name(),
                Arc::new((0..n).map(|n| Some(n as f64)).collect::<Float64Array>()),
            ),
            (Column::Title.name(), Arc::new((0..n).map(|_| Some("belt")).collect::<StringArray>())),
        ];
        columns.extend(others.into_iter().map(|(column, array)| (column.name(), array)));
        let fields: Vec<Field> = columns
            .iter()
            .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
            .collect();
        let arrays = columns.into_iter().map(|(_, array)| array).collect();
        let raw = RawBatch {
            table: RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap(),
            file: "x.parquet".into(),
            records: (1..=n as u64).collect(),
            lines: Vec::new(),
            verbatim: None,
            native_numbers: None,
            absent: Vec::new(),
        };
        let schema = raw.table.schema();
        mapping.resolve("x.parquet", &schema, false).unwrap().read(&raw).unwrap()
    }

    /// Zones of data frames have names, which the Arrow crates do not know without a database.
    #[test]
    fn times_with_a_named_zone_are_read_as_their_instant() {
        // 2024-02-29T12:00:00Z is 1709208000 s: 19782.5 days.
        let times = TimestampMillisecondArray::from(vec![Some(1_709_208_000_000), None]);
        for zone in ["UTC", "America/Sao_Paulo", "+02:00"] {
            let array: ArrayRef = Arc::new(times.clone().with_timezone(zone));
            let own = read(Column::ListedAt, array);
            assert_eq!(own.listings.number(Column::ListedAt, 0), Cell::Value(19_782.5), "{zone}");
            assert_eq!(own.listings.number(Column::ListedAt, 1), Cell::Missing);
            assert!(own.problems.is_empty());
        }
    }

    /// The mapping's decimal comma is of its texts: as a text, 1.299 would be 1299.
    #[test]
    fn a_category_of_numbers_is_read_as_numbers() {
        let values = Arc::new(Float64Array::from(vec![1.299, 20.5]));
        let keys = Int8Array::from(vec![Some(1), Some(0), None, Some(1)]);
        let prices: ArrayRef = Arc::new(DictionaryArray::new(keys, values));
        for mapping in [Mapping::default(), Mapping::default().with_decimal(DecimalMark::Comma)] {
            let own = read_with(&mapping, vec![(Column::Price, Arc::clone(&prices))]);
            let cells: Vec<Option<f64>> =
                (0..4).map(|row| own.listings.number(Column::Price, row).value()).collect();
            assert_eq!(cells, [Some(20.5), Some(1.299), None, Some(20.5)]);
        }
    }

    /// `$5` in a row of euros was 5 euros.
    #[test]
    fn a_sign_of_another_currency_than_the_row_is_a_problem() {
        let cells = [
            ("$5", Some("EUR"), None),
            ("$5", Some("MXN"), Some(5.0)),
            ("$5", Some("$"), Some(5.0)),
            ("US$ 5", Some("$"), Some(5.0)),
            ("5 €", Some("USD"), None),
            ("5", Some("USD"), Some(5.0)),
            ("5 kr", None, Some(5.0)),
            // One fault a cell: it is not positive, whatever its currency.
            ("-5 €", Some("USD"), None),
        ];
        let prices: StringArray = cells.iter().map(|(price, ..)| Some(*price)).collect();
        let currencies: StringArray = cells.iter().map(|(_, currency, _)| *currency).collect();
        let own = read_all(vec![
            (Column::Price, Arc::new(prices)),
            (Column::Currency, Arc::new(currencies)),
        ]);
        for (row, (text, _, expected)) in cells.iter().enumerate() {
            assert_eq!(own.listings.number(Column::Price, row).value(), *expected, "{text}");
        }
        let told: Vec<(Option<u64>, &str)> = own
            .problems
            .iter()
            .map(|problem| (problem.location.record, problem.found.as_str()))
            .collect();
        assert_eq!(told, [(Some(8), "-5 €"), (Some(1), "$"), (Some(5), "EUR")]);
    }

    #[test]
    fn lowest_prices_and_those_that_are_none_are_counted() {
        let prices = StringArray::from(vec!["10-20", "from 5", "free", "7", "-"]);
        let own = read(Column::Price, Arc::new(prices));
        assert_eq!((own.n_lowest, own.n_no_price), (2, 1));
        assert!(own.problems.is_empty());
        let cells: Vec<Option<f64>> =
            (0..5).map(|row| own.listings.number(Column::Price, row).value()).collect();
        assert_eq!(cells, [Some(10.0), Some(5.0), None, Some(7.0), None]);
    }

    #[test]
    fn whole_numbers_for_ids_have_no_fraction() {
        let own = read(Column::Price, Arc::new(Float64Array::from(vec![1.0, 2.0])));
        assert_eq!(own.listings.text(Column::ListingId, 1), Cell::Value("1"));
    }

    /// Infinities were missing in silence, though a text that says so is a fault.
    #[test]
    fn an_infinite_number_is_a_problem_and_nan_is_missing() {
        let prices = Float64Array::from(vec![f64::INFINITY, f64::NAN, -1.0, 5.0]);
        let own = read(Column::Price, Arc::new(prices));
        let cells: Vec<Cell<f64>> =
            (0..4).map(|row| own.listings.number(Column::Price, row)).collect();
        assert_eq!(cells, [Cell::Missing, Cell::Missing, Cell::Missing, Cell::Value(5.0)]);
        let told: Vec<String> =
            own.problems.iter().map(|problem| problem.to_error().to_string()).collect();
        assert_eq!(told.len(), 2);
        assert!(told[0].starts_with(
            "x.parquet: record 1, column price: expected a positive amount, found \"inf\""
        ));
        assert!(told[1].starts_with("x.parquet: record 3, column price"), "{}", told[1]);
    }
}
