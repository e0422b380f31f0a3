//! Run files and tables -> numbers in fixed units. Every number that has a unit needs it; nothing is guessed.

use hepatica_source::csv::Cell;
use hepatica_source::sheet::{self, Sheet};
use hepatica_source::table::{Problems, Table};
use hepatica_source::{Diagnostic, Span, Spanned};
use hepatica_unit::{Quantity, Unit};

/// The quantity of a key in a unit; an absent key is none.
pub(crate) fn quantity(
    table: &mut Table,
    key: &str,
    unit: &str,
    problems: &mut Problems,
) -> Option<Spanned<f64>> {
    let text = table.text(key, problems)?;
    let wanted = Unit::parse(unit).ok()?;
    let read = Quantity::parse(&text.value).map_err(|e| e.to_string());
    match read.and_then(|q| q.convert(&wanted).map_err(|e| e.to_string())) {
        Ok(value) => Some(Spanned::new(value, text.span)),
        Err(why) => {
            let unit = if unit.is_empty() { "a plain number or %" } else { unit };
            problems.push(
                Diagnostic::error("assay/quantity", format!("`{key}`: {why}"))
                    .at(text.span, "")
                    .hint(format!("write a number with its unit, in {unit} or what converts to it")),
            );
            None
        }
    }
}

/// A quantity above zero.
pub(crate) fn positive(table: &mut Table, key: &str, unit: &str, problems: &mut Problems) -> Option<f64> {
    let value = quantity(table, key, unit, problems)?;
    if value.value > 0.0 {
        return Some(value.value);
    }
    let message = format!("`{key}` must be above zero");
    problems.push(Diagnostic::error("assay/not-positive", message).at(value.span, ""));
    None
}

/// A quantity above zero that must stand there.
pub(crate) fn required(table: &mut Table, key: &str, unit: &str, problems: &mut Problems) -> Option<f64> {
    if table.get(key).is_none() {
        table.missing(key, problems);
        return None;
    }
    positive(table, key, unit, problems)
}

/// The word of a key, out of a closed list.
pub(crate) fn word<T: Copy>(
    table: &mut Table,
    key: &str,
    all: &[(&str, T)],
    problems: &mut Problems,
) -> Option<T> {
    let text = table.text(key, problems)?;
    let found = all.iter().find(|(name, _)| *name == text.value).map(|(_, value)| *value);
    if found.is_none() {
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        problems.push(
            Diagnostic::error("assay/unknown-word", format!("`{key}` is not known: `{}`", text.value))
                .at(text.span, "")
                .hint(format!("one of: {}", names.join(", "))),
        );
    }
    found
}

/// A column of numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    index: usize,
    /// To the wanted unit.
    factor: f64,
}

/// The column `name` with what takes it to `unit`; an empty unit means a plain number. A missing or wrong unit is
/// reported at the heading; a missing column only when it is `needed`.
pub(crate) fn column(
    sheet: &Sheet<'_>,
    (name, unit): (&str, &str),
    needed: bool,
    problems: &mut Problems,
) -> Option<Column> {
    let index = if needed { sheet.require(name, problems)? } else { sheet.find(name)? };
    let heading = &sheet.headings[index];
    if unit.is_empty() {
        return Some(Column { index, factor: 1.0 });
    }
    let Some(written) = &heading.unit else {
        problems.push(
            Diagnostic::error("assay/no-unit", format!("the column `{name}` has no unit"))
                .at(heading.span, "")
                .hint(format!("write `{name} ({unit})`, or the unit the numbers are in")),
        );
        return None;
    };
    let wanted = Unit::parse(unit).ok()?;
    let read = Unit::parse(&written.value).map_err(|e| e.to_string());
    match read.and_then(|u| u.convert(1.0, &wanted).map_err(|e| e.to_string())) {
        Ok(factor) => Some(Column { index, factor }),
        Err(why) => {
            problems.push(
                Diagnostic::error("assay/unit", format!("the column `{name}`: {why}"))
                    .at(written.span, "")
                    .hint(format!("a unit that converts to {unit} is needed")),
            );
            None
        }
    }
}

impl Column {
    /// The number of a row, in the wanted unit; an empty cell is none, one that is no number is reported.
    pub(crate) fn read(self, row: &[Cell<'_>], problems: &mut Problems) -> Option<f64> {
        match sheet::number(&row[self.index]) {
            Ok(value) => value.map(|value| value * self.factor),
            Err(diagnostic) => {
                problems.push(*diagnostic);
                None
            }
        }
    }

    /// The number of a row that must be there.
    pub(crate) fn need(self, row: &[Cell<'_>], problems: &mut Problems) -> Option<f64> {
        let before = problems.diagnostics.len();
        let value = self.read(row, problems);
        if value.is_none() && problems.diagnostics.len() == before {
            let message = "a number is missing here";
            problems.push(Diagnostic::error("assay/empty-cell", message).at(self.place(row), ""));
        }
        value
    }

    /// Where the number of a row stands; a row's empty cell is shown as one character.
    pub(crate) fn place(self, row: &[Cell<'_>]) -> Span {
        row[self.index].span
    }
}

/// The text of a column; empty where the column is missing.
pub(crate) fn text(sheet: &Sheet<'_>, row: &[Cell<'_>], name: &str) -> Spanned<String> {
    match sheet.find(name) {
        Some(index) => Spanned::new(row[index].text.to_string(), row[index].span),
        None => Spanned::new(String::new(), row.first().map_or(Span::new(sheet.file, 0, 1), |c| c.span)),
    }
}

/// Reports keys that stand twice; `what` names them.
pub(crate) fn unique<'k>(
    keys: impl Iterator<Item = &'k Spanned<String>>,
    what: &str,
    problems: &mut Problems,
) {
    let mut seen = std::collections::BTreeMap::new();
    for key in keys {
        match seen.get(key.value.as_str()) {
            Some(first) => problems.push(
                Diagnostic::error("assay/duplicate", format!("{what} `{}` stands twice", key.value))
                    .at(key.span, "again here")
                    .at(*first, "first here")
                    .hint("each stands once; replicates have names of their own"),
            ),
            None => {
                seen.insert(key.value.as_str(), key.span);
            }
        }
    }
}
