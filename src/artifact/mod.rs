//! The model file: load, save, version and digest. A model file is foreign input and is checked
//! before anything is built from it.

mod layout;
mod v1;

use std::io::{self, Write};
use std::path::Path;

use crate::digest::Sha256Hex;
use crate::error::{Error, Result};
use crate::model::Model;

/// The version that this crate writes.
pub const FORMAT_VERSION: u64 = 1;

/// The largest model file that is read, in bytes.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// The default model, trained on simulated listings only; its card says what that means.
const EMBEDDED: &str = include_str!("../../models/default.json");

/// How messages speak of the embedded model.
const EMBEDDED_NAME: &str = "the embedded default model";

impl Model {
    /// The default model that is embedded in the crate.
    ///
    /// # Errors
    /// None in a build whose tests passed.
    pub fn embedded() -> Result<Model> {
        Model::parse(EMBEDDED_NAME, EMBEDDED.as_bytes())
    }

    /// Loads a model file.
    ///
    /// # Errors
    /// A file that cannot be read, is larger than 256 MiB, is not a model, was changed after it was
    /// saved, is of a newer version, or holds unknown keys or numbers that are not finite.
    pub fn load(path: &Path) -> Result<Model> {
        let name = path.display().to_string();
        let metadata =
            std::fs::metadata(path).map_err(|source| Error::io("read the model", &name, source))?;
        if metadata.len() > MAX_BYTES {
            return Err(Error::model(
                name,
                format!("{} bytes are more than the {MAX_BYTES} a model may have", metadata.len()),
            ));
        }
        let bytes =
            std::fs::read(path).map_err(|source| Error::io("read the model", &name, source))?;
        Model::parse(&name, &bytes)
    }

    /// Loads a model from the bytes of a model file.
    ///
    /// # Errors
    /// As [`Model::load`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Model> {
        Model::parse("the model", bytes)
    }

    /// The bytes of the model file: the same for the same model.
    ///
    /// # Errors
    /// None for a model that was trained or loaded.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let body = v1::Body::from_model(self);
        let sha256 = digest(&body)?;
        let file = v1::File { format_version: FORMAT_VERSION, sha256, model: body };
        layout::to_bytes(&file).map_err(not_writable)
    }

    /// SHA-256 over the canonical content, in hexadecimal, as the model file states it.
    ///
    /// # Errors
    /// As [`Model::to_bytes`].
    pub fn digest(&self) -> Result<String> {
        digest(&v1::Body::from_model(self))
    }

    fn parse(name: &str, bytes: &[u8]) -> Result<Model> {
        let fault = |problem: String| Error::model(name, problem);
        if bytes.len() as u64 > MAX_BYTES {
            return Err(fault(format!("more than the {MAX_BYTES} bytes a model may have")));
        }
        let file = match serde_json::from_slice::<v1::File<'_>>(bytes) {
            Ok(file) if file.format_version == FORMAT_VERSION => file,
            outcome => return Err(fault(unreadable(bytes, outcome.err()))),
        };
        let content = canonical(&file.model)?;
        let computed = Sha256Hex::of(&content);
        if computed != file.sha256 {
            return Err(fault(format!(
                "its content has the SHA-256 {computed} and it states {}: it was changed after it was saved; get it again or retrain",
                quoted_digest(&file.sha256)
            )));
        }
        let model = file.model.into_model().map_err(fault)?;
        // Content that says the same in another way, such as a price cell given twice, would load
        // to a model of another digest.
        let mut expected = Expected(&content);
        let is_same = serde_json::to_writer(&mut expected, &v1::Body::from_model(&model)).is_ok();
        if !is_same || !expected.0.is_empty() {
            return Err(fault(
                "its content is not in the form in which models are saved".to_owned(),
            ));
        }
        Ok(model)
    }
}

/// SHA-256 over the compact JSON of the content.
fn digest(body: &v1::Body<'_>) -> Result<String> {
    Ok(Sha256Hex::of(canonical(body)?))
}

/// The content as compact JSON.
fn canonical(body: &v1::Body<'_>) -> Result<Vec<u8>> {
    serde_json::to_vec(body).map_err(not_writable)
}

/// Takes what is written only as long as it is what is expected.
struct Expected<'a>(&'a [u8]);

impl Write for Expected<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.strip_prefix(bytes).ok_or(io::ErrorKind::InvalidData)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Why some bytes are no file of this version: its version where they state another, else what is
/// wrong with them.
fn unreadable(bytes: &[u8], error: Option<serde_json::Error>) -> String {
    let stated = serde_json::from_slice::<v1::Version>(bytes);
    match (stated, error) {
        (Ok(stated), _) if stated.format_version != FORMAT_VERSION => format!(
            "format version {}, this program reads {FORMAT_VERSION}; use the pinchbeck that wrote it or retrain",
            stated.format_version
        ),
        (Err(error), _) | (Ok(_), Some(error)) => {
            format!("not a model file: {}", reading(bytes, &error))
        }
        (Ok(_), None) => "not a model file".to_owned(),
    }
}

/// A digest that a file states, or the beginning of what stands in its place.
fn quoted_digest(stated: &str) -> String {
    crate::error::visible(&stated.chars().take(64).collect::<String>())
}

fn reading(bytes: &[u8], error: &serde_json::Error) -> String {
    // Of a file that ends within a number, the number is said to be invalid.
    let last_line = bytes.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let n_lines = memchr::memchr_iter(b'\n', bytes).count() + 1;
    let is_at_end =
        error.is_syntax() && error.line() == n_lines && error.column() >= last_line.len();
    if error.is_eof() || is_at_end {
        format!("it ends in line {} in the middle of a value; it was cut short", error.line())
    } else {
        crate::error::visible(&error.to_string())
    }
}

fn not_writable(error: serde_json::Error) -> Error {
    Error::model("the model", format!("cannot be written: {error}"))
}
