//! What is wrong with an amount, a time or a weight as somebody wrote it.

use std::error::Error;
use std::fmt;
use std::ops::Range;

use hepatica_source::{Diagnostic, Span};
use hepatica_unit::ParseError;

/// A refused text: what is wrong, in which bytes of it, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// A stable code.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
    /// The bytes it is about.
    pub range: Range<usize>,
    /// What to write instead.
    pub hint: Option<String>,
}

impl Unreadable {
    /// Without a hint.
    pub fn new(code: &'static str, message: impl Into<String>, range: Range<usize>) -> Unreadable {
        Unreadable { code, message: message.into(), range, hint: None }
    }

    /// Says what to write instead.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Unreadable {
        self.hint = Some(hint.into());
        self
    }

    /// The same within a longer text, of which this one starts after so many bytes.
    #[must_use]
    pub fn shifted(mut self, bytes: usize) -> Unreadable {
        self.range = self.range.start + bytes..self.range.end + bytes;
        self
    }

    /// As a diagnostic. `value` is the span of the text, with or without its quotes; `length` is the length of
    /// the text in bytes. When escapes make the two differ otherwise, the whole value is labelled.
    pub fn diagnostic(&self, value: Span, length: usize) -> Diagnostic {
        let written = (value.end - value.start) as usize;
        let span = match written.checked_sub(length) {
            Some(extra @ (0 | 2)) => {
                let start = value.start as usize + extra / 2;
                Span::new(value.file, start + self.range.start, start + self.range.end)
            }
            _ => value,
        };
        let diagnostic = Diagnostic::error(self.code, self.message.clone()).at(span, "");
        match &self.hint {
            Some(hint) => diagnostic.hint(hint.clone()),
            None => diagnostic,
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)
    }
}

impl Error for Unreadable {}

impl From<ParseError> for Unreadable {
    fn from(error: ParseError) -> Unreadable {
        let plain = Unreadable::new(error.code(), error.to_string(), error.range);
        Unreadable { hint: error.hint, ..plain }
    }
}
