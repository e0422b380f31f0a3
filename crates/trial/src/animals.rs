//! Animals of a study in groups, one arm each, as a table that an analysis of groups reads.

use hepatica_source::table::{Problems, Table};
use hepatica_source::{Diagnostic, Span, Spanned};

use crate::read_population::whole;

/// The most animals of a group: a study of animals is small.
const MAX_ANIMALS: f64 = 10_000.0;

/// Groups of animals: every arm has its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Animals {
    /// Animals of a group.
    pub per_group: u64,
    /// Animals of each group in a cage.
    pub per_cage: u64,
    /// Of the errors of measurement.
    pub seed: u64,
    /// The dose of every arm, in [`Animals::dose_unit`].
    pub doses: Vec<f64>,
    /// Such as `mg/kg`.
    pub dose_unit: String,
    /// What is measured in each animal.
    pub measured: Vec<Measured>,
    /// Where it stands.
    pub span: Span,
}

/// A column of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The endpoint whose value is measured.
    pub endpoint: Spanned<String>,
    /// The name of the column, its unit behind it in brackets.
    pub column: String,
    /// How it is measured.
    pub error: Error,
}

/// The error of a measurement.
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// A normal error with this standard deviation, as a share of the value.
    Relative(f64),
    /// A reading on an ordinal scale from 0 to `most`: the value with a normal error, rounded.
    Read {
        /// The scale.
        scale: String,
        /// Its highest stage.
        most: f64,
        /// Standard deviation of the error, in stages.
        sd: f64,
        /// How many read it.
        readers: u64,
    },
}

/// The table `[animals]` of a study.
pub(crate) fn read_animals(table: &mut Table, problems: &mut Problems) -> Option<Animals> {
    let mut table = table.table("animals", problems)?;
    let span = table.span;
    let count = |table: &mut Table, key: &str, problems: &mut Problems| {
        if table.get(key).is_none() {
            table.missing(key, problems);
        }
        whole(table, key, (1.0, MAX_ANIMALS), problems).map(|n| n as u64)
    };
    let per_group = count(&mut table, "per_group", problems);
    let per_cage = count(&mut table, "per_cage", problems);
    let seed = match table.get("seed") {
        Some(_) => whole(&mut table, "seed", (0.0, 9e15), problems)?,
        None => 1.0,
    };
    let doses: Vec<f64> = table
        .array("doses", problems)
        .into_iter()
        .filter_map(|value| match value.kind {
            hepatica_source::table::Kind::Number(number) if number >= 0.0 => Some(number),
            _ => {
                problems.push(
                    Diagnostic::error("animals/doses", "a dose is a number from 0 on").at(value.span, ""),
                );
                None
            }
        })
        .collect();
    let dose_unit = table.required_text("dose_unit", problems);
    let columns = table.tables("measured", problems);
    if columns.is_empty() {
        table.missing("measured", problems);
    }
    table.finish(problems);
    let measured = columns.into_iter().filter_map(|column| read_measured(column, problems)).collect();
    Some(Animals {
        per_group: per_group?,
        per_cage: per_cage?,
        seed: seed as u64,
        doses,
        dose_unit: dose_unit?.value,
        measured,
        span,
    })
}

fn read_measured(mut table: Table, problems: &mut Problems) -> Option<Measured> {
    let endpoint = table.required_text("endpoint", problems);
    let column = table.required_text("column", problems);
    let scale = table.text("scale", problems).map(|text| text.value);
    let keys: &[&str] = if scale.is_some() { &["most", "sd"] } else { &["cv"] };
    let mut numbers = Vec::new();
    for key in keys {
        let number = table.number(key, problems);
        if number.is_none() {
            table.missing(key, problems);
        }
        numbers.push(number?.value);
    }
    let readers = match table.get("readers") {
        Some(_) => whole(&mut table, "readers", (1.0, 2.0), problems)? as u64,
        None => 1,
    };
    table.finish(problems);
    let error = match (scale, numbers.as_slice()) {
        (Some(scale), [most, sd]) => Error::Read { scale, most: *most, sd: *sd, readers },
        (_, [cv, ..]) => Error::Relative(*cv),
        _ => return None,
    };
    Some(Measured { endpoint: endpoint?, column: column?.value, error })
}

impl Animals {
    /// What does not fit the rest of the study: its arms, its population, its endpoints.
    pub fn check(&self, arms: usize, population: Option<u64>, endpoints: &[String]) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        let at = Span { end: self.span.start + 1, ..self.span };
        if self.doses.len() != arms {
            let message = format!("{} doses for {arms} arms", self.doses.len());
            problems.push(
                Diagnostic::error("animals/doses", message)
                    .at(at, "")
                    .hint("one dose for each arm, in their order"),
            );
        }
        let wanted = self.per_group * arms as u64;
        if population != Some(wanted) {
            let message =
                format!("{} animals in each of {arms} groups need a population of {wanted}", self.per_group);
            problems.push(
                Diagnostic::error("animals/population", message)
                    .at(at, "")
                    .hint("every animal is in one group only"),
            );
        }
        for measured in &self.measured {
            if !endpoints.contains(&measured.endpoint.value) {
                let message = format!("there is no endpoint `{}` to measure", measured.endpoint.value);
                let hint = format!("the endpoints are: {}", endpoints.join(", "));
                problems.push(
                    Diagnostic::error("animals/endpoint", message).at(measured.endpoint.span, "").hint(hint),
                );
            }
        }
        problems
    }
}
