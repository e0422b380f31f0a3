//! Virtual patients: how they differ, and the scenarios of every patient in every arm.
//!
//! A patient's values are quantiles of counter-based uniform numbers keyed by the seed, the patient's number and
//! the name of the value. They do not depend on the other patients, on the arm, on the order of simulation, or on
//! what else varies: the same patients are in every arm, and fixing one value leaves the others as they were.

use hepatica_model::Model;
use hepatica_model::system::{StateId, System, Target};
use hepatica_sim::{Scenario, Source, bind};
use hepatica_source::{Diagnostic, Span, nearest};
use hepatica_stats::distribution::Distribution;
use hepatica_stats::random::{Key, uniform};
use hepatica_unit::Unit;

use crate::plan::{Plan, WEIGHT, doses_of};
use crate::study::{PopulationSpec, Spread, Study, Vary};

/// The spreads of a study on a model.
#[derive(Clone, Debug)]
pub struct Population {
    /// How many patients.
    pub size: u64,
    /// The seed of their differences.
    pub seed: u64,
    /// What differs, in the order of the model.
    pub draws: Vec<Draw>,
}

/// One value that differs between patients.
#[derive(Clone, Debug)]
pub struct Draw {
    /// Its name in the model.
    pub name: String,
    /// What is set.
    pub target: Target,
    /// Its distribution in the model's unit.
    pub distribution: Distribution,
    /// The distribution as written, such as `lognormal(0, 0.3)`.
    pub written: String,
    /// Whether the study gave the spread rather than the model.
    pub from_study: bool,
    /// The number of its draw.
    number: u32,
}

impl Population {
    /// The spreads of the model, with those of the study in their place.
    ///
    /// # Errors
    /// Names the model does not have, spreads that make no sense, values that are both set and varied.
    pub fn new(
        spec: &PopulationSpec,
        study: &Study,
        model: &Model,
        system: &System,
    ) -> Result<Population, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let mut draws = model_draws(spec, model, system, &mut problems);
        for vary in &spec.vary {
            if let Some(draw) = study_draw(vary, model, system, &mut problems) {
                draws.retain(|d| d.name != draw.name);
                draws.push(draw);
            }
        }
        for name in &spec.fixed {
            if !model.vars.iter().any(|v| v.name == name.value) {
                problems.push(unknown(&name.value, name.span, system));
            }
        }
        let sets = study.set.iter().chain(study.arms.iter().flat_map(|a| &a.set));
        for set in sets {
            if draws.iter().any(|d| d.name == set.name) {
                let message = format!("`{}` is set and varies between patients", set.name);
                let mut problem = Diagnostic::error("population/set", message)
                    .hint(format!("add it to `fixed`: fixed = [\"{}\"]", set.name));
                problem
                    .labels
                    .extend(set.span.map(|span| hepatica_source::Label { span, text: String::new() }));
                problems.push(problem);
            }
        }
        for (i, draw) in draws.iter().enumerate() {
            if let Some(other) = draws[..i].iter().find(|d| d.number == draw.number) {
                let message = format!("`{}` and `{}` would draw the same numbers", draw.name, other.name);
                problems.push(Diagnostic::error("population/collision", message).hint("rename one of them"));
            }
        }
        match problems.is_empty() {
            true => Ok(Population { size: spec.size, seed: spec.seed, draws }),
            false => Err(problems),
        }
    }

    /// The values of a patient (counted from 0) in the order of the draws.
    pub fn values(&self, patient: u64) -> Vec<f64> {
        let key = Key::new(self.seed);
        self.draws.iter().map(|d| d.distribution.quantile(uniform(&key, patient, d.number))).collect()
    }
}

/// A number that belongs to a name whatever else is drawn: 32-bit FNV-1a.
fn draw_number(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn model_draws(
    spec: &PopulationSpec,
    model: &Model,
    system: &System,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Draw> {
    let mut draws = Vec::new();
    for var in model.vars.iter() {
        let Some(spread) = &var.uncertainty.distribution else { continue };
        if spec.fixed.iter().any(|f| f.value == var.name) {
            continue;
        }
        let Some(param) = system.find_param(&var.name) else { continue };
        let arguments: Option<Vec<f64>> = spread.arguments.iter().map(|node| model.number(*node)).collect();
        let distribution = match arguments {
            Some(arguments) => named(&spread.name, &arguments),
            None => Err("its arguments are not numbers".to_string()),
        };
        match distribution {
            Ok((distribution, written)) => draws.push(Draw {
                written,
                number: draw_number(&var.name),
                name: var.name.clone(),
                target: Target::Param(param),
                distribution,
                from_study: false,
            }),
            Err(why) => {
                let message = format!("the distribution of `{}` cannot be drawn from: {why}", var.name);
                let problem = Diagnostic::error("population/distribution", message);
                problems.push(var.span.map_or(problem.clone(), |span| problem.at(span, "")));
            }
        }
    }
    draws
}

/// A distribution by name, and as written.
fn named(name: &str, arguments: &[f64]) -> Result<(Distribution, String), String> {
    let distribution = Distribution::from_name(name, arguments).map_err(|e| e.to_string())?;
    let arguments: Vec<String> = arguments.iter().map(f64::to_string).collect();
    Ok((distribution, format!("{name}({})", arguments.join(", "))))
}

fn study_draw(vary: &Vary, model: &Model, system: &System, problems: &mut Vec<Diagnostic>) -> Option<Draw> {
    let Some(param) = system.find_param(&vary.name) else {
        problems.push(unknown(&vary.name, vary.span, system));
        return None;
    };
    let unit = model.vars.iter().find(|v| v.name == vary.name).and_then(|v| v.unit.as_ref());
    let scaled = |value: f64| match (&vary.unit, unit) {
        (Some(text), Some(unit)) => {
            let given = Unit::parse(text).map_err(|e| e.to_string())?;
            given.convert(value, &unit.unit).map_err(|e| e.to_string())
        }
        _ => Ok(value),
    };
    let distribution = || -> Result<(Distribution, String), String> {
        let (name, arguments) = match vary.spread {
            Spread::LogNormal { median, log_sd } => {
                let median = scaled(median)?;
                if median <= 0.0 {
                    return Err("the median of a log-normal spread is above zero".into());
                }
                ("lognormal", [libm::log(median), log_sd])
            }
            Spread::Normal { mean, sd } => ("normal", [scaled(mean)?, scaled(sd)?]),
            Spread::Uniform { low, high } => ("uniform", [scaled(low)?, scaled(high)?]),
        };
        named(name, &arguments)
    };
    match distribution() {
        Ok((distribution, written)) => Some(Draw {
            written,
            number: draw_number(&vary.name),
            name: vary.name.clone(),
            target: Target::Param(param),
            distribution,
            from_study: true,
        }),
        Err(why) => {
            let message = format!("the spread of `{}` makes no sense: {why}", vary.name);
            problems.push(Diagnostic::error("population/spread", message).at(vary.span, ""));
            None
        }
    }
}

fn unknown(name: &str, span: Span, system: &System) -> Diagnostic {
    let near = nearest(name, system.params.iter().map(|p| p.name.as_str()));
    let problem =
        Diagnostic::error("study/unknown-value", format!("the model has no value `{name}` to vary"));
    let hint = near.map_or("`hepatica model show ID --stage system` lists them".into(), |n| {
        format!("did you mean `{n}`?")
    });
    problem.at(span, "").hint(hint)
}

/// Every patient in every arm: scenario `i` is patient `i / arms` in arm `i % arms`.
#[derive(Clone, Copy, Debug)]
pub struct Cohort<'a> {
    /// The arms.
    pub study: &'a Study,
    /// The arms on the model.
    pub plan: &'a Plan,
    /// The patients.
    pub population: &'a Population,
}

impl Cohort<'_> {
    /// The number of arms.
    pub fn arms(&self) -> usize {
        self.plan.scenarios.len()
    }

    /// Patient (from 0) and arm of a scenario.
    pub fn place(&self, index: usize) -> (u64, usize) {
        ((index / self.arms()) as u64, index % self.arms())
    }

    /// A patient in an arm.
    ///
    /// # Errors
    /// A patient the doses do not fit, as a sentence.
    pub fn patient(&self, patient: u64, arm: usize) -> Result<Scenario, String> {
        let typical = &self.plan.scenarios[arm];
        let values = self.population.values(patient);
        let drawn = self.population.draws.iter().zip(&values);
        let kept = typical.overrides.iter().filter(|(t, _)| !drawn.clone().any(|(d, _)| d.target == *t));
        let overrides = kept.copied().chain(drawn.clone().map(|(d, v)| (d.target, *v))).collect();
        let weight = drawn.clone().find(|(d, _)| d.name == WEIGHT).map(|(_, v)| *v);
        let actions = match weight {
            None => typical.actions.clone(),
            Some(weight_kg) => {
                let doses = doses_of(&self.study.arms[arm], weight_kg, &self.plan.ports);
                let (_, schedule) = doses
                    .map_err(|problems| problems.first().map_or_else(String::new, |p| p.message.clone()))?;
                bind(&schedule, &self.plan.port_states)
            }
        };
        Ok(Scenario { overrides, actions, times: typical.times.clone() })
    }
}

impl Source for Cohort<'_> {
    fn count(&self) -> usize {
        usize::try_from(self.population.size).unwrap_or(usize::MAX).saturating_mul(self.arms())
    }

    fn scenario(&self, index: usize) -> Result<Scenario, String> {
        let (patient, arm) = self.place(index);
        self.patient(patient, arm)
    }

    fn infused(&self) -> Vec<StateId> {
        let mut states = self.plan.port_states.clone();
        states.sort_unstable();
        states.dedup();
        states
    }
}
