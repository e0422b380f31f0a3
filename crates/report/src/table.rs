//! The declaration of a table: typed columns and rows of cells, to be shown as HTML, plain text or CSV.

use crate::csv::{CsvWriter, Field, RowWidth};
use crate::number;
use hepatica_source::Status;

/// What a column holds, which decides alignment and digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// Numbers with this many significant digits, or as short as possible.
    Number(Option<usize>),
    Interval(usize),
    Badge,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub(crate) name: String,
    pub(crate) unit: Option<String>,
    pub(crate) kind: Kind,
}

impl Column {
    fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self { name: name.into(), unit: None, kind }
    }

    /// Text, left aligned.
    pub fn text(name: impl Into<String>) -> Self {
        Self::new(name, Kind::Text)
    }

    /// Numbers with `digits` significant digits, right aligned.
    pub fn number(name: impl Into<String>, digits: usize) -> Self {
        Self::new(name, Kind::Number(Some(digits)))
    }

    /// Numbers as given, up to six significant digits without zeros at the end: doses, counts, constants.
    pub fn value(name: impl Into<String>) -> Self {
        Self::new(name, Kind::Number(None))
    }

    /// Estimates with intervals, or intervals alone, with `digits` significant digits.
    pub fn interval(name: impl Into<String>, digits: usize) -> Self {
        Self::new(name, Kind::Interval(digits))
    }

    /// Badges of a status.
    pub fn badge(name: impl Into<String>) -> Self {
        Self::new(name, Kind::Badge)
    }

    /// The unit of the column, shown in its heading.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }

    pub(crate) fn aligned_right(&self) -> bool {
        matches!(self.kind, Kind::Number(_) | Kind::Interval(_))
    }

    /// Name and unit: `Peak ALT (U/L)`.
    pub(crate) fn heading(&self) -> String {
        self.unit.as_ref().map_or_else(|| self.name.clone(), |unit| format!("{} ({unit})", self.name))
    }
}

/// One cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// An estimate with its interval, or an interval alone.
    Interval(Option<f64>, f64, f64),
    /// A badge.
    Badge(Status),
    /// Nothing to show.
    Missing,
}

impl Cell {
    /// An estimate with its interval.
    #[must_use]
    pub fn interval(value: f64, lower: f64, upper: f64) -> Self {
        Cell::Interval(Some(value), lower, upper)
    }

    /// The cell as people read it in a column.
    pub(crate) fn shown(&self, column: &Column) -> String {
        let digits = match column.kind {
            Kind::Number(digits) => digits,
            Kind::Interval(digits) => Some(digits),
            Kind::Text | Kind::Badge => None,
        };
        match self {
            Cell::Text(text) => text.clone(),
            Cell::Number(value) => match digits {
                Some(digits) => number::significant(*value, digits),
                None => number::short(*value, 6),
            },
            Cell::Interval(Some(value), lower, upper) => {
                number::interval(*value, *lower, *upper, digits.unwrap_or(3))
            }
            Cell::Interval(None, lower, upper) => number::range(*lower, *upper, digits.unwrap_or(3)),
            Cell::Badge(status) => status.word().to_owned(),
            Cell::Missing => number::MISSING.to_owned(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell::Text(text)
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Cell::Number(value)
    }
}

impl From<Status> for Cell {
    fn from(status: Status) -> Self {
        Cell::Badge(status)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Missing, Into::into)
    }
}

/// How a table uses a narrow screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Narrow {
    /// It scrolls sideways inside its own frame; the page stays still.
    #[default]
    Scroll,
    /// Each row becomes a block of labelled lines.
    Stack,
}

/// A table with typed columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub(crate) caption: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
    pub(crate) narrow: Narrow,
}

impl Table {
    /// A table without rows.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            caption: String::new(),
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
            narrow: Narrow::Scroll,
        }
    }

    /// The caption above the table.
    #[must_use]
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = caption.into();
        self
    }

    /// How the table uses a narrow screen.
    #[must_use]
    pub fn narrow(mut self, narrow: Narrow) -> Self {
        self.narrow = narrow;
        self
    }

    /// Adds a row.
    ///
    /// # Errors
    /// [`RowWidth`] when there are not as many cells as columns.
    pub fn push(&mut self, cells: impl IntoIterator<Item = Cell>) -> Result<(), RowWidth> {
        let cells: Vec<Cell> = cells.into_iter().collect();
        if cells.len() != self.columns.len() {
            return Err(RowWidth { expected: self.columns.len(), found: cells.len() });
        }
        self.rows.push(cells);
        Ok(())
    }

    /// The table with one more row, for chains.
    ///
    /// # Errors
    /// [`RowWidth`] when there are not as many cells as columns.
    pub fn row(mut self, cells: impl IntoIterator<Item = Cell>) -> Result<Self, RowWidth> {
        self.push(cells)?;
        Ok(self)
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as CSV, with numbers at full precision. A column of intervals becomes three columns: the name
    /// alone, and the name with `_lower` and `_upper`; units stand in square brackets behind the names.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut header = Vec::new();
        for column in &self.columns {
            let unit = column.unit.as_ref().map_or_else(String::new, |unit| format!(" [{unit}]"));
            header.push(format!("{}{unit}", column.name));
            if matches!(column.kind, Kind::Interval(_)) {
                header.push(format!("{}_lower{unit}", column.name));
                header.push(format!("{}_upper{unit}", column.name));
            }
        }
        let mut writer = CsvWriter::new(&header);
        for row in &self.rows {
            let fields: Vec<Field<'_>> =
                row.iter().zip(&self.columns).flat_map(|(cell, column)| fields(cell, column)).collect();
            let taken = writer.row(&fields);
            debug_assert!(taken.is_ok(), "each column yields as many fields as header names");
        }
        writer.finish()
    }
}

/// The fields of a cell, as many as its column has names in the header. An interval in a column of another kind
/// leaves its estimate only.
fn fields<'a>(cell: &'a Cell, column: &Column) -> Vec<Field<'a>> {
    let wide = matches!(column.kind, Kind::Interval(_));
    let first = match cell {
        Cell::Text(text) => Field::Text(text),
        Cell::Number(value) => Field::Number(*value),
        Cell::Interval(value, lower, upper) if wide => {
            return vec![(*value).into(), Field::Number(*lower), Field::Number(*upper)];
        }
        Cell::Interval(value, ..) => (*value).into(),
        Cell::Badge(status) => Field::Text(status.word()),
        Cell::Missing => Field::Empty,
    };
    if wide { vec![first, Field::Empty, Field::Empty] } else { vec![first] }
}
