//! `hepatica evidence page`: the pages of the book that are made from the ledger.

use std::fmt::Write;
use std::path::Path;

use hepatica_evidence::coverage::{by_document, coverage};
use hepatica_evidence::words::{Kind, Severity, Status, Word};
use hepatica_evidence::{Claim, Ledger, Reference};
use serde_json::json;

use super::entries::place;
use super::power::simulated;
use super::verify::{Outcome, outcomes, shown};
use super::{From, context, load};
use crate::answer::Answer;
use crate::refuse::Error;
use crate::world::World;

/// A page in Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its file name, such as `d1.md`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The source documents: their name in the ledger and what they are.
const DOCUMENTS: [(&str, &str); 5] = [
    ("D0", "a vendor's guide on early research in the liver"),
    ("D1", "a vendor's guide on pharmacology"),
    ("D2", "a vendor's guide on glutathione"),
    ("D3", "an article on magnesium and the liver"),
    ("D4", "a page of answers on acetylcysteine infusions"),
];

/// The sentence on top of every page.
const GENERATED: &str = "Made from `evidence/` by `hepatica evidence page`. For research and teaching only; not a medical device.";

/// The pages, in the order of the book.
///
/// # Errors
/// A ledger or a course with errors; a gap whose power cannot be simulated.
pub fn pages(world: &dyn World, from: &From) -> Result<Vec<Page>, Error> {
    let ledger = load(world, from)?.ledger;
    let outcomes = outcomes(&ledger, &context(world)?);
    let mut pages = Vec::new();
    for ((document, claims), (_, title)) in by_document(&ledger).into_iter().zip(DOCUMENTS) {
        let text = document_page(document, title, &claims, &outcomes);
        pages.push(Page { name: format!("{}.md", document.to_lowercase()), text });
    }
    pages.push(Page { name: "errata.md".into(), text: errata(&ledger) });
    pages.push(Page { name: "checks.md".into(), text: checks(&outcomes) });
    pages.push(Page { name: "gaps.md".into(), text: gaps(&ledger)? });
    pages.push(Page { name: "references.md".into(), text: references(&ledger) });
    Ok(pages)
}

/// Writes the pages into a folder, those that are there are replaced.
///
/// # Errors
/// As [`pages`]; a folder that cannot be written.
pub fn write_pages(world: &dyn World, from: &From, folder: &Path) -> Result<Answer, Error> {
    let pages = pages(world, from)?;
    world.create_folder(folder).map_err(Error::io(folder, "create"))?;
    for page in &pages {
        let path = folder.join(&page.name);
        world.write(&path, page.text.as_bytes()).map_err(Error::io(&path, "write"))?;
    }
    let names: Vec<&str> = pages.iter().map(|p| p.name.as_str()).collect();
    let text = format!("{} pages in {}: {}\n", names.len(), folder.display(), names.join(", "));
    let json = json!({ "schema": "hepatica.evidence.page/1", "folder": folder.display().to_string(), "pages": names });
    Ok(Answer { text, json })
}

/// Text that Markdown leaves as it is; what stands between backticks stays code.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut is_code = false;
    let pairs = text.matches('`').count().is_multiple_of(2);
    for c in text.chars() {
        is_code ^= c == '`' && pairs;
        if is_code || c == '`' && pairs {
            out.push(c);
            continue;
        }
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '*' | '_' | '`' | '[' | ']' | '|' | '$' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

fn document_page(document: &str, title: &str, claims: &[&Claim], outcomes: &[Outcome<'_>]) -> String {
    let counts = Status::ALL.iter().map(|s| (s.word(), claims.iter().filter(|c| c.status == *s).count()));
    let counts: Vec<String> = counts.filter(|(_, n)| *n > 0).map(|(word, n)| format!("{n} {word}")).collect();
    let mut out = format!(
        "# {document}: {title}\n\n{GENERATED}\n\n{} claims, in the order of the document: {}. What stands under *says* is told in our words.\n",
        claims.len(),
        counts.join(", ")
    );
    for claim in claims {
        // Writing to a string cannot fail.
        let _ = claim_entry(&mut out, claim, outcomes);
    }
    out
}

fn claim_entry(out: &mut String, claim: &Claim, outcomes: &[Outcome<'_>]) -> std::fmt::Result {
    let covers: Vec<&str> = claim.covers.iter().map(|c| c.value.as_str()).collect();
    let covers = if covers.is_empty() { String::new() } else { format!("; {}", covers.join(", ")) };
    writeln!(out, "\n### {}\n", claim.id.value)?;
    writeln!(out, "**{}** ({}, {}{covers})\n", claim.status.word(), claim.kind.word(), place(claim))?;
    writeln!(out, "- *Says:* {}", plain(&claim.says))?;
    writeln!(out, "- *Because:* {}", plain(&claim.because))?;
    if !claim.uses.trim().is_empty() {
        writeln!(out, "- *Used here:* {}", plain(&claim.uses))?;
    }
    let references: Vec<String> =
        claim.references.iter().map(|r| format!("[{0}](references.md#{0})", r.value)).collect();
    if !references.is_empty() {
        writeln!(out, "- *Sources:* {}", references.join(", "))?;
    }
    let outcome = claim.check.as_ref().and_then(|id| outcomes.iter().find(|o| o.check.id == id.value));
    if let Some(outcome) = outcome {
        let word = if outcome.problems.is_empty() { "agrees" } else { "FAILS" };
        writeln!(out, "- *Check:* [{0}](checks.md#{0}) {word}", outcome.check.id)?;
    }
    Ok(())
}

fn errata(ledger: &Ledger) -> String {
    let mut out = format!(
        "# Errata of the source documents\n\n{GENERATED}\n\nWhat is wrong, doubtful or misleading in the documents, and what is used instead.\n"
    );
    let items: Vec<_> =
        coverage(ledger, None).into_iter().filter(|i| i.item.id.value.starts_with("E-")).collect();
    let groups = [
        (Some(Severity::High), "They change a decision or a safety limit"),
        (Some(Severity::Medium), "They mislead"),
        (Some(Severity::Low), "Editorial"),
        (None, "Others"),
    ];
    for (severity, heading) in groups {
        let group: Vec<_> = items.iter().filter(|i| i.item.severity == severity).collect();
        if group.is_empty() {
            continue;
        }
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\n## {heading}");
        for item in group {
            let _ = writeln!(out, "\n### {}: {}\n", item.item.id.value, plain(&item.item.title));
            for claim in &item.claims {
                let page = claim.document.to_lowercase();
                let id = &claim.id.value;
                let _ = writeln!(
                    out,
                    "- [{id}]({page}.md#{id}), **{}**: {}",
                    claim.status.word(),
                    plain(&claim.because)
                );
                if !claim.uses.trim().is_empty() {
                    let _ = writeln!(out, "  *Used here:* {}", plain(&claim.uses));
                }
            }
        }
    }
    out
}

fn checks(outcomes: &[Outcome<'_>]) -> String {
    let failed = outcomes.iter().filter(|o| !o.problems.is_empty()).count();
    let mut out = format!(
        "# What arithmetic decides\n\n{GENERATED}\n\n{} checks, {failed} failed. Each computes with the functions of the crate named; a number agrees within half a unit of its last digit.\n",
        outcomes.len()
    );
    for outcome in outcomes {
        let check = outcome.check;
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\n### {}\n\n{} (`{}`).\n", check.id, plain(check.decides), check.owner);
        for problem in &outcome.problems {
            let _ = writeln!(out, "**Fails:** {}\n", plain(problem));
        }
        if !check.inputs.is_empty() {
            let inputs: Vec<String> =
                check.inputs.iter().map(|i| format!("{} {}", plain(i.what), i.value)).collect();
            let _ = writeln!(out, "From: {}.\n", inputs.join("; "));
        }
        let _ = writeln!(out, "| number | printed | computed |\n|---|---|---|");
        for c in &outcome.compared {
            let found = c.found.map_or("nothing".to_string(), |f| hepatica_report::number::significant(f, 6));
            let printed = plain(&shown(c.number.printed, c.number.unit));
            let _ = writeln!(out, "| {} | {printed} | {found} |", plain(c.number.what));
        }
    }
    out
}

fn gaps(ledger: &Ledger) -> Result<String, Error> {
    let mut out = format!(
        "# What is not known\n\n{GENERATED}\n\nEach gap with the study that would close it. Where a command computes how such a study would go, its answer stands below it.\n"
    );
    for gap in &ledger.gaps {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\n### {}\n\n**{}**\n", gap.id.value, plain(&gap.question));
        let _ = writeln!(out, "{}\n\n*Study:* {}", plain(&gap.why), plain(&gap.design));
        if let Some(model) = &gap.model {
            let _ = writeln!(out, "\n*Model:* `{}`", model.value);
        }
        if let Some(power) = &gap.power {
            let _ = writeln!(out, "\n*Simulated:* `{}`", power.value);
            if let Some(table) = simulated(&power.value)? {
                let _ = writeln!(out, "\n{table}");
            }
        }
        let references: Vec<String> =
            gap.references.iter().map(|r| format!("[{0}](references.md#{0})", r.value)).collect();
        if !references.is_empty() {
            let _ = writeln!(out, "\n*Sources:* {}", references.join(", "));
        }
    }
    Ok(out)
}

fn references(ledger: &Ledger) -> String {
    let mut out = format!("# References\n\n{GENERATED}\n\n*Read* says what of a work was at hand.\n");
    let mut sorted: Vec<&Reference> = ledger.references.iter().collect();
    sorted.sort_by(|a, b| a.id.value.cmp(&b.id.value));
    for r in sorted {
        let numbers: Vec<String> = r
            .numbers
            .iter()
            .map(|(registry, number)| match *registry {
                "doi" => format!("[doi {number}](https://doi.org/{number})"),
                "pmid" => format!("[PMID {number}](https://pubmed.ncbi.nlm.nih.gov/{number}/)"),
                "url" => format!("<{number}>"),
                _ => format!("{registry} {number}"),
            })
            .collect();
        let numbers = if numbers.is_empty() { String::new() } else { format!(" {}.", numbers.join(", ")) };
        let kind = r.kind.map_or("", |k| k.word());
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "\n### {}\n\n{}.{numbers} *{kind}; read: {}.*",
            r.id.value,
            plain(&r.citation),
            plain(&r.read)
        );
        if let Some(note) = &r.note {
            let _ = writeln!(out, "{}", plain(note));
        }
        let _ = usage(&mut out, ledger, &r.id.value);
    }
    out
}

/// The claims that rest on a reference; notices and lists of references are left out.
fn usage(out: &mut String, ledger: &Ledger, id: &str) -> std::fmt::Result {
    let rests = |c: &&Claim| c.references.iter().any(|r| r.value == id) && !c.kind.is_boilerplate();
    let claims: Vec<&Claim> = ledger.claims.iter().filter(rests).collect();
    if claims.is_empty() || claims.iter().all(|c| c.kind == Kind::Notice) {
        return Ok(());
    }
    let links = claims.iter().map(|c| format!("[{0}]({1}.md#{0})", c.id.value, c.document.to_lowercase()));
    writeln!(out, "\nClaims: {}", links.collect::<Vec<_>>().join(", "))
}
