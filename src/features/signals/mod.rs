//! The registry of signals. A new signal is one file here and one line in [`SIGNALS`].

mod authenticity_claim;
mod authenticity_disclaimer;
mod brand_altered;
mod brand_evidence;
mod brand_only_in_title;
mod brand_out_of_place;
mod brand_stuffing;
mod brand_title_mismatch;
mod claim_beside_replica;
mod contact_off_platform;
mod copycat_term;
mod currency_mismatch;
mod description_length;
mod disguised_word;
mod external_link;
mod fake_return_rate;
mod fake_review_share;
mod fake_review_text;
mod generic_title;
mod gtin_brand_conflict;
mod gtin_conflict;
mod gtin_invalid;
mod gtin_sellers;
mod image_copies;
mod image_count;
mod invisible_characters;
mod listing_age_days;
mod missing_field;
mod mixed_scripts;
mod near_genuine_price_new_seller;
mod new_seller_low_price;
mod origin_claim_mismatch;
mod packaging_offer;
mod price_cell_size;
mod price_log_ratio;
mod price_percentile;
mod price_placeholder;
mod price_robust_z;
mod rating_without_feedback;
mod replica_term;
mod return_rate;
mod sales_count;
mod sales_velocity;
mod same_price;
mod seller_age_days;
mod seller_and_listing_new;
mod seller_brand_breadth;
mod seller_category_breadth;
mod seller_export_size;
mod seller_feedback_count;
mod seller_name_like_brand;
mod seller_rating;
mod ships_from_mismatch;
mod stacked_claims;
mod stated_discount;
mod stock_against_scarcity;
mod stock_level;
mod term_evidence;
mod term_near_brand;
mod text_copies;
mod text_copy_sellers;
mod title_caps_share;
mod title_sign_share;
mod trader_free_mail;
mod trader_identity_missing;

use super::signal::Signal;
use crate::lexicon::Severity;
use crate::listing::Column;
use missing_field::MissingField;
use replica_term::ReplicaTerm;

/// Every signal, in the order of the model's columns.
pub static SIGNALS: &[&dyn Signal] = &[
    &price_log_ratio::PriceLogRatio,
    &price_robust_z::PriceRobustZ,
    &price_percentile::PricePercentile,
    &price_cell_size::PriceCellSize,
    &seller_age_days::SellerAgeDays,
    &listing_age_days::ListingAgeDays,
    &seller_rating::SellerRating,
    &seller_feedback_count::SellerFeedbackCount,
    &sales_count::SalesCount,
    &return_rate::ReturnRate,
    &fake_return_rate::FakeReturnRate,
    &ReplicaTerm { severity: Severity::A },
    &ReplicaTerm { severity: Severity::B },
    &ReplicaTerm { severity: Severity::C },
    &authenticity_claim::AuthenticityClaim,
    &authenticity_disclaimer::AuthenticityDisclaimer,
    &contact_off_platform::ContactOffPlatform,
    &external_link::ExternalLink,
    &brand_only_in_title::BrandOnlyInTitle,
    &generic_title::GenericTitle,
    &description_length::DescriptionLength,
    &copycat_term::CopycatTerm,
    &term_near_brand::TermNearBrand,
    &stacked_claims::StackedClaims,
    &claim_beside_replica::ClaimBesideReplica,
    &packaging_offer::PackagingOffer,
    &disguised_word::DisguisedWord,
    &mixed_scripts::MixedScripts,
    &invisible_characters::InvisibleCharacters,
    &brand_title_mismatch::BrandTitleMismatch,
    &brand_stuffing::BrandStuffing,
    &brand_altered::BrandAltered,
    &seller_name_like_brand::SellerNameLikeBrand,
    &seller_and_listing_new::SellerAndListingNew,
    &rating_without_feedback::RatingWithoutFeedback,
    &sales_velocity::SalesVelocity,
    &stock_level::StockLevel,
    &stock_against_scarcity::StockAgainstScarcity,
    &image_count::ImageCount,
    &ships_from_mismatch::ShipsFromMismatch,
    &currency_mismatch::CurrencyMismatch,
    &origin_claim_mismatch::OriginClaimMismatch,
    &trader_identity_missing::TraderIdentityMissing,
    &trader_free_mail::TraderFreeMail,
    &gtin_invalid::GtinInvalid,
    &fake_review_share::FakeReviewShare,
    &fake_review_text::FakeReviewText,
    &stated_discount::StatedDiscount,
    &price_placeholder::PricePlaceholder,
    &gtin_brand_conflict::GtinBrandConflict,
    &brand_out_of_place::BrandOutOfPlace,
    &near_genuine_price_new_seller::NearGenuinePriceNewSeller,
    &new_seller_low_price::NewSellerLowPrice,
    &title_caps_share::TitleCapsShare,
    &title_sign_share::TitleSignShare,
    &seller_export_size::SellerExportSize,
    &seller_brand_breadth::SellerBrandBreadth,
    &seller_category_breadth::SellerCategoryBreadth,
    &same_price::SamePrice,
    &text_copies::TextCopies,
    &text_copy_sellers::TextCopySellers,
    &image_copies::ImageCopies,
    &gtin_sellers::GtinSellers,
    &gtin_conflict::GtinConflict,
    &MissingField { column: Column::Brand, name: "missing_brand" },
    &MissingField { column: Column::Category, name: "missing_category" },
    &MissingField { column: Column::Currency, name: "missing_currency" },
    &MissingField { column: Column::ListPrice, name: "missing_list_price" },
    &MissingField { column: Column::Condition, name: "missing_condition" },
    &MissingField { column: Column::ImageHash, name: "missing_image_hash" },
    &MissingField { column: Column::Gtin, name: "missing_gtin" },
    &MissingField { column: Column::ShipsFrom, name: "missing_ships_from" },
    &MissingField { column: Column::Language, name: "missing_language" },
    &MissingField { column: Column::ListedAt, name: "missing_listed_at" },
    &MissingField { column: Column::SellerId, name: "missing_seller_id" },
    &MissingField { column: Column::SellerName, name: "missing_seller_name" },
    &MissingField { column: Column::SellerRegisteredAt, name: "missing_seller_registered_at" },
    &MissingField { column: Column::SellerListingCount, name: "missing_seller_listing_count" },
    &MissingField { column: Column::SellerCountry, name: "missing_seller_country" },
    &MissingField { column: Column::ReturnCount, name: "missing_return_count" },
    &MissingField { column: Column::FakeReturnCount, name: "missing_fake_return_count" },
    &MissingField { column: Column::ReviewCount, name: "missing_review_count" },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::{Knowledge, Prepared, SignalDoc};
    use crate::listing::{Cell, Kind, Listing, ListingBatch};
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_lower_case() {
        let mut seen = HashSet::new();
        for signal in SIGNALS {
            assert!(seen.insert(signal.name()), "{} stands twice", signal.name());
            assert!(signal.name().chars().all(|c| c.is_ascii_lowercase() || c == '_'));
        }
    }

    #[test]
    fn every_signal_is_documented_under_the_fixed_headings() {
        for signal in SIGNALS {
            let doc = SignalDoc::of(*signal);
            let headings: Vec<&str> = doc.sections.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(headings, SignalDoc::HEADINGS, "{}", signal.name());
            assert!(!doc.title.is_empty(), "{}", signal.name());
            for (heading, text) in &doc.sections {
                assert!(text.len() > 20, "{}: {heading} says nothing", signal.name());
            }
            assert!(!signal.inputs().is_empty(), "{}", signal.name());
        }
    }

    /// A signal of a program that knows only id and title is unknown or computed from the title:
    /// what the program lacks is no evidence.
    #[test]
    fn columns_that_the_data_lacks_are_no_evidence() {
        let batch = ListingBatch::from_listings(&[Listing::new("1", "plain bag")]);
        let knowledge = Knowledge::builtin().unwrap();
        let prepared = Prepared::new(&batch, &knowledge, None);
        let state = crate::features::FittedState::default();
        for signal in SIGNALS {
            let value = signal.value(&prepared.row(&state, 0));
            let from_title = signal.inputs().contains(&Column::Title) && value == Cell::Value(0.0);
            assert!(value == Cell::Unknown || from_title, "{}: {value:?}", signal.name());
        }
    }

    /// The absence of every field is seen by some signal, as a missing value or as a value of 1.
    #[test]
    fn the_absence_of_every_field_is_seen() {
        let listing = Listing { title: "plain bag".into(), ..Listing::filled("", f64::NAN) };
        let batch = ListingBatch::from_listings(&[listing]);
        let knowledge = Knowledge::builtin().unwrap();
        let prepared = Prepared::new(&batch, &knowledge, None);
        let state = crate::features::FittedState::default();
        let seen: HashSet<Column> = SIGNALS
            .iter()
            .filter(|signal| {
                let value = signal.value(&prepared.row(&state, 0));
                value == Cell::Missing
                    || (signal.name().contains("missing") && value == Cell::Value(1.0))
            })
            .flat_map(|signal| signal.inputs())
            .copied()
            .collect();
        let required = [Column::ListingId, Column::Title];
        for column in Column::all().filter(|column| !required.contains(column)) {
            assert!(
                column.info().kind == Kind::Label || seen.contains(&column),
                "{}",
                column.name()
            );
        }
    }
}
