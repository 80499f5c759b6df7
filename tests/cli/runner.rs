//! Runs the program and holds what it did against a snapshot.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use snapbox::assert::DEFAULT_ACTION_ENV;
use snapbox::data::DataFormat;
use snapbox::{Assert, Data};
use tempfile::TempDir;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_pinchbeck");
/// The repository, from which the program is run, so that messages name files as users would.
pub(crate) const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Columns of the terminal that help is wrapped for.
pub(crate) const COLUMNS: &str = "100";

/// The status of a command that is done.
pub(crate) const DONE: i32 = 0;
/// The status when listings were flagged and `--fail-on-flagged` was given.
pub(crate) const FLAGGED: i32 = 1;
/// The status of a fault.
pub(crate) const FAULT: i32 = 2;

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// Further sections of the snapshot: a title and a text each.
    sections: Vec<(String, String)>,
    /// A folder whose path differs from run to run.
    folder: Option<PathBuf>,
}

/// Runs the program without input.
pub(crate) fn pinchbeck(args: &[&str]) -> Ran {
    ran(command(PROGRAM).args(args).stdin(Stdio::null()))
}

/// Runs the program with a file as its standard input.
pub(crate) fn pinchbeck_reading(input: &str, args: &[&str]) -> Ran {
    let input = File::open(Path::new(ROOT).join(input)).expect("the input opens");
    ran(command(PROGRAM).args(args).stdin(input))
}

/// Runs a script in bash; `$0` in it is the program.
pub(crate) fn bash(script: &str) -> Ran {
    ran(command("bash").args(["-c", script, PROGRAM]).stdin(Stdio::null()))
}

/// A command in the repository, in surroundings that are the same everywhere.
pub(crate) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(ROOT).env("NO_COLOR", "1").env("COLUMNS", COLUMNS).env_remove("LINES");
    command
}

fn ran(command: &mut Command) -> Ran {
    let Output { status, stdout, stderr } = command.output().expect("the command starts");
    Ran {
        status: status.code().expect("the command ends by itself"),
        stdout: String::from_utf8(stdout).expect("standard output is UTF-8"),
        stderr: String::from_utf8(stderr).expect("standard error is UTF-8"),
        sections: Vec::new(),
        folder: None,
    }
}

impl Ran {
    /// The same, with the path of a temporary folder shown as `[TMP]`.
    pub(crate) fn within(mut self, folder: &Folder) -> Ran {
        self.folder = Some(folder.as_path().to_owned());
        self
    }

    /// The same, with the text of a file that was written.
    pub(crate) fn and_file(mut self, folder: &Folder, name: &str) -> Ran {
        self.sections.push((name.to_owned(), folder.read(name)));
        self.within(folder)
    }

    /// The same, with only the first lines of standard output.
    pub(crate) fn first_lines(mut self, n_lines: usize) -> Ran {
        self.stdout = self.stdout.split_inclusive('\n').take(n_lines).collect();
        self
    }

    /// The same, after a look at its status.
    pub(crate) fn ended(self, status: i32) -> Ran {
        assert_eq!(self.status, status, "the status, after\n{}", self.stderr);
        self
    }

    /// Holds status, output and messages against `snapshots/NAME.txt`.
    pub(crate) fn snapshot(&self, name: &str) {
        let mut text = format!("status: {}\n", self.status);
        let own = [("stdout", &self.stdout), ("stderr", &self.stderr)];
        let further = self.sections.iter().map(|(title, body)| (title.as_str(), body));
        for (title, body) in own.into_iter().chain(further) {
            let body = normalized(body, self.folder.as_deref());
            text.push_str(&format!("--- {title}\n{body}"));
            if !body.is_empty() && !body.ends_with('\n') {
                text.push_str("(no line end)\n");
            }
        }
        let path = Path::new(ROOT).join("tests/cli/snapshots").join(format!("{name}.txt"));
        let expected = Data::read_from(&path, Some(DataFormat::Text)).raw();
        // Paths are not normalized: that would make slashes of the backslashes of escapes.
        let assert = Assert::new().action_env(DEFAULT_ACTION_ENV).normalize_paths(false);
        assert.eq(Data::text(text), expected);
    }
}

/// A text without what differs from run to run: the time it took and the path of a folder.
pub(crate) fn normalized(text: &str, folder: Option<&Path>) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (body, end) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
        out.push_str(&untimed(body).unwrap_or_else(|| body.to_owned()));
        out.push_str(end);
    }
    match folder {
        Some(folder) => out.replace(&folder.display().to_string(), "[TMP]"),
        None => out,
    }
}

/// The account `..., 0.02 s, 15766 rows/s` without its figures; `None` for any other line.
fn untimed(line: &str) -> Option<String> {
    let (rest, rate) = line.strip_suffix(" rows/s")?.rsplit_once(", ")?;
    let (rest, elapsed) = rest.strip_suffix(" s")?.rsplit_once(", ")?;
    rate.parse::<f64>().ok()?;
    elapsed.parse::<f64>().ok()?;
    Some(format!("{rest}, [ELAPSED] s, [RATE] rows/s"))
}

/// A temporary folder for what a command writes.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    pub(crate) fn as_path(&self) -> &Path {
        self.0.path()
    }

    /// The path of a file in the folder, as an argument.
    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.path().join(name)).expect("the file is there")
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        fs::write(self.0.path().join(name), content).expect("the file is written");
        self.path(name)
    }

    /// The names of all that is in the folder, hidden files too.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .expect("the folder is there")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

#[test]
fn only_the_figures_of_the_account_are_taken_out() {
    let account = "pinchbeck: 4 rows read, 2 flagged (probability >= 0.5000), 0.02 s, 157 rows/s\n";
    let expected =
        "pinchbeck: 4 rows read, 2 flagged (probability >= 0.5000), [ELAPSED] s, [RATE] rows/s\n";
    assert_eq!(normalized(account, None), expected);
    for other in ["0.02 s, 157 rows/h", "slow s, 157 rows/s, and more", "a, b s, c rows/s"] {
        assert_eq!(normalized(other, None), other);
    }
}
