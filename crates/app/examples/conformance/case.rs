//! A case: what to simulate and what must come out.

use std::path::{Path, PathBuf};

use hepatica_app::time_course::Column;

/// What to simulate and what must come out.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) tags: Vec<String>,
    pub(crate) model: PathBuf,
    pub(crate) duration: f64,
    pub(crate) steps: usize,
    pub(crate) columns: Vec<Column>,
    /// The expected values; `Err` when the case has none or they cannot be read.
    pub(crate) expected: Result<Table, String>,
    pub(crate) rule: Rule,
    pub(crate) task: Task,
}

/// What is done with a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// It is simulated and its values are compared.
    Simulate,
    /// It is read.
    Read,
    /// It is written as SBML and compared with this document.
    Structure(PathBuf),
}

/// When a value counts as right.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    /// `|c - u| <= absolute + relative*|c|` for an expected value `c`.
    Cell { absolute: f64, relative: f64 },
    /// `|c - u| <= relative*|c| + of_column*max|column| + absolute`.
    Column { absolute: f64, relative: f64, of_column: f64 },
    /// Only that it ends; the values are not known.
    Ends,
}

/// Expected values: `columns[k][i]` at `times[i]`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) times: Vec<f64>,
    pub(crate) names: Vec<String>,
    pub(crate) columns: Vec<Vec<f64>>,
}

impl Table {
    /// Reads a table with a heading whose first column is the time.
    pub(crate) fn read(path: &Path) -> Result<Table, String> {
        let problem = |e: csv::Error| format!("{}: {e}", path.display());
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).map_err(problem)?;
        let names: Vec<String> =
            reader.headers().map_err(problem)?.iter().skip(1).map(String::from).collect();
        let mut table = Table { columns: vec![Vec::new(); names.len()], names, times: Vec::new() };
        for row in reader.records() {
            let row = row.map_err(problem)?;
            let numbers: Result<Vec<f64>, String> = row.iter().map(number).collect();
            let numbers = numbers.map_err(|e| format!("{}: {e}", path.display()))?;
            if let Some((time, values)) = numbers.split_first() {
                table.times.push(*time);
                table.columns.iter_mut().zip(values).for_each(|(column, value)| column.push(*value));
            }
        }
        Ok(table)
    }
}

/// A number of a table; `NaN` and `INF` in any case.
fn number(text: &str) -> Result<f64, String> {
    let text = text.trim();
    match text.to_ascii_lowercase().as_str() {
        "nan" => Ok(f64::NAN),
        "inf" | "infinity" | "+inf" => Ok(f64::INFINITY),
        "-inf" | "-infinity" => Ok(f64::NEG_INFINITY),
        other => other.parse().map_err(|_| format!("`{text}` is no number")),
    }
}

/// What came of a case.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) id: String,
    pub(crate) tags: Vec<String>,
    pub(crate) status: Status,
    pub(crate) reason: String,
    /// It was about numbers, not about how a model is written.
    pub(crate) is_simulated: bool,
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// Every value is right.
    Passed,
    /// Nothing came out, and it was said why.
    Refused,
    /// A value is not right, or the program fell over.
    Wrong,
}

impl Status {
    /// Its word in reports and the ledger.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Status::Passed => "passed",
            Status::Refused => "refused",
            Status::Wrong => "wrong",
        }
    }
}
