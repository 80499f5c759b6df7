//! Labels: whether a reviewer found a listing counterfeit or genuine.

/// Spellings of a label, in lower case, and whether each means counterfeit. A yes answers "is it
/// counterfeit".
///
/// Words that mean both "false" and "fake", or both "true" and "genuine", would turn the classes
/// round in silence and are left out: `falso`, `faux`, `falsch`, `假`, `偽`, and `vrai`, `vero`,
/// `verdadero`, `verdadeiro`, `真`, `gerçek`. So is the other half of such a pair, `wahr`, as only
/// positives would be left. Whoever has such a column names its positive.
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
    ("original", false),
    // Spanish, Portuguese and Italian.
    ("sí", true),
    ("sì", true),
    ("si", true),
    ("sim", true),
    ("falsificado", true),
    ("falsificada", true),
    ("falsificación", true),
    ("falsificação", true),
    ("contraffatto", true),
    ("não", false),
    ("nao", false),
    ("auténtico", false),
    ("autêntico", false),
    ("autentico", false),
    ("genuino", false),
    ("genuíno", false),
    ("originale", false),
    // French.
    ("oui", true),
    ("contrefaçon", true),
    ("contrefait", true),
    ("non", false),
    ("authentique", false),
    // German.
    ("ja", true),
    ("fälschung", true),
    ("gefälscht", true),
    ("nein", false),
    ("echt", false),
    // Russian.
    ("да", true),
    ("истина", true),
    ("подделка", true),
    ("контрафакт", true),
    ("нет", false),
    ("ложь", false),
    ("оригинал", false),
    ("подлинник", false),
    ("подлинный", false),
    // Polish.
    ("tak", true),
    ("prawda", true),
    ("podróbka", true),
    ("podrobiony", true),
    ("nie", false),
    ("fałsz", false),
    ("oryginał", false),
    ("oryginalny", false),
    // Turkish.
    ("evet", true),
    ("doğru", true),
    ("sahte", true),
    ("taklit", true),
    ("hayır", false),
    ("hayir", false),
    ("yanlış", false),
    ("yanliş", false),
    ("orijinal", false),
    // Chinese.
    ("是", true),
    ("假货", true),
    ("假貨", true),
    ("赝品", true),
    ("假冒", true),
    ("仿冒", true),
    ("否", false),
    ("正品", false),
    ("真品", false),
    // Japanese.
    ("はい", true),
    ("偽物", true),
    ("模倣品", true),
    ("いいえ", false),
    ("本物", false),
    ("正規品", false),
    // Korean.
    ("예", true),
    ("네", true),
    ("가품", true),
    ("짝퉁", true),
    ("위조품", true),
    ("아니오", false),
    ("아니요", false),
    ("정품", false),
    ("진품", false),
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
    if let Some(positive) = positive {
        return Some(text == positive.trim());
    }
    let meaning = |text: &str| {
        SPELLINGS
            .iter()
            .find(|(spelling, _)| text.eq_ignore_ascii_case(spelling))
            .map(|(_, is_counterfeit)| *is_counterfeit)
    };
    if text.is_ascii() { meaning(text) } else { meaning(&lower(text)) }
}

/// Lower case without the dot that the lower case of a Turkish İ has above its i.
fn lower(text: &str) -> String {
    text.to_lowercase().replace('\u{307}', "")
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
    fn both_classes_in_other_languages_and_any_case() {
        let pairs = [
            ("ДА", "Нет"),
            ("是", "否"),
            ("Sim", "NÃO"),
            ("Sí", "no"),
            ("SÌ", "NO"),
            ("JA", "Nein"),
            ("oui", "NON"),
            ("Evet", "HAYIR"),
            ("evet", "Hayır"),
            ("はい", "いいえ"),
            ("예", "아니오"),
            ("Tak", "NIE"),
            ("Подделка", "ОРИГИНАЛ"),
            ("假货", " 正品 "),
            ("ИСТИНА", "ЛОЖЬ"),
            ("PRAWDA", "FAŁSZ"),
            ("DOĞRU", "YANLIŞ"),
            ("TAKLİT", "ORİJİNAL"),
            ("Fälschung", "ECHT"),
            ("CONTREFAÇON", "Authentique"),
        ];
        for (counterfeit, genuine) in pairs {
            assert_eq!(parse_label(counterfeit, None), Some(true), "{counterfeit}");
            assert_eq!(parse_label(genuine, None), Some(false), "{genuine}");
        }
    }

    /// A column of `falso` and `verdadero` may say whether the listing is fake or whether the
    /// claim that it is fake holds: the classes would be exchanged.
    #[test]
    fn words_that_mean_false_and_fake_are_not_guessed() {
        for text in [
            "falso",
            "FALSO",
            "Falsa",
            "faux",
            "FAUX",
            "falsch",
            "FALSCH",
            "WAHR",
            "假",
            "偽",
            "vrai",
            "vero",
            "verdadero",
            "VERDADEIRO",
            "真",
            "gerçek",
        ] {
            assert_eq!(parse_label(text, None), None, "{text}");
        }
        assert_eq!(parse_label("falso", Some("falso")), Some(true));
    }

    #[test]
    fn a_spelling_stands_once_and_in_lower_case() {
        for (at, (spelling, _)) in SPELLINGS.iter().enumerate() {
            assert_eq!(&lower(spelling), spelling);
            let again = SPELLINGS.iter().skip(at + 1).any(|(other, _)| other == spelling);
            assert!(!again, "{spelling}");
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
