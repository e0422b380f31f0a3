//! Comma-separated values read with positions: the one reader of tables that instruments and people write.
//!
//! The grammar is RFC 4180: cells are separated by commas, a cell in quotes may hold commas, line breaks and doubled
//! quotes, rows end with a line feed or a carriage return and line feed. A byte order mark is skipped, and so are blank
//! lines. Spaces around a cell do not belong to it.
//!
//! Rows are read one after the other; nothing but the text itself is held.

use std::borrow::Cow;

use crate::{Diagnostic, FileId, SourceMap, Span, Spanned};

/// The largest text that is read as a table; whoever reads the file refuses a larger one before reading it.
pub const MAX_BYTES: usize = 256 << 20;

/// One cell of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell<'a> {
    /// What stands in it, without quotes and spaces around it.
    pub text: Cow<'a, str>,
    /// Where it stands.
    pub span: Span,
}

impl Cell<'_> {
    /// Its finite number; `None` for an empty cell, for text and for NaN or infinity.
    pub fn number(&self) -> Option<f64> {
        self.text.parse().ok().filter(|value: &f64| value.is_finite())
    }
}

/// The rows of a text in their order.
#[derive(Clone, Debug)]
pub struct Rows<'a> {
    text: &'a str,
    file: FileId,
    at: usize,
}

/// The rows of a text of `map`, the header among them.
pub fn rows(map: &SourceMap, file: FileId) -> Rows<'_> {
    let text = map.text(file);
    let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    Rows { text, file, at }
}

impl<'a> Iterator for Rows<'a> {
    type Item = Result<Vec<Cell<'a>>, Diagnostic>;

    /// The next row, or what is wrong with its quotes; after a quote that is never closed there is no further row.
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.at >= self.text.len() {
                return None;
            }
            let start = self.at;
            let row = self.row();
            let blank = row.as_ref().is_ok_and(|cells| cells.len() == 1 && cells[0].text.is_empty());
            if !blank || self.text[start..self.at].contains('"') {
                return Some(row);
            }
        }
    }
}

impl<'a> Rows<'a> {
    fn row(&mut self) -> Result<Vec<Cell<'a>>, Diagnostic> {
        let mut cells = Vec::new();
        loop {
            let rest = &self.text[self.at..];
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            let cell = if rest[blanks..].starts_with('"') {
                self.quoted(self.at + blanks)
            } else {
                Ok(self.plain())
            };
            match cell {
                Ok(cell) => cells.push(cell),
                Err(problem) => {
                    self.skip_line();
                    return Err(problem);
                }
            }
            if !self.text[self.at..].starts_with(',') {
                self.end_line();
                return Ok(cells);
            }
            self.at += 1;
        }
    }

    /// A cell without quotes, up to the next comma or line break.
    fn plain(&mut self) -> Cell<'a> {
        let rest = &self.text[self.at..];
        let end = rest.find([',', '\n', '\r']).unwrap_or(rest.len());
        let text = rest[..end].trim();
        let before = end - rest[..end].trim_start().len();
        let start = if text.is_empty() { self.at } else { self.at + before };
        self.at += end;
        Cell { text: Cow::Borrowed(text), span: Span::new(self.file, start, start + text.len()) }
    }

    /// A cell whose opening quote stands at `open`.
    fn quoted(&mut self, open: usize) -> Result<Cell<'a>, Diagnostic> {
        let inner = &self.text[open + 1..];
        let mut from = 0;
        let close = loop {
            let Some(quote) = inner[from..].find('"').map(|i| from + i) else {
                self.at = self.text.len();
                let span = Span::new(self.file, open, open + 1);
                return Err(Diagnostic::error("csv/quote", "this quote is never closed")
                    .at(span, "")
                    .hint("a quote inside a cell is written twice"));
            };
            if !inner[quote + 1..].starts_with('"') {
                break quote;
            }
            from = quote + 2;
        };
        let end = open + 1 + close + 1;
        let after = &self.text[end..];
        let next = after.find([',', '\n', '\r']).unwrap_or(after.len());
        self.at = end + next;
        if !after[..next].trim().is_empty() {
            let span = Span::new(self.file, end, end + next);
            return Err(Diagnostic::error("csv/quote", "text follows the closing quote of a cell")
                .at(span, "")
                .hint("a quote inside a cell is written twice"));
        }
        let text = &inner[..close];
        let text = if text.contains('"') { Cow::Owned(text.replace("\"\"", "\"")) } else { text.into() };
        Ok(Cell { text, span: Span::new(self.file, open, end) })
    }

    fn end_line(&mut self) {
        let rest = &self.text[self.at..];
        self.at += if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) };
    }

    fn skip_line(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.find('\n').map_or(rest.len(), |i| i + 1);
    }
}

/// The name of a column and the unit behind it, as in `weight (kg)` or `weight [kg]`; a name without them has no unit.
pub fn heading(cell: &Cell<'_>) -> (Spanned<String>, Option<Spanned<String>>) {
    let text = cell.text.as_ref();
    // A heading in quotes has no places of its own inside it.
    let inside = text.len() == (cell.span.end - cell.span.start) as usize;
    let place = |from: usize, to: usize| {
        let start = cell.span.start as usize;
        if inside { Span::new(cell.span.file, start + from, start + to) } else { cell.span }
    };
    let opening = [(')', '('), (']', '[')].into_iter().find_map(|(close, open)| {
        let at = text.strip_suffix(close)?.rfind(open)?;
        text[..at].ends_with(char::is_whitespace).then_some(at)
    });
    let Some(open) = opening else { return (Spanned::new(text.to_string(), cell.span), None) };
    let name = text[..open].trim_end();
    let (from, to) = (open + 1, text.len() - 1);
    let unit = Spanned::new(text[from..to].trim().to_string(), place(from, to));
    (Spanned::new(name.to_string(), place(0, name.len())), Some(unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render_short;

    fn read(text: &str) -> Vec<Result<Vec<String>, String>> {
        let mut map = SourceMap::new();
        let file = map.add("t.csv", text);
        rows(&map, file)
            .map(|row| match row {
                Ok(cells) => {
                    for cell in cells.iter().filter(|c| !c.text.contains(['"', '\n'])) {
                        let written = map.slice(cell.span).trim_matches('"');
                        assert_eq!(written, cell.text, "the span is that of the cell");
                    }
                    Ok(cells.into_iter().map(|c| c.text.into_owned()).collect())
                }
                Err(problem) => Err(render_short(&map, &problem)),
            })
            .collect()
    }

    fn row(cells: &[&str]) -> Result<Vec<String>, String> {
        Ok(cells.iter().map(|c| (*c).to_string()).collect())
    }

    #[test]
    fn rows_and_cells() {
        let text = "\u{feff}id, weight (kg) ,note\r\n1,70,\"a, \"\"b\"\"\nc\"\n\n  \n2,,\"\" \n3,x";
        assert_eq!(
            read(text),
            [
                row(&["id", "weight (kg)", "note"]),
                row(&["1", "70", "a, \"b\"\nc"]),
                row(&["2", "", ""]),
                row(&["3", "x"]),
            ]
        );
        assert_eq!(read(""), []);
        assert_eq!(read("\n\n"), []);
        assert_eq!(read("a,\n"), [row(&["a", ""])]);
        assert_eq!(read("\"\"\n"), [row(&[""])]);
        assert_eq!(read("a\rb\r"), [row(&["a"]), row(&["b"])]);
    }

    #[test]
    fn broken_quotes_are_told_with_their_place() {
        let found = read("a,b\n1,\"x\" y\n2,\"z\n3,4\n");
        assert_eq!(found[0], row(&["a", "b"]));
        assert!(found[1].as_ref().is_err_and(|m| m.starts_with("t.csv:2:6: error[csv/quote]")), "{found:?}");
        assert!(found[2].as_ref().is_err_and(|m| m.starts_with("t.csv:3:3: error[csv/quote]")), "{found:?}");
        assert_eq!(found.len(), 3);
    }

    /// Whatever the text, every row ends, places lie inside the text, and cells that are quoted as RFC 4180 says are
    /// read back.
    #[test]
    fn any_text_is_read_to_its_end() {
        let mut noise = 0x9e37_79b9_7f4a_7c15u64;
        let mut random = || {
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            (noise >> 40) as usize
        };
        let pieces = ["a", "1", ",", ",", "\"", "\"\"", "\n", "\r\n", " ", "\t", "é", "\r", "(x)", "[y]"];
        for _ in 0..2000 {
            let text: String = (0..random() % 30).map(|_| pieces[random() % pieces.len()]).collect();
            let mut map = SourceMap::new();
            let file = map.add("t.csv", text.clone());
            for row in rows(&map, file) {
                let spans: Vec<Span> = match row {
                    Ok(cells) => cells.iter().map(|c| (heading(c), c.span).1).collect(),
                    Err(problem) => problem.labels.iter().map(|l| l.span).collect(),
                };
                assert!(spans.iter().all(|s| s.start <= s.end && s.end as usize <= text.len()), "{text:?}");
            }
            let quoted = format!("\"{}\",\"x\"\n", text.replace('"', "\"\""));
            assert_eq!(read(&quoted), [row(&[&text, "x"])], "{text:?}");
        }
    }

    #[test]
    fn headings_with_units() {
        let mut map = SourceMap::new();
        let file = map.add("t.csv", "id,weight (kg),\"peak (a) [mg/L]\",AUC(h),\"\"\"q\"\" (g)\"\n");
        let header = rows(&map, file).next().unwrap().unwrap();
        let found: Vec<(String, Option<String>)> =
            header.iter().map(heading).map(|(name, unit)| (name.value, unit.map(|u| u.value))).collect();
        let expected = [
            ("id", None),
            ("weight", Some("kg")),
            ("peak (a)", Some("mg/L")),
            ("AUC(h)", None),
            ("\"q\"", Some("g")),
        ];
        assert_eq!(found, expected.map(|(n, u)| (n.to_string(), u.map(String::from))));
        let (name, unit) = heading(&header[1]);
        assert_eq!((map.slice(name.span), map.slice(unit.unwrap().span)), ("weight", "kg"));
    }

    #[test]
    fn numbers_are_finite() {
        let cell = |text: &'static str| Cell { text: text.into(), span: Span::new(FileId(0), 0, 0) };
        assert_eq!(cell("1e3").number(), Some(1000.0));
        for text in ["", "x", "nan", "NaN", "inf", "1,5", "1e999"] {
            assert_eq!(cell(text).number(), None, "{text}");
        }
    }
}
