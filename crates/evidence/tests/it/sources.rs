//! The source documents: every numeral and every recommendation is answered for, and no sentence is copied.

use std::collections::BTreeSet;

use hepatica_evidence::document::{numerals, numerals_of, recommendations};
use hepatica_evidence::overlap::Runs;

use super::support::{documents, files, ledger, root, skipped};

#[test]
fn every_numeral_is_accounted_for() {
    let Some(documents) = documents() else { return skipped("the source documents") };
    let (ledger, ..) = ledger();
    let mut open = Vec::new();
    for (name, text) in &documents {
        let claims: Vec<_> = ledger.claims.iter().filter(|c| c.document == *name).collect();
        for numeral in numerals(text) {
            let accounts = |c: &&hepatica_evidence::Claim| {
                let has = |n: &String| n == "*" || numerals_of(n).contains(&numeral.text);
                c.lines.iter().any(|l| l.has(numeral.line)) && c.numbers.iter().any(has)
            };
            if !claims.iter().any(accounts) {
                open.push(format!("{name}:{} {}", numeral.line, numeral.text));
            }
        }
    }
    assert!(open.is_empty(), "{} numerals without a claim:\n{}", open.len(), open.join("\n"));
}

#[test]
fn every_recommendation_is_answered() {
    let Some(documents) = documents() else { return skipped("the source documents") };
    let (ledger, ..) = ledger();
    let mut open = Vec::new();
    let mut found = 0;
    for (name, text) in &documents {
        for sentence in recommendations(text) {
            found += 1;
            let claims = || ledger.claims.iter().filter(|c| c.document == *name);
            let is_blank =
                |line: u32| text.lines().nth(line as usize - 1).is_none_or(|l| l.trim().is_empty());
            let answered = |line| is_blank(line) || claims().any(|c| c.lines.iter().any(|l| l.has(line)));
            if !(sentence.lines.first..=sentence.lines.last).all(answered) {
                open.push(format!(
                    "{name}:{}-{} {}",
                    sentence.lines.first, sentence.lines.last, sentence.text
                ));
            }
        }
    }
    assert!(found > 30, "{found}");
    assert!(open.is_empty(), "{} recommendations without a claim:\n{}", open.len(), open.join("\n"));
}

/// Claims do not point past the end of their document.
#[test]
fn lines_of_claims_exist() {
    let Some(documents) = documents() else { return skipped("the source documents") };
    let (ledger, ..) = ledger();
    for (name, text) in &documents {
        let last = text.lines().count() as u32;
        for claim in ledger.claims.iter().filter(|c| c.document == *name) {
            assert!(claim.lines.iter().all(|l| l.last <= last), "{} ends at {last}", claim.id.value);
        }
    }
}

/// A claim does not account for numbers that its lines do not have.
#[test]
fn numbers_of_claims_stand_in_their_lines() {
    let Some(documents) = documents() else { return skipped("the source documents") };
    let (ledger, ..) = ledger();
    let mut wrong = Vec::new();
    for (name, text) in &documents {
        for claim in ledger.claims.iter().filter(|c| c.document == *name) {
            let lines =
                text.lines().enumerate().filter(|(k, _)| claim.lines.iter().any(|l| l.has(*k as u32 + 1)));
            let lines: String = lines.map(|(_, l)| format!("{l}\n")).collect();
            let there: BTreeSet<String> = digits(&lines);
            let missing = claim.numbers.iter().flat_map(|n| digits(n)).filter(|n| !there.contains(n));
            wrong.extend(missing.map(|n| format!("{}: {n}", claim.id.value)));
        }
    }
    assert!(wrong.is_empty(), "{} numbers do not stand in the lines:\n{}", wrong.len(), wrong.join("\n"));
}

/// Runs of digits, wherever they stand: claims may also list digits of names.
fn digits(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|d| !d.is_empty()).map(String::from).collect()
}

#[test]
fn no_run_of_nine_words_is_copied() {
    let Some(documents) = documents() else { return skipped("the source documents") };
    let runs = Runs::of(documents.iter().map(|(_, text)| text.as_str()), 9);
    let mut copied = Vec::new();
    for path in files("") {
        // What is no text is no copy of text.
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        if text.len() > 4 << 20 {
            continue;
        }
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        copied.extend(runs.in_text(&text).into_iter().map(|r| format!("{name}:{}: {}", r.line, r.words)));
    }
    assert!(copied.is_empty(), "{} runs of nine words are copied:\n{}", copied.len(), copied.join("\n"));
}
