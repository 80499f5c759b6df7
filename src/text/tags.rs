//! Which `<...>` in a text are HTML tags.

/// Whether the folded text between `<` and `>` is an HTML tag, and if so whether it ends a line.
pub(super) fn tag(content: &str) -> Option<bool> {
    if content.len() > MAX_TAG_BYTES {
        return None;
    }
    if content.starts_with("!--") {
        return Some(false);
    }
    let content = content.strip_prefix('/').unwrap_or(content);
    let end = content.find(|c: char| !c.is_ascii_alphanumeric());
    let (name, rest) = content.split_at(end.unwrap_or(content.len()));
    if !(rest.is_empty() || rest.starts_with([' ', '/'])) {
        return None;
    }
    if LINE_TAGS.contains(&name) {
        return Some(true);
    }
    let bare = rest.chars().all(|c| matches!(c, ' ' | '/'));
    (INLINE_TAGS.contains(&name) || (bare && LINK_TAGS.contains(&name))).then_some(false)
}

/// The longest text between `<` and `>` that is taken for a tag, in bytes: long enough for tags
/// with a style, short enough that one stray `<b` cannot hide a description.
const MAX_TAG_BYTES: usize = 300;

/// Tags that end a line of the text as it is shown.
const LINE_TAGS: &[&str] = &[
    "br", "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "tr", "td", "th", "table", "thead",
    "tbody", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section", "article", "header", "footer",
    "pre", "center", "html", "body", "head", "style", "script", "form", "figure", "caption",
];

/// Tags within a line.
const INLINE_TAGS: &[&str] = &[
    "b", "i", "u", "s", "em", "strong", "span", "font", "small", "big", "sub", "sup", "del", "ins",
    "mark", "strike", "code", "tt", "label", "button", "nobr", "wbr", "col", "colgroup", "meta",
    "input",
];

/// Tags that may lead somewhere, which are tags only when they say nothing but their name.
const LINK_TAGS: &[&str] =
    &["a", "img", "iframe", "video", "audio", "source", "picture", "object", "embed", "link"];
