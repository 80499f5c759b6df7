//! A batch made ready for the signals: its text folded, restored and searched once.

use std::ops::Range;

use super::knowledge::Knowledge;
use super::numbers::Numbers;
use super::places::country_code;
use super::prices::{Peers, PriceCell, PriceKeys};
use super::state::FittedState;
use super::texts::{Memo, ReadText};
use super::words::{WordCensus, WordCount, WordField, WordRows, Words};
use crate::brands::{Brand, Mention, Spelling};
use crate::lexicon::{ClassSet, Hit, HitStatus, Kind, Scene, Term};
use crate::listing::{Cell, Column, ListingBatch};
use crate::text::{DisguiseSet, Folded, disguises_of_folding, is_alphanumeric};

/// The most terms that count, terms that do not, and brands of one text that are kept. More say nothing
/// more, and a text of nothing else must not take its length squared.
const MAX_FOUND: usize = 32;

/// Words between a term and a brand are counted up to here.
const MAX_WORDS_APART: usize = 50;

/// The fields whose text is the seller's.
const SELLERS_TEXT: [Column; 2] = [Column::Title, Column::Description];

/// A batch with what its text says, found once for all signals.
#[derive(Debug)]
pub(crate) struct Prepared<'a> {
    listings: &'a ListingBatch,
    knowledge: &'a Knowledge,
    /// The day that ages are counted to, in days since 1970-01-01; without one, the dates of the
    /// listing itself.
    as_of: Option<f64>,
    rows: Vec<RowText>,
    /// All terms, where they were counted.
    census: Option<WordCensus>,
    /// The terms that the model knows.
    known_words: WordRows,
    /// The numbers of signals, where they are kept.
    numbers: Numbers,
    price_keys: PriceKeys,
}

/// What the texts of one listing say.
#[derive(Clone, Debug, Default)]
struct RowText {
    hits: Vec<TextHit>,
    mentions: Vec<BrandMention>,
    disguised: Vec<DisguisedWord>,
    classes: ClassSet,
    /// The brand that the brand field means, where it is a known one.
    declared: Option<usize>,
    /// Where the goods are said to be made.
    origin: Option<OriginClaim>,
}

/// A claim that goods were made in a country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OriginClaim {
    /// The two-letter code of the country.
    pub(crate) country: String,
    /// The field it stands in.
    pub(crate) field: Column,
    /// The bytes of the field, as the seller wrote them.
    pub(crate) source: Range<usize>,
}

/// A term that was found in a listing's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextHit {
    /// The field it stands in.
    pub(crate) field: Column,
    /// Index of the term in the lexicon.
    pub(crate) term: usize,
    /// The bytes of the field, as the seller wrote them.
    pub(crate) source: Range<usize>,
    /// Whether it counts, and if not, why.
    pub(crate) status: HitStatus,
    /// How many words stand between it and the nearest brand in the same field.
    pub(crate) words_to_brand: Option<usize>,
}

/// A brand that a listing's text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BrandMention {
    /// The field it stands in.
    pub(crate) field: Column,
    /// Index of the brand in the table.
    pub(crate) brand: usize,
    /// The bytes of the field, as the seller wrote them.
    pub(crate) source: Range<usize>,
    /// How the name is written.
    pub(crate) spelling: Spelling,
    /// Whether the name only says what the goods fit.
    pub(crate) is_nominative: bool,
    /// How the name was disguised.
    pub(crate) disguises: DisguiseSet,
}

/// A term or a brand that was written under a disguise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DisguisedWord {
    /// The field it stands in.
    pub(crate) field: Column,
    /// The plain word.
    pub(crate) plain: String,
    /// The bytes of the field, as the seller wrote them.
    pub(crate) source: Range<usize>,
    /// How it is disguised.
    pub(crate) disguises: DisguiseSet,
}

/// What a text of a listing says in this listing.
#[derive(Debug, Default)]
struct Findings {
    mentions: Vec<Mention>,
    /// Of each mention, whether it only says what the goods fit.
    nominative: Vec<bool>,
    hits: Vec<Hit>,
}

/// A text of a listing with what it says there.
#[derive(Clone, Copy)]
struct FieldText<'a> {
    read: &'a ReadText,
    found: &'a Findings,
}

/// The buffers for one row, used again for the next.
#[derive(Debug)]
struct Buffers {
    title: ReadText,
    descriptions: Memo,
    categories: Memo,
    brands: Memo,
    review: ReadText,
    /// Of title, description and review.
    findings: [Findings; 3],
}

impl<'a> Prepared<'a> {
    /// A batch without a look at the words that are learned from.
    pub(crate) fn new(
        listings: &'a ListingBatch,
        knowledge: &'a Knowledge,
        as_of: Option<f64>,
    ) -> Self {
        Prepared::with_words(listings, knowledge, as_of, Words::Unused)
    }

    /// A batch with the words that are learned from.
    pub(crate) fn with_words(
        listings: &'a ListingBatch,
        knowledge: &'a Knowledge,
        as_of: Option<f64>,
        mut words: Words<'_>,
    ) -> Self {
        let mut buffers = Buffers::new(listings.len());
        let mut price_keys = PriceKeys::default();
        let read = |row| {
            RowText::read(listings, knowledge, row, &mut buffers, &mut words, &mut price_keys)
        };
        let rows = (0..listings.len()).map(read).collect();
        let (census, known_words) = match words {
            Words::Counted(mut census) => {
                census.settle();
                (Some(*census), WordRows::default())
            }
            Words::Known { rows, .. } => (None, rows),
            Words::Unused => (None, WordRows::default()),
        };
        let numbers = Numbers::default();
        Prepared { listings, knowledge, as_of, rows, census, known_words, numbers, price_keys }
    }

    /// The same batch with the numbers of its signals kept, for the fit of several models.
    pub(crate) fn with_numbers(self) -> Self {
        Prepared { numbers: Numbers::of(&self), ..self }
    }

    /// The cells of prices that each listing belongs to.
    pub(crate) fn price_keys(&self) -> &PriceKeys {
        &self.price_keys
    }

    /// All terms, where they were counted.
    pub(crate) fn census(&self) -> Option<&WordCensus> {
        self.census.as_ref()
    }

    pub(crate) fn knowledge(&self) -> &'a Knowledge {
        self.knowledge
    }

    pub(crate) fn listings(&self) -> &'a ListingBatch {
        self.listings
    }

    /// One listing of the batch, seen with the fitted state.
    pub(crate) fn row<'r>(&'r self, state: &'r FittedState, index: usize) -> Row<'r> {
        Row { prepared: self, state, peers: None, index }
    }

    /// The listings of the batch, seen with the fitted state, for those who look at many of them: whose
    /// prices a price is compared with is found once for all listings that share it.
    pub(crate) fn view<'r>(&'r self, state: &'r FittedState) -> View<'r> {
        View { prepared: self, state, peers: state.prices.of_keys(self) }
    }
}

impl Buffers {
    /// The buffers for so many listings.
    fn new(n_listings: usize) -> Buffers {
        let memo = || Memo::new(n_listings);
        Buffers {
            title: ReadText::default(),
            descriptions: memo(),
            categories: memo(),
            brands: memo(),
            review: ReadText::default(),
            findings: Default::default(),
        }
    }
}

impl RowText {
    fn read(
        listings: &ListingBatch,
        knowledge: &Knowledge,
        row: usize,
        buffers: &mut Buffers,
        words: &mut Words<'_>,
        price_keys: &mut PriceKeys,
    ) -> RowText {
        let text = |column| listings.text(column, row).value();
        let of_seller = |column| text(column).unwrap_or_default();
        let Buffers { title, descriptions, categories, brands, review, findings } = buffers;
        let [in_title, in_description, in_review] = findings;
        title.read(of_seller(Column::Title), WordField::Title, knowledge, words);
        let description = of_seller(Column::Description);
        let description = descriptions.get(description, |own| {
            own.read(description, WordField::Description, knowledge, words);
        });
        let category = of_seller(Column::Category);
        let category = categories.get(category, |own| {
            own.read_name(category, WordField::Category, knowledge, words);
        });
        let brand = of_seller(Column::Brand);
        let brand =
            brands.get(brand, |own| own.read_name(brand, WordField::Brand, knowledge, words));
        let classes = knowledge.categories().of_listing(&category.folded, &title.folded);
        let declared = knowledge.brands().resolve(brand.folded.as_str());
        price_keys.push(listings, row, &brand.folded, &category.folded);
        let mut own = RowText { classes, declared, ..RowText::default() };
        if let Words::Counted(census) = words {
            census.push_seller(text(Column::SellerId).or_else(|| text(Column::SellerName)));
        }
        // In the order of `WordField::ALL`.
        for read in [&*title, description, category, brand] {
            words.push_field(&read.words);
        }
        // A description is prose, in which a real word is more likely than a misspelt brand.
        in_title.find_brands(knowledge, &title.folded, classes, declared, true);
        in_description.find_brands(knowledge, &description.folded, classes, declared, false);
        let read = [&*title, description];
        // Held against the place of dispatch, and not looked for without one.
        if listings.is_missing(Column::ShipsFrom, row) == Some(false) {
            own.origin = origin_claim(read, knowledge);
        }
        let mut found = [in_title, in_description];
        let of_brands = classes_of_brands(&found, declared, knowledge);
        let is_named = found.iter().any(|own| !own.mentions.is_empty());
        let has_brand = match listings.is_missing(Column::Brand, row) {
            Some(false) => Some(true),
            _ if is_named => Some(true),
            Some(true) => Some(false),
            None => None,
        };
        let can_be_copied = classes.overlaps(ClassSet::WORN)
            || declared.is_some()
            || found.iter().any(|own| own.nominative.iter().any(|only_fits| !only_fits));
        for (at, found) in found.iter_mut().enumerate() {
            let others = [&read[1 - at].folded, &category.folded];
            let undone = &read[at].undone;
            let scene =
                Scene { classes, of_brands, has_brand, can_be_copied, undone, others: &others };
            let is_no_complaint =
                |hit: &&Hit| knowledge.matcher().terms()[hit.term].kind != Kind::Complaint;
            found.hits.clear();
            found.hits.extend(read[at].hits.iter().filter(is_no_complaint).copied());
            knowledge.matcher().judge(&read[at].folded, &scene, &mut found.hits);
            keep_first(&mut found.hits);
            let field = SELLERS_TEXT[at];
            own.take(field, FieldText { read: read[at], found }, of_seller(field), knowledge);
        }
        if let Some(written) = text(Column::ReviewText) {
            let others = [&title.folded, &category.folded];
            // Who calls what he bought a fake means it of any goods.
            let scene = Scene {
                classes,
                of_brands,
                has_brand,
                can_be_copied: true,
                undone: &[],
                others: &others,
            };
            review.restore(written, knowledge);
            in_review.find_complaints(review, &scene, knowledge);
            let own_text = FieldText { read: review, found: in_review };
            own.take(Column::ReviewText, own_text, written, knowledge);
        }
        own
    }

    /// Keeps what was found in a field, with its places in the field as it was written.
    fn take(&mut self, field: Column, own: FieldText<'_>, written: &str, knowledge: &Knowledge) {
        let FieldText { read, found } = own;
        let folded = &read.folded;
        let text = folded.as_str();
        let disguises = |start: usize, end: usize| {
            let undone = read.undone.iter().filter(|own| own.start < end && own.end > start);
            let set = disguises_of_folding(written, folded, start..end);
            undone.fold(set, |set, own| set.union(own.disguises))
        };
        for hit in &found.hits {
            let between = |own: &Mention| {
                let gap = if own.end <= hit.start {
                    &text[own.end..hit.start]
                } else if hit.end <= own.start {
                    &text[hit.end..own.start]
                } else {
                    ""
                };
                gap.split(|c: char| !is_alphanumeric(c))
                    .filter(|word| !word.is_empty())
                    .take(MAX_WORDS_APART)
                    .count()
            };
            self.hits.push(TextHit {
                field,
                term: hit.term,
                source: folded.source_range(hit.start..hit.end),
                status: hit.status,
                words_to_brand: found.mentions.iter().map(between).min(),
            });
            let is_of_trade = matches!(
                knowledge.matcher().terms()[hit.term].kind,
                Kind::Replica | Kind::Grade | Kind::Copycat | Kind::Contact
            );
            if hit.counts() && is_of_trade {
                self.note_disguise(
                    field,
                    folded,
                    hit.start..hit.end,
                    disguises(hit.start, hit.end),
                );
            }
        }
        for (mention, &is_nominative) in found.mentions.iter().zip(&found.nominative) {
            let (start, end) = (mention.start, mention.end);
            let set = disguises(start, end);
            self.mentions.push(BrandMention {
                field,
                brand: mention.brand,
                source: folded.source_range(start..end),
                spelling: mention.spelling,
                is_nominative,
                disguises: set,
            });
            self.note_disguise(field, folded, start..end, set);
        }
    }

    fn note_disguise(
        &mut self,
        field: Column,
        folded: &Folded,
        range: Range<usize>,
        disguises: DisguiseSet,
    ) {
        if disguises.is_empty() {
            return;
        }
        let source = folded.source_range(range.clone());
        let is_known = |own: &DisguisedWord| {
            own.field == field && own.source.start < source.end && source.start < own.source.end
        };
        if !self.disguised.iter().any(is_known) {
            let plain = folded.as_str().get(range).unwrap_or_default().to_owned();
            self.disguised.push(DisguisedWord { field, plain, source, disguises });
        }
    }
}

/// Keeps the first [`MAX_FOUND`] that count and as many that do not, so that no number of terms that
/// do not count hides one that does.
fn keep_first(hits: &mut Vec<Hit>) {
    let mut n = [0; 2];
    hits.retain(|hit| {
        let n = &mut n[usize::from(hit.counts())];
        *n += 1;
        *n <= MAX_FOUND
    });
}

impl Findings {
    /// Finds the brands that a text names.
    fn find_brands(
        &mut self,
        knowledge: &Knowledge,
        folded: &Folded,
        classes: ClassSet,
        declared: Option<usize>,
        in_title: bool,
    ) {
        self.mentions.clear();
        knowledge.brands().find(folded, classes, declared, in_title, &mut self.mentions);
        self.mentions.truncate(MAX_FOUND);
        self.nominative.clear();
        let text = folded.as_str();
        let fits = |own: &Mention| knowledge.matcher().is_nominative(text, own.start, own.end);
        self.nominative.extend(self.mentions.iter().map(fits));
    }

    /// Finds the terms in which a review speaks of a fake, the longest of those at one place.
    fn find_complaints(&mut self, review: &ReadText, scene: &Scene<'_>, knowledge: &Knowledge) {
        let matcher = knowledge.matcher();
        let is_complaint =
            |hit: &&Hit| matches!(matcher.terms()[hit.term].kind, Kind::Complaint | Kind::Replica);
        self.hits.clear();
        self.hits.extend(review.hits.iter().filter(is_complaint).copied());
        matcher.judge(&review.folded, scene, &mut self.hits);
        self.hits.retain(Hit::counts);
        self.hits.truncate(MAX_FOUND);
        let mut taken_to = 0;
        self.hits.retain(|hit| {
            let is_free = hit.start >= taken_to;
            taken_to = taken_to.max(hit.end);
            is_free
        });
    }
}

/// The first claim of title and description that the goods were made somewhere.
fn origin_claim(texts: [&ReadText; 2], knowledge: &Knowledge) -> Option<OriginClaim> {
    SELLERS_TEXT.iter().zip(texts).find_map(|(field, text)| {
        let (country, found) = knowledge.places().origin(&text.folded)?;
        let source = text.folded.source_range(found.start..found.end);
        Some(OriginClaim { country: country.to_owned(), field: *field, source })
    })
}

/// What the brands make that the goods are said to be of.
fn classes_of_brands(
    found: &[&mut Findings; 2],
    declared: Option<usize>,
    knowledge: &Knowledge,
) -> ClassSet {
    let table = knowledge.brands().table().brands();
    let named = found.iter().flat_map(|own| own.mentions.iter().zip(&own.nominative));
    let brands = named.filter(|(_, fits)| !**fits).map(|(own, _)| own.brand).chain(declared);
    brands.fold(ClassSet::default(), |all, brand| all.union(table[brand].classes))
}

/// A batch seen with the fitted state.
#[derive(Debug)]
pub(crate) struct View<'a> {
    prepared: &'a Prepared<'a>,
    state: &'a FittedState,
    /// Of each different key of prices, whose prices they are compared with.
    peers: Vec<Option<(Peers, PriceCell)>>,
}

impl View<'_> {
    /// The numbers of a signal, where they are kept.
    pub(crate) fn kept(&self, signal: &str) -> Option<impl Fn(usize) -> Cell<f64> + '_> {
        self.prepared.numbers.get(signal)
    }

    /// One listing of the batch.
    pub(crate) fn row(&self, index: usize) -> Row<'_> {
        Row { peers: Some(&self.peers), ..self.prepared.row(self.state, index) }
    }
}

/// One listing as a signal sees it: its cells, what its text says, and the fitted state.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    prepared: &'a Prepared<'a>,
    state: &'a FittedState,
    /// Those of its [`View`].
    peers: Option<&'a [Option<(Peers, PriceCell)>]>,
    index: usize,
}

impl<'a> Row<'a> {
    /// A text cell.
    pub fn text(&self, column: Column) -> Cell<&'a str> {
        self.prepared.listings.text(column, self.index)
    }

    /// A numeric cell.
    pub fn number(&self, column: Column) -> Cell<f64> {
        self.prepared.listings.number(column, self.index)
    }

    /// The country that a cell names by its two-letter code.
    pub(crate) fn country(&self, column: Column) -> Option<&'a str> {
        country_code(self.text(column).value()?)
    }

    /// Whether a cell is empty; `None` when the data has no such column.
    pub fn is_missing(&self, column: Column) -> Option<bool> {
        self.prepared.listings.is_missing(column, self.index)
    }

    /// The day that ages are counted to, in days since 1970-01-01, where the caller gave one.
    pub fn as_of(&self) -> Option<f64> {
        self.prepared.as_of
    }

    /// The goods, as far as category and title tell.
    pub fn classes(&self) -> ClassSet {
        self.row().classes
    }

    pub(crate) fn prepared(&self) -> &'a Prepared<'a> {
        self.prepared
    }

    pub(crate) fn state(&self) -> &'a FittedState {
        self.state
    }

    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// The narrowest cell that knows the prices of the listing's peers.
    pub(crate) fn peers(&self) -> Option<(Peers, PriceCell)> {
        match self.peers {
            Some(peers) => peers[self.prepared.price_keys.number(self.index)],
            None => self.state.prices.peers(self.prepared, self.index),
        }
    }

    /// The terms in title and description that count.
    pub(crate) fn hits(&self) -> impl Iterator<Item = (&'a TextHit, &'a Term)> + use<'a> {
        self.found().filter(|(hit, _)| hit.status == HitStatus::Counts)
    }

    /// The terms in which reviews complain of fakes.
    pub(crate) fn complaints(&self) -> impl Iterator<Item = (&'a TextHit, &'a Term)> + use<'a> {
        self.all_hits()
            .filter(|(hit, _)| hit.field == Column::ReviewText && hit.status == HitStatus::Counts)
    }

    /// All terms in title and description, with whether they count.
    pub(crate) fn found(&self) -> impl Iterator<Item = (&'a TextHit, &'a Term)> + use<'a> {
        self.all_hits().filter(|(hit, _)| hit.field != Column::ReviewText)
    }

    fn all_hits(&self) -> impl Iterator<Item = (&'a TextHit, &'a Term)> + use<'a> {
        let terms = self.prepared.knowledge.matcher().terms();
        self.row().hits.iter().map(move |hit| (hit, &terms[hit.term]))
    }

    /// The brands that title and description name.
    pub(crate) fn mentions(&self) -> impl Iterator<Item = (&'a BrandMention, &'a Brand)> + use<'a> {
        let brands = self.prepared.knowledge.brands().table().brands();
        self.row().mentions.iter().map(move |own| (own, &brands[own.brand]))
    }

    /// The known brand that the brand field means: its index in the table.
    pub(crate) fn declared_brand(&self) -> Option<usize> {
        self.row().declared
    }

    /// The terms of a field, and whether they are numbered by a census.
    pub(crate) fn words(&self, field: WordField) -> (&'a [WordCount], bool) {
        let Prepared { census, known_words, .. } = self.prepared;
        let rows = census.as_ref().map_or(known_words, WordCensus::rows);
        (rows.words(field, self.index), census.is_some())
    }

    /// Where title or description say that the goods were made.
    pub(crate) fn origin_claim(&self) -> Option<&'a OriginClaim> {
        self.row().origin.as_ref()
    }

    /// Terms and brands that are written under a disguise.
    pub(crate) fn disguised(&self) -> &'a [DisguisedWord] {
        &self.row().disguised
    }

    /// What brands and words are known.
    pub(crate) fn knowledge(&self) -> &'a Knowledge {
        self.prepared.knowledge
    }

    /// What the seller wrote in a stretch of a field.
    pub(crate) fn written(&self, field: Column, source: &Range<usize>) -> &'a str {
        match self.text(field) {
            Cell::Value(text) => text.get(source.clone()).unwrap_or_default(),
            Cell::Missing | Cell::Unknown => "",
        }
    }

    fn row(&self) -> &'a RowText {
        &self.prepared.rows[self.index]
    }
}
