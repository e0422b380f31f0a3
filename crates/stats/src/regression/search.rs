//! The search for a minimum of the sum of squares.
//!
//! Levenberg-Marquardt with the scaling of Moré JJ, in: Numerical Analysis, Lecture Notes in Mathematics 630 (1978),
//! p. 105, and the damping of Nielsen HB, report IMM-REP-1999-05, Technical University of Denmark. Bounds are kept
//! by an active set: a parameter that a step takes out of its range is put on the bound and the step taken anew
//! for the rest. Steps follow the curvature along them and are refused where it is strong: Transtrum MK, Sethna JP,
//! arXiv:1201.5885 (2012). The end is judged as Bates DM, Watts DG, Technometrics 1981;23:179.

use super::RegressionError;
use super::factor::{Factor, length};
use super::problem::{Problem, Scale, sum_of_squares};

/// How long and how far a search goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SearchOptions {
    /// Steps tried before the search is given up.
    pub max_steps: usize,
    /// The offset at which it has come to the minimum: the length of what the residuals still have in common with
    /// the curve's tangents over the rest, each by its degrees of freedom.
    pub offset: f64,
    /// The relative change of all parameters by a full Gauss-Newton step at which it has come to the minimum.
    pub step: f64,
}

impl Default for SearchOptions {
    /// 5,000 steps; offset 1e-8, five decades below the 0.001 of Bates and Watts, so that eight digits are reached
    /// where differenced slopes allow them; step 1e-10.
    fn default() -> SearchOptions {
        SearchOptions { max_steps: 5_000, offset: 1e-8, step: 1e-10 }
    }
}

/// How a search ended at a minimum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The residuals are orthogonal to the curve's tangents.
    Orthogonal,
    /// A full step no longer changes the parameters.
    Still,
    /// Rounding hides any further descent.
    Rounding,
}

/// A minimum.
#[derive(Clone, Debug)]
pub(super) struct Minimum {
    pub(super) places: Vec<f64>,
    pub(super) sum: f64,
    pub(super) slopes: Vec<Vec<f64>>,
    /// Parameters that are neither held nor pressed against a bound.
    pub(super) free: Vec<usize>,
    pub(super) offset: f64,
    pub(super) steps: usize,
    pub(super) ended: Ended,
}

/// Columns count as dependent in a step below this share of their length; the damping carries what is left.
const INDEPENDENT: f64 = 1e-13;
/// How far along a step its curvature is probed, and how long the turn may be against the step; both as Transtrum and
/// Sethna recommend.
const PROBE: f64 = 0.1;
const MOST_BENT: f64 = 0.75;
/// The first damping, relative to the squares of the scaled columns.
const FIRST_DAMPING: f64 = 1e-3;
/// A damping at which a step is lost in rounding.
const LAST_DAMPING: f64 = 1e24;
/// What an offset may be where rounding ends the search.
const ROUNDING_OFFSET: f64 = 1e-4;
/// What a relative step may be where rounding ends the search: fits with hardly any residual.
const ROUNDING_STEP: f64 = 1e-6;

/// The share of a tangent that must be new for its parameter to count as identifiable. Differenced slopes carry an
/// error of about 1e-10 of their size; below this share they say nothing.
const IDENTIFIABLE: f64 = 1e-9;

/// The factors of the tangents of the free parameters, when they are independent.
pub(super) fn identifiable(slopes: &[Vec<f64>], free: &[usize]) -> Result<Factor, RegressionError> {
    let factor = Factor::new(free.iter().map(|k| slopes[*k].clone()).collect(), IDENTIFIABLE);
    match factor.dependent() {
        None => Ok(factor),
        Some((parameter, by)) => {
            let by = by.iter().map(|k| free[*k]).collect();
            Err(RegressionError::NotIdentifiable { parameter: free[parameter], by })
        }
    }
}

/// Searches from a place for a minimum.
pub(super) fn search(
    problem: &Problem<'_>,
    start: &[f64],
    options: &SearchOptions,
) -> Result<Minimum, RegressionError> {
    let mut places: Vec<f64> =
        start.iter().zip(&problem.ranges).map(|(p, (low, high))| p.clamp(*low, *high)).collect();
    let mut residuals = problem
        .residuals(&places)
        .map_err(|index| RegressionError::NoValue { index, parameters: problem.outward(&places) })?;
    let mut sum = sum_of_squares(&residuals);
    let mut scale = vec![0.0f64; places.len()];
    let (mut damping, mut growth) = (FIRST_DAMPING, 2.0);
    let mut steps = 0;
    loop {
        let slopes = problem.slopes(&places);
        if let Some(index) = slopes.iter().find_map(|c| c.iter().position(|s| !s.is_finite())) {
            return Err(RegressionError::NoValue { index, parameters: problem.outward(&places) });
        }
        scale.iter_mut().zip(&slopes).for_each(|(s, column)| *s = s.max(length(column)));
        let free = problem.movable(&places, &slopes, &residuals);
        let (offset, change) = how_far(problem, &places, &slopes, &residuals, &free);
        let minimum = |ended, steps| Minimum {
            places: places.clone(),
            sum,
            slopes: slopes.clone(),
            free: free.clone(),
            offset,
            steps,
            ended,
        };
        if offset <= options.offset {
            return Ok(minimum(Ended::Orthogonal, steps));
        }
        if change <= options.step {
            return Ok(minimum(Ended::Still, steps));
        }
        let here = Here { places: &places, residuals: &residuals, slopes: &slopes, scale: &scale };
        loop {
            if steps >= options.max_steps || damping > LAST_DAMPING {
                if damping > LAST_DAMPING && (offset <= ROUNDING_OFFSET || change <= ROUNDING_STEP) {
                    return Ok(minimum(Ended::Rounding, steps));
                }
                // Tangents that are hardly independent are why most searches have no end.
                identifiable(&slopes, &free)?;
                let parameters = problem.outward(&places);
                return Err(RegressionError::NotConverged { steps, offset, parameters });
            }
            steps += 1;
            let Step { places: next, expected } = step(problem, &here, &free, damping);
            let found = problem.residuals(&next).ok().map(|r| (sum_of_squares(&r), r));
            let gain = found.as_ref().map_or(f64::NEG_INFINITY, |(to, _)| (sum - to) / expected);
            if let Some((to, there)) = found
                && expected > 0.0
                && gain > 1e-4
                && to < sum
            {
                let trust = 2.0 * gain.min(1.0) - 1.0;
                damping *= (1.0 - trust * trust * trust).max(1.0 / 3.0);
                growth = 2.0;
                (places, residuals, sum) = (next, there, to);
                break;
            }
            damping *= growth;
            growth *= 2.0;
        }
    }
}

/// The offset of Bates and Watts and the largest relative change by a full step.
fn how_far(
    problem: &Problem<'_>,
    places: &[f64],
    slopes: &[Vec<f64>],
    residuals: &[f64],
    free: &[usize],
) -> (f64, f64) {
    if free.is_empty() {
        return (0.0, 0.0);
    }
    let factor = Factor::new(free.iter().map(|k| slopes[*k].clone()).collect(), INDEPENDENT);
    let (full, explained, rest) = factor.solve(residuals);
    let degrees = (residuals.len() - free.len()) as f64 / free.len() as f64;
    let offset = if explained == 0.0 { 0.0 } else { explained / rest * degrees.sqrt() };
    let relative = |(value, k): (&f64, &usize)| match problem.parameters[*k].scale {
        Scale::Log => value.abs(),
        Scale::Linear => value.abs() / places[*k].abs().max(f64::MIN_POSITIVE),
    };
    (offset, full.iter().zip(free).map(relative).fold(0.0, f64::max))
}

/// Where a step starts.
struct Here<'a> {
    places: &'a [f64],
    residuals: &'a [f64],
    slopes: &'a [Vec<f64>],
    /// The largest length so far of each column.
    scale: &'a [f64],
}

/// A step that was tried.
struct Step {
    places: Vec<f64>,
    /// The fall of the sum of squares that the tangents promise; zero for a step that is not to be taken.
    expected: f64,
}

/// The damped step inside the bounds, bent by the curvature along it.
fn step(problem: &Problem<'_>, here: &Here<'_>, free: &[usize], damping: f64) -> Step {
    let mut next = here.places.to_vec();
    let mut moving = free.to_vec();
    // What the residuals are after the parameters that were put on a bound went there.
    let mut left = here.residuals.to_vec();
    let mut bend = None;
    while !moving.is_empty() {
        let factor = damped(here, &moving, damping);
        let (change, ..) = factor.solve(&padded(&left, moving.len()));
        let mut out = Vec::new();
        for (k, change) in moving.iter().zip(&change) {
            let (low, high) = problem.ranges[*k];
            next[*k] = (here.places[*k] + change).clamp(low, high);
            if here.places[*k] + change != next[*k] {
                out.push(*k);
            }
        }
        if out.is_empty() {
            if moving.len() == free.len() {
                bend = Some((factor, change));
            }
            break;
        }
        for k in &out {
            let moved = next[*k] - here.places[*k];
            left.iter_mut().zip(&here.slopes[*k]).for_each(|(r, s)| *r -= s * moved);
        }
        moving.retain(|k| !out.contains(k));
    }
    let mut along = vec![0.0; left.len()];
    for (k, column) in here.slopes.iter().enumerate() {
        let moved = next[k] - here.places[k];
        if moved != 0.0 {
            along.iter_mut().zip(column).for_each(|(a, s)| *a += s * moved);
        }
    }
    let after: Vec<f64> = here.residuals.iter().zip(&along).map(|(r, a)| r - a).collect();
    let mut expected = sum_of_squares(here.residuals) - sum_of_squares(&after);
    if let Some((factor, change)) = bend {
        let Some(turn) = turn(problem, here, &next, &along) else { return Step { places: next, expected } };
        let (second, ..) = factor.solve(&padded(&turn, free.len()));
        let sized = |step: &[f64]| {
            length(&step.iter().zip(free).map(|(v, k)| v * here.scale[*k]).collect::<Vec<f64>>())
        };
        if 2.0 * sized(&second) > MOST_BENT * sized(&change) {
            expected = 0.0;
        }
        for (k, second) in free.iter().zip(&second) {
            let (low, high) = problem.ranges[*k];
            next[*k] = (next[*k] + 0.5 * second).clamp(low, high);
        }
    }
    Step { places: next, expected }
}

/// The factor of the moving columns with the damping below them.
fn damped(here: &Here<'_>, moving: &[usize], damping: f64) -> Factor {
    let columns = moving.iter().enumerate().map(|(i, k)| {
        let mut column = here.slopes[*k].clone();
        let diagonal = if here.scale[*k] > 0.0 { here.scale[*k] } else { 1.0 };
        column.extend((0..moving.len()).map(|j| if i == j { damping.sqrt() * diagonal } else { 0.0 }));
        column
    });
    Factor::new(columns.collect(), 0.0)
}

fn padded(values: &[f64], by: usize) -> Vec<f64> {
    let mut padded = values.to_vec();
    padded.resize(values.len() + by, 0.0);
    padded
}

/// The second derivative of the residuals along a step, by a difference; `None` where the curve has no value.
fn turn(problem: &Problem<'_>, here: &Here<'_>, next: &[f64], along: &[f64]) -> Option<Vec<f64>> {
    let part: Vec<f64> = here.places.iter().zip(next).map(|(from, to)| from + PROBE * (to - from)).collect();
    let there = problem.residuals(&part).ok()?;
    let second =
        |((there, here), along): ((&f64, &f64), &f64)| 2.0 / PROBE * ((there - here) / PROBE + along);
    Some(there.iter().zip(here.residuals).zip(along).map(second).collect())
}
