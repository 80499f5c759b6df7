//! A table on its way out: columns of the input as they were, and added ones behind them.

use std::io::Write;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::format::TableFormat;
use super::parquet::ParquetTable;
use super::rendered::{Rendered, Rows, TableRenderer};
use super::target::{OutputFile, Target};
use crate::error::{Error, Location, Result};
use crate::input::RawBatch;

/// How a table is written.
#[derive(Clone, Debug)]
pub struct TableOptions {
    /// The format.
    pub format: TableFormat,
    /// Which columns of the input are passed through, by index, in the order in which they are
    /// written.
    pub columns: Vec<usize>,
    /// True to leave CSV text that a spreadsheet would run as a formula as it is.
    pub raw_text: bool,
    /// What stands between the fields of CSV.
    pub delimiter: u8,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Rows, the header not counted.
    pub n_rows: u64,
    /// Names and cells that got an apostrophe so that no spreadsheet runs them.
    pub n_neutralized: u64,
}

/// Writes a table block by block. Nothing is seen of it before [`TableWriter::finish`], unless it
/// goes to standard output.
pub struct TableWriter {
    renderer: Arc<TableRenderer>,
    table: Table,
    written: Written,
}

/// Where rows go.
enum Table {
    Bytes(OutputFile),
    Parquet(Box<ParquetTable>),
}

impl TableWriter {
    /// Opens the target for the rows of a renderer.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`] when the target cannot be written.
    pub fn open(target: &Target, renderer: Arc<TableRenderer>) -> Result<TableWriter> {
        let output = OutputFile::create(target)?;
        if renderer.is_parquet() {
            let table = ParquetTable::create(output, Arc::clone(renderer.header()))?;
            let table = Table::Parquet(Box::new(table));
            return Ok(TableWriter { renderer, table, written: Written::default() });
        }
        let begin = renderer.begin();
        let table = Table::Bytes(output);
        let mut own = TableWriter { renderer, table, written: Written::default() };
        own.write_rendered(begin)?;
        Ok(own)
    }

    /// Opens the target for rows of the passed-through columns of `input_schema`, and behind them
    /// the columns of `added`.
    ///
    /// # Errors
    /// Those of [`TableRenderer::new`] and [`TableWriter::open`].
    pub fn create(
        target: &Target,
        input_schema: &SchemaRef,
        added: &SchemaRef,
        options: TableOptions,
    ) -> Result<Self> {
        TableWriter::open(target, Arc::new(TableRenderer::new(input_schema, added, options)?))
    }

    /// Adds the rows of a block; `added` has a row for each of its records.
    ///
    /// # Errors
    /// Those of [`TableRenderer::render`] and [`TableWriter::write_rendered`].
    pub fn write(&mut self, raw: &RawBatch, added: &RecordBatch) -> Result<()> {
        self.write_rendered(self.renderer.render(raw, added)?)
    }

    /// Adds rows that the renderer of this table made ready.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`] when the target cannot be written.
    pub fn write_rendered(&mut self, rendered: Rendered) -> Result<()> {
        match (&mut self.table, rendered.rows) {
            (Table::Bytes(output), Rows::Bytes(bytes)) => {
                output.write_all(&bytes).map_err(|error| output.fault(error))?;
                self.renderer.take_back(bytes);
            }
            (Table::Parquet(table), Rows::Table(rows)) => table.write(&rows)?,
            (Table::Bytes(output), Rows::Table(_)) => return Err(of_another(output.name())),
            (Table::Parquet(table), Rows::Bytes(_)) => return Err(of_another(table.name())),
        }
        self.written.n_rows += rendered.n_rows;
        self.written.n_neutralized += rendered.n_neutralized;
        Ok(())
    }

    /// Completes the table and lets it be seen.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`]; a file that was there before is then unchanged.
    pub fn finish(self) -> Result<Written> {
        let output = match self.table {
            Table::Bytes(output) => output,
            Table::Parquet(table) => table.finish()?,
        };
        output.finish()?;
        Ok(self.written)
    }
}

/// The error for rows that another renderer made than that of the table.
fn of_another(name: &str) -> Error {
    Error::format(Location::file(name), "this table", "its rows were made for another format")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use arrow_array::types::Int64Type;
    use arrow_array::{
        Array, ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, ListArray,
        RecordBatchOptions, StringArray,
    };
    use arrow_schema::{DataType, Field, Schema};
    use parquet::arrow::ArrowWriter;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use proptest::prelude::*;

    use super::*;
    use crate::input::{Input, ReadOptions};

    fn options(format: TableFormat, columns: Vec<usize>) -> TableOptions {
        TableOptions { format, columns, raw_text: false, delimiter: b',' }
    }

    fn open(path: &Path, block_rows: usize) -> Input {
        let options = ReadOptions { block_rows, ..ReadOptions::default() };
        Input::open(&[path.to_owned()], &options).expect("opened")
    }

    /// The columns that scoring might add: a number, a text, a truth and a list.
    fn added(n_rows: usize) -> RecordBatch {
        let list = ListArray::from_iter_primitive::<Int64Type, _, _>(
            (0_i64..).take(n_rows).map(|row| Some(vec![Some(row)])),
        );
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("p", Arc::new(Float64Array::from(vec![0.1; n_rows]))),
            ("why", Arc::new(StringArray::from(vec![Some("-x"); n_rows]))),
            ("flag", Arc::new(BooleanArray::from(vec![true; n_rows]))),
            ("list", Arc::new(list)),
        ];
        RecordBatch::try_from_iter(columns).expect("a batch")
    }

    /// Writes an input with the added columns; the account and the text.
    fn rewritten(source: &str, ending: &str, options: TableOptions) -> (Written, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(format!("in.{ending}"));
        fs::write(&path, source).expect("written");
        let out = folder.path().join("out");
        let mut input = open(&path, 2);
        let target = Target::File(out.clone());
        let schema = added(0).schema();
        let mut writer =
            TableWriter::create(&target, input.schema(), &schema, options).expect("created");
        while let Some(block) = input.next_block().expect("read") {
            writer.write(&block.batch, &added(block.batch.n_records())).expect("written");
        }
        let written = writer.finish().expect("finished");
        (written, fs::read_to_string(out).expect("text"))
    }

    #[test]
    fn csv_keeps_its_columns_and_runs_no_formula() {
        let source = "id,=t,price\n007,\"a \"\"b\"\", c\",-5\n8,=1+1,\n9,@x,+x\n";
        let (written, text) = rewritten(source, "csv", options(TableFormat::Csv, vec![0, 1, 2]));
        assert_eq!(
            text,
            "id,'=t,price,p,why,flag\n\
             007,\"a \"\"b\"\", c\",-5,0.1,'-x,true\n\
             8,'=1+1,,0.1,'-x,true\n\
             9,'@x,'+x,0.1,'-x,true\n"
        );
        // The name `=t`, three cells of the file and three added ones.
        assert_eq!(written, Written { n_rows: 3, n_neutralized: 7 });

        let raw =
            TableOptions { raw_text: true, delimiter: b';', ..options(TableFormat::Csv, vec![1]) };
        let (written, text) = rewritten(source, "csv", raw);
        assert_eq!(
            text,
            "=t;p;why;flag\n\"a \"\"b\"\", c\";0.1;-x;true\n=1+1;0.1;-x;true\n@x;0.1;-x;true\n"
        );
        assert_eq!(written.n_neutralized, 0);
    }

    #[test]
    fn ndjson_objects_stay_as_they_stand() {
        let source = "{ \"a\" : 1.0,\"b\":{\"c\": [1]} } \n{\"b\":\"\\u0041\"}\n{}\n";
        let (written, text) = rewritten(source, "ndjson", options(TableFormat::Ndjson, vec![0, 1]));
        let more = "\"p\":0.1,\"why\":\"-x\",\"flag\":true}";
        assert_eq!(
            text,
            format!(
                "{{ \"a\" : 1.0,\"b\":{{\"c\": [1]}} ,{more}\n{{\"b\":\"\\u0041\",{more}\n{{{more}\n"
            )
        );
        assert_eq!(written, Written { n_rows: 3, n_neutralized: 0 });

        let (_, text) = rewritten(source, "ndjson", options(TableFormat::Ndjson, vec![1]));
        assert_eq!(
            text,
            format!(
                "{{\"b\":\"{{\\\"c\\\":[1]}}\",{more}\n{{\"b\":\"A\",{more}\n{{\"b\":null,{more}\n"
            )
        );
    }

    fn parquet_file(path: &Path, batch: &RecordBatch) {
        let file = fs::File::create(path).expect("a file");
        let mut writer = ArrowWriter::try_new(file, batch.schema(), None).expect("a writer");
        writer.write(batch).expect("written");
        writer.close().expect("closed");
    }

    #[test]
    fn parquet_columns_keep_their_types_and_have_a_text_in_csv_and_ndjson() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("in.parquet");
        let batch = RecordBatch::try_from_iter(vec![
            ("id", Arc::new(Int64Array::from(vec![1, 2])) as ArrayRef),
            ("day", Arc::new(Date32Array::from(vec![Some(19_782), None]))),
            ("x", Arc::new(Float64Array::from(vec![f64::NAN, 1e21]))),
        ])
        .expect("a batch");
        parquet_file(&path, &batch);
        let cases = [
            (
                TableFormat::Csv,
                "id,day,x,p,why,flag\n1,2024-02-29,NaN,0.1,'-x,true\n\
                 2,,1000000000000000000000,0.1,'-x,true\n",
            ),
            (
                TableFormat::Ndjson,
                "{\"id\":1,\"day\":\"2024-02-29\",\"x\":null,\"p\":0.1,\"why\":\"-x\",\"flag\":true}\n\
                 {\"id\":2,\"day\":null,\"x\":1000000000000000000000,\"p\":0.1,\"why\":\"-x\",\"flag\":true}\n",
            ),
        ];
        let write = |format, out: &Path| {
            let mut input = open(&path, 10);
            let block = input.next_block().expect("read").expect("a block");
            let mut writer = TableWriter::create(
                &Target::File(out.to_owned()),
                input.schema(),
                &added(0).schema(),
                options(format, vec![0, 1, 2]),
            )
            .expect("created");
            writer.write(&block.batch, &added(2)).expect("written");
            writer.finish().expect("finished");
        };
        let out = folder.path().join("out");
        for (format, expected) in cases {
            write(format, &out);
            assert_eq!(fs::read_to_string(&out).expect("text"), expected);
        }
        write(TableFormat::Parquet, &out);
        let again = open(&out, 10).next_block().expect("read").expect("a block");
        let table = &again.batch.table;
        for index in 0..2 {
            assert_eq!(table.column(index), batch.column(index));
        }
        for index in 0..4 {
            assert_eq!(table.column(3 + index), added(2).column(index));
        }
    }

    #[test]
    fn row_groups_are_bounded_and_compressed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out.parquet");
        let n_rows = 600_000;
        let ids = Int64Array::from_iter_values((0_i64..).take(n_rows));
        let batch =
            RecordBatch::try_from_iter(vec![("id", Arc::new(ids) as ArrayRef)]).expect("a batch");
        let source = folder.path().join("in.parquet");
        parquet_file(&source, &batch);
        let mut input = open(&source, n_rows);
        let none = Arc::new(Schema::empty());
        let mut writer = TableWriter::create(
            &Target::File(path.clone()),
            input.schema(),
            &none,
            options(TableFormat::Parquet, vec![0]),
        )
        .expect("created");
        while let Some(block) = input.next_block().expect("read") {
            let options = RecordBatchOptions::new().with_row_count(Some(block.batch.n_records()));
            let nothing = RecordBatch::try_new_with_options(Arc::clone(&none), vec![], &options)
                .expect("a batch without columns");
            writer.write(&block.batch, &nothing).expect("written");
        }
        writer.finish().expect("finished");
        let reader =
            SerializedFileReader::new(fs::File::open(&path).expect("a file")).expect("parquet");
        let groups = reader.metadata().row_groups();
        let sizes: Vec<i64> =
            groups.iter().map(parquet::file::metadata::RowGroupMetaData::num_rows).collect();
        assert_eq!(sizes, [250_000, 250_000, 100_000]);
        let compression = groups[0].column(0).compression();
        assert!(format!("{compression:?}").starts_with("ZSTD"), "{compression:?}");
    }

    #[test]
    fn a_name_that_would_stand_twice_is_refused_before_anything_is_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let out: PathBuf = folder.path().join("out");
        let field = |name: &str| Field::new(name, DataType::Utf8, true);
        let input: SchemaRef = Arc::new(Schema::new(vec![field("id"), field("p")]));
        let create = |columns| {
            let target = Target::File(out.clone());
            let options = options(TableFormat::Csv, columns);
            TableWriter::create(&target, &input, &added(0).schema(), options)
        };
        for columns in [vec![0, 1], vec![0, 2]] {
            let error = create(columns).err().expect("an error");
            assert!(error.to_string().starts_with("--columns: "), "{error}");
        }
        drop(create(vec![0]).expect("created"));
        assert!(!out.exists());
    }

    /// Cells as hostile as cells get, none of which a spreadsheet would run.
    fn cell() -> impl Strategy<Value = Option<String>> {
        prop_oneof![
            1 => Just(None),
            2 => "[a-z\"\n\r,;|\t' ]{1,6}".prop_map(Some),
            2 => "\\PC{1,6}".prop_map(Some),
            1 => "[\u{0}-\u{1f}\u{feff}\u{1f600}é\\\\\"]{1,4}".prop_map(Some),
        ]
    }

    fn table(rows: &[Vec<Option<String>>]) -> RecordBatch {
        let columns = (0..3).map(|index| {
            let cells: StringArray = rows.iter().map(|row| row[index].as_deref()).collect();
            (format!("c{index}"), Arc::new(cells) as ArrayRef)
        });
        RecordBatch::try_from_iter_with_nullable(columns.map(|(name, cells)| (name, cells, true)))
            .expect("a batch")
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn any_table_is_read_back_as_it_was_written(
            rows in prop::collection::vec(prop::collection::vec(cell(), 3), 1..20),
            block_rows in 1usize..8,
            delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        ) {
            let batch = table(&rows);
            let folder = tempfile::tempdir().expect("a folder");
            let out = folder.path().join("out");
            for format in [TableFormat::Csv, TableFormat::Ndjson] {
                let n_rows = batch.num_rows();
                let raw = RawBatch::of(batch.clone(), "memory");
                let options = TableOptions { raw_text: true, delimiter, ..options(format, vec![0, 1, 2]) };
                let flags = BooleanArray::from(vec![true; n_rows]);
                let flags = RecordBatch::try_from_iter(vec![("flag", Arc::new(flags) as ArrayRef)])
                    .expect("a batch");
                let target = Target::File(out.clone());
                let mut writer =
                    TableWriter::create(&target, &batch.schema(), &flags.schema(), options)
                        .expect("created");
                writer.write(&raw, &flags).expect("written");
                writer.finish().expect("finished");

                let mut input = open(&out, block_rows);
                prop_assert_eq!(TableFormat::like(input.format()), format);
                let mut row = 0;
                while let Some(block) = input.next_block().expect("read") {
                    prop_assert!(block.rejects.is_empty(), "{:?}", block.rejects);
                    let found = &block.batch.table;
                    for column in 0..3 {
                        let expected = batch.column(column).slice(row, found.num_rows());
                        prop_assert_eq!(found.column(column), &expected);
                    }
                    row += found.num_rows();
                }
                prop_assert_eq!(row, n_rows);
            }
        }
    }
}
