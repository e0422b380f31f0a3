//! Tubes -> activities.

use hepatica_source::{Diagnostic, Span};

use super::{Activity, Report, Role, Run, Tube, nmol_per_min_mg};
use crate::calibration::{Calibration, Standard, calibrate};
use crate::check::{Check, Limit};
use crate::spread::{Uncertain, variation};

const PRACTICE: &str = "common practice for end-point assays (assumed)";
const CALIBRATION: &str = "ICH M10 (2022), 3.2.4";
/// Substrate used up beyond which the mean rate falls short of the first one: common practice.
const MOST_USED: f64 = 0.10;
const MOST_VARIATION: f64 = 0.15;

/// Activities of all samples.
pub fn analyse(run: &Run, tubes: &[Tube]) -> Report {
    let mut report = Report {
        calibration: None,
        activities: Vec::new(),
        checks: Vec::new(),
        diagnostics: losses(run, tubes),
    };
    let standards: Vec<Standard> = tubes
        .iter()
        .enumerate()
        .filter(|(_, t)| t.role == Role::Standard)
        .map(|(row, t)| Standard { nominal: t.nominal.unwrap_or(f64::NAN), response: t.area, row })
        .collect();
    let calibration = match calibrate(&standards) {
        Ok(calibration) if calibration.line.slope > 0.0 => calibration,
        other => {
            let why = other.map_or_else(|e| e.to_string(), |_| "areas fall with the concentration".into());
            let message = format!("there is no calibration from {} standards: {why}", standards.len());
            report.diagnostics.push(
                Diagnostic::error("ligase/no-calibration", message)
                    .at(run.tubes.span, "in this table")
                    .hint("at least three standards above zero at different levels are needed"),
            );
            return report;
        }
    };
    let mut samples: Vec<&Tube> = Vec::new();
    for tube in tubes.iter().filter(|t| t.role == Role::Sample) {
        match samples.iter().find(|first| first.sample == tube.sample) {
            None => samples.push(tube),
            Some(first) if first.protein != tube.protein => report.diagnostics.push(
                Diagnostic::error("ligase/differs", format!("protein of sample `{}` differs", tube.sample))
                    .at(tube.name.span, "")
                    .at(first.name.span, "from this tube")
                    .hint("give what differs a sample name of its own"),
            ),
            Some(_) => {}
        }
    }
    for first in samples {
        let (activity, found) = activity(run, (tubes, first), &calibration);
        report.diagnostics.extend(found);
        report.activities.push(activity);
    }
    report.checks = checks(run, &report, &calibration, tubes);
    report.calibration = Some(calibration);
    report
}

/// Product of tubes in the reaction, umol/L.
fn product(run: &Run, calibration: &Calibration, tube: &Tube) -> f64 {
    let factor = run.dilution.factor();
    (calibration.line.inverse(tube.area) + tube.gsh.unwrap_or(0.0)) * factor
}

fn activity(
    run: &Run,
    (tubes, first): (&[Tube], &Tube),
    calibration: &Calibration,
) -> (Activity, Vec<Diagnostic>) {
    let (mut flags, mut diagnostics) = (Vec::new(), Vec::new());
    let of = |role: Role| -> Vec<&Tube> {
        tubes.iter().filter(|t| t.role == role && t.sample == first.sample).collect()
    };
    let values =
        |tubes: &[&Tube]| -> Vec<f64> { tubes.iter().map(|t| product(run, calibration, t)).collect() };
    let (own, own_blank) = (of(Role::Sample), of(Role::Blank));
    let reagents: Vec<&Tube> = tubes.iter().filter(|t| t.role == Role::Reagents).collect();
    let blank = if own_blank.is_empty() { &reagents } else { &own_blank };
    if own_blank.is_empty() {
        flags.push("ligase/no-blank");
        let message = format!("sample `{}` has no blank of its own", first.sample);
        diagnostics.push(
            Diagnostic::warning("ligase/no-blank", message).at(first.name.span, "").hint(
                "stop one tube at time zero, or add BSO; gamma-GC and GSH of the sample count as product",
            ),
        );
    }
    let mean = |values: &[f64]| Uncertain::mean(values);
    let own_values = values(&own);
    let top = mean(&own_values).unwrap_or(Uncertain::exact(f64::NAN));
    let net = match mean(&values(blank)) {
        // One blank alone has the spread of nothing; it is taken to be as uncertain as a tube of the sample.
        Some(blank) if !blank.u.is_finite() => {
            let u = top.u * (own.len() as f64).sqrt();
            top.minus(Uncertain { u, df: top.df, ..blank })
        }
        Some(blank) => top.minus(blank),
        None => top,
    };
    let slope_share = calibration.line.slope_se / calibration.line.slope;
    let line = Uncertain { value: 0.0, u: net.value * slope_share, df: calibration.line.df };
    let product = net.minus(line);
    let protein_mg = first.protein.unwrap_or(f64::NAN) * run.sample_ml;
    let activity = product.times(nmol_per_min_mg(1.0, run.reaction_ml, run.minutes, protein_mg));
    if activity.interval().is_some_and(|i| i.low <= 0.0) {
        flags.push("ligase/not-above-blank");
    }
    if let Some((low, high)) = calibration.range {
        let reads = own.iter().map(|t| (t, calibration.line.inverse(t.area)));
        for (tube, read) in reads {
            let code = match read {
                r if r > high * (1.0 + 1e-9) => "ligase/extrapolated",
                r if r < low * (1.0 - 1e-9) => "ligase/below-lowest-standard",
                _ => continue,
            };
            flags.push(code);
            let message = format!("tube `{}` reads {read:.3} umol/L, outside the standards", tube.name.value);
            diagnostics.push(Diagnostic::warning(code, message).at(tube.name.span, ""));
        }
    }
    if variation(&own_values).is_some_and(|v| v > MOST_VARIATION) {
        flags.push("ligase/variation");
    }
    flags.sort_unstable();
    flags.dedup();
    let gsh = |tubes: &[&Tube]| {
        let found: Vec<f64> = tubes.iter().filter_map(|t| t.gsh).collect();
        mean(&found).map(|m| m.value * run.dilution.factor())
    };
    let as_gsh = gsh(&own).zip(gsh(blank)).map(|(own, blank)| own - blank);
    let out = Activity { sample: first.sample.clone(), tubes: own.len(), product, as_gsh, activity, flags };
    (out, diagnostics)
}

fn checks(run: &Run, report: &Report, calibration: &Calibration, tubes: &[Tube]) -> Vec<Check> {
    let mut out = vec![Check {
        code: "ligase/levels",
        what: "calibration levels that passed".into(),
        found: calibration.levels_passed() as f64,
        limit: Limit::AtLeast(6.0),
        unit: "",
        source: CALIBRATION,
    }];
    for activity in &report.activities {
        if let Some(cysteine) = run.cysteine {
            out.push(Check {
                code: "ligase/substrate",
                what: format!("cysteine used by sample {}", activity.sample),
                found: 100.0 * activity.product.value / cysteine,
                limit: Limit::AtMost(100.0 * MOST_USED),
                unit: "%",
                source: PRACTICE,
            });
        }
        let own = tubes.iter().filter(|t| t.role == Role::Sample && t.sample == activity.sample);
        let values: Vec<f64> = own.map(|t| product(run, calibration, t)).collect();
        if let Some(found) = variation(&values) {
            out.push(Check {
                code: "ligase/variation",
                what: format!("variation of tubes, sample {}", activity.sample),
                found: 100.0 * found,
                limit: Limit::AtMost(100.0 * MOST_VARIATION),
                unit: "%",
                source: PRACTICE,
            });
        }
    }
    out
}

/// What becomes of the product besides, as far as it is stated.
fn losses(run: &Run, tubes: &[Tube]) -> Vec<Diagnostic> {
    let at = Span { end: run.place.start + 1, ..run.place };
    let mut out = Vec::new();
    let counted = tubes.iter().filter(|t| t.role == Role::Sample).all(|t| t.gsh.is_some());
    if !counted && run.synthetase_idle != Some(true) {
        let message = "glutathione synthetase turns gamma-GC into GSH, and GSH is not counted: the activity is a lower bound";
        out.push(Diagnostic::warning("ligase/synthetase", message).at(at, "").hint(
            "add a column gsh (umol/L), remove glycine and set synthetase_idle = true, or shorten the time",
        ));
    }
    if run.ggt_inhibited != Some(true) {
        let message = "gamma-glutamyltransferase breaks gamma-GC and GSH down and is not stated to be inhibited: the activity is a lower bound";
        out.push(
            Diagnostic::warning("ligase/transferase", message)
                .at(at, "")
                .hint("add acivicin or serine-borate and set ggt_inhibited = true"),
        );
    }
    out
}
