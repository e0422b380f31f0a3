//! The same patients in both arms.

use super::score::{limits_of_difference, limits_of_ratio, standardised};
use super::{Estimate, Method, Share};
use crate::special::{incomplete_beta, normal_quantile};
use crate::{StatsError, error};

/// How many patients have an event in both arms, in one, in none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// In both.
    pub both: u64,
    /// Only under treatment (the first arm).
    pub only_treated: u64,
    /// Only under control (the second arm).
    pub only_control: u64,
    /// In none.
    pub neither: u64,
}

impl Pairs {
    /// Counts one patient.
    pub fn insert(&mut self, treated: bool, control: bool) {
        *match (treated, control) {
            (true, true) => &mut self.both,
            (true, false) => &mut self.only_treated,
            (false, true) => &mut self.only_control,
            (false, false) => &mut self.neither,
        } += 1;
    }

    /// Adds the patients of another count.
    pub fn merge(&mut self, other: &Pairs) {
        self.both += other.both;
        self.only_treated += other.only_treated;
        self.only_control += other.only_control;
        self.neither += other.neither;
    }

    /// All patients.
    pub fn count(&self) -> u64 {
        self.both + self.only_treated + self.only_control + self.neither
    }

    /// The share of the first arm.
    pub fn treated(&self) -> Share {
        Share { events: self.both + self.only_treated, n: self.count() }
    }

    /// The share of the second arm.
    pub fn control(&self) -> Share {
        Share { events: self.both + self.only_control, n: self.count() }
    }

    /// The share of the first arm minus that of the second, with Tango's score interval.
    ///
    /// # Errors
    /// No patients, a level outside (0, 1).
    pub fn risk_difference(&self, level: f64) -> Result<Estimate, StatsError> {
        let z = self.check(level)?;
        let [_, b, c, n] = self.numbers();
        let value = (b - c) / n;
        let interval = limits_of_difference(value, z, |difference| tango(b, c, n, difference));
        Ok(Estimate { value, interval, method: Method::Tango })
    }

    /// The share of the first arm divided by that of the second, with the score interval of Nam and Blackwelder.
    ///
    /// # Errors
    /// As [`Pairs::risk_difference`].
    pub fn risk_ratio(&self, level: f64) -> Result<Estimate, StatsError> {
        let z = self.check(level)?;
        let [a, b, c, n] = self.numbers();
        let value = (a + b) / (a + c);
        let interval = limits_of_ratio(value, z, |ratio| nam_blackwelder([a, b, c, n], ratio));
        Ok(Estimate { value, interval, method: Method::NamBlackwelder })
    }

    /// The exact two-sided P value of McNemar's test, that the event is as likely in both arms: twice the smaller
    /// binomial tail of the patients who differ. 1 where none differs.
    ///
    /// Source: McNemar Q, Psychometrika 1947;12:153, in its exact form.
    pub fn mcnemar(&self) -> f64 {
        let (fewer, more) = (
            self.only_treated.min(self.only_control) as f64,
            self.only_treated.max(self.only_control) as f64,
        );
        if fewer == more {
            return 1.0;
        }
        // P(X <= fewer) of X binomial with fewer + more trials and one half.
        (2.0 * incomplete_beta(more, fewer + 1.0, 0.5)).min(1.0)
    }

    /// Both, only the first, only the second, all.
    fn numbers(&self) -> [f64; 4] {
        [self.both, self.only_treated, self.only_control, self.count()].map(|count| count as f64)
    }

    /// The normal deviate of the level.
    fn check(&self, level: f64) -> Result<f64, StatsError> {
        error::level(level)?;
        if self.count() == 0 {
            return Err(StatsError::TooFew { found: 0, needed: 1 });
        }
        Ok(normal_quantile(0.5 + 0.5 * level))
    }
}

/// The score of a difference; `b` and `c` patients differ one way and the other.
///
/// The share that is most likely to differ the other way, under that difference, is the larger root of
/// `2 n q^2 + k q - m`.
fn tango(b: f64, c: f64, n: f64, difference: f64) -> f64 {
    let k = (2.0 * n - b + c) * difference - b - c;
    let m = c * difference * (1.0 - difference);
    let root = (k * k + 8.0 * n * m).max(0.0).sqrt();
    let q = if k > 0.0 { 2.0 * m / (k + root) } else { (root - k) / (4.0 * n) };
    standardised(b - c - n * difference, n * (2.0 * q + difference * (1.0 - difference)))
}

/// The score of a ratio, from those with an event in both arms, in the first, in the second, and all.
///
/// With q the share that is most likely to have the event in the second arm alone, under that ratio, the variance is
/// n (1 + ratio) q + events (ratio - 1). Put into the quadratic of q, it is itself the larger root of v^2 + k v + m,
/// which keeps its digits where ratio and variance are near zero.
fn nam_blackwelder([a, b, c, _]: [f64; 4], ratio: f64) -> f64 {
    let events = a + b + c;
    let departure = (a + b) - ratio * (a + c);
    let k = (a + c) * ratio * ratio - 2.0 * events * ratio + (a + b);
    let m = events * ratio * (ratio - 1.0) * departure;
    let root = (k * k - 4.0 * m).max(0.0).sqrt();
    let variance = if k > 0.0 { -2.0 * m / (k + root) } else { 0.5 * (root - k) };
    standardised(departure, variance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: Estimate, value: f64, low: f64, high: f64) {
        let near = |a: f64, b: f64| (a - b).abs() < 6e-5;
        let ok = near(got.value, value) && near(got.interval.low, low) && near(got.interval.high, high);
        assert!(ok, "{got:?} not {value}, {low} to {high}");
    }

    /// Complete response before and after consolidation, Cavo M et al., Blood 2012;120:9, as analysed by
    /// Fagerland MW et al., Statistical Analysis of Contingency Tables (2017), chapter 8.
    const RESPONSE: Pairs = Pairs { both: 59, only_treated: 6, only_control: 16, neither: 80 };

    #[test]
    fn a_published_table() {
        close(RESPONSE.risk_difference(0.95).unwrap(), -10.0 / 161.0, -0.1240, -0.0054);
        close(RESPONSE.risk_ratio(0.95).unwrap(), 65.0 / 75.0, 0.7476, 0.9876);
        assert!((RESPONSE.mcnemar() - 0.052_479).abs() < 6e-7);
        // Two culture media, Armitage and Berry (1994), p. 127.
        let media = Pairs { both: 20, only_treated: 12, only_control: 2, neither: 16 };
        assert!((media.mcnemar() - 0.0129).abs() < 6e-5);
    }

    /// The score at a limit is the deviate of the level, with the shares that a search finds most likely.
    #[test]
    fn limits_by_search() {
        let [a, b, c, n] = RESPONSE.numbers();
        let Estimate { interval, .. } = RESPONSE.risk_difference(0.95).unwrap();
        for difference in [interval.low, interval.high] {
            let likelihood = |q: f64| {
                b * (q + difference).ln() + c * q.ln() + (n - b - c) * (1.0 - 2.0 * q - difference).ln()
            };
            let q = best(f64::max(0.0, -difference), (1.0 - difference) / 2.0, likelihood);
            let error = (n * (2.0 * q + difference - difference * difference)).sqrt();
            assert!((((b - c - n * difference) / error).abs() - 1.959_964).abs() < 1e-5);
        }
        let Estimate { interval, .. } = RESPONSE.risk_ratio(0.95).unwrap();
        for ratio in [interval.low, interval.high] {
            let share = (a + b + c) / n;
            let first = |q: f64| (share - (1.0 + ratio) * q) / ratio;
            let likelihood = |q: f64| a * first(q).ln() + b * (share - first(q) - q).ln() + c * q.ln();
            let low = f64::max(0.0, (1.0 - ratio) * share);
            let q = best(low, share / (1.0 + ratio), likelihood);
            let variance = n * ((ratio - 1.0) * share + (1.0 + ratio) * q);
            assert!((((a + b - ratio * (a + c)) / variance.sqrt()).abs() - 1.959_964).abs() < 1e-5);
        }
    }

    /// The place of the largest value by golden section.
    fn best(mut low: f64, mut high: f64, of: impl Fn(f64) -> f64) -> f64 {
        let part = 0.5 * (3.0 - 5f64.sqrt());
        for _ in 0..100 {
            let (left, right) = (low + part * (high - low), high - part * (high - low));
            if of(left) < of(right) { low = left } else { high = right }
        }
        0.5 * (low + high)
    }

    #[test]
    fn arms_changed_over() {
        for pairs in [
            RESPONSE,
            Pairs { both: 0, only_treated: 3, only_control: 9, neither: 40 },
            Pairs { both: 10_000, only_treated: 50, only_control: 2_000, neither: 987_950 },
            Pairs { both: 5, only_treated: 0, only_control: 4, neither: 9 },
        ] {
            let other = Pairs { only_treated: pairs.only_control, only_control: pairs.only_treated, ..pairs };
            let (x, y) = (pairs.risk_difference(0.95).unwrap(), other.risk_difference(0.95).unwrap());
            assert!(
                (x.interval.low + y.interval.high).abs() < 1e-9
                    && (x.interval.high + y.interval.low).abs() < 1e-9
            );
            assert!(x.interval.low < x.value && x.value < x.interval.high && x.interval.high <= 1.0);
            let (x, y) = (pairs.risk_ratio(0.95).unwrap(), other.risk_ratio(0.95).unwrap());
            assert!((x.interval.low * y.interval.high - 1.0).abs() < 1e-7, "{x:?} {y:?}");
            assert_eq!(pairs.mcnemar(), other.mcnemar());
        }
    }

    /// Where patients respond alike in both arms, pairs know more than two independent arms.
    #[test]
    fn pairs_are_narrower() {
        let pairs = Pairs { both: 300, only_treated: 10, only_control: 60, neither: 630 };
        let paired = pairs.risk_difference(0.95).unwrap().interval;
        let apart = super::super::risk_difference(pairs.treated(), pairs.control(), 0.95).unwrap().interval;
        assert!(paired.high - paired.low < 0.5 * (apart.high - apart.low));
    }

    #[test]
    fn without_events() {
        let nothing = Pairs { neither: 50, ..Pairs::default() };
        let difference = nothing.risk_difference(0.95).unwrap();
        // No patient differs: the limits are z^2 / (n + z^2).
        close(difference, 0.0, -0.0713, 0.0713);
        let ratio = nothing.risk_ratio(0.95).unwrap();
        assert!(ratio.value.is_nan() && ratio.interval.low == 0.0 && ratio.interval.high == f64::INFINITY);
        assert_eq!(nothing.mcnemar(), 1.0);
        let only = Pairs { only_treated: 7, neither: 43, ..Pairs::default() };
        let ratio = only.risk_ratio(0.95).unwrap();
        assert_eq!((ratio.value, ratio.interval.high), (f64::INFINITY, f64::INFINITY));
        assert!(ratio.interval.low > 1.0);
        assert!(Pairs::default().risk_ratio(0.95).is_err() && nothing.risk_difference(0.0).is_err());
        let all = Pairs { both: 50, ..Pairs::default() }.risk_ratio(0.95).unwrap();
        assert!(all.value == 1.0 && all.interval.low > 0.9 && all.interval.high < 1.1, "{all:?}");
    }

    /// Nobody has the event in the first arm: the score is the root of ratio times the events in the second, whose
    /// limit is z^2 over them. The arms changed over give its reciprocal.
    #[test]
    fn no_event_in_one_arm() {
        let z2 = normal_quantile(0.975).powi(2);
        for (events, neither) in [(38, 22), (1, 9), (1_000_000, 3), (7, 1_000_000_000)] {
            let none = Pairs { only_control: events, neither, ..Pairs::default() };
            let ratio = none.risk_ratio(0.95).unwrap();
            assert_eq!((ratio.value, ratio.interval.low), (0.0, 0.0));
            let limit = z2 / events as f64;
            assert!((ratio.interval.high / limit - 1.0).abs() < 1e-6, "{ratio:?} {limit}");
            let only = Pairs { only_treated: events, neither, ..Pairs::default() };
            let inverse = only.risk_ratio(0.95).unwrap();
            assert!((inverse.interval.low * limit - 1.0).abs() < 1e-6, "{inverse:?} {limit}");
        }
    }

    #[test]
    fn counting() {
        let mut pairs = Pairs::default();
        for (treated, control) in [(true, true), (true, false), (false, true), (false, true), (false, false)]
        {
            pairs.insert(treated, control);
        }
        assert_eq!(pairs, Pairs { both: 1, only_treated: 1, only_control: 2, neither: 1 });
        pairs.merge(&pairs.clone());
        assert_eq!(
            (pairs.count(), pairs.treated(), pairs.control()),
            (10, Share { events: 4, n: 10 }, Share { events: 6, n: 10 })
        );
    }
}
