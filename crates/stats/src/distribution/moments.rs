//! Means.

use super::Distribution;
use super::truncated::Truncated;

impl Distribution {
    /// The mean. The parameters are taken as checked.
    pub fn mean(&self) -> f64 {
        match *self {
            Distribution::Fixed { value } => value,
            Distribution::Normal { mean, .. } => mean,
            Distribution::LogNormal { mu, sigma } => libm::exp(mu + 0.5 * sigma * sigma),
            Distribution::TruncatedNormal { mean, sd, low, high } => {
                Truncated::new(mean, sd, low, high).mean()
            }
            Distribution::TruncatedLogNormal { mu, sigma, low, high } => {
                Truncated::new(mu, sigma, libm::log(low), libm::log(high)).mean_of_exp()
            }
            Distribution::Uniform { low, high } => 0.5 * low + 0.5 * high,
            Distribution::LogUniform { low, high } if low == high => low,
            Distribution::LogUniform { low, high } => (high - low) / (libm::log(high) - libm::log(low)),
            Distribution::Exponential { rate } => 1.0 / rate,
            Distribution::Gamma { shape, scale } => shape * scale,
            Distribution::Beta { alpha, beta } => alpha / (alpha + beta),
            Distribution::Bernoulli { p } => p,
            Distribution::Categorical { ref probabilities } => {
                probabilities.iter().enumerate().map(|(place, p)| place as f64 * p).sum()
            }
        }
    }
}
