//! Numbers taken from a simulated curve, with their derivatives by its points.

/// A part of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// From, h.
    pub from_h: f64,
    /// To, h.
    pub to_h: f64,
    /// Time between points, h.
    pub every_h: f64,
}

impl Window {
    /// Its points, both ends included.
    pub fn times(&self) -> Vec<f64> {
        let steps = ((self.to_h - self.from_h) / self.every_h - 1e-9).ceil().max(1.0) as usize;
        let inner = (0..steps).map(|i| self.from_h + i as f64 * self.every_h);
        inner.chain([self.to_h]).collect()
    }
}

/// What is taken from a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// Its value at a time, h.
    At(f64),
    /// Its largest value at the points of a window.
    Max(Window),
    /// The area below it, by trapezoids over the points of a window.
    Area(Window),
    /// The mean time of what is below it, `int t c dt / int c dt`, by the same trapezoids.
    MeanTime(Window),
    /// The half-life of the straight line through the logarithms of the points of a window, each of the same weight.
    HalfLife(Window),
}

impl What {
    /// The times it needs.
    pub fn times(&self) -> Vec<f64> {
        match self {
            What::At(t) => vec![*t],
            What::Max(window) | What::Area(window) | What::MeanTime(window) | What::HalfLife(window) => {
                window.times()
            }
        }
    }

    /// The measure of a curve at its times, and its derivative by each of the values.
    pub fn take(&self, times: &[f64], values: &[f64]) -> (f64, Vec<f64>) {
        let mut by = vec![0.0; values.len()];
        let of = match self {
            What::At(_) | What::Max(_) => {
                let mut best = 0;
                for (k, value) in values.iter().enumerate() {
                    if *value > values[best] {
                        best = k;
                    }
                }
                by.iter_mut().skip(best).take(1).for_each(|b| *b = 1.0);
                values.get(best).copied().unwrap_or(f64::NAN)
            }
            What::Area(_) => {
                trapezoids(times, &mut by);
                by.iter().zip(values).map(|(b, v)| b * v).sum()
            }
            What::MeanTime(_) => {
                trapezoids(times, &mut by);
                let area: f64 = by.iter().zip(values).map(|(b, v)| b * v).sum();
                let moment: f64 = by.iter().zip(values).zip(times).map(|((b, v), t)| b * v * t).sum();
                let mean = moment / area;
                by.iter_mut().zip(times).for_each(|(b, t)| *b *= (t - mean) / area);
                mean
            }
            What::HalfLife(_) => {
                // The slope of a line is a sum of the logarithms, each times its distance in time from the middle.
                let mean = times.iter().sum::<f64>() / times.len() as f64;
                let spread: f64 = times.iter().map(|t| (t - mean) * (t - mean)).sum();
                let weight = |t: f64| (t - mean) / spread;
                let slope: f64 = times.iter().zip(values).map(|(t, v)| weight(*t) * libm::log(*v)).sum();
                let factor = std::f64::consts::LN_2 / (slope * slope);
                by.iter_mut()
                    .zip(times.iter().zip(values))
                    .for_each(|(b, (t, v))| *b = factor * weight(*t) / v);
                -std::f64::consts::LN_2 / slope
            }
        };
        (of, by)
    }
}

/// The weight of each point in the area by trapezoids.
fn trapezoids(times: &[f64], weights: &mut [f64]) {
    for k in 1..times.len() {
        let half = 0.5 * (times[k] - times[k - 1]);
        weights[k - 1] += half;
        weights[k] += half;
    }
}

/// A measure of an output of an experiment, by their places.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The experiment.
    pub experiment: usize,
    /// The output, by its place among those simulated.
    pub output: usize,
    /// What is taken.
    pub what: What,
    /// The rows of the experiment it needs, in the order of [`What::times`].
    pub rows: Vec<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window = Window { from_h: 2.0, to_h: 6.0, every_h: 0.5 };

    fn of(what: What, curve: impl Fn(f64) -> f64) -> f64 {
        let times = what.times();
        let values: Vec<f64> = times.iter().map(|t| curve(*t)).collect();
        what.take(&times, &values).0
    }

    #[test]
    fn measures_of_known_curves() {
        assert_eq!(WINDOW.times(), [2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0]);
        assert_eq!(Window { from_h: 0.0, to_h: 1.0, every_h: 0.4 }.times(), [0.0, 0.4, 0.8, 1.0]);
        let falling = |t: f64| 30.0 * libm::exp(-0.2 * t);
        assert!((of(What::HalfLife(WINDOW), falling) - std::f64::consts::LN_2 / 0.2).abs() < 1e-12);
        assert!((of(What::Area(WINDOW), |t| 3.0 * t) - 48.0).abs() < 1e-12);
        assert!((of(What::MeanTime(WINDOW), |_| 7.0) - 4.0).abs() < 1e-12);
        assert_eq!(of(What::Max(WINDOW), falling), falling(2.0));
        assert_eq!(of(What::At(3.0), falling), falling(3.0));
    }

    /// The derivatives by the points against differences.
    #[test]
    fn derivatives_by_the_points() {
        let windows = [What::Max, What::Area, What::MeanTime, What::HalfLife].map(|of| of(WINDOW));
        for what in windows.into_iter().chain([What::At(3.0)]) {
            let times = what.times();
            let values: Vec<f64> = times.iter().map(|t| 5.0 / (1.0 + t * t)).collect();
            let (_, by) = what.take(&times, &values);
            for k in 0..values.len() {
                let moved = |step: f64| {
                    let mut values = values.clone();
                    values[k] += step;
                    what.take(&times, &values).0
                };
                let slope = (moved(1e-6) - moved(-1e-6)) / 2e-6;
                assert!(
                    (slope - by[k]).abs() < 1e-7 * (1.0 + slope.abs()),
                    "{what:?} {k}: {slope} {}",
                    by[k]
                );
            }
        }
    }
}
