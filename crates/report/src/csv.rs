//! Comma-separated values: the one place where CSV is written.
//!
//! Quoting follows RFC 4180: a field with a comma, a quote or a line break stands in quotes, and quotes inside
//! are doubled. We differ in one point: lines end with a line feed alone, which every reader accepts and line
//! tools expect.

use std::fmt;

use crate::number;

/// One field of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Field<'a> {
    /// Text, quoted where needed.
    Text(&'a str),
    /// A number in its shortest form that reads back as the same `f64`; `NaN` is an empty field.
    Number(f64),
    /// A whole number.
    Count(u64),
    /// Nothing.
    Empty,
}

impl<'a> From<&'a str> for Field<'a> {
    fn from(text: &'a str) -> Self {
        Field::Text(text)
    }
}

impl<'a> From<&'a String> for Field<'a> {
    fn from(text: &'a String) -> Self {
        Field::Text(text)
    }
}

impl From<f64> for Field<'_> {
    fn from(value: f64) -> Self {
        Field::Number(value)
    }
}

impl From<u64> for Field<'_> {
    fn from(value: u64) -> Self {
        Field::Count(value)
    }
}

impl<'a, T: Into<Field<'a>>> From<Option<T>> for Field<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Field::Empty, Into::into)
    }
}

/// A row that has another number of cells than the header has columns. The row was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowWidth {
    /// The number of columns.
    pub expected: usize,
    /// The number of cells given.
    pub found: usize,
}

impl fmt::Display for RowWidth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the row has {} cells, but the table has {} columns", self.found, self.expected)
    }
}

impl std::error::Error for RowWidth {}

/// Rows of a CSV file under construction. It holds text only; whoever owns the file writes it, at once with
/// [`finish`](Self::finish) or piece by piece with [`take`](Self::take).
#[derive(Clone, Debug)]
pub struct CsvWriter {
    columns: usize,
    text: String,
}

impl CsvWriter {
    /// Starts with a header row.
    #[must_use]
    pub fn new<S: AsRef<str>>(header: &[S]) -> Self {
        let mut writer = Self { columns: header.len(), text: String::new() };
        writer.line(header.iter().map(|name| Field::Text(name.as_ref())));
        writer
    }

    /// Adds a row.
    ///
    /// # Errors
    /// [`RowWidth`] when `fields` is not as long as the header.
    pub fn row(&mut self, fields: &[Field<'_>]) -> Result<(), RowWidth> {
        if fields.len() != self.columns {
            return Err(RowWidth { expected: self.columns, found: fields.len() });
        }
        self.line(fields.iter().copied());
        Ok(())
    }

    /// The bytes that were not yet taken.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.text.len()
    }

    /// The text written since the last call, for streaming to a file; the writer goes on empty.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// The text that was not yet taken.
    #[must_use]
    pub fn finish(self) -> String {
        self.text
    }

    fn line<'a>(&mut self, fields: impl Iterator<Item = Field<'a>>) {
        for (index, field) in fields.enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            self.field(field, self.columns == 1);
        }
        self.text.push('\n');
    }

    /// In a table of one column an empty field is written as `""`, or its row would read as a blank line.
    fn field(&mut self, field: Field<'_>, alone: bool) {
        let start = self.text.len();
        match field {
            Field::Text(text) if text.contains([',', '"', '\n', '\r']) => {
                self.text.push('"');
                self.text.push_str(&text.replace('"', "\"\""));
                self.text.push('"');
            }
            Field::Text(text) => self.text.push_str(text),
            Field::Number(value) => self.text.push_str(&number::exact(value)),
            Field::Count(value) => self.text.push_str(&value.to_string()),
            Field::Empty => {}
        }
        if alone && self.text.len() == start {
            self.text.push_str("\"\"");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_as_rfc_4180_says() {
        let mut csv = CsvWriter::new(&["arm", "note", "x [mg/L]"]);
        csv.row(&["NAC, 8 h".into(), "says \"no\"\nthen yes".into(), 0.1.into()]).unwrap();
        csv.row(&["".into(), Field::Empty, f64::NAN.into()]).unwrap();
        csv.row(&["a".into(), Field::Count(7), Some(1e-9).into()]).unwrap();
        let expected = "arm,note,x [mg/L]\n\"NAC, 8 h\",\"says \"\"no\"\"\nthen yes\",0.1\n,,\na,7,1e-9\n";
        assert_eq!(csv.finish(), expected);
    }

    #[test]
    fn a_row_of_the_wrong_width_is_refused_and_leaves_no_trace() {
        let mut csv = CsvWriter::new(&["a", "b"]);
        let refused = csv.row(&[1.0.into()]).unwrap_err();
        assert_eq!(refused, RowWidth { expected: 2, found: 1 });
        assert_eq!(refused.to_string(), "the row has 1 cells, but the table has 2 columns");
        assert_eq!(csv.finish(), "a,b\n");
    }

    #[test]
    fn pieces_taken_make_the_same_file() {
        let mut csv = CsvWriter::new(&["only"]);
        let head = csv.take();
        csv.row(&[Field::Empty]).unwrap();
        assert_eq!(head + &csv.finish(), "only\n\"\"\n");
    }
}
