//! `hepatica assay reductase`: traces of A340 -> activities, with a report.

use hepatica_assay::reductase::{Activity, Report, Role, Run, WellRate, analyse, read_run, read_wells};
use hepatica_assay::trace::{self, Shape};
use hepatica_report::number::significant;
use hepatica_report::{Axis, Blocks, Cell, Column, Figure, Labels, Page, Plot, Series, Table};
use serde_json::{Value, json};

use super::bench::{
    Bench, BenchRequest, Published, activity_figure, cell, check_blocks, check_json, check_text, filled,
    page, publish, shown, uncertain_json,
};
use crate::answer::{Answer, NOT_A_DEVICE};
use crate::refuse::Error;
use crate::world::World;

/// Panels of traces in one figure; the others stand in the table.
const MOST_PANELS: usize = 24;

/// Analyses a run.
///
/// # Errors
/// Files that cannot be read, input that is refused, a folder that already holds a report.
pub fn reductase(world: &dyn World, request: &BenchRequest) -> Result<Answer, Error> {
    let (mut bench, file) = Bench::open(world, &request.run)?;
    let run = read_run(&bench.map, file);
    let run = bench.need(run)?;
    let wells = bench.beside(&run.wells)?;
    let traces = bench.beside(&run.traces)?;
    let wells = read_wells(&bench.map, wells, &run);
    let wells = bench.take(wells)?;
    let shape = Shape { key: "well", time_unit: "min", signal: "a340", signal_unit: None };
    let mut problems = hepatica_source::table::Problems::default();
    let traces = trace::read(&bench.map, traces, shape, &mut problems);
    let traces = bench.take((traces, problems.diagnostics))?;
    let mut report = analyse(&run, &wells, &traces);
    let found = std::mem::take(&mut report.diagnostics);
    bench.take(((), found))?;
    let published = Published {
        answer: Answer { text: text(&bench, &run, &report), json: to_json(&bench, &run, &report) },
        page: report_page(&bench, &run, &report, &traces.notes),
        figures: vec![
            ("activities".into(), activities_figure(&report)),
            ("windows".into(), windows_figure(&report)),
        ],
        tables: vec![("activities".into(), activity_table(&report)), ("wells".into(), well_table(&report))],
    };
    publish(world, request, published)
}

fn unit_words(run: &Run) -> &'static str {
    match run.reaction.counted {
        hepatica_assay::reductase::Counted::Gssg => "1 U = 1 umol NADPH oxidised (GSSG reduced) per minute",
        hepatica_assay::reductase::Counted::Gsh => "1 U = 1 umol GSH formed per minute",
    }
}

fn blank_words(role: Role) -> &'static str {
    match role {
        Role::NoGssg => "without GSSG",
        Role::NoEnzyme | Role::Sample => "without enzyme",
    }
}

fn activity_table(report: &Report) -> Table {
    let columns = vec![
        Column::text("Sample"),
        Column::value("Wells"),
        Column::interval("Activity", 4).unit("U/mL"),
        Column::interval("Specific activity", 4).unit("U/mg"),
        Column::number("Blank", 3).unit("1/min/cm"),
        Column::text("Blank is"),
        Column::text("Flags"),
    ];
    let row = |a: &Activity| {
        vec![
            Cell::Text(a.sample.clone()),
            Cell::Number(a.wells as f64),
            cell(&a.u_per_ml),
            a.u_per_mg.as_ref().map_or(Cell::Missing, cell),
            Cell::Number(a.blank.0),
            blank_words(a.blank.1).into(),
            Cell::Text(a.flags.join(" ")),
        ]
    };
    filled(columns, report.activities.iter().map(row).collect())
}

fn well_table(report: &Report) -> Table {
    let columns = vec![
        Column::text("Well"),
        Column::text("Sample"),
        Column::number("From", 3).unit("min"),
        Column::number("To", 3).unit("min"),
        Column::value("Points"),
        Column::number("Rate", 4).unit("1/min/cm"),
        Column::number("Standard error", 2).unit("1/min/cm"),
        Column::number("R2", 4),
        Column::number("NADPH used", 3).unit("%"),
        Column::number("Path", 3).unit("cm"),
        Column::text("Flags"),
    ];
    let row = |r: &WellRate| {
        vec![
            Cell::Text(r.well.name.value.clone()),
            Cell::Text(well_content(r)),
            Cell::Number(r.points[r.window.first].0),
            Cell::Number(r.points[r.window.last].0),
            Cell::Number((r.window.last - r.window.first + 1) as f64),
            Cell::Number(r.rate),
            Cell::Number(r.window.slope_se / r.well.path_cm),
            Cell::Number(r.window.r2),
            Cell::Number(100.0 * r.used),
            Cell::Number(r.well.path_cm),
            Cell::Text(r.flags.join(" ")),
        ]
    };
    filled(columns, report.rates.iter().map(row).collect())
}

fn well_content(rate: &WellRate) -> String {
    match rate.well.role {
        Role::Sample => rate.well.sample.clone(),
        Role::NoGssg => format!("{}, no GSSG", rate.well.sample),
        Role::NoEnzyme => "no enzyme".to_string(),
    }
}

fn text(bench: &Bench<'_>, run: &Run, report: &Report) -> String {
    let mut out = bench.warnings();
    out.push_str(&format!("{}\n{}\n", run.title, unit_words(run)));
    for a in &report.activities {
        let specific = a.u_per_mg.as_ref().map_or(String::new(), |v| format!(", {} U/mg", shown(v, 4)));
        let flags = if a.flags.is_empty() { String::new() } else { format!("  [{}]", a.flags.join(" ")) };
        out.push_str(&format!(
            "  {}: {} U/mL{specific}, {} wells{flags}\n",
            a.sample,
            shown(&a.u_per_ml, 4),
            a.wells
        ));
    }
    out.push_str(&check_text(&report.checks));
    out.push_str(&format!("Brackets hold 95 % intervals. {NOT_A_DEVICE}\n"));
    out
}

fn to_json(bench: &Bench<'_>, run: &Run, report: &Report) -> Value {
    let activities = report.activities.iter().map(|a| {
        json!({
            "sample": a.sample, "wells": a.wells, "variation": a.variation,
            "blank_rate_per_min_cm": a.blank.0, "blank": blank_words(a.blank.1),
            "u_per_ml": uncertain_json(&a.u_per_ml),
            "u_per_mg": a.u_per_mg.as_ref().map(uncertain_json),
            "flags": a.flags,
        })
    });
    let wells = report.rates.iter().map(|r| {
        json!({
            "well": r.well.name.value, "content": well_content(r),
            "from_min": r.points[r.window.first].0, "to_min": r.points[r.window.last].0,
            "rate_per_min_cm": r.rate, "standard_error": r.window.slope_se / r.well.path_cm, "r2": r.window.r2,
            "straight": r.window.straight, "nadph_used": r.used, "path_cm": r.well.path_cm, "flags": r.flags,
        })
    });
    json!({
        "schema": "hepatica.assay.reductase/1",
        "notice": NOT_A_DEVICE,
        "title": run.title,
        "unit": unit_words(run),
        "nadph_absorption_per_mm_cm": hepatica_assay::reductase::NADPH_PER_MM_CM,
        "activities": activities.collect::<Vec<_>>(),
        "wells": wells.collect::<Vec<_>>(),
        "checks": check_json(&report.checks),
        "warnings": bench.warnings_json(),
    })
}

fn activities_figure(report: &Report) -> Figure {
    let values = report.activities.iter().map(|a| (a.sample.as_str(), &a.u_per_ml));
    activity_figure("Glutathione reductase activity", "U/mL", values)
        .caption("Means of wells less their blank; whiskers are 95 % intervals.")
}

/// Traces with the window that was used.
fn windows_figure(report: &Report) -> Figure {
    let shown = report.rates.len().min(MOST_PANELS);
    let left_out = report.rates.len() - shown;
    let more =
        if left_out > 0 { format!(" {left_out} further wells stand in the table.") } else { String::new() };
    let mut figure = Figure::new("Traces with the straight part used")
        .caption(format!(
            "Points are absorbance at 340 nm; the shaded stripe is the window, the line the slope.{more}"
        ))
        .columns(4)
        .labels(Labels::Hidden);
    for rate in report.rates.iter().take(shown) {
        let w = &rate.window;
        let line = [w.first, w.last].map(|k| {
            let t = rate.points[k].0;
            (t, w.intercept + w.slope * t)
        });
        let plot = Plot::new(Axis::linear("Time").unit("min"), Axis::linear("A340"))
            .title(format!("{}: {}", rate.well.name.value, well_content(rate)))
            .stripe(line[0].0, line[1].0, "")
            .series(Series::points("A340", rate.points.iter().copied()).muted())
            .series(Series::line("slope", line));
        figure = figure.panel(plot);
    }
    figure
}

fn report_page(bench: &Bench<'_>, run: &Run, report: &Report, notes: &[String]) -> Page {
    let r = &run.reaction;
    let formula = format!(
        "U/mL = (rate - blank) x {} mL x dilution x {} / ({} x {} mL); rates are falls of A340 per minute and cm of path. {} per mM and cm: Horecker and Kornberg, J Biol Chem 1948;175:385.",
        significant(r.total_ml, 3),
        r.counted.per_nadph(),
        hepatica_assay::reductase::NADPH_PER_MM_CM,
        significant(r.sample_ml, 3),
        hepatica_assay::reductase::NADPH_PER_MM_CM,
    );
    page(&run.title, notes)
        .section(
            "Activities",
            Blocks::new()
                .paragraph(format!("{}.", unit_words(run)))
                .figure(activities_figure(report))
                .table(activity_table(report)),
        )
        .section("Windows", Blocks::new().figure(windows_figure(report)).table(well_table(report)))
        .section("Checks", check_blocks(&report.checks))
        .section("Warnings", bench.warning_blocks())
        .section("How it was computed", Blocks::new().paragraph(formula).paragraph("The window of a well is its longest stretch of one to five minutes, begun within the first minute, in which at most a fifth of the NADPH is used up and a parabola fits no better than a line (two-sided test at 1 %)."))
}
