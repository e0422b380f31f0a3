//! `hepatica assay kinetics`: rates over substrate and inhibitor -> constants, with a report.

use hepatica_assay::kinetics::{Constant, Fit, Rates, Report, Run, fit_laws, read_rates, read_run};
use hepatica_report::number::{self, significant};
use hepatica_report::{Axis, Blocks, Callout, Cell, Column, Figure, Page, Plot, Series, Table};
use hepatica_source::Diagnostic;
use hepatica_stats::regression::Limit;
use serde_json::{Value, json};

use super::bench::{Bench, BenchRequest, Published, filled, page, publish};
use crate::answer::{Answer, NOT_A_DEVICE};
use crate::refuse::Error;
use crate::world::World;

/// Points a curve is drawn with.
const LINE_POINTS: usize = 200;

/// Fits a run.
///
/// # Errors
/// Files that cannot be read, input that is refused, data that determine the constants of no law, a folder that
/// already holds a report.
pub fn kinetics(world: &dyn World, request: &BenchRequest) -> Result<Answer, Error> {
    let (mut bench, file) = Bench::open(world, &request.run)?;
    let run = read_run(&bench.map, file);
    let run = bench.need(run)?;
    let table = bench.beside(&run.rates)?;
    let rates = read_rates(&bench.map, table, &run);
    let rates = bench.take(rates)?;
    let report = fit_laws(&run, &rates);
    if report.fits.iter().all(|fit| !fit.doubts.is_empty()) {
        bench.take(((), vec![refusal(&run, &report)]))?;
    }
    let figures = vec![("rates".to_string(), figure(&run, &rates, &report))];
    let published = Published {
        answer: Answer { text: text(&bench, &run, &report, &rates), json: to_json(&run, &report, &rates) },
        page: report_page(&run, (&report, &rates), &figures),
        figures,
        tables: vec![("constants".into(), constant_table(&report, &rates))],
    };
    publish(world, request, published)
}

/// Why no law is answered with numbers.
fn refusal(run: &Run, report: &Report) -> Diagnostic {
    let doubts = report.fits.iter().map(|f| format!("{}: {}", f.law.name(), f.doubts.join("; ")));
    let refused = report.refused.iter().map(|r| format!("{}: {}", r.law.name(), r.why));
    let why: Vec<String> = doubts.chain(refused).collect();
    Diagnostic::error("kinetics/not-identified", "the data determine the constants of no law")
        .at(run.rates.span, why.join(" | "))
        .hint("measure at substrate concentrations from a fifth of Km to five times Km, and at several inhibitor levels")
}

/// What the fits are ordered by, and which is the first without doubts.
fn chosen(report: &Report) -> Option<&Fit> {
    report.fits.iter().find(|fit| fit.doubts.is_empty())
}

fn unit<'r>(constant: &Constant, rates: &'r Rates) -> &'r str {
    match constant.name {
        "Vmax" => &rates.unit,
        "h" => "",
        _ => "umol/L",
    }
}

fn ends(constant: &Constant) -> (f64, f64) {
    constant.profile.map_or((f64::NAN, f64::NAN), |(low, high)| {
        let low = if matches!(low, Limit::Open) { 0.0 } else { low.value(false) };
        (low, high.value(true))
    })
}

fn constant_table(report: &Report, rates: &Rates) -> Table {
    let columns = vec![
        Column::text("Law"),
        Column::number("AICc", 5),
        Column::number("Akaike weight", 3),
        Column::text("Constant"),
        Column::interval("Value", 4),
        Column::text("Unit"),
        Column::number("Standard error", 3),
        Column::text("Standing"),
    ];
    let mut rows = Vec::new();
    for fit in &report.fits {
        for (k, constant) in fit.constants.iter().enumerate() {
            let (low, high) = ends(constant);
            let first = |value: f64| if k == 0 { Cell::Number(value) } else { Cell::Missing };
            let doubt = fit.doubts.first().map_or("determined", String::as_str);
            rows.push(vec![
                fit.law.name().into(),
                first(fit.aicc),
                first(fit.weight),
                constant.name.into(),
                Cell::interval(constant.value, low, high),
                unit(constant, rates).into(),
                constant.standard_error.map_or(Cell::Missing, Cell::Number),
                doubt.into(),
            ]);
        }
    }
    filled(columns, rows)
}

fn text(bench: &Bench<'_>, run: &Run, report: &Report, rates: &Rates) -> String {
    let mut out = bench.warnings();
    out.push_str(&format!("{}\n", run.title));
    let best = chosen(report).map(|f| f.law);
    for fit in &report.fits {
        let mark = if Some(fit.law) == best { '*' } else { ' ' };
        let weight = number::percent(fit.weight, 3);
        out.push_str(&format!(
            "{mark} {}: AICc {}, weight {weight}\n",
            fit.law.name(),
            significant(fit.aicc, 5)
        ));
        for constant in &fit.constants {
            let (low, high) = ends(constant);
            let shown = number::interval(constant.value, low, high, 4);
            out.push_str(&format!("    {:5} {shown} {}\n", constant.name, unit(constant, rates)));
        }
        for doubt in &fit.doubts {
            out.push_str(&format!("    not determined: {doubt}\n"));
        }
    }
    for refused in &report.refused {
        out.push_str(&format!("  {}: refused: {}\n", refused.law.name(), refused.why));
    }
    out.push_str(&format!("* is the law with the smallest AICc whose constants are determined; brackets hold 95 % profile intervals.\n{NOT_A_DEVICE}\n"));
    out
}

fn limit_json(limit: Limit) -> Value {
    match limit {
        Limit::At(value) => json!(value),
        Limit::Bound(_) | Limit::Open => Value::Null,
    }
}

fn to_json(run: &Run, report: &Report, rates: &Rates) -> Value {
    let fits = report.fits.iter().map(|fit| {
        let constants = fit.constants.iter().map(|c| {
            json!({
                "name": c.name, "value": c.value, "unit": unit(c, rates), "standard_error": c.standard_error,
                "profile_95": c.profile.map(|(low, high)| [limit_json(low), limit_json(high)]),
            })
        });
        json!({
            "law": fit.law.name(), "aicc": fit.aicc.is_finite().then_some(fit.aicc), "akaike_weight": fit.weight,
            "residual_sd": fit.residual_sd, "constants": constants.collect::<Vec<_>>(),
            "determined": fit.doubts.is_empty(), "doubts": fit.doubts,
        })
    });
    let refused = report.refused.iter().map(|r| json!({ "law": r.law.name(), "why": r.why }));
    json!({
        "schema": "hepatica.assay.kinetics/1",
        "notice": NOT_A_DEVICE,
        "title": run.title,
        "substrate": run.substrate, "inhibitor": run.inhibitor, "rate_unit": rates.unit,
        "n": rates.rate.len(),
        "best": chosen(report).map(|f| f.law.name()),
        "fits": fits.collect::<Vec<_>>(),
        "refused": refused.collect::<Vec<_>>(),
    })
}

/// Levels of the inhibitor, in order.
fn levels(rates: &Rates) -> Vec<f64> {
    let mut levels = rates.inhibitor.clone();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    levels
}

fn figure(run: &Run, rates: &Rates, report: &Report) -> Figure {
    let most = rates.substrate.iter().copied().fold(0.0, f64::max);
    let least = rates.substrate.iter().copied().filter(|s| *s > 0.0).fold(most, f64::min);
    let x = || Axis::log10(run.substrate.clone()).unit("umol/L");
    let best = chosen(report);
    let mut plot = Plot::new(x(), Axis::linear("Rate").unit(rates.unit.clone()));
    let mut rest = Plot::new(x(), Axis::linear("Residual").unit(rates.unit.clone()))
        .title("Observed less fitted")
        .across(0.0, "");
    for level in levels(rates) {
        let name = format!("{} {} umol/L", run.inhibitor, number::short(level, 4));
        let of: Vec<usize> = (0..rates.rate.len()).filter(|k| rates.inhibitor[*k] == level).collect();
        if let Some(fit) = best {
            let p: Vec<f64> = fit.constants.iter().map(|c| c.value).collect();
            let curve = (0..=LINE_POINTS).map(|k| {
                let s = least * (most / least).powf(k as f64 / LINE_POINTS as f64);
                (s, fit.law.rate(&p, s, level))
            });
            plot = plot.series(Series::line(name.clone(), curve.collect::<Vec<_>>()));
            rest = rest.series(Series::points(
                name.clone(),
                of.iter().map(|k| (rates.substrate[*k], fit.residuals[*k])).collect::<Vec<_>>(),
            ));
        }
        plot = plot.series(Series::points(
            name,
            of.iter().map(|k| (rates.substrate[*k], rates.rate[*k])).collect::<Vec<_>>(),
        ));
    }
    let law = best.map_or("no law", |f| f.law.name());
    Figure::new(format!("Rates and the fitted law ({law})"))
        .caption("One set of constants is fitted to all inhibitor levels at once.")
        .panel(plot.title("Rates"))
        .panel(rest)
}

fn report_page(run: &Run, (report, rates): (&Report, &Rates), figures: &[(String, Figure)]) -> Page {
    let mut blocks = Blocks::new();
    if let Some(best) = chosen(report) {
        let values = best.constants.iter().map(|c| {
            let (low, high) = ends(c);
            format!("{} {} {}", c.name, number::interval(c.value, low, high, 4), unit(c, rates))
        });
        blocks = blocks.paragraph(format!("{}: {}.", best.law.name(), values.collect::<Vec<_>>().join(", ")));
    }
    for fit in report.fits.iter().filter(|f| !f.doubts.is_empty()) {
        let why = format!("{}: {}.", fit.law.name(), fit.doubts.join("; "));
        blocks = blocks.callout(Callout::Warning, why);
    }
    page(&run.title, &[])
        .section("Constants", blocks.figure(figures[0].1.clone()).table(constant_table(report, rates)))
        .section("How it was computed", Blocks::new().paragraph("Least squares on the rates themselves. Laws are compared by AICc (Hurvich and Tsai, Biometrika 1989;76:297); intervals are profiles of the sum of squares at 95 % (Bates and Watts 1988, chapter 6). A law whose Michaelis constant lies outside the substrate concentrations, or whose intervals have no end, is not determined by the data."))
}
