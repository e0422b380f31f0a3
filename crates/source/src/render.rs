//! Diagnostics as text for a terminal.

use std::fmt::Write;

use crate::{Diagnostic, Label, SourceMap};

/// The longest piece of a source line that is shown, in characters.
const MAX_SHOWN: usize = 160;

/// A diagnostic with its source lines, labels and hint.
///
/// ```text
/// error[unit/unknown]: unknown unit `mgg`
///   --> studies/x.toml:7:12
///    |
///  7 | dose = "15 mgg"
///    |            ^^^ not a unit
///    = hint: did you mean `mg`?
/// ```
pub fn render(map: &SourceMap, diagnostic: &Diagnostic) -> String {
    let mut out = format!("{}[{}]: {}\n", diagnostic.severity.word(), diagnostic.code.0, diagnostic.message);
    let width = diagnostic.labels.iter().map(|l| line_number(map, l).to_string().len()).max().unwrap_or(0);
    for (i, label) in diagnostic.labels.iter().enumerate() {
        label_lines(&mut out, map, label, width, i == 0);
    }
    if let Some(hint) = &diagnostic.hint {
        let _ = writeln!(out, "{:width$} = hint: {hint}", "");
    }
    out
}

/// All diagnostics one after the other, a blank line between.
pub fn render_all(map: &SourceMap, diagnostics: &[Diagnostic]) -> String {
    let parts: Vec<String> = diagnostics.iter().map(|d| render(map, d)).collect();
    parts.join("\n")
}

/// One line: `file:line:column: error[code]: message (hint)`.
pub fn render_short(map: &SourceMap, diagnostic: &Diagnostic) -> String {
    let place = diagnostic.labels.first().map_or(String::new(), |label| format!("{}: ", place(map, label)));
    let hint = diagnostic.hint.as_ref().map_or(String::new(), |h| format!(" ({h})"));
    format!("{place}{}[{}]: {}{hint}", diagnostic.severity.word(), diagnostic.code.0, diagnostic.message)
}

fn line_number(map: &SourceMap, label: &Label) -> usize {
    map.get(label.span.file).map_or(1, |f| f.line_of(label.span.start))
}

fn place(map: &SourceMap, label: &Label) -> String {
    let Some(file) = map.get(label.span.file) else { return "?".to_string() };
    let at = file.line_col(label.span.start);
    format!("{}:{}:{}", file.name, at.line, at.column)
}

fn label_lines(out: &mut String, map: &SourceMap, label: &Label, width: usize, primary: bool) {
    let Some(file) = map.get(label.span.file) else { return };
    let start = file.line_col(label.span.start);
    let arrow = if primary { "-->" } else { ":::" };
    let _ = writeln!(out, "{:width$}{arrow} {}:{}:{}", "", file.name, start.line, start.column);
    let line = file.line(start.line);
    // A window of the line around the label, so that a line of a megabyte stays readable; only the window is walked through.
    let head = line.get(..file.within_line(label.span.start)).unwrap_or(line);
    let (offset, ahead) = match start.column > MAX_SHOWN {
        true => {
            let window = head.char_indices().rev().take(MAX_SHOWN / 2).last();
            (window.map_or(head.len(), |(at, _)| at), MAX_SHOWN / 2)
        }
        false => (0, start.column - 1),
    };
    let shown: String =
        line[offset..].chars().take(MAX_SHOWN).map(|c| if c == '\t' { ' ' } else { c }).collect();
    let covered = map.slice(label.span).chars().take(MAX_SHOWN + 1).take_while(|c| !matches!(c, '\n' | '\r'));
    let marks = covered.count().clamp(1, (MAX_SHOWN + 1).saturating_sub(ahead).max(1));
    let mark = if primary { '^' } else { '-' };
    let _ = writeln!(out, "{:width$} |", "");
    let _ = writeln!(out, "{:>width$} | {}", start.line, shown.trim_end());
    let under = format!(
        "{:width$} | {:pad$}{} {}",
        "",
        "",
        String::from(mark).repeat(marks),
        label.text,
        pad = ahead
    );
    let _ = writeln!(out, "{}", under.trim_end());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    #[test]
    fn shows_line_label_and_hint() {
        let mut map = SourceMap::new();
        let file = map.add("study.toml", "title = \"x\"\ndose = \"15 mgg\"\n");
        let d = Diagnostic::error("unit/unknown", "unknown unit `mgg`")
            .at(Span::new(file, 23, 26), "not a unit")
            .hint("did you mean `mg`?");
        let expected = "error[unit/unknown]: unknown unit `mgg`\n --> study.toml:2:12\n  |\n2 | dose = \"15 mgg\"\n  |            ^^^ not a unit\n  = hint: did you mean `mg`?\n";
        assert_eq!(render(&map, &d), expected);
        assert_eq!(
            render_short(&map, &d),
            "study.toml:2:12: error[unit/unknown]: unknown unit `mgg` (did you mean `mg`?)"
        );
    }

    #[test]
    fn survives_positions_outside_the_text() {
        let mut map = SourceMap::new();
        let file = map.add("a", "é\n");
        for (s, e) in [(0, 1), (1, 2), (5, 9), (3, 1)] {
            let _ = render(&map, &Diagnostic::error("x", "y").at(Span::new(file, s, e), ""));
        }
        let _ = render(&map, &Diagnostic::error("x", "y").at(Span::new(crate::FileId(9), 0, 1), ""));
    }

    #[test]
    fn a_very_long_line_is_cut_around_the_label() {
        let mut map = SourceMap::new();
        let file = map.add("a", "x".repeat(1_000_000));
        let text = render(&map, &Diagnostic::error("x", "y").at(Span::new(file, 999_000, 999_003), "here"));
        assert!(text.len() < 1000, "{}", text.len());
        assert!(text.contains("^^^ here"));
    }
}
