//! Which files an input is: those that are named, those that a pattern matches, and those below a
//! folder, with what the names of their folders say.

use std::path::{Component, Path, PathBuf};

use super::source::is_standard_input;
use crate::error::{Error, ErrorKind, Result, visible};

/// Endings of files that are read from folders, without those of compression.
const ENDINGS: &[&str] =
    &["csv", "tsv", "tab", "txt", "ndjson", "jsonl", "json", "parquet", "pq", "xlsx"];

/// Endings of compression, behind which the ending of the format stands.
const COMPRESSED: &[&str] = &["gz", "gzip", "zst", "zstd"];

/// What Hive and Spark write for a value that is null.
const NULL_PARTITION: &str = "__HIVE_DEFAULT_PARTITION__";

/// One file of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InputFile {
    /// Where it is; `-` is standard input.
    pub(super) path: PathBuf,
    /// Columns that the names of its folders give, such as `country=DE`; `None` is null.
    pub(super) partitions: Vec<(String, Option<String>)>,
    /// False when the user did not name it but its folder or a pattern.
    pub(super) is_named: bool,
}

/// The files of an input.
#[derive(Debug, Default)]
pub(super) struct InputFiles {
    /// In the order in which they are read: as named, and sorted by path where found.
    pub(super) files: Vec<InputFile>,
    /// Files of folders that are not read, as their endings are of no known format.
    pub(super) passed_over: Vec<PathBuf>,
}

/// The paths of all files that an input would read: folders and patterns are looked through.
///
/// # Errors
/// A folder that cannot be read, and a folder or a pattern without a file.
pub fn input_paths(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    Ok(input_files(paths)?.files.into_iter().map(|file| file.path).collect())
}

/// The files behind the paths of a command line.
///
/// A folder stands for all files below it whose ending is of a format that is read or that have
/// none; names that begin with `.` or `_` are those of Spark's own files and not looked at. Folders
/// called `key=value` give the files in them a column. A path of which there is no file and that
/// holds `*`, `?` or `[` is a pattern, of which `**` matches folders.
pub(super) fn input_files(paths: &[PathBuf]) -> Result<InputFiles> {
    let mut found = InputFiles::default();
    for path in paths {
        if is_standard_input(path) || path.exists() && !path.is_dir() {
            found.files.push(InputFile {
                path: path.clone(),
                partitions: Vec::new(),
                is_named: true,
            });
        } else if path.is_dir() {
            let n_before = found.files.len();
            found.look_through(path, path)?;
            if found.files.len() == n_before {
                return Err(nothing(path, "a folder with files of a format that is read"));
            }
        } else if let Some(pattern) = path.to_str().filter(|text| is_pattern(text)) {
            found.match_pattern(path, pattern)?;
        } else {
            // It is not there, which opening it will say.
            found.files.push(InputFile {
                path: path.clone(),
                partitions: Vec::new(),
                is_named: true,
            });
        }
    }
    Ok(found)
}

impl InputFiles {
    /// Adds the files below a folder; `base` is the folder that the user named.
    fn look_through(&mut self, folder: &Path, base: &Path) -> Result<()> {
        let fault = |error| Error::io("read the folder", folder.to_string_lossy(), error);
        let mut entries = Vec::new();
        for entry in folder.read_dir().map_err(fault)? {
            entries.push(entry.map_err(fault)?.path());
        }
        entries.sort();
        for path in entries {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with(['.', '_']) && !name.contains('=') {
                continue;
            }
            if path.is_dir() {
                // A link to a folder above would never end.
                if !path.is_symlink() {
                    self.look_through(&path, base)?;
                }
            } else if is_readable(&path) {
                let partitions = partitions(path.strip_prefix(base).unwrap_or(&path));
                self.files.push(InputFile { path, partitions, is_named: false });
            } else {
                self.passed_over.push(path);
            }
        }
        Ok(())
    }

    fn match_pattern(&mut self, path: &Path, pattern: &str) -> Result<()> {
        let matches = glob::glob(pattern).map_err(|error| ErrorKind::Option {
            option: "INPUT",
            expected: "a pattern of *, ?, [..] and **".to_owned(),
            found: format!("\"{}\" ({error})", visible(pattern)),
        })?;
        // What stands before the first wildcard was written by the user and says nothing new.
        let base: PathBuf = path
            .components()
            .take_while(|part| !part.as_os_str().to_str().is_some_and(is_pattern))
            .collect();
        let n_before = self.files.len();
        for entry in matches {
            let path = entry.map_err(|error| {
                let path = error.path().to_string_lossy().into_owned();
                Error::io("read the folder", path, error.into())
            })?;
            if path.is_dir() {
                // `**` matches folders and the files in them; a folder is looked through where the
                // pattern ends with it.
                if !pattern.ends_with("**") {
                    self.look_through(&path, &base)?;
                }
            } else {
                let partitions = partitions(path.strip_prefix(&base).unwrap_or(&path));
                self.files.push(InputFile { path, partitions, is_named: false });
            }
        }
        if self.files.len() == n_before {
            return Err(nothing(path, "a pattern that matches a file"));
        }
        Ok(())
    }
}

fn nothing(path: &Path, expected: &str) -> Error {
    ErrorKind::Option {
        option: "INPUT",
        expected: expected.to_owned(),
        found: format!("\"{}\", which has none", visible(&path.to_string_lossy())),
    }
    .into()
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// True for files whose ending promises a format that is read, and for those without an ending.
fn is_readable(path: &Path) -> bool {
    let is_one_of = |path: &Path, endings: &[&str]| {
        let ending = path.extension().unwrap_or_default();
        endings.iter().any(|own| ending.eq_ignore_ascii_case(own))
    };
    let inner = if is_one_of(path, COMPRESSED) { path.with_extension("") } else { path.to_owned() };
    inner.extension().is_none() || is_one_of(&inner, ENDINGS)
}

/// The columns that folders called `key=value` give; the last part of the path is the file.
fn partitions(path: &Path) -> Vec<(String, Option<String>)> {
    let folders = path.parent().into_iter().flat_map(Path::components);
    let pairs = folders.filter_map(|part| match part {
        Component::Normal(name) => {
            let (key, value) = name.to_str()?.split_once('=')?;
            let value = (value != NULL_PARTITION).then(|| unescaped(value));
            (!key.is_empty()).then(|| (unescaped(key), value))
        }
        _ => None,
    });
    pairs.collect()
}

/// The text behind `%2F` and the like, which Hive writes for characters that paths cannot hold.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let digits = behind.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits
            .filter(|two| *first == b'%' && two.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        if let Some(byte) = byte {
            bytes.push(byte);
            rest = behind.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = behind;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A folder with files of these paths.
    fn folder(paths: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for path in paths {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        folder
    }

    /// The files found, relative to the folder, with their partitions.
    fn found(folder: &tempfile::TempDir, path: &str) -> Vec<(String, String)> {
        let files = input_files(&[folder.path().join(path)]).unwrap().files;
        let shown = files.iter().map(|file| {
            let path = file.path.strip_prefix(folder.path()).unwrap();
            let partitions: Vec<String> = file
                .partitions
                .iter()
                .map(|(key, value)| format!("{key}:{}", value.as_deref().unwrap_or("NULL")))
                .collect();
            (path.to_string_lossy().replace('\\', "/"), partitions.join(" "))
        });
        shown.collect()
    }

    fn pair(path: &str, partitions: &str) -> (String, String) {
        (path.to_owned(), partitions.to_owned())
    }

    #[test]
    fn folders_give_their_files_in_order_and_their_names_as_columns() {
        let folder = folder(&[
            "x/country=DE/day=2026-01-02/b.csv.gz",
            "x/country=DE/day=2026-01-02/a.csv",
            "x/country=__HIVE_DEFAULT_PARTITION__/part-00000",
            "x/country=a%2Fb%zz/c.PARQUET",
            "x/_SUCCESS",
            "x/.part.crc",
            "x/_temporary/d.csv",
            "x/README.md",
        ]);
        assert_eq!(
            found(&folder, "x"),
            [
                pair("x/country=DE/day=2026-01-02/a.csv", "country:DE day:2026-01-02"),
                pair("x/country=DE/day=2026-01-02/b.csv.gz", "country:DE day:2026-01-02"),
                pair("x/country=__HIVE_DEFAULT_PARTITION__/part-00000", "country:NULL"),
                pair("x/country=a%2Fb%zz/c.PARQUET", "country:a/b%zz"),
            ]
        );
        let all = input_files(&[folder.path().join("x")]).unwrap();
        assert_eq!(all.passed_over, [folder.path().join("x/README.md")]);
        assert!(all.files.iter().all(|file| !file.is_named));
        // Named from within, the folders above it are no columns.
        assert_eq!(
            found(&folder, "x/country=DE/day=2026-01-02"),
            [
                pair("x/country=DE/day=2026-01-02/a.csv", ""),
                pair("x/country=DE/day=2026-01-02/b.csv.gz", ""),
            ]
        );
    }

    #[test]
    fn patterns_match_files_and_the_columns_behind_the_first_wildcard() {
        let folder = folder(&["y=1/a.csv", "y=2/a.csv", "y=2/deep/b.csv", "[1].csv", "1.csv"]);
        assert_eq!(found(&folder, "*/a.csv"), [pair("y=1/a.csv", "y:1"), pair("y=2/a.csv", "y:2")]);
        assert_eq!(found(&folder, "y=2/*.csv"), [pair("y=2/a.csv", "")]);
        assert_eq!(found(&folder, "**/b.csv"), [pair("y=2/deep/b.csv", "y:2")]);
        assert_eq!(found(&folder, "y=?"), found(&folder, "y=*"));
        assert_eq!(found(&folder, "y=?").len(), 3);
        // A file of that very name is no pattern.
        assert_eq!(found(&folder, "[1].csv"), [pair("[1].csv", "")]);
    }

    #[test]
    fn what_finds_nothing_is_said() {
        let folder = folder(&["empty/notes.md"]);
        for (path, part) in [("empty", "a folder with files"), ("*.csv", "a pattern that matches")]
        {
            let error = input_files(&[folder.path().join(path)]).unwrap_err().to_string();
            assert!(error.starts_with("INPUT: expected") && error.contains(part), "{error}");
        }
        // A plain path that is not there is left to be opened, which says so.
        let missing = input_files(&[folder.path().join("none.csv")]).unwrap();
        assert!(missing.files[0].is_named);
    }
}
