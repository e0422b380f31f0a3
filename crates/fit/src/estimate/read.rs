//! The `[fit]` of a study text -> FitPlan.

use hepatica_source::table::{self, Kind, Problems, Table};
use hepatica_source::{Diagnostic, FileId, SourceMap, Span, Spanned};
use hepatica_stats::regression::Scale;
use hepatica_trial::study::Override;
use hepatica_trial::{parse_quantity, quantity_of};
use hepatica_unit::Unit;

use super::measure::{What, Window};
use super::plan::{ArmMeasure, CurveData, Early, Estimated, FitPlan, Prior, Target};
use crate::curve::Analyte;

/// Starts where a study does not say how many.
const STARTS: usize = 5;
/// Starts that are tried at most.
const MAX_STARTS: f64 = 1000.0;
/// Points of a window where a target does not say how far apart.
const POINTS: f64 = 400.0;
/// Points of a window at most.
const MAX_POINTS: f64 = 1e5;

/// Reads the `[fit]` of a study; the rest of the text is the study's. `None` when there is none or it cannot be read.
pub fn read_fit(map: &SourceMap, file: FileId) -> (Option<FitPlan>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let mut study = table::parse(map, file, &mut problems);
    let found = study.table("fit", &mut problems);
    if found.is_none() && problems.diagnostics.is_empty() {
        let hint = "add a [fit] table with [[fit.parameter]], [[fit.curves]] and [[fit.target]] tables";
        let start = Span { end: study.span.start + 1, ..study.span };
        problems.push(Diagnostic::error("fit/none", "the study fits nothing").at(start, "").hint(hint));
    }
    (found.and_then(|table| fit(table, &mut problems)), problems.diagnostics)
}

fn fit(mut table: Table, problems: &mut Problems) -> Option<FitPlan> {
    let seed = table.number("seed", problems).map_or(1.0, |s| s.value);
    let starts = table.number("starts", problems);
    if let Some(s) =
        starts.as_ref().filter(|s| !(1.0..=MAX_STARTS).contains(&s.value) || s.value.fract() != 0.0)
    {
        let message = format!("{} starts", s.value);
        problems.push(Diagnostic::error("fit/starts", message).at(s.span, "").hint("1 to 1000"));
    }
    let robust = table.boolean("robust", problems).is_some_and(|r| r.value);
    let span = table.span;
    let parameters = table.tables("parameter", problems);
    let curves = table.tables("curves", problems);
    let targets = table.tables("target", problems);
    if parameters.is_empty() {
        let start = Span { end: span.start + 1, ..span };
        problems.push(
            Diagnostic::error("fit/no-parameter", "no model value is sought")
                .at(start, "")
                .hint("add [[fit.parameter]] tables with name, low and high"),
        );
    }
    table.finish(problems);
    Some(FitPlan {
        seed: seed as u64,
        starts: starts.map_or(STARTS, |s| s.value as usize),
        robust,
        estimated: parameters.into_iter().filter_map(|t| estimated(t, problems)).collect(),
        curves: curves.into_iter().filter_map(|t| curve_data(t, problems)).collect(),
        targets: targets.into_iter().filter_map(|t| target(t, problems)).collect(),
    })
}

fn estimated(mut table: Table, problems: &mut Problems) -> Option<Estimated> {
    let name = table.required_text("name", problems);
    let of = name.as_ref().map_or(String::new(), |n| n.value.clone());
    let low = required_setting(&mut table, ("low", &of), problems);
    let high = required_setting(&mut table, ("high", &of), problems);
    let start = setting(&mut table, ("start", &of), problems);
    let scale = match table.text("scale", problems) {
        None => Scale::Log,
        Some(word) if word.value == "log" => Scale::Log,
        Some(word) if word.value == "linear" => Scale::Linear,
        Some(word) => {
            let message = format!("unknown scale `{}`", word.value);
            problems
                .push(Diagnostic::error("fit/scale", message).at(word.span, "").hint("`log` or `linear`"));
            Scale::Log
        }
    };
    let prior = table.table("prior", problems).and_then(|t| prior(t, &of, problems));
    let only = table.texts("only", problems).into_iter().map(|t| t.value).collect();
    table.finish(problems);
    Some(Estimated { name: name?, low: low?, high: high?, start, scale, prior, only })
}

fn prior(mut table: Table, of: &str, problems: &mut Problems) -> Option<Prior> {
    let median = required_setting(&mut table, ("median", of), problems);
    let log_sd = log_sd(&mut table, problems);
    let source = table.required_text("source", problems);
    table.finish(problems);
    Some(Prior { median: median?, log_sd: log_sd?, source: source?.value })
}

fn curve_data(mut table: Table, problems: &mut Problems) -> Option<CurveData> {
    let file = table.required_text("file", problems);
    let mut analytes = Vec::new();
    for name in table.texts("analytes", problems) {
        match Analyte::read(&name.value) {
            Some(analyte) => analytes.push(analyte),
            None => {
                let message = format!("unknown analyte `{}`", name.value);
                let hint = "APAP, APAP-glucuronide, APAP-sulfate, NAC";
                problems.push(Diagnostic::error("fit/analyte", message).at(name.span, "").hint(hint));
            }
        }
    }
    let studies = table.texts("studies", problems).into_iter().map(|t| t.value).collect();
    let log_sd_all = log_sd(&mut table, problems);
    let early = table.table("early", problems).and_then(|mut t| {
        let until = quantity_of(&mut t, "until", &Unit::hour(), problems);
        let log_sd = log_sd(&mut t, problems);
        t.finish(problems);
        Some(Early { until_h: until?.value, log_sd: log_sd? })
    });
    table.finish(problems);
    let file = file?;
    Some(CurveData { file: file.value, span: file.span, analytes, studies, log_sd: log_sd_all?, early })
}

fn target(mut table: Table, problems: &mut Problems) -> Option<Target> {
    let name = table.required_text("name", problems);
    let of = measure(&mut table, None, problems);
    let per = table.table("per", problems).map(|mut t| {
        let per = measure(&mut t, of.as_ref().map(|m| &m.arm), problems);
        t.finish(problems);
        per
    });
    let value = required_setting(&mut table, ("value", "value"), problems);
    let log_sd = log_sd(&mut table, problems);
    let source = table.required_text("source", problems);
    table.finish(problems);
    let per = match per {
        Some(per) => Some(per?),
        None => None,
    };
    Some(Target { name: name?.value, of: of?, per, value: value?, log_sd: log_sd?, source: source?.value })
}

/// `arm`, `output`, `measure` and the times it needs.
fn measure(
    table: &mut Table,
    arm_of: Option<&Spanned<String>>,
    problems: &mut Problems,
) -> Option<ArmMeasure> {
    let arm = match (table.text("arm", problems), arm_of) {
        (Some(arm), _) => Some(arm),
        (None, Some(arm)) => Some(arm.clone()),
        (None, None) => table.required_text("arm", problems),
    };
    let output = table.required_text("output", problems);
    let word = table.required_text("measure", problems);
    let at = quantity_of(table, "at", &Unit::hour(), problems);
    let from = quantity_of(table, "from", &Unit::hour(), problems);
    let to = quantity_of(table, "to", &Unit::hour(), problems);
    let every = quantity_of(table, "every", &Unit::hour(), problems);
    let word = word?;
    let what = match (word.value.as_str(), at, from, to) {
        ("at", Some(at), None, None) if at.value >= 0.0 => What::At(at.value),
        ("max" | "area" | "mean-time" | "half-life", None, Some(from), Some(to)) => {
            let every = every.map_or((to.value - from.value) / POINTS, |e| e.value);
            let points = (to.value - from.value) / every;
            if !(from.value >= 0.0 && (1.0..=MAX_POINTS).contains(&points)) {
                let message = format!("a window from {} h to {} h every {every} h", from.value, to.value);
                problems
                    .push(Diagnostic::error("fit/window", message).at(to.span, "").hint("0 <= from < to"));
                return None;
            }
            let window = Window { from_h: from.value, to_h: to.value, every_h: every };
            match word.value.as_str() {
                "max" => What::Max(window),
                "area" => What::Area(window),
                "mean-time" => What::MeanTime(window),
                _ => What::HalfLife(window),
            }
        }
        _ => {
            let message = format!("the measure `{}` with these times", word.value);
            let hint = "`at` with at = \"12 h\"; `max`, `area`, `mean-time` or `half-life` with from = \"0 h\" and to = \"24 h\"";
            problems.push(Diagnostic::error("fit/measure", message).at(word.span, "").hint(hint));
            return None;
        }
    };
    Some(ArmMeasure { arm: arm?, output: output?, what })
}

/// A standard deviation of logarithms.
fn log_sd(table: &mut Table, problems: &mut Problems) -> Option<f64> {
    if table.get("log_sd").is_none() {
        table.missing("log_sd", problems);
    }
    let found = table.number("log_sd", problems)?;
    if found.value > 0.0 {
        return Some(found.value);
    }
    let message = format!("a standard deviation of {}", found.value);
    let hint = "of the natural logarithm, such as 0.2 for about 20 %";
    problems.push(Diagnostic::error("fit/log-sd", message).at(found.span, "").hint(hint));
    None
}

fn required_setting(table: &mut Table, key: (&str, &str), problems: &mut Problems) -> Option<Override> {
    if table.get(key.0).is_none() {
        table.missing(key.0, problems);
    }
    setting(table, key, problems)
}

/// A value of the model, with its unit or bare.
fn setting(table: &mut Table, (key, name): (&str, &str), problems: &mut Problems) -> Option<Override> {
    let value = table.get(key)?;
    let span = Some(value.span);
    let name = name.to_string();
    if let Kind::Text(text) = &value.kind {
        let text = Spanned::new(text.clone(), value.span);
        let quantity = parse_quantity(&text, problems)?;
        let unit = Some(quantity.unit().to_string());
        return Some(Override { name, value: quantity.value(), unit, span });
    }
    table.number(key, problems).map(|n| Override { name, value: n.value, unit: None, span })
}
