//! What always holds of a score, whatever the listing, the file format, the batch and the number of
//! threads.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "invariants/models.rs"]
mod models;
#[path = "invariants/order.rs"]
mod order;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::Schema;
use pinchbeck::listing::{Column, Kind};
use pinchbeck::report::{
    TableFormat, TableOptions, TableWriter, Target, added_columns, added_schema,
};
use pinchbeck::scoring::{Account, Budget, BudgetCut, Pipeline, Policy};
use pinchbeck::simulate::{Market, MarketSpec};
use pinchbeck::{
    Input, Listing, ListingBatch, Mapping, Model, ReadOptions, Score, ScoreSettings, Scorer,
};
use polars::prelude as pl;
use proptest::prelude::*;
use tempfile::TempDir;

/// The default model's scorer, with every reason it can give.
static SCORER: LazyLock<Scorer> = LazyLock::new(|| {
    let settings = ScoreSettings { max_reasons: 100, ..ScoreSettings::default() };
    Scorer::new(Model::embedded().unwrap()).unwrap().with_settings(settings)
});

fn market(n_listings: usize, seed: u64) -> Market {
    MarketSpec { n_listings, seed, ..MarketSpec::default() }.check().unwrap().simulate()
}

/// A score with every bit of it. `Debug` writes the shortest text that leads back to a number, and
/// unlike `==` takes NaN, the value of a reason without one, for itself.
fn bits(score: &Score) -> String {
    format!("{score:?}")
}

fn all_bits(scores: &[Score]) -> Vec<String> {
    scores.iter().map(bits).collect()
}

// Listings of every shape.

/// Text that is absent, empty, blank, telling, long or odd.
fn any_text() -> impl Strategy<Value = Option<String>> {
    let odd = [
        "",
        " \u{a0}\t",
        "\u{202e}acilper\u{202c}",
        "r\u{200b}e\u{200d}p\u{ad}lica",
        "ｒｅｐｌｉｃａ １：１",
        "r\u{301}e\u{301}p\u{327}lica",
        "𝓻𝓮𝓹𝓵𝓲𝓬𝓪 🅰🅰🅰",
        "İıſßŒﬁ ŉ ǆ",
        "高仿 A货 一比一",
        "качество 1в1, не реплика",
        "no replica, not a fake; 100% authentic",
        "=HYPERLINK(\"x\")",
        "\u{0}\u{1b}[2J\u{7f}\r\n",
        "👩\u{200d}👩\u{200d}👧\u{fe0f}",
        "\u{10ffff}\u{e000}\u{fdd0}\u{feff}",
        "Velmora",
        "handbags",
        "XTS",
    ];
    prop_oneof![
        2 => Just(None),
        5 => prop::sample::select(odd.to_vec()).prop_map(|text| Some(text.to_owned())),
        1 => ".{0,40}".prop_map(Some),
        1 => (0_usize..3000).prop_map(|n| Some("réplica 1:1 ".repeat(n / 12))),
    ]
}

/// Numbers that are absent, missing, ordinary, forbidden or beyond reason.
fn any_number() -> impl Strategy<Value = Option<f64>> {
    let odd = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.0,
        -0.0,
        -5.0,
        1e308,
        -1e308,
        f64::MIN_POSITIVE,
        5e-324,
        20_000.5,
    ];
    prop_oneof![
        2 => Just(None),
        4 => prop::sample::select(odd.to_vec()).prop_map(Some),
        4 => (0.0..1000.0).prop_map(Some),
        1 => any::<f64>().prop_map(Some),
    ]
}

fn any_listing() -> impl Strategy<Value = Listing> {
    let texts = prop::collection::vec(any_text(), 19);
    let numbers = prop::collection::vec(any_number(), 26);
    (texts, numbers).prop_map(|(texts, numbers)| {
        let mut texts = texts.into_iter();
        let mut numbers = numbers.into_iter();
        let (mut text, mut number) =
            (|| texts.next().unwrap_or_default(), || numbers.next().unwrap_or_default());
        Listing {
            listing_id: text().unwrap_or_default(),
            title: text().unwrap_or_default(),
            description: text(),
            brand: text(),
            category: text(),
            price: number(),
            currency: text(),
            list_price: number(),
            condition: text(),
            quantity: number(),
            image_count: number(),
            image_hash: text(),
            gtin: text(),
            ships_from: text(),
            language: text(),
            listed_at: number(),
            listing_age_days: number(),
            seller_id: text(),
            seller_name: text(),
            seller_registered_at: number(),
            seller_age_days: number(),
            seller_rating: number(),
            seller_feedback_count: number(),
            seller_listing_count: number(),
            seller_country: text(),
            sales_count: number(),
            return_count: number(),
            fake_return_count: number(),
            review_count: number(),
            was_price: number(),
            review_text: text(),
            fake_review_count: number(),
            trader_name: text(),
            trader_address: text(),
            trader_registration: text(),
            trader_email: text(),
            seller_export_count: number(),
            seller_brand_count: number(),
            seller_category_count: number(),
            seller_same_price_share: number(),
            text_copy_count: number(),
            text_copy_seller_count: number(),
            image_copy_seller_count: number(),
            gtin_seller_count: number(),
            gtin_brand_count: number(),
        }
    })
}

/// Everything that holds of one listing's score and its explanation.
fn check_one(scorer: &Scorer, listing: &Listing, score: &Score) {
    assert_eq!(bits(&scorer.score_listing(listing)), bits(score), "alone and in a batch");
    assert!((0.0..=1.0).contains(&score.probability), "{score:?}");
    assert!(score.log_odds.is_finite(), "{score:?}");
    assert_eq!(score.flagged, score.probability >= scorer.threshold());

    let own = scorer.explain_listing(listing);
    let sum = own.contributions.iter().fold(own.base_log_odds, |sum, part| sum + part.log_odds);
    let sum = sum + own.correction;
    assert_eq!(sum.to_bits(), own.log_odds.to_bits(), "base, contributions, correction in order");
    assert_eq!(own.log_odds.to_bits(), score.log_odds.to_bits());
    let logistic = 1.0 / (1.0 + libm::exp(-own.log_odds));
    assert_eq!(own.probability.to_bits(), logistic.to_bits());
    assert_eq!(own.probability.to_bits(), score.probability.to_bits());
    assert_eq!((own.band, own.flagged), (score.band, score.flagged));
    assert_eq!(own.base_log_odds.to_bits(), scorer.base_log_odds().to_bits());

    assert!(score.reasons.len() <= scorer.settings().max_reasons);
    for reason in &score.reasons {
        assert!(reason.contribution > 0.0, "{reason:?}");
        assert!(!reason.code.is_empty() && !reason.evidence.is_empty(), "{reason:?}");
        assert!(!reason.evidence.chars().any(char::is_control), "{reason:?}");
        let known = own.contributions.iter().any(|part| part.signal == reason.signal);
        assert!(known, "{reason:?}");
    }
    let sorted = score.reasons.is_sorted_by(|a, b| a.contribution >= b.contribution);
    assert!(sorted, "strongest first: {:?}", score.reasons);
}

/// Scores of listings are each listing's own: in another order, in two batches, one by one.
fn check_all(listings: &[Listing], order: &[usize], cut: usize) {
    let scores = all_bits(&SCORER.score_listings(listings));
    let permuted: Vec<Listing> = order.iter().map(|&row| listings[row].clone()).collect();
    let expected: Vec<String> = order.iter().map(|&row| scores[row].clone()).collect();
    assert_eq!(all_bits(&SCORER.score_listings(&permuted)), expected, "order {order:?}");

    let (before, after) = listings.split_at(cut);
    let mut parts = all_bits(&SCORER.score_listings(before));
    parts.extend(all_bits(&SCORER.score_listings(after)));
    assert_eq!(parts, scores, "cut at {cut}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_score_depends_on_its_listing_alone_and_adds_up(
        (listings, order) in prop::collection::vec(any_listing(), 1..9).prop_flat_map(|listings| {
            let order: Vec<usize> = (0..listings.len()).collect();
            (Just(listings), Just(order).prop_shuffle())
        }),
        cut in any::<prop::sample::Index>(),
    ) {
        check_all(&listings, &order, cut.index(listings.len()));
        for (listing, score) in listings.iter().zip(SCORER.score_listings(&listings)) {
            check_one(&SCORER, listing, &score);
        }
    }

    #[test]
    fn fewer_reasons_are_the_first_of_more(listing in any_listing(), most in 0_usize..5) {
        let settings = ScoreSettings { max_reasons: most, ..ScoreSettings::default() };
        let scorer = Scorer::new(SCORER.model().clone()).unwrap().with_settings(settings);
        let (few, all) = (scorer.score_listing(&listing), SCORER.score_listing(&listing));
        prop_assert_eq!(few.log_odds.to_bits(), all.log_odds.to_bits());
        prop_assert!(few.reasons.len() == most.min(all.reasons.len()));
        for (own, other) in few.reasons.iter().zip(&all.reasons) {
            prop_assert_eq!(format!("{own:?}"), format!("{other:?}"));
        }
    }
}

#[test]
fn a_score_depends_on_its_listing_alone_on_whole_markets() {
    for seed in 0..4 {
        let listings = market(500, seed).listings;
        let reversed: Vec<usize> = (0..listings.len()).rev().collect();
        check_all(&listings, &reversed, 123);
        for (listing, score) in listings.iter().zip(SCORER.score_listings(&listings)) {
            check_one(&SCORER, listing, &score);
        }
    }
}

#[test]
fn one_scorer_serves_many_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&*SCORER);
    let listings = market(300, 1).listings;
    let expected = all_bits(&SCORER.score_listings(&listings));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                assert_eq!(all_bits(&SCORER.score_listings(&listings)), expected);
            });
        }
    });
}

// The same data in several formats.

/// What came out of a run of the pipeline.
struct Run {
    scores: Vec<Score>,
    account: Account,
}

fn open(path: &Path, block_rows: usize) -> Input {
    let options = ReadOptions { block_rows, ..ReadOptions::default() };
    Input::open(&[path.to_owned()], &options).unwrap()
}

fn run(path: &Path, threads: usize, block_rows: usize) -> Run {
    let mut input = open(path, block_rows);
    let pipeline = Pipeline::new(&SCORER, &input, &Mapping::default(), threads).unwrap();
    let mut scores = Vec::new();
    let account = pipeline
        .run(&mut input, |block| {
            assert!(block.problems.is_empty(), "{:?}", block.problems);
            scores.extend(block.scores);
            Ok(())
        })
        .unwrap();
    assert_eq!(account.n_scored, scores.len() as u64);
    Run { scores, account }
}

/// Copies a file into another format with the program's own writer, some columns of it in some
/// order and nothing added.
fn copy(from: &Path, to: &Path, format: TableFormat, columns: impl Fn(usize) -> Vec<usize>) {
    let mut input = open(from, 100);
    let options = TableOptions {
        format,
        columns: columns(input.schema().fields().len()),
        raw_text: true,
        delimiter: b',',
    };
    let nothing = Arc::new(Schema::empty());
    let target = Target::File(to.to_owned());
    let mut writer = TableWriter::create(&target, input.schema(), &nothing, options).unwrap();
    let pipeline = Pipeline::new(&SCORER, &input, &Mapping::default(), 1).unwrap();
    pipeline
        .run(&mut input, |block| {
            let rows = RecordBatchOptions::new().with_row_count(Some(block.scores.len()));
            let none = RecordBatch::try_new_with_options(Arc::clone(&nothing), vec![], &rows);
            writer.write(&block.raw, &none.unwrap())
        })
        .unwrap();
    writer.finish().unwrap();
}

fn write_market(folder: &TempDir, market: &Market) -> PathBuf {
    let path = folder.path().join("market.csv");
    market.write_unlabeled_csv(std::fs::File::create(&path).unwrap()).unwrap();
    path
}

/// A market as a frame: text, and numbers with NaN where a cell is empty, as pandas has them.
fn frame(listings: &[Listing]) -> pl::DataFrame {
    let batch = ListingBatch::from_listings(listings);
    let columns = Column::all()
        .filter(|column| *column != Column::IsCounterfeit && *column != Column::ImageHash)
        .map(|column| {
            let rows = 0..listings.len();
            match column.info().kind {
                Kind::Text => {
                    let text = |row| batch.text(column, row).value().map(str::to_owned);
                    let values: Vec<Option<String>> = rows.map(text).collect();
                    pl::Column::new(column.name().into(), values)
                }
                Kind::Date => {
                    // A date in a frame is a date, not a number of days.
                    let day = |row| batch.number(column, row).value().map(|day| day as i32);
                    let values: Vec<Option<i32>> = rows.map(day).collect();
                    pl::Column::new(column.name().into(), values).cast(&pl::DataType::Date).unwrap()
                }
                _ => {
                    let number = |row| batch.number(column, row).value().unwrap_or(f64::NAN);
                    let values: Vec<f64> = rows.map(number).collect();
                    pl::Column::new(column.name().into(), values)
                }
            }
        })
        .collect();
    pl::DataFrame::new(listings.len(), columns).unwrap()
}

/// Probabilities, bands, flags and codes of a scored frame.
fn frame_scores(frame: &pl::DataFrame) -> Vec<(u64, String, bool, String)> {
    let probabilities = frame.column("counterfeit_probability").unwrap().f64().unwrap();
    let bands = frame.column("risk_band").unwrap().str().unwrap();
    let flags = frame.column("flagged").unwrap().bool().unwrap();
    let codes = frame.column("reason_codes").unwrap().str().unwrap();
    (0..frame.height())
        .map(|row| {
            (
                probabilities.get(row).unwrap().to_bits(),
                bands.get(row).unwrap().to_owned(),
                flags.get(row).unwrap(),
                codes.get(row).unwrap().to_owned(),
            )
        })
        .collect()
}

fn as_in_frames(scores: &[Score]) -> Vec<(u64, String, bool, String)> {
    let codes = |score: &Score| {
        score.reasons.iter().map(|reason| reason.code).collect::<Vec<_>>().join("|")
    };
    scores
        .iter()
        .map(|own| (own.probability.to_bits(), own.band.name().to_owned(), own.flagged, codes(own)))
        .collect()
}

#[test]
fn the_format_of_the_data_changes_no_bit() {
    let market = market(1_500, 3);
    let folder = tempfile::tempdir().unwrap();
    let csv = write_market(&folder, &market);
    let scored = run(&csv, 2, 500).scores;
    let expected = all_bits(&scored);
    assert_eq!(all_bits(&SCORER.score_listings(&without_hash(&market))), expected, "listings");
    let all = |n: usize| (0..n).collect::<Vec<_>>();
    for (name, format) in [("a.ndjson", TableFormat::Ndjson), ("a.parquet", TableFormat::Parquet)] {
        let path = folder.path().join(name);
        copy(&csv, &path, format, all);
        assert_eq!(all_bits(&run(&path, 2, 500).scores), expected, "{name}");
        // And once more through it, with the columns the other way round.
        let back = folder.path().join(format!("{name}.csv"));
        copy(&path, &back, TableFormat::Csv, |n| (0..n).rev().collect());
        assert_eq!(all_bits(&run(&back, 1, 64).scores), expected, "{name} and back");
    }
    let framed = SCORER.score_frame(&frame(&market.listings), &Mapping::default()).unwrap();
    assert_eq!(frame_scores(&framed), as_in_frames(&scored), "frame");
}

/// The listings as the export has them: a market has no column for the picture hash.
fn without_hash(market: &Market) -> Vec<Listing> {
    let without = |listing: &Listing| Listing { image_hash: None, ..listing.clone() };
    market.listings.iter().map(without).collect()
}

#[test]
fn neither_threads_nor_blocks_change_an_output() {
    let folder = tempfile::tempdir().unwrap();
    let csv = write_market(&folder, &market(400, 5));
    let first = run(&csv, 1, 8192);
    for format in [TableFormat::Csv, TableFormat::Ndjson, TableFormat::Parquet] {
        let mut whole: Option<Vec<u8>> = None;
        for threads in [1, 2, 4] {
            for block_rows in [1, 7, 8192] {
                let target = folder.path().join("out");
                let account = score_file(&csv, &target, format, threads, block_rows);
                assert_eq!(account, first.account);
                let bytes = std::fs::read(&target).unwrap();
                let expected = whole.get_or_insert_with(|| bytes.clone());
                assert!(*expected == bytes, "{format:?}, {threads} threads, {block_rows} rows");
            }
        }
    }
}

/// Scores a file into another, as the command does.
fn score_file(
    from: &Path,
    to: &Path,
    format: TableFormat,
    threads: usize,
    block_rows: usize,
) -> Account {
    let mut input = open(from, block_rows);
    let pipeline = Pipeline::new(&SCORER, &input, &Mapping::default(), threads).unwrap();
    let columns = (0..input.schema().fields().len()).collect();
    let options = TableOptions { format, columns, raw_text: false, delimiter: b',' };
    let target = Target::File(to.to_owned());
    let added = added_schema(format);
    let mut writer = TableWriter::create(&target, input.schema(), &added, options).unwrap();
    let account = pipeline
        .run(&mut input, |block| writer.write(&block.raw, &added_columns(&block.scores, format)?))
        .unwrap();
    assert_eq!(writer.finish().unwrap().n_rows, account.n_scored);
    account
}

/// An export in two files is the same export.
#[test]
fn several_files_score_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let csv = write_market(&folder, &market(300, 11));
    let expected = run(&csv, 2, 50);
    let mut reader = csv::Reader::from_path(&csv).unwrap();
    let header = reader.headers().unwrap().clone();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut paths = Vec::new();
    for (name, records) in [("a.csv", &records[..77]), ("b.csv", &records[77..])] {
        let path = folder.path().join(name);
        let mut writer = csv::Writer::from_path(&path).unwrap();
        writer.write_record(&header).unwrap();
        for record in records {
            writer.write_record(record).unwrap();
        }
        writer.flush().unwrap();
        paths.push(path);
    }
    let mut input = Input::open(&paths, &ReadOptions::default()).unwrap();
    let pipeline = Pipeline::new(&SCORER, &input, &Mapping::default(), 2).unwrap();
    let mut scores = Vec::new();
    let account = pipeline
        .run(&mut input, |block| {
            scores.extend(all_bits(&block.scores));
            Ok(())
        })
        .unwrap();
    assert_eq!(account, expected.account);
    assert_eq!(scores, all_bits(&expected.scores));
}

/// A scored export is an export: scored again, its own score columns are columns like any others.
#[test]
fn scored_files_score_the_same_again() {
    let folder = tempfile::tempdir().unwrap();
    let csv = write_market(&folder, &market(300, 6));
    let expected = all_bits(&run(&csv, 2, 100).scores);
    for (name, format) in [
        ("a.csv", TableFormat::Csv),
        ("a.ndjson", TableFormat::Ndjson),
        ("a.parquet", TableFormat::Parquet),
    ] {
        let path = folder.path().join(name);
        score_file(&csv, &path, format, 2, 100);
        assert_eq!(all_bits(&run(&path, 2, 100).scores), expected, "{name}");
    }
}

#[test]
fn columns_that_nobody_knows_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let csv = write_market(&folder, &market(300, 8));
    let expected = all_bits(&run(&csv, 1, 100).scores);
    let mut reader = csv::Reader::from_path(&csv).unwrap();
    let wide = folder.path().join("wide.csv");
    let mut writer = csv::Writer::from_path(&wide).unwrap();
    let mut header = vec!["warehouse shelf".to_owned()];
    header.extend(reader.headers().unwrap().iter().map(str::to_owned));
    header.push("replica".to_owned());
    writer.write_record(&header).unwrap();
    for (row, record) in reader.records().enumerate() {
        let mut cells = vec![format!("replica {row}")];
        cells.extend(record.unwrap().iter().map(str::to_owned));
        cells.push("1:1 N/A =1+1".to_owned());
        writer.write_record(&cells).unwrap();
    }
    writer.flush().unwrap();
    assert_eq!(all_bits(&run(&wide, 1, 100).scores), expected);

    let listings = market(300, 8).listings;
    let plain = frame(&listings);
    let more = pl::Column::new("warehouse shelf".into(), vec![1_i64; listings.len()]);
    let wide = plain.hstack(&[more]).unwrap();
    let scores = |frame| frame_scores(&SCORER.score_frame(frame, &Mapping::default()).unwrap());
    assert_eq!(scores(&wide), scores(&plain));
}

/// Frames hold their numbers and texts in many types; what they say is what counts.
#[test]
fn the_types_of_a_frame_change_no_bit() {
    let listings: Vec<Listing> = without_hash(&market(200, 9))
        .into_iter()
        .map(|listing| Listing {
            price: listing.price.map(|price| price.floor() + 0.25),
            image_count: listing.image_count,
            quantity: listing.quantity.map(|count| count.min(100.0)),
            ..listing
        })
        .collect();
    let plain = frame(&listings);
    let categories = pl::DataType::from_categories(pl::Categories::global());
    let cast = [
        (Column::ImageCount, pl::DataType::Int8),
        (Column::Quantity, pl::DataType::UInt8),
        (Column::SellerAgeDays, pl::DataType::Int16),
        (Column::ReviewCount, pl::DataType::UInt16),
        (Column::SalesCount, pl::DataType::UInt32),
        (Column::ReturnCount, pl::DataType::Int64),
        (Column::FakeReturnCount, pl::DataType::UInt64),
        (Column::ListingAgeDays, pl::DataType::Float32),
        (Column::Price, pl::DataType::Decimal(12, 2)),
        (Column::Brand, categories.clone()),
        (Column::Category, categories),
        (Column::ListedAt, pl::DataType::Datetime(pl::TimeUnit::Milliseconds, None)),
        (Column::SellerRegisteredAt, pl::DataType::Date),
    ];
    let mut typed = plain.clone();
    for (column, dtype) in cast {
        let own = typed.column(column.name()).unwrap().cast(&dtype).unwrap();
        assert_eq!(own.dtype(), &dtype);
        assert_eq!(own.null_count(), plain.column(column.name()).unwrap().null_count(), "{own:?}");
        typed.with_column(own).unwrap();
    }
    let scores = |frame| frame_scores(&SCORER.score_frame(frame, &Mapping::default()).unwrap());
    assert_eq!(scores(&typed), scores(&plain));
    assert_eq!(scores(&plain), as_in_frames(&SCORER.score_listings(&listings)));
}

// Nothing is lost.

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn every_record_is_scored_or_rejected(
        broken in prop::collection::vec(any::<bool>(), 1..40),
        block_rows in 1_usize..9,
        threads in 1_usize..4,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let n_broken = broken.iter().filter(|broken| **broken).count() as u64;
        // The first record is sound, so that the format can be told.
        let mut ndjson = String::from("{\"listing_id\": \"0\", \"title\": \"bag\"}\n");
        let mut csv = String::from("listing_id,title\n0,bag\n");
        for (row, broken) in broken.iter().enumerate() {
            if *broken {
                writeln!(ndjson, "{{\"listing_id\": \"{row}\", \"title\"").unwrap();
                writeln!(csv, "{row},bag,too,many").unwrap();
            } else {
                writeln!(ndjson, "{{\"listing_id\": \"{row}\", \"title\": \"replica\"}}").unwrap();
                writeln!(csv, "{row},replica").unwrap();
            }
        }
        for (name, text) in [("a.ndjson", ndjson), ("a.csv", csv)] {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            let mut input = open(&path, block_rows);
            let pipeline = Pipeline::new(&SCORER, &input, &Mapping::default(), threads).unwrap();
            let (mut n_scores, mut n_rejects) = (0, 0);
            let account = pipeline
                .run(&mut input, |block| {
                    n_scores += block.scores.len() as u64;
                    n_rejects += block.rejects.len() as u64;
                    Ok(())
                })
                .unwrap();
            prop_assert_eq!(account.n_read, broken.len() as u64 + 1, "{}", name);
            prop_assert_eq!(account.n_read, account.n_scored + account.n_rejected);
            prop_assert_eq!((n_scores, n_rejects), (account.n_scored, account.n_rejected));
            prop_assert_eq!(account.n_rejected, n_broken, "{}", name);
        }
    }
}

#[test]
fn a_review_budget_flags_exactly_as_many() {
    // Every listing three times, so that the cut falls among equals.
    let listings = vec![market(300, 2).listings; 3].concat();
    let probabilities: Vec<f64> =
        SCORER.score_listings(&listings).iter().map(|score| score.probability).collect();
    for wanted in [1, 2, 3, 100, 299, 300, 301, 899, 900, 5000] {
        let cut = BudgetCut::new(&probabilities, Budget::Count(wanted));
        let flags: Vec<bool> =
            probabilities.iter().zip(0..).map(|(p, at)| cut.flags(*p, at)).collect();
        let n_flagged = flags.iter().filter(|flag| **flag).count() as u64;
        assert_eq!(n_flagged, wanted.min(900));
        let of = |wanted: bool| {
            let own = probabilities.iter().zip(&flags).filter(move |(_, flag)| **flag == wanted);
            own.map(|(p, _)| *p)
        };
        let (least, most) = (of(true).fold(1.0, f64::min), of(false).fold(0.0, f64::max));
        assert!(least >= most, "{most} was passed over for {least}");
    }
    let share = BudgetCut::new(&probabilities, Budget::Share(0.05));
    let n = probabilities.iter().zip(0..).filter(|(p, at)| share.flags(**p, *at)).count();
    assert_eq!(n, 45, "5 % of 900");
}

/// Pins that a share came a listing short where its product is not exact, as 29 % of 100 did:
/// 0.29 x 100 is 28.999999999999996. A budget is also written back as it was given, in the model
/// file too.
#[test]
fn a_budget_in_percent_is_what_it_says() {
    for percent in 1..=100_u64 {
        let budget: Budget = format!("{percent}%").parse().unwrap();
        assert_eq!(budget.of(100), percent, "{percent} % of 100");
        assert_eq!(budget.of(10_000), percent * 100, "{percent} % of 10,000");
    }
    for permille in 1..=1_000 {
        let text = format!("review-budget={}%", f64::from(permille) / 10.0);
        assert_eq!(text.parse::<Policy>().unwrap().to_string(), text);
    }
}
