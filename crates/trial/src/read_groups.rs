//! The `[[subgroup]]` and `[[observed]]` tables of a study.

use hepatica_source::table::{Kind, Problems, Table, Value};
use hepatica_source::{Diagnostic, Spanned};

use crate::read_covariates::read_measured;
use crate::read_population::whole;
use crate::spec::{GroupCondition, GroupTest, Measured, Observed, SubgroupSpec};
use crate::study::Published;

/// `[[subgroup]]`: `name` and `where`, or `by` and perhaps `cuts`.
pub(crate) fn read_subgroups(table: &mut Table, problems: &mut Problems) -> Vec<SubgroupSpec> {
    let tables = table.tables("subgroup", problems);
    tables.into_iter().filter_map(|t| subgroup(t, problems)).collect()
}

fn subgroup(mut table: Table, problems: &mut Problems) -> Option<SubgroupSpec> {
    let span = table.span;
    let by = table.text("by", problems);
    let cuts: Option<Vec<Measured>> =
        table.array("cuts", problems).iter().map(|value| read_measured("cuts", value, problems)).collect();
    let name = table.text("name", problems);
    let conditions = table.table("where", problems);
    table.finish(problems);
    match (by, name, conditions) {
        (Some(covariate), None, None) => Some(SubgroupSpec::By { covariate, cuts: cuts? }),
        (None, Some(name), Some(mut conditions)) if cuts.as_ref().is_some_and(Vec::is_empty) => {
            let entries = conditions.entries().to_vec();
            let all: Option<Vec<GroupCondition>> =
                entries.into_iter().map(|(covariate, value)| condition(covariate, value, problems)).collect();
            Some(SubgroupSpec::Where { name, all: all? })
        }
        _ => {
            problems.push(
                Diagnostic::error("subgroup/definition", "a subgroup has a `name` and `where`, or `by`")
                    .at(span, "")
                    .hint("by = \"sex\"; by = \"weight\", cuts = [\"60 kg\", \"80 kg\"]; or name = \"women\", where = { sex = \"female\" }"),
            );
            None
        }
    }
}

/// `sex = "female"`, `sex = ["female", "male"]`, `weight = { from = "60 kg", below = "80 kg" }`.
fn condition(covariate: Spanned<String>, value: Value, problems: &mut Problems) -> Option<GroupCondition> {
    let test = match value.kind {
        Kind::Text(text) => GroupTest::OneOf(vec![Spanned::new(text, value.span)]),
        Kind::Array(items) => {
            let mut levels = Vec::new();
            for item in items {
                let Kind::Text(text) = item.kind else { return bad_condition(&covariate, problems) };
                levels.push(Spanned::new(text, item.span));
            }
            GroupTest::OneOf(levels)
        }
        Kind::Table(mut range) => {
            let mut end = |key: &str, problems: &mut Problems| {
                let value = range.get(key).cloned();
                value.and_then(|value| read_measured(key, &value, problems))
            };
            let (from, below) = (end("from", problems), end("below", problems));
            range.finish(problems);
            if from.is_none() && below.is_none() {
                return bad_condition(&covariate, problems);
            }
            GroupTest::Range { from, below }
        }
        _ => return bad_condition(&covariate, problems),
    };
    Some(GroupCondition { covariate, test })
}

fn bad_condition<T>(covariate: &Spanned<String>, problems: &mut Problems) -> Option<T> {
    problems.push(
        Diagnostic::error("subgroup/condition", format!("what must hold of `{}`?", covariate.value))
            .at(covariate.span, "")
            .hint("a category in quotes, a list of them, or { from = .., below = .. }"),
    );
    None
}

/// `[[observed]]`: events of n people in an arm.
pub(crate) fn read_observed(table: &mut Table, problems: &mut Problems) -> Vec<Observed> {
    let tables = table.tables("observed", problems);
    tables.into_iter().filter_map(|t| observed(t, problems)).collect()
}

fn observed(mut table: Table, problems: &mut Problems) -> Option<Observed> {
    let span = table.span;
    let arm = table.required_text("arm", problems);
    let subgroup = table.text("subgroup", problems);
    let outcomes = table.texts("outcomes", problems);
    for key in ["events", "n"] {
        if table.get(key).is_none() {
            table.missing(key, problems);
        }
    }
    let events = whole(&mut table, "events", (0.0, 9e15), problems);
    let n = whole(&mut table, "n", (1.0, 9e15), problems);
    let label = table.text("label", problems).map_or_else(String::new, |t| t.value);
    let citation = table.required_text("citation", problems);
    table.finish(problems);
    let (events, n) = (events?, n?);
    if events > n {
        let message = format!("{events} events in {n} people");
        problems.push(Diagnostic::error("observed/events", message).at(span, "more events than people"));
        return None;
    }
    Some(Observed {
        arm: arm?,
        subgroup,
        outcomes,
        events: events as u64,
        n: n as u64,
        label,
        citation: citation?.value,
        span,
    })
}

/// `[[published]]`: what others found, in words.
pub(crate) fn read_published(table: &mut Table, problems: &mut Problems) -> Vec<Published> {
    let tables = table.tables("published", problems);
    tables.into_iter().filter_map(|t| published(t, problems)).collect()
}

fn published(mut table: Table, problems: &mut Problems) -> Option<Published> {
    let who = table.required_text("who", problems);
    let treatment = table.required_text("treatment", problems);
    let finding = table.required_text("finding", problems);
    let citation = table.required_text("citation", problems);
    table.finish(problems);
    Some(Published {
        who: who?.value,
        treatment: treatment?.value,
        finding: finding?.value,
        citation: citation?.value,
    })
}
