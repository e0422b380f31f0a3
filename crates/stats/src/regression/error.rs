//! Why there is no fit.

use std::error::Error;
use std::fmt;

use crate::StatsError;

/// Why there is no fit.
#[derive(Clone, Debug, PartialEq)]
pub enum RegressionError {
    /// The numbers given are wrong.
    Numbers(StatsError),
    /// The observations cannot tell the parameters apart.
    NotIdentifiable {
        /// The parameter that the others make up for; from 0.
        parameter: usize,
        /// Those that make up for it; empty when it has no effect at all.
        by: Vec<usize>,
    },
    /// The curve has no value at an observation.
    NoValue {
        /// The observation; from 0.
        index: usize,
        /// The parameters there.
        parameters: Vec<f64>,
    },
    /// The search ended before it came to a minimum.
    NotConverged {
        /// Steps tried.
        steps: usize,
        /// How far the residuals are from orthogonal to the curve; 0 at a minimum.
        offset: f64,
        /// Where it ended.
        parameters: Vec<f64>,
    },
    /// A better minimum was found while another was examined.
    BetterMinimum {
        /// Where it is.
        parameters: Vec<f64>,
    },
}

impl fmt::Display for RegressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RegressionError::Numbers(error) => error.fmt(f),
            RegressionError::NotIdentifiable { parameter, by } if by.is_empty() => {
                write!(f, "parameter {} has no effect on the observations", parameter + 1)
            }
            RegressionError::NotIdentifiable { parameter, by } => {
                let by: Vec<String> = by.iter().map(|k| (k + 1).to_string()).collect();
                write!(
                    f,
                    "the observations cannot tell parameter {} from parameter {}",
                    parameter + 1,
                    by.join(", ")
                )
            }
            RegressionError::NoValue { index, parameters } => {
                write!(f, "the curve has no value at observation {} for {parameters:?}", index + 1)
            }
            RegressionError::NotConverged { steps, offset, parameters } => {
                write!(f, "no minimum after {steps} steps; offset {offset:.1e} at {parameters:?}")
            }
            RegressionError::BetterMinimum { parameters } => {
                write!(f, "there is a better minimum at {parameters:?}; start there")
            }
        }
    }
}

impl Error for RegressionError {}

impl From<StatsError> for RegressionError {
    fn from(error: StatsError) -> RegressionError {
        RegressionError::Numbers(error)
    }
}
