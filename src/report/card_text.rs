//! A model's card for reading in a terminal.

use super::card::{Align, Block, CardContent, Phrase, Piece, Table};
use super::text::wrapped;
use crate::error::visible;
use crate::model::Model;

/// A model as a card.
///
/// # Errors
/// None for a model that was trained or loaded.
pub fn card_text(name: &str, model: &Model) -> crate::Result<String> {
    let card = CardContent::of(name, model)?;
    let mut text = format!("model {}\nsha256 {}\n", visible(&card.name), card.sha256);
    if !card.note.is_empty() {
        text.push_str(&format!("\n{}", wrapped(&visible(&card.note))));
    }
    for section in &card.sections {
        text.push_str(&format!("\n{}\n", section.title));
        for (at, block) in section.blocks.iter().enumerate() {
            match block {
                Block::Paragraph(phrase) => {
                    text.push_str(if at > 0 { "\n" } else { "" });
                    text.push_str(&wrapped(&plain(phrase)));
                }
                Block::Items(items) => {
                    text.extend(items.iter().map(|item| wrapped(&plain(item))));
                }
                Block::Table(table) => text.push_str(&table_text(table)),
            }
        }
    }
    Ok(text)
}

/// A phrase in which nothing acts on a terminal.
fn plain(phrase: &Phrase) -> String {
    let pieces = phrase.0.iter().map(|piece| match piece {
        Piece::Words(text) | Piece::Name(text) => visible(text),
    });
    pieces.collect()
}

/// Columns as wide as their widest cell.
fn table_text(table: &Table) -> String {
    let titles = table.columns.iter().map(|(title, _)| plain(title)).collect();
    let mut lines: Vec<Vec<String>> = vec![titles];
    lines.extend(table.rows.iter().map(|row| row.iter().map(plain).collect()));
    let width = |at: usize| -> usize {
        lines.iter().filter_map(|line| Some(line.get(at)?.chars().count())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..table.columns.len()).map(width).collect();
    let mut text = String::new();
    for line in &lines {
        let mut laid = String::new();
        for ((cell, width), (_, align)) in line.iter().zip(&widths).zip(&table.columns) {
            laid.push_str(&match align {
                Align::Left => format!("  {cell:<width$}"),
                Align::Right => format!("  {cell:>width$}"),
            });
        }
        text.push_str(laid.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SplitSummary;

    /// A model file may call a split anything.
    #[test]
    fn the_name_of_a_split_cannot_act_on_a_terminal() {
        let mut model = Model::embedded().unwrap();
        let split = "\u{1b}[2Jevil".to_owned();
        model.card.evaluation = vec![SplitSummary { split, ..SplitSummary::default() }];
        model.card.warnings = vec!["\u{202e}first".to_owned(), "second\u{7}".to_owned()];
        let text = card_text("a\u{9b}b", &model).unwrap();
        assert!(text.contains("evil") && text.contains("first\n\n  second"), "{text}");
        let acts = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!text.contains(acts), "{text:?}");
    }

    #[test]
    fn the_cells_of_a_table_stand_below_each_other() {
        let row = |cells: [&str; 2]| cells.map(Phrase::words).to_vec();
        let table = Table {
            columns: vec![(Phrase::words("a"), Align::Right), (Phrase::words("b"), Align::Left)],
            rows: vec![row(["1.25", "x"]), row(["10", "längst"])],
        };
        assert_eq!(table_text(&table), "     a  b\n  1.25  x\n    10  längst\n");
    }
}
