//! Quantiles and distribution functions.

use super::Distribution;
use super::truncated::Truncated;
use crate::special::{
    beta_quantile, gamma_quantile, incomplete_beta, incomplete_gamma, normal_cdf, normal_quantile,
};

impl Distribution {
    /// The value at a probability: the smallest x whose distribution function reaches `u`. The ends of the
    /// support at 0 and 1, NaN outside. The parameters are taken as checked.
    pub fn quantile(&self, u: f64) -> f64 {
        if !(0.0..=1.0).contains(&u) {
            return f64::NAN;
        }
        match *self {
            Distribution::Fixed { value } => value,
            Distribution::Normal { mean, sd } => mean + scaled(sd, normal_quantile(u)),
            Distribution::LogNormal { mu, sigma } => libm::exp(mu + scaled(sigma, normal_quantile(u))),
            Distribution::TruncatedNormal { mean, sd, low, high } => {
                Truncated::new(mean, sd, low, high).quantile(u)
            }
            Distribution::TruncatedLogNormal { low, .. } if u == 0.0 => low,
            Distribution::TruncatedLogNormal { high, .. } if u == 1.0 => high,
            Distribution::TruncatedLogNormal { mu, sigma, low, high } => {
                let log = Truncated::new(mu, sigma, libm::log(low), libm::log(high)).quantile(u);
                libm::exp(log).clamp(low, high)
            }
            // The form keeps both ends exact and stays between them.
            Distribution::Uniform { low, high } => (low * (1.0 - u) + high * u).clamp(low, high),
            Distribution::LogUniform { low, high } => {
                libm::exp(libm::log(low) * (1.0 - u) + libm::log(high) * u).clamp(low, high)
            }
            Distribution::Exponential { rate } => -libm::log1p(-u) / rate,
            Distribution::Gamma { shape, scale } => scale * gamma_quantile(shape, u),
            Distribution::Beta { alpha, beta } => beta_quantile(alpha, beta, u),
            Distribution::Bernoulli { p } => f64::from(u8::from(u > 1.0 - p)),
            Distribution::Categorical { ref probabilities } => category(probabilities, u),
        }
    }

    /// The probability of a value of at most `x`; NaN for NaN.
    pub fn cdf(&self, x: f64) -> f64 {
        if x.is_nan() {
            return f64::NAN;
        }
        match *self {
            Distribution::Fixed { value } => step(value, x),
            Distribution::Normal { mean, sd: 0.0 } => step(mean, x),
            Distribution::Normal { mean, sd } => normal_cdf((x - mean) / sd),
            Distribution::LogNormal { mu, sigma: 0.0 } => step(libm::exp(mu), x),
            Distribution::LogNormal { mu, sigma } => normal_cdf((ln_or_below(x) - mu) / sigma),
            Distribution::TruncatedNormal { mean, sd, low, high } => {
                Truncated::new(mean, sd, low, high).cdf(x)
            }
            Distribution::TruncatedLogNormal { mu, sigma, low, high } => {
                Truncated::new(mu, sigma, libm::log(low), libm::log(high)).cdf(ln_or_below(x))
            }
            Distribution::Uniform { low, high } if low == high => step(low, x),
            Distribution::Uniform { low, high } => ((x - low) / (high - low)).clamp(0.0, 1.0),
            Distribution::LogUniform { low, high } if low == high => step(low, x),
            Distribution::LogUniform { low, high } => {
                let place = (ln_or_below(x) - libm::log(low)) / (libm::log(high) - libm::log(low));
                place.clamp(0.0, 1.0)
            }
            Distribution::Exponential { rate } => -libm::expm1(-rate * x.max(0.0)),
            Distribution::Gamma { shape, scale } => incomplete_gamma(shape, x.max(0.0) / scale),
            Distribution::Beta { alpha, beta } => incomplete_beta(alpha, beta, x.clamp(0.0, 1.0)),
            Distribution::Bernoulli { p } => (1.0 - p) * step(0.0, x) + p * step(1.0, x),
            Distribution::Categorical { ref probabilities } => {
                let within = probabilities.iter().enumerate().filter(|(place, _)| *place as f64 <= x);
                within.map(|(_, p)| p).sum::<f64>().min(1.0)
            }
        }
    }

    /// The value at probability one half.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }
}

/// A deviation times a quantile; without spread also where the quantile is infinite.
fn scaled(sd: f64, z: f64) -> f64 {
    if sd == 0.0 { 0.0 } else { sd * z }
}

fn step(at: f64, x: f64) -> f64 {
    if x < at { 0.0 } else { 1.0 }
}

fn ln_or_below(x: f64) -> f64 {
    if x > 0.0 { libm::log(x) } else { f64::NEG_INFINITY }
}

/// The first category at which the probabilities so far reach `u`; never one without probability.
fn category(probabilities: &[f64], u: f64) -> f64 {
    let mut sum = 0.0;
    let mut last = 0;
    for (place, p) in probabilities.iter().enumerate().filter(|(_, p)| **p > 0.0) {
        sum += p;
        last = place;
        if u <= sum {
            break;
        }
    }
    last as f64
}
