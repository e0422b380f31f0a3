//! The normal distribution between two bounds.

use crate::special::{normal_cdf, normal_density, normal_quantile};

/// A truncated normal with the probabilities of what was cut away.
pub(super) struct Truncated {
    mean: f64,
    sd: f64,
    low: f64,
    high: f64,
    /// Probability below the lower bound.
    below: f64,
    /// Probability above the upper bound.
    above: f64,
    /// Probability between the bounds.
    pub(super) mass: f64,
}

impl Truncated {
    pub(super) fn new(mean: f64, sd: f64, low: f64, high: f64) -> Truncated {
        let (a, b) = ((low - mean) / sd, (high - mean) / sd);
        let (below, above) = (normal_cdf(a), normal_cdf(-b));
        // The difference is taken on the side where both terms are small.
        let mass = if a > 0.0 { normal_cdf(-a) - above } else { normal_cdf(b) - below };
        Truncated { mean, sd, low, high, below, above, mass }
    }

    /// The quantile, counted from whichever end of the whole distribution is nearer.
    pub(super) fn quantile(&self, u: f64) -> f64 {
        if u <= 0.0 || u >= 1.0 {
            return if u <= 0.0 { self.low } else { self.high };
        }
        let from_below = self.below + u * self.mass;
        let from_above = self.above + (1.0 - u) * self.mass;
        let z =
            if from_below <= from_above { normal_quantile(from_below) } else { -normal_quantile(from_above) };
        (self.mean + self.sd * z).clamp(self.low, self.high)
    }

    /// The distribution function.
    pub(super) fn cdf(&self, x: f64) -> f64 {
        if x <= self.low {
            return 0.0;
        }
        if x >= self.high {
            return 1.0;
        }
        let z = (x - self.mean) / self.sd;
        let share = if z > 0.0 {
            1.0 - (normal_cdf(-z) - self.above) / self.mass
        } else {
            (normal_cdf(z) - self.below) / self.mass
        };
        share.clamp(0.0, 1.0)
    }

    /// The mean; Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), 13.134.
    pub(super) fn mean(&self) -> f64 {
        let (a, b) = ((self.low - self.mean) / self.sd, (self.high - self.mean) / self.sd);
        let mean = self.mean + self.sd * (normal_density(a) - normal_density(b)) / self.mass;
        mean.clamp(self.low, self.high)
    }

    /// The mean of the exponential, which is the mean of a truncated lognormal.
    pub(super) fn mean_of_exp(&self) -> f64 {
        let shifted = Truncated::new(self.mean + self.sd * self.sd, self.sd, self.low, self.high);
        let mean = libm::exp(self.mean + 0.5 * self.sd * self.sd) * (shifted.mass / self.mass);
        mean.clamp(libm::exp(self.low), libm::exp(self.high))
    }
}
