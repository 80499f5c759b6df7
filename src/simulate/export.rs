//! A market as a CSV file, the label in its last column.

use std::io;

use jiff::Span;
use jiff::civil::{Date, date};

use super::Market;
use crate::error::{Error, Result};
use crate::listing::{Cell, Column, Kind, ListingBatch};

/// What messages call the output, which need not be a file.
const NAME: &str = "simulated market";
/// Rows that are turned into a batch at a time.
const ROWS_AT_A_TIME: usize = 4096;
/// The column of what nobody can know outside a simulation.
const TRUTH: &str = "true_probability";

impl Market {
    /// Writes the market as CSV in the canonical columns and their order, the label last as 0 or 1,
    /// dates as `2025-03-17`, empty cells for what is missing. What the market does not have, such
    /// as pictures and reviews, has no column.
    ///
    /// # Errors
    /// When `writer` fails.
    pub fn write_csv(&self, writer: impl io::Write) -> Result<()> {
        self.write_columns(writer, &exported(), None)
    }

    /// Writes the market like [`Market::write_csv`] with one column more, the last: `true_probability`
    /// of [`Market::true_probabilities`]. Nothing learns from it unless a mapping says so.
    ///
    /// # Errors
    /// As [`Market::write_csv`].
    pub fn write_csv_with_truth(&self, writer: impl io::Write) -> Result<()> {
        self.write_columns(writer, &exported(), Some(&self.true_probabilities()))
    }

    /// Writes the market like [`Market::write_csv`] without the label, as exports are that nobody
    /// has judged yet.
    ///
    /// # Errors
    /// As [`Market::write_csv`].
    pub fn write_unlabeled_csv(&self, writer: impl io::Write) -> Result<()> {
        let mut columns = exported();
        columns.retain(|column| *column != Column::IsCounterfeit);
        self.write_columns(writer, &columns, None)
    }

    fn write_columns(
        &self,
        writer: impl io::Write,
        columns: &[Column],
        truth: Option<&[f64]>,
    ) -> Result<()> {
        let mut csv = csv::Writer::from_writer(writer);
        let names = columns.iter().map(|column| column.name());
        csv.write_record(names.chain(truth.map(|_| TRUTH))).map_err(write_error)?;
        let labeled: Vec<_> = self.listings.iter().zip(&self.is_counterfeit).collect();
        for (chunk, rows) in labeled.chunks(ROWS_AT_A_TIME).enumerate() {
            let listings: Vec<_> = rows.iter().map(|(listing, _)| (*listing).clone()).collect();
            let batch = ListingBatch::from_listings(&listings);
            for (row, (_, is_counterfeit)) in rows.iter().enumerate() {
                for &column in columns {
                    let cell = match column.info().kind {
                        Kind::Text => match batch.text(column, row) {
                            Cell::Value(text) => text.to_owned(),
                            Cell::Missing | Cell::Unknown => String::new(),
                        },
                        Kind::Label => u8::from(**is_counterfeit).to_string(),
                        _ => match batch.number(column, row) {
                            Cell::Value(number) => write_number(column, number),
                            Cell::Missing | Cell::Unknown => String::new(),
                        },
                    };
                    csv.write_field(cell).map_err(write_error)?;
                }
                if let Some(probability) =
                    truth.and_then(|own| own.get(chunk * ROWS_AT_A_TIME + row))
                {
                    csv.write_field(probability.to_string()).map_err(write_error)?;
                }
                csv.write_record(None::<&[u8]>).map_err(write_error)?;
            }
        }
        csv.flush().map_err(|source| Error::io("write", NAME, source))
    }
}

/// The columns that a market has, in their order.
fn exported() -> Vec<Column> {
    const MORE: [Column; 6] = [
        Column::FakeReviewCount,
        Column::TraderName,
        Column::TraderAddress,
        Column::TraderRegistration,
        Column::TraderEmail,
        Column::IsCounterfeit,
    ];
    let is_of_market =
        |column: &Column| *column <= Column::ReviewCount && *column != Column::ImageHash;
    Column::all().filter(|own| is_of_market(own) || MORE.contains(own)).collect()
}

fn write_number(column: Column, number: f64) -> String {
    match (column.info().kind, column) {
        (Kind::Money, _) => format!("{number:.2}"),
        (Kind::Date, _) => iso_date(number).map(|day| day.to_string()).unwrap_or_default(),
        (_, Column::SellerRating) => format!("{number:.1}"),
        _ => number.to_string(),
    }
}

/// The date that lies this many days after 1970-01-01, a part of a day dropped.
fn iso_date(days: f64) -> Option<Date> {
    let span = Span::new().try_days(days.floor() as i64).ok()?;
    date(1970, 1, 1).checked_add(span).ok()
}

fn write_error(error: csv::Error) -> Error {
    Error::io("write", NAME, error.into())
}

#[cfg(test)]
mod tests {
    use super::super::{MarketSpec, Truth};
    use super::*;
    use crate::listing::Listing;

    fn csv_of(market: &Market) -> String {
        let mut bytes = Vec::new();
        market.write_csv(&mut bytes).expect("memory takes all");
        String::from_utf8(bytes).expect("UTF-8")
    }

    fn market_of(listing: Listing) -> Market {
        Market {
            listings: vec![listing],
            is_counterfeit: vec![true],
            truth: Truth { intercept: 0.0, effects: Vec::new() },
            log_odds: vec![0.0],
            label_noise: 0.0,
        }
    }

    #[test]
    fn cells_are_written_as_exports_write_them() {
        // 2025-03-17 is day 20164: 55 years with 14 leap days are 20089, and 31 + 28 + 16 more.
        let csv = csv_of(&market_of(Listing {
            description: Some("a \"b\", c".into()),
            brand: Some(String::new()),
            price: Some(9.5),
            list_price: Some(f64::NAN),
            listed_at: Some(20_164.0),
            seller_rating: Some(4.0),
            sales_count: Some(12.0),
            ..Listing::new("L1", "belt")
        }));
        let mut lines = csv.lines();
        let header: Vec<&str> = lines.next().unwrap_or("").split(',').collect();
        assert_eq!(header.len(), 34);
        assert_eq!(header.last(), Some(&Column::IsCounterfeit.name()));
        assert_eq!(
            lines.next(),
            Some("L1,belt,\"a \"\"b\"\", c\",,,9.50,,,,,,,,,2025-03-17,,,,,,4.0,,,,12,,,,,,,,,1")
        );
    }

    #[test]
    fn a_date_beyond_the_calendar_is_an_empty_cell() {
        let listing = |days| Listing { listed_at: Some(days), ..Listing::new("L1", "belt") };
        // 9999-12-31 is day 2932896, of `date -u -d 9999-12-31 +%s` divided by 86400.
        assert!(csv_of(&market_of(listing(2_932_896.0))).contains(",9999-12-31,"));
        let csv = csv_of(&market_of(listing(2_932_897.0)));
        assert!(csv.ends_with("L1,belt,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,1\n"), "{csv}");
    }

    #[test]
    fn the_truth_is_one_column_more_and_all_else_stays() {
        let spec = MarketSpec { n_listings: 5_000, ..MarketSpec::default() };
        let market = spec.check().expect("valid").simulate();
        let mut bytes = Vec::new();
        market.write_csv_with_truth(&mut bytes).expect("memory takes all");
        let with_truth = String::from_utf8(bytes).expect("UTF-8");
        let plain = csv_of(&market);
        let mut lines = with_truth.lines().zip(plain.lines());
        assert_eq!(lines.next().map(|(own, _)| own.rsplit_once(',').unwrap().1), Some(TRUTH));
        let mut expected = market.true_probabilities().into_iter();
        for (own, plain) in lines {
            let (rest, probability) = own.rsplit_once(',').unwrap();
            assert_eq!(rest, plain);
            assert_eq!(probability.parse().ok(), expected.next());
        }
        assert_eq!(expected.next(), None);
    }

    #[test]
    fn every_listing_is_a_record_of_the_same_width() {
        let spec = MarketSpec { n_listings: 9_000, ..MarketSpec::default() };
        let market = spec.check().expect("valid").simulate();
        let csv = csv_of(&market);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let mut n = 0;
        for (record, listing) in reader.records().zip(&market.listings) {
            let record = record.expect("a record of the header's width");
            assert_eq!(&record[0], listing.listing_id);
            n += 1;
        }
        assert_eq!(n, 9_000);
    }
}
