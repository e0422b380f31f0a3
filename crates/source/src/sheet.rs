//! Rows under a header: a table of measurements, as instruments write it, on top of [`csv`].
//!
//! Every row has as many cells as the header; one that has not is reported with its line and left out. Rows whose
//! first cell starts with `#` are notes and kept apart. The unit of a column stands behind its name in parentheses
//! (`time (min)`) or square brackets (`time [min]`). Problems are collected in [`Problems`] and reading goes on.

use crate::csv::{self, Cell};
use crate::table::Problems;
use crate::{Diagnostic, FileId, SourceMap, Span, Spanned, nearest};

/// Rows of the wrong width that are reported one by one before the rest is counted.
const MAX_RAGGED: usize = 20;

/// A column's heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    /// The name in lower case, without the unit.
    pub name: String,
    /// The unit, as written.
    pub unit: Option<Spanned<String>>,
    /// Where the heading stands.
    pub span: Span,
}

/// A header and rows that all have its width.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet<'a> {
    /// The text it was read from.
    pub file: FileId,
    /// The columns.
    pub headings: Vec<Heading>,
    /// The rows, each as wide as the header.
    pub rows: Vec<Vec<Cell<'a>>>,
    /// The rows that start with `#`, without it.
    pub notes: Vec<String>,
}

/// Reads a text of `map`; what is wrong is added to `problems`.
pub fn read<'a>(map: &'a SourceMap, file: FileId, problems: &mut Problems) -> Sheet<'a> {
    let mut sheet = Sheet { file, headings: Vec::new(), rows: Vec::new(), notes: Vec::new() };
    let mut ragged = 0;
    for row in csv::rows(map, file) {
        let row = match row {
            Ok(row) => row,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        if let Some(note) = row.first().and_then(|cell| cell.text.strip_prefix('#')) {
            let rest = row[1..].iter().map(|cell| format!(", {}", cell.text));
            sheet.notes.push(note.trim().to_string() + &rest.collect::<String>());
        } else if sheet.headings.is_empty() {
            sheet.headings = row.iter().map(heading).collect();
            check_header(&row, &sheet.headings, problems);
        } else if row.len() == sheet.headings.len() {
            sheet.rows.push(row);
        } else {
            ragged += 1;
            if ragged <= MAX_RAGGED {
                problems.push(wrong_width(&row, sheet.headings.len()));
            }
        }
    }
    if ragged > MAX_RAGGED {
        let message = format!("{} further rows have the wrong number of cells", ragged - MAX_RAGGED);
        problems.push(Diagnostic::error("sheet/ragged", message));
    }
    if sheet.headings.is_empty() {
        let hint = "the first row names the columns, with units behind the names: time (min),signal (mV)";
        let place = Span::new(file, 0, map.text(file).len().min(1));
        problems.push(
            Diagnostic::error("sheet/empty", "the table is empty: no header was found")
                .at(place, "")
                .hint(hint),
        );
    }
    sheet
}

impl Sheet<'_> {
    /// The place of a column by its name, in lower case.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.headings.iter().position(|heading| heading.name == name)
    }

    /// The place of a column that must be there; a missing one is reported with the nearest name.
    pub fn require(&self, name: &str, problems: &mut Problems) -> Option<usize> {
        let found = self.find(name);
        if found.is_none() && !self.headings.is_empty() {
            let names = self.headings.iter().map(|heading| heading.name.as_str());
            let hint = match nearest(name, names.clone()) {
                Some(near) => format!("rename the column `{near}` if it is meant"),
                None => format!("the columns are: {}", names.collect::<Vec<_>>().join(", ")),
            };
            let message = format!("there is no column `{name}`");
            problems.push(
                Diagnostic::error("sheet/no-column", message)
                    .at(self.headings[0].span, "in this header")
                    .hint(hint),
            );
        }
        found
    }

    /// Reports every column whose name is not in `known`.
    pub fn only(&self, known: &[&str], problems: &mut Problems) {
        for heading in self.headings.iter().filter(|h| !known.contains(&h.name.as_str())) {
            let hint = match nearest(&heading.name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: {}", known.join(", ")),
            };
            let message = format!("unknown column `{}`", heading.name);
            problems.push(
                Diagnostic::error("sheet/unknown-column", message)
                    .at(heading.span, "not known here")
                    .hint(hint),
            );
        }
    }
}

/// The finite number of a cell, `None` when it is empty.
///
/// # Errors
/// A decimal comma, text, `NaN` or an infinity, as a diagnostic with the place.
pub fn number(cell: &Cell<'_>) -> Result<Option<f64>, Box<Diagnostic>> {
    if cell.text.is_empty() {
        return Ok(None);
    }
    if let Some(value) = cell.number() {
        return Ok(Some(value));
    }
    let meant = cell.text.replace(',', ".");
    let (code, message, hint) = if cell.text.contains(',') && meant.parse::<f64>().is_ok() {
        ("sheet/decimal-comma", format!("`{}` has a decimal comma", cell.text), format!("write {meant}"))
    } else {
        let hint = "a number has digits and a decimal point; leave the cell empty when there is none";
        (
            "sheet/not-a-number",
            format!("`{}` is not a finite number", shortened(&cell.text)),
            hint.to_string(),
        )
    };
    Err(Box::new(Diagnostic::error(code, message).at(cell.span, "").hint(hint)))
}

/// At most 40 characters of a text, for messages.
fn shortened(text: &str) -> String {
    let head: String = text.chars().take(40).collect();
    if head.len() < text.len() { format!("{head}...") } else { head }
}

fn heading(cell: &Cell<'_>) -> Heading {
    let (name, unit) = csv::heading(cell);
    let bracketed = name.value.strip_suffix(']').and_then(|head| head.rsplit_once('['));
    let (name, unit) = match (bracketed, unit) {
        (Some((name, unit)), None) => (name.trim(), Some(Spanned::new(unit.trim().to_string(), cell.span))),
        (_, unit) => (name.value.as_str(), unit),
    };
    Heading { name: name.to_lowercase(), unit, span: cell.span }
}

fn check_header(row: &[Cell<'_>], headings: &[Heading], problems: &mut Problems) {
    if let [only] = row
        && only.text.contains([';', '\t'])
    {
        problems.push(
            Diagnostic::error("sheet/separator", "the columns are not separated by commas")
                .at(only.span, "")
                .hint("save the table with commas between the columns and points in the numbers"),
        );
    }
    for (k, heading) in headings.iter().enumerate() {
        if let Some(first) = headings[..k].iter().find(|h| h.name == heading.name) {
            let message = format!("two columns are named `{}`", heading.name);
            problems.push(
                Diagnostic::error("sheet/duplicate-column", message)
                    .at(heading.span, "again here")
                    .at(first.span, "first here"),
            );
        }
    }
}

fn wrong_width(row: &[Cell<'_>], width: usize) -> Diagnostic {
    let message = format!("this row has {} cells, the header has {width}", row.len());
    let hint = if row.len() > width {
        "numbers take a decimal point; a text with a comma stands in double quotes"
    } else {
        "every row has as many cells as the header; an empty cell is nothing between two commas"
    };
    let diagnostic = Diagnostic::error("sheet/ragged", message).hint(hint);
    match row.first().zip(row.last()) {
        Some((first, last)) => diagnostic.at(first.span.to(last.span), ""),
        None => diagnostic,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render_short;

    fn messages(text: &str) -> Vec<String> {
        let mut map = SourceMap::new();
        let file = map.add("d.csv", text);
        let mut problems = Problems::default();
        let sheet = read(&map, file, &mut problems);
        for cell in sheet.rows.iter().flatten() {
            if let Err(diagnostic) = number(cell) {
                problems.push(*diagnostic);
            }
        }
        problems.diagnostics.iter().map(|d| render_short(&map, d)).collect()
    }

    #[test]
    fn headings_units_and_notes() {
        let mut map = SourceMap::new();
        let file = map.add("d.csv", "# simulated, seed 1\nTime [min],Signal (mV),note\n1.5,\"2\",\n");
        let mut problems = Problems::default();
        let sheet = read(&map, file, &mut problems);
        assert!(problems.diagnostics.is_empty());
        assert_eq!(sheet.notes, ["simulated, seed 1"]);
        let units: Vec<_> =
            sheet.headings.iter().map(|h| h.unit.as_ref().map(|u| u.value.as_str())).collect();
        assert_eq!(units, [Some("min"), Some("mV"), None]);
        assert_eq!(sheet.headings[0].name, "time");
        let values: Vec<_> = sheet.rows[0].iter().map(|cell| number(cell).unwrap()).collect();
        assert_eq!(values, [Some(1.5), Some(2.0), None]);
    }

    #[test]
    fn what_is_wrong_has_line_and_column() {
        assert_eq!(
            messages("a,b,a\n1,2\n1,x,3\n1,2,3,4\n"),
            [
                "d.csv:1:5: error[sheet/duplicate-column]: two columns are named `a`",
                "d.csv:2:1: error[sheet/ragged]: this row has 2 cells, the header has 3 (every row has as many cells as the header; an empty cell is nothing between two commas)",
                "d.csv:4:1: error[sheet/ragged]: this row has 4 cells, the header has 3 (numbers take a decimal point; a text with a comma stands in double quotes)",
                "d.csv:3:3: error[sheet/not-a-number]: `x` is not a finite number (a number has digits and a decimal point; leave the cell empty when there is none)",
            ]
        );
    }

    #[test]
    fn decimal_commas_and_other_separators_are_named() {
        assert_eq!(
            messages("a,b\n\"1,5\",2\n"),
            ["d.csv:2:1: error[sheet/decimal-comma]: `1,5` has a decimal comma (write 1.5)"]
        );
        assert!(messages("a;b\n1;2\n")[0].contains("error[sheet/separator]"));
        for text in ["inf", "NaN", "1e999", "0x1", "1 000"] {
            assert_eq!(messages(&format!("a\n{text}\n")).len(), 1, "{text}");
        }
    }

    #[test]
    fn empty_and_broken_texts_are_refused() {
        for text in ["", "# only a note\n"] {
            assert!(messages(text)[0].contains("sheet/empty"));
        }
        assert!(messages("a,b\n\"1,2\n")[0].contains("csv/quote"));
        let many = format!("a,b\n{}", "1\n".repeat(100));
        assert_eq!(messages(&many).len(), MAX_RAGGED + 1);
    }
}
