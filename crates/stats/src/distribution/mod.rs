//! Distributions of one number, drawn by their quantiles.
//!
//! A draw is the quantile of one uniform number, so that the number of a draw names it for good: a subject's
//! second parameter does not move when the first changes its distribution.
//!
//! [`Distribution::from_name`] makes the distributions of a model, checked; a variant built by hand is checked
//! by [`Distribution::check`].

mod check;
mod moments;
mod name;
mod quantile;
#[cfg(test)]
mod tests;
mod truncated;

pub use check::{DistributionError, MAX_SHAPE};

use crate::random::{Key, uniform};

/// A distribution with its parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// One value, always.
    Fixed {
        /// The value.
        value: f64,
    },
    /// The normal distribution.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, at least 0.
        sd: f64,
    },
    /// The logarithm is normal.
    LogNormal {
        /// Mean of the natural logarithm.
        mu: f64,
        /// Standard deviation of the natural logarithm, at least 0.
        sigma: f64,
    },
    /// A normal distribution given that the value lies between two bounds.
    TruncatedNormal {
        /// Mean before truncation.
        mean: f64,
        /// Standard deviation before truncation, above 0.
        sd: f64,
        /// Lower bound, or minus infinity.
        low: f64,
        /// Upper bound, or infinity.
        high: f64,
    },
    /// A lognormal distribution given that the value lies between two bounds.
    TruncatedLogNormal {
        /// Mean of the natural logarithm before truncation.
        mu: f64,
        /// Standard deviation of the natural logarithm before truncation, above 0.
        sigma: f64,
        /// Lower bound of the value (not of its logarithm).
        low: f64,
        /// Upper bound of the value, or infinity.
        high: f64,
    },
    /// All values between two bounds are equally likely.
    Uniform {
        /// Lower bound.
        low: f64,
        /// Upper bound, not below the lower.
        high: f64,
    },
    /// The logarithms between those of two bounds are equally likely.
    LogUniform {
        /// Lower bound, above 0.
        low: f64,
        /// Upper bound, not below the lower.
        high: f64,
    },
    /// The waiting time at a constant rate.
    Exponential {
        /// Rate, above 0; the mean is its reciprocal.
        rate: f64,
    },
    /// The gamma distribution.
    Gamma {
        /// Shape, above 0 and at most [`MAX_SHAPE`].
        shape: f64,
        /// Scale, above 0.
        scale: f64,
    },
    /// The beta distribution on 0 to 1.
    Beta {
        /// First parameter, above 0 and at most [`MAX_SHAPE`].
        alpha: f64,
        /// Second parameter, above 0 and at most [`MAX_SHAPE`].
        beta: f64,
    },
    /// 1 with a probability, otherwise 0.
    Bernoulli {
        /// Probability of 1.
        p: f64,
    },
    /// 0, 1, 2 .. with given probabilities.
    Categorical {
        /// Probabilities, which add up to 1.
        probabilities: Vec<f64>,
    },
}

impl Distribution {
    /// The value of a subject: the quantile of [`uniform`] at this place.
    pub fn draw(&self, key: &Key, subject: u64, draw: u32) -> f64 {
        self.quantile(uniform(key, subject, draw))
    }
}
