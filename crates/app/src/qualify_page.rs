//! A qualification -> its report.

use hepatica_fit::Analyte;
use hepatica_fit::qualify::{Check, Dataset};
use hepatica_report::{Axis, Blocks, Callout, Figure, Page, Plot, Series};

use crate::fold_figures::{self, Folds};
use crate::qualify::{MODEL, Qualification, dataset_table, line_table, outcome_table};

/// The report as one HTML file.
pub(crate) fn render(q: &Qualification) -> String {
    let gated = q.lines.iter().filter(|l| !l.reported).count();
    let verdict = format!("{} of {gated} lines hold", gated - q.failures());
    let mut page = Page::new(format!("Qualification of {MODEL}")).lead(verdict);
    page = page.section("What must hold", lines(q));
    page = page.section("Observed and predicted", curves(q));
    if !q.checks.is_empty() {
        page = page.section("Over the spread of virtual people", predictive(q));
    }
    page.footer("Hepatica. For research and teaching only; not a medical device. Predictions must not guide the care of a patient.")
        .html()
}

fn lines(q: &Qualification) -> Blocks {
    let mut blocks = Blocks::new().callout(
        Callout::Warning,
        "Lines and outcome tables marked calibrated were used to choose constants: that they hold is no prediction.",
    );
    if !q.outcomes.is_empty() {
        blocks = blocks.table(
            outcome_table(&q.outcomes).caption("Published outcomes against the cohorts of three seeds"),
        );
    }
    blocks.table(line_table(&q.lines, true).caption("Failures first; three numbers are three seeds"))
}

fn curves(q: &Qualification) -> Blocks {
    let mut blocks = Blocks::new();
    for analyte in [
        Analyte::Acetaminophen,
        Analyte::Glucuronide,
        Analyte::Sulfate,
        Analyte::Acetylcysteine,
        Analyte::Glutathione,
    ] {
        let of: Vec<Folds<'_>> = q.datasets.iter().filter(|d| d.analyte == analyte).map(folds).collect();
        if !of.is_empty() {
            blocks = fold_figures::all(analyte.name(), &of).into_iter().fold(blocks, Blocks::figure);
        }
    }
    let mut blocks = blocks.table(dataset_table(&q.datasets).caption("Fold errors by study"));
    if !q.left_out.is_empty() {
        blocks = blocks.heading("Left out").list(q.left_out.clone());
    }
    blocks
}

fn folds(d: &Dataset) -> Folds<'_> {
    let c = &d.compared;
    Folds { name: &d.name, times_h: &c.times_h, observed: &c.observed, predicted: &c.predicted }
}

/// Visual predictive checks: a figure per analyte, a panel per curve.
fn predictive(q: &Qualification) -> Blocks {
    let mut blocks = Blocks::new();
    let mut analytes: Vec<Analyte> = q.checks.iter().map(|c| c.analyte).collect();
    analytes.sort();
    analytes.dedup();
    for analyte in analytes {
        let of: Vec<&Check> = q.checks.iter().filter(|c| c.analyte == analyte).collect();
        let (inside, all) = of.iter().fold((0, 0), |(i, n), c| (i + c.inside(), n + c.observed.len()));
        let mut figure = Figure::new(format!("{}: visual predictive check", analyte.name()))
            .caption(format!(
                "Median and 5-95 % of 200 virtual people of the body weight of the study under its own protocol; points as measured, most of them means of groups. {inside} of {all} lie within the band."
            ))
            .columns(3);
        for check in of {
            let low = lowest(check);
            let band = check.band.iter().map(|(t, b)| (*t, b[0].max(low), b[2].max(low)));
            let median = check.band.iter().map(|(t, b)| (*t, b[1].max(low)));
            let plot = Plot::new(Axis::time("Time").unit("h"), Axis::log10(analyte.name()).unit("umol/L"))
                .title(check.name.clone())
                .series(Series::band("virtual people", band).colour(0))
                .series(Series::line("median", median).colour(0))
                .series(Series::points("measured", check.observed.iter().copied()).colour(1));
            figure = figure.panel(plot);
        }
        blocks = blocks.figure(figure);
    }
    blocks
}

/// Where a logarithmic axis starts: a third of the smallest measurement.
fn lowest(check: &Check) -> f64 {
    check.observed.iter().map(|(_, v)| v / 3.0).fold(f64::INFINITY, f64::min)
}
