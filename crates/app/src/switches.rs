//! Hypotheses a study switches on, which the report must say, and modules it leaves off, which are then not there.

use hepatica_model::Model;
use hepatica_trial::View;
use hepatica_trial::about::Switch;
use hepatica_trial::spec::PopulationSpec;
use hepatica_trial::study::{Override, Study};
use serde_json::{Value, json};

/// A hypothesis that is on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct On {
    pub(crate) switch: Switch,
    /// The arms, by name; empty where patients differ in it.
    pub(crate) arms: Vec<String>,
    /// How many arms the study has.
    of: usize,
}

impl On {
    /// The sentence of the report.
    pub(crate) fn sentence(&self) -> String {
        let place = match self.arms.as_slice() {
            [] => "in some patients".to_string(),
            arms if arms.len() == self.of => "in every arm".to_string(),
            arms => format!("in {}", arms.join("; ")),
        };
        format!("Hypothesis switched on ({}) {place}: {}", self.switch.parameter, self.switch.says)
    }

    pub(crate) fn json(&self) -> Value {
        json!({ "parameter": self.switch.parameter, "says": self.switch.says, "arms": self.arms })
    }
}

/// The hypotheses that are on in a study, in the order of the view.
pub(crate) fn on(study: &Study, view: &View, model: &Model) -> Vec<On> {
    let found = view.switches.iter().filter_map(|switch| {
        let arms: Vec<String> = study
            .arms
            .iter()
            .filter(|arm| value(&switch.parameter, [&study.set, &arm.set], model) != 0.0)
            .map(|arm| arm.name.clone())
            .collect();
        let varies = study.population.as_ref().is_some_and(|people| varies(people, &switch.parameter));
        let arms = if varies { Vec::new() } else { arms };
        (varies || !arms.is_empty()).then(|| On { switch: switch.clone(), arms, of: study.arms.len() })
    });
    found.collect()
}

/// The model to run in place of the one asked for: the one without the module whose switch no arm turns on.
pub(crate) fn without<'a>(study: &Study, view: &'a View, model: &Model) -> Option<&'a str> {
    let on = on(study, view, model);
    let off = view.switches.iter().filter(|s| !on.iter().any(|o| o.switch.parameter == s.parameter));
    off.filter_map(|switch| switch.without.as_deref()).next()
}

/// Takes out what a study sets of a module that is not there.
pub(crate) fn leave_out(study: &mut Study, with: &Model, without: &Model) {
    let gone = |set: &Override| with.find(&set.name).is_some() && without.find(&set.name).is_none();
    study.set.retain(|set| !gone(set));
    for arm in &mut study.arms {
        arm.set.retain(|set| !gone(set));
    }
}

/// What a parameter is in an arm: what was said last, else what the model says.
fn value(parameter: &str, sets: [&Vec<Override>; 2], model: &Model) -> f64 {
    let said = sets.into_iter().flatten().rfind(|set| set.name == parameter);
    let default = || {
        let var = model.find(parameter).map(|id| &model.vars[id]);
        var.and_then(|var| var.initial).and_then(|node| model.number(node)).unwrap_or(0.0)
    };
    said.map_or_else(default, |set| set.value)
}

/// Whether patients differ in a parameter.
fn varies(people: &PopulationSpec, parameter: &str) -> bool {
    let drawn = people.vary.iter().any(|vary| vary.name == parameter);
    let effects = || people.covariates.iter().flat_map(|covariate| &covariate.effects);
    let named = people.covariates.iter().any(|covariate| covariate.name.value == parameter);
    drawn || named || effects().any(|effect| effect.name.value == parameter)
}
