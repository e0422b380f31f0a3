//! Whether values may come from a normal distribution.

use crate::StatsError;
use crate::error::all;
use crate::special::{normal_cdf, normal_quantile};

/// The Shapiro-Wilk test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normality {
    /// The statistic, 1 for values that lie like expected order statistics.
    pub w: f64,
    /// P value.
    pub p: f64,
}

/// The most values for which the approximation is published.
const MOST: usize = 5000;

/// Tests for normality. Royston P, Appl Stat 1995;44:547 (AS R94), without censoring.
///
/// # Errors
/// Fewer than 3 or more than 5,000 values, one that is not finite, all values equal.
pub fn shapiro_wilk(values: &[f64]) -> Result<Normality, StatsError> {
    let n = values.len();
    if n < 3 {
        return Err(StatsError::TooFew { found: n, needed: 3 });
    }
    all(&[n as f64], "at most 5000 values", |n| n <= MOST as f64)?;
    all(values, "a finite number", f64::is_finite)?;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let spread = sorted[n - 1] - sorted[0];
    all(&[spread], "a spread above zero", |s| s > 0.0)?;
    let weights = weights(n);
    let centre = sorted.iter().map(|v| (v - sorted[0]) / spread).sum::<f64>() / n as f64;
    let scaled: Vec<f64> = sorted.iter().map(|v| (v - sorted[0]) / spread - centre).collect();
    let top: f64 = (0..n / 2).map(|i| weights[i] * (scaled[n - 1 - i] - scaled[i])).sum();
    let square: f64 = scaled.iter().map(|v| v * v).sum();
    let w = (top * top / square).min(1.0);
    Ok(Normality { w, p: p_value(w, n) })
}

/// The coefficients of the upper half, the largest first.
fn weights(n: usize) -> Vec<f64> {
    if n == 3 {
        return vec![std::f64::consts::FRAC_1_SQRT_2];
    }
    let half = n / 2;
    let size = n as f64;
    // Expected normal order statistics by Blom; those of the upper half are positive.
    let m: Vec<f64> = (1..=half).map(|i| -normal_quantile((i as f64 - 0.375) / (size + 0.25))).collect();
    let total: f64 = 2.0 * m.iter().map(|v| v * v).sum::<f64>();
    let u = 1.0 / size.sqrt();
    let first =
        polynomial(&[0.0, 0.221_157, -0.147_981, -2.071_190, 4.434_685, -2.706_056], u) + m[0] / total.sqrt();
    let mut weights: Vec<f64>;
    if n > 5 {
        let second = polynomial(&[0.0, 0.042_981, -0.293_762, -1.752_461, 5.682_633, -3.582_633], u)
            + m[1] / total.sqrt();
        let rest = (total - 2.0 * m[0] * m[0] - 2.0 * m[1] * m[1])
            / (1.0 - 2.0 * first * first - 2.0 * second * second);
        weights = m.iter().map(|v| v / rest.sqrt()).collect();
        weights[1] = second;
    } else {
        let rest = (total - 2.0 * m[0] * m[0]) / (1.0 - 2.0 * first * first);
        weights = m.iter().map(|v| v / rest.sqrt()).collect();
    }
    weights[0] = first;
    weights
}

fn p_value(w: f64, n: usize) -> f64 {
    let size = n as f64;
    if n == 3 {
        // Exact: 6 / pi (asin sqrt w - asin sqrt 3/4).
        let p = 6.0 / std::f64::consts::PI * (libm::asin(w.sqrt()) - std::f64::consts::FRAC_PI_3);
        return p.max(0.0);
    }
    let left = libm::log1p(-w);
    if w >= 1.0 {
        return 1.0;
    }
    let (value, mean, sd) = if n <= 11 {
        let gamma = -2.273 + 0.459 * size;
        if left >= gamma {
            return 1e-99;
        }
        let mean = polynomial(&[0.544, -0.399_78, 0.025_054, -6.714e-4], size);
        let ln_sd = polynomial(&[1.3822, -0.778_57, 0.062_767, -0.002_032_2], size);
        (-libm::log(gamma - left), mean, libm::exp(ln_sd))
    } else {
        let x = libm::log(size);
        let mean = polynomial(&[-1.5861, -0.310_82, -0.083_751, 0.003_891_5], x);
        let ln_sd = polynomial(&[-0.4803, -0.082_676, 0.003_030_2], x);
        (left, mean, libm::exp(ln_sd))
    };
    normal_cdf(-(value - mean) / sd)
}

fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}
