//! The answer of a run: one screen for people, JSON for programs.

use std::path::Path;

use hepatica_report::{Cell, Column, Rules, Table};
use serde_json::{Map, Value, json};

use crate::run::Results;

/// The width a terminal is taken to have.
const WIDTH: usize = 100;

/// The answer for a terminal.
pub(crate) fn text(results: &Results, folder: &Path) -> String {
    let study = &results.study;
    let mut out = format!("{}\n", study.title);
    if !study.question.is_empty() {
        out.push_str(&format!("{}\n", study.question));
    }
    out.push_str(&format!(
        "Model {}, one typical patient of {} kg. Predictions for research, not for care.\n\n",
        results.loaded.id, study.subject.weight_kg
    ));
    for table in answer(results) {
        out.push_str(&table.text(WIDTH, Rules::default()));
        out.push('\n');
    }
    for row in results.outcomes.failures() {
        let reason = row.failure.as_deref().unwrap_or_default();
        out.push_str(&format!("{}: not simulated to the end: {reason}\n", study.arms[row.arm].name));
    }
    out.push_str(&format!("Results in {}; open report.html\n", folder.display()));
    out
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
    json!({
        "schema": "hepatica.run/1",
        "study": { "title": results.study.title, "file": results.study_name },
        "model": results.loaded.id,
        "arms": arms,
        "failures": results.outcomes.failures().count(),
        "folder": folder.display().to_string(),
        "files": files,
    })
}
