//! The answer of a run: one screen for people, JSON for programs.

use std::path::Path;

use hepatica_report::{Cell, Column, Rules, Table};
use hepatica_trial::aggregate::PERCENTILES;
use serde_json::{Map, Value, json};

use crate::computed::Results;
use crate::{cohort_groups, cohort_json, cohort_observed, cohort_tables, crossings, magnesium_load};

/// The width a terminal is taken to have.
const WIDTH: usize = 100;

/// The answer for a terminal.
pub(crate) fn text(results: &Results, folder: &Path) -> String {
    let study = &results.study;
    let mut out = format!("{}\n", study.title);
    if !study.lead.is_empty() {
        out.push_str(&format!("{}\n", study.lead));
    }
    if !study.question.is_empty() {
        out.push_str(&format!("{}\n", study.question));
    }
    let who = match &results.cohort {
        Some(cohort) => format!("{} virtual patients, the same in every arm", cohort.population.size),
        None => format!("one typical patient of {} kg", study.subject.weight_kg),
    };
    let model = &results.loaded.id;
    out.push_str(&format!("Model {model}, {who}. Predictions for research, not for care.\n\n"));
    for on in &results.switched {
        out.push_str(&format!("{}\n", on.sentence()));
    }
    for accepted in &study.accepted {
        out.push_str(&format!("Refusal overridden ({}): {}\n", accepted.id, accepted.reason));
    }
    if !results.switched.is_empty() || !study.accepted.is_empty() {
        out.push('\n');
    }
    let tables = match &results.cohort {
        Some(cohort) => [cohort_tables::answer(results, cohort)]
            .into_iter()
            .chain(cohort_tables::against_first(results, cohort))
            .chain(cohort_groups::table(results, cohort))
            .chain(cohort_observed::table(results, cohort))
            .collect(),
        None => answer(results),
    };
    for table in tables {
        out.push_str(&table.text(WIDTH, Rules::default()));
        out.push('\n');
    }
    for crossed in crossings::all(results) {
        out.push_str(&format!("{}\n", crossed.sentence()));
    }
    if let Some(cohort) = &results.cohort {
        for label in cohort_json::labels(&cohort.population) {
            out.push_str(&format!("`{label}` is a label: no value of the model reads it\n"));
        }
        for failure in cohort_tables::failures(results, cohort) {
            out.push_str(&format!("{failure}\n"));
        }
    }
    for caution in magnesium_load::cautions(study) {
        out.push_str(&format!("caution: {}\n", magnesium_load::sentence(&caution)));
    }
    for row in results.outcomes.failures() {
        let reason = row.failure.as_deref().unwrap_or_default();
        out.push_str(&format!("{}: not simulated to the end: {reason}\n", study.arms[row.arm].name));
    }
    out.push_str(&format!("Results in {}; open report.html\n", folder.display()));
    out
}

/// An endpoint's values in an arm.
pub(crate) struct Spread {
    pub(crate) n: u64,
    pub(crate) mean: f64,
    pub(crate) min: f64,
    /// At [`PERCENTILES`].
    pub(crate) percentiles: [f64; PERCENTILES.len()],
    pub(crate) max: f64,
}

/// The values of an endpoint in an arm: of the population, or the one value of the typical patient.
pub(crate) fn spread(results: &Results, arm: usize, k: usize) -> Spread {
    match &results.cohort {
        Some(cohort) => {
            let values = &cohort.result.aggregate.arms[arm].endpoints[k];
            Spread {
                n: values.count(),
                mean: values.mean().unwrap_or(f64::NAN),
                min: values.min().unwrap_or(f64::NAN),
                percentiles: PERCENTILES.map(|p| values.quantile(p).unwrap_or(f64::NAN)),
                max: values.max().unwrap_or(f64::NAN),
            }
        }
        None => {
            let value = results.outcomes.rows[arm].values[k];
            let percentiles = [value; PERCENTILES.len()];
            Spread { n: u64::from(!value.is_nan()), mean: value, min: value, percentiles, max: value }
        }
    }
}

/// Patients, over all arms, that could not be simulated to the end.
pub(crate) fn failures(results: &Results) -> usize {
    match &results.cohort {
        Some(cohort) => usize::try_from(cohort.result.aggregate.failed()).unwrap_or(usize::MAX),
        None => results.outcomes.failures().count(),
    }
}

/// The headline endpoints: over two factors a grid each, else a row per arm.
pub(crate) fn answer(results: &Results) -> Vec<Table> {
    let headline: Vec<usize> =
        results.view.headline.iter().filter_map(|id| results.outcomes.endpoint(id)).collect();
    match results.study.factors.as_slice() {
        [_, _] => headline.iter().map(|k| grid(results, *k)).collect(),
        _ => vec![by_arm(results, &headline)],
    }
}

/// An endpoint over two factors.
fn grid(results: &Results, k: usize) -> Table {
    let endpoint = &results.outcomes.endpoints[k];
    let [down, across] = results.study.factors.as_slice() else { return Table::new([]) };
    let names = across.levels.iter().map(|name| Column::number(name.clone(), 3));
    let columns = std::iter::once(Column::text(down.name.clone())).chain(names);
    let unit = if endpoint.unit.is_empty() { String::new() } else { format!(", {}", endpoint.unit) };
    let mut table =
        Table::new(columns).caption(format!("{}{unit} ({})", endpoint.label, endpoint.status.word()));
    for (row, name) in down.levels.iter().enumerate() {
        let values = (0..across.levels.len()).map(|column| {
            let arm = results.study.arms.iter().position(|a| a.levels == [row, column]);
            Cell::Number(arm.map_or(f64::NAN, |arm| results.outcomes.rows[arm].values[k]))
        });
        // The row has a cell per column by construction; a table that refused it would show one row less.
        let _ = table.push(std::iter::once(Cell::Text(name.clone())).chain(values));
    }
    table
}

/// Endpoints and outcome of every arm.
pub(crate) fn by_arm(results: &Results, endpoints: &[usize]) -> Table {
    let columns = endpoints.iter().map(|k| {
        let endpoint = &results.outcomes.endpoints[*k];
        Column::number(endpoint.label.clone(), 3).unit(endpoint.unit.clone())
    });
    let columns = [Column::text("Arm"), Column::text("Outcome")].into_iter().chain(columns);
    let mut table = Table::new(columns);
    for row in &results.outcomes.rows {
        let values = endpoints.iter().map(|k| Cell::Number(row.values[*k]));
        let name = Cell::Text(results.study.arms[row.arm].name.clone());
        let outcome = Cell::Text(row.outcome.clone());
        let _ = table.push([name, outcome].into_iter().chain(values));
    }
    table
}

/// The answer for programs.
pub(crate) fn json(results: &Results, folder: &Path, files: &[String]) -> Value {
    let arms: Vec<Value> = results
        .outcomes
        .rows
        .iter()
        .map(|row| {
            let mut endpoints = Map::new();
            for (endpoint, value) in results.outcomes.endpoints.iter().zip(&row.values) {
                let value = if value.is_finite() { json!(value) } else { Value::Null };
                let entry =
                    json!({ "value": value, "unit": endpoint.unit, "status": endpoint.status.word() });
                endpoints.insert(endpoint.id.clone(), entry);
            }
            json!({
                "name": results.study.arms[row.arm].name,
                "outcome": row.outcome,
                "failure": row.failure,
                "endpoints": endpoints,
            })
        })
        .collect();
    let cautions = magnesium_load::cautions(&results.study);
    let cautions = cautions.iter().map(|c| json!({ "code": c.code, "arms": c.arms, "text": c.text }));
    json!({
        "schema": "hepatica.run/1",
        "study": { "title": results.study.title, "file": results.study_name },
        "model": results.loaded.id,
        "switched_on": results.switched.iter().map(|on| on.json()).collect::<Vec<_>>(),
        "arms": arms,
        "crossings": crossings::all(results).iter().map(|crossed| crossed.json()).collect::<Vec<_>>(),
        "failures": failures(results),
        "cautions": cautions.collect::<Vec<_>>(),
        "population": results.cohort.as_ref().map_or(Value::Null, |c| cohort_json::population(results, c)),
        "folder": folder.display().to_string(),
        "files": files,
    })
}
