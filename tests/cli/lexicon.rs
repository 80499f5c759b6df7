//! `pinchbeck lexicon`, words and brands of one's own.

use crate::runner::{DONE, FAULT, Folder, pinchbeck};

const TERMS: &str = "# language: en\n# version: 7\nterm,kind,severity,gate,note,source\n\
                     moonlight batch,grade,A,,,our reviewers\n";

#[test]
fn the_files_are_listed_with_their_digests() {
    pinchbeck(&["lexicon"]).ended(DONE).snapshot("lexicon");
}

#[test]
fn a_test_tells_what_is_undone_denied_and_excused() {
    let title = "Guссi belt r3plica, no fakes, compatible with iPhone";
    let args = ["lexicon", "test", title, "--description", "AAA batteries 高 仿", "--brand", "x"];
    pinchbeck(&args).ended(DONE).snapshot("lexicon_test");
}

#[test]
fn terms_and_brands_of_ones_own_count_without_training() {
    let folder = Folder::new();
    let (terms, brands) = (folder.path("terms.csv"), folder.path("brands.csv"));
    std::fs::write(&terms, TERMS).expect("the folder takes it");
    std::fs::write(&brands, "brand,aliases\nVelmora,Вельмора\n").expect("the folder takes it");
    let title = "Вельмора bag m00nlight batch";
    let own = ["lexicon", "test", title, "--lexicon", &terms, "--brands", &brands];
    pinchbeck(&own).ended(DONE).within(&folder).snapshot("lexicon_own");
    let input = folder.path("in.csv");
    std::fs::write(&input, format!("listing_id,title\n1,{title}\n")).expect("the folder takes it");
    let score = |more: &[&str]| {
        let args = [&["score", &input, "--columns", "scores"], more].concat();
        pinchbeck(&args).ended(DONE).stdout
    };
    assert!(!score(&[]).contains("REPLICA_TERM"));
    let scored = score(&["--lexicon", &terms]);
    assert!(scored.contains("says “m00nlight batch”"), "{scored}");
}

#[test]
fn a_wrong_line_of_ones_own_is_named() {
    let folder = Folder::new();
    let terms = folder.path("terms.csv");
    let wrong = TERMS.replace(",A,,", ",A,in:hats,");
    std::fs::write(&terms, wrong).expect("the folder takes it");
    let ran = pinchbeck(&["lexicon", "--lexicon", &terms]).ended(FAULT).within(&folder);
    assert_eq!(ran.stdout, "");
    ran.snapshot("lexicon_wrong");
}

/// Files of prices and rates were passed over by `lexicon test`, missing or not.
#[test]
fn a_missing_file_of_any_option_is_named() {
    for option in ["--lexicon", "--brands", "--price-list", "--fx"] {
        let file = "no-such-file.csv";
        for args in
            [["lexicon", "test", "a bag", option, file], ["lexicon", option, file, "test", "a bag"]]
        {
            let ran = pinchbeck(&args).ended(FAULT);
            assert!(ran.stderr.contains(file), "{args:?}: {}", ran.stderr);
            assert_eq!(ran.stdout, "");
        }
    }
}

#[test]
fn an_option_for_one_file_is_given_once() {
    let folder = Folder::new();
    let rates = folder.path("rates.csv");
    std::fs::write(&rates, "currency,rate\nEUR,1\n").expect("the folder takes it");
    let ran = pinchbeck(&["lexicon", "--fx", &rates, "test", "a bag", "--fx", &rates]).ended(FAULT);
    assert!(ran.stderr.contains("--fx"), "{}", ran.stderr);
    pinchbeck(&["lexicon", "test", "a bag", "--fx", &rates]).ended(DONE);
}

#[test]
fn words_in_utf_16_are_read() {
    let folder = Folder::new();
    let terms = folder.path("terms.csv");
    let marked = format!("\u{feff}{TERMS}");
    let bytes: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(&terms, bytes).expect("the folder takes it");
    let ran = pinchbeck(&["lexicon", "test", "moonlight batch", "--lexicon", &terms]).ended(DONE);
    assert!(ran.stdout.contains("moonlight batch"), "{}", ran.stdout);
}

#[test]
fn disguised_brands_of_few_letters_and_of_several_words_are_found() {
    let test = |title: &str, more: &[&str]| {
        let args = [&["lexicon", "test", title], more].concat();
        pinchbeck(&args).ended(DONE).stdout
    };
    let shoes = test("Nkie Air, Nlke sneakers", &["--category", "Shoes"]);
    assert!(shoes.contains("“Nkie”") && shoes.contains("“Nlke”"), "{shoes}");
    let bag = test("L*uis V*itton bag", &[]);
    assert!(bag.contains("Louis Vuitton") && bag.contains("masked letters"), "{bag}");
    let replica = test("Gucci bag re®lica", &[]);
    assert!(replica.contains("“re®lica” in the title is replica"), "{replica}");
}
