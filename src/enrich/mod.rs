//! What only the whole export knows: how many listings, brands and prices a seller has, and which
//! texts, pictures and product codes are shared.
//!
//! [`Enrichment::gather`] reads an input once and keeps hashes; [`Enrichment::next_rows`] then gives
//! the columns for its rows in their order. Counts are exact up to equal hashes (64 bits); which
//! texts are nearly equal is estimated.
//!
//! Everything is a sort: a record of key, part and row for each question, sorted by key, counted,
//! and the answers sorted by row. The sorts hold what [`EnrichSettings::memory_bytes`] allows and
//! put the rest into temporary files without names, so that nothing but the number of threads and
//! the size of blocks of the reader adds to it, and four bytes for each different text. A listing
//! takes about 700 bytes, in memory or on disk. No result depends on the order of the listings, on
//! the memory, on how they are divided into files or on the number of threads.

mod components;
mod families;
mod fingerprint;
mod groups;
mod hash;
mod product_code;
mod shingles;
mod signature;
mod sorter;
#[cfg(feature = "train")]
mod text_families;

use rayon::prelude::*;

use families::{TEXT_WORDS, for_each_member};
use fingerprint::{Fingerprint, fingerprints};
use groups::{Counted, for_each_counted};
use hash::hash_of;
use sorter::{Merged, Sorter};

use crate::error::{ErrorKind, Location, Result};
use crate::input::{Block, Input, Problem, Reject};
use crate::listing::{Column, ResolvedMapping};

#[cfg(feature = "train")]
pub(crate) use {components::Components, text_families::text_families};

/// How an input is gathered.
#[derive(Clone, Copy, Debug)]
pub struct EnrichSettings {
    /// What the sorts may hold in memory.
    pub memory_bytes: usize,
    /// Threads to fold and hash with; 0 is one a core.
    pub n_threads: usize,
}

impl Default for EnrichSettings {
    fn default() -> Self {
        EnrichSettings { memory_bytes: 1024 * 1024 * 1024, n_threads: 0 }
    }
}

/// What is known of each row of an input, in order, after it was read once.
pub struct Enrichment {
    /// The input, for messages.
    name: String,
    columns: Vec<Column>,
    answers: Merged<2>,
    /// An answer to a row that has not been asked for.
    held: Option<[u64; 2]>,
    at: u64,
    n_rows: u64,
    n_rejected: u64,
    largest_family: u64,
}

impl Enrichment {
    /// Reads an input to its end and hands the cells and records that cannot be read to `note`.
    ///
    /// # Errors
    /// Those of reading, of temporary files and of `note`.
    pub fn gather(
        input: &mut Input,
        mapping: &ResolvedMapping,
        settings: EnrichSettings,
        mut note: impl FnMut(&[Problem], &[Reject]) -> Result<()>,
    ) -> Result<Enrichment> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(settings.n_threads)
            .build()
            .map_err(|error| ErrorKind::Threads { detail: error.to_string() })?;
        let mut gathering = Gathering::new(settings.memory_bytes);
        loop {
            let mut blocks: Vec<Block> = Vec::new();
            while blocks.len() < pool.current_num_threads() {
                match input.next_block()? {
                    Some(block) => blocks.push(block),
                    None => break,
                }
            }
            if blocks.is_empty() {
                break;
            }
            let read = |block: Block| -> Result<(Vec<Fingerprint>, Vec<Problem>, Vec<Reject>)> {
                let read = mapping.read(&block.batch)?;
                let mut problems = block.problems;
                problems.extend(read.problems);
                Ok((fingerprints(&read.listings), problems, block.rejects))
            };
            let all: Vec<_> = pool.install(|| blocks.into_par_iter().map(read).collect());
            for block in all {
                let (fingerprints, problems, rejects) = block?;
                note(&problems, &rejects)?;
                gathering.n_rejected += rejects.len() as u64;
                fingerprints.iter().try_for_each(|own| gathering.add(own))?;
            }
        }
        let (name, columns) = (input.name(), enriched_columns(mapping));
        pool.install(|| gathering.finish(name, columns))
    }

    /// The columns that are added, in the order of the schema: those that the columns of the input
    /// allow.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Rows that were read.
    pub fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// Records that could not be read.
    pub fn n_rejected(&self) -> u64 {
        self.n_rejected
    }

    /// Listings of the largest family of texts.
    pub fn largest_family(&self) -> u64 {
        self.largest_family
    }

    /// The next rows: for each of [`Enrichment::columns`] its cells, none where a cell is empty.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] where a temporary file cannot be read, [`ErrorKind::Value`] where more rows
    /// are asked for than were read: the input has changed.
    pub fn next_rows(&mut self, n: usize) -> Result<Vec<Vec<Option<f64>>>> {
        let end = self.at + n as u64;
        if end > self.n_rows {
            return Err(self.changed(format!("{end} or more")));
        }
        let mut cells = vec![vec![None; n]; self.columns.len()];
        for row in self.at..end {
            let mut own = [None; N_ANSWERS];
            while let Some([question, value]) = self.held {
                if question / N_ANSWERS as u64 != row {
                    break;
                }
                own[(question % N_ANSWERS as u64) as usize] = Some(value as f64);
                self.held = self.answers.next()?;
            }
            for (column, cells) in self.columns.iter().zip(&mut cells) {
                cells[(row - self.at) as usize] = answer(*column, &own);
            }
        }
        self.at = end;
        Ok(cells)
    }

    /// Says that no further row follows.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] where rows were read that have not been asked for: the input has changed.
    pub fn end(self) -> Result<()> {
        if self.at == self.n_rows { Ok(()) } else { Err(self.changed(self.at.to_string())) }
    }

    fn changed(&self, found: String) -> crate::Error {
        let expected = format!("the {} records of the first reading at the second", self.n_rows);
        ErrorKind::Value { location: Location::file(self.name.clone()), expected, found }.into()
    }
}

/// The columns that an input with these columns can be given.
fn enriched_columns(mapping: &ResolvedMapping) -> Vec<Column> {
    let allowed =
        |column: &Column| needed(*column).iter().all(|own| mapping.spelled(*own).is_some());
    Column::all().filter(|column| column.is_of_enrich()).filter(allowed).collect()
}

/// The columns without which an added column would be empty from top to bottom.
pub fn needed(column: Column) -> &'static [Column] {
    match column {
        Column::SellerExportCount | Column::TextCopySellerCount => &[Column::SellerId],
        Column::SellerBrandCount => &[Column::SellerId, Column::Brand],
        Column::SellerCategoryCount => &[Column::SellerId, Column::Category],
        Column::SellerSamePriceShare => &[Column::SellerId, Column::Price],
        Column::ImageCopySellerCount => &[Column::SellerId, Column::ImageHash],
        Column::GtinSellerCount => &[Column::SellerId, Column::Gtin],
        Column::GtinBrandCount => &[Column::Brand, Column::Gtin],
        _ => &[],
    }
}

/// What is asked of each row. Its place is the lower part of a record of answers.
#[derive(Clone, Copy)]
enum Question {
    Listings,
    Brands,
    Categories,
    /// Listings of the seller of other items that have a price.
    OthersPriced,
    /// Those of them that have this price.
    OthersAtPrice,
    Copies,
    CopySellers,
    ImageSellers,
    ProductSellers,
    ProductBrands,
}

/// How many questions there are.
const N_ANSWERS: usize = 10;

/// A cell from the answers to a row.
fn answer(column: Column, answers: &[Option<f64>; N_ANSWERS]) -> Option<f64> {
    let of = |question: Question| answers[question as usize];
    match column {
        Column::SellerExportCount => of(Question::Listings),
        Column::SellerBrandCount => of(Question::Brands),
        Column::SellerCategoryCount => of(Question::Categories),
        Column::SellerSamePriceShare => {
            let others = of(Question::OthersPriced).filter(|others| *others > 0.0)?;
            Some(of(Question::OthersAtPrice)? / others)
        }
        Column::TextCopyCount => of(Question::Copies),
        Column::TextCopySellerCount => of(Question::CopySellers),
        Column::ImageCopySellerCount => of(Question::ImageSellers),
        Column::GtinSellerCount => of(Question::ProductSellers),
        Column::GtinBrandCount => of(Question::ProductBrands),
        _ => None,
    }
}

/// The records of a first pass that is under way.
struct Gathering {
    seller_brands: Sorter<3>,
    seller_categories: Sorter<3>,
    seller_items: Sorter<3>,
    seller_prices: Sorter<3>,
    image_sellers: Sorter<3>,
    product_sellers: Sorter<3>,
    product_brands: Sorter<3>,
    texts: Sorter<TEXT_WORDS>,
    memory_bytes: usize,
    n_rows: u64,
    n_rejected: u64,
}

/// Sorters of three words.
const N_SORTERS: usize = 7;

impl Gathering {
    fn new(memory_bytes: usize) -> Gathering {
        // Half for the records, a quarter each for the answers and for the families of texts. Each
        // sorter may hold as many records as each other.
        let listing_bytes =
            N_SORTERS * Sorter::<3>::RECORD_BYTES + Sorter::<TEXT_WORDS>::RECORD_BYTES;
        let n_listings = memory_bytes / 2 / listing_bytes;
        let narrow = || Sorter::new(n_listings * Sorter::<3>::RECORD_BYTES);
        Gathering {
            seller_brands: narrow(),
            seller_categories: narrow(),
            seller_items: narrow(),
            seller_prices: narrow(),
            image_sellers: narrow(),
            product_sellers: narrow(),
            product_brands: narrow(),
            texts: Sorter::new(n_listings * Sorter::<TEXT_WORDS>::RECORD_BYTES),
            memory_bytes,
            n_rows: 0,
            n_rejected: 0,
        }
    }

    fn add(&mut self, own: &Fingerprint) -> Result<()> {
        let row = self.n_rows;
        self.n_rows += 1;
        if own.seller != 0 {
            self.seller_brands.push([own.seller, own.brand, row])?;
            self.seller_categories.push([own.seller, own.category, row])?;
            if own.price != 0 {
                self.seller_items.push([own.seller, own.item, row])?;
                self.seller_prices.push([hash_of([own.seller, own.price]), own.item, row])?;
            }
        }
        if own.image != 0 {
            self.image_sellers.push([own.image, own.seller, row])?;
        }
        if own.product != 0 {
            self.product_sellers.push([own.product, own.seller, row])?;
            self.product_brands.push([own.product, own.brand, row])?;
        }
        if own.text != 0 {
            let mut record = [0; TEXT_WORDS];
            record[..3].copy_from_slice(&[own.text, row, own.seller]);
            record[3..].copy_from_slice(&own.signature.0);
            self.texts.push(record)?;
        }
        Ok(())
    }

    fn finish(self, name: String, columns: Vec<Column>) -> Result<Enrichment> {
        let mut answers = Answers(Sorter::new(self.memory_bytes / 4));
        // Each sorter is gone before the next is asked, the largest first.
        let texts = self.texts.finish()?;
        let mut members: Sorter<3> = Sorter::new(self.memory_bytes / 16);
        for_each_member(&texts, self.memory_bytes / 16 * 3, |member| members.push(member))?;
        drop(texts);
        let mut largest_family = 0;
        for_each_counted(&members.finish()?, |own| {
            largest_family = largest_family.max(own.n);
            answers.put(own.row, Question::Copies, own.n - 1)?;
            answers.put_other_sellers(&own, Question::CopySellers)
        })?;
        for_each_counted(&self.seller_brands.finish()?, |own| {
            answers.put(own.row, Question::Listings, own.n)?;
            answers.put(own.row, Question::Brands, own.n_parts)
        })?;
        for_each_counted(&self.seller_categories.finish()?, |own| {
            answers.put(own.row, Question::Categories, own.n_parts)
        })?;
        for_each_counted(&self.seller_items.finish()?, |own| {
            answers.put(own.row, Question::OthersPriced, own.n - own.n_alike)
        })?;
        for_each_counted(&self.seller_prices.finish()?, |own| {
            answers.put(own.row, Question::OthersAtPrice, own.n - own.n_alike)
        })?;
        for_each_counted(&self.image_sellers.finish()?, |own| {
            answers.put_other_sellers(&own, Question::ImageSellers)
        })?;
        for_each_counted(&self.product_sellers.finish()?, |own| {
            answers.put_other_sellers(&own, Question::ProductSellers)
        })?;
        for_each_counted(&self.product_brands.finish()?, |own| {
            answers.put(own.row, Question::ProductBrands, own.n_parts)
        })?;
        let mut answers = answers.0.finish()?.merged();
        Ok(Enrichment {
            name,
            columns,
            held: answers.next()?,
            answers,
            at: 0,
            n_rows: self.n_rows,
            n_rejected: self.n_rejected,
            largest_family,
        })
    }
}

/// Records of row and question with the answer.
struct Answers(Sorter<2>);

impl Answers {
    fn put(&mut self, row: u64, question: Question, value: u64) -> Result<()> {
        self.0.push([row * N_ANSWERS as u64 + question as u64, value])
    }

    /// How many other sellers there are. A listing that does not say its own seller has no answer,
    /// as each of them might be it.
    fn put_other_sellers(&mut self, own: &Counted, question: Question) -> Result<()> {
        if own.part == 0 {
            return Ok(());
        }
        self.put(own.row, question, own.n_parts - 1)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::fingerprint::fingerprints;
    use super::*;
    use crate::input::ReadOptions;
    use crate::listing::{Listing, ListingBatch, Mapping};

    const ALL: [Column; 9] = [
        Column::SellerExportCount,
        Column::SellerBrandCount,
        Column::SellerCategoryCount,
        Column::SellerSamePriceShare,
        Column::TextCopyCount,
        Column::TextCopySellerCount,
        Column::ImageCopySellerCount,
        Column::GtinSellerCount,
        Column::GtinBrandCount,
    ];

    /// The cells of each listing, in the order of [`ALL`].
    fn enriched(listings: &[Listing], memory_bytes: usize) -> Vec<Vec<Option<f64>>> {
        let mut gathering = Gathering::new(memory_bytes);
        for own in fingerprints(&ListingBatch::from_listings(listings)) {
            gathering.add(&own).unwrap();
        }
        let mut enrichment = gathering.finish("an export".into(), ALL.to_vec()).unwrap();
        let columns = enrichment.next_rows(listings.len()).unwrap();
        enrichment.end().unwrap();
        (0..listings.len()).map(|row| columns.iter().map(|cells| cells[row]).collect()).collect()
    }

    fn listing(seller: &str, title: &str) -> Listing {
        Listing { seller_id: Some(seller.into()), ..Listing::new("1", title) }
    }

    fn column(rows: &[Vec<Option<f64>>], column: Column) -> Vec<Option<f64>> {
        let at = ALL.iter().position(|own| *own == column).unwrap();
        rows.iter().map(|row| row[at]).collect()
    }

    #[test]
    fn listings_brands_and_categories_are_counted_by_seller() {
        let of = |seller: &str, brand: &str, category: &str| Listing {
            brand: Some(brand.into()),
            category: Some(category.into()),
            ..listing(seller, "bag")
        };
        let rows = enriched(
            &[
                of("a", "Velmora", "bags"),
                of("a", "VELMORA", "belts"),
                of("a", "", "bags"),
                of("b", "", ""),
                of("", "Velmora", "bags"),
            ],
            0,
        );
        let some =
            |values: [f64; 4]| values.map(Some).into_iter().chain([None]).collect::<Vec<_>>();
        assert_eq!(column(&rows, Column::SellerExportCount), some([3.0, 3.0, 3.0, 1.0]));
        assert_eq!(column(&rows, Column::SellerBrandCount), some([1.0, 1.0, 1.0, 0.0]));
        assert_eq!(column(&rows, Column::SellerCategoryCount), some([2.0, 2.0, 2.0, 0.0]));
    }

    #[test]
    fn the_share_at_one_price_is_of_other_items() {
        let of = |title: &str, price: f64, currency: &str| Listing {
            price: Some(price),
            currency: Some(currency.into()),
            ..listing("a", title)
        };
        let rows = enriched(
            &[
                of("bag", 10.0, "EUR"),
                of("BAG", 10.0, "EUR"),
                of("belt", 10.0, "EUR"),
                of("hat", 10.0, "USD"),
                of("hat", f64::NAN, "USD"),
                Listing { price: Some(10.0), ..listing("b", "bag") },
            ],
            0,
        );
        // Of the bags: belt and hat are others, the belt is at 10 euro. Of the belt: both bags and
        // the hat, both bags. Of the hat: three, none in dollars. Without a price or others: none.
        assert_eq!(
            column(&rows, Column::SellerSamePriceShare),
            [Some(1.0 / 2.0), Some(1.0 / 2.0), Some(2.0 / 3.0), Some(0.0), None, None]
        );
    }

    #[test]
    fn copies_of_texts_are_counted_with_their_sellers() {
        let words: Vec<String> = (1..=40).map(|n| "x".repeat(n)).collect();
        let long = words.join(" ");
        let near = words.join(", ") + " now";
        let other = "Ceramic mug with a picture of a cat, fits the dishwasher, holds half a pint";
        let rows = enriched(
            &[
                listing("a", &long),
                listing("b", &near),
                listing("b", &long),
                listing("c", other),
                Listing::new("1", long.as_str()),
                Listing::new("1", " "),
            ],
            0,
        );
        // The text with a word more has 38 of 39 pieces in common. Of four listings, sellers a and b
        // and one that says none.
        let (zero, three) = (Some(0.0), Some(3.0));
        assert_eq!(column(&rows, Column::TextCopyCount), [three, three, three, zero, three, None]);
        let one = Some(1.0);
        assert_eq!(column(&rows, Column::TextCopySellerCount), [one, one, one, zero, None, None]);
    }

    #[test]
    fn pictures_and_product_codes_are_counted_by_seller_and_brand() {
        let of = |seller: &str, brand: &str, image: &str, gtin: &str| Listing {
            brand: Some(brand.into()),
            image_hash: Some(image.into()),
            gtin: Some(gtin.into()),
            ..listing(seller, "bag")
        };
        let rows = enriched(
            &[
                of("a", "Velmora", "f0", "4006381333931"),
                of("b", "Zelquist", "f0", "4006381333931"),
                of("a", "velmora", "f1", "04006381333931"),
                of("c", "", "F0", "0000000000000"),
                of("", "Ostrava", "f0", "4006381333931"),
            ],
            0,
        );
        let (one, zero) = (Some(1.0), Some(0.0));
        assert_eq!(column(&rows, Column::ImageCopySellerCount), [one, one, zero, zero, None]);
        assert_eq!(column(&rows, Column::GtinSellerCount), [one, one, one, None, None]);
        let three = Some(3.0);
        assert_eq!(column(&rows, Column::GtinBrandCount), [three, three, three, None, three]);
    }

    /// Texts of a few words, so that there are equal ones, near ones and others.
    fn any_listing() -> impl Strategy<Value = Listing> {
        let words = prop::collection::vec(0_usize..3, 1..4);
        let cells = (0_u8..4, 0_u8..3, 0_u8..3, 0_u8..3, 0_u8..3);
        (words, cells).prop_map(|(words, (seller, brand, price, image, gtin))| {
            let texts = [
                "soft leather bag with a sturdy handle and two pockets inside and one outside",
                "ceramic mug with a picture of a cat and room for half a pint of tea",
                "new",
            ];
            let title: Vec<&str> = words.iter().map(|at| texts[*at]).collect();
            let name = |n: u8, letter: &str| (n > 0).then(|| format!("{letter}{n}"));
            let codes = ["", "4006381333931", "036000291452"];
            Listing {
                seller_id: name(seller, "s"),
                brand: name(brand, "b"),
                price: (price > 0).then(|| f64::from(price)),
                image_hash: name(image, "i"),
                gtin: Some(codes[gtin as usize].into()),
                ..Listing::new("1", title.join(" "))
            }
        })
    }

    proptest! {
        #[test]
        fn neither_order_nor_memory_changes_a_row(
            listings in prop::collection::vec(any_listing(), 1..60),
            start in any::<usize>(),
        ) {
            let plenty = enriched(&listings, 1 << 24);
            prop_assert_eq!(&enriched(&listings, 0), &plenty);
            let n = listings.len();
            // An odd step that shares no factor with n visits each place once.
            let step = (1..).step_by(2).find(|step| step > &7 && (1..=n).filter(|d| n % d == 0 && step % d == 0).count() == 1).unwrap();
            let order: Vec<usize> = (0..n).map(|at| (start % n + at * step) % n).collect();
            let permuted: Vec<Listing> = order.iter().map(|&at| listings[at].clone()).collect();
            let expected: Vec<_> = order.iter().map(|&at| plenty[at].clone()).collect();
            prop_assert_eq!(enriched(&permuted, 0), expected);
        }
    }

    /// The cells of all rows of files, one after the other.
    fn of_files(paths: &[PathBuf], block_rows: usize, n_threads: usize) -> Vec<Vec<Option<f64>>> {
        let options = ReadOptions { block_rows, ..ReadOptions::default() };
        let mut input = Input::open(paths, &options).unwrap();
        let mapping = Mapping::default().resolve_input(&input, false).unwrap();
        let settings = EnrichSettings { memory_bytes: 0, n_threads };
        let mut enrichment =
            Enrichment::gather(&mut input, &mapping, settings, |_, _| Ok(())).unwrap();
        assert_eq!(enrichment.n_rows(), 300);
        assert_eq!(
            enrichment.columns(),
            ALL.iter()
                .copied()
                .filter(|own| *own != Column::ImageCopySellerCount)
                .collect::<Vec<_>>()
        );
        let mut columns = enrichment.next_rows(100).unwrap();
        for (all, more) in columns.iter_mut().zip(enrichment.next_rows(200).unwrap()) {
            all.extend(more);
        }
        assert!(enrichment.next_rows(1).unwrap_err().to_string().contains("the 300 records"));
        enrichment.end().unwrap();
        columns
    }

    #[test]
    fn neither_files_nor_blocks_nor_threads_change_a_row() {
        let whole = PathBuf::from("fixtures/listings/export.csv");
        let text = fs::read_to_string(&whole).unwrap();
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let folder = tempfile::tempdir().unwrap();
        let parts = [(1, 120), (120, 121), (121, lines.len())].map(|(from, to)| {
            let path = folder.path().join(format!("{from}.csv"));
            fs::write(&path, [&lines[..1], &lines[from..to]].concat().concat()).unwrap();
            path
        });
        let expected = of_files(std::slice::from_ref(&whole), 8192, 1);
        assert_eq!(of_files(&parts, 8192, 1), expected);
        assert_eq!(of_files(&[whole], 7, 3), expected);
    }
}
