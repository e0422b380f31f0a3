//! The `[population]` table of a study.

use hepatica_source::table::{Kind, Problems, Table, Value};
use hepatica_source::{Diagnostic, Span, Spanned};

use crate::read::parse_quantity;
use crate::read_covariates::read_covariate;
use crate::spec::{Bounds, Correlation, Covariate, PopulationSpec, Spread, Vary, Who};

/// Patients of one study; beyond it a study takes days on any machine and is a slip of the pen.
const MAX_SIZE: f64 = 1e10;

/// The keys of a spread whose numbers have the unit of what varies.
pub(crate) const SPREAD_KEYS: [&str; 5] = ["median", "mean", "sd", "low", "high"];

/// Reads `size` or `subjects`, `seed`, `fixed`, `correlate`, `[population.vary]` and `[population.covariates]`.
pub(crate) fn read_population(mut table: Table, problems: &mut Problems) -> Option<PopulationSpec> {
    let span = table.span;
    let who = who(&mut table, problems);
    let seed = match table.get("seed") {
        Some(_) => whole(&mut table, "seed", (0.0, 9e15), problems)?,
        None => 1.0,
    };
    let fixed = table.texts("fixed", problems);
    let mut vary = Vec::new();
    for (name, value) in named(&mut table, "vary", problems) {
        vary.extend(read_vary(name.value, value, problems));
    }
    let mut covariates: Vec<Covariate> = Vec::new();
    for (name, value) in named(&mut table, "covariates", problems) {
        covariates.extend(read_covariate(name, value, problems));
    }
    let pairs = table.tables("correlate", problems);
    let correlate = pairs.into_iter().filter_map(|pair| read_pair(pair, problems)).collect();
    table.finish(problems);
    Some(PopulationSpec { who: who?, seed: seed as u64, vary, covariates, correlate, fixed, span })
}

/// The entries of a table of tables.
fn named(table: &mut Table, key: &str, problems: &mut Problems) -> Vec<(Spanned<String>, Value)> {
    table.table(key, problems).map_or_else(Vec::new, |mut inner| inner.entries().to_vec())
}

fn who(table: &mut Table, problems: &mut Problems) -> Option<Who> {
    let file = table.text("subjects", problems);
    let sized = table.get("size").map(|value| value.span);
    match (file, sized) {
        (None, None) => {
            table.missing("size", problems);
            None
        }
        (None, Some(_)) => whole(table, "size", (1.0, MAX_SIZE), problems).map(|n| Who::Drawn(n as u64)),
        (Some(file), None) => Some(Who::File(file)),
        (Some(file), Some(size)) => {
            problems.push(
                Diagnostic::error("population/size", "a population has a `size` or a table of `subjects`")
                    .at(size, "the size")
                    .at(file.span, "the table, which has a row per patient")
                    .hint("leave one of them out"),
            );
            None
        }
    }
}

/// A whole number within limits, the limits included.
pub(crate) fn whole(
    table: &mut Table,
    key: &str,
    (low, high): (f64, f64),
    problems: &mut Problems,
) -> Option<f64> {
    let number = table.number(key, problems)?;
    if number.value.fract() == 0.0 && (low..=high).contains(&number.value) {
        return Some(number.value);
    }
    let message = format!("`{key}` is {}, not a whole number from {low:e} to {high:e}", number.value);
    problems.push(Diagnostic::error("population/number", message).at(number.span, ""));
    None
}

/// `weight = { median = "70 kg", log_sd = 0.18 }` and the like.
fn read_vary(name: String, value: Value, problems: &mut Problems) -> Option<Vary> {
    let span = value.span;
    let mut table = value.into_table(&name, problems)?;
    let read = read_spread(&mut table, &name, span, problems);
    table.finish(problems);
    let (spread, unit) = read?;
    Some(Vary { name, spread, unit, span })
}

/// The spread in a table and the unit of its numbers.
pub(crate) fn read_spread(
    table: &mut Table,
    name: &str,
    span: Span,
    problems: &mut Problems,
) -> Option<(Spread, Option<String>)> {
    let mut unit = None;
    let mut numbers = [None; SPREAD_KEYS.len()];
    for (slot, key) in numbers.iter_mut().zip(SPREAD_KEYS) {
        *slot = measured(table, key, &mut unit, problems);
    }
    let log_sd = table.number("log_sd", problems).map(|n| n.value);
    let [median, mean, sd, low, high] = numbers;
    let bounds = Bounds { low, high };
    let spread = match (median, mean, sd, log_sd) {
        (Some(median), None, None, Some(log_sd)) => Spread::LogNormal { median, log_sd, bounds },
        (None, Some(mean), Some(sd), None) => Spread::Normal { mean, sd, bounds },
        (None, None, None, None) if low.is_some() && high.is_some() => {
            Spread::Uniform { low: low?, high: high? }
        }
        _ => {
            let message = format!("the spread of `{name}` is not complete, or is two");
            problems.push(Diagnostic::error("population/spread", message).at(span, "").hint(
                "median and log_sd, or mean and sd, each with `low` and `high` if it is cut off; or low and high",
            ));
            return None;
        }
    };
    Some((spread, unit))
}

/// A bare number, or a quantity whose unit must be that of the others.
fn measured(table: &mut Table, key: &str, unit: &mut Option<String>, problems: &mut Problems) -> Option<f64> {
    let value = table.get(key)?.clone();
    let Kind::Text(text) = value.kind else { return table.number(key, problems).map(|n| n.value) };
    let quantity = parse_quantity(&Spanned::new(text, value.span), problems)?;
    let written = quantity.unit().to_string();
    if unit.get_or_insert_with(|| written.clone()) != &written {
        problems.push(
            Diagnostic::error("population/units", "the numbers of a spread have different units")
                .at(value.span, "")
                .hint("write them in one unit"),
        );
        return None;
    }
    Some(quantity.value())
}

/// `{ between = ["weight", "age"], rho = 0.3 }`.
fn read_pair(mut table: Table, problems: &mut Problems) -> Option<Correlation> {
    let span = table.span;
    let names = table.texts("between", problems);
    for key in ["between", "rho"] {
        if table.get(key).is_none() {
            table.missing(key, problems);
        }
    }
    let rho = table.number("rho", problems);
    table.finish(problems);
    let [first, second] = names.try_into().ok().or_else(|| {
        problems.push(
            Diagnostic::error("population/pair", "a correlation is between two values")
                .at(span, "")
                .hint("between = [\"weight\", \"age\"]"),
        );
        None
    })?;
    Some(Correlation { first, second, rho: rho? })
}
