//! The covariates of a population: `[population.covariates]`.

use hepatica_source::table::{Kind, Problems, Table, Value};
use hepatica_source::{Diagnostic, Spanned};

use crate::read::parse_quantity;
use crate::read_population::{SPREAD_KEYS, read_spread};
use crate::spec::{Change, Covariate, CovariateValues, Effect, Measured};

/// Categories of one covariate; more are a slip, such as a column of names.
pub(crate) const MAX_LEVELS: usize = 1000;

/// A covariate with its distribution, or with none when it stands in the table of subjects.
pub(crate) fn read_covariate(
    name: Spanned<String>,
    value: Value,
    problems: &mut Problems,
) -> Option<Covariate> {
    let span = value.span;
    let mut table = value.into_table(&name.value, problems)?;
    let shares = table.table("shares", problems).map(|t| read_shares(t, problems));
    let levels = table.texts("levels", problems);
    let is_spread = SPREAD_KEYS.iter().chain(&["log_sd"]).any(|key| table.get(key).is_some());
    let values = match (shares, is_spread) {
        (Some(shares), false) if levels.is_empty() => shares.map(CovariateValues::Category),
        (None, true) if levels.is_empty() => read_spread(&mut table, &name.value, span, problems)
            .map(|(spread, unit)| CovariateValues::Number { spread, unit }),
        (None, false) => Some(CovariateValues::Column(levels)),
        _ => {
            let message = format!("`{}` is drawn in two ways", name.value);
            problems.push(
                Diagnostic::error("population/covariate", message)
                    .at(name.span, "")
                    .hint("`shares` for drawn categories, a spread for drawn numbers, `levels` for categories of a column"),
            );
            None
        }
    };
    let in_categories = match &values {
        Some(CovariateValues::Category(_)) => true,
        Some(CovariateValues::Column(levels)) => !levels.is_empty(),
        _ => false,
    };
    let effects = match in_categories {
        true => by_level(&mut table, problems),
        false => by_number(&mut table, problems),
    };
    table.finish(problems);
    let covariate = Covariate { name, values: values?, effects };
    check_levels(&covariate, problems);
    Some(covariate)
}

/// `shares = { female = 0.6, male = 0.4 }`.
fn read_shares(mut table: Table, problems: &mut Problems) -> Option<Vec<(Spanned<String>, f64)>> {
    let span = table.span;
    let mut shares = Vec::new();
    for (level, _) in table.entries().to_vec() {
        let share = table.number(&level.value, problems)?;
        if !(0.0..=1.0).contains(&share.value) {
            let message = format!("the share of `{}` is {}, not between 0 and 1", level.value, share.value);
            problems.push(Diagnostic::error("population/shares", message).at(share.span, ""));
            return None;
        }
        shares.push((level, share.value));
    }
    let sum: f64 = shares.iter().map(|(_, share)| share).sum();
    // Decimal shares such as 0.1 and 0.2 add up to 1 within rounding only.
    if (sum - 1.0).abs() > 1e-9 {
        problems.push(
            Diagnostic::error("population/shares", format!("the shares add up to {sum}, not to 1"))
                .at(span, "")
                .hint("the share of every category as a fraction"),
        );
        return None;
    }
    Some(shares)
}

/// `set = { yes = { gsh_pool = 0.7 } }` and `scale = { yes = { gsh_pool = 0.7 } }`.
fn by_level(table: &mut Table, problems: &mut Problems) -> Vec<Effect> {
    let mut effects = Vec::new();
    for key in ["set", "scale"] {
        let Some(mut levels) = table.table(key, problems) else { continue };
        for (level, value) in levels.entries().to_vec() {
            let Some(mut changes) = value.into_table(&level.value, problems) else { continue };
            for (name, value) in changes.entries().to_vec() {
                let change = if key == "set" {
                    read_measured(&name.value, &value, problems)
                        .map(|m| Change::Set { value: m.value, unit: m.unit })
                } else {
                    read_factor(&name.value, &value, problems).map(Change::Scale)
                };
                let level = Some(level.clone());
                effects.extend(change.map(|change| Effect { level, name, change }));
            }
        }
    }
    effects
}

fn read_factor(name: &str, value: &Value, problems: &mut Problems) -> Option<f64> {
    if let Kind::Number(factor) = value.kind
        && factor.is_finite()
        && factor > 0.0
    {
        return Some(factor);
    }
    let message = format!("`{name}` is scaled by a number above 0");
    problems.push(
        Diagnostic::error("population/scale", message)
            .at(value.span, "")
            .hint("a factor without unit; `set` gives a value"),
    );
    None
}

/// `scale = { kidney_function = { reference = "100 mL/min", exponent = 1 } }`.
fn by_number(table: &mut Table, problems: &mut Problems) -> Vec<Effect> {
    let mut effects = Vec::new();
    if let Some(set) = table.get("set") {
        problems.push(
            Diagnostic::error(
                "population/covariate",
                "`set` gives a value to each category, and this has none",
            )
            .at(set.span, "")
            .hint("a number acts by `scale`; a covariate with the name of a model value sets it"),
        );
    }
    let Some(mut scale) = table.table("scale", problems) else { return effects };
    for (name, value) in scale.entries().to_vec() {
        let Some(mut power) = value.into_table(&name.value, problems) else { continue };
        if power.get("reference").is_none() {
            power.missing("reference", problems);
        }
        let reference = power.get("reference").cloned();
        let reference = reference.and_then(|value| read_measured("reference", &value, problems));
        let exponent = power.number("exponent", problems).map_or(1.0, |n| n.value);
        power.finish(problems);
        let Some(reference) = reference else { continue };
        if reference.value <= 0.0 {
            let message = format!("the reference of `{}` must be above 0", name.value);
            problems.push(Diagnostic::error("population/scale", message).at(reference.span, ""));
            continue;
        }
        let change = Change::Power { reference: reference.value, unit: reference.unit, exponent };
        effects.push(Effect { level: None, name, change });
    }
    effects
}

fn check_levels(covariate: &Covariate, problems: &mut Problems) {
    let levels: Vec<&str> = match &covariate.values {
        CovariateValues::Category(shares) => shares.iter().map(|(level, _)| level.value.as_str()).collect(),
        CovariateValues::Column(levels) => levels.iter().map(|level| level.value.as_str()).collect(),
        CovariateValues::Number { .. } => return,
    };
    let name = &covariate.name;
    if levels.len() > MAX_LEVELS {
        let message = format!("`{}` has {} categories; at most {MAX_LEVELS}", name.value, levels.len());
        problems.push(Diagnostic::error("population/covariate", message).at(name.span, ""));
    }
    if let Some(twice) = levels.iter().enumerate().find(|(i, level)| levels[..*i].contains(level)) {
        let message = format!("`{}` has the category `{}` twice", name.value, twice.1);
        problems.push(Diagnostic::error("population/covariate", message).at(name.span, ""));
    }
    for level in covariate.effects.iter().filter_map(|e| e.level.as_ref()) {
        if !levels.contains(&level.value.as_str()) {
            problems.push(unknown_level(&name.value, level, &levels));
        }
    }
}

/// A category that a covariate does not have.
pub(crate) fn unknown_level(covariate: &str, level: &Spanned<String>, known: &[&str]) -> Diagnostic {
    let message = format!("`{covariate}` has no category `{}`", level.value);
    let hint = match hepatica_source::nearest(&level.value, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("its categories: {}", known.join(", ")),
    };
    Diagnostic::error("population/level", message).at(level.span, "").hint(hint)
}

/// A bare number or a quantity.
pub(crate) fn read_measured(name: &str, value: &Value, problems: &mut Problems) -> Option<Measured> {
    let span = value.span;
    match &value.kind {
        Kind::Number(number) if number.is_finite() => {
            Some(Measured { value: *number, unit: None, written: number.to_string(), span })
        }
        Kind::Text(text) => {
            let text = Spanned::new(text.clone(), span);
            let quantity = parse_quantity(&text, problems)?;
            let (value, unit) = (quantity.value(), Some(quantity.unit().to_string()));
            Some(Measured { value, unit, written: text.value, span })
        }
        _ => {
            let message = format!("`{name}` must be a finite number or text such as \"3 umol/L\"");
            problems.push(Diagnostic::error("study/set", message).at(span, ""));
            None
        }
    }
}
