//! Where output goes: a file that appears whole or not at all, or standard output.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::unfinished::Unfinished;
use crate::error::{Error, Result};

/// Bytes gathered before they go to the operating system.
const BUFFER_BYTES: usize = 256 * 1024;

/// Where output goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file, which appears when the output is complete and replaces what was there.
    File(PathBuf),
    /// Standard output.
    Stdout,
}

impl Target {
    /// The target as messages name it.
    pub fn name(&self) -> String {
        match self {
            Target::File(path) => path.to_string_lossy().into_owned(),
            Target::Stdout => "standard output".to_owned(),
        }
    }
}

/// Output that is being written.
///
/// A file is written beside its place under a temporary name; [`OutputFile::finish`] moves it
/// there. Dropped before that, nothing of it remains. Devices and pipes are written directly, as
/// they must not be replaced.
#[derive(Debug)]
pub(crate) struct OutputFile {
    name: String,
    sink: Sink,
}

#[derive(Debug)]
enum Sink {
    Beside { file: BufWriter<NamedTempFile>, path: PathBuf, listed: Unfinished },
    Direct(BufWriter<File>),
    Stdout(BufWriter<io::Stdout>),
}

impl OutputFile {
    /// Opens a target for writing.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`] naming the directory when it is missing or closed to us, and the
    /// path when it is itself a directory.
    pub(crate) fn create(target: &Target) -> Result<OutputFile> {
        let name = target.name();
        let sink = match target {
            Target::Stdout => Sink::Stdout(BufWriter::with_capacity(BUFFER_BYTES, io::stdout())),
            Target::File(path) => file_sink(path, &name)?,
        };
        Ok(OutputFile { name, sink })
    }

    /// The target as messages name it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The error for a failed write to this output.
    pub(crate) fn fault(&self, source: io::Error) -> Error {
        Error::io("write", self.name.as_str(), source)
    }

    /// Completes the output: everything is handed over, and a file takes its place.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`] when the last bytes, the sync or the move fail; a file that was
    /// there before is then unchanged.
    pub(crate) fn finish(self) -> Result<()> {
        let OutputFile { name, sink } = self;
        let fault = |source| Error::io("write", name.as_str(), source);
        match sink {
            Sink::Stdout(mut stdout) => stdout.flush().map_err(fault),
            Sink::Direct(mut file) => file.flush().map_err(fault),
            Sink::Beside { file, path, listed } => {
                let file = file.into_inner().map_err(|error| fault(error.into_error()))?;
                file.as_file().sync_all().map_err(fault)?;
                file.persist(&path).map_err(|error| fault(error.error))?;
                drop(listed);
                Ok(())
            }
        }
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.sink {
            Sink::Beside { file, .. } => file.write(bytes),
            Sink::Direct(file) => file.write(bytes),
            Sink::Stdout(stdout) => stdout.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Beside { file, .. } => file.flush(),
            Sink::Direct(file) => file.flush(),
            Sink::Stdout(stdout) => stdout.flush(),
        }
    }
}

/// Writes a whole small file, such as a model or metrics.
///
/// # Errors
/// [`crate::ErrorKind::Io`] where the target cannot be written.
pub fn write_text(target: &Target, text: &str) -> Result<()> {
    write_texts(&[(target, text)])
}

/// Writes small files that belong together; none appears before all are written.
///
/// # Errors
/// [`crate::ErrorKind::Io`] where a target cannot be written.
pub fn write_texts(files: &[(&Target, &str)]) -> Result<()> {
    let mut outputs = Vec::with_capacity(files.len());
    for (target, text) in files {
        let mut output = OutputFile::create(target)?;
        output.write_all(text.as_bytes()).map_err(|error| output.fault(error))?;
        outputs.push(output);
    }
    outputs.into_iter().try_for_each(OutputFile::finish)
}

fn file_sink(path: &Path, name: &str) -> Result<Sink> {
    let existing = fs::metadata(path).ok();
    if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
        let error = io::Error::from(io::ErrorKind::IsADirectory);
        return Err(Error::io("write", name, error));
    }
    if existing.as_ref().is_some_and(|about| !about.is_file()) {
        let file = File::options()
            .write(true)
            .open(path)
            .map_err(|error| Error::io("write", name, error))?;
        return Ok(Sink::Direct(BufWriter::with_capacity(BUFFER_BYTES, file)));
    }
    // A link stays a link: what it points to is replaced.
    let path = match &existing {
        Some(_) => fs::canonicalize(path).map_err(|error| Error::io("write", name, error))?,
        None => path.to_owned(),
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let created = Unfinished::new(|| temporary_in(folder), NamedTempFile::path);
    let (file, listed) = created.map_err(|error| {
        // The name of the temporary file would only puzzle; the operating system's words do not.
        let error = fs::metadata(folder).err().unwrap_or(error);
        Error::io("create a file in this directory", folder.to_string_lossy(), error)
    })?;
    if let Some(about) = existing {
        file.as_file()
            .set_permissions(about.permissions())
            .map_err(|error| Error::io("write", name, error))?;
    }
    Ok(Sink::Beside { file: BufWriter::with_capacity(BUFFER_BYTES, file), path, listed })
}

/// A temporary file with the permissions that any new file has. Those of temporary files are
/// narrower, and would stay when the file takes its place.
fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".pinchbeck-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_in(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| {
                let name = entry.expect("an entry").file_name();
                name.to_string_lossy().into_owned()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_appears_when_finished_and_leaves_nothing_when_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out.csv");
        let target = Target::File(path.clone());
        let mut output = OutputFile::create(&target).expect("created");
        output.write_all(b"half").expect("written");
        assert!(!path.exists());
        drop(output);
        assert_eq!(names_in(folder.path()), Vec::<String>::new());

        write_text(&target, "one").expect("written");
        let mut output = OutputFile::create(&target).expect("created");
        output.write_all(b"two").expect("written");
        assert_eq!(fs::read_to_string(&path).expect("read"), "one");
        output.finish().expect("finished");
        assert_eq!(fs::read_to_string(&path).expect("read"), "two");
        assert_eq!(names_in(folder.path()), ["out.csv"]);
    }

    #[test]
    fn a_missing_directory_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let missing = folder.path().join("none");
        let target = Target::File(missing.join("out.csv"));
        let message = write_text(&target, "x").expect_err("an error").to_string();
        let expected = format!("{}: cannot create a file in this directory", missing.display());
        assert!(message.starts_with(&expected), "{message}");
        assert!(!message.contains(".pinchbeck-"), "{message}");
        assert!(!missing.exists());
    }

    #[test]
    fn a_directory_is_not_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = Target::File(folder.path().to_owned());
        assert!(write_text(&target, "x").is_err());
        assert!(folder.path().is_dir());
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_those_of_any_file_or_of_the_one_replaced() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| {
            let about = fs::metadata(path).expect("a file");
            about.permissions().mode() & 0o777
        };
        let folder = tempfile::tempdir().expect("a folder");
        let plain = folder.path().join("plain");
        File::create(&plain).expect("created");
        let path = folder.path().join("out");
        let target = Target::File(path.clone());
        write_text(&target, "x").expect("written");
        assert_eq!(mode(&path), mode(&plain));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("set");
        write_text(&target, "y").expect("written");
        assert_eq!(mode(&path), 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_devices_stay_what_they_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let real = folder.path().join("real");
        let link = folder.path().join("link");
        fs::write(&real, "old").expect("written");
        std::os::unix::fs::symlink(&real, &link).expect("linked");
        write_text(&Target::File(link.clone()), "new").expect("written");
        assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
        assert_eq!(fs::read_to_string(&real).expect("read"), "new");

        let null = PathBuf::from("/dev/null");
        write_text(&Target::File(null.clone()), "x").expect("written");
        assert!(!fs::metadata(&null).expect("a device").is_file());
    }
}
