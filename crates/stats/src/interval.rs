//! Confidence intervals of a share.

use crate::special::{beta_quantile, normal_quantile};
use crate::{StatsError, error};

/// A range of values, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Wilson's score interval of a binomial share, `events` of `n`, at a confidence `level` such as 0.95.
///
/// Source: Wilson EB, J Am Stat Assoc 1927;22:209; recommended for small n by Brown, Cai and DasGupta,
/// Stat Sci 2001;16:101.
///
/// # Errors
/// `n` of zero, more events than `n`, a level outside (0, 1).
pub fn wilson(events: u64, n: u64, level: f64) -> Result<Interval, StatsError> {
    check(events, n, level)?;
    let (k, n_f) = (events as f64, n as f64);
    let z = normal_quantile(0.5 + level / 2.0);
    let centre = (k + z * z / 2.0) / (n_f + z * z);
    let half = z / (n_f + z * z) * (k * (n_f - k) / n_f + z * z / 4.0).sqrt();
    // At the ends the formula gives 0 and 1 up to rounding.
    let low = if events == 0 { 0.0 } else { centre - half };
    let high = if events == n { 1.0 } else { centre + half };
    Ok(Interval { low, high })
}

/// The exact interval of Clopper and Pearson, `events` of `n`, at a confidence `level` such as 0.95.
///
/// Source: Clopper CJ, Pearson ES, Biometrika 1934;26:404; the ends are beta quantiles.
///
/// # Errors
/// As [`wilson`].
pub fn clopper_pearson(events: u64, n: u64, level: f64) -> Result<Interval, StatsError> {
    check(events, n, level)?;
    let (k, n_f) = (events as f64, n as f64);
    let tail = (1.0 - level) / 2.0;
    let low = if events == 0 { 0.0 } else { beta_quantile(k, n_f - k + 1.0, tail) };
    let high = if events == n { 1.0 } else { beta_quantile(k + 1.0, n_f - k, 1.0 - tail) };
    Ok(Interval { low, high })
}

/// The interval of a normally distributed estimate that goes with its published two-sided p against zero: the standard
/// error is the estimate over the normal quantile of p.
///
/// For a ratio, give its logarithm and take the exponential of the ends.
///
/// # Errors
/// An estimate of zero or not finite, a p or level outside (0, 1).
pub fn implied_by_p(estimate: f64, p: f64, level: f64) -> Result<Interval, StatsError> {
    error::all(&[estimate], "finite and not zero", |e| e.is_finite() && e != 0.0)?;
    error::all(&[p], "a probability between 0 and 1", |p| p > 0.0 && p < 1.0)?;
    error::level(level)?;
    let se = estimate.abs() / -normal_quantile(p / 2.0);
    let half = normal_quantile(0.5 + level / 2.0) * se;
    Ok(Interval { low: estimate - half, high: estimate + half })
}

fn check(events: u64, n: u64, level: f64) -> Result<(), StatsError> {
    if n == 0 {
        return Err(StatsError::TooFew { found: 0, needed: 1 });
    }
    error::all(&[events as f64], "at most the number of trials", |k| k <= n as f64)?;
    error::level(level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_p_implies_its_interval() {
        let smd = implied_by_p(1.23, 0.0003, 0.95).unwrap();
        assert!((smd.low - 0.563).abs() < 5e-4 && (smd.high - 1.897).abs() < 5e-4, "{smd:?}");
        // A p of 0.05 is an interval of 95 % that ends at zero.
        let edge = implied_by_p(libm::log(0.51), 0.05, 0.95).unwrap();
        assert!(edge.high.abs() < 1e-12 && (libm::exp(edge.low) - 0.2601).abs() < 1e-12, "{edge:?}");
        assert!(implied_by_p(0.0, 0.05, 0.95).is_err() && implied_by_p(1.0, 1.0, 0.95).is_err());
    }

    fn close(interval: Interval, low: f64, high: f64, tolerance: f64) {
        let ok = (interval.low - low).abs() < tolerance && (interval.high - high).abs() < tolerance;
        assert!(ok, "{interval:?} not {low} to {high}");
    }

    #[test]
    fn published_examples() {
        // Newcombe RG, Stat Med 1998;17:857, table I: 81/263, 15/148, 0/20, 1/29; methods 3 and 5.
        for (k, n, wilson_low, wilson_high, exact_low, exact_high) in [
            (81, 263, 0.2553, 0.3662, 0.2527, 0.3676),
            (15, 148, 0.0624, 0.1605, 0.0578, 0.1617),
            (0, 20, 0.0, 0.1611, 0.0, 0.1684),
            (1, 29, 0.0061, 0.1718, 0.0009, 0.1776),
        ] {
            close(wilson(k, n, 0.95).unwrap(), wilson_low, wilson_high, 6e-5);
            close(clopper_pearson(k, n, 0.95).unwrap(), exact_low, exact_high, 6e-5);
        }
    }

    #[test]
    fn exact_ends_have_closed_forms() {
        // No events in n: the upper end is 1 - (alpha/2)^(1/n).
        for n in [1u64, 7, 100] {
            let high = 1.0 - 0.025f64.powf(1.0 / n as f64);
            close(clopper_pearson(0, n, 0.95).unwrap(), 0.0, high, 1e-13);
            close(clopper_pearson(n, n, 0.95).unwrap(), 1.0 - high, 1.0, 1e-13);
        }
    }

    #[test]
    fn symmetric_and_inside() {
        for n in [1u64, 3, 40, 5000] {
            for k in [0, 1, n / 3, n / 2, n] {
                for interval in [wilson, clopper_pearson] {
                    let (a, b) = (interval(k, n, 0.9).unwrap(), interval(n - k, n, 0.9).unwrap());
                    close(a, 1.0 - b.high, 1.0 - b.low, 1e-12);
                    let share = k as f64 / n as f64;
                    assert!(0.0 <= a.low && a.low <= share && share <= a.high && a.high <= 1.0);
                }
            }
        }
    }

    #[test]
    fn refusals() {
        for (k, n, level) in [(0, 0, 0.95), (2, 1, 0.95), (1, 2, 0.0), (1, 2, 1.0), (1, 2, f64::NAN)] {
            assert!(wilson(k, n, level).is_err() && clopper_pearson(k, n, level).is_err(), "{k} {n} {level}");
        }
    }
}
