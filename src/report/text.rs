//! Cards and catalogues for reading in a terminal.

use crate::error::visible;
use crate::features::{REASON_CODES, SIGNALS, Signal, SignalDoc};
use crate::model::{Coefficient, Model, SplitSummary};

/// A model as a card.
///
/// # Errors
/// None for a model that was trained or loaded.
pub fn card_text(name: &str, model: &Model) -> crate::Result<String> {
    let card = model.card();
    let mut text = format!("model {}\nsha256 {}\n", visible(name), model.digest()?);
    if !card.note.is_empty() {
        text.push_str(&format!("\n{}", wrapped(&visible(&card.note))));
    }
    let data = &card.data;
    text.push_str(&format!(
        "\nTrained on\n  {} labeled listings of {}, {} counterfeit ({:.2} %)\n  data sha256 {}\n  pinchbeck {}\n",
        data.n,
        sellers(data.n_sellers),
        data.n_positive,
        100.0 * data.n_positive as f64 / data.n.max(1) as f64,
        visible(&data.sha256),
        visible(&card.crate_version),
    ));
    for lexicon in &card.lexicons {
        text.push_str(&format!(
            "  lexicon {} version {} sha256 {}\n",
            visible(&lexicon.language),
            visible(&lexicon.version),
            visible(&lexicon.sha256.chars().take(12).collect::<String>()),
        ));
    }
    text.push_str(&format!("\nHow\n{}", method_text(model)));
    text.push_str(&format!("  seed {}\n", card.seed));
    text.push_str(&scope_text(model));
    text.push_str("\nHow well, by what was held out\n");
    for split in &card.evaluation {
        text.push_str(&split_text(split));
    }
    for warning in &card.warnings {
        text.push_str(&format!("\nWarning\n{}", wrapped(&visible(warning))));
    }
    text.push_str(&format!("\nCalibration\n{}", calibration_text(model)));
    text.push_str(&format!("\nThreshold\n{}", threshold_text(model)));
    text.push_str(&format!(
        "\nCoefficients in order of influence; an average listing has log-odds {:.4}\n{:>11} {:>13}  {}\n",
        model.intercept(),
        "per sd",
        "per unit",
        "column"
    ));
    let mut coefficients = model.coefficients();
    coefficients.sort_by(|a, b| b.standardized.abs().total_cmp(&a.standardized.abs()));
    for coefficient in &coefficients {
        text.push_str(&coefficient_text(coefficient));
    }
    let words = model.words();
    for (title, sign) in [("counterfeit", 1.0), ("genuine", -1.0)] {
        let told = words.iter().filter(|own| own.coefficient * sign > 0.0).take(MAX_WORDS_SHOWN);
        let told: Vec<String> = told
            .map(|own| {
                format!("{:>+11.4}  {}: {}\n", own.coefficient, own.field, visible(&own.term))
            })
            .collect();
        if !told.is_empty() {
            text.push_str(&format!("\nWords that speak for {title}, by log-odds\n"));
            text.extend(told);
        }
    }
    Ok(text)
}

/// How the coefficients were fitted.
fn method_text(model: &Model) -> String {
    let card = model.card();
    let scope = if card.refitted {
        "on all labeled listings, after the evaluation"
    } else {
        "without the held-out sellers"
    };
    let rule =
        if card.one_standard_error { ", the strongest within one standard error" } else { "" };
    let mut text = wrapped(&format!(
        "logistic regression, L2 penalty {} chosen by {} folds of sellers{rule}, fitted {scope}, to a gradient of {:.1e} per listing",
        card.penalty, card.n_folds, card.gradient_norm
    ));
    match card.bin_penalty {
        Some(penalty) => text.push_str(&format!(
            "  {} quantile bins of numbers, L2 penalty {penalty}\n",
            model.n_bins()
        )),
        None => {
            text.push_str("  numbers as straight lines of what they are transformed to, no bins\n");
        }
    }
    match card.word_penalty {
        Some(penalty) => text.push_str(&format!(
            "  {} words and pairs of words, L2 penalty {penalty}\n",
            model.n_words()
        )),
        None => text.push_str("  no words were learned\n"),
    }
    if let Some(column) = &card.sample_weight {
        text.push_str(&format!("  listings count as the column {} says\n", visible(column)));
    }
    if let Some(share) = card.negatives {
        text.push_str(&format!(
            "  {} % of the genuine listings, the intercept corrected for the others\n",
            100.0 * share
        ));
    }
    text
}

/// How scores became probabilities.
fn calibration_text(model: &Model) -> String {
    let own = model.calibration();
    let mut text = format!(
        "  Platt scaling on sellers left out: log-odds = {:.4} + {:.4} x raw\n",
        own.intercept(),
        own.slope()
    );
    if let [first, .., last] = own.knots() {
        text.push_str(&wrapped(&format!(
            "corrected by isotonic regression at {} points, from {:+.4} at {:.4} to {:+.4} at {:.4}",
            own.knots().len(),
            first.1 - first.0,
            first.0,
            last.1 - last.0,
            last.0
        )));
    }
    text
}

/// The threshold and what it is known to give.
fn threshold_text(model: &Model) -> String {
    let own = model.threshold();
    let mut text = format!("  {:.4}, from {}\n", own.probability, own.policy.words());
    if let Some(spread) = &model.card().spread {
        let shares =
            |(low, high): (f64, f64)| format!("{:.1} to {:.1} %", 100.0 * low, 100.0 * high);
        let precision = spread.precision.map_or_else(String::new, |precision| {
            format!(", {} of them counterfeit", shares(precision))
        });
        text.push_str(&wrapped(&format!(
            "on sellers left out it flags {} of the listings{precision}, and finds {} of the counterfeits (95 % intervals)",
            shares(spread.flagged_share),
            shares(spread.recall)
        )));
    }
    text
}

/// How many words of each direction a card shows.
const MAX_WORDS_SHOWN: usize = 20;

/// On which data the model has something to say.
fn scope_text(model: &Model) -> String {
    let mut text = String::from(
        "\nWhen it works\n  on exports of the marketplace it was trained on, later ones too while that does not change\n",
    );
    let cells = model.price_cells();
    if cells.is_empty() {
        text.push_str("  it knows no prices: only list prices are compared\n");
    }
    for (currency, n) in cells {
        let currency = if currency.is_empty() { "(none given)" } else { currency };
        text.push_str(&wrapped(&format!(
            "prices in {}: of {n} cells of brand, category and condition; a price in another currency is neutral unless the listing has a list price",
            visible(currency)
        )));
    }
    text.push_str(&format!("  {} brands known by name\n", model.n_brands()));
    let unused = model.unused_signals();
    if !unused.is_empty() {
        let listed = visible(&unused.join(", "));
        text.push_str(&wrapped(&format!(
            "without a say, as they did not vary in training: {listed}"
        )));
    }
    text
}

fn sellers(n: usize) -> String {
    match n {
        0 => "unknown sellers".to_owned(),
        n => format!("{n} sellers"),
    }
}

fn split_text(split: &SplitSummary) -> String {
    let what = match split.split.as_str() {
        "holdout" => "sellers never seen",
        "group" => "cross-validation by seller",
        "random" => "random listings: flatters",
        "time" => "the latest listings",
        _ => "a split that this program does not know",
    };
    let interval = split
        .average_precision_interval
        .map_or_else(String::new, |(low, high)| format!(" ({low:.3} to {high:.3})"));
    format!(
        "  {:<8} {what}: {} of {} counterfeit; average precision {:.4}{interval}, ROC AUC {:.4}, ECE {:.4}\n",
        visible(&split.split),
        split.n_positive,
        split.n,
        split.average_precision,
        split.roc_auc,
        split.ece
    )
}

fn coefficient_text(own: &Coefficient) -> String {
    let per_unit = own.per_unit.map_or_else(|| "-".to_owned(), |value| format!("{value:+.4}"));
    let note = if own.unexpected_sign { "  (not the expected sign)" } else { "" };
    format!("{:>+11.4} {per_unit:>13}  {}{note}\n", own.standardized, visible(&own.column))
}

/// The catalogue: a line a signal.
pub fn signals_text() -> String {
    let mut text = format!("{:<32} sign  measures\n", "signal");
    for signal in SIGNALS {
        let doc = SignalDoc::of(*signal);
        text.push_str(&format!(
            "{:<32} {:^4}  {}\n",
            signal.name(),
            signal.expected_sign().symbol(),
            doc.title
        ));
    }
    text.push_str("\n+ raises the risk, - lowers it, ± depends on the marketplace\n");
    text.push_str("pinchbeck signals NAME prints a signal's documentation\n");
    text
}

/// The codes of reasons: a line each, by group.
pub fn reason_codes_text() -> String {
    let mut text = format!("{:<15} {:<30} says\n", "group", "code");
    for own in REASON_CODES {
        text.push_str(&format!("{:<15} {:<30} {}\n", own.group.name(), own.code, own.meaning));
    }
    text
}

/// The documentation of one signal.
pub fn signal_text(signal: &dyn Signal) -> String {
    let doc = SignalDoc::of(signal);
    let inputs: Vec<&str> = signal.inputs().iter().map(|column| column.name()).collect();
    let mut text = format!(
        "{}: {}\n\nReads {}; transform {}; expected sign {}\n",
        signal.name(),
        doc.title,
        inputs.join(", "),
        signal.transform().name(),
        signal.expected_sign().symbol()
    );
    for (heading, body) in &doc.sections {
        text.push_str(&format!("\n{heading}\n{}", wrapped(body)));
    }
    text
}

/// A paragraph in lines of at most 88 columns, indented by two.
pub(super) fn wrapped(paragraph: &str) -> String {
    const WIDTH: usize = 86;
    let mut text = String::new();
    let mut width = 0;
    for word in paragraph.split_whitespace() {
        let length = word.chars().count();
        if width == 0 || width + 1 + length > WIDTH {
            text.push_str(if width == 0 { "  " } else { "\n  " });
            width = 0;
        } else {
            text.push(' ');
            width += 1;
        }
        text.push_str(word);
        width += length;
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A model file may call a split anything.
    #[test]
    fn the_name_of_a_split_cannot_act_on_a_terminal() {
        let split = SplitSummary { split: "\u{1b}[2Jevil".to_owned(), ..SplitSummary::default() };
        let text = split_text(&split);
        assert!(text.contains("evil") && !text.contains('\u{1b}'), "{text:?}");
    }
}
