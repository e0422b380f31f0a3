//! Number needed to treat.

use super::Estimate;
use std::fmt;

/// How many patients must be treated for one event fewer, or one more: the reciprocal of the risk difference.
///
/// Limits are reciprocals of the limits of the difference. Where those have different signs, the limits pass
/// through infinity: from one number needed to treat for benefit, over "no effect", to one for harm. Source:
/// Altman DG, BMJ 1998;317:1309.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumberNeeded {
    /// Events fewer per patient treated; below 0 for more.
    difference: f64,
    /// The worst and the best of its limits.
    worst: f64,
    best: f64,
}

impl NumberNeeded {
    /// From the share of the treated arm minus that of the control arm, for events that are harmful: a negative
    /// difference is a benefit.
    pub fn of_harmful_event(difference: &Estimate) -> NumberNeeded {
        let interval = difference.interval;
        NumberNeeded { difference: -difference.value, worst: -interval.high, best: -interval.low }
    }

    /// The same for events that are wanted, such as survival: a positive difference is a benefit.
    pub fn of_wanted_event(difference: &Estimate) -> NumberNeeded {
        let interval = difference.interval;
        NumberNeeded { difference: difference.value, worst: interval.low, best: interval.high }
    }

    /// The number needed to treat: positive for benefit, negative for harm, infinite without difference.
    pub fn value(&self) -> f64 {
        number(self.difference)
    }

    /// The limits, best first: numbers as in [`NumberNeeded::value`]. Where the first is positive and the second
    /// negative, the interval holds all numbers from the first to infinity and from minus infinity to the second.
    pub fn limits(&self) -> [f64; 2] {
        [number(self.best), number(self.worst)]
    }

    /// Whether the interval holds "no effect".
    pub fn passes_infinity(&self) -> bool {
        self.worst <= 0.0 && self.best >= 0.0
    }
}

/// In Altman's words: `NNTB 10 (NNTB 4 to infinity to NNTH 20)`, with three digits.
impl fmt::Display for NumberNeeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [best, worst] = self.limits().map(words);
        let between = if self.worst < 0.0 && self.best > 0.0 { " to infinity to " } else { " to " };
        write!(f, "{} ({best}{between}{worst})", words(self.value()))
    }
}

fn number(difference: f64) -> f64 {
    if difference == 0.0 { f64::INFINITY } else { 1.0 / difference }
}

fn words(number: f64) -> String {
    if number.is_infinite() {
        return "infinity".to_string();
    }
    let name = if number > 0.0 { "NNTB" } else { "NNTH" };
    let size = number.abs();
    let decimals = if size < 10.0 { 2 } else { usize::from(size < 100.0) };
    format!("{name} {size:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Interval;
    use crate::compare::Method;

    fn difference(value: f64, low: f64, high: f64) -> Estimate {
        Estimate { value, interval: Interval { low, high }, method: Method::Newcombe }
    }

    /// The example of Altman's paper: an absolute risk reduction of 10 %, interval -5 % to 25 %.
    #[test]
    fn through_infinity() {
        let needed = NumberNeeded::of_harmful_event(&difference(-0.10, -0.25, 0.05));
        assert_eq!((needed.value(), needed.limits()), (10.0, [4.0, -20.0]));
        assert!(needed.passes_infinity());
        assert_eq!(needed.to_string(), "NNTB 10.0 (NNTB 4.00 to infinity to NNTH 20.0)");
    }

    #[test]
    fn benefit_and_harm() {
        let benefit = NumberNeeded::of_harmful_event(&difference(-0.28, -0.5, -0.02));
        assert_eq!(benefit.to_string(), "NNTB 3.57 (NNTB 2.00 to NNTB 50.0)");
        assert!(!benefit.passes_infinity());
        let harm = NumberNeeded::of_wanted_event(&difference(-0.004, -0.005, -0.003));
        assert_eq!(harm.to_string(), "NNTH 250 (NNTH 333 to NNTH 200)");
        let none = NumberNeeded::of_wanted_event(&difference(0.0, 0.0, 0.1));
        assert_eq!(none.to_string(), "infinity (NNTB 10.0 to infinity)");
        assert!(none.passes_infinity());
    }
}
