//! `hepatica assay gsh`: a sequence and its chromatograms -> accepted or rejected concentrations, with a report.

use hepatica_assay::gsh::{Measured, Outcome, Report, Run, analyse, read_run, read_sequence};
use hepatica_assay::trace::{self, Shape, Traces};
use hepatica_report::number::{interval, short, significant};
use hepatica_report::{Blocks, Callout, Card, Cell, Column, Page, Table};
use serde_json::{Value, json};

use super::bench::{
    Bench, BenchRequest, Published, check_blocks, check_json, check_text, filled, page, publish,
};
use super::gsh_figures::{calibration_figure, chromatogram_figure, results_figure};
use crate::answer::{Answer, NOT_A_DEVICE};
use crate::refuse::Error;
use crate::world::World;

/// Analyses a run.
///
/// # Errors
/// Files that cannot be read, input that is refused, a folder that already holds a report.
pub fn gsh(world: &dyn World, request: &BenchRequest) -> Result<Answer, Error> {
    let (mut bench, file) = Bench::open(world, &request.run)?;
    let run = read_run(&bench.map, file);
    let run = bench.need(run)?;
    let sequence = bench.beside(&run.sequence)?;
    let injections = read_sequence(&bench.map, sequence, &run);
    let injections = bench.take(injections)?;
    let traces = match &run.chromatograms {
        Some(name) => {
            let file = bench.beside(name)?;
            let shape = Shape { key: "injection", time_unit: "min", signal: "signal", signal_unit: None };
            let mut problems = hepatica_source::table::Problems::default();
            let traces = trace::read(&bench.map, file, shape, &mut problems);
            bench.take((traces, problems.diagnostics))?
        }
        None => Traces::default(),
    };
    let mut report = analyse(&run, &injections, &traces);
    let found = std::mem::take(&mut report.diagnostics);
    bench.take(((), found))?;
    let mut figures = Vec::new();
    if let Some(calibration) = &report.calibration {
        figures.push(("calibration".to_string(), calibration_figure(calibration)));
    }
    if run.chromatograms.is_some() {
        figures.push(("chromatograms".to_string(), chromatogram_figure(&report, &traces.signal_unit)));
    }
    figures.push(("results".to_string(), results_figure(&report)));
    let published = Published {
        answer: Answer { text: text(&bench, &run, &report), json: to_json(&bench, &run, &report) },
        page: report_page(&bench, &run, &report, (&figures, &traces.notes)),
        figures,
        tables: vec![
            ("results".into(), result_table(&report)),
            ("injections".into(), injection_table(&report, &traces.signal_unit)),
            ("standards".into(), standard_table(&report)),
        ],
    };
    publish(world, request, published)
}

fn verdict(report: &Report) -> &'static str {
    match (&report.calibration, report.accepted) {
        (None, _) => "standard addition: every result stands on its own line; ICH M10 judges no run",
        (Some(_), true) => "run ACCEPTED (standards, QCs and carry-over, ICH M10)",
        (Some(_), false) => "run REJECTED (standards, QCs or carry-over, ICH M10); no result may be reported",
    }
}

/// The result as it may be reported.
fn reported(report: &Report, o: &Outcome) -> String {
    let factor = o.factor;
    if o.flags.contains(&"gsh/below-lloq")
        && let Some((low, _)) = report.range
    {
        return format!("below {}", significant(low * factor, 3));
    }
    match o.result.interval {
        Some(i) => interval(o.result.value, i.low, i.high, 4),
        None => significant(o.result.value, 4),
    }
}

fn result_table(report: &Report) -> Table {
    let columns = vec![
        Column::text("Sample"),
        Column::value("Injections"),
        Column::number("Read", 4).unit("umol/L"),
        Column::value("Factor"),
        Column::interval("Glutathione", 4).unit("umol/L"),
        Column::number("Standard uncertainty", 2).unit("umol/L"),
        Column::text("Reportable"),
        Column::text("Flags"),
    ];
    let row = |o: &Outcome| {
        let result = match o.result.interval {
            Some(i) => Cell::interval(o.result.value, i.low, i.high),
            None => Cell::Number(o.result.value),
        };
        vec![
            Cell::Text(o.sample.clone()),
            Cell::Number(o.injections as f64),
            Cell::Number(o.read.value),
            Cell::Number(o.factor),
            result,
            Cell::Number(o.result.u),
            if o.reportable { "yes" } else { "no" }.into(),
            Cell::Text(o.flags.join(" ")),
        ]
    };
    filled(columns, report.outcomes.iter().map(row).collect())
}

fn injection_table(report: &Report, unit: &str) -> Table {
    let area = if unit.is_empty() { "min".to_string() } else { format!("{unit} min") };
    let columns = vec![
        Column::text("Injection"),
        Column::text("Role"),
        Column::text("Group"),
        Column::number("Retention", 4).unit("min"),
        Column::number("Area", 4).unit(area.clone()),
        Column::number("Uncertainty", 2).unit(area),
        Column::number("Height", 4).unit(unit),
        Column::number("S/N", 3),
        Column::number("Tailing", 3),
        Column::number("Plates", 4),
        Column::number("Resolution", 3),
        Column::text("Flags"),
    ];
    let row = |m: &Measured| {
        let p = m.peak.as_ref();
        let of = |value: Option<f64>| value.filter(|v| v.is_finite()).map_or(Cell::Missing, Cell::Number);
        vec![
            Cell::Text(m.injection.name.value.clone()),
            m.injection.role.word().into(),
            Cell::Text(m.injection.group.clone()),
            of(p.map(|p| p.retention)),
            Cell::Number(m.area),
            of(p.map(|p| p.area_u)),
            of(p.map(|p| p.height)),
            of(p.map(|p| p.signal_to_noise)),
            of(p.map(|p| p.tailing)),
            of(p.map(|p| p.plates)),
            of(p.and_then(|p| p.resolution)),
            Cell::Text(m.flags.join(" ")),
        ]
    };
    filled(columns, report.measured.iter().map(row).collect())
}

fn standard_table(report: &Report) -> Table {
    let columns = vec![
        Column::text("Standard"),
        Column::value("Nominal").unit("umol/L"),
        Column::number("Response", 4),
        Column::number("Back-calculated", 4).unit("umol/L"),
        Column::number("Error", 3).unit("%"),
        Column::text("Verdict"),
    ];
    let standards = report.calibration.iter().flat_map(|c| &c.standards);
    let row = |s: &hepatica_assay::calibration::BackCalculated| {
        vec![
            Cell::Text(report.measured[s.standard.row].injection.name.value.clone()),
            Cell::Number(s.standard.nominal),
            Cell::Number(s.standard.response),
            Cell::Number(s.found),
            Cell::Number(100.0 * s.error),
            super::bench::verdict(s.passed).into(),
        ]
    };
    filled(columns, standards.map(row).collect())
}

/// The dilution chain in words.
fn chain(run: &Run) -> String {
    let d = &run.dilution;
    let steps =
        d.steps.iter().map(|s| format!("{} {} + {} uL", s.name, short(s.take_ul, 4), short(s.add_ul, 4)));
    let enter = match d.steps.get(d.before_standards) {
        Some(step) => format!("standards enter at {}", step.name),
        None => "standards are made up as the solution injected".to_string(),
    };
    let steps = steps.collect::<Vec<_>>().join(", then ");
    format!("{steps}; {enter}: results are read x {}", short(d.factor(), 6))
}

fn calibration_words(report: &Report) -> Option<String> {
    let c = report.calibration.as_ref()?;
    let candidates = c.candidates.iter().map(|(w, sum)| format!("{} {} %", w.name(), short(100.0 * sum, 3)));
    let range = c.range.map_or("none".to_string(), |(a, b)| format!("{} to {}", short(a, 4), short(b, 4)));
    let (lod, loq) = c.limits();
    Some(format!(
        "response = {} + {} x, weighted {} (sums of |relative error|: {}); range {range} umol/L as read; ICH Q2: LOD {}, LOQ {} umol/L (3.3 and 10 s of intercept / slope)",
        significant(c.line.intercept, 4),
        significant(c.line.slope, 5),
        c.weighting.name(),
        candidates.collect::<Vec<_>>().join(", "),
        significant(lod, 2),
        significant(loq, 2),
    ))
}

fn text(bench: &Bench<'_>, run: &Run, report: &Report) -> String {
    let mut out = bench.warnings();
    out.push_str(&format!("{}\n{}\n{}\n", run.title, verdict(report), chain(run)));
    out.extend(calibration_words(report).map(|words| words + "\n"));
    for o in &report.outcomes {
        let flags = if o.flags.is_empty() { String::new() } else { format!("  [{}]", o.flags.join(" ")) };
        let mark = if o.reportable && (report.accepted || report.calibration.is_none()) { ' ' } else { '!' };
        out.push_str(&format!(" {mark}{}: {} umol/L{flags}\n", o.sample, reported(report, o)));
    }
    out.push_str(&check_text(&report.checks));
    out.push_str(&format!(
        "! is not to be reported as a number; brackets hold 95 % intervals. {NOT_A_DEVICE}\n"
    ));
    out
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

fn to_json(bench: &Bench<'_>, run: &Run, report: &Report) -> Value {
    let outcomes = report.outcomes.iter().map(|o| {
        json!({
            "sample": o.sample, "injections": o.injections, "read_umol_per_l": finite(o.read.value), "factor": o.factor,
            "umol_per_l": finite(o.result.value), "standard_uncertainty": finite(o.result.u),
            "interval_95": o.result.interval.map(|i| [i.low, i.high]),
            "reportable": o.reportable && (report.accepted || report.calibration.is_none()),
            "flags": o.flags,
        })
    });
    let injections = report.measured.iter().map(|m| {
        let p = m.peak.as_ref();
        json!({
            "injection": m.injection.name.value, "role": m.injection.role.word(), "group": m.injection.group,
            "area": m.area, "response": finite(m.response), "internal_standard_area": m.internal,
            "peak": p.map(|p| json!({
                "retention_min": p.retention, "height": p.height, "area_uncertainty": finite(p.area_u),
                "from_min": p.bounds.0, "to_min": p.bounds.1, "signal_to_noise": p.signal_to_noise,
                "tailing": p.tailing, "plates": p.plates, "resolution": p.resolution,
                "clipped": p.clipped, "fused": p.fused,
            })),
            "flags": m.flags,
        })
    });
    let calibration = report.calibration.as_ref().map(|c| {
        let standards = c.standards.iter().map(|s| {
            json!({
                "injection": report.measured[s.standard.row].injection.name.value, "nominal": s.standard.nominal,
                "found": s.found, "relative_error": s.error, "passed": s.passed,
            })
        });
        json!({
            "weighting": c.weighting.name(), "intercept": c.line.intercept, "slope": c.line.slope,
            "intercept_se": c.line.intercept_se, "slope_se": c.line.slope_se,
            "sum_of_relative_errors": c.candidates.iter().map(|(w, s)| json!({ "weighting": w.name(), "sum": s })).collect::<Vec<_>>(),
            "lloq_umol_per_l": c.range.map(|r| r.0), "uloq_umol_per_l": c.range.map(|r| r.1),
            "lod_umol_per_l": c.limits().0, "loq_umol_per_l": c.limits().1,
            "standards": standards.collect::<Vec<_>>(),
        })
    });
    json!({
        "schema": "hepatica.assay.gsh/1",
        "notice": NOT_A_DEVICE,
        "title": run.title,
        "accepted": report.calibration.as_ref().map(|_| report.accepted),
        "dilution_factor": run.dilution.factor(),
        "calibration": calibration,
        "results": outcomes.collect::<Vec<_>>(),
        "injections": injections.collect::<Vec<_>>(),
        "checks": check_json(&report.checks),
        "warnings": bench.warnings_json(),
    })
}

fn report_page(
    bench: &Bench<'_>,
    run: &Run,
    report: &Report,
    (figures, notes): (&[(String, hepatica_report::Figure)], &[String]),
) -> Page {
    let figure = |name: &str| figures.iter().find(|(n, _)| n == name).map(|(_, f)| f.clone());
    let with = |blocks: Blocks, name: &str| match figure(name) {
        Some(figure) => blocks.figure(figure),
        None => blocks,
    };
    let kind = if report.accepted || report.calibration.is_none() { Callout::Note } else { Callout::Warning };
    let reportable = report.outcomes.iter().filter(|o| o.reportable).count();
    let mut cards = vec![
        Card::new(format!("{reportable} of {}", report.outcomes.len()), "samples with a reportable number"),
        Card::new(format!("x {}", short(run.dilution.factor(), 6)), "dilution chain"),
    ];
    if let Some((low, high)) = report.range {
        let f = run.dilution.factor();
        let range = format!("{} to {} umol/L", short(low * f, 4), short(high * f, 4));
        cards.push(Card::new(range, "range in the sample"));
    }
    let results = with(Blocks::new().callout(kind, verdict(report)).cards(cards), "results");
    let mut calibration = Blocks::new();
    if let Some(words) = calibration_words(report) {
        calibration = with(calibration.paragraph(words), "calibration").table(standard_table(report));
    }
    page(&run.title, notes)
        .section("Results", results.table(result_table(report)))
        .section("Acceptance", check_blocks(&report.checks))
        .section("Calibration", calibration.paragraph(chain(run)))
        .section(
            "Chromatograms",
            with(Blocks::new(), "chromatograms")
                .fold("All injections", Blocks::new().table(injection_table(report, ""))),
        )
        .section("Warnings", bench.warning_blocks())
        .section("How it was computed", Blocks::new().list([
            "Baseline: Whittaker's smoother with peaks left out. Peaks: maxima five standard deviations above the noise; exponentially modified Gaussians, fused ones fitted together with a common width and tail.",
            "Area: the signal above the baseline summed; overlapping peaks share it by their profiles. Tailing, plates and resolution by Ph. Eur. 2.2.46; S/N is 2 H / h there.",
            "Calibration: the weighting 1, 1/x or 1/x2 with the smallest sum of relative errors of back-calculated standards; intervals by Fieller's theorem with the scatter of the standards; pipetting, the stock solution and recovery are not in them.",
            "Acceptance: ICH M10 (2022), each check with its section.",
        ]))
}
