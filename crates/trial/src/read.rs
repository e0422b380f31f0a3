//! Study texts -> Study.
//!
//! All problems are collected; a study with errors is not simulated. Numbers with units are text
//! (`"15 g"`, `"7 d"`) so that no unit is ever guessed.

use std::collections::BTreeMap;

use hepatica_dose::Course;
use hepatica_source::table::{self, Kind, Problems, Table};
use hepatica_source::{Diagnostic, FileId, SourceMap, Span, Spanned, nearest};
use hepatica_unit::{Quantity, Unit};

use crate::animals::read_animals;
use crate::crossing::read_crossings;
use crate::doses::read_doses;
use crate::plausible::read_accepted;
use crate::read_groups::{read_observed, read_published, read_subgroups};
use crate::read_population::read_population;
use crate::spec::Observed;
use crate::study::{Arm, Factor, Override, Study, Subject};
use crate::view::read_endpoints;

/// Arms a study may have; more are refused before anything is simulated.
const MAX_ARMS: usize = 10_000;

/// Observations per arm; more are refused.
const MAX_OBSERVATIONS: f64 = 1e6;

/// The standard adult of dosing tables, used when a study names no weight.
const DEFAULT_WEIGHT_KG: f64 = 70.0;

/// Body weights in kg, from a preterm newborn to the heaviest person on record; outside it is a slip of unit.
pub(crate) const PLAUSIBLE_KG: std::ops::RangeInclusive<f64> = 0.5..=650.0;

/// Courses by id, each with what is wrong with its text.
pub type Courses = BTreeMap<String, (Option<Course>, Vec<Diagnostic>)>;

/// What the doses of a study refer to.
pub(crate) struct Known<'a> {
    pub(crate) courses: &'a Courses,
    pub(crate) subject: hepatica_dose::Subject,
}

/// Reads a study. The study is what could be read; it may be simulated when no diagnostic is an error.
pub fn read(map: &SourceMap, file: FileId, courses: &Courses) -> (Option<Study>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let table = table::parse(map, file, &mut problems);
    let syntax_is_broken = !problems.diagnostics.is_empty();
    let study = study(table, courses, &mut problems);
    if syntax_is_broken {
        // What follows a syntax error is mostly its echo.
        problems.diagnostics.retain(|d| d.code.0 == "toml/syntax" || d.code.0 == "toml/too-large");
    }
    (study, problems.diagnostics)
}

fn study(mut table: Table, courses: &Courses, problems: &mut Problems) -> Option<Study> {
    let title = table.required_text("title", problems);
    let question = table.text("question", problems).map_or_else(String::new, |t| t.value);
    let lead = table.text("lead", problems).map_or_else(String::new, |t| t.value);
    let model = table.required_text("model", problems);
    let zones = table.number("zones", problems);
    let duration = required_quantity(&mut table, "duration", &Unit::hour(), problems);
    let every = quantity_of(&mut table, "every", &Unit::hour(), problems);
    let subject = subject(&mut table, problems);
    let set = overrides(&mut table, problems);
    let endpoints = read_endpoints(&mut table, problems);
    let headline = table.texts("headline", problems);
    let weighed = hepatica_dose::Subject { weight_kg: Some(subject.weight_kg), ..Default::default() };
    let known = Known { courses, subject: weighed };
    let (arms, factors) = arms(&mut table, &known, problems);
    let has_population = table.get("population").is_some();
    let population = table.table("population", problems).and_then(|t| read_population(t, problems));
    let subgroups = read_subgroups(&mut table, problems);
    let observed = read_observed(&mut table, problems);
    let published = read_published(&mut table, problems);
    let accepted = read_accepted(&mut table, problems);
    let animals = read_animals(&mut table, problems);
    let crossings = read_crossings(&mut table, problems);
    for key in ["subgroup", "observed"] {
        if let Some(found) = table.get(key).filter(|_| !has_population) {
            let message = format!("`{key}` has no meaning without a [population]");
            let span = Span { end: found.span.start + 1, ..found.span };
            problems.push(Diagnostic::error("study/no-population", message).at(span, ""));
        }
    }
    // What is fitted is read by the command that fits; the arms mean the same there and here.
    let is_fit = table.get("fit").is_some();
    let span = table.span;
    table.finish(problems);
    check_observed(&arms, &observed, problems);
    let (duration_h, every_h) = grid(duration?, every, problems)?;
    if arms.is_empty() && !is_fit {
        problems.push(
            Diagnostic::error("study/no-arm", "the study has no arm")
                .at(Span { end: span.start + 1, ..span }, "")
                .hint("add [[arm]] tables, or [[factor]] tables whose combinations become arms"),
        );
    }
    let model = model?;
    Some(Study {
        title: title?.value,
        question,
        lead,
        model: model.value,
        zones: zones.map(|z| z.value as u32),
        model_span: Some(model.span),
        duration_h,
        every_h,
        subject,
        set,
        arms,
        endpoints,
        headline,
        factors,
        population,
        subgroups,
        observed,
        published,
        accepted,
        animals,
        crossings,
    })
}

/// Observations of arms that the study does not have.
fn check_observed(arms: &[Arm], observed: &[Observed], problems: &mut Problems) {
    for Observed { arm, .. } in observed {
        if arms.iter().any(|a| a.name == arm.value) {
            continue;
        }
        let names = || arms.iter().map(|a| a.name.as_str());
        let hint = match nearest(&arm.value, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the arms are: {}", names().collect::<Vec<_>>().join("; ")),
        };
        let message = format!("there is no arm `{}` to compare with", arm.value);
        problems.push(Diagnostic::error("observed/unknown-arm", message).at(arm.span, "").hint(hint));
    }
}

fn grid(duration: Spanned<f64>, every: Option<Spanned<f64>>, problems: &mut Problems) -> Option<(f64, f64)> {
    // A week at a quarter of an hour; a shorter run is observed at least a thousand times.
    let every = every.unwrap_or(Spanned::new((duration.value / 1000.0).min(0.25), duration.span));
    for (what, number) in [("duration", &duration), ("every", &every)] {
        if number.value <= 0.0 {
            let message = format!("`{what}` must be positive");
            problems.push(Diagnostic::error("study/not-positive", message).at(number.span, "not positive"));
            return None;
        }
    }
    if duration.value / every.value > MAX_OBSERVATIONS {
        let count = duration.value / every.value;
        let message = format!("{count:.3e} observations per arm; at most {MAX_OBSERVATIONS:.0e} are kept");
        problems.push(
            Diagnostic::error("study/too-many-observations", message)
                .at(every.span, "")
                .hint("a larger `every`, or a shorter `duration`"),
        );
        return None;
    }
    Some((duration.value, every.value))
}

fn subject(table: &mut Table, problems: &mut Problems) -> Subject {
    let unsaid = Subject { weight_kg: DEFAULT_WEIGHT_KG, weight: None };
    let Some(mut subject) = table.table("subject", problems) else { return unsaid };
    let weight = quantity_of(&mut subject, "weight", &Unit::kilogram(), problems);
    subject.finish(problems);
    weight.map_or(unsaid, |weight| Subject { weight_kg: weight.value, weight: Some(weight.span) })
}

/// The `[set]` table: model values by name.
fn overrides(table: &mut Table, problems: &mut Problems) -> Vec<Override> {
    let Some(mut set) = table.table("set", problems) else { return Vec::new() };
    let mut found = Vec::new();
    for (name, value) in set.entries().to_vec() {
        let span = Some(value.span);
        let name = name.value;
        match value.kind {
            Kind::Number(number) if number.is_finite() => {
                found.push(Override { name, value: number, unit: None, span });
            }
            Kind::Text(text) => {
                if let Some(q) = parse_quantity(&Spanned::new(text, value.span), problems) {
                    let unit = Some(q.unit().to_string());
                    found.push(Override { name, value: q.value(), unit, span });
                }
            }
            _ => problems.push(
                Diagnostic::error(
                    "study/set",
                    format!("`{name}` must be a finite number or text such as \"3 umol/L\""),
                )
                .at(value.span, ""),
            ),
        }
    }
    found
}

/// `[[arm]]` tables, or every combination of the levels of `[[factor]]` tables.
fn arms(table: &mut Table, known: &Known<'_>, problems: &mut Problems) -> (Vec<Arm>, Vec<Factor>) {
    let written = table.tables("arm", problems);
    let factors = table.tables("factor", problems);
    let mut arms: Vec<Arm> = written.into_iter().filter_map(|t| level(t, "name", known, problems)).collect();
    let levels: Vec<(String, Vec<Arm>)> =
        factors.into_iter().filter_map(|t| factor(t, known, problems)).collect();
    let count = levels.iter().map(|(_, l)| l.len()).product::<usize>();
    if count > MAX_ARMS || arms.len() > MAX_ARMS {
        let message = format!("{} arms; at most {MAX_ARMS} are simulated", count.max(arms.len()));
        problems.push(Diagnostic::error("study/too-many-arms", message));
        return (Vec::new(), Vec::new());
    }
    if !levels.is_empty() {
        arms.extend(combinations(&levels));
    }
    unique_names(&arms, problems);
    let factors = levels
        .into_iter()
        .map(|(name, levels)| Factor { name, levels: levels.into_iter().map(|l| l.name).collect() })
        .collect();
    (arms, factors)
}

fn unique_names(arms: &[Arm], problems: &mut Problems) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for arm in arms {
        if let Some(first) = seen.insert(&arm.name, arm.span) {
            problems.push(
                Diagnostic::error("study/duplicate-arm", format!("two arms are named `{}`", arm.name))
                    .at(arm.span, "the second")
                    .at(first, "the first"),
            );
        }
    }
}

/// An arm, or a level of a factor, which has the same parts; `name_key` is what its name is called.
fn level(mut table: Table, name_key: &str, known: &Known<'_>, problems: &mut Problems) -> Option<Arm> {
    let name = table.required_text(name_key, problems);
    let doses = read_doses(&mut table, known, problems);
    let set = overrides(&mut table, problems);
    table.finish(problems);
    let name = name?;
    Some(Arm { name: name.value, doses, set, levels: Vec::new(), span: name.span })
}

fn factor(mut table: Table, known: &Known<'_>, problems: &mut Problems) -> Option<(String, Vec<Arm>)> {
    let name = table.required_text("name", problems);
    let levels = table.tables("levels", problems);
    if levels.is_empty() {
        table.missing("levels", problems);
    }
    table.finish(problems);
    let levels = levels.into_iter().filter_map(|t| level(t, "label", known, problems)).collect();
    Some((name?.value, levels))
}

/// Every combination of one level per factor, the last factor varying fastest.
fn combinations(factors: &[(String, Vec<Arm>)]) -> Vec<Arm> {
    let mut arms: Vec<Arm> = Vec::new();
    for (_, levels) in factors {
        let extended = |arm: Option<&Arm>| -> Vec<Arm> {
            levels.iter().enumerate().map(|(i, level)| combine(arm, level, i)).collect()
        };
        arms = match arms.is_empty() {
            true => extended(None),
            false => arms.iter().flat_map(|arm| extended(Some(arm))).collect(),
        };
    }
    arms
}

fn combine(arm: Option<&Arm>, level: &Arm, position: usize) -> Arm {
    let Some(arm) = arm else { return Arm { levels: vec![position], ..level.clone() } };
    let mut both = arm.clone();
    both.name = format!("{}, {}", arm.name, level.name);
    both.doses.extend(level.doses.iter().cloned());
    both.set.extend(level.set.iter().cloned());
    both.levels.push(position);
    both
}

/// The quantity of a key in a unit; a text without or with a wrong unit is reported.
pub fn quantity_of(
    table: &mut Table,
    key: &str,
    unit: &Unit,
    problems: &mut Problems,
) -> Option<Spanned<f64>> {
    let text = table.text(key, problems)?;
    let quantity = parse_quantity(&text, problems)?;
    match quantity.convert(unit) {
        Ok(value) => Some(Spanned::new(value, text.span)),
        Err(error) => {
            problems.push(
                Diagnostic::error(error.code(), format!("`{key}`: {error}"))
                    .at(text.span, "")
                    .hint(format!("give it in a unit such as {unit}")),
            );
            None
        }
    }
}

fn required_quantity(
    table: &mut Table,
    key: &str,
    unit: &Unit,
    problems: &mut Problems,
) -> Option<Spanned<f64>> {
    if table.get(key).is_none() {
        table.missing(key, problems);
    }
    quantity_of(table, key, unit, problems)
}

/// Reads a quantity; what is wrong is labelled inside the text.
pub fn parse_quantity(text: &Spanned<String>, problems: &mut Problems) -> Option<Quantity> {
    match Quantity::parse(&text.value) {
        Ok(quantity) => Some(quantity),
        Err(error) => {
            // The span covers the quotes, so the text begins one byte later.
            let start = text.span.start as usize + 1;
            let span = Span::new(text.span.file, start + error.range.start, start + error.range.end);
            let mut diagnostic = Diagnostic::error(error.code(), error.to_string()).at(span, "");
            diagnostic.hint = error.hint;
            problems.push(diagnostic);
            None
        }
    }
}
