//! Two groups and an event: risks, their ratio and difference, and tests of independence.

use crate::compare::{self, Estimate, Share};
use crate::special::{ln_gamma, normal_quantile};
use crate::{Interval, StatsError, error};

/// Events among people in two groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TwoByTwo {
    /// Events in the treated group.
    pub treated_events: u64,
    /// People in the treated group.
    pub treated: u64,
    /// Events in the control group.
    pub control_events: u64,
    /// People in the control group.
    pub control: u64,
}

/// An estimate with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimated {
    /// The estimate.
    pub value: f64,
    /// Its confidence interval.
    pub interval: Interval,
}

impl From<Estimate> for Estimated {
    fn from(estimate: Estimate) -> Estimated {
        Estimated { value: estimate.value, interval: estimate.interval }
    }
}

/// The two-sided upper tail probability of a chi-squared value with one degree of freedom.
pub fn chi_squared_p(chi_squared: f64) -> f64 {
    libm::erfc((chi_squared / 2.0).sqrt())
}

/// The two-sided probability of a standard normal value at least as far from zero.
pub fn normal_p(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

impl TwoByTwo {
    /// Checks that events do not outnumber people and that both groups and both outcomes occur.
    ///
    /// # Errors
    /// An empty group, more events than people, no event at all, or events in everyone.
    pub fn new(treated: (u64, u64), control: (u64, u64)) -> Result<TwoByTwo, StatsError> {
        let ((a, n1), (c, n2)) = (treated, control);
        if n1 == 0 || n2 == 0 {
            return Err(StatsError::TooFew { found: 0, needed: 1 });
        }
        error::all(&[a as f64], "at most the people in the group", |a| a <= n1 as f64)?;
        error::all(&[c as f64], "at most the people in the group", |c| c <= n2 as f64)?;
        error::all(&[(a + c) as f64], "between no event and an event in everyone", |e| {
            e > 0.0 && e < (n1 + n2) as f64
        })?;
        Ok(TwoByTwo { treated_events: a, treated: n1, control_events: c, control: n2 })
    }

    fn cells(&self) -> [f64; 4] {
        let (a, c) = (self.treated_events as f64, self.control_events as f64);
        [a, self.treated as f64 - a, c, self.control as f64 - c]
    }

    fn shares(&self) -> [Share; 2] {
        [
            Share { events: self.treated_events, n: self.treated },
            Share { events: self.control_events, n: self.control },
        ]
    }

    fn risks(&self) -> (f64, f64) {
        (self.treated_events as f64 / self.treated as f64, self.control_events as f64 / self.control as f64)
    }

    /// Risk ratio with the log-Wald interval (Katz et al., Biometrics 1978;34:469).
    ///
    /// # Errors
    /// A group without events, a level outside (0, 1).
    pub fn risk_ratio(&self, level: f64) -> Result<Estimated, StatsError> {
        let [a, _, c, _] = self.cells();
        error::all(&[a, c], "above zero, as the logarithm of a ratio needs", |v| v > 0.0)?;
        let [treated, control] = self.shares();
        compare::risk_ratio(treated, control, level).map(Estimated::from)
    }

    /// Risk ratio with half an event added to each group, its log-Wald interval (Walter, Biometrika 1975;62:371).
    ///
    /// # Errors
    /// A level outside (0, 1).
    pub fn risk_ratio_adjusted(&self, level: f64) -> Result<Estimated, StatsError> {
        let [a, _, c, _] = self.cells();
        let (a, n1, c, n2) = (a + 0.5, self.treated as f64 + 0.5, c + 0.5, self.control as f64 + 0.5);
        let variance = 1.0 / a - 1.0 / n1 + 1.0 / c - 1.0 / n2;
        around_log(libm::log(a / n1 / (c / n2)), variance.sqrt(), level)
    }

    /// Odds ratio with the log interval of Woolf (Ann Hum Genet 1955;19:251).
    ///
    /// # Errors
    /// An empty cell, a level outside (0, 1).
    pub fn odds_ratio(&self, level: f64) -> Result<Estimated, StatsError> {
        let [a, b, c, d] = self.cells();
        error::all(&[a, b, c, d], "above zero, as the logarithm of odds needs", |v| v > 0.0)?;
        let variance = 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d;
        around_log(libm::log(a * d / (b * c)), variance.sqrt(), level)
    }

    /// Risk difference, treated less control, with the Wald interval.
    ///
    /// # Errors
    /// A level outside (0, 1).
    pub fn risk_difference(&self, level: f64) -> Result<Estimated, StatsError> {
        let z = z(level)?;
        let (p1, p2) = self.risks();
        let variance = p1 * (1.0 - p1) / self.treated as f64 + p2 * (1.0 - p2) / self.control as f64;
        let half = z * variance.sqrt();
        let value = p1 - p2;
        Ok(Estimated { value, interval: Interval { low: value - half, high: value + half } })
    }

    /// Risk difference with Newcombe's hybrid score interval (Stat Med 1998;17:873, method 10).
    ///
    /// # Errors
    /// A level outside (0, 1).
    pub fn risk_difference_newcombe(&self, level: f64) -> Result<Estimated, StatsError> {
        let [treated, control] = self.shares();
        compare::risk_difference(treated, control, level).map(Estimated::from)
    }

    /// Pearson's chi-squared with its p, without correction.
    pub fn pearson(&self) -> (f64, f64) {
        self.chi_squared(0.0)
    }

    /// Chi-squared with the correction of Yates, and its p.
    pub fn yates(&self) -> (f64, f64) {
        self.chi_squared(0.5)
    }

    fn chi_squared(&self, correction: f64) -> (f64, f64) {
        let [a, b, c, d] = self.cells();
        let n = a + b + c + d;
        let apart = ((a * d - b * c).abs() - correction * n).max(0.0);
        let value = n * apart * apart / ((a + b) * (c + d) * (a + c) * (b + d));
        (value, chi_squared_p(value))
    }

    /// Fisher's exact two-sided p: the sum over tables of the same margins that are no more likely than this one.
    pub fn fisher(&self) -> f64 {
        let (n1, n2) = (self.treated, self.control);
        let events = self.treated_events + self.control_events;
        let ln_choose = |n: u64, k: u64| {
            let (n, k) = (n as f64, k as f64);
            ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0)
        };
        let ln_p = |a: u64| ln_choose(n1, a) + ln_choose(n2, events - a) - ln_choose(n1 + n2, events);
        let here = ln_p(self.treated_events);
        // Tables that are equally likely differ by rounding only.
        let as_likely = |ln: &f64| *ln <= here + 1e-7;
        let tables = events.saturating_sub(n2)..=events.min(n1);
        tables.map(ln_p).filter(as_likely).map(libm::exp).sum::<f64>().min(1.0)
    }
}

/// The ratio of two rates given by counts over person-time, with the log-Wald interval of Poisson counts.
///
/// # Errors
/// A count or time of zero or below, a level outside (0, 1).
pub fn rate_ratio(treated: (f64, f64), control: (f64, f64), level: f64) -> Result<Estimated, StatsError> {
    let values = [treated.0, treated.1, control.0, control.1];
    error::all(&values, "above zero", |v| v > 0.0 && v.is_finite())?;
    let ratio = treated.0 / treated.1 / (control.0 / control.1);
    around_log(libm::log(ratio), (1.0 / treated.0 + 1.0 / control.0).sqrt(), level)
}

/// The two-sided p of a ratio whose logarithm is normal, from its confidence interval at a level.
///
/// # Errors
/// Ends that are not positive and in order, a level outside (0, 1).
pub fn ratio_p(ratio: f64, interval: Interval, level: f64) -> Result<f64, StatsError> {
    error::all(&[ratio, interval.low, interval.high], "above zero", |v| v > 0.0)?;
    error::all(&[interval.high], "above the lower end", |high| high > interval.low)?;
    let se = libm::log(interval.high / interval.low) / (2.0 * z(level)?);
    Ok(normal_p(libm::log(ratio) / se))
}

/// How many times as wide one interval of a ratio is as another, on the logarithmic scale; its square is the
/// overdispersion when the other comes from Poisson counts. NaN for ends that are not positive.
pub fn width_ratio(interval: Interval, other: Interval) -> f64 {
    libm::log(interval.high / interval.low) / libm::log(other.high / other.low)
}

fn z(level: f64) -> Result<f64, StatsError> {
    error::all(&[level], "a level between 0 and 1", |l| l > 0.0 && l < 1.0)?;
    Ok(normal_quantile(0.5 + level / 2.0))
}

fn around_log(ln: f64, se: f64, level: f64) -> Result<Estimated, StatsError> {
    let half = z(level)? * se;
    let interval = Interval { low: libm::exp(ln - half), high: libm::exp(ln + half) };
    Ok(Estimated { value: libm::exp(ln), interval })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keays R et al., BMJ 1991;303:1026: 13 of 25 died with acetylcysteine, 20 of 25 without.
    fn keays() -> TwoByTwo {
        TwoByTwo::new((13, 25), (20, 25)).unwrap()
    }

    fn near(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance, "{found} not {expected}");
    }

    #[test]
    fn the_trial_of_keays() {
        let rr = keays().risk_ratio(0.95).unwrap();
        near(rr.value, 0.65, 1e-12);
        near(rr.interval.low, 0.4251, 5e-5);
        near(rr.interval.high, 0.9938, 5e-5);
        near(keays().pearson().1, 0.0366, 5e-5);
        near(keays().yates().1, 0.073, 5e-4);
        near(keays().fisher(), 0.072, 5e-4);
        let rd = keays().risk_difference(0.95).unwrap();
        near(rd.value, -0.28, 1e-12);
        near(rd.interval.low, -0.531, 5e-4);
        near(rd.interval.high, -0.029, 5e-4);
    }

    /// Newcombe 1998 part II, table II: 56/70 against 48/80.
    #[test]
    fn published_difference() {
        let t = TwoByTwo::new((56, 70), (48, 80)).unwrap();
        let wald = t.risk_difference(0.95).unwrap().interval;
        near(wald.low, 0.0575, 5e-5);
        near(wald.high, 0.3425, 5e-5);
        let score = t.risk_difference_newcombe(0.95).unwrap().interval;
        near(score.low, 0.0524, 5e-5);
        near(score.high, 0.3339, 5e-5);
    }

    /// The tea tasting: 3 of 4 against 1 of 4 has p = 34/70.
    #[test]
    fn fishers_tea() {
        near(TwoByTwo::new((3, 4), (1, 4)).unwrap().fisher(), 34.0 / 70.0, 1e-12);
        near(TwoByTwo::new((4, 4), (0, 4)).unwrap().fisher(), 2.0 / 70.0, 1e-12);
        near(TwoByTwo::new((2, 4), (2, 4)).unwrap().fisher(), 1.0, 1e-12);
    }

    #[test]
    fn swapping_groups_inverts_ratios_and_keeps_p() {
        let (t, s) = (keays(), TwoByTwo::new((20, 25), (13, 25)).unwrap());
        let (a, b) = (t.risk_ratio(0.9).unwrap(), s.risk_ratio(0.9).unwrap());
        near(a.value * b.value, 1.0, 1e-12);
        near(a.interval.low * b.interval.high, 1.0, 1e-12);
        near(t.fisher(), s.fisher(), 1e-12);
        near(t.odds_ratio(0.9).unwrap().value, 13.0 * 5.0 / (12.0 * 20.0), 1e-12);
        assert!(t.risk_ratio_adjusted(0.95).unwrap().value > t.risk_ratio(0.95).unwrap().value);
    }

    /// PANTHEON: 497 exacerbations against 641, 1.16 against 1.49 per year; published 0.78 (0.67 to 0.90), p 0.0011.
    #[test]
    fn rates_of_a_trial() {
        let years = (497.0 / 1.16, 641.0 / 1.49);
        let ratio = rate_ratio((497.0, years.0), (641.0, years.1), 0.95).unwrap();
        near(ratio.value, 0.7785, 5e-5);
        near(ratio.interval.low, 0.69, 5e-3);
        near(ratio.interval.high, 0.88, 5e-3);
        let wider = width_ratio(Interval { low: 0.67, high: 0.90 }, ratio.interval);
        near(wider * wider, 1.59, 0.01);
        let p = ratio_p(0.78, Interval { low: 0.67, high: 0.90 }, 0.95).unwrap();
        near(p, 0.00097, 5e-5);
    }

    #[test]
    fn refusals() {
        assert!(TwoByTwo::new((0, 0), (1, 2)).is_err());
        assert!(TwoByTwo::new((3, 2), (1, 2)).is_err());
        assert!(TwoByTwo::new((0, 2), (0, 2)).is_err());
        assert!(TwoByTwo::new((2, 2), (2, 2)).is_err());
        assert!(TwoByTwo::new((0, 2), (1, 2)).unwrap().risk_ratio(0.95).is_err());
        assert!(keays().risk_ratio(1.0).is_err());
        assert!(rate_ratio((0.0, 1.0), (1.0, 1.0), 0.95).is_err());
    }
}
