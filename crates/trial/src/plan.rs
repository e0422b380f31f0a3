//! Arms -> scenarios.

use std::sync::Arc;

use hepatica_dose::{Dose, Event, PortTable, Schedule, schedule};
use hepatica_model::system::{StateId, System, Target};
use hepatica_model::{Model, VarId};
use hepatica_sim::{Scenario, bind};
use hepatica_source::{Diagnostic, Span, nearest};
use hepatica_unit::Unit;

use crate::study::{Arm, Override, Study};

/// The parameter of a model that is the patient's body weight.
pub(crate) const WEIGHT: &str = "weight";

/// The arms of a study on a model, for its typical patient.
#[derive(Clone, Debug)]
pub struct Plan {
    /// One per arm.
    pub scenarios: Vec<Scenario>,
    /// What is given, per arm.
    pub doses: Vec<Vec<Dose>>,
    /// What is given when, per arm.
    pub schedules: Vec<Schedule>,
    /// The ports of the model in the order of the schedules, and the state behind each.
    pub ports: PortTable,
    /// The state behind each port.
    pub port_states: Vec<StateId>,
    /// The body weight, if the model has one.
    pub weight: Option<Target>,
}

/// Plans every arm of a study on a model.
///
/// # Errors
/// Drugs the model does not take, values it does not have, units that do not fit: all of them.
pub fn plan(study: &Study, model: &Model, system: &System) -> Result<Plan, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let (ports, port_states) = ports(model, system, &mut problems);
    let weight =
        Override { name: WEIGHT.into(), value: study.subject.weight_kg, unit: Some("kg".into()), span: None };
    let weight_target = system.find_param(WEIGHT).map(Target::Param);
    let times: Arc<[f64]> = study.grid().into();
    let mut plan = Plan {
        scenarios: Vec::new(),
        doses: Vec::new(),
        schedules: Vec::new(),
        ports,
        port_states,
        weight: weight_target,
    };
    for arm in &study.arms {
        let (doses, schedule) = doses_of(arm, study.subject.weight_kg, &plan.ports).unwrap_or_else(|found| {
            problems.extend(found);
            (Vec::new(), Schedule::default())
        });
        let set = weight_target.map(|_| &weight).into_iter().chain(&study.set).chain(&arm.set);
        let overrides = set.filter_map(|o| target(o, model, system, &mut problems)).collect();
        let actions = bind(&schedule, &plan.port_states);
        plan.scenarios.push(Scenario { overrides, actions, times: times.clone(), seed: 0 });
        plan.doses.push(doses);
        plan.schedules.push(schedule);
    }
    if problems.is_empty() { Ok(plan) } else { Err(without_repeats(problems)) }
}

/// The doses of an arm for a body weight, and their schedule.
pub(crate) fn doses_of(
    arm: &Arm,
    weight_kg: f64,
    ports: &PortTable,
) -> Result<(Vec<Dose>, Schedule), Vec<Diagnostic>> {
    let subject = hepatica_dose::Subject { weight_kg: Some(weight_kg), ..Default::default() };
    let given: Result<Vec<Vec<Dose>>, Diagnostic> = arm.doses.iter().map(|g| g.doses(&subject)).collect();
    let doses = given.map_err(|problem| vec![problem])?.concat();
    let events: Vec<Event> = doses.iter().cloned().map(Event::from).collect();
    Ok((doses, schedule(&events, &subject, ports)?))
}

/// Arms share doses and settings, so one mistake would be told once per arm.
fn without_repeats(problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut told: Vec<Diagnostic> = Vec::new();
    for problem in problems {
        if !told.contains(&problem) {
            told.push(problem);
        }
    }
    told
}

/// The ports of a model; a model that does not count in h and umol takes no doses.
fn ports(model: &Model, system: &System, problems: &mut Vec<Diagnostic>) -> (PortTable, Vec<StateId>) {
    let mut names = Vec::new();
    let mut states = Vec::new();
    for port in model.dose_ports() {
        let var = &model.vars[port.var];
        let Some(state) = system.states.ids().find(|s| system.states[*s].name == var.name) else {
            problems.push(
                Diagnostic::error("plan/port", format!("`{}` takes doses but nothing changes it", var.name))
                    .at(var.span.unwrap_or_else(no_place), "")
                    .hint("a dose is added to a species or a variable with a rate"),
            );
            continue;
        };
        names.push(format!("{}:{}", port.drug, port.route));
        states.push(state);
    }
    if !states.is_empty() {
        check_unit(model, "time", model.units.time.as_ref().map(|u| &u.unit), &Unit::hour(), problems);
        let substance = model.units.substance.as_ref().map(|u| &u.unit);
        check_unit(model, "substance", substance, &Unit::micromole(), problems);
    }
    let table = PortTable::new(names).unwrap_or_else(|error| {
        problems.push(Diagnostic::error("plan/port", format!("{}: {error}", model.name)));
        PortTable::default()
    });
    (table, states)
}

fn no_place() -> Span {
    Span::new(hepatica_source::FileId(u32::MAX), 0, 0)
}

fn check_unit(
    model: &Model,
    what: &str,
    found: Option<&Unit>,
    wanted: &Unit,
    problems: &mut Vec<Diagnostic>,
) {
    if found.is_some_and(|unit| unit.is_equivalent(wanted)) {
        return;
    }
    let found = found.map_or("not said".to_string(), |u| format!("`{u}`"));
    problems.push(
        Diagnostic::error(
            "plan/model-units",
            format!("the model `{}` takes doses, but its unit of {what} is {found}", model.name),
        )
        .hint(format!("doses are given in umol and h: the model must count {what} in {wanted}")),
    );
}

/// What an override sets, in the model's unit; what is wrong is added to `problems`.
pub fn target(
    set: &Override,
    model: &Model,
    system: &System,
    problems: &mut Vec<Diagnostic>,
) -> Option<(Target, f64)> {
    let state = system.states.ids().find(|s| system.states[*s].name == set.name).map(Target::State);
    let param = system.params.ids().find(|p| system.params[*p].name == set.name).map(Target::Param);
    let Some(target) = param.or(state) else {
        problems.push(unknown(set, system));
        return None;
    };
    let var = model.vars.enumerate().find(|(_, v)| v.name == set.name).map(|(id, _): (VarId, _)| id);
    let unit = var.and_then(|id| model.vars[id].unit.as_ref());
    let value = match (&set.unit, unit) {
        (Some(text), Some(unit)) => {
            let given = Unit::parse(text).ok()?;
            match given.convert(set.value, &unit.unit) {
                Ok(value) => value,
                Err(error) => {
                    let mut diagnostic = Diagnostic::error(error.code(), format!("`{}`: {error}", set.name));
                    diagnostic.labels.extend(set.span.map(label));
                    problems.push(diagnostic.hint(format!("the model has `{}` in {}", set.name, unit.shown)));
                    return None;
                }
            }
        }
        _ => set.value,
    };
    Some((target, value))
}

fn label(span: Span) -> hepatica_source::Label {
    hepatica_source::Label { span, text: String::new() }
}

fn unknown(set: &Override, system: &System) -> Diagnostic {
    let names =
        system.params.iter().map(|p| p.name.as_str()).chain(system.states.iter().map(|s| s.name.as_str()));
    let computed = system.outputs.iter().any(|o| o.name == set.name);
    let (message, hint) = if computed {
        (format!("`{}` is computed by the model and cannot be set", set.name), None)
    } else {
        let near = nearest(&set.name, names).map(|n| format!("did you mean `{n}`?"));
        (format!("the model has no `{}`", set.name), near)
    };
    let mut diagnostic = Diagnostic::error("study/unknown-value", message);
    diagnostic.labels.extend(set.span.map(label));
    diagnostic
        .hint(hint.unwrap_or_else(|| "`hepatica model show ID --stage system` lists what can be set".into()))
}

/// Doses as people read them, for manifests.
pub fn describe(doses: &[Dose]) -> Vec<String> {
    doses.iter().map(|d| format!("{} {} {} at {} h", d.amount, d.drug, d.route, d.at_h)).collect()
}
