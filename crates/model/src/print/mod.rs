//! Models and systems as text for people: tests, bug reports, `hepatica model show`.

mod model;
mod system;

use std::fmt::{self, Write};

/// ` [umol/L]`, or nothing for an unknown unit.
fn bracketed(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" [{unit}]") }
}

/// A heading, if anything follows.
fn heading(f: &mut fmt::Formatter<'_>, title: &str, n: usize) -> fmt::Result {
    if n > 0 { write!(f, "\n{title} ({n})\n") } else { Ok(()) }
}

/// One indented line.
fn line(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("  ")?;
    f.write_str(text)?;
    f.write_char('\n')
}
