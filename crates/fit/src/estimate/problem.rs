//! A plan on a model -> a curve that can be fitted.

use std::sync::Arc;

use hepatica_model::system::{OutputId, System, Target as Place};
use hepatica_model::{Direction, Model};
use hepatica_sim::{Options, Scenario};
use hepatica_source::{Diagnostic, Spanned, nearest};
use hepatica_stats::regression::{Bounds, Curve, Observed, Parameter, Scale};
use hepatica_trial::plan::target;
use hepatica_trial::study::Override;
use hepatica_trial::{Plan, Study};
use hepatica_unit::Unit;

use super::engine::{Columns, Engine, Slopes};
use super::measure::{Measured, What};
use super::plan::{ArmMeasure, CurveData, Estimated, FitPlan, Target};
use crate::bench::{Bench, FitError};
use crate::curve::Curve as ObservedCurve;
use crate::person::Person;
use crate::predict::{FIRST_SCORED_H, output_of, umol_per_unit};

/// One simulation that data are about.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// The study of a curve, or the arm.
    pub name: String,
    /// Who gets what, and when it is looked at.
    pub scenario: Scenario,
}

/// One number that is fitted.
#[derive(Clone, Debug)]
pub struct Datum {
    /// The data set it belongs to: study and analyte, or the name of a target.
    pub name: String,
    /// The curve's analyte; empty for a target.
    pub analyte: String,
    /// When it was measured, h; NaN for a target that is not a value at a time.
    pub time_h: f64,
    /// What is taken from the simulation.
    pub of: Measured,
    /// What it is divided by.
    pub per: Option<Measured>,
    /// What it is multiplied with, to be in the unit of the observation.
    pub factor: f64,
    /// The observation.
    pub observed: f64,
    /// Standard deviation of its logarithm.
    pub log_sd: f64,
}

impl Datum {
    /// How far the observation is above a prediction, in the standard deviations of its logarithm.
    pub fn residual(&self, predicted: f64) -> f64 {
        libm::log(self.observed / predicted) / self.log_sd
    }
}

/// A prior, in the model's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PriorAt {
    /// The value it is about, by its place.
    pub parameter: usize,
    /// The median.
    pub median: f64,
    /// Standard deviation of the logarithm.
    pub log_sd: f64,
}

/// Everything that is simulated and compared.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Names of the values sought.
    pub names: Vec<String>,
    /// Their units.
    pub units: Vec<String>,
    /// Where they start and may go.
    pub parameters: Vec<Parameter>,
    /// The model's own values.
    pub own: Vec<f64>,
    /// Priors.
    pub priors: Vec<PriorAt>,
    /// The simulations.
    pub experiments: Vec<Experiment>,
    /// The data.
    pub data: Vec<Datum>,
    targets: Vec<Place>,
    only: Vec<Vec<String>>,
    directions: Vec<Direction>,
    engine: Engine,
}

/// A plan on a model.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The study.
    pub study: &'a Study,
    /// Its `[fit]`.
    pub fit: &'a FitPlan,
    /// The observed curves of each table of the plan, human ones, each once.
    pub curves: &'a [Vec<ObservedCurve>],
    /// The model.
    pub model: &'a Model,
    /// Its equations.
    pub system: &'a Arc<System>,
}

/// Puts simulations and data together.
///
/// # Errors
/// Names that do not exist, values out of bounds, no data, derivatives that are unsupported: with their places where
/// they have one.
pub fn arrange(asked: &Asked<'_>, options: Options) -> Result<Problem, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let mut outputs = Outputs { system: asked.system, ids: Vec::new() };
    let estimated = estimated(asked, &mut problems);
    let (mut experiments, mut data) = (Vec::new(), Vec::new());
    if let Err(error) = curves(asked, &mut outputs, (&mut experiments, &mut data)) {
        problems.push(Diagnostic::error("fit/curves", error.to_string()));
    }
    let planned = hepatica_trial::plan(asked.study, asked.model, asked.system);
    match planned {
        Ok(plan) => targets(asked, (&plan, &mut outputs), (&mut experiments, &mut data), &mut problems),
        Err(found) => problems.extend(found),
    }
    check_only(asked.fit, &experiments, &mut problems);
    settle_times(&mut experiments, &mut data);
    if data.is_empty() && problems.is_empty() {
        let hint = "add [[fit.curves]] or [[fit.target]] tables";
        problems.push(Diagnostic::error("fit/no-data", "there is nothing to fit to").hint(hint));
    }
    if !problems.is_empty() {
        // A name that is wrong is wrong wherever its value is asked for.
        let mut told: Vec<Diagnostic> = Vec::new();
        problems.retain(|p| {
            let is_new = told.iter().all(|t| t.message != p.message);
            told.push(p.clone());
            is_new
        });
        return Err(problems);
    }
    let mut directions: Vec<Direction> = Vec::new();
    for (e, asked) in estimated.iter().zip(&asked.fit.estimated) {
        let direction = Direction { target: e.target, is_log: asked.scale == Scale::Log };
        if !directions.iter().any(|d| d.target == e.target) {
            directions.push(direction);
        }
    }
    let engine = Engine::new(asked.system, &outputs.ids, &directions, options)
        .map_err(|e| vec![Diagnostic::error("fit/unsupported", e.to_string())])?;
    let priors = estimated
        .iter()
        .enumerate()
        .filter_map(|(parameter, e)| e.prior.map(|(median, log_sd)| PriorAt { parameter, median, log_sd }));
    let unit = |e: &Estimated| match asked.system.find_param(&e.name.value) {
        Some(id) => asked.system.params[id].unit.clone(),
        None => String::new(),
    };
    Ok(Problem {
        names: asked.fit.estimated.iter().map(Estimated::label).collect(),
        units: asked.fit.estimated.iter().map(unit).collect(),
        parameters: estimated.iter().map(|e| e.parameter).collect(),
        own: estimated.iter().map(|e| e.own).collect(),
        priors: priors.collect(),
        experiments,
        data,
        targets: estimated.iter().map(|e| e.target).collect(),
        only: asked.fit.estimated.iter().map(|e| e.only.clone()).collect(),
        directions,
        engine,
    })
}

/// Studies and arms that a value is said to hold in.
fn check_only(fit: &FitPlan, experiments: &[Experiment], problems: &mut Vec<Diagnostic>) {
    for e in &fit.estimated {
        for name in e.only.iter().filter(|name| !experiments.iter().any(|x| x.name == **name)) {
            let near = nearest(name, experiments.iter().map(|x| x.name.as_str()));
            let message = format!("there is no study or arm `{name}` for `{}`", e.name.value);
            let hint = near
                .map_or("the names of `only` are studies of the curves or arms".to_string(), |n| {
                    format!("did you mean `{n}`?")
                });
            problems.push(Diagnostic::error("fit/unknown-study", message).at(e.name.span, "").hint(hint));
        }
    }
}

/// A value that is sought, in the model's unit.
struct Sought {
    target: Place,
    parameter: Parameter,
    own: f64,
    prior: Option<(f64, f64)>,
}

fn estimated(asked: &Asked<'_>, problems: &mut Vec<Diagnostic>) -> Vec<Sought> {
    let own = own_values(asked.system);
    let mut all = Vec::new();
    for (k, e) in asked.fit.estimated.iter().enumerate() {
        let mut number = |set: &Override| target(set, asked.model, asked.system, problems);
        let (low, high) = (number(&e.low), number(&e.high));
        let start = e.start.as_ref().and_then(&mut number);
        let prior = e.prior.as_ref().and_then(|p| Some((number(&p.median)?.1, p.log_sd)));
        let (Some((target, low)), Some((_, high))) = (low, high) else { continue };
        let model_value = own(target);
        let bounds = Bounds { low, high };
        // A model value outside the bounds is no start.
        let start = start.map_or(model_value.clamp(low.min(high), high.max(low)), |(_, v)| v);
        let parameter = Parameter { start, bounds, scale: e.scale };
        let positive = e.scale == Scale::Linear || low > 0.0;
        if !(low < high && start >= low && start <= high && positive) {
            let message = format!("`{}` starts at {start} between {low} and {high}", e.name.value);
            let hint = "low < high with the start between them, and low above zero on the logarithmic scale";
            problems.push(Diagnostic::error("fit/bounds", message).at(e.name.span, "").hint(hint));
        }
        let twice = asked.fit.estimated[..k].iter().any(|f| {
            let apart =
                !f.only.is_empty() && !e.only.is_empty() && !f.only.iter().any(|name| e.only.contains(name));
            f.name.value == e.name.value && !apart
        });
        if twice {
            let message = format!("`{}` is sought twice", e.name.value);
            problems.push(Diagnostic::error("fit/twice", message).at(e.name.span, ""));
        }
        all.push(Sought { target, parameter, own: model_value, prior });
    }
    all
}

/// The values that the model itself gives; NaN for those it does not.
pub(crate) fn own_values(system: &Arc<System>) -> impl Fn(Place) -> f64 {
    let options = hepatica_kernel::CompileOptions {
        outputs: hepatica_kernel::OutputSelection::Some(Vec::new()),
        ..Default::default()
    };
    let initial = hepatica_kernel::compile(system.clone(), &options).ok().and_then(|k| k.initial(&[]).ok());
    move |place| {
        let Some(initial) = &initial else { return f64::NAN };
        match place {
            Place::State(id) => initial.y0.get(id.0 as usize).copied().unwrap_or(f64::NAN),
            Place::Param(id) => initial.params.get(id.0 as usize).copied().unwrap_or(f64::NAN),
        }
    }
}

/// The outputs that are simulated, each once.
struct Outputs<'a> {
    system: &'a System,
    ids: Vec<OutputId>,
}

impl Outputs<'_> {
    fn place(&mut self, name: &str) -> Option<usize> {
        let id = self.system.find_output(name)?;
        let known = self.ids.iter().position(|o| *o == id);
        Some(known.unwrap_or_else(|| {
            self.ids.push(id);
            self.ids.len() - 1
        }))
    }
}

type Gathered<'a> = (&'a mut Vec<Experiment>, &'a mut Vec<Datum>);

/// Curves under their own protocols: one simulation for all analytes of a study that share a protocol.
fn curves(asked: &Asked<'_>, outputs: &mut Outputs<'_>, into: Gathered<'_>) -> Result<(), FitError> {
    let (experiments, data) = into;
    if asked.curves.iter().all(Vec::is_empty) {
        return Ok(());
    }
    let bench = Bench::new(asked.model, asked.system, &[], Options::default())?;
    let mut protocols = Vec::new();
    for (of, curves) in asked.fit.curves.iter().zip(asked.curves) {
        for curve in curves {
            let name = output_of(curve.analyte);
            let output = outputs.place(name).ok_or_else(|| FitError::Missing(name.to_string()))?;
            let key = (curve.study.clone(), curve.protocol.clone());
            let experiment = match protocols.iter().position(|k| *k == key) {
                Some(known) => known,
                None => {
                    let person = Person {
                        weight_kg: curve.protocol.weight_kg,
                        values: Vec::new(),
                        doses: curve.protocol.doses.clone(),
                    };
                    let scenario = bench.scenario(&person, &Arc::from([]))?;
                    experiments.push(Experiment { name: curve.study.clone(), scenario });
                    protocols.push(key);
                    experiments.len() - 1
                }
            };
            data.extend(points(of, curve, (experiment, output)));
        }
    }
    Ok(())
}

fn points<'a>(
    of: &'a CurveData,
    curve: &'a ObservedCurve,
    (experiment, output): (usize, usize),
) -> impl Iterator<Item = Datum> + 'a {
    let log_sd = |t: f64| match of.early {
        Some(early) if t <= early.until_h => early.log_sd,
        _ => of.log_sd,
    };
    curve.points.iter().filter(|p| p.time_h > FIRST_SCORED_H).map(move |p| Datum {
        name: curve.study.clone(),
        analyte: curve.analyte.name().to_string(),
        time_h: p.time_h,
        of: Measured { experiment, output, what: What::At(p.time_h), rows: Vec::new() },
        per: None,
        factor: umol_per_unit(curve.analyte),
        observed: p.value,
        log_sd: log_sd(p.time_h),
    })
}

/// Published numbers about arms.
fn targets(
    asked: &Asked<'_>,
    (plan, outputs): (&Plan, &mut Outputs<'_>),
    (experiments, data): Gathered<'_>,
    problems: &mut Vec<Diagnostic>,
) {
    let first = experiments.len();
    for (arm, scenario) in asked.study.arms.iter().zip(&plan.scenarios) {
        let scenario = Scenario { times: Arc::from([]), ..scenario.clone() };
        experiments.push(Experiment { name: arm.name.clone(), scenario });
    }
    let arms: Vec<&str> = asked.study.arms.iter().map(|a| a.name.as_str()).collect();
    for t in &asked.fit.targets {
        let mut place = |of: &ArmMeasure| {
            let arm = arms.iter().position(|name| *name == of.arm.value);
            let output = outputs.place(&of.output.value);
            if arm.is_none() {
                problems.push(unknown("the study has no arm", "fit/unknown-arm", &of.arm, &arms));
            }
            if output.is_none() {
                let all: Vec<&str> = asked.system.outputs.iter().map(|o| o.name.as_str()).collect();
                problems.push(unknown("the model has no output", "fit/unknown-output", &of.output, &all));
            }
            Some(Measured { experiment: first + arm?, output: output?, what: of.what, rows: Vec::new() })
        };
        let (of, per) = (place(&t.of), t.per.as_ref().map(&mut place));
        let observed = match published(t, asked.model) {
            Ok(observed) => observed,
            Err(why) => {
                let mut problem = Diagnostic::error("fit/value", format!("`{}`: {why}", t.name));
                problem = t.value.span.map_or(problem.clone(), |span| problem.at(span, ""));
                problems.push(problem);
                continue;
            }
        };
        let (Some(of), false) = (of, per == Some(None)) else { continue };
        data.push(Datum {
            name: t.name.clone(),
            analyte: String::new(),
            time_h: if let What::At(t) = t.of.what { t } else { f64::NAN },
            of,
            per: per.flatten(),
            factor: 1.0,
            observed,
            log_sd: t.log_sd,
        });
    }
}

fn unknown(what: &str, code: &'static str, name: &Spanned<String>, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(code, format!("{what} `{}`", name.value)).at(name.span, "");
    match nearest(&name.value, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}

/// A published number in the model's unit of its measure.
fn published(target: &Target, model: &Model) -> Result<f64, String> {
    let value = target.value.value;
    let of = match &target.value.unit {
        None => value,
        Some(text) => {
            let mut unit = unit_of(&target.of, model)?;
            if let Some(per) = &target.per {
                unit = unit.per(&unit_of(per, model)?).map_err(|e| e.to_string())?;
            }
            let given = Unit::parse(text).map_err(|e| e.to_string())?;
            given.convert(value, &unit).map_err(|e| e.to_string())?
        }
    };
    if of > 0.0 { Ok(of) } else { Err(format!("{of} is not above zero")) }
}

fn unit_of(of: &ArmMeasure, model: &Model) -> Result<Unit, String> {
    let name = &of.output.value;
    let unit = model.vars.iter().find(|v| v.name == *name).and_then(|v| v.unit.as_ref());
    let unit = || {
        unit.map(|u| u.unit.clone()).ok_or(format!("the model gives `{name}` no unit; write a bare number"))
    };
    match of.what {
        What::At(_) | What::Max(_) => unit(),
        What::Area(_) => unit()?.times(&Unit::hour()).map_err(|e| e.to_string()),
        What::MeanTime(_) | What::HalfLife(_) => Ok(Unit::hour()),
    }
}

/// Gives each experiment the times its data need, and each measure its rows.
fn settle_times(experiments: &mut [Experiment], data: &mut [Datum]) {
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); experiments.len()];
    let measures = data.iter().flat_map(|d| [Some(&d.of), d.per.as_ref()]).flatten();
    measures.for_each(|m| times[m.experiment].extend(m.what.times()));
    for (experiment, times) in experiments.iter_mut().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        times.dedup();
        experiment.scenario.times = times.as_slice().into();
    }
    for measure in data.iter_mut().flat_map(|d| [Some(&mut d.of), d.per.as_mut()]).flatten() {
        let all = &times[measure.experiment];
        let row = |t: &f64| all.partition_point(|x| x < t);
        measure.rows = measure.what.times().iter().map(row).collect();
    }
}

impl Problem {
    /// The engine that simulates.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What the regression compares with: logarithms of observations, then of medians of priors; and their weights.
    pub fn observed(&self) -> (Vec<f64>, Vec<f64>) {
        let data = self.data.iter().map(|d| (d.observed, d.log_sd));
        let all = data.chain(self.priors.iter().map(|p| (p.median, p.log_sd)));
        all.map(|(value, log_sd)| (libm::log(value), 1.0 / (log_sd * log_sd))).unzip()
    }

    /// What the regression wants of observations.
    pub fn compared<'a>((y, weights): (&'a [f64], &'a [f64])) -> Observed<'a> {
        Observed { y, weights: Some(weights) }
    }

    /// Whether a value sought holds in an experiment.
    fn holds(&self, parameter: usize, experiment: usize) -> bool {
        let only = &self.only[parameter];
        only.is_empty() || only.contains(&self.experiments[experiment].name)
    }

    /// The simulations with values in force; those that no data are about are left out by their empty times.
    fn scenarios(&self, values: &[f64]) -> Vec<Scenario> {
        let with = |(index, experiment): (usize, &Experiment)| {
            let mut scenario = experiment.scenario.clone();
            for (k, (target, value)) in self.targets.iter().zip(values).enumerate() {
                if self.holds(k, index) {
                    scenario.overrides.retain(|(t, _)| t != target);
                    scenario.overrides.push((*target, *value));
                }
            }
            scenario
        };
        self.experiments.iter().enumerate().map(with).collect()
    }

    /// The predictions of the data, in their units; NaN where a simulation failed.
    ///
    /// # Errors
    /// Tolerances that make no sense.
    pub fn predictions(&self, values: &[f64]) -> Result<Vec<f64>, FitError> {
        let columns = self.engine.values(&self.scenarios(values))?;
        let predict = |d: &Datum| {
            let of = self.take(&d.of, &columns).map_or(f64::NAN, |t| t.0);
            let per = d.per.as_ref().map_or(Some(1.0), |p| self.take(p, &columns).map(|t| t.0));
            d.factor * of / per.unwrap_or(f64::NAN)
        };
        Ok(self.data.iter().map(predict).collect())
    }

    /// A measure and its derivatives by the points it is taken from.
    fn take(&self, measured: &Measured, columns: &[Option<Columns>]) -> Option<(f64, Vec<f64>)> {
        let column = columns[measured.experiment].as_ref()?.get(measured.output)?;
        let values: Vec<f64> =
            measured.rows.iter().map(|r| column.get(*r).copied().unwrap_or(f64::NAN)).collect();
        Some(measured.what.take(&measured.what.times(), &values))
    }

    /// The derivative of the logarithm of a measure by a direction.
    fn log_slope(
        &self,
        measured: &Measured,
        direction: usize,
        (columns, slopes): (&[Option<Columns>], &[Option<Slopes>]),
    ) -> f64 {
        let Some((of, by)) = self.take(measured, columns) else { return f64::NAN };
        let Some(all) = &slopes[measured.experiment] else { return f64::NAN };
        let column = &all[direction][measured.output];
        if column.is_empty() {
            return 0.0;
        }
        let slope: f64 = measured
            .rows
            .iter()
            .zip(&by)
            .map(|(row, by)| if *by == 0.0 { 0.0 } else { by * column[*row] })
            .sum();
        slope / of
    }

    /// The derivatives of the logarithms of all predictions by the values sought, `slopes[parameter][datum]`.
    ///
    /// # Errors
    /// As for [`Engine::slopes`].
    pub fn log_slopes(&self, values: &[f64]) -> Result<Vec<Vec<f64>>, FitError> {
        let scenarios = self.scenarios(values);
        let (columns, slopes) = (self.engine.values(&scenarios)?, self.engine.slopes(&scenarios)?);
        let of = |(k, value): (usize, &f64)| -> Vec<f64> {
            let found = self.directions.iter().position(|d| d.target == self.targets[k]);
            let direction = found.unwrap_or(0);
            let scale = if self.directions[direction].is_log { 1.0 / value } else { 1.0 };
            let slope = |measured: &Measured| match self.holds(k, measured.experiment) {
                true => scale * self.log_slope(measured, direction, (&columns, &slopes)),
                false => 0.0,
            };
            self.data.iter().map(|d| slope(&d.of) - d.per.as_ref().map_or(0.0, slope)).collect()
        };
        Ok(values.iter().enumerate().map(of).collect())
    }
}

impl Curve for Problem {
    fn values(&self, parameters: &[f64], values: &mut [f64]) {
        let Ok(found) = self.predictions(parameters) else { return };
        let priors = self.priors.iter().map(|p| parameters[p.parameter]);
        values.iter_mut().zip(found.into_iter().chain(priors)).for_each(|(v, found)| *v = libm::log(found));
    }

    fn slopes(&self, parameters: &[f64], slopes: &mut [Vec<f64>]) -> bool {
        let Ok(found) = self.log_slopes(parameters) else { return false };
        for (k, (column, found)) in slopes.iter_mut().zip(found).enumerate() {
            column[..found.len()].copy_from_slice(&found);
            for (place, prior) in self.priors.iter().enumerate() {
                column[found.len() + place] = if prior.parameter == k { 1.0 / parameters[k] } else { 0.0 };
            }
        }
        true
    }
}
