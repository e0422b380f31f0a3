//! `hepatica evidence` as people run it.

use serde_json::Value;

use crate::support::{hepatica, page_holds, root};

fn json(arguments: &[&str]) -> (Option<i32>, Value) {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
    let output = hepatica(&arguments);
    let text = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    (output.status.code(), serde_json::from_slice(&text).unwrap())
}

#[test]
fn every_check_agrees_and_every_item_is_covered() {
    let (code, verified) = json(&["evidence", "verify"]);
    assert_eq!((code, &verified["failures"]), (Some(0), &Value::from(0)), "{:#}", verified["results"]);
    assert!(verified["checks"].as_u64().unwrap() >= 35);
    let (code, coverage) = json(&["evidence", "coverage"]);
    assert_eq!(code, Some(0));
    assert_eq!((&coverage["groups"][0]["covered"], &coverage["groups"][0]["of"]), (&63.into(), &63.into()));
    assert_eq!((&coverage["groups"][1]["covered"], &coverage["groups"][1]["of"]), (&43.into(), &43.into()));
}

#[test]
fn a_claim_shows_its_sources_its_check_and_what_uses_it() {
    let (code, shown) = json(&["evidence", "show", "d1-molar-mass"]);
    assert_eq!(code, Some(0));
    assert_eq!(shown["check"]["check"], "mg-nac-molar-mass");
    assert_eq!(shown["check"]["passed"], true);
    assert!(shown["references"].as_array().is_some_and(|r| !r.is_empty()));
    let (_, dart) = json(&["evidence", "show", "dart-2023"]);
    let users = dart["used_by"].as_array().unwrap();
    assert!(users.iter().any(|u| u == "rule us-2023/nomogram"), "{users:?}");
    let (_, item) = json(&["evidence", "show", "E-09"]);
    assert!(item["claims"].as_array().is_some_and(|c| !c.is_empty()));
    let (code, error) = json(&["evidence", "show", "d1-molar-mas"]);
    assert_eq!((code, &error["errors"][0]["code"]), (Some(2), &"evidence/unknown-id".into()));
    assert!(error["errors"][0]["hint"].as_str().unwrap().contains("d1-molar-mass"));
}

#[test]
fn search_knows_synonyms_and_forgives_typing_errors() {
    let ids = |words: &str| {
        let (_, found) = json(&["evidence", "search", words]);
        let mut ids: Vec<String> =
            found["hits"].as_array().unwrap().iter().map(|h| h["claim"]["id"].to_string()).collect();
        // A word with a typing error counts for less, so that the order may differ.
        ids.sort();
        ids
    };
    let found = ids("paracetamol nomogram");
    assert!(!found.is_empty());
    assert_eq!(found, ids("APAP nomogram"));
    assert_eq!(found, ids("APAP nomogramm"));
    assert!(ids("zebra").is_empty());
}

#[test]
fn a_tampered_ledger_fails() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("evidence");
    std::fs::create_dir_all(copy.join("claims")).unwrap();
    for part in ["evidence", "evidence/claims"] {
        for entry in std::fs::read_dir(root().join(part)).unwrap().flatten() {
            if entry.path().extension().is_some_and(|e| e == "toml") {
                let to = folder.path().join(part).join(entry.file_name());
                std::fs::copy(entry.path(), to).unwrap();
            }
        }
    }
    let ledger = copy.display().to_string();
    let verify = || json(&["evidence", "--ledger", &ledger, "verify"]);
    assert_eq!(verify().0, Some(0));
    // The pH of the salt under carbon dioxide, wherever it is stated.
    for entry in std::fs::read_dir(copy.join("claims")).unwrap().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        std::fs::write(entry.path(), text.replace("5.13", "5.31")).unwrap();
    }
    let (code, verified) = verify();
    assert_eq!((code, &verified["failures"]), (Some(1), &1.into()));
    assert_eq!(verified["results"][0]["check"], "synthesis-ph");
    // An id that does not exist is refused with its place.
    let path = copy.join("citations.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\"dart-2006\"", "\"dart-2007\"")).unwrap();
    let (code, error) = verify();
    assert_eq!((code, &error["errors"][0]["code"]), (Some(2), &"evidence/unknown-id".into()));
    assert!(error["errors"][0]["place"]["line"].as_u64().unwrap() > 1);
    assert_eq!(error["errors"][0]["hint"], "did you mean `dart-2006`?");
}

#[test]
fn pages_hold_every_claim() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("pages");
    let (code, _) = json(&["evidence", "page", "--out", &out.display().to_string()]);
    assert_eq!(code, Some(0));
    let text = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
    let documents: String = ["d0.md", "d1.md", "d2.md", "d3.md", "d4.md"].map(text).concat();
    let (_, claims) = json(&["evidence", "list", "claims"]);
    for claim in claims["entries"].as_array().unwrap() {
        let id = claim["id"].as_str().unwrap();
        assert!(documents.contains(&format!("### {id}\n")), "{id}");
    }
    assert!(text("errata.md").contains("### E-01") && text("gaps.md").contains("| per group at the end |"));
}

#[test]
fn answers_carry_ids() {
    let (_, triage) =
        json(&["clinic", "triage", "--jurisdiction", "us", "--pattern", "unknown", "--level", "15 mg/L"]);
    assert_eq!(triage["evidence"], serde_json::json!(["dart-2023"]));
    let (_, indication) = json(&["clinic", "indication", "apap-alf"]);
    assert!(indication.to_string().contains("\"evidence\":[\"keays-1991\"]"));
}

#[test]
fn the_page_is_what_is_printed() {
    page_holds("evidence.md");
}
