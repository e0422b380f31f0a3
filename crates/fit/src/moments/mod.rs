//! The method of simulated moments: constants such that the lines of a qualification take wanted values.
//!
//! McFadden D, Econometrica 1989;57:995. The same virtual people are drawn at every trial, so that what changes is
//! the model only. Shares of people move in small steps; slopes are therefore differenced over wide steps of the
//! constants, once in a round, and the search is Gauss-Newton damped in units of the priors.
//!
//! ```text
//! Constants --simulate--> curves, typical patient, cohorts --compare--> residuals --step--> Constants
//! ```

mod read;

use hepatica_model::system::Target;
use hepatica_stats::regression::{Observed, RegressionError, fit_linear};

use crate::bench::{Bench, FitError};
use crate::cohort::Cohort;
use crate::curve::Curve;
use crate::estimate::problem::own_values;
use crate::marks::OUTPUTS;
use crate::qualify::{
    BASE_DOSE, LARGE_DOSE, Line, People, Sizes, Subject, cohort_options, curve_lines, datasets, typical_lines,
};

/// The least and the greatest step of the logarithm of a constant over which slopes are differenced; wide, as shares
/// of people move in steps of one person.
const STEP: (f64, f64) = (0.05, 0.15);

/// The damping a round starts with: steps of about a prior SD.
const FIRST_DAMPING: f64 = 1.0;

/// Steps that do not help before a round ends.
const MOST_REFUSED: usize = 4;

/// A fall of the sum of squares that is no longer worth a step; one SD of one residual is 1.
const ENOUGH: f64 = 0.5;

pub use read::{Plan, Sought, read};

/// A constant that is sought: a value of the model, or the log SD of a personal factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    /// Its name in the model.
    pub name: String,
    /// Whether the log SD of the factor is meant, not its value.
    pub spread: bool,
    /// The model's own value, which a changed spread is relative to.
    pub own: f64,
    /// Where the search starts.
    pub start: f64,
    /// Median of the prior.
    pub prior: f64,
    /// Log SD of the prior.
    pub prior_log_sd: f64,
    /// Where it may be.
    pub range: [f64; 2],
}

/// On which scale a line is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// As it is.
    Plain,
    /// Its logarithm.
    Log,
    /// The logit of a share, with one half person added to either side.
    Logit,
}

/// What a line is wanted to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// The id of the line.
    pub line: String,
    /// The wanted value.
    pub wanted: f64,
    /// The SD on the scale of the measure.
    pub sd: f64,
    /// The scale.
    pub measure: Measure,
}

impl Moment {
    fn place(&self, value: f64, people: f64) -> f64 {
        match self.measure {
            Measure::Plain => value,
            Measure::Log => libm::log(value),
            Measure::Logit => {
                let inside = (value * people + 0.5) / (people + 1.0);
                libm::log(inside / (1.0 - inside))
            }
        }
    }

    /// How far a found value is from the wanted one, in SDs.
    pub fn residual(&self, found: f64, people: f64) -> f64 {
        (self.place(found, people) - self.place(self.wanted, people)) / self.sd
    }
}

/// Everything a calibration by moments needs.
#[derive(Clone, Debug)]
pub struct Problem<'a> {
    /// The model.
    pub subject: Subject<'a>,
    /// Constants that are sought.
    pub constants: Vec<Constant>,
    /// What lines are wanted to be.
    pub moments: Vec<Moment>,
    /// Observed curves.
    pub curves: Vec<Curve>,
    /// Log SD of a point of a curve.
    pub curve_log_sd: f64,
    /// Seed of the cohorts; none of the qualification.
    pub seed: u64,
    /// How many people.
    pub sizes: Sizes,
}

/// Constants of a plan with the model's own values.
///
/// # Errors
/// The places of names that the model does not have, or whose spread is not log-normal.
pub fn constants(plan: &Plan, subject: &Subject<'_>) -> Result<Vec<Constant>, Vec<usize>> {
    let cohort = Cohort::new(subject.model, subject.system, plan.seed, BASE_DOSE).ok();
    let values = own_values(subject.system);
    let own = |sought: &Sought| match sought.spread {
        true => cohort.as_ref()?.log_sd(&sought.name.value),
        false => subject.system.find_param(&sought.name.value).map(|id| values(Target::Param(id))),
    };
    let found: Vec<Option<f64>> = plan.constants.iter().map(own).collect();
    let unknown: Vec<usize> = (0..found.len()).filter(|k| found[*k].is_none()).collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let constant = |(s, own): (&Sought, Option<f64>)| Constant {
        name: s.name.value.clone(),
        spread: s.spread,
        own: own.unwrap_or(s.prior),
        start: s.start.or(own).unwrap_or(s.prior),
        prior: s.prior,
        prior_log_sd: s.log_sd,
        range: s.range,
    };
    Ok(plan.constants.iter().zip(found).map(constant).collect())
}

/// What a trial of constants gives.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Every line.
    pub lines: Vec<Line>,
    /// Log of predicted over observed of every point of the curves.
    pub folds: Vec<f64>,
}

impl Problem<'_> {
    /// Simulates everything with some constants.
    ///
    /// # Errors
    /// Names the model does not have; a person who cannot be simulated.
    pub fn simulate(&self, values: &[f64]) -> Result<Trial, FitError> {
        let pairs: Vec<(&Constant, f64)> = self.constants.iter().zip(values.iter().copied()).collect();
        let mut fixed: Vec<(&str, f64)> = self.subject.values.to_vec();
        fixed.extend(pairs.iter().filter(|(c, _)| !c.spread).map(|(c, v)| (c.name.as_str(), *v)));
        let spreads: Vec<(&str, f64)> =
            pairs.iter().filter(|(c, _)| c.spread).map(|(c, v)| (c.name.as_str(), *v / c.own)).collect();
        let subject = Subject { values: &fixed, ..self.subject };
        let (found, _) = datasets(&subject, &self.curves)?;
        let mut lines = curve_lines(&found)?;
        let folds = found
            .iter()
            .flat_map(|d| d.compared.predicted.iter().zip(&d.compared.observed))
            .map(|(p, o)| libm::log(p / o))
            .collect();
        lines.extend(typical_lines(&subject)?);
        let options = cohort_options(subject.options);
        let bench = Bench::new(subject.model, subject.system, &OUTPUTS, options)?.with(subject.values)?;
        let cohort =
            |dose| Cohort::new(subject.model, subject.system, self.seed, dose)?.with_spreads(&spreads);
        let (base, large) = (cohort(BASE_DOSE)?, cohort(LARGE_DOSE)?);
        let people = People { bench: &bench, base: &base, large: &large, seed: self.seed, sizes: self.sizes };
        lines.extend(people.lines()?.0);
        Ok(Trial { lines, folds })
    }

    /// Residuals of moments, curves and priors, in SDs.
    ///
    /// # Errors
    /// As [`Problem::simulate`], and moments of lines that are not there.
    pub fn residuals(&self, values: &[f64]) -> Result<Vec<f64>, FitError> {
        let trial = self.simulate(values)?;
        let people = self.sizes.dosed as f64;
        let mut residuals = Vec::new();
        for moment in &self.moments {
            let line = trial.lines.iter().find(|l| l.id == moment.line);
            let found = line.ok_or_else(|| FitError::Missing(moment.line.clone()))?.found;
            residuals.push(moment.residual(found, people));
        }
        residuals.extend(trial.folds.iter().map(|f| f / self.curve_log_sd));
        let prior = |(c, v): (&Constant, &f64)| libm::log(v / c.prior) / c.prior_log_sd;
        residuals.extend(self.constants.iter().zip(values).map(prior));
        Ok(residuals)
    }

    /// Searches the constants from where they start, in rounds.
    ///
    /// # Errors
    /// Names the model does not have; constants at which nobody can be simulated; constants that nothing here
    /// tells apart.
    pub fn fit(&self, rounds: usize, progress: &dyn Fn(&[f64], f64)) -> Result<Found, FitError> {
        let mut place = Place::new(self, self.constants.iter().map(|c| libm::log(c.start)).collect())?;
        progress(&place.values(), place.sum());
        let mut slopes = Vec::new();
        for _ in 0..rounds {
            slopes = self.slopes(&place)?;
            let before = place.sum();
            self.descend(&mut place, &mut slopes, progress)?;
            if before - place.sum() < ENOUGH {
                break;
            }
        }
        let minus: Vec<f64> = place.residuals.iter().map(|r| -r).collect();
        let linear = fit_linear(&slopes, &Observed { y: &minus, weights: None }).map_err(told)?;
        // Residuals are in SDs, so that their own scale is 1.
        let log_se = (0..slopes.len()).map(|k| linear.standard_error(k) / linear.residual_sd).collect();
        Ok(Found { values: place.values(), log_se, sum: place.sum(), residuals: place.residuals })
    }

    /// Slopes of the residuals by the logarithm of each constant, differenced towards the inside of its range.
    fn slopes(&self, place: &Place) -> Result<Vec<Vec<f64>>, FitError> {
        let column = |(k, constant): (usize, &Constant)| {
            let width = (0.3 * constant.prior_log_sd).clamp(STEP.0, STEP.1);
            let inside = place.logs[k] + width <= libm::log(constant.range[1]);
            let step = if inside { width } else { -width };
            let mut moved = place.logs.clone();
            moved[k] += step;
            let there = Place::new(self, moved)?;
            Ok(there.residuals.iter().zip(&place.residuals).map(|(a, b)| (a - b) / step).collect())
        };
        self.constants.iter().enumerate().map(column).collect()
    }

    /// Steps while they help; the damping counts in units of the priors, and slopes follow by Broyden's update
    /// (Math Comp 1965;19:577).
    fn descend(
        &self,
        place: &mut Place,
        slopes: &mut [Vec<f64>],
        progress: &dyn Fn(&[f64], f64),
    ) -> Result<(), FitError> {
        let mut damping = FIRST_DAMPING;
        let mut refused = 0;
        while refused < MOST_REFUSED {
            let step = self.step(place, slopes, damping)?;
            let next = Place::new(self, place.logs.iter().zip(&step).map(|(l, d)| l + d).collect())?;
            progress(&next.values(), next.sum());
            let expected = along(slopes, &step, &place.residuals);
            let squared: f64 = step.iter().map(|d| d * d).sum();
            for (column, d) in slopes.iter_mut().zip(&step) {
                column
                    .iter_mut()
                    .zip(next.residuals.iter().zip(&expected))
                    .for_each(|(s, (found, wanted))| *s += (found - wanted) * d / squared);
            }
            let gain = place.sum() - next.sum();
            if gain > 0.0 {
                *place = next;
                damping /= 3.0;
                if gain < ENOUGH {
                    return Ok(());
                }
            } else {
                damping *= 4.0;
                refused += 1;
            }
        }
        Ok(())
    }

    /// The damped step inside the ranges: a constant that would leave its range goes to the bound, and the step is
    /// taken anew for the rest.
    fn step(&self, place: &Place, slopes: &[Vec<f64>], damping: f64) -> Result<Vec<f64>, FitError> {
        let mut step = vec![0.0; slopes.len()];
        let mut free: Vec<usize> = (0..slopes.len()).collect();
        while !free.is_empty() {
            let held: Vec<f64> =
                (0..step.len()).map(|k| if free.contains(&k) { 0.0 } else { step[k] }).collect();
            let mut y: Vec<f64> = along(slopes, &held, &place.residuals).iter().map(|r| -r).collect();
            y.extend(free.iter().map(|_| 0.0));
            let columns: Vec<Vec<f64>> = free
                .iter()
                .enumerate()
                .map(|(i, k)| {
                    let ridge = damping.sqrt() / self.constants[*k].prior_log_sd;
                    let tail = (0..free.len()).map(|j| if i == j { ridge } else { 0.0 });
                    slopes[*k].iter().copied().chain(tail).collect()
                })
                .collect();
            let fit = fit_linear(&columns, &Observed { y: &y, weights: None }).map_err(told)?;
            free.iter().zip(&fit.parameters).for_each(|(k, d)| step[*k] = *d);
            let left: Vec<usize> =
                free.iter().copied().filter(|k| self.bounded(place, *k, &mut step)).collect();
            if left.is_empty() {
                break;
            }
            free.retain(|k| !left.contains(k));
        }
        Ok(step)
    }

    /// Whether a step leaves the range of a constant; it then ends on the bound.
    fn bounded(&self, place: &Place, k: usize, step: &mut [f64]) -> bool {
        let [low, high] = self.constants[k].range.map(libm::log);
        let to = place.logs[k] + step[k];
        if to >= low && to <= high {
            return false;
        }
        step[k] = to.clamp(low, high) - place.logs[k];
        true
    }
}

/// Residuals after a step, by their slopes.
fn along(slopes: &[Vec<f64>], step: &[f64], residuals: &[f64]) -> Vec<f64> {
    let mut after = residuals.to_vec();
    for (column, d) in slopes.iter().zip(step) {
        after.iter_mut().zip(column).for_each(|(r, s)| *r += s * d);
    }
    after
}

fn told(error: RegressionError) -> FitError {
    FitError::Statistics(format!("the step of the calibration: {error}"))
}

/// Logarithms of the constants and the residuals there.
struct Place {
    logs: Vec<f64>,
    residuals: Vec<f64>,
}

impl Place {
    fn new(problem: &Problem<'_>, logs: Vec<f64>) -> Result<Place, FitError> {
        let values: Vec<f64> = logs.iter().map(|l| libm::exp(*l)).collect();
        let residuals = problem.residuals(&values)?;
        match residuals.iter().position(|r| !r.is_finite()) {
            Some(at) => Err(FitError::Statistics(format!("residual {at} is no number"))),
            None => Ok(Place { logs, residuals }),
        }
    }

    fn values(&self) -> Vec<f64> {
        self.logs.iter().map(|l| libm::exp(*l)).collect()
    }

    fn sum(&self) -> f64 {
        self.residuals.iter().map(|r| r * r).sum()
    }
}

/// What a calibration found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The constants, in their order.
    pub values: Vec<f64>,
    /// Standard errors of their logarithms, given the SDs of moments, points and priors.
    pub log_se: Vec<f64>,
    /// Sum of squared residuals.
    pub sum: f64,
    /// Residuals of the moments, the points of the curves and the priors.
    pub residuals: Vec<f64>,
}
