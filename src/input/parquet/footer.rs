//! The footer of a file, which says where everything is: found, looked through, then decoded.
//!
//! The decoder believes a footer. A damaged one sends it to places outside of the file, lets it
//! reserve memory for rows that are not there or follow a schema deeper than the stack, and the
//! last two end the process. So the footer is walked through before it is decoded, and what was
//! decoded is compared with the file before a page is read.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use parquet::basic::Compression;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader};
use parquet::schema::types::Type;

use super::thrift::{LIST, STRUCT, Walk};
use crate::error::visible;
use crate::input::Limits;
use crate::input::guarded::{Fault, guarded};

/// The mark at both ends of a file.
const MARK: &[u8; 4] = b"PAR1";
/// The mark of a file whose footer is encrypted.
const ENCRYPTED: &[u8; 4] = b"PARE";
/// The length of the footer and the mark behind it.
const TAIL_BYTES: u64 = 8;
/// The deepest schema that is followed whatever [`Limits::json_depth`] says: the decoder calls
/// itself for each level and the stack is finite.
const MAX_DEPTH: usize = 1000;
/// The fewest bytes in which a group of rows can be described. The decoder reserves several times
/// as much for each that is announced.
const GROUP_BYTES: u64 = 8;

type Result<T> = std::result::Result<T, Fault>;

/// Reads the footer of a file of `length` bytes.
pub(super) fn read_footer(
    file: &mut File,
    length: u64,
    limits: &Limits,
) -> Result<ParquetMetaData> {
    let mut head = [0; 4];
    file.seek(SeekFrom::Start(0)).map_err(said)?;
    let is_marked = length >= 4 && file.read_exact(&mut head).is_ok() && head == *MARK;
    if head == *ENCRYPTED {
        return Err(encrypted());
    }
    if !is_marked {
        return Err(ours("it does not begin with PAR1, the mark of a Parquet file"));
    }
    let mut tail = [0; TAIL_BYTES as usize];
    if length < 4 + TAIL_BYTES {
        return Err(cut_short());
    }
    file.seek(SeekFrom::Start(length - TAIL_BYTES)).map_err(said)?;
    file.read_exact(&mut tail).map_err(said)?;
    let [a, b, c, d, mark @ ..] = tail;
    if mark == *ENCRYPTED {
        return Err(encrypted());
    }
    if mark != *MARK {
        return Err(cut_short());
    }
    let n_bytes = u64::from(u32::from_le_bytes([a, b, c, d]));
    let begin = (length - TAIL_BYTES)
        .checked_sub(n_bytes)
        .filter(|&begin| begin >= 4)
        .ok_or_else(|| Fault::damage("its footer is longer than the file"))?;
    file.seek(SeekFrom::Start(begin)).map_err(said)?;
    let mut bytes = Vec::new();
    file.take(n_bytes).read_to_end(&mut bytes).map_err(said)?;
    look_through(&bytes, limits)?;
    let metadata = guarded(|| Ok(ParquetMetaDataReader::decode_metadata(&bytes)?))?;
    check(&metadata, begin, limits)?;
    Ok(metadata)
}

/// Refuses a column that the decoder cannot decompress.
pub(super) fn check_codec(chunk: &ColumnChunkMetaData) -> Result<()> {
    if chunk.compression() == Compression::LZO {
        return Err(ours(format!(
            "column {} is compressed with LZO, which is not read; write the file anew with zstd, \
             snappy or gzip",
            visible(&chunk.column_path().string()),
        )));
    }
    Ok(())
}

/// Walks through the bytes of a footer.
fn look_through(bytes: &[u8], limits: &Limits) -> Result<()> {
    let mut walk = Walk::new(bytes, bytes.len() as u64);
    let mut last = 0;
    let mut is_encrypted = false;
    while let Some(field) = walk.field(&mut last)? {
        match (field.id, field.kind) {
            (2, LIST) => look_through_schema(&mut walk, limits)?,
            (4, LIST) => {
                let (kind, n) = walk.list()?;
                if n.saturating_mul(GROUP_BYTES) > bytes.len() as u64 {
                    return Err(Fault::damage("its footer announces more groups of rows than fit"));
                }
                (0..n).try_for_each(|_| walk.skip(kind))?;
            }
            (8, kind) => {
                is_encrypted = true;
                walk.skip(kind)?;
            }
            (_, kind) => walk.skip(kind)?,
        }
    }
    if is_encrypted {
        return Err(encrypted());
    }
    Ok(())
}

/// The schema is a tree laid out flat: each node says how many of those behind it are its children.
fn look_through_schema<R: Read>(walk: &mut Walk<R>, limits: &Limits) -> Result<()> {
    let (kind, n) = walk.list()?;
    if kind != STRUCT {
        return Err(Fault::damage("its schema is none"));
    }
    // How many children of each node above are still to come.
    let mut open: Vec<u64> = Vec::new();
    let max_depth = limits.json_depth.min(MAX_DEPTH);
    let mut n_leaves = 0;
    for at in 0..n {
        let mut n_children = 0;
        let mut last = 0;
        while let Some(field) = walk.field(&mut last)? {
            match (field.id, field.kind) {
                (5, 5) => n_children = walk.integer()?,
                (_, kind) => walk.skip(kind)?,
            }
        }
        let n_children = u64::try_from(n_children)
            .ok()
            .filter(|&n_children| n_children < n)
            .ok_or_else(|| Fault::damage("its schema announces columns that are not there"))?;
        if at > 0 {
            let Some(left) = open.last_mut() else {
                return Err(Fault::damage("its schema has columns that belong nowhere"));
            };
            *left -= 1;
            n_leaves += usize::from(n_children == 0);
        }
        if n_children > 0 {
            open.push(n_children);
        }
        // The root is no level of the table.
        if open.len() > max_depth + 1 {
            return Err(limit(
                format!(
                    "columns nested at most {max_depth} deep (--max-depth raises the limit, up to \
                     {MAX_DEPTH})"
                ),
                format!("more than {max_depth} levels"),
            ));
        }
        while open.last() == Some(&0) {
            open.pop();
        }
    }
    if n_leaves > limits.n_columns {
        return Err(limit(
            format!("at most {} columns (--max-columns raises the limit)", limits.n_columns),
            n_leaves.to_string(),
        ));
    }
    Ok(())
}

/// Compares what the footer says with itself and with the file; the pages end at `end`.
fn check(metadata: &ParquetMetaData, end: u64, limits: &Limits) -> Result<()> {
    let mut n_rows = 0_i64;
    for (at, group) in (1..).zip(metadata.row_groups()) {
        let of_group = |what: String| Fault::damage(format!("row group {at}: {what}"));
        if group.num_rows() < 0 {
            return Err(of_group(format!("{} rows", group.num_rows())));
        }
        n_rows = n_rows.saturating_add(group.num_rows());
        for chunk in group.columns() {
            let of_chunk = |what: &str| {
                let column = visible(&chunk.column_path().string());
                of_group(format!("column {column}: {what}"))
            };
            if chunk.file_path().is_some() {
                return Err(ours(
                    "it is a summary whose data is in other files; read those instead",
                ));
            }
            check_place(chunk, end).map_err(of_chunk)?;
            if chunk.num_values() < 0 {
                return Err(of_chunk("a negative number of values"));
            }
            let descr = chunk.column_descr();
            if descr.max_rep_level() == 0 && chunk.num_values() != group.num_rows() {
                return Err(of_chunk(&format!(
                    "{} values for {} rows",
                    chunk.num_values(),
                    group.num_rows()
                )));
            }
        }
    }
    if n_rows != metadata.file_metadata().num_rows() {
        return Err(Fault::damage(format!(
            "its footer counts {} rows, its groups {n_rows}",
            metadata.file_metadata().num_rows()
        )));
    }
    for leaf in metadata.file_metadata().schema_descr().columns() {
        let Type::PrimitiveType { type_length, .. } = leaf.self_type() else { continue };
        let length = usize::try_from(*type_length).unwrap_or(0);
        if length > limits.cell_bytes {
            return Err(limit(
                format!(
                    "cells of at most {} bytes (--max-cell raises the limit)",
                    limits.cell_bytes
                ),
                format!("a column of {length} bytes a cell"),
            ));
        }
    }
    Ok(())
}

/// What is wrong with where a column's pages are said to be, if anything is.
fn check_place(chunk: &ColumnChunkMetaData, end: u64) -> std::result::Result<(), &'static str> {
    const OUTSIDE: &str = "its pages are outside of the file";
    let begin = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
    let begin = u64::try_from(begin).map_err(|_| OUTSIDE)?;
    let length = u64::try_from(chunk.compressed_size()).map_err(|_| OUTSIDE)?;
    match begin.checked_add(length) {
        Some(own_end) if own_end <= end => Ok(()),
        _ => Err(OUTSIDE),
    }
}

fn said(error: std::io::Error) -> Fault {
    Fault::Said(error.to_string())
}

fn ours(words: impl Into<String>) -> Fault {
    Fault::Ours(words.into())
}

fn limit(expected: impl Into<String>, found: impl Into<String>) -> Fault {
    Fault::Limit { expected: expected.into(), found: found.into() }
}

fn encrypted() -> Fault {
    ours("it is encrypted; decrypt it or have it exported without encryption")
}

fn cut_short() -> Fault {
    ours(
        "it is cut short: the footer that says where things are is missing; copy or export it again",
    )
}
