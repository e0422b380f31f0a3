//! The exponentially modified Gaussian.

use libm::{erfc, exp, sqrt};
use std::f64::consts::PI;

/// A Gaussian spread convolved with an exponential tail: area, centre and width of the Gaussian, time constant of the
/// tail.
///
/// Grushka E, Anal Chem 1972;44:1733; in the form that stays finite, Kalambet Y et al., J Chemometrics 2011;25:352.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profile {
    /// Area, signal times minutes.
    pub area: f64,
    /// Centre of the Gaussian, min.
    pub centre: f64,
    /// Standard deviation of the Gaussian, min.
    pub sigma: f64,
    /// Time constant of the tail, min.
    pub tau: f64,
}

impl Profile {
    /// The signal at a time.
    pub fn at(&self, t: f64) -> f64 {
        let u = (t - self.centre) / self.sigma;
        let z = (self.sigma / self.tau - u) / std::f64::consts::SQRT_2;
        let scale = self.area / (2.0 * self.tau);
        if z < 0.0 {
            let ratio = self.sigma / self.tau;
            return scale * exp(0.5 * ratio * ratio - (t - self.centre) / self.tau) * erfc(z);
        }
        scale * exp(-0.5 * u * u) * scaled_erfc(z)
    }

    /// Where it is highest, and how high; by golden section, as it has one maximum.
    pub fn apex(&self) -> (f64, f64) {
        let (mut a, mut b) = (self.centre - self.sigma, self.centre + 2.0 * self.sigma + self.tau);
        let share = 0.5 * (sqrt(5.0) - 1.0);
        for _ in 0..60 {
            let (left, right) = (b - share * (b - a), a + share * (b - a));
            if self.at(left) < self.at(right) { a = left } else { b = right }
        }
        let t = 0.5 * (a + b);
        (t, self.at(t))
    }

    /// Where it falls to a share of its height, before and after the apex.
    pub fn crossings(&self, share: f64) -> (f64, f64) {
        let (apex, height) = self.apex();
        let find = |mut inside: f64, mut outside: f64| {
            for _ in 0..60 {
                let middle = 0.5 * (inside + outside);
                if self.at(middle) > share * height { inside = middle } else { outside = middle }
            }
            0.5 * (inside + outside)
        };
        let far = 12.0 * self.sigma + 40.0 * self.tau;
        (find(apex, apex - far), find(apex, apex + far))
    }
}

/// `exp(z^2) erfc(z)` for z from 0 on.
fn scaled_erfc(z: f64) -> f64 {
    if z < 20.0 {
        return exp(z * z) * erfc(z);
    }
    // The asymptotic series; its next term is below 1e-9 here.
    let square = z * z;
    (1.0 - 0.5 / square + 0.75 / (square * square) - 1.875 / (square * square * square)) / (z * sqrt(PI))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_is_the_integral_and_short_tails_give_a_gaussian() {
        for tau in [1e-4, 0.02, 0.1, 0.5] {
            let p = Profile { area: 3.0, centre: 5.0, sigma: 0.1, tau };
            let sum: f64 = (0..40_000).map(|k| p.at(f64::from(k) * 5e-4)).sum::<f64>() * 5e-4;
            assert!((sum - 3.0).abs() < 1e-6, "{tau} {sum}");
        }
        let p = Profile { area: 1.0, centre: 0.0, sigma: 1.0, tau: 1e-5 };
        assert!((p.at(0.5) - exp(-0.125) / sqrt(2.0 * PI)).abs() < 1e-5);
        let (apex, height) = p.apex();
        assert!(apex.abs() < 1e-3 && (height - 0.398_942).abs() < 1e-5);
        let (left, right) = p.crossings(0.5);
        assert!((right - left - 2.354_820).abs() < 1e-4);
    }

    #[test]
    fn the_scaled_function_is_continuous() {
        assert!((scaled_erfc(20.0 - 1e-9) / scaled_erfc(20.0) - 1.0).abs() < 1e-8);
        assert!((scaled_erfc(0.0) - 1.0).abs() < 1e-15);
    }
}
