//! A mapping and all files of an input: the columns that one file has and another lacks.

use arrow_schema::Schema;

use super::aliases::recognize;
use super::mapping::{Mapping, ResolvedMapping};
use super::schema::Column;
use crate::error::{Error, ErrorKind, Result, visible};
use crate::input::Input;

impl Mapping {
    /// Finds the columns of an input. `learning` tells that the label is needed.
    ///
    /// Files may lack columns that other files have, as long as nobody asked for them: what is
    /// required, mapped or an extra column must be in each. A column that goes by another name in
    /// each of two files would be read from one and passed over in the other, and is refused.
    ///
    /// # Errors
    /// Those of [`Mapping::resolve`], and [`ErrorKind::ColumnsDiffer`] naming two files.
    pub fn resolve_input(&self, input: &Input, learning: bool) -> Result<ResolvedMapping> {
        let resolved = self.resolve(&input.name(), input.schema(), learning)?;
        let files: Vec<(&str, &Schema)> =
            input.files().map(|(name, schema)| (name, schema.as_ref())).collect();
        for (name, schema) in &files {
            for column in Column::all() {
                let Some(theirs) = resolved.spelled(column) else { continue };
                if schema.column_with_name(theirs).is_some() {
                    continue;
                }
                let means_it = |name: &str| recognize(name).is_some_and(|(own, _)| own == column);
                let other = schema.fields().iter().find(|field| means_it(field.name()));
                let is_needed = column.info().required
                    || self.names(column)
                    || (learning && column == Column::IsCounterfeit);
                if let Some(other) = other {
                    let difference = format!(
                        "its column {} reads as `{}`, which is {} there; name them alike",
                        visible(other.name()),
                        column.name(),
                        visible(theirs),
                    );
                    return Err(differ(&files, theirs, name, difference));
                }
                if is_needed {
                    let difference = format!("it lacks {}", visible(theirs));
                    return Err(differ(&files, theirs, name, difference));
                }
            }
            let lacking = resolved.extra_names().find(|own| schema.column_with_name(own).is_none());
            if let Some(lacking) = lacking {
                let difference = format!("it lacks {}", visible(lacking));
                return Err(differ(&files, lacking, name, difference));
            }
        }
        resolved.with_conventions(input.sample())
    }
}

/// The error for a file that differs from the first that has a column.
fn differ(files: &[(&str, &Schema)], theirs: &str, name: &str, difference: String) -> Error {
    let first = files.iter().find(|(_, schema)| schema.column_with_name(theirs).is_some());
    ErrorKind::ColumnsDiffer {
        first: first.map_or_else(String::new, |(name, _)| visible(name)),
        second: visible(name),
        difference,
    }
    .into()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;
    use crate::input::ReadOptions;
    use crate::listing::{Cell, ListingBatch};

    /// Files of these texts in a folder of their own, named a.csv, b.csv, c.csv.
    fn files(texts: &[&str]) -> (tempfile::TempDir, Vec<PathBuf>) {
        let folder = tempfile::tempdir().unwrap();
        let paths = texts.iter().zip(["a.csv", "b.csv", "c.csv"]).map(|(text, name)| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        });
        let paths = paths.collect();
        (folder, paths)
    }

    fn refusal(texts: &[&str], mapping: &Mapping) -> String {
        let (folder, paths) = files(texts);
        let input = Input::open(&paths, &ReadOptions::default()).unwrap();
        let error = mapping.resolve_input(&input, false).unwrap_err().to_string();
        error.replace(&format!("{}/", folder.path().display()), "")
    }

    #[test]
    fn an_optional_column_may_be_in_one_file_only_and_is_unknown_in_the_others() {
        let (_folder, paths) = files(&[
            "id,title,price,brand\n1,bag,5,\n",
            "title,note,id,price\nbelt,x,2,\n",
            "id,title,brand\n3,hat,Zelquist\n",
        ]);
        let mut input = Input::open(&paths, &ReadOptions::default()).unwrap();
        let names: Vec<&str> =
            input.schema().fields().iter().map(|field| field.name().as_str()).collect();
        assert_eq!(names, ["id", "title", "price", "brand", "note"]);
        let resolved = Mapping::default().resolve_input(&input, false).unwrap();
        let mut batches = Vec::new();
        while let Some(block) = input.next_block().unwrap() {
            batches.push(resolved.read(&block.batch).unwrap().listings);
        }
        let all = ListingBatch::concat(batches);
        let rows = 0..3;
        let ids: Vec<_> =
            rows.clone().map(|row| all.text(Column::ListingId, row).value()).collect();
        assert_eq!(ids, [Some("1"), Some("2"), Some("3")]);
        let brands: Vec<_> = rows.clone().map(|row| all.text(Column::Brand, row)).collect();
        assert_eq!(brands, [Cell::Missing, Cell::Unknown, Cell::Value("Zelquist")]);
        let prices: Vec<_> = rows.map(|row| all.number(Column::Price, row)).collect();
        assert_eq!(prices, [Cell::Value(5.0), Cell::Missing, Cell::Unknown]);
    }

    #[test]
    fn a_difference_that_matters_names_both_files() {
        let own = Mapping::default();
        assert_eq!(
            refusal(&["id,title\n1,a\n", "id,name\n2,b\n"], &own),
            "b.csv: its columns differ from those of a.csv: its column name reads as `title`, \
             which is title there; name them alike"
        );
        assert_eq!(
            refusal(&["id,title,preis\n1,a,5\n", "id,title,price\n2,b,6\n"], &own),
            "a.csv: its columns differ from those of b.csv: its column preis reads as `price`, \
             which is price there; name them alike"
        );
        assert_eq!(
            refusal(&["id,title\n1,a\n", "id,text\n2,b\n"], &own),
            "b.csv: its columns differ from those of a.csv: it lacks title"
        );
        let mapped = own.with_column(Column::Brand, "maker", "--mapping");
        assert_eq!(
            refusal(&["id,title,maker\n1,a,x\n", "id,title\n2,b\n"], &mapped),
            "b.csv: its columns differ from those of a.csv: it lacks maker"
        );
    }
}
