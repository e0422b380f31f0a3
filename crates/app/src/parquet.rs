//! `outcomes.csv` -> `outcomes.parquet`: the same rows in columns, for tools that read those faster.
//!
//! Written from the finished CSV, so that whatever made that file (one run, one that was interrupted, shards) makes this
//! one too. The bytes follow from the rows alone: no time and no version stands in them.

use std::io;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnWriterImpl;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};
use sha2::{Digest, Sha256};

use crate::load::hexadecimal;
use crate::refuse::Error;
use crate::world::{Output, World};

/// Rows that are held in memory and written together.
const GROUP: usize = 1 << 16;

/// Writes the rows of `outcomes.csv` in a folder; gives the SHA-256 of the file. Columns are texts
/// (`patient`, which may be the id of a subject, `arm`, `outcome`, `failure`) and numbers; an empty field is null.
///
/// # Errors
/// What the file system says, or a CSV that is not one of ours.
pub(crate) fn write_rows(world: &dyn World, folder: &Path) -> Result<String, Error> {
    write_groups(world, folder, GROUP)
}

fn write_groups(world: &dyn World, folder: &Path, group: usize) -> Result<String, Error> {
    let (source, path) = (folder.join("outcomes.csv"), folder.join("outcomes.parquet"));
    let mut rows = csv::Reader::from_reader(world.reader(&source).map_err(Error::io(&source, "read"))?);
    let header = rows.headers().map_err(|e| Error::io(&source, "read")(io::Error::other(e)))?.clone();
    let kinds: Vec<Kind> = header.iter().map(Kind::of).collect();
    let file = world.open(&path).map_err(Error::io(&path, "write"))?;
    let failed = |error: ParquetError| Error::io(&path, "write")(io::Error::other(error));
    let properties = WriterProperties::builder().set_created_by("hepatica".into()).build();
    let sink = Sink { file, hash: Sha256::new() };
    let schema = schema(&header, &kinds).map_err(failed)?;
    let mut writer = SerializedFileWriter::new(sink, schema, Arc::new(properties)).map_err(failed)?;
    let mut record = csv::StringRecord::new();
    loop {
        let mut columns: Vec<Column> = kinds.iter().map(|kind| kind.column()).collect();
        let mut count = 0;
        while count < group
            && rows.read_record(&mut record).map_err(|e| Error::io(&source, "read")(io::Error::other(e)))?
        {
            count += 1;
            for (column, field) in columns.iter_mut().zip(&record) {
                column.push(field).map_err(|why| Error::io(&source, "read")(io::Error::other(why)))?;
            }
        }
        if count == 0 {
            break;
        }
        let mut to = writer.next_row_group().map_err(failed)?;
        for column in &columns {
            column.write(&mut to).map_err(failed)?;
        }
        to.close().map_err(failed)?;
    }
    let Sink { file, hash } = writer.into_inner().map_err(failed)?;
    file.finish().map_err(Error::io(&path, "write"))?;
    Ok(hexadecimal(&hash.finalize()))
}

/// What a column of `outcomes.csv` holds.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    OptionalText,
    Number,
}

impl Kind {
    fn of(name: &str) -> Kind {
        match name {
            "patient" | "arm" | "outcome" => Kind::Text,
            "failure" => Kind::OptionalText,
            _ => Kind::Number,
        }
    }

    fn column(self) -> Column {
        match self {
            Kind::Text => Column::Texts(Vec::new()),
            Kind::OptionalText => Column::OptionalTexts(Vec::new(), Vec::new()),
            Kind::Number => Column::Numbers(Vec::new(), Vec::new()),
        }
    }
}

/// Values of a column; of those that may lack, the ones there are and a 1 or 0 for every row.
enum Column {
    Texts(Vec<ByteArray>),
    OptionalTexts(Vec<ByteArray>, Vec<i16>),
    Numbers(Vec<f64>, Vec<i16>),
}

impl Column {
    fn push(&mut self, field: &str) -> Result<(), String> {
        let there = i16::from(!field.is_empty());
        match self {
            Column::Texts(values) => values.push(field.into()),
            Column::OptionalTexts(values, present) => {
                present.push(there);
                values.extend((there == 1).then(|| field.into()));
            }
            Column::Numbers(values, present) => {
                present.push(there);
                if there == 1 {
                    values.push(field.parse().map_err(|_| format!("`{field}` is no number"))?);
                }
            }
        }
        Ok(())
    }

    fn write(&self, to: &mut SerializedRowGroupWriter<'_, Sink>) -> Result<(), ParquetError> {
        let Some(mut column) = to.next_column()? else {
            return Err(ParquetError::General("a column more than the schema has".into()));
        };
        fn put<T: DataType>(
            to: &mut ColumnWriterImpl<'_, T>,
            values: &[T::T],
            present: Option<&[i16]>,
        ) -> Result<(), ParquetError> {
            to.write_batch(values, present, None).map(drop)
        }
        match self {
            Column::Texts(values) => put::<ByteArrayType>(column.typed(), values, None)?,
            Column::OptionalTexts(values, there) => {
                put::<ByteArrayType>(column.typed(), values, Some(there))?
            }
            Column::Numbers(values, there) => put::<DoubleType>(column.typed(), values, Some(there))?,
        }
        column.close()
    }
}

fn schema(header: &csv::StringRecord, kinds: &[Kind]) -> Result<TypePtr, ParquetError> {
    let column = |(name, kind): (&str, &Kind)| {
        let (physical, logical, repetition) = match kind {
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String), Repetition::REQUIRED),
            Kind::OptionalText => (Physical::BYTE_ARRAY, Some(LogicalType::String), Repetition::OPTIONAL),
            Kind::Number => (Physical::DOUBLE, None, Repetition::OPTIONAL),
        };
        let column = Type::primitive_type_builder(name, physical).with_logical_type(logical);
        column.with_repetition(repetition).build().map(Arc::new)
    };
    let columns = header.iter().zip(kinds).map(column).collect::<Result<Vec<_>, _>>()?;
    Type::group_type_builder("outcomes").with_fields(columns).build().map(Arc::new)
}

/// A file on its way and the hash of its bytes.
struct Sink {
    file: Box<dyn Output>,
    hash: Sha256,
}

impl io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)?;
        self.hash.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    use super::*;
    use crate::load::sha256;
    use crate::world::Disk;

    const CSV: &str = "patient,arm,alt_peak,inr_peak,outcome,failure\n\
        1,\"NAC, 8 h\",25.000000000000004,1,no injury,\n\
        1,untreated,1e300,0.1,hepatotoxicity,\n\
        2,\"NAC, 8 h\",,,failed,\"no dose, \"\"too light\"\"\"\n\
        3,\"NAC, 8 h\",-0.5,inf,no injury,\n\
        10000000000,untreated,5e-324,,no injury,\n";

    /// A row as it would stand in the CSV.
    fn fields(row: &parquet::record::Row) -> Vec<String> {
        let text = |field: &Field| match field {
            Field::Null => String::new(),
            Field::Double(x) => format!("{x:?}"),
            Field::Str(text) => text.clone(),
            other => panic!("{other:?}"),
        };
        row.get_column_iter().map(|(_, field)| text(field)).collect()
    }

    #[test]
    fn the_rows_are_those_of_the_csv_and_the_bytes_are_theirs() {
        let folder = tempfile::tempdir().unwrap();
        let world = Disk::new(false);
        std::fs::write(folder.path().join("outcomes.csv"), CSV).unwrap();
        let mut written = Vec::new();
        for group in [2, 2, 100] {
            let sha = write_groups(&world, folder.path(), group).unwrap();
            let bytes = std::fs::read(folder.path().join("outcomes.parquet")).unwrap();
            assert_eq!(sha256(&bytes), sha);
            let file = std::fs::File::open(folder.path().join("outcomes.parquet")).unwrap();
            let reader = SerializedFileReader::new(file).unwrap();
            assert_eq!(reader.num_row_groups(), 5usize.div_ceil(group));
            let rows = reader.get_row_iter(None).unwrap().map(|row| fields(&row.unwrap()));
            let number = |text: &str| text.parse::<f64>().map_or(text.to_string(), |x| format!("{x:?}"));
            let mut expected = csv::Reader::from_reader(CSV.as_bytes());
            let expected = expected.records().map(|record| {
                let record = record.unwrap();
                record
                    .iter()
                    .enumerate()
                    .map(|(k, f)| if k == 2 || k == 3 { number(f) } else { f.into() })
                    .collect::<Vec<String>>()
            });
            assert_eq!(rows.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
            written.push(bytes);
        }
        assert!(written[0] == written[1]);
    }

    #[test]
    fn no_rows_are_a_file_and_other_texts_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let world = Disk::new(false);
        let write = |text: &str| {
            std::fs::write(folder.path().join("outcomes.csv"), text).unwrap();
            write_rows(&world, folder.path())
        };
        write("patient,arm,outcome,failure\n").unwrap();
        let whole = folder.path().join("outcomes.parquet");
        std::fs::remove_file(&whole).unwrap();
        for bad in ["patient,x\n1,much\n", "patient,x\n1\n"] {
            assert!(write(bad).is_err(), "{bad}");
            assert!(!whole.exists());
        }
    }
}
