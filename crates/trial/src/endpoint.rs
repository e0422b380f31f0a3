//! What is measured on one patient's time course.

use hepatica_source::Status;
use hepatica_stats::regression::fit_line;

/// A number measured on one output over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// Its name in files: letters, digits and underscores.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// The output it is measured on, by the name in the model.
    pub output: String,
    /// How it is measured.
    pub measure: Measure,
    /// The unit of its value, as text.
    pub unit: String,
    /// How far it may be trusted.
    pub status: Status,
    /// It is measured only where the model has its output: variants of a model share a view.
    pub optional: bool,
}

/// How an endpoint is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measure {
    /// The largest value.
    Max,
    /// The smallest value.
    Min,
    /// The value at the end.
    Last,
    /// When the largest value is reached first.
    TimeOfMax,
    /// When the smallest value is reached first.
    TimeOfMin,
    /// The area under the curve by the trapezoidal rule over the observation grid.
    Auc,
    /// How long the value is above a threshold, linear between observations.
    TimeAbove(f64),
    /// How long the value is below a threshold, linear between observations.
    TimeBelow(f64),
    /// The value at a time, linear between observations; NaN outside the grid.
    At(f64),
    /// The half-life between two times: least squares on the logarithm of values above 0; NaN with fewer than three of
    /// them or where they do not fall.
    HalfLife {
        /// The first time, h.
        from_h: f64,
        /// The last time, h.
        to_h: f64,
    },
}

/// The value of a measure on observations `values` at `times` (same length, ascending, at least one).
///
/// NaN when there is no observation or any of them is not finite.
pub fn measure(measure: Measure, times: &[f64], values: &[f64]) -> f64 {
    if values.is_empty() || values.len() != times.len() || values.iter().any(|v| !v.is_finite()) {
        return f64::NAN;
    }
    match measure {
        Measure::Max => values[position(values, |a, b| a > b)],
        Measure::Min => values[position(values, |a, b| a < b)],
        Measure::Last => values[values.len() - 1],
        Measure::TimeOfMax => times[position(values, |a, b| a > b)],
        Measure::TimeOfMin => times[position(values, |a, b| a < b)],
        Measure::Auc => intervals(times, values).map(|i| 0.5 * (i.v0 + i.v1) * (i.t1 - i.t0)).sum(),
        Measure::TimeAbove(limit) => intervals(times, values).map(|i| i.time_above(limit)).sum(),
        Measure::TimeBelow(limit) => {
            intervals(times, values).map(|i| (i.t1 - i.t0) - i.time_above(limit)).sum()
        }
        Measure::At(t) => at(times, values, t),
        Measure::HalfLife { from_h, to_h } => half_life(times, values, (from_h, to_h)),
    }
}

/// The position of the first value that beats all before it.
fn position(values: &[f64], beats: impl Fn(f64, f64) -> bool) -> usize {
    (1..values.len()).fold(0, |best, i| if beats(values[i], values[best]) { i } else { best })
}

/// Two neighbouring observations.
struct Interval {
    t0: f64,
    t1: f64,
    v0: f64,
    v1: f64,
}

impl Interval {
    /// The part of the interval on which the straight line is above a limit.
    fn time_above(&self, limit: f64) -> f64 {
        let (d0, d1) = (self.v0 - limit, self.v1 - limit);
        let length = self.t1 - self.t0;
        match (d0 > 0.0, d1 > 0.0) {
            (true, true) => length,
            (false, false) => 0.0,
            (true, false) => length * d0 / (d0 - d1),
            (false, true) => length * d1 / (d1 - d0),
        }
    }
}

fn intervals<'a>(times: &'a [f64], values: &'a [f64]) -> impl Iterator<Item = Interval> + 'a {
    times.windows(2).zip(values.windows(2)).map(|(t, v)| Interval { t0: t[0], t1: t[1], v0: v[0], v1: v[1] })
}

fn half_life(times: &[f64], values: &[f64], (from_h, to_h): (f64, f64)) -> f64 {
    let inside = |t: f64| t >= from_h - 1e-9 && t <= to_h + 1e-9;
    let points = times.iter().zip(values).filter(|(t, v)| inside(**t) && **v > 0.0);
    let (at, logs): (Vec<f64>, Vec<f64>) = points.map(|(t, v)| (*t, libm::log(*v))).unzip();
    if at.len() < 3 {
        return f64::NAN;
    }
    let slope = fit_line(&at, &logs, None).map_or(f64::NAN, |line| line.slope);
    if slope < 0.0 { core::f64::consts::LN_2 / -slope } else { f64::NAN }
}

fn at(times: &[f64], values: &[f64], t: f64) -> f64 {
    match times.iter().position(|x| *x >= t) {
        Some(i) if times[i] == t => values[i],
        Some(0) | None => f64::NAN,
        Some(i) => {
            let w = (t - times[i - 1]) / (times[i] - times[i - 1]);
            values[i - 1] + w * (values[i] - values[i - 1])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: [f64; 5] = [0.0, 1.0, 2.0, 4.0, 5.0];
    const V: [f64; 5] = [0.0, 4.0, 2.0, 2.0, 6.0];

    #[test]
    fn measures_of_a_polygon() {
        let m = |x| measure(x, &T, &V);
        assert_eq!(m(Measure::Max), 6.0);
        assert_eq!(m(Measure::Min), 0.0);
        assert_eq!(m(Measure::Last), 6.0);
        assert_eq!(m(Measure::TimeOfMax), 5.0);
        assert_eq!(m(Measure::TimeOfMin), 0.0);
        assert_eq!(m(Measure::Auc), 2.0 + 3.0 + 4.0 + 4.0);
        // Above 3: from 0.75 to 1.5 and from 4.25 to 5.
        assert_eq!(m(Measure::TimeAbove(3.0)), 0.25 + 0.5 + 0.75);
        assert_eq!(m(Measure::TimeBelow(3.0)), 5.0 - 1.5);
        assert_eq!(m(Measure::At(1.5)), 3.0);
        assert!(m(Measure::At(5.5)).is_nan());
    }

    #[test]
    fn half_lives_of_a_fall() {
        let times: Vec<f64> = (0..=20).map(f64::from).collect();
        let values: Vec<f64> = times.iter().map(|t| 80.0 * libm::exp2(-t / 3.0)).collect();
        let of = |from_h, to_h, values: &[f64]| measure(Measure::HalfLife { from_h, to_h }, &times, values);
        assert!((of(8.0, 16.0, &values) - 3.0).abs() < 1e-12);
        assert!(of(8.0, 9.0, &values).is_nan());
        let rising: Vec<f64> = values.iter().rev().copied().collect();
        assert!(of(8.0, 16.0, &rising).is_nan());
    }

    #[test]
    fn the_first_of_equal_peaks_counts() {
        assert_eq!(measure(Measure::TimeOfMax, &[0.0, 1.0, 2.0], &[1.0, 3.0, 3.0]), 1.0);
    }

    #[test]
    fn a_gap_gives_nan() {
        assert!(measure(Measure::Max, &[0.0, 1.0], &[1.0, f64::NAN]).is_nan());
        assert!(measure(Measure::Max, &[], &[]).is_nan());
    }
}
