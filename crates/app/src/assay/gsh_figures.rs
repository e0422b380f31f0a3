//! Figures of a glutathione run.

use hepatica_assay::calibration::{Calibration, TOLERANCE};
use hepatica_assay::gsh::{Measured, Report};
use hepatica_assay::spread::LEVEL;
use hepatica_report::{Axis, Bars, Estimate, Figure, Labels, Plot, Series};

/// Chromatograms drawn; the others stand in the table.
const MOST_PANELS: usize = 9;
/// Points a panel needs for its curve.
const LINE_POINTS: usize = 100;

/// The line with its standards, and their errors.
pub(super) fn calibration_figure(c: &Calibration) -> Figure {
    let top = c.standards.iter().map(|s| s.standard.nominal).fold(0.0, f64::max);
    let xs = (0..=LINE_POINTS).map(|k| top * k as f64 / LINE_POINTS as f64);
    let band = xs.clone().filter_map(|x| {
        let weight = c.weighting.at(x.max(top / LINE_POINTS as f64));
        let i = c.line.prediction_interval(x, weight, LEVEL).ok()?;
        Some((x, i.low, i.high))
    });
    let points = |passed: bool| {
        c.standards
            .iter()
            .filter(move |s| s.passed == passed)
            .map(|s| (s.standard.nominal, s.standard.response))
    };
    let line = Plot::new(Axis::linear("Concentration as read").unit("umol/L"), Axis::linear("Response"))
        .title(format!("Weighted {}", c.weighting.name()))
        .series(Series::band("line", band))
        .series(Series::line("line", xs.map(|x| (x, c.line.at(x)))))
        .series(Series::points("standards", points(true)));
    let line = if c.standards.iter().all(|s| s.passed) {
        line
    } else {
        line.series(Series::points("left out", points(false)))
    };
    let errors = c.standards.iter().map(|s| (s.standard.nominal, 100.0 * s.error));
    let limit = 100.0 * TOLERANCE;
    let most = c.standards.iter().map(|s| 110.0 * s.error.abs()).fold(1.4 * limit, f64::max);
    let errors = Plot::new(
        Axis::log10("Concentration as read").unit("umol/L"),
        Axis::linear("Error").unit("%").range(-most, most),
    )
    .title("Standards put back through the line")
    .layer(-limit, limit, "15 %")
    .across(0.0, "")
    .series(Series::points("standards", errors));
    Figure::new("Calibration")
        .caption("Band: where 95 % of new readings fall. Layer: 15 %, ICH M10 (20 % at the lowest level).")
        .panel(line)
        .panel(errors)
}

/// Some chromatograms with baseline and peak: one of each role, and those with flags.
pub(super) fn chromatogram_figure(report: &Report, unit: &str) -> Figure {
    let mut chosen: Vec<&Measured> = Vec::new();
    for wanted in ["blank", "standard", "carry-over", "qc", "sample"] {
        chosen.extend(report.measured.iter().find(|m| m.injection.role.word() == wanted));
    }
    for m in report.measured.iter().filter(|m| !m.flags.is_empty()) {
        let known = chosen.iter().any(|c| c.flags == m.flags || c.injection.name == m.injection.name);
        if !known {
            chosen.push(m);
        }
    }
    chosen.truncate(MOST_PANELS);
    let mut figure = Figure::new("Chromatograms")
        .caption("The signal, the baseline below it, and the area counted to the analyte, shaded. Every panel has a scale of its own.")
        .columns(3)
        .labels(Labels::Legend);
    for m in chosen {
        let Some(c) = &m.chromatogram else { continue };
        let mut plot = Plot::new(Axis::linear("Time").unit("min"), Axis::linear("Signal").unit(unit))
            .title(format!("{} ({})", m.injection.name.value, m.injection.role.word()));
        if let Some(peak) = &m.peak {
            let inside = |t: f64| (peak.bounds.0..=peak.bounds.1).contains(&t);
            let rows = c.time.iter().zip(&c.signal).zip(&c.baseline);
            let band =
                rows.filter(|((t, _), _)| inside(**t)).map(|((t, _), b)| (*t, *b, *b + peak.profile.at(*t)));
            plot = plot.series(Series::band("analyte", band.collect::<Vec<_>>()));
        }
        let signal = c.time.iter().copied().zip(c.signal.iter().copied());
        let baseline = c.time.iter().copied().zip(c.baseline.iter().copied());
        plot = plot
            .series(Series::line("signal", signal).thin().muted())
            .series(Series::line("baseline", baseline).thin());
        figure = figure.panel(plot);
    }
    figure
}

/// Concentrations of all samples.
pub(super) fn results_figure(report: &Report) -> Figure {
    let shown = || report.outcomes.iter().filter(|o| o.result.value.is_finite());
    let names = shown().map(|o| match o.reportable {
        true => o.sample.clone(),
        false => format!("{} (!)", o.sample),
    });
    let bars = shown().map(|o| match o.result.interval {
        Some(i) => Estimate::new(o.result.value, i.low, i.high),
        None => o.result.value.into(),
    });
    let verdict = match (report.accepted, &report.calibration) {
        (false, Some(_)) => " The run is rejected.",
        _ => "",
    };
    Figure::new("Glutathione in the samples")
        .caption(format!(
            "Whiskers are 95 % intervals; (!) marks what is not to be reported as a number.{verdict}"
        ))
        .labels(Labels::Hidden)
        .panel(
            Bars::new(Axis::linear("Glutathione").unit("umol/L"), names)
                .group("glutathione", bars)
                .horizontal(),
        )
}
