//! `hepatica assay airway`: pressure traces -> responses of groups, with a report; and the published table.

use hepatica_assay::airway::{
    Definition, GroupResult, Reading, Report, Run, SOURCE, Scored, Verdict, analyse, doses, read_animals,
    read_run, smallest_n, table as published_table, verdicts,
};
use hepatica_assay::trace::{self, Shape};
use hepatica_report::number::{self, significant};
use hepatica_report::{
    Axis, Bars, Blocks, Cell, Column, Estimate, Figure, Labels, Page, Plot, Series, Table,
};
use hepatica_stats::student_quantile;
use serde_json::{Value, json};

use super::bench::{
    Bench, BenchRequest, Published, check_blocks, check_json, check_text, filled, page, publish,
};
use crate::answer::{Answer, NOT_A_DEVICE};
use crate::chem::layout::{paragraph, table};
use crate::refuse::Error;
use crate::world::World;

/// Animals a group of the published table is tried with, at most.
const MOST_ANIMALS: usize = 10;

/// Analyses a run.
///
/// # Errors
/// Files that cannot be read, input that is refused, a folder that already holds a report.
pub fn airway(world: &dyn World, request: &BenchRequest) -> Result<Answer, Error> {
    let (mut bench, file) = Bench::open(world, &request.run)?;
    let run = read_run(&bench.map, file);
    let run = bench.need(run)?;
    let animals = bench.beside(&run.animals)?;
    let traces = bench.beside(&run.traces)?;
    let animals = read_animals(&bench.map, animals, &run);
    let animals = bench.take(animals)?;
    let signal = match run.definition {
        Definition::PressureRise => "pressure",
        Definition::Overflow => "overflow",
    };
    let shape = Shape { key: "animal", time_unit: "min", signal, signal_unit: None };
    let mut problems = hepatica_source::table::Problems::default();
    let traces = trace::read(&bench.map, traces, shape, &mut problems);
    let traces = bench.take((traces, problems.diagnostics))?;
    let mut report = analyse(&run, &animals, &traces);
    let found = std::mem::take(&mut report.diagnostics);
    bench.take(((), found))?;
    let figures = vec![
        ("groups".to_string(), group_figure(&run, &report)),
        ("responses".to_string(), response_figure(&run, &report)),
    ];
    let published = Published {
        answer: Answer { text: text(&bench, &run, &report), json: to_json(&bench, &run, &report) },
        page: report_page(&bench, (&run, &report), (&figures, &traces.notes)),
        figures,
        tables: vec![("groups".into(), group_table(&report)), ("animals".into(), animal_table(&report))],
    };
    publish(world, request, published)
}

/// The interval of a group's mean at 95 %.
fn interval(group: &GroupResult) -> Option<(f64, f64)> {
    let g = group.peaks?;
    let n = g.n as f64;
    let half = student_quantile(n - 1.0, 0.975) * g.sd / n.sqrt();
    Some((g.mean - half, g.mean + half))
}

fn group_table(report: &Report) -> Table {
    let columns = vec![
        Column::text("Group"),
        Column::value("n"),
        Column::interval("Peak", 3).unit("%"),
        Column::number("SD", 3).unit("%"),
        Column::number("SEM", 3).unit("%"),
        Column::interval("Less the reference", 3).unit("%"),
        Column::number("P (Welch)", 2),
        Column::number("P (Holm)", 2),
    ];
    let row = |g: &GroupResult| {
        let peak = interval(g).map_or(Cell::Number(g.mean), |(low, high)| Cell::interval(g.mean, low, high));
        let against = g
            .against
            .map_or(Cell::Missing, |t| Cell::interval(t.difference, t.interval.low, t.interval.high));
        let sd = g.peaks.map(|p| p.sd);
        vec![
            Cell::Text(g.name.clone()),
            Cell::Number(g.n as f64),
            peak,
            sd.into(),
            sd.map(|sd| sd / (g.n as f64).sqrt()).into(),
            against,
            g.against.map(|t| t.p).into(),
            g.p_holm.into(),
        ]
    };
    filled(columns, report.groups.iter().map(row).collect())
}

fn animal_table(report: &Report) -> Table {
    let columns = vec![
        Column::text("Animal"),
        Column::text("Group"),
        Column::number("Baseline", 4),
        Column::number("Drift", 2).unit("%"),
        Column::number("Peak", 3).unit("%"),
        Column::number("At", 3).unit("min"),
        Column::number("Area", 3).unit("% min"),
        Column::number("Half recovery", 3).unit("min"),
        Column::number("Standard", 3).unit("%"),
        Column::number("Of standard", 3).unit("%"),
        Column::text("Flags"),
    ];
    let row = |s: &Scored| {
        vec![
            Cell::Text(s.animal.name.value.clone()),
            Cell::Text(s.animal.group.clone()),
            Cell::Number(s.score.baseline),
            Cell::Number(100.0 * s.score.drift),
            Cell::Number(s.score.peak),
            Cell::Number(s.score.peak_min),
            Cell::Number(s.score.area),
            s.score.recovery_min.into(),
            s.standard_peak.into(),
            s.standardised.into(),
            Cell::Text(s.flags.join(" ")),
        ]
    };
    filled(columns, report.scored.iter().map(row).collect())
}

fn text(bench: &Bench<'_>, run: &Run, report: &Report) -> String {
    let mut out = bench.warnings();
    out.push_str(&format!("{}\nResponse: {}\n", run.title, run.definition.words()));
    for g in &report.groups {
        let peak = match interval(g) {
            Some((low, high)) => number::interval(g.mean, low, high, 3),
            None => significant(g.mean, 3),
        };
        let sd = g.peaks.map_or(String::new(), |p| format!(", SD {}", significant(p.sd, 2)));
        let test = g.against.zip(g.p_holm).map_or(String::new(), |(t, p)| {
            let (t_, df) = (significant(t.t, 3), significant(t.df, 3));
            format!(", against {}: t {t_}, df {df}, P {} (Holm)", run.reference, significant(p, 2))
        });
        out.push_str(&format!("  {}: peak {peak} %{sd}, n {}{test}\n", g.name, g.n));
    }
    out.push_str(&check_text(&report.checks));
    out.push_str(&format!("Brackets hold 95 % intervals of the mean. {NOT_A_DEVICE}\n"));
    out
}

fn to_json(bench: &Bench<'_>, run: &Run, report: &Report) -> Value {
    let animals = report.scored.iter().map(|s| {
        json!({
            "animal": s.animal.name.value, "group": s.animal.group, "baseline": s.score.baseline,
            "drift": s.score.drift, "peak_percent": s.score.peak, "peak_min": s.score.peak_min,
            "area_percent_min": s.score.area, "half_recovery_min": s.score.recovery_min,
            "standard_peak_percent": s.standard_peak, "of_standard_percent": s.standardised, "flags": s.flags,
        })
    });
    let groups = report.groups.iter().map(|g| {
        json!({
            "group": g.name, "n": g.n, "mean_peak_percent": g.mean, "sd": g.peaks.map(|p| p.sd),
            "interval_95": interval(g).map(|(low, high)| [low, high]),
            "against_reference": g.against.map(|t| json!({
                "difference": t.difference, "interval_95": [t.interval.low, t.interval.high], "t": t.t, "df": t.df,
                "p": t.p, "p_holm": g.p_holm,
            })),
        })
    });
    json!({
        "schema": "hepatica.assay.airway/1",
        "notice": NOT_A_DEVICE,
        "title": run.title,
        "definition": run.definition.words(),
        "reference": run.reference,
        "groups": groups.collect::<Vec<_>>(),
        "animals": animals.collect::<Vec<_>>(),
        "checks": check_json(&report.checks),
        "warnings": bench.warnings_json(),
    })
}

fn axis(run: &Run) -> Axis {
    match run.definition {
        Definition::PressureRise => Axis::linear("Rise of pressure").unit("%"),
        Definition::Overflow => Axis::linear("Overflow").unit("% of maximum"),
    }
}

fn group_figure(run: &Run, report: &Report) -> Figure {
    let names = report.groups.iter().map(|g| format!("{} (n {})", g.name, g.n));
    let bars = report.groups.iter().map(|g| match interval(g) {
        Some((low, high)) => Estimate::new(g.mean, low, high),
        None => g.mean.into(),
    });
    Figure::new("Peak response by group")
        .caption("Means of animals; whiskers are 95 % intervals of the mean.")
        .labels(Labels::Hidden)
        .panel(Bars::new(axis(run), names).group("peak", bars).horizontal())
}

fn response_figure(run: &Run, report: &Report) -> Figure {
    let mut figure = Figure::new("Response over time")
        .caption("A thin line for every animal, from the dose on.")
        .columns(2)
        .share_x()
        .share_y()
        .labels(Labels::Hidden);
    for group in &report.groups {
        let mut plot =
            Plot::new(Axis::linear("After the dose").unit("min"), axis(run)).title(group.name.clone());
        for s in report.scored.iter().filter(|s| s.animal.group == group.name) {
            let line = Series::line(group.name.clone(), s.response.iter().copied());
            plot = plot.series(line.thin());
        }
        figure = figure.panel(plot.across(0.0, ""));
    }
    figure
}

fn report_page(
    bench: &Bench<'_>,
    (run, report): (&Run, &Report),
    (figures, notes): (&[(String, Figure)], &[String]),
) -> Page {
    page(&run.title, notes)
        .section(
            "Groups",
            Blocks::new()
                .paragraph(format!("Response: {}.", run.definition.words()))
                .figure(figures[0].1.clone())
                .table(group_table(report)),
        )
        .section("Animals", Blocks::new().figure(figures[1].1.clone()).table(animal_table(report)))
        .section("The published table", source_blocks())
        .section("Checks", check_blocks(&report.checks))
        .section("Warnings", bench.warning_blocks())
}

/// The rows of tests: n, then t, df and P for every compound and reading.
fn source_rows() -> Vec<Vec<Cell>> {
    let one = |v: &Verdict| {
        let t = &v.test;
        vec![
            Cell::Text(v.against.name.to_string()),
            v.reading.name().into(),
            Cell::Number(v.n as f64),
            Cell::Number(t.t.abs()),
            Cell::Number(t.df),
            Cell::Number(t.p),
        ]
    };
    published_table(MOST_ANIMALS).iter().map(one).collect()
}

fn source_columns() -> Vec<Column> {
    vec![
        Column::text("Mg(NAC)2 against"),
        Column::text("± is"),
        Column::value("n each"),
        Column::number("t", 3),
        Column::number("df", 3),
        Column::number("P (Welch)", 2),
    ]
}

fn dose_rows() -> Vec<Vec<Cell>> {
    let row = |d: &hepatica_assay::airway::DoseRow| {
        vec![
            Cell::Text(d.row.name.to_string()),
            Cell::Text(format!("{} ± {}", d.row.mean, d.row.range)),
            Cell::Number(d.acetylcysteine_mg),
            Cell::Number(d.per_mg),
        ]
    };
    doses().iter().map(row).collect()
}

fn dose_columns() -> Vec<Column> {
    vec![
        Column::text("Compound, 2 mg"),
        Column::text("Rise (%)"),
        Column::number("As acetylcysteine", 4).unit("mg"),
        Column::number("Rise per mg of it", 3).unit("%/mg"),
    ]
}

/// What the table allows to say, one sentence a line.
fn conclusions() -> Vec<String> {
    let mut out = vec![
        "Neither the meaning of ± nor the number of animals is published; the test is not named.".to_string(),
    ];
    for reading in Reading::BOTH {
        let of = |k: usize, level: f64| {
            let all: Vec<Verdict> = verdicts(SOURCE[0], SOURCE[k], MOST_ANIMALS);
            let of: Vec<Verdict> = all.into_iter().filter(|v| v.reading == reading).collect();
            smallest_n(&of, level).map_or("more".to_string(), |n| n.to_string())
        };
        let needs = |level: f64| -> String {
            let each = (1..SOURCE.len()).map(|k| format!("{} for {}", of(k, level), SOURCE[k].name));
            each.collect::<Vec<_>>().join(", ")
        };
        out.push(format!("If ± is the {}, P below 0.05 takes at least this many animals a group: {}; with three comparisons (0.05/3): {}.", reading.name(), needs(0.05), needs(0.05 / 3.0)));
    }
    let (a, b) = (SOURCE[0].mean, SOURCE[1].mean);
    out.push(format!("The response to Mg(NAC)2 is {} % below that to NAC at equal mass; per mg of acetylcysteine the order of the salts changes, and the lysine salt is the worst.", number::short(100.0 * (1.0 - a / b), 3)));
    out
}

fn source_blocks() -> Blocks {
    Blocks::new()
        .paragraph(
            "EP0486921A1 as told by the source: rise of respiratory resistance, guinea pig, 2 mg an animal.",
        )
        .table(filled(dose_columns(), dose_rows()))
        .list(conclusions())
        .fold("Welch's tests for every n", Blocks::new().table(filled(source_columns(), source_rows())))
}

/// What follows from the published table.
pub fn airway_source() -> Answer {
    let mut text =
        String::from("Bronchoconstriction, the published table (EP0486921A1 as told by the source)\n\n");
    text.push_str(&table(dose_columns(), dose_rows()));
    text.push('\n');
    text.push_str(&table(source_columns(), source_rows()));
    text.push('\n');
    for sentence in conclusions() {
        text.push_str(&paragraph(&sentence));
    }
    text.push_str(&format!("{NOT_A_DEVICE}\n"));
    let tests = published_table(MOST_ANIMALS);
    let tests = tests.iter().map(|v| {
        json!({
            "against": v.against.name, "reading": v.reading.name(), "n": v.n, "t": v.test.t.abs(), "df": v.test.df,
            "p": v.test.p,
        })
    });
    let doses = doses();
    let doses = doses.iter().map(|d| {
        json!({
            "compound": d.row.name, "mean": d.row.mean, "range": d.row.range,
            "acetylcysteine_mg": d.acetylcysteine_mg, "rise_per_mg": d.per_mg,
        })
    });
    let json = json!({
        "schema": "hepatica.assay.airway-source/1",
        "notice": NOT_A_DEVICE,
        "doses": doses.collect::<Vec<_>>(),
        "tests": tests.collect::<Vec<_>>(),
        "conclusions": conclusions(),
    });
    Answer { text, json }
}
