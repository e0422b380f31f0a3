//! How well models describe the same observations.

/// The largest likelihood of a model with normal errors of unknown variance, and what it cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likelihood {
    /// Its natural logarithm, constants included.
    pub ln: f64,
    /// Parameters, the variance included.
    pub parameters: usize,
    /// Observations.
    pub n: usize,
}

impl Likelihood {
    /// From the weighted sum of squares, the roots of the weights and the parameters of the curve.
    pub(super) fn normal(residual_sum: f64, roots: &[f64], parameters: usize) -> Likelihood {
        let n = roots.len() as f64;
        let weights: f64 = roots.iter().map(|r| libm::log(*r)).sum();
        let per_value = libm::log(2.0 * std::f64::consts::PI * residual_sum / n) + 1.0;
        Likelihood { ln: weights - 0.5 * n * per_value, parameters: parameters + 1, n: roots.len() }
    }

    /// Akaike's criterion, `2 k - 2 ln L`.
    pub fn aic(&self) -> f64 {
        2.0 * self.parameters as f64 - 2.0 * self.ln
    }

    /// The same corrected for few observations; infinite when there are too few for the correction.
    ///
    /// Hurvich CM, Tsai CL, Biometrika 1989;76:297.
    pub fn aicc(&self) -> f64 {
        let (k, n) = (self.parameters as f64, self.n as f64);
        let room = n - k - 1.0;
        if room <= 0.0 { f64::INFINITY } else { self.aic() + 2.0 * k * (k + 1.0) / room }
    }

    /// Schwarz' criterion, `k ln n - 2 ln L`.
    pub fn bic(&self) -> f64 {
        self.parameters as f64 * libm::log(self.n as f64) - 2.0 * self.ln
    }
}
