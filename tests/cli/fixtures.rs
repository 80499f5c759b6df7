//! The fixtures are what their README says, and can be made again.

use std::fs;
use std::path::Path;

use crate::runner::{DONE, Folder, ROOT, pinchbeck};

/// Options of `pinchbeck simulate` and the file that they make.
const SIMULATED: [(&[&str], &str); 2] = [
    (&["--rows", "300", "--seed", "11", "--unlabeled"], "fixtures/listings/export.csv"),
    (&["--rows", "3000", "--seed", "12"], "fixtures/listings/labeled.csv"),
];

fn readme() -> String {
    fs::read_to_string(Path::new(ROOT).join("fixtures/README.md")).expect("fixtures/README.md")
}

#[test]
fn simulated_fixtures_are_made_again_byte_for_byte() {
    let readme = readme();
    for (options, file) in SIMULATED {
        let command = format!("pinchbeck simulate {} -o {file}", options.join(" "));
        assert!(readme.contains(&command), "fixtures/README.md does not say: {command}");
        let folder = Folder::new();
        let made = folder.path("made.csv");
        pinchbeck(&[&["simulate"], options, &["-o", &made]].concat()).ended(DONE);
        let kept = fs::read_to_string(Path::new(ROOT).join(file)).expect("the fixture");
        assert!(folder.read("made.csv") == kept, "{file} is not what `{command}` makes");
    }
}

#[test]
fn every_fixture_is_described() {
    let readme = readme();
    for folder in ["listings", "malformed"] {
        let path = Path::new(ROOT).join("fixtures").join(folder);
        for entry in fs::read_dir(path).expect("the fixtures") {
            let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
            let row = format!("| `{folder}/{name}` |");
            assert!(readme.contains(&row), "fixtures/README.md has no row {row}");
        }
    }
}
