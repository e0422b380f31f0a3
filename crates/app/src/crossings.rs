//! The answers of a sensitivity study: where along a parameter an endpoint passes a share of another arm's.

use hepatica_report::number;
use hepatica_trial::Study;
use hepatica_trial::crossing::{Crossing, places};
use serde_json::{Value, json};

use crate::computed::Results;

/// A crossing that was looked for.
pub(crate) struct Crossed {
    crossing: Crossing,
    unit: String,
    found: Vec<f64>,
}

impl Crossed {
    /// The sentence of the report.
    pub(crate) fn sentence(&self) -> String {
        let Crossing { label, endpoint, of, share, .. } = &self.crossing;
        let at: Vec<String> =
            self.found.iter().map(|value| format!("{} {}", number::short(*value, 3), self.unit)).collect();
        let at = if at.is_empty() { "nowhere among the values tried".to_string() } else { at.join(", ") };
        let percent = number::percent(*share, 3);
        format!("{label}: {} ({} is {percent} of that of {})", at.trim_end(), endpoint.value, of.value)
    }

    pub(crate) fn json(&self) -> Value {
        let Crossing { label, endpoint, parameter, of, share } = &self.crossing;
        json!({ "label": label, "endpoint": endpoint.value, "parameter": parameter.value, "of": of.value,
            "share": share, "unit": self.unit, "at": self.found })
    }
}

/// What a study looks for, found among its arms by interpolation.
pub(crate) fn all(results: &Results) -> Vec<Crossed> {
    let one = |crossing: &Crossing| {
        let k = results.outcomes.endpoint(&crossing.endpoint.value)?;
        let value =
            |arm: usize| results.outcomes.rows.iter().find(|row| row.arm == arm).map(|row| row.values[k]);
        let of = results.study.arms.iter().position(|arm| arm.name == crossing.of.value)?;
        let level = crossing.share * value(of)?;
        let arms = 0..results.study.arms.len();
        let points = arms.filter_map(|arm| Some((set_to(&results.study, arm, crossing)?, value(arm)?)));
        let points: Vec<(f64, f64)> = points.filter(|(_, value)| value.is_finite()).collect();
        let found = places(&points, level);
        Some(Crossed { crossing: crossing.clone(), unit: unit(&results.study, crossing), found })
    };
    results.study.crossings.iter().filter_map(one).collect()
}

/// What an arm sets the parameter to.
fn set_to(study: &Study, arm: usize, crossing: &Crossing) -> Option<f64> {
    let sets = study.arms[arm].set.iter().rev();
    sets.clone().find(|set| set.name == crossing.parameter.value).map(|set| set.value)
}

fn unit(study: &Study, crossing: &Crossing) -> String {
    let mut sets = study.arms.iter().flat_map(|arm| &arm.set);
    let set = sets.find(|set| set.name == crossing.parameter.value);
    set.and_then(|set| set.unit.clone()).unwrap_or_default()
}
