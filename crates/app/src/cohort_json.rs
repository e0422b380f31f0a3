//! A population for programs.

use hepatica_trial::aggregate::PERCENTILES;
use hepatica_trial::spec::Who;
use hepatica_trial::{Population, Study};
use serde_json::{Map, Value, json};

use crate::cohort_compare::{self, LEVEL, MEANING, counted, finite};
use crate::computed::{CohortOutcome, Results};
use crate::{cohort_groups, cohort_observed, cohort_tables, summary};

/// The names of the percentiles.
const NAMES: [&str; PERCENTILES.len()] = ["p5", "p25", "median", "p75", "p95"];

/// The population in the answer of a run.
pub(crate) fn population(results: &Results, cohort: &CohortOutcome) -> Value {
    let arms = results.study.arms.iter().enumerate().map(|(arm, definition)| {
        let mut entry = Map::from_iter([("name".to_string(), json!(definition.name))]);
        entry.extend(cohort_compare::json(&counted(cohort, arm, None)));
        entry.insert("outcomes".into(), json!(cohort.result.aggregate.arms[arm].outcomes));
        entry.insert("endpoints".into(), endpoints(results, cohort, arm));
        entry.insert("subgroups".into(), subgroups(cohort, arm));
        entry.insert("bands".into(), bands(results, cohort, arm));
        Value::Object(entry)
    });
    json!({
        "size": cohort.population.size,
        "seed": cohort.population.seed,
        "event": results.view.events,
        "interval_level": LEVEL,
        "interval_meaning": MEANING,
        "labels": labels(&cohort.population),
        "arms": arms.collect::<Vec<_>>(),
        "observed": cohort_observed::json(results, cohort),
    })
}

fn endpoints(results: &Results, cohort: &CohortOutcome, arm: usize) -> Value {
    let entry = |(k, endpoint): (usize, &hepatica_trial::Endpoint)| {
        let spread = summary::spread(results, arm, k);
        let mut entry = Map::new();
        entry.insert("unit".into(), json!(endpoint.unit));
        entry.insert("status".into(), json!(endpoint.status.word()));
        entry.insert("n".into(), json!(spread.n));
        let ends = [("mean", spread.mean), ("min", spread.min), ("max", spread.max)];
        let percentiles = NAMES.into_iter().zip(spread.percentiles);
        entry.extend(ends.into_iter().chain(percentiles).map(|(name, v)| (name.to_string(), finite(v))));
        if arm > 0 {
            entry.insert("mean_difference".into(), cohort_tables::difference(cohort, arm, k).json());
        }
        (endpoint.id.clone(), Value::Object(entry))
    };
    results.outcomes.endpoints.iter().enumerate().map(entry).collect::<Map<_, _>>().into()
}

fn subgroups(cohort: &CohortOutcome, arm: usize) -> Value {
    let groups = cohort.population.groups.iter().enumerate().map(|(place, group)| {
        let mut entry =
            Map::from_iter([("name".to_string(), json!(group.name)), ("by".to_string(), json!(group.by))]);
        entry.extend(cohort_compare::json(&counted(cohort, arm, Some(place))));
        Value::Object(entry)
    });
    groups.collect()
}

/// The percentiles of every output over time.
fn bands(results: &Results, cohort: &CohortOutcome, arm: usize) -> Value {
    let times = &results.plan.scenarios[0].times;
    let rows = &cohort.result.band_rows;
    let time_h: Vec<f64> = rows.iter().map(|row| times[*row]).collect();
    let sketches = &cohort.result.aggregate.arms[arm].bands;
    let output = |(k, id): (usize, &hepatica_model::system::OutputId)| {
        let output = &results.loaded.system.outputs[*id];
        let of_output = sketches.iter().skip(k * rows.len()).take(rows.len());
        let mut entry = Map::new();
        entry.insert("output".into(), json!(output.name));
        entry.insert("unit".into(), json!(output.unit));
        for (name, p) in NAMES.into_iter().zip(PERCENTILES) {
            let values = of_output.clone().map(|s| finite(s.quantile(p).unwrap_or(f64::NAN)));
            entry.insert(name.into(), values.collect());
        }
        Value::Object(entry)
    };
    let outputs: Vec<Value> = cohort.banded.iter().enumerate().map(output).collect();
    json!({ "time_h": time_h, "outputs": outputs })
}

/// Covariates that no value of the model reads.
pub(crate) fn labels(population: &Population) -> Vec<&str> {
    let draws = population.draws.iter().enumerate();
    draws.filter(|(place, _)| population.is_label(*place)).map(|(_, draw)| draw.name.as_str()).collect()
}

/// How the patients were drawn, for the manifest.
pub(crate) fn patients(population: &Population, study: &Study) -> Value {
    let draws = population.draws.iter().enumerate().map(|(place, draw)| {
        json!({
            "name": draw.name,
            "unit": draw.unit.as_ref().map(ToString::to_string),
            "distribution": draw.written,
            "given_by": draw.given.word(),
            "label": population.is_label(place),
            "does": cohort_groups::does(population, place),
        })
    });
    let correlations = population
        .correlations
        .iter()
        .map(|(first, second, rho)| json!({ "between": [first, second], "rho": rho }));
    let subjects = study.population.as_ref().and_then(|spec| match &spec.who {
        Who::File(name) => Some(name.value.clone()),
        Who::Drawn(_) => None,
    });
    json!({
        "size": population.size,
        "seed": population.seed,
        "subjects": subjects,
        "draws": draws.collect::<Vec<_>>(),
        "correlations": correlations.collect::<Vec<_>>(),
    })
}
