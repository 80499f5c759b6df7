//! Every snapshot belongs to a test.

use std::fs;
use std::path::Path;

use crate::runner::ROOT;

#[test]
fn no_snapshot_is_left_behind() {
    let folder = Path::new(ROOT).join("tests/cli");
    let sources: String = fs::read_dir(&folder)
        .expect("the tests are there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .map(|path| fs::read_to_string(path).expect("a source"))
        .collect();
    for entry in fs::read_dir(folder.join("snapshots")).expect("the snapshots are there") {
        let path = entry.expect("an entry").path();
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        assert!(sources.contains(&format!("\"{stem}\"")), "no test writes {}", path.display());
    }
}

#[test]
fn no_snapshot_names_a_place_of_one_machine() {
    let folder = Path::new(ROOT).join("tests/cli/snapshots");
    for entry in fs::read_dir(folder).expect("the snapshots are there") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a snapshot");
        let temporary = std::env::temp_dir().join("").display().to_string();
        for place in [ROOT, &temporary] {
            assert!(!text.contains(place), "{} names {place}", path.display());
        }
    }
}
