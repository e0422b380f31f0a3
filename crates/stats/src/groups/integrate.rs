//! Numerical integrals of smooth functions.

use crate::special::{gamma_quantile, ln_gamma};

/// Points of a Gauss rule; 16 integrate a smooth function over a panel to rounding.
const POINTS: usize = 16;

/// Places and weights of a quadrature.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) places: Vec<f64>,
    pub(super) weights: Vec<f64>,
}

impl Rule {
    /// Gauss-Legendre on equal panels of an interval.
    pub(super) fn panels(low: f64, high: f64, panels: usize) -> Rule {
        let (nodes, node_weights) = legendre();
        let half = 0.5 * (high - low) / panels as f64;
        let mut rule = Rule { places: Vec::new(), weights: Vec::new() };
        for panel in 0..panels {
            let middle = low + half * (2 * panel + 1) as f64;
            for (node, weight) in nodes.iter().zip(&node_weights) {
                rule.places.push(middle + half * node);
                rule.weights.push(half * weight);
            }
        }
        rule
    }

    /// The standard normal distribution: the weights hold its density.
    pub(super) fn normal() -> Rule {
        let mut rule = Rule::panels(-8.5, 8.5, 8);
        let density = |z: f64| libm::exp(-0.5 * z * z) / (2.0 * std::f64::consts::PI).sqrt();
        rule.weights.iter_mut().zip(&rule.places).for_each(|(w, z)| *w *= density(*z));
        rule
    }

    /// The distribution of an estimated standard deviation over the true one, with so many degrees of freedom; infinite
    /// degrees give 1.
    pub(super) fn deviation(df: f64) -> Rule {
        if df > 1e7 {
            return Rule { places: vec![1.0], weights: vec![1.0] };
        }
        let end = |p: f64| (2.0 * gamma_quantile(0.5 * df, p) / df).sqrt();
        // The lower end of few degrees is near zero, where the density is a power.
        let low = if df < 3.0 { 0.0 } else { end(1e-13) };
        let mut rule = Rule::panels(low, end(1.0 - 1e-13), 8);
        let constant = std::f64::consts::LN_2 + 0.5 * df * libm::log(0.5 * df) - ln_gamma(0.5 * df);
        let density = |s: f64| libm::exp(constant + (df - 1.0) * libm::log(s) - 0.5 * df * s * s);
        rule.weights.iter_mut().zip(&rule.places).for_each(|(w, s)| *w *= density(*s));
        rule
    }

    /// The integral of a function.
    pub(super) fn of(&self, function: impl Fn(f64) -> f64) -> f64 {
        self.places.iter().zip(&self.weights).map(|(place, weight)| weight * function(*place)).sum()
    }
}

/// Nodes and weights on -1 to 1: roots of the Legendre polynomial by Newton's method; DLMF 3.5.19.
fn legendre() -> (Vec<f64>, Vec<f64>) {
    let n = POINTS as f64;
    let pairs = (0..POINTS).map(|k| {
        let mut x = libm::cos(std::f64::consts::PI * (k as f64 + 0.75) / (n + 0.5));
        let mut slope = 1.0;
        for _ in 0..100 {
            let (mut before, mut value) = (1.0, x);
            for j in 2..=POINTS {
                let j = j as f64;
                (before, value) = (value, ((2.0 * j - 1.0) * x * value - (j - 1.0) * before) / j);
            }
            slope = n * (x * value - before) / (x * x - 1.0);
            let step = value / slope;
            x -= step;
            if step.abs() < 1e-15 {
                break;
            }
        }
        (x, 2.0 / ((1.0 - x * x) * slope * slope))
    });
    pairs.unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrals_by_hand() {
        assert!((Rule::panels(0.0, 2.0, 1).of(|x| x.powi(31)) / (2f64.powi(32) / 32.0) - 1.0).abs() < 1e-13);
        assert!((Rule::normal().of(|_| 1.0) - 1.0).abs() < 1e-14);
        assert!((Rule::normal().of(|z| z * z) - 1.0).abs() < 1e-13);
        for df in [1.0, 2.0, 3.0, 5.0, 40.0, 1e4, f64::INFINITY] {
            let rule = Rule::deviation(df);
            assert!((rule.of(|_| 1.0) - 1.0).abs() < 1e-11, "{df}: {}", rule.of(|_| 1.0));
            assert!((rule.of(|s| s * s) - 1.0).abs() < 1e-10, "{df}");
        }
    }
}
