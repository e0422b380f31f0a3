//! What came out, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use crate::case::{Outcome, Status};

fn count(outcomes: &[Outcome], status: Status) -> usize {
    outcomes.iter().filter(|o| o.status == status).count()
}

/// `{"total","passed","refused","wrong","cases":[{"id","status","reason"}]}`
pub(crate) fn json(outcomes: &[Outcome]) -> Value {
    let cases: Vec<Value> = outcomes
        .iter()
        .map(|o| json!({ "id": o.id, "status": o.status.word(), "reason": o.reason }))
        .collect();
    json!({
        "schema": "hepatica.conformance/1",
        "total": outcomes.len(),
        "passed": count(outcomes, Status::Passed),
        "refused": count(outcomes, Status::Refused),
        "wrong": count(outcomes, Status::Wrong),
        "cases": cases,
    })
}

/// Every case that does not pass, then the counts of each tag and of all.
pub(crate) fn text(outcomes: &[Outcome]) -> String {
    let mut out = String::new();
    for outcome in outcomes.iter().filter(|o| o.status != Status::Passed) {
        let _ = writeln!(out, "{} {}: {}", outcome.id, outcome.status.word(), outcome.reason);
    }
    let mut tags: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for outcome in outcomes {
        for tag in &outcome.tags {
            tags.entry(tag).or_default()[outcome.status as usize] += 1;
        }
    }
    let _ = writeln!(out, "{:34} {:>6} {:>7} {:>7} {:>6}", "tag", "total", "passed", "refused", "wrong");
    let all = [Status::Passed, Status::Refused, Status::Wrong].map(|status| count(outcomes, status));
    for (tag, counts) in tags.into_iter().chain([("all", all)]) {
        let total: usize = counts.iter().sum();
        let [passed, refused, wrong] = counts;
        let _ = writeln!(out, "{tag:34} {total:>6} {passed:>7} {refused:>7} {wrong:>6}");
    }
    out
}
