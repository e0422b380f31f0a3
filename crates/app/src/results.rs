//! Results -> files. Every file is written completely or not at all; the manifest comes last, so a folder with a
//! manifest is a complete result.

use std::path::Path;

use hepatica_report::csv::{CsvWriter, Field, RowWidth};

use crate::manifest::manifest;
use crate::refuse::Error;
use crate::run::{Results, RunRequest};
use crate::world::World;
use crate::{figures, page};

/// Writes all files of a run; gives their names.
pub(crate) fn write(
    world: &dyn World,
    results: &Results,
    request: &RunRequest,
    folder: &Path,
) -> Result<Vec<String>, Error> {
    let mut files: Vec<(String, String)> = vec![
        ("outcomes.csv".into(), outcomes(results).map_err(width)?),
        ("summary.csv".into(), summary(results).map_err(width)?),
        ("timecourse.csv".into(), timecourse(results).map_err(width)?),
    ];
    let drawn = figures::all(results);
    for (id, figure) in &drawn {
        files.push((format!("figures/{id}.svg"), figure.svg(figures::WIDTH)));
    }
    let manifest = manifest(results, request, &files);
    files.push(("report.html".into(), page::render(results, &drawn, &manifest)));
    let manifest = serde_json::to_string_pretty(&manifest).map_err(|e| Error::Argument(e.to_string()))?;
    files.push(("manifest.json".into(), manifest + "\n"));
    let figures_folder = folder.join("figures");
    world.create_folder(&figures_folder).map_err(Error::io(&figures_folder, "create"))?;
    for (name, text) in &files {
        let path = folder.join(name);
        world.write(&path, text.as_bytes()).map_err(Error::io(&path, "write"))?;
    }
    Ok(files.into_iter().map(|(name, _)| name).collect())
}

/// A row that does not fit its header is a fault of this module, told rather than hidden.
fn width(error: RowWidth) -> Error {
    Error::Argument(error.to_string())
}

/// A row per patient and arm.
fn outcomes(results: &Results) -> Result<String, RowWidth> {
    let endpoints = &results.outcomes.endpoints;
    let header: Vec<&str> = ["patient", "arm"]
        .into_iter()
        .chain(endpoints.iter().map(|e| e.id.as_str()))
        .chain(["outcome", "failure"])
        .collect();
    let mut csv = CsvWriter::new(&header);
    for row in &results.outcomes.rows {
        let mut fields =
            vec![Field::Count(row.patient as u64), Field::Text(&results.study.arms[row.arm].name)];
        fields.extend(row.values.iter().map(|v| Field::Number(*v)));
        fields.push(Field::Text(&row.outcome));
        fields.push(Field::Text(row.failure.as_deref().unwrap_or("")));
        csv.row(&fields)?;
    }
    Ok(csv.finish())
}

/// A row per arm and endpoint.
fn summary(results: &Results) -> Result<String, RowWidth> {
    let header = ["arm", "endpoint", "label", "unit", "status", "n", "mean", "min", "median", "max"];
    let mut csv = CsvWriter::new(&header);
    for (arm, definition) in results.study.arms.iter().enumerate() {
        for (k, endpoint) in results.outcomes.endpoints.iter().enumerate() {
            let spread = results.outcomes.spread(arm, k);
            let number = |f: fn(&hepatica_trial::summary::Spread) -> f64| {
                Field::Number(spread.as_ref().map_or(f64::NAN, f))
            };
            csv.row(&[
                Field::Text(&definition.name),
                Field::Text(&endpoint.id),
                Field::Text(&endpoint.label),
                Field::Text(&endpoint.unit),
                Field::Text(endpoint.status.word()),
                Field::Count(spread.as_ref().map_or(0, |s| s.n) as u64),
                number(|s| s.mean),
                number(|s| s.min),
                number(|s| s.median),
                number(|s| s.max),
            ])?;
        }
    }
    Ok(csv.finish())
}

/// A row per patient, arm and time.
fn timecourse(results: &Results) -> Result<String, RowWidth> {
    let system = &results.loaded.system;
    let names = results.written.iter().map(|id| system.outputs[*id].name.as_str());
    let header: Vec<&str> = ["patient", "arm", "time_h"].into_iter().chain(names).collect();
    let mut csv = CsvWriter::new(&header);
    let written: Vec<usize> =
        results.written.iter().filter_map(|id| results.outputs.iter().position(|o| o == id)).collect();
    for (arm, columns) in results.observed.iter().enumerate() {
        let times = &results.trajectories[arm].times;
        let rows = columns.columns.first().map_or(0, Vec::len);
        for (row, time) in times.iter().enumerate().take(rows) {
            let mut fields =
                vec![Field::Count(1), Field::Text(&results.study.arms[arm].name), Field::Number(*time)];
            fields.extend(written.iter().map(|k| Field::Number(columns.columns[*k][row])));
            csv.row(&fields)?;
        }
    }
    Ok(csv.finish())
}
