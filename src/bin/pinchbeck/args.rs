//! The arguments of every command.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use pinchbeck::input::{DateOrder, DecimalMark, Limits, TextEncoding};
use pinchbeck::report::TableFormat;
use pinchbeck::scoring::{Budget, ListKind, Policy};

use crate::values::{date_order, day, decimal, delimiter, memory, parsed, share, size};

/// Scores marketplace listings for counterfeit risk, with reasons.
#[derive(Parser)]
#[command(name = "pinchbeck", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Look through an export: what is in it, what will be used, what is wrong
    Check(CheckArgs),
    /// Score an export: its columns, then probability, band, flag and reasons
    Score(ScoreArgs),
    /// Add what only the whole export knows: copies of texts and pictures, what else a seller offers
    Enrich(EnrichArgs),
    /// Train a model on labeled listings, evaluated on sellers it has not seen
    Train(TrainArgs),
    /// Score labeled listings with a model and print how well it does
    Evaluate(EvaluateArgs),
    /// Set an old and a new model side by side, on labeled listings too
    Compare(CompareArgs),
    /// Take the score of one listing apart, from base rate to probability
    Explain(ExplainArgs),
    /// Print a model as a card
    Inspect(InspectArgs),
    /// Print the catalogue of signals, or one signal's documentation
    Signals(SignalsArgs),
    /// Print the lexicons in use, or what they find in a text and why
    Lexicon(LexiconArgs),
    /// Write a simulated marketplace with known truth, for trying and testing
    Simulate(SimulateArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page in roff
    Man,
}

/// What is read, and how.
#[derive(Args)]
pub(crate) struct InputArgs {
    /// Files, folders or patterns: CSV, NDJSON, JSON, Parquet or xlsx; `-` is standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// Mapping of the export's columns onto ours (TOML); common names are recognized without one
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: Option<PathBuf>,

    /// Sheet of an Excel workbook; the first that has a cell without it
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,

    /// Encoding of text input without a byte order mark; found out from the text without it
    #[arg(long, value_name = "NAME", value_parser = parsed::<TextEncoding>)]
    pub(crate) encoding: Option<TextEncoding>,

    /// Delimiter of CSV input; found out from the first records without it
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    pub(crate) delimiter: Option<u8>,

    /// Decimal mark of all numbers, `.` or `,`; found out column by column without it
    #[arg(long, value_name = "MARK", value_parser = decimal)]
    pub(crate) decimal: Option<DecimalMark>,

    /// Order of day and month, `dmy` or `mdy`; found out column by column without it
    #[arg(long, value_name = "ORDER", value_parser = date_order)]
    pub(crate) date_order: Option<DateOrder>,

    /// List the cells that cannot be read in this CSV; they count as missing
    #[arg(long, value_name = "FILE")]
    pub(crate) problems: Option<PathBuf>,

    /// Put the records that cannot be read into this CSV; they are left out
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,

    /// End with a fault at the first cell or record that cannot be read
    #[arg(long)]
    pub(crate) strict: bool,

    #[command(flatten)]
    pub(crate) limits: LimitArgs,

    /// Day that ages are counted to where only dates are given, such as 2026-01-31
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<f64>,
}

/// What a file may ask for before it is refused.
#[derive(Args)]
#[expect(clippy::struct_field_names, reason = "the options are called so")]
pub(crate) struct LimitArgs {
    /// Longest record
    #[arg(long, value_name = "SIZE", default_value = "16MiB", value_parser = size, help_heading = "Limits")]
    pub(crate) max_record: usize,

    /// Longest cell
    #[arg(long, value_name = "SIZE", default_value = "1MiB", value_parser = size, help_heading = "Limits")]
    pub(crate) max_cell: usize,

    /// Most columns
    #[arg(long, value_name = "N", default_value_t = 10_000, help_heading = "Limits")]
    pub(crate) max_columns: usize,

    /// Deepest nesting of JSON
    #[arg(long, value_name = "N", default_value_t = 127, help_heading = "Limits")]
    pub(crate) max_depth: usize,

    /// How many times its size a compressed file may be when decompressed
    #[arg(long, value_name = "N", default_value_t = 200, help_heading = "Limits")]
    pub(crate) max_expansion: u64,
}

impl From<&LimitArgs> for Limits {
    fn from(own: &LimitArgs) -> Limits {
        Limits {
            record_bytes: own.max_record,
            cell_bytes: own.max_cell,
            n_columns: own.max_columns,
            json_depth: own.max_depth,
            expansion: own.max_expansion,
        }
    }
}

/// Which labels are learned from or judged by.
#[derive(Args)]
pub(crate) struct LabelArgs {
    /// Column of the label
    #[arg(long, value_name = "COLUMN")]
    pub(crate) label: Option<String>,

    /// Text of the label that means counterfeit; all other texts then mean genuine
    #[arg(long, value_name = "TEXT")]
    pub(crate) positive: Option<String>,

    /// Column of the seller, whose listings never stand on both sides of a split
    #[arg(long, value_name = "COLUMN")]
    pub(crate) group: Option<String>,
}

/// Which threshold flags.
#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct ThresholdArgs {
    /// Flag from this probability on, instead of the model's threshold
    #[arg(long, value_name = "P", value_parser = share)]
    pub(crate) threshold: Option<f64>,

    /// Flag exactly the N riskiest listings of the input, or N% of them; reads the input twice
    #[arg(long, value_name = "N|N%", value_parser = parsed::<Budget>)]
    pub(crate) review_budget: Option<Budget>,

    /// Flag from the lowest threshold that had this precision in validation
    #[arg(long, value_name = "P", value_parser = share)]
    pub(crate) min_precision: Option<f64>,

    /// Flag from the highest threshold that had this recall in validation
    #[arg(long, value_name = "P", value_parser = share)]
    pub(crate) min_recall: Option<f64>,
}

/// Words, brands and prices of one's own.
#[derive(Args)]
pub(crate) struct KnowledgeArgs {
    /// Terms of your own (CSV as `pinchbeck lexicon` describes it), several times if need be; they need
    /// no new training
    #[arg(long, value_name = "FILE", help_heading = "Words and brands")]
    pub(crate) lexicon: Vec<PathBuf>,

    /// Brands of your own (CSV with `brand` and any of `aliases`, `abbreviations`, `classes`, `flags`,
    /// `group`, `gtin_prefixes`), several times if need be
    #[arg(long, value_name = "FILE", help_heading = "Words and brands")]
    pub(crate) brands: Vec<PathBuf>,

    /// Prices of genuine goods (CSV with `brand`, `price`, `currency` and `model` or `pattern`)
    #[arg(long, value_name = "FILE", help_heading = "Prices")]
    pub(crate) price_list: Option<PathBuf>,

    /// Rates between currencies (CSV with `currency` and `rate`, its worth in one base currency); without
    /// them currencies are kept apart
    #[arg(long, value_name = "FILE", help_heading = "Prices")]
    pub(crate) fx: Option<PathBuf>,
}

/// Lists that stand above the score.
#[derive(Args)]
#[expect(clippy::struct_field_names, reason = "the options are called so")]
pub(crate) struct ListArgs {
    /// Sellers, brands or listings that are never flagged (CSV with any of `listing_id`, `seller_id`,
    /// `seller_name`, `brand`, and `note`, `until`)
    #[arg(long, value_name = "FILE", help_heading = "Lists")]
    pub(crate) allow_list: Option<PathBuf>,

    /// Sellers, brands or listings that are always flagged, unless allowed
    #[arg(long, value_name = "FILE", help_heading = "Lists")]
    pub(crate) deny_list: Option<PathBuf>,

    /// Sellers, brands or listings that are pointed out and flagged by their score
    #[arg(long, value_name = "FILE", help_heading = "Lists")]
    pub(crate) watch_list: Option<PathBuf>,
}

impl ListArgs {
    /// The files that are given, with their kinds.
    pub(crate) fn files(&self) -> impl Iterator<Item = (ListKind, &PathBuf)> {
        let files = [&self.allow_list, &self.deny_list, &self.watch_list];
        ListKind::ALL.into_iter().zip(files).filter_map(|(kind, file)| Some((kind, file.as_ref()?)))
    }
}

#[derive(Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// How to print it
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(crate) format: CheckFormat,

    /// Write a complete, commented mapping of the columns to edit (TOML); `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) write_mapping: Option<PathBuf>,

    /// Write each listing as it was read (NDJSON); `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) write_listings: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum CheckFormat {
    Text,
    Json,
}

#[derive(Args)]
pub(crate) struct ScoreArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Where to write; `-` or nothing is standard output
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,

    /// Model file; without one the embedded default, trained on simulated listings only
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) threshold: ThresholdArgs,

    #[command(flatten)]
    pub(crate) lists: ListArgs,

    #[command(flatten)]
    pub(crate) knowledge: KnowledgeArgs,

    /// The most reasons a listing is given
    #[arg(long, value_name = "K", default_value_t = 3)]
    pub(crate) reasons: usize,

    /// Format of the output; else by the ending of OUT, else that of the input
    #[arg(long, value_enum)]
    pub(crate) format: Option<FormatArg>,

    /// Columns of the input to pass through: `all`, `scores` (the id only) or names with commas
    #[arg(long, value_name = "all|scores|LIST", default_value = "all")]
    pub(crate) columns: String,

    /// Leave CSV text that a spreadsheet would run as a formula as it is
    #[arg(long)]
    pub(crate) raw_text: bool,

    /// Write only the N listings with the highest probabilities, the highest first; of equals those
    /// that come first
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub(crate) top: Option<u64>,

    /// End with status 1 when a listing is flagged
    #[arg(long)]
    pub(crate) fail_on_flagged: bool,

    /// Say nothing but faults on standard error, and show no progress there
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// Threads to score with; 0 is one a core
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(..=1024))]
    pub(crate) threads: u16,
}

#[derive(Args)]
pub(crate) struct EnrichArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Where to write; `-` or nothing is standard output
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,

    /// Format of the output; else by the ending of OUT, else that of the input
    #[arg(long, value_enum)]
    pub(crate) format: Option<FormatArg>,

    /// Leave CSV text that a spreadsheet would run as a formula as it is
    #[arg(long)]
    pub(crate) raw_text: bool,

    /// What may be held in memory of about 700 bytes a listing; the rest goes to nameless files in
    /// the folder for temporary files (TMPDIR)
    #[arg(long, value_name = "SIZE", default_value = "1GiB", value_parser = memory)]
    pub(crate) memory: usize,

    /// Threads to read texts with; 0 is one a core
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(..=1024))]
    pub(crate) threads: u16,
}

#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct TrainArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Model file to write
    #[arg(short, long, value_name = "MODEL")]
    pub(crate) output: PathBuf,

    #[command(flatten)]
    pub(crate) labels: LabelArgs,

    #[command(flatten)]
    pub(crate) knowledge: KnowledgeArgs,

    /// Column of the listing time; adds a split by time
    #[arg(long, value_name = "COLUMN")]
    pub(crate) time: Option<String>,

    /// Share of the listings whose sellers are held out for the evaluation
    #[arg(long, value_name = "SHARE", default_value = "20%", value_parser = share)]
    pub(crate) holdout: f64,

    /// Folds of the cross-validation by seller
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) folds: usize,

    /// Seed of the splits
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,

    /// How the threshold is decided: fixed=P, review-budget=N% (or N of as many listings as are
    /// learned from), min-precision=P, min-recall=P or `cost=FALSE_ALARM:MISS`
    #[arg(long, value_name = "POLICY", default_value = "fixed=0.5", value_parser = parsed::<Policy>)]
    pub(crate) policy: Policy,

    /// L2 penalties to choose from, as scikit-learn's 1/C
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(crate) penalty: Option<Vec<f64>>,

    /// L2 penalties of bends of numbers at quantiles to choose from
    #[arg(long, value_name = "LIST", value_delimiter = ',', conflicts_with = "no_bins")]
    pub(crate) bin_penalty: Option<Vec<f64>>,

    /// Numbers as straight lines alone, with no bends at quantiles
    #[arg(long)]
    pub(crate) no_bins: bool,

    /// L2 penalties of words to choose from
    #[arg(long, value_name = "LIST", value_delimiter = ',', conflicts_with = "no_words")]
    pub(crate) word_penalty: Option<Vec<f64>>,

    /// Learn no words: signals and further columns alone
    #[arg(long)]
    pub(crate) no_words: bool,

    /// Learn words even if sellers left out are judged no better with them
    #[arg(long, conflicts_with = "no_words")]
    pub(crate) always_words: bool,

    /// Take the strongest penalties within one standard error of the best, and not the best
    #[arg(long)]
    pub(crate) one_standard_error: bool,

    /// Column of numbers above 0: how many listings each listing counts as
    #[arg(long, value_name = "COLUMN")]
    pub(crate) sample_weight: Option<String>,

    /// Fit on this share of the genuine listings, for very large data; the intercept is corrected
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(crate) negatives: Option<f64>,

    /// True share of counterfeits, where the labeled data has another
    #[arg(long, value_name = "P", value_parser = share)]
    pub(crate) base_rate: Option<f64>,

    /// Keep the model of the evaluation instead of refitting on all labeled listings
    #[arg(long)]
    pub(crate) no_refit: bool,

    /// First paragraph of the model's card
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) note: String,

    /// Write the metrics as JSON
    #[arg(long, value_name = "FILE.json")]
    pub(crate) metrics: Option<PathBuf>,
}

/// By what labeled listings are judged.
#[derive(Args)]
pub(crate) struct JudgingArgs {
    #[command(flatten)]
    pub(crate) labels: LabelArgs,

    #[command(flatten)]
    pub(crate) knowledge: KnowledgeArgs,

    /// Judge at this threshold instead of a model's own
    #[arg(long, value_name = "P", value_parser = share)]
    pub(crate) threshold: Option<f64>,

    /// Seed of the bootstrap
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
}

#[derive(Args)]
pub(crate) struct EvaluateArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Model file; without one the embedded default
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) judging: JudgingArgs,

    /// Write the metrics as JSON
    #[arg(long, value_name = "FILE.json")]
    pub(crate) metrics: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Which listing, by its id
    #[arg(long, value_name = "ID")]
    pub(crate) id: String,

    /// Model file; without one the embedded default
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) lists: ListArgs,

    #[command(flatten)]
    pub(crate) knowledge: KnowledgeArgs,

    /// How to print it
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    pub(crate) format: ExplainFormat,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ExplainFormat {
    Text,
    Json,
}

#[derive(Args)]
#[command(mut_args(about_listings))]
pub(crate) struct CompareArgs {
    /// Model file of the old model
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,

    /// Model file of the new model
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,

    #[command(flatten)]
    pub(crate) input: InputArgs,

    #[command(flatten)]
    pub(crate) judging: JudgingArgs,

    /// Compare precision and recall of the N riskiest listings, or of N% of them; else as the policy of
    /// the new model or of the old one says, else at several N
    #[arg(long, value_name = "N|N%", value_parser = parsed::<Budget>)]
    pub(crate) review_budget: Option<Budget>,

    /// List at most N of the listings that change sides, those whose probability changes most
    #[arg(long, value_name = "N", default_value_t = 15)]
    pub(crate) changes: usize,

    /// How to print it
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(crate) format: CheckFormat,
}

/// Makes listings optional, and refuses without them what is about nothing else.
fn about_listings(arg: clap::Arg) -> clap::Arg {
    match arg.get_id().as_str() {
        "inputs" => arg.required(false).help(
            "Labeled listings to compare the models on: files, folders or patterns as elsewhere; without \
             them the files of the models are compared, and no other option than --format has a meaning",
        ),
        "old" | "new" | "format" => arg,
        _ => arg.requires("inputs"),
    }
}

#[derive(Args)]
pub(crate) struct InspectArgs {
    /// Model file; without one the embedded default
    pub(crate) model: Option<PathBuf>,

    /// How to print it
    #[arg(long, value_enum, default_value_t = CardFormat::Text)]
    pub(crate) format: CardFormat,
}

/// How a card is printed.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum CardFormat {
    Text,
    Markdown,
    Json,
}

#[derive(Args)]
pub(crate) struct SignalsArgs {
    /// Print the codes of reasons instead, with their groups and what they say
    #[arg(long, conflicts_with = "name")]
    pub(crate) codes: bool,

    /// Signal to document
    pub(crate) name: Option<String>,
}

#[derive(Args)]
pub(crate) struct LexiconArgs {
    #[command(subcommand)]
    pub(crate) command: Option<LexiconCommand>,

    #[command(flatten)]
    pub(crate) knowledge: KnowledgeArgs,
}

#[derive(Subcommand)]
pub(crate) enum LexiconCommand {
    /// Show what is found in a text, what was undone, denied or excused, and why
    Test(LexiconTestArgs),
}

#[derive(Args)]
pub(crate) struct LexiconTestArgs {
    /// Title of a listing
    pub(crate) text: String,

    /// Its description
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,

    /// Its brand field; empty for one that is left empty
    #[arg(long, value_name = "TEXT")]
    pub(crate) brand: Option<String>,

    /// Its category
    #[arg(long, value_name = "TEXT")]
    pub(crate) category: Option<String>,

    #[command(flatten)]
    pub(crate) knowledge: KnowledgeArgs,
}

#[derive(Args)]
pub(crate) struct SimulateArgs {
    /// CSV to write; `-` or nothing is standard output
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,

    /// Listings
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) rows: usize,

    /// Seed
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,

    /// Share of counterfeits before label noise
    #[arg(long, value_name = "P", default_value = "6.6%", value_parser = share)]
    pub(crate) base_rate: f64,

    /// Languages, of en, zh, ru, pt, es
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "en,zh,ru,pt,es")]
    pub(crate) languages: Vec<String>,

    /// Sellers as a share of the listings
    #[arg(long, value_name = "SHARE", default_value = "12.5%", value_parser = share)]
    pub(crate) sellers: f64,

    /// Share of labels turned over at random
    #[arg(long, value_name = "P", default_value = "2%", value_parser = share)]
    pub(crate) label_noise: f64,

    /// Standard deviation of what a seller adds to the log-odds and no column shows
    #[arg(long, value_name = "SD", default_value_t = 0.0)]
    pub(crate) seller_effect: f64,

    /// The effects that exist, by name; `all`, `none`, `nonlinear` (bent ones and an interaction) or
    /// a list, in which `slang` stands for words that no lexicon knows
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "all")]
    pub(crate) effects: Vec<String>,

    /// Leave out the label
    #[arg(long)]
    pub(crate) unlabeled: bool,

    /// Print the true coefficients on standard error
    #[arg(long)]
    pub(crate) truth: bool,

    /// Add a last column `true_probability`, which is never learned from
    #[arg(long, conflicts_with = "unlabeled")]
    pub(crate) truth_column: bool,
}

#[derive(Args)]
pub(crate) struct CompletionsArgs {
    /// Shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum FormatArg {
    Csv,
    Ndjson,
    Parquet,
}

impl From<FormatArg> for TableFormat {
    fn from(own: FormatArg) -> TableFormat {
        match own {
            FormatArg::Csv => TableFormat::Csv,
            FormatArg::Ndjson => TableFormat::Ndjson,
            FormatArg::Parquet => TableFormat::Parquet,
        }
    }
}
