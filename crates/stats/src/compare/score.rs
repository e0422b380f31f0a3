//! Limits by inverting a score test: all values that the test does not reject.

use crate::Interval;

/// Halvings of a bracket; more than a number has bits in its exponent and fraction together.
const HALVINGS: usize = 200;

/// A departure in units of its standard error; 0 where there is no departure, infinite where none can be.
pub(super) fn standardised(departure: f64, variance: f64) -> f64 {
    if departure == 0.0 {
        return 0.0;
    }
    departure / variance.max(0.0).sqrt()
}

/// Limits of a ratio around its estimate, where a score that falls with the ratio passes `z` and `-z`.
pub(super) fn limits_of_ratio(estimate: f64, z: f64, score: impl Fn(f64) -> f64) -> Interval {
    if estimate.is_nan() {
        return Interval { low: 0.0, high: f64::INFINITY };
    }
    let of_log = |log: f64| score(libm::exp(log));
    // Ratios of counts below 2^64 and their limits are far inside these ends.
    let ends = 150.0;
    let centre = libm::log(estimate).clamp(-ends, ends);
    let low = if estimate == 0.0 { 0.0 } else { libm::exp(crossing(-ends, centre, |log| of_log(log) > z)) };
    let high = if estimate.is_infinite() {
        estimate
    } else {
        libm::exp(crossing(centre, ends, |log| of_log(log) > -z))
    };
    Interval { low, high }
}

/// Limits of a difference in -1 to 1 around its estimate, where a score that falls with the difference passes `z`
/// and `-z`.
pub(super) fn limits_of_difference(estimate: f64, z: f64, score: impl Fn(f64) -> f64) -> Interval {
    Interval {
        low: crossing(-1.0, estimate, |difference| score(difference) > z),
        high: crossing(estimate, 1.0, |difference| score(difference) > -z),
    }
}

/// Where a condition that holds below stops holding.
fn crossing(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}
