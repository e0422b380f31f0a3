//! The `[population]` table of a study.

use hepatica_source::table::{Kind, Problems, Table, Value};
use hepatica_source::{Diagnostic, Span, Spanned};

use crate::read::parse_quantity;
use crate::study::{PopulationSpec, Spread, Vary};

/// Patients of one study; beyond it a study takes days on any machine and is a slip of the pen.
const MAX_SIZE: f64 = 1e10;

/// Reads `size`, `seed`, `fixed` and `[population.vary]`.
pub(crate) fn read_population(mut table: Table, problems: &mut Problems) -> Option<PopulationSpec> {
    let span = table.span;
    if table.get("size").is_none() {
        table.missing("size", problems);
    }
    let size = whole(&mut table, "size", (1.0, MAX_SIZE), problems);
    let seed = match table.get("seed") {
        Some(_) => whole(&mut table, "seed", (0.0, 9e15), problems)?,
        None => 1.0,
    };
    let fixed = table.texts("fixed", problems);
    let vary = match table.table("vary", problems) {
        None => Vec::new(),
        Some(mut vary) => {
            let entries = vary.entries().to_vec();
            entries.into_iter().filter_map(|(name, value)| read_vary(name.value, value, problems)).collect()
        }
    };
    table.finish(problems);
    Some(PopulationSpec { size: size? as u64, seed: seed as u64, vary, fixed, span })
}

fn whole(table: &mut Table, key: &str, (low, high): (f64, f64), problems: &mut Problems) -> Option<f64> {
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
    let mut unit = None;
    let mut numbers = [None; 5];
    for (slot, key) in numbers.iter_mut().zip(["median", "mean", "sd", "low", "high"]) {
        *slot = measured(&mut table, key, &mut unit, problems);
    }
    let log_sd = table.number("log_sd", problems).map(|n| n.value);
    table.finish(problems);
    let spread = match (numbers, log_sd) {
        ([Some(median), None, None, None, None], Some(log_sd)) => Spread::LogNormal { median, log_sd },
        ([None, Some(mean), Some(sd), None, None], None) => Spread::Normal { mean, sd },
        ([None, None, None, Some(low), Some(high)], None) => Spread::Uniform { low, high },
        _ => {
            let message = format!("the spread of `{name}` is not complete, or is two");
            problems.push(
                Diagnostic::error("population/spread", message)
                    .at(span, "")
                    .hint("median and log_sd, or mean and sd, or low and high"),
            );
            return None;
        }
    };
    Some(Vary { name, spread, unit, span })
}

/// A bare number, or a quantity whose unit must be that of the others.
fn measured(table: &mut Table, key: &str, unit: &mut Option<String>, problems: &mut Problems) -> Option<f64> {
    let value = table.get(key)?.clone();
    let Kind::Text(text) = value.kind else { return table.number(key, problems).map(|n| n.value) };
    let quantity = parse_quantity(&Spanned::new(text, value.span), problems)?;
    let written = quantity.unit().to_string();
    if unit.get_or_insert_with(|| written.clone()) != &written {
        let span: Span = value.span;
        problems.push(
            Diagnostic::error("population/units", "the numbers of a spread have different units")
                .at(span, "")
                .hint("write them in one unit"),
        );
        return None;
    }
    Some(quantity.value())
}
