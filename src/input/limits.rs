//! How much a file may ask for before it is refused.

/// Bounds on what one file may make the reader hold in memory or wade through.
///
/// Each can be raised by an option of the command line, which the message about it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one record, as UTF-8 text, its line end included. A longer record is rejected.
    pub record_bytes: usize,
    /// Bytes of one cell, as UTF-8 text. A record with a longer one is rejected.
    pub cell_bytes: usize,
    /// Columns of a file. Real exports have tens; a header of more is a sign that rows and columns
    /// are exchanged or that the delimiter is wrong, and each column costs memory.
    pub n_columns: usize,
    /// JSON objects and arrays within one another, the outermost counted. The default is what
    /// `serde_json` and with it most readers of our output allow.
    pub json_depth: usize,
    /// How many times longer than its compressed bytes a decompressed file may be, once more than
    /// [`Limits::FREE_EXPANSION`] have come out of it. Text compresses to a tenth; a file that was
    /// made to fill disks and memories, to a thousandth.
    pub expansion: u64,
}

impl Limits {
    /// Decompressed bytes up to which [`Limits::expansion`] is not looked at: 256 MiB.
    pub const FREE_EXPANSION: u64 = 256 * 1024 * 1024;
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            record_bytes: 16 * 1024 * 1024,
            cell_bytes: 1024 * 1024,
            n_columns: 10_000,
            json_depth: 127,
            expansion: 200,
        }
    }
}

/// A number of bytes as messages write it.
pub(super) fn size(n_bytes: usize) -> String {
    const KIB: usize = 1024;
    const MIB: usize = 1024 * 1024;
    match n_bytes {
        n if n >= MIB && n.is_multiple_of(MIB) => format!("{} MiB", n / MIB),
        n if n >= KIB && n.is_multiple_of(KIB) => format!("{} KiB", n / KIB),
        n => format!("{n} bytes"),
    }
}

/// Why a record is set aside that is longer than [`Limits::record_bytes`].
pub(super) fn over_long_record(limit: usize) -> String {
    format!("a record longer than {}; --max-record raises the limit", size(limit))
}

/// Why a record is set aside that has a cell longer than [`Limits::cell_bytes`].
pub(super) fn over_long_cell(column: &str, limit: usize) -> String {
    let column = crate::error::visible(column);
    format!("column {column} holds more than {}; --max-cell raises the limit", size(limit))
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_written_in_the_largest_unit_that_divides_them() {
        let written = [0, 1000, 1024, 1536, 1 << 20, 3 << 20].map(size);
        assert_eq!(written, ["0 bytes", "1000 bytes", "1 KiB", "1536 bytes", "1 MiB", "3 MiB"]);
    }
}
