//! `hepatica assay ligase`: areas of gamma-glutamylcysteine -> activities, with a report.

use hepatica_assay::ligase::{Activity, Report, Run, analyse, read_run, read_tubes};
use hepatica_report::number::{short, significant};
use hepatica_report::{Blocks, Cell, Column, Figure, Page, Table};
use serde_json::{Value, json};

use super::bench::{
    Bench, BenchRequest, Published, activity_figure, cell, check_blocks, check_json, check_text, filled,
    page, publish, shown, uncertain_json,
};
use super::gsh_figures::calibration_figure;
use crate::answer::{Answer, NOT_A_DEVICE};
use crate::refuse::Error;
use crate::world::World;

/// Analyses a run.
///
/// # Errors
/// Files that cannot be read, input that is refused, a folder that already holds a report.
pub fn ligase(world: &dyn World, request: &BenchRequest) -> Result<Answer, Error> {
    let (mut bench, file) = Bench::open(world, &request.run)?;
    let run = read_run(&bench.map, file);
    let run = bench.need(run)?;
    let tubes = bench.beside(&run.tubes)?;
    let tubes = read_tubes(&bench.map, tubes);
    let tubes = bench.take(tubes)?;
    let mut report = analyse(&run, &tubes);
    let found = std::mem::take(&mut report.diagnostics);
    bench.take(((), found))?;
    let mut figures = vec![("activities".to_string(), figure(&report))];
    if let Some(calibration) = &report.calibration {
        figures.push(("calibration".to_string(), calibration_figure(calibration)));
    }
    let published = Published {
        answer: Answer { text: text(&bench, &run, &report), json: to_json(&bench, &run, &report) },
        page: report_page(&bench, (&run, &report), &figures),
        figures,
        tables: vec![("activities".into(), activity_table(&report))],
    };
    publish(world, request, published)
}

fn activity_table(report: &Report) -> Table {
    let columns = vec![
        Column::text("Sample"),
        Column::value("Tubes"),
        Column::interval("Product", 4).unit("umol/L"),
        Column::number("Of it as GSH", 3).unit("umol/L"),
        Column::interval("Activity", 4).unit("nmol/min/mg"),
        Column::text("Flags"),
    ];
    let row = |a: &Activity| {
        vec![
            Cell::Text(a.sample.clone()),
            Cell::Number(a.tubes as f64),
            cell(&a.product),
            a.as_gsh.map_or(Cell::Missing, Cell::Number),
            cell(&a.activity),
            Cell::Text(a.flags.join(" ")),
        ]
    };
    filled(columns, report.activities.iter().map(row).collect())
}

fn formula(run: &Run) -> String {
    format!(
        "nmol/min/mg = (product - blank) x {} mL / ({} min x mg protein in {} mL of sample); read off the standards x {}",
        short(run.reaction_ml, 4),
        short(run.minutes, 4),
        short(run.sample_ml, 4),
        short(run.dilution.factor(), 6)
    )
}

fn text(bench: &Bench<'_>, run: &Run, report: &Report) -> String {
    let mut out = bench.warnings();
    out.push_str(&format!("{}\n{}\n", run.title, formula(run)));
    for a in &report.activities {
        let flags = if a.flags.is_empty() { String::new() } else { format!("  [{}]", a.flags.join(" ")) };
        let gsh = a.as_gsh.map_or(String::new(), |g| format!(", {} umol/L of it as GSH", significant(g, 3)));
        let (activity, product) = (shown(&a.activity, 4), significant(a.product.value, 4));
        out.push_str(&format!(
            "  {}: {activity} nmol/min/mg, product {product} umol/L{gsh}, {} tubes{flags}\n",
            a.sample, a.tubes
        ));
    }
    out.push_str(&check_text(&report.checks));
    out.push_str(&format!("Brackets hold 95 % intervals. {NOT_A_DEVICE}\n"));
    out
}

fn to_json(bench: &Bench<'_>, run: &Run, report: &Report) -> Value {
    let activities = report.activities.iter().map(|a| {
        json!({
            "sample": a.sample, "tubes": a.tubes, "product_umol_per_l": uncertain_json(&a.product),
            "as_gsh_umol_per_l": a.as_gsh, "nmol_per_min_mg": uncertain_json(&a.activity), "flags": a.flags,
        })
    });
    let calibration = report.calibration.as_ref().map(|c| {
        json!({
            "weighting": c.weighting.name(), "intercept": c.line.intercept, "slope": c.line.slope,
            "slope_se": c.line.slope_se, "range_umol_per_l": c.range.map(|r| [r.0, r.1]),
        })
    });
    json!({
        "schema": "hepatica.assay.ligase/1",
        "notice": NOT_A_DEVICE,
        "title": run.title,
        "formula": formula(run),
        "dilution_factor": run.dilution.factor(),
        "calibration": calibration,
        "activities": activities.collect::<Vec<_>>(),
        "checks": check_json(&report.checks),
        "warnings": bench.warnings_json(),
    })
}

fn figure(report: &Report) -> Figure {
    let values = report.activities.iter().map(|a| (a.sample.as_str(), &a.activity));
    activity_figure("Glutamate-cysteine ligase activity", "nmol/min/mg", values)
        .caption("Product of incubated tubes less their blanks; whiskers are 95 % intervals.")
}

fn report_page(bench: &Bench<'_>, (run, report): (&Run, &Report), figures: &[(String, Figure)]) -> Page {
    let calibration = figures[1..].iter().fold(Blocks::new(), |blocks, (_, f)| blocks.figure(f.clone()));
    page(&run.title, &[])
        .section("Activities", Blocks::new().figure(figures[0].1.clone()).table(activity_table(report)))
        .section("Calibration", calibration)
        .section("Checks", check_blocks(&report.checks))
        .section("Warnings", bench.warning_blocks())
        .section("How it was computed", Blocks::new().paragraph(format!("{}.", formula(run))).paragraph("Where glutathione was measured it counts as product. An interval holds the scatter of the tubes and of their blanks and the uncertainty of the slope."))
}
