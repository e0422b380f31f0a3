//! Comma-separated values read with positions: the one reader of data that instruments and people write.
//!
//! The form is RFC 4180 with three additions: lines that start with `#` are notes and are kept apart, blank lines
//! are skipped, and a header without commas may be separated by semicolons or tabs instead. The unit of a column
//! stands in square brackets behind its name: `time [min]`. Problems are collected in [`Problems`], with line and
//! column, and reading goes on; a row of the wrong width is reported and left out.

use crate::table::Problems;
use crate::{Diagnostic, FileId, SourceMap, Span, nearest};

/// The largest text that is read; larger ones are refused.
pub const MAX_BYTES: usize = 64 << 20;

/// Rows of the wrong width that are reported one by one before the rest is counted.
const MAX_RAGGED: usize = 20;

/// One field with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The text without quotes and surrounding blanks.
    pub text: String,
    /// Where it stands; never empty, so that a missing field can be pointed at.
    pub span: Span,
}

/// A column's heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    /// The name in lower case, without the unit.
    pub name: String,
    /// The unit in square brackets, as written.
    pub unit: Option<String>,
    /// Where the heading stands.
    pub span: Span,
}

/// A header and rows that all have its width.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The text it was read from.
    pub file: FileId,
    /// The columns.
    pub headings: Vec<Heading>,
    /// The rows, each as wide as the header.
    pub rows: Vec<Vec<Field>>,
    /// The lines that start with `#`, without it.
    pub notes: Vec<String>,
}

/// Reads a text of `map`; what is wrong is added to `problems`.
pub fn parse(map: &SourceMap, file: FileId, problems: &mut Problems) -> Sheet {
    let text = map.text(file);
    let mut sheet = Sheet { file, headings: Vec::new(), rows: Vec::new(), notes: Vec::new() };
    if text.len() > MAX_BYTES {
        let message = format!("the table has {} bytes; at most {MAX_BYTES} are read", text.len());
        problems.push(Diagnostic::error("sheet/too-large", message).at(Span::new(file, 0, 1), ""));
        return sheet;
    }
    let mut reader = Reader { text, file, at: 0, separator: b',' };
    if text.starts_with('\u{feff}') {
        reader.at = '\u{feff}'.len_utf8();
    }
    let Some(header) = reader.header(&mut sheet.notes, problems) else {
        let place = Span::new(file, 0, text.len().min(1));
        problems.push(
            Diagnostic::error("sheet/empty", "the table is empty: no header was found").at(place, "").hint(
                "the first line names the columns, with units in square brackets: time [min],signal [mV]",
            ),
        );
        return sheet;
    };
    sheet.headings = header.into_iter().map(heading).collect();
    check_headings(&sheet.headings, problems);
    let mut ragged = 0;
    while let Some(row) = reader.row(&mut sheet.notes, problems) {
        if row.len() == sheet.headings.len() {
            sheet.rows.push(row);
            continue;
        }
        ragged += 1;
        if ragged <= MAX_RAGGED {
            problems.push(wrong_width(&row, sheet.headings.len(), reader.separator));
        }
    }
    if ragged > MAX_RAGGED {
        let message = format!("{} further rows have the wrong number of fields", ragged - MAX_RAGGED);
        problems.push(Diagnostic::error("sheet/ragged", message));
    }
    sheet
}

impl Sheet {
    /// The place of a column by its name, in lower case.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.headings.iter().position(|heading| heading.name == name)
    }

    /// The place of a column that must be there; a missing one is reported with the nearest name.
    pub fn require(&self, name: &str, problems: &mut Problems) -> Option<usize> {
        let found = self.find(name);
        if found.is_none() {
            let names = self.headings.iter().map(|heading| heading.name.as_str());
            let hint = match nearest(name, names.clone()) {
                Some(near) => format!("rename the column `{near}` if it is meant"),
                None => format!("the columns are: {}", names.collect::<Vec<_>>().join(", ")),
            };
            let place = self.headings.first().map_or(Span::new(self.file, 0, 1), |h| h.span);
            problems.push(
                Diagnostic::error("sheet/no-column", format!("there is no column `{name}`"))
                    .at(place, "in this header")
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

impl Field {
    /// The finite number of this field, `None` when it is empty.
    ///
    /// # Errors
    /// A decimal comma, a thousands separator, text, `NaN` or an infinity, as a diagnostic with the place.
    pub fn number(&self) -> Result<Option<f64>, Box<Diagnostic>> {
        if self.text.is_empty() {
            return Ok(None);
        }
        let plain = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
        if let Ok(value) = self.text.parse::<f64>()
            && self.text.chars().all(plain)
            && value.is_finite()
        {
            return Ok(Some(value));
        }
        let commas = self.text.matches(',').count();
        let (code, message, hint) = if commas == 1 && self.text.replace(',', ".").parse::<f64>().is_ok() {
            let meant = self.text.replace(',', ".");
            ("sheet/decimal-comma", format!("`{}` has a decimal comma", self.text), format!("write {meant}"))
        } else {
            let hint = "a number has digits and a decimal point; leave the field empty when there is none";
            ("sheet/not-a-number", format!("`{}` is not a finite number", self.text), hint.to_string())
        };
        Err(Box::new(Diagnostic::error(code, message).at(self.span, "").hint(hint)))
    }
}

fn heading(field: Field) -> Heading {
    let text = field.text.trim();
    let split = text.strip_suffix(']').and_then(|t| t.rsplit_once('['));
    let (name, unit) = split.map_or((text, None), |(name, unit)| (name, Some(unit.trim().to_string())));
    Heading { name: name.trim().to_lowercase(), unit, span: field.span }
}

fn check_headings(headings: &[Heading], problems: &mut Problems) {
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

fn wrong_width(row: &[Field], width: usize, separator: u8) -> Diagnostic {
    let message = format!("this row has {} fields, the header has {width}", row.len());
    let whole = row.first().zip(row.last()).map(|(a, b)| a.span.to(b.span));
    let hint = if row.len() > width && separator == b',' {
        "numbers take a decimal point; a text with a comma stands in double quotes"
    } else {
        "every row has as many fields as the header; an empty field is nothing between two separators"
    };
    let diagnostic = Diagnostic::error("sheet/ragged", message).hint(hint);
    match whole {
        Some(span) => diagnostic.at(span, ""),
        None => diagnostic,
    }
}

struct Reader<'a> {
    text: &'a str,
    file: FileId,
    at: usize,
    separator: u8,
}

impl Reader<'_> {
    fn header(&mut self, notes: &mut Vec<String>, problems: &mut Problems) -> Option<Vec<Field>> {
        self.skip_notes(notes);
        let line = self.text[self.at..].lines().next().unwrap_or("");
        if !line.contains(',') {
            self.separator = match (line.contains(';'), line.contains('\t')) {
                (true, _) => b';',
                (false, true) => b'\t',
                _ => b',',
            };
        }
        self.row(notes, problems)
    }

    /// The fields of the next line that has any.
    fn row(&mut self, notes: &mut Vec<String>, problems: &mut Problems) -> Option<Vec<Field>> {
        self.skip_notes(notes);
        if self.at >= self.text.len() {
            return None;
        }
        let mut fields = Vec::new();
        loop {
            fields.push(self.field(problems));
            match self.text.as_bytes().get(self.at) {
                Some(b) if *b == self.separator => self.at += 1,
                Some(b'\r') if self.text.as_bytes().get(self.at + 1) == Some(&b'\n') => {
                    self.at += 2;
                    return Some(fields);
                }
                Some(_) => {
                    self.at += 1;
                    return Some(fields);
                }
                None => return Some(fields),
            }
        }
    }

    fn skip_notes(&mut self, notes: &mut Vec<String>) {
        while self.at < self.text.len() {
            let line = self.text[self.at..].split('\n').next().unwrap_or("");
            let trimmed = line.trim();
            match trimmed.strip_prefix('#') {
                Some(note) => notes.push(note.trim().to_string()),
                None if trimmed.is_empty() => {}
                None => return,
            }
            self.at = (self.at + line.len() + 1).min(self.text.len());
        }
    }

    /// One field; afterwards the reader stands at the separator, the line break or the end.
    fn field(&mut self, problems: &mut Problems) -> Field {
        let start = self.at;
        let rest = &self.text[start..];
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        if rest[blanks..].starts_with('"') {
            return self.quoted(start + blanks, problems);
        }
        let end = rest.bytes().position(|b| b == self.separator || b == b'\n').unwrap_or(rest.len());
        let raw = rest[..end].strip_suffix('\r').filter(|_| rest[end..].starts_with('\n'));
        let raw = raw.unwrap_or(&rest[..end]);
        self.at = start + raw.len();
        let text = raw.trim();
        let from = start + (raw.len() - raw.trim_start().len());
        Field { text: text.to_string(), span: self.place(from, from + text.len()) }
    }

    fn quoted(&mut self, start: usize, problems: &mut Problems) -> Field {
        let mut text = String::new();
        let mut at = start + 1;
        loop {
            let Some(length) = self.text[at..].find('"') else {
                let place = Span::new(self.file, start, start + 1);
                problems.push(
                    Diagnostic::error("sheet/unclosed", "a double quote is not closed")
                        .at(place, "opened here"),
                );
                text.push_str(&self.text[at..]);
                self.at = self.text.len();
                return Field { text, span: place };
            };
            text.push_str(&self.text[at..at + length]);
            at += length + 1;
            if !self.text[at..].starts_with('"') {
                break;
            }
            text.push('"');
            at += 1;
        }
        // What stands between the closing quote and the separator belongs to no field.
        let rest = &self.text[at..];
        let stray = rest.bytes().position(|b| b == self.separator || b == b'\n' || b == b'\r');
        let stray = stray.unwrap_or(rest.len());
        if !rest[..stray].trim().is_empty() {
            let message = "text follows a closing quote; a quote inside a quoted field is doubled";
            let place = Span::new(self.file, at, at + stray);
            problems.push(Diagnostic::error("sheet/stray-text", message).at(place, ""));
        }
        self.at = at + stray;
        Field { text: text.trim().to_string(), span: self.place(start, at) }
    }

    fn place(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end.max((start + 1).min(self.text.len())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render_short;

    fn read(text: &str) -> (Sheet, Vec<String>) {
        let mut map = SourceMap::new();
        let file = map.add("d.csv", text);
        let mut problems = Problems::default();
        let sheet = parse(&map, file, &mut problems);
        for field in sheet.rows.iter().flatten() {
            if let Err(diagnostic) = field.number() {
                problems.push(*diagnostic);
            }
        }
        (sheet, problems.diagnostics.iter().map(|d| render_short(&map, d)).collect())
    }

    #[test]
    fn headings_units_notes_and_quotes() {
        let (sheet, _) = read("\u{feff}# simulated\nTime [min], \"Note, \"\"x\"\"\"\r\n\n1.5,\"2\"\r\n");
        assert_eq!(sheet.notes, ["simulated"]);
        assert_eq!(sheet.headings[0].name, "time");
        assert_eq!(sheet.headings[0].unit.as_deref(), Some("min"));
        assert_eq!(sheet.headings[1].name, "note, \"x\"");
        assert_eq!(sheet.rows.len(), 1);
        assert_eq!(sheet.rows[0][0].number(), Ok(Some(1.5)));
        assert_eq!(sheet.rows[0][1].number(), Ok(Some(2.0)));
    }

    #[test]
    fn what_is_wrong_has_line_and_column() {
        let (sheet, found) = read("a,b,a\n1,2\n1,x,3\n1,2,3,4\n");
        assert_eq!(sheet.rows.len(), 1);
        assert_eq!(
            found,
            [
                "d.csv:1:5: error[sheet/duplicate-column]: two columns are named `a`",
                "d.csv:2:1: error[sheet/ragged]: this row has 2 fields, the header has 3 (every row has as many fields as the header; an empty field is nothing between two separators)",
                "d.csv:4:1: error[sheet/ragged]: this row has 4 fields, the header has 3 (numbers take a decimal point; a text with a comma stands in double quotes)",
                "d.csv:3:3: error[sheet/not-a-number]: `x` is not a finite number (a number has digits and a decimal point; leave the field empty when there is none)",
            ]
        );
    }

    #[test]
    fn decimal_commas_are_named() {
        let (_, found) = read("a;b\n1,5;2\n");
        assert_eq!(found, ["d.csv:2:1: error[sheet/decimal-comma]: `1,5` has a decimal comma (write 1.5)"]);
        for text in ["inf", "NaN", "1e999", "0x1", "1 000"] {
            assert_eq!(read(&format!("a\n{text}\n")).1.len(), 1, "{text}");
        }
    }

    #[test]
    fn empty_and_broken_texts_are_refused() {
        assert!(read("").1[0].contains("sheet/empty"));
        assert!(read("# only a note\n").1[0].contains("sheet/empty"));
        assert!(read("a,b\n\"1,2\n").1[0].contains("sheet/unclosed"));
        assert!(read("a,b\n\"1\"x,2\n").1[0].contains("sheet/stray-text"));
    }
}
