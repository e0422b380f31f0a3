//! Traces -> scores, groups, comparisons.

use hepatica_source::Diagnostic;
use hepatica_stats::groups::{Group, holm, welch};

use super::{Animal, Definition, GroupResult, Report, Run, Score, Scored};
use crate::check::{Check, Limit};
use crate::spread::LEVEL;
use crate::trace::{Trace, Traces};

/// Drift over the baseline, share of it: a baseline that moves more is none (assumed).
const MOST_DRIFT: f64 = 0.10;
const PRACTICE: &str = "common practice for the preparation (assumed)";
/// Of the peak, what is left at recovery.
const LEFT: f64 = 0.5;
/// Breaths of which the median is taken, so that one cough is no peak.
const SMOOTHED: usize = 5;
/// The fewest breaths of a baseline.
const FEWEST: usize = 10;

/// Scores of all animals, groups and their comparison with the reference.
pub fn analyse(run: &Run, animals: &[Animal], traces: &Traces) -> Report {
    let mut report =
        Report { scored: Vec::new(), groups: Vec::new(), checks: Vec::new(), diagnostics: Vec::new() };
    for animal in animals {
        let name = &animal.name;
        let found = match traces.by_name.get(&name.value) {
            Some(trace) => score_animal(run, animal, trace),
            None => Err(format!("animal `{}` has no trace", name.value)),
        };
        match found {
            Ok(scored) => {
                report.diagnostics.extend(remarks(&scored));
                report.scored.push(scored);
            }
            Err(message) => {
                report.diagnostics.push(Diagnostic::error("airway/no-score", message).at(name.span, ""));
            }
        }
    }
    report.groups = groups(run, animals, &report.scored);
    report.checks = checks(&report.scored);
    report
}

/// The share of a breath by which a point may lie before its edge and still belong behind it: far more than the rounding of a
/// time, far less than the distance of two samples.
const ROUNDING: f64 = 1e-6;

/// The largest value of every breath, at its time.
fn envelope(trace: &Trace, breath_min: Option<f64>) -> Vec<(f64, f64)> {
    let points = trace.time.iter().copied().zip(trace.signal.iter().copied());
    let Some(breath) = breath_min else { return points.collect() };
    let start = trace.time.first().copied().unwrap_or(0.0);
    let mut out: Vec<(i64, (f64, f64))> = Vec::new();
    for (t, y) in points {
        // Times are rounded when their unit is converted. Without room for that a point at the edge of a breath may fall into
        // the one before, and a breath of two points is left with its lower one: the baseline would be too low.
        let number = ((t - start) / breath + ROUNDING).floor() as i64;
        match out.last_mut() {
            Some((last, held)) if *last == number => {
                if y > held.1 {
                    *held = (t, y);
                }
            }
            _ => out.push((number, (t, y))),
        }
    }
    out.into_iter().map(|(_, point)| point).collect()
}

fn score_animal(run: &Run, animal: &Animal, trace: &Trace) -> Result<Scored, String> {
    let breaths = envelope(trace, run.breath_min);
    let (score, response) = score(run, animal, &breaths, animal.dose_min)?;
    let standard_peak = match animal.standard_min {
        Some(at) => Some(score_at(run, animal, &breaths, at)?.peak),
        None => None,
    };
    let mut flags = Vec::new();
    flags.extend((score.drift.abs() > MOST_DRIFT).then_some("airway/unsteady-baseline"));
    flags.extend(score.recovery_min.is_none().then_some("airway/not-recovered"));
    let end = trace.time.last().copied().unwrap_or(f64::NEG_INFINITY);
    flags.extend((end < animal.dose_min + run.window_min * 0.99).then_some("airway/short-trace"));
    flags.extend(animal.standard_min.is_none().then_some("airway/no-standard"));
    let above = run.definition == Definition::Overflow && response.iter().any(|(_, r)| *r > 100.0);
    flags.extend(above.then_some("airway/above-maximum"));
    let standardised = standard_peak.filter(|s| *s > 0.0).map(|s| 100.0 * score.peak / s);
    Ok(Scored { animal: animal.clone(), response, score, standard_peak, standardised, flags })
}

fn score_at(run: &Run, animal: &Animal, breaths: &[(f64, f64)], at: f64) -> Result<Score, String> {
    score(run, animal, breaths, at).map(|(score, _)| score)
}

/// Baseline before and response after a dose.
fn score(
    run: &Run,
    animal: &Animal,
    breaths: &[(f64, f64)],
    at: f64,
) -> Result<(Score, Vec<(f64, f64)>), String> {
    let name = &animal.name.value;
    let before: Vec<(f64, f64)> =
        breaths.iter().copied().filter(|(t, _)| (at - run.baseline_min..at).contains(t)).collect();
    if before.len() < FEWEST {
        let n = before.len();
        return Err(format!(
            "animal `{name}` has {n} values of baseline before {at:.2} min; {FEWEST} are needed"
        ));
    }
    let baseline = before.iter().map(|(_, y)| y).sum::<f64>() / before.len() as f64;
    let (t, y): (Vec<f64>, Vec<f64>) = before.iter().copied().unzip();
    let slope = hepatica_stats::regression::fit_line(&t, &y, None).map_or(0.0, |line| line.slope);
    let span = match (run.definition, animal.clamped) {
        (Definition::PressureRise, _) if baseline > 0.0 => baseline,
        (Definition::PressureRise, _) => {
            return Err(format!("the baseline pressure of animal `{name}` is not above zero"));
        }
        (Definition::Overflow, Some(most)) if most > baseline => most - baseline,
        (Definition::Overflow, _) => {
            return Err(format!(
                "the overflow of animal `{name}` with the trachea clamped is not above its baseline"
            ));
        }
    };
    let after: Vec<(f64, f64)> = breaths
        .iter()
        .filter(|(t, _)| (at..=at + run.window_min * (1.0 + 1e-9)).contains(t))
        .map(|(t, y)| (t - at, 100.0 * (y - baseline) / span))
        .collect();
    if after.len() < FEWEST {
        return Err(format!("animal `{name}` has no response after {at:.2} min"));
    }
    let smooth = smoothed(&after);
    let (peak_min, peak) =
        smooth.iter().copied().fold((0.0, f64::NEG_INFINITY), |a, b| if b.1 > a.1 { b } else { a });
    let area = after.windows(2).map(|w| 0.5 * (w[0].1 + w[1].1) * (w[1].0 - w[0].0)).sum();
    let recovered = smooth.iter().find(|(t, r)| *t > peak_min && *r <= LEFT * peak);
    let scale = if run.definition == Definition::PressureRise { baseline } else { span };
    let score = Score {
        baseline,
        drift: slope * run.baseline_min / scale,
        peak,
        peak_min,
        area,
        recovery_min: recovered.map(|(t, _)| t - peak_min),
    };
    Ok((score, after))
}

/// Running medians of [`SMOOTHED`] values.
fn smoothed(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let reach = SMOOTHED / 2;
    let median = |k: usize| {
        let mut near: Vec<f64> =
            points[k.saturating_sub(reach)..=(k + reach).min(points.len() - 1)].iter().map(|p| p.1).collect();
        near.sort_by(f64::total_cmp);
        0.5 * (near[(near.len() - 1) / 2] + near[near.len() / 2])
    };
    (0..points.len()).map(|k| (points[k].0, median(k))).collect()
}

fn groups(run: &Run, animals: &[Animal], scored: &[Scored]) -> Vec<GroupResult> {
    let mut names: Vec<&str> = Vec::new();
    for animal in animals {
        if !names.contains(&animal.group.as_str()) {
            names.push(&animal.group);
        }
    }
    let peaks = |name: &str| -> Vec<f64> {
        scored.iter().filter(|s| s.animal.group == name).map(|s| s.score.peak).collect()
    };
    let reference = Group::of(&peaks(&run.reference)).ok();
    let mut out: Vec<GroupResult> = names
        .iter()
        .map(|name| {
            let values = peaks(name);
            let group = Group::of(&values).ok();
            let others = (*name != run.reference).then_some(()).and(group).zip(reference);
            GroupResult {
                name: (*name).to_string(),
                mean: values.iter().sum::<f64>() / values.len() as f64,
                n: values.len(),
                peaks: group,
                against: others.and_then(|(group, reference)| welch(&group, &reference, LEVEL).ok()),
                p_holm: None,
            }
        })
        .collect();
    let raw: Vec<f64> = out.iter().filter_map(|g| g.against.map(|t| t.p)).collect();
    let mut adjusted = holm(&raw).into_iter();
    for group in out.iter_mut().filter(|g| g.against.is_some()) {
        group.p_holm = adjusted.next();
    }
    out
}

fn checks(scored: &[Scored]) -> Vec<Check> {
    let drift = |s: &Scored| Check {
        code: "airway/baseline",
        what: format!("drift over the baseline, animal {}", s.animal.name.value),
        found: 100.0 * s.score.drift.abs(),
        limit: Limit::AtMost(100.0 * MOST_DRIFT),
        unit: "%",
        source: PRACTICE,
    };
    scored.iter().map(drift).collect()
}

fn remarks(scored: &Scored) -> Vec<Diagnostic> {
    let name = &scored.animal.name;
    let one = |code: &&'static str| {
        let message = match *code {
            "airway/unsteady-baseline" => format!("the baseline of animal `{}` drifts", name.value),
            "airway/not-recovered" => format!("animal `{}` does not fall to half of its peak", name.value),
            "airway/short-trace" => format!("the trace of animal `{}` ends within the window", name.value),
            "airway/above-maximum" => {
                format!("animal `{}` has more overflow than with the trachea clamped", name.value)
            }
            _ => format!("animal `{}` had no standard; its peak stands alone", name.value),
        };
        Diagnostic::warning(code, message).at(name.span, "")
    };
    scored.flags.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_breath_keeps_its_highest_point_although_minutes_round() {
        // Two samples to a breath of 4 s, given in seconds and kept in minutes.
        let samples = 0..540;
        let time: Vec<f64> = samples.clone().map(|k| f64::from(2 * k) / 60.0).collect();
        let signal: Vec<f64> = samples.map(|k| if k % 2 == 0 { 9.0 } else { 3.6 }).collect();
        let places = Vec::new();
        let breaths = envelope(&Trace { time, signal, places }, Some(4.0 / 60.0));
        assert_eq!(breaths.len(), 270);
        assert!(breaths.iter().all(|(_, top)| *top == 9.0));
    }
}
