//! The README's commands are run, and print what it says.
//!
//! Every fenced block marked `console` is run in order in one temporary folder that has links to
//! `fixtures` and `models`. A line that begins with `$ ` is a command for bash; one that ends in a
//! backslash goes on in the next line. What stands below a command is all that it prints, messages
//! and results in the order in which they come; a line `...` stands for any lines, `[..]` for any
//! text within a line. Commands that build the program are not run, and every one that tests it
//! must be what the checks of the repository run.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use snapbox::{Assert, Data};

use crate::runner::{COLUMNS, Folder, PROGRAM, ROOT, normalized};

/// How the program is started from its sources.
const FROM_SOURCES: [&str; 2] = ["cargo run --release --quiet -- ", "cargo run --release -- "];
/// How commands begin that build, test or install.
const BUILDING: [&str; 4] = ["cargo test", "cargo build", "cargo install", "./target"];

/// A command of the README and what it is said to print.
struct Example {
    line: usize,
    command: String,
    printed: String,
}

fn text_of(file: &str) -> String {
    let path = Path::new(ROOT).join(file);
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{file} cannot be read: {error}"))
}

/// The commands of all `console` blocks.
fn examples(readme: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let (mut inside, mut open, mut goes_on) = (false, false, false);
    for (n, line) in readme.lines().enumerate() {
        if let Some(info) = line.strip_prefix("```") {
            inside = !open && info.trim() == "console";
            open = !open;
            goes_on = false;
            continue;
        }
        if !inside {
            continue;
        }
        if let Some(command) = line.strip_prefix("$ ") {
            examples.push(Example {
                line: n + 1,
                command: command.to_owned(),
                printed: String::new(),
            });
            goes_on = command.ends_with('\\');
            continue;
        }
        let last = examples.last_mut();
        let last = last.unwrap_or_else(|| panic!("README.md:{}: output without a command", n + 1));
        let part = if goes_on { &mut last.command } else { &mut last.printed };
        if goes_on {
            part.push('\n');
            goes_on = line.ends_with('\\');
            part.push_str(line);
        } else {
            part.push_str(line);
            part.push('\n');
        }
    }
    examples
}

/// The command as it is run; `None` when it builds.
fn runnable(command: &str) -> Option<String> {
    if BUILDING.iter().any(|start| command.starts_with(start)) {
        return None;
    }
    let own = FROM_SOURCES.iter().find_map(|start| command.strip_prefix(start));
    Some(own.map_or_else(|| command.to_owned(), |rest| format!("pinchbeck {rest}")))
}

/// How what was printed differs from what the README says.
fn difference(printed: &str, expected: &str) -> Option<String> {
    let assert = Assert::new().normalize_paths(false);
    let outcome = assert.try_eq(Some(&"printed"), Data::text(printed), Data::text(expected));
    outcome.err().map(|difference| difference.to_string())
}

#[test]
fn commands_print_what_the_readme_says() {
    let examples = examples(&text_of("README.md"));
    let folder = Folder::new();
    for name in ["examples", "fixtures", "models"] {
        symlink(Path::new(ROOT).join(name), folder.as_path().join(name)).expect("a link");
    }
    let programs = Folder::new();
    symlink(PROGRAM, programs.as_path().join("pinchbeck")).expect("a link");
    let path = std::env::var("PATH").expect("a PATH");
    let mut n_run = 0;
    for example in &examples {
        let Some(command) = runnable(&example.command) else { continue };
        n_run += 1;
        let output = Command::new("bash")
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(folder.as_path())
            .env("PATH", format!("{}:{path}", programs.as_path().display()))
            .env("NO_COLOR", "1")
            .env("COLUMNS", COLUMNS)
            .stdin(Stdio::null())
            .output()
            .expect("bash starts");
        let printed = String::from_utf8(output.stdout).expect("UTF-8");
        let place = format!("README.md:{}: {}", example.line, example.command);
        assert!(output.status.success(), "{place}\nended with {}\n{printed}", output.status);
        let printed = normalized(&printed, Some(folder.as_path()));
        if let Some(difference) = difference(&printed, &normalized(&example.printed, None)) {
            panic!("{place}\nprints something else:\n{difference}");
        }
    }
    assert!(n_run > 0, "README.md has no command to run");
}

#[test]
fn the_tests_are_run_as_the_readme_says() {
    let checks = text_of(".ci/run");
    let examples = examples(&text_of("README.md"));
    let tests = examples.iter().filter(|example| example.command.starts_with("cargo test"));
    let mut n_tests = 0;
    for example in tests {
        n_tests += 1;
        assert!(
            checks.lines().any(|line| {
                let line = line.trim();
                line.strip_prefix("step ").unwrap_or(line) == example.command
            }),
            "README.md:{}: .ci/run has no line `{}`",
            example.line,
            example.command
        );
    }
    assert!(n_tests > 0, "README.md does not say how the tests are run");
}

#[test]
fn no_command_hides_in_a_block_that_is_not_run() {
    for (n, line) in text_of("README.md").lines().enumerate() {
        let info = line.strip_prefix("```").unwrap_or_default().trim();
        let shell = ["sh", "bash", "shell", "zsh"].contains(&info);
        assert!(!shell, "README.md:{}: mark the block `console`, so that it is run", n + 1);
    }
}

#[test]
fn commands_and_their_output_are_told_apart() {
    let readme = "```sh\n$ no\n```\ntext\n```console\n$ a \\\n    b\none\n\ntwo\n$ c\n```\n";
    let examples = examples(readme);
    let told: Vec<(usize, &str, &str)> =
        examples.iter().map(|own| (own.line, own.command.as_str(), own.printed.as_str())).collect();
    assert_eq!(told, [(6, "a \\\n    b", "one\n\ntwo\n"), (11, "c", "")]);
    assert_eq!(runnable("cargo run --release -- score x"), Some("pinchbeck score x".to_owned()));
    assert_eq!(runnable("cargo test --release"), None);
}

#[test]
fn lines_may_be_left_out_and_everything_else_counts() {
    let printed = "says \\u{1b} [replica_term]\none\ntwo\nin 3 ms\n";
    let same = ["says \\u{1b} [replica_term]\n...\nin [..] ms\n", printed];
    let other = ["says /u{1b} [replica_term]\n...\n", "says [seller]\n...\n", "...\ntwo\n", ""];
    for expected in same {
        assert_eq!(difference(printed, expected), None, "{expected:?}");
    }
    for expected in other {
        assert!(difference(printed, expected).is_some(), "{expected:?}");
    }
    assert_eq!(difference("", ""), None);
}
