//! `hepatica evidence verify`: every check is run, and the ledger must state what it computes.

use std::fmt::Write;

use hepatica_evidence::{Claim, Ledger};
use hepatica_report::number::significant;
use hepatica_report::{Cell, Column};
use serde_json::{Value, json};

use super::checks::{self, Check, Compared, Context, Number};
use super::{From, context, load};
use crate::answer::{Answer, NOT_A_DEVICE};
use crate::chem::layout;
use crate::refuse::Error;
use crate::world::World;

/// What came of all checks.
#[derive(Clone, Debug)]
pub struct Verified {
    /// In both forms.
    pub answer: Answer,
    /// How many checks failed.
    pub failures: usize,
}

/// A check that was run.
pub(super) struct Outcome<'a> {
    pub(super) check: &'static Check,
    pub(super) compared: Vec<Compared>,
    /// Claims that name it.
    pub(super) claims: Vec<&'a Claim>,
    /// What is wrong, in sentences; empty when it passed.
    pub(super) problems: Vec<String>,
}

/// Runs every check against the ledger.
///
/// # Errors
/// A ledger or a course with errors.
pub fn verify(world: &dyn World, from: &From) -> Result<Verified, Error> {
    let loaded = load(world, from)?;
    let context = context(world)?;
    let mut outcomes = outcomes(&loaded.ledger, &context);
    // Failures first; the order of the table otherwise.
    outcomes.sort_by_key(|o| o.problems.is_empty());
    let failures = outcomes.iter().filter(|o| !o.problems.is_empty()).count();
    Ok(Verified {
        answer: Answer { text: text(&outcomes, failures), json: json_of(&outcomes, failures) },
        failures,
    })
}

/// Runs every check, in the order of the table.
pub(super) fn outcomes<'a>(ledger: &'a Ledger, context: &Context) -> Vec<Outcome<'a>> {
    checks::all().map(|check| outcome(check, ledger, context)).collect()
}

fn outcome<'a>(check: &'static Check, ledger: &'a Ledger, context: &Context) -> Outcome<'a> {
    let named = |c: &&Claim| c.check.as_ref().is_some_and(|id| id.value == check.id);
    let claims: Vec<&Claim> = ledger.claims.iter().filter(named).collect();
    let compared = check.run(context);
    let mut problems: Vec<String> = compared.iter().filter(|c| !c.agrees()).map(disagreement).collect();
    if claims.is_empty() {
        problems.push("no claim names this check".into());
    }
    let unstated = check.numbers.iter().filter(|n| n.stated && !is_stated(n, &claims));
    problems.extend(
        unstated.map(|n| {
            format!("{}: no claim that names this check states {}", n.what, shown(n.printed, n.unit))
        }),
    );
    Outcome { check, compared, claims, problems }
}

fn disagreement(c: &Compared) -> String {
    let printed = shown(c.number.printed, c.number.unit);
    match c.found {
        Some(found) => {
            format!("{}: {printed} is printed, {} is computed", c.number.what, significant(found, 6))
        }
        None => format!("{}: {printed} is printed, nothing could be computed", c.number.what),
    }
}

/// Whether one of the claims has the printed number in its text, not as a part of another number.
fn is_stated(number: &Number, claims: &[&Claim]) -> bool {
    claims.iter().flat_map(|c| c.texts()).any(|text| has_number(text, number.printed))
}

fn has_number(text: &str, number: &str) -> bool {
    // Digits are grouped by commas in prose.
    let text = text.replace(',', "");
    text.match_indices(number).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let mut after = text[at + number.len()..].chars();
        let next = after.next();
        let goes_on = match next {
            Some('.') => after.next().is_some_and(|c| c.is_ascii_digit()),
            Some(c) => c.is_ascii_digit(),
            None => false,
        };
        !before.is_some_and(|c| c.is_ascii_digit() || c == '.') && !goes_on
    })
}

pub(super) fn shown(number: &str, unit: &str) -> String {
    if unit.is_empty() { number.to_string() } else { format!("{number} {unit}") }
}

fn text(outcomes: &[Outcome<'_>], failures: usize) -> String {
    let numbers: usize = outcomes.iter().map(|o| o.compared.len()).sum();
    let mut out = format!(
        "{} checks of {numbers} numbers: {}\n",
        outcomes.len(),
        if failures == 0 { "all agree".to_string() } else { format!("{failures} FAILED") }
    );
    for outcome in outcomes.iter().filter(|o| !o.problems.is_empty()) {
        let claims: Vec<&str> = outcome.claims.iter().map(|c| c.id.value.as_str()).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\nFAILED {}: {}", outcome.check.id, outcome.check.decides);
        for problem in &outcome.problems {
            let _ = writeln!(out, "  - {problem}");
        }
        let _ = writeln!(
            out,
            "  named by: {}",
            if claims.is_empty() { "none".into() } else { claims.join(", ") }
        );
    }
    let columns = vec![
        Column::text("Check"),
        Column::text("Number"),
        Column::text("Printed"),
        Column::text("Computed"),
        Column::text(""),
    ];
    let rows = outcomes.iter().flat_map(|outcome| {
        outcome.compared.iter().enumerate().map(|(k, c)| {
            let id = if k == 0 { outcome.check.id } else { "" };
            let found = c.found.map_or("nothing".to_string(), |f| significant(f, 6));
            let cells = [
                id.to_string(),
                c.number.what.to_string(),
                shown(c.number.printed, c.number.unit),
                found,
                if c.agrees() { "agrees" } else { "DIFFERS" }.to_string(),
            ];
            cells.into_iter().map(Cell::Text).collect()
        })
    });
    let _ = write!(out, "\n{}{NOT_A_DEVICE}\n", layout::table(columns, rows.collect()));
    out
}

fn json_of(outcomes: &[Outcome<'_>], failures: usize) -> Value {
    json!({
        "schema": "hepatica.evidence.verify/1",
        "checks": outcomes.len(),
        "failures": failures,
        "results": outcomes.iter().map(outcome_json).collect::<Vec<_>>(),
        "notice": NOT_A_DEVICE,
    })
}

pub(super) fn outcome_json(outcome: &Outcome<'_>) -> Value {
    let numbers = outcome.compared.iter().map(|c| {
        json!({
            "what": c.number.what, "printed": c.number.printed, "unit": c.number.unit,
            "computed": c.found, "tolerance": c.tolerance, "agrees": c.agrees(),
        })
    });
    json!({
        "check": outcome.check.id,
        "decides": outcome.check.decides,
        "owner": outcome.check.owner,
        "passed": outcome.problems.is_empty(),
        "problems": outcome.problems,
        "inputs": outcome.check.inputs.iter().map(|i| json!({ "what": i.what, "value": i.value })).collect::<Vec<_>>(),
        "numbers": numbers.collect::<Vec<_>>(),
        "claims": outcome.claims.iter().map(|c| c.id.value.clone()).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_not_found_inside_another() {
        assert!(has_number("weighs 348.7 g/mol.", "348.7") && has_number("1,564 mg", "1564"));
        assert!(has_number("it is 0.65.", "0.65") && has_number("(0.43-0.99)", "0.43"));
        assert!(!has_number("1348.7 or 348.71", "348.7") && !has_number("0.651", "0.65"));
    }
}
