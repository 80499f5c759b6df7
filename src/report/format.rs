//! The formats in which tables are written.

use std::path::Path;

use crate::input::Format;

/// A format that tables are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableFormat {
    /// Separated values with a header.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// Apache Parquet.
    Parquet,
}

impl TableFormat {
    /// The format that the ending of a file's name promises.
    pub fn from_ending(path: &Path) -> Option<TableFormat> {
        match Format::from_ending(path)? {
            Format::Csv => Some(TableFormat::Csv),
            Format::Ndjson | Format::Json => Some(TableFormat::Ndjson),
            Format::Parquet => Some(TableFormat::Parquet),
            Format::Xlsx => None,
        }
    }

    /// The format that is closest to one that was read.
    pub fn like(format: Format) -> TableFormat {
        match format {
            Format::Csv | Format::Xlsx => TableFormat::Csv,
            Format::Ndjson | Format::Json => TableFormat::Ndjson,
            Format::Parquet => TableFormat::Parquet,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_that_is_read_has_one_to_be_written_in() {
        for (format, ending, written) in [
            (Format::Csv, "csv", TableFormat::Csv),
            (Format::Ndjson, "ndjson", TableFormat::Ndjson),
            (Format::Json, "json", TableFormat::Ndjson),
            (Format::Parquet, "parquet", TableFormat::Parquet),
        ] {
            assert_eq!(TableFormat::like(format), written);
            assert_eq!(
                TableFormat::from_ending(Path::new("x").with_extension(ending).as_path()),
                Some(written)
            );
        }
        assert_eq!(TableFormat::like(Format::Xlsx), TableFormat::Csv);
        assert_eq!(TableFormat::from_ending(Path::new("x.xlsx")), None);
    }
}
