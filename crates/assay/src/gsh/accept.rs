//! Acceptance of a run: ICH M10, Bioanalytical Method Validation and Study Sample Analysis, adopted 24 May 2022.

use super::{Endogenous, Measured, Role, Run};
use crate::calibration::{Calibration, TOLERANCE, standard_addition};
use crate::check::{Check, Limit};
use crate::spread::variation;

const CALIBRATION: &str = "ICH M10 (2022), 3.2.4";
const CARRY_OVER: &str = "ICH M10 (2022), 3.2.6";
const DILUTION: &str = "ICH M10 (2022), 3.2.7";
const SELECTIVITY: &str = "ICH M10 (2022), 3.2.1";
const RUN: &str = "ICH M10 (2022), 3.3.2";
const ENDOGENOUS: &str = "ICH M10 (2022), 7.1 (limit of 15 % assumed)";

/// All checks, and whether the run is accepted: standards, QCs and carry-over as they must be.
pub(super) fn checks(run: &Run, measured: &[Measured], calibration: &Calibration) -> (Vec<Check>, bool) {
    let mut checks = standards(calibration);
    checks.extend(quality_controls(measured, calibration));
    checks.extend(carry_over(measured, lloq_response(measured, calibration)));
    let accepted = checks.iter().all(Check::passed);
    checks.extend(lowest(measured, calibration));
    checks.extend(diluted(measured, calibration));
    if run.endogenous == Endogenous::SurrogateMatrix {
        checks.extend(parallel(measured, calibration));
    }
    (checks, accepted)
}

fn check(
    code: &'static str,
    what: impl Into<String>,
    found: f64,
    rule: (Limit, &'static str, &'static str),
) -> Check {
    let (limit, unit, source) = rule;
    Check { code, what: what.into(), found, limit, unit, source }
}

fn standards(calibration: &Calibration) -> Vec<Check> {
    let all = calibration.standards.len() as f64;
    let passed = calibration.standards.iter().filter(|s| s.passed).count() as f64;
    let levels = calibration.levels_passed() as f64;
    vec![
        check("m10/levels", "calibration levels that passed", levels, (Limit::AtLeast(6.0), "", CALIBRATION)),
        check(
            "m10/standards",
            "standards within 15 % (20 % at the LLOQ)",
            100.0 * passed / all,
            (Limit::AtLeast(75.0), "%", CALIBRATION),
        ),
    ]
}

/// Relative errors of QCs by level, in the order of the sequence.
fn errors<'m>(measured: &'m [Measured], calibration: &Calibration, role: Role) -> Vec<(&'m str, Vec<f64>)> {
    let mut levels: Vec<(&str, Vec<f64>)> = Vec::new();
    for m in measured.iter().filter(|m| m.injection.role == role) {
        let found = calibration.line.inverse(m.response) * m.injection.dilution;
        let error = found / m.injection.nominal.unwrap_or(f64::NAN) - 1.0;
        match levels.iter_mut().find(|(name, _)| *name == m.injection.group) {
            Some((_, errors)) => errors.push(error),
            None => levels.push((&m.injection.group, vec![error])),
        }
    }
    levels
}

fn quality_controls(measured: &[Measured], calibration: &Calibration) -> Vec<Check> {
    let levels = errors(measured, calibration, Role::Qc);
    let good = |errors: &[f64]| errors.iter().filter(|e| e.abs() <= TOLERANCE).count() as f64;
    let all: Vec<f64> = levels.iter().flat_map(|(_, e)| e.iter().copied()).collect();
    let mut out = vec![check(
        "m10/qc-levels",
        "levels of QCs with two or more injections",
        levels.iter().filter(|(_, e)| e.len() >= 2).count() as f64,
        (Limit::AtLeast(3.0), "", RUN),
    )];
    if all.is_empty() {
        return out;
    }
    // Two thirds, less the rounding of a division.
    let share = 100.0 * good(&all) / all.len() as f64;
    out.push(check("m10/qc", "QCs within 15 %", share, (Limit::AtLeast(66.66), "%", RUN)));
    for (level, errors) in &levels {
        let share = 100.0 * good(errors) / errors.len() as f64;
        let what = format!("QCs `{level}` within 15 %");
        out.push(check("m10/qc-level", what, share, (Limit::AtLeast(50.0), "%", RUN)));
    }
    out
}

/// Mean response of the lowest standards that passed.
fn lloq_response(measured: &[Measured], calibration: &Calibration) -> Option<(f64, f64)> {
    let (low, _) = calibration.range?;
    let at = |m: &&Measured| m.injection.role == Role::Standard && m.injection.nominal == Some(low);
    let areas: Vec<f64> = measured.iter().filter(at).map(|m| m.area).collect();
    let internal: Vec<f64> = measured.iter().filter(at).filter_map(|m| m.internal).collect();
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    (!areas.is_empty()).then(|| (mean(&areas), mean(&internal)))
}

/// What a blank after the highest standard shows, against the lowest one.
pub(super) fn carry_over(measured: &[Measured], lloq: Option<(f64, f64)>) -> Vec<Check> {
    let Some((lloq, internal)) = lloq else { return Vec::new() };
    let mut out = Vec::new();
    for m in measured.iter().filter(|m| m.injection.role == Role::CarryOver) {
        let what = format!("carry-over in `{}`, of the LLOQ", m.injection.name.value);
        out.push(check(
            "m10/carry-over",
            what,
            100.0 * m.area / lloq,
            (Limit::AtMost(20.0), "%", CARRY_OVER),
        ));
        if let Some(found) = m.internal
            && internal > 0.0
        {
            let what = format!("carry-over of the internal standard in `{}`", m.injection.name.value);
            let share = 100.0 * found / internal;
            out.push(check("m10/carry-over-is", what, share, (Limit::AtMost(5.0), "%", CARRY_OVER)));
        }
    }
    out
}

/// Blanks and the lowest standard.
fn lowest(measured: &[Measured], calibration: &Calibration) -> Vec<Check> {
    let mut out = Vec::new();
    let Some((lloq, _)) = lloq_response(measured, calibration) else { return out };
    for m in measured.iter().filter(|m| m.injection.role == Role::Blank) {
        let what = format!("response of blank `{}`, of the LLOQ", m.injection.name.value);
        out.push(check("m10/blank", what, 100.0 * m.area / lloq, (Limit::AtMost(20.0), "%", SELECTIVITY)));
    }
    let low = calibration.range.map(|(low, _)| low);
    let at = |m: &&Measured| m.injection.role == Role::Standard && m.injection.nominal == low;
    for m in measured.iter().filter(at) {
        let Some(peak) = &m.peak else { continue };
        let what = format!("signal to noise of the LLOQ `{}`", m.injection.name.value);
        let rule = (Limit::AtLeast(5.0), "", CALIBRATION);
        out.push(check("m10/lloq-noise", what, peak.signal_to_noise, rule));
    }
    out
}

/// Samples above the range, diluted into it.
fn diluted(measured: &[Measured], calibration: &Calibration) -> Vec<Check> {
    let mut out = Vec::new();
    for (level, errors) in errors(measured, calibration, Role::DilutionQc) {
        let n = errors.len() as f64;
        let mean = 100.0 * errors.iter().sum::<f64>() / n;
        let what = |what: &str| format!("{what} of diluted QCs `{level}`");
        let count = (Limit::AtLeast(5.0), "", DILUTION);
        out.push(check("m10/dilution-n", what("number"), n, count));
        let within = (Limit::Within(-15.0, 15.0), "%", DILUTION);
        out.push(check("m10/dilution-bias", what("mean error"), mean, within));
        let found: Vec<f64> = errors.iter().map(|e| 1.0 + e).collect();
        if let Some(v) = variation(&found) {
            out.push(check(
                "m10/dilution-cv",
                what("variation"),
                100.0 * v,
                (Limit::AtMost(15.0), "%", DILUTION),
            ));
        }
    }
    out
}

/// The slope of additions to a sample over that of the standards.
fn parallel(measured: &[Measured], calibration: &Calibration) -> Vec<Check> {
    let mut pools: Vec<&str> = Vec::new();
    for m in measured.iter().filter(|m| m.injection.role == Role::Addition) {
        if !pools.contains(&m.injection.group.as_str()) {
            pools.push(&m.injection.group);
        }
    }
    let mut out = Vec::new();
    for pool in pools {
        let added_to =
            measured.iter().find(|m| m.injection.role == Role::Addition && m.injection.group == pool);
        let dilution = added_to.map_or(1.0, |m| m.injection.dilution);
        let own = measured.iter().filter(|m| {
            let role = matches!(m.injection.role, Role::Sample | Role::Addition);
            role && m.injection.group == pool && m.injection.dilution == dilution
        });
        let (added, response): (Vec<f64>, Vec<f64>) =
            own.map(|m| (m.injection.nominal.unwrap_or(0.0), m.response)).unzip();
        if standard_addition(&added, &response).is_err() {
            continue;
        }
        let Ok(line) = hepatica_stats::regression::fit_line(&added, &response, None) else { continue };
        let ratio = 100.0 * (line.slope / calibration.line.slope - 1.0);
        let what = format!("slope of additions to `{pool}` against the standards");
        let rule = (Limit::Within(-15.0, 15.0), "%", ENDOGENOUS);
        out.push(check("m10/parallelism", what, ratio, rule));
    }
    out
}
