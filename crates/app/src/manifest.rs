//! What a result was made from: enough to make it again, and no clock time.

use serde_json::{Value, json};

use crate::cohort_json;
use crate::computed::Results;
use crate::run::RunRequest;

/// The manifest of a run. Threads and instruction set are not in it: they do not change a byte.
pub(crate) fn manifest(results: &Results, request: &RunRequest, hashes: &[(String, String)]) -> Value {
    let study = &results.study;
    let options = &request.options;
    let texts: Vec<Value> =
        results.loaded.files.iter().map(|(name, hash)| json!({ "name": name, "sha256": hash })).collect();
    let arms: Vec<Value> = study
        .arms
        .iter()
        .zip(&results.trajectories)
        .zip(&results.plan.doses)
        .map(|((arm, trajectory), doses)| {
            let counters = &trajectory.counters;
            json!({
                "name": arm.name,
                "doses": hepatica_trial::plan::describe(doses),
                "steps": counters.steps,
                "rejected_steps": counters.rejected,
                "failure": trajectory.failure.as_ref().map(ToString::to_string),
            })
        })
        .collect();
    let set: Vec<Value> =
        study.set.iter().map(|o| json!({ "name": o.name, "value": o.value, "unit": o.unit })).collect();
    let hashes: Vec<Value> =
        hashes.iter().map(|(name, hash)| json!({ "name": name, "sha256": hash })).collect();
    json!({
        "hepatica": env!("CARGO_PKG_VERSION"),
        "use": "research and teaching only; not a medical device",
        "study": { "file": results.study_name, "sha256": results.study_hash, "title": study.title },
        "model": { "id": results.loaded.id, "name": results.loaded.model.name, "texts": texts },
        "subject": { "weight_kg": study.subject.weight_kg },
        "set": set,
        "overrides": study.accepted.iter().map(|a| json!({ "id": a.id, "reason": a.reason })).collect::<Vec<_>>(),
        "switched_on": results.switched.iter().map(|on| on.json()).collect::<Vec<_>>(),
        "population": population(results),
        "options": {
            "method": "Rodas5P",
            "rtol": options.rtol,
            "atol": options.atol,
            "max_steps": options.max_steps,
            "duration_h": study.duration_h,
            "every_h": study.every_h,
        },
        "arms": arms,
        "columns": columns(results),
        "files": hashes,
    })
}

/// How the virtual patients were drawn; null for a typical patient.
fn population(results: &Results) -> Value {
    results
        .cohort
        .as_ref()
        .map_or(Value::Null, |cohort| cohort_json::patients(&cohort.population, &results.study))
}

/// Every column of a result file with its unit and standing.
fn columns(results: &Results) -> Vec<Value> {
    let system = &results.loaded.system;
    let endpoints = results.outcomes.endpoints.iter().map(|e| {
        json!({ "file": "outcomes.csv", "name": e.id, "label": e.label, "unit": e.unit, "status": e.status.word() })
    });
    let outcome = json!({ "file": "outcomes.csv", "name": "outcome", "label": "Outcome", "unit": "", "status": "predicted" });
    let courses = results.written.iter().map(|id| {
        let output = &system.outputs[*id];
        let figure = results.view.figures.iter().find(|f| f.outputs.iter().any(|s| s.output == output.name));
        // What no figure speaks for is a computed quantity of the model.
        let status = figure.map_or("predicted", |f| f.status.word());
        json!({ "file": "timecourse.csv", "name": output.name, "unit": output.unit, "status": status })
    });
    endpoints.chain([outcome]).chain(courses).collect()
}
