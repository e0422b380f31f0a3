//! Intervals by the profile of the sum of squares.

use super::curve::CurveFit;
use super::problem::{Curve, Observed, Parameter, Problem};
use super::search::{SearchOptions, search};
use super::{RegressionError, Scale};
use crate::StatsError;
use crate::error::level as check_level;
use crate::special::student_quantile;

/// Doublings of the distance before a side counts as open.
const MAX_DOUBLINGS: usize = 40;
/// Steps of the search for an end.
const MAX_BISECTIONS: usize = 200;

/// How a profile is followed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProfileOptions {
    /// The confidence of the interval.
    pub level: f64,
    /// How the other parameters are fitted anew.
    pub search: SearchOptions,
    /// How near to the limit the root of the profile must come, relative to it.
    pub near: f64,
}

impl Default for ProfileOptions {
    /// 95 %, nine digits: for curves that are computed to rounding. Curves that come from an integrator need less of
    /// both.
    fn default() -> ProfileOptions {
        ProfileOptions { level: 0.95, search: SearchOptions::default(), near: 1e-9 }
    }
}

/// An end of a profile interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// The value at which the profile reaches the limit.
    At(f64),
    /// The profile reaches the bound of the parameter first.
    Bound(f64),
    /// The profile never reaches the limit: the observations do not bound the parameter on this side.
    Open,
}

impl Limit {
    /// The value; infinite when open, NaN for neither side known.
    pub fn value(self, upper: bool) -> f64 {
        match self {
            Limit::At(value) | Limit::Bound(value) => value,
            Limit::Open if upper => f64::INFINITY,
            Limit::Open => f64::NEG_INFINITY,
        }
    }
}

/// The profile interval of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its lower end.
    pub low: Limit,
    /// Its upper end.
    pub high: Limit,
    /// The profile where it was computed, by rising value: the value and the signed root of the rise of the sum of
    /// squares over the residual variance, which has Student's distribution.
    pub trace: Vec<(f64, f64)>,
}

/// The interval of a parameter that a likelihood-ratio (F) test at this level does not reject, the other parameters
/// fitted anew for each value.
///
/// Bates DM, Watts DG, Nonlinear Regression Analysis and Its Applications (1988), chapter 6.
///
/// # Errors
/// A level outside (0, 1), a parameter that does not exist, a better minimum than the fit on the way.
pub fn profile(
    curve: &dyn Curve,
    observed: &Observed<'_>,
    parameters: &[Parameter],
    fit: &CurveFit,
    of: (usize, f64),
) -> Result<Profile, RegressionError> {
    let options = ProfileOptions { level: of.1, ..ProfileOptions::default() };
    profile_with((curve, observed), parameters, fit, of.0, &options)
}

/// [`profile`] of a parameter by its place, with options.
///
/// # Errors
/// As for [`profile`].
pub fn profile_with(
    (curve, observed): (&dyn Curve, &Observed<'_>),
    parameters: &[Parameter],
    fit: &CurveFit,
    index: usize,
    options: &ProfileOptions,
) -> Result<Profile, RegressionError> {
    check_level(options.level)?;
    if index >= parameters.len() || fit.parameters.len() != parameters.len() {
        return Err(StatsError::Lengths { first: fit.parameters.len(), second: parameters.len() }.into());
    }
    let problem = Problem::new(curve, observed, parameters)?;
    let centre: Vec<f64> = parameters.iter().zip(&fit.parameters).map(|(p, v)| p.inward(*v)).collect();
    let value = fit.parameters[index];
    let first_step = match (fit.standard_error(index), parameters[index].scale) {
        (Some(se), Scale::Log) => se / value,
        (Some(se), Scale::Linear) => se,
        (None, Scale::Log) => 0.1,
        (None, Scale::Linear) => 0.1 * value.abs().max(1.0),
    };
    let mut walk = Walk {
        problem,
        index,
        centre,
        sum: fit.residual_sum,
        variance: fit.residual_sum / fit.df,
        limit: student_quantile(fit.df, 0.5 + 0.5 * options.level),
        options: *options,
        first_step,
        trace: vec![(value, 0.0)],
    };
    let (low, high) = (walk.side(-1.0)?, walk.side(1.0)?);
    let mut trace = walk.trace;
    trace.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(Profile { low, high, trace })
}

/// A profile on its way.
struct Walk<'a> {
    problem: Problem<'a>,
    index: usize,
    centre: Vec<f64>,
    sum: f64,
    variance: f64,
    limit: f64,
    options: ProfileOptions,
    first_step: f64,
    trace: Vec<(f64, f64)>,
}

impl Walk<'_> {
    /// The end on one side; -1 below, 1 above.
    fn side(&mut self, side: f64) -> Result<Limit, RegressionError> {
        let (low, high) = self.problem.parameters[self.index].range();
        let bound = if side < 0.0 { low } else { high };
        let from = self.centre[self.index];
        if from == bound {
            return Ok(Limit::Bound(self.problem.parameters[self.index].outward(bound)));
        }
        let mut warm = self.centre.clone();
        let (mut inside, mut inside_tau) = (from, 0.0);
        let mut reach = self.first_step * self.limit;
        let mut outside = None;
        for _ in 0..MAX_DOUBLINGS {
            let next = if side < 0.0 { (from - reach).max(bound) } else { (from + reach).min(bound) };
            let Some((tau, places)) = self.tau(next, &warm)? else { break };
            if tau >= self.limit {
                outside = Some((next, tau));
                break;
            }
            (inside, inside_tau, warm) = (next, tau, places);
            if next == bound {
                return Ok(Limit::Bound(self.problem.parameters[self.index].outward(bound)));
            }
            reach *= 2.0;
        }
        let Some(outside) = outside else { return Ok(Limit::Open) };
        self.end((inside, inside_tau), outside, warm)
    }

    /// The end between a value inside and one outside: secants that keep the bracket (the Illinois method).
    fn end(
        &mut self,
        inside: (f64, f64),
        outside: (f64, f64),
        mut warm: Vec<f64>,
    ) -> Result<Limit, RegressionError> {
        let off = |tau: f64| tau - self.limit;
        let (mut a, mut fa) = (inside.0, off(inside.1));
        let (mut b, mut fb) = (outside.0, off(outside.1));
        let limit = self.limit;
        // Which end the last value replaced: the other one's value is halved when it stays twice.
        let mut replaced = 0;
        for _ in 0..MAX_BISECTIONS {
            let mut middle = (a * fb - b * fa) / (fb - fa);
            if !(middle > a.min(b) && middle < a.max(b)) {
                middle = 0.5 * (a + b);
            }
            let Some((tau, places)) = self.tau(middle, &warm)? else { return Ok(Limit::Open) };
            let value = tau - limit;
            if value.abs() <= self.options.near * limit || middle == a || middle == b {
                return Ok(Limit::At(self.problem.parameters[self.index].outward(middle)));
            }
            if value < 0.0 {
                warm = places;
                (a, fa) = (middle, value);
                fb *= if replaced == 1 { 0.5 } else { 1.0 };
                replaced = 1;
            } else {
                (b, fb) = (middle, value);
                fa *= if replaced == 2 { 0.5 } else { 1.0 };
                replaced = 2;
            }
        }
        Ok(Limit::At(self.problem.parameters[self.index].outward(0.5 * (a + b))))
    }

    /// The root of the rise at a held value and the places of the others; `None` where the curve has no value or no
    /// minimum is found.
    fn tau(&mut self, held: f64, warm: &[f64]) -> Result<Option<(f64, Vec<f64>)>, RegressionError> {
        let mut start = warm.to_vec();
        start[self.index] = held;
        self.problem.ranges[self.index] = (held, held);
        let found = search(&self.problem, &start, &self.options.search);
        self.problem.ranges[self.index] = self.problem.parameters[self.index].range();
        let minimum = match found {
            Ok(minimum) => minimum,
            Err(RegressionError::NoValue { .. } | RegressionError::NotConverged { .. }) => return Ok(None),
            Err(other) => return Err(other),
        };
        let rise = (minimum.sum - self.sum) / self.variance;
        // A fall by more than rounding is another, better minimum.
        if rise < -1e-6 {
            return Err(RegressionError::BetterMinimum { parameters: self.problem.outward(&minimum.places) });
        }
        let tau = rise.max(0.0).sqrt();
        let side = if held < self.centre[self.index] { -tau } else { tau };
        self.trace.push((self.problem.parameters[self.index].outward(held), side));
        Ok(Some((tau, minimum.places)))
    }
}
