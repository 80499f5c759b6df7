//! What a model's card says, before it is laid out as text or as Markdown.

use crate::features::ExpectedSign;
use crate::model::{Model, SplitSummary};

/// How many words of each direction a card shows.
const MOST_WORDS: usize = 20;
/// How many knots of a calibration a card shows.
const MOST_KNOTS: usize = 60;
/// The gradient per listing from which on a fit is not at its optimum; training refuses such a fit.
const OPTIMUM: f64 = 1e-7;

/// A card: its name and digest, its first paragraph, and its parts.
pub(super) struct CardContent {
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) note: String,
    pub(super) sections: Vec<Section>,
}

/// A part of a card under its heading.
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) blocks: Vec<Block>,
}

/// What stands in a part.
pub(super) enum Block {
    /// A paragraph by itself.
    Paragraph(Phrase),
    /// Short facts, one below the other.
    Items(Vec<Phrase>),
    /// Figures in rows.
    Table(Table),
}

/// Figures in rows; every row has as many cells as there are columns.
pub(super) struct Table {
    pub(super) columns: Vec<(Phrase, Align)>,
    pub(super) rows: Vec<Vec<Phrase>>,
}

/// On which side the cells of a column stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// Words, and names among them. Either may come from the model file, which is a stranger's: who lays
/// them out sees to it that nothing in them acts.
#[derive(Clone, Debug, Default)]
pub(super) struct Phrase(pub(super) Vec<Piece>);

/// A part of a phrase.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// Words to read.
    Words(String),
    /// A name as it stands in data or files.
    Name(String),
}

impl Phrase {
    pub(super) fn words(text: impl Into<String>) -> Phrase {
        Phrase(vec![Piece::Words(text.into())])
    }

    pub(super) fn name(text: impl Into<String>) -> Phrase {
        Phrase(vec![Piece::Name(text.into())])
    }

    fn and(mut self, text: impl Into<String>) -> Phrase {
        self.0.push(Piece::Words(text.into()));
        self
    }

    fn and_name(mut self, text: impl Into<String>) -> Phrase {
        self.0.push(Piece::Name(text.into()));
        self
    }

    /// Names with commas between them.
    fn and_names<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Phrase {
        names.into_iter().enumerate().fold(self, |phrase, (at, name)| {
            let phrase = if at > 0 { phrase.and(", ") } else { phrase };
            phrase.and_name(name)
        })
    }
}

impl CardContent {
    /// The card of a model that goes by `name`.
    ///
    /// # Errors
    /// None for a model that was trained or loaded.
    pub(super) fn of(name: &str, model: &Model) -> crate::Result<CardContent> {
        let mut sections = vec![trained_on(model), method(model), scope(model), how_well(model)];
        sections.extend(warnings(model));
        sections.extend([calibration(model), threshold(model)]);
        sections.extend(signs(model));
        sections.push(coefficients(model));
        sections.extend(words(model));
        Ok(CardContent {
            name: name.to_owned(),
            sha256: model.digest()?,
            note: model.card().note.clone(),
            sections,
        })
    }
}

fn trained_on(model: &Model) -> Section {
    let card = model.card();
    let data = &card.data;
    let sellers = match data.n_sellers {
        0 => "unknown sellers".to_owned(),
        n => format!("{n} sellers"),
    };
    let items = vec![
        Phrase::words(format!(
            "{} labeled listings of {sellers}, {} counterfeit ({:.2} %)",
            data.n,
            data.n_positive,
            100.0 * data.n_positive as f64 / data.n.max(1) as f64
        )),
        Phrase::words("data sha256 ").and_name(&data.sha256),
        Phrase::words("pinchbeck ").and_name(&card.crate_version),
    ];
    let rows = card.lexicons.iter().map(|own| {
        let sha256: String = own.sha256.chars().take(12).collect();
        vec![Phrase::name(&own.language), Phrase::name(&own.version), Phrase::name(sha256)]
    });
    let mut blocks = vec![Block::Items(items)];
    if !card.lexicons.is_empty() {
        let titles = [("lexicon", Align::Left), ("version", Align::Right), ("sha256", Align::Left)];
        blocks.push(table(&titles, rows));
    }
    Section { title: "Trained on", blocks }
}

/// How the coefficients were fitted, and what was chosen.
fn method(model: &Model) -> Section {
    let card = model.card();
    let scope = if card.refitted {
        "on all labeled listings, after the evaluation"
    } else {
        "without the held-out sellers"
    };
    let rule =
        if card.one_standard_error { ", the strongest within one standard error" } else { "" };
    let mut items = vec![
        Phrase::words(format!("logistic regression, fitted {scope}")),
        Phrase::words(format!(
            "L2 penalty {} of signals, chosen by {} folds of sellers{rule}",
            card.penalty, card.n_folds
        )),
        Phrase::words(match card.bin_penalty {
            Some(penalty) => {
                format!(
                    "numbers as lines that bend at the edges of {} quantile bins, L2 penalty {penalty}",
                    model.n_bins()
                )
            }
            None => "numbers as straight lines of what they are transformed to, no bins".to_owned(),
        }),
        Phrase::words(match card.word_penalty {
            Some(penalty) => {
                format!("{} words and pairs of words, L2 penalty {penalty}", model.n_words())
            }
            None => "no words were learned".to_owned(),
        }),
        Phrase::words(format!(
            "{}: the gradient where the fit ended is {:.1e} per listing",
            if card.gradient_norm <= OPTIMUM { "converged" } else { "not at its optimum" },
            card.gradient_norm
        )),
    ];
    if let Some(column) = &card.sample_weight {
        items.push(Phrase::words("listings count as the column ").and_name(column).and(" says"));
    }
    if let Some(share) = card.negatives {
        items.push(Phrase::words(format!(
            "{} % of the genuine listings, the intercept corrected for the others",
            100.0 * share
        )));
    }
    items.push(Phrase::words(format!(
        "{:.0} % of the listings held out for the evaluation, by seller; seed {}",
        100.0 * card.holdout,
        card.seed
    )));
    Section { title: "How", blocks: vec![Block::Items(items)] }
}

/// On which data the model has something to say.
fn scope(model: &Model) -> Section {
    let mut items = vec![Phrase::words(
        "on exports of the marketplace it was trained on, later ones too while that does not change",
    )];
    let cells = model.price_cells();
    if cells.is_empty() {
        items.push(Phrase::words("it knows no prices: only list prices are compared"));
    }
    for (currency, n) in cells {
        let known = if currency.is_empty() {
            Phrase::words("prices without a currency")
        } else {
            Phrase::words("prices in ").and_name(currency)
        };
        items.push(known.and(format!(
            ": of {n} cells of brand, category and condition; a price in another currency is neutral unless the listing has a list price"
        )));
    }
    items.push(Phrase::words(format!("{} brands known by name", model.n_brands())));
    let unused = model.unused_signals();
    if !unused.is_empty() {
        items.push(
            Phrase::words("without a say, as they did not vary in training: ").and_names(unused),
        );
    }
    Section { title: "When it works", blocks: vec![Block::Items(items)] }
}

fn how_well(model: &Model) -> Section {
    let splits = &model.card().evaluation;
    if splits.is_empty() {
        let unknown = Phrase::words("the file says nothing of it");
        return Section { title: "How well", blocks: vec![Block::Items(vec![unknown])] };
    }
    let told = splits.iter().map(|split| {
        let what = match split.split.as_str() {
            "holdout" => ": sellers never seen, the figures to trust",
            "group" => {
                ": cross-validation by seller, which calibration and threshold are taken from"
            }
            "random" => ": random listings, whose sellers are known: flatters",
            "time" => ": the latest listings",
            _ => ": a split that this program does not know",
        };
        Phrase::name(&split.split).and(what)
    });
    let mut columns = columns(&[("held out", Align::Left)]);
    columns.extend(splits.iter().map(|split| (Phrase::name(&split.split), Align::Right)));
    let mut rows = Vec::new();
    let mut row = |name: String, tell: &dyn Fn(&SplitSummary) -> Option<String>| {
        let cells: Vec<Option<String>> = splits.iter().map(tell).collect();
        if cells.iter().any(Option::is_some) {
            let mut row = vec![Phrase::words(name)];
            row.extend(cells.into_iter().map(|own| Phrase::words(own.unwrap_or("-".to_owned()))));
            rows.push(row);
        }
    };
    let number = |value: f64| Some(format!("{value:.4}"));
    row("listings".to_owned(), &|own| Some(own.n.to_string()));
    row("counterfeit".to_owned(), &|own| Some(own.n_positive.to_string()));
    row("average precision".to_owned(), &|own| number(own.average_precision));
    row("95 % interval".to_owned(), &|own| {
        own.average_precision_interval.map(|(low, high)| format!("{low:.3} to {high:.3}"))
    });
    row("ROC AUC".to_owned(), &|own| number(own.roc_auc));
    row("log loss".to_owned(), &|own| number(own.log_loss));
    row("Brier score".to_owned(), &|own| number(own.brier));
    row("ECE".to_owned(), &|own| number(own.ece));
    row("calibration slope".to_owned(), &|own| own.calibration_slope.and_then(number));
    row("threshold".to_owned(), &|own| number(own.threshold));
    row("precision there".to_owned(), &|own| own.precision.and_then(number));
    row("recall there".to_owned(), &|own| number(own.recall));
    let mut sizes: Vec<usize> =
        splits.iter().flat_map(|own| own.at.iter().map(|at| at.0)).collect();
    sizes.sort_unstable();
    sizes.dedup();
    for size in sizes {
        row(format!("precision, recall in {size}"), &|own| {
            let at = own.at.iter().find(|at| at.0 == size)?;
            Some(format!("{:.3}, {:.3}", at.1, at.2))
        });
    }
    Section {
        title: "How well",
        blocks: vec![Block::Items(told.collect()), Block::Table(Table { columns, rows })],
    }
}

fn warnings(model: &Model) -> Option<Section> {
    let all = &model.card().warnings;
    let blocks = all.iter().map(|own| Block::Paragraph(Phrase::words(own))).collect();
    (!all.is_empty()).then_some(Section { title: "Warnings", blocks })
}

/// How scores became probabilities.
fn calibration(model: &Model) -> Section {
    let own = model.calibration();
    let mut items = vec![Phrase::words(format!(
        "Platt scaling on sellers left out: log-odds = {:.4} + {:.4} x raw",
        own.intercept(),
        own.slope()
    ))];
    let knots = own.knots();
    items.push(Phrase::words(match knots.len() {
        0 => "no isotonic correction".to_owned(),
        n => format!("corrected by isotonic regression, a line through {n} knots"),
    }));
    let mut blocks = vec![Block::Items(items)];
    if !knots.is_empty() {
        let rows = knots.iter().take(MOST_KNOTS).map(|(from, to)| {
            [format!("{from:+.4}"), format!("{to:+.4}"), format!("{:+.4}", to - from)]
                .map(Phrase::words)
                .to_vec()
        });
        blocks.push(table(
            &[("scaled log-odds", Align::Right), ("corrected", Align::Right), ("by", Align::Right)],
            rows,
        ));
        blocks.extend(and_more(knots.len(), MOST_KNOTS, "knots"));
    }
    Section { title: "Calibration", blocks }
}

/// The threshold and what it is known to give.
fn threshold(model: &Model) -> Section {
    let own = model.threshold();
    let mut items =
        vec![Phrase::words(format!("{:.4}, from {}", own.probability, own.policy.words()))];
    items.push(Phrase::words(match &model.card().spread {
        None => "how much it flags and finds elsewhere is not known".to_owned(),
        Some(spread) => {
            let shares =
                |(low, high): (f64, f64)| format!("{:.1} to {:.1} %", 100.0 * low, 100.0 * high);
            let precision = spread.precision.map_or_else(String::new, |precision| {
                format!(", {} of them counterfeit", shares(precision))
            });
            format!(
                "on sellers left out it flags {} of the listings{precision}, and finds {} of the counterfeits (95 % intervals)",
                shares(spread.flagged_share),
                shares(spread.recall)
            )
        }
    }));
    Section { title: "Threshold", blocks: vec![Block::Items(items)] }
}

/// The signals whose effect goes the other way than expected.
fn signs(model: &Model) -> Option<Section> {
    let all = model.coefficients();
    let is_told = |own: &ExpectedSign| *own != ExpectedSign::Either;
    let n_expected =
        all.iter().filter(|own| own.expected_sign.as_ref().is_some_and(is_told)).count();
    let against: Vec<_> = all.iter().filter(|own| own.unexpected_sign).collect();
    if n_expected == 0 {
        return None;
    }
    let told = Phrase::words(format!(
        "{} of {n_expected} signals whose documentation expects a sign have the other one",
        against.len()
    ));
    let mut blocks = vec![Block::Items(vec![told])];
    if !against.is_empty() {
        let rows = against.into_iter().map(|own| {
            let expected = own.expected_sign.map_or("", ExpectedSign::symbol);
            let rise = own.rise.map_or_else(|| "-".to_owned(), |rise| format!("{rise:+.4}"));
            vec![Phrase::words(expected), Phrase::words(rise), Phrase::name(&own.column)]
        });
        blocks.push(table(
            &[
                ("expected", Align::Right),
                ("fitted, from least to greatest", Align::Right),
                ("signal", Align::Left),
            ],
            rows,
        ));
    }
    Some(Section { title: "Signs", blocks })
}

fn coefficients(model: &Model) -> Section {
    let mut all = model.coefficients();
    all.sort_by(|a, b| b.standardized.abs().total_cmp(&a.standardized.abs()));
    let rows = all.iter().map(|own| {
        let per_unit = own.per_unit.map_or_else(|| "-".to_owned(), |value| format!("{value:+.4}"));
        let mut expected = own.expected_sign.map_or("", ExpectedSign::symbol).to_owned();
        if own.unexpected_sign {
            expected = format!("not {expected}");
        }
        vec![
            Phrase::words(format!("{:+.4}", own.standardized)),
            Phrase::words(per_unit),
            Phrase::words(expected),
            Phrase::name(&own.column),
        ]
    });
    let told = Phrase::words(format!(
        "in order of influence; an average listing has log-odds {:.4}",
        model.intercept()
    ));
    let titles = [
        ("per sd", Align::Right),
        ("per unit", Align::Right),
        ("expected", Align::Right),
        ("column", Align::Left),
    ];
    Section { title: "Coefficients", blocks: vec![Block::Items(vec![told]), table(&titles, rows)] }
}

/// The words that tell most, for each direction.
fn words(model: &Model) -> Vec<Section> {
    let words = model.words();
    let mut sections = Vec::new();
    for (title, sign) in
        [("Words that speak for counterfeit", 1.0), ("Words that speak for genuine", -1.0)]
    {
        let of_sign: Vec<_> = words.iter().filter(|own| own.coefficient * sign > 0.0).collect();
        if of_sign.is_empty() {
            continue;
        }
        let rows = of_sign.iter().take(MOST_WORDS).map(|own| {
            let log_odds = Phrase::words(format!("{:+.4}", own.coefficient));
            vec![log_odds, Phrase::name(own.field), Phrase::name(&own.term)]
        });
        let mut blocks = vec![table(
            &[("log-odds", Align::Right), ("field", Align::Left), ("words", Align::Left)],
            rows,
        )];
        blocks.extend(and_more(of_sign.len(), MOST_WORDS, "words that say less"));
        sections.push(Section { title, blocks });
    }
    sections
}

fn table(titles: &[(&str, Align)], rows: impl Iterator<Item = Vec<Phrase>>) -> Block {
    Block::Table(Table { columns: columns(titles), rows: rows.collect() })
}

fn columns(all: &[(&str, Align)]) -> Vec<(Phrase, Align)> {
    all.iter().map(|(title, align)| (Phrase::words(*title), *align)).collect()
}

/// That more of something is not shown.
fn and_more(n: usize, n_shown: usize, what: &str) -> Option<Block> {
    let n_more = n.checked_sub(n_shown).filter(|n_more| *n_more > 0)?;
    Some(Block::Items(vec![Phrase::words(format!("and {n_more} {what}"))]))
}
