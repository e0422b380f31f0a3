//! Run file and table of rates.

use hepatica_source::sheet;
use hepatica_source::table::{self, Problems};
use hepatica_source::{Diagnostic, FileId, SourceMap, has_errors};

use super::{Law, Rates, Run, Scatter};
use crate::input;

/// Reads a run file.
pub fn read_run(map: &SourceMap, file: FileId) -> (Option<Run>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let mut top = table::parse(map, file, &mut problems);
    if top.get("assay").is_none() {
        top.missing("assay", &mut problems);
    }
    input::word(&mut top, "assay", &[("kinetics", ())], &mut problems);
    let mut text =
        |key: &str, other: &str| top.text(key, &mut problems).map_or_else(|| other.to_string(), |t| t.value);
    let (title, substrate) = (text("title", ""), text("substrate", "substrate"));
    let inhibitor = text("inhibitor", "inhibitor");
    let rates = top.required_text("rates", &mut problems);
    let scatters = [("constant", Scatter::Constant), ("proportional", Scatter::Proportional)];
    let scatter = input::word(&mut top, "scatter", &scatters, &mut problems).unwrap_or(Scatter::Constant);
    let mut laws = Vec::new();
    for word in top.texts("laws", &mut problems) {
        match Law::ALL.into_iter().find(|law| law.name() == word.value) {
            Some(law) => laws.push(law),
            None => {
                let names = Law::ALL.map(Law::name).join(", ");
                problems.push(
                    Diagnostic::error("kinetics/law", format!("there is no law `{}`", word.value))
                        .at(word.span, "")
                        .hint(format!("one of: {names}")),
                );
            }
        }
    }
    top.finish(&mut problems);
    let run = rates.map(|rates| Run { title, rates, scatter, laws, substrate, inhibitor });
    (run.filter(|_| !has_errors(&problems.diagnostics)), problems.diagnostics)
}

/// Reads the table of rates: `substrate (umol/L)`, `rate (...)`, and optionally `inhibitor (umol/L)` and `note`.
pub fn read_rates(map: &SourceMap, file: FileId, run: &Run) -> (Rates, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let sheet = sheet::read(map, file, &mut problems);
    sheet.only(&["substrate", "inhibitor", "rate", "note"], &mut problems);
    let substrate = input::column(&sheet, ("substrate", "umol/L"), true, &mut problems);
    let inhibitor = input::column(&sheet, ("inhibitor", "umol/L"), false, &mut problems);
    let rate = input::column(&sheet, ("rate", ""), true, &mut problems);
    let mut rates = Rates::default();
    let (Some(substrate), Some(rate)) = (substrate, rate) else { return (rates, problems.diagnostics) };
    match sheet.find("rate").and_then(|k| sheet.headings[k].unit.as_ref()) {
        Some(unit) => rates.unit.clone_from(&unit.value),
        None => {
            let place = sheet.find("rate").map(|k| sheet.headings[k].span);
            let diagnostic = Diagnostic::error("assay/no-unit", "the column `rate` has no unit")
                .hint("write `rate (nmol/min/mg)`, or the unit the numbers are in");
            problems.push(match place {
                Some(place) => diagnostic.at(place, ""),
                None => diagnostic,
            });
        }
    }
    for row in &sheet.rows {
        let (Some(s), Some(v)) = (substrate.need(row, &mut problems), rate.need(row, &mut problems)) else {
            continue;
        };
        let i = inhibitor.and_then(|column| column.read(row, &mut problems)).unwrap_or(0.0);
        let mut refuse = |wrong: bool, message: &str, at| {
            if wrong {
                problems.push(Diagnostic::error("kinetics/negative", message).at(at, ""));
            }
        };
        refuse(s < 0.0, "substrate cannot be negative", substrate.place(row));
        refuse(i < 0.0, "inhibitor cannot be negative", inhibitor.map_or(rate.place(row), |c| c.place(row)));
        let weighted = run.scatter == Scatter::Proportional && v <= 0.0;
        refuse(weighted, "a scatter in proportion to the rate needs rates above zero", rate.place(row));
        rates.substrate.push(s);
        rates.inhibitor.push(i);
        rates.rate.push(v);
        rates.places.push(rate.place(row));
    }
    (rates, problems.diagnostics)
}
