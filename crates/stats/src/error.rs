//! What can be wrong with the numbers given.

use std::error::Error;
use std::fmt;

/// Numbers that have no such statistic.
#[derive(Clone, Debug, PartialEq)]
pub enum StatsError {
    /// Fewer values than needed.
    TooFew {
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// Two lists that belong together have different lengths.
    Lengths {
        /// Length of the first.
        first: usize,
        /// Length of the second.
        second: usize,
    },
    /// A value outside its range; the place is counted from 0.
    Value {
        /// What it is.
        what: &'static str,
        /// Where it stands.
        index: usize,
        /// The value.
        value: f64,
    },
}

impl fmt::Display for StatsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StatsError::TooFew { found, needed } => {
                write!(f, "{found} values are too few; {needed} are needed")
            }
            StatsError::Lengths { first, second } => write!(f, "the lists have {first} and {second} values"),
            StatsError::Value { what, index, value } => {
                write!(f, "value {} is {value}, not {what}", index + 1)
            }
        }
    }
}

impl Error for StatsError {}

/// Refuses a list with a value that fails the test.
pub(crate) fn all(values: &[f64], what: &'static str, test: impl Fn(f64) -> bool) -> Result<(), StatsError> {
    match values.iter().position(|v| !test(*v)) {
        Some(index) => Err(StatsError::Value { what, index, value: values[index] }),
        None => Ok(()),
    }
}

/// Refuses lists of different length.
pub(crate) fn same_length(first: &[f64], second: &[f64]) -> Result<(), StatsError> {
    if first.len() == second.len() {
        return Ok(());
    }
    Err(StatsError::Lengths { first: first.len(), second: second.len() })
}

/// Refuses a confidence level that is none.
pub(crate) fn level(level: f64) -> Result<(), StatsError> {
    all(&[level], "a level between 0 and 1", |l| l > 0.0 && l < 1.0)
}
