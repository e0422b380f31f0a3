//! The straight part of a kinetic trace.

use hepatica_stats::regression::{Observed, RegressionError, fit_line, fit_linear};
use hepatica_stats::student_quantile;

/// What a straight part must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WindowRule {
    /// Shortest, minutes: below one minute mixing and reading decide.
    pub shortest_min: f64,
    /// Longest, minutes.
    pub longest_min: f64,
    /// The latest start after the first point, minutes.
    pub latest_start_min: f64,
    /// The largest share of the first signal of the trace that may be used up at its end.
    pub largest_share: f64,
    /// Two-sided level of the test for a bend.
    pub bend_level: f64,
}

impl Default for WindowRule {
    /// One to five minutes, at most a fifth of the signal used up: common practice for initial rates (Copeland RA,
    /// Enzymes, 2nd ed. (2000), 4.2). The level of 1 % for a bend is assumed.
    fn default() -> WindowRule {
        WindowRule {
            shortest_min: 1.0,
            longest_min: 5.0,
            latest_start_min: 1.0,
            largest_share: 0.2,
            bend_level: 0.01,
        }
    }
}

/// The fewest points of a window: a bend and a spread need them.
const FEWEST: usize = 5;

/// A straight part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Its first point.
    pub first: usize,
    /// Its last point.
    pub last: usize,
    /// Change of the signal per minute, with its sign.
    pub slope: f64,
    /// Standard error of the slope.
    pub slope_se: f64,
    /// Signal at time zero of the trace by the line.
    pub intercept: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// Share of the variance the line explains.
    pub r2: f64,
    /// Residual standard deviation.
    pub residual_sd: f64,
    /// Whether no bend was found.
    pub straight: bool,
}

/// The longest straight window that starts early enough; the earliest of equals.
///
/// A window counts as straight when the square term of a parabola fitted to it is not different from zero and its first
/// point lies where the others foretell it, so that mixing is left out. With no such window, the one that uses up least
/// is given and says so.
///
/// # Errors
/// Fewer than five points, or none that lie long enough apart.
pub fn straight_window(time: &[f64], signal: &[f64], rule: &WindowRule) -> Result<Window, RegressionError> {
    let n = time.len();
    let mut best: Option<(Window, f64)> = None;
    let mut bent: Option<(Window, f64)> = None;
    for first in 0..n {
        if time[first] - time[0] > rule.latest_start_min {
            break;
        }
        for last in (first + FEWEST).saturating_sub(1)..n {
            let length = time[last] - time[first];
            // A rounding of the last digit must not cost a point.
            if length < rule.shortest_min * (1.0 - 1e-9) {
                continue;
            }
            if length > rule.longest_min * (1.0 + 1e-9) {
                break;
            }
            let window = window(time, signal, first, last)?;
            let used = window.used(time, signal);
            let bend = bend(&time[first..=last], &signal[first..=last])?;
            let limit = student_quantile((last - first + 1) as f64 - 3.0, 1.0 - 0.5 * rule.bend_level);
            let allowed = used <= rule.largest_share;
            if bend.abs() <= limit && allowed && !jumps(&time[first..=last], &signal[first..=last], rule)? {
                let longer = best.is_none_or(|(_, held)| length > held * (1.0 + 1e-9));
                if longer {
                    best = Some((Window { straight: true, ..window }, length));
                }
            } else if bent.is_none_or(|(_, held)| used < held) {
                bent = Some((window, used));
            }
        }
    }
    match best.or(bent) {
        Some((window, _)) => Ok(window),
        None => Err(hepatica_stats::StatsError::TooFew { found: n, needed: FEWEST.max(n + 1) }.into()),
    }
}

impl Window {
    /// Share of the first signal of the trace that is used up at the end of the window, by the line; also for a signal
    /// that rises.
    pub fn used(&self, time: &[f64], signal: &[f64]) -> f64 {
        let end = self.intercept + self.slope * time[self.last];
        (signal[0] - end).abs() / signal[0].abs().max(f64::MIN_POSITIVE)
    }
}

/// Whether the first point is not where the line through the others foretells it.
fn jumps(time: &[f64], signal: &[f64], rule: &WindowRule) -> Result<bool, RegressionError> {
    let rest = fit_line(&time[1..], &signal[1..], None)?;
    let foretold = rest.prediction_interval(time[0], 1.0, 1.0 - rule.bend_level)?;
    let size = 1e-9 * signal.iter().fold(0.0, |m: f64, y| m.max(y.abs()));
    Ok(signal[0] < foretold.low - size || signal[0] > foretold.high + size)
}

/// The window between two points, straight or not.
///
/// # Errors
/// Fewer than three points.
pub fn window(time: &[f64], signal: &[f64], first: usize, last: usize) -> Result<Window, RegressionError> {
    let line = fit_line(&time[first..=last], &signal[first..=last], None)?;
    Ok(Window {
        first,
        last,
        slope: line.slope,
        slope_se: line.slope_se,
        intercept: line.intercept,
        df: line.df,
        r2: line.r2,
        residual_sd: line.residual_sd,
        straight: false,
    })
}

/// The square term of a parabola over its standard error; 0 where the points lie on a line to rounding.
fn bend(time: &[f64], signal: &[f64]) -> Result<f64, RegressionError> {
    let centre = time.iter().sum::<f64>() / time.len() as f64;
    let t: Vec<f64> = time.iter().map(|t| t - centre).collect();
    let columns = [vec![1.0; t.len()], t.clone(), t.iter().map(|t| t * t).collect()];
    let fit = fit_linear(&columns, &Observed { y: signal, weights: None })?;
    let size = signal.iter().fold(0.0, |m: f64, y| m.max(y.abs()));
    let reach = t.iter().fold(0.0, |m: f64, t| m.max(t * t));
    let (square, error) = (fit.parameters[2], fit.standard_error(2));
    if (square * reach).abs() <= 1e-9 * size || error == 0.0 {
        return Ok(0.0);
    }
    Ok(square / error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(n: usize) -> Vec<f64> {
        (0..n).map(|k| k as f64 / 6.0).collect()
    }

    #[test]
    fn a_line_is_straight_as_long_as_allowed() {
        let t = times(61);
        let a: Vec<f64> = t.iter().map(|t| 1.0 - 0.02 * t).collect();
        let w = straight_window(&t, &a, &WindowRule::default()).unwrap();
        assert_eq!((w.first, w.last, w.straight), (0, 30, true));
        assert!((w.slope + 0.02).abs() < 1e-12);
    }

    #[test]
    fn a_lag_and_a_bend_are_left_out() {
        let t = times(61);
        // Mixing for half a minute, then a decay that bends.
        let a: Vec<f64> = t
            .iter()
            .enumerate()
            .map(|(k, t)| {
                let jitter = if k % 2 == 0 { 4e-4 } else { -4e-4 };
                let lag = if *t < 0.5 { 0.2 * (0.5 - t) } else { 0.0 };
                libm::exp(-0.03 * t) + lag + jitter
            })
            .collect();
        let w = straight_window(&t, &a, &WindowRule::default()).unwrap();
        assert!(w.straight && t[w.first] >= 0.3 && t[w.last] < 5.0, "{w:?}");
        assert!((w.slope + 0.03).abs() < 0.002, "{w:?}");
    }

    #[test]
    fn too_short_a_trace_is_refused_and_a_bent_one_says_so() {
        assert!(straight_window(&times(4), &[1.0; 4], &WindowRule::default()).is_err());
        let t = times(31);
        let a: Vec<f64> = t.iter().map(|t| libm::exp(-1.5 * t)).collect();
        let w = straight_window(&t, &a, &WindowRule::default()).unwrap();
        assert!(!w.straight);
    }
}
