//! Tables for the terminal: aligned columns within a given width.

use crate::table::{Kind, Table};

/// The rules of a table in plain text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rules {
    /// A thin line of box-drawing characters below the heading.
    #[default]
    Light,
    /// ASCII only.
    Ascii,
}

/// Columns of text keep their longest word together up to this many characters.
const LONGEST_WORD: usize = 14;

impl Table {
    /// The table as lines of text, at most `width` characters wide as far as its numbers allow: columns of text
    /// wrap, columns of numbers never lose a digit. Ends with a line break.
    #[must_use]
    pub fn text(&self, width: usize, rules: Rules) -> String {
        let headings: Vec<String> =
            self.columns.iter().map(|column| plain(&column.heading(), rules)).collect();
        let body: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| {
                row.iter()
                    .zip(&self.columns)
                    .map(|(cell, column)| plain(&cell.shown(column), rules))
                    .collect()
            })
            .collect();
        let widths = self.widths(&headings, &body, width);
        let mut out = String::new();
        if !self.caption.is_empty() {
            wrap(&plain(&self.caption, rules), width.max(1))
                .iter()
                .for_each(|line| push_line(&mut out, line));
        }
        self.block(&mut out, &headings, &widths);
        let line = if rules == Rules::Light { "─" } else { "-" };
        let total = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
        push_line(&mut out, &line.repeat(total));
        body.iter().for_each(|row| self.block(&mut out, row, &widths));
        out
    }

    /// Natural widths; while the sum is too large, the widest column that may wrap gives way.
    fn widths(&self, headings: &[String], body: &[Vec<String>], width: usize) -> Vec<usize> {
        let of = |index: usize| body.iter().map(|row| columns(&row[index])).max().unwrap_or(0);
        let longest_word = |text: &String| text.split_whitespace().map(columns).max().unwrap_or(0);
        let least: Vec<usize> = (0..headings.len())
            .map(|index| match self.columns[index].kind {
                Kind::Text => {
                    let words = body.iter().map(|row| longest_word(&row[index])).max().unwrap_or(0);
                    words.max(longest_word(&headings[index])).min(LONGEST_WORD)
                }
                _ => of(index).max(longest_word(&headings[index])),
            })
            .collect();
        let mut widths: Vec<usize> = (0..headings.len()).map(|i| of(i).max(columns(&headings[i]))).collect();
        let room = width.saturating_sub(2 * widths.len().saturating_sub(1));
        while widths.iter().sum::<usize>() > room {
            let widest =
                (0..widths.len()).filter(|i| widths[*i] > least[*i]).max_by_key(|i| (widths[*i], *i));
            let Some(widest) = widest else { break };
            widths[widest] -= 1;
        }
        widths
    }

    /// One row, which takes as many lines as its highest cell.
    fn block(&self, out: &mut String, cells: &[String], widths: &[usize]) {
        let wrapped: Vec<Vec<String>> =
            cells.iter().zip(widths).map(|(cell, width)| wrap(cell, (*width).max(1))).collect();
        for row in 0..wrapped.iter().map(Vec::len).max().unwrap_or(0) {
            let mut line = String::new();
            for (index, lines) in wrapped.iter().enumerate() {
                let text = lines.get(row).map_or("", String::as_str);
                let fill = " ".repeat(widths[index].saturating_sub(columns(text)));
                let right = self.columns[index].aligned_right();
                let gap = if index > 0 { "  " } else { "" };
                line.push_str(gap);
                line.push_str(if right { &fill } else { text });
                line.push_str(if right { text } else { &fill });
            }
            push_line(out, &line);
        }
    }
}

fn push_line(out: &mut String, line: &str) {
    out.push_str(line.trim_end());
    out.push('\n');
}

/// Text for the terminal: control characters become spaces, and with ASCII rules our own signs are spelled out.
fn plain(text: &str, rules: Rules) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if rules == Rules::Light { clean } else { clean.replace(['–', '−'], "-").replace('×', "x") }
}

/// The number of terminal columns of a text: none for combining marks, two for wide scripts and emoji.
fn columns(text: &str) -> usize {
    let wide = |c: char| match c {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    };
    text.chars().map(wide).sum()
}

/// Lines of at most `width` columns, broken at spaces or, where a word is wider, inside it.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let needed = columns(&line) + columns(word) + usize::from(!line.is_empty());
        if needed <= width {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for character in word.chars() {
            let mut longer = line.clone();
            longer.push(character);
            if columns(&longer) > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push(character);
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}
