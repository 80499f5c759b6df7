//! Labels: whether a reviewer found a listing counterfeit or genuine.

/// Spellings of a label and whether each means counterfeit.
const SPELLINGS: &[(&str, bool)] = &[
    ("1", true),
    ("1.0", true),
    ("true", true),
    ("t", true),
    ("yes", true),
    ("y", true),
    ("counterfeit", true),
    ("fake", true),
    ("0", false),
    ("0.0", false),
    ("false", false),
    ("f", false),
    ("no", false),
    ("n", false),
    ("genuine", false),
    ("authentic", false),
];

/// Reads a label: true for counterfeit. Blanks around it and case do not count.
///
/// With `positive` given, that text means counterfeit and every other text genuine; case counts
/// then, as the user has written the text out. A blank text is no label.
pub(crate) fn parse_label(text: &str, positive: Option<&str>) -> Option<bool> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match positive {
        Some(positive) => Some(text == positive.trim()),
        None => SPELLINGS
            .iter()
            .find(|(spelling, _)| text.eq_ignore_ascii_case(spelling))
            .map(|(_, is_counterfeit)| *is_counterfeit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_classes_in_every_spelling() {
        for text in ["1", "1.0", " True ", "T", "YES", "y", "Counterfeit", "fake"] {
            assert_eq!(parse_label(text, None), Some(true), "{text}");
        }
        for text in ["0", "0.0", "false", "F", "no\t", "N", "GENUINE", "authentic"] {
            assert_eq!(parse_label(text, None), Some(false), "{text}");
        }
        for text in ["", " ", "2", "-1", "maybe", "nan", "01"] {
            assert_eq!(parse_label(text, None), None, "{text}");
        }
    }

    #[test]
    fn a_named_positive_makes_everything_else_negative() {
        assert_eq!(parse_label(" removed ", Some("removed")), Some(true));
        assert_eq!(parse_label("Removed", Some("removed")), Some(false));
        assert_eq!(parse_label("0", Some("0")), Some(true));
        assert_eq!(parse_label("1", Some("0")), Some(false));
        assert_eq!(parse_label("  ", Some("removed")), None);
    }
}
