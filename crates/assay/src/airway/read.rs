//! Run file and table of animals.

use hepatica_source::sheet;
use hepatica_source::table::{self, Problems};
use hepatica_source::{Diagnostic, FileId, SourceMap, has_errors};

use super::{Animal, Definition, Run};
use crate::input;

/// Minutes of baseline before a dose when nothing is said: five, as common practice has it (assumed).
const BASELINE_MIN: f64 = 5.0;
/// Minutes scored after a dose when nothing is said (assumed).
const WINDOW_MIN: f64 = 10.0;

/// Reads a run file.
pub fn read_run(map: &SourceMap, file: FileId) -> (Option<Run>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let mut top = table::parse(map, file, &mut problems);
    for key in ["assay", "definition"] {
        if top.get(key).is_none() {
            top.missing(key, &mut problems);
        }
    }
    input::word(&mut top, "assay", &[("airway", ())], &mut problems);
    let title = top.text("title", &mut problems).map_or_else(String::new, |t| t.value);
    let animals = top.required_text("animals", &mut problems);
    let traces = top.required_text("traces", &mut problems);
    let definitions = [("pressure-rise", Definition::PressureRise), ("overflow", Definition::Overflow)];
    let definition = input::word(&mut top, "definition", &definitions, &mut problems);
    let breath_min = input::positive(&mut top, "breath", "min", &mut problems);
    let baseline_min = input::positive(&mut top, "baseline", "min", &mut problems);
    let window_min = input::positive(&mut top, "window", "min", &mut problems);
    let reference = top.required_text("reference", &mut problems);
    top.finish(&mut problems);
    let run = (|| {
        Some(Run {
            title,
            animals: animals?,
            traces: traces?,
            definition: definition?,
            breath_min,
            baseline_min: baseline_min.unwrap_or(BASELINE_MIN),
            window_min: window_min.unwrap_or(WINDOW_MIN),
            reference: reference?.value,
        })
    })();
    (run.filter(|_| !has_errors(&problems.diagnostics)), problems.diagnostics)
}

/// Reads the table of animals: `animal`, `group`, `dose_at (min)`, and optionally `standard_at (min)`, `clamped` (for
/// overflow) and `note`.
pub fn read_animals(map: &SourceMap, file: FileId, run: &Run) -> (Vec<Animal>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let sheet = sheet::read(map, file, &mut problems);
    sheet.only(&["animal", "group", "dose_at", "standard_at", "clamped", "note"], &mut problems);
    sheet.require("animal", &mut problems);
    sheet.require("group", &mut problems);
    let dose = input::column(&sheet, ("dose_at", "min"), true, &mut problems);
    let standard = input::column(&sheet, ("standard_at", "min"), false, &mut problems);
    let overflow = run.definition == Definition::Overflow;
    let clamped = input::column(&sheet, ("clamped", ""), overflow, &mut problems);
    let Some(dose) = dose.filter(|_| !has_errors(&problems.diagnostics)) else {
        return (Vec::new(), problems.diagnostics);
    };
    let mut animals: Vec<Animal> = Vec::new();
    for row in &sheet.rows {
        let name = input::text(&sheet, row, "animal");
        let group = input::text(&sheet, row, "group");
        if group.value.is_empty() {
            let message = format!("animal `{}` has no group", name.value);
            problems.push(Diagnostic::error("airway/no-group", message).at(name.span, ""));
        }
        let Some(dose_min) = dose.need(row, &mut problems) else { continue };
        let clamped = match (overflow, clamped) {
            (true, Some(column)) => column.need(row, &mut problems),
            _ => None,
        };
        let standard_min = standard.and_then(|column| column.read(row, &mut problems));
        animals.push(Animal { name, group: group.value, dose_min, standard_min, clamped });
    }
    input::unique(animals.iter().map(|a| &a.name), "the animal", &mut problems);
    if !animals.is_empty() && !animals.iter().any(|a| a.group == run.reference) {
        let message = format!("no animal is in the reference group `{}`", run.reference);
        let mut names: Vec<&str> = animals.iter().map(|a| a.group.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        problems.push(
            Diagnostic::error("airway/no-reference", message)
                .at(run.animals.span, "in this table")
                .hint(format!("the groups are: {}", names.join(", "))),
        );
    }
    (animals, problems.diagnostics)
}
