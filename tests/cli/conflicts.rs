//! Files that would destroy each other, and data that contradicts itself.

use std::fs;

use crate::runner::{DONE, FAULT, Folder, pinchbeck};

const RAGGED: &str = "fixtures/malformed/ragged.csv";
const LABELED: &str = "fixtures/listings/labeled.csv";

// An output by the name of an input replaced it, and with it the data.
#[test]
fn an_output_never_replaces_what_is_read() {
    let folder = Folder::new();
    let export = folder.write("in.csv", fs::read(RAGGED).expect("the fixture"));
    let model = folder.write("model.json", fs::read("models/default.json").expect("the model"));
    let link = folder.path("link.csv");
    std::os::unix::fs::symlink(&export, &link).expect("a link");
    let roundabout = folder.path(&format!("../{}/in.csv", folder_name(&folder)));
    let before = folder.names();
    for args in [
        vec!["score", &export, "-o", &export, "--rejects", "/dev/null"],
        vec!["score", &export, "-o", &link, "--rejects", "/dev/null"],
        vec!["score", &export, "-o", &roundabout, "--rejects", "/dev/null"],
        vec!["score", &export, "--problems", &export],
        vec!["score", &export, "--model", &model, "-o", &model],
        vec!["train", &export, "-o", &export],
        vec!["evaluate", LABELED, "--model", &model, "--metrics", &model],
        vec!["explain", &export, "--id", "A-1", "--rejects", &export],
    ] {
        let ran = pinchbeck(&args).ended(FAULT);
        assert!(ran.stderr.contains("another file than the input"), "{args:?}: {}", ran.stderr);
        assert_eq!(folder.names(), before, "{args:?}");
        assert_eq!(folder.read("in.csv").as_bytes(), fs::read(RAGGED).expect("the fixture"));
    }
}

fn folder_name(folder: &Folder) -> String {
    folder.as_path().file_name().expect("a name").to_string_lossy().into_owned()
}

// The scores went to the path that the list of problems then took.
#[test]
fn a_path_spelled_in_two_ways_is_one_path() {
    let folder = Folder::new();
    let (out, name) = (folder.path("out.csv"), folder_name(&folder));
    let roundabout = folder.path(&format!("../{name}/out.csv"));
    let args = ["score", RAGGED, "-o", &out, "--rejects", &roundabout];
    let ran = pinchbeck(&args).ended(FAULT);
    assert!(ran.stderr.contains("another file than --output"), "{}", ran.stderr);
    assert!(folder.names().is_empty());
}

#[test]
fn an_output_name_that_promises_compression_is_refused() {
    let folder = Folder::new();
    for name in ["out.csv.gz", "out.xlsx"] {
        let ran = pinchbeck(&["score", LABELED, "-o", &folder.path(name)]).ended(FAULT);
        assert!(ran.stderr.contains("not compressed on writing"), "{}", ran.stderr);
        assert!(folder.names().is_empty());
    }
}

// A file of rejects only ended with status 0 and an empty output.
#[test]
fn no_record_that_can_be_read_is_a_fault() {
    let folder = Folder::new();
    let export = folder.write("in.csv", "listing_id,title\n1\n2\n");
    let (out, rejects) = (folder.path("out.csv"), folder.path("rejects.csv"));
    let ran = pinchbeck(&["score", &export, "-o", &out, "--rejects", &rejects]).ended(FAULT);
    assert!(ran.stderr.contains("holds no record that can be read"), "{}", ran.stderr);
    assert_eq!(folder.names(), ["in.csv", "rejects.csv"]);
    assert_eq!(folder.read("rejects.csv").lines().count(), 3);
}

// A list price in dollars was compared with a price in roubles.
#[test]
fn an_amount_in_another_currency_than_its_row_is_no_amount() {
    let folder = Folder::new();
    let text =
        "listing_id,title,price,list_price\n1,belt,100 RUB,9000 USD\n2,belt,100 RUB,9000 RUB\n";
    let export = folder.write("in.csv", text);
    let problems = folder.path("problems.csv");
    let ran = pinchbeck(&["score", &export, "--problems", &problems]).ended(DONE);
    let rows: Vec<&str> = ran.stdout.lines().collect();
    assert!(!rows[1].contains("below"), "{}", rows[1]);
    assert!(rows[2].contains("price 99 % below the list price of 9000 RUB"), "{}", rows[2]);
    let listed = folder.read("problems.csv");
    assert!(
        listed.contains("1,2,list_price,USD,\"an amount in the currency of the row, RUB\""),
        "{listed}"
    );

    let text = "listing_id,title,price,currency\n1,belt,40 USD,XTS\n";
    let ran = pinchbeck(&["score", "--strict", &folder.write("in.csv", text)]).ended(FAULT);
    assert!(
        ran.stderr.contains("expected an amount in the currency of the row, XTS"),
        "{}",
        ran.stderr
    );
}

// With `decimal = ","` the JSON number 1.299 was read as 1299.
#[test]
fn a_json_number_has_a_point_whatever_the_convention_of_texts() {
    let folder = Folder::new();
    let mapping = folder.write("m.toml", "[conventions]\ndecimal = \",\"\n");
    let text = r#"{"listing_id":"1","title":"belt","price":1,"list_price":12.5}
{"listing_id":"2","title":"belt","price":"1,0","list_price":"1.250,00"}
"#;
    let export = folder.write("in.ndjson", text);
    let ran = pinchbeck(&["score", &export, "--mapping", &mapping, "--format", "csv"]).ended(DONE);
    let rows: Vec<&str> = ran.stdout.lines().collect();
    assert!(rows[1].contains("below the list price of 12.5"), "{}", rows[1]);
    assert!(rows[2].contains("below the list price of 1250"), "{}", rows[2]);
}

// A blank behind every second id made one seller two, who then stood on both sides of a split.
#[test]
fn blanks_around_a_seller_make_no_other_seller() {
    let folder = Folder::new();
    let plain = fs::read_to_string(LABELED).expect("the fixture");
    let mut reader = csv::Reader::from_reader(plain.as_bytes());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = reader.headers().expect("a header").clone();
    let seller = header.iter().position(|name| name == "seller_id").expect("the column");
    writer.write_record(&header).expect("written");
    for (row, record) in reader.records().enumerate() {
        let record = record.expect("a record");
        let blank = if row % 2 == 0 { " " } else { "" };
        let cells = record.iter().enumerate().map(|(at, cell)| match at {
            at if at == seller => format!("{cell}{blank}"),
            _ => cell.to_owned(),
        });
        writer.write_record(cells).expect("written");
    }
    let spoiled = folder.write("in.csv", writer.into_inner().expect("the text"));
    let of = |path: &str| {
        let ran = pinchbeck(&["evaluate", path]).ended(DONE);
        ran.stderr.lines().next().expect("the count of sellers").to_owned()
    };
    assert_eq!(of(&spoiled), of(LABELED));
}
