//! House rules that no compiler checks, read from the source tree as text.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pinchbeck::listing::COLUMNS;

/// Each module of the crate with those that it may import from, in the order in which data flows.
/// A module imports from modules above it only.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("digest", &[]),
    ("reference_file", &["error"]),
    ("text", &[]),
    ("lexicon", &["error", "digest", "reference_file", "text"]),
    ("brands", &["error", "digest", "reference_file", "text", "lexicon"]),
    ("input", &["error"]),
    ("listing", &["error", "input"]),
    ("enrich", &["error", "text", "input", "listing"]),
    ("lists", &["error", "text", "reference_file", "input", "listing"]),
    ("features", &["error", "reference_file", "text", "lexicon", "brands", "listing"]),
    ("model", &["error", "listing", "features"]),
    ("scoring", &["error", "lexicon", "input", "listing", "lists", "features", "model"]),
    ("evaluation", &["error", "model"]),
    ("check", &["error", "input", "listing", "features"]),
    (
        "report",
        &[
            "error",
            "lexicon",
            "input",
            "listing",
            "features",
            "model",
            "scoring",
            "evaluation",
            "check",
        ],
    ),
    (
        "training",
        &["error", "digest", "listing", "enrich", "features", "model", "scoring", "evaluation"],
    ),
    ("simulate", &["error", "listing", "lexicon", "brands", "features", "training"]),
    // What is written to a model file is part of everything that is learned.
    ("artifact", &["error", "digest", "listing", "features", "model"]),
];

/// Which files may name a crate, as prefixes below `src`.
const HOMES: &[(&str, &[&str])] = &[
    ("linfa", &["model/fit/"]),
    ("linfa_logistic", &["model/fit/"]),
    ("argmin", &["model/fit/"]),
    ("ndarray", &["model/fit/"]),
    ("polars", &["listing/frame.rs", "report/frame.rs"]),
    ("polars_core", &["listing/frame.rs", "report/frame.rs"]),
    ("serde", &["artifact/", "report/", "listing/mapping_file.rs", "input/"]),
    ("serde_json", &["artifact/", "report/", "input/"]),
    ("toml", &["listing/mapping_file.rs"]),
    // Hashes must be the same on every machine; one home is one place to see to it.
    ("twox_hash", &["enrich/"]),
    ("clap", &["bin/"]),
    ("clap_complete", &["bin/"]),
    ("clap_mangen", &["bin/"]),
    ("rand", &["simulate/", "evaluation/"]),
    ("rand_chacha", &["simulate/", "evaluation/"]),
    ("rand_distr", &["simulate/"]),
];

/// A source file of this package.
struct Source {
    /// Its path below the root, with `/`.
    path: String,
    /// All of it.
    text: String,
    /// Without comments and without what is compiled for tests only; strings are emptied.
    code: String,
    /// The string literals outside comments and tests, with their lines.
    literals: Vec<(usize, String)>,
}

impl Source {
    fn read(root: &Path, path: &Path) -> Source {
        let text = std::fs::read_to_string(path).unwrap();
        let relative = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        let (code, literals) = scan(&without_tests(&text));
        Source { path: relative, text, code, literals }
    }

    /// The files of the modules that are declared here for tests only.
    fn modules_for_tests(&self) -> Vec<String> {
        let folder = match self.path.rsplit_once('/') {
            Some((folder, "mod.rs" | "lib.rs" | "main.rs")) => folder,
            _ => self.path.trim_end_matches(".rs"),
        };
        let declared = self.text.match_indices("#[cfg(test)]").filter_map(|(at, attribute)| {
            let item = self.text[at + attribute.len()..].trim_start();
            let name = item.strip_prefix("pub(crate) ").unwrap_or(item).strip_prefix("mod ")?;
            let name = name.lines().next()?.strip_suffix(';')?;
            Some(format!("{folder}/{name}.rs"))
        });
        declared.collect()
    }

    /// The path below `src`, for files of the library or the binary.
    fn below_src(&self) -> Option<&str> {
        self.path.strip_prefix("src/")
    }

    fn is_library(&self) -> bool {
        self.below_src().is_some_and(|path| !path.starts_with("bin/"))
    }

    /// The module of the crate that the file belongs to.
    fn module(&self) -> Option<&str> {
        let path = self.below_src().filter(|_| self.is_library())?;
        let first = path.split('/').next()?;
        Some(first.strip_suffix(".rs").unwrap_or(first)).filter(|module| *module != "lib")
    }
}

/// All `.rs` files of the package.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in ["src", "tests", "examples", "benches"] {
        collect(&root.join(folder), &mut paths);
    }
    paths.sort();
    let mut sources: Vec<Source> = paths.iter().map(|path| Source::read(root, path)).collect();
    let for_tests: Vec<String> = sources.iter().flat_map(Source::modules_for_tests).collect();
    for source in sources.iter_mut().filter(|source| for_tests.contains(&source.path)) {
        (source.code, source.literals) = Default::default();
    }
    assert!(sources.len() > 50, "only {} files were found", sources.len());
    sources
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            paths.push(path);
        }
    }
}

/// A file without the items under `#[cfg(test)]`; lines keep their numbers. An item ends with its
/// closing brace in the column of the attribute, or on the same line with a semicolon, as rustfmt
/// lays it out.
fn without_tests(text: &str) -> String {
    let mut kept = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            kept.push_str(line);
            kept.push('\n');
            continue;
        }
        kept.push('\n');
        let indent = &line[..line.len() - line.trim_start().len()];
        let mut begun = false;
        for line in lines.by_ref() {
            kept.push('\n');
            let item = line.trim_end();
            if !begun && (item.trim_start().starts_with("#[") || item.trim().is_empty()) {
                continue;
            }
            let one_line = !begun && (item.ends_with(';') || item.ends_with("{}"));
            begun = true;
            let closed = item.strip_prefix(indent).is_some_and(|rest| rest == "}" || rest == "};");
            if one_line || closed {
                break;
            }
        }
    }
    kept
}

/// The code without comments and with empty strings, and the strings.
fn scan(text: &str) -> (String, Vec<(usize, String)>) {
    let (mut code, mut literals) = (String::new(), Vec::new());
    let chars: Vec<char> = text.chars().collect();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let next = chars.get(at + 1).copied();
        match chars[at] {
            '/' if next == Some('/') => {
                while at < chars.len() && chars[at] != '\n' {
                    at += 1;
                }
                continue;
            }
            '"' => {
                let hashes = code.chars().rev().take_while(|c| *c == '#').count();
                let raw = code[..code.len() - hashes].ends_with('r');
                let begin = line;
                let mut literal = String::new();
                at += 1;
                while at < chars.len() {
                    if chars[at] == '"' {
                        let closing = chars[at + 1..].iter().take(hashes).filter(|c| **c == '#');
                        if !raw || closing.count() == hashes {
                            break;
                        }
                    }
                    if chars[at] == '\\' && !raw {
                        literal.push(chars[at]);
                        at += 1;
                    }
                    if chars[at] == '\n' {
                        line += 1;
                        code.push('\n');
                    }
                    literal.push(chars[at]);
                    at += 1;
                }
                code.push_str("\"\"");
                literals.push((begin, literal));
            }
            // A character, not a lifetime.
            '\'' if next == Some('\\') || chars.get(at + 2) == Some(&'\'') => {
                code.push_str("' '");
                at += if next == Some('\\') { 3 } else { 2 };
                while chars.get(at).is_some_and(|c| *c != '\'') {
                    at += 1;
                }
            }
            other => {
                if other == '\n' {
                    line += 1;
                }
                code.push(other);
            }
        }
        at += 1;
    }
    (code, literals)
}

/// The numbers of the lines of `code` that hold `word` with no letter, digit or `_` beside it.
fn lines_with(code: &str, word: &str) -> Vec<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let bounded = |line: &str| {
        line.match_indices(word).any(|(at, _)| {
            let before = line[..at].chars().next_back().is_some_and(part);
            let after = line[at + word.len()..].chars().next().is_some_and(part);
            let (first, last) = (word.starts_with(part), word.ends_with(part));
            !(first && before || last && after)
        })
    };
    (1..).zip(code.lines()).filter(|(_, line)| bounded(line)).map(|(number, _)| number).collect()
}

/// What `code` imports from `crate::`: modules with the names behind them, where one stands there.
fn imports(code: &str) -> Vec<(String, String)> {
    let is_name = |c: &char| c.is_alphanumeric() || *c == '_';
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let statement = rest.split(';').next().unwrap_or_default();
        let module: String = rest.chars().take_while(is_name).collect();
        if module.is_empty() {
            let inner = statement.trim_start_matches('{').split('}').next().unwrap_or_default();
            for part in inner.split(',') {
                let module: String = part.trim().chars().take_while(is_name).collect();
                found.push((module, String::new()));
            }
            continue;
        }
        let behind = rest[module.len()..].strip_prefix("::").unwrap_or_default();
        let names: Vec<String> = match behind.strip_prefix('{') {
            Some(list) => list
                .split('}')
                .next()
                .unwrap_or_default()
                .split(',')
                .map(|name| name.trim().chars().take_while(is_name).collect())
                .filter(|name: &String| !name.is_empty())
                .collect(),
            None => vec![behind.chars().take_while(is_name).collect()],
        };
        found.extend(names.into_iter().map(|name| (module.clone(), name)));
    }
    found
}

/// Fails with all faults at once.
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn imports_point_backwards_along_the_flow_of_data() {
    let order: Vec<&str> = MAY_IMPORT.iter().map(|(module, _)| *module).collect();
    for (at, (module, allowed)) in MAY_IMPORT.iter().enumerate() {
        let ahead = allowed.iter().find(|other| !order[..at].contains(other));
        assert_eq!(ahead, None, "{module} may import only from modules above it");
    }
    let mut faults = Vec::new();
    let mut unused: BTreeSet<(&str, &str)> = MAY_IMPORT
        .iter()
        .flat_map(|(module, allowed)| allowed.iter().map(|other| (*module, *other)))
        .collect();
    let mut seen = BTreeSet::new();
    let all = sources();
    for source in &all {
        let Some(module) = source.module() else { continue };
        seen.insert(module);
        let Some((module, allowed)) = MAY_IMPORT.iter().find(|(own, _)| *own == module) else {
            faults.push(format!("{}: the module {module} is not in the list", source.path));
            continue;
        };
        for (other, name) in imports(&source.code) {
            // What the crate re-exports at its root belongs to a module as well.
            let other = match other.as_str() {
                "Error" | "ErrorKind" | "Result" | "Location" => "error",
                other => other,
            };
            unused.retain(|pair| *pair != (*module, other));
            if other != *module && !allowed.contains(&other) {
                faults.push(format!("{}: crate::{other}::{name} from {module}", source.path));
            }
        }
    }
    none(&faults);
    assert_eq!(seen, order.iter().copied().collect(), "the list and the tree differ");
    assert_eq!(unused, BTreeSet::new(), "allowed and not used: take it off the list");
}

#[test]
fn a_crate_is_named_only_where_it_is_at_home() {
    let mut faults = Vec::new();
    for source in sources() {
        let Some(path) = source.below_src() else { continue };
        for (name, homes) in HOMES {
            if homes.iter().any(|home| path.starts_with(home)) {
                continue;
            }
            for line in lines_with(&source.code, name) {
                faults.push(format!("{}:{line}: {name}", source.path));
            }
        }
    }
    none(&faults);
}

#[test]
fn the_library_neither_prints_nor_exits() {
    let words =
        ["println!", "eprintln!", "print!", "eprint!", "dbg!", "process::exit", "process::abort"];
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| source.is_library()) {
        for word in words {
            for line in lines_with(&source.code, word) {
                faults.push(format!("{}:{line}: {word}", source.path));
            }
        }
    }
    none(&faults);
}

#[test]
fn every_file_says_first_what_it_is() {
    let silent = |source: &Source| !source.text.starts_with("//! ");
    let faults: Vec<String> = sources()
        .iter()
        .filter(|source| silent(source))
        .map(|source| source.path.clone())
        .collect();
    none(&faults);
}

#[test]
fn no_file_is_a_drawer_for_odds_and_ends() {
    let banned = ["utils", "util", "helpers", "helper", "misc", "common"];
    let is_banned = |path: &str| {
        path.split('/').any(|part| banned.contains(&part.strip_suffix(".rs").unwrap_or(part)))
    };
    let faults: Vec<String> =
        sources().into_iter().map(|source| source.path).filter(|path| is_banned(path)).collect();
    none(&faults);
}

/// A name that only columns have, one with an underscore, is a string in `schema.rs` and nowhere
/// else. Whole literals are compared: a signal's file, `seller_rating.rs`, and a model's column,
/// `seller_rating:missing`, are other names. Tests and comments are free to spell names out.
#[test]
fn column_names_have_one_home() {
    let names: Vec<&str> =
        COLUMNS.iter().map(|info| info.name).filter(|name| name.contains('_')).collect();
    assert!(names.len() > 15, "{names:?}");
    let mut faults = Vec::new();
    for source in sources() {
        if source.below_src().is_none_or(|path| path == "listing/schema.rs") {
            continue;
        }
        for (line, literal) in &source.literals {
            if names.contains(&literal.as_str()) {
                faults.push(format!("{}:{line}: \"{literal}\"", source.path));
            }
        }
    }
    none(&faults);
}

#[test]
fn nothing_is_unsafe_and_no_lint_is_silenced_without_a_reason() {
    let mut faults = Vec::new();
    for source in sources() {
        for word in ["unsafe", "#[allow(", "#![allow("] {
            for line in lines_with(&source.code, word) {
                faults.push(format!("{}:{line}: {word}", source.path));
            }
        }
        for opening in ["#[expect(", "#![expect("] {
            for (at, _) in source.code.match_indices(opening) {
                let attribute = source.code[at..].split(")]").next().unwrap_or_default();
                if !attribute.contains("reason = ") {
                    faults.push(format!("{}: an expectation without a reason", source.path));
                }
            }
        }
    }
    none(&faults);
}

#[test]
fn nothing_in_src_panics_on_purpose() {
    let words = [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!(", "unreachable!("];
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| source.below_src().is_some()) {
        for word in words {
            for line in lines_with(&source.code, word) {
                faults.push(format!("{}:{line}: {word}", source.path));
            }
        }
    }
    none(&faults);
}

#[test]
fn no_file_is_too_long_to_be_read_at_once() {
    const MOST: usize = 700;
    let faults: Vec<String> = sources()
        .iter()
        .map(|source| (source.text.lines().count(), &source.path))
        .filter(|(n_lines, _)| *n_lines >= MOST)
        .map(|(n_lines, path)| format!("{path}: {n_lines} lines"))
        .collect();
    none(&faults);
}

/// What the rules above stand on: the scanner sees code where it is, and not in comments, strings
/// or tests.
#[test]
fn the_scanner_tells_code_from_comments_strings_and_tests() {
    let text = "let a = \"x // y\"; // unsafe\nlet b = '\"'; let c = r#\"say \"hi\"\"#;\n\
                #[cfg(test)]\nmod tests {\n    fn f() {\n        g().unwrap();\n    }\n}\nlet d: &'a str = \"\\\"z\";\n";
    let (code, literals) = scan(&without_tests(text));
    assert!(!code.contains("unsafe") && !code.contains("unwrap") && !code.contains("hi"), "{code}");
    let strings: Vec<&str> = literals.iter().map(|(_, own)| own.as_str()).collect();
    assert_eq!(strings, ["x // y", "say \"hi\"", "\\\"z"]);
    assert_eq!(literals[2].0, 9);
    assert_eq!(lines_with("a unsafe b\nunsafely\nmy_unsafe", "unsafe"), [1]);
    assert_eq!(lines_with("eprintln!()\nx.println!()", "println!"), [2]);
    let found = imports("use crate::error::{Error, Result};\nfn f() -> crate::model::Card {}");
    let pairs: Vec<(&str, &str)> =
        found.iter().map(|(module, name)| (module.as_str(), name.as_str())).collect();
    assert_eq!(pairs, [("error", "Error"), ("error", "Result"), ("model", "Card")]);
}
