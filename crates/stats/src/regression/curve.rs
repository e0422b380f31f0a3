//! Nonlinear least squares.

use super::problem::{Curve, Observed, Parameter, Problem, Scale};
use super::search::{Ended, Minimum, SearchOptions, identifiable, search};
use super::{Likelihood, RegressionError};
use crate::error::level as check_level;
use crate::special::student_quantile;
use crate::{Interval, StatsError};

/// How a parameter stands at the minimum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Inside its bounds.
    Free,
    /// At its lower bound, behind which the sum of squares falls; it has no standard error.
    AtLow,
    /// At its upper bound, likewise.
    AtHigh,
}

/// A fitted curve.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveFit {
    /// The parameters, as they are.
    pub parameters: Vec<f64>,
    /// How each stands.
    pub standing: Vec<Standing>,
    /// On which scale each was sought.
    pub scales: Vec<Scale>,
    /// Covariance of the parameters as they are, row by row; zero for those at a bound.
    pub covariance: Vec<Vec<f64>>,
    /// Fitted values.
    pub fitted: Vec<f64>,
    /// Observed less fitted, not weighted.
    pub residuals: Vec<f64>,
    /// Weighted sum of squared residuals.
    pub residual_sum: f64,
    /// Standard deviation of an observation of weight 1.
    pub residual_sd: f64,
    /// Degrees of freedom: observations less parameters, those at bounds counted.
    pub df: f64,
    /// Its likelihood with normal errors.
    pub likelihood: Likelihood,
    /// How the search ended.
    pub ended: Ended,
    /// Steps tried.
    pub steps: usize,
    /// How far the residuals are from orthogonal to the tangents; see [`SearchOptions::offset`].
    pub offset: f64,
}

impl CurveFit {
    /// The standard error of a parameter; `None` at a bound.
    pub fn standard_error(&self, parameter: usize) -> Option<f64> {
        let free = self.standing[parameter] == Standing::Free;
        free.then(|| self.covariance[parameter][parameter].sqrt())
    }

    /// The interval by the curvature at the minimum (Wald), made on the scale of the search; `None` at a bound.
    ///
    /// # Errors
    /// A level outside (0, 1).
    pub fn interval(&self, parameter: usize, level: f64) -> Result<Option<Interval>, StatsError> {
        check_level(level)?;
        let t = student_quantile(self.df, 0.5 + 0.5 * level);
        let value = self.parameters[parameter];
        Ok(self.standard_error(parameter).map(|se| match self.scales[parameter] {
            Scale::Linear => Interval { low: value - t * se, high: value + t * se },
            Scale::Log => {
                let factor = libm::exp(t * se / value);
                Interval { low: value / factor, high: value * factor }
            }
        }))
    }

    /// The correlation of two parameters; `None` when one is at a bound.
    pub fn correlation(&self, a: usize, b: usize) -> Option<f64> {
        let (sa, sb) = (self.standard_error(a)?, self.standard_error(b)?);
        Some(self.covariance[a][b] / (sa * sb))
    }
}

/// Fits a curve from where its parameters start.
///
/// # Errors
/// No more observations than parameters, lists of different length, values that are not finite, weights that are
/// not above zero, a start out of bounds; a curve without a value at the start, a search without end, parameters that
/// the observations cannot tell apart.
pub fn fit_curve(
    curve: &dyn Curve,
    observed: &Observed<'_>,
    parameters: &[Parameter],
    options: &SearchOptions,
) -> Result<CurveFit, RegressionError> {
    let problem = Problem::new(curve, observed, parameters)?;
    let start: Vec<f64> = parameters.iter().map(|p| p.inward(p.start)).collect();
    let minimum = search(&problem, &start, options)?;
    describe(&problem, &minimum)
}

/// What a minimum says.
fn describe(problem: &Problem<'_>, minimum: &Minimum) -> Result<CurveFit, RegressionError> {
    let (n, count) = (problem.y.len(), problem.parameters.len());
    let df = (n - count) as f64;
    let variance = minimum.sum / df;
    let square = identifiable(&minimum.slopes, &minimum.free)?.inverse_square();
    let stretch: Vec<f64> =
        problem.parameters.iter().zip(&minimum.places).map(|(p, place)| p.stretch(*place)).collect();
    let mut covariance = vec![vec![0.0; count]; count];
    for (i, a) in minimum.free.iter().enumerate() {
        for (j, b) in minimum.free.iter().enumerate() {
            covariance[*a][*b] = variance * square[i][j] * stretch[*a] * stretch[*b];
        }
    }
    let standing = (0..count).map(|k| match minimum.free.contains(&k) {
        true => Standing::Free,
        false if minimum.places[k] <= problem.ranges[k].0 => Standing::AtLow,
        false => Standing::AtHigh,
    });
    let fitted = problem.values(&minimum.places);
    Ok(CurveFit {
        parameters: problem.outward(&minimum.places),
        standing: standing.collect(),
        scales: problem.parameters.iter().map(|p| p.scale).collect(),
        covariance,
        residuals: problem.y.iter().zip(&fitted).map(|(y, f)| y - f).collect(),
        fitted,
        residual_sum: minimum.sum,
        residual_sd: variance.sqrt(),
        df,
        likelihood: Likelihood::normal(minimum.sum, &problem.roots, count),
        ended: minimum.ended,
        steps: minimum.steps,
        offset: minimum.offset,
    })
}
