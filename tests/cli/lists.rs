//! Allow, deny and watch lists.

use crate::runner::{DONE, FAULT, FLAGGED, Folder, pinchbeck};

const INPUT: &str = "fixtures/listings/first_look.csv";

/// A folder with three lists, and the options that name them.
fn lists(folder: &Folder) -> Vec<String> {
    let texts = [
        ("allow", "seller_id,brand,note\nS-02,,audited\nS-02,Velmora,\nnobody,,\n"),
        ("deny", "listing_id,until\nF-01,\nF-03,2020-01-31\n"),
        ("watch", "brand\nZELQUIST\n"),
    ];
    let mut options = Vec::new();
    for (kind, text) in texts {
        let path = folder.path(&format!("{kind}.csv"));
        std::fs::write(&path, text).expect("the folder takes it");
        options.extend([format!("--{kind}-list"), path]);
    }
    options
}

fn scored(folder: &Folder, more: &[&str]) -> crate::runner::Ran {
    let options = lists(folder);
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let args = ["score", INPUT, "--columns", "listing_id,seller_id,brand", "--reasons", "1"];
    pinchbeck(&[&args[..], &options, more].concat())
}

#[test]
fn rows_say_which_list_they_are_on_and_the_strongest_decides() {
    let folder = Folder::new();
    let ran = scored(&folder, &["--threshold", "0.1", "--as-of", "2026-03-01"]).ended(DONE);
    for line in ran.stdout.lines().filter(|line| line.contains("ALLOW_LISTED")) {
        assert!(line.contains(",false,"), "{line}");
    }
    let denied = ran.stdout.lines().find(|line| line.starts_with("F-01,")).expect("the row");
    assert!(denied.contains(",true,on the deny-list: listing_id F-01"), "{denied}");
    ran.within(&folder).snapshot("score_lists");
}

#[test]
fn what_a_list_decides_takes_no_place_of_the_budget() {
    let folder = Folder::new();
    let ran = scored(&folder, &["--review-budget", "2", "--fail-on-flagged"]).ended(FLAGGED);
    let flagged: Vec<&str> = ran.stdout.lines().filter(|line| line.contains(",true,")).collect();
    let by_list = flagged.iter().filter(|line| line.contains("DENY_LISTED")).count();
    assert_eq!(flagged.len() - by_list, 2, "{flagged:?}");
    assert!(!flagged.iter().any(|line| line.contains("ALLOW_LISTED")));
}

#[test]
fn explain_tells_the_lists_too() {
    let folder = Folder::new();
    let options = lists(&folder);
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let args = [&["explain", INPUT, "--id", "F-01"], &options[..]].concat();
    let ran = pinchbeck(&args).ended(DONE);
    assert!(
        ran.stdout.contains("On the deny-list: listing_id F-01. [DENY_LISTED]"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_list_that_names_nothing_is_a_fault() {
    let folder = Folder::new();
    let list = folder.path("list.csv");
    std::fs::write(&list, "seller_id,shop\n1,2\n").expect("the folder takes it");
    let ran = pinchbeck(&["score", INPUT, "--allow-list", &list]).ended(FAULT).within(&folder);
    assert_eq!(ran.stdout, "");
    ran.snapshot("malformed_list");
}

#[test]
fn a_price_list_and_rates_say_what_a_price_is_compared_with() {
    let folder = Folder::new();
    let (prices, rates) = (folder.path("prices.csv"), folder.path("rates.csv"));
    let list = "brand,model,price,currency\nUmbrelis,night cream,60,EUR\n";
    std::fs::write(&prices, list).expect("the folder takes it");
    std::fs::write(&rates, "currency,rate\nEUR,1\nXTS,0.5\n").expect("the folder takes it");
    let args = ["score", INPUT, "--columns", "listing_id", "--price-list", &prices, "--fx", &rates];
    let ran = pinchbeck(&args).ended(DONE).within(&folder);
    // 60 EUR are 120 XTS, of which 6 XTS are 5 %.
    let row = ran.stdout.lines().find(|line| line.starts_with("F-02,")).expect("the row");
    assert!(row.contains("price 95 % below the genuine price of 60 EUR"), "{row}");
    std::fs::write(&rates, "currency,rate\nEUR,none\n").expect("the folder takes it");
    let ran = pinchbeck(&args).ended(FAULT).within(&folder);
    assert_eq!(ran.stdout, "");
    ran.snapshot("malformed_rates");
}

/// A list that Excel saved as “Unicode text”, with numbers that became such with a point.
#[test]
fn a_list_in_utf_16_with_numbers_of_a_spreadsheet_is_read() {
    let folder = Folder::new();
    let input = folder.path("in.csv");
    let rows = "listing_id,title,seller_id\n1,Bag,1737442603\n2,Bag,1737442604\n";
    std::fs::write(&input, rows).expect("the folder takes it");
    let list = "\u{feff}seller_id\tnote\r\n1737442603.0\tпроверен\r\n";
    let bytes: Vec<u8> = list.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let list = folder.path("deny.txt");
    std::fs::write(&list, bytes).expect("the folder takes it");
    let args = ["score", &input, "--columns", "scores", "--deny-list", &list];
    let ran = pinchbeck(&args).ended(DONE);
    assert!(
        ran.stdout.contains("on the deny-list: seller_id 1737442603.0 (проверен)"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.stdout.matches("DENY_LISTED").count(), 1, "{}", ran.stdout);
}
