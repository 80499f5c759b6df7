//! Makes the shipped default model and its card anew: `cargo run --release --example
//! train_default_model`, from the root of the repository.

use std::path::PathBuf;

use pinchbeck::report::{Target, card_text, evaluation_text, write_text};
use pinchbeck::simulate::train_default_model;

fn main() -> pinchbeck::Result<()> {
    let trained = train_default_model()?;
    let model = &trained.model;
    let json = String::from_utf8_lossy(&model.to_bytes()?).into_owned();
    write_text(&Target::File(PathBuf::from("models/default.json")), &json)?;
    let card = format!(
        "# The default model\n\n{}\n\nMade by `cargo run --release --example train_default_model`; what follows is printed by\n`pinchbeck inspect models/default.json`.\n\n```text\n{}```\n",
        model.card().note,
        card_text("models/default.json", model)?
    );
    write_text(&Target::File(PathBuf::from("models/default.md")), &card)?;
    write_text(&Target::Stdout, &evaluation_text(&trained.evaluations))
}
