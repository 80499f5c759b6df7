//! A model's card as Markdown (GitHub's), in which nothing from the model file is markup.

use super::card::{Align, Block, CardContent, Phrase, Piece, Table};
use crate::error::visible;
use crate::model::Model;

/// A model as a card in Markdown. Text of the model file stands there as it is written: it makes no
/// markup, no link and no HTML, and leaves neither its cell nor its line.
///
/// # Errors
/// None for a model that was trained or loaded.
pub fn card_markdown(name: &str, model: &Model) -> crate::Result<String> {
    let card = CardContent::of(name, model)?;
    let mut text = format!(
        "# Model card\n\n- model {}\n- sha256 {}\n",
        code(&card.name, Place::Line),
        code(&card.sha256, Place::Line)
    );
    if !card.note.is_empty() {
        text.push_str(&format!("\n{}\n", escaped(&card.note, Place::Line)));
    }
    for section in &card.sections {
        text.push_str(&format!("\n## {}\n", section.title));
        for block in &section.blocks {
            text.push('\n');
            match block {
                Block::Paragraph(phrase) => {
                    text.push_str(&format!("{}\n", inline(phrase, Place::Line)));
                }
                Block::Items(items) => {
                    let line = |item| format!("- {}\n", inline(item, Place::Line));
                    text.extend(items.iter().map(line));
                }
                Block::Table(table) => text.push_str(&table_markdown(table)),
            }
        }
    }
    Ok(text)
}

/// Where inline text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the start of a line, where a sign can begin a list, a heading or a rule.
    Line,
    /// In a cell of a table, or within a line.
    Within,
}

fn table_markdown(table: &Table) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let cell = |phrase: &Phrase| inline(phrase, Place::Within);
    let mut text = line(table.columns.iter().map(|(title, _)| cell(title)).collect());
    let rule = |align: &Align| if *align == Align::Left { "---" } else { "---:" }.to_owned();
    text.push_str(&line(table.columns.iter().map(|(_, align)| rule(align)).collect()));
    text.extend(table.rows.iter().map(|row| line(row.iter().map(cell).collect())));
    text
}

fn inline(phrase: &Phrase, place: Place) -> String {
    let mut text = String::new();
    for piece in &phrase.0 {
        let place = if text.is_empty() { place } else { Place::Within };
        text.push_str(&match piece {
            Piece::Words(words) => escaped(words, place),
            Piece::Name(name) => code(name, place),
        });
    }
    text
}

/// A name as a code span. Where a reader of Markdown could see more in it than a name, it is words.
fn code(name: &str, place: Place) -> String {
    let shown = visible(name);
    // A pipe ends a cell even in a code span, and what a backslash before it means differs.
    let is_plain = !shown.contains(['|', '`']) && !shown.starts_with(' ') && !shown.ends_with(' ');
    if is_plain && !shown.is_empty() { format!("`{shown}`") } else { escaped(name, place) }
}

/// Words in which no character is markup.
fn escaped(words: &str, place: Place) -> String {
    let shown = visible(words);
    let shown = if place == Place::Line { shown.trim_start() } else { &shown };
    let mut out = String::with_capacity(shown.len());
    let mut before: Option<char> = None;
    let mut chars = shown.chars().peekable();
    // Digits at the start of a line, and what follows them, could number a list.
    let mut is_start = place == Place::Line;
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let is_inside =
            before.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric);
        let ends_number = is_start && before.is_some() && next.is_none_or(char::is_whitespace);
        let escapes = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '~' | '$' | '#' | '!' | '&' => true,
            // Between letters an underscore is a letter; a dot makes an address of `www.name`.
            '_' => !is_inside,
            '.' => ends_number || (is_inside && before.is_some_and(char::is_alphabetic)),
            ')' => ends_number,
            ':' => next == Some('/'),
            '-' | '+' | '=' => is_start && before.is_none(),
            _ => false,
        };
        match c {
            '|' => out.push_str("&#124;"),
            // Written as a reference it is no address for those who look for one in the source.
            '@' => out.push_str("&#64;"),
            c => {
                if escapes {
                    out.push('\\');
                }
                out.push(c);
            }
        }
        is_start = is_start && c.is_ascii_digit();
        before = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_markdown_are_signs() {
        for (words, expected) in [
            ("a|b", "a&#124;b"),
            ("a\\|b", "a\\\\&#124;b"),
            ("<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>"),
            ("&lt;b&gt;", "\\&lt;b\\&gt;"),
            ("![x](http://a.b/c)", "\\!\\[x\\](http\\://a\\.b/c)"),
            ("www.evil.com", "www\\.evil\\.com"),
            ("someone@evil.com", "someone&#64;evil\\.com"),
            ("`code` **bold** _it_ ~~x~~", "\\`code\\` \\*\\*bold\\*\\* \\_it\\_ \\~\\~x\\~\\~"),
            ("price_log_ratio 0.5000, 8.25 %", "price_log_ratio 0.5000, 8.25 %"),
            ("line\nbreak\u{1b}[2J\u{202e}", "line\\\\nbreak\\\\u{1b}\\[2J\\\\u{202e}"),
        ] {
            assert_eq!(escaped(words, Place::Within), expected, "{words:?}");
        }
    }

    #[test]
    fn nothing_at_the_start_of_a_line_begins_a_block() {
        for (words, expected) in [
            ("# heading", "\\# heading"),
            ("- item", "\\- item"),
            ("+ item", "\\+ item"),
            ("===", "\\==="),
            ("---", "\\---"),
            ("12. item", "12\\. item"),
            ("3) item", "3\\) item"),
            ("1.", "1\\."),
            ("0.5000, from 3)", "0.5000, from 3)"),
            ("    code", "code"),
            ("> quote", "\\> quote"),
            ("40000 listings (8.25 %) - done", "40000 listings (8.25 %) - done"),
        ] {
            assert_eq!(escaped(words, Place::Line), expected, "{words:?}");
        }
        assert_eq!(escaped("-0.5", Place::Within), "-0.5");
    }

    #[test]
    fn a_name_is_a_code_span_unless_it_could_end_it() {
        assert_eq!(code("seller_rating:missing", Place::Within), "`seller_rating:missing`");
        assert_eq!(code("<b>", Place::Within), "`<b>`");
        assert_eq!(code("a`b", Place::Within), "a\\`b");
        assert_eq!(code("a|b", Place::Within), "a&#124;b");
        assert_eq!(code("", Place::Within), "");
        assert_eq!(code("a\u{7}", Place::Within), "`a\\u{7}`");
    }

    /// A stranger's model, whose every text is an attack.
    #[test]
    fn no_text_of_a_model_file_makes_markup() {
        let evil = "x`|\n## <img src=x onerror=alert(1)> [a](javascript:b)\u{1b}";
        let mut model = Model::embedded().unwrap();
        let card = &mut model.card;
        card.note = evil.to_owned();
        card.crate_version = evil.to_owned();
        card.data.sha256 = evil.to_owned();
        card.sample_weight = Some(evil.to_owned());
        card.warnings = vec![evil.to_owned()];
        card.lexicons[0].language = evil.to_owned();
        card.evaluation[0].split = evil.to_owned();
        let (plain, text) = (
            card_markdown("own", &Model::embedded().unwrap()).unwrap(),
            card_markdown(evil, &model).unwrap(),
        );
        assert!(!text.contains(|c: char| c != '\n' && c.is_control()), "{text:?}");
        assert!(!text.contains("x`") && !text.contains(" <img") && !text.contains("[a]"), "{text}");
        // As many headings, rows and cells as without it; the weights are a line of their own.
        let count = |text: &str, with: fn(&str) -> usize| -> usize { text.lines().map(with).sum() };
        assert_eq!(count(&text, |_| 1), count(&plain, |_| 1) + 1);
        let is_heading = |line: &str| usize::from(line.starts_with('#'));
        assert_eq!(count(&text, is_heading), count(&plain, is_heading));
        let n_pipes = |line: &str| line.matches('|').count();
        assert_eq!(count(&text, n_pipes), count(&plain, n_pipes));
    }
}
