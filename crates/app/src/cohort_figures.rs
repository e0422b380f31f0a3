//! A population -> figures: risks, comparisons with the first arm, bands over time, every patient in order, single
//! patients over time.

use hepatica_report::{Axis, Bars, Dash, Estimate, Figure, Forest, Labels, Plot, Series};
use hepatica_stats::sketch::Sketch;
use hepatica_trial::FigureSpec;
use hepatica_trial::aggregate::PERCENTILES;
use hepatica_trial::view::{Overlay, Shown};

use crate::cohort_compare::{Estimated, compare};
use crate::computed::{CohortOutcome, Results};
use crate::{cohort_groups, cohort_observed};

/// Arms whose bands or subgroups are drawn; more are in the tables.
pub(crate) const DRAWN_ARMS: usize = 6;

/// Bars of a waterfall, at most.
const BARS: u64 = 100;

/// Points of the time course of a single patient, at most.
const POINTS: usize = 85;

/// All figures of a population with their names.
pub(crate) fn all(results: &Results, cohort: &CohortOutcome) -> Vec<(String, Figure)> {
    let mut figures = vec![("risk".to_string(), risk(results, cohort))];
    if results.study.arms.len() > 1 {
        figures.push(("comparison".to_string(), comparison(results, cohort)));
    }
    figures.extend(cohort_groups::figure(results, cohort).map(|f| ("subgroups".to_string(), f)));
    figures.extend(cohort_observed::figure(results, cohort).map(|f| ("observed".to_string(), f)));
    let bands =
        results.view.figures.iter().map(|spec| (format!("{}-bands", spec.id), bands(results, cohort, spec)));
    figures.extend(bands);
    for id in &results.view.headline {
        let Some(k) = results.outcomes.endpoint(id) else { continue };
        figures.push((format!("{id}-patients"), waterfall(results, cohort, k)));
        let output = &results.outcomes.endpoints[k].output;
        let spec = results.view.figures.iter().find(|f| f.outputs.iter().any(|s| s.output == *output));
        let shown = spec.and_then(|f| Some((f, f.outputs.iter().find(|s| s.output == *output)?)));
        figures
            .extend(shown.map(|shown| (format!("{}-sample", shown.0.id), spaghetti(results, cohort, shown))));
    }
    figures
}

pub(crate) fn estimate(e: Estimated) -> Estimate {
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
    let until = spec.until_h.unwrap_or(f64::INFINITY).min(results.study.duration_h);
    let plot = axes(results, spec, shown).title(results.study.arms[arm].name.clone());
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

/// Every patient's value of an endpoint, the highest first: a panel per arm. Of many patients, as many as there are
/// bars, at equal distances in the order; they come from the sketch, so that memory is that of the sketch.
fn waterfall(results: &Results, cohort: &CohortOutcome, k: usize) -> Figure {
    let endpoint = &results.outcomes.endpoints[k];
    let spec = results.view.figures.iter().find(|f| f.outputs.iter().any(|s| s.output == endpoint.output));
    let title = format!("{}: every patient in order ({})", endpoint.label, endpoint.status.word());
    let mut figure = Figure::new(title)
        .caption("Each step is a patient, the highest first; of many patients, a hundred at equal distances in that order.")
        .labels(Labels::Hidden)
        .share_x()
        .share_y();
    for (arm, definition) in results.study.arms.iter().enumerate().take(DRAWN_ARMS) {
        let mut y = match spec {
            Some(spec) if spec.log => Axis::log10(endpoint.label.clone()),
            _ => Axis::linear(endpoint.label.clone()),
        };
        y = y.unit(endpoint.unit.clone());
        let x = Axis::linear("Share of patients").unit("%").range(0.0, 100.0);
        let steps = steps(&cohort.result.aggregate.arms[arm].endpoints[k]);
        let name = "patients";
        let mut plot = Plot::new(x, y).title(definition.name.clone());
        plot = plot.series(Series::area(name, steps.clone())).series(Series::line(name, steps));
        if let Some(Overlay::Level(level)) = spec.and_then(|spec| spec.overlay) {
            plot = plot.across(level, "");
        }
        figure = figure.panel(plot);
    }
    figure
}

/// The outline of bars of equal width, one per patient or [`BARS`] of them: share of patients in % and value.
fn steps(values: &Sketch) -> Vec<(f64, f64)> {
    let n = values.count();
    let bars = n.min(BARS);
    let bar = |i: u64| {
        // The middle of the patients that a bar stands for, as a place from 0 to n - 1 in rising order.
        let place = (i as f64 + 0.5) * n as f64 / bars as f64 - 0.5;
        let probability = if n > 1 { 1.0 - place / (n - 1) as f64 } else { 0.5 };
        let value = values.quantile(probability).unwrap_or(f64::NAN);
        let width = 100.0 / bars as f64;
        [(i as f64 * width, value), ((i + 1) as f64 * width, value)]
    };
    (0..bars).flat_map(bar).collect()
}

/// The first patients over time, a line each: a panel per arm. Numbers choose them, so that they are the same in
/// every arm and for any size of the population.
fn spaghetti(results: &Results, cohort: &CohortOutcome, (spec, shown): (&FigureSpec, &Shown)) -> Figure {
    let arms = results.study.arms.len();
    let patients = cohort.sample.len() / arms.max(1);
    let mut figure = Figure::new(format!("{} of single patients ({})", spec.title, spec.status.word()))
        .caption(format!(
            "The first {patients} patients, the same in every panel; dashed, the typical patient."
        ))
        .labels(Labels::Hidden)
        .share_x()
        .share_y();
    let Some(k) =
        results.outputs.iter().position(|id| results.loaded.system.outputs[*id].name == shown.output)
    else {
        return figure;
    };
    let until = spec.until_h.unwrap_or(f64::INFINITY).min(results.study.duration_h);
    let lowest = if spec.log { spec.from.unwrap_or(f64::MIN_POSITIVE) } else { f64::NEG_INFINITY };
    let times = &results.plan.scenarios[0].times;
    let every = times.len().div_ceil(POINTS).max(1);
    let course = |values: &[f64]| -> Vec<(f64, f64)> {
        let points = times.iter().copied().zip(values.iter().copied()).step_by(every);
        points.filter(|(t, v)| *t <= until && *v >= lowest).collect()
    };
    for (arm, definition) in results.study.arms.iter().enumerate().take(DRAWN_ARMS) {
        let mut plot = axes(results, spec, shown).title(definition.name.clone());
        for sampled in cohort.sample.iter().filter(|s| s.row.arm == arm) {
            let name = format!("patient {}", sampled.row.label);
            plot = plot.series(Series::line(name, course(&sampled.columns.columns[k])).colour(0).thin());
        }
        let typical = course(results.column(arm, &shown.output));
        plot = plot.series(Series::line("typical patient", typical).dashed(Dash::Long).colour(1));
        if let Some(Overlay::Level(level)) = spec.overlay {
            plot = plot.across(level, "");
        }
        figure = figure.panel(plot);
    }
    figure
}

/// An empty plot of an output over time.
fn axes(results: &Results, spec: &FigureSpec, shown: &Shown) -> Plot {
    let mut y = if spec.log { Axis::log10(shown.label.clone()) } else { Axis::linear(shown.label.clone()) };
    if let Some(from) = spec.from {
        y = y.from(from);
    }
    let until = spec.until_h.unwrap_or(f64::INFINITY).min(results.study.duration_h);
    Plot::new(Axis::time("Time since the first dose").range(0.0, until), y)
}
