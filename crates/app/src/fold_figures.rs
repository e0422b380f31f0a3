//! Observed curves and what a model says of them -> figures, for whatever compares the two.

use hepatica_report::{Axis, Figure, Plot, Series};

/// One analyte of one study: observed and predicted at the same times.
#[derive(Clone, Copy)]
pub(crate) struct Folds<'a> {
    /// The study.
    pub(crate) name: &'a str,
    /// Times, h.
    pub(crate) times_h: &'a [f64],
    /// Observed, umol/L.
    pub(crate) observed: &'a [f64],
    /// Predicted, umol/L.
    pub(crate) predicted: &'a [f64],
}

/// Agreement, residuals over time and by prediction.
pub(crate) fn all(analyte: &str, of: &[Folds<'_>]) -> [Figure; 3] {
    [agreement(analyte, of), over_time(analyte, of), by_prediction(analyte, of)]
}

/// Predicted against observed with the line of identity and its twofold neighbours.
fn agreement(analyte: &str, of: &[Folds<'_>]) -> Figure {
    let all = || of.iter().flat_map(|f| f.observed.iter().chain(f.predicted).copied());
    let low = all().fold(f64::INFINITY, f64::min) / 1.3;
    let high = all().fold(0.0, f64::max) * 1.3;
    let axis = |label: &str| Axis::log10(label).unit("umol/L").range(low, high);
    let mut plot = Plot::new(axis("Observed"), axis("Predicted"));
    for (factor, name) in [(1.0f64, "identity"), (2.0, "twofold"), (0.5, "twofold")] {
        // Only what lies inside the axes.
        let (from, to) = (low / factor.min(1.0), high / factor.max(1.0));
        plot = plot.series(Series::line(name, [(from, factor * from), (to, factor * to)]).thin().muted());
    }
    for f in of {
        let points = f.observed.iter().copied().zip(f.predicted.iter().copied());
        plot = plot.series(Series::points(f.name, points));
    }
    Figure::new(format!("{analyte}: predicted against observed")).panel(plot)
}

/// Predicted over observed by time.
fn over_time(analyte: &str, of: &[Folds<'_>]) -> Figure {
    let plot = residuals(Axis::time("Time").unit("h"), of, &|f, k| f.times_h[k]);
    Figure::new(format!("{analyte}: residuals over time")).panel(plot)
}

/// Predicted over observed by the prediction.
fn by_prediction(analyte: &str, of: &[Folds<'_>]) -> Figure {
    let plot = residuals(Axis::log10("Predicted").unit("umol/L"), of, &|f, k| f.predicted[k]);
    Figure::new(format!("{analyte}: residuals by prediction")).panel(plot)
}

fn residuals(x: Axis, of: &[Folds<'_>], at: &dyn Fn(&Folds<'_>, usize) -> f64) -> Plot {
    let mut plot = Plot::new(x, Axis::log10("Predicted / observed"))
        .across(1.0, "")
        .across(2.0, "twofold")
        .across(0.5, "");
    for f in of {
        let points = (0..f.observed.len()).map(|k| (at(f, k), f.predicted[k] / f.observed[k]));
        plot = plot.series(Series::points(f.name, points));
    }
    plot
}
