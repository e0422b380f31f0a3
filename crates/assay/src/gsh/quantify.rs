//! Chromatograms -> responses -> concentrations.

use std::collections::BTreeMap;

use hepatica_source::Diagnostic;

use super::{Endogenous, Injection, Measured, Outcome, Report, Role, Run, accept, method};
use crate::calibration::{Calibration, Concentration, Standard, calibrate, standard_addition};
use crate::chromatogram::{self, Options, Peak};
use crate::trace::{Trace, Traces};

/// A reading further out than the standards by this share counts as outside: rounding, no more.
const EDGE: f64 = 1e-9;

/// Everything a run says.
pub fn analyse(run: &Run, injections: &[Injection], traces: &Traces) -> Report {
    let mut diagnostics = method::warnings(run);
    let mut measured = Vec::new();
    for injection in injections {
        match measure(run, injection, traces.by_name.get(&injection.name.value)) {
            Ok(found) => {
                diagnostics.extend(remarks(run, &found, traces));
                measured.push(found);
            }
            Err(problem) => diagnostics.push(*problem),
        }
    }
    for name in traces.by_name.keys().filter(|n| !injections.iter().any(|i| i.name.value == **n)) {
        let message = format!("the chromatogram `{name}` belongs to no injection and is not used");
        diagnostics.push(Diagnostic::warning("gsh/unused-chromatogram", message));
    }
    let mut report = Report {
        measured,
        calibration: None,
        range: None,
        limits: None,
        outcomes: Vec::new(),
        checks: Vec::new(),
        accepted: false,
        diagnostics,
    };
    if hepatica_source::has_errors(&report.diagnostics) {
        return report;
    }
    match run.endogenous {
        Endogenous::StandardAddition => additions(run, &mut report),
        _ => by_calibration(run, &mut report),
    }
    report
}

fn measure(run: &Run, injection: &Injection, trace: Option<&Trace>) -> Result<Measured, Box<Diagnostic>> {
    let name = &injection.name;
    let mut flags = Vec::new();
    if run.chromatograms.is_none() {
        let area = injection.area.unwrap_or(0.0);
        return Ok(Measured {
            injection: injection.clone(),
            peak: None,
            area,
            internal: None,
            response: area,
            chromatogram: None,
            flags,
        });
    }
    let Some(trace) = trace else {
        let message = format!("injection `{}` has no chromatogram", name.value);
        return Err(Box::new(Diagnostic::error("gsh/no-chromatogram", message).at(name.span, "")));
    };
    let options = Options { ceiling: run.ceiling, ..Options::default() };
    let whole = chromatogram::analyse(&trace.time, &trace.signal, &options).map_err(|why| {
        let message = format!("the chromatogram of `{}` cannot be read: {why}", name.value);
        Box::new(Diagnostic::error("gsh/chromatogram", message).at(name.span, ""))
    })?;
    let pick = |(at, window): (f64, f64)| -> Option<Peak> {
        let near = whole.peaks.iter().filter(|p| (p.retention - at).abs() <= window);
        near.min_by(|a, b| (a.retention - at).abs().total_cmp(&(b.retention - at).abs())).cloned()
    };
    let peak = pick(run.retention);
    let internal = run.internal.map(|place| pick(place).map_or(0.0, |p| p.area));
    let area = peak.as_ref().map_or(0.0, |p| p.area);
    let response = match internal {
        Some(internal) if internal > 0.0 => area / internal,
        Some(_) => f64::NAN,
        None => area,
    };
    if let Some(peak) = &peak {
        flags.extend(peak.clipped.then_some("gsh/clipped"));
        flags.extend(peak.fused.then_some("gsh/fused"));
        flags.extend((!peak.fitted).then_some("gsh/not-fitted"));
    }
    let expects = !matches!(injection.role, Role::Blank | Role::Zero | Role::CarryOver);
    flags.extend((expects && peak.is_none()).then_some("gsh/no-peak"));
    flags.extend((expects && internal == Some(0.0)).then_some("gsh/no-internal-standard"));
    flags.extend(injection.haemolysed.then_some("gsh/haemolysed"));
    Ok(Measured {
        injection: injection.clone(),
        peak,
        area,
        internal,
        response,
        chromatogram: Some(whole),
        flags,
    })
}

/// What a person should know of an injection, with its place.
fn remarks(run: &Run, found: &Measured, traces: &Traces) -> Vec<Diagnostic> {
    let name = &found.injection.name;
    let one = |code: &&'static str| {
        let (message, hint) = match *code {
            "gsh/clipped" => (
                format!("the detector is saturated in `{}`", name.value),
                "dilute or lower the gain; the area is that of a fitted profile and is not used for calibration",
            ),
            "gsh/fused" => (
                format!("the peak of `{}` is not parted from its neighbour", name.value),
                "its area is shared by fitted profiles; a better separation would settle it",
            ),
            "gsh/no-peak" => (
                format!("`{}` has no peak within {} of {} min", name.value, run.retention.1, run.retention.0),
                "check retention and window",
            ),
            "gsh/no-internal-standard" => {
                (format!("`{}` has no peak of the internal standard", name.value), "it has no response")
            }
            "gsh/haemolysed" => (
                format!("`{}` is haemolysed", name.value),
                "red cells hold about a thousand times as much glutathione as plasma; the result is too high",
            ),
            _ => (format!("no profile could be fitted to the peak of `{}`", name.value), "look at it"),
        };
        let clipped = found.chromatogram.as_ref().and_then(|c| c.clipped.first());
        let place = match (*code, clipped, traces.by_name.get(&name.value)) {
            ("gsh/clipped", Some(i), Some(trace)) => trace.places[*i],
            _ => name.span,
        };
        Diagnostic::warning(code, message).at(place, "").hint(hint)
    };
    found.flags.iter().map(one).collect()
}

fn by_calibration(run: &Run, report: &mut Report) {
    let usable = |m: &&Measured| m.response.is_finite() && !m.flags.contains(&"gsh/clipped");
    let zeros: Vec<f64> =
        report.measured.iter().filter(|m| m.injection.role == Role::Zero).map(|m| m.response).collect();
    let background = match run.endogenous {
        Endogenous::BackgroundSubtraction if zeros.is_empty() => {
            let message =
                "background subtraction needs injections of the unspiked pool, with the role `zero`";
            report.diagnostics.push(Diagnostic::error("gsh/no-pool", message).at(run.sequence.span, ""));
            return;
        }
        Endogenous::BackgroundSubtraction => zeros.iter().sum::<f64>() / zeros.len() as f64,
        _ => 0.0,
    };
    let standards: Vec<Standard> = report
        .measured
        .iter()
        .enumerate()
        .filter(|(_, m)| m.injection.role == Role::Standard && usable(m))
        .map(|(row, m)| Standard {
            nominal: m.injection.nominal.unwrap_or(f64::NAN),
            response: m.response - background,
            row,
        })
        .collect();
    let calibration = match calibrate(&standards) {
        Ok(calibration) => calibration,
        Err(error) => {
            let message = format!("there is no calibration from {} standards: {error}", standards.len());
            report.diagnostics.push(
                Diagnostic::error("gsh/no-calibration", message)
                    .at(run.sequence.span, "in this sequence")
                    .hint("at least six levels above zero are needed (ICH M10), three for any line"),
            );
            return;
        }
    };
    if calibration.line.slope <= 0.0 {
        let message = "the response falls with the concentration of the standards";
        report.diagnostics.push(
            Diagnostic::error("gsh/falling", message)
                .at(run.sequence.span, "in this sequence")
                .hint("check that the nominal concentrations and the injections belong together"),
        );
        return;
    }
    report.range = calibration.range;
    report.limits = Some(calibration.limits());
    let order = grouped(&report.measured, &[Role::Sample]);
    for group in order {
        let outcome = outcome(run, &calibration, &group);
        report.outcomes.push(outcome);
    }
    (report.checks, report.accepted) = accept::checks(run, &report.measured, &calibration);
    report.calibration = Some(calibration);
}

/// Injections of roles by group and dilution, in the order of the sequence.
fn grouped<'m>(measured: &'m [Measured], roles: &[Role]) -> Vec<Vec<&'m Measured>> {
    let mut places: BTreeMap<(&str, u64), usize> = BTreeMap::new();
    let mut groups: Vec<Vec<&Measured>> = Vec::new();
    for m in measured.iter().filter(|m| roles.contains(&m.injection.role)) {
        let key = (m.injection.group.as_str(), m.injection.dilution.to_bits());
        let place = *places.entry(key).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Vec::new());
        }
        groups[place].push(m);
    }
    groups
}

fn outcome(run: &Run, calibration: &Calibration, group: &[&Measured]) -> Outcome {
    let found: Vec<f64> = group.iter().map(|m| m.response).filter(|r| r.is_finite()).collect();
    let n = u32::try_from(found.len()).unwrap_or(u32::MAX);
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    let read = calibration.read(mean, n);
    let mut flags: Vec<&'static str> = group.iter().flat_map(|m| m.flags.iter().copied()).collect();
    match calibration.range {
        Some((low, _)) if read.value < low * (1.0 - EDGE) => flags.push("gsh/below-lloq"),
        Some((_, high)) if read.value > high * (1.0 + EDGE) => flags.push("gsh/extrapolated"),
        Some(_) => {}
        None => flags.push("gsh/no-range"),
    }
    finish(run, group, read, flags)
}

fn finish(run: &Run, group: &[&Measured], read: Concentration, mut flags: Vec<&'static str>) -> Outcome {
    let first = &group[0].injection;
    let factor = run.dilution.factor() * first.dilution;
    flags.sort_unstable();
    flags.dedup();
    let barred = [
        "gsh/below-lloq",
        "gsh/extrapolated",
        "gsh/no-range",
        "gsh/clipped",
        "gsh/no-peak",
        "gsh/no-internal-standard",
        "gsh/not-fitted",
        "gsh/haemolysed",
    ];
    Outcome {
        sample: first.group.clone(),
        injections: group.len(),
        factor,
        result: Concentration {
            value: read.value * factor,
            u: read.u * factor,
            interval: read
                .interval
                .map(|i| hepatica_stats::Interval { low: i.low * factor, high: i.high * factor }),
        },
        reportable: read.value.is_finite() && !flags.iter().any(|f| barred.contains(f)),
        read,
        flags,
    }
}

/// Each sample against its own additions.
fn additions(run: &Run, report: &mut Report) {
    for group in grouped(&report.measured, &[Role::Sample, Role::Addition]) {
        let usable = group.iter().filter(|m| m.response.is_finite() && !m.flags.contains(&"gsh/clipped"));
        let (added, response): (Vec<f64>, Vec<f64>) =
            usable.map(|m| (m.injection.nominal.unwrap_or(0.0), m.response)).unzip();
        let first = &group[0].injection.name;
        match standard_addition(&added, &response) {
            Ok(read) => {
                let mut flags: Vec<&'static str> =
                    group.iter().flat_map(|m| m.flags.iter().copied()).collect();
                if read.interval.is_none() {
                    flags.push("gsh/no-slope");
                }
                let outcome = finish(run, &group, read, flags);
                report.outcomes.push(outcome);
            }
            Err(error) => {
                let message =
                    format!("no line through the additions to `{}`: {error}", group[0].injection.group);
                report.diagnostics.push(
                    Diagnostic::error("gsh/no-additions", message)
                        .at(first.span, "")
                        .hint("a sample needs itself and at least two additions of different size"),
                );
            }
        }
    }
    // Without standards and QCs of their own nothing is accepted by ICH M10; each result stands on its line.
    report.checks = accept::carry_over(&report.measured, None);
}
