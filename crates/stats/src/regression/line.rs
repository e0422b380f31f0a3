//! A straight line with weights: the calibration line.

use super::{Likelihood, RegressionError};
use crate::error::{all, level as check_level, same_length};
use crate::special::student_quantile;
use crate::{Interval, StatsError};

/// A weighted least-squares line `y = intercept + slope x`.
///
/// Formulas: Draper NR, Smith H, Applied Regression Analysis, 3rd ed. (1998), chapters 1, 3 and 9; the inverse by
/// Fieller's theorem, 3.2 there.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// At x = 0.
    pub intercept: f64,
    /// y per x.
    pub slope: f64,
    /// Standard error of the intercept.
    pub intercept_se: f64,
    /// Standard error of the slope.
    pub slope_se: f64,
    /// Their covariance.
    pub covariance: f64,
    /// Standard deviation of an observation of weight 1 around the line.
    pub residual_sd: f64,
    /// Weighted sum of squared residuals.
    pub residual_sum: f64,
    /// Coefficient of determination, weighted.
    pub r2: f64,
    /// Degrees of freedom, n - 2.
    pub df: f64,
    /// Its likelihood with normal errors.
    pub likelihood: Likelihood,
    /// Sum of weights.
    weight: f64,
    /// Weighted mean of x.
    centre: f64,
    /// y of the line there.
    level: f64,
    /// Weighted sum of squares of x around its mean.
    spread: f64,
}

/// Observations that are to be read off a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Their mean.
    pub mean: f64,
    /// How many they are.
    pub replicates: u32,
    /// The weight of each, as the points of the line are weighted.
    pub weight: f64,
}

/// What is read off a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inverse {
    /// The x at which the line has the mean.
    pub x: f64,
    /// Its standard error by the delta method.
    pub se: f64,
    /// Fieller's interval; `None` when the slope is not different from zero at this level, so that no x is excluded
    /// on at least one side.
    pub interval: Option<Interval>,
}

/// Fits a line; without weights every point has weight 1.
///
/// # Errors
/// Fewer than three points of weight above zero, lists of different length, a value that is not finite, a weight
/// that is not finite and from zero on, fewer than two different x.
pub fn fit_line(x: &[f64], y: &[f64], weights: Option<&[f64]>) -> Result<Line, RegressionError> {
    same_length(x, y)?;
    all(x, "a finite number", f64::is_finite)?;
    all(y, "a finite number", f64::is_finite)?;
    let ones = vec![1.0; x.len()];
    let w = weights.unwrap_or(&ones);
    same_length(x, w)?;
    all(w, "a weight from zero on", |w| w.is_finite() && w >= 0.0)?;
    let used = w.iter().filter(|w| **w > 0.0).count();
    if used < 3 {
        return Err(StatsError::TooFew { found: used, needed: 3 }.into());
    }
    let weight: f64 = w.iter().sum();
    let mean = |values: &[f64]| w.iter().zip(values).map(|(w, v)| w * v).sum::<f64>() / weight;
    // The mean of what is left takes off the rounding of the first.
    let centred = |values: &[f64]| {
        let first = mean(values);
        let off: Vec<f64> = values.iter().map(|v| v - first).collect();
        let second = mean(&off);
        (first + second, off.iter().map(|v| v - second).collect::<Vec<f64>>())
    };
    let ((centre, dx), (level, dy)) = (centred(x), centred(y));
    let sum = |a: &[f64], b: &[f64]| w.iter().zip(a).zip(b).map(|((w, a), b)| w * a * b).sum::<f64>();
    let spread = sum(&dx, &dx);
    let reach = x.iter().zip(w).filter(|(_, w)| **w > 0.0).fold(0.0, |m: f64, (x, _)| m.max(x.abs()));
    if spread <= weight * (8.0 * f64::EPSILON * reach).powi(2) {
        return Err(RegressionError::NotIdentifiable { parameter: 1, by: vec![0] });
    }
    let slope = sum(&dx, &dy) / spread;
    let residuals: Vec<f64> = dx.iter().zip(&dy).map(|(dx, dy)| dy - slope * dx).collect();
    let residual_sum = sum(&residuals, &residuals);
    let df = (used - 2) as f64;
    let variance = residual_sum / df;
    let total = sum(&dy, &dy);
    let roots: Vec<f64> = w.iter().filter(|w| **w > 0.0).map(|w| w.sqrt()).collect();
    Ok(Line {
        intercept: level - slope * centre,
        slope,
        intercept_se: (variance * (1.0 / weight + centre * centre / spread)).sqrt(),
        slope_se: (variance / spread).sqrt(),
        covariance: -variance * centre / spread,
        residual_sd: variance.sqrt(),
        residual_sum,
        r2: if total > 0.0 { 1.0 - residual_sum / total } else { f64::NAN },
        df,
        likelihood: Likelihood::normal(residual_sum, &roots, 2),
        weight,
        centre,
        level,
        spread,
    })
}

impl Line {
    /// y of the line.
    pub fn at(&self, x: f64) -> f64 {
        self.level + self.slope * (x - self.centre)
    }

    /// The x at which the line has this y.
    pub fn inverse(&self, y: f64) -> f64 {
        self.centre + (y - self.level) / self.slope
    }

    /// The interval of the intercept.
    ///
    /// # Errors
    /// A level outside (0, 1).
    pub fn intercept_interval(&self, level: f64) -> Result<Interval, StatsError> {
        self.around(self.intercept, self.intercept_se, level)
    }

    /// The interval of the slope.
    ///
    /// # Errors
    /// A level outside (0, 1).
    pub fn slope_interval(&self, level: f64) -> Result<Interval, StatsError> {
        self.around(self.slope, self.slope_se, level)
    }

    /// The interval of the line's y at an x.
    ///
    /// # Errors
    /// A level outside (0, 1).
    pub fn mean_interval(&self, x: f64, level: f64) -> Result<Interval, StatsError> {
        self.around(self.at(x), self.residual_sd * self.leverage(x).sqrt(), level)
    }

    /// The interval in which a new observation of this weight falls at an x.
    ///
    /// # Errors
    /// A level outside (0, 1), a weight that is not above zero.
    pub fn prediction_interval(&self, x: f64, weight: f64, level: f64) -> Result<Interval, StatsError> {
        all(&[weight], "a weight above zero", |w| w.is_finite() && w > 0.0)?;
        self.around(self.at(x), self.residual_sd * (1.0 / weight + self.leverage(x)).sqrt(), level)
    }

    /// Reads observations off the line.
    ///
    /// # Errors
    /// A level outside (0, 1), no replicate, a mean that is not finite, a weight that is not above zero.
    pub fn read(&self, reading: &Reading, level: f64) -> Result<Inverse, StatsError> {
        all(&[reading.mean], "a finite number", f64::is_finite)?;
        all(&[reading.weight], "a weight above zero", |w| w.is_finite() && w > 0.0)?;
        all(&[f64::from(reading.replicates)], "at least one replicate", |n| n >= 1.0)?;
        check_level(level)?;
        let own = 1.0 / (reading.weight * f64::from(reading.replicates));
        let x = self.inverse(reading.mean);
        let se = self.residual_sd / self.slope.abs() * (own + self.leverage(x)).sqrt();
        let t = student_quantile(self.df, 0.5 + 0.5 * level);
        let scaled = t * self.residual_sd / self.slope;
        let g = scaled * scaled / self.spread;
        let interval = (g < 1.0).then(|| {
            let off = x - self.centre;
            let middle = self.centre + off / (1.0 - g);
            let inside = (1.0 - g) * (own + 1.0 / self.weight) + off * off / self.spread;
            let half = scaled.abs() / (1.0 - g) * inside.sqrt();
            Interval { low: middle - half, high: middle + half }
        });
        Ok(Inverse { x, se, interval })
    }

    /// The variance of the line at x over that of an observation of weight 1.
    fn leverage(&self, x: f64) -> f64 {
        let off = x - self.centre;
        1.0 / self.weight + off * off / self.spread
    }

    fn around(&self, value: f64, se: f64, level: f64) -> Result<Interval, StatsError> {
        check_level(level)?;
        let half = student_quantile(self.df, 0.5 + 0.5 * level) * se;
        Ok(Interval { low: value - half, high: value + half })
    }
}
