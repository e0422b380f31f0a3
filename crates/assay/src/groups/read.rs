//! A table of animals, or of published means, as a study.

use std::collections::BTreeMap;

use hepatica_source::csv::Cell;
use hepatica_source::sheet::{self, Sheet};
use hepatica_source::table::Problems;
use hepatica_source::{Diagnostic, FileId, SourceMap, Span, Spanned, has_errors};

use super::scale::SCALES;
use super::{Animal, Arm, Endpoint, Kind, Scale, Spread, Study, Summary, SummaryRow};
use crate::input::{self, column, text, unique};

/// Columns that are not endpoints.
const PLAN: &[&str] = &["group", "dose", "animal", "cage", "note"];
/// Words for a control in the order tried, where the table has no doses.
const CONTROLS: &[&str] = &["control", "vehicle", "untreated", "model", "dmn"];

/// Reads a table. With a column `mean` it is one of published means, otherwise one of animals.
///
/// The control is the group of dose 0; without doses, the group named `control` here or one that is called so.
pub fn read_groups(map: &SourceMap, file: FileId, control: Option<&str>) -> (Option<Study>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let sheet = sheet::read(map, file, &mut problems);
    let mut study = None;
    if !has_errors(&problems.diagnostics) {
        let published = sheet.find("mean").is_some();
        study =
            if published { summaries(&sheet, &mut problems) } else { animals(map, &sheet, &mut problems) };
    }
    if let Some(study) = &mut study {
        study.notes.clone_from(&sheet.notes);
        order(study, control, &sheet, &mut problems);
    }
    let failed = has_errors(&problems.diagnostics);
    (study.filter(|_| !failed), problems.diagnostics)
}

/// Groups met so far.
#[derive(Default)]
struct Arms {
    arms: Vec<Arm>,
    first: BTreeMap<String, (usize, Span)>,
}

impl Arms {
    /// The place of a row's group; a group has one dose.
    fn place(&mut self, name: &Spanned<String>, dose: Option<f64>, problems: &mut Problems) -> Option<usize> {
        if name.value.is_empty() {
            problems.push(Diagnostic::error("groups/no-group", "this row names no group").at(name.span, ""));
            return None;
        }
        if let Some((place, span)) = self.first.get(&name.value) {
            if self.arms[*place].dose != dose {
                let message = format!("group `{}` has two doses", name.value);
                problems.push(
                    Diagnostic::error("groups/two-doses", message)
                        .at(name.span, "another dose here")
                        .at(*span, "first here")
                        .hint("each dose is a group of its own"),
                );
            }
            return Some(*place);
        }
        self.arms.push(Arm { name: name.value.clone(), dose });
        self.first.insert(name.value.clone(), (self.arms.len() - 1, name.span));
        Some(self.arms.len() - 1)
    }
}

fn dose(column: Option<input::Column>, row: &[Cell<'_>], problems: &mut Problems) -> Option<f64> {
    let column = column?;
    let value = column.need(row, problems)?;
    if value < 0.0 {
        problems.push(Diagnostic::error("groups/dose", "a dose below zero").at(column.place(row), ""));
    }
    Some(value)
}

fn animals(map: &SourceMap, sheet: &Sheet<'_>, problems: &mut Problems) -> Option<Study> {
    sheet.require("group", problems)?;
    sheet.require("animal", problems)?;
    let dose_column = column(sheet, ("dose", "mg/kg"), false, problems);
    let (columns, endpoints) = endpoints(map, sheet, problems);
    let mut arms = Arms::default();
    let mut cages: BTreeMap<String, usize> = BTreeMap::new();
    let has_cages = sheet.find("cage").is_some();
    let mut study = Study { endpoints, ..Study::default() };
    let mut names = Vec::new();
    for row in &sheet.rows {
        let given = dose(dose_column, row, problems);
        let (group, name) = (text(sheet, row, "group"), text(sheet, row, "animal"));
        let values = columns.iter().map(|(at, kind)| value(&row[*at], *kind, problems)).collect();
        let Some(arm) = arms.place(&group, given, problems) else { continue };
        if name.value.is_empty() {
            let hint = "each row is one animal; without names, replicate measurements could pass for animals";
            problems.push(
                Diagnostic::error("groups/no-animal", "this row names no animal")
                    .at(name.span, "")
                    .hint(hint),
            );
            continue;
        }
        let cage = text(sheet, row, "cage");
        if has_cages && cage.value.is_empty() {
            problems.push(Diagnostic::error("groups/no-cage", "this animal has no cage").at(cage.span, ""));
        }
        let next = cages.len();
        let cage = has_cages.then(|| *cages.entry(cage.value).or_insert(next));
        study.animals.push(Animal { name: name.value.clone(), arm, cage, values });
        names.push(name);
    }
    unique(names.iter(), "animal", problems);
    study.cages = cages.len();
    study.arms = arms.arms;
    for (k, arm) in study.arms.iter().enumerate() {
        let count = study.animals.iter().filter(|a| a.arm == k).count();
        if count < 2 {
            let message = format!("group `{}` has {count} animal", arm.name);
            let span = arms.first[&arm.name].1;
            let hint = "a group of one has no spread: nothing can be said about its mean";
            problems.push(Diagnostic::error("groups/one-animal", message).at(span, "").hint(hint));
        }
    }
    Some(study)
}

/// The columns of values with their kinds, and the endpoints: two readers of one score are one endpoint.
fn endpoints(
    map: &SourceMap,
    sheet: &Sheet<'_>,
    problems: &mut Problems,
) -> (Vec<(usize, Kind)>, Vec<Endpoint>) {
    let (mut columns, mut endpoints): (Vec<(usize, Kind)>, Vec<Endpoint>) = (Vec::new(), Vec::new());
    for (at, heading) in sheet.headings.iter().enumerate() {
        if PLAN.contains(&heading.name.as_str()) {
            continue;
        }
        let Some(unit) = &heading.unit else {
            let scales: Vec<&str> = SCALES.iter().map(|s| s.name).collect();
            let message = format!("the column `{}` has no unit", heading.name);
            let hint = format!(
                "write `{} (U/L)` for a measured quantity, or a scale of scores: {}",
                heading.name,
                scales.join(", ")
            );
            problems.push(Diagnostic::error("assay/no-unit", message).at(heading.span, "").hint(hint));
            continue;
        };
        let scale = Scale::named(&unit.value);
        let kind = scale.map_or(Kind::Measured, Kind::Scored);
        let column = columns.len();
        columns.push((at, kind));
        let second = heading.name.strip_suffix(" reader 2").map(str::trim);
        let name = heading.name.strip_suffix(" reader 1").map_or(heading.name.as_str(), str::trim);
        let first = second.and_then(|name| {
            endpoints.iter_mut().find(|e: &&mut Endpoint| e.name.eq_ignore_ascii_case(name))
        });
        match first {
            Some(first) if first.unit.eq_ignore_ascii_case(&unit.value) => first.second_reader = Some(column),
            _ => endpoints.push(Endpoint {
                name: as_written(map, heading.span, name),
                unit: scale.map_or_else(|| unit.value.clone(), |s| s.name.to_string()),
                kind,
                column,
                second_reader: None,
            }),
        }
    }
    if endpoints.is_empty() && !sheet.headings.is_empty() {
        let hint = "beside group, dose, animal and cage, each column is something measured, with its unit";
        problems.push(
            Diagnostic::error("groups/no-endpoint", "the table has no column of values")
                .at(sheet.headings[0].span, "in this header")
                .hint(hint),
        );
    }
    (columns, endpoints)
}

/// A name in the letters of the table; headings are compared in lower case.
fn as_written(map: &SourceMap, span: Span, name: &str) -> String {
    let written = map.slice(span).trim_start_matches('"');
    match written.get(..name.len()) {
        Some(head) if head.eq_ignore_ascii_case(name) => head.to_string(),
        _ => name.to_string(),
    }
}

fn value(cell: &Cell<'_>, kind: Kind, problems: &mut Problems) -> Option<f64> {
    if cell.text.is_empty() {
        return None;
    }
    if let Kind::Scored(scale) = kind {
        let place = scale.place(&cell.text);
        if place.is_none() {
            let message = format!("`{}` is no score of {}", cell.text, scale.name);
            let hint = format!("its scores are {}", scale.scores.join(", "));
            problems.push(Diagnostic::error("groups/score", message).at(cell.span, "").hint(hint));
        }
        return place.map(|p| p as f64);
    }
    match number(cell) {
        Ok(value) => value,
        Err(diagnostic) => {
            problems.push(*diagnostic);
            None
        }
    }
}

/// The number of a cell; words in its place are refused as what they are.
fn number(cell: &Cell<'_>) -> Result<Option<f64>, Box<Diagnostic>> {
    let found = sheet::number(cell);
    let letters = cell.text.chars().filter(|c| c.is_alphabetic()).count();
    if found.is_err() && (letters > 4 || cell.text.contains(['↓', '↑', '*', '<', '>', '±'])) {
        let message =
            format!("`{}` is a statement, not a number: nothing can be computed from it", cell.text);
        let hint = "give a value per animal, or n, mean and SD (or SEM) of each group";
        return Err(Box::new(Diagnostic::error("groups/no-numbers", message).at(cell.span, "").hint(hint)));
    }
    found
}

fn summaries(sheet: &Sheet<'_>, problems: &mut Problems) -> Option<Study> {
    sheet.only(&["endpoint", "unit", "group", "dose", "n", "mean", "sd", "sem", "spread", "note"], problems);
    let mean = sheet.require("mean", problems)?;
    sheet.require("group", problems)?;
    sheet.require("endpoint", problems)?;
    sheet.require("unit", problems)?;
    let given: Vec<(usize, Spread)> = [("sd", Spread::Sd), ("sem", Spread::Sem), ("spread", Spread::Unknown)]
        .into_iter()
        .filter_map(|(name, kind)| Some((sheet.find(name)?, kind)))
        .collect();
    let [(spread_at, spread)] = given[..] else {
        let message = "a table of means needs one column of spreads";
        let hint = "name it `sd` or `sem`; `spread` when the source does not say which";
        problems
            .push(Diagnostic::error("groups/spread", message).at(sheet.headings[mean].span, "").hint(hint));
        return None;
    };
    let dose_column = column(sheet, ("dose", "mg/kg"), false, problems);
    let n_column = sheet.find("n");
    let mut arms = Arms::default();
    let mut study = Study::default();
    for row in &sheet.rows {
        let given = dose(dose_column, row, problems);
        let group = text(sheet, row, "group");
        let arm = arms.place(&group, given, problems);
        let n = n_column.and_then(|at| count(&row[at], problems));
        let mut need = |at: usize| match number(&row[at]) {
            Ok(Some(value)) => Some(value),
            Ok(None) => {
                let hint = "a group without a mean and a spread cannot be compared";
                let missing = Diagnostic::error("assay/empty-cell", "a number is missing here");
                problems.push(missing.at(row[at].span, "").hint(hint));
                None
            }
            Err(diagnostic) => {
                problems.push(*diagnostic);
                None
            }
        };
        let (value, width) = (need(mean), need(spread_at));
        if width.is_some_and(|w| w < 0.0) {
            problems
                .push(Diagnostic::error("groups/spread", "a spread below zero").at(row[spread_at].span, ""));
        }
        let (Some(arm), Some(mean), Some(width)) = (arm, value, width) else { continue };
        let entry = SummaryRow { arm, n, mean, spread: width, span: group.span };
        let (name, unit) = (text(sheet, row, "endpoint"), text(sheet, row, "unit"));
        match study.summaries.iter_mut().find(|s| s.name == name.value) {
            Some(summary) if summary.rows.iter().any(|r| r.arm == arm) => {
                let message = format!("group `{}` stands twice under `{}`", group.value, name.value);
                problems.push(Diagnostic::error("assay/duplicate", message).at(group.span, "again here"));
            }
            Some(summary) => summary.rows.push(entry),
            None => {
                let summary = Summary { name: name.value, unit: unit.value, spread, rows: vec![entry] };
                study.summaries.push(summary);
            }
        }
    }
    study.arms = arms.arms;
    Some(study)
}

/// A number of animals; empty when the source does not say it.
fn count(cell: &Cell<'_>, problems: &mut Problems) -> Option<usize> {
    if cell.text.is_empty() {
        return None;
    }
    let n = cell.text.parse::<usize>().ok().filter(|n| (2..=100_000).contains(n));
    if n.is_none() {
        let message = format!("`{}` is no number of animals", cell.text);
        let hint = "a whole number from 2 on; leave the cell empty when the source does not say it";
        problems.push(Diagnostic::error("groups/n", message).at(cell.span, "").hint(hint));
    }
    n
}

/// Puts the control first and the other arms by dose.
fn order(study: &mut Study, control: Option<&str>, sheet: &Sheet<'_>, problems: &mut Problems) {
    if study.arms.is_empty() {
        return;
    }
    let header = sheet.headings[0].span;
    if study.arms.len() < 2 {
        let message = "there is one group only: nothing to compare";
        problems.push(Diagnostic::error("groups/one-group", message).at(header, ""));
        return;
    }
    let named = |name: &str| study.arms.iter().position(|a| a.name.eq_ignore_ascii_case(name));
    let found = match control {
        Some(name) => named(name),
        None => study
            .arms
            .iter()
            .position(|a| a.dose == Some(0.0))
            .or_else(|| CONTROLS.iter().find_map(|name| named(name))),
    };
    let Some(first) = found else {
        let names: Vec<&str> = study.arms.iter().map(|a| a.name.as_str()).collect();
        let message = match control {
            Some(name) => format!("there is no group `{name}`"),
            None => "no group is the control".to_string(),
        };
        let hint = format!("give the control dose 0, or name it with --control: {}", names.join(", "));
        problems.push(Diagnostic::error("groups/no-control", message).at(header, "").hint(hint));
        return;
    };
    let mut places: Vec<usize> = (0..study.arms.len()).collect();
    let arms = &study.arms;
    let key = |place: &usize| (*place != first, arms[*place].dose.unwrap_or(0.0));
    places.sort_by(|a, b| key(a).0.cmp(&key(b).0).then(key(a).1.total_cmp(&key(b).1)));
    let mut new_place = vec![0; places.len()];
    places.iter().enumerate().for_each(|(to, from)| new_place[*from] = to);
    study.arms = places.iter().map(|from| arms[*from].clone()).collect();
    study.animals.iter_mut().for_each(|a| a.arm = new_place[a.arm]);
    for summary in &mut study.summaries {
        summary.rows.iter_mut().for_each(|r| r.arm = new_place[r.arm]);
        summary.rows.sort_by_key(|r| r.arm);
        if summary.rows.first().is_none_or(|r| r.arm != 0) {
            let message = format!("`{}` has no row for the control", summary.name);
            let span = summary.rows.first().map_or(header, |r| r.span);
            problems.push(Diagnostic::error("groups/no-control", message).at(span, ""));
        }
    }
}
