//! How the answers of `hepatica chem` look in a terminal.

use hepatica_report::number::significant;
use hepatica_report::{Cell, Column, Rules, Table};

/// The width a terminal is taken to have.
const WIDTH: usize = 100;

/// A name and what belongs to it, the names aligned.
pub(crate) fn facts(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let line = |(name, value): &(&str, String)| {
        let indent = " ".repeat(width + 4);
        let value = wrap(value, WIDTH.saturating_sub(width + 4)).join(&format!("\n{indent}"));
        format!("  {name:width$}  {value}\n")
    };
    rows.iter().map(line).collect()
}

/// A table in plain text, its cells already written.
pub(crate) fn table(columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> String {
    let mut table = Table::new(columns);
    for row in rows {
        // Every row is built with a cell per column; a table that refused one would show one row less.
        let _ = table.push(row);
    }
    table.text(WIDTH, Rules::default())
}

/// Warnings, each with its mark.
pub(crate) fn warnings(warnings: &[String]) -> String {
    let shown = |text: &String| format!("warning: {}\n", wrap(text, WIDTH - 9).join("\n         "));
    warnings.iter().map(shown).collect()
}

/// A sentence or two, wrapped.
pub(crate) fn paragraph(text: &str) -> String {
    format!("{}\n", wrap(text, WIDTH).join("\n"))
}

/// A number with its unit.
pub(crate) fn with_unit(value: f64, digits: usize, unit: &str) -> String {
    format!("{} {unit}", significant(value, digits))
}

/// A share of 1 in percent with this many decimals.
pub(crate) fn percent(share: f64, decimals: usize) -> String {
    format!("{} %", hepatica_report::number::decimals(100.0 * share, decimals))
}

/// A value of a `±` pair, the value to the last digit of its uncertainty, which has two.
pub(crate) fn plus_minus(value: f64, u: f64) -> String {
    if u <= 0.0 {
        return significant(value, 5);
    }
    if value.abs() >= PLAIN_BELOW {
        return format!("{} ± {}", significant(value, 5), significant(u, 2));
    }
    let places = (1.0 - u.log10().floor()).clamp(0.0, 12.0) as usize;
    format!(
        "{} ± {}",
        hepatica_report::number::decimals(value, places),
        hepatica_report::number::decimals(u, places)
    )
}

/// Values below this are written out.
const PLAIN_BELOW: f64 = 1e6;

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += length;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uncertainties_have_two_digits() {
        assert_eq!(plus_minus(0.99512, 0.00234), "0.9951 ± 0.0023");
        assert_eq!(plus_minus(17.2, 0.0), "17.200");
        assert_eq!(plus_minus(1234.5, 123.0), "1234 ± 123");
        assert!(plus_minus(1e9, 1e6).len() < 30);
    }

    #[test]
    fn long_values_are_wrapped_under_themselves() {
        let long = "word ".repeat(40);
        let text = facts(&[("name", long.trim().to_string())]);
        assert!(text.lines().all(|l| l.chars().count() <= WIDTH) && text.lines().count() > 1);
        assert!(text.lines().skip(1).all(|l| l.starts_with("        word")));
    }
}
