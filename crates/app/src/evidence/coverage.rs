//! `hepatica evidence coverage`: what the claims answer for.

use std::fmt::Write;

use hepatica_evidence::coverage::{Count, Covered, count, coverage as covered};
use hepatica_evidence::words::{Audience, Status, Word};
use hepatica_report::{Cell, Column};
use serde_json::{Value, json};

use super::{From, load};
use crate::answer::Answer;
use crate::chem::layout;
use crate::refuse::Error;
use crate::world::World;

/// Groups of items: what their ids start with, and what they are.
const GROUPS: [(&str, &str); 2] = [("F", "items of the source documents"), ("E", "errata")];

/// Counts the items that have a claim, for one audience or all; the second is how many have none.
///
/// # Errors
/// A ledger with errors, an unknown audience.
pub fn coverage(world: &dyn World, from: &From, audience: Option<&str>) -> Result<(Answer, usize), Error> {
    let audience = audience.map(audience_of).transpose()?;
    let loaded = load(world, from)?;
    let items = covered(&loaded.ledger, audience);
    let open = items.iter().filter(|i| i.claims.is_empty()).count();
    Ok((Answer { text: text(&items), json: json_of(&items, audience) }, open))
}

pub(super) fn audience_of(word: &str) -> Result<Audience, Error> {
    let known = || Audience::ALL.iter().map(|a| a.word()).collect::<Vec<_>>().join(", ");
    Audience::from_word(word).ok_or_else(|| Error::Argument(format!("`{word}` is no audience: {}", known())))
}

fn percent(count: Count) -> f64 {
    if count.of == 0 { 0.0 } else { 100.0 * count.covered as f64 / count.of as f64 }
}

fn text(items: &[Covered<'_>]) -> String {
    let mut out = String::new();
    for (prefix, what) in GROUPS {
        let count = count(items, prefix);
        // Writing to a string cannot fail.
        let _ =
            writeln!(out, "{} of {} {what} have a claim ({:.0} %)", count.covered, count.of, percent(count));
    }
    let columns =
        vec![Column::text("Item"), Column::text("What"), Column::text("Claims"), Column::text("Status")];
    let rows = items.iter().map(|i| {
        let ids: Vec<&str> = i.claims.iter().map(|c| c.id.value.as_str()).collect();
        let claims = if ids.is_empty() { "NONE".to_string() } else { ids.join(" ") };
        [i.item.id.value.clone(), i.item.title.clone(), claims, statuses(i)]
            .into_iter()
            .map(Cell::Text)
            .collect()
    });
    let _ = write!(out, "\n{}", layout::table(columns, rows.collect()));
    out
}

/// The statuses of an item's claims, each once with its number.
fn statuses(item: &Covered<'_>) -> String {
    let counts =
        Status::ALL.iter().map(|s| (s.word(), item.claims.iter().filter(|c| c.status == *s).count()));
    counts.filter(|(_, n)| *n > 0).map(|(word, n)| format!("{n} {word}")).collect::<Vec<_>>().join(", ")
}

fn json_of(items: &[Covered<'_>], audience: Option<Audience>) -> Value {
    let groups = GROUPS.map(|(prefix, what)| {
        let count = count(items, prefix);
        json!({ "prefix": prefix, "what": what, "covered": count.covered, "of": count.of })
    });
    let rows = items.iter().map(|i| {
        json!({
            "item": i.item.id.value, "title": i.item.title, "covered": !i.claims.is_empty(),
            "claims": i.claims.iter().map(|c| json!({ "id": c.id.value, "status": c.status.word() })).collect::<Vec<_>>(),
        })
    });
    json!({
        "schema": "hepatica.evidence.coverage/1",
        "audience": audience.map(|a| a.word()),
        "groups": groups,
        "items": rows.collect::<Vec<_>>(),
    })
}
