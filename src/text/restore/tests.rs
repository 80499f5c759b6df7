//! What is undone, what is left alone, and that the map back stays exact.

use super::*;
use crate::text::fold;
use proptest::prelude::*;

const TARGETS: [&str; 32] = [
    "hp",
    "replica",
    "replicas",
    "superfake",
    "overrun",
    "gucci",
    "nike",
    "adidas",
    "coach",
    "tommy",
    "rep",
    "реплика",
    "подделка",
    "паленый",
    "高仿",
    "a货",
    "一比一",
    "超a货",
    "레플리카",
    "짝퉁",
    "スーパーコピー",
    "ก๊อป",
    "تقليد",
    "réplica",
    "mirror quality",
    "ديور",
    "कॉपी",
    "रेप्लिका",
    "コピー品",
    "master copy",
    "louis vuitton",
    "dolce & gabbana",
];

fn vocabulary() -> Vocabulary {
    let folded: Vec<String> = TARGETS.iter().map(|own| fold(own).as_str().to_owned()).collect();
    Vocabulary::new(folded.iter().map(String::as_str), ["knock off", "super clone"])
}

fn restored(text: &str) -> (String, Vec<(String, String)>) {
    let mut folded = fold(text);
    let mut undone = Vec::new();
    folded.restore(text, &vocabulary(), &mut undone);
    let told = undone
        .iter()
        .map(|own| {
            let written = &text[folded.source_range(own.start..own.end)];
            (written.to_owned(), own.disguises.to_string())
        })
        .collect();
    (folded.as_str().to_owned(), told)
}

#[track_caller]
fn undoes(text: &str, plain: &str, written: &str, how: &str) {
    let (found, told) = restored(text);
    assert_eq!(found, plain, "{text}");
    assert_eq!(told, [(written.to_owned(), how.to_owned())], "{text}");
}

#[test]
fn look_alike_letters() {
    undoes("new Guссi bag", "new gucci bag", "Guссi", "look-alike letters");
    undoes("сумка pеплика", "сумка реплика", "pеплика", "look-alike letters");
    undoes("АDIDАS shoes", "adidas shoes", "АDIDАS", "look-alike letters");
    undoes("СОАСН bag", "coach bag", "СОАСН", "look-alike letters");
    undoes("the best repIica", "the best replica", "repIica", "look-alike letters");
    undoes("νικe shoes", "nike shoes", "νικe", "look-alike letters");
}

#[test]
fn digits_and_signs() {
    undoes("rep1ica watch", "replica watch", "rep1ica", "digits or signs for letters");
    undoes("r3pl!c@ watch", "replica watch", "r3pl!c@", "digits or signs for letters");
    undoes("gucc1 belt", "gucci belt", "gucc1", "digits or signs for letters");
    undoes("п0дделка", "подделка", "п0дделка", "digits or signs for letters");
    undoes("a m1rror", "a mirror", "m1rror", "digits or signs for letters");
}

#[test]
fn a_pair_of_letters_before_a_number() {
    undoes("toner h p 6 6 4 new", "toner hp 6 6 4 new", "h p", "letters set apart");
    for text in ["toner h p 6", "h p a 6 6 4", "x p 6 6 4", "toner hp 6 6 4"] {
        assert_eq!(restored(text), (text.to_owned(), Vec::new()));
    }
}

#[test]
fn letters_apart() {
    undoes("r e p l i c a bag", "replica bag", "r e p l i c a", "letters set apart");
    undoes("G.U.C.C.I bag", "gucci bag", "G.U.C.C.I", "letters set apart");
    undoes("r*e*p*l*i*c*a", "replica", "r*e*p*l*i*c*a", "letters set apart");
    undoes("bag rep-lica", "bag replica", "rep-lica", "letters set apart");
    undoes("bag rep lica", "bag replica", "rep lica", "letters set apart");
    undoes("bag repl.ica", "bag replica", "repl.ica", "letters set apart");
    undoes("包 高 仿 新", "包 高仿 新", "高 仿", "letters set apart");
    undoes("高*仿包", "高*仿包".replace('*', "").as_str(), "高*仿", "letters set apart");
    undoes("超 A 货", "超a货", "超 A 货", "letters set apart");
    undoes("레 플 리 카", "레플리카", "레 플 리 카", "letters set apart");
    undoes("r e p", "rep", "r e p", "letters set apart");
}

#[test]
fn repeated_masked_and_dressed_up() {
    undoes("repliiiica", "replica", "repliiiica", "repeated letters");
    undoes("N*ke shoes", "nike shoes", "N*ke", "masked letters");
    undoes("Gu**i bag", "gucci bag", "Gu**i", "masked letters");
    undoes("repl🍎ca", "replica", "repl🍎ca", "masked letters");
    undoes("🇷🇪🇵🇱🇮🇨🇦 bag", "replica bag", "🇷🇪🇵🇱🇮🇨🇦", "dressed-up letters");
    undoes("🅡🅔🅟🅛🅘🅒🅐", "replica", "🅡🅔🅟🅛🅘🅒🅐", "dressed-up letters");
}

#[test]
fn masks_in_several_words_of_a_name() {
    let how = || "masked letters".to_owned();
    let (found, told) = restored("L*uis V*itton bag");
    assert_eq!(found, "louis vuitton bag");
    assert_eq!(told, [("L*uis".to_owned(), how()), ("V*itton".to_owned(), how())]);
    undoes("Louis V●itton", "louis vuitton", "V●itton", "masked letters");
    let (found, told) = restored("D*lce & G*bb*na");
    assert_eq!(found, "dolce & gabbana");
    assert_eq!(told.len(), 2);
    // The other words of the name are not there.
    for text in ["l*uis bag", "l*uis v*itto", "dolce x v*itton", "l*uis\nv*itton"] {
        assert_eq!(restored(text).1, [], "{text}");
    }
}

#[test]
fn disguises_of_other_scripts() {
    undoes("عطر د!ور", "عطر ديور", "د!ور", "digits or signs for letters");
    undoes("रे.प्लि.का", "रेप्लिका", "रे.प्लि.का", "letters set apart");
    undoes("コ○ー品", "コピー品", "コ○ー品", "masked letters");
    undoes("古 高亻方 包", "古 高仿 包", "高亻方", "letters set apart");
    undoes("تق🔥ليد", "تقليد", "تق🔥ليد", "letters set apart");
    undoes("bag master сору", "bag master copy", "сору", "look-alike letters");
    for text in ["сору", "コ○品", "亻方", "コ○○品"] {
        assert_eq!(restored(text).1, [], "{text}");
    }
}

#[test]
fn a_sign_behind_a_word_that_is_none_without_it() {
    undoes("sac gucc! cuir", "sac gucci cuir", "gucc!", "digits or signs for letters");
    for text in ["gucci! new", "nik! e", "great! rep!"] {
        assert_eq!(restored(text).1, [], "{text}");
    }
}

#[test]
fn a_sign_in_the_place_of_a_letter() {
    undoes("a re®lica bag", "a replica bag", "re®lica", "masked letters");
    undoes("gu©ci bag", "gucci bag", "gu©ci", "masked letters");
    undoes("re™lica", "replica", "re™lica", "masked letters");
    undoes("a ®eplica", "a replica", "eplica", "masked letters");
    for text in ["Nike® shoes", "Nike®, Coach™ bags", "gu®", "®ucci", "nike ®gucci"] {
        assert_eq!(restored(text).1, [], "{text}");
    }
}

#[test]
fn several_at_once() {
    let (found, told) = restored("gucc1 🅡3р*lica! gucc1");
    assert_eq!(found, "gucci replica! gucci");
    let how = "dressed-up letters, digits or signs for letters, letters set apart";
    let own = |written: &str, how: &str| (written.to_owned(), how.to_owned());
    let digit = "digits or signs for letters";
    assert_eq!(told, [own("gucc1", digit), own("🅡3р*lica", how), own("gucc1", digit)]);
    undoes("r3рl1ca", "replica", "r3рl1ca", "look-alike letters, digits or signs for letters");
    undoes(
        "g\u{200b}ucc1",
        "gucci",
        "g\u{200b}ucc1",
        "invisible characters, digits or signs for letters",
    );
}

#[test]
fn what_is_no_disguise_stays() {
    for text in [
        "iphone15 rtx4070 ps5 mp3 b2b 4k a4 3m",
        "gucci1 nike2 nike",
        "bike hike pike mike",
        "knock-off super clone over",
        "f**k 5*8 50*70cm a*b c# new*",
        "身高 仿真 花",
        "кроссовки nike, чехол iphone",
        "n e w i n d i a n a",
        "user@example.com",
        "i18n k8s",
        "the replication of applica",
        "рот нос кара coffee",
        "snake_case_name",
        "com·my tom_my",
        "1:1 1:18 100%",
    ] {
        let (found, told) = restored(text);
        assert_eq!(found, fold(text).as_str());
        assert_eq!(told, []);
    }
}

#[test]
fn a_line_end_does_not_join() {
    assert_eq!(restored("g\nu\nc\nc\ni").1, []);
    assert_eq!(restored("rep<br>lica").1, []);
}

#[test]
fn folding_tells_what_it_undid() {
    let text = "ＲＥＰ re\u{200b}plica Nike™";
    let folded = fold(text);
    let of = |range| disguises_of_folding(text, &folded, range).to_string();
    assert_eq!(of(0..3), "dressed-up letters");
    assert_eq!(of(4..11), "invisible characters");
    assert_eq!(of(12..16), "");
}

/// The text and what was undone in it.
fn restored_by(ways: Ways, text: &str) -> (String, Vec<Undone>) {
    let (mut folded, mut undone) = (Folded::default(), Vec::new());
    folded.fold_by(ways, text);
    folded.restore_by(ways, text, &vocabulary(), &mut undone);
    (folded.as_str().to_owned(), undone)
}

/// A run of single characters that begins in another script was passed over by the short way, with all
/// that is written apart behind it.
#[test]
fn what_stands_apart_behind_single_letters_of_another_script_is_found() {
    for text in ["1:1 x 高 仿", "1 1 高 仿", "x 1 コ ピ ー 品"] {
        let (plain, _) = restored_by(Ways::Short, text);
        assert_eq!(restored_by(Ways::Long, text).0, plain);
        assert!(plain.ends_with("高仿") || plain.ends_with("コピー品"), "{plain}");
    }
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prop::sample::select(vec![
            "rep", "lica", "r", "e", "p", "l", "i", "c", "a", "1", "0", "3", "@", "$", "!", "*",
            "#", " ", "-", ".", "\n", "р", "е", "с", "а", "реплика", "高", "仿", "货", "A", "레",
            "플", "🍎", "🅡", "🇷", "\u{200b}", "gucci", "gu", "cci", "ni", "ke", "<br>", "I",
            "®", "louis", "vuitton", "l*uis", "v*itton",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn restoring_is_idempotent(text in hostile()) {
        // Where a line ended is not in the folded text.
        let is_line_end = |c: char| matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
        let text = text.replace(is_line_end, "").replace("<br>", "");
        let (once, _) = restored(&text);
        let (twice, told) = restored(&once);
        prop_assert_eq!(&twice, &once);
        prop_assert!(told.is_empty(), "{} again: {:?}", once, told);
    }

    #[test]
    fn both_ways_restore_the_same(text in hostile()) {
        prop_assert_eq!(restored_by(Ways::Short, &text), restored_by(Ways::Long, &text));
    }

    #[test]
    fn every_character_leads_back_and_in_order(text in hostile()) {
        let mut folded = fold(&text);
        let plain = folded.clone();
        let mut undone = Vec::new();
        folded.restore(&text, &vocabulary(), &mut undone);
        let mut last = 0;
        for (at, c) in folded.as_str().char_indices() {
            let source = folded.source_range(at..at + c.len_utf8());
            prop_assert!(text.is_char_boundary(source.start) && text.is_char_boundary(source.end));
            prop_assert!(source.start >= last && source.start < source.end);
            last = source.start;
        }
        // What was not rewritten leads where it led before.
        let all = 0..folded.as_str().len();
        prop_assert_eq!(folded.source_range(all), plain.source_range(0..plain.as_str().len()));
        for own in undone {
            let word = &folded.as_str()[own.start..own.end];
            prop_assert!(vocabulary().has(word), "{}", word);
        }
    }
}
