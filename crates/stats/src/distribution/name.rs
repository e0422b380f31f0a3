//! Distributions by the names of models and study files.

use super::{Distribution, DistributionError};

/// Distributions that Antimony or SBML's package distrib have and that are not drawn from.
const UNSUPPORTED: [&str; 9] = [
    "binomial",
    "cauchy",
    "laplace",
    "poisson",
    "rayleigh",
    "truncatedExponential",
    "truncatedGamma",
    "truncatedPoisson",
    "weibull",
];

impl Distribution {
    /// The distribution of a name and its arguments, as Antimony writes them and SBML Level 3 package distrib
    /// (version 1, section 3.6) defines them, checked.
    ///
    /// `normal(mean, sd)`, `normal(mean, sd, low, high)` which is also `truncatedNormal`, `lognormal(mu, sigma)`
    /// and `lognormal(mu, sigma, low, high)` which is also `truncatedLognormal`: mu and sigma belong to the
    /// natural logarithm, bounds to the value. `uniform(low, high)`, `exponential(rate)`, `gamma(shape, scale)`,
    /// `chisquare(degrees)`, `bernoulli(p)`. Beyond these languages: `beta(alpha, beta)`, `loguniform(low, high)`,
    /// `categorical(p0, p1, ..)`, `fixed(value)`.
    ///
    /// # Errors
    /// A name that is unknown or unsupported, a wrong number of arguments, an argument outside its range.
    pub fn from_name(name: &str, arguments: &[f64]) -> Result<Distribution, DistributionError> {
        let count =
            |takes| DistributionError::Count { name: name.to_string(), takes, found: arguments.len() };
        let made = match (name, arguments) {
            ("fixed", &[value]) => Distribution::Fixed { value },
            ("fixed", _) => return Err(count("value")),
            ("normal", &[mean, sd]) => Distribution::Normal { mean, sd },
            ("normal" | "truncatedNormal", &[mean, sd, low, high]) => {
                Distribution::TruncatedNormal { mean, sd, low, high }
            }
            ("normal", _) => return Err(count("mean, sd, or mean, sd, low, high")),
            ("truncatedNormal", _) => return Err(count("mean, sd, low, high")),
            ("lognormal", &[mu, sigma]) => Distribution::LogNormal { mu, sigma },
            ("lognormal" | "truncatedLognormal", &[mu, sigma, low, high]) => {
                Distribution::TruncatedLogNormal { mu, sigma, low, high }
            }
            ("lognormal", _) => return Err(count("mu, sigma, or mu, sigma, low, high")),
            ("truncatedLognormal", _) => return Err(count("mu, sigma, low, high")),
            ("uniform", &[low, high]) => Distribution::Uniform { low, high },
            ("uniform", _) => return Err(count("low, high")),
            ("loguniform", &[low, high]) => Distribution::LogUniform { low, high },
            ("loguniform", _) => return Err(count("low, high")),
            ("exponential", &[rate]) => Distribution::Exponential { rate },
            ("exponential", _) => return Err(count("rate")),
            ("gamma", &[shape, scale]) => Distribution::Gamma { shape, scale },
            ("gamma", _) => return Err(count("shape, scale")),
            ("chisquare", &[degrees]) => Distribution::Gamma { shape: 0.5 * degrees, scale: 2.0 },
            ("chisquare", _) => return Err(count("degrees of freedom")),
            ("beta", &[alpha, beta]) => Distribution::Beta { alpha, beta },
            ("beta", _) => return Err(count("alpha, beta")),
            ("bernoulli", &[p]) => Distribution::Bernoulli { p },
            ("bernoulli", _) => return Err(count("p")),
            ("categorical", probabilities) if !probabilities.is_empty() => {
                Distribution::Categorical { probabilities: probabilities.to_vec() }
            }
            ("categorical", _) => return Err(count("p0, p1, ..")),
            _ if UNSUPPORTED.contains(&name) => {
                return Err(DistributionError::Unsupported { name: name.to_string() });
            }
            _ => return Err(DistributionError::Unknown { name: name.to_string() }),
        };
        made.check().map(|()| made)
    }
}
