//! The codes of reasons: stable names for what a row may say, each with its group and what it
//! stands for. Outputs, filters and statements of reasons rest on them.

/// A stable code of a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReasonCode {
    /// The code, as in the column `reason_codes`.
    pub code: &'static str,
    /// The family of facts that it belongs to.
    pub group: ReasonGroup,
    /// What it says, in one sentence.
    pub meaning: &'static str,
    /// What a seller could show to answer it.
    pub answer: &'static str,
}

/// The families of facts, in the order in which a statement of reasons goes through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReasonGroup {
    /// A decision of people, by a list.
    List,
    /// The text calls the goods a copy.
    ReplicaTerm,
    /// The text calls the goods like a brand's.
    Copycat,
    /// Words are written so that they are not found.
    Evasion,
    /// What is claimed of authenticity.
    AuthOverclaim,
    /// The brand, and where it stands.
    Brand,
    /// Prices.
    Price,
    /// The way to the seller.
    Contact,
    /// The seller.
    Seller,
    /// The age and the course of the listing.
    Listing,
    /// What the catalogue entry says and lacks.
    CatalogueGap,
    /// Copies across listings and sellers.
    Duplicate,
    /// Returns.
    Returns,
    /// Reviews.
    Reviews,
    /// Words that were learned from labels.
    LearnedWords,
    /// Columns of the user's own.
    Extra,
}

impl ReasonGroup {
    /// The name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "LIST",
            Self::ReplicaTerm => "REPLICA_TERM",
            Self::Copycat => "COPYCAT",
            Self::Evasion => "EVASION",
            Self::AuthOverclaim => "AUTH_OVERCLAIM",
            Self::Brand => "BRAND",
            Self::Price => "PRICE",
            Self::Contact => "CONTACT",
            Self::Seller => "SELLER",
            Self::Listing => "LISTING",
            Self::CatalogueGap => "CATALOGUE_GAP",
            Self::Duplicate => "DUPLICATE",
            Self::Returns => "RETURNS",
            Self::Reviews => "REVIEWS",
            Self::LearnedWords => "LEARNED_WORDS",
            Self::Extra => "EXTRA",
        }
    }
}

impl ReasonCode {
    /// What is known of a code.
    pub fn of(code: &str) -> Option<&'static ReasonCode> {
        REASON_CODES.iter().find(|own| own.code == code)
    }
}

const fn code(
    group: ReasonGroup,
    code: &'static str,
    meaning: &'static str,
    answer: &'static str,
) -> ReasonCode {
    ReasonCode { code, group, meaning, answer }
}

use ReasonGroup::{
    AuthOverclaim, Brand, CatalogueGap, Contact, Copycat, Duplicate, Evasion, Extra, LearnedWords,
    List, Listing as Course, Price, ReplicaTerm, Returns, Reviews, Seller,
};

const INVOICE: &str = "invoices of an authorized supplier";
const CORRECTED: &str = "the corrected entry";
const MEANING_OF_WORDS: &str = "what the words mean in this listing";

/// Every code there is, by group.
#[rustfmt::skip]
pub const REASON_CODES: &[ReasonCode] = &[
    code(List, "ALLOW_LISTED", "An allow-list names the listing, its seller or its brand; it is not flagged.", "nothing"),
    code(List, "DENY_LISTED", "A deny-list names the listing, its seller or its brand; it is flagged.", "why the entry should go"),
    code(List, "WATCH_LISTED", "A watch-list names the listing, its seller or its brand.", "why the entry should go"),
    code(ReplicaTerm, "REPLICA_TERM", "The text uses words of the trade in copies.", MEANING_OF_WORDS),
    code(ReplicaTerm, "REPLICA_NEAR_BRAND", "A word of the trade in copies stands close to the name of a brand.", MEANING_OF_WORDS),
    code(ReplicaTerm, "PACKAGING", "The packaging or the papers of a brand are offered, with or without goods.", INVOICE),
    code(Copycat, "COPYCAT", "The goods are called like a brand's, not the brand's.", "that no mark of the brand is used"),
    code(Evasion, "EVASION", "Words are written so that people read them and filters do not.", "the text in plain letters"),
    code(AuthOverclaim, "AUTH_OVERCLAIM", "Authenticity is claimed in ways that honest listings rarely need.", INVOICE),
    code(AuthOverclaim, "AUTH_CONTRADICTED", "The goods are claimed to be genuine and called a copy.", MEANING_OF_WORDS),
    code(AuthOverclaim, "AUTH_DISCLAIMER", "The seller does not answer for authenticity.", INVOICE),
    code(Brand, "BRAND_ONLY_IN_TITLE", "A brand is in the title and the brand field is empty.", CORRECTED),
    code(Brand, "BRAND_MISMATCH", "Title and brand field name different brands.", CORRECTED),
    code(Brand, "BRAND_STUFFING", "The title names several brands that have nothing to do with each other.", CORRECTED),
    code(Brand, "BRAND_ALTERED", "The name of a brand is misspelt or altered.", CORRECTED),
    code(Brand, "BRAND_OUT_OF_PLACE", "The brand does not sell goods of this kind.", INVOICE),
    code(Brand, "SELLER_NAME_BRAND", "The seller's name uses the name of a brand.", "the brand's consent"),
    code(Price, "PRICE_LOW", "The price is below what the goods usually cost.", INVOICE),
    code(Price, "PRICE_LOW_NEW_SELLER", "A new seller asks less than the goods usually cost.", INVOICE),
    code(Price, "PRICE_HIGH", "The price is above what the goods usually cost.", INVOICE),
    code(Price, "PRICE_USUAL", "The price is near what the goods usually cost.", INVOICE),
    code(Price, "PRICE_MISSING", "No price is given.", CORRECTED),
    code(Price, "PRICE_PLACEHOLDER", "The price is none that goods are sold at, such as 1 or 9999.", CORRECTED),
    code(Price, "PRICE_NEAR_GENUINE_NEW_SELLER", "A new seller asks nearly the genuine price.", INVOICE),
    code(Price, "DISCOUNT_STATED", "A large discount is stated.", "that the former price was asked"),
    code(Price, "SAME_PRICE", "The seller asks one price for different goods.", INVOICE),
    code(Contact, "CONTACT_OFF_PLATFORM", "Buyers are asked to write outside the marketplace.", "the text without it"),
    code(Contact, "HIDDEN_LINK", "The text leads to another site.", "the text without it"),
    code(Seller, "SELLER_NEW", "The seller registered a short time ago.", "the history of the business elsewhere"),
    code(Seller, "SELLER_AGE", "How long the seller has been registered.", "nothing"),
    code(Seller, "SELLER_AGE_MISSING", "It is not known when the seller registered.", CORRECTED),
    code(Seller, "SELLER_AND_LISTING_NEW", "Seller and listing are both new.", "the history of the business elsewhere"),
    code(Seller, "SELLER_RATING", "The seller's rating.", "the circumstances of the ratings"),
    code(Seller, "SELLER_UNRATED", "The seller has no rating.", "the history of the business elsewhere"),
    code(Seller, "SELLER_FEEDBACK", "How many ratings the seller has.", "the history of the business elsewhere"),
    code(Seller, "SELLER_FEEDBACK_MISSING", "It is not known how many ratings the seller has.", CORRECTED),
    code(Seller, "RATING_SHAPE", "Ratings and sales do not fit each other.", "the circumstances of the ratings"),
    code(Seller, "SELLER_GAP", "The seller does not say something that others say.", CORRECTED),
    code(Seller, "TRADER_UNIDENTIFIED", "Name, address or registration of the trader are missing.", "the missing details"),
    code(Seller, "FREE_MAIL", "The trader writes from a free e-mail provider.", "an address of the business"),
    code(Seller, "SHIPS_FROM_MISMATCH", "The goods are dispatched from another country than the seller's.", "the contract with the warehouse"),
    code(Seller, "CURRENCY_MISMATCH", "The price is in another currency than that of the seller's country.", CORRECTED),
    code(Seller, "ORIGIN_CLAIM_MISMATCH", "The goods are dispatched from another country than they are said to be made in.", INVOICE),
    code(Seller, "SELLER_MANY_BRANDS", "The seller offers many brands for so few listings.", INVOICE),
    code(Seller, "SELLER_MANY_CATEGORIES", "The seller offers goods of many kinds for so few listings.", INVOICE),
    code(Course, "LISTING_NEW", "The listing went live a short time ago.", "nothing"),
    code(Course, "LISTING_AGE", "How long the listing has been live.", "nothing"),
    code(Course, "LISTING_AGE_MISSING", "It is not known when the listing went live.", CORRECTED),
    code(Course, "SALES", "How many pieces have been sold.", "nothing"),
    code(Course, "SALES_MISSING", "It is not known how many pieces have been sold.", CORRECTED),
    code(Course, "SALES_VELOCITY", "More is sold a day than is usual.", INVOICE),
    code(Course, "STOCK_HIGH", "More pieces are on offer than is usual.", INVOICE),
    code(Course, "STOCK_AGAINST_SCARCITY", "Goods that are called scarce are in stock by the dozen.", INVOICE),
    code(CatalogueGap, "CATALOGUE_GAP", "The entry lacks something that others give.", CORRECTED),
    code(CatalogueGap, "DESCRIPTION_MISSING", "There is no description.", CORRECTED),
    code(CatalogueGap, "DESCRIPTION_SHORT", "The description is short.", CORRECTED),
    code(CatalogueGap, "DESCRIPTION_LENGTH", "How long the description is.", "nothing"),
    code(CatalogueGap, "FEW_IMAGES", "How many pictures there are.", "more pictures of the goods themselves"),
    code(CatalogueGap, "TITLE_GENERIC", "A short title of goods that are faked names no brand.", "the brand of the goods"),
    code(CatalogueGap, "TEXT_SHAPE", "Capitals, signs or pictures stand out in the title.", "the text in plain letters"),
    code(CatalogueGap, "GTIN_BRAND_CONFLICT", "The product code (GTIN) is of another company.", CORRECTED),
    code(CatalogueGap, "GTIN_INVALID", "The product code (GTIN) is none.", CORRECTED),
    code(Duplicate, "DUPLICATE_TEXT", "Other listings or sellers have nearly the same text.", "who wrote the text"),
    code(Duplicate, "DUPLICATE_IMAGE", "Other sellers use the same picture.", "pictures of the goods themselves"),
    code(Duplicate, "GTIN_SHARED", "Other sellers use the same product code (GTIN).", "nothing"),
    code(Duplicate, "GTIN_CONFLICT", "The product code (GTIN) is used for several brands.", CORRECTED),
    code(Returns, "RETURNS", "How many of the pieces sold are returned.", "the reasons of the returns"),
    code(Returns, "RETURNS_FAKE", "Pieces were returned as not genuine.", INVOICE),
    code(Reviews, "REVIEWS_FAKE", "Buyers write that the goods are not genuine.", INVOICE),
    code(LearnedWords, "LEARNED_WORDS", "Words that stand in listings labeled counterfeit, or in genuine ones.", MEANING_OF_WORDS),
    code(Extra, "EXTRA", "A column of the user's own.", "what the column says"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::SIGNALS;
    use crate::lists::ListKind;
    use std::collections::HashSet;

    /// The codes in the source of a signal: its upper-case literals, tests included.
    fn codes_in(source: &str) -> HashSet<&str> {
        let is_code = |text: &&str| {
            text.len() > 4 && text.chars().all(|c| c.is_ascii_uppercase() || c == '_')
        };
        source.split('"').filter(is_code).collect()
    }

    #[test]
    fn every_code_of_a_signal_is_known_and_no_other() {
        let mut used: HashSet<&str> = ListKind::ALL.map(ListKind::code).into();
        used.extend(["EXTRA", "LEARNED_WORDS"]);
        for signal in SIGNALS {
            used.extend(codes_in(signal.source()));
        }
        for code in &used {
            assert!(ReasonCode::of(code).is_some(), "{code} is not registered");
        }
        for own in REASON_CODES {
            assert!(used.contains(own.code), "no signal says {}", own.code);
        }
    }

    #[test]
    fn codes_are_unique_and_stand_with_their_group() {
        let codes: HashSet<&str> = REASON_CODES.iter().map(|own| own.code).collect();
        assert_eq!(codes.len(), REASON_CODES.len());
        assert!(REASON_CODES.is_sorted_by_key(|own| own.group));
        assert!(REASON_CODES.iter().all(|own| own.meaning.ends_with('.')));
    }
}
