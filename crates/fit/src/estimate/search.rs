//! The fit: several starts, robust weights, profiles.

use hepatica_stats::random::{Key, uniform};
use hepatica_stats::regression::{
    CurveFit, Parameter, Profile, ProfileOptions, RegressionError, Scale, SearchOptions, fit_curve,
    profile_with,
};

use super::problem::Problem;
use crate::bench::FitError;

/// The search on curves from an integrator, whose rounding hides what lies below. An offset of 0.001 is enough for the
/// intervals: Bates DM, Watts DG, Technometrics 1981;23:179.
const SEARCH: SearchOptions = SearchOptions { max_steps: 300, offset: 1e-4, step: 1e-6 };

/// How near to its limit the end of a profile is sought, relative.
const PROFILE_NEAR: f64 = 2e-3;

/// Where Huber's weights begin to fall, in robust standard deviations: 95 % of the efficiency of least squares when
/// errors are normal. Huber PJ, Robust Statistics (1981).
const HUBER: f64 = 1.345;

/// The standard deviation of a normal distribution over the median of its absolute deviations.
const PER_MEDIAN_DEVIATION: f64 = 1.4826;

/// Rounds of robust weights.
const MAX_ROUNDS: usize = 20;

/// How often a better minimum found while profiling is taken up.
const MAX_RESTARTS: usize = 3;

/// How to fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FitOptions {
    /// Seed of the starts.
    pub seed: u64,
    /// How many starts; the first is where the study or the model says.
    pub starts: usize,
    /// Measurements far off count less.
    pub robust: bool,
    /// Profiles are followed.
    pub profiles: bool,
    /// Confidence of intervals.
    pub level: f64,
}

/// One start and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// Where it began.
    pub from: Vec<f64>,
    /// The minimum it came to, and its weighted sum of squares.
    pub to: Option<(Vec<f64>, f64)>,
    /// Why it came to none.
    pub failure: Option<String>,
}

/// A fit.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The minimum.
    pub fit: CurveFit,
    /// The starts in their order.
    pub starts: Vec<Start>,
    /// A profile for each value sought, or why there is none; empty when none were asked for.
    pub profiles: Vec<Result<Profile, String>>,
    /// The predictions of the data, in their units.
    pub predictions: Vec<f64>,
    /// What robust weights left of the weight of each datum; 1 without.
    pub shares: Vec<f64>,
}

/// Fits a problem. Every start, in order, runs by itself; the best one is kept, the first of equals.
///
/// # Errors
/// Data that cannot tell values apart, with their names; no start that comes to a minimum.
pub fn fit(problem: &Problem, options: &FitOptions, tell: &dyn Fn(&str)) -> Result<Fitted, FitError> {
    let (y, base) = problem.observed();
    let mut starts = Vec::new();
    let mut best: Option<CurveFit> = None;
    let mut first_failure = None;
    for number in 0..options.starts.max(1) {
        tell(&format!("start {} of {}", number + 1, options.starts.max(1)));
        let parameters = start(problem, options.seed, number);
        let from = parameters.iter().map(|p| p.start).collect();
        match fit_curve(problem, &Problem::compared((&y, &base)), &parameters, &SEARCH) {
            Ok(found) => {
                let to = Some((found.parameters.clone(), found.residual_sum));
                starts.push(Start { from, to, failure: None });
                if best.as_ref().is_none_or(|b| found.residual_sum < b.residual_sum) {
                    best = Some(found);
                }
            }
            Err(error) => {
                let why = sentence(problem, &error);
                starts.push(Start { from, to: None, failure: Some(why.clone()) });
                first_failure.get_or_insert(why);
            }
        }
    }
    let Some(mut best) = best else {
        return Err(FitError::Statistics(first_failure.unwrap_or_default()));
    };
    let mut shares = vec![1.0; problem.data.len()];
    if options.robust {
        tell("robust weights");
        best = reweighted(problem, best, &mut shares)?;
    }
    let mut profiles = Vec::new();
    if options.profiles {
        (best, profiles) = profiled(problem, best, (&shares, options), tell)?;
    }
    let predictions = problem.predictions(&best.parameters)?;
    Ok(Fitted { fit: best, starts, profiles, predictions, shares })
}

/// The values a start begins with: the first as given, the others anywhere between the bounds on their scales.
fn start(problem: &Problem, seed: u64, number: usize) -> Vec<Parameter> {
    let key = Key::new(seed);
    let draw = |(k, p): (usize, &Parameter)| {
        let u = uniform(&key, number as u64, k as u32);
        let (low, high) = (p.bounds.low, p.bounds.high);
        let drawn = match p.scale {
            Scale::Log => low * libm::pow(high / low, u),
            Scale::Linear => low + u * (high - low),
        };
        Parameter { start: if number == 0 { p.start } else { drawn.clamp(low, high) }, ..*p }
    };
    problem.parameters.iter().enumerate().map(draw).collect()
}

/// The same parameters, starting elsewhere.
fn from(problem: &Problem, values: &[f64]) -> Vec<Parameter> {
    let place = |(p, v): (&Parameter, &f64)| Parameter { start: v.clamp(p.bounds.low, p.bounds.high), ..*p };
    problem.parameters.iter().zip(values).map(place).collect()
}

/// Weights of all observations, with the shares of the data.
fn weights(problem: &Problem, shares: &[f64]) -> Vec<f64> {
    let (_, base) = problem.observed();
    let shares = shares.iter().copied().chain(std::iter::repeat(1.0));
    base.iter().zip(shares).map(|(w, s)| w * s).collect()
}

/// Least squares again and again with Huber's weights of the residuals before, until the weights stand.
fn reweighted(problem: &Problem, mut fit: CurveFit, shares: &mut [f64]) -> Result<CurveFit, FitError> {
    let (y, base) = problem.observed();
    for _ in 0..MAX_ROUNDS {
        let sized: Vec<f64> =
            fit.residuals.iter().zip(&base).take(shares.len()).map(|(r, w)| (r * w.sqrt()).abs()).collect();
        let median =
            hepatica_stats::quantile(&sized, 0.5).map_err(|e| FitError::Statistics(e.to_string()))?;
        let scale = PER_MEDIAN_DEVIATION * median;
        let mut change = 0.0f64;
        for (share, size) in shares.iter_mut().zip(&sized) {
            let now = if *size > HUBER * scale { HUBER * scale / size } else { 1.0 };
            change = change.max((now - *share).abs());
            *share = now;
        }
        if change < 1e-3 {
            break;
        }
        let all = weights(problem, shares);
        let parameters = from(problem, &fit.parameters);
        fit = fit_curve(problem, &Problem::compared((&y, &all)), &parameters, &SEARCH)
            .map_err(|e| FitError::Statistics(sentence(problem, &e)))?;
    }
    Ok(fit)
}

type Profiles = Vec<Result<Profile, String>>;

/// The profile of each value; a better minimum on the way is taken up and all begins anew.
fn profiled(
    problem: &Problem,
    mut fit: CurveFit,
    (shares, options): (&[f64], &FitOptions),
    tell: &dyn Fn(&str),
) -> Result<(CurveFit, Profiles), FitError> {
    let (y, _) = problem.observed();
    let weights = weights(problem, shares);
    let observed = Problem::compared((&y, &weights));
    let of = ProfileOptions { level: options.level, search: SEARCH, near: PROFILE_NEAR };
    for round in 0..=MAX_RESTARTS {
        let mut profiles = Vec::new();
        let mut better = None;
        for (k, name) in problem.names.iter().enumerate() {
            tell(&format!("profile {} of {}: {name}", k + 1, problem.names.len()));
            match profile_with((problem, &observed), &problem.parameters, &fit, k, &of) {
                Ok(profile) => profiles.push(Ok(profile)),
                Err(RegressionError::BetterMinimum { parameters }) if round < MAX_RESTARTS => {
                    better = Some(parameters);
                    break;
                }
                Err(error) => profiles.push(Err(sentence(problem, &error))),
            }
        }
        let Some(better) = better else { return Ok((fit, profiles)) };
        fit = fit_curve(problem, &observed, &from(problem, &better), &SEARCH)
            .map_err(|e| FitError::Statistics(sentence(problem, &e)))?;
    }
    Ok((fit, Vec::new()))
}

/// An error of the regression with the names of the values.
fn sentence(problem: &Problem, error: &RegressionError) -> String {
    let name = |k: &usize| format!("`{}`", problem.names.get(*k).map_or("", String::as_str));
    let given = |values: &[f64]| -> String {
        let each = problem.names.iter().zip(values).map(|(n, v)| format!("{n} = {v:.4}"));
        each.collect::<Vec<_>>().join(", ")
    };
    match error {
        RegressionError::NotIdentifiable { parameter, by } if by.is_empty() => {
            format!("{} has no effect on the data", name(parameter))
        }
        RegressionError::NotIdentifiable { parameter, by } => {
            let by: Vec<String> = by.iter().map(name).collect();
            format!(
                "the data cannot tell {} from {}; a prior or fewer values",
                name(parameter),
                by.join(", ")
            )
        }
        RegressionError::NoValue { index, parameters } => match problem.data.get(*index) {
            Some(d) => format!("no value for `{}` at {}", d.name, given(parameters)),
            None => format!("no value at {}", given(parameters)),
        },
        RegressionError::NotConverged { steps, offset, parameters } => {
            format!("no minimum after {steps} steps (offset {offset:.1e}) at {}", given(parameters))
        }
        RegressionError::BetterMinimum { parameters } => format!("a better minimum at {}", given(parameters)),
        RegressionError::Numbers(error) => error.to_string(),
    }
}
