//! Makes the shipped default model and its card anew: `cargo run --release --example
//! train_default_model`, from the root of the repository.

use std::path::PathBuf;

use pinchbeck::report::{Target, card_markdown, evaluation_text, write_text};
use pinchbeck::simulate::train_default_model;

fn main() -> pinchbeck::Result<()> {
    let trained = train_default_model()?;
    let model = &trained.model;
    let json = String::from_utf8_lossy(&model.to_bytes()?).into_owned();
    write_text(&Target::File(PathBuf::from("models/default.json")), &json)?;
    let card = card_markdown("embedded default", model)?;
    write_text(&Target::File(PathBuf::from("models/default.md")), &card)?;
    write_text(&Target::Stdout, &evaluation_text(&trained.evaluations))
}
