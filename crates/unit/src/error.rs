//! What can go wrong, with the place in the text.

use std::error::Error;
use std::fmt;
use std::ops::Range;

/// An exponent or factor beyond what any unit needs (exponents up to 10,000).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the exponent or factor of a unit is out of range")
    }
}

impl Error for TooLarge {}

/// Why a text is no unit or no quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseErrorKind {
    /// Nothing stands where a unit or number should.
    Empty,
    /// A name that is no unit.
    UnknownUnit(String),
    /// A name that means several things, or nothing without more knowledge; the text says which.
    Ambiguous(String, &'static str),
    /// A scale with an offset, such as degrees Celsius, which does not multiply.
    Affine(String),
    /// Not a number.
    BadNumber(String),
    /// `NaN`, `inf`, or a number beyond the range of `f64`.
    NotFinite(String),
    /// Not an exponent.
    BadExponent(String),
    /// Something that does not continue a unit.
    Unexpected(String),
    /// An opened parenthesis is not closed.
    Unclosed,
    /// Parentheses nested too deeply, an exponent or factor out of range.
    TooLarge,
}

/// A refused text: what, where in the text, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// What is wrong.
    pub kind: ParseErrorKind,
    /// The bytes of the parsed text it is about.
    pub range: Range<usize>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl ParseError {
    pub(crate) fn new(kind: ParseErrorKind, range: Range<usize>) -> ParseError {
        ParseError { kind, range, hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> ParseError {
        self.hint = Some(hint.into());
        self
    }

    /// The same error of a text that stands `bytes` further right in a larger one.
    #[must_use]
    pub fn shifted(mut self, bytes: usize) -> ParseError {
        self.range = self.range.start + bytes..self.range.end + bytes;
        self
    }

    /// The stable code for diagnostics.
    pub fn code(&self) -> &'static str {
        match self.kind {
            ParseErrorKind::Empty => "unit/empty",
            ParseErrorKind::UnknownUnit(_) => "unit/unknown",
            ParseErrorKind::Ambiguous(..) => "unit/ambiguous",
            ParseErrorKind::Affine(_) => "unit/affine",
            ParseErrorKind::BadNumber(_) => "unit/number",
            ParseErrorKind::NotFinite(_) => "unit/not-finite",
            ParseErrorKind::BadExponent(_) => "unit/exponent",
            ParseErrorKind::Unexpected(_) | ParseErrorKind::Unclosed => "unit/syntax",
            ParseErrorKind::TooLarge => "unit/too-large",
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ParseErrorKind::Empty => write!(f, "a number or unit is missing"),
            ParseErrorKind::UnknownUnit(name) => write!(f, "unknown unit `{name}`"),
            ParseErrorKind::Ambiguous(name, why) => write!(f, "`{name}` is refused as a unit: {why}"),
            ParseErrorKind::Affine(name) => {
                write!(f, "`{name}` has an offset and cannot be multiplied or converted by a factor")
            }
            ParseErrorKind::BadNumber(text) => write!(f, "`{text}` is not a number"),
            ParseErrorKind::NotFinite(text) => write!(f, "`{text}` is not a finite number"),
            ParseErrorKind::BadExponent(text) => write!(f, "`{text}` is not an exponent of a unit"),
            ParseErrorKind::Unexpected(text) => write!(f, "`{text}` does not belong into a unit"),
            ParseErrorKind::Unclosed => write!(f, "a parenthesis is not closed"),
            ParseErrorKind::TooLarge => write!(f, "the unit is out of range"),
        }
    }
}

impl Error for ParseError {}

/// Why a quantity cannot be expressed in another unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConvertError {
    /// The two measure different things.
    Mismatch {
        /// The unit of the value, as written.
        from: String,
        /// What it measures.
        from_dimension: String,
        /// The unit asked for.
        to: String,
        /// What that measures.
        to_dimension: String,
    },
    /// The converted number leaves the range of `f64`.
    Overflow {
        /// The unit of the value.
        from: String,
        /// The unit asked for.
        to: String,
    },
}

impl ConvertError {
    /// The stable code for diagnostics.
    pub fn code(&self) -> &'static str {
        match self {
            ConvertError::Mismatch { .. } => "unit/mismatch",
            ConvertError::Overflow { .. } => "unit/overflow",
        }
    }
}

impl fmt::Display for ConvertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConvertError::Mismatch { from, from_dimension, to, to_dimension } => {
                write!(f, "`{from}` ({from_dimension}) cannot be converted to `{to}` ({to_dimension})")
            }
            ConvertError::Overflow { from, to } => {
                write!(f, "the value in `{from}` leaves the range of numbers when converted to `{to}`")
            }
        }
    }
}

impl Error for ConvertError {}
