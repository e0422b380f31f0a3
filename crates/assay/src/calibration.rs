//! Calibration: standards -> a weighted line, its limits, and concentrations read off it.

use hepatica_stats::Interval;
use hepatica_stats::regression::{Line, Reading, RegressionError, fit_line};

use crate::spread::LEVEL;

/// How standards are weighted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weighting {
    /// All alike: the spread is the same at every level.
    One,
    /// 1/x: the variance grows with the level.
    OverX,
    /// 1/x^2: the spread grows with the level.
    OverX2,
}

impl Weighting {
    /// All of them, the simplest first.
    pub const ALL: [Weighting; 3] = [Weighting::One, Weighting::OverX, Weighting::OverX2];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Weighting::One => "1",
            Weighting::OverX => "1/x",
            Weighting::OverX2 => "1/x2",
        }
    }

    /// The weight at a level above zero.
    pub fn at(self, x: f64) -> f64 {
        match self {
            Weighting::One => 1.0,
            Weighting::OverX => 1.0 / x,
            Weighting::OverX2 => 1.0 / (x * x),
        }
    }
}

/// Of back-calculated standards, from the nominal: ICH M10 (2022), 3.2.4.
pub const TOLERANCE: f64 = 0.15;
/// The same at the lowest level (there).
pub const TOLERANCE_LLOQ: f64 = 0.20;

/// A standard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standard {
    /// Its concentration.
    pub nominal: f64,
    /// Its response.
    pub response: f64,
    /// Its row in the sequence.
    pub row: usize,
}

/// A standard put back through the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BackCalculated {
    /// The standard.
    pub standard: Standard,
    /// Its concentration by the line.
    pub found: f64,
    /// Relative error.
    pub error: f64,
    /// Whether it lies within its tolerance.
    pub passed: bool,
}

/// A calibration.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// How it is weighted.
    pub weighting: Weighting,
    /// The line.
    pub line: Line,
    /// Every standard, those that failed as well; the line is fitted without them.
    pub standards: Vec<BackCalculated>,
    /// The sum of absolute relative errors for every weighting, over all standards.
    pub candidates: Vec<(Weighting, f64)>,
    /// The lowest and the highest level with a standard that passed.
    pub range: Option<(f64, f64)>,
    /// Smallest concentration of the standards used.
    smallest: f64,
}

/// A concentration read off the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Concentration {
    /// The value.
    pub value: f64,
    /// Its standard uncertainty by the delta method.
    pub u: f64,
    /// Fieller's interval at 95 %.
    pub interval: Option<Interval>,
}

/// Chooses the weighting whose back-calculated standards are off by the smallest sum of relative errors, leaves out
/// the standards that fail and fits once more. The coefficient of determination has no say: it hardly moves when low
/// levels are off by half.
///
/// # Errors
/// Fewer than three standards above zero at two levels.
pub fn calibrate(standards: &[Standard]) -> Result<Calibration, RegressionError> {
    let used: Vec<Standard> = standards.iter().copied().filter(|s| s.nominal > 0.0).collect();
    let mut candidates = Vec::new();
    for weighting in Weighting::ALL {
        let line = fit(&used, weighting)?;
        let sum: f64 = used.iter().map(|s| error(&line, s).abs()).sum();
        candidates.push((weighting, sum));
    }
    let mut weighting = candidates[0];
    for candidate in &candidates[1..] {
        // Equal to rounding: the simpler one stays.
        if candidate.1 < weighting.1 - 1e-9 * used.len() as f64 {
            weighting = *candidate;
        }
    }
    let weighting = weighting.0;
    let first = fit(&used, weighting)?;
    let lowest = used.iter().map(|s| s.nominal).fold(f64::INFINITY, f64::min);
    let passes = |line: &Line, s: &Standard| error(line, s).abs() <= tolerance(s.nominal, lowest);
    let good: Vec<Standard> = used.iter().copied().filter(|s| passes(&first, s)).collect();
    // With too few good ones left the first line stays, and its failures with it.
    let line = fit(&good, weighting).unwrap_or(first);
    let standards: Vec<BackCalculated> = used
        .iter()
        .map(|s| BackCalculated {
            standard: *s,
            found: line.inverse(s.response),
            error: error(&line, s),
            passed: passes(&line, s),
        })
        .collect();
    let passed = || standards.iter().filter(|s| s.passed).map(|s| s.standard.nominal);
    let (low, high) = (passed().fold(f64::INFINITY, f64::min), passed().fold(0.0, f64::max));
    Ok(Calibration {
        weighting,
        line,
        range: (low <= high).then_some((low, high)),
        standards,
        candidates,
        smallest: lowest,
    })
}

fn fit(standards: &[Standard], weighting: Weighting) -> Result<Line, RegressionError> {
    let x: Vec<f64> = standards.iter().map(|s| s.nominal).collect();
    let y: Vec<f64> = standards.iter().map(|s| s.response).collect();
    let w: Vec<f64> = x.iter().map(|x| weighting.at(*x)).collect();
    fit_line(&x, &y, Some(&w))
}

fn error(line: &Line, standard: &Standard) -> f64 {
    line.inverse(standard.response) / standard.nominal - 1.0
}

fn tolerance(nominal: f64, lowest: f64) -> f64 {
    if nominal == lowest { TOLERANCE_LLOQ } else { TOLERANCE }
}

impl Calibration {
    /// Levels with a standard that passed.
    pub fn levels_passed(&self) -> usize {
        let mut levels: Vec<f64> =
            self.standards.iter().filter(|s| s.passed).map(|s| s.standard.nominal).collect();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        levels.len()
    }

    /// The concentration of the mean of responses.
    pub fn read(&self, mean: f64, replicates: u32) -> Concentration {
        let x = self.line.inverse(mean);
        // Below the standards the spread is taken to be that of the lowest of them.
        let weight = self.weighting.at(x.max(self.smallest));
        let reading = Reading { mean, replicates: replicates.max(1), weight };
        match self.line.read(&reading, LEVEL) {
            Ok(found) => Concentration { value: found.x, u: found.se, interval: found.interval },
            Err(_) => Concentration { value: f64::NAN, u: f64::NAN, interval: None },
        }
    }

    /// Limits of detection and quantification, 3.3 and 10 times the standard deviation of the intercept over the slope.
    ///
    /// ICH Q2(R2) (2023), 3.2.3: detection and quantitation limits based on the standard deviation of the response
    /// and the slope.
    pub fn limits(&self) -> (f64, f64) {
        let unit = self.line.intercept_se / self.line.slope.abs();
        (3.3 * unit, 10.0 * unit)
    }
}

/// The amount that was there before additions: the intercept over the slope, with Fieller's interval.
///
/// # Errors
/// Fewer than three additions at two levels.
pub fn standard_addition(added: &[f64], response: &[f64]) -> Result<Concentration, RegressionError> {
    let line = fit_line(added, response, None)?;
    // The line crosses zero exactly there: nothing is read, so that no reading adds to the uncertainty.
    let reading = Reading { mean: 0.0, replicates: u32::MAX, weight: 1.0 };
    let found = line.read(&reading, LEVEL)?;
    let interval = found.interval.map(|i| Interval { low: -i.high, high: -i.low });
    Ok(Concentration { value: -found.x, u: found.se, interval })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standards(f: impl Fn(usize, f64) -> f64) -> Vec<Standard> {
        let levels = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 8.0, 10.0];
        let one =
            |(row, nominal): (usize, &f64)| Standard { nominal: *nominal, response: f(row, *nominal), row };
        levels.iter().enumerate().map(one).collect()
    }

    #[test]
    fn an_exact_line_takes_the_simplest_weighting() {
        let c = calibrate(&standards(|_, x| 3.0 + 12.0 * x)).unwrap();
        assert_eq!((c.weighting, c.range, c.levels_passed()), (Weighting::One, Some((0.1, 10.0)), 8));
        let read = c.read(63.0, 2);
        assert!((read.value - 5.0).abs() < 1e-9);
    }

    #[test]
    fn a_spread_that_grows_with_the_level_takes_weights() {
        let c = calibrate(&standards(|row, x| 12.0 * x * (1.0 + if row % 2 == 0 { 0.04 } else { -0.04 })))
            .unwrap();
        assert_ne!(c.weighting, Weighting::One);
        assert!(c.standards.iter().all(|s| s.passed), "{:?}", c.standards);
    }

    #[test]
    fn a_standard_that_fails_is_left_out_and_named() {
        let c = calibrate(&standards(|row, x| 12.0 * x * if row == 4 { 1.5 } else { 1.0 })).unwrap();
        let failed: Vec<usize> = c.standards.iter().filter(|s| !s.passed).map(|s| s.standard.row).collect();
        assert_eq!((failed, c.levels_passed()), (vec![4], 7));
        assert!((c.line.slope - 12.0).abs() < 1e-6);
        assert!(calibrate(&standards(|_, x| x)[..1]).is_err());
    }

    #[test]
    fn additions_find_what_was_there() {
        let found = standard_addition(&[0.0, 1.0, 2.0, 4.0], &[6.0, 8.0, 10.0, 14.0]).unwrap();
        assert!((found.value - 3.0).abs() < 1e-12);
    }

    /// 3.3 and 10 standard deviations of the intercept over the slope.
    #[test]
    fn limits_by_the_intercept() {
        let c = calibrate(&standards(|row, x| 12.0 * x + if row % 2 == 0 { 0.1 } else { -0.1 })).unwrap();
        let (lod, loq) = c.limits();
        assert!((loq / lod - 10.0 / 3.3).abs() < 1e-12);
        assert!((lod - 3.3 * c.line.intercept_se / c.line.slope).abs() < 1e-15);
    }
}
