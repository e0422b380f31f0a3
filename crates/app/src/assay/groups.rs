//! `hepatica assay groups`: a table of animals or of published means -> each dose against the control, with a report.

mod measured;
mod published;
mod scored;

use std::path::PathBuf;

use hepatica_assay::groups::{self as study_of, Arm, Endpoint, Kind, Study};
use hepatica_report::{Blocks, Cell, Column, Figure, Table};
use hepatica_source::Diagnostic;
use serde_json::{Value, json};

use super::bench::{Bench, BenchRequest, Published, filled, page, publish};
use crate::answer::{Answer, NOT_A_DEVICE};
use crate::refuse::Error;
use crate::world::World;

/// A table to compare.
#[derive(Clone, Debug, Default)]
pub struct GroupsRequest {
    /// The table.
    pub file: PathBuf,
    /// The name of the control, where doses do not say it.
    pub control: Option<String>,
    /// Folder for the report.
    pub out: Option<PathBuf>,
    /// Replace a report that is already there.
    pub overwrite: bool,
}

/// An endpoint as it is shown.
struct Shown {
    title: String,
    /// Lines for a terminal.
    text: String,
    blocks: Blocks,
    figure: Option<(String, Figure)>,
    tables: Vec<(String, Table)>,
    json: Value,
}

/// Compares the groups of a table with their control.
///
/// # Errors
/// A file that cannot be read, input that is refused, a folder that already holds a report.
pub fn groups(world: &dyn World, request: &GroupsRequest) -> Result<Answer, Error> {
    let (mut bench, file) = Bench::open(world, &request.file)?;
    let read = study_of::read_groups(&bench.map, file, request.control.as_deref());
    let study = bench.need(read)?;
    let mut shown = Vec::new();
    for endpoint in &study.endpoints {
        let found = match endpoint.kind {
            Kind::Measured => {
                study_of::measured(&study, endpoint).map(|m| measured::show(&study, endpoint, &m))
            }
            Kind::Scored(scale) => {
                study_of::scored(&study, endpoint, scale).map(|s| scored::show(&study, endpoint, &s))
            }
        };
        shown.push(found.map_err(|error| (endpoint.name.clone(), error.to_string())));
    }
    for summary in &study.summaries {
        let found = study_of::published(summary).map(|p| published::show(&study, summary, &p));
        shown.push(found.map_err(|error| (summary.name.clone(), error.to_string())));
    }
    let mut parts = Vec::new();
    for part in shown {
        match part {
            Ok(part) => parts.push(part),
            Err((name, why)) => {
                let message = format!("`{name}` cannot be compared: {why}");
                bench.diagnostics.push(Diagnostic::warning("groups/not-compared", message));
            }
        }
    }
    if parts.is_empty() {
        let message = "nothing in this table can be compared";
        bench.diagnostics.push(Diagnostic::error("groups/nothing", message));
        return Err(bench.refusal());
    }
    let answer = Answer { text: text(&bench, &study, &parts), json: to_json(&bench, &study, &parts) };
    let mut report = page("Groups against their control", &study.notes).section("Groups", arms(&study));
    for part in &mut parts {
        report = report.section(part.title.clone(), std::mem::take(&mut part.blocks));
    }
    report = report.section("Warnings", bench.warning_blocks()).section("How it was computed", method());
    let tables = parts.iter_mut().flat_map(|p| std::mem::take(&mut p.tables)).collect();
    let figures = parts.into_iter().filter_map(|p| p.figure).collect();
    let out =
        BenchRequest { run: request.file.clone(), out: request.out.clone(), overwrite: request.overwrite };
    publish(world, &out, Published { answer, page: report, figures, tables })
}

fn arms(study: &Study) -> Blocks {
    let columns =
        vec![Column::text("Group"), Column::number("Dose", 4).unit("mg/kg"), Column::value("Animals")];
    let row = |(k, arm): (usize, &Arm)| {
        let animals = study.animals.iter().filter(|a| a.arm == k).count();
        vec![
            Cell::Text(arm.name.clone()),
            arm.dose.map_or(Cell::Missing, Cell::Number),
            if study.animals.is_empty() { Cell::Missing } else { Cell::Number(animals as f64) },
        ]
    };
    let rows = study.arms.iter().enumerate().map(row).collect();
    let kind = if study.animals.is_empty() {
        "Published means: the animals behind them are not known.".to_string()
    } else if study.cages == 0 {
        "The unit is the animal; the table has no cages.".to_string()
    } else {
        format!("The unit is the animal; {} cages.", study.cages)
    };
    Blocks::new().paragraph(format!("The first group is the control. {kind}")).table(filled(columns, rows))
}

fn method() -> Blocks {
    Blocks::new().list([
        "Which comparison comes first is decided by a rule fixed beforehand: Dunnett; where variances differ by Brown-Forsythe at 5 %, Welch with Holm; where residuals are not normal by Shapiro-Wilk at 5 %, Dunn with Holm. All others stand beside it.",
        "Dunnett's and Williams' chances are integrated numerically for the numbers of animals found, not looked up. Williams follows the direction of the trend seen, so its P values are doubled.",
        "Scores are ordered, not measured: they are compared by ranks and by odds, and no mean is computed.",
        "A P value says how surprising the data are without an effect. It is no measure of the size of an effect, which the intervals show.",
    ])
}

fn text(bench: &Bench<'_>, study: &Study, parts: &[Shown]) -> String {
    let mut out = bench.warnings();
    let names: Vec<&str> = study.arms.iter().map(|a| a.name.as_str()).collect();
    out.push_str(&format!("Control {}; groups {}\n", names[0], names[1..].join(", ")));
    for part in parts {
        out.push_str(&format!("\n{}\n{}", part.title, part.text));
    }
    out.push_str(&format!("\n{NOT_A_DEVICE}\n"));
    out
}

fn to_json(bench: &Bench<'_>, study: &Study, parts: &[Shown]) -> Value {
    json!({
        "schema": "hepatica.assay.groups/1",
        "notice": NOT_A_DEVICE,
        "control": study.arms[0].name,
        "arms": study.arms.iter().map(|a| json!({ "name": a.name, "dose_mg_per_kg": a.dose })).collect::<Vec<_>>(),
        "animals": study.animals.len(),
        "cages": study.cages,
        "notes": study.notes,
        "endpoints": parts.iter().map(|p| p.json.clone()).collect::<Vec<_>>(),
        "warnings": bench.warnings_json(),
    })
}

/// A title with the unit.
fn titled(name: &str, unit: &str) -> String {
    let mut letters = name.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{} ({unit})", letters.as_str())
}

/// A file name of an endpoint's name.
fn slug(name: &str) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let joined: String = name.chars().map(word).collect();
    let parts: Vec<&str> = joined.split('-').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "endpoint".to_string() } else { parts.join("-") }
}

/// A P value as people write it.
pub(super) fn p_shown(p: f64) -> String {
    match p {
        p if p.is_nan() => "not known".to_string(),
        p if p < 0.0001 => "< 0.0001".to_string(),
        p if p < 0.001 => format!("{p:.4}"),
        p => format!("{p:.3}"),
    }
}

/// Animals that have no value.
fn missing_words(missing: &[String], endpoint: &Endpoint) -> Option<String> {
    (!missing.is_empty())
        .then(|| format!("{} without {}: {}.", missing.len(), endpoint.name, missing.join(", ")))
}
