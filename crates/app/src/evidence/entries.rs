//! `hepatica evidence list`, `search` and `show`.

use std::fmt::Write;

use hepatica_evidence::search::search as find_claims;
use hepatica_evidence::words::Word;
use hepatica_evidence::{Claim, Ledger, Reference};
use hepatica_report::number::significant;
use hepatica_report::{Cell, Column};
use hepatica_source::nearest;
use serde_json::{Value, json};

use super::checks::{self, Check, Context};
use super::coverage::audience_of;
use super::parameters::{Parameter, parameter_json, parameters};
use super::provenance::{Cited, citations};
use super::verify::{outcome_json, outcomes, shown};
use super::{From, context, load};
use crate::answer::{Answer, NOT_A_DEVICE};
use crate::chem::layout;
use crate::refuse::Error;
use crate::world::World;

/// What to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum What {
    /// Claims of the source documents.
    #[default]
    Claims,
    /// Sources.
    References,
    /// What arithmetic decides.
    Checks,
    /// Constants of the models.
    Parameters,
    /// What is not known.
    Gaps,
    /// Tables of data.
    Datasets,
}

/// Lists the entries of one kind; claims may be narrowed to an audience.
///
/// # Errors
/// A ledger or a model with errors, an unknown audience.
pub fn list(world: &dyn World, from: &From, what: What, audience: Option<&str>) -> Result<Answer, Error> {
    let audience = audience.map(audience_of).transpose()?;
    let ledger = load(world, from)?.ledger;
    let (names, rows, entries): (&[&str], Vec<Vec<String>>, Vec<Value>) = match what {
        What::Claims => {
            let claims: Vec<&Claim> = ledger.claims.iter().filter(|c| c.concerns(audience)).collect();
            (
                &CLAIM_COLUMNS,
                claims.iter().map(|c| claim_row(c)).collect(),
                claims.iter().map(|c| claim_json(c)).collect(),
            )
        }
        What::References => {
            let row = |r: &Reference| {
                vec![r.id.value.clone(), kind_of(r).into(), r.read.clone(), r.citation.clone()]
            };
            let rows = ledger.references.iter().map(row).collect();
            (
                &["Reference", "Kind", "Read", "Citation"],
                rows,
                ledger.references.iter().map(reference_json).collect(),
            )
        }
        What::Checks => {
            let row = |c: &Check| vec![c.id.to_string(), c.owner.to_string(), c.decides.to_string()];
            let entry = |c: &Check| json!({ "id": c.id, "owner": c.owner, "decides": c.decides });
            (
                &["Check", "Crate", "Decides"],
                checks::all().map(row).collect(),
                checks::all().map(entry).collect(),
            )
        }
        What::Parameters => {
            let all = parameters(world)?;
            (
                &["Model", "Constant", "Value", "Unit", "Status", "Evidence"],
                all.iter().map(parameter_row).collect(),
                all.iter().map(parameter_json).collect(),
            )
        }
        What::Gaps => {
            let rows = ledger
                .gaps
                .iter()
                .map(|g| vec![g.id.value.clone(), g.question.clone(), g.design.clone()])
                .collect();
            (
                &["Gap", "Question", "Study that would close it"],
                rows,
                ledger.gaps.iter().map(gap_json).collect(),
            )
        }
        What::Datasets => {
            let row = |d: &hepatica_evidence::Dataset| {
                vec![d.id.value.clone(), d.file.value.clone(), d.licence.clone(), d.quality.clone()]
            };
            (
                &["Dataset", "File", "Licence", "Quality"],
                ledger.datasets.iter().map(row).collect(),
                ledger.datasets.iter().map(dataset_json).collect(),
            )
        }
    };
    let text = format!("{}{} entries\n", table(names, rows), entries.len());
    let json = json!({ "schema": "hepatica.evidence.list/1", "what": what_word(what), "entries": entries });
    Ok(Answer { text, json })
}

fn what_word(what: What) -> &'static str {
    match what {
        What::Claims => "claims",
        What::References => "references",
        What::Checks => "checks",
        What::Parameters => "parameters",
        What::Gaps => "gaps",
        What::Datasets => "datasets",
    }
}

const CLAIM_COLUMNS: [&str; 4] = ["Claim", "Place", "Status", "Says"];

fn claim_row(c: &Claim) -> Vec<String> {
    vec![c.id.value.clone(), place(c), c.status.word().to_string(), c.says.clone()]
}

fn parameter_row(p: &Parameter) -> Vec<String> {
    let value = p.value.map_or(String::new(), |v| significant(v, 6));
    let status = p.status.map_or("", |s| s.word());
    vec![p.model.clone(), p.name.clone(), value, p.unit.clone(), status.into(), p.evidence.join(", ")]
}

fn table(names: &[&str], rows: Vec<Vec<String>>) -> String {
    let columns = names.iter().map(|name| Column::text(*name)).collect();
    layout::table(columns, rows.into_iter().map(|row| row.into_iter().map(Cell::Text).collect()).collect())
}

/// Document and lines, as in `D1:26-27`.
pub(super) fn place(c: &Claim) -> String {
    let lines = c
        .lines
        .iter()
        .map(|l| if l.first == l.last { l.first.to_string() } else { format!("{}-{}", l.first, l.last) });
    format!("{}:{}", c.document, lines.collect::<Vec<_>>().join(","))
}

fn kind_of(r: &Reference) -> &'static str {
    r.kind.map_or("", |k| k.word())
}

/// Finds claims by words, with typing errors and synonyms.
///
/// # Errors
/// A ledger with errors, a question without words, an unknown audience.
pub fn search(world: &dyn World, from: &From, words: &str, audience: Option<&str>) -> Result<Answer, Error> {
    if words.trim().is_empty() {
        return Err(Error::Argument("say what to look for, such as: evidence search molar mass".into()));
    }
    let audience = audience.map(audience_of).transpose()?;
    let ledger = load(world, from)?.ledger;
    let found = find_claims(&ledger, words);
    let hits: Vec<_> = found.hits.iter().filter(|h| h.claim.concerns(audience)).collect();
    let mut text = String::new();
    if hits.is_empty() {
        let _ = writeln!(text, "no claim has any of: {words}");
    } else {
        if found.matched < found.asked {
            let _ =
                writeln!(text, "no claim has all words; these have {} of {}\n", found.matched, found.asked);
        }
        text.push_str(&table(&CLAIM_COLUMNS, hits.iter().map(|h| claim_row(h.claim)).collect()));
        let _ = writeln!(text, "{} of {} claims", hits.len(), ledger.claims.len());
    }
    let json = json!({
        "schema": "hepatica.evidence.search/1",
        "question": words,
        "asked": found.asked,
        "matched": found.matched,
        "hits": hits.iter().map(|h| json!({ "score": h.score, "claim": claim_json(h.claim) })).collect::<Vec<_>>(),
    });
    Ok(Answer { text, json })
}

/// Shows an entry by id: a claim, a reference, a check, a gap, a data set or an item of the checklist.
///
/// # Errors
/// A ledger or a model with errors, an unknown id.
pub fn show(world: &dyn World, from: &From, id: &str) -> Result<Answer, Error> {
    let ledger = load(world, from)?.ledger;
    let context = context(world)?;
    let users = Users { parameters: parameters(world)?, cited: citations(world, &ledger)? };
    if let Some(claim) = ledger.claim(id) {
        return Ok(show_claim(claim, &ledger, &context, &users));
    }
    if let Some(reference) = ledger.reference(id) {
        return Ok(show_reference(reference, &ledger, &users));
    }
    if let Some(check) = checks::find(id) {
        return Ok(show_check(check, &ledger, &context));
    }
    if let Some(item) = ledger.items.iter().find(|i| i.id.value == id) {
        let claims: Vec<&Claim> =
            ledger.claims.iter().filter(|c| c.covers.iter().any(|x| x.value == id)).collect();
        let text = format!(
            "{id}: {}\n\n{}",
            item.title,
            table(&CLAIM_COLUMNS, claims.iter().map(|c| claim_row(c)).collect())
        );
        let json = json!({
            "schema": "hepatica.evidence.show/1", "what": "item", "id": id, "title": item.title,
            "claims": claims.iter().map(|c| claim_json(c)).collect::<Vec<_>>(),
        });
        return Ok(Answer { text, json });
    }
    if let Some(gap) = ledger.gaps.iter().find(|g| g.id.value == id) {
        let text = format!(
            "{id}: {}\n\n{}",
            gap.question,
            layout::facts(&[("why", gap.why.clone()), ("study", gap.design.clone())])
        );
        return Ok(Answer {
            text,
            json: json!({ "schema": "hepatica.evidence.show/1", "what": "gap", "gap": gap_json(gap) }),
        });
    }
    if let Some(data) = ledger.datasets.iter().find(|d| d.id.value == id) {
        let text = format!(
            "{id}: {}\n\n{}",
            data.file.value,
            layout::facts(&[
                ("licence", data.licence.clone()),
                ("quality", data.quality.clone()),
                ("used by", data.used_by.join(", "))
            ])
        );
        return Ok(Answer {
            text,
            json: json!({ "schema": "hepatica.evidence.show/1", "what": "dataset", "dataset": dataset_json(data) }),
        });
    }
    Err(unknown(id, &ledger))
}

fn unknown(id: &str, ledger: &Ledger) -> Error {
    let claims = ledger.claims.iter().map(|c| c.id.value.as_str());
    let references = ledger.references.iter().map(|r| r.id.value.as_str());
    let items = ledger.items.iter().map(|i| i.id.value.as_str());
    let all = claims.chain(references).chain(checks::all().map(|c| c.id)).chain(items);
    let hint = match nearest(id, all) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`hepatica evidence search WORDS` finds claims by words".into(),
    };
    Error::Named { code: "evidence/unknown-id", message: format!("there is no entry `{id}`"), hint }
}

/// What uses the entries.
struct Users {
    parameters: Vec<Parameter>,
    cited: Vec<Cited>,
}

impl Users {
    /// The names of what rests on an id.
    fn of(&self, id: &str) -> Vec<String> {
        let has = |ids: &[String]| ids.iter().any(|e| e == id);
        let constants = self.parameters.iter().filter(|p| has(&p.evidence));
        let mut found: Vec<String> = constants.map(|p| format!("model {}: {}", p.model, p.name)).collect();
        found.extend(self.cited.iter().filter(|c| has(&c.evidence)).map(|c| c.place.clone()));
        found.dedup();
        found
    }
}

fn show_claim(claim: &Claim, ledger: &Ledger, context: &Context, users: &Users) -> Answer {
    let references: Vec<&Reference> =
        claim.references.iter().filter_map(|r| ledger.reference(&r.value)).collect();
    let outcome = claim
        .check
        .as_ref()
        .and_then(|id| outcomes(ledger, context).into_iter().find(|o| o.check.id == id.value));
    let mut using = users.of(&claim.id.value);
    for reference in references.iter().filter(|r| !r.id.value.starts_with("source-")) {
        using.extend(
            users.of(&reference.id.value).into_iter().map(|u| format!("{u} (by {})", reference.id.value)),
        );
    }
    let covers: Vec<&str> = claim.covers.iter().map(|c| c.value.as_str()).collect();
    let mut rows = vec![
        ("says", claim.says.clone()),
        ("status", claim.status.word().to_string()),
        ("because", claim.because.clone()),
        ("uses", claim.uses.clone()),
        ("place", place(claim)),
        ("kind", claim.kind.word().to_string()),
        ("covers", covers.join(", ")),
        ("numbers", claim.numbers.join(", ")),
        ("for", claim.audience.iter().map(|a| a.word()).collect::<Vec<_>>().join(", ")),
        ("entry", format!("{}, {}", claim.review.word(), claim.updated)),
    ];
    rows.retain(|(_, text)| !text.is_empty());
    let mut text = format!("{}\n\n{}", claim.id.value, layout::facts(&rows));
    section(&mut text, "Sources", references.iter().map(|r| source_line(r)));
    if let Some(outcome) = &outcome {
        let lines = outcome.compared.iter().map(|c| {
            let found = c.found.map_or("nothing".to_string(), |f| significant(f, 6));
            let word = if c.agrees() { "agrees" } else { "DIFFERS" };
            format!(
                "{}: {} printed, {found} computed: {word}",
                c.number.what,
                shown(c.number.printed, c.number.unit)
            )
        });
        section(&mut text, &format!("Check {}", outcome.check.id), lines);
    }
    section(&mut text, "Used by", using.iter().cloned());
    text.push_str(&format!("\n{NOT_A_DEVICE}\n"));
    let json = json!({
        "schema": "hepatica.evidence.show/1", "what": "claim", "claim": claim_json(claim),
        "references": references.iter().map(|r| reference_json(r)).collect::<Vec<_>>(),
        "check": outcome.as_ref().map(outcome_json), "used_by": using, "notice": NOT_A_DEVICE,
    });
    Answer { text, json }
}

fn source_line(r: &Reference) -> String {
    let numbers: Vec<String> =
        r.numbers.iter().map(|(registry, number)| format!("{registry} {number}")).collect();
    let numbers = if numbers.is_empty() { String::new() } else { format!("; {}", numbers.join(", ")) };
    format!("{}: {}{numbers} (read: {})", r.id.value, r.citation, r.read)
}

fn show_reference(reference: &Reference, ledger: &Ledger, users: &Users) -> Answer {
    let id = reference.id.value.as_str();
    let claims = ledger.claims.iter().filter(|c| c.references.iter().any(|r| r.value == id));
    let claims: Vec<&str> = claims.map(|c| c.id.value.as_str()).collect();
    let using = users.of(id);
    let mut text = format!("{id}\n\n{}\n", source_line(reference));
    if let Some(note) = &reference.note {
        let _ = writeln!(text, "{note}");
    }
    section(&mut text, "Claims", claims.iter().map(|c| (*c).to_string()));
    section(&mut text, "Used by", using.iter().cloned());
    let json = json!({
        "schema": "hepatica.evidence.show/1", "what": "reference", "reference": reference_json(reference),
        "claims": claims, "used_by": using,
    });
    Answer { text, json }
}

fn show_check(check: &'static Check, ledger: &Ledger, context: &Context) -> Answer {
    let Some(outcome) = outcomes(ledger, context).into_iter().find(|o| o.check.id == check.id) else {
        return Answer { text: String::new(), json: Value::Null };
    };
    let mut text = format!("{}: {} (crate {})\n", check.id, check.decides, check.owner);
    section(&mut text, "Inputs", check.inputs.iter().map(|i| format!("{}: {}", i.what, i.value)));
    let lines = outcome.compared.iter().map(|c| {
        let found = c.found.map_or("nothing".to_string(), |f| significant(f, 6));
        let word = if c.agrees() { "agrees" } else { "DIFFERS" };
        format!(
            "{}: {} printed, {found} computed: {word}",
            c.number.what,
            shown(c.number.printed, c.number.unit)
        )
    });
    section(&mut text, "Numbers", lines);
    section(&mut text, "Problems", outcome.problems.iter().cloned());
    section(&mut text, "Claims", outcome.claims.iter().map(|c| c.id.value.clone()));
    let json =
        json!({ "schema": "hepatica.evidence.show/1", "what": "check", "check": outcome_json(&outcome) });
    Answer { text, json }
}

/// A heading and its lines; nothing without lines.
fn section(out: &mut String, heading: &str, lines: impl Iterator<Item = String>) {
    for (k, line) in lines.enumerate() {
        if k == 0 {
            let _ = writeln!(out, "\n{heading}");
        }
        let _ = writeln!(out, "  - {line}");
    }
}

fn claim_json(c: &Claim) -> Value {
    json!({
        "id": c.id.value, "document": c.document,
        "lines": c.lines.iter().map(|l| [l.first, l.last]).collect::<Vec<_>>(),
        "covers": c.covers.iter().map(|x| x.value.clone()).collect::<Vec<_>>(),
        "says": c.says, "numbers": c.numbers, "kind": c.kind.word(), "status": c.status.word(),
        "because": c.because, "uses": c.uses,
        "references": c.references.iter().map(|r| r.value.clone()).collect::<Vec<_>>(),
        "check": c.check.as_ref().map(|x| x.value.clone()),
        "audience": c.audience.iter().map(|a| a.word()).collect::<Vec<_>>(),
        "review": c.review.word(), "updated": c.updated,
    })
}

fn reference_json(r: &Reference) -> Value {
    let mut entry =
        json!({ "id": r.id.value, "citation": r.citation, "kind": r.kind.map(|k| k.word()), "read": r.read });
    for (registry, number) in &r.numbers {
        entry[*registry] = json!(number);
    }
    if let Some(note) = &r.note {
        entry["note"] = json!(note);
    }
    entry
}

fn gap_json(g: &hepatica_evidence::Gap) -> Value {
    json!({
        "id": g.id.value, "question": g.question, "why": g.why, "design": g.design,
        "model": g.model.as_ref().map(|m| m.value.clone()), "power": g.power.as_ref().map(|p| p.value.clone()),
        "references": g.references.iter().map(|r| r.value.clone()).collect::<Vec<_>>(),
    })
}

fn dataset_json(d: &hepatica_evidence::Dataset) -> Value {
    json!({
        "id": d.id.value, "file": d.file.value, "licence": d.licence, "quality": d.quality,
        "references": d.references.iter().map(|r| r.value.clone()).collect::<Vec<_>>(), "used_by": d.used_by,
    })
}
