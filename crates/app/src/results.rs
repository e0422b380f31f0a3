//! Results -> files. Every file is written completely or not at all; the manifest goes first and comes last, so a folder
//! with a manifest is a complete result.

use std::path::Path;

use hepatica_report::csv::{CsvWriter, Field, RowWidth};

use crate::computed::Results;
use crate::load::sha256;
use crate::manifest::manifest;
#[cfg(feature = "parquet")]
use crate::parquet::write_rows;
use crate::refuse::Error;
use crate::run::RunRequest;
use crate::world::World;
use crate::{animals, cohort_groups, cohort_observed, cohort_tables, figures, page, summary};

/// Writes all files of a run; gives their names.
pub(crate) fn write(
    world: &dyn World,
    results: &Results,
    request: &RunRequest,
    folder: &Path,
    name_rows: impl FnOnce() -> Result<(), Error>,
) -> Result<Vec<String>, Error> {
    let figures_folder = folder.join("figures");
    world.create_folder(&figures_folder).map_err(Error::io(&figures_folder, "create"))?;
    // An older result is none from now on.
    let last = folder.join("manifest.json");
    world.remove(&last).map_err(Error::io(&last, "replace"))?;
    let put = |name: &str, text: &str| {
        let path = folder.join(name);
        world.write(&path, text.as_bytes()).map_err(Error::io(&path, "write"))
    };
    let mut hashes = Vec::new();
    let mut files: Vec<(String, String)> = vec![
        ("summary.csv".into(), endpoint_summary(results).map_err(width)?),
        ("timecourse.csv".into(), timecourse(results).map_err(width)?),
    ];
    match &results.cohort {
        None => {
            let rows = outcomes(results).map_err(width)?;
            put("outcomes.csv", &rows)?;
            hashes.push(("outcomes.csv".to_string(), sha256(rows.as_bytes())));
        }
        Some(cohort) => {
            // Its rows were written while patients finished.
            name_rows()?;
            let rows = cohort.result.outcomes_sha256.iter();
            hashes.extend(rows.map(|sha| ("outcomes.csv".to_string(), sha.clone())));
            files.push(("comparisons.csv".into(), cohort_tables::comparisons(results).map_err(width)?));
            if results.study.arms.len() > 1 {
                files.push(("differences.csv".into(), cohort_tables::differences(results).map_err(width)?));
            }
            files.push(("bands.csv".into(), cohort_tables::bands(results).map_err(width)?));
            if let Some(groups) = &results.study.animals {
                files.push(("animals.csv".into(), animals::table(world, results, groups, folder)?));
            }
            if !cohort.population.groups.is_empty() {
                files.push(("subgroups.csv".into(), cohort_groups::csv(results, cohort).map_err(width)?));
            }
            if !results.study.observed.is_empty() {
                files.push(("observed.csv".into(), cohort_observed::csv(results, cohort).map_err(width)?));
            }
        }
    }
    if request.parquet {
        hashes.push(("outcomes.parquet".to_string(), write_rows(world, folder)?));
    }
    let before = hashes.len();
    let drawn = figures::all(results);
    for (id, figure) in &drawn {
        files.push((format!("figures/{id}.svg"), figure.svg(figures::WIDTH)));
    }
    hashes.extend(files.iter().map(|(name, text)| (name.clone(), sha256(text.as_bytes()))));
    let manifest = manifest(results, request, &hashes);
    files.push(("report.html".into(), page::render(results, &drawn, &manifest)));
    let text = serde_json::to_string_pretty(&manifest).map_err(|e| Error::Argument(e.to_string()))?;
    files.push(("manifest.json".into(), text + "\n"));
    for (name, text) in &files {
        put(name, text)?;
    }
    let names = hashes.drain(..before).map(|(name, _)| name);
    Ok(names.chain(files.into_iter().map(|(name, _)| name)).collect())
}

/// The rows as Parquet, which this program was built without.
#[cfg(not(feature = "parquet"))]
fn write_rows(_world: &dyn World, _folder: &Path) -> Result<String, Error> {
    Err(crate::run::no_parquet())
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
        let mut fields = vec![Field::Text(&row.label), Field::Text(&results.study.arms[row.arm].name)];
        fields.extend(row.values.iter().map(|v| Field::Number(*v)));
        fields.push(Field::Text(&row.outcome));
        fields.push(Field::Text(row.failure.as_deref().unwrap_or("")));
        csv.row(&fields)?;
    }
    Ok(csv.finish())
}

/// A row per arm and endpoint, of the typical patient or the population.
fn endpoint_summary(results: &Results) -> Result<String, RowWidth> {
    let header = [
        "arm", "endpoint", "label", "unit", "status", "n", "mean", "min", "p5", "p25", "median", "p75",
        "p95", "max",
    ];
    let mut csv = CsvWriter::new(&header);
    for (arm, definition) in results.study.arms.iter().enumerate() {
        for (k, endpoint) in results.outcomes.endpoints.iter().enumerate() {
            let spread = summary::spread(results, arm, k);
            let mut fields = vec![
                Field::Text(&definition.name),
                Field::Text(&endpoint.id),
                Field::Text(&endpoint.label),
                Field::Text(&endpoint.unit),
                Field::Text(endpoint.status.word()),
                Field::Count(spread.n),
                Field::Number(spread.mean),
                Field::Number(spread.min),
            ];
            fields.extend(spread.percentiles.iter().map(|q| Field::Number(*q)));
            fields.push(Field::Number(spread.max));
            csv.row(&fields)?;
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
