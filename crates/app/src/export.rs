//! One arm as SBML, its doses as events and inputs, for comparison with other simulators.

use hepatica_format::sbml::{self, Change, Input, Intervention, WriteOptions};
use hepatica_model::model::{Model, VarId};
use hepatica_model::system::{StateId, System, Target};
use hepatica_sim::Action;
use hepatica_trial::Plan;

use crate::refuse::Error;

/// The model with the overrides and doses of an arm.
pub(crate) fn export_sbml(model: &Model, system: &System, plan: &Plan, arm: usize) -> Result<String, Error> {
    let Some(scenario) = plan.scenarios.get(arm) else {
        return Err(Error::Argument("the study has no arm to export".into()));
    };
    let var = |name: &str| model.vars.enumerate().find(|(_, v)| v.name == name).map(|(id, _)| id);
    let state = |id: StateId| {
        let name = &system.states[id].name;
        var(name).ok_or_else(|| Error::Argument(format!("`{name}` is not a variable of the model")))
    };
    let mut options = WriteOptions::default();
    for (target, value) in &scenario.overrides {
        let name = match target {
            Target::State(id) => &system.states[*id].name,
            Target::Param(id) => &system.params[*id].name,
        };
        options.values.extend(var(name).map(|id| (id, *value)));
    }
    let end = scenario.times.last().copied().unwrap_or(0.0);
    let mut running: Vec<(StateId, f64, f64)> = Vec::new();
    for (i, timed) in scenario.actions.iter().enumerate() {
        match &timed.action {
            Action::Add { state: s, amount } => {
                options.interventions.push(intervention(i, timed.t, state(*s)?, Change::Add(*amount)));
            }
            Action::Replace { state: s, amount } => {
                options.interventions.push(intervention(i, timed.t, state(*s)?, Change::Set(*amount)));
            }
            Action::SetRate { state: s, rate } => {
                if let Some(k) = running.iter().position(|(other, ..)| other == s) {
                    let (_, since, old) = running.swap_remove(k);
                    options.inputs.extend(input(i, state(*s)?, old, (since, timed.t)));
                }
                running.push((*s, timed.t, *rate));
            }
            Action::Reset | Action::SteadyState(_) => {
                return Err(Error::Argument(
                    "unsupported: a reset or steady state cannot be exported as SBML; nothing was written"
                        .into(),
                ));
            }
        }
    }
    for (s, since, rate) in running {
        options.inputs.extend(input(scenario.actions.len(), state(s)?, rate, (since, end)));
    }
    sbml::write(model, &options).map_err(|e| Error::Argument(format!("cannot export as SBML: {e}")))
}

fn intervention(number: usize, time: f64, target: VarId, change: Change) -> Intervention {
    Intervention { name: format!("dose_{number}"), time, changes: vec![(target, change)] }
}

/// An infusion, if anything flows.
fn input(number: usize, target: VarId, rate: f64, (start, stop): (f64, f64)) -> Option<Input> {
    (rate != 0.0 && stop > start).then(|| Input {
        name: format!("infusion_{number}"),
        target,
        rate,
        start,
        stop,
    })
}
