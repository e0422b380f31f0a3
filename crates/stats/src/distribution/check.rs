//! Which parameters a distribution may have.

use super::Distribution;
use super::truncated::Truncated;
use std::error::Error;
use std::fmt;

/// The largest shape of a gamma or beta distribution; beyond it the normal distribution is the same to five
/// digits, and the exact quantile would take long.
pub const MAX_SHAPE: f64 = 1e6;

/// How far probabilities may add up to something else than 1.
const SUM_TOLERANCE: f64 = 1e-9;

/// Why a distribution cannot be drawn from.
#[derive(Clone, Debug, PartialEq)]
pub enum DistributionError {
    /// No distribution has this name.
    Unknown {
        /// The name.
        name: String,
    },
    /// A distribution of Antimony and SBML that is not drawn from.
    Unsupported {
        /// The name.
        name: String,
    },
    /// A wrong number of arguments.
    Count {
        /// Name of the distribution.
        name: String,
        /// What it takes, e.g. `mean, sd`.
        takes: &'static str,
        /// How many were given.
        found: usize,
    },
    /// A parameter outside its range.
    Value {
        /// The parameter.
        parameter: &'static str,
        /// What it must be.
        must: &'static str,
        /// Its value.
        value: f64,
    },
    /// The bounds leave no probability that a number can hold.
    Nothing {
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
    },
}

impl fmt::Display for DistributionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DistributionError::Unknown { name } => write!(f, "there is no distribution `{name}`"),
            DistributionError::Unsupported { name } => {
                write!(f, "draws from the distribution `{name}` are unsupported")
            }
            DistributionError::Count { name, takes, found } => {
                write!(f, "`{name}` takes ({takes}), not {found} arguments")
            }
            DistributionError::Value { parameter, must, value } => {
                write!(f, "{parameter} must be {must}; it is {value}")
            }
            DistributionError::Nothing { low, high } => {
                write!(f, "the distribution has no values between {low} and {high}")
            }
        }
    }
}

impl Error for DistributionError {}

type Checked = Result<(), DistributionError>;

impl Distribution {
    /// Checks the parameters; see the fields for their ranges.
    ///
    /// # Errors
    /// The first parameter outside its range; bounds without probability between them.
    pub fn check(&self) -> Checked {
        match *self {
            Distribution::Fixed { value } => finite("the value", value),
            Distribution::Normal { mean, sd } => finite("the mean", mean).and(spread("the deviation", sd)),
            Distribution::LogNormal { mu, sigma } => {
                finite("the mean of the logarithm", mu).and(spread("the deviation of the logarithm", sigma))
            }
            Distribution::TruncatedNormal { mean, sd, low, high } => {
                finite("the mean", mean).and(positive("the deviation", sd))?;
                between(low, high, mean, sd, |x| x)
            }
            Distribution::TruncatedLogNormal { mu, sigma, low, high } => {
                finite("the mean of the logarithm", mu)?;
                positive("the deviation of the logarithm", sigma)?;
                if low < 0.0 {
                    return out("the lower bound", "at least 0", low);
                }
                between(low, high, mu, sigma, libm::log)
            }
            Distribution::Uniform { low, high } => {
                finite("the lower bound", low).and(finite("the upper bound", high))?;
                if low > high || !(high - low).is_finite() {
                    return out("the upper bound", "at least the lower, by a finite distance", high);
                }
                Ok(())
            }
            Distribution::LogUniform { low, high } => {
                positive("the lower bound", low).and(finite("the upper bound", high))?;
                if low > high { out("the upper bound", "at least the lower", high) } else { Ok(()) }
            }
            Distribution::Exponential { rate } => positive("the rate", rate),
            Distribution::Gamma { shape: of, scale } => {
                shape("the shape", of).and(positive("the scale", scale))
            }
            Distribution::Beta { alpha, beta } => shape("alpha", alpha).and(shape("beta", beta)),
            Distribution::Bernoulli { p } => probability(p),
            Distribution::Categorical { ref probabilities } => categories(probabilities),
        }
    }
}

fn out(parameter: &'static str, must: &'static str, value: f64) -> Checked {
    Err(DistributionError::Value { parameter, must, value })
}

fn finite(parameter: &'static str, value: f64) -> Checked {
    if value.is_finite() { Ok(()) } else { out(parameter, "a finite number", value) }
}

fn positive(parameter: &'static str, value: f64) -> Checked {
    if value.is_finite() && value > 0.0 { Ok(()) } else { out(parameter, "above 0 and finite", value) }
}

fn spread(parameter: &'static str, value: f64) -> Checked {
    if value.is_finite() && value >= 0.0 { Ok(()) } else { out(parameter, "at least 0 and finite", value) }
}

fn shape(parameter: &'static str, value: f64) -> Checked {
    if value > 0.0 && value <= MAX_SHAPE { Ok(()) } else { out(parameter, "above 0 and at most 1e6", value) }
}

fn probability(value: f64) -> Checked {
    if (0.0..=1.0).contains(&value) { Ok(()) } else { out("a probability", "between 0 and 1", value) }
}

fn categories(probabilities: &[f64]) -> Checked {
    probabilities.iter().try_for_each(|p| probability(*p))?;
    let sum: f64 = probabilities.iter().sum();
    if (sum - 1.0).abs() > SUM_TOLERANCE {
        return out("the sum of the probabilities", "1", sum);
    }
    Ok(())
}

/// Bounds in order, with some probability between them once `to_normal` has brought them to the normal scale.
fn between(low: f64, high: f64, mean: f64, sd: f64, to_normal: fn(f64) -> f64) -> Checked {
    if low.is_nan() {
        return out("the lower bound", "a number", low);
    }
    if high.is_nan() || high <= low {
        return out("the upper bound", "above the lower bound", high);
    }
    let mass = Truncated::new(mean, sd, to_normal(low), to_normal(high)).mass;
    if mass > 0.0 { Ok(()) } else { Err(DistributionError::Nothing { low, high }) }
}
