//! Scores listings as they arrive: JSON lines on standard input, answers on standard output.
//!
//! Two threads share one scorer and take lines from one channel, so answers come in the order in
//! which they are ready; the id tells which listing one belongs to. A line that cannot be read is
//! answered with an error that names it, and the loop goes on.
//!
//! ```sh
//! echo '{"id":"A-17","title":"Leather bag, 1:1 replica","brand":null,"seller_age_days":6}' |
//!     cargo run --release --quiet --example service_loop
//! ```
//!
//! A field that is absent is unknown and adds nothing to the score. A field that is `null` is one
//! that this marketplace has and this listing leaves empty, which is evidence.

use std::io::{self, BufRead, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

use pinchbeck::{Listing, Model, Scorer};
use serde::{Deserialize, Deserializer, Serialize};

const N_WORKERS: usize = 2;

/// Lines that may wait for a worker; beyond them, reading waits.
const N_WAITING: usize = 64;

/// A listing as this service receives it. A misspelled field is an error, not an unknown one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    id: String,
    title: String,
    #[serde(default, deserialize_with = "text")]
    description: Option<String>,
    #[serde(default, deserialize_with = "text")]
    brand: Option<String>,
    #[serde(default, deserialize_with = "text")]
    category: Option<String>,
    #[serde(default, deserialize_with = "number")]
    price: Option<f64>,
    #[serde(default, deserialize_with = "number")]
    list_price: Option<f64>,
    #[serde(default, deserialize_with = "text")]
    currency: Option<String>,
    #[serde(default, deserialize_with = "number")]
    listing_age_days: Option<f64>,
    #[serde(default, deserialize_with = "number")]
    seller_age_days: Option<f64>,
    #[serde(default, deserialize_with = "number")]
    seller_rating: Option<f64>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Score { id: String, probability: f64, flagged: bool, reasons: Vec<String> },
    Fault { line: usize, error: String },
}

/// A line with its number, counted from 1.
struct Line {
    number: usize,
    bytes: Vec<u8>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scorer = Scorer::new(Model::embedded()?)?;
    let (sender, receiver) = sync_channel(N_WAITING);
    let receiver = Arc::new(Mutex::new(receiver));
    thread::scope(|scope| {
        for _ in 0..N_WORKERS {
            let (scorer, receiver) = (&scorer, Arc::clone(&receiver));
            scope.spawn(move || work(scorer, &receiver));
        }
        // The workers alone hold the receiver now: once they have ended, sending fails.
        drop(receiver);
        read_lines(&sender)?;
        // No sender is left behind the last line, which ends the workers.
        drop(sender);
        Ok(())
    })
}

/// Hands over lines until the input ends or nobody takes them.
fn read_lines(sender: &SyncSender<Line>) -> io::Result<()> {
    let mut input = io::stdin().lock();
    for number in 1.. {
        let mut bytes = Vec::new();
        let at_end = input.read_until(b'\n', &mut bytes)? == 0;
        if at_end || sender.send(Line { number, bytes }).is_err() {
            break;
        }
    }
    Ok(())
}

/// Answers lines until there are no more, or nobody reads the answers.
fn work(scorer: &Scorer, receiver: &Mutex<Receiver<Line>>) {
    while let Some(line) = next_line(receiver) {
        if write_answer(&answer(scorer, &line)).is_err() {
            return;
        }
    }
}

fn next_line(receiver: &Mutex<Receiver<Line>>) -> Option<Line> {
    receiver.lock().ok()?.recv().ok()
}

fn answer(scorer: &Scorer, line: &Line) -> Answer {
    match serde_json::from_slice::<Request>(line.bytes.trim_ascii()) {
        Err(error) => Answer::Fault { line: line.number, error: error.to_string() },
        Ok(request) => {
            let id = request.id.clone();
            let score = scorer.score_listing(&request.into_listing());
            Answer::Score {
                id,
                probability: score.probability,
                flagged: score.flagged,
                reasons: score.reasons.into_iter().map(|reason| reason.evidence).collect(),
            }
        }
    }
}

/// Writes one answer as one line, whole: the text is complete before standard output is taken.
fn write_answer(answer: &Answer) -> io::Result<()> {
    let mut text = serde_json::to_vec(answer)?;
    text.push(b'\n');
    let mut output = io::stdout().lock();
    output.write_all(&text)?;
    output.flush()
}

impl Request {
    fn into_listing(self) -> Listing {
        Listing {
            description: self.description,
            brand: self.brand,
            category: self.category,
            price: self.price,
            list_price: self.list_price,
            currency: self.currency,
            listing_age_days: self.listing_age_days,
            seller_age_days: self.seller_age_days,
            seller_rating: self.seller_rating,
            ..Listing::new(self.id, self.title)
        }
    }
}

/// A text that was sent: `null` is one that is empty.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Some(Option::deserialize(deserializer)?.unwrap_or_default()))
}

/// A number that was sent: `null` is one that is empty.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(Some(Option::deserialize(deserializer)?.unwrap_or(f64::NAN)))
}
