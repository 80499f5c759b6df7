//! Writing what was found: tables beside their input, and small files; whole or not at all.

mod card;
mod card_json;
mod card_markdown;
mod card_text;
mod cells;
#[cfg(feature = "train")]
mod changes;
mod check_json;
mod check_text;
#[cfg(feature = "train")]
mod compare_json;
#[cfg(feature = "train")]
mod compare_text;
mod csv;
mod enriched;
mod faults;
mod format;
mod formula;
mod frame;
mod lexicon_text;
mod listings;
mod mapping_toml;
#[cfg(feature = "train")]
mod metrics;
mod ndjson;
mod parquet;
mod rendered;
mod scored;
mod statement;
mod table;
mod target;
mod text;
mod unfinished;
#[cfg(feature = "train")]
mod verdict;
mod waterfall;

pub use self::card_json::card_json;
pub use self::card_markdown::card_markdown;
pub use self::card_text::card_text;
pub use self::check_json::check_json;
pub use self::check_text::check_text;
#[cfg(feature = "train")]
pub use self::compare_json::comparison_json;
#[cfg(feature = "train")]
pub use self::compare_text::comparison_text;
pub use self::enriched::{enriched_batch, enriched_schema};
pub use self::faults::{ProblemWriter, RejectWriter};
pub use self::format::TableFormat;
pub use self::lexicon_text::{lexicon_test_text, lexicons_text};
pub use self::listings::ListingWriter;
pub use self::mapping_toml::mapping_toml;
#[cfg(feature = "train")]
pub use self::metrics::{evaluation_text, metrics_json};
pub use self::rendered::{Rendered, TableRenderer};
pub use self::scored::{
    BAND, FLAGGED, PROBABILITY, REASON_CODES, REASONS, added_columns, added_schema,
};
pub use self::statement::Subject;
pub use self::table::{TableOptions, TableWriter, Written};
pub use self::target::Target;
pub use self::target::{write_text, write_texts};
pub use self::text::{reason_codes_text, signal_text, signals_text};
pub use self::unfinished::remove_unfinished;
pub use self::waterfall::{explanation_json, explanation_text};
