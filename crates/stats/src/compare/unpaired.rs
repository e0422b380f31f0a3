//! Arms of different patients.

use super::score::{limits_of_ratio, standardised};
use super::{Estimate, Method};
use crate::special::normal_quantile;
use crate::{Interval, StatsError, error, wilson};

/// Events among patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Patients with the event.
    pub events: u64,
    /// All patients.
    pub n: u64,
}

impl Share {
    fn check(self) -> Result<(), StatsError> {
        if self.n == 0 {
            return Err(StatsError::TooFew { found: 0, needed: 1 });
        }
        error::all(&[self.events as f64], "at most the number of patients", |k| k <= self.n as f64)
    }

    fn value(self) -> f64 {
        self.events as f64 / self.n as f64
    }
}

/// The share of one arm divided by that of another, with the log-Wald interval; without events in an arm, where
/// that has no limits, the interval of [`risk_ratio_score`].
///
/// # Errors
/// An arm without patients or with more events than patients, a level outside (0, 1).
pub fn risk_ratio(treated: Share, control: Share, level: f64) -> Result<Estimate, StatsError> {
    if treated.events == 0 || control.events == 0 {
        return risk_ratio_score(treated, control, level);
    }
    check(treated, control, level)?;
    let rest = |share: Share| 1.0 / share.events as f64 - 1.0 / share.n as f64;
    let half = normal_quantile(0.5 + 0.5 * level) * (rest(treated) + rest(control)).sqrt();
    let value = treated.value() / control.value();
    let interval = Interval { low: value * libm::exp(-half), high: value * libm::exp(half) };
    Ok(Estimate { value, interval, method: Method::LogWald })
}

/// The share of one arm divided by that of another with Koopman's score interval, which exists for any numbers.
///
/// # Errors
/// As [`risk_ratio`].
pub fn risk_ratio_score(treated: Share, control: Share, level: f64) -> Result<Estimate, StatsError> {
    check(treated, control, level)?;
    let z = normal_quantile(0.5 + 0.5 * level);
    let value = treated.value() / control.value();
    let interval = limits_of_ratio(value, z, |ratio| koopman(treated, control, ratio));
    Ok(Estimate { value, interval, method: Method::Koopman })
}

/// The share of one arm minus that of another, with Newcombe's hybrid score interval.
///
/// # Errors
/// As [`risk_ratio`].
pub fn risk_difference(treated: Share, control: Share, level: f64) -> Result<Estimate, StatsError> {
    check(treated, control, level)?;
    let (p, q) = (treated.value(), control.value());
    let (of_p, of_q) = (wilson(treated.events, treated.n, level)?, wilson(control.events, control.n, level)?);
    let value = p - q;
    let interval = Interval {
        low: value - libm::hypot(p - of_p.low, of_q.high - q),
        high: value + libm::hypot(of_p.high - p, q - of_q.low),
    };
    Ok(Estimate { value, interval, method: Method::Newcombe })
}

fn check(treated: Share, control: Share, level: f64) -> Result<(), StatsError> {
    treated.check()?;
    control.check()?;
    error::level(level)
}

/// The score of a ratio: the departure of the shares from it in units of its standard error, with the shares most
/// likely under that ratio.
fn koopman(treated: Share, control: Share, ratio: f64) -> f64 {
    let [x, m, y, n] = [treated.events, treated.n, control.events, control.n].map(|count| count as f64);
    // The most likely share of the control arm is the smaller root of a q^2 - b q + c.
    let (a, b, c) = (ratio * (m + n), ratio * (m + y) + x + n, x + y);
    let root = (b * b - 4.0 * a * c).max(0.0).sqrt();
    let q = 2.0 * c / (b + root);
    let p = (ratio * q).min(1.0);
    let variance = p * (1.0 - p) / m + ratio * ratio * q * (1.0 - q) / n;
    standardised(x / m - ratio * y / n, variance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(events: u64, n: u64) -> Share {
        Share { events, n }
    }

    fn close(got: Estimate, value: f64, low: f64, high: f64, tolerance: f64) {
        let limits =
            (got.interval.low - low).abs() < tolerance && (got.interval.high - high).abs() < tolerance;
        assert!(limits && (got.value - value).abs() < tolerance, "{got:?} not {value}, {low} to {high}");
    }

    #[test]
    fn ratios() {
        // 13 of 25 against 20 of 25, by hand: 0.65 times or over exp(1.96 sqrt(1/13 + 1/20 - 2/25)).
        close(risk_ratio(share(13, 25), share(20, 25), 0.95).unwrap(), 0.65, 0.4251, 0.9938, 6e-5);
        // 7 of 34 against 1 of 34, Perondi MBM et al., N Engl J Med 2004;350:1722, as analysed by Fagerland MW et
        // al., Statistical Analysis of Contingency Tables (2017), chapter 4.
        let (treated, control) = (share(7, 34), share(1, 34));
        close(risk_ratio(treated, control, 0.95).unwrap(), 7.0, 0.9096, 53.8695, 6e-5);
        close(risk_ratio_score(treated, control, 0.95).unwrap(), 7.0, 1.2209, 42.5757, 6e-5);
        // Koopman's own example.
        close(risk_ratio_score(share(36, 40), share(16, 80), 0.95).unwrap(), 4.5, 2.94, 7.15, 6e-3);
    }

    /// Newcombe RG, Stat Med 1998;17:873, table II, method 10.
    #[test]
    fn differences() {
        for ([a, m, b, n], low, high) in [
            ([56, 70, 48, 80], 0.0524, 0.3339),
            ([9, 10, 3, 10], 0.1705, 0.8090),
            ([6, 7, 2, 7], 0.0582, 0.8062),
            ([5, 56, 0, 29], -0.0381, 0.1926),
            ([0, 10, 0, 20], -0.1611, 0.2775),
            ([0, 10, 0, 10], -0.2775, 0.2775),
            ([10, 10, 0, 20], 0.6791, 1.0),
            ([10, 10, 0, 10], 0.6075, 1.0),
        ] {
            let value = a as f64 / m as f64 - b as f64 / n as f64;
            close(risk_difference(share(a, m), share(b, n), 0.95).unwrap(), value, low, high, 6e-5);
        }
        // As above, chapter 4.
        close(risk_difference(share(7, 34), share(1, 34), 0.95).unwrap(), 6.0 / 34.0, 0.0189, 0.3404, 6e-5);
    }

    #[test]
    fn arms_without_events() {
        let none = risk_ratio(share(0, 16), share(15, 72), 0.95).unwrap();
        assert_eq!((none.value, none.interval.low, none.method), (0.0, 0.0, Method::Koopman));
        assert!(none.interval.high > 0.9 && none.interval.high < 1.1, "{none:?}");
        let only = risk_ratio(share(15, 72), share(0, 16), 0.95).unwrap();
        assert_eq!((only.value, only.interval.high), (f64::INFINITY, f64::INFINITY));
        assert!((only.interval.low * none.interval.high - 1.0).abs() < 1e-9);
        let nothing = risk_ratio(share(0, 5), share(0, 6), 0.95).unwrap();
        assert!(nothing.value.is_nan());
        assert_eq!(nothing.interval, Interval { low: 0.0, high: f64::INFINITY });
        let all = risk_ratio_score(share(5, 5), share(6, 6), 0.95).unwrap();
        assert!(all.interval.low < 1.0 && all.interval.high > 1.0 && all.interval.high < 3.0, "{all:?}");
    }

    /// Arms changed over: the ratio inverts, the difference changes sign, and so do the limits.
    #[test]
    fn arms_changed_over() {
        for (x, m, y, n) in
            [(3, 40, 9, 50), (1, 1_000_000, 7, 900_000), (250_000, 1_000_000, 249_000, 1_000_000)]
        {
            let (a, b) = (share(x, m), share(y, n));
            for ratio in [risk_ratio, risk_ratio_score] {
                let (one, other) = (ratio(a, b, 0.9).unwrap(), ratio(b, a, 0.9).unwrap());
                assert!((one.interval.low * other.interval.high - 1.0).abs() < 1e-8, "{one:?} {other:?}");
                assert!(one.interval.low < one.value && one.value < one.interval.high);
            }
            let (one, other) = (risk_difference(a, b, 0.9).unwrap(), risk_difference(b, a, 0.9).unwrap());
            assert!((one.interval.low + other.interval.high).abs() < 1e-12);
        }
    }

    #[test]
    fn refusals() {
        let good = share(1, 2);
        for (a, b, level) in [(share(0, 0), good, 0.95), (good, share(3, 2), 0.95), (good, good, 1.0)] {
            assert!(risk_ratio(a, b, level).is_err() && risk_difference(a, b, level).is_err());
            assert!(risk_ratio_score(a, b, level).is_err());
        }
    }
}
