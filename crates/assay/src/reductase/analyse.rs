//! Traces and wells -> rates, activities and checks.

use hepatica_source::Diagnostic;
use hepatica_stats::StatsError;

use super::{Activity, Report, Role, Run, Well, WellRate, units_per_ml, warning};
use crate::check::{Check, Limit};
use crate::spread::{Uncertain, variation};
use crate::trace::{Trace, Traces};
use crate::window::{WindowRule, straight_window};

/// Absorbance at the start: below, the fall soon ends; above, stray light bends it. Common practice, no standard.
const START: (f64, f64) = (0.6, 1.2);
/// Of rates of replicate wells: common practice, no standard.
const LARGEST_VARIATION: f64 = 0.10;
/// Of a line through a rate worth the name: common practice, no standard.
const LEAST_R2: f64 = 0.99;
/// Share of the NADPH used up above which a slope says nothing about the enzyme.
const EXHAUSTED: f64 = 0.5;
const PRACTICE: &str = "common practice for A340 assays (assumed)";
/// A reading below this is no noise of a photometer.
const NEGATIVE: f64 = -0.02;

/// Rates of all wells and activities of all samples.
pub fn analyse(run: &Run, wells: &[Well], traces: &Traces) -> Report {
    let mut report =
        Report { rates: Vec::new(), activities: Vec::new(), checks: Vec::new(), diagnostics: Vec::new() };
    for well in wells {
        match traces.by_name.get(&well.name.value) {
            Some(trace) => match rate(run, well, trace, &mut report.diagnostics) {
                Ok(rate) => report.rates.push(rate),
                Err(problem) => report.diagnostics.push(*problem),
            },
            None => report.diagnostics.push(
                Diagnostic::error("reductase/no-trace", format!("well `{}` has no trace", well.name.value))
                    .at(well.name.span, "")
                    .hint("name it as in the table of traces, or take it out"),
            ),
        }
    }
    for name in traces.by_name.keys().filter(|name| !wells.iter().any(|w| w.name.value == **name)) {
        let message = format!("the trace `{name}` belongs to no well and is not used");
        let diagnostic = Diagnostic::warning("reductase/unused-trace", message);
        report.diagnostics.push(match traces.by_name[name].places.first() {
            Some(place) => diagnostic.at(*place, "first point"),
            None => diagnostic,
        });
    }
    let mut samples: Vec<&str> = Vec::new();
    for well in wells.iter().filter(|w| w.role == Role::Sample) {
        if !samples.contains(&well.sample.as_str()) {
            samples.push(&well.sample);
        }
    }
    let activities: Vec<Activity> =
        samples.iter().filter_map(|sample| activity(run, sample, &report.rates)).collect();
    report.activities = activities;
    report.checks = checks(&report);
    report.diagnostics.extend(blanks(wells));
    report
}

fn rate(
    run: &Run,
    well: &Well,
    trace: &Trace,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<WellRate, Box<Diagnostic>> {
    let name = &well.name.value;
    let mut flags = Vec::new();
    let mut points = Vec::new();
    for ((t, a), place) in trace.time.iter().zip(&trace.signal).zip(&trace.places) {
        let bad = if *a > run.reaction.ceiling {
            Some(("reductase/saturated", "is above what the detector can tell"))
        } else if *a < NEGATIVE {
            Some(("reductase/negative", "is negative"))
        } else {
            points.push((*t, *a));
            None
        };
        if let Some((code, why)) = bad
            && !flags.contains(&code)
        {
            flags.push(code);
            let message = format!("absorbance {a} of well `{name}` {why}; such points are left out");
            diagnostics.push(warning(code, message, *place, "blank, dilute, or start with less NADPH"));
        }
    }
    let (time, signal): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    let window = straight_window(&time, &signal, &WindowRule::default()).map_err(|error| {
        let why = match error {
            hepatica_stats::regression::RegressionError::Numbers(StatsError::TooFew { .. }) => {
                "at least five points over a minute are needed".to_string()
            }
            other => other.to_string(),
        };
        let message = format!("well `{name}` has no rate: {why}");
        Box::new(Diagnostic::error("reductase/no-rate", message).at(well.name.span, ""))
    })?;
    let used = window.used(&time, &signal);
    let mut flag = |code: &'static str, raised: bool, message: String, hint: &str| {
        if raised {
            flags.push(code);
            diagnostics.push(warning(code, message, well.name.span, hint));
        }
    };
    flag(
        "reductase/not-linear",
        !window.straight,
        format!("no straight part was found in well `{name}`"),
        "use less enzyme",
    );
    flag(
        "reductase/depleted",
        used > WindowRule::default().largest_share,
        format!("well `{name}` has used up {:.0} % of its NADPH at the end of the window", 100.0 * used),
        "use less enzyme or read faster",
    );
    flag(
        "reductase/exhausted",
        used > EXHAUSTED,
        format!("the NADPH of well `{name}` is gone before a rate can be read; the well gives no activity"),
        "dilute the sample",
    );
    flag(
        "reductase/start",
        !Limit::Within(START.0, START.1).holds(signal[0]),
        format!("well `{name}` starts at {:.3}, not between {} and {}", signal[0], START.0, START.1),
        "change the NADPH or the path",
    );
    flag(
        "reductase/rising",
        // What is left when the NADPH is gone is noise, whose slope says nothing.
        well.role == Role::Sample && window.slope > 0.0 && used <= EXHAUSTED,
        format!("the absorbance of well `{name}` rises"),
        "turbidity that settles or a wrong wavelength; the rate is negative",
    );
    Ok(WellRate { rate: -window.slope / well.path_cm, well: well.clone(), points, window, used, flags })
}

/// The mean rate of wells. Of one well alone, what its line says of its slope.
fn mean_rate(rates: &[&WellRate]) -> Option<Uncertain> {
    let values: Vec<f64> = rates.iter().map(|r| r.rate).collect();
    match rates {
        [one] => {
            let u = one.window.slope_se / one.well.path_cm;
            Some(Uncertain { value: one.rate, u, df: one.window.df })
        }
        _ => Uncertain::mean(&values),
    }
}

fn activity(run: &Run, sample: &str, rates: &[WellRate]) -> Option<Activity> {
    let of = |role: Role| -> Vec<&WellRate> {
        rates.iter().filter(|r| r.well.role == role && r.well.sample == sample).collect()
    };
    let (own, own_blank) = (of(Role::Sample), of(Role::NoGssg));
    let reagents: Vec<&WellRate> = rates.iter().filter(|r| r.well.role == Role::NoEnzyme).collect();
    let mut flags: Vec<&'static str> = own.iter().flat_map(|r| r.flags.iter().copied()).collect();
    let usable: Vec<&WellRate> = own.iter().copied().filter(|r| r.used <= EXHAUSTED).collect();
    let none = Uncertain { value: f64::NAN, u: f64::NAN, df: 0.0 };
    let mean = mean_rate(&usable).unwrap_or(none);
    let (blank, role) = match (mean_rate(&own_blank), mean_rate(&reagents)) {
        (Some(blank), _) => (blank, Role::NoGssg),
        (None, Some(blank)) => (blank, Role::NoEnzyme),
        (None, None) => {
            flags.push("reductase/no-blank");
            (Uncertain::exact(0.0), Role::NoEnzyme)
        }
    };
    let net = mean.minus(blank);
    let first = &own.first()?.well;
    let u_per_ml = net.times(units_per_ml(1.0, &run.reaction, first.dilution));
    let values: Vec<f64> = usable.iter().map(|r| r.rate).collect();
    let variation = variation(&values);
    if variation.is_some_and(|v| v > LARGEST_VARIATION) {
        flags.push("reductase/variation");
    }
    if u_per_ml.interval().is_some_and(|i| i.low <= 0.0) {
        flags.push("reductase/not-above-blank");
    }
    flags.sort_unstable();
    flags.dedup();
    Some(Activity {
        sample: sample.to_string(),
        wells: usable.len(),
        variation,
        blank: (blank.value, role),
        u_per_mg: first.protein.map(|protein| u_per_ml.times(1.0 / protein)),
        u_per_ml,
        flags,
    })
}

fn checks(report: &Report) -> Vec<Check> {
    let mut checks = Vec::new();
    for rate in report.rates.iter().filter(|r| r.well.role == Role::Sample) {
        let mut check = |code, what: &str, found, limit| {
            let what = format!("{what}, well {}", rate.well.name.value);
            checks.push(Check { code, what, found, limit, unit: "", source: PRACTICE });
        };
        let limit = Limit::Within(START.0, START.1);
        check("reductase/start", "absorbance at the start", rate.points[0].1, limit);
        check("reductase/r2", "R2 of the window", rate.window.r2, Limit::AtLeast(LEAST_R2));
        let most = Limit::AtMost(100.0 * WindowRule::default().largest_share);
        check("reductase/depleted", "NADPH used at the end of the window, %", 100.0 * rate.used, most);
    }
    for activity in &report.activities {
        let Some(found) = activity.variation else { continue };
        checks.push(Check {
            code: "reductase/variation",
            what: format!("variation of replicate wells, sample {}", activity.sample),
            found: 100.0 * found,
            limit: Limit::AtMost(100.0 * LARGEST_VARIATION),
            unit: "%",
            source: PRACTICE,
        });
    }
    checks
}

/// Blanks that a run needs and does not have, and dilutions or protein that differ within a sample.
fn blanks(wells: &[Well]) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let reagents = wells.iter().any(|w| w.role == Role::NoEnzyme);
    for (k, well) in wells.iter().enumerate().filter(|(_, w)| w.role == Role::Sample) {
        let same = |w: &&Well| w.role == Role::Sample && w.sample == well.sample;
        let Some(first) = wells.iter().position(|w| same(&w)) else { continue };
        if first != k {
            if wells[first].dilution != well.dilution || wells[first].protein != well.protein {
                let message =
                    format!("dilution or protein of sample `{}` differs between its wells", well.sample);
                out.push(
                    Diagnostic::error("reductase/differs", message)
                        .at(well.name.span, "")
                        .at(wells[first].name.span, "the first of them")
                        .hint("give what differs a sample name of its own"),
                );
            }
            continue;
        }
        let own = wells.iter().any(|w| w.role == Role::NoGssg && w.sample == well.sample);
        if !own {
            let subtracted =
                if reagents { "only the reagents are subtracted" } else { "nothing is subtracted" };
            let message = format!("sample `{}` has no well without GSSG; {subtracted}", well.sample);
            let hint = "other enzymes of a lysate oxidise NADPH too";
            out.push(warning("reductase/no-blank", message, well.name.span, hint));
        }
    }
    out
}
