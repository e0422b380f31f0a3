//! A population -> figures: risks, comparisons with the first arm, bands over time.

use hepatica_report::{Axis, Bars, Estimate, Figure, Forest, Plot};
use hepatica_trial::FigureSpec;
use hepatica_trial::aggregate::PERCENTILES;
use hepatica_trial::view::Shown;

use crate::cohort_tables::{Estimated, compare};
use crate::computed::{CohortOutcome, Results};

/// Arms whose bands are drawn; more are in `bands.csv`.
const DRAWN_ARMS: usize = 6;

/// All figures of a population with their names.
pub(crate) fn all(results: &Results, cohort: &CohortOutcome) -> Vec<(String, Figure)> {
    let mut figures = vec![("risk".to_string(), risk(results, cohort))];
    if results.study.arms.len() > 1 {
        figures.push(("comparison".to_string(), comparison(results, cohort)));
    }
    let bands =
        results.view.figures.iter().map(|spec| (format!("{}-bands", spec.id), bands(results, cohort, spec)));
    figures.extend(bands);
    figures
}

fn estimate(e: Estimated) -> Estimate {
    Estimate::new(e.value, e.low, e.high)
}

/// The risk of an event in every arm.
fn risk(results: &Results, cohort: &CohortOutcome) -> Figure {
    let event = results.view.events.join(" or ");
    let arms = results.study.arms.iter().map(|a| a.name.clone());
    let risks = (0..results.study.arms.len()).map(|arm| estimate(compare(cohort, arm).proportion));
    let bars = Bars::new(Axis::linear(format!("Risk of {event}")).range(0.0, 1.0), arms)
        .group("", risks)
        .horizontal();
    Figure::new(format!("Risk of {event} (predicted)"))
        .caption("Share of virtual patients; whiskers are the Monte-Carlo error of this many patients, not the uncertainty of the model.")
        .panel(bars)
}

/// Risk ratios against the first arm.
fn comparison(results: &Results, cohort: &CohortOutcome) -> Figure {
    let first = &results.study.arms[0].name;
    let mut forest = Forest::new(Axis::log10("Risk ratio")).reference(1.0, "no difference");
    for (arm, definition) in results.study.arms.iter().enumerate().skip(1) {
        forest = forest.row(definition.name.clone(), estimate(compare(cohort, arm).ratio));
    }
    Figure::new(format!("Against {first} (predicted)"))
        .caption("Risk ratios with Monte-Carlo intervals; the same virtual patients are in every arm.")
        .panel(forest)
}

/// A time course as bands: a panel per output and arm.
fn bands(results: &Results, cohort: &CohortOutcome, spec: &FigureSpec) -> Figure {
    let mut figure = Figure::new(format!("{} in the population ({})", spec.title, spec.status.word()))
        .caption("Median, 25-75 % and 5-95 % of the virtual patients at each time.")
        .share_x();
    if spec.outputs.len() == 1 {
        figure = figure.share_y();
    }
    for shown in &spec.outputs {
        for arm in 0..results.study.arms.len().min(DRAWN_ARMS) {
            figure = figure.panel(panel(results, cohort, (spec, shown), arm));
        }
    }
    figure
}

fn panel(
    results: &Results,
    cohort: &CohortOutcome,
    (spec, shown): (&FigureSpec, &Shown),
    arm: usize,
) -> Plot {
    let mut y = if spec.log { Axis::log10(shown.label.clone()) } else { Axis::linear(shown.label.clone()) };
    if let Some(from) = spec.from {
        y = y.from(from);
    }
    let until = spec.until_h.unwrap_or(f64::INFINITY).min(results.study.duration_h);
    let x = Axis::time("Time since the first dose").range(0.0, until);
    let plot = Plot::new(x, y).title(results.study.arms[arm].name.clone());
    let system = &results.loaded.system;
    let Some(k) = cohort.banded.iter().position(|id| system.outputs[*id].name == shown.output) else {
        return plot;
    };
    let rows = &cohort.result.band_rows;
    let times = &results.plan.scenarios[0].times;
    let sketches = &cohort.result.aggregate.arms[arm].bands[k * rows.len()..(k + 1) * rows.len()];
    // A logarithmic axis has no place for values below its start; a band is drawn from there.
    let lowest = if spec.log { spec.from.unwrap_or(f64::MIN_POSITIVE) } else { f64::NEG_INFINITY };
    let drawn: Vec<(f64, [f64; 5])> = rows
        .iter()
        .zip(sketches)
        .filter(|(row, _)| times[**row] <= until)
        .map(|(row, s)| {
            let quantiles = PERCENTILES.map(|p| s.quantile(p).unwrap_or(f64::NAN).max(lowest));
            (times[*row], quantiles)
        })
        .filter(|(_, quantiles)| quantiles[4] > lowest)
        .collect();
    let median: Vec<(f64, f64)> = drawn.iter().map(|(t, q)| (*t, q[2])).collect();
    let band = |low: usize, high: usize| drawn.iter().map(|(t, q)| (*t, q[low], q[high])).collect();
    plot.fan("virtual patients", &median, &[band(0, 4), band(1, 3)])
}
