//! Means of replicates and what is known of them.

use hepatica_stats::{Interval, student_quantile};

/// The level of every interval of the bench.
pub const LEVEL: f64 = 0.95;

/// A number with its standard uncertainty and the degrees of freedom behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Uncertain {
    /// The number.
    pub value: f64,
    /// Its standard uncertainty.
    pub u: f64,
    /// Degrees of freedom of the uncertainty; infinite when it is known.
    pub df: f64,
}

impl Uncertain {
    /// A number known exactly.
    pub fn exact(value: f64) -> Uncertain {
        Uncertain { value, u: 0.0, df: f64::INFINITY }
    }

    /// The mean of replicates; one alone has no uncertainty of its own and none is made up.
    pub fn mean(values: &[f64]) -> Option<Uncertain> {
        let n = values.len() as f64;
        if values.is_empty() {
            return None;
        }
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
        let u = if values.len() > 1 { (squares / (n - 1.0) / n).sqrt() } else { f64::NAN };
        Some(Uncertain { value: mean, u, df: n - 1.0 })
    }

    /// The difference of two, by Welch and Satterthwaite.
    #[must_use]
    pub fn minus(self, other: Uncertain) -> Uncertain {
        let (a, b) = (self.u * self.u, other.u * other.u);
        let below = share(a * a, self.df) + share(b * b, other.df);
        let df = if below > 0.0 { (a + b) * (a + b) / below } else { f64::INFINITY };
        Uncertain { value: self.value - other.value, u: (a + b).sqrt(), df }
    }

    /// Times a number known exactly.
    #[must_use]
    pub fn times(self, factor: f64) -> Uncertain {
        Uncertain { value: self.value * factor, u: self.u * factor.abs(), df: self.df }
    }

    /// The interval at [`LEVEL`]; none without an uncertainty.
    pub fn interval(&self) -> Option<Interval> {
        if !self.u.is_finite() {
            return None;
        }
        let t = if self.df.is_finite() {
            student_quantile(self.df, 0.5 + 0.5 * LEVEL)
        } else {
            hepatica_stats::normal_quantile(0.5 + 0.5 * LEVEL)
        };
        Some(Interval { low: self.value - t * self.u, high: self.value + t * self.u })
    }
}

fn share(square: f64, df: f64) -> f64 {
    if df > 0.0 && df.is_finite() { square / df } else { 0.0 }
}

/// Standard deviation over mean of replicates, as a share; none below two.
pub fn variation(values: &[f64]) -> Option<f64> {
    let mean = Uncertain::mean(values)?;
    (values.len() > 1 && mean.value != 0.0).then(|| mean.u * (values.len() as f64).sqrt() / mean.value.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_differences() {
        let a = Uncertain::mean(&[1.0, 2.0, 3.0]).unwrap();
        assert!((a.u - 1.0 / 3f64.sqrt()).abs() < 1e-15 && a.df == 2.0);
        // Equal variances and numbers: Welch's degrees of freedom are those of the pooled test.
        let d = a.minus(Uncertain::mean(&[0.0, 1.0, 2.0]).unwrap());
        assert!((d.value - 1.0).abs() < 1e-15 && (d.df - 4.0).abs() < 1e-12);
        let i = a.interval().unwrap();
        assert!((i.high - 2.0 - 4.302_652_729_911_275 * a.u).abs() < 1e-9);
        assert_eq!(Uncertain::mean(&[1.0]).unwrap().interval(), None);
        assert_eq!(Uncertain::mean(&[]), None);
        assert!((variation(&[9.0, 11.0]).unwrap() - 0.1414213562).abs() < 1e-9);
        assert_eq!(Uncertain::exact(3.0).minus(Uncertain::exact(1.0)).u, 0.0);
    }
}
